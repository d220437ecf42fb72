package standard

import (
	"strings"
	"testing"
)

func must(t *testing.T, dim Dimension, text string) Value {
	t.Helper()
	v, err := ParseValue(dim, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func figure(t *testing.T, dim Dimension, text string) Figure {
	return Figure{{Value: must(t, dim, text)}}
}

// records is a base offering whose nationwide turnaround changes twice.
func records(t *testing.T) *Offering {
	return &Offering{
		ID:     "records-search",
		Common: Figures{"setup": figure(t, setup, "5 bd"), "volume": figure(t, volume, "5000")},
		Tiers: []Tier{
			{"in-state", Figures{"turnaround": figure(t, turnaround, "8h"), "scope": figure(t, scope, "in-state")}},
			{"nationwide", Figures{
				"turnaround": {
					{Value: must(t, turnaround, "24h")},
					{From: Day{2027, 1, 4}, Value: must(t, turnaround, "36h")},
					{From: Day{2027, 6, 1}, Value: must(t, turnaround, "30h")},
				},
				"scope": figure(t, scope, "in-state, nationwide"),
			}},
		},
		States: map[string]string{"setup": "onboarding"},
	}
}

func TestFigureOn(t *testing.T) {
	o := records(t)
	f, ok := o.Figure("nationwide", "turnaround")
	if !ok {
		t.Fatal("the nationwide tier has no turnaround")
	}
	for _, c := range []struct {
		day        Day
		want, next string
	}{
		{Day{}, "24 h", "2027-01-04"},
		{Day{2027, 1, 3}, "24 h", "2027-01-04"},
		{Day{2027, 1, 4}, "36 h", "2027-06-01"},
		{Day{2027, 5, 31}, "36 h", "2027-06-01"},
		{Day{2027, 6, 1}, "30 h", ""},
		{Day{2099, 1, 1}, "30 h", ""},
	} {
		if got := f.On(c.day).String(); got != c.want {
			t.Errorf("on %s the figure is %s, want %s", c.day, got, c.want)
		}
		if got := o.NextChange(c.day).String(); got != c.next {
			t.Errorf("after %s the next change is on %q, want %q", c.day, got, c.next)
		}
	}
	if !(Figure{}).On(Day{}).IsZero() {
		t.Error("an empty figure says something")
	}
}

func TestTiersOn(t *testing.T) {
	promises := records(t).TiersOn(Day{2027, 1, 4})
	if len(promises) != 2 || promises[0].Tier != "in-state" || promises[1].Tier != "nationwide" {
		t.Fatalf("tiers: %+v", promises)
	}
	got := promises[1].Values
	want := map[string]string{"turnaround": "36 h", "scope": "in-state, nationwide", "setup": "5 business days", "volume": "5,000 per month"}
	if len(got) != len(want) {
		t.Errorf("nationwide says %v, want %v", got, want)
	}
	for dim, text := range want {
		if got[dim].String() != text {
			t.Errorf("nationwide %s is %q, want %q", dim, got[dim], text)
		}
	}
}

func TestFigureOfTier(t *testing.T) {
	o := records(t)
	for _, c := range []struct {
		tier, dim string
		want      bool
	}{
		{"in-state", "turnaround", true},
		{"in-state", "setup", true},
		{"", "setup", true},
		{"", "turnaround", false},
		{"express", "setup", false},
		{"in-state", "price", false},
	} {
		if _, ok := o.Figure(c.tier, c.dim); ok != c.want {
			t.Errorf("tier %q, %s: found %v, want %v", c.tier, c.dim, ok, c.want)
		}
	}
}

func TestKeyChangesWithWhatIsStatedOnly(t *testing.T) {
	before := records(t).Key("turnaround", "setup", "scope")
	for name, c := range map[string]struct {
		change func(*Offering)
		same   bool
	}{
		"another spelling of a figure": {func(o *Offering) { o.Common["setup"] = figure(t, setup, "5 business days") }, true},
		"a day for 24 hours": {func(o *Offering) {
			o.Tiers[1].Figures["turnaround"][0].Value = must(t, turnaround, "1 d")
		}, true},
		"another dimension": {func(o *Offering) { o.Common["volume"] = figure(t, volume, "6000") }, true},
		"a common figure":   {func(o *Offering) { o.Common["setup"] = figure(t, setup, "6 bd") }, false},
		"a tier's figure":   {func(o *Offering) { o.Tiers[0].Figures["turnaround"] = figure(t, turnaround, "9h") }, false},
		"a day":             {func(o *Offering) { o.Tiers[1].Figures["turnaround"][1].From = Day{2027, 1, 5} }, false},
		"a tier's name":     {func(o *Offering) { o.Tiers[0].Name = "local" }, false},
		"what it adds":      {func(o *Offering) { o.Adds = Figures{"setup": figure(t, setup, "1")} }, false},
	} {
		o := records(t)
		c.change(o)
		if same := o.Key("scope", "setup", "turnaround", "setup") == before; same != c.same {
			t.Errorf("after a change of %s the key is the same: %v, want %v", name, same, c.same)
		}
	}
}

func TestValidate(t *testing.T) {
	addOn := func(t *testing.T) *Offering {
		return &Offering{
			ID: "own-portal", Extends: []string{"records-search"},
			Widens: Figures{"scope": figure(t, scope, "international")}, Adds: Figures{"setup": figure(t, setup, "30 bd")},
		}
	}
	for name, o := range map[string]*Offering{"base": records(t), "add-on": addOn(t)} {
		if problems := o.Validate(dimensions); len(problems) > 0 {
			t.Errorf("a sound %s has problems: %v", name, problems)
		}
	}
	for _, c := range []struct {
		want   string
		make   func(*testing.T) *Offering
		change func(*Offering)
	}{
		{"tiers: an offering needs at least one tier", records, func(o *Offering) { o.Tiers = nil }},
		{"tier 1: give the tier a name", records, func(o *Offering) { o.Tiers[0].Name = "" }},
		{`tier "In State": a name is lower-case`, records, func(o *Offering) { o.Tiers[0].Name = "In State" }},
		{`tier "in-state": another tier`, records, func(o *Offering) { o.Tiers[1].Name = "in-state" }},
		{`tier "in-state", setup: common says it, too`, records, func(o *Offering) { o.Tiers[0].Figures["setup"] = figure(t, setup, "4") }},
		{`tier "in-state", turnarond: library.md declares no such dimension; did you mean "turnaround"?`, records, func(o *Offering) { o.Tiers[0].Figures["turnarond"] = figure(t, turnaround, "4") }},
		{`common, colour: library.md declares no such dimension`, records, func(o *Offering) { o.Common["colour"] = figure(t, scope, "in-state") }},
		{`tier "in-state", turnaround: takes one number in min, h, d or bd, not a list`, records, func(o *Offering) { o.Tiers[0].Figures["turnaround"] = figure(t, scope, "in-state") }},
		{`tier "in-state", scope: takes a list of names, not the number 4 h`, records, func(o *Offering) { o.Tiers[0].Figures["scope"] = figure(t, turnaround, "4") }},
		{`common, volume: is in "EUR"`, records, func(o *Offering) { o.Common["volume"] = figure(t, price, "4") }},
		{`common, volume: says nothing`, records, func(o *Offering) { o.Common["volume"] = nil }},
		{`tier "in-state", scope: has a value that the dimension does not`, records, func(o *Offering) { o.Tiers[0].Figures["scope"] = Figure{{Value: Value{Set: []string{"moon"}}}} }},
		{`tier "nationwide", turnaround: has 30 h from 4 January 2027 behind a value from 4 January 2027`, records, func(o *Offering) { o.Tiers[1].Figures["turnaround"][2].From = Day{2027, 1, 4} }},
		{`tier "nationwide", turnaround: begins on 1 June 2026 only`, records, func(o *Offering) { o.Tiers[1].Figures["turnaround"][0].From = Day{2026, 6, 1} }},
		{`tier "nationwide", turnaround: does not change on 4 January 2027: it is 1 day`, records, func(o *Offering) { o.Tiers[1].Figures["turnaround"][1].Value = must(t, turnaround, "1 d") }},
		{`clauses, price: the box says nothing of this dimension`, records, func(o *Offering) { o.States["price"] = "price" }},
		{`clauses, stup: library.md declares no such dimension; did you mean "setup"?`, records, func(o *Offering) { o.States["stup"] = "setup" }},
		{`widens: only an add-on widens`, records, func(o *Offering) { o.Widens = Figures{"scope": figure(t, scope, "international")} }},
		{`adds: only an add-on adds`, records, func(o *Offering) { o.Adds = Figures{"setup": figure(t, setup, "3")} }},
		{`adds, scope: only numbers are added`, addOn, func(o *Offering) { o.Adds["scope"] = figure(t, scope, "in-state") }},
		{`widens, setup: only sets are widened`, addOn, func(o *Offering) { o.Widens["setup"] = figure(t, setup, "3") }},
		{`adds, setup: 4 h can't be added to figures in bd`, addOn, func(o *Offering) { o.Adds["setup"] = figure(t, setup, "4 h") }},
		{`extends: an offering can't extend itself`, addOn, func(o *Offering) { o.Extends = []string{"own-portal"} }},
		{`extends: "a" stands there twice`, addOn, func(o *Offering) { o.Extends = []string{"a", "a"} }},
		{`extends: this add-on changes nothing`, addOn, func(o *Offering) { o.Widens, o.Adds = nil, nil }},
	} {
		o := c.make(t)
		c.change(o)
		problems := o.Validate(dimensions)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), c.want) {
			t.Errorf("problems %v, want one: %s", problems, c.want)
		}
	}
}

