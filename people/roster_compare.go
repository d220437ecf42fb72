package people

import (
	"cmp"
	"strings"
)

// compare says what the row does to the person it is about. admins are those
// that there are, and are brought up to date, so that a row that would remove
// the last one is rejected.
func (d *draft) compare(admins map[string]bool) Row {
	before := Person{}
	if d.person != nil {
		before = *d.person
	}
	after := before
	row := Row{Line: d.line, Person: before.ID, Email: d.shown, cells: d.cells, want: d.want}
	if before.EmailKey != FoldEmail(d.want.email) {
		row.Changes = append(row.Changes, FieldChange{"email", before.Email, d.want.email})
		after.Email = d.want.email
	}
	row.Changes = append(row.Changes, d.want.apply(&after)...)
	row.Name = after.Name()
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
	row.Action = action(d.person == nil, before.Disabled, after.Disabled, len(row.Changes))
	if after.Has(RoleAdmin) {
		admins[adminKey(before.ID, d.want.email)] = true
	}
	if !after.Has(RoleAdmin) {
		delete(admins, before.ID)
	}
	return row
}

// adminKey is the id of somebody who is there, and can't be one otherwise.
func adminKey(id, email string) string {
	if id == "" {
		return "new " + email
	}
	return id
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
