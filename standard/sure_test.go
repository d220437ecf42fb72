package standard

import (
	"slices"
	"strings"
	"testing"
)

// TestMatchReading answers sentences on a small catalogue: what is a yes, and what has to
// be asked first.
func TestMatchReading(t *testing.T) {
	base := records(t) // in-state 8 h, nationwide 24 h; 5,000 a month; set-up 5 bd
	express := &Offering{ID: "express", Title: "Express", Extends: []string{base.ID}, Tiers: []Tier{{"express", Figures{
		"turnaround": figure(t, turnaround, "4h"), "scope": figure(t, scope, "in-state"), "volume": figure(t, volume, "300"),
	}}}}
	base.Title = "Records search"
	all := []*Offering{base, express}
	dims := slices.DeleteFunc(slices.Clone(dimensions), func(d Dimension) bool { return fits(d.Unit, "per day") })
	book, lx := NewBook(dims, workingWeek(), all, Day{2026, 12, 7}), NewLexicon(dims, all)
	for text, want := range map[string]string{
		"nationwide in 24 hours":                         "inside",
		"nationwide in 24 hours, translated":             "open unread",
		"nationwide in 24 hours for llamas":              "open unread",
		"translated":                                     "open unread",
		"":                                               "outside",
		"nationwide in 12 hours, translated":             "outside",
		"in-state in 8 hours, not nationwide":            "inside",
		"8 hours, not in-state":                          "open unread",
		"nationwide in 24 hours, if possible":            "inside",
		"about 3,000 a month":                            "inside",
		"about 5,000 a month":                            "open roughly volume",
		"at least 4,800 a month":                         "open roughly volume",
		"nationwide in under 48 hours":                   "inside",
		"nationwide in under 24 hours":                   "open roughly turnaround",
		"in-state in under 8 hours":                      "combination",
		"24 hours nationwide, 7 Werktage to set up":      "inside",
		"24 hours nationwide, 5 Werktage to set up":      "open roughly setup",
		"100 a day":                                      "inside",
		"200 a day":                                      "open counted volume",
		"400 a day":                                      "outside",
		"1,200 a week":                                   "open counted volume",
		"4,000-6,000 a month":                            "outside",
		"Express, nationwide":                            "outside",
		"Express and " + base.Title + ", nationwide":     "open mixed",
		"Express and " + base.Title + ", 4 h, in-state":  "combination",
		base.Title + " in 8 hours, 30 a month, in-state": "inside",
	} {
		reading := lx.Read(text)
		m, err := book.MatchReading(reading)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		got := strings.TrimSpace(strings.Join(append([]string{string(m.Verdict), string(m.Why)}, m.Tight...), " "))
		if got != want {
			t.Errorf("%q is answered %q, want %q (need %v, only %v, unread %q, no doubt %q)", text, got, want, reading.Need, reading.Only, reading.Unread, reading.Waived)
		}
	}
}
