package server_test

import (
	"errors"
	"net/http"
	"slices"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
)

// onlyAdmin tells whether nobody else is an admin. The policy's one who is
// demoted is none.
func (k *walk) onlyAdmin(one *walker) bool {
	return one.has(people.RoleAdmin) && !slices.ContainsFunc(k.walkers, func(other *walker) bool {
		return other != one && other.has(people.RoleAdmin)
	})
}

func (k *walk) SwitchOff(t *rapid.T) {
	site, one := k.site(t), k.some(t, k.inside)
	_, err := site.People.Disable(site.Context(), one.id)
	if k.onlyAdmin(one) {
		wantLastAdmin(t, err)
		return
	}
	site.must(err)
	one.off = true
	one.end(every)
}

func (k *walk) SwitchOn(t *rapid.T) {
	site, one := k.site(t), k.some(t, func(one *walker) bool { return one.off })
	_, err := site.People.Enable(site.Context(), one.id)
	site.must(err)
	one.off = false
}

// Roles gives somebody exactly some roles.
func (k *walk) Roles(t *rapid.T) {
	site, one := k.site(t), k.some(t, k.inside)
	some := []people.Role{people.RoleRep, people.RoleManager, people.RoleAuthor, people.RoleCare, people.RoleAdmin}
	roles := rapid.SliceOfNDistinct(rapid.SampledFrom(some), 1, 2, rapid.ID[people.Role]).Draw(t, "roles")
	if rapid.Bool().Draw(t, "as it was") {
		roles = one.firstRoles
	}
	_, err := site.People.SetRoles(site.Context(), one.id, roles)
	if k.onlyAdmin(one) && !slices.Contains(roles, people.RoleAdmin) {
		wantLastAdmin(t, err)
		return
	}
	site.must(err)
	one.roles = slices.Clone(roles)
}

func wantLastAdmin(t *rapid.T, err error) {
	t.Helper()
	if !errors.Is(err, people.ErrLastAdmin) {
		t.Fatalf("got %v, want %v", err, people.ErrLastAdmin)
	}
}

func (k *walk) Move(t *rapid.T) {
	site, one := k.site(t), k.some(t, func(one *walker) bool { return k.bosses[one.name] != "" })
	team := rapid.SampledFrom([]string{"team-north", "team-south", ""}).Draw(t, "team")
	_, err := site.People.SetTeam(site.Context(), one.id, team)
	site.must(err)
	one.team = team
	k.lookAt(t, one)
}

// lookAt has every manager who is signed in look at what a manager may see of
// somebody, as soon as that has changed.
func (k *walk) lookAt(t *rapid.T, one *walker) {
	t.Helper()
	shown := slices.DeleteFunc(slices.Clone(k.inquiries), func(q inquiry) bool {
		return q.owner != one.name || q.row.method != http.MethodGet || q.want["admin"] != http.StatusOK
	})
	for _, boss := range k.walkers {
		if len(shown) > 0 && boss.has(people.RoleManager) && k.inside(boss) {
			k.ask(t, k.site(t), shown[rapid.IntRange(0, len(shown)-1).Draw(t, "what of her")], boss, k.stay(boss))
		}
	}
}

// Lead gives a team to somebody, with the role, or takes it from her.
func (k *walk) Lead(t *rapid.T) {
	site, one := k.site(t), k.some(t, func(one *walker) bool { return one.has(people.RoleManager) })
	team := rapid.SampledFrom(walkTeams).Draw(t, "team")
	if slices.Contains(k.leads[team], one.name) {
		_, err := site.People.RemoveManager(site.Context(), team, one.id)
		site.must(err)
		k.leads[team] = slices.DeleteFunc(k.leads[team], func(name string) bool { return name == one.name })
		k.lookAtTeam(t, team)
		return
	}
	_, err := site.People.AddManager(site.Context(), team, one.id)
	site.must(err)
	k.leads[team] = append(k.leads[team], one.name)
	if !slices.Contains(one.roles, people.RoleManager) {
		one.roles = append(one.roles, people.RoleManager)
	}
	k.lookAtTeam(t, team)
}

func (k *walk) lookAtTeam(t *rapid.T, team string) {
	t.Helper()
	for _, member := range k.walkers {
		if member.team == team {
			k.lookAt(t, member)
		}
	}
}

// manages tells whether somebody manages a team now.
func (k *walk) manages(one *walker, team string) bool {
	return one.has(people.RoleManager) && slices.Contains(k.leads[team], one.name)
}
