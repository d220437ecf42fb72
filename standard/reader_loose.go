package standard

import (
	"math/big"
	"slices"
)

// Words that stay unread and are no doubt: what asks for less, and what says that a figure
// is not meant to the letter, where the box has room for it.

// Words about how exactly a figure is meant; the others of softWord say "about".
var (
	// wishes ask for a figure at best; who gets it has all that was asked for.
	wishes = keysOf("if possible", "if at all possible", "where possible", "when possible", "wherever possible", "whenever possible", "as far as possible", "if feasible", "where feasible", "ideally", "preferably", "hopefully",
		"wenn möglich", "falls möglich", "sofern möglich", "wo möglich", "nach Möglichkeit", "am liebsten", "idealerweise", "möglichst")
	// nearly stays below the figure: nearly 5,000 are no more than 5,000.
	nearly = keysOf("nearly", "almost", "knapp", "fast")
	// rests are all that is not in another part, and have what is said of them beside them.
	rests = keysOf("rest", "remainder", "übrigen")
	// workdays are those of which some count Saturdays, so that six may be five business days.
	workdays = keysOf("Werktag", "Werktage", "Werktagen")
	// waives are refusals of what stands right beside them, and of nothing else.
	waives = keysOf("no", "not", "without", "w/o", "no need for", "no need of", "don't", "do not", "doesn't", "does not", "isn't", "is not", "aren't", "nothing",
		"kein", "keine", "keinen", "keinem", "keiner", "ohne", "nicht")
)

// inMonth is how often a day and a week may fall into one month at most: what is asked
// for by the day or the week is counted for the longest month, and for one with five
// Mondays.
var inMonth = map[string]struct {
	times int64
	held  Held
}{"per day": {31, HeldDays}, "per week": {5, HeldWeeks}}

// inMonths reads a rate by the day or the week as that of a month, where no dimension is
// measured in it and one is by the month.
func (r *reader) inMonths(f *amount) {
	month, ok := inMonth[f.unit]
	if f.family != rateFigure || !ok || f.number == nil || slices.ContainsFunc(r.dims(), func(d Dimension) bool { return d.Kind != AllOf && fits(f.unit, d.Unit) }) ||
		!slices.ContainsFunc(r.dims(), func(d Dimension) bool { return d.Kind == NoLessThan && d.Unit == "per month" }) {
		return
	}
	f.held, f.unit = month.held, "per month"
	for _, n := range []**big.Rat{&f.number, &f.german, &f.low} {
		if *n != nil {
			*n = new(big.Rat).Mul(*n, big.NewRat(month.times, 1))
		}
	}
}

// loose reports whether a figure that is read may ask for more than it says: "about
// 3,000", "at least 3,000", "under 24 hours". What holds it must have room, see
// [Reading.Harder]. Who asks for about 24 hours is served with 24.
func (r *reader) loose(f *amount) bool {
	counts := r.dims()[f.dim].Kind == NoLessThan
	from, _ := r.around(f)
	soft := func(at int) bool {
		return counts && r.items[at].kind == softWord && !wishes[r.items[at].text] && !nearly[r.items[at].text]
	}
	for i := from; i < f.to; i++ {
		if workdays[r.items[i].text] || soft(i) {
			return true
		}
	}
	return counts && (f.lower || f.over) || !counts && f.under || r.is(f.to, softWord) && soft(f.to)
}

// held says how a figure was read that is none as it stands.
func (r *reader) held(f *amount) Held {
	switch {
	case f.low != nil:
		return HeldRange
	case f.held != "":
		return f.held
	case f.over:
		return HeldMore
	case r.loose(f):
		return HeldLoose
	}
	return ""
}

// show shows a word of a figure that is read, because it may mean less than it was read as.
func (r *reader) show(f *amount) {
	for i := f.from; i < f.to; i++ {
		if workdays[r.items[i].text] {
			r.items[i].read, r.items[i].shown = false, true
		}
	}
}

// waived reports whether unread words are no doubt about what was read: words like
// "about", whose figure is loose, the name of a dimension without a figure, and a value
// that is refused and makes the need smaller.
func (r *reader) waived(from, to int, need Need, only []string) bool {
	refused, values := 0, 0
	again := false // two refusals of one value: "not without API"
	for i := from; i < to; i++ {
		it := &r.items[i]
		switch {
		case rests[it.text]:
		case it.kind == softWord && (wishes[it.text] || r.besideFigure(i)), it.kind == underWord && r.besideFigure(i), it.shown:
		case it.kind == refuseWord && waives[it.text] && !again:
			refused, again = refused+1, true
		case it.kind == cueWord && !it.blocked && r.saidAnyway(it.dim, need, only), it.kind == forWord:
		case it.kind == valueWord && it.blocked:
			values, again = values+1, false
			if !r.spares(it, need) {
				return false
			}
		case !it.silent():
			return false
		}
	}
	return refused <= values && (refused > 0 || values == 0)
}

// besideFigure reports whether an item stands right beside a figure that is read.
func (r *reader) besideFigure(at int) bool {
	read := func(f *amount) bool { return f != nil && !f.bad }
	if at > 0 && r.items[at].brk == joined && read(r.items[at-1].amount) {
		return true
	}
	for at++; at < len(r.items) && r.items[at].brk == joined; at++ {
		if r.items[at].amount != nil {
			return read(r.items[at].amount)
		}
		if k := r.items[at].kind; k != fillWord && k != articleWord && k != softWord {
			return false
		}
	}
	return false
}

// saidAnyway reports whether whatever can hold the need says something of the dimension,
// so that its name alone asks for nothing more: "API for alerts, 19,500 names".
func (r *reader) saidAnyway(dim int, need Need, only []string) bool {
	some := false
	for _, o := range r.lx.offerings {
		fits := len(need)+len(only) > 0 && (len(only) == 0 && !o.IsAddOn() || slices.Contains(only, o.ID))
		for i, d := range r.dims() {
			fits = fits && (need[d.Name].IsZero() || o.states[i])
		}
		if fits && !o.states[dim] {
			return false
		}
		some = some || fits
	}
	return some
}

// spares reports whether it asks for less when the value is refused: "no logo". Of a set
// that tiers have each their own, something else has to be asked for, because "not
// in-state" alone may mean all the rest; and what is asked for must not come with it, as
// an API does with a portal.
func (r *reader) spares(it *item, need Need) bool {
	dim := r.dims()[it.dim].Name
	if slices.ContainsFunc(r.lx.offerings, func(o *namedOffering) bool {
		return slices.ContainsFunc(o.Widens[dim], func(on Dated) bool {
			return slices.Contains(on.Value.Set, it.value) && slices.ContainsFunc(need[dim].Set, func(v string) bool { return slices.Contains(on.Value.Set, v) })
		})
	}) {
		return false
	}
	return !r.lx.tiered(dim) || !need[dim].IsZero()
}
