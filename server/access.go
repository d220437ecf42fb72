package server

import (
	"slices"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
)

// access says who may use a route. The zero value is nobody's decision, and
// a route with it does not start.
type access int

const (
	undecided access = iota
	anyone           // no session is read
	signedIn         // everyone with a session
	asRep            // role rep
	asManager        // role manager, or admin
	asAuthor         // role author, or admin
	asAnalyst        // who may move the standard or lead by it: managers, authors, reviewers, admins
	asAdmin          // role admin
)

// allows reports whether a signed-in visitor may use a route. Whose object
// it is, is for the handler to ask; a foreign one is not found.
func (a access) allows(v *visitor) bool {
	switch a {
	case anyone, signedIn:
		return true
	case asRep:
		return v.has(people.RoleRep)
	case asManager:
		return v.has(people.RoleManager) || v.has(people.RoleAdmin)
	case asAuthor:
		return v.has(people.RoleAuthor) || v.has(people.RoleAdmin)
	case asAdmin:
		return v.has(people.RoleAdmin)
	case asAnalyst:
		return v.has(people.RoleManager) || v.has(people.RoleAuthor) || v.has(people.RoleAdmin) || len(v.Reviewer()) > 0
	}
	return false
}

// A visitor is who asks: the person and the learning record, both read in
// one transaction at the start of the request.
type visitor struct {
	*people.Person
	Record  *programme.Record
	secret  string // of this session
	session *people.Session
}

func (v *visitor) has(role people.Role) bool {
	return v != nil && slices.Contains(v.Roles, role)
}
