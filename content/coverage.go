package content

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A ClauseCoverage says where one clause is taught and tested.
type ClauseCoverage struct {
	Clause  string         `json:"clause"`
	Title   string         `json:"title"`
	Lessons []string       `json:"lessons"` // ids, in course order
	Items   []ItemCoverage `json:"items"`   // by quiz, in the file's order

	Choices []ChoiceCoverage `json:"choices"` // by scenario, in the file's order
}

// A ChoiceCoverage is one choice of a scenario whose debrief cites a clause.
type ChoiceCoverage struct {
	Scenario string `json:"scenario"`
	Scene    string `json:"scene"`  // anchor
	Choice   int    `json:"choice"` // from 1
}

// An ItemCoverage is one item on a clause.
type ItemCoverage struct {
	Quiz     string `json:"quiz"`
	Item     string `json:"item"`
	Critical bool   `json:"critical,omitempty"`
}

// Coverage lists every clause with the lessons that teach it, the items that
// test it and the choices of scenarios that cite it: offerings first, then practices, clauses in their order.
func (l *Library) Coverage() []ClauseCoverage {
	items, choices := l.itemsByClause(), l.choicesByClause()
	var rows []ClauseCoverage
	add := func(clauses []*Clause) {
		for _, c := range clauses {
			row := ClauseCoverage{Clause: c.ID, Title: c.Title, Lessons: []string{}, Items: items[c.ID], Choices: choices[c.ID]}
			for _, lesson := range c.Lessons {
				row.Lessons = append(row.Lessons, lesson.ID)
			}
			if row.Items == nil {
				row.Items = []ItemCoverage{}
			}
			if row.Choices == nil {
				row.Choices = []ChoiceCoverage{}
			}
			rows = append(rows, row)
		}
	}
	for _, o := range l.Offerings {
		add(o.Clauses)
	}
	for _, p := range l.Practices {
		add(p.Clauses)
	}
	return rows
}

func (l *Library) itemsByClause() map[string][]ItemCoverage {
	items := map[string][]ItemCoverage{}
	for _, q := range l.Quizzes() {
		for _, it := range q.Items {
			for _, clause := range it.Clauses {
				items[clause] = append(items[clause], ItemCoverage{Quiz: q.ID, Item: it.ID, Critical: it.Critical})
			}
		}
	}
	return items
}

func (l *Library) choicesByClause() map[string][]ChoiceCoverage {
	choices := map[string][]ChoiceCoverage{}
	for _, s := range l.Scenarios() {
		for _, scene := range s.Scenes {
			for i, c := range scene.Choices {
				for _, clause := range c.Clauses {
					choices[clause] = append(choices[clause], ChoiceCoverage{Scenario: s.ID, Scene: scene.Anchor, Choice: i + 1})
				}
			}
		}
	}
	return choices
}

// PrintCoverage writes the coverage for people: each clause, under it its
// lessons, items and choices or what it lacks, and in the end how many lack
// something.
func PrintCoverage(w io.Writer, rows []ClauseCoverage) error {
	var b strings.Builder
	untaught, untested, unplayed := 0, 0, 0
	for _, row := range rows {
		fmt.Fprintf(&b, "%s\n", row.Clause)
		for _, lesson := range row.Lessons {
			fmt.Fprintf(&b, "  lesson  %s\n", lesson)
		}
		for _, it := range row.Items {
			critical := ""
			if it.Critical {
				critical = " (critical)"
			}
			fmt.Fprintf(&b, "  item    %s: %s%s\n", it.Quiz, it.Item, critical)
		}
		for _, c := range row.Choices {
			fmt.Fprintf(&b, "  choice  %s: %s, choice %d\n", c.Scenario, c.Scene, c.Choice)
		}
		if len(row.Lessons) == 0 {
			untaught++
			b.WriteString("  no lesson\n")
		}
		if len(row.Items) == 0 {
			untested++
			b.WriteString("  no item\n")
		}
		if len(row.Choices) == 0 {
			unplayed++
			b.WriteString("  no choice\n")
		}
	}
	fmt.Fprintf(&b, "%s: %d without a lesson, %d without an item, %d without a scenario choice\n", count(len(rows), "clause"), untaught, untested, unplayed)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing the coverage: %w", err)
	}
	return nil
}

// Covered reports whether every clause has at least one lesson and one item.
func Covered(rows []ClauseCoverage) bool {
	return !slices.ContainsFunc(rows, func(r ClauseCoverage) bool { return len(r.Lessons) == 0 || len(r.Items) == 0 })
}
