package certify

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var period = regexp.MustCompile(`^\s*(?:(\d{1,5})y)?\s*(?:(\d{1,5})m)?\s*(?:(\d{1,5})d)?\s*$`)

// ParsePeriod reads a calendar length such as "1y", "6m", "90d" or "1y6m",
// longer than nothing and at most a hundred years.
func ParsePeriod(text string) (Period, error) {
	m := period.FindStringSubmatch(text)
	if m == nil {
		return Period{}, fmt.Errorf("%q is not a period; write years, months or days as in 1y, 6m or 90d", text)
	}
	p := Period{count(m[1]), count(m[2]), count(m[3])}
	if p.IsZero() {
		return Period{}, fmt.Errorf("period %q has no length; write it as in 1y, 6m or 90d, or leave it out for no end", text)
	}
	if p.Years > 100 || p.Months > 1200 || p.Days > 36500 {
		return Period{}, fmt.Errorf("period %q is longer than a hundred years; leave it out for no end", text)
	}
	return p, nil
}

// count reads the digits of one part; the pattern bounds them.
func count(digits string) int {
	n, _ := strconv.Atoi(digits) // only empty fails, and that is zero
	return n
}

var days = regexp.MustCompile(`^\s*(\d{1,5})\s*d\s*$`)

// ParseDays reads a number of days such as "60d", "0d" included.
func ParseDays(text string) (int, error) {
	m := days.FindStringSubmatch(text)
	if m == nil || count(m[1]) > 36500 {
		return 0, fmt.Errorf("%q is not a number of days; write it as in 30d", text)
	}
	return count(m[1]), nil
}

// IsZero reports whether the period is without end.
func (p Period) IsZero() bool { return p == Period{} }

// String writes the period as in files: "1y", "1y6m"; empty without end.
func (p Period) String() string {
	var text string
	for _, part := range []struct {
		n    int
		unit string
	}{{p.Years, "y"}, {p.Months, "m"}, {p.Days, "d"}} {
		if part.n != 0 {
			text += strconv.Itoa(part.n) + part.unit
		}
	}
	return text
}

// AddTo returns the end of the period that begins on the day of t in the time
// zone: the last millisecond of its last day. Without end it is the zero time.
func (p Period) AddTo(t time.Time, loc *time.Location) time.Time {
	if p.IsZero() {
		return time.Time{}
	}
	year, month, date := t.In(loc).Date()
	// The first of the month never overflows, so this is the month meant.
	first := time.Date(year+p.Years, month+time.Month(p.Months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	end := first.AddDate(0, 0, min(date, last)-1+p.Days)
	return endOfDay(end.Year(), end.Month(), end.Day(), loc)
}

// resolution is that of stored times.
const resolution = time.Millisecond

// endOfDay returns the last millisecond that carries the date. Where clocks
// skip the next midnight, the day ends at the change; where they repeat it,
// at the last time they pass it.
func endOfDay(year int, month time.Month, date int, loc *time.Location) time.Time {
	// Two hours into the next day it surely is the next day, and the zone
	// changes nearby are behind us.
	next := time.Date(year, month, date+1, 2, 0, 0, 0, loc)
	want := time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
	// The last moment of the date lies less than a day and two hours back;
	// the offsets before the changes in between are tried, latest first.
	for probe := next; ; {
		_, offset := probe.Zone()
		began, _ := probe.ZoneBounds()
		// Midnight by this offset, unless the offset began only later.
		midnight := time.Date(year, month, date+1, 0, 0, 0, 0, time.FixedZone("", offset))
		if began.IsZero() || midnight.After(began) {
			return midnight.Add(-resolution).In(loc)
		}
		before := began.Add(-resolution).In(loc)
		if y, m, d := before.Date(); !time.Date(y, m, d, 0, 0, 0, 0, time.UTC).After(want) {
			return before
		}
		probe = before
	}
}

// InForce reports whether what holds until the given end holds now; a zero
// end is without end. The end's last millisecond belongs to it whole.
func InForce(until, now time.Time) bool {
	return until.IsZero() || now.Before(until.Add(resolution))
}
