package server

import (
	"errors"
	"fmt"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

type quizCoverPage struct {
	Quiz    *content.Quiz
	Crumbs  []crumb
	Rules   []fact
	Cover   coverState
	Lessons []step // what to read meanwhile
	TestOut bool   // the reading is not done: passing waives it
}

// A coverState says whether an attempt may start, and lists the earlier ones.
type coverState struct {
	Attempts        []attemptLine
	Title, Sentence string // of the admission
	MayStart        bool
	Open            string // URL of the attempt in progress
	NotNow          bool   // a start was just refused
}

// A fact is one line of a list of facts.
type fact struct{ Name, Value string }

type attemptLine struct {
	Number       int
	Score        string // such as "88 %"; of a scenario, that it was played
	When, URL    string
	Open, Passed bool
	Cycle        int
}

func (s *Server) quizCover(r *request) error { return s.showCover(r, 200) }

func (s *Server) showCover(r *request, status int) error {
	q := r.lib().Quiz(r.Param("quiz"))
	if q == nil {
		return errNoPage
	}
	st, err := r.standing()
	if err != nil {
		return err
	}
	adm := s.prog.Admission(st, q.Rules())
	l := r.learner(st)
	page := quizCoverPage{
		Quiz: q, Rules: rulesOf(q, adm), Crumbs: moduleCrumbs(q.Module), Cover: r.coverState(st, q.ID, adm, status),
	}
	for _, ls := range q.Module.Lessons {
		page.Lessons = append(page.Lessons, l.lessonStep(ls, false))
		page.TestOut = page.TestOut || !l.read[ls.ID]
	}
	return r.page(status, "quiz", q.Title, "learn", page)
}

func moduleCrumbs(m *content.Module) []crumb {
	return []crumb{learnCrumb, {m.Course.URL, m.Course.Title}, {m.URL, m.Title}}
}

func (r *request) coverState(st *programme.Standing, key string, adm quiz.Admission, status int) coverState {
	c := coverState{MayStart: adm.Reason == quiz.MayStart, NotNow: status != 200}
	c.Title, c.Sentence = admissionWords(adm, r.zone())
	if adm.Open != "" {
		c.Open = attemptURL(adm.Open)
	}
	for _, t := range st.Evidence.Tries[key] {
		c.Attempts = append(c.Attempts, r.attemptLine(key, t))
	}
	return c
}

func (r *request) attemptLine(key string, t quiz.Try) attemptLine {
	line := attemptLine{
		Number: t.Number, Score: percent(t.Percent), Passed: t.Passed, Open: t.State == quiz.Open, Cycle: t.Cycle,
		When: moment(t.Submitted, r.zone()), URL: resultURL(t.Attempt),
	}
	if isScenario(key) {
		line.Score = "Played"
	}
	if line.Open {
		line.When, line.URL = moment(t.Started, r.zone()), attemptURL(t.Attempt)
	}
	return line
}

// rulesOf says the quiz's rules.
func rulesOf(q *content.Quiz, adm quiz.Admission) []fact {
	n := q.Draw
	if n == 0 {
		n = len(q.Items)
	}
	facts := []fact{{"Questions", fmt.Sprint(n)}, {"To pass", fmt.Sprintf("%d %%", q.Pass)}}
	facts = append(facts, attemptFacts(q.Rules(), adm)...)
	if q.Open {
		facts = append(facts, fact{"Looking things up", "allowed: the offerings are a click away"})
	}
	for _, it := range q.Items {
		if it.Critical {
			facts = append(facts, fact{"Critical questions", "one wrong answer there fails the attempt"})
			break
		}
	}
	return append(facts, fact{"Time", "as long as you need; every answer is saved"})
}

// attemptFacts say how often something may be tried.
func attemptFacts(rules quiz.Rules, adm quiz.Admission) []fact {
	var facts []fact
	switch {
	case rules.Attempts == 0:
		facts = append(facts, fact{"Attempts", "as many as you like"})
	case adm.Granted > 0:
		facts = append(facts, fact{"Attempts", fmt.Sprintf("%d used of %d and %d granted", adm.Used, rules.Attempts, adm.Granted)})
	default:
		facts = append(facts, fact{"Attempts", fmt.Sprintf("%d of %d used", adm.Used, rules.Attempts)})
	}
	if text := cooldownWords(rules.Cooldown); text != "" {
		facts = append(facts, fact{"After a failed attempt", text})
	}
	return facts
}

func cooldownWords(cooldown []time.Duration) string {
	words := ""
	for i, d := range cooldown {
		if i > 0 {
			words += ", then "
		}
		words += duration(d)
	}
	if words == "" {
		return ""
	}
	return "wait " + words
}

// startAttempt starts, or goes on with what is open.
func (s *Server) startAttempt(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	id, err := s.prog.Start(r.Request.Context(), r.who.ID, r.who.Record, r.Param("quiz"))
	var refused *programme.NotAdmitted
	if errors.As(err, &refused) {
		return s.showCover(r, 409)
	}
	if err != nil {
		return err
	}
	return r.see(attemptURL(id))
}
