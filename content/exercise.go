package content

import (
	"cmp"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// An Exercise is what attempts are made at: a quiz or a scenario. One of the
// two is set.
type Exercise struct {
	Quiz     *Quiz
	Scenario *Scenario
}

// Exercise returns the quiz or scenario by the key that attempts, grants and
// steps of certifications have for it: a quiz's id, or scenario.Key. It is
// nil when there is none.
func (l *Library) Exercise(key string) *Exercise {
	if id, found := strings.CutPrefix(key, scenario.Key("")); found {
		if s := l.scenarios[id]; s != nil {
			return &Exercise{Scenario: s}
		}
		return nil
	}
	if q := l.quizzes[key]; q != nil {
		return &Exercise{Quiz: q}
	}
	return nil
}

// Exercises lists those of all courses, in the order in which learners meet
// them.
func (l *Library) Exercises() []*Exercise {
	var all []*Exercise
	for _, c := range l.Courses {
		for _, m := range c.Modules {
			all = append(all, m.Exercises()...)
		}
	}
	return all
}

// Exercises lists the module's quizzes and scenarios in the order of their files.
func (m *Module) Exercises() []*Exercise {
	var all []*Exercise
	for _, q := range m.Quizzes {
		all = append(all, &Exercise{Quiz: q})
	}
	for _, s := range m.Scenarios {
		all = append(all, &Exercise{Scenario: s})
	}
	slices.SortStableFunc(all, func(x, y *Exercise) int { return cmp.Compare(sortKey(x.File()), sortKey(y.File())) })
	return all
}

// Key is what attempts, grants and steps of certifications call it.
func (e *Exercise) Key() string { return e.Rules().ID }

// Rules say how often it may be tried.
func (e *Exercise) Rules() quiz.Rules {
	if e.Scenario != nil {
		return e.Scenario.Rules()
	}
	return e.Quiz.Rules()
}

// Title is the author's.
func (e *Exercise) Title() string {
	if e.Scenario != nil {
		return e.Scenario.Title
	}
	return e.Quiz.Title
}

// URL is the address of its cover page.
func (e *Exercise) URL() string {
	if e.Scenario != nil {
		return e.Scenario.URL
	}
	return e.Quiz.URL
}

// File is its path in the content tree.
func (e *Exercise) File() string {
	if e.Scenario != nil {
		return e.Scenario.File
	}
	return e.Quiz.File
}

// Module is where it stands in a course.
func (e *Exercise) Module() *Module {
	if e.Scenario != nil {
		return e.Scenario.Module
	}
	return e.Quiz.Module
}

// certificationsInOrder orders certifications as learners come to them: each
// behind those that must be held first, and then by where in the courses the
// first thing that it asks for stands.
func (l *Library) certificationsInOrder() []*certify.Certification {
	place := l.places()
	first := func(c *certify.Certification) int {
		at := len(place)
		for _, s := range c.Steps {
			if i, found := place[s.Ref]; found {
				at = min(at, i)
			}
		}
		return at
	}
	waiting := slices.Clone(l.Certifications)
	slices.SortStableFunc(waiting, func(x, y *certify.Certification) int { return cmp.Compare(first(x), first(y)) })
	var ordered []*certify.Certification
	placed := map[string]bool{}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(c *certify.Certification) bool {
			return !slices.ContainsFunc(c.After, func(id string) bool { return !placed[id] && l.certifications[id] != nil })
		})
		i = max(i, 0) // one that waits for itself has been reported
		placed[waiting[i].ID] = true
		ordered = append(ordered, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return ordered
}

// places numbers lessons, quizzes and scenarios along the courses, by what
// steps of certifications call them.
func (l *Library) places() map[string]int {
	place := map[string]int{}
	for _, c := range l.Courses {
		for _, m := range c.Modules {
			for _, lesson := range m.Lessons {
				place[lesson.ID] = len(place)
			}
			for _, e := range m.Exercises() {
				place[e.Key()] = len(place)
			}
		}
	}
	return place
}
