package content

import (
	"maps"
	"slices"
)

// Clauses lists all clauses by id.
func (l *Library) Clauses() []*Clause { return byKey(l.clauses) }

// Quizzes lists all quizzes by id.
func (l *Library) Quizzes() []*Quiz { return byKey(l.quizzes) }

// Scenarios lists all scenarios by id.
func (l *Library) Scenarios() []*Scenario { return byKey(l.scenarios) }

// Lessons lists all lessons by id.
func (l *Library) Lessons() []*Lesson { return byKey(l.lessons) }

// Assets lists all images and downloads by URL.
func (l *Library) Assets() []*Asset { return byKey(l.assets) }

func byKey[T any](m map[string]*T) []*T {
	list := make([]*T, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, m[key])
	}
	return list
}
