package standard

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// workingWeek is a calendar from Monday to Friday.
func workingWeek(holidays ...Day) Calendar {
	return Calendar{Week: []time.Weekday{1, 2, 3, 4, 5}, Opens: 8 * time.Hour, Closes: 18 * time.Hour, Holidays: holidays}
}

// TestSpan counts business days by hand: 2026-12-07 is a Monday.
func TestSpan(t *testing.T) {
	monday := Day{2026, 12, 7}
	christmas := workingWeek(Day{2026, 12, 25}, Day{2026, 12, 28})
	for _, c := range []struct {
		calendar    Calendar
		n           int
		least, most int
		ok          bool
	}{
		{workingWeek(), 0, 0, 0, true},
		{workingWeek(), 1, 1, 3, true},     // Friday to Monday
		{workingWeek(), 4, 4, 6, true},     // Monday to Friday, or over a weekend
		{workingWeek(), 5, 7, 7, true},     // a week from any day
		{workingWeek(), 6, 8, 10, true},    // and a day
		{christmas, 1, 1, 5, true},         // Thursday the 24th to Tuesday the 29th
		{christmas, 5, 7, 11, true},        // Thursday the 24th to Monday the 4th
		{Calendar{}, 1, -1, -1, false},     // no business day at all
		{workingWeek(), -1, -1, -1, false}, // nonsense
	} {
		least, most, ok := c.calendar.Span(c.n, monday)
		if least != c.least || most != c.most || ok != c.ok {
			t.Errorf("%d business days take %d to %d days, %v; want %d to %d, %v", c.n, least, most, ok, c.least, c.most, c.ok)
		}
	}
}

