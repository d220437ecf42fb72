package server

import (
	"slices"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates/words"
)

// A step is one line of a module's path: a lesson, a quiz or a scenario.
type step struct {
	Class, Icon, Title, URL, Note string
	Meta                          string // how long it takes, where there is room to say it
	Here                          bool
}

// a learner is what the pages of a course need to know of a person. What a
// renewal asks for again is not done, though it stays on the transcript.
type learner struct {
	say       *words.Language
	prog      *programme.Programme
	standing  *programme.Standing // nil for nobody, who has done nothing
	readsOnly bool                // no rep: quizzes and scenarios are neither shown nor counted
}

// learner is the visitor. Only reps take quizzes and play scenarios.
func (r *request) learner(st *programme.Standing) learner {
	return learner{say: r.say, prog: r.srv.prog, standing: st, readsOnly: !r.who.has(people.RoleRep)}
}

// read reports whether the lesson was read, and that counts.
func (l learner) read(lesson string) bool {
	if l.standing == nil {
		return false
	}
	_, counts := l.prog.Read(&l.standing.Evidence, lesson)
	return counts
}

// passed reports whether the quiz or scenario, by its key, was passed in the
// present cycle.
func (l learner) passed(key string) bool {
	if l.standing == nil {
		return false
	}
	tries := l.standing.Evidence.Tries[key]
	if !everPassed(tries) {
		return false
	}
	cycle := l.prog.Cycle(l.standing, key)
	return slices.ContainsFunc(tries, func(t quiz.Try) bool { return t.Passed && t.Cycle == cycle })
}

// everPassed reports whether any of these attempts passed, in any cycle.
func everPassed(tries []quiz.Try) bool {
	return slices.ContainsFunc(tries, func(t quiz.Try) bool { return t.Passed })
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
	s := step{Class: "open", Icon: "ring", Title: ls.Title, URL: ls.URL, Note: l.say.T("learn.step.unread"), Here: here}
	switch {
	case l.read(ls.ID):
		s.Class, s.Icon, s.Note = "done", "ok", l.say.T("learn.step.read")
	case l.waived(ls.Module):
		s.Class, s.Icon, s.Note = "done", "half", l.say.T("learn.step.waived")
	}
	if here {
		s.Class += " here"
	}
	return s
}

func (l learner) exerciseStep(e *content.Exercise) step {
	s := step{Class: "open quiz", Icon: exerciseIcon(e), Title: exerciseTitle(l.say, e), URL: e.URL(), Note: l.say.T("learn.step.not-passed")}
	if l.passed(e.Key()) {
		s.Class, s.Icon, s.Note = "done quiz", "ok", l.say.T("learn.step.passed")
	}
	return s
}

// exerciseTitle names a quiz or scenario with what it is.
func exerciseTitle(say *words.Language, e *content.Exercise) string {
	if e.Scenario != nil {
		return say.T("learn.exercise.scenario", "Title", e.Title())
	}
	return say.T("learn.exercise.quiz", "Title", e.Title())
}

func exerciseIcon(e *content.Exercise) string {
	if e.Scenario != nil {
		return "scenario"
	}
	return "quiz"
}
