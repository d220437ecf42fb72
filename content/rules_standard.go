package content

import (
	"slices"

	"github.com/insidebox/insidebox/standard"
)

// addOnRules sees that add-ons extend offerings that exist and are bases.
func (l *loader) addOnRules() {
	for _, o := range l.lib.Offerings {
		src := l.files[o.File]
		for i, id := range o.Extends {
			at := l.frontOffset(src, "extends", itoa(i))
			base := l.lib.offerings[id]
			switch {
			case id == o.ID: // said by the box's own rules
			case base == nil && l.declared(standardKind, id):
			case base == nil:
				l.report.errorf(src, at, "unknown-offering", "there is no offering with the id %s%s", quoted(id), didYouMean(id, l.bases()))
			case base.IsAddOn():
				l.report.errorf(src, at, "bad-add-on", "%s is an add-on itself; an add-on extends base offerings only, such as %s", quoted(id), orList(base.Extends))
			case !l.files[base.File].boxUnclear:
				l.addsToNothing(src, o, base)
			}
		}
	}
}

// bases lists the ids of the offerings that can be extended.
func (l *loader) bases() []string {
	return slices.DeleteFunc(idsOf(l.lib.offerings), func(id string) bool { return l.lib.offerings[id].IsAddOn() })
}

// addsToNothing warns where an add-on adds to a figure that its base does not
// state: what is not in the standard stays outside of it.
func (l *loader) addsToNothing(src *source, o, base *Offering) {
	said := base.Offering.Dimensions()
	for _, dim := range l.dimensions {
		if o.Adds[dim.Name] != nil && !slices.Contains(said, dim.Name) {
			l.report.warnf(src, l.frontOffset(src, "adds", dim.Name), "adds-to-nothing", "%s says nothing of %s, so there is nothing to add to; state it in the base, or take it out here", base.ID, dim.Name)
		}
	}
}

// calledRules sees that the words by which people call an offering name it alone.
func (l *loader) calledRules() {
	for _, p := range standard.CheckCalled(l.dimensions, l.lib.boxes()) {
		src := l.files[l.lib.Offering(p.Dimension).File]
		l.report.errorf(src, l.frontOffset(src, "words", itoa(p.Index)), "bad-words", "words: %s", p.Message)
	}
}

// stateRules sees that every dimension of a box has its clause, in words: the
// one of the same name, or the one that `clauses:` names.
func (l *loader) stateRules() {
	for _, o := range l.lib.Offerings {
		src := l.files[o.File]
		anchors := anchorsOf(o.Clauses)
		for _, dim := range l.dimensions {
			if !slices.Contains(o.Offering.Dimensions(), dim.Name) {
				continue
			}
			anchor, mapped := o.States[dim.Name]
			switch {
			case mapped && !slices.Contains(anchors, anchor):
				l.report.errorf(src, l.frontOffset(src, "clauses", dim.Name), "unknown-clause", "clauses: %s names %s, but this file has no such clause%s", dim.Name, quoted(anchor), didYouMean(anchor, anchors))
			case !mapped && !slices.Contains(anchors, dim.Name):
				l.report.errorf(src, l.dimensionOffset(src, &o.Offering, dim.Name), "unstated-dimension", "no clause of this file states %s: write a section ## %s, or name the one that does, clauses: {%s: …}", dim.Name, dim.Label, dim.Name)
			}
		}
	}
}

func anchorsOf(clauses []*Clause) []string {
	anchors := make([]string, 0, len(clauses))
	for _, c := range clauses {
		anchors = append(anchors, c.Anchor)
	}
	return anchors
}

// dimensionOffset is where a box first speaks of a dimension.
func (l *loader) dimensionOffset(src *source, o *standard.Offering, dim string) int {
	for _, group := range []struct {
		key     string
		figures standard.Figures
	}{{"common", o.Common}, {"widens", o.Widens}, {"adds", o.Adds}} {
		if group.figures[dim] != nil {
			return l.frontOffset(src, group.key, dim)
		}
	}
	for i, tier := range o.Tiers {
		if tier.Figures[dim] != nil {
			return l.frontOffset(src, "tiers", itoa(i), dim)
		}
	}
	return l.frontOffset(src, "tiers")
}

// clauseRules warns of clauses that nobody is taught or asked.
func (l *loader) clauseRules() {
	tested := map[string]bool{}
	for _, q := range l.lib.quizzes {
		for _, clause := range q.Clauses() {
			tested[clause] = true
		}
	}
	warn := func(file string, clauses []*Clause) {
		for _, c := range clauses {
			var lacks, mend []string
			if len(c.Lessons) == 0 {
				lacks, mend = append(lacks, "lesson teaches"), append(mend, "under teaches: in a lesson")
			}
			if !tested[c.ID] {
				lacks, mend = append(lacks, "item tests"), append(mend, "in the id line of an item")
			}
			if len(lacks) > 0 {
				src := l.files[file]
				l.report.warnf(src, l.offset(src, src.headings[c.Anchor]), "clause-uncovered", "no %s the clause %s; name it %s", joinWords(lacks, " and no "), c.ID, andList(mend))
			}
		}
	}
	for _, o := range l.lib.Offerings {
		warn(o.File, o.Clauses)
	}
	for _, p := range l.lib.Practices {
		warn(p.File, p.Clauses)
	}
}

// uncertified warns of offerings that nobody can be cleared to sell.
func (l *loader) uncertified() {
	named := map[string]bool{}
	for _, c := range l.lib.Certifications {
		for _, id := range c.Offerings {
			named[id] = true
		}
	}
	for _, o := range l.lib.Offerings {
		if !named[o.ID] {
			src := l.files[o.File]
			l.report.warnf(src, l.frontOffset(src, "id"), "uncertified-offering", "no certification names the offering %s, so nobody can be cleared to sell it; add it under offerings: in a file of certifications/", quoted(o.ID))
		}
	}
}
