package standard

import (
	"slices"
	"strings"
)

// What makes a figure or a value no ask: a range, an alternative, a refusal.

// block marks items that are no ask; all of their words stay unread.
func (r *reader) block(from, to int) {
	for i := from; i < to; i++ {
		r.items[i].blocked = true
	}
}

// ranges blocks two figures of which one is the beginning and the other the end.
func (r *reader) ranges() {
	for n := 0; n+1 < len(r.found); n++ {
		a, b := r.found[n], r.found[n+1]
		between := r.items[a.to:b.from]
		dashed := len(between) == 0 && strings.ContainsAny(r.tokens[r.items[b.from].from].gap, "-–—")
		to := len(between) == 1 && (between[0].kind == toWord || between[0].text == "to") && r.items[b.from].brk == joined
		if (dashed || to) && (a.family == bareFigure || a.family == b.family || b.family == bareFigure) {
			r.block(a.from, b.to)
		}
		and := len(between) == 1 && between[0].kind == andWord && r.items[b.from].brk == joined // 24 and 48 hours
		if and && a.family == bareFigure && b.family == timeFigure {
			r.block(a.from, b.to)
		}
		apart := r.is(a.to, titleWord) && r.countedApart(b, []int{a.to}) // 500 certified copies and 20,000 names
		if a.family == bareFigure && (b.family == rateFigure || b.family == countFigure) && (r.is(a.to, valueWord) || r.is(a.to, titleWord)) && r.onceMore(a.to, b.from) && !apart {
			r.block(a.from, b.to) // 500 in-state and 300 nationwide a month
		}
		if r.listedWith(a, b) {
			r.block(a.from, b.to)
		}
		if a.from > 0 && r.items[a.from-1].kind == betweenWord {
			r.block(a.from-1, b.to)
		}
	}
}

// listedWith reports whether a figure is counted together with one that has the rate of
// both and counts something else: "300 searches and 200 translations a month". What is
// read of the second alone would leave out the first.
func (r *reader) listedWith(a, b *amount) bool {
	if a.family != bareFigure || b.family != rateFigure || !r.is(a.to, unknownWord) && !r.is(a.to, titleWord) {
		return false
	}
	list := false
	for i := a.to; i < b.from; i++ {
		list = list || r.items[i].kind == andWord
		if k := r.items[i].kind; !r.items[i].names() && k != unknownWord && k != andWord && k != fillWord && k != articleWord || r.items[i].brk > comma {
			return false
		}
	}
	return list && slices.ContainsFunc(r.items[b.from:b.to], func(it item) bool { return it.kind == unknownWord && !anything[it.text] })
}

// onceMore reports whether a list goes on between two figures, so that the unit of
// the second may be that of the first.
func (r *reader) onceMore(from, to int) bool {
	for i := from; i < to; i++ {
		if k := r.items[i].kind; !r.items[i].names() && k != andWord && k != fillWord && k != articleWord || r.items[i].brk > comma {
			return false
		}
	}
	return true
}

// segment is the run of items around one within which nothing is separated.
func (r *reader) segment(at int) (from, to int) {
	for from = at; from > 0 && r.items[from].brk == joined; from-- {
	}
	for to = at + 1; to < len(r.items) && r.items[to].brk == joined; to++ {
	}
	return from, to
}

