package demo

import "github.com/insidebox/insidebox/people"

// A character is one demo person and what she has been up to.
type character struct {
	email, first, last string
	roles              []people.Role
	team               string // id of the team she is in
	manages            string // id of the team she manages
	story              func(*actor)
	what               string // who that is, for lists of sign-ins
}

// cast lists all demo people. The names are invented.
func cast() []character {
	rep := []people.Role{people.RoleRep}
	const north, south = "team-north", "team-south"
	return []character{
		{email: "manager@demo.test", first: "Mara", last: "Kendrick", roles: []people.Role{people.RoleManager}, manages: north, what: "manages Team North"},
		{email: "manager2@demo.test", first: "Oskar", last: "Lindqvist", roles: []people.Role{people.RoleManager}, manages: south, what: "manages Team South"},
		{email: "author@demo.test", first: "Ines", last: "Moreau", roles: []people.Role{people.RoleAuthor, people.RoleOperations}, what: "writes the standard"},
		{email: "sales@demo.test", first: "Sam", last: "Whitlock", roles: []people.Role{people.RoleSales}, what: "reviews for sales"},
		{email: "care@demo.test", first: "Carla", last: "Benedetti", roles: []people.Role{people.RoleCare}, what: "reviews for customer care"},
		{email: "ops@demo.test", first: "Olu", last: "Adeyemi", roles: []people.Role{people.RoleOperations}, what: "reviews for operations"},
		{email: "admin@demo.test", first: "Ada", last: "Novotny", roles: []people.Role{people.RoleAdmin}, what: "keeps people and roles"},

		{email: "rep@demo.test", first: "Robin", last: "Hale", roles: rep, team: north, what: "a new rep, nothing started"},
		{email: "rep2@demo.test", first: "Ana", last: "Ruiz", roles: rep, team: north, story: cleared, what: "cleared for much"},
		{email: "rep3@demo.test", first: "Ben", last: "Osei", roles: rep, team: north, story: halfway, what: "halfway through the first module"},
		{email: "rep4@demo.test", first: "Chi", last: "Lin", roles: rep, team: north, story: failedToday, what: "failed a quiz today"},
		{email: "rep5@demo.test", first: "Dana", last: "Petrov", roles: rep, team: north, story: stuck, what: "no attempt left"},
		{email: "rep6@demo.test", first: "Eli", last: "Novak", roles: rep, team: north, story: expiring, what: "a certificate that ends soon, a sign-off to come"},
		{email: "rep7@demo.test", first: "Fay", last: "Okafor", roles: rep, team: south, story: expired, what: "a certificate that has ended"},
		{email: "rep8@demo.test", first: "Gus", last: "Brandt", roles: rep, team: south, story: testedOut, what: "tested out, then fell in a scenario"},
		{email: "rep9@demo.test", first: "Hana", last: "Sato", roles: rep, team: south, story: inTheMiddle, what: "in the middle of a quiz"},
		{email: "rep10@demo.test", first: "Ivo", last: "Marin", roles: rep, team: south, story: failedTwice, what: "failed twice, and waits"},
		{email: "rep11@demo.test", first: "June", last: "Abara", roles: rep, team: south, what: "nothing started"},
		{email: "rep12@demo.test", first: "Kit", last: "Larsen", roles: rep, team: south, story: renewed, what: "renewed, and signed off"},
	}
}

// The stories, as days before today.

func cleared(a *actor) {
	a.read(161, 3)
	a.take(160, a.well)
	a.earn(95, "sell-copies")
	a.earn(6, "sell-alerts-and-portal", "together-check", "scenario/the-annoyed-heir", "scenario/handoff")
}

func halfway(a *actor) { a.read(6, 2) }

func failedToday(a *actor) { a.read(3, 3); a.takeHours(3, a.badly) }

func stuck(a *actor) { a.read(40, 3); a.take(38, a.badly); a.take(30, a.badly); a.take(12, a.badly) }

func expiring(a *actor) {
	a.read(346, 3)
	a.take(345, a.well)
	a.earn(200, "sell-alerts-and-portal")
	a.earn(4, "sell-checks") // and waits for the sign-off
}

func expired(a *actor) {
	a.read(391, 3)
	a.take(390, a.well)
	a.earn(120, "sell-copies")
}

func testedOut(a *actor) {
	a.take(14, a.well)
	a.earn(3, "sell-copies", "scenario/angry-at-9-05")
	a.falls(5, "angry-at-9-05")
}

func inTheMiddle(a *actor) { a.read(2, 3); a.start(1) }

func failedTwice(a *actor) { a.read(10, 1); a.take(5, a.badly); a.take(2, a.badly) }

func renewed(a *actor) {
	a.read(381, 3)
	a.take(380, a.well)
	a.renew(31)
	a.take(30, a.well)
	a.earn(21, "sell-checks")
	a.signs(20, "sell-checks", "manager2@demo.test", "Heard on two calls. Calm when they pressed for the form.")
	a.earn(9, "sell-alerts-and-portal", "scenario/handoff")
}
