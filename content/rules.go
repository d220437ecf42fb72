package content

import (
	"slices"
	"strings"
)

// crossRules holds the files against one another. What is wrong however
// little was written comes first: repeated ids, references that lead nowhere,
// circles. Whether the library is complete (every clause taught and tested,
// every certificate within reach) is judged only when all files could be
// read, because one that could not would make a dozen others look incomplete.
func (l *loader) crossRules() {
	for _, src := range l.sources {
		l.tabs(src)
	}
	l.repeatedItems()
	l.checksBesideItems()
	l.addOnRules()
	l.calledRules()
	l.stateRules()
	l.pageRules()
	l.afterRules()
	if l.report.hasErrors() {
		return
	}
	for _, c := range l.lib.Certifications {
		l.certificationRules(l.certificationSource(c.ID), c)
	}
	l.clauseRules()
	l.criticalRules()
	l.uncertified()
	l.sinceRules()
}

// hasErrors reports whether any finding so far is an error.
func (r *report) hasErrors() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.ContainsFunc(r.findings, func(f Finding) bool { return f.Error })
}

// declared reports whether a file of the kind carries the id, or may carry it
// because its own can't be read: then what is wrong has been said there.
func (l *loader) declared(kind fileKind, id string) bool {
	return l.nameless(kind) || slices.ContainsFunc(l.sources, func(src *source) bool {
		return src.Kind == kind && !src.Draft && l.frontText(src, "id") == id
	})
}

// nameless reports whether the id of a file of the kind can't be read.
func (l *loader) nameless(kind fileKind) bool {
	return slices.ContainsFunc(l.sources, func(src *source) bool {
		return src.Kind == kind && !src.Draft && (src.unreadable() || src.yaml != nil && !idPattern.MatchString(l.frontText(src, "id")))
	})
}

// unreadable reports whether nothing of the front matter could be read.
func (s *source) unreadable() bool { return s.yaml != nil && s.yaml.root == nil }

// clauseMayBe reports whether there may be a clause of this id, or clauses of
// this pattern, in a file whose own id can't be read.
func (l *loader) clauseMayBe(id string) bool {
	of, _, _ := strings.Cut(id, "/")
	return l.nameless(standardKind) && l.lib.offerings[of] == nil && l.lib.practices[of] == nil
}

// certificationSource is the file of a certification that was read.
func (l *loader) certificationSource(id string) *source {
	for _, src := range l.sources {
		if src.Kind == certificationKind && !src.Draft && l.frontText(src, "id") == id {
			return src
		}
	}
	return nil
}
