package standard

import "math/big"

// horizon is how many days ahead a calendar is looked at for its worst case: a
// year, with every holiday in it.
const horizon = 366

// A span is how long business days take, in days of 24 hours, with the order
// placed on the best and on the worst day of the calendar.
type span struct{ least, most int }

// never is the span of business days in a calendar that has none.
var never = span{-1, -1}

// Span returns how many days of 24 hours n business days take at least and at
// most, for an order that is placed during business hours on any business day
// of the year that begins with the given day. An order that is placed on a
// Friday with n = 1 takes until the same time on Monday: three days. ok is false
// when the calendar has too few business days to tell.
func (c Calendar) Span(n int, from Day) (least, most int, ok bool) {
	s := c.span(n, from)
	return s.least, s.most, s != never
}

func (c Calendar) span(n int, from Day) span {
	if n < 0 || n > 10*horizon || len(c.Week) == 0 {
		return never
	}
	// Positions of the business days, from the first day on; as many as the last
	// order of the year needs.
	var days []int
	starts := 0
	for i := 0; i < horizon || len(days) < starts+n; i++ {
		if i > 20*horizon {
			return never
		}
		if c.Works(from.AddDays(i)) {
			days = append(days, i)
			if i < horizon {
				starts++
			}
		}
	}
	if starts == 0 {
		return never
	}
	s := span{days[n] - days[0], 0}
	for i := range starts {
		took := days[i+n] - days[i]
		s.least, s.most = min(s.least, took), max(s.most, took)
	}
	return s
}

// span of n business days in the book's calendar, remembered.
func (b *Book) span(n int) span {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, known := b.spans[n]
	if !known {
		s = b.calendar.span(n, b.Day)
		b.spans[n] = s
	}
	return s
}

// hoursOf returns how many hours a time takes at least and at most. Of a part of a
// business day a whole one is taken where it makes the time longer, and none
// where it makes it shorter.
func (b *Book) hoursOf(v Value) (least, most *big.Rat, ok bool) {
	if v.Unit != "bd" {
		in, err := v.In("h")
		return in.Number, in.Number, err == nil
	}
	whole := new(big.Int).Quo(v.Number.Num(), v.Number.Denom())
	if !whole.IsInt64() || whole.Int64() > 10*horizon {
		return nil, nil, false
	}
	down := int(whole.Int64())
	up := down
	if !v.Number.IsInt() {
		up++
	}
	low, high := b.span(down), b.span(up)
	if low == never || high == never {
		return nil, nil, false
	}
	return big.NewRat(int64(24*low.least), 1), big.NewRat(int64(24*high.most), 1), true
}
