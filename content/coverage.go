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
}

// An ItemCoverage is one item on a clause.
type ItemCoverage struct {
	Quiz     string `json:"quiz"`
	Item     string `json:"item"`
	Critical bool   `json:"critical,omitempty"`
}

// Coverage lists every clause with the lessons that teach it and the items
// that test it: offerings first, then practices, clauses in their order.
func (l *Library) Coverage() []ClauseCoverage {
	items := l.itemsByClause()
	var rows []ClauseCoverage
	add := func(clauses []*Clause) {
		for _, c := range clauses {
			row := ClauseCoverage{Clause: c.ID, Title: c.Title, Lessons: []string{}, Items: items[c.ID]}
			for _, lesson := range c.Lessons {
				row.Lessons = append(row.Lessons, lesson.ID)
			}
			if row.Items == nil {
				row.Items = []ItemCoverage{}
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

// PrintCoverage writes the coverage for people: each clause, under it its
// lessons and items or what it lacks, and in the end how many lack something.
func PrintCoverage(w io.Writer, rows []ClauseCoverage) error {
	var b strings.Builder
	untaught, untested := 0, 0
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
		if len(row.Lessons) == 0 {
			untaught++
			b.WriteString("  no lesson\n")
		}
		if len(row.Items) == 0 {
			untested++
			b.WriteString("  no item\n")
		}
	}
	fmt.Fprintf(&b, "%s: %d without a lesson, %d without an item\n", count(len(rows), "clause"), untaught, untested)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing the coverage: %w", err)
	}
	return nil
}

// Covered reports whether every clause has at least one lesson and one item.
func Covered(rows []ClauseCoverage) bool {
	return !slices.ContainsFunc(rows, func(r ClauseCoverage) bool { return len(r.Lessons) == 0 || len(r.Items) == 0 })
}
