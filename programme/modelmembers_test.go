package programme_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
)

// A member is what the model knows of an account.
type member struct {
	id, name string
	team     string
	roles    map[people.Role]bool
	off      bool
	sessions []*session // all that ever were
}

// A session is one sign-in as the model knows it.
type session struct {
	id, cookie  string
	began, seen time.Time
	over        bool // ended by somebody
}

func (s *session) holds(now time.Time) bool {
	return !s.over && now.Sub(s.seen) < 30*day && now.Sub(s.began) < 90*day
}

func (s *session) secret() string {
	_, secret, _ := strings.Cut(s.cookie, ".")
	return secret
}

// has tells whether the role counts now.
func (one *member) has(r people.Role) bool { return !one.off && one.roles[r] }

func (one *member) signOut(which func(*session) bool) {
	for _, s := range one.sessions {
		s.over = s.over || which(s)
	}
}

func all(*session) bool { return true }

// teams are those of the company.
var teams = []string{"north", "south"}

// password is everybody's.
const password = "walks on random days"

// hire adds the people of the company: learners in two teams, whose managers
// are members as well, and one of them the only admin.
func (m *machine) hire() {
	p := m.servers[0]
	hash, err := p.People.Hash(p.ctx, password)
	p.ok("hash a password", err)
	for _, team := range []string{"North", "South"} {
		_, err := p.People.AddTeam(p.ctx, team)
		p.ok("add a team", err)
	}
	add := func(name, team string, roles ...people.Role) string {
		n := people.NewPerson{Email: name + "@tern.test", First: name, Last: "Berg", Team: team, Roles: roles, PasswordHash: hash}
		person, err := p.People.Add(p.ctx, n)
		p.ok("add "+name, err)
		one := &member{id: person.ID, name: name, team: team, roles: map[people.Role]bool{}}
		for _, r := range roles {
			one.roles[r] = true
		}
		m.members, m.lives[one.id] = append(m.members, one), newLife()
		return one.id
	}
	for name, team := range map[string]string{"Ann": "north", "Ben": "north", "Cem": "south"} {
		m.people = append(m.people, add(name, team, people.RoleRep))
	}
	for team, id := range map[string]string{"north": add("Mia", "", people.RoleManager), "south": add("Noa", "north", people.RoleManager, people.RoleAdmin)} {
		_, err := p.People.AddManager(p.ctx, team, id)
		p.ok("add a manager", err)
		m.managers[team] = []string{id}
	}
	slices.SortFunc(m.members, func(a, b *member) int { return strings.Compare(a.name, b.name) })
	slices.Sort(m.people)
}

func (m *machine) server(t *rapid.T) *process {
	p := m.servers[rapid.IntRange(0, 1).Draw(t, "server")]
	p.t = t
	return p
}

// some picks a server and a member; most often one who fits, if any does.
func (m *machine) some(t *rapid.T, fits func(*member) bool) (*process, *member) {
	p := m.server(t)
	who := slices.DeleteFunc(slices.Clone(m.members), func(one *member) bool { return !fits(one) })
	if len(who) == 0 || rapid.IntRange(0, 7).Draw(t, "anybody") == 7 {
		who = m.members
	}
	return p, pick(t, who)
}

// pick draws a member by her name, which is what a failure then says.
func pick(t *rapid.T, who []*member) *member {
	name := rapid.SampledFrom(idsOf(who, func(one *member) string { return one.name })).Draw(t, "member")
	return who[slices.IndexFunc(who, func(one *member) bool { return one.name == name })]
}

// tend does something to an account. What she learned, was granted and earned
// is not touched by it: the very documents stay as they are.
func (m *machine) tend(t *rapid.T, p *process, one *member, act func() error) error {
	kept := func() (*programme.Record, []*programme.Certificate) {
		record, err := p.Record(p.ctx, one.id)
		p.ok("read the record", err)
		certificates, err := p.CertificatesOf(p.ctx, one.id)
		p.ok("read the certificates", err)
		return record, certificates
	}
	record, certificates := kept()
	failed := act()
	recordNow, certificatesNow := kept()
	if diff := cmp.Diff(record, recordNow) + cmp.Diff(certificates, certificatesNow); diff != "" {
		t.Fatalf("what %s did was changed by what became of her account: -before, +after:\n%s", one.name, diff)
	}
	m.sight(t)
	return failed
}