// contents are the first and the last item in a range that could be asked for.
func (r *reader) contents(from, to int) (first, last int, ok bool) {
	first = -1
	for i := from; i < to; i++ {
		if r.items[i].content() || r.items[i].amount != nil {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last, first >= 0
}

// alternatives blocks what stands on both sides of an "or".
func (r *reader) alternatives() {
	for i := range r.items {
		it := &r.items[i]
		if it.amount != nil || it.kind != orWord && !(it.kind == elseWord && r.figureBeside(i) == nil) && !(it.text == "/" && r.sameSort(i-1, i+1)) {
			continue
		}
		left, right := -1, -1
		if i > 0 && it.brk <= comma {
			from, _ := r.segment(i - 1)
			if first, _, ok := r.contents(r.listed(from, i), i); ok {
				left = first
			}
		}
		if i+1 < len(r.items) && r.items[i+1].brk <= comma {
			_, to := r.segment(i + 1)
			if _, last, ok := r.contents(i+1, to); ok {
				right = last
			}
		}
		from, to := i, i+1
		if it.kind == elseWord && right < 0 && it.brk != joined {
			continue // "24h, or else …" tells what happens then
		}
		if left >= 0 {
			from = left
		}
		if right >= 0 {
			to = r.endOf(right)
		}
		r.block(from, to)
	}
}

// endOf is behind the item, or behind the figure that it is part of.
func (r *reader) endOf(at int) int {
	if f := r.items[at].amount; f != nil {
		return f.to
	}
	return at + 1
}

// sameSort reports whether two neighbours are values of one dimension, offerings, or
// figures: then a stroke between them is an "or".
func (r *reader) sameSort(a, b int) bool {
	if a < 0 || b >= len(r.items) {
		return false
	}
	x, y := &r.items[a], &r.items[b]
	if x.names() && y.names() {
		return x.dim == y.dim
	}
	return x.amount != nil && y.amount != nil
}

// listed goes back over a list, "logo, API or …": as long as nothing but a value of
// the same dimension, an offering, or a figure, stands between two commas.
func (r *reader) listed(from, to int) int {
	for from > 0 && r.items[from].brk == comma {
		before, _ := r.segment(from - 1)
		_, a, ok := r.contents(before, from)
		b, _, okB := r.contents(from, to)
		if !ok || !okB || !r.sameSort(a, b) || !r.bare(r.endOf(a), from) {
			break
		}
		from = before
	}
	return from
}

// bare reports whether the items say nothing.
func (r *reader) bare(from, to int) bool {
	for i := from; i < to; i++ {
		if !r.items[i].silent() {
			return false
		}
	}
	return true
}

// figureBeside is the figure that something is said of: the first behind the item and
// before a sign, or else the last before it.
func (r *reader) figureBeside(at int) *amount {
	from, to := r.segment(at)
	for i := at; i < to; i++ {
		if f := r.items[i].amount; f != nil {
			return f
		}
	}
	for i := at; i > from; i-- {
		if f := r.items[i-1].amount; f != nil {
			return f
		}
	}
	return nil
}

// otherwise sees a figure that holds if another one doesn't: "24 h, else 48", "ideally
// 8 hours, 24 at the latest". It has the other's unit when it has none, and of the two
// none is read.
func (r *reader) otherwise() {
	for i := range r.items {
		f := r.figureBeside(i)
		latest := f != nil && f.family == bareFigure && slices.Index(r.found, f) > 0 && (r.items[i].text == "atthelatest" || r.items[i].text == "spaetestens")
		if r.items[i].kind != elseWord && !latest || f == nil {
			continue
		}
		f.rival = true
		if n := slices.Index(r.found, f); n > 0 && f.family == bareFigure {
			f.family, f.unit = r.found[n-1].family, r.found[n-1].unit
		}
	}
}

// refusals blocks what is refused, doubted or had already.
func (r *reader) refusals() {
	for i := range r.items {
		if it := &r.items[i]; notOnly[it.text] && it.kind == butWord {
			r.moreThan(i)
		}
		if it := &r.items[i]; it.kind == refuseWord && it.amount == nil {
			r.refuse(i)
		}
	}
}

// moreThan leaves "not just in-state" unread, where nothing says what there is beside it.
func (r *reader) moreThan(at int) {
	_, to := r.segment(at)
	one, _, ok := r.contents(at+1, to)
	if !ok || !r.items[one].names() || slices.ContainsFunc(r.items[one+1:], func(it item) bool { return it.names() && it.dim == r.items[one].dim }) {
		return
	}
	r.block(at, one+1)
}

func (r *reader) refuse(at int) {
	from, to := r.segment(at)
	for i := at + 1; i < to; i++ {
		if r.items[i].kind == butWord {
			to = i
		}
	}
	for i := at; i > from; i-- {
		if r.items[i].kind == butWord {
			from = i
		}
	}
	no := r.items[at].text == "no" || r.items[at].text == "nein"
	own := no || determines[r.text(at)] // "4h, no weekends" refuses what follows
	if first, last, ok := r.contents(at+1, to); ok {
		if f := r.items[first].amount; no && f != nil && first == at+1 {
			f.rival = true
		}
		r.block(at, r.endOf(last))
		r.refuseList(r.endOf(last), last)
		return
	}
	if own && r.is(at+1, unknownWord) && !r.hyphened(at+1) || own && r.is(at+1, articleWord) && r.is(at+2, unknownWord) {
		for r.items[to-1].silent() {
			to--
		}
		r.block(at, to) // "checks in 3 days without a form"
		return
	}
	if first, _, ok := r.contents(from, at); ok { // "API is not needed"
		r.block(first, to)
		return
	}
	r.block(at, at+1)
	if r.items[from].kind == butWord && !r.bare(at+1, to) {
		return // "24h, but not at weekends"
	}
	if gap := r.tokens[r.items[from].from].gap; from > 0 && r.bare(from, at) && !(own && !r.bare(at+1, to)) && strings.ContainsAny(gap, "?:,-–—=") && !strings.ContainsAny(gap, ".!;\n") { // "portal: no"
		before, _ := r.segment(from - 1)
		if first, _, ok := r.contents(before, from); ok {
			r.block(first, at+1)
			return
		}
	}
	if no || determines[r.text(at)] && r.is(at+1, unknownWord) || r.says(at, to, "needed", "necessary", "required", "noetig", "notwendig", "erforderlich") {
		return // "No, they want …", "no need for speed, …", "weekends are not needed, …"
	}
	// "They do not, at this time, need …"
	for to < len(r.items) && r.items[to].brk == comma {
		_, end := r.segment(to)
		if _, last, ok := r.contents(to, end); ok {
			r.block(at, r.endOf(last))
			return
		}
		to = end
	}
}

// refuseList goes on with the refusal over a list: "no API, logo".
func (r *reader) refuseList(to, last int) {
	for r.items[last].names() && to < len(r.items) && r.items[to].brk == comma {
		_, end := r.segment(to)
		first, _, ok := r.contents(to, end)
		if !ok || !r.items[first].names() || r.items[first].dim != r.items[last].dim || !r.listGoesOn(to, first) || r.suffices(first+1, end) {
			return
		}
		r.block(to, first+1)
		to, last = first+1, first
	}
}

// suffices reports whether what stands before the items is said to be enough: "no
// nationwide, in-state is enough".
func (r *reader) suffices(from, to int) bool {
	return slices.ContainsFunc(r.items[from:to], func(it item) bool { return enough[it.text] })
}

// listGoesOn reports whether nothing but joining words stands before an item of a list.
func (r *reader) listGoesOn(from, to int) bool {
	for i := from; i < to; i++ {
		if k := r.items[i].kind; k != andWord && k != fillWord && k != articleWord && k != orWord || r.items[i].text == "with" || r.items[i].text == "mit" {
			return false
		}
	}
	return true
}
