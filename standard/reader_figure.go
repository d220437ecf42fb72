package standard

import (
	"math/big"
	"slices"
	"strings"
)

// What a figure measures, as far as its own words say.
type family int

const (
	bareFigure  family = iota // a number without a unit
	timeFigure                // hours, days
	rateFigure                // per month
	moneyFigure               // 400 EUR
	countFigure               // names
)

// A figure is a number of a sentence with all that belongs to it.
type amount struct {
	from, to int // items; cues and comparisons beside it come with resolving
	number   *big.Rat
	german   *big.Rat // the number as a German unit reads it
	low      *big.Rat // where a range begins that ends with the number
	unit     string
	inGerman bool // its unit is German
	family   family
	dim      int  // that it belongs to; -1 before that is known
	labelled bool // dim is named beside it
	bad      bool // it is not read, and its words stay unread
	upper    bool // at most
	lower    bool // at least
	under    bool // less than
	over     bool // more than
	held     Held // how its rate was read that is none as it stands; "" is as it says
	rival    bool // refused with "no", which may correct what was said before
}

// figures finds the figures among the items, in their order.
func (r *reader) figures() {
	for at := 0; at < len(r.items); at++ {
		f := r.figureAt(at)
		if f == nil {
			continue
		}
		f.dim = -1
		r.rateFirst(f)
		r.inMonths(f)
		r.nameBeside(f)
		for i := f.from; i < f.to; i++ {
			r.items[i].amount = f
		}
		r.found = append(r.found, f)
		at = f.to - 1
	}
}

// rateFirst takes the rate that stands before a number: "per month: 3000".
func (r *reader) rateFirst(f *amount) {
	for i := f.from - 1; i >= 0 && f.family == bareFigure && r.items[i+1].brk != comma && r.items[i+1].brk != stop; i-- {
		switch it := &r.items[i]; {
		case it.kind == rateWord && !it.article && it.amount == nil:
			f.from, f.family, f.unit = i, rateFigure, it.unit
			r.speak(f, i)
		case it.kind != fillWord:
			return
		}
	}
}

// figureAt reads the figure that begins at an item.
func (r *reader) figureAt(at int) *amount {
	switch it := &r.items[at]; {
	case it.kind == numberWord:
		if it.number == nil && r.inGerman {
			it.number = it.german
		}
		return r.counted(&amount{from: at, to: at + 1, number: it.number, german: it.german, bad: it.number == nil})
	case it.kind == moneyWord && r.is(at+1, numberWord):
		f := &amount{from: at, to: at + 2, number: r.items[at+1].number, unit: it.unit, family: moneyFigure}
		f.bad = f.number == nil
		if r.is(f.to, moneyWord) {
			f.to, f.bad = f.to+1, true
		}
		return r.whole(f)
	case it.kind == halfWord && (r.is(at+1, unitWord) || r.is(at+1, rateWord) && r.items[at+1].article):
		return r.timeOf(at, at+2, big.NewRat(1, 2))
	case it.kind == articleWord && r.is(at+1, halfWord) && r.is(at+2, unitWord):
		return r.timeOf(at, at+3, big.NewRat(1, 2))
	case it.kind == articleWord && r.is(at+1, unitWord):
		return r.timeOf(at, at+2, big.NewRat(1, 1))
	case it.kind == rateWord && it.article && it.brk == joined && r.limits(at-1):
		return r.timeOf(at, at+1, big.NewRat(1, 1))
	}
	return nil
}

// limits reports whether an item is "within" or "under", so that "a day" behind it is a
// time.
func (r *reader) limits(at int) bool {
	return at >= 0 && (r.items[at].kind == upperWord || r.items[at].kind == underWord || r.items[at].text == "in")
}

// is reports whether the item is of the kind, and nothing separates it from the
// one before.
func (r *reader) is(at int, kind wordKind) bool {
	return at > 0 && at < len(r.items) && r.items[at].kind == kind && r.items[at].brk == joined
}

// timeOf is a figure of a unit without digits: half a day, a week.
func (r *reader) timeOf(from, to int, n *big.Rat) *amount {
	last := r.items[to-1].meaning
	f := &amount{from: from, to: to, number: n, family: timeFigure}
	if last.kind == rateWord { // "a day": what follows the article
		text := r.items[to-1].text
		last = vocabulary()[strings.TrimPrefix(text, "a")]
		if last.kind != unitWord {
			last = vocabulary()[strings.TrimPrefix(text, "an")]
		}
		if last.kind != unitWord {
			return nil
		}
	}
	f.unit = last.unit
	f.number = new(big.Rat).Mul(n, big.NewRat(last.times, 1))
	return r.whole(f)
}

// counted reads what stands behind a number: its unit.
func (r *reader) counted(f *amount) *amount {
	at := f.to
	if r.is(at, andWord) && r.text(at) == "+" && r.glued(at) && !r.glued(at+1) { // 3000+
		f.lower, at = true, at+1
	}
	if r.is(at, orMoreWord) {
		f.lower, at = true, at+1
	}
	switch {
	case r.is(at, unitWord):
		r.speak(f, at)
		f.family, f.unit, f.to = timeFigure, r.items[at].unit, at+1
		if f.number != nil {
			f.number = new(big.Rat).Mul(f.number, big.NewRat(r.items[at].times, 1))
		}
	case r.is(at, halfWord) || r.is(at, timesWord): // 3 times a week
		f.bad, f.to = true, at+1
		for r.is(f.to, rateWord) || r.is(f.to, unitWord) {
			f.to++
		}
		return f
	case r.is(at, moneyWord):
		f.family, f.unit, f.to = moneyFigure, r.items[at].unit, at+1
	default:
		r.countable(f, at)
	}
	return r.whole(f)
}

