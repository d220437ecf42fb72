package standard

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A Problem is one thing wrong with a box, and where.
type Problem struct {
	Part      string // the key in the file: common, tiers, widens, adds, extends, clauses
	Tier      string // with Part "tiers"; may be empty
	Index     int    // of the tier, from 0; -1 where no single tier is meant
	Dimension string // may be empty
	Message   string // the sentence, without the place
}

// Error names the place, then says what is wrong.
func (p *Problem) Error() string {
	var where []string
	switch {
	case p.Part == "tiers" && p.Tier != "":
		where = append(where, fmt.Sprintf("tier %q", p.Tier))
	case p.Part == "tiers" && p.Index >= 0:
		where = append(where, fmt.Sprintf("tier %d", p.Index+1))
	default:
		where = append(where, p.Part)
	}
	if p.Dimension != "" {
		where = append(where, p.Dimension)
	}
	return strings.Join(where, ", ") + ": " + p.Message
}

var word = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Validate returns what is wrong with the declaration of a dimension.
func (dim Dimension) Validate() error {
	if !word.MatchString(dim.Name) {
		return fmt.Errorf("dimension %q: a name is lower-case words joined by hyphens", dim.Name)
	}
	if dim.Name == OnlyField {
		return fmt.Errorf("dimension %s: this name is taken, because it names offerings in the address of an answer", dim.Name)
	}
	if err := dim.validateWords(); err != nil {
		return err
	}
	switch dim.Kind {
	case NoMoreThan, NoLessThan:
		return dim.validateNumber()
	case AllOf:
		return dim.validateSet()
	default:
		return fmt.Errorf("dimension %s: kind is %q; write %s, %s or %s", dim.Name, dim.Kind, NoMoreThan, NoLessThan, AllOf)
	}
}

func (dim Dimension) validateNumber() error {
	if len(dim.Values) > 0 {
		return fmt.Errorf("dimension %s: only kind %s has values", dim.Name, AllOf)
	}
	if len(dim.Names) > 0 {
		return fmt.Errorf("dimension %s: only the values of kind %s have names", dim.Name, AllOf)
	}
	if dim.Unit == "" {
		return fmt.Errorf("dimension %s: kind %s needs a unit, such as h, bd, per month or EUR", dim.Name, dim.Kind)
	}
	unit, err := ParseUnit(dim.Unit)
	if err != nil {
		return fmt.Errorf("dimension %s: %w", dim.Name, err)
	}
	if unit != dim.Unit {
		return fmt.Errorf("dimension %s: write the unit %q as %q", dim.Name, dim.Unit, unit)
	}
	return nil
}

func (dim Dimension) validateSet() error {
	if dim.Unit != "" {
		return fmt.Errorf("dimension %s: kind %s has values, not a unit", dim.Name, AllOf)
	}
	if len(dim.Values) == 0 {
		return fmt.Errorf("dimension %s: kind %s needs the values that a set may hold", dim.Name, AllOf)
	}
	for i, v := range dim.Values {
		if !word.MatchString(v) {
			return fmt.Errorf("dimension %s: value %q: write lower-case words joined by hyphens", dim.Name, v)
		}
		if slices.Contains(dim.Values[:i], v) {
			return fmt.Errorf("dimension %s: value %q stands there twice", dim.Name, v)
		}
	}
	return dim.validateNames()
}

// validateNames holds that names are of values, and that people can tell the
// values apart by them.
func (dim Dimension) validateNames() error {
	for _, v := range slices.Sorted(maps.Keys(dim.Names)) {
		if !slices.Contains(dim.Values, v) {
			return fmt.Errorf("dimension %s: %q has a name and is not one of its values; choose from %s", dim.Name, v, strings.Join(dim.Values, ", "))
		}
		if strings.TrimSpace(dim.Names[v]) == "" {
			return fmt.Errorf("dimension %s: the name of value %q is empty; write what people read, such as %s: %s", dim.Name, v, v, strings.ReplaceAll(v, "-", " "))
		}
	}
	seen := map[string]string{}
	for _, v := range dim.Values {
		name := strings.ToLower(dim.NameOf(v))
		if other, taken := seen[name]; taken {
			return fmt.Errorf("dimension %s: values %q and %q have the same name", dim.Name, other, v)
		}
		seen[name] = v
	}
	return nil
}

