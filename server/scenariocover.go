package server

import (
	"errors"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
)

type scenarioCoverPage struct {
	Scenario *content.Scenario
	Crumbs   []crumb
	Glance   []fact
	Rules    []rule
	Cover    coverState
	Practice string // URL of the practice run that is open
	Lessons  []step // that teach what it is about
}

func (s *Server) scenarioCover(r *request) error { return s.showScenario(r, 200) }

func (s *Server) showScenario(r *request, status int) error {
	sc := r.lib().Scenario(r.Param("scenario"))
	if sc == nil {
		return errNoPage
	}
	st, err := r.standing()
	if err != nil {
		return err
	}
	rules := sc.Rules()
	adm := s.prog.Admission(st, rules)
	page := scenarioCoverPage{
		Scenario: sc, Crumbs: moduleCrumbs(sc.Module), Glance: []fact{r.attemptFact(rules, adm)}, Rules: r.rulesOfPlays(sc),
	}
	if page.Cover, err = s.coverState(r, st, rules.ID, adm, status); err != nil {
		return err
	}
	if page.Cover.Open != "" {
		page.Cover.Sentence = r.t("scenario.continue")
	}
	l := r.learner(st)
	for _, ls := range sc.Module.Lessons {
		page.Lessons = append(page.Lessons, l.lessonStep(ls, false))
	}
	id, open, err := s.prog.PracticeOf(r.Request.Context(), r.who.ID, sc.ID)
	if err != nil {
		return err
	}
	if open {
		page.Practice = attemptURL(id)
	}
	return r.page(status, "scenario", sc.Title, "learn", page)
}

// rulesOfPlays says what counts in a scenario.
func (r *request) rulesOfPlays(sc *content.Scenario) []rule {
	rules := []rule{
		{"scenario", r.t("scenario.rules.counts"), r.t("scenario.rules.counts-how")},
		{"refresh", r.t("scenario.rules.practice"), r.t("scenario.rules.practice-how")},
	}
	rules = append(rules, r.cooldownRule(sc.Rules())...)
	return append(rules, rule{"clock", r.t("scenario.rules.time"), r.t("scenario.rules.time-how")})
}

// startPlay starts a play that counts, or goes on with the one that is open;
// with practice it begins a practice run.
func (s *Server) startPlay(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	var id string
	if form.Get("practice") != "" {
		id, err = s.prog.Practise(ctx, r.who.ID, r.Param("scenario"))
	} else {
		id, err = s.prog.Play(ctx, r.who.ID, r.Param("scenario"))
	}
	var refused *programme.NotAdmitted
	if errors.As(err, &refused) {
		return s.showScenario(r, 409)
	}
	if err != nil {
		return err
	}
	return r.see(attemptURL(id))
}
