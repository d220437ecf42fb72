package standard

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseCalendar(t *testing.T) {
	c, err := ParseCalendar("mon-fri", "08:00-18:00", []string{"2027-01-01", "2026-12-25", "2027-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Opens != 8*time.Hour || c.Closes != 18*time.Hour {
		t.Errorf("hours are %v to %v", c.Opens, c.Closes)
	}
	if !slices.Equal(c.Holidays, []Day{{2026, 12, 25}, {2027, 1, 1}}) {
		t.Errorf("holidays are %v", c.Holidays)
	}
	for day, works := range map[Day]bool{
		{2026, 12, 24}: true, {2026, 12, 25}: false, {2026, 12, 26}: false, {2026, 12, 28}: true, {2027, 1, 1}: false,
	} {
		if c.Works(day) != works {
			t.Errorf("%s %s is a business day: %v, want %v", day.Weekday(), day, !works, works)
		}
	}
}

func TestParseWeek(t *testing.T) {
	for text, want := range map[string]string{
		"mon-fri":               "Monday Tuesday Wednesday Thursday Friday",
		"sun-thu":               "Monday Tuesday Wednesday Thursday Sunday",
		"sat-mon":               "Monday Saturday Sunday",
		"mon-wed, fri":          "Monday Tuesday Wednesday Friday",
		"Wednesday":             "Wednesday",
		"mon, tuesday ,mon-tue": "Monday Tuesday",
	} {
		week, err := ParseWeek(text)
		var names []string
		for _, day := range week {
			names = append(names, day.String())
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("week %q is %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "mo-fr", "mon-", "mon-fri-sun", "1-5"} {
		if week, err := ParseWeek(text); err == nil {
			t.Errorf("week %q was read as %v", text, week)
		}
	}
}

func TestParseHours(t *testing.T) {
	if _, closes, err := ParseHours("00:00 - 24:00"); err != nil || closes != 24*time.Hour {
		t.Errorf("round the clock closes at %v, %v", closes, err)
	}
	for _, text := range []string{"", "8-18", "08:00", "18:00-08:00", "08:00-08:00", "08:60-18:00", "08:00-24:01", "08:00-99:00"} {
		if opens, closes, err := ParseHours(text); err == nil {
			t.Errorf("hours %q were read as %v to %v", text, opens, closes)
		}
	}
}
