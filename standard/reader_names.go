package standard

import (
	"slices"
	"unicode"
)

// Values of sets and offerings: which of them are asked for, and what an offering that
// is named says of the figures beside it.

// offered finds the offerings that may be meant, before figures are given dimensions.
func (r *reader) offered() {
	for i := range r.items {
		if it := &r.items[i]; it.kind == titleWord && !r.describes(i) && !it.blocked {
			r.named = append(r.named, it.value)
		}
	}
}

// stated are the dimensions of which an offering that is named says something, in
// their order; where none is named, one that says something of all other figures.
func (r *reader) stated() (dims []int) {
	var meant []*namedOffering
	for _, o := range r.lx.offerings {
		if len(r.named) > 0 && slices.Contains(r.named, o.ID) || len(r.named) == 0 && r.statesFigures(o) {
			meant = append(meant, o)
		}
	}
	for i := range r.dims() {
		if slices.ContainsFunc(meant, func(o *namedOffering) bool { return o.states[i] }) {
			dims = append(dims, i)
		}
	}
	return dims
}

// statesFigures reports whether the offering says something of all figures but times.
func (r *reader) statesFigures(o *namedOffering) bool {
	some := false
	for _, f := range r.found {
		if f.bad || f.dim < 0 || f.family == timeFigure {
			continue
		}
		if some = true; !o.states[f.dim] {
			return false
		}
	}
	return some
}

// only is the dimension of a figure beside which none is named, -1 where there is
// none, or more than one. It is one of what is named, or of what else is asked for: 24
// hours of an alert are no turnaround.
func (r *reader) only(f *amount) int {
	if f.family == bareFigure {
		return -1
	}
	var fitting, theirs []int
	stated := r.stated()
	for i := range r.dims() {
		if r.fits(f, i) {
			fitting = append(fitting, i)
			if slices.Contains(stated, i) {
				theirs = append(theirs, i)
			}
		}
	}
	if len(theirs) > 0 {
		fitting = theirs
	}
	if len(fitting) == 1 || len(fitting) > 1 && f.family == timeFigure {
		return fitting[0]
	}
	return -1
}

// hyphened reports whether a hyphen joins an item with the one before it, of which
// one is not known: the two are another word then. A German noun goes on with what is
// meant, "API-Zugang".
func (r *reader) hyphened(i int) bool {
	if i == 0 || i >= len(r.items) || r.tokens[r.items[i].from].gap != "-" {
		return false
	}
	at := r.tokens[r.items[i].from].from
	noun := unicode.IsUpper([]rune(r.source[at:r.tokens[r.items[i].from].to])[0])
	return r.items[i-1].kind == unknownWord || (r.items[i].kind == unknownWord || r.items[i].kind == softWord) && !noun
}

// describes blocks a value or an offering that says something of somebody or of
// another thing, and reports whether it does.
func (r *reader) describes(i int) bool {
	who := i + 1
	for who <= i+2 && r.is(who, unknownWord) { // an international shipping company
		who++
	}
	if r.is(who, whoWord) {
		r.block(i, who+1)
		return true
	}
	if r.is(i, valueWord) && r.is(i-1, fillWord) && r.lx.tiered(r.dims()[r.items[i].dim].Name) && i > 1 && r.items[i-2].kind == whoWord && places[r.text(i-1)] {
		r.block(i-2, i+1) // a lender in Ohio
		return true
	}
	if r.hyphened(i) || r.hyphened(i+1) { // logo-free
		r.items[i].blocked = true
		return true
	}
	return false
}

// findValues adds the values of sets and the offerings that are read: those that are
// nowhere refused, doubted, or said of the customer.
func (r *reader) findValues(reading *Reading) {
	type one struct {
		dim   int
		value string
	}
	refused := map[one]bool{}
	for i := range r.items {
		if it := &r.items[i]; it.names() && !r.describes(i) && it.blocked {
			refused[one{it.dim, it.value}] = true
		}
	}
	for i := range r.items {
		it := &r.items[i]
		if !it.names() || it.blocked && !it.read || refused[one{it.dim, it.value}] {
			continue
		}
		if it.kind == titleWord {
			it.read = true
			reading.Only = append(reading.Only, it.value)
			r.add(reading, Found{Offering: it.value, Text: r.cut(i, i+1)}, i, nil)
			continue
		}
		d := r.dims()[it.dim]
		v, err := ParseSet(d, []string{it.value})
		if err != nil {
			continue
		}
		it.read = true
		reading.Need[d.Name] = d.union(reading.Need[d.Name], v)
		r.add(reading, Found{Dimension: d.Name, Value: v, Text: r.cut(i, i+1)}, i, nil)
	}
}
