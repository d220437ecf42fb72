package server

import (
	"errors"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
)

type scenarioCoverPage struct {
	Scenario *content.Scenario
	Crumbs   []crumb
	Rules    []fact
	Cover    coverState
	Practice string // URL of the practice run that is open
	Lessons  []link // that teach what it is about
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
		Scenario: sc, Crumbs: moduleCrumbs(sc.Module), Cover: r.coverState(st, rules.ID, adm, status),
		Rules: append(attemptFacts(rules, adm),
			fact{"What counts", "every choice; none can be taken back"},
			fact{"Practice", "as often as you like; it shows the meters and counts for nothing"},
			fact{"Time", "as long as you need; every choice is kept"}),
	}
	if page.Cover.Open != "" {
		page.Cover.Sentence = "Every choice is kept. Go on where you left off."
	}
	for _, ls := range sc.Module.Lessons {
		page.Lessons = append(page.Lessons, link{ls.URL, ls.Title})
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
