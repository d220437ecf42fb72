package standard

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The oracle answers needs the long way: it combines every base with every set of
// its add-ons and looks at every tier, and it counts business days on its
// fingers. It shares Combine and Value with what it checks, and nothing else.
type oracle struct {
	dims     []Dimension
	all      []*Offering
	calendar Calendar
	day      Day
}

// fits lists every base with every smallest set of add-ons that holds the need,
// as "base+addon: tier tier". Where offerings are named, those choices alone count
// that have them, see among; when any part of what is named can't be had, none does.
func (o oracle) fits(need Need, only ...string) (list []string) {
	served := map[string]bool{}
	for _, base := range o.all {
		if base.IsAddOn() || !o.among(base, only) {
			continue
		}
		var addOns []*Offering
		for _, a := range o.all {
			if slices.Contains(a.Extends, base.ID) {
				addOns = append(addOns, a)
			}
		}
		holding := map[int]string{} // by set, as bits
		for set := range 1 << len(addOns) {
			var with []*Offering
			for i, a := range addOns {
				if set>>i&1 == 1 {
					with = append(with, a)
				}
			}
			if !o.withNamed(base, with, only) {
				continue
			}
			if tiers := o.holding(need, o.meant(base, Combine(o.dims, base, with...), only)); len(tiers) > 0 {
				served[base.ID] = true
				for _, a := range with {
					served[a.ID] = true
				}
				holding[set] = base.ID + strings.Join(ids(with), "") + ": " + strings.Join(tiers, " ")
			}
		}
		for set, text := range holding {
			smallest := true
			for other := range holding {
				smallest = smallest && (other == set || other&set != other)
			}
			if smallest {
				list = append(list, text)
			}
		}
	}
	for _, id := range only {
		if !served[id] {
			return nil
		}
	}
	slices.Sort(list)
	return list
}

// bases are those among what is named.
func (o oracle) bases(only []string) (bases []string) {
	for _, a := range o.all {
		if slices.Contains(only, a.ID) && !a.IsAddOn() {
			bases = append(bases, a.ID)
		}
	}
	return bases
}

// among reports whether a base may be it: one that is named, or, where only add-ons
// are, one that all of these extend.
func (o oracle) among(base *Offering, only []string) bool {
	if bases := o.bases(only); len(bases) > 0 {
		return slices.Contains(bases, base.ID)
	}
	for _, a := range o.all {
		if slices.Contains(only, a.ID) && !slices.Contains(a.Extends, base.ID) {
			return false
		}
	}
	return true
}

// withNamed reports whether all add-ons are there that are named and extend the base.
func (o oracle) withNamed(base *Offering, with []*Offering, only []string) bool {
	for _, a := range o.all {
		if slices.Contains(only, a.ID) && slices.Contains(a.Extends, base.ID) && !slices.Contains(with, a) {
			return false
		}
	}
	return true
}

// meant are the tiers that may be sold as what is named: where add-ons are named, and no
// base, and some of them only have tiers, those of these.
func (o oracle) meant(base *Offering, tiers []Tier, only []string) (list []Tier) {
	own, some := map[string]bool{}, false
	for _, a := range o.all {
		if len(o.bases(only)) == 0 && slices.Contains(only, a.ID) && slices.Contains(a.Extends, base.ID) && len(a.Tiers) > 0 && len(a.Widens) == 0 && len(a.Adds) == 0 {
			some = true
			for _, t := range a.Tiers {
				own[t.Name] = true
			}
		}
	}
	for _, t := range tiers {
		if !some || own[t.Name] {
			list = append(list, t)
		}
	}
	return list
}

func ids(list []*Offering) (names []string) {
	for _, a := range list {
		names = append(names, "+"+a.ID)
	}
	return names
}

func (o oracle) holding(need Need, tiers []Tier) (names []string) {
	for _, t := range tiers {
		holds := true
		for _, dim := range o.dims {
			if v, asked := need[dim.Name]; asked {
				holds = holds && o.holds(dim, t.Figures[dim.Name].On(o.day), v)
			}
		}
		if holds {
			names = append(names, t.Name)
		}
	}
	return names
}

