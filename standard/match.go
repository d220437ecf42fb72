package standard

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// A Need is what a customer asks for, by dimension: at most this figure, at least
// this one, all of these values. What is not in it is of no matter.
type Need map[string]Value

// A Verdict says whether a need can be sold.
type Verdict string

// The verdicts.
const (
	Inside      Verdict = "inside"      // one tier of one base holds all of it
	Combination Verdict = "combination" // one tier does, of a base with add-ons
	Open        Verdict = "open"        // one does, of what could be read of a sentence; the rest has to be asked, see [Book.MatchReading]
	Outside     Verdict = "outside"     // no tier does
)

// A Choice is what would be sold: one base with add-ons that extend it.
type Choice struct {
	Base   *Offering
	AddOns []*Offering
}

// Offerings lists the base and its add-ons.
func (c Choice) Offerings() []*Offering { return append([]*Offering{c.Base}, c.AddOns...) }

// A Fit is a choice that holds a need, with every tier of it that does. None of
// its add-ons can be left out.
type Fit struct {
	Choice
	Tiers []Promise // with all that the add-ons widen and add
	// Calendar names the dimensions in which business days were compared with
	// hours, in the worst case of the calendar.
	Calendar []string
}

// A Match is the answer to a need.
type Match struct {
	Verdict Verdict
	Fits    []Fit       // smallest first, then cheapest where a price is stated
	Misses  []Miss      // outside only: what comes nearest, nearest first
	Beyond  []Beyond    // outside only: what is nowhere in the standard
	Others  []Fit       // outside of what is named only: all choices that hold the need, as Fits
	Apart   []*Offering // of what is named, add-ons that are not sold with the rest of it
	AsRead  Verdict     // open only: the verdict on what was read alone
	Why     Why         // open only: what has to be asked
	Tight   []string    // open for Roughly and Counted: the dimensions
}

// Match answers a need. It is inside only when one tier of one base, with named
// add-ons of that base, holds the whole of it; a dimension that the need names
// and the tier does not state is not held. A need that says nothing and names
// nothing is outside of everything, without misses.
//
// only are the ids of offerings that the need names. Then a choice has to hold it that
// has them: a base with any add-ons, an add-on with any base that it extends. Of
// several bases each has to hold the need, because who asks for two things is not
// served with one of them.
//
// Fits are all choices of which nothing can be left out. It returns an error,
// and no answer, when the need names a dimension or an offering that is not in the
// book, or a value that does not belong to its dimension.
func (b *Book) Match(need Need, only ...string) (Match, error) {
	asked, err := b.ask(need)
	if err != nil || len(asked)+len(only) == 0 {
		return Match{Verdict: Outside}, err
	}
	in, err := b.among(only)
	if err != nil {
		return Match{Verdict: Outside}, err
	}
	m := Match{Verdict: Inside, Apart: in.apart}
	var lacking []candidate
	for _, c := range in.bases {
		fits := b.fits(c, asked)
		m.Fits = append(m.Fits, fits...)
		if len(fits) == 0 {
			lacking = append(lacking, c)
		} else if in.each && len(fits[0].AddOns) > 0 {
			m.Verdict = Combination
		}
	}
	if len(m.Fits) == 0 || len(in.apart) > 0 || in.each && len(lacking) > 0 {
		m.Verdict, m.Fits = Outside, nil
		m.Misses, m.Beyond = b.misses(asked, lacking, in.named), b.beyond(asked)
		if in.named && len(asked) > 0 {
			for _, base := range b.bases {
				m.Others = append(m.Others, b.fits(candidate{bookBase: base}, asked)...)
			}
			b.sort(m.Others)
		}
		return m, nil
	}
	if b.sort(m.Fits); !in.each && len(m.Fits[0].AddOns) > 0 {
		m.Verdict = Combination
	}
	return m, nil
}

