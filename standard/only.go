package standard

import (
	"fmt"
	"slices"
	"strings"
)

// A customer may ask for an offering by name. Then a choice with that offering holds
// the need, or none does, whatever else is in the catalogue.

// OnlyField is the field of a query or form that names offerings, beside the fields
// that are named like dimensions. No dimension may be called so.
const OnlyField = "only"

// among are the choices of which one is to hold a need.
type among struct {
	bases []candidate
	named bool        // offerings are named
	each  bool        // bases are: every one of them has to hold the need
	apart []*Offering // add-ons that are not sold with what else is named
}

// A candidate is a base with the add-ons that have to be there, as sorted indexes.
type candidate struct {
	*bookBase
	must   []int
	brings []int // of these, those that bring tiers and nothing else
}

// among finds the choices with the offerings that are named; all there are, where none
// is. A base that is named is one of few; an add-on that is named is there with every
// base that it extends. Where add-ons alone are named, the base is any that all of them
// extend.
func (b *Book) among(only []string) (among, error) {
	a := among{named: len(only) > 0}
	var addOns []*Offering
	for _, id := range only {
		switch base, addOn := b.byID(id); {
		case base != nil:
			a.each = true
		case addOn == nil:
			return among{}, fmt.Errorf("%q is no offering of this standard", id)
		case !slices.Contains(addOns, addOn):
			addOns = append(addOns, addOn)
		}
	}
	extended := map[*Offering]bool{}
	for _, base := range b.bases {
		c := candidate{bookBase: base}
		for i, o := range base.addOns {
			if slices.Contains(addOns, o) {
				if c.must = append(c.must, i); !a.each && o.tiersOnly() {
					c.brings = append(c.brings, i)
				}
			}
		}
		if a.each && !slices.Contains(only, base.offering.ID) || !a.each && len(c.must) < len(addOns) {
			continue
		}
		a.bases = append(a.bases, c)
		for _, i := range c.must {
			extended[base.addOns[i]] = true
		}
	}
	a.apart = slices.DeleteFunc(addOns, func(o *Offering) bool { return extended[o] })
	return a, nil
}

// byID is the base of an id, or else the add-on.
func (b *Book) byID(id string) (base, addOn *Offering) {
	for _, of := range b.bases {
		if of.offering.ID == id {
			return of.offering, nil
		}
		for _, o := range of.addOns {
			if o.ID == id {
				return nil, o
			}
		}
	}
	return nil, nil
}

// tiersOnly reports whether an add-on brings tiers and nothing else.
func (o *Offering) tiersOnly() bool {
	return o.IsAddOn() && len(o.Tiers) > 0 && len(o.Widens)+len(o.Adds) == 0
}

// offered are the tiers of which a choice with the named add-ons can be. An add-on that
// brings tiers and nothing else, and is named without its base, is named for one of its
// own: who asks for the express desk is not served by a tier that it has no part in.
func (c candidate) offered() []*bookTier {
	if c.brings == nil {
		return c.tiers
	}
	return slices.DeleteFunc(slices.Clone(c.tiers), func(t *bookTier) bool { return !slices.Contains(c.brings, t.of) })
}

// from are the add-ons without which there is no such choice with the tier: those that
// must be there, and the one that brings the tier.
func (c candidate) from(t *bookTier) []int {
	if at, there := slices.BinarySearch(c.must, t.of); t.of >= 0 && !there {
		return slices.Insert(slices.Clone(c.must), at, t.of)
	}
	return slices.Clone(c.must)
}

// Only reads the offerings that a field names, by their ids or titles, with commas
// between them. They come back in the catalogue's order, each once.
func (lx *Lexicon) Only(text string) ([]string, error) {
	var ids []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		id, err := lx.onlyOne(name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return lx.ordered(ids), nil
}

func (lx *Lexicon) onlyOne(name string) (string, error) {
	var ids, titled []string
	for _, o := range lx.offerings {
		if o.ID == name {
			return name, nil
		}
		if strings.EqualFold(o.Title, name) {
			titled = append(titled, o.ID)
		}
		ids = append(ids, o.ID)
	}
	if len(titled) == 1 {
		return titled[0], nil
	}
	if near := nearest(strings.ToLower(strings.ReplaceAll(squeeze(name), " ", "-")), ids); near != "" {
		return "", fmt.Errorf("%s: there is no offering %q; did you mean %q?", OnlyField, name, near)
	}
	return "", fmt.Errorf("%s: there is no offering %q; choose from %s", OnlyField, name, strings.Join(ids, ", "))
}
