package server

import (
	"fmt"
	"slices"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

type resultPage struct {
	ID, Person      string
	Crumbs          []crumb
	Title, Name     string // Name: whose it is, for a manager
	Passed          bool
	Percent, Pass   int
	Sentence        string
	Fatal           bool
	Clauses         []clauseLine
	Wrong, Right    []hintView
	Next            []link
	KeyShown, Score bool // Score: only the score is shown
}

type link struct{ URL, Title string }

// A clauseLine says how the questions on one clause went.
type clauseLine struct {
	Name, URL    string
	Right, Asked int
	Lesson       *link // that teaches it
}

type hintView struct {
	quiz.Hint
	Number, Of int
	Lessons    []link
}

func (s *Server) result(r *request) error {
	a, mine, err := s.viewable(r, r.Param("id"))
	if err != nil {
		return err
	}
	if a.Practice() && !mine {
		return errNoPage // practice is nobody else's business
	}
	if a.State != quiz.Graded {
		if mine {
			return r.see(attemptURL(a.ID))
		}
		return errNoPage
	}
	st, err := s.standingOf(r, a.Person, mine)
	if err != nil {
		return err
	}
	if a.Play != nil {
		return s.showDebrief(r, a, st, mine)
	}
	page, err := s.resultOf(r, a, st, mine)
	if err != nil {
		return err
	}
	return r.page(200, "result", "Result: "+a.Title, sectionFor(mine), page)
}

func sectionFor(mine bool) string {
	if mine {
		return "learn"
	}
	return "team"
}

// viewable reads an attempt that is the visitor's, or of a person whom the
// visitor manages; an admin sees all. Anything else is not found.
func (s *Server) viewable(r *request, id string) (a *programme.Attempt, mine bool, err error) {
	a, err = s.prog.Attempt(r.Request.Context(), id)
	if err != nil {
		return nil, false, err
	}
	if a.Person == r.who.ID {
		return a, true, nil
	}
	if _, err := s.managed(r, a.Person); err != nil {
		return nil, false, err
	}
	return a, false, nil
}

func (s *Server) standingOf(r *request, person string, mine bool) (*programme.Standing, error) {
	if mine {
		return r.standing()
	}
	return s.prog.StandingOf(r.Request.Context(), person)
}

func (s *Server) resultOf(r *request, a *programme.Attempt, st *programme.Standing, mine bool) (*resultPage, error) {
	res := a.Result
	page := &resultPage{
		ID: a.ID, Person: a.Person, Title: a.Title, Crumbs: attemptCrumbs(r.lib(), a),
		Passed: res.Passed, Percent: res.Percent, Pass: a.Pass, Fatal: len(res.Fatal) > 0,
	}
	level := a.Level(everPassed(st.Evidence.Tries[a.Quiz]))
	if !mine {
		who, err := s.prog.People.Get(r.Request.Context(), a.Person)
		if err != nil {
			return nil, err
		}
		page.Name, page.Crumbs = who.Name(), []crumb{{"/team", "Team"}, {personURL(a.Person), who.Name()}}
		level = min(level, quiz.OwnChoices)
	}
	page.KeyShown, page.Score = level == quiz.WithKey, level == quiz.ScoreOnly
	page.Sentence = s.resultWords(r, a, st)
	page.Next = s.afterResult(r, a, st, mine)
	if level == quiz.ScoreOnly {
		return page, nil
	}
	for _, c := range res.Clauses {
		page.Clauses = append(page.Clauses, r.clauseLine(c))
	}
	hints, err := quiz.HintsAt(&a.Attempt, s.prog.Lookup(r.Request.Context()), level)
	if err != nil {
		return nil, err
	}
	for i, h := range hints {
		view := hintView{Hint: h, Number: i + 1, Of: len(hints), Lessons: r.lessonsFor(h)}
		if h.Right {
			page.Right = append(page.Right, view)
		} else {
			page.Wrong = append(page.Wrong, view)
		}
	}
	return page, nil
}

// clauseLine names a clause and the lesson that teaches it. A clause that is
// no longer in the standard keeps its id.
func (r *request) clauseLine(c quiz.ClauseResult) clauseLine {
	line := clauseLine{Name: c.Clause, Right: c.Right, Asked: c.Asked}
	if clause := r.lib().Clause(c.Clause); clause != nil {
		line.Name, line.URL = clause.OfTitle+": "+clause.Title, clause.URL
		if c.Right < c.Asked && len(clause.Lessons) > 0 {
			line.Lesson = &link{clause.Lessons[0].URL, clause.Lessons[0].Title}
		}
	}
	return line
}

// lessonsFor are the lessons that teach what a wrongly answered question tests.
func (r *request) lessonsFor(h quiz.Hint) []link {
	var links []link
	if h.Right {
		return nil
	}
	for _, id := range h.Clauses {
		clause := r.lib().Clause(id)
		if clause == nil || len(clause.Lessons) == 0 {
			continue
		}
		l := link{clause.Lessons[0].URL, clause.Lessons[0].Title}
		if len(links) == 0 || links[len(links)-1] != l {
			links = append(links, l)
		}
	}
	return links
}

// resultWords says what the result means and what comes next.
func (s *Server) resultWords(r *request, a *programme.Attempt, st *programme.Standing) string {
	needed := fmt.Sprintf("You needed %d %%.", a.Pass)
	switch {
	case a.Result.Passed:
		return needed
	case len(a.Result.Fatal) > 0 && a.Result.Percent >= a.Pass:
		needed = fmt.Sprintf("The score would do, but %s wrong: that is a promise outside the box.", plural(len(a.Result.Fatal), "critical question is", "critical questions are"))
	case len(a.Result.Fatal) > 0:
		needed += " " + plural(len(a.Result.Fatal), "critical question is", "critical questions are") + " wrong, too."
	}
	q := r.lib().Quiz(a.Quiz)
	if q == nil {
		return needed
	}
	_, then := admissionWords(s.prog.Admission(st, q.Rules()), r.zone())
	return needed + " " + then
}

// afterResult lists where to go from a result.
func (s *Server) afterResult(r *request, a *programme.Attempt, st *programme.Standing, mine bool) []link {
	if !mine {
		return []link{{personURL(a.Person), "Back to the transcript"}}
	}
	var links []link
	for _, h := range st.Evidence.Held {
		c := r.lib().Certification(h.Certification)
		if a.Passed() && c != nil && asks(c, a.Quiz) && certify.InForce(h.Until, r.now) {
			links = append(links, link{certificateURL(h.Certificate), "See your certificate: " + c.Title})
		}
	}
	if e := r.lib().Exercise(a.Quiz); e != nil && !a.Passed() {
		links = append(links, link{e.URL(), "When and how to try again"})
	}
	return append(links, link{"/", "What is next"})
}

func asks(c *certify.Certification, key string) bool { return slices.Contains(c.Quizzes(), key) }
