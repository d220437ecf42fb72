package standard

import (
	"slices"
	"strings"
)

// A sentence that says two things of two offerings, or of two values of a set, is a need
// in parts: "500 certified copies and 300 records searches a month", "in-state in 8 hours,
// nationwide in 24". It is divided where it is plain what belongs to which. What could
// belong to one part or to all is read in none.

// A piece is the part of a sentence that is about one head, items[from:to].
type piece struct {
	from, to   int
	head, last int // the first and the last item that it is about
}

// divided reads a sentence, in parts where it has them.
func (lx *Lexicon) divided(text string) []Reading {
	r := lx.reader(text)
	if r == nil {
		return []Reading{lx.Read(text)}
	}
	r.share()
	r.scopes()
	pieces, named := r.pieces()
	if len(pieces) < 2 {
		return []Reading{lx.Read(text)}
	}
	subs := make([]*reader, len(pieces))
	list := make([]Reading, len(pieces))
	for i, p := range pieces {
		subs[i] = r.sub(p)
		list[i] = subs[i].rest()
	}
	d := division{r, pieces, named, subs, list}
	if d.settle(); !d.needed() {
		return []Reading{lx.Read(text)}
	}
	return lx.rejoined(d.list)
}

// rejoined puts together what was said of the same offerings in several places, as long
// as it is of different dimensions: apart, each could be inside where no tier holds both.
func (lx *Lexicon) rejoined(list []Reading) (parts []Reading) {
	for _, one := range list {
		at := slices.IndexFunc(parts, func(before Reading) bool {
			return len(one.Only) > 0 && slices.Equal(before.Only, one.Only) && !slices.ContainsFunc(lx.dims, func(d Dimension) bool {
				return !before.Need[d.Name].IsZero() && !one.Need[d.Name].IsZero()
			})
		})
		if at < 0 {
			parts = append(parts, one)
		} else {
			parts[at] = lx.both(parts[at], one)
		}
	}
	return parts
}

// share gives a rate that stands once at the end of a list to all that is counted in
// it: "500 certified copies and 300 records searches a month".
func (r *reader) share() {
	for n := len(r.found) - 2; n >= 0; n-- {
		a, b := r.found[n], r.found[n+1]
		unread := a.bad && !(a.number == nil && a.german != nil && b.inGerman) // "1.500 Kopien und 2.000 Auskünfte im Monat"
		if a.family != bareFigure || unread || b.family != rateFigure || b.unit == "" {
			continue
		}
		end := a.to
		for end < b.from && r.items[end].brk == joined && r.items[end].kind != andWord {
			end++
		}
		r.nameCounted(a.to, end)
		if !r.is(end-1, valueWord) && !r.is(end-1, titleWord) || end == a.to || !r.onceMore(a.to, r.compared(b.from)) {
			continue
		}
		a.family, a.unit, a.to = rateFigure, b.unit, end
		if b.inGerman {
			a.number, a.inGerman, a.bad = a.german, true, a.german == nil
		}
		for i := a.from; i < end; i++ {
			r.items[i].amount = a
		}
	}
}

// compared is where the comparison before an item begins: "… and up to 300".
func (r *reader) compared(at int) int {
	for at > 0 && r.items[at].brk == joined && slices.Contains([]wordKind{upperWord, lowerWord, overWord, softWord}, r.items[at-1].kind) {
		at--
	}
	return at
}

// pieces are the parts of the sentence; fewer than two where it has none. named says
// that they are about offerings.
func (r *reader) pieces() (list []piece, named bool) {
	heads := r.apart(r.heads(noDimension))
	if list = r.cutAt(heads, true); len(list) > 1 {
		return list, true
	}
	if len(heads) > 1 {
		return nil, false
	}
	for i, d := range r.dims() {
		if d.Kind == AllOf && r.lx.tiered(d.Name) {
			if list = r.cutAt(r.heads(i), false); len(list) > 1 {
				return list, false
			}
		}
	}
	return nil, false
}

