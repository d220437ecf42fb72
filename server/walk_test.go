package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
)

// A walk is two servers on one database, and a simple model of some of the
// people who use them: in which team each one is, what roles she holds,
// whether she is switched off, and which sessions she has. What she may open
// then is looked up in the policy, where somebody is in the same position.
type walk struct {
	sites     []*rig
	walkers   []*walker
	company   []*people.Person    // everybody, as the walk began
	leads     map[string][]string // who manages a team, by the policy's names
	bosses    map[string]string   // by whose an object is: who of the policy manages her
	inquiries []inquiry
	open      string // rep9's attempt
	events    map[string]int
	steps     int
}

// A walker is one of the policy's visitors, who does not stay what she is.
type walker struct {
	name, id   string
	firstTeam  string
	firstRoles []people.Role
	team       string
	roles      []people.Role // never none: of such a person the policy says nothing
	off        bool
	stays      []*stay
}

// A stay is one session.
type stay struct {
	id, cookie  string
	began, seen time.Time
	over        bool
}

func (s *stay) holds(now time.Time) bool {
	return s != nil && !s.over && now.Sub(s.seen) < people.IdleLifetime && now.Sub(s.began) < people.SessionLifetime
}

func (one *walker) has(r people.Role) bool { return !one.off && slices.Contains(one.roles, r) }

func (one *walker) email() string { return one.name + "@demo.test" }

func (one *walker) end(which func(*stay) bool) {
	for _, s := range one.stays {
		s.over = s.over || which(s)
	}
}

func every(*stay) bool { return true }

var walkTeams = []string{"team-north", "team-south"}

// newWalk makes the policy's world, with a second server beside it.
func newWalk(t *testing.T, events map[string]int) *walk {
	t.Helper()
	file := filepath.Join(t.TempDir(), "walk.db")
	copyFile(t, theDemo(t).path, file)
	w := newWorld(t, "", withFile(file))
	k := &walk{sites: []*rig{w.rig, newRig(t, withFile(file))}, bosses: map[string]string{}, events: events, open: w.vars["open"]}
	page, err := w.People.List(t.Context(), store.Cursor{}, 100)
	w.must(err)
	k.company = page.People
	for _, name := range []string{"rep2", "rep7", "rep9", "manager", "manager2", "admin", "care"} {
		p := w.person(name + "@demo.test")
		k.walkers = append(k.walkers, &walker{name: name, id: p.ID, firstTeam: p.Team, firstRoles: p.Roles})
	}
	for _, owner := range ownersOf {
		for _, boss := range []string{"manager", "manager2"} {
			if w.relation(boss, owner) == "team" {
				k.bosses[owner] = boss
			}
		}
	}
	k.inquiries = inquiriesOf(t, w)
	return k
}

// report makes failures end the run that rapid is at.
type report struct {
	testing.TB
	run *rapid.T
}

func (r report) Helper()                         { r.run.Helper() }
func (r report) Error(args ...any)               { r.run.Error(args...) }
func (r report) Errorf(text string, args ...any) { r.run.Errorf(text, args...) }
func (r report) Fatal(args ...any)               { r.run.Fatal(args...) }
func (r report) Fatalf(text string, args ...any) { r.run.Fatalf(text, args...) }

// begin puts everybody and the clocks back to where each run begins.
func (k *walk) begin(t *testing.T, run *rapid.T) {
	k.leads, k.steps = map[string][]string{"team-north": {"manager"}, "team-south": {"manager2"}}, 0
	for _, site := range k.sites {
		site.TB = report{t, run}
		site.Clock.Set(opening)
	}
	slices.SortStableFunc(k.walkers, func(a, b *walker) int { // an admin first, so that there is one all the time
		return strings.Compare(fmt.Sprint(a.name != "admin", a.name), fmt.Sprint(b.name != "admin", b.name))
	})
	for _, one := range k.walkers {
		k.reset(k.sites[0], one)
		one.team, one.roles, one.off, one.stays = one.firstTeam, slices.Clone(one.firstRoles), false, nil
	}
}