// answer writes a match for the eye: what fits, else what comes near.
func answer(t *testing.T, b *Book, text ...string) string {
	t.Helper()
	need, only := Need{}, []string(nil)
	for _, part := range text {
		name, value, _ := strings.Cut(part, "=")
		if name == OnlyField {
			only = strings.Split(value, ",")
			continue
		}
		dim, ok := b.Dimension(name)
		if !ok {
			t.Fatalf("no dimension %q", name)
		}
		v, err := ParseValue(dim, value)
		if err != nil {
			t.Fatal(err)
		}
		need[name] = v
	}
	m, err := b.Match(need, only...)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{string(m.Verdict)}
	for _, o := range m.Apart {
		lines = append(lines, "apart "+o.ID)
	}
	for i, f := range slices.Concat(m.Fits, m.Others) {
		line := f.Base.ID + strings.Join(ids(f.AddOns), "")
		for _, p := range f.Tiers {
			line += " " + p.Tier
		}
		if len(f.Calendar) > 0 {
			line += " by the calendar"
		}
		if i >= len(m.Fits) {
			line = "others " + line
		}
		lines = append(lines, line)
	}
	for _, miss := range m.Misses {
		line := miss.Base.ID + strings.Join(ids(miss.AddOns), "") + " " + miss.Tier + ":"
		for _, l := range miss.Lacks {
			line += fmt.Sprintf(" %s %s for %s by %s", l.Dimension, l.Limit, l.Need, l.By)
		}
		lines = append(lines, line)
	}
	for _, beyond := range m.Beyond {
		line := "nowhere " + beyond.Dimension + " " + beyond.Need.String()
		if beyond.Where != nil {
			line += " (" + beyond.Best.String() + " " + beyond.Where.Base.ID + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// TestMatchByHand answers needs on a small catalogue, worked out on paper.
func TestMatchByHand(t *testing.T) {
	base := records(t) // in-state 8 h, nationwide 24 h and 36 h from January; 5,000 a month; set-up 5 bd
	express := &Offering{ID: "express", Extends: []string{base.ID}, Tiers: []Tier{{"express", Figures{
		"turnaround": figure(t, turnaround, "4h"), "scope": figure(t, scope, "in-state"), "volume": figure(t, volume, "300"),
	}}}}
	abroad := &Offering{ID: "abroad", Extends: []string{base.ID}, Widens: Figures{"scope": figure(t, scope, "international")}, Adds: Figures{"setup": figure(t, setup, "30 bd")}}
	copies := &Offering{ID: "copies", Tiers: []Tier{{"copies", Figures{"turnaround": figure(t, turnaround, "3 bd"), "setup": figure(t, setup, "90 bd")}}}}
	open := func(day Day) *Book {
		return NewBook(dimensions, workingWeek(), []*Offering{base, express, abroad}, day)
	}
	today, january := open(Day{2026, 12, 7}), open(Day{2027, 1, 4})
	both := NewBook(dimensions, workingWeek(), []*Offering{base, express, abroad, copies}, today.Day)
	for _, c := range []struct {
		on   *Book
		need string
		want string
	}{
		{today, "turnaround=12h scope=in-state", "inside\nrecords-search in-state"},
		{today, "turnaround=24h", "inside\nrecords-search in-state nationwide"},
		{today, "turnaround=5h", "combination\nrecords-search+express express"},
		{today, "turnaround=24h scope=nationwide,international", "combination\nrecords-search+abroad nationwide"},
		{january, "turnaround=24h scope=nationwide,international", "outside\nrecords-search+abroad nationwide: turnaround 36 h for 24 h by 12 h\nrecords-search+abroad in-state: scope in-state, international for nationwide, international by nationwide\nrecords-search+express+abroad express: scope in-state, international for nationwide, international by nationwide"},
		{today, "turnaround=2h", "outside\nrecords-search+express express: turnaround 4 h for 2 h by 2 h\nrecords-search in-state: turnaround 8 h for 2 h by 6 h\nrecords-search nationwide: turnaround 24 h for 2 h by 22 h\nnowhere turnaround 2 h (4 h records-search)"},
		{today, "turnaround=1bd", "inside\nrecords-search in-state nationwide by the calendar"},
		{today, "setup=7d", "inside\nrecords-search in-state nationwide by the calendar"},
		{today, "turnaround=24h only=records-search", "inside\nrecords-search in-state nationwide"},
		{today, "turnaround=24h only=abroad", "combination\nrecords-search+abroad in-state nationwide"},
		{today, "turnaround=12h scope=nationwide only=express", "outside\nrecords-search+express express: scope in-state for nationwide by nationwide"},
		{today, "scope=nationwide only=express", "outside\nothers records-search nationwide\nrecords-search+express express: scope in-state for nationwide by nationwide"},
		{today, "scope=in-state only=express,records-search", "combination\nrecords-search+express in-state nationwide express"},
		{today, "only=records-search", "inside\nrecords-search in-state nationwide"},
		{both, "only=records-search,copies turnaround=24h", "outside\nothers records-search in-state nationwide\ncopies copies: turnaround 3 business days for 24 h by 96 h"},
		{both, "only=records-search,copies turnaround=5bd", "inside\nrecords-search in-state nationwide by the calendar\ncopies copies"},
		{both, "only=copies,abroad turnaround=5bd", "outside\napart abroad\nothers records-search in-state nationwide by the calendar\nothers copies copies"},
		{today, "setup=6d", "outside\nrecords-search in-state: setup 5 business days for 6 days by 24 h\nrecords-search nationwide: setup 5 business days for 6 days by 24 h\nrecords-search+express express: setup 5 business days for 6 days by 24 h\nnowhere setup 6 days (5 business days records-search)"},
	} {
		if got := answer(t, c.on, strings.Fields(c.need)...); got != c.want {
			t.Errorf("%s on %s:\n got %s\nwant %s", c.need, c.on.Day, got, c.want)
		}
	}
	if m, err := today.Match(nil, "colour"); err == nil {
		t.Errorf("an offering that there is not is answered %v, want an error", m)
	}
	for _, bad := range []Need{{"colour": {Set: []string{"red"}}}, {"turnaround": {Set: []string{"in-state"}}}, {"turnaround": must(t, weekly, "3 per week")}} {
		if m, err := today.Match(bad); err == nil {
			t.Errorf("the need %v is answered %v, want an error", bad, m)
		}
	}
	if m, err := today.Match(nil); err != nil || m.Verdict != Outside || len(m.Misses) > 0 {
		t.Errorf("no need at all: %+v, %v", m, err)
	}
}

// BenchmarkMatch answers a need that nothing holds, in a catalogue of 200
// offerings with 12 dimensions: the longest way.
func BenchmarkMatch(b *testing.B) { benchmarkMatch(b) }

func benchmarkMatch(b *testing.B, only ...string) {
	b.Helper()
	dims, all := large()
	book := NewBook(dims, workingWeek(), all, Day{2026, 12, 7})
	need := Need{}
	for i, dim := range dims {
		v := all[i%50].Tiers[0].Figures[dim.Name].On(book.Day)
		if dim.Kind == AllOf {
			v.Set = dim.Values
		}
		need[dim.Name] = v
	}
	for b.Loop() {
		if m, err := book.Match(need, only...); err != nil || m.Verdict != Outside || len(m.Misses) < nearMisses-len(only) {
			b.Fatal(m.Verdict, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms-answer")
}

// BenchmarkMatchNamed answers the same need where one of the offerings is named, so
// that all others are looked for in vain, too.
func BenchmarkMatchNamed(b *testing.B) { benchmarkMatch(b, "o001") }

// BenchmarkRead reads a sentence in the words of 200 offerings.
func BenchmarkRead(b *testing.B) {
	dims, all := large()
	for i, o := range all {
		o.Title = fmt.Sprintf("Service number %s", strings.Repeat("x", i/20)+string(rune('a'+i%20)))
	}
	lx := NewLexicon(dims, all)
	for b.Loop() {
		if r := lx.Read("Hi, can we sell service number xxa within 24 hours, 300 a month, to a bank in Springfield?"); len(r.Only) != 1 {
			b.Fatal(r)
		}
	}
}

// large makes 50 bases of three tiers with three add-ons each.
func large() (dims []Dimension, all []*Offering) {
	for i := range 12 {
		dim := Dimension{Name: fmt.Sprintf("d%02d", i), Kind: []DimensionKind{NoMoreThan, NoLessThan, AllOf}[i%3], Unit: []string{"h", "per month", ""}[i%3]}
		if dim.Kind == AllOf {
			dim.Values = []string{"a", "b", "c", "d", "e", "f"}
		}
		dims = append(dims, dim)
	}
	figures := func(n int, fit func(Dimension) bool) Figures {
		fs := Figures{}
		for i, dim := range dims {
			if !fit(dim) {
				continue
			}
			var v Value
			if dim.Kind == AllOf {
				v = Value{Set: dim.Values[n%4 : n%4+2]}
			} else {
				v = Value{Number: big.NewRat(int64(10+(n*7+i)%40), 1), Unit: dim.Unit}
			}
			fs[dim.Name] = Figure{{Value: v}}
		}
		return fs
	}
	for n := range 200 {
		o := &Offering{ID: fmt.Sprintf("o%03d", n)}
		if n < 50 {
			for k := range 3 {
				o.Tiers = append(o.Tiers, Tier{fmt.Sprint("t", k), figures(n+k, func(Dimension) bool { return true })})
			}
		} else {
			o.Extends = []string{fmt.Sprintf("o%03d", n%50)}
			o.Widens = figures(n, func(dim Dimension) bool { return dim.Kind == AllOf })
			o.Adds = figures(n, func(dim Dimension) bool { return dim.Kind == NoMoreThan })
		}
		all = append(all, o)
	}
	return dims, all
}

// TestAgainst holds what was sold against what was asked for.
func TestAgainst(t *testing.T) {
	base := records(t)
	portal := &Offering{ID: "portal", Extends: []string{base.ID}, Adds: Figures{"setup": figure(t, setup, "30 bd")}}
	express := &Offering{ID: "express", Extends: []string{base.ID}, Tiers: []Tier{{"express", Figures{"turnaround": figure(t, turnaround, "4h")}}}}
	book := NewBook(dimensions, workingWeek(), []*Offering{base, portal, express}, Day{2026, 12, 7})
	need := Need{"turnaround": must(t, turnaround, "12h"), "setup": must(t, setup, "10 bd")}
	m, err := book.Against(base.ID, []string{"portal"}, "in-state", need)
	if err != nil || len(m.Holds) != 1 || len(m.Lacks) != 1 || m.Lacks[0].Dimension != "setup" || m.Lacks[0].By.String() != "25 business days" {
		t.Errorf("in-state with the portal: %+v, %v", m, err)
	}
	if m, err = book.Against(base.ID, []string{"express"}, "express", need); err != nil || len(m.Lacks) != 0 || len(m.AddOns) != 1 {
		t.Errorf("express: %+v, %v", m, err)
	}
	for _, bad := range []struct {
		base, addOn, tier string
	}{{"portal", "", "in-state"}, {base.ID, "portal", "express"}, {base.ID, "moon", "in-state"}, {base.ID, "", "none"}} {
		addOns := []string{bad.addOn}
		if bad.addOn == "" {
			addOns = nil
		}
		if m, err := book.Against(bad.base, addOns, bad.tier, need); err == nil {
			t.Errorf("%v: %+v, want an error", bad, m)
		}
	}
	var list []string
	for _, s := range book.Sellable() {
		list = append(list, strings.Join(append([]string{s.Base.ID}, ids(s.AddOns)...), "")+" "+s.Tier)
	}
	if got := strings.Join(list, ", "); got != "records-search in-state, records-search nationwide, records-search+express express" {
		t.Errorf("to be sold: %s", got)
	}
}