func (o oracle) holds(dim Dimension, figure, need Value) bool {
	switch {
	case figure.IsZero():
		return false
	case dim.Kind == AllOf:
		for _, v := range need.Set {
			if !slices.Contains(figure.Set, v) {
				return false
			}
		}
		return true
	case figure.Unit == need.Unit && dim.Kind == NoMoreThan:
		return figure.Number.Cmp(need.Number) <= 0
	case figure.Unit == need.Unit:
		return figure.Number.Cmp(need.Number) >= 0
	case dim.Kind == NoLessThan: // per day and per week
		return new(big.Rat).Mul(figure.Number, perDay(figure.Unit)).Cmp(new(big.Rat).Mul(need.Number, perDay(need.Unit))) >= 0
	}
	_, longest := o.hours(figure)
	shortest, _ := o.hours(need)
	return longest.Cmp(shortest) <= 0
}

func perDay(unit string) *big.Rat {
	if unit == "per week" {
		return big.NewRat(1, 7)
	}
	return big.NewRat(1, 1)
}

// hours counts business days from every day of a year on.
func (o oracle) hours(v Value) (shortest, longest *big.Rat) {
	if known, ok := counted[v.String()]; ok {
		return known[0], known[1]
	}
	shortest, longest = o.count(v)
	counted[v.String()] = [2]*big.Rat{shortest, longest}
	return shortest, longest
}

// counted are the business days that were counted; there is one calendar.
var counted = map[string][2]*big.Rat{}

func (o oracle) count(v Value) (shortest, longest *big.Rat) {
	if v.Unit != "bd" {
		n := new(big.Rat).Mul(v.Number, map[string]*big.Rat{"min": big.NewRat(1, 60), "h": big.NewRat(1, 1), "d": big.NewRat(24, 1)}[v.Unit])
		return n, n
	}
	n, _ := v.Number.Float64()
	least, most := 1<<30, 0
	for start := range 366 {
		from := o.day.AddDays(start)
		if !o.works(from) {
			continue
		}
		for _, whole := range []int{int(n), int(n + 0.999)} {
			day := from
			for left := whole; left > 0; {
				if day = day.AddDays(1); o.works(day) {
					left--
				}
			}
			took := int(day.utc().Sub(from.utc()).Hours()) / 24
			if whole == int(n) {
				least = min(least, took)
			}
			if whole == int(n+0.999) {
				most = max(most, took)
			}
		}
	}
	return big.NewRat(int64(24*least), 1), big.NewRat(int64(24*most), 1)
}

func (o oracle) works(day Day) bool {
	name := strings.ToLower(day.Weekday().String()[:3])
	return slices.Contains([]string{"mon", "tue", "wed", "thu", "fri"}, name) && !slices.Contains(o.calendar.Holidays, day)
}

// What random catalogues are made of.
var (
	matchDims = []Dimension{
		{Name: "turnaround", Kind: NoMoreThan, Unit: "h"},
		{Name: "scope", Kind: AllOf, Values: []string{"in-state", "nationwide", "abroad"}},
		{Name: "volume", Kind: NoLessThan, Unit: "per day"},
		{Name: "customisation", Kind: AllOf, Values: []string{"logo", "api", "portal"}},
		{Name: "setup", Kind: NoMoreThan, Unit: "bd"},
		{Name: "price", Kind: NoMoreThan, Unit: "EUR"},
	}
	matchUnits = map[string][]string{"turnaround": {"h", "h", "d", "bd"}, "volume": {"per day", "per week"}, "setup": {"bd", "bd", "d"}, "price": {"EUR"}}
	matchDay   = Day{2026, 12, 7}
	matchDays  = []Day{{2026, 12, 1}, {2026, 12, 7}, {2026, 12, 8}, {2027, 1, 4}}
)

func drawValue(t *rapid.T, dim Dimension) Value {
	if dim.Kind == AllOf {
		var set []string
		for _, v := range dim.Values {
			if rapid.Bool().Draw(t, v) {
				set = append(set, v)
			}
		}
		if len(set) == 0 {
			set = dim.Values[:1]
		}
		return Value{Set: set}
	}
	n := big.NewRat(int64(rapid.IntRange(0, 9).Draw(t, "figure")), int64(rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "halves")))
	unit := rapid.SampledFrom(matchUnits[dim.Name]).Draw(t, "unit")
	if unit == "h" {
		n.Mul(n, big.NewRat(24, 1))
	}
	return Value{Number: n, Unit: unit}
}