// reset makes somebody what she was at first, whatever the last run left.
func (k *walk) reset(site *rig, one *walker) {
	ctx, now := site.Context(), site.person(one.email())
	if now.Disabled {
		_, err := site.People.Enable(ctx, one.id)
		site.must(err)
	}
	if !slices.Equal(now.Roles, one.firstRoles) {
		_, err := site.People.SetRoles(ctx, one.id, one.firstRoles)
		site.must(err)
	}
	if now.Team != one.firstTeam {
		_, err := site.People.SetTeam(ctx, one.id, one.firstTeam)
		site.must(err)
	}
	site.must(site.People.SignOutEverywhere(ctx, one.id, ""))
	for _, team := range walkTeams {
		_, err := site.People.RemoveManager(ctx, team, one.id)
		if slices.Contains(k.leads[team], one.name) {
			_, err = site.People.AddManager(ctx, team, one.id)
		}
		site.must(err)
	}
}

func (k *walk) did(what string) { k.events[what]++ }

func (k *walk) now() time.Time { return k.sites[0].Clock.Now() }

func (k *walk) site(t *rapid.T) *rig { return k.sites[rapid.IntRange(0, 1).Draw(t, "server")] }

// some picks a walker; most often one who fits, if any does.
func (k *walk) some(t *rapid.T, fits func(*walker) bool) *walker {
	who := slices.DeleteFunc(slices.Clone(k.walkers), func(one *walker) bool { return !fits(one) })
	if len(who) == 0 || rapid.IntRange(0, 7).Draw(t, "anybody") == 7 {
		who = k.walkers
	}
	names := make([]string, len(who))
	for i, one := range who {
		names[i] = one.name
	}
	return who[slices.Index(names, rapid.SampledFrom(names).Draw(t, "who"))]
}

// inside tells who has a session that holds.
func (k *walk) inside(one *walker) bool { return k.stay(one) != nil }

// stay is the latest session of hers that holds.
func (k *walk) stay(one *walker) *stay {
	for _, s := range slices.Backward(one.stays) {
		if s.holds(k.now()) {
			return s
		}
	}
	return nil
}

// someStay picks a session of hers: one that holds most often, else one that
// ended, or none.
func (k *walk) someStay(t *rapid.T, one *walker) *stay {
	if s := k.stay(one); s != nil && rapid.IntRange(0, 4).Draw(t, "any session") < 4 {
		return s
	}
	if len(one.stays) == 0 {
		return nil
	}
	return one.stays[rapid.IntRange(0, len(one.stays)-1).Draw(t, "session")]
}

// browser has the session's cookie, whether it still opens anything or not.
func browserOf(site *rig, s *stay) *client {
	c := site.as("")
	if s != nil {
		c.cookies["insidebox"] = s.cookie
	}
	return c
}

// SignIn asks the first server: both draw the same secrets, so that one of them
// has to begin all sessions.
func (k *walk) SignIn(t *rapid.T) {
	site, one := k.sites[0], k.some(t, func(one *walker) bool { return !k.inside(one) })
	c := site.as("")
	a := c.post("/login", signIn(one.email(), demo.Password))
	k.signedIn(one, c, a, "/")
}

// signedIn holds what a sign-in with the right password comes to.
func (k *walk) signedIn(one *walker, c *client, a *answer, to string) {
	c.rig.Helper()
	if one.off {
		a.want(http.StatusUnprocessableEntity)
		if len(a.Cookies) > 0 {
			c.rig.Fatalf("%s is switched off and gets a cookie: %v", one.name, a.Cookies)
		}
		k.did("switched off, and not let in")
		return
	}
	a.leadsTo(to)
	kept := c.rig.person(one.email()).Sessions
	one.stays = append(one.stays, &stay{id: kept[len(kept)-1].ID, cookie: c.cookies["insidebox"], began: k.now(), seen: k.now()})
	k.did("signed in")
}

// CarryAnswers signs rep9 in with a sheet that she filled in while she was
// signed out: it is kept if she is a rep.
func (k *walk) CarryAnswers(t *rapid.T) {
	site := k.sites[0]
	one := k.walkers[slices.IndexFunc(k.walkers, func(one *walker) bool { return one.name == "rep9" })]
	before, err := site.Prog.Attempt(site.Context(), k.open)
	site.must(err)
	form := signIn(one.email(), demo.Password)
	for name, values := range site.answersTo("/attempts/"+k.open, rapid.Bool().Draw(t, "right")) {
		form["carry."+name] = values
	}
	form.Set("next", "/attempts/"+k.open)
	c, to := site.as(""), "/attempts/"+k.open
	if one.has(people.RoleRep) {
		to += "?done=kept"
	}
	k.signedIn(one, c, c.post("/login", form), to)
	after, err := site.Prog.Attempt(site.Context(), k.open)
	site.must(err)
	switch {
	case !one.has(people.RoleRep) && after.Rev != before.Rev:
		t.Fatalf("answers of %s, who is off: %v, with the roles %v, were kept at a sign-in", one.name, one.off, one.roles)
	case !one.has(people.RoleRep):
		k.did("answers carried for nothing")
	case after.Rev != before.Rev:
		k.did("answers carried and kept")
	}
}