// Validate returns everything that is wrong with the box for itself, in the
// order of the file's keys: unknown dimensions, figures of the wrong kind or
// unit, dates that don't ascend, tiers without name or content, a dimension
// that is common and in a tier, an add-on that changes nothing.
func (o *Offering) Validate(dims []Dimension) []*Problem {
	c := check{offering: o, dims: map[string]Dimension{}}
	for _, dim := range dims {
		c.dims[dim.Name] = dim
	}
	c.extends()
	for _, p := range o.parts() {
		c.figures(p)
	}
	c.tiers()
	c.states()
	return c.problems
}

// A check collects the problems of one offering.
type check struct {
	offering *Offering
	dims     map[string]Dimension
	problems []*Problem
}

func (c *check) add(p part, dimension, format string, args ...any) {
	c.problems = append(c.problems, &Problem{Part: p.name, Tier: p.tier, Index: p.index, Dimension: dimension, Message: fmt.Sprintf(format, args...)})
}

func (c *check) extends() {
	o := c.offering
	place := part{name: "extends", index: -1}
	for i, id := range o.Extends {
		if id == o.ID {
			c.add(place, "", "an offering can't extend itself")
		}
		if slices.Contains(o.Extends[:i], id) {
			c.add(place, "", "%q stands there twice", id)
		}
	}
	if o.IsAddOn() && len(o.Tiers)+len(o.Widens)+len(o.Adds) == 0 {
		c.add(place, "", "this add-on changes nothing; give it tiers, widens or adds")
	}
	if !o.IsAddOn() && len(o.Widens) > 0 {
		c.add(part{name: "widens", index: -1}, "", "only an add-on widens; name the base under extends")
	}
	if !o.IsAddOn() && len(o.Adds) > 0 {
		c.add(part{name: "adds", index: -1}, "", "only an add-on adds; name the base under extends")
	}
}

// figures checks one group of figures.
func (c *check) figures(p part) {
	for _, name := range slices.Sorted(maps.Keys(p.figures)) {
		dim, ok := c.known(p, name)
		if !ok {
			continue
		}
		if err := p.figures[name].Validate(dim); err != nil {
			c.add(p, name, "%s", err)
			continue
		}
		switch {
		case p.name == "widens" && dim.Kind != AllOf:
			c.add(p, name, "only sets are widened; a number belongs under adds")
		case p.name == "adds" && dim.Kind == AllOf:
			c.add(p, name, "only numbers are added; a set belongs under widens")
		case p.name == "adds":
			c.exact(p, dim)
		}
	}
}

// exact checks that what an add-on adds can be added without a calendar.
func (c *check) exact(p part, dim Dimension) {
	for _, dated := range p.figures[dim.Name] {
		if _, err := dated.Value.In(dim.Unit); err != nil {
			c.add(p, dim.Name, "%s can't be added to figures in %s; write it in %s", dated.Value, dim.Unit, dim.Unit)
		}
	}
}

// known returns the dimension of that name, or adds a problem.
func (c *check) known(p part, name string) (Dimension, bool) {
	dim, ok := c.dims[name]
	if !ok {
		if near := nearest(name, slices.Collect(maps.Keys(c.dims))); near != "" {
			c.add(p, name, "library.md declares no such dimension; did you mean %q?", near)
		} else {
			c.add(p, name, "library.md declares no such dimension")
		}
	}
	return dim, ok
}

func (c *check) tiers() {
	o := c.offering
	if len(o.Tiers) == 0 && !o.IsAddOn() {
		c.add(part{name: "tiers", index: -1}, "", "an offering needs at least one tier; only an add-on may have none")
	}
	names := map[string]bool{}
	for i, tier := range o.Tiers {
		p := part{"tiers", tier.Name, i, tier.Figures}
		switch {
		case tier.Name == "":
			c.add(p, "", "give the tier a name")
		case !word.MatchString(tier.Name):
			c.add(p, "", "a name is lower-case words joined by hyphens")
		case names[tier.Name]:
			c.add(p, "", "another tier of this offering has the same name")
		}
		names[tier.Name] = true
		if len(tier.Figures)+len(o.Common) == 0 {
			c.add(p, "", "this tier promises nothing; give it figures")
		}
		for _, dim := range slices.Sorted(maps.Keys(tier.Figures)) {
			if _, ok := o.Common[dim]; ok {
				c.add(p, dim, "common says it, too; say it in one place")
			}
		}
	}
}

func (c *check) states() {
	said := c.offering.Dimensions()
	place := part{name: "clauses", index: -1}
	for _, dim := range slices.Sorted(maps.Keys(c.offering.States)) {
		if _, ok := c.known(place, dim); ok && !slices.Contains(said, dim) {
			c.add(place, dim, "the box says nothing of this dimension, so no clause states it")
		}
	}
}
