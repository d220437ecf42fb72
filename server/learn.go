package server

import (
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// A crumb is one step of "where you are".
type crumb struct{ URL, Name string }

// learnCrumb leads to all courses; the template has its name.
var learnCrumb = crumb{URL: "/courses"}

// standing is the visitor's, exact to this moment.
func (r *request) standing() (*programme.Standing, error) {
	return r.srv.prog.Standing(r.Request.Context(), r.who.ID, r.who.Record)
}

// coursesFor lists the courses for the visitor's functions, then the others.
func coursesFor(lib *content.Library, v *visitor) (mine, others []*content.Course) {
	for _, c := range lib.Courses {
		if forAudience(c.Audience, v.Roles) {
			mine = append(mine, c)
		} else {
			others = append(others, c)
		}
	}
	return mine, others
}

// forAudience reports whether a course is for somebody of these roles. Who
// speaks for sales has the reps' function.
func forAudience(audience []string, roles []people.Role) bool {
	return len(audience) == 0 || slices.ContainsFunc(roles, func(r people.Role) bool {
		return slices.Contains(audience, string(r)) || r == people.RoleSales && slices.Contains(audience, string(people.RoleRep))
	})
}

// audienceWords says for whom a course is.
func (r *request) audienceWords(audience []string) string {
	words := make([]string, len(audience))
	for i, a := range audience {
		words[i] = r.t("learn.audience." + a)
	}
	return r.list(words)
}

// list joins words: "a, b and c".
func (r *request) list(words []string) string {
	if n := len(words); n > 1 {
		return r.t("learn.list", "Before", strings.Join(words[:n-1], ", "), "Last", words[n-1])
	}
	return strings.Join(words, "")
}

type coursesPage struct {
	Mine   []myCourse
	Others []otherCourse
}

// A myCourse is one for the visitor's function, with the way on.
type myCourse struct {
	journey
	Next *nextUp // nil when all is done
}

// An otherCourse is one for other functions than the visitor's.
type otherCourse struct {
	journey
	For string
}

func (s *Server) courses(r *request) error {
	st, err := r.standing()
	if err != nil {
		return err
	}
	l := r.learner(st)
	mine, others := coursesFor(r.lib(), r.who)
	var page coursesPage
	for _, c := range mine {
		page.Mine = append(page.Mine, myCourse{l.journey(c), nextInCourse(l, c)})
	}
	for _, c := range others {
		page.Others = append(page.Others, otherCourse{l.journey(c), r.audienceWords(c.Audience)})
	}
	return r.page(200, "courses", r.t("learn.title"), "learn", page)
}

type coursePage struct {
	Crumbs  []crumb
	Journey journey
	Next    *nextUp // nil when all is done
}

func (s *Server) course(r *request) error {
	c := r.lib().Course(r.Param("course"))
	if c == nil {
		return errNoPage
	}
	st, err := r.standing()
	if err != nil {
		return err
	}
	l := r.learner(st)
	return r.page(200, "course", c.Title, "learn", coursePage{[]crumb{learnCrumb}, l.journey(c), nextInCourse(l, c)})
}

type modulePage struct {
	Module  *content.Module
	Crumbs  []crumb
	Journey journeyModule
	Eyebrow string
	Next    *nextUp
	TestOut string          // its quiz, while passing that waives the reading
	Before  *content.Module // in the course
	After   *content.Module
}

func (s *Server) module(r *request) error {
	m := r.lib().Module(r.Param("course") + "/" + r.Param("module"))
	if m == nil {
		return errNoPage
	}
	st, err := r.standing()
	if err != nil {
		return err
	}
	l := r.learner(st)
	page := modulePage{
		Module: m, Crumbs: []crumb{learnCrumb, {m.Course.URL, m.Course.Title}}, Journey: l.module(m), Next: nextInModule(l, m),
		Eyebrow: r.t("learn.module.eyebrow", "Number", m.Number, "Total", len(m.Course.Modules)),
	}
	minutes, left := l.minutes(m)
	page.Journey.Meta = l.contents([]*content.Module{m}, minutes)
	if !l.readsOnly && len(m.Quizzes) > 0 && left > 0 {
		page.TestOut = m.Quizzes[0].URL
	}
	if m.Number > 1 {
		page.Before = m.Course.Modules[m.Number-2]
	}
	if m.Number < len(m.Course.Modules) {
		page.After = m.Course.Modules[m.Number]
	}
	return r.page(200, "module", m.Title, "learn", page)
}

// theLesson is the lesson that the path names; nil when there is none.
func (r *request) theLesson() *content.Lesson {
	return r.lib().Lesson(r.Param("course") + "/" + r.Param("module") + "/" + r.Param("lesson"))
}

func (s *Server) lesson(r *request) error {
	ls := r.theLesson()
	if ls == nil {
		return errNoPage
	}
	return r.sendLesson(ls, 0, "")
}

// lessonDone marks a lesson read and goes on to what is next; with undo it
// takes that back and stays.
func (s *Server) lessonDone(r *request) error {
	ls := r.theLesson()
	if ls == nil {
		return errNoPage
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	undo := form.Get("undo") != ""
	issued, err := s.prog.MarkRead(r.Request.Context(), r.who.ID, ls.ID, undo)
	switch {
	case err != nil:
		return err
	case undo:
		return r.see(ls.URL + "?done=undone")
	case len(issued) > 0:
		return r.see(certificateURL(issued[0].Meta.ID) + "?done=certified")
	}
	next, _ := afterLesson(ls, r.learner(programme.Recorded(r.who.ID, r.who.Record)))
	return r.see(next)
}

// afterLesson is what comes after a lesson.
func afterLesson(ls *content.Lesson, l learner) (url, title string) {
	switch {
	case ls.Next != nil && ls.Next.Module == ls.Module:
		return ls.Next.URL, ls.Next.Title
	case len(l.exercises(ls.Module)) > 0:
		e := l.exercises(ls.Module)[0]
		return e.URL(), exerciseTitle(l.say, e)
	case ls.Next != nil:
		return ls.Next.URL, ls.Next.Title
	default:
		return ls.Module.Course.URL, ls.Module.Course.Title
	}
}

// lessonCheckAgain leads back to a self-check: its answer stands on a page that
// was posted for, and whoever asks for that address again gets the question.
func (s *Server) lessonCheckAgain(r *request) error {
	ls := r.theLesson()
	n, err := strconv.Atoi(r.Param("n"))
	if ls == nil || err != nil || n < 1 || n > len(ls.Checks) {
		return errNoPage
	}
	return r.see(ls.URL + "#check-" + strconv.Itoa(n))
}

// A checkAnswer is what a self-check says to an answer.
type checkAnswer struct {
	Lang        string // of the page, where the lesson is in another one
	None, Right bool
	Reasons     []string // HTML, of the own wrong choices
	Key         []string // HTML of the right options, when the answer was wrong
	Feedback    string
}

// lessonCheck answers a self-check. Nothing is kept.
func (s *Server) lessonCheck(r *request) error {
	ls := r.theLesson()
	n, err := strconv.Atoi(r.Param("n"))
	if ls == nil || err != nil || n < 1 || n > len(ls.Checks) {
		return errNoPage
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	answer, err := checkSelf(ls.Checks[n-1], form["q"])
	if err != nil {
		return err
	}
	if r.say.Tag != r.lib().Locale {
		answer.Lang = r.say.Tag
	}
	out, err := r.pages().fragment("check-answer", answer)
	if err != nil {
		return err
	}
	if r.GetHeader("X-Requested-With") == "fetch" {
		r.send(200, []byte(out))
		return nil
	}
	return r.sendLesson(ls, n, out)
}

func checkSelf(item *quiz.Item, posted []string) (checkAnswer, error) {
	a := checkAnswer{None: len(posted) == 0}
	var chosen []int
	for _, v := range posted {
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(item.Options) {
			return a, errBadForm
		}
		chosen = append(chosen, i)
	}
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	if a.None {
		return a, nil
	}
	a.Right, a.Feedback = slices.Equal(chosen, item.Key()), item.Feedback
	for i, o := range item.Options {
		if o.Right && !a.Right {
			a.Key = append(a.Key, o.Text)
		}
		if !o.Right && slices.Contains(chosen, i) && o.Reason != "" {
			a.Reasons = append(a.Reasons, o.Reason)
		}
	}
	return a, nil
}