func (k *walk) SignOut(t *rapid.T) {
	site, one := k.site(t), k.some(t, k.inside)
	s := k.someStay(t, one)
	if a := browserOf(site, s).post("/logout", nil); s.holds(k.now()) {
		a.leadsTo("/login?done=signedout")
		s.over = true
		k.did("signed out")
	} else {
		a.want(http.StatusUnauthorized)
	}
}

// EndElsewhere ends sessions of her other devices, from the list of them on her page.
func (k *walk) EndElsewhere(t *rapid.T) {
	site, one := k.site(t), k.some(t, func(one *walker) bool { return k.inside(one) && len(one.stays) > 1 })
	s := k.someStay(t, one)
	form, ends := url.Values{}, func(other *stay) bool { return other != s }
	if len(one.stays) > 0 && rapid.Bool().Draw(t, "one of them") {
		which := one.stays[rapid.IntRange(0, len(one.stays)-1).Draw(t, "which")]
		form.Set("session", which.id)
		ends = func(other *stay) bool { return other == which }
	}
	a := browserOf(site, s).post("/me/sessions", form)
	if !s.holds(k.now()) {
		a.want(http.StatusUnauthorized)
		return
	}
	a.leadsTo("/me?done=ended")
	k.touch(s)
	one.end(ends)
	k.did("ended elsewhere")
}

// touch notes that a request was let in, and tells whether that is written down.
func (k *walk) touch(s *stay) bool {
	due := k.now().Sub(s.seen) >= 24*time.Hour
	if due {
		s.seen = k.now()
	}
	return due
}

func (k *walk) Wait(t *rapid.T) {
	d := rapid.SampledFrom([]time.Duration{time.Minute, 25 * time.Hour, 12 * 24 * time.Hour, 31 * 24 * time.Hour}).Draw(t, "how long")
	for _, site := range k.sites {
		site.Clock.Advance(d)
	}
}

// Check is what holds at every moment: each session of somebody opens her page
// as long as it should, and no longer.
func (k *walk) Check(t *rapid.T) {
	k.steps++
	one, site := k.walkers[k.steps%len(k.walkers)], k.sites[k.steps%2]
	me := k.inquiries[slices.IndexFunc(k.inquiries, func(q inquiry) bool { return q.path == "/me" && q.row.method == http.MethodGet })]
	for _, s := range one.stays {
		k.ask(t, site, me, one, s)
	}
}

// TestAccessWalk walks accounts through random days: people sign in and out,
// are moved, promoted, demoted, switched off and on, and get teams and lose
// them, at two servers on one database. Whatever they ask for in between is
// answered as the policy says of somebody in their position.
func TestAccessWalk(t *testing.T) {
	t.Parallel()
	runs, events := 0, map[string]int{}
	k := newWalk(t, events)
	defer func() {
		for _, site := range k.sites {
			site.TB = t // which outlives the runs
		}
	}()
	rapid.Check(t, func(run *rapid.T) {
		runs++
		k.begin(t, run)
		actions := rapid.StateMachineActions(k)
		for _, name := range []string{"Ask", "Ask", "Ask", "Ask", "Ask", "Ask", "Ask", "Ask", "SignIn", "SignIn", "SignIn", "SignIn", "Move", "Move", "Board", "Board"} {
			actions[fmt.Sprint(name, len(actions))] = actions[name]
		}
		run.Repeat(actions)
	})
	t.Logf("%d runs: %v", runs, events)
	for _, what := range walked {
		if runs >= 20 && events[what] == 0 {
			t.Errorf("%d runs never came to: %s", runs, what)
		}
	}
}

// walked is what has to happen, lest a rule be held by nothing.
var walked = []string{
	"signed in", "signed out", "ended elsewhere", "switched off, and not let in",
	"off: GET", "off: POST", "off: a form of her own attempt", "signed out: GET", "signed out: POST", "run out: GET", "run out: POST",
	"her answers: kept", "her answers: no rep any more", "answers carried and kept", "answers carried for nothing",
	"demoted: refused", "promoted: let in", "sees who came", "sees no more who left",
	"a board", "a board at home", "a manager's card", "a colleague's card", "counted: locked", "counted: waiting", "counted: expiring", "counted: expired",
}
