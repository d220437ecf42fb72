package certify

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones below, also where the system has none

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for text, want := range map[string]Period{
		"1y": {1, 0, 0}, "6m": {0, 6, 0}, "90d": {0, 0, 90}, "1y6m": {1, 6, 0}, " 2y 3m 4d ": {2, 3, 4}, "100y": {100, 0, 0},
	} {
		got, err := ParsePeriod(text)
		if err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
		if back, err := ParsePeriod(got.String()); err != nil || back != got {
			t.Errorf("%q is written %q, which reads %v, %v", text, got, back, err)
		}
	}
	for _, text := range []string{"", "0d", "0y0m", "1", "y", "1w", "-1y", "1.5y", "6m1y", "101y", "99999d", "1 year"} {
		if got, err := ParsePeriod(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestParseDays(t *testing.T) {
	for text, want := range map[string]int{"60d": 60, "0d": 0, " 7 d": 7} {
		if got, err := ParseDays(text); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "60", "-1d", "2m", "99999d"} {
		if got, err := ParseDays(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestAddTo(t *testing.T) {
	for _, c := range []struct{ zone, from, period, until string }{
		{"UTC", "2027-01-04T10:00:00Z", "1y", "2028-01-04"},
		{"UTC", "2028-02-29T10:00:00Z", "1y", "2029-02-28"},
		{"UTC", "2028-02-29T10:00:00Z", "4y", "2032-02-29"},
		{"UTC", "2027-01-31T00:00:00Z", "1m", "2027-02-28"},
		{"UTC", "2027-08-31T00:00:00Z", "6m", "2028-02-29"},
		{"UTC", "2027-12-31T23:59:59Z", "2m", "2028-02-29"},
		{"UTC", "2027-01-31T00:00:00Z", "1m1d", "2027-03-01"},
		{"UTC", "2027-01-01T00:00:00Z", "90d", "2027-04-01"},
		// Half past eleven at night in UTC is the next day in Berlin.
		{"Europe/Berlin", "2027-01-04T23:30:00Z", "1y", "2028-01-05"},
		{"America/New_York", "2027-01-04T02:00:00Z", "1y", "2028-01-03"},
		{"America/Sao_Paulo", "2017-11-03T12:00:00Z", "1y", "2018-11-03"}, // clocks skip the midnight after it
	} {
		loc := zone(t, c.zone)
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		until := p.AddTo(from, loc)
		if got := until.Format(time.DateOnly); got != c.until {
			t.Errorf("%s in %s + %s holds until %v, want %s", c.from, c.zone, c.period, until, c.until)
		}
		if next := until.Add(time.Millisecond).Format(time.DateOnly); next == c.until {
			t.Errorf("%s in %s + %s: a millisecond after %v is still the same day", c.from, c.zone, c.period, until)
		}
		if !InForce(until, until.Add(time.Millisecond-1)) || InForce(until, until.Add(time.Millisecond)) {
			t.Errorf("what holds until %v does not hold to the end of it", until)
		}
	}
	if !(Period{}).AddTo(time.Now(), time.UTC).IsZero() || !InForce(time.Time{}, time.Now()) {
		t.Error("a period without end has one")
	}
}

// The end of a day is its last millisecond, whatever clocks do that night.
func TestEndOfDayInHardZones(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "America/St_Johns", "Pacific/Apia", "Africa/Cairo", "Asia/Amman"} {
		loc := zone(t, name)
		for d := time.Date(1985, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() < 2030; d = d.AddDate(0, 0, 1) {
			end := endOfDay(d.Year(), d.Month(), d.Day(), loc)
			want := d.Format(time.DateOnly)
			if name == "Pacific/Apia" && want == "2011-12-30" {
				want = "2011-12-29" // the island left the 30th out
			}
			for after, date := range map[time.Duration]string{0: want, time.Millisecond: "", 3 * time.Hour: ""} {
				got := end.Add(after).Format(time.DateOnly)
				if date != "" && got != date || date == "" && got <= want {
					t.Fatalf("%s: %s ends at %v; %v later it is %s", name, want, end, after, got)
				}
			}
		}
	}
}

func TestAddToProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0)
		p := Period{rapid.IntRange(0, 10).Draw(t, "years"), rapid.IntRange(0, 30).Draw(t, "months"), rapid.IntRange(1, 1000).Draw(t, "days")}
		until := p.AddTo(from, loc)
		longer := Period{p.Years, p.Months, p.Days + 1}.AddTo(from, loc)
		if !until.After(from) || !longer.After(until) {
			t.Fatalf("%v + %s is %v, and with a day more %v", from, p, until, longer)
		}
		if later := p.AddTo(from.Add(time.Hour), loc); later.Before(until) {
			t.Fatalf("an hour later the end %v is earlier than %v", later, until)
		}
	})
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
