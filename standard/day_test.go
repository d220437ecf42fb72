package standard

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones below, also where the system has none
)

func TestParseDay(t *testing.T) {
	day, err := ParseDay("2027-01-04")
	if err != nil || day != (Day{2027, time.January, 4}) {
		t.Fatalf("ParseDay = %v, %v", day, err)
	}
	if day.String() != "2027-01-04" || day.Text() != "4 January 2027" || day.Weekday() != time.Monday {
		t.Errorf("the day reads %q, %q, %v", day, day.Text(), day.Weekday())
	}
	for _, text := range []string{"", "2027-1-4", "2027-02-29", "4 January 2027", "2027-01-04T00:00:00Z", "20270104"} {
		if _, err := ParseDay(text); err == nil || !strings.Contains(err.Error(), "2027-01-04") {
			t.Errorf("ParseDay(%q): error %v, want one that shows how to write a day", text, err)
		}
	}
}

func TestDayOrder(t *testing.T) {
	days := []Day{{}, {2026, 12, 31}, {2027, 1, 4}, {2027, 1, 5}, {2027, 2, 1}, {2028, 1, 1}}
	for i, a := range days {
		for j, b := range days {
			if a.Before(b) != (i < j) || a.After(b) != (i > j) || (a.Compare(b) == 0) != (i == j) {
				t.Errorf("%v and %v: before %v, after %v, compare %d", a, b, a.Before(b), a.After(b), a.Compare(b))
			}
		}
	}
	if got := (Day{2028, 2, 28}).AddDays(2); got != (Day{2028, 3, 1}) {
		t.Errorf("two days after 28 February 2028 is %v, want 2028-03-01", got)
	}
}

func TestDayAsJSON(t *testing.T) {
	type page struct{ From, Never Day }
	text, err := json.Marshal(page{From: Day{2027, 1, 4}})
	if err != nil || string(text) != `{"From":"2027-01-04","Never":""}` {
		t.Fatalf("JSON is %s, %v", text, err)
	}
	var back page
	if err := json.Unmarshal(text, &back); err != nil || back.From != (Day{2027, 1, 4}) || !back.Never.IsZero() {
		t.Errorf("read back: %+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"From":"soon"}`), &back); err == nil {
		t.Error("JSON with no day in it was accepted")
	}
}

// Clocks skip midnight in São Paulo and Havana, repeat it in Havana and Amman, go back
// over it in St John's, and skip whole days in Apia.
var hardZones = []string{"UTC", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "America/St_Johns", "Pacific/Apia", "Africa/Cairo", "Asia/Beirut", "Asia/Amman"}

func TestDayBeginsWithItsFirstMoment(t *testing.T) {
	for _, name := range hardZones {
		loc := zone(t, name)
		for day := (Day{1985, 1, 1}); day.Year < 2030; day = day.AddDays(1) {
			start := day.In(loc)
			got := DayOf(start, loc)
			skipped := name == "Pacific/Apia" && day == (Day{2011, 12, 30})
			if got != day && !skipped {
				t.Fatalf("%s: %v begins at %v", name, day, start)
			}
			if before := DayOf(start.Add(-time.Nanosecond), loc); !before.Before(day) {
				t.Fatalf("%s: just before %v begins, at %v, it is already %v", name, day, start, before)
			}
			if start.Hour() != 0 && start.Add(-time.Nanosecond).Hour() != 23 {
				t.Fatalf("%s: %v begins at %v", name, day, start)
			}
		}
	}
}

func TestDayEnds(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	spring := Day{2027, 3, 28}
	if hours := spring.End(berlin).Sub(spring.In(berlin)).Hours(); hours != 23 {
		t.Errorf("the day on which summer time begins has %v hours, want 23", hours)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