func drawFigure(t *rapid.T, dim Dimension) Figure {
	f := Figure{{Value: drawValue(t, dim)}}
	for _, day := range matchDays {
		if rapid.IntRange(0, 7).Draw(t, "changes") == 0 {
			f = append(f, Dated{day, drawValue(t, dim)})
		}
	}
	return f
}

func drawFigures(t *rapid.T, often int, fit func(Dimension) bool) Figures {
	figures := Figures{}
	for _, dim := range matchDims {
		if fit(dim) && rapid.IntRange(0, 9).Draw(t, "says "+dim.Name) < often {
			figures[dim.Name] = drawFigure(t, dim)
		}
	}
	return figures
}

func drawCatalogue(t *rapid.T) (all []*Offering) {
	bases := rapid.IntRange(1, 3).Draw(t, "bases")
	for i := range bases + rapid.IntRange(0, 4).Draw(t, "add-ons") {
		o := &Offering{ID: fmt.Sprintf("o%d", i)}
		if i >= bases {
			for j := range bases {
				if j == 0 || rapid.Bool().Draw(t, "extends") {
					o.Extends = append(o.Extends, all[j].ID)
				}
			}
			o.Widens = drawFigures(t, 5, func(dim Dimension) bool { return dim.Kind == AllOf })
			o.Adds = drawFigures(t, 3, func(dim Dimension) bool { return dim.Kind != AllOf })
		}
		o.Common = drawFigures(t, 2, func(Dimension) bool { return true })
		for n := range rapid.IntRange(min(1, bases-i), 3).Draw(t, "tiers") {
			o.Tiers = append(o.Tiers, Tier{fmt.Sprintf("t%d.%d", i, n), drawFigures(t, 7, func(dim Dimension) bool { return o.Common[dim.Name] == nil })})
		}
		all = append(all, o)
	}
	return all
}

func drawNeed(t *rapid.T) Need {
	need := Need{}
	for _, dim := range matchDims {
		if rapid.IntRange(0, 9).Draw(t, "asks "+dim.Name) < 4 {
			need[dim.Name] = drawValue(t, dim)
		}
	}
	return need
}

// drawOnly names one to three offerings.
func drawOnly(t *rapid.T, all []*Offering) (only []string) {
	for _, o := range rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, min(3, len(all)), func(o *Offering) string { return o.ID }).Draw(t, "only") {
		only = append(only, o.ID)
	}
	return only
}

// checkOnly holds what is said of a need that names offerings.
func checkOnly(t *rapid.T, o oracle, need Need, only []string, m Match) {
	t.Helper()
	smallest := map[string]int{} // of each base, how many add-ons
	for _, f := range m.Fits {
		if n, known := smallest[f.Base.ID]; !known || len(f.AddOns) < n {
			smallest[f.Base.ID] = len(f.AddOns)
		}
	}
	alone, added := false, false
	for _, n := range smallest {
		alone, added = alone || n == 0, added || n > 0
	}
	want := Inside
	switch {
	case len(m.Fits) == 0:
		want = Outside
	case len(o.bases(only)) > 0 && added, !alone:
		want = Combination
	}
	if m.Verdict != want {
		t.Fatalf("need %v only %v: %s, want %s", need, only, m.Verdict, want)
	}
	var all []string
	if want == Outside && len(need) > 0 {
		all = o.fits(need)
	}
	if got := described(m.Others); !slices.Equal(got, all) {
		t.Fatalf("need %v only %v: others %q, want %q", need, only, got, all)
	}
	for _, miss := range m.Misses {
		if !o.among(miss.Base, only) || !o.withNamed(miss.Base, miss.AddOns, only) || len(miss.Lacks) == 0 {
			t.Fatalf("need %v only %v: %s%v %s is no miss", need, only, miss.Base.ID, ids(miss.AddOns), miss.Tier)
		}
	}
	for _, a := range m.Apart {
		for _, base := range o.all {
			if !base.IsAddOn() && o.among(base, only) && slices.Contains(a.Extends, base.ID) {
				t.Fatalf("only %v: %s is sold with %s", only, a.ID, base.ID)
			}
		}
	}
	if want == Outside && len(m.Misses)+len(m.Apart) == 0 {
		t.Fatalf("need %v only %v: outside, and nothing says why", need, only)
	}
}