// onlyAdmin tells whether nobody else is an admin.
func (m *machine) onlyAdmin(one *member) bool {
	return one.has(people.RoleAdmin) && !slices.ContainsFunc(m.members, func(other *member) bool {
		return other != one && other.has(people.RoleAdmin)
	})
}

func (m *machine) Move(t *rapid.T) {
	p, one := m.some(t, func(one *member) bool { return len(m.lives[one.id].evidence.Held) > 0 })
	team, was := rapid.SampledFrom([]string{"north", "south", "north", "south", "", "west"}).Draw(t, "team"), one.team
	if team != "west" {
		one.team = team
	}
	err := m.tend(t, p, one, func() error {
		_, err := p.People.SetTeam(p.ctx, one.id, team)
		return err
	})
	if team == "west" {
		wantError(t, err, people.ErrNotFound)
		return
	}
	p.ok("move", err)
	if team != was {
		m.did("moved")
	}
	if team != was && len(m.lives[one.id].evidence.Held) > 0 {
		m.did("moved with certificates")
	}
}

func (m *machine) SwitchOff(t *rapid.T) {
	p, one := m.some(t, func(one *member) bool { return len(one.sessions) > 0 && !one.off })
	last := m.onlyAdmin(one)
	if !last {
		if !one.off && slices.ContainsFunc(one.sessions, func(s *session) bool { return s.holds(m.company.Now()) }) {
			m.did("switched off while signed in")
		}
		if !one.off && len(m.lives[one.id].open) > 0 {
			m.did("switched off with an attempt open")
		}
		one.off = true
		one.signOut(all)
	}
	err := m.tend(t, p, one, func() error {
		_, err := p.People.Disable(p.ctx, one.id)
		return err
	})
	if last {
		wantError(t, err, people.ErrLastAdmin)
		m.did("the last admin stays")
		return
	}
	p.ok("switch off", err)
	_, _, err = p.People.Invite(p.ctx, one.id)
	wantError(t, err, people.ErrDisabled)
	_, _, err = p.People.OpenSession(p.ctx, one.id, "")
	wantError(t, err, people.ErrDisabled)
}

func (m *machine) SwitchOn(t *rapid.T) {
	p, one := m.some(t, func(one *member) bool { return one.off })
	if one.off {
		m.did("switched on")
	}
	one.off = false
	p.ok("switch on", m.tend(t, p, one, func() error {
		_, err := p.People.Enable(p.ctx, one.id)
		return err
	}))
}

// walked are the roles that come and go in a walk.
var walked = []people.Role{people.RoleManager, people.RoleRep, people.RoleManager, people.RoleAdmin}

func (m *machine) TakeRole(t *rapid.T) {
	role := rapid.SampledFrom(walked).Draw(t, "role")
	p, one := m.some(t, func(one *member) bool { return one.has(role) && (role != people.RoleManager || m.leads(one)) })
	last := role == people.RoleAdmin && m.onlyAdmin(one)
	if !last {
		if one.has(role) {
			m.did(fmt.Sprint("taken: ", role))
		}
		delete(one.roles, role)
	}
	err := m.tend(t, p, one, func() error {
		_, err := p.People.RemoveRole(p.ctx, one.id, role)
		return err
	})
	if last {
		wantError(t, err, people.ErrLastAdmin)
		m.did("the last admin stays")
		return
	}
	p.ok("take a role", err)
}

func (m *machine) GiveRole(t *rapid.T) {
	role := rapid.SampledFrom(walked).Draw(t, "role")
	p, one := m.some(t, func(one *member) bool { return !one.roles[role] && (role != people.RoleManager || m.leads(one)) })
	if role == people.RoleManager && !one.off && !one.roles[role] && m.leads(one) {
		m.did("a team comes back with the role")
	}
	one.roles[role] = true
	p.ok("give a role", m.tend(t, p, one, func() error {
		_, err := p.People.AddRole(p.ctx, one.id, role)
		return err
	}))
}

// leads tells whether a team names her.
func (m *machine) leads(one *member) bool {
	return slices.ContainsFunc(teams, func(team string) bool { return slices.Contains(m.managers[team], one.id) })
}