func TestTierThatPromisesNothing(t *testing.T) {
	o := &Offering{ID: "x", Tiers: []Tier{{Name: "all"}}}
	if problems := o.Validate(dimensions); len(problems) != 1 || problems[0].Error() != `tier "all": this tier promises nothing; give it figures` {
		t.Errorf("problems: %v", problems)
	}
}

func TestValidateDimension(t *testing.T) {
	for _, dim := range dimensions {
		if err := dim.Validate(); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		dim  Dimension
		want string
	}{
		{Dimension{Name: "Turn", Kind: NoMoreThan, Unit: "h"}, "lower-case"},
		{Dimension{Name: "only", Kind: NoMoreThan, Unit: "h"}, "this name is taken"},
		{Dimension{Name: "x", Kind: "less", Unit: "h"}, "no-more-than"},
		{Dimension{Name: "x", Kind: NoMoreThan}, "needs a unit"},
		{Dimension{Name: "x", Kind: NoMoreThan, Unit: "hours"}, `as "h"`},
		{Dimension{Name: "x", Kind: NoMoreThan, Unit: "weeks"}, "not a unit"},
		{Dimension{Name: "x", Kind: NoMoreThan, Unit: "h", Values: []string{"a"}}, "only kind all-of"},
		{Dimension{Name: "x", Kind: AllOf, Unit: "h", Values: []string{"a"}}, "not a unit"},
		{Dimension{Name: "x", Kind: AllOf}, "needs the values"},
		{Dimension{Name: "x", Kind: AllOf, Values: []string{"a", "a"}}, "twice"},
		{Dimension{Name: "x", Kind: AllOf, Values: []string{"a, b"}}, "joined by hyphens"},
		{Dimension{Name: "x", Kind: NoMoreThan, Unit: "h", Names: map[string]string{"a": "A"}}, "have names"},
		{Dimension{Name: "x", Kind: AllOf, Values: []string{"a"}, Names: map[string]string{"b": "B"}}, "not one of its values"},
		{Dimension{Name: "x", Kind: AllOf, Values: []string{"a-b"}, Names: map[string]string{"a-b": " "}}, "such as a-b: a b"},
		{Dimension{Name: "x", Kind: AllOf, Values: []string{"a", "b"}, Names: map[string]string{"a": "B"}}, "the same name"},
	} {
		if err := c.dim.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one that says %q", c.dim, err, c.want)
		}
	}
}

func TestSay(t *testing.T) {
	dim := Dimension{Name: "x", Kind: AllOf, Values: []string{"logo", "report-columns", "in-state"}, Names: map[string]string{"report-columns": "report columns"}}
	v, err := ParseSet(dim, []string{"in-state", "report-columns"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dim.Say(v, English), "report columns, in-state"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := v.Key(), "{report-columns,in-state}"; got != want {
		t.Errorf("the key is %q, want %q: names are for showing alone", got, want)
	}
}
