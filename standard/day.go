package standard

import (
	"cmp"
	"fmt"
	"time"
)

// dayLayout is how a day is written in files: ISO 8601.
const dayLayout = "2006-01-02"

// ParseDay reads a day such as "2027-01-04".
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(dayLayout, text)
	if err != nil {
		return Day{}, fmt.Errorf("%q is not a day; write year, month and day as in 2027-01-04", text)
	}
	return dayIn(t), nil
}

// DayOf returns the day on which the moment falls in the time zone.
func DayOf(t time.Time, loc *time.Location) Day { return dayIn(t.In(loc)) }

func dayIn(t time.Time) Day {
	year, month, date := t.Date()
	return Day{year, month, date}
}

// String writes the day as in files, "2027-01-04"; the zero day is empty.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(dayLayout)
}

// Text writes the day for people: "4 January 2027"; the zero day is empty.
func (d Day) Text() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format("2 January 2006")
}

// YearMonth writes the day's month as "2027-01".
func (d Day) YearMonth() string { return d.utc().Format("2006-01") }

// IsZero reports whether d is the zero day, which is before every other.
func (d Day) IsZero() bool { return d == Day{} }

// Compare returns -1, 0 or +1 as d is before, equal to or after e.
func (d Day) Compare(e Day) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Date, e.Date))
}

// Before reports whether d is an earlier day than e.
func (d Day) Before(e Day) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Day) After(e Day) bool { return d.Compare(e) > 0 }

// AddDays returns the day n days later, or earlier when n is negative.
func (d Day) AddDays(n int) Day { return dayIn(d.utc().AddDate(0, 0, n)) }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// In returns the first moment of the day in the time zone. That is midnight,
// except where clocks skip it: then it is the moment of the change.
func (d Day) In(loc *time.Location) time.Time {
	midnight := time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, loc)
	began, ends := midnight.ZoneBounds()
	if DayOf(midnight, loc).Before(d) {
		return ends // midnight was skipped, and Date went back from it
	}
	if began.IsZero() {
		return midnight
	}
	// Where clocks go back over midnight it comes twice; the first counts.
	_, offset := began.Add(-time.Nanosecond).Zone()
	first := time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, time.FixedZone("", offset))
	if first.Before(began) && first.Before(midnight) {
		return first.In(loc)
	}
	return midnight
}

// End returns the first moment after the day in the time zone.
func (d Day) End(loc *time.Location) time.Time { return d.AddDays(1).In(loc) }

// MarshalText writes the day as String does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the day as ParseDay does; empty is the zero day.
func (d *Day) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	*d, err = ParseDay(string(text))
	return err
}

func (d Day) utc() time.Time { return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, time.UTC) }
