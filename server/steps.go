package server

import (
	"fmt"
	"slices"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// A step is one line of a module's path: a lesson, a quiz or a scenario.
type step struct {
	Class, Icon, Title, URL, Note string
	Here                          bool
}

// a learner is what the pages of a course need to know of a person.
type learner struct {
	read      map[string]bool       // lesson ids
	tries     map[string][]quiz.Try // by what content.Exercise calls its key
	readsOnly bool                  // no rep: quizzes and scenarios are neither shown nor counted
}

// learner is the visitor. Only reps take quizzes and play scenarios.
func (r *request) learner(st *programme.Standing) learner {
	l := r.srv.learnerOf(st)
	l.readsOnly = !r.who.has(people.RoleRep)
	return l
}

// learnerOf is a person as a course's pages see her: what a renewal asks for
// again is not done, though it stays on the transcript.
func (s *Server) learnerOf(st *programme.Standing) learner {
	l := learner{read: map[string]bool{}, tries: map[string][]quiz.Try{}}
	for id := range st.Evidence.Read {
		_, l.read[id] = s.prog.Read(&st.Evidence, id)
	}
	for id, tries := range st.Evidence.Tries {
		cycle := s.prog.Cycle(st, id)
		for _, t := range tries {
			if t.Cycle == cycle {
				l.tries[id] = append(l.tries[id], t)
			}
		}
	}
	return l
}

// everPassed reports whether any of these attempts passed, in any cycle.
func everPassed(tries []quiz.Try) bool {
	return slices.ContainsFunc(tries, func(t quiz.Try) bool { return t.Passed })
}

func (l learner) passed(key string) bool {
	return everPassed(l.tries[key])
}

// waived reports whether the module's reading is waived: one of its quizzes
// was passed.
func (l learner) waived(m *content.Module) bool {
	for _, q := range m.Quizzes {
		if l.passed(q.ID) {
			return true
		}
	}
	return false
}

// exercises are the quizzes and scenarios of the module that the learner may
// make attempts at.
func (l learner) exercises(m *content.Module) []*content.Exercise {
	if l.readsOnly {
		return nil
	}
	return m.Exercises()
}

func (l learner) lessonStep(ls *content.Lesson, here bool) step {
	s := step{Class: "open", Icon: "dash", Title: ls.Title, URL: ls.URL, Note: "not read yet", Here: here}
	switch {
	case l.read[ls.ID]:
		s.Class, s.Icon, s.Note = "done", "ok", "read"
	case l.waived(ls.Module):
		s.Class, s.Icon, s.Note = "done", "half", "waived by the quiz"
	}
	if here {
		s.Class += " here"
	}
	return s
}

func (l learner) exerciseStep(e *content.Exercise) step {
	s := step{Class: "open quiz", Icon: exerciseIcon(e), Title: exerciseTitle(e), URL: e.URL(), Note: "not passed yet"}
	if l.passed(e.Key()) {
		s.Class, s.Icon, s.Note = "done quiz", "ok", "passed"
	}
	return s
}

// exerciseTitle names a quiz or scenario with what it is.
func exerciseTitle(e *content.Exercise) string {
	if e.Scenario != nil {
		return "Scenario: " + e.Title()
	}
	return "Quiz: " + e.Title()
}

func exerciseIcon(e *content.Exercise) string {
	if e.Scenario != nil {
		return "scenario"
	}
	return "quiz"
}

// A journeyModule is one module on a course's page.
type journeyModule struct {
	Class, Icon string
	Title       string
	Meta        string
	URL         string
	Open        bool
	Steps       []step
	Done, Total int
}

func (l learner) module(m *content.Module) journeyModule {
	j := journeyModule{Class: "open", Icon: "dash", Title: m.Title, URL: m.URL}
	minutes := 0
	for _, ls := range m.Lessons {
		j.Steps = append(j.Steps, l.lessonStep(ls, false))
		minutes += ls.Minutes
	}
	for _, e := range l.exercises(m) {
		j.Steps = append(j.Steps, l.exerciseStep(e))
	}
	j.Done, j.Total = l.progress(m)
	if j.Done > 0 {
		j.Icon = "half"
	}
	if j.Total > 0 && j.Done == j.Total {
		j.Class, j.Icon = "done", "ok"
	}
	j.Meta = fmt.Sprintf("%d of %d · %s", j.Done, j.Total, plural(minutes, "minute", "minutes"))
	return j
}

// progress counts the steps of a module and those that are done.
func (l learner) progress(m *content.Module) (done, total int) {
	waived, exercises := l.waived(m), l.exercises(m)
	for _, ls := range m.Lessons {
		if waived || l.read[ls.ID] {
			done++
		}
	}
	for _, e := range exercises {
		if l.passed(e.Key()) {
			done++
		}
	}
	return done, len(m.Lessons) + len(exercises)
}

// A journey is a course with its modules, the first unfinished one opened.
type journey struct {
	Title, Summary, URL string
	Intro               string
	Modules             []journeyModule
	Done, Total         int
}

func (l learner) journey(c *content.Course) journey {
	j := journey{Title: c.Title, Summary: c.Summary, URL: c.URL, Intro: c.Intro}
	opened := false
	for _, m := range c.Modules {
		jm := l.module(m)
		if !opened && jm.Done < jm.Total {
			opened, jm.Open, jm.Class = true, true, "here"
		}
		j.Done, j.Total = j.Done+jm.Done, j.Total+jm.Total
		j.Modules = append(j.Modules, jm)
	}
	return j
}

// next is the first lesson not read, or quiz or scenario not passed, of a course.
func (l learner) next(c *content.Course) (lesson *content.Lesson, e *content.Exercise) {
	for _, m := range c.Modules {
		for _, ls := range m.Lessons {
			if !l.read[ls.ID] && !l.waived(m) {
				return ls, nil
			}
		}
		for _, e := range l.exercises(m) {
			if !l.passed(e.Key()) {
				return nil, e
			}
		}
	}
	return nil, nil
}
