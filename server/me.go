package server

import (
	"context"
	"errors"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

type mePage struct {
	First, Last, Email, Roles, Team string
	Zone, LibraryZone               string
	Clock                           string // what it is in the zone now
	Least                           int    // characters of a password
	Language                        string
	Languages                       []languageChoice
	Zones                           []string
	Sessions                        []sessionLine
	Problems                        problems
}

// A languageChoice is one language, as it calls itself.
type languageChoice struct{ Tag, Name string }

type sessionLine struct {
	ID, Device, Seen string
	Here             bool
}

func (s *Server) me(r *request) error { return s.showMe(r, 200, nil, nil) }

// showMe shows the account; with a form that could not be taken, as it was
// filled in.
func (s *Server) showMe(r *request, status int, filled *meForm, found problems) error {
	p := r.who.Person
	page := mePage{
		First: p.First, Last: p.Last, Email: p.Email, Roles: rolesInWords(r.say, p.Roles), Zone: p.Zone,
		LibraryZone: r.lib().Location.String(), Zones: commonZones, Problems: found, Language: p.Language,
		Clock: r.now.In(r.zone()).Format("15:04"), Least: people.MinPassword,
	}
	for _, l := range r.view.words.Languages() {
		page.Languages = append(page.Languages, languageChoice{l.Tag, l.Name})
	}
	if filled != nil {
		page.First, page.Last, page.Zone, page.Language = filled.First, filled.Last, filled.Zone, filled.Language
	}
	if t, err := s.prog.People.Team(r.Request.Context(), p.Team); err == nil {
		page.Team = t.Name
	} else if !errors.Is(err, people.ErrNotFound) {
		return err
	}
	here, _ := s.prog.People.Lookup(p, r.who.secret)
	for i := range p.Sessions {
		one := &p.Sessions[i]
		if one.Live(r.now) {
			page.Sessions = append(page.Sessions, sessionLine{one.ID, device(r.say, one.Device), dayIn(r.say, one.Seen, r.zone()), here != nil && one.ID == here.ID})
		}
	}
	return r.page(status, "me", r.t("me.title"), "me", page)
}

// meForm is what /me may set.
type meForm struct {
	First    string `form:"first" validate:"max=100"`
	Last     string `form:"last" validate:"max=100"`
	Zone     string `form:"zone" validate:"max=100"`
	Language string `form:"language"`
}

func (s *Server) saveMe(r *request) error {
	var form meForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return s.showMe(r, 422, &form, found)
	}
	if form.Language != "" && !r.view.words.Has(form.Language) {
		return s.showMe(r, 422, &form, problems{"language": r.t("me.language-unknown")})
	}
	_, err = s.prog.People.SetProfile(r.Request.Context(), r.who.ID, people.Profile{First: form.First, Last: form.Last, Zone: form.Zone, Language: form.Language})
	var input *people.InputError
	if errors.As(err, &input) {
		return s.showMe(r, 422, &form, r.problemOf(input))
	}
	if err != nil {
		return err
	}
	return r.see("/me?done=saved")
}

func (s *Server) changePassword(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	_, err = s.prog.People.ChangePassword(r.Request.Context(), r.who.ID, form.Get("current"), form.Get("password"), r.who.secret, r.ClientIP())
	var input *people.InputError
	switch {
	case errors.As(err, &input):
		return s.showMe(r, 422, nil, r.problemOf(input))
	case errors.Is(err, people.ErrCredentials):
		return s.showMe(r, 422, nil, problems{"current": r.t("me.not-present")})
	case errors.Is(err, people.ErrTooMany):
		return s.showMe(r, 429, nil, problems{"current": r.t("me.too-many")})
	case err != nil:
		return err
	}
	return r.see("/me?done=password")
}

// endSessions signs out one other device, or all others.
func (s *Server) endSessions(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	if id := form.Get("session"); id != "" {
		err = s.prog.People.EndSession(ctx, r.who.ID, id)
	} else {
		err = s.prog.People.SignOutEverywhere(ctx, r.who.ID, r.who.secret)
	}
	if err != nil {
		return err
	}
	return r.see("/me?done=ended")
}

// readVisitor reads person and record in one transaction.
func (s *Server) readVisitor(ctx context.Context, id string) (*people.Person, *programme.Record, error) {
	return store.Look2(ctx, s.prog.People.People(), id, s.prog.Records(), id)
}
