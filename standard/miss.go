package standard

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// nearMisses bounds how many of the nearest tiers an answer names.
const nearMisses = 4

// A Miss is a tier that holds a part of a need, and what it lacks of the rest.
type Miss struct {
	Choice
	Promise          // with all that the add-ons widen and add
	Holds   []string // dimensions, in their order
	Lacks   []Lack   // at least one, in the order of the dimensions
}

// A Lack is how one limit stands against what is wanted.
type Lack struct {
	Dimension string
	Need      Value
	Limit     Value // the zero Value where the tier says nothing of the dimension
	// By is how far the limit is from the need: in its own unit where both
	// convert, in hours in the worst case of the calendar where business days meet
	// hours, the values that are missing of a set. Zero where Limit is.
	By       Value
	Calendar bool // By is the calendar's worst case
}

// Beyond is something of a need that no tier of any choice holds, even alone.
type Beyond struct {
	Dimension string
	Need      Value   // of a set, the values that are nowhere
	Best      Value   // of a number, the figure that comes nearest; zero for a set, and where nothing states it
	Where     *Choice // what has it; nil as Best is zero
}

// A near is a tier with a set of add-ons, and how near it comes.
type near struct {
	base  *bookBase
	tier  *bookTier
	with  []int
	lacks int      // dimensions
	quiet int      // of these, those of which the tier says nothing
	far   *big.Rat // how far each limit is from the need, added up, see lack
	order int
}

// compare puts first what lacks less, then what says more of what it lacks, then
// what is nearer, then what is smaller.
func (n near) compare(m near) int {
	return cmp.Or(cmp.Compare(n.lacks, m.lacks), cmp.Compare(n.quiet, m.quiet), n.far.Cmp(m.far), cmp.Compare(len(n.with), len(m.with)), cmp.Compare(n.order, m.order))
}

// misses ranks the tiers that come nearest: those that lack the least
// dimensions, then those that say something of them, then those that are nearest
// in them, then the smaller choice. Of
// each tier it names the choice that comes nearest. What says nothing of all that was
// asked for comes near nothing; with silent it is listed too, last.
func (b *Book) misses(asked []want, of []candidate, silent bool) []Miss {
	var all []near
	for _, c := range of {
		for _, t := range c.offered() {
			alone := near{base: c.bookBase, tier: t, with: c.from(t), order: len(all)}
			grown := near{base: c.bookBase, tier: t, with: b.grown(c, t, asked), order: len(all) + 1}
			if b.count(&alone, asked) || silent {
				all = append(all, alone)
			}
			if len(grown.with) > len(alone.with) && (b.count(&grown, asked) || silent) {
				all = append(all, grown)
			}
		}
	}
	all = leastLacking(all)
	for i := range all {
		b.measure(&all[i], asked)
	}
	slices.SortFunc(all, near.compare)
	var list []Miss
	named := map[*bookTier]bool{}
	for _, n := range all {
		if !named[n.tier] && len(list) < nearMisses {
			named[n.tier] = true
			list = append(list, b.miss(n, asked))
		}
	}
	return list
}

// count counts what the tier lacks. It reports whether the tier says something
// of what was asked for.
func (b *Book) count(n *near, asked []want) (says bool) {
	for _, w := range asked {
		v := b.value(n.base, n.tier, n.with, w.dim)
		says = says || !v.IsZero()
		if held, _ := b.holds(w, v); !held {
			n.lacks++
			if v.IsZero() {
				n.quiet++
			}
		}
	}
	return says
}

// leastLacking leaves those that may be among the nearest tiers.
func leastLacking(all []near) []near {
	byTier := map[*bookTier]int{}
	for _, n := range all {
		if least, known := byTier[n.tier]; !known || n.lacks < least {
			byTier[n.tier] = n.lacks
		}
	}
	counts := slices.Sorted(maps.Values(byTier))
	if len(counts) <= nearMisses {
		return all
	}
	most := counts[nearMisses-1]
	return slices.DeleteFunc(all, func(n near) bool { return n.lacks > most })
}

// measure adds up how far the limits are from the need.
func (b *Book) measure(n *near, asked []want) {
	n.far = new(big.Rat)
	for _, w := range asked {
		v := b.value(n.base, n.tier, n.with, w.dim)
		if held, _ := b.holds(w, v); !held {
			_, share := b.lack(w, v)
			n.far.Add(n.far, share)
		}
	}
}

// grown are the add-ons that must be with the tier, with those that bring what it
// lacks, as far as any do.
func (b *Book) grown(c candidate, t *bookTier, asked []want) []int {
	with := c.from(t)
	for _, w := range asked {
		for range c.addOns {
			held, _ := b.holds(w, b.value(c.bookBase, t, with, w.dim))
			if held {
				break
			}
			if !b.grow(c.bookBase, t, &with, w) {
				break
			}
		}
	}
	return with
}

// grow adds the first add-on that brings something of what is wanted.
func (b *Book) grow(base *bookBase, t *bookTier, with *[]int, w want) bool {
	for a := range base.addOns {
		at, there := slices.BinarySearch(*with, a)
		if there {
			continue
		}
		brings := false
		if b.dims[w.dim].Kind == AllOf {
			has := b.value(base, t, *with, w.dim).Set
			brings = a != t.of && slices.ContainsFunc(base.widens[a][w.dim].Set, func(v string) bool {
				return slices.Contains(w.Set, v) && !slices.Contains(has, v)
			})
		} else if b.dims[w.dim].Kind == NoLessThan {
			brings = b.brings(base, t, *with, a, w)
		}
		if brings {
			*with = slices.Insert(*with, at, a)
			return true
		}
	}
	return false
}

