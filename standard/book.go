package standard

import (
	"math/big"
	"slices"
	"sync"
)

// A Book is a catalogue of offerings as it holds on one day, ready for needs to
// be matched with it. It never changes, and any number of callers may use it.
type Book struct {
	Day      Day
	dims     []Dimension
	index    map[string]int // of a dimension, by name
	calendar Calendar
	bases    []*bookBase
	price    int // index of the dimension that is money, -1 without

	mu    sync.Mutex
	spans map[int]span // of business days, by their number
}

// A bookBase is one base offering with the add-ons that extend it.
type bookBase struct {
	offering *Offering
	order    int
	addOns   []*Offering
	widens   [][]Value // by add-on, then by the dimension's index
	tiers    []*bookTier
}

// A bookTier is a tier as it stands before an add-on widens or increases it.
type bookTier struct {
	name   string
	of     int          // index of the add-on that brings it, -1 for the base's own
	values []Value      // by the dimension's index; the zero Value says nothing
	adds   [][]increase // by add-on
}

// An increase is what an add-on adds to a tier in one dimension, in the tier's
// unit; nil where that would need a calendar: then the tier with this add-on says
// nothing of the dimension any more, as with Combine.
type increase struct {
	dim int
	by  *big.Rat
}

// NewBook opens the catalogue on a day. The offerings are in the order in which
// answers name them; an add-on of none of them is left out.
func NewBook(dims []Dimension, calendar Calendar, offerings []*Offering, day Day) *Book {
	b := &Book{Day: day, dims: dims, index: map[string]int{}, calendar: calendar, price: -1, spans: map[int]span{}}
	for i, dim := range dims {
		b.index[dim.Name] = i
		if b.price < 0 && dim.Kind == NoMoreThan && currency.MatchString(dim.Unit) {
			b.price = i
		}
	}
	for _, o := range offerings {
		if !o.IsAddOn() {
			b.bases = append(b.bases, b.open(o, offerings, len(b.bases)))
		}
	}
	return b
}

// Dimension returns the dimension of that name.
func (b *Book) Dimension(name string) (Dimension, bool) {
	i, ok := b.index[name]
	if !ok {
		return Dimension{}, false
	}
	return b.dims[i], true
}

// Dimensions returns all dimensions, in the order in which they are declared.
func (b *Book) Dimensions() []Dimension { return b.dims }

func (b *Book) open(o *Offering, all []*Offering, order int) *bookBase {
	base := &bookBase{offering: o, order: order}
	for _, a := range all {
		if slices.Contains(a.Extends, o.ID) {
			base.addOns = append(base.addOns, a)
			base.widens = append(base.widens, b.values(a.Widens))
		}
	}
	for _, t := range Combine(b.dims, o) {
		base.tiers = append(base.tiers, b.tier(base, t, -1))
	}
	for i, a := range base.addOns {
		bare := *a // its tiers have the base's common figures, and not yet what it adds
		bare.Widens, bare.Adds = nil, nil
		for _, t := range Combine(b.dims, o, &bare)[len(o.Tiers):] {
			base.tiers = append(base.tiers, b.tier(base, t, i))
		}
	}
	return base
}

func (b *Book) tier(base *bookBase, t Tier, of int) *bookTier {
	ready := &bookTier{name: t.Name, of: of, values: b.values(t.Figures)}
	for _, a := range base.addOns {
		var list []increase
		for i, dim := range b.dims {
			by, adds := a.Adds[dim.Name]
			says, stated := t.Figures[dim.Name]
			if !adds || !stated {
				continue
			}
			one := increase{dim: i}
			if addable(says, by) {
				one.by = sum(Value{Number: new(big.Rat), Unit: ready.values[i].Unit}, by.On(b.Day)).Number
			}
			list = append(list, one)
		}
		ready.adds = append(ready.adds, list)
	}
	return ready
}

// addable reports whether two figures can be added on every day.
func addable(a, b Figure) bool {
	return !slices.ContainsFunc(a.with(b, sum), func(d Dated) bool { return d.Value.IsZero() })
}

// values are the figures as they hold on the day.
func (b *Book) values(figures Figures) []Value {
	list := make([]Value, len(b.dims))
	for name, f := range figures {
		if i, ok := b.index[name]; ok {
			list[i] = f.On(b.Day)
		}
	}
	return list
}

// value is what the tier says in a dimension when it is sold with these add-ons.
func (b *Book) value(base *bookBase, t *bookTier, with []int, dim int) Value {
	v := t.values[dim]
	for _, a := range with {
		if by := base.widens[a][dim]; by.Set != nil && a != t.of {
			v = b.dims[dim].union(v, by)
		}
		for _, one := range t.adds[a] {
			if one.dim != dim || v.Number == nil {
				continue
			}
			if one.by == nil {
				return Value{}
			}
			v = Value{Number: new(big.Rat).Add(v.Number, one.by), Unit: v.Unit}
		}
	}
	return v
}
