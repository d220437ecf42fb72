package server

import (
	"slices"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

type resultPage struct {
	ID, Person      string
	Crumbs          []crumb
	Verdict         verdict
	Clauses         []clauseLine
	Wrong, Right    []hintView
	KeyShown, Score bool // Score: only the score is shown
}

type hintView struct {
	quiz.Hint
	Number, Of int
	Lessons    []link
	Theirs     bool // somebody else looks at it
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
	return r.page(200, "result", r.t("result.page-title", "Title", a.Title), sectionFor(mine), page)
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
	page := &resultPage{ID: a.ID, Person: a.Person, Crumbs: attemptCrumbs(r.lib(), a)}
	page.Verdict = verdict{
		Of: a.Title, Passed: res.Passed, Score: &score{res.Percent, a.Pass},
		Title: r.t("result.not-passed", "Percent", percent(res.Percent)), Sentence: s.resultWords(r, a, st, mine), Next: s.afterResult(r, a, st, mine),
	}
	if res.Passed {
		page.Verdict.Title = r.t("result.passed", "Percent", percent(res.Percent))
	}
	level := a.Level(everPassed(st.Evidence.Tries[a.Quiz]))
	if !mine {
		var err error
		if page.Verdict.Name, page.Crumbs, err = s.whoseAttempt(r, a); err != nil {
			return nil, err
		}
		level = min(level, quiz.OwnChoices)
	}
	page.KeyShown, page.Score = level == quiz.WithKey, level == quiz.ScoreOnly
	if level == quiz.ScoreOnly {
		return page, nil
	}
	page.Clauses = r.clauseLines(res.Clauses)
	if mine && !res.Passed {
		page.Verdict.Read = r.readFor(res.Clauses)
	}
	if err := s.addHints(r, page, a, level); err != nil {
		return nil, err
	}
	if !mine { // a right choice is the key, too
		for i := range page.Right {
			page.Right[i].Options, page.Right[i].Feedback = nil, ""
		}
		for i := range page.Wrong {
			page.Wrong[i].Theirs, page.Wrong[i].Feedback = true, ""
		}
	}
	return page, nil
}

// whoseAttempt is the name of the person of an attempt and the way back to her
// transcript.
func (s *Server) whoseAttempt(r *request, a *programme.Attempt) (string, []crumb, error) {
	who, err := s.prog.People.Get(r.Request.Context(), a.Person)
	if err != nil {
		return "", nil, err
	}
	return who.Name(), []crumb{{"/team", r.t("result.team")}, {personURL(a.Person), who.Name()}}, nil
}

// addHints adds what is said question by question.
func (s *Server) addHints(r *request, page *resultPage, a *programme.Attempt, level quiz.Level) error {
	hints, err := quiz.HintsAt(&a.Attempt, s.prog.Lookup(r.Request.Context()), level)
	if err != nil {
		return err
	}
	for i, h := range hints {
		view := hintView{Hint: h, Number: i + 1, Of: len(hints), Lessons: r.lessonsFor(h)}
		if h.Right {
			page.Right = append(page.Right, view)
		} else {
			page.Wrong = append(page.Wrong, view)
		}
	}
	return nil
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

// resultWords says what the result means and, to whom it concerns, what comes
// next.
func (s *Server) resultWords(r *request, a *programme.Attempt, st *programme.Standing, mine bool) string {
	needed, fatal := r.t("result.needed", "Percent", percent(a.Pass)), len(a.Result.Fatal)
	switch {
	case a.Result.Passed:
		return needed
	case fatal > 0 && a.Result.Percent >= a.Pass:
		needed = r.t("result.but-critical", "N", fatal)
	case fatal > 0:
		needed += " " + r.t("result.critical-too", "N", fatal)
	}
	q := r.lib().Quiz(a.Quiz)
	if q == nil || !mine {
		return needed
	}
	_, then := admissionWords(r.say, s.prog.Admission(st, q.Rules()), r.zone())
	return needed + " " + then
}

// afterResult lists where to go from a result.
func (s *Server) afterResult(r *request, a *programme.Attempt, st *programme.Standing, mine bool) []link {
	if !mine {
		return []link{{personURL(a.Person), r.t("result.to-transcript")}}
	}
	var links []link
	for _, h := range st.Evidence.Held {
		c := r.lib().Certification(h.Certification)
		if a.Passed() && c != nil && asks(c, a.Quiz) && certify.InForce(h.Until, r.now) {
			links = append(links, link{certificateURL(h.Certificate), r.t("result.to-certificate", "Title", c.Title)})
		}
	}
	if e := r.lib().Exercise(a.Quiz); e != nil && !a.Passed() {
		links = append(links, link{e.URL(), r.t("result.to-cover")})
	}
	return append(links, link{"/", r.t("result.next")})
}

func asks(c *certify.Certification, key string) bool { return slices.Contains(c.Quizzes(), key) }