// fits are the smallest choices of a base that hold the need, the smaller ones first.
func (b *Book) fits(c candidate, asked []want) (list []Fit) {
	for _, with := range b.smallest(c, asked) {
		list = append(list, b.fit(c, with, asked))
	}
	return list
}

// sort puts the smaller choices first, of these the cheaper.
func (b *Book) sort(fits []Fit) {
	slices.SortStableFunc(fits, func(x, y Fit) int {
		return cmp.Or(cmp.Compare(len(x.AddOns), len(y.AddOns)), b.comparePrices(x, y))
	})
}

// A want is one dimension of a need.
type want struct {
	dim int
	Value
}

// ask puts a need into the order of the dimensions.
func (b *Book) ask(need Need) ([]want, error) {
	var asked []want
	for i, dim := range b.dims {
		v, named := need[dim.Name]
		if !named {
			continue
		}
		if err := v.check(dim); err != nil {
			return nil, fmt.Errorf("%s %w", dim.Name, err)
		}
		asked = append(asked, want{i, v})
	}
	if len(asked) < len(need) {
		for name := range need {
			if _, known := b.index[name]; !known {
				return nil, fmt.Errorf("%q is no dimension of this standard", name)
			}
		}
	}
	return asked, nil
}

// smallest are the sets of a base's add-ons that hold the need and of which
// none can be left out but those that must be there, as indexes, the smaller ones first.
func (b *Book) smallest(c candidate, asked []want) [][]int {
	var found [][]int
	for _, t := range c.offered() {
		s := search{b: b, base: c.bookBase, tier: t, asked: asked, seen: map[string]bool{}}
		s.from(c.from(t))
		found = append(found, s.found...)
	}
	slices.SortFunc(found, func(x, y []int) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), slices.Compare(x, y))
	})
	var least [][]int
	for _, set := range found {
		if !slices.ContainsFunc(least, func(smaller []int) bool { return within(smaller, set) }) {
			least = append(least, set)
		}
	}
	return least
}

// own is the add-on without which the tier isn't there.
func own(t *bookTier) []int {
	if t.of < 0 {
		return nil
	}
	return []int{t.of}
}

// within reports whether all of the smaller set, sorted, is in the larger.
func within(smaller, larger []int) bool {
	for _, a := range smaller {
		if _, there := slices.BinarySearch(larger, a); !there {
			return false
		}
	}
	return true
}

// A search looks for the sets of add-ons with which a tier holds a need. It adds
// nothing that does not bring what is missing, so that it comes to every set of
// which none can be left out, and to few others.
type search struct {
	b     *Book
	base  *bookBase
	tier  *bookTier
	asked []want
	seen  map[string]bool
	found [][]int
}

func (s *search) from(with []int) {
	key := fmt.Sprint(with)
	if s.seen[key] {
		return
	}
	s.seen[key] = true
	var lacking *want
	for i, w := range s.asked {
		v := s.b.value(s.base, s.tier, with, w.dim)
		if held, _ := s.b.holds(w, v); held {
			continue
		}
		if s.b.dims[w.dim].Kind == NoMoreThan || s.b.dims[w.dim].Kind == NoLessThan && v.Number == nil {
			return // no add-on mends that
		}
		if lacking == nil {
			lacking = &s.asked[i]
		}
	}
	if lacking == nil {
		s.found = append(s.found, with)
		return
	}
	for a := range s.base.addOns {
		at, there := slices.BinarySearch(with, a)
		if !there && s.b.brings(s.base, s.tier, with, a, *lacking) {
			s.from(slices.Insert(slices.Clone(with), at, a))
		}
	}
}

// brings reports whether the add-on brings the first thing that is lacking.
func (b *Book) brings(base *bookBase, t *bookTier, with []int, a int, w want) bool {
	if b.dims[w.dim].Kind == AllOf {
		missing := less(w.Set, b.value(base, t, with, w.dim).Set)
		return a != t.of && slices.Contains(base.widens[a][w.dim].Set, missing[0])
	}
	return slices.ContainsFunc(t.adds[a], func(one increase) bool {
		return one.dim == w.dim && one.by != nil && one.by.Sign() > 0
	})
}

