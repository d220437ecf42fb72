package content

import (
	"path"
	"slices"

	"github.com/insidebox/insidebox/quiz"
)

type courseFront struct {
	Title    string   `yaml:"title" validate:"required"`
	Summary  string   `yaml:"summary" validate:"required"`
	Audience []string `yaml:"audience" validate:"required,min=1,unique,dive,oneof=rep care operations manager"`
}

type moduleFront struct {
	Title   string `yaml:"title" validate:"required"`
	Summary string `yaml:"summary" validate:"required"`
}

// courseFiles renders courses, modules, lessons, quizzes and scenarios. The
// order of the sources is that of the course; what lies in modules, which is
// much, is rendered by several goroutines and put in place afterwards.
func (l *loader) courseFiles() {
	folders := l.courseFolders()
	lessons := make([]*Lesson, len(l.sources))
	quizzes := make([]*Quiz, len(l.sources))
	scenarios := make([]*Scenario, len(l.sources))
	each(len(l.sources), func(i int) {
		src := l.sources[i]
		module := folders.modules[path.Dir(src.File)]
		switch src.Kind {
		case lessonKind:
			lessons[i] = l.lesson(src, module)
		case quizKind:
			quizzes[i] = l.quizFile(src, module)
		case scenarioKind:
			scenarios[i] = l.scenarioFile(src, module)
		}
	})
	for i, src := range l.sources {
		if module := folders.modules[path.Dir(src.File)]; module != nil && !src.Draft {
			l.placeLesson(module, lessons[i])
			l.placeQuiz(module, quizzes[i])
			l.placeScenario(module, scenarios[i])
		}
	}
	for _, course := range l.lib.Courses {
		chain(course)
	}
}

// courseFolders are courses and modules by folder, drafts too.
type courseFolders struct {
	courses map[string]*Course
	modules map[string]*Module
}

func (l *loader) courseFolders() courseFolders {
	f := courseFolders{map[string]*Course{}, map[string]*Module{}}
	for _, src := range l.sources {
		switch src.Kind {
		case courseKind:
			f.courses[path.Dir(src.File)] = l.course(src)
		case moduleKind:
			f.modules[path.Dir(src.File)] = l.module(src, f.courses[path.Dir(path.Dir(src.File))])
		}
	}
	return f
}

func (l *loader) course(src *source) *Course {
	var front courseFront
	l.decode(src, &front)
	c := &Course{ID: src.ID, Title: front.Title, Summary: front.Summary, Audience: front.Audience, URL: src.URL, File: src.File}
	c.Intro = l.render(src, blocks(src.Doc)...)
	if !src.Draft {
		l.lib.Courses = append(l.lib.Courses, c)
		l.lib.courses[c.ID] = c
	}
	return c
}

// module makes a module; course is nil when its index.md is missing, which
// has been reported.
func (l *loader) module(src *source, course *Course) *Module {
	var front moduleFront
	l.decode(src, &front)
	m := &Module{ID: src.ID, Slug: path.Base(src.ID), Title: front.Title, Summary: front.Summary, Course: course, URL: src.URL, File: src.File}
	m.Intro = l.render(src, blocks(src.Doc)...)
	if !src.Draft && course != nil {
		course.Modules = append(course.Modules, m)
		m.Number = len(course.Modules)
		l.lib.modules[m.ID] = m
	}
	return m
}

func (l *loader) placeLesson(m *Module, lesson *Lesson) {
	if lesson == nil || l.lib.lessons[lesson.ID] != nil {
		return
	}
	m.Lessons = append(m.Lessons, lesson)
	lesson.Number = len(m.Lessons)
	l.lib.lessons[lesson.ID] = lesson
	for _, c := range lesson.Teaches {
		if !slices.Contains(c.Lessons, lesson) {
			c.Lessons = append(c.Lessons, lesson)
		}
	}
}

func (l *loader) placeQuiz(m *Module, q *Quiz) {
	if q == nil || l.lib.quizzes[q.ID] != nil {
		return
	}
	m.Quizzes = append(m.Quizzes, q)
	l.lib.quizzes[q.ID] = q
}

func (l *loader) placeScenario(m *Module, s *Scenario) {
	if s == nil || l.lib.scenarios[s.ID] != nil {
		return
	}
	m.Scenarios = append(m.Scenarios, s)
	l.lib.scenarios[s.ID] = s
}

// chain tells each lesson of a course the one before and the one after it.
func chain(course *Course) {
	var before *Lesson
	for _, m := range course.Modules {
		for _, lesson := range m.Lessons {
			if lesson.Prev = before; before != nil {
				before.Next = lesson
			}
			before = lesson
		}
	}
}

// checkOf reads the question of a self-check from its fenced block.
func (l *loader) checkOf(src *source, body span) (*source, *quiz.Item) {
	check := &source{File: src.File, Bytes: src.Bytes, Body: body, Kind: src.Kind, Draft: src.Draft, URL: src.URL, inCheck: true}
	check.headings, check.Aliases, check.clauses = src.headings, src.Aliases, src.clauses
	check.Doc = parseMarkdown(check.body())
	l.prepareCheck(check)
	return check, l.checkItem(check)
}
