package standard

import (
	"fmt"
	"math/big"
	"strings"
)

// A Tongue is a language that figures are said in: its words for units, and how
// it writes numbers. It never changes. Every tongue reads back what [Tongue.Write] of
// any of them writes; what Say says reads back in the same tongue, unless its number
// reads in two ways there.
type Tongue struct {
	signs *numberSigns
	units map[string][2]string // by unit: of one, and of all other numbers
}

// The tongues that figures are said in.
var (
	// English is what is stored, printed and sent to programs, whoever reads it.
	English = &Tongue{englishSigns, map[string][2]string{
		"d": {"day", "days"}, "bd": {"business day", "business days"},
	}}
	German = &Tongue{germanSigns, map[string][2]string{
		"d": {"Tag", "Tage"}, "bd": {"Arbeitstag", "Arbeitstage"},
		"per day": {"pro Tag", "pro Tag"}, "per week": {"pro Woche", "pro Woche"}, "per month": {"pro Monat", "pro Monat"},
	}}
)

// TongueOf is the tongue for a language, a BCP 47 tag such as "de-AT": English,
// unless there is one of its own.
func TongueOf(tag string) *Tongue {
	if main, _, _ := strings.Cut(strings.ToLower(tag), "-"); main == "de" {
		return German
	}
	return English
}

// Say writes a value for people: "24 h", "1 business day", "5,000 per month",
// "400 EUR", and a set by its values as they are written.
func (t *Tongue) Say(v Value) string {
	if v.Number == nil {
		return strings.Join(v.Set, ", ")
	}
	number := t.number(v.Number)
	if currency.MatchString(v.Unit) {
		number = t.money(v.Number)
	}
	return t.with(number, v)
}

// Write is Say for a field that any tongue reads: with the units of the tongue,
// but without what groups thousands and with a decimal point, since "5.000" is
// another number in each tongue; and as a fraction what would still be doubtful.
func (t *Tongue) Write(v Value) string {
	if v.Number == nil {
		return t.Say(v)
	}
	number := t.ungrouped(v.Number)
	if englishSigns.doubtful.MatchString(number) {
		number = v.Number.RatString()
	}
	return t.with(number, v)
}

// with puts the unit behind a number.
func (t *Tongue) with(number string, v Value) string {
	words, ok := t.units[v.Unit]
	switch {
	case !ok:
		return strings.TrimSpace(number + " " + v.Unit)
	case v.Number.Cmp(unity) == 0:
		return number + " " + words[0]
	}
	return number + " " + words[1]
}

// Gap is Say for how far two figures are apart: whole days from two on are said in
// days, where Say keeps hours and minutes as they are promised.
func (t *Tongue) Gap(v Value) string {
	if days, err := v.In("d"); err == nil && days.Number.IsInt() && days.Number.Cmp(big.NewRat(2, 1)) >= 0 {
		return t.Say(days)
	}
	return t.Say(v)
}

// Sum writes a sum of money in whole units: "40,000 EUR".
func (t *Tongue) Sum(sum int64, unit string) string {
	return strings.TrimSpace(t.group(fmt.Sprint(sum)) + " " + unit)
}

// number writes a number for people: with all decimals, or as a fraction where
// decimals would not end soon.
func (t *Tongue) number(n *big.Rat) string { return t.group(t.ungrouped(n)) }

// ungrouped is number with a decimal point and nothing between the thousands.
func (t *Tongue) ungrouped(n *big.Rat) string {
	digits, exact := n.FloatPrec()
	if !exact || digits > 6 {
		return n.RatString()
	}
	return n.FloatString(digits)
}

// money writes a number with no decimals or with two, as prices are written,
// unless it needs more.
func (t *Tongue) money(n *big.Rat) string {
	if digits, exact := n.FloatPrec(); exact && digits == 1 {
		return t.group(n.FloatString(2))
	}
	return t.number(n)
}

// group puts the tongue's signs into a decimal number; a fraction has none.
func (t *Tongue) group(text string) string {
	if strings.Contains(text, "/") {
		return text
	}
	whole, part, found := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + t.signs.thousands + whole[i:]
	}
	if found {
		return whole + t.signs.decimal + part
	}
	return whole
}
