package people

import (
	"errors"
	"strings"
)

// draft is a row on its way to a plan.
type draft struct {
	line  int
	cells []string
	err   error  // why it is rejected
	shown string // the e-mail address as it stands there, right or wrong

	want       wanted
	rolesGiven bool
	deleted    bool
	teamText   string // the team column
	managerRef string // the manager column

	person *Person // who it is about; nil: nobody yet
	boss   who     // whom the manager column means
	heads  bool    // somebody's manager column means her
}

// who is a person that a roster talks about: one who is stored, one whom a row
// adds, or both. The zero who is nobody.
type who struct {
	person *Person
	row    *draft
}

func (w who) known() bool { return w.person != nil || w.row != nil }

// key is the same for the same person, in one plan.
func (w who) key() string {
	if w.person != nil {
		return "id " + w.person.ID
	}
	return "new " + FoldEmail(w.row.want.email)
}

// live is her row, unless that is rejected.
func (w who) live() *draft {
	if w.row == nil || w.row.err != nil {
		return nil
	}
	return w.row
}

// email is the address that she will have.
func (w who) email() string {
	if r := w.live(); r != nil {
		return r.want.email
	}
	return w.person.Email
}

// name is the name that she will have.
func (w who) name() string {
	var p Person
	if w.person != nil {
		p = *w.person
	}
	if r := w.live(); r != nil {
		p.Email = r.want.email
		r.want.apply(&p)
	}
	return p.Name()
}

// absent tells whether the row deletes somebody who isn't there.
func (d *draft) absent() bool { return d.person == nil && d.deleted }

// drops tells whether the row takes away the address or username by which its
// person was found: then the same file would not find her a second time.
func (d *draft) drops(key string) bool {
	email, username := FoldEmail(d.want.email), foldID(d.want.username)
	if username == "" && d.person != nil {
		username = d.person.UsernameKey
	}
	return key != email && key != username
}

// newDraft checks what can be checked by looking at the row alone.
func newDraft(r RosterRow) *draft {
	d := &draft{line: r.Line, cells: r.Cells, err: r.Err}
	if d.err != nil {
		return d
	}
	f, w := r.fields, &d.want
	var errs [8]error
	w.username, errs[0] = cleanText("username", "username", f.Username)
	w.first, errs[1] = cleanText("firstname", "first name", f.First)
	w.last, errs[2] = cleanText("lastname", "last name", f.Last)
	w.idnumber, errs[3] = cleanText("idnumber", "id number", f.IDNumber)
	w.department, errs[4] = cleanText("department", "department", f.Department)
	d.teamText, errs[5] = cleanText("team", "team's name", f.Team)
	d.managerRef = strings.TrimSpace(f.Manager)
	if len(d.managerRef) > MaxEmail {
		errs[6] = uncoded("manager", "The manager is longer than %d bytes.", MaxEmail)
	}
	email := f.Email
	if strings.TrimSpace(email) == "" && strings.Contains(f.Username, "@") {
		email = f.Username // many systems use the address as the username
	}
	d.shown = printable(email)
	if w.email, errs[7] = CheckEmail(email); strings.TrimSpace(email) == "" {
		errs[7] = uncoded("email", "The row has no e-mail address.")
	}
	d.err = errors.Join(errs[:]...)
	d.readRoles(f.Roles)
	d.readFlags(f.Suspended, f.Deleted)
	return d
}

func (d *draft) readRoles(text string) {
	roles, err := ParseRoles(text)
	d.err = errors.Join(d.err, err)
	if d.rolesGiven = len(roles) > 0; d.rolesGiven {
		d.want.roles = roles
	}
}

// readFlags reads suspended and deleted. Nobody is ever deleted, what she did
// must stay: both disable the account.
func (d *draft) readFlags(suspended, deleted string) {
	off, given, err := flag("suspended", suspended)
	gone, _, err2 := flag("deleted", deleted)
	d.err = errors.Join(d.err, err, err2)
	if d.deleted = gone; gone {
		off, given = true, true
	}
	if given {
		d.want.disabled = &off
	}
	if off {
		// Who leaves keeps the team she was in; and that her manager isn't
		// known any more must not keep her account open.
		d.teamText, d.managerRef = "", ""
	}
}

// flag reads a cell that says yes or no; an empty one says neither.
func flag(field, cell string) (value, given bool, err error) {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "":
		return false, false, nil
	case "1", "yes", "y", "true":
		return true, true, nil
	case "0", "no", "n", "false":
		return false, true, nil
	}
	return false, false, uncoded(field, "The column %s says %.40q. Want 1 or 0, or nothing to leave it as it is.", field, cell)
}
