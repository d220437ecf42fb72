package server

import (
	"errors"
	"slices"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
)

// pageSize is how many people one page of the admin's list shows.
const pageSize = 50

type adminPage struct {
	People   []personLine
	Query    string
	Next     string
	First    bool // this is the first page
	More     bool // a search found more than it shows
	Form     addForm
	Roles    []roleChoice
	Teams    []*people.Team
	Problems problems
	Added    *invitation
}

type personLine struct {
	Name, Email, Roles, Team string
	Disabled, Invited        bool
}

type roleChoice struct {
	Role    people.Role
	Title   string
	Checked bool
}

// An invitation is a one-time link, shown once.
type invitation struct{ Name, Link, Until string }

// addForm is what the form for a new person may set.
type addForm struct {
	Email string   `form:"email" validate:"required,max=254"`
	First string   `form:"first" validate:"max=100"`
	Last  string   `form:"last" validate:"max=100"`
	Team  string   `form:"team" validate:"max=200"`
	Roles []string `form:"roles" validate:"max=10"`
}

func (s *Server) adminPeople(r *request) error {
	return s.showPeople(r, 200, adminPage{Form: addForm{Roles: []string{string(people.RoleRep)}}})
}

func (s *Server) showPeople(r *request, status int, page adminPage) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(r.Query("after"))
	if err != nil {
		return errNoPage
	}
	page.Query, page.First = r.Query("q"), after.IsZero()
	var list []*people.Person
	if page.Query != "" {
		list, page.More, err = s.prog.People.Search(ctx, page.Query)
	} else {
		var found people.Page
		if found, err = s.prog.People.List(ctx, after, pageSize); err == nil && !found.Next.IsZero() {
			page.Next = "/admin/people?after=" + found.Next.String()
		}
		list = found.People
	}
	if err != nil {
		return noPlace(err)
	}
	if page.Teams, _, err = s.prog.People.Teams(ctx, store.Cursor{}, maxTeams); err != nil {
		return err
	}
	teams, err := s.prog.People.TeamsOf(ctx, list)
	if err != nil {
		return err
	}
	for _, p := range list {
		line := personLine{p.Name(), p.Email, rolesInWords(r.say, p.Roles), "", p.Disabled, p.Password == "" && !p.Disabled}
		if t := teams[p.Team]; t != nil {
			line.Team = t.Name
		}
		page.People = append(page.People, line)
	}
	for _, role := range people.AllRoles() {
		page.Roles = append(page.Roles, roleChoice{role, r.t("role." + string(role)), slices.Contains(page.Form.Roles, string(role))})
	}
	return r.wide(status, "people", r.t("people.title"), "admin", page)
}

// addPerson adds a person and shows the one-time link to hand over.
func (s *Server) addPerson(r *request) error {
	var form addForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return s.showPeople(r, 422, adminPage{Form: form, Problems: found})
	}
	ctx := r.Request.Context()
	roles := make([]people.Role, len(form.Roles))
	for i, role := range form.Roles {
		roles[i] = people.Role(role)
	}
	p, err := s.prog.People.Add(ctx, people.NewPerson{Email: form.Email, First: form.First, Last: form.Last, Team: form.Team, Roles: roles})
	var input *people.InputError
	switch {
	case errors.As(err, &input):
		return s.showPeople(r, 422, adminPage{Form: form, Problems: r.problemOf(input)})
	case errors.Is(err, people.ErrEmailTaken):
		return s.showPeople(r, 422, adminPage{Form: form, Problems: problems{"email": r.t("people.add.taken")}})
	case err != nil:
		return err
	}
	token, until, err := s.prog.People.Invite(ctx, p.ID)
	if err != nil {
		return err
	}
	return s.showPeople(r, 201, adminPage{
		Form:  addForm{Roles: form.Roles, Team: form.Team},
		Added: &invitation{p.Name(), s.cfg.BaseURL.JoinPath("welcome", token).String(), momentIn(r.say, until, r.zone())},
	})
}
