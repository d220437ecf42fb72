package server

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates/words"
)

type quizCoverPage struct {
	Quiz    *content.Quiz
	Crumbs  []crumb
	Glance  []fact // the rules that are figures
	Rules   []rule // the others
	Cover   coverState
	Lessons []step // what it asks about
	TestOut bool   // the reading is not done: passing waives it
}

// A coverState says whether an attempt may start, and lists the earlier ones.
type coverState struct {
	Attempts        []attemptLine
	Title, Sentence string // of the admission
	Icon, Kind      string // of the admission: its sign and tone
	MayStart        bool
	Open            string      // URL of the attempt in progress
	NotNow          bool        // a start was just refused
	Read            []readFirst // after a failure
	Scores          *scoreLine  // how they went, where there are enough
	Renew           *link       // of a certification that may be renewed, where that asks again
}

// A fact is one line of a list of facts.
type fact struct{ Name, Value string }

// A rule is a fact that takes a sentence to say.
type rule struct{ Icon, Name, Value string }

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
	page := quizCoverPage{Quiz: q, Glance: r.glance(q, adm), Rules: r.rulesOf(q), Crumbs: moduleCrumbs(q.Module)}
	if page.Cover, err = s.coverState(r, st, q.ID, adm, status); err != nil {
		return err
	}
	page.Cover.Scores = scoresOf(r.say, st.Evidence.Tries[q.ID], q.Pass)
	for _, ls := range q.Module.Lessons {
		page.Lessons = append(page.Lessons, l.lessonStep(ls, false))
		page.TestOut = page.TestOut || !l.read(ls.ID)
	}
	return r.page(status, "quiz", q.Title, "learn", page)
}

func moduleCrumbs(m *content.Module) []crumb {
	return []crumb{learnCrumb, {m.Course.URL, m.Course.Title}, {m.URL, m.Title}}
}

func (s *Server) coverState(r *request, st *programme.Standing, key string, adm quiz.Admission, status int) (coverState, error) {
	tries := st.Evidence.Tries[key]
	c := coverState{MayStart: adm.Reason == quiz.MayStart, NotNow: status != 200}
	c.Title, c.Sentence = admissionWords(r.say, adm, r.zone())
	c.Icon, c.Kind = admissionSign(adm)
	if adm.Open != "" {
		c.Open = attemptURL(adm.Open)
	}
	for _, t := range tries {
		c.Attempts = append(c.Attempts, r.attemptLine(key, t))
	}
	slices.Reverse(c.Attempts) // the latest is what one looks for
	if adm.Reason == quiz.AlreadyPassed {
		c.Renew = s.renewalOf(r, st, key)
		if c.Renew != nil {
			c.Sentence = r.t("admission.renew")
		}
	}
	var err error
	c.Read, err = s.readAfter(r, tries)
	return c, err
}

// renewalOf leads to the certification whose certificate ends soon or has
// ended, and whose renewal asks for this quiz or scenario again.
func (s *Server) renewalOf(r *request, st *programme.Standing, key string) *link {
	for _, c := range r.lib().Certifications {
		if asks(c, key) && s.prog.Clearance(st, c).MayRenew {
			return &link{c.URL, r.t("attempt.renew", "Title", c.Title)}
		}
	}
	return nil
}

// admissionSign is the icon and the tone of an admission.
func admissionSign(adm quiz.Admission) (icon, kind string) {
	switch adm.Reason {
	case quiz.MayStart:
		return "play", "inside"
	case quiz.InProgress:
		return "half", "inside"
	case quiz.AlreadyPassed:
		return "ok", "inside"
	case quiz.CoolingDown:
		return "clock", "outside"
	default:
		return "lock", "fatal"
	}
}

func (r *request) attemptLine(key string, t quiz.Try) attemptLine {
	line := attemptLine{
		Number: t.Number, Score: percent(t.Percent), Passed: t.Passed, Open: t.State == quiz.Open, Cycle: t.Cycle,
		When: momentIn(r.say, t.Submitted, r.zone()), URL: resultURL(t.Attempt),
	}
	if isScenario(key) {
		line.Score = r.t("attempt.played")
	}
	if line.Open {
		line.When, line.URL = momentIn(r.say, t.Started, r.zone()), attemptURL(t.Attempt)
	}
	return line
}

// glance says the quiz's rules that are figures.
func (r *request) glance(q *content.Quiz, adm quiz.Admission) []fact {
	n := q.Draw
	if n == 0 {
		n = len(q.Items)
	}
	return []fact{
		{r.t("quiz.rules.questions"), fmt.Sprint(n)},
		{r.t("quiz.rules.to-pass"), percent(q.Pass)},
		r.attemptFact(q.Rules(), adm),
	}
}

// rulesOf says the quiz's other rules.
func (r *request) rulesOf(q *content.Quiz) []rule {
	var rules []rule
	if q.Open {
		rules = append(rules, rule{"box", r.t("quiz.rules.open-book"), r.t("quiz.rules.open-book-how")})
	}
	if slices.ContainsFunc(q.Items, func(it *quiz.Item) bool { return it.Critical }) {
		rules = append(rules, rule{"critical", r.t("quiz.rules.critical"), r.t("quiz.rules.critical-how")})
	}
	rules = append(rules, r.cooldownRule(q.Rules())...)
	return append(rules, rule{"clock", r.t("quiz.rules.time"), r.t("quiz.rules.time-how")})
}

// attemptFact says how often something may be tried.
func (r *request) attemptFact(rules quiz.Rules, adm quiz.Admission) fact {
	name := r.t("attempt.attempts")
	switch {
	case rules.Attempts == 0:
		return fact{name, r.t("attempt.no-limit")}
	case adm.Granted > 0:
		return fact{name, r.t("attempt.used-granted", "Used", adm.Used, "Of", rules.Attempts, "Granted", adm.Granted)}
	default:
		return fact{name, r.t("attempt.used", "Used", adm.Used, "Of", rules.Attempts)}
	}
}

// cooldownRule says how long one waits after a failure, if at all.
func (r *request) cooldownRule(rules quiz.Rules) []rule {
	if len(rules.Cooldown) == 0 {
		return nil
	}
	return []rule{{"refresh", r.t("attempt.after-failure"), r.t("attempt.wait", "Times", cooldownWords(r.say, rules.Cooldown))}}
}

func cooldownWords(say *words.Language, cooldown []time.Duration) string {
	times := duration(say, cooldown[0])
	for _, d := range cooldown[1:] {
		times = say.T("attempt.then", "First", times, "Next", duration(say, d))
	}
	return times
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
