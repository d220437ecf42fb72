package people

import (
	"slices"
	"time"

	"github.com/insidebox/insidebox/store"
)

// Person is an account. Its document holds all that a request must know: who
// it is, what she may do, and whether she is still signed in.
type Person struct {
	store.Meta `bson:",inline"`

	Email    string `bson:"email"`     // as written
	EmailKey string `bson:"email_key"` // folded, see FoldEmail
	First    string `bson:"first"`
	Last     string `bson:"last"`
	NameKey  string `bson:"name_key"`  // folded "last first": the order of lists
	FirstKey string `bson:"first_key"` // folded "first last": for search

	Roles    []Role   `bson:"roles"`
	Admin    bool     `bson:"admin"`   // derived: holds RoleAdmin and is not disabled
	Team     string   `bson:"team"`    // id of the team she is in, or ""
	Manages  []string `bson:"manages"` // where to look for teams that name her, see Service.Managed
	Disabled bool     `bson:"disabled"`

	Password string    `bson:"password"`           // argon2id; empty: can't sign in yet
	Zone     string    `bson:"zone"`               // IANA name; "" is the library's
	Language string    `bson:"language,omitempty"` // tag such as "de"; "" is what her browser asks for
	Link     Link      `bson:"link"`               // the one-time link that is open, if any
	Sessions []Session `bson:"sessions"`           // at most MaxSessions
	Created  time.Time `bson:"created"`

	// From the personnel system, through a roster.
	Username    string `bson:"username"`
	UsernameKey string `bson:"username_key"` // folded
	IDNumber    string `bson:"idnumber"`
	Department  string `bson:"department"`
}

// Name returns the name for people: "Anna Berg", or the e-mail address of
// somebody without a name.
func (p *Person) Name() string {
	switch {
	case p.First == "" && p.Last == "":
		return p.Email
	case p.First == "":
		return p.Last
	case p.Last == "":
		return p.First
	}
	return p.First + " " + p.Last
}

// Has tells whether she holds the role. A disabled person holds none.
func (p *Person) Has(r Role) bool { return !p.Disabled && slices.Contains(p.Roles, r) }

// Reviewer returns the functions for which she is a reviewer: RoleSales,
// RoleCare, RoleOperations.
func (p *Person) Reviewer() []Role {
	var functions []Role
	for _, r := range []Role{RoleSales, RoleCare, RoleOperations} {
		if p.Has(r) {
			functions = append(functions, r)
		}
	}
	return functions
}

// Location returns her time zone, or the library's when she chose none (or one
// that this machine's time zone database no longer has).
func (p *Person) Location(library *time.Location) *time.Location {
	if p.Zone == "" {
		return library
	}
	if loc, err := time.LoadLocation(p.Zone); err == nil {
		return loc
	}
	return library
}

// derive fills in the fields that follow from others. Everything that writes a
// Person calls it before.
func (p *Person) derive() {
	p.EmailKey = FoldEmail(p.Email)
	p.NameKey = foldName(p.Last, p.First)
	p.FirstKey = foldName(p.First, p.Last)
	if p.NameKey == "" {
		p.NameKey = foldName(p.Email)
	}
	p.UsernameKey = foldID(p.Username)
	p.Admin = p.Has(RoleAdmin)
	if p.Disabled { // signed out at once, and not signed in again when enabled
		p.Sessions, p.Link = nil, Link{}
	}
}

// Indexes of the collection of people.
const (
	byName     = "by_name"
	byFirst    = "by_first"
	byEmail    = "by_email"
	byTeam     = "by_team"
	byAdmin    = "by_admin"
	byUsername = "by_username"
	byIDNumber = "by_idnumber"
)

func peopleSchema() store.Schema {
	name := store.Field{Name: "name_key", Kind: store.KindString}
	index := func(name string, fields ...store.Field) store.Index {
		return store.Index{Name: name, Fields: fields}
	}
	text := func(name string) store.Field { return store.Field{Name: name, Kind: store.KindString} }
	truth := func(name string) store.Field { return store.Field{Name: name, Kind: store.KindBool} }
	return store.Schema{Name: "people", Indexes: []store.Index{
		index(byName, name),
		index(byFirst, text("first_key")),
		index(byEmail, text("email_key")),
		index(byTeam, text("team"), truth("disabled"), name),
		index(byAdmin, truth("admin"), name),
		index(byUsername, text("username_key")),
		index(byIDNumber, text("idnumber")),
	}}
}
