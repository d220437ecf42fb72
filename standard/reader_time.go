package standard

import (
	"math/big"
	"slices"
)

// Times beside which no dimension is named: of what they may be.

// othersTime reports whether another time than that of the dimension is named, and has no
// figure: then a time without a name may be its own, "onboarding, 20 business days".
func (r *reader) othersTime(dim int) bool {
	return slices.ContainsFunc(r.items, func(it item) bool {
		return it.kind == cueWord && it.dim != dim && !it.blocked && isTime(r.dims()[it.dim].Unit) && !r.hasFigure(it.dim)
	})
}

// hasFigure reports whether a figure stands beside a name of the dimension.
func (r *reader) hasFigure(dim int) bool {
	return slices.ContainsFunc(r.found, func(f *amount) bool { return f.labelled && f.dim == dim })
}

// addedTime reports whether a time in days may be one that an add-on adds to, because
// something is asked for that the add-on brings: of "a portal in 8 weeks" the weeks are
// those of the portal sooner than those of a report. Hours are no such time.
func (r *reader) addedTime(f *amount) bool {
	if f.dim < 0 || scaleOf(f.unit).base == "h" && f.unit != "d" {
		return false
	}
	return slices.ContainsFunc(r.lx.offerings, func(o *namedOffering) bool {
		adds := slices.IndexFunc(r.dims(), func(d Dimension) bool {
			return isTime(d.Unit) && d.Name != r.dims()[f.dim].Name && o.Adds[d.Name] != nil
		})
		return adds >= 0 && !r.hasFigure(adds) && slices.ContainsFunc(r.items, func(it item) bool {
			if it.blocked || !it.names() {
				return false
			}
			if it.kind == titleWord {
				return it.value == o.ID
			}
			return slices.ContainsFunc(o.Widens[r.dims()[it.dim].Name], func(on Dated) bool { return slices.Contains(on.Value.Set, it.value) })
		})
	})
}

// muchLonger is how many times longer than the slowest box a time must be to be meant of
// something else.
const muchLonger = 5

// tooLong reports whether a time is so much longer than what is offered in its dimension
// that it may be another one, of which the same offerings say that it takes longer: of "20k
// names, 10 business days" the days are those until the watch begins sooner than those of a
// notice that comes in 24 hours.
func (r *reader) tooLong(f *amount) bool {
	if f.dim < 0 || f.number == nil {
		return false
	}
	said := rough(r.value(f))
	longer, some := false, false
	for _, o := range r.lx.offerings {
		if !slices.Contains(r.named, o.ID) && (len(r.named) > 0 || !r.statesFigures(o)) || !o.states[f.dim] {
			continue
		}
		some = true
		if slowest := o.slowest[f.dim]; slowest == nil || said.Cmp(new(big.Rat).Mul(slowest, big.NewRat(muchLonger, 1))) < 0 {
			return false
		}
		for i, d := range r.dims() {
			if other := o.slowest[i]; i != f.dim && isTime(d.Unit) && other != nil && !r.hasFigure(i) {
				longer = longer || other.Cmp(said) > 0
			}
		}
	}
	return some && longer
}

// slowestOf are the longest times that an offering has, by dimension, on any day; nil
// where it has none.
func slowestOf(dims []Dimension, o *Offering) []*big.Rat {
	list := make([]*big.Rat, len(dims))
	for _, t := range Combine(dims, o) {
		for i, d := range dims {
			for _, on := range t.Figures[d.Name] {
				if v := on.Value; v.Number != nil && isTime(v.Unit) && (list[i] == nil || rough(v).Cmp(list[i]) > 0) {
					list[i] = rough(v)
				}
			}
		}
	}
	return list
}

// rough is a time in hours, a week of five business days as one of seven days: enough to
// see how far two times are apart.
func rough(v Value) *big.Rat {
	if v.Unit == "bd" {
		return new(big.Rat).Mul(v.Number, big.NewRat(24*7, 5))
	}
	return new(big.Rat).Mul(v.Number, scaleOf(v.Unit).times)
}

// timed is the dimension that is named right beside a time, "notice within 24 hours",
// "24h notice"; -1 for none.
func (r *reader) timed(f *amount) int {
	if f == nil || f.bad || f.number == nil || f.family != timeFigure {
		return -1
	}
	names := func(at int) bool { return r.items[at].kind == cueWord && isTime(r.dims()[r.items[at].dim].Unit) }
	at := f.from
	for at > 0 && r.items[at].brk == joined {
		if at--; names(at) {
			return r.items[at].dim
		}
		if k := r.items[at].kind; k != upperWord && k != fillWord && k != articleWord && k != softWord {
			break
		}
	}
	if f.to < len(r.items) && r.items[f.to].brk == joined && names(f.to) {
		return r.items[f.to].dim
	}
	return -1
}
