package quiz

import "fmt"

// A Fraction is an exact score: Num/Den, reduced, Den at least 1.
//
// Scores stay far from the limits of int64: an item of at most [MaxOptions]
// options has a denominator of at most 20, so a sum over items has one that
// divides lcm(1..20) = 232,792,560, and a sum over [MaxItems] items a
// numerator below 1.2·10¹¹.
type Fraction struct{ Num, Den int64 }

// NewFraction returns num/den, reduced. It panics when den is not positive:
// every caller divides by a number of options, which is at least one.
func NewFraction(num, den int64) Fraction {
	if den <= 0 {
		panic(fmt.Sprintf("quiz: fraction %d/%d", num, den))
	}
	g := gcd(abs(num), den)
	return Fraction{num / g, den / g}
}

// Plus returns the sum, reduced.
func (f Fraction) Plus(g Fraction) Fraction {
	f, g = f.orZero(), g.orZero()
	common := gcd(f.Den, g.Den)
	return NewFraction(f.Num*(g.Den/common)+g.Num*(f.Den/common), f.Den/common*g.Den)
}

// Compare returns -1, 0 or +1 as f is below, equal to or above g.
func (f Fraction) Compare(g Fraction) int {
	f, g = f.orZero(), g.orZero()
	common := gcd(f.Den, g.Den)
	switch d := f.Num*(g.Den/common) - g.Num*(f.Den/common); {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}

// Percent returns the floor of 100·f/points; 0 when there are no points.
func (f Fraction) Percent(points int) int {
	f = f.orZero()
	if points <= 0 || f.Num < 0 {
		return 0
	}
	return int(100 * f.Num / (f.Den * int64(points)))
}

// Reaches reports whether f is at least percent of the points, exactly.
func (f Fraction) Reaches(percent, points int) bool {
	f = f.orZero()
	return 100*f.Num >= int64(percent)*int64(points)*f.Den
}

// String writes the fraction as "3/4", a whole one as "3".
func (f Fraction) String() string {
	if f = f.orZero(); f.Den == 1 {
		return fmt.Sprint(f.Num)
	}
	return fmt.Sprintf("%d/%d", f.Num, f.Den)
}

// orZero makes the zero value of the struct the number zero.
func (f Fraction) orZero() Fraction {
	if f.Den == 0 {
		return Fraction{0, 1}
	}
	return f
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
