package content

import (
	"os"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/standard"
)

// TestNeeds reads what reps of the sample company type, part by part: testdata/needs.txt
// says of every need what is read, and what is shown as not read.
func TestNeeds(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	raw, err := os.ReadFile("testdata/needs.txt")
	if err != nil {
		t.Fatal(err)
	}
	needs := 0
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSuffix(line, "\n"); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%q says not what is read of it", line)
		}
		needs++
		if got := readBack(lib, strings.ReplaceAll(text, `\n`, "\n")); got != want {
			t.Errorf("%q\n reads %s\n  want %s", text, got, want)
		}
	}
	if needs < 800 {
		t.Errorf("there are %d needs; want at least 800", needs)
	}
}

// readBack writes what is read of a text: of every part its need, and in brackets what is
// left unread, "|" between the parts.
func readBack(lib *Library, text string) string {
	var parts []string
	for _, r := range lib.Lexicon().ReadParts(text) {
		var one []string
		if len(r.Only) > 0 {
			one = append(one, "only="+strings.Join(r.Only, ", "))
		}
		for _, d := range lib.Dimensions {
			if v := r.Need[d.Name]; !v.IsZero() {
				one = append(one, d.Name+"="+v.String())
			}
		}
		said := strings.Join(one, "; ")
		if r.Unread != "" {
			said = strings.TrimSpace(said + " [" + r.Unread + "]")
		}
		parts = append(parts, said)
	}
	return strings.Join(parts, " | ")
}

// TestNeedsByTheOtherWay holds what no way of saying a need may change: its order, a
// greeting around it, the unit in which it is written.
func TestNeedsByTheOtherWay(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	asks := []string{"nationwide", "back within 24 hours", "3,000 a month", "with our logo", "set up in 10 business days", "no portal", "18,000 names"}
	for i := range asks {
		for j := range asks {
			if i == j {
				continue
			}
			text, turned := asks[i]+", "+asks[j], asks[j]+", "+asks[i]
			a, b := lib.Lexicon().Read(text), lib.Lexicon().Read(turned)
			if !sameNeed(a.Need, b.Need) || a.Need["customisation"].IsZero() != !strings.Contains(text, "logo") {
				t.Errorf("%q reads %v, the other way round %v", text, a.Need, b.Need)
			}
			for _, around := range [][2]string{{"Hi, ", ""}, {"Hello team,\n\n", ""}, {"", ". Thanks!"}, {"Dear all, please check: ", "?\n\nKind regards"}, {"Guten Tag, ", ". Viele Grüße"}} {
				if got := readBack(lib, around[0]+text+around[1]); got != readBack(lib, text) {
					t.Errorf("%q between %q reads %s, without %s", text, around, got, readBack(lib, text))
				}
			}
		}
	}
	for one, same := range map[string]string{"24 hours": "1 day", "8h": "480 minutes", "set up in 2 weeks": "set up in 14 days", "2,000 a month": "two thousand per month", "back in 36h": "back in 1.5 days", "1.2k searches/mo": "1,200 searches each month", "within 1/2 day": "within 12 hours"} {
		if a, b := lib.Lexicon().Read(one), lib.Lexicon().Read(same); !sameNeed(a.Need, b.Need) || len(a.Need) == 0 || a.Unread+b.Unread != "" {
			t.Errorf("%q reads %v, and %q %v", one, a.Need, same, b.Need)
		}
	}
}

// TestNoRangeIsInsideByItsBetterEnd holds the iron rule of ranges: what is said of one to
// be inside the box is so of both its ends.
func TestNoRangeIsInsideByItsBetterEnd(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	verdict := func(text string) standard.Verdict {
		reading := lib.Lexicon().Read(text)
		if len(reading.Need) == 0 {
			return standard.Outside
		}
		m, err := lib.Book(lib.Day).Match(reading.Need, reading.Only...)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		return m.Verdict
	}
	held := 0
	for _, unit := range []string{"h nationwide", " Stunden", " Arbeitstage bundesweit", " business days to set up", " a month", " copies a month", " Kopien pro Monat", "k a month", "k names", " Tsd. Namen"} {
		for _, ends := range [][2]string{{"1", "2"}, {"2", "8"}, {"4", "12"}, {"8", "24"}, {"12", "48"}, {"24", "72"}, {"100", "500"}, {"600", "900"}, {"1000", "4000"}, {"4000", "6000"}} {
			text := ends[0] + "-" + ends[1] + unit
			if verdict(text) == standard.Outside {
				continue
			}
			if held++; verdict(ends[0]+unit) == standard.Outside || verdict(ends[1]+unit) == standard.Outside {
				t.Errorf("%q is inside the box, and one of its ends is not", text)
			}
		}
	}
	if held < 20 {
		t.Errorf("only %d ranges were inside the box; the test shows little", held)
	}
}

// sameNeed compares what is meant, whatever the unit.
func sameNeed(a, b standard.Need) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		if w, there := b[name]; !there || v.Key() != w.Key() {
			return false
		}
	}
	return true
}
