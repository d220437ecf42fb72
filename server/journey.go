package server

import (
	"github.com/insidebox/insidebox/content"
)

// A journey is a course with its modules, the first unfinished one opened.
type journey struct {
	Title, Summary, URL string
	Intro               string
	Meta                string // what is in it and how long it takes
	Time                string // how long it takes
	Left                string // how long it still takes; empty when done or nothing is done
	Modules             []journeyModule
	Done, Total         int
}

// A journeyModule is one module on a course's page.
type journeyModule struct {
	Class, Icon string // no icon before it is begun: then its number
	Number      int
	Title       string
	Meta        string
	URL         string
	Open        bool
	Steps       []step
	Done, Total int
}

// mostPips is how many steps are drawn one by one; more become a bar.
const mostPips = 14

// pips draws progress step by step: those done, the one that is next, the
// others. None, where there are too many to tell apart.
func pips(done, total int) []string {
	if total > mostPips {
		return nil
	}
	list := make([]string, total)
	for i := range list {
		switch {
		case i < done:
			list[i] = "on"
		case i == done:
			list[i] = "next"
		}
	}
	return list
}

// journey is a course as the learner goes through it.
func (l learner) journey(c *content.Course) journey {
	j := journey{Title: c.Title, Summary: c.Summary, URL: c.URL, Intro: c.Intro}
	opened, minutes, left := false, 0, 0
	for _, m := range c.Modules {
		jm := l.module(m)
		if !opened && jm.Done < jm.Total {
			opened, jm.Open, jm.Class = true, true, "here"
		}
		j.Done, j.Total = j.Done+jm.Done, j.Total+jm.Total
		j.Modules = append(j.Modules, jm)
		all, open := l.minutes(m)
		minutes, left = minutes+all, left+open
	}
	j.Meta, j.Time = l.contents(c.Modules, minutes), l.say.T("learn.minutes", "N", minutes)
	if 0 < left && left < minutes {
		j.Left = l.say.T("learn.course.left", "N", left)
	}
	return j
}

// contents says what is in some modules: "5 modules · 13 lessons · 87 minutes".
func (l learner) contents(modules []*content.Module, minutes int) string {
	lessons, exercises := 0, 0
	for _, m := range modules {
		lessons, exercises = lessons+len(m.Lessons), exercises+len(l.exercises(m))
	}
	say := ""
	if len(modules) > 1 {
		say = l.say.T("learn.course.modules", "N", len(modules)) + " · "
	}
	say += l.say.T("learn.course.lessons", "N", lessons)
	if exercises > 0 {
		say += " · " + l.say.T("learn.course.exercises", "N", exercises)
	}
	return say + " · " + l.say.T("learn.minutes", "N", minutes)
}

// minutes are how long the module's lessons take, and those still to be read.
func (l learner) minutes(m *content.Module) (all, left int) {
	waived := l.waived(m)
	for _, ls := range m.Lessons {
		all += ls.Minutes
		if !waived && !l.read(ls.ID) {
			left += ls.Minutes
		}
	}
	return all, left
}

func (l learner) module(m *content.Module) journeyModule {
	j := journeyModule{Class: "open", Number: m.Number, Title: m.Title, URL: m.URL}
	for _, ls := range m.Lessons {
		s := l.lessonStep(ls, false)
		s.Meta = l.say.T("learn.minutes-short", "N", ls.Minutes)
		j.Steps = append(j.Steps, s)
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
	minutes, _ := l.minutes(m)
	j.Meta = l.say.T("learn.module.meta", "Done", j.Done, "Total", j.Total, "Time", l.say.T("learn.minutes", "N", minutes))
	return j
}

// progress counts the steps of a module and those that are done.
func (l learner) progress(m *content.Module) (done, total int) {
	waived, exercises := l.waived(m), l.exercises(m)
	for _, ls := range m.Lessons {
		if waived || l.read(ls.ID) {
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

// next is the first lesson not read, or quiz or scenario not passed, of a course.
func (l learner) next(c *content.Course) (lesson *content.Lesson, e *content.Exercise) {
	for _, m := range c.Modules {
		if lesson, e := l.nextIn(m); lesson != nil || e != nil {
			return lesson, e
		}
	}
	return nil, nil
}

func (l learner) nextIn(m *content.Module) (lesson *content.Lesson, e *content.Exercise) {
	for _, ls := range m.Lessons {
		if !l.read(ls.ID) && !l.waived(m) {
			return ls, nil
		}
	}
	for _, e := range l.exercises(m) {
		if !l.passed(e.Key()) {
			return nil, e
		}
	}
	return nil, nil
}
