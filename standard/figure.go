package standard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// On returns the value that holds on the day; the zero Value when the figure
// is empty or begins later.
func (f Figure) On(day Day) Value {
	for _, dated := range slices.Backward(f) {
		if !day.Before(dated.From) {
			return dated.Value
		}
	}
	return Value{}
}

// Next returns the first day after the given one on which the figure
// changes, or the zero day when it no longer does.
func (f Figure) Next(day Day) Day {
	for _, dated := range f {
		if dated.From.After(day) {
			return dated.From
		}
	}
	return Day{}
}

// Key writes the figure with its days canonically, for hashing:
// "24h;2027-01-04=36h".
func (f Figure) Key() string {
	var b strings.Builder
	for i, dated := range f {
		if i > 0 {
			fmt.Fprintf(&b, ";%s=", dated.From)
		}
		b.WriteString(dated.Value.Key())
	}
	return b.String()
}

// Validate returns what is wrong with the figure in the dimension: no value,
// a value of the wrong kind or unit, days that don't ascend.
func (f Figure) Validate(dim Dimension) error {
	if len(f) == 0 {
		return errors.New("says nothing")
	}
	if first := f[0].From; !first.IsZero() {
		return fmt.Errorf("begins on %s only; the first value of a list has no day", first.Text())
	}
	for i, dated := range f {
		if err := dated.Value.check(dim); err != nil {
			return err
		}
		if i == 0 {
			continue
		}
		if before := f[i-1]; !before.From.Before(dated.From) {
			return fmt.Errorf("has %s from %s behind a value from %s; write the later day last, each day once", dated.Value, dated.From.Text(), before.From.Text())
		} else if before.Value.Equal(dated.Value) {
			return fmt.Errorf("does not change on %s: it is %s before and after", dated.From.Text(), dated.Value)
		}
	}
	return nil
}