// Against says how a tier stands against a need: what was sold, by the ids of a
// base and its add-ons, beside what the customer asked for. Lacks is empty when
// the tier holds all of it. It returns an error when there is no such choice or
// tier in the book, or when the need is no need, as Match.
func (b *Book) Against(base string, addOns []string, tier string, need Need) (Miss, error) {
	asked, err := b.ask(need)
	if err != nil {
		return Miss{}, err
	}
	for _, of := range b.bases {
		if of.offering.ID != base {
			continue
		}
		var with []int
		for i, a := range of.addOns {
			if slices.Contains(addOns, a.ID) {
				with = append(with, i)
			}
		}
		for _, t := range of.tiers {
			if t.name == tier && len(with) == len(addOns) && within(own(t), with) {
				return b.miss(near{base: of, tier: t, with: with}, asked), nil
			}
		}
		return Miss{}, fmt.Errorf("%s with %v has no tier %q", base, addOns, tier)
	}
	return Miss{}, fmt.Errorf("there is no offering %q to be sold by itself", base)
}

// Sellable lists what can be sold of a base: its tiers, and those that come
// with add-ons, each with the smallest choice that has it.
func (b *Book) Sellable() (list []Miss) {
	for _, of := range b.bases {
		for _, t := range of.tiers {
			list = append(list, b.miss(near{base: of, tier: t, with: own(t)}, nil))
		}
	}
	return list
}

// miss is what the tier holds and lacks.
func (b *Book) miss(n near, asked []want) Miss {
	m := Miss{Choice: n.base.choice(n.with), Promise: b.promise(n.base, n.tier, n.with)}
	for _, w := range asked {
		v := b.value(n.base, n.tier, n.with, w.dim)
		if held, _ := b.holds(w, v); held {
			m.Holds = append(m.Holds, b.dims[w.dim].Name)
			continue
		}
		l, _ := b.lack(w, v)
		m.Lacks = append(m.Lacks, l)
	}
	return m
}

// lack is how a limit that does not hold stands against what is wanted, and how
// far it is from it: a number as a share of what is wanted; a set one and the
// share of it that is missing, because a figure can be talked about sooner than a
// thing that is not done at all; what is not stated two.
func (b *Book) lack(w want, v Value) (l Lack, share *big.Rat) {
	l = Lack{Dimension: b.dims[w.dim].Name, Need: w.Value, Limit: v}
	unstated := big.NewRat(2, 1)
	if v.IsZero() {
		return l, unstated
	}
	if b.dims[w.dim].Kind == AllOf {
		l.By = Value{Set: less(w.Set, v.Set)}
		return l, big.NewRat(int64(len(w.Set)+len(l.By.Set)), int64(len(w.Set)))
	}
	limit, unit := v.Number, v.Unit
	var need *big.Rat
	if in, err := w.In(v.Unit); err == nil {
		need = in.Number
	} else {
		var ok1, ok2 bool
		need, _, ok1 = b.hoursOf(w.Value)
		_, limit, ok2 = b.hoursOf(v)
		if !ok1 || !ok2 {
			return l, unstated
		}
		unit, l.Calendar = "h", true
	}
	by := new(big.Rat).Sub(limit, need)
	l.By = Value{Number: by.Abs(by), Unit: unit}
	if need.Sign() == 0 {
		return l, unstated
	}
	return l, new(big.Rat).Quo(by, need)
}

// beyond are the parts of a need that nothing in the book holds, even alone.
func (b *Book) beyond(asked []want) (list []Beyond) {
	for _, w := range asked {
		if b.dims[w.dim].Kind == AllOf {
			if left := b.nowhere(w); len(left) > 0 {
				list = append(list, Beyond{Dimension: b.dims[w.dim].Name, Need: Value{Set: left}})
			}
			continue
		}
		if one, found := b.best(w); !found {
			list = append(list, one)
		}
	}
	return list
}

// nowhere are the values of a set that no tier and no add-on has.
func (b *Book) nowhere(w want) []string {
	left := w.Set
	for _, base := range b.bases {
		for _, t := range base.tiers {
			left = less(left, t.values[w.dim].Set)
			for a := range base.addOns {
				if a != t.of {
					left = less(left, base.widens[a][w.dim].Set)
				}
			}
		}
	}
	return left
}

// best looks for a tier that holds what is wanted, alone or with all that brings
// it nearer; when there is none, it returns the nearest.
func (b *Book) best(w want) (one Beyond, found bool) {
	one = Beyond{Dimension: b.dims[w.dim].Name, Need: w.Value}
	var least *big.Rat
	for _, base := range b.bases {
		for _, t := range base.tiers {
			with := b.grown(candidate{bookBase: base}, t, []want{w})
			v := b.value(base, t, with, w.dim)
			if held, _ := b.holds(w, v); held {
				return one, true
			}
			if v.IsZero() {
				continue
			}
			l, share := b.lack(w, v)
			if !l.By.IsZero() && (least == nil || share.Cmp(least) < 0) {
				c := base.choice(with)
				least, one.Best, one.Where = share, v, &c
			}
		}
	}
	return one, false
}
