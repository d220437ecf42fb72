package standard

import "slices"

// Things that are counted beside an offering that says nothing of them.

// apart adds to the offerings that are named the things that are counted beside them,
// and of which none of them says anything: "500 certified copies and 20,000 names
// watched" is no word about the names of certified copies.
func (r *reader) apart(heads []int) []int {
	titles := slices.Clone(heads)
	for _, f := range r.found {
		if len(titles) > 0 && r.countedApart(f, titles) {
			heads = append(heads, f.from)
		}
	}
	slices.Sort(heads)
	return heads
}

// countedApart reports whether a figure counts what no offering of those that are named
// says anything of.
func (r *reader) countedApart(f *amount, titles []int) bool {
	dim := r.apartIn(f)
	return dim >= 0 && !r.items[f.from].blocked && !slices.ContainsFunc(titles, func(at int) bool {
		it := &r.items[at]
		return it.value == "" || r.lx.offering(it.value).states[dim] || it.amount == f
	})
}

// apartIn is the dimension that is named with a figure, so that the figure can be a need
// of its own beside an offering that says nothing of it; -1 for none.
func (r *reader) apartIn(f *amount) int {
	if dim := r.countedIn(f); dim >= 0 {
		return dim
	}
	if dim := r.timed(f); dim >= 0 && r.lx.oneStates(dim) {
		return dim
	}
	return -1
}

// oneStates reports whether one offering alone says anything of the dimension: the notice
// of an alert is of no other one, and a turnaround of many.
func (lx *Lexicon) oneStates(dim int) bool {
	n := 0
	for _, o := range lx.offerings {
		if o.states[dim] && !o.IsAddOn() {
			n++
		}
	}
	return n == 1
}

// countedIn is the dimension that counts the things of a figure, by their name or by
// what names the dimension right beside it; -1 for none.
func (r *reader) countedIn(f *amount) int {
	if f == nil || f.bad || f.number == nil || f.family != countFigure && f.family != bareFigure {
		return -1
	}
	return slices.IndexFunc(r.dims(), func(d Dimension) bool {
		names := func(at int) bool { return r.items[at].kind == cueWord && r.dims()[r.items[at].dim].Name == d.Name }
		return counts(d.Unit) && (d.Unit == f.unit || f.family == bareFigure &&
			(f.to < len(r.items) && r.items[f.to].brk == joined && names(f.to) || f.from > 0 && r.items[f.from].brk == joined && names(f.from-1)))
	})
}

// counts reports whether a part is about what is counted apart from the offerings.
func (d *division) counts(p piece) bool {
	return d.named && d.items[p.head].kind != titleWord
}

// couldTake reports whether a time without a name, behind a comma of its own, could be
// that of another part, of which none is said: "500 copies a month and 20,000 names, 24h".
func (d *division) couldTake(f *amount, place, but int) bool {
	from, _ := d.segment(place)
	if f == nil || f.family != timeFigure || f.labelled || from <= d.pieces[but].last {
		return false
	}
	for _, dim := range d.dims() {
		if isTime(dim.Unit) && d.said(dim.Name, but) {
			return false
		}
	}
	return slices.ContainsFunc(d.dims(), func(dim Dimension) bool { return isTime(dim.Unit) && d.couldBe(dim.Name, but) })
}

// once reads a number of what is ordered, and no word of how often, as that of one month,
// which is the most it can be: "30 certified copies in 3 business days".
func (r *reader) once() {
	monthly := slices.IndexFunc(r.dims(), func(d Dimension) bool { return d.Kind == NoLessThan && d.Unit == "per month" })
	if monthly < 0 || slices.ContainsFunc(r.items, func(it item) bool { return it.kind == rateWord }) {
		return // "500 copies and searches a month": which of them is it said of?
	}
	for _, f := range r.found {
		if f.family != bareFigure || f.labelled || f.bad || f.number == nil || !f.number.IsInt() || f.from > 0 && r.items[f.from-1].kind == orderWord {
			continue
		}
		at := f.to
		for r.is(at, valueWord) || r.is(at, fillWord) && r.text(at) == "of" {
			at++
		}
		if r.is(at, titleWord) && r.items[at].value != "" && r.lx.offering(r.items[at].value).states[monthly] {
			f.family, f.unit, f.held = rateFigure, "per month", HeldOnce
		}
	}
}
