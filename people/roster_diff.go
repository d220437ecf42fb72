package people

import (
	"io"
	"slices"
)

// Action is what becomes of a row of a roster.
type Action string

// The actions.
const (
	Unchanged Action = "unchanged"
	Added     Action = "add"
	Changed   Action = "change"
	Disabled  Action = "disable" // perhaps with other changes
	Enabled   Action = "enable"  // perhaps with other changes
	Rejected  Action = "rejected"
)

// FieldChange is one field of a person that a roster changes.
type FieldChange struct {
	Field    string // as in a roster's header
	Old, New string // as people read it
}

// Row says what a row of a roster does, or did.
type Row struct {
	Line    int // in the file
	Action  Action
	Person  string // id; empty for one who isn't there yet
	Name    string
	Email   string
	Changes []FieldChange // all that differs; for a new person, all that is known
	Reason  string        // why it was rejected, or what else should be known

	cells []string
	want  wanted
}

// TeamChange is what a roster does to a team.
type TeamChange struct {
	ID       string
	Name     string
	New      bool
	Managers []string // names of those who become its managers
}

// Diff is what a roster would do: one Row for each of the file's, in its order.
// Nothing is done until it is given to Service.Apply.
type Diff struct {
	Unknown []string // columns that were not looked at
	Rows    []Row
	Teams   []TeamChange // by id; the managers include those of new teams

	roster *Roster
}

// Report is what Service.Apply did: one Row for each of the diff's.
type Report struct {
	Rows []Row

	roster *Roster
}

// Count returns how many rows have that action.
func (d *Diff) Count(a Action) int { return count(d.Rows, a) }

// Count returns how many rows have that action.
func (r *Report) Count(a Action) int { return count(r.Rows, a) }

func count(rows []Row, a Action) (n int) {
	for _, r := range rows {
		if r.Action == a {
			n++
		}
	}
	return n
}

// Empty tells whether applying the diff would change nothing.
func (d *Diff) Empty() bool {
	return len(d.Teams) == 0 && d.Count(Unchanged)+d.Count(Rejected) == len(d.Rows)
}

// WriteRejected writes the rejected rows as CSV as they stood in the file, each
// with a reason: mend them, and import that file. Cells that a spreadsheet
// would take for formulas are made harmless, see [SafeCell].
func (d *Diff) WriteRejected(w io.Writer) error { return d.roster.WriteRejected(w, refusals(d.Rows)) }

// WriteRejected is that of [Diff], with what was refused on the way as well.
func (r *Report) WriteRejected(w io.Writer) error { return r.roster.WriteRejected(w, refusals(r.Rows)) }

func refusals(rows []Row) (list []Refusal) {
	for _, r := range rows {
		if r.Action == Rejected {
			list = append(list, Refusal{r.Line, r.cells, r.Reason})
		}
	}
	return list
}

// wanted is what a row asks for. Empty text and nil leave alone what is stored.
type wanted struct {
	email, first, last             string
	username, idnumber, department string
	roles                          []Role
	team                           string // id
	manager                        string // address of one who is to become the team's manager
	disabled                       *bool
}

// apply changes p as wanted, except for the address, and returns what that
// changed. The managers' role is added, never taken, when the roster names her
// as a manager.
func (w wanted) apply(p *Person) []FieldChange {
	var list []FieldChange
	set := func(field string, at *string, to string) {
		if to != "" && *at != to {
			list = append(list, FieldChange{field, *at, to})
			*at = to
		}
	}
	set("firstname", &p.First, w.first)
	set("lastname", &p.Last, w.last)
	set("username", &p.Username, w.username)
	set("idnumber", &p.IDNumber, w.idnumber)
	set("department", &p.Department, w.department)
	set("team", &p.Team, w.team)
	if w.roles != nil && !slices.Equal(w.roles, p.Roles) {
		list = append(list, FieldChange{"roles", JoinRoles(p.Roles), JoinRoles(w.roles)})
		p.Roles = slices.Clone(w.roles)
	}
	if w.disabled != nil && *w.disabled != p.Disabled {
		list = append(list, FieldChange{"suspended", yesNo(p.Disabled), yesNo(*w.disabled)})
		p.Disabled = *w.disabled
	}
	return list
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