// countable looks a few words behind a number for what is counted, and how often.
func (r *reader) countable(f *amount, at int) {
	counts, more := -1, false
	if r.is(at, unknownWord) && r.glued(at) { // 2x3,000
		f.bad = true
		return
	}
	for n := 0; n < 5; n++ {
		i := at + n
		if i >= len(r.items) || r.items[i].brk != joined {
			break
		}
		it := &r.items[i]
		if it.kind == rateWord {
			r.speak(f, i)
			f.family, f.unit, f.to = rateFigure, it.unit, i+1
			f.bad = f.bad || more || it.unit == "" || counts >= 0
			r.nameCounted(at, i)
			return
		}
		if it.kind == orderWord { // 500 more a month
			more = true
			continue
		}
		if r.countsDim(it.text) >= 0 && counts < 0 {
			counts = i
			continue
		}
		if !slices.Contains([]wordKind{unknownWord, valueWord, titleWord, cueWord, fillWord, orMoreWord, upperWord}, it.kind) ||
			it.kind == fillWord && !slices.Contains([]string{"of", "these", "those", "them", "new", "their", "in", "order", "orders", "request", "requests", "delivery", "case", "cases", "im"}, it.text) {
			break
		}
		if it.kind == cueWord && r.dims()[it.dim].Kind == AllOf {
			break
		}
	}
	f.bad = f.bad || more
	if counts >= 0 && counts-at <= 2 {
		f.family, f.unit, f.to = countFigure, r.dims()[r.countsDim(r.items[counts].text)].Unit, counts+1
	}
}

// speak reads a number in the language of its unit: "3.000 im Monat".
func (r *reader) speak(f *amount, unit int) {
	if f.inGerman = germanUnit.MatchString(r.items[unit].text); f.inGerman {
		f.number, f.bad = f.german, f.german == nil
	}
}

// nameCounted names the offering of which so many are counted: "500 copies a month".
func (r *reader) nameCounted(from, rate int) {
	for i := from; i < rate; i++ {
		it := &r.items[i]
		id := r.lx.heads[singular(it.text)]
		if it.kind == unknownWord && id != "" && (i == 0 || it.brk != joined || r.items[i-1].kind != unknownWord) && (i+1 == rate || r.items[i+1].kind != unknownWord) {
			it.meaning = meaning{kind: titleWord, dim: noDimension, value: id}
		}
	}
}

// nameBeside names the offering whose count stands beside the word for it: "copies:
// 500 a month", "500/month copies". The singular may be a verb.
func (r *reader) nameBeside(f *amount) {
	if f.family != rateFigure {
		return
	}
	alone := func(i int) bool { return i < 0 || i >= len(r.items) || r.items[i].kind != unknownWord }
	if at := f.from - 1; at >= 0 && r.items[f.from].brk != comma && r.items[f.from].brk != stop && r.plural(at) && (alone(at-1) || r.items[at].brk != joined) {
		r.nameCounted(at, f.from)
	}
	if r.is(f.to, unknownWord) && r.plural(f.to) && (alone(f.to+1) || r.items[f.to+1].brk != joined) {
		r.nameCounted(f.to, f.to+1)
	}
}

func (r *reader) plural(at int) bool { return singular(r.items[at].text) != r.items[at].text }

// countsDim is the dimension that counts things of this name, -1 for none.
func (r *reader) countsDim(word string) int {
	for i, dim := range r.dims() {
		if dim.Kind != AllOf && counts(dim.Unit) && slices.Contains(spellingsOf(dim.Unit), word) {
			return i
		}
	}
	return -1
}

// whole takes what stands right behind a figure and belongs to it.
func (r *reader) whole(f *amount) *amount {
	if r.is(f.to, andWord) && r.text(f.to) == "+" && r.glued(f.to) && !r.glued(f.to+1) { // 12h+
		f.lower, f.to = true, f.to+1
	}
	for f.to < len(r.items) && r.items[f.to].brk == joined {
		switch it := &r.items[f.to]; {
		case it.kind == orMoreWord || it.kind == lowerWord && !r.limitOf(f.to+1):
			f.lower = true
		case it.kind == orLessWord || it.kind == upperWord && !r.limitOf(f.to+1):
			f.upper = true
		case f.family == moneyFigure && (it.kind == rateWord || it.text == "per" || it.text == "pro" || it.text == "/" || it.text == "each"):
			f.bad = true // a price for each of something
		case f.family == timeFigure && it.kind == rateWord:
			f.bad = true // hours a day
		default:
			return f
		}
		f.to++
	}
	return f
}

// limitOf reports whether a comparison that ends before the item is about what
// follows it, and not about what came.
func (r *reader) limitOf(at int) bool {
	for ; at < len(r.items) && r.items[at].brk == joined; at++ {
		switch r.items[at].kind {
		case fillWord, articleWord, softWord:
		default:
			return r.items[at].kind == numberWord || r.items[at].kind == halfWord || r.items[at].kind == unitWord || r.items[at].kind == moneyWord || r.items[at].article
		}
	}
	return false
}

func (r *reader) text(at int) string {
	if at < 0 || at >= len(r.items) {
		return ""
	}
	return r.items[at].text
}

// glued reports whether nothing at all stands before the item.
func (r *reader) glued(at int) bool {
	return at > 0 && at < len(r.items) && r.tokens[r.items[at].from].gap == ""
}
