package content

import (
	"slices"
	"strings"
)

// repeatedItems sees that no two items of the library share an id: attempts
// and statistics go by it.
func (l *loader) repeatedItems() {
	type place struct {
		src *source
		at  int
	}
	first := map[string]place{}
	published, drafts := l.quizSources()
	for _, src := range slices.Concat(published, drafts) {
		for _, placed := range src.items {
			before, repeated := first[placed.item.ID]
			if !repeated {
				first[placed.item.ID] = place{src, placed.at}
				continue
			}
			line, _ := before.src.position(before.at)
			l.report.errorf(src, placed.at, "repeated-id", "the item id %s is taken by %s:%d; ids are unique in the whole library, so give this item another", quoted(placed.item.ID), before.src.File, line)
		}
	}
}

// quizSources lists the files of quizzes, drafts apart.
func (l *loader) quizSources() (published, drafts []*source) {
	for _, src := range l.sources {
		switch {
		case src.Kind != quizKind:
		case src.Draft:
			drafts = append(drafts, src)
		default:
			published = append(published, src)
		}
	}
	return published, drafts
}

// checksBesideItems sees that no self-check of a lesson gives an item of a
// quiz away: the same question with the same choices.
func (l *loader) checksBesideItems() {
	asked := map[string]string{} // by what is asked: "file:line"
	published, _ := l.quizSources()
	for _, src := range published {
		for _, placed := range src.items {
			line, _ := src.position(placed.at)
			asked[question(placed)] = src.File + ":" + itoa(line)
		}
	}
	for _, src := range l.sources {
		for _, check := range src.checks {
			for _, placed := range check.items {
				if item := asked[question(placed)]; item != "" {
					l.report.errorf(check, placed.at, "check-is-item", "this self-check is the same as the item at %s, and would give it away; ask something else", item)
				}
			}
		}
	}
}

// question is what an item asks, without the order of its choices.
func question(placed placedItem) string {
	choices := slices.Clone(placed.plain)
	for i := range choices {
		choices[i] = strings.ToLower(choices[i])
	}
	slices.Sort(choices)
	return strings.ToLower(placed.item.Stem) + "\x00" + strings.Join(choices, "\x00")
}

// criticalRules warns where a critical item is the only one on its clause in
// its quiz: everyone would be asked it, every time, and after one attempt it
// is known.
func (l *loader) criticalRules() {
	published, _ := l.quizSources()
	for _, src := range published {
		for _, placed := range src.items {
			for _, clause := range placed.item.Clauses {
				if placed.item.Critical && itemsOn(src, clause) == 1 {
					l.report.warnf(src, placed.at, "critical-alone", "this critical item is the only one on %s in its quiz, so every attempt asks it; write at least one more on that clause", clause)
				}
			}
		}
	}
}

func itemsOn(src *source, clause string) int {
	n := 0
	for _, placed := range src.items {
		if placed.item.Covers(clause) {
			n++
		}
	}
	return n
}
