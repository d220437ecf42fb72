package people

import (
	"cmp"
	"strings"
)

// after returns the person as the row would leave her, and what it changes.
func (d *draft) after() (Person, []FieldChange) {
	var p Person
	if d.person != nil {
		p = *d.person
	}
	var changes []FieldChange
	if p.EmailKey != FoldEmail(d.want.email) {
		changes = append(changes, FieldChange{"email", p.Email, d.want.email})
		p.Email = d.want.email
	}
	changes = append(changes, d.want.apply(&p)...)
	return p, changes
}

// compare says what the row does to the person it is about. admins are those
// that there are and those that the roster adds; who is one no more is taken
// off, and a row that would take off the last one is rejected.
func (d *draft) compare(admins map[string]bool) Row {
	before := Person{}
	if d.person != nil {
		before = *d.person
	}
	after, changes := d.after()
	row := Row{
		Line: d.line, Person: before.ID, Name: after.Name(), Email: d.shown,
		Changes: changes, cells: d.cells, want: d.want,
	}
	switch {
	case d.err != nil:
		row.Name = cmp.Or(row.Name, d.shown)
		return row.reject(d.err)
	case d.absent():
		row.Action, row.Changes = Unchanged, nil
		row.Reason = "There is nobody with this address, so there is nothing to delete."
		return row
	case before.Admin && !after.Has(RoleAdmin) && len(admins) == 1 && admins[before.ID]:
		return row.reject(ErrLastAdmin)
	}
	if before.Admin && !after.Has(RoleAdmin) {
		delete(admins, before.ID)
	}
	row.Action = action(d.person == nil, before.Disabled, after.Disabled, len(row.Changes))
	return row
}

// adminsAfter adds those whom the rows make admins. (Apply does these rows
// first.)
func (pl *plan) adminsAfter(admins map[string]bool) {
	for _, d := range pl.live() {
		if p, _ := d.after(); p.Has(RoleAdmin) && !d.absent() {
			admins[cmp.Or(p.ID, "new "+p.Email)] = true
		}
	}
}

func action(fresh, wasOff, isOff bool, changes int) Action {
	switch {
	case fresh:
		return Added
	case isOff && !wasOff:
		return Disabled
	case wasOff && !isOff:
		return Enabled
	case changes > 0:
		return Changed
	}
	return Unchanged
}

// reject makes it a rejected row, and says why in sentences; nothing of the row is done.
func (r Row) reject(err error) Row {
	r.Action, r.Changes = Rejected, nil
	r.Reason = strings.ReplaceAll(err.Error(), "\n", " ")
	return r
}
