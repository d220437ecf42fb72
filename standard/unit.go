package standard

import (
	"cmp"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// spellings maps what people write, folded to lower case, to a unit.
var spellings = map[string]string{
	"min": "min", "mins": "min", "minute": "min", "minutes": "min",
	"h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
	"d": "d", "day": "d", "days": "d",
	"bd": "bd", "business day": "bd", "business days": "bd", "working day": "bd", "working days": "bd",
	"per day": "per day", "a day": "per day", "/day": "per day", "/ day": "per day",
	"per week": "per week", "a week": "per week", "/week": "per week", "/ week": "per week",
	"per month": "per month", "a month": "per month", "/month": "per month", "/ month": "per month",
}

// germanSpellings are those of German: what [German] says is read back. Werktage are
// not among them, since some count Saturdays.
var germanSpellings = map[string]string{
	"minuten": "min", "std": "h", "std.": "h", "stunde": "h", "stunden": "h",
	"tag": "d", "tage": "d", "tagen": "d", "arbeitstag": "bd", "arbeitstage": "bd", "arbeitstagen": "bd",
	"pro tag": "per day", "am tag": "per day", "/tag": "per day", "pro woche": "per week", "/woche": "per week",
	"pro monat": "per month", "im monat": "per month", "/monat": "per month",
}

// bothTongues are the spellings of units that say nothing of a language.
var bothTongues = []string{"min", "h", "d", "bd"}

// unitTongue is the language that a unit is written in; nil where it could be either,
// as that of a currency or of things that are counted.
func unitTongue(text string) *Tongue {
	folded := strings.ToLower(squeeze(text))
	switch {
	case slices.Contains(bothTongues, folded):
		return nil
	case germanSpellings[folded] != "":
		return German
	case spellings[folded] != "":
		return English
	}
	return nil
}

// refused are words that would read as a count of things but are meant as a
// time, with what to write instead.
var refused = map[string]string{
	"s": "min", "sec": "min", "second": "min", "seconds": "min", "m": `min, or "per month"`,
	"w": "d", "week": `d, or "per week"`, "weeks": "d", "month": `d, or "per month"`, "months": "d",
	"y": "d", "year": "d", "years": "d", "per hour": `"per day"`, "per year": `"per month"`, "a year": `"per month"`,
}

var (
	currency  = regexp.MustCompile(`^[A-Z]{3}$`)
	countable = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
)

// A scale is a unit as a multiple of the first unit of its family. Units of
// one family convert exactly.
type scale struct {
	base  string
	times *big.Rat
	key   string // the base as it is written in a key
}

// scales are the units that convert. Business days, currencies and countable
// things are only themselves.
var (
	unity  = big.NewRat(1, 1)
	scales = map[string]scale{
		"min":       {"h", big.NewRat(1, 60), "h"},
		"h":         {"h", unity, "h"},
		"d":         {"h", big.NewRat(24, 1), "h"},
		"per day":   {"per day", unity, "/day"},
		"per week":  {"per day", big.NewRat(1, 7), "/day"},
		"per month": {"per month", unity, "/month"},
	}
)

// scaleOf returns the scale of a unit as ParseUnit returns it.
func scaleOf(unit string) scale {
	if s, ok := scales[unit]; ok {
		return s
	}
	return scale{unit, unity, unit}
}

// isTime reports whether a unit measures time, in hours or business days.
func isTime(unit string) bool { return unit == "bd" || scaleOf(unit).base == "h" }

// ParseUnit returns the unit that people mean by text: "hours" is "h",
// "a month" is "per month", "EUR" and "names" are themselves.
func ParseUnit(text string) (string, error) {
	text = squeeze(text)
	folded := strings.ToLower(text)
	if unit := cmp.Or(spellings[folded], germanSpellings[folded]); unit != "" {
		return unit, nil
	}
	if instead, ok := refused[folded]; ok {
		return "", fmt.Errorf("%q is not a unit of a box; write it in %s", text, instead)
	}
	if currency.MatchString(text) {
		return text, nil
	}
	if near := nearest(folded, known()); near != "" && len(folded) > 3 {
		return "", fmt.Errorf("%q is not a unit; did you mean %q?", text, near)
	}
	if countable.MatchString(text) && len(text) > 2 {
		return text, nil
	}
	return "", fmt.Errorf("%q is not a unit; write min, h, d, bd, per day, per week, per month, a currency such as EUR, or the plural of what is counted, such as names", text)
}

func known() []string {
	var names []string
	for name := range spellings {
		if len(name) > 2 && !strings.HasPrefix(name, "/") {
			names = append(names, name)
		}
	}
	return names
}

// fits reports whether figures in unit may stand in a dimension of unit want.
func fits(unit, want string) bool {
	return scaleOf(unit).base == scaleOf(want).base || isTime(unit) && isTime(want)
}

// unitFor reads the unit behind a number; want is the dimension's unit.
func unitFor(text, want string) (string, error) {
	text = squeeze(text)
	if text == "" || strings.EqualFold(text, want) || counts(want) && slices.Contains(spellingsOf(want), keyOf(text)) {
		return want, nil
	}
	unit, err := ParseUnit(text)
	if err != nil && currency.MatchString(want) {
		unit, err = ParseUnit(strings.ToUpper(text))
	}
	if err != nil {
		return "", fmt.Errorf("%w; this dimension is measured in %s", err, accepted(want))
	}
	if !fits(unit, want) {
		return "", fmt.Errorf("%q does not convert exactly to %q; this dimension is measured in %s", unit, want, accepted(want))
	}
	return unit, nil
}

// counts reports whether a unit is the name of things that are counted.
func counts(unit string) bool { return countable.MatchString(unit) && !isTime(unit) }

// accepted lists the units that a dimension takes, for an error.
func accepted(want string) string {
	switch {
	case isTime(want):
		return "min, h, d or bd"
	case scaleOf(want).base == "per day":
		return "per day or per week"
	default:
		return want
	}
}

// squeeze trims text and makes every run of spaces one.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