// tiered reports whether an offering has the set tier by tier, so that other figures go
// with its values: 8 hours with in-state, 24 with nationwide. A logo has no hours.
func (lx *Lexicon) tiered(set string) bool {
	return slices.ContainsFunc(lx.offerings, func(o *namedOffering) bool {
		return len(o.Tiers) > 1 && slices.ContainsFunc(o.Tiers, func(t Tier) bool { return t.Figures[set] != nil })
	})
}

// heads are the items that name an offering, or a value of the dimension.
func (r *reader) heads(dim int) (list []int) {
	for i := range r.items {
		if it := &r.items[i]; it.names() && it.dim == dim && !r.describes(i) && !it.blocked {
			list = append(list, i)
		}
	}
	return list
}

// cutAt cuts the sentence between heads. Every part must have a figure; of offerings the
// last one needs none, because a figure before it is not its own, and neither does one
// before what is counted apart.
func (r *reader) cutAt(heads []int, named bool) (list []piece) {
	if len(heads) < 2 {
		return nil
	}
	now := piece{from: 0, head: heads[0], last: heads[0]}
	for _, next := range heads[1:] {
		cut, ok := r.cutBetween(now, next)
		if !ok {
			return nil
		}
		if cut > 0 {
			now.to = cut
			list = append(list, now)
			now = piece{from: cut, head: next}
		}
		now.last = next
	}
	now.to = len(r.items)
	list = append(list, now)
	for i, p := range list {
		if !r.hasAmount(p.from, p.to) && !(named && (i == len(list)-1 || r.items[list[i+1].head].amount != nil)) || !named && p.head != p.last {
			return nil
		}
	}
	return list
}

func (r *reader) hasAmount(from, to int) bool {
	return slices.ContainsFunc(r.items[from:to], func(it item) bool { return it.amount != nil })
}

// cutBetween is where the part of a head ends before the next head: at the last point,
// or else at the last comma or "and". 0 is nowhere, because nothing separates the two.
// It is not ok where what stands between could belong to either.
func (r *reader) cutBetween(now piece, next int) (cut int, ok bool) {
	first, last := 0, 0
	for i := now.last + 1; i <= next; i++ {
		it := &r.items[i]
		inside := it.amount != nil && i > it.amount.from
		switch {
		case it.brk == stop:
			first, last = i, i
		case !inside && (it.brk == comma || it.brk == colon && i > now.last+1 || it.kind == andWord || it.kind == butWord):
			if last = i; first == 0 {
				first = i
			}
		}
	}
	if last > 0 && r.items[last].kind != andWord && last-1 > now.last && r.items[last-1].kind == andWord && r.items[last].brk == comma {
		last-- // "…, and, for …"
	}
	if _, _, between := r.contents(first, last); !between || r.items[first].brk == stop {
		return last, true
	}
	segment, _ := r.segment(now.head)
	_, _, before := r.contents(now.from, segment)
	return last, r.items[last].brk == comma && !before
}

// sub is a reader of one part.
func (r *reader) sub(p piece) *reader {
	s := &reader{lx: r.lx, source: r.source, tokens: r.tokens, items: slices.Clone(r.items[p.from:p.to])}
	s.items[0].brk = stop
	for _, f := range r.found {
		if f.from < p.from || f.to > p.to {
			continue
		}
		one := *f
		one.from, one.to = f.from-p.from, f.to-p.from
		for i := one.from; i < one.to; i++ {
			s.items[i].amount = &one
		}
		s.found = append(s.found, &one)
	}
	return s
}

// A division is the parts of a sentence with what was read of each.
type division struct {
	*reader
	pieces []piece
	named  bool
	subs   []*reader
	list   []Reading
}

