package content

import "slices"

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
// test it and the choices of scenarios that cite it: offerings first, then
// practices, clauses in their order.
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

// Covered reports whether every clause has at least one lesson and one item.
func Covered(rows []ClauseCoverage) bool {
	return !slices.ContainsFunc(rows, func(r ClauseCoverage) bool { return len(r.Lessons) == 0 || len(r.Items) == 0 })
}

// CoverageTotals sums the coverage of a library up. A lesson, item or choice
// on several clauses counts once.
type CoverageTotals struct {
	Clauses       int `json:"clauses"`
	Lessons       int `json:"lessons"`
	Items         int `json:"items"`
	Choices       int `json:"choices"`
	WithoutLesson int `json:"withoutLesson"` // clauses
	WithoutItem   int `json:"withoutItem"`
	WithoutChoice int `json:"withoutChoice"`
}

// Totals sums the rows of Coverage up.
func Totals(rows []ClauseCoverage) CoverageTotals {
	t := CoverageTotals{Clauses: len(rows)}
	lessons, items, choices := map[string]bool{}, map[string]bool{}, map[ChoiceCoverage]bool{}
	for _, row := range rows {
		for _, lesson := range row.Lessons {
			lessons[lesson] = true
		}
		for _, it := range row.Items {
			items[it.Item] = true
		}
		for _, c := range row.Choices {
			choices[c] = true
		}
		t.WithoutLesson += none(row.Lessons)
		t.WithoutItem += none(row.Items)
		t.WithoutChoice += none(row.Choices)
	}
	t.Lessons, t.Items, t.Choices = len(lessons), len(items), len(choices)
	return t
}

// none is 1 for an empty list, else 0.
func none[T any](list []T) int {
	if len(list) == 0 {
		return 1
	}
	return 0
}
