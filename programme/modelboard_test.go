package programme_test

import (
	"maps"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// sight holds who may see whom: a manager the people of her teams and nobody
// else, as long as she holds the role and is not switched off. It looks from
// both servers.
func (m *machine) sight(t *rapid.T) {
	t.Helper()
	for i, one := range m.members {
		p := m.servers[i%2]
		p.t = t
		person, err := p.People.Get(p.ctx, one.id)
		p.ok("read "+one.name, err)
		for _, role := range people.AllRoles() {
			if person.Has(role) != one.has(role) {
				t.Fatalf("%s is %s: %v, want %v", one.name, role, person.Has(role), one.has(role))
			}
		}
		var hers []string
		for _, team := range teams {
			if one.has(people.RoleManager) && slices.Contains(m.managers[team], one.id) {
				hers = append(hers, team)
			}
		}
		teams, err := p.People.Managed(p.ctx, person)
		p.ok("read her teams", err)
		if got := idsOf(teams, func(t *people.Team) string { return t.ID }); !slices.Equal(got, hers) {
			t.Fatalf("%s manages %v, want %v", one.name, got, hers)
		}
		for _, other := range m.members {
			them, err := p.People.Get(p.ctx, other.id)
			p.ok("read "+other.name, err)
			may, err := p.People.MayManage(p.ctx, person, them)
			p.ok("ask whether she may see her", err)
			if want := slices.Contains(hers, other.team); may != want {
				t.Fatalf("%s of %v may see %s of %q: %v, want %v", one.name, hers, other.name, other.team, may, want)
			}
			if may {
				m.did("seen by her manager")
			}
		}
	}
}

// doors holds that every session that was ever begun opens as long as it
// should and no longer.
func (m *machine) doors(t *rapid.T) {
	t.Helper()
	now := m.company.Now()
	for i, one := range m.members {
		p := m.servers[i%2]
		p.t = t
		for _, s := range one.sessions {
			person, found, err := p.People.Authenticate(p.ctx, s.cookie)
			if !s.holds(now) {
				wantError(t, err, people.ErrNotFound)
				if !s.over {
					m.did("a session ran out")
				}
				continue
			}
			p.ok("open with a session of "+one.name, err)
			if person.ID != one.id || found.ID != s.id || !found.Created.Equal(s.began) || !found.Seen.Equal(s.seen) {
				t.Fatalf("the session %+v of %s opens %+v of %s", *s, one.name, *found, person.Name())
			}
		}
	}
}

// What the outbox has folded into a record is what the boards know; a step of
// a walk may be ahead of that.
type folded struct {
	tries map[string][]quiz.Try
	held  []certify.Held
	seen  map[string]int
}

// settle notes that nothing waits in the outbox.
func (m *machine) settle(t *rapid.T, how string, p *process) {
	t.Helper()
	for _, one := range m.members {
		life := m.lives[one.id]
		f := folded{map[string][]quiz.Try{}, slices.Clone(life.evidence.Held), maps.Clone(life.seen)}
		for id, tries := range life.evidence.Tries {
			f.tries[id] = slices.Clone(tries)
		}
		m.folded[one.id] = f
		r, err := p.Record(p.ctx, one.id)
		p.ok("read the record", err)
		if r != nil && len(r.Pending) > 0 {
			t.Fatalf("%s, %s: the record still waits for %v", one.name, how, r.Pending)
		}
		m.compare(t, one.id, how, programme.Recorded(one.id, r))
	}
}

// onBoard is her life as a board may show it now: what she and others did by
// forms at once, and of attempts and certificates what was folded in.
func (m *machine) onBoard(id string) *life {
	f := m.folded[id]
	shown := &life{evidence: m.lives[id].evidence, seen: f.seen, open: map[string]*sitting{}}
	shown.evidence.Tries, shown.evidence.Held = f.tries, slices.Clone(f.held)
	for i := range shown.evidence.Held { // the model has no ids; that there is one counts
		shown.evidence.Held[i].Certificate = "one"
	}
	for key, tries := range f.tries {
		for _, t := range tries {
			if t.State == quiz.Open {
				shown.open[key] = &sitting{id: t.Attempt}
			}
		}
	}
	return shown
}

// clearances are where the model says that somebody stands.
func (l *life) clearances(lib *content.Library, now time.Time) (list []certify.Clearance) {
	for _, c := range lib.Certifications {
		list = append(list, certify.Clear(c, &l.evidence, func(key string) quiz.Admission {
			if lib.Exercise(key) == nil {
				return quiz.Admission{}
			}
			return l.admit(lib, key, now)
		}, now))
	}
	return list
}

// board holds that the board of a team has the people in it who are not
// switched off, and says of each what the model does.
func (m *machine) board(t *rapid.T, p *process, team string) {
	t.Helper()
	p.t = t
	m.whoIsIn(t, p, team)
	page, err := p.People.Members(p.ctx, team, store.Cursor{}, 50)
	p.ok("read the team", err)
	ids := idsOf(page.People, func(p *people.Person) string { return p.ID })
	records, err := p.Records().GetAll(p.ctx, ids...)
	p.ok("read its records", err)
	lib, now := p.Shelf.Library(), m.company.Now()
	for _, id := range ids {
		shown, got := m.onBoard(id), programme.Recorded(id, records[id])
		m.same(t, shown, id, "on the board of "+team, got)
		var states []certify.Clearance
		for _, c := range lib.Certifications {
			states = append(states, p.Clearance(got, c))
		}
		if diff := cmp.Diff(shown.clearances(lib, now), states, emptyIsNil, cmpopts.IgnoreFields(certify.Clearance{}, "Certificate")); diff != "" {
			t.Fatalf("%s on the board of %s: -model, +board:\n%s", id, team, diff)
		}
		for _, cl := range states {
			m.did("on a board: " + string(cl.State))
		}
		if len(m.lives[id].evidence.Held) > len(shown.evidence.Held) {
			m.did("a board is behind")
		}
	}
}

// whoIsIn holds who is in the team, and who was in it when she was switched off.
func (m *machine) whoIsIn(t *rapid.T, p *process, team string) {
	t.Helper()
	var want, left []string
	for _, one := range m.members {
		switch {
		case one.team == team && one.off:
			left = append(left, one.id)
		case one.team == team:
			want = append(want, one.id)
		}
	}
	members, err := p.People.Members(p.ctx, team, store.Cursor{}, 50)
	p.ok("read the team", err)
	former, err := p.People.FormerMembers(p.ctx, team, store.Cursor{}, 50)
	p.ok("read who left", err)
	count, err := p.People.CountMembers(p.ctx, team, 50)
	p.ok("count the team", err)
	id := func(p *people.Person) string { return p.ID }
	if in, out := idsOf(members.People, id), idsOf(former.People, id); !slices.Equal(in, want) || !slices.Equal(out, left) || count != len(want) {
		t.Fatalf("in %s are %v, counted %d, and were %v; want %v and %v", team, in, count, out, want, left)
	}
}

func idsOf[T any](list []T, id func(T) string) (ids []string) {
	for _, one := range list {
		ids = append(ids, id(one))
	}
	return ids
}
