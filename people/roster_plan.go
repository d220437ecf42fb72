package people

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/insidebox/insidebox/store"
)

// plan is a roster on its way to a Diff.
type plan struct {
	s      *Service
	drafts []*draft
	dir    *directory

	rowByEmail    map[string]*draft
	rowByUsername map[string]*draft
	rowByPerson   map[string]*draft

	teams   map[string]*Team   // by id, those that exist
	named   map[string][]*Team // by folded name, those that exist
	planned map[string]string  // id to name, those that the roster adds
}

// Plan reads a roster and says what it would do, row by row; it writes nothing.
// See the package comment for the rules. The error is an [InputError] when the
// file as a whole can't be read.
func (s *Service) Plan(ctx context.Context, r io.Reader) (*Diff, error) {
	ros, err := ReadRoster(r)
	if err != nil {
		return nil, err
	}
	pl := &plan{
		s:          s,
		rowByEmail: map[string]*draft{}, rowByUsername: map[string]*draft{}, rowByPerson: map[string]*draft{},
		teams: map[string]*Team{}, named: map[string][]*Team{}, planned: map[string]string{},
	}
	for _, row := range ros.Rows {
		pl.drafts = append(pl.drafts, newDraft(row))
	}
	if pl.dir, err = s.readDirectory(ctx, pl.drafts); err != nil {
		return nil, err
	}
	pl.repeated()
	pl.match()
	pl.findBosses()
	if err := pl.readTeams(ctx); err != nil {
		return nil, err
	}
	for again := true; again; {
		pl.cascade()
		again = pl.chooseTeams()
	}
	if err := pl.addTeams(ctx); err != nil {
		return nil, err
	}
	pl.giveRoles()
	return pl.diff(ctx, ros)
}

// live returns the drafts that aren't rejected so far.
func (pl *plan) live() []*draft {
	return slices.DeleteFunc(slices.Clone(pl.drafts), func(d *draft) bool { return d.err != nil })
}

// repeated rejects rows that say again what must be said once, and notes who is
// in the file.
func (pl *plan) repeated() {
	numbers := map[string]*draft{}
	for _, d := range pl.drafts {
		for _, k := range []struct {
			seen       map[string]*draft
			key, label string
		}{
			{pl.rowByEmail, FoldEmail(d.want.email), "e-mail address"},
			{pl.rowByUsername, foldID(d.want.username), "username"},
			{numbers, d.want.idnumber, "id number"},
		} {
			if k.key == "" {
				continue
			}
			if first := k.seen[k.key]; first == nil {
				k.seen[k.key] = d
			} else if d.err == nil {
				d.err = badRow("The %s %q is that of line %d as well.", k.label, k.key, first.line)
			}
		}
	}
}

// match finds out whom the rows are about: by the e-mail address, or else by the
// id number, which then changes the address. Usernames are given to new people
// when old ones leave, so they identify nobody.
func (pl *plan) match() {
	for _, d := range pl.live() {
		d.person = pl.dir.byEmail[FoldEmail(d.want.email)]
		same := pl.dir.byIDNumber[d.want.idnumber]
		if d.want.idnumber == "" {
			same = nil
		}
		switch {
		case d.person == nil && len(same) == 1:
			d.person = same[0]
		case d.person == nil && len(same) > 1:
			d.err = badRow("%d people have the id number %s. Give the row the e-mail address that hers has here.", len(same), d.want.idnumber)
		case len(same) > 0 && !slices.Contains(same, d.person):
			d.err = badRow("The e-mail address is that of %s, but the id number %s is that of %s.", d.person.Name(), d.want.idnumber, same[0].Email)
		}
		pl.matchUsername(d)
		if d.person == nil && !d.deleted && d.want.first == "" && d.want.last == "" {
			d.err = errors.Join(d.err, uncoded("lastname", "A new person needs a name: firstname, lastname, or both."))
		}
		if d.err != nil || d.person == nil {
			continue
		}
		if first := pl.rowByPerson[d.person.ID]; first != nil {
			d.err = badRow("Line %d is about the same person, %s.", first.line, d.person.Email)
			continue
		}
		pl.rowByPerson[d.person.ID] = d
	}
}

// matchUsername rejects a row whose username somebody else has, unless that one
// has left.
func (pl *plan) matchUsername(d *draft) {
	if d.err != nil || d.want.username == "" {
		return
	}
	for _, p := range pl.dir.byUsername[foldID(d.want.username)] {
		if p != d.person && !p.Disabled {
			d.err = badRow("The username %s is that of %s. If that is the same person, change her e-mail address first, or give the id number that she has here.", d.want.username, p.Email)
			return
		}
	}
}

