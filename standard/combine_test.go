package standard

import "testing"

func TestCombine(t *testing.T) {
	base := records(t)
	express := &Offering{
		ID: "express", Extends: []string{base.ID},
		Widens: Figures{"scope": figure(t, scope, "nationwide")}, // of the others, not of its own tier
		Tiers:  []Tier{{"express", Figures{"turnaround": figure(t, turnaround, "4h"), "volume": figure(t, volume, "300")}}},
	}
	portal := &Offering{
		ID: "portal", Extends: []string{base.ID},
		Widens: Figures{"scope": figure(t, scope, "international, in-state")},
		Adds: Figures{
			"setup":      {{Value: must(t, setup, "30 bd")}, {From: Day{2027, 2, 1}, Value: must(t, setup, "20 bd")}},
			"turnaround": figure(t, turnaround, "1 d"),
			"price":      figure(t, price, "400"),
		},
	}
	on := func(tiers []Tier, i int, dim string, day Day) string {
		return tiers[i].Figures[dim].On(day).String()
	}
	tiers := Combine(dimensions, base, express, portal)
	if len(tiers) != 3 || tiers[2].Name != "express" {
		t.Fatalf("tiers %+v, want in-state, nationwide, express", tiers)
	}
	for _, c := range []struct {
		tier int
		dim  string
		day  Day
		want string
	}{
		{0, "turnaround", Day{}, "32 h"},
		{1, "turnaround", Day{2027, 1, 3}, "48 h"},
		{1, "turnaround", Day{2027, 1, 4}, "60 h"},
		{1, "turnaround", Day{2027, 6, 1}, "54 h"},
		{2, "turnaround", Day{}, "28 h"},
		{0, "setup", Day{}, "35 business days"},
		{2, "setup", Day{2027, 2, 1}, "25 business days"},
		{2, "volume", Day{}, "300 per month"}, // its own, not the base's common one
		{1, "volume", Day{}, "5,000 per month"},
		{0, "scope", Day{}, "in-state, nationwide, international"},
		{1, "scope", Day{}, "in-state, nationwide, international"},
		{2, "scope", Day{}, "in-state, international"}, // nothing was said, and is widened all the same
		{0, "price", Day{}, ""},
	} {
		if got := on(tiers, c.tier, c.dim, c.day); got != c.want {
			t.Errorf("%s %s on %s is %q, want %q", tiers[c.tier].Name, c.dim, c.day, got, c.want)
		}
	}
	if got := len(tiers[1].Figures["turnaround"]); got != 3 {
		t.Errorf("the nationwide turnaround has %d dates, want the base's 3", got)
	}
	base.Tiers[0].Figures["turnaround"] = figure(t, turnaround, "2 bd")
	if f, ok := Combine(dimensions, base, portal)[0].Figures["turnaround"]; ok {
		t.Errorf("a day on top of 2 business days is %v, want nothing without a calendar", f)
	}
	if got := Combine(dimensions, base); on(got, 1, "setup", Day{}) != "5 business days" || len(base.Common) != 2 || len(base.Tiers[1].Figures) != 2 {
		t.Errorf("the base alone: %+v; and it must not have changed: %+v", got, base)
	}
}
