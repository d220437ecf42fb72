package content

import (
	"maps"
	"slices"
)

// sinceRules holds the library against one that was published before: ids
// that people's records name must go on meaning the same, and whoever is
// concerned must be able to read what has changed.
func (l *loader) sinceRules() {
	before := l.since
	if before == nil {
		return
	}
	l.changedKinds(before)
	named := namedSince(before, l.lib)
	for _, old := range before.Clauses() {
		c := l.lib.Clause(old.ID)
		switch {
		case c == nil:
			l.goneClause(before, old)
		case c.Rev != old.Rev && !named[c.ID]:
			src := l.clauseSource(c)
			l.report.warnf(src, l.offset(src, src.headings[c.Anchor]), "unnamed-change", "the clause %s has changed since it was published, and no new entry of CHANGES.md names it, so it counts as material; class it there: - editorial: [%s](%s#%s): …",
				c.ID, c.Title, src.File, c.Anchor)
		}
	}
}

// namedSince lists the clauses that entries of CHANGES.md name, as far as the
// library before did not have them.
func namedSince(before, now *Library) map[string]bool {
	type line struct{ day, title, class, clause string }
	lines := func(l *Library) map[line]bool {
		all := map[line]bool{}
		for _, change := range l.Changes {
			for _, c := range change.Lines {
				all[line{change.Day.Text(), change.Title, c.Class, c.Clause}] = true
			}
		}
		return all
	}
	old, named := lines(before), map[string]bool{}
	for n := range lines(now) {
		if !old[n] {
			named[n.clause] = true
		}
	}
	return named
}

// clauseSource is the file that a clause stands in.
func (l *loader) clauseSource(c *Clause) *source {
	if o := l.lib.offerings[c.Of]; o != nil {
		return l.files[o.File]
	}
	return l.files[l.lib.practices[c.Of].File]
}

// goneClause warns of a clause that was published and can't be found any
// more, at the file that it stood in.
func (l *loader) goneClause(before *Library, old *Clause) {
	var file string
	if o := before.offerings[old.Of]; o != nil {
		file = o.File
	} else {
		file = before.practices[old.Of].File
	}
	src := l.files[file]
	if src == nil {
		src = &source{File: file}
	}
	l.report.warnf(src, l.frontOffset(src, "aliases"), "gone-clause", "the clause %s was published, and is gone; if its heading reads otherwise now, add aliases: {%s: its anchor now}", old.ID, old.Anchor)
}

// changedKinds refuses ids that were given to something of another kind: what
// is recorded under them would seem to be about that.
func (l *loader) changedKinds(before *Library) {
	old, now := before.kinds(), l.lib.kinds()
	for _, src := range l.sources {
		id := l.frontText(src, "id")
		if src.Draft || id == "" {
			continue
		}
		gone := slices.DeleteFunc(slices.Clone(old[id]), func(kind string) bool { return slices.Contains(now[id], kind) })
		fresh := slices.DeleteFunc(slices.Clone(now[id]), func(kind string) bool { return slices.Contains(old[id], kind) })
		if len(gone) > 0 && len(fresh) > 0 && src.Kind.is(fresh[0], src) {
			l.report.errorf(src, l.frontOffset(src, "id"), "changed-kind", "the id %s was published as that of %s, and is now that of %s; choose another one", quoted(id), gone[0], fresh[0])
		}
	}
}

// is reports whether a file is of the kind that people call so.
func (k fileKind) is(kind string, src *source) bool {
	switch kind {
	case "a quiz":
		return k == quizKind
	case "a scenario":
		return k == scenarioKind
	case "a certification":
		return k == certificationKind
	case "an offering":
		return k == standardKind && src.box != nil
	}
	return k == standardKind && src.box == nil
}

// kinds tells what each id is that of.
func (l *Library) kinds() map[string][]string {
	kinds := map[string][]string{}
	add := func(kind string, ids []string) {
		for _, id := range ids {
			kinds[id] = append(kinds[id], kind)
		}
	}
	add("an offering", slices.Collect(maps.Keys(l.offerings)))
	add("a practice", slices.Collect(maps.Keys(l.practices)))
	add("a quiz", slices.Collect(maps.Keys(l.quizzes)))
	add("a scenario", slices.Collect(maps.Keys(l.scenarios)))
	add("a certification", slices.Collect(maps.Keys(l.certifications)))
	return kinds
}
