package server

import (
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// maxTeams bounds the teams an admin can choose from on the board.
const maxTeams = 500

// teamsOf lists the teams whose people the visitor may see: those that she
// manages, and for an admin all.
func (s *Server) teamsOf(r *request) ([]*people.Team, error) {
	ctx := r.Request.Context()
	if r.who.has(people.RoleAdmin) {
		teams, _, err := s.prog.People.Teams(ctx, store.Cursor{}, maxTeams)
		return teams, err
	}
	return s.prog.People.Managed(ctx, r.who.Person)
}

// managed reads a person whom the visitor may manage; anybody else is not
// found, as is one who does not exist.
func (s *Server) managed(r *request, id string) (*people.Person, error) {
	if !asManager.allows(r.who) {
		return nil, programme.ErrNotFound
	}
	p, err := s.prog.People.Get(r.Request.Context(), id)
	if err != nil || r.who.has(people.RoleAdmin) {
		return p, err
	}
	may, err := s.prog.People.MayManage(r.Request.Context(), r.who.Person, p)
	if err == nil && !may {
		err = programme.ErrNotFound
	}
	return p, err
}

// A teamTab leads to another of the visitor's teams.
type teamTab struct {
	Name, URL string
	Here      bool
}
