package content

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// printWidth is how wide a line of the coverage gets, where its names let it.
const printWidth = 80

// PrintCoverage writes the coverage for people: each clause, under it its
// lessons, items and choices or what it lacks, and in the end the totals.
func PrintCoverage(w io.Writer, rows []ClauseCoverage) error {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "%s\n", row.Clause)
		for _, lesson := range row.Lessons {
			fmt.Fprintf(&b, "  lesson  %s\n", lesson)
		}
		printGroups(&b, "item", groupsOf(row.Items, itemName))
		printGroups(&b, "choice", groupsOf(row.Choices, choiceName))
		for _, kind := range []struct {
			name string
			n    int
		}{{"lesson", len(row.Lessons)}, {"item", len(row.Items)}, {"choice", len(row.Choices)}} {
			if kind.n == 0 {
				fmt.Fprintf(&b, "  no %s\n", kind.name)
			}
		}
	}
	t := Totals(rows)
	fmt.Fprintf(&b, "\n%s; on them %s, %s and %s\n", count(t.Clauses, "clause"),
		count(t.Lessons, "lesson"), count(t.Items, "item"), count(t.Choices, "scenario choice"))
	fmt.Fprintf(&b, "clauses without a lesson: %d, without an item: %d, without a choice: %d\n",
		t.WithoutLesson, t.WithoutItem, t.WithoutChoice)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing the coverage: %w", err)
	}
	return nil
}

func itemName(it ItemCoverage) (quiz, item string) {
	if it.Critical {
		return it.Quiz, it.Item + " (critical)"
	}
	return it.Quiz, it.Item
}

func choiceName(c ChoiceCoverage) (scenario, choice string) {
	return c.Scenario, fmt.Sprintf("%s %d", c.Scene, c.Choice)
}

// A coverageGroup is what one quiz or scenario holds on a clause.
type coverageGroup struct {
	of    string
	names []string
}

// groupsOf puts neighbours of one quiz or scenario together.
func groupsOf[T any](list []T, name func(T) (of, name string)) []coverageGroup {
	var groups []coverageGroup
	for _, one := range list {
		of, word := name(one)
		if n := len(groups); n == 0 || groups[n-1].of != of {
			groups = append(groups, coverageGroup{of: of})
		}
		last := &groups[len(groups)-1]
		last.names = append(last.names, word)
	}
	return groups
}

// printGroups writes a line for each group, and further ones, indented, where
// it would become too wide.
func printGroups(b *strings.Builder, kind string, groups []coverageGroup) {
	for _, g := range groups {
		line := fmt.Sprintf("  %-7s %s:", kind, g.of)
		for i, name := range g.names {
			if i < len(g.names)-1 {
				name += ","
			}
			if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(name) > printWidth {
				b.WriteString(line + "\n")
				line = strings.Repeat(" ", 11)
			}
			line += " " + name
		}
		b.WriteString(line + "\n")
	}
}