// hasAll reports whether all wanted values are in the set.
func hasAll(set, wanted []string) bool {
	for _, v := range wanted {
		if !slices.Contains(set, v) {
			return false
		}
	}
	return true
}

// less is what is in the one set and not in the other.
func less(all, but []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(v string) bool { return slices.Contains(but, v) })
}

// holds reports whether a tier's value holds what is wanted, and whether that
// was a matter of the calendar. The zero Value holds nothing.
func (b *Book) holds(w want, v Value) (held, calendar bool) {
	dim := b.dims[w.dim]
	if v.IsZero() {
		return false, false
	}
	if dim.Kind == AllOf {
		return hasAll(v.Set, w.Set), false
	}
	c, calendar, ok := b.compare(v, w.Value)
	if dim.Kind == NoLessThan {
		return ok && c >= 0, calendar
	}
	return ok && c <= 0, calendar
}

// compare compares a figure with a need in the same dimension; where business
// days meet hours, the figure at its longest with the need at its shortest.
func (b *Book) compare(figure, need Value) (c int, calendar, ok bool) {
	if in, err := figure.In(need.Unit); err == nil {
		return in.Number.Cmp(need.Number), false, true
	}
	if !isTime(figure.Unit) || !isTime(need.Unit) {
		return 0, false, false
	}
	_, longest, ok1 := b.hoursOf(figure)
	shortest, _, ok2 := b.hoursOf(need)
	if !ok1 || !ok2 {
		return 0, true, false
	}
	return longest.Cmp(shortest), true, true
}

// fit is the choice of a base with these add-ons, with all its tiers that hold.
func (b *Book) fit(c candidate, with []int, asked []want) Fit {
	base := c.bookBase
	f := Fit{Choice: base.choice(with)}
	seen := map[string]bool{}
	for _, t := range c.offered() {
		if !within(own(t), with) {
			continue
		}
		holds, calendar := true, []string(nil)
		for _, w := range asked {
			held, by := b.holds(w, b.value(base, t, with, w.dim))
			holds = holds && held
			if by {
				calendar = append(calendar, b.dims[w.dim].Name)
			}
		}
		if !holds {
			continue
		}
		f.Tiers = append(f.Tiers, b.promise(base, t, with))
		for _, name := range calendar {
			if !seen[name] {
				seen[name], f.Calendar = true, append(f.Calendar, name)
			}
		}
	}
	return f
}

func (base *bookBase) choice(with []int) Choice {
	c := Choice{Base: base.offering}
	for _, a := range with {
		c.AddOns = append(c.AddOns, base.addOns[a])
	}
	return c
}

// promise is the tier with all that it says.
func (b *Book) promise(base *bookBase, t *bookTier, with []int) Promise {
	p := Promise{Tier: t.name, Values: map[string]Value{}}
	for i, dim := range b.dims {
		if v := b.value(base, t, with, i); !v.IsZero() {
			p.Values[dim.Name] = v
		}
	}
	return p
}

// comparePrices puts the cheaper of two fits first, and one without a price last.
func (b *Book) comparePrices(x, y Fit) int {
	p, q := b.lowest(x), b.lowest(y)
	switch {
	case p == nil && q == nil:
		return 0
	case p == nil:
		return 1
	case q == nil:
		return -1
	}
	return p.Cmp(q)
}

// lowest is the lowest price of the fit's tiers, nil when none is stated.
func (b *Book) lowest(f Fit) (least *big.Rat) {
	if b.price < 0 {
		return nil
	}
	for _, t := range f.Tiers {
		n := t.Values[b.dims[b.price].Name].Number
		if n != nil && (least == nil || n.Cmp(least) < 0) {
			least = n
		}
	}
	return least
}
