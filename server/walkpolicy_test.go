package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
)

// An inquiry is one of the policy's visits that a walk can ask at any time.
type inquiry struct {
	row   policyRow
	visit visit
	path  string
	owner string // whose it is; empty where it is nobody's
	team  string // which it is about, if any
	want  map[string]int
}

// inquiriesOf are the visits for which one must be signed in and whose answer
// rests on who asks alone. Left out are objects of people in no team, and the
// card's question for a team, which is another one for who manages none.
func inquiriesOf(t *testing.T, w *world) (list []inquiry) {
	t.Helper()
	for _, row := range sitePolicy {
		for _, v := range row.visits {
			q := inquiry{row: row, visit: v, path: fillPath(row.path, expandWith(w.vars, v.params)), want: map[string]int{}}
			if v.query != "" {
				q.path += "?" + expandWith(w.vars, v.query)
				_, q.team, _ = strings.Cut(v.query, "team=")
			}
			if strings.HasPrefix(v.params, "${") {
				q.owner = ownersOf[strings.Trim(strings.Fields(v.params)[0], "${}")]
			}
			for _, who := range visitors {
				q.want[who] = v.expect(t, row, who)
			}
			private := q.want["nobody"] == http.StatusUnauthorized || row.method == http.MethodGet && q.want["nobody"] == http.StatusSeeOther
			if !private || row.content != "" || q.owner == "manager" || q.owner == "author" || strings.HasPrefix(row.path, "/offerings") && q.team != "" {
				continue
			}
			list = append(list, q)
		}
	}
	if len(list) < 80 {
		t.Fatalf("a walk can ask %d inquiries, want 80 or more", len(list))
	}
	return list
}

// teamOf is the team that somebody is in now.
func (k *walk) teamOf(name string) string {
	for _, one := range k.walkers {
		if one.name == name {
			return one.team
		}
	}
	for _, p := range k.company {
		if p.Email == name+"@demo.test" {
			return p.Team
		}
	}
	return ""
}

// boss is who of the policy is to the question what this manager is: who
// manages the team that it is about, or the other one.
func (k *walk) boss(q inquiry, one *walker) string {
	boss, team := "manager", q.team
	if team == "team-south" {
		boss = "manager2"
	}
	if q.owner != "" {
		boss, team = k.bosses[q.owner], k.teamOf(q.owner)
	}
	if k.manages(one, team) {
		return boss
	}
	return map[string]string{"manager": "manager2", "manager2": "manager"}[boss]
}

// expect is what somebody is to get: by each of her roles what the policy
// gives a person with that one, of which the most counts; and what is hers,
// where one of her roles opens the way to it.
func (k *walk) expect(q inquiry, one *walker, in bool) int {
	if !in {
		return q.want["nobody"]
	}
	best := http.StatusForbidden
	take := func(who string) {
		code := q.want[who]
		if best == http.StatusForbidden || best == http.StatusNotFound && code != http.StatusForbidden {
			best = code
		}
	}
	for _, role := range one.roles {
		switch role {
		case people.RoleRep:
			take("rep3")
		case people.RoleManager:
			take(k.boss(q, one))
		default:
			take(string(role))
		}
	}
	if q.owner == one.name && best == http.StatusNotFound {
		take(one.name)
	}
	return best
}

// sendable tells whether a form can be sent at any time: it is refused, or is
// the one that saves nothing new.
func (q inquiry) sendable(want int) bool {
	refused := want == http.StatusUnauthorized || want == http.StatusForbidden || want == http.StatusNotFound
	return q.row.method == http.MethodGet || refused || q.row.path == "/attempts/:id/answers"
}

// Ask opens a page or sends a form, and holds what comes back against the
// policy, and that a refusal, or a look at a page, writes nothing.
func (k *walk) Ask(t *rapid.T) {
	one := k.some(t, func(one *walker) bool { return len(one.stays) > 0 })
	s := k.someStay(t, one)
	in := s.holds(k.now())
	list := slices.DeleteFunc(slices.Clone(k.inquiries), func(q inquiry) bool { return !q.sendable(k.expect(q, one, in)) })
	if mine := slices.DeleteFunc(slices.Clone(list), func(q inquiry) bool { return !k.concerns(q, one) }); len(mine) > 0 && rapid.IntRange(0, 3).Draw(t, "any page") < 3 {
		list = mine
	}
	q := list[rapid.IntRange(0, len(list)-1).Draw(t, "inquiry")]
	k.ask(t, k.site(t), q, one, s)
}

// concerns tells whether the question is about her, or about one whom she might manage.
func (k *walk) concerns(q inquiry, one *walker) bool {
	return q.team != "" || q.owner != "" && (q.owner == one.name || slices.Contains(one.firstRoles, people.RoleManager) || one.has(people.RoleManager))
}

func (k *walk) ask(t *rapid.T, site *rig, q inquiry, one *walker, s *stay) {
	t.Helper()
	in := s.holds(k.now())
	want, c := k.expect(q, one, in), browserOf(site, s)
	var a *answer
	cost := site.during(func() {
		if q.row.method == http.MethodGet {
			a = c.get(q.path)
		} else {
			a = c.post(q.path, nil)
		}
	})
	if a.Code != want {
		t.Fatalf("%s as %s, in %q with the roles %v, off: %v, signed in: %v; teams are managed by %v: got %d, want %d (%s)",
			a.Asked, one.name, one.team, one.roles, one.off, in, k.leads, a.Code, want, q.visit.want)
	}
	if !in && q.row.method == http.MethodGet && !strings.HasPrefix(a.Header.Get("Location"), "/login") {
		t.Fatalf("%s without a session leads to %s", a.Asked, a.Header.Get("Location"))
	}
	writes := 0
	if in && want != http.StatusForbidden && k.touch(s) {
		writes = 1 // when she was last seen
	}
	if len(cost.writes()) != writes {
		t.Fatalf("%s as %s is answered %d and writes %v, want %d writes", a.Asked, one.name, a.Code, cost.writes(), writes)
	}
	k.note(q, one, s, in, want)
}

// note counts what the answer was about.
func (k *walk) note(q inquiry, one *walker, s *stay, in bool, want int) {
	saves := strings.HasSuffix(q.row.path, "/answers") && q.owner == one.name
	led := q.owner != "" && k.bosses[q.owner] == one.name
	switch {
	case !in && one.off && q.owner == one.name && q.row.method == http.MethodPost:
		k.did("off: a form of her own attempt")
	case !in && one.off:
		k.did("off: " + q.row.method)
	case !in && s != nil && s.over:
		k.did("signed out: " + q.row.method)
	case !in && s != nil:
		k.did("run out: " + q.row.method)
	case saves && want == http.StatusSeeOther:
		k.did("her answers: kept")
	case saves:
		k.did("her answers: no rep any more")
	case want == http.StatusOK && one.has(people.RoleManager) && q.want["admin"] == want && q.owner != "" && q.owner != one.name && !one.has(people.RoleAdmin) && !led:
		k.did("sees who came")
	case want == http.StatusNotFound && one.has(people.RoleManager) && led:
		k.did("sees no more who left")
	case want == http.StatusForbidden && slices.ContainsFunc(one.firstRoles, func(r people.Role) bool { return q.want[one.name] < 400 && !one.has(r) }):
		k.did("demoted: refused")
	case want < 400 && q.want[one.name] == http.StatusForbidden:
		k.did("promoted: let in")
	}
}
