package standard

import (
	"math/big"
	"slices"
	"strings"
)

// A range is a figure of two ends: "100-200 a month", "between 8 and 24 hours". What
// holds the worse of the two holds all of it: the upper end of a no-less-than, the lower
// one of a no-more-than.

// spans makes one figure of two that are the ends of a range. What looks like one and
// is none, "9-5", "555-0134", stays two.
func (r *reader) spans() {
	for n := 0; n+1 < len(r.found); n++ {
		a, b := r.found[n], r.found[n+1]
		from, ok := r.ends(a, b)
		if !ok || n > 0 && r.dashed(r.found[n-1], a) || n+2 < len(r.found) && r.dashed(b, r.found[n+2]) {
			continue
		}
		whole := *b
		whole.from, whole.bad = from, a.bad && a.number != nil || b.bad && b.number != nil
		if b.family == bareFigure {
			whole.family, whole.unit, whole.inGerman = a.family, a.unit, a.inGerman
		}
		if whole.low, whole.number = r.between(a, b, &whole); whole.low == nil {
			continue
		}
		for i := whole.from; i < whole.to; i++ {
			r.items[i].amount = &whole
		}
		r.found = slices.Replace(r.found, n, n+2, &whole)
	}
}

// ends reports whether two figures are the ends of a range, and where it begins.
func (r *reader) ends(a, b *amount) (from int, ok bool) {
	if a.family != bareFigure && a.unit != b.unit && b.family != bareFigure && !fits(a.unit, b.unit) {
		return 0, false
	}
	between := r.items[a.to:b.from]
	joins := len(between) == 1 && between[0].brk == joined && r.items[b.from].brk == joined
	switch {
	case a.from > 0 && r.items[a.from-1].kind == betweenWord && r.items[a.from].brk == joined:
		return a.from - 1, joins && (between[0].text == "and" || between[0].text == "und")
	case joins:
		return a.from, between[0].kind == toWord || between[0].text == "to"
	}
	return a.from, r.dashed(a, b)
}

// dashed reports whether nothing but a dash stands between two figures.
func (r *reader) dashed(a, b *amount) bool {
	gap := strings.TrimSpace(r.tokens[r.items[b.from].from].gap)
	return a.to == b.from && (gap == "-" || gap == "–" || gap == "—")
}

// between are the ends of a range in its unit: the one that lacks a unit, or what makes
// a number larger, has that of the other, "2-3 weeks", "2-3k". They are nil where the
// second is not above the first, or one is no number.
func (r *reader) between(a, b, whole *amount) (low, high *big.Rat) {
	one, other := r.digits(a, whole.inGerman), r.digits(b, whole.inGerman)
	if one == nil || other == nil || a.lower || a.upper {
		return nil, nil
	}
	low, high = a.number, b.number
	switch {
	case a.family == bareFigure && b.family != bareFigure:
		low = new(big.Rat).Mul(one, new(big.Rat).Quo(b.number, other))
	case b.family == bareFigure && a.family != bareFigure:
		high = new(big.Rat).Mul(other, new(big.Rat).Quo(a.number, one))
	case a.unit != b.unit:
		in, err := Value{Number: low, Unit: a.unit}.In(b.unit)
		if err != nil {
			return nil, nil
		}
		low = in.Number
	}
	if r.many(a) == 1 { // "500-2k" is left unread with "3-2k", which may be 3,000
		low = new(big.Rat).Mul(low, big.NewRat(r.many(b), 1))
	}
	if low.Cmp(high) >= 0 {
		return nil, nil
	}
	return low, high
}

// digits is the number of a figure as it stands, before its unit is reckoned with; nil
// where it is none, or nothing.
func (r *reader) digits(f *amount, german bool) *big.Rat {
	for _, it := range r.items[f.from:f.to] {
		n := it.number
		if german {
			n = it.german
		}
		if it.kind == numberWord {
			if n == nil || n.Sign() == 0 {
				return nil
			}
			return n
		}
	}
	if f.number == nil || f.number.Sign() == 0 { // it is divided by
		return nil
	}
	return f.number
}

// many is what makes a number larger behind its digits: a thousand in "3k".
func (r *reader) many(f *amount) int64 {
	for _, it := range r.items[f.from:f.to] {
		if it.kind == numberWord && it.to-it.from > 1 {
			return max(1, multiples[r.tokens[it.to-1].text])
		}
	}
	return 1
}