// settle gives to all parts what is said of all, and leaves unread what could be said
// of one or of all: what stands before the first head or behind the last, and no other
// part has the like.
func (d *division) settle() {
	var all []Found
	for _, at := range []int{0, len(d.list) - 1} {
		p, s := d.pieces[at], d.subs[at]
		var doubtful [][2]int
		for i, f := range d.list[at].Found {
			place := s.places[i] + p.from
			outer := at == 0 && place < p.head && !d.within(place, p.head) || at > 0 && place > p.last && !d.within(p.head, place)
			if f.Offering != "" {
				if !d.named {
					all = append(all, f)
				}
				continue
			}
			if !outer || d.said(f.Dimension, at) || !d.couldBe(f.Dimension, at) && !d.couldTake(s.of[i], place, at) {
				continue
			}
			if f.Value.Number == nil && d.ofAll(place, p) {
				all = append(all, f)
			} else if s.of[i] != nil {
				doubtful = append(doubtful, [2]int{s.places[i], s.of[i].to})
			} else {
				doubtful = append(doubtful, [2]int{s.places[i], s.endOf(s.places[i])})
			}
		}
		if len(doubtful) > 0 {
			d.again(at, doubtful)
		}
	}
	for _, f := range all {
		d.give(f)
	}
}

// needed reports whether the parts say what the sentence as a whole can't: a figure is
// one part's own, and they are not all about the same without contradiction.
func (d *division) needed() bool {
	if slices.ContainsFunc(d.pieces, d.counts) {
		return true
	}
	own, differ, same := false, false, true
	numbers := Need{}
	for i, one := range d.list {
		for name, v := range one.Need {
			if v.Number == nil {
				continue
			}
			before, twice := numbers[name]
			own, differ = own || i < len(d.list)-1, differ || twice && !before.Equal(v)
			numbers[name] = v
		}
		same = same && slices.Equal(one.Only, d.list[0].Only)
	}
	return differ || d.named && own && !same
}

// within reports whether two items are part of one figure.
func (d *division) within(a, b int) bool {
	f := d.items[a].amount
	return f != nil && f == d.items[b].amount
}

// said reports whether another part has the dimension.
func (d *division) said(dimension string, but int) bool {
	for i, one := range d.list {
		if _, there := one.Need[dimension]; there && i != but {
			return true
		}
	}
	return false
}

// couldBe reports whether the dimension could be said of another part: one about an
// offering that has it.
func (d *division) couldBe(dimension string, but int) bool {
	if !d.named {
		return true
	}
	dim := slices.IndexFunc(d.dims(), func(one Dimension) bool { return one.Name == dimension })
	for i, p := range d.pieces {
		if i != but && slices.ContainsFunc(d.items[p.head:p.last+1], func(it item) bool {
			if counted := d.apartIn(it.amount); counted >= 0 {
				return slices.ContainsFunc(d.lx.offerings, func(o *namedOffering) bool { return o.states[counted] && o.states[dim] })
			}
			return it.kind == titleWord && it.value != "" && d.lx.offering(it.value).states[dim]
		}) {
			return true
		}
	}
	return false
}

// ofAll reports whether a value is said of all parts: it stands behind a comma of its
// own, and of offerings with "both" or the like before it.
func (d *division) ofAll(place int, p piece) bool {
	from, to := d.segment(place)
	if from <= p.head && p.head < to || place > p.head && !strings.Contains(d.tokens[d.items[from].from].gap, ",") {
		return false
	}
	return !d.named || d.says(from, place, "both", "each", "all", "beide", "alle", "jeweils")
}

// again reads a part once more, without some of its items.
func (d *division) again(at int, without [][2]int) {
	s := d.reader.sub(d.pieces[at])
	for _, w := range without {
		s.block(w[0], w[1])
		if f := s.items[w[1]-1].amount; f != nil {
			f.bad = true
		}
	}
	d.subs[at], d.list[at] = s, s.rest()
}

// give adds what is said of all parts to those that don't have it.
func (d *division) give(f Found) {
	for i := range d.list {
		one := &d.list[i]
		if slices.ContainsFunc(one.Found, func(has Found) bool {
			return has.Text == f.Text && has.Dimension == f.Dimension && has.Offering == f.Offering
		}) {
			continue
		}
		one.Found = append(one.Found, f)
		if f.Offering != "" {
			one.Only = d.lx.ordered(append(one.Only, f.Offering))
			continue
		}
		dim := d.dims()[slices.IndexFunc(d.dims(), func(dim Dimension) bool { return dim.Name == f.Dimension })]
		one.Need[f.Dimension] = dim.union(one.Need[f.Dimension], f.Value)
	}
}