// Lead makes somebody the manager of a team, or takes it from her.
func (m *machine) Lead(t *rapid.T) {
	p, one := m.some(t, func(one *member) bool { return one.roles[people.RoleManager] })
	team := rapid.SampledFrom(teams).Draw(t, "team")
	if rapid.Bool().Draw(t, "no more") {
		if slices.Contains(m.managers[team], one.id) {
			m.did("leads no more")
		}
		m.managers[team] = slices.DeleteFunc(m.managers[team], func(id string) bool { return id == one.id })
		p.ok("take a team", m.tend(t, p, one, func() error {
			_, err := p.People.RemoveManager(p.ctx, team, one.id)
			return err
		}))
		return
	}
	if !slices.Contains(m.managers[team], one.id) {
		m.managers[team] = append(m.managers[team], one.id)
		m.did("leads")
	}
	one.roles[people.RoleManager] = true
	p.ok("give a team", m.tend(t, p, one, func() error {
		_, err := p.People.AddManager(p.ctx, team, one.id)
		return err
	}))
}

func (m *machine) SignIn(t *rapid.T) {
	p, one := m.some(t, func(one *member) bool { return len(one.sessions) == 0 || one.off })
	try := rapid.SampledFrom([]string{password, password, password, "not the one"}).Draw(t, "password")
	m.tries++
	from := fmt.Sprintf("10.0.%d.%d", m.tries/250, m.tries%250) // elsewhere each time: nobody is to be held back
	person, cookie, err := p.People.SignIn(p.ctx, strings.ToUpper(one.name)+"@tern.test", try, "Firefox", from)
	switch {
	case try != password:
		wantError(t, err, people.ErrCredentials)
	case one.off:
		wantError(t, err, people.ErrDisabled)
		m.did("switched off, and not let in")
	default:
		p.ok("sign in", err)
		m.did("signed in")
		now := m.company.Now()
		one.sessions = append(one.sessions, &session{id: person.Sessions[len(person.Sessions)-1].ID, cookie: cookie, began: now, seen: now})
	}
}

// pickSession picks a session: most often one that holds, else one that ended,
// perhaps long ago.
func (m *machine) pickSession(t *rapid.T) (p *process, one *member, s *session) {
	now, of := m.company.Now(), map[*session]*member{}
	var every, open []*session
	for _, one := range m.members {
		for _, s := range one.sessions {
			if every, of[s] = append(every, s), one; s.holds(now) {
				open = append(open, s)
			}
		}
	}
	if len(every) == 0 {
		t.Skip("nobody ever signed in")
	}
	if len(open) > 0 && rapid.IntRange(0, 3).Draw(t, "any session") < 3 {
		every = open
	}
	s = every[rapid.IntRange(0, len(every)-1).Draw(t, "session")]
	return m.server(t), of[s], s
}

func (m *machine) SignOut(t *rapid.T) {
	p, one, s := m.pickSession(t)
	if s.holds(m.company.Now()) {
		m.did("signed out")
	}
	var err error
	switch rapid.IntRange(0, 4).Draw(t, "how") {
	case 0:
		err = p.People.SignOut(p.ctx, one.id, s.secret())
		s.over = true
	case 1:
		err = p.People.EndSession(p.ctx, one.id, s.id)
		s.over = true
	case 2:
		err = p.People.SignOutEverywhere(p.ctx, one.id, s.secret())
		one.signOut(func(other *session) bool { return other != s })
	case 3:
		err = p.People.SignOutEverywhere(p.ctx, one.id, "")
		one.signOut(all)
	case 4: // by each of those whose session it is not
		for _, other := range m.members {
			if other != one {
				err = errors.Join(err, p.People.EndSession(p.ctx, other.id, s.id))
			}
		}
	}
	p.ok("sign out", err)
}

// Visit uses a session, as requests do, once or again and again.
func (m *machine) Visit(t *rapid.T) {
	p, _, s := m.pickSession(t)
	pause := rapid.SampledFrom([]time.Duration{0, 25 * time.Hour, 24 * day}).Draw(t, "pause")
	for range rapid.IntRange(1, 5).Draw(t, "visits") {
		m.company.pass(pause)
		person, found, err := p.People.Authenticate(p.ctx, s.cookie)
		now := m.company.Now()
		if !s.holds(now) {
			wantError(t, err, people.ErrNotFound)
			if !s.over && now.Sub(s.seen) < 30*day {
				m.did("a session in use ran out")
			}
			return
		}
		p.ok("visit", err)
		p.ok("visit", p.People.Touch(p.ctx, person, found))
		if now.Sub(s.seen) >= day {
			s.seen = now
			m.did("seen again another day")
		}
	}
}
