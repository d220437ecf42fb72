package standard

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Promise is a tier as it holds on one day, with the common figures in it.
type Promise struct {
	Tier   string
	Values map[string]Value // by dimension; what isn't in it isn't in the standard
}

// IsAddOn reports whether the offering extends others.
func (o *Offering) IsAddOn() bool { return len(o.Extends) > 0 }

// TiersOn returns the offering's own tiers as they hold on the day, in
// order. An add-on's tiers lack the figures that the base has in common.
func (o *Offering) TiersOn(day Day) []Promise {
	var all []Promise
	for _, tier := range o.Tiers {
		p := Promise{Tier: tier.Name, Values: map[string]Value{}}
		for _, figures := range []Figures{o.Common, tier.Figures} {
			for dim, figure := range figures {
				if v := figure.On(day); !v.IsZero() {
					p.Values[dim] = v
				}
			}
		}
		all = append(all, p)
	}
	return all
}

// Figure returns what a tier says in a dimension, be it for itself or in
// common. With an empty tier it returns what is common to all tiers.
func (o *Offering) Figure(tier, dimension string) (Figure, bool) {
	if f, ok := o.Common[dimension]; ok && (tier == "" || o.hasTier(tier)) {
		return f, true
	}
	for _, t := range o.Tiers {
		if t.Name == tier {
			f, ok := t.Figures[dimension]
			return f, ok
		}
	}
	return nil, false
}

func (o *Offering) hasTier(name string) bool {
	return slices.ContainsFunc(o.Tiers, func(t Tier) bool { return t.Name == name })
}

// A part is one group of figures of an offering.
type part struct {
	name    string // of the key in the file: common, tiers, widens, adds
	tier    string
	index   int // of the tier; -1 in the other groups
	figures Figures
}

// parts returns all figures of the offering in a fixed order.
func (o *Offering) parts() []part {
	all := []part{{"common", "", -1, o.Common}}
	for i, tier := range o.Tiers {
		all = append(all, part{"tiers", tier.Name, i, tier.Figures})
	}
	return append(all, part{"widens", "", -1, o.Widens}, part{"adds", "", -1, o.Adds})
}

// Dimensions returns the names of all dimensions of which the offering says
// something, sorted.
func (o *Offering) Dimensions() []string {
	seen := map[string]bool{}
	for _, p := range o.parts() {
		for dim := range p.figures {
			seen[dim] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// NextChange returns the first day after the given one on which any figure
// changes, or the zero day.
func (o *Offering) NextChange(day Day) Day {
	var first Day
	for _, p := range o.parts() {
		for _, figure := range p.figures {
			if next := figure.Next(day); !next.IsZero() && (first.IsZero() || next.Before(first)) {
				first = next
			}
		}
	}
	return first
}

// Key writes canonically all that the offering says in the dimensions: what
// is common, every tier, what it widens and adds, with all dates. It goes
// into the revision of the clause that states these dimensions, so that a
// number changed only in the front matter changes the clause.
func (o *Offering) Key(dimensions ...string) string {
	var b strings.Builder
	for _, p := range o.parts() {
		for _, dim := range slices.Compact(slices.Sorted(slices.Values(dimensions))) {
			if f, ok := p.figures[dim]; ok {
				fmt.Fprintf(&b, "%s %q %q %s\n", p.name, p.tier, dim, f.Key())
			}
		}
	}
	return b.String()
}
