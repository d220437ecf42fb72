package people

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/store"
)

// readTeams reads the teams that the rows name and those of the managers.
func (pl *plan) readTeams(ctx context.Context) error {
	var ids, names []string
	for _, d := range pl.live() {
		ids = append(ids, Slug(d.teamText))
		names = append(names, foldName(d.teamText))
		if d.boss.person != nil {
			ids = append(ids, d.boss.person.Manages...)
		}
	}
	return pl.s.readTeams(ctx, ids, names, func(t *Team) {
		if pl.teams[t.ID] == nil {
			pl.teams[t.ID] = t
			pl.named[t.NameKey] = append(pl.named[t.NameKey], t)
		}
	})
}

// chooseTeams says for each row which team it asks for; "" where a manager
// needs a new one. It tells whether it rejected a row, because then the others
// must be looked at again: that row's team may have been what others relied on.
func (pl *plan) chooseTeams() (rejected bool) {
	live := pl.live()
	for _, d := range live {
		d.want.team = ""
		if d.teamText == "" {
			continue
		}
		if d.want.team, d.err = pl.namedTeam(d.teamText); d.err != nil {
			rejected = true
		}
	}
	managed := pl.managedTeams(live)
	for _, d := range live {
		if d.err != nil || d.teamText != "" || !d.boss.known() {
			continue
		}
		teams := managed[d.boss.key()]
		switch {
		case len(teams) == 1:
			d.want.team = slices.Collect(maps.Keys(teams))[0]
		case len(teams) > 1 && d.person != nil && teams[d.person.Team]:
			d.want.team = d.person.Team
		case len(teams) > 1:
			d.err = badRow("%s manages several teams: %s. Name one of them in the column team.",
				d.boss.name(), strings.Join(slices.Sorted(maps.Keys(teams)), ", "))
			rejected = true
		}
	}
	return rejected
}

// namedTeam returns the id of the team that a cell names: by its name, or by
// its id, or a new one.
func (pl *plan) namedTeam(text string) (string, error) {
	id := Slug(text)
	if id == "" {
		return "", badRow("The team %q has neither a letter nor a digit in its name.", text)
	}
	same := pl.named[foldName(text)]
	switch {
	case len(same) == 1:
		return same[0].ID, nil
	case len(same) > 1 && !slices.Contains(same, pl.teams[id]):
		return "", badRow("%d teams are called %s. Use the id of one of them.", len(same), text)
	}
	return id, nil
}

// managedTeams says which teams each manager has: those that name her, and
// those in which the roster puts people under her.
func (pl *plan) managedTeams(live []*draft) map[string]map[string]bool {
	managed := map[string]map[string]bool{}
	for _, d := range live {
		if d.err != nil || !d.boss.known() {
			continue
		}
		key := d.boss.key()
		if managed[key] == nil {
			managed[key] = map[string]bool{}
			for _, id := range pl.storedTeams(d.boss.person) {
				managed[key][id] = true
			}
		}
		if d.teamText != "" {
			managed[key][d.want.team] = true
		}
	}
	return managed
}

// storedTeams returns the ids of the teams that name the person, whether or not
// she holds the role: the roster gives it to her.
func (pl *plan) storedTeams(p *Person) (ids []string) {
	if p == nil {
		return nil
	}
	for _, id := range p.Manages {
		if t := pl.teams[id]; t != nil && slices.Contains(t.Managers, p.ID) {
			ids = append(ids, id)
		}
	}
	return ids
}

// addTeams plans the teams that aren't there: those that the rows name, then
// one for each manager who needs one.
func (pl *plan) addTeams(ctx context.Context) error {
	live := pl.live()
	for _, d := range live {
		if id := d.want.team; id != "" && pl.teams[id] == nil && pl.planned[id] == "" {
			pl.planned[id] = d.teamText
		}
	}
	made := map[string]string{} // manager to team
	for _, d := range live {
		if d.want.team != "" || !d.boss.known() {
			continue
		}
		key := d.boss.key()
		if made[key] == "" {
			id, err := pl.bossTeam(ctx, d.boss)
			if err != nil {
				return err
			}
			made[key] = id
		}
		d.want.team = made[key]
	}
	return nil
}

// bossTeam plans "Team Anna Berg" under an id that no team has.
func (pl *plan) bossTeam(ctx context.Context, boss who) (string, error) {
	name := "Team " + boss.name()
	if r := []rune(name); len(r) > MaxName {
		name = string(r[:MaxName])
	}
	for n := 1; ; n++ {
		id := Slug(name)
		if n > 1 {
			id = fmt.Sprintf("%s-%d", id, n)
		}
		if pl.planned[id] != "" || pl.teams[id] != nil {
			continue
		}
		_, err := pl.s.teams.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			pl.planned[id] = name
			return id, nil
		}
		if err != nil {
			return "", fmt.Errorf("look for a free team id: %w", err)
		}
	}
}

// teamChanges collects what the rows that are not rejected do to teams, and
// notes in them who is to become a manager.
func (pl *plan) teamChanges(rows []Row) []TeamChange {
	changes := map[string]*TeamChange{}
	seen := map[[2]string]bool{}
	for i, d := range pl.drafts {
		id := d.want.team
		if rows[i].Action == Rejected || id == "" {
			continue
		}
		c := changes[id]
		if c == nil {
			c = &TeamChange{ID: id, Name: pl.planned[id], New: pl.teams[id] == nil}
			if !c.New {
				c.Name = pl.teams[id].Name
			}
			changes[id] = c
		}
		if !d.boss.known() || seen[[2]string{id, d.boss.key()}] || pl.leads(d.boss, id) {
			continue
		}
		seen[[2]string{id, d.boss.key()}] = true
		rows[i].want.manager = d.boss.email()
		c.Managers = append(c.Managers, d.boss.name())
	}
	var list []TeamChange
	for _, id := range slices.Sorted(maps.Keys(changes)) {
		if c := changes[id]; c.New || len(c.Managers) > 0 {
			list = append(list, *c)
		}
	}
	return list
}

// leads tells whether nothing is left to do for the person to manage the team.
// The role counts as there when a row brings it.
func (pl *plan) leads(boss who, team string) bool {
	p, t := boss.person, pl.teams[team]
	if p == nil || t == nil || !slices.Contains(t.Managers, p.ID) {
		return false
	}
	return boss.live() != nil || slices.Contains(p.Roles, RoleManager)
}