// findBosses finds out whom the manager columns mean: an e-mail address or a
// username, of the file or of the store. She may come later in the file.
func (pl *plan) findBosses() {
	for _, d := range pl.live() {
		if d.managerRef == "" {
			continue
		}
		key := FoldEmail(d.managerRef)
		d.boss = pl.findBoss(key)
		switch boss := d.boss.row; {
		case !d.boss.known() || boss != nil && boss.absent():
			d.err = badRow("The manager %q is neither here nor in the file. Want her e-mail address or her username.", d.managerRef)
		case boss == d || d.person != nil && d.boss.person == d.person:
			d.err = badRow("The manager is the person herself. Leave the column empty for somebody without a manager.")
		case boss != nil && boss.drops(key):
			d.err = badRow("The manager %q is called otherwise by line %d, which is about her. Name her as that line does.", d.managerRef, boss.line)
		}
	}
}

// findBoss returns her to whom the file gives that address or username, or else
// who has it in the store, or else a rejected row.
func (pl *plan) findBoss(key string) who {
	row := pl.rowByEmail[key]
	if row == nil {
		row = pl.rowByUsername[key]
	}
	if row != nil && row.err == nil {
		return who{row: row, person: row.person}
	}
	if w := pl.bossInStore(key); w.known() {
		return w
	}
	return who{row: row}
}

// bossInStore returns her who has that address, or is the only one with that
// username who hasn't left; and the row about her.
func (pl *plan) bossInStore(key string) (w who) {
	if w.person = pl.dir.byEmail[key]; w.person == nil {
		same := slices.DeleteFunc(slices.Clone(pl.dir.byUsername[key]), func(p *Person) bool { return p.Disabled })
		if len(same) != 1 {
			return who{}
		}
		w.person = same[0]
	}
	w.row = pl.rowByPerson[w.person.ID]
	return w
}

// cascade rejects the rows whose manager would have come with a row that is
// rejected, and those that hang on them.
func (pl *plan) cascade() {
	reports := map[*draft][]*draft{}
	var rejected []*draft
	for _, d := range pl.drafts {
		if d.err != nil {
			rejected = append(rejected, d)
		} else if d.boss.row != nil && d.boss.person == nil {
			reports[d.boss.row] = append(reports[d.boss.row], d)
		}
	}
	for len(rejected) > 0 {
		boss := rejected[0]
		rejected = rejected[1:]
		for _, d := range reports[boss] {
			d.err = badRow("The row of the manager %s, line %d, is rejected.", d.managerRef, boss.line)
			rejected = append(rejected, d)
		}
		delete(reports, boss)
	}
}

// giveRoles completes the roles: who is named as a manager becomes one, and who
// is new without a role is a rep.
func (pl *plan) giveRoles() {
	live := pl.live()
	for _, d := range live {
		if boss := d.boss.live(); boss != nil {
			boss.heads = true
		}
	}
	for _, d := range live {
		switch {
		case d.rolesGiven:
		case d.person == nil && !d.heads:
			d.want.roles = []Role{RoleRep}
		case d.person != nil && d.heads && !slices.Contains(d.person.Roles, RoleManager):
			d.want.roles = slices.Clone(d.person.Roles)
		case d.person != nil:
			continue // nothing is asked for
		}
		if d.heads && !slices.Contains(d.want.roles, RoleManager) {
			d.want.roles = inOrder(append(d.want.roles, RoleManager))
		}
	}
}

// diff compares the drafts with what is stored.
func (pl *plan) diff(ctx context.Context, ros *Roster) (*Diff, error) {
	page, err := pl.s.Admins(ctx, store.Cursor{}, store.MaxLimit)
	if err != nil {
		return nil, fmt.Errorf("compare a roster: %w", err)
	}
	admins := map[string]bool{}
	for _, p := range page.People {
		admins[p.ID] = true
	}
	pl.adminsAfter(admins)
	d := &Diff{Unknown: ros.Unknown, roster: ros, Rows: make([]Row, 0, len(pl.drafts))}
	for _, one := range pl.drafts {
		d.Rows = append(d.Rows, one.compare(admins))
	}
	d.Teams = pl.teamChanges(d.Rows)
	return d, nil
}
