package standard

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
)

// Combine returns the tiers of a combination, one base with add-ons that
// extend it: the base's tiers, then those that the add-ons add with the base's
// common figures in them. An add-on widens the tiers of the base and of the
// other add-ons, also in a dimension of which they say nothing; what it adds
// piles up on every tier that says something of the dimension. A tier's figures
// are all that it says, the common ones included; figures keep their dates.
//
// Where a sum would need a calendar, hours on top of business days, the tier
// says nothing of the dimension any more: better no promise than one that is
// too short.
func Combine(dims []Dimension, base *Offering, addOns ...*Offering) []Tier {
	var tiers []Tier
	for _, o := range append([]*Offering{base}, addOns...) {
		for _, t := range o.Tiers {
			all := Figures{}
			maps.Copy(all, base.Common)
			maps.Copy(all, o.Common)
			maps.Copy(all, t.Figures)
			for _, dim := range dims {
				all.combine(dim, o, addOns)
			}
			tiers = append(tiers, Tier{t.Name, all})
		}
	}
	return tiers
}

// combine widens and increases a tier of the offering in one dimension.
func (fs Figures) combine(dim Dimension, of *Offering, addOns []*Offering) {
	for _, a := range addOns {
		if by, ok := a.Widens[dim.Name]; ok && a != of {
			fs[dim.Name] = fs[dim.Name].with(by, dim.union)
		}
		f, says := fs[dim.Name]
		by, ok := a.Adds[dim.Name]
		if !says || !ok {
			continue
		}
		if fs[dim.Name] = f.with(by, sum); slices.ContainsFunc(fs[dim.Name], func(d Dated) bool { return d.Value.IsZero() }) {
			delete(fs, dim.Name)
		}
	}
}

// with joins two figures into one, on each day on which either changes.
func (f Figure) with(by Figure, join func(a, b Value) Value) Figure {
	var days []Day
	for _, dated := range slices.Concat(f, by) {
		days = append(days, dated.From)
	}
	slices.SortFunc(days, Day.Compare)
	var all Figure
	for _, day := range slices.Compact(days) {
		v := join(f.On(day), by.On(day))
		if n := len(all); n == 0 || !all[n-1].Value.Equal(v) {
			all = append(all, Dated{day, v})
		}
	}
	return all
}

// union holds what is in either set, in the dimension's order.
func (dim Dimension) union(a, b Value) Value {
	if hasAll(a.Set, b.Set) {
		return a
	}
	set := slices.Concat(a.Set, b.Set)
	slices.SortFunc(set, func(x, y string) int {
		return cmp.Compare(slices.Index(dim.Values, x), slices.Index(dim.Values, y))
	})
	return Value{Set: slices.Compact(set)}
}

// sum adds two numbers, in the unit of the first; the zero Value when the
// units don't convert.
func sum(a, b Value) Value {
	in, err := b.In(a.Unit)
	if err != nil || a.Number == nil {
		return Value{}
	}
	return Value{Number: new(big.Rat).Add(a.Number, in.Number), Unit: a.Unit}
}