func described(fits []Fit) (list []string) {
	for _, f := range fits {
		text := f.Base.ID + strings.Join(ids(f.AddOns), "") + ":"
		for _, p := range f.Tiers {
			text += " " + p.Tier
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

// TestMatchAgainstAllChoices compares answers on random catalogues with those of
// looking at every choice there is, and holds what must be true of each answer.
func TestMatchAgainstAllChoices(t *testing.T) {
	calendar := Calendar{Week: []time.Weekday{1, 2, 3, 4, 5}, Holidays: []Day{{2026, 12, 24}, {2026, 12, 25}, {2027, 1, 1}, {2027, 5, 31}}}
	verdicts, runs := map[Verdict]int{}, 0
	named, others, apart := map[Verdict]int{}, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		all := drawCatalogue(t)
		o := oracle{matchDims, all, calendar, matchDay}
		book := NewBook(matchDims, calendar, all, matchDay)
		for range 8 {
			need := drawNeed(t)
			m, err := book.Match(need)
			if err != nil {
				t.Fatalf("need %v: %v", need, err)
			}
			runs++
			verdicts[m.Verdict]++
			var want []string
			if len(need) > 0 {
				want = o.fits(need)
			}
			if got := described(m.Fits); !slices.Equal(got, want) {
				t.Fatalf("need %v:\n got %q\nwant %q", need, got, want)
			}
			checkAnswer(t, o, need, m)
			only := drawOnly(t, all)
			m, err = book.Match(need, only...)
			if err != nil {
				t.Fatalf("need %v only %v: %v", need, only, err)
			}
			if got, want := described(m.Fits), o.fits(need, only...); !slices.Equal(got, want) {
				t.Fatalf("need %v only %v:\n got %q\nwant %q", need, only, got, want)
			}
			checkOnly(t, o, need, only, m)
			named[m.Verdict]++
			others, apart = others+min(1, len(m.Others)), apart+min(1, len(m.Apart))
		}
	})
	t.Logf("%d needs: %v; with what is named %v, %d times others hold it, %d times it is not sold together", runs, verdicts, named, others, apart)
	for _, v := range []Verdict{Inside, Combination, Outside} {
		if runs >= 400 && (verdicts[v]*50 < runs || named[v]*50 < runs || others*50 < runs || apart*100 < runs) {
			t.Errorf("of %d needs %d were %s, with what is named %d, others held %d, %d were not sold together: too few to tell", runs, verdicts[v], v, named[v], others, apart)
		}
	}
}

// checkAnswer holds verdict and order of the fits, and what misses say.
func checkAnswer(t *rapid.T, o oracle, need Need, m Match) {
	t.Helper()
	want := Outside
	for i, f := range m.Fits {
		if i == 0 {
			want = map[bool]Verdict{true: Inside, false: Combination}[len(f.AddOns) == 0]
		} else if len(f.AddOns) < len(m.Fits[i-1].AddOns) {
			t.Fatalf("need %v: a smaller choice comes behind a larger one", need)
		}
	}
	if m.Verdict != want || (want != Outside) != (len(m.Misses) == 0 && len(m.Beyond) == 0) && len(need) > 0 {
		t.Fatalf("need %v: verdict %s with %d fits and %d misses", need, m.Verdict, len(m.Fits), len(m.Misses))
	}
	for i, miss := range m.Misses {
		if i > 0 && len(miss.Lacks) < len(m.Misses[i-1].Lacks) {
			t.Fatalf("need %v: what lacks less comes later", need)
		}
		tiers := Combine(o.dims, miss.Base, miss.AddOns...)
		at := slices.IndexFunc(tiers, func(t Tier) bool { return t.Name == miss.Tier })
		if at < 0 || len(miss.Lacks)+len(miss.Holds) != len(need) {
			t.Fatalf("need %v: miss %+v is none", need, miss)
		}
		for _, l := range miss.Lacks {
			dim := o.dims[slices.IndexFunc(o.dims, func(d Dimension) bool { return d.Name == l.Dimension })]
			figure := tiers[at].Figures[l.Dimension].On(o.day)
			if o.holds(dim, figure, l.Need) || !figure.Equal(l.Limit) || l.Limit.IsZero() != l.By.IsZero() {
				t.Fatalf("need %v: %s %s lacks %+v; the figure is %v", need, miss.Base.ID, miss.Tier, l, figure)
			}
		}
	}
	for _, beyond := range m.Beyond {
		if len(o.fits(Need{beyond.Dimension: beyond.Need})) > 0 {
			t.Fatalf("need %v: %s %v is held somewhere", need, beyond.Dimension, beyond.Need)
		}
	}
}
