package standard

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// maxText bounds what ParseValue looks at, in bytes.
const maxText = 1000

// ParseValue reads a figure or a need in the dimension, as it is stored, printed and
// written in files: in English, unless its unit says that it is German.
func ParseValue(dim Dimension, text string) (Value, error) { return English.Parse(dim, text) }

// Parse reads a figure or a need in the dimension, as people write it who read the
// tongue; the package comment says how. The number keeps the unit it is written in. A
// unit in the words of one language says how its number is written, in every tongue:
// "5.000 pro Monat" is one number wherever it is read.
func (t *Tongue) Parse(dim Dimension, text string) (Value, error) {
	if len(text) > maxText {
		return Value{}, fmt.Errorf("%s: the text is longer than %d bytes", dim.Name, maxText)
	}
	if dim.Kind == AllOf {
		return ParseSet(dim, strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }))
	}
	number, unit := splitNumber(withoutPrefix(squeeze(text), dim.Unit))
	if number == "" {
		return Value{}, fmt.Errorf("%s: %q does not begin with a number; write it as in %q", dim.Name, text, example(dim))
	}
	if dim.counted(unit) {
		unit = ""
	}
	in, err := unitFor(unit, dim.Unit)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", dim.Name, err)
	}
	n, err := cmp.Or(unitTongue(unit), t).parse(number)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", dim.Name, err)
	}
	return Value{Number: n, Unit: in}, nil
}

// counted reports whether the text is what people call the things that the dimension
// counts, in any language: "20.000 Namen".
func (dim Dimension) counted(text string) bool {
	k := keyOf(text)
	return k != "" && counts(dim.Unit) && slices.ContainsFunc(append([]string{dim.Label}, dim.Words.Phrases...), func(phrase string) bool { return keyOf(phrase) == k })
}

// withoutPrefix takes away a currency that stands before the number.
func withoutPrefix(text, unit string) string {
	if !currency.MatchString(unit) {
		return text
	}
	if len(text) > 3 && strings.EqualFold(text[:3], unit) {
		return strings.TrimSpace(text[3:])
	}
	if unit == "EUR" {
		return strings.TrimSpace(strings.TrimPrefix(text, "€"))
	}
	return text
}

// example is a figure in the dimension, for errors.
func example(dim Dimension) string {
	return Value{Number: big.NewRat(24, 1), Unit: dim.Unit}.String()
}

// ParseSet reads the names of a set into the dimension's order. Case does
// not matter, and a space stands for a hyphen. An unknown name is an error
// with the nearest known one.
func ParseSet(dim Dimension, names []string) (Value, error) {
	if dim.Kind != AllOf {
		return Value{}, fmt.Errorf("%s takes one number in %s, not a list", dim.Name, accepted(dim.Unit))
	}
	chosen := make([]bool, len(dim.Values))
	for _, name := range names {
		i, err := dim.find(name)
		if err != nil {
			return Value{}, err
		}
		if chosen[i] {
			return Value{}, fmt.Errorf("%s: %q is named twice", dim.Name, dim.Values[i])
		}
		chosen[i] = true
	}
	var set []string
	for i, name := range dim.Values {
		if chosen[i] {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return Value{}, fmt.Errorf("%s: nothing is named; choose from %s", dim.Name, strings.Join(dim.Values, ", "))
	}
	return Value{Set: set}, nil
}

// find returns the index of a name among the dimension's values.
func (dim Dimension) find(name string) (int, error) {
	name = squeeze(name)
	hyphened := strings.ReplaceAll(name, " ", "-")
	for i, v := range dim.Values {
		if strings.EqualFold(v, name) || strings.EqualFold(v, hyphened) {
			return i, nil
		}
	}
	if near := nearest(strings.ToLower(hyphened), dim.Values); near != "" {
		return 0, fmt.Errorf("%s: %q is not one of its values; did you mean %q?", dim.Name, name, near)
	}
	return 0, fmt.Errorf("%s: %q is not one of its values; choose from %s", dim.Name, name, strings.Join(dim.Values, ", "))
}

// IsZero reports whether the value says nothing.
func (v Value) IsZero() bool { return v.Number == nil && len(v.Set) == 0 }

// String says the value in English: "24 h", "1 business day", "5,000 per month",
// "400 EUR", "in-state, nationwide".
func (v Value) String() string { return English.Say(v) }

// NameOf is a value of a set as people read it: by its name, else as it is
// written. A hyphen stays, because only the author knows whether it belongs to
// the word, as in "in-state".
func (dim Dimension) NameOf(value string) string {
	if name := dim.Names[value]; name != "" {
		return name
	}
	return value
}

// Say writes a value of the dimension for people: a set by the names of its
// values, a number as the tongue says it.
func (dim Dimension) Say(v Value, t *Tongue) string {
	if v.Number != nil {
		return t.Say(v)
	}
	names := make([]string, len(v.Set))
	for i, value := range v.Set {
		names[i] = dim.NameOf(value)
	}
	return strings.Join(names, ", ")
}

// Key writes the value canonically, for hashing and comparing: "24h",
// "5000/month", "{in-state,nationwide}". Values with the same meaning have
// the same key, whatever unit they were written in.
func (v Value) Key() string {
	if v.Number == nil {
		return "{" + strings.Join(v.Set, ",") + "}"
	}
	s := scaleOf(v.Unit)
	return new(big.Rat).Mul(v.Number, s.times).RatString() + s.key
}

// Equal reports whether two values mean the same.
func (v Value) Equal(w Value) bool { return v.Key() == w.Key() }

// ErrInexact is the cause when units don't convert without a calendar or an
// assumption.
var ErrInexact = errors.New("the units do not convert exactly")

// In converts a number to another unit: h, d and min into each other, per
// day and per week. Anything else is ErrInexact.
func (v Value) In(unit string) (Value, error) {
	if v.Unit == unit && v.Number != nil {
		return v, nil
	}
	from, to := scaleOf(v.Unit), scaleOf(unit)
	if v.Number == nil || from.base != to.base {
		return Value{}, fmt.Errorf("%s in %s: %w", v, unit, ErrInexact)
	}
	n := new(big.Rat).Mul(v.Number, from.times)
	return Value{Number: n.Quo(n, to.times), Unit: unit}, nil
}

// check returns what is wrong with the value as a figure of the dimension.
func (v Value) check(dim Dimension) error {
	if dim.Kind == AllOf {
		if v.Number != nil {
			return fmt.Errorf("takes a list of names, not the number %s", v)
		}
		for _, name := range v.Set {
			if !slices.Contains(dim.Values, name) {
				_, err := dim.find(name)
				return fmt.Errorf("has a value that the dimension does not: %w", err)
			}
		}
	} else if v.Number == nil {
		return fmt.Errorf("takes one number in %s, not a list", accepted(dim.Unit))
	} else if v.Number.Sign() < 0 {
		return fmt.Errorf("is below zero: %s", v)
	} else if !fits(v.Unit, dim.Unit) {
		return fmt.Errorf("is in %q; this dimension is measured in %s", v.Unit, accepted(dim.Unit))
	}
	if v.IsZero() {
		return errors.New("says nothing; name at least one value")
	}
	return nil
}
