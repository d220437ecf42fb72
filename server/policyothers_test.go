package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/quiz"
)

// ownersOf says whose the objects are that the policy names.
var ownersOf = map[string]string{
	"open": "rep9", "playing": "rep9", "practising": "rep9", "graded": "rep2", "played": "rep2", "practised": "rep2", "certificate": "rep2",
	"rep2": "rep2", "rep5": "rep5", "rep7": "rep7", "rep10": "rep10", "author": "author", "manager": "manager",
}

// TestPolicyAsksForEveryRelation: for each route that names somebody's object
// the policy has visits by whom it belongs to, by the manager of her team, by
// others, and one for an object that is not there.
func TestPolicyAsksForEveryRelation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	rows := 0
	for _, row := range policy {
		names := strings.HasPrefix(row.path, "/attempts/:id") || strings.HasPrefix(row.path, "/certificates/:id") || strings.Contains(row.path, ":person")
		if !names {
			continue
		}
		rows++
		seen := map[string]bool{}
		for _, v := range row.visits {
			if v.what == "missing" {
				seen["missing"] = true
				continue
			}
			owner := ownersOf[strings.Trim(strings.Fields(v.params)[0], "${}")]
			if owner == "" {
				t.Errorf("%s %s: whose is %s? Say it in ownersOf", row.method, row.path, v.params)
				continue
			}
			for _, who := range visitors[len(signedOut):] {
				seen[w.relation(who, owner)] = true
			}
		}
		for _, relation := range []string{"own", "team", "foreign", "missing"} {
			if !seen[relation] {
				t.Errorf("%s %s has no visit to what is %s", row.method, row.path, relation)
			}
		}
	}
	if rows < 10 {
		t.Errorf("%d routes name somebody's object, want 10 or more: this test sees too few", rows)
	}
}

// relation is what somebody's object is to a visitor: own, team or foreign.
func (w *world) relation(who, owner string) string {
	w.Helper()
	if who == owner {
		return "own"
	}
	if who == "demoted" {
		return "foreign"
	}
	may, err := w.People.MayManage(w.Context(), w.person(who+"@demo.test"), w.person(owner+"@demo.test"))
	w.must(err)
	if may {
		return "team"
	}
	return "foreign"
}

// TestSessionsOfOthers: a session of somebody else can't be ended, nor told
// from one that does not exist.
func TestSessionsOfOthers(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	hers := site.person("rep2@demo.test").Sessions
	for _, who := range []string{"rep3@demo.test", "manager@demo.test", "admin@demo.test"} {
		c := site.as(who)
		var foreign, missing *answer
		cost := site.during(func() {
			foreign = c.post("/me/sessions", url.Values{"session": {hers[0].ID}})
			missing = c.post("/me/sessions", url.Values{"session": {"nothing"}})
		})
		if d := difference(foreign, missing); d != "" {
			t.Errorf("%s can tell a session of somebody else from none: %s", who, d)
		}
		if len(cost.writes()) > 0 {
			t.Errorf("%s ends nothing of hers, and that writes: %v", who, cost)
		}
		c.post("/me/sessions", nil).leadsTo("/me?done=ended") // all others: of her own
	}
	if now := site.person("rep2@demo.test").Sessions; !slices.EqualFunc(now, hers, func(a, b people.Session) bool { return a.ID == b.ID }) {
		t.Errorf("rep2 has the sessions %v, want %v", now, hers)
	}
	site.as("rep2@demo.test").get("/me").want(http.StatusOK)
}

// TestNobodyVouchesForHerself: whoever manages the team that she is in, or is an admin,
// sees her own record, and gets no form that signs her off or grants her an attempt; the
// forms of others do nothing for herself. Another manager does it.
func TestNobodyVouchesForHerself(t *testing.T) {
	t.Parallel()
	site := newRig(t, withTree(variants["signoff"](t)))
	const coach = "rep5@demo.test" // she has no attempt left
	id := site.person(coach).ID
	_, err := site.People.AddManager(site.Context(), "team-north", id)
	site.must(err)
	record := "/team/" + id
	forms := map[string]url.Values{
		"/signoffs": {"certification": {"sell-records-search"}, "known": {"0"}, "note": {"She sells well."}, "met": {"Asks for the aim before the menu"}},
		"/grants":   {"quiz": {"the-box-check"}, "known": {"0"}, "note": {"She needs it."}},
	}
	for _, role := range []people.Role{people.RoleManager, people.RoleAdmin} {
		_, err := site.People.SetRoles(site.Context(), id, []people.Role{people.RoleRep, role})
		site.must(err)
		c := site.as(coach)
		page := c.get(record).want(http.StatusOK)
		for form, values := range forms {
			if strings.Contains(page.Body, record+form) {
				t.Errorf("as %s she is shown a form for %s of her own", role, form)
			}
			cost := site.during(func() { c.post(record+form, values).want(http.StatusForbidden) })
			if len(cost.writes()) > 0 {
				t.Errorf("as %s her own %s are refused, and that writes: %v", role, form, cost)
			}
		}
	}
	other := site.as("manager@demo.test")
	page := other.get(record).want(http.StatusOK)
	for form, values := range forms {
		if !strings.Contains(page.Body, record+form) {
			t.Errorf("another manager is shown no form for %s", form)
		}
		other.post(record+form, values).want(http.StatusSeeOther)
	}
}

// TestCarriedToOthers: what a sign-in carries on is not put into somebody
// else's attempt or play, and is answered as for one that does not exist.
func TestCarriedToOthers(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	open, playing := site.openAttempt("rep9@demo.test"), site.beginPlay("rep9@demo.test", false)
	answers := url.Values{}
	for name, values := range site.answersTo("/attempts/"+open, true) {
		answers["carry."+name] = values
	}
	choice := url.Values{"carry.step": {"0"}, "carry.choice": {site.offers(playing)[0].Token}}
	before, err := site.Prog.Attempt(t.Context(), open)
	site.must(err)
	for id, form := range map[string]url.Values{open: answers, playing: choice} {
		carry := func(to string) *answer {
			for name, values := range signIn("rep7@demo.test", demo.Password) {
				form[name] = values
			}
			form.Set("next", "/attempts/"+to)
			a := site.as("").post("/login", form).leadsTo("/")
			a.Header.Del("Set-Cookie") // a new session each time
			return a
		}
		if d := difference(carry(id), carry("nothing")); d != "" {
			t.Errorf("a sign-in tells somebody else's attempt from none: %s", d)
		}
	}
	a, err := site.Prog.Attempt(t.Context(), open)
	site.must(err)
	if a.State != quiz.Open || a.Answered() != before.Answered() || a.Rev != before.Rev {
		t.Errorf("the attempt has %d answers at revision %d, want it untouched: %d at %d", a.Answered(), a.Rev, before.Answered(), before.Rev)
	}
	if _, play := site.scenarioOf(playing); len(play.Path) != 0 {
		t.Errorf("somebody else chose in the play: %v", play.Path)
	}
	// The same carried by the one whose attempt it is, to see that it would work.
	form := answers
	for name, values := range signIn("rep9@demo.test", demo.Password) {
		form[name] = values
	}
	form.Set("next", "/attempts/"+open)
	site.as("").post("/login", form).leadsTo("/attempts/" + open + "?done=kept")
}

// TestCarriedWithoutTheRole: of who is a rep no more a sign-in keeps neither the
// answers nor the choice that it carries on, and leads to the page that refuses.
func TestCarriedWithoutTheRole(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	const email = "rep9@demo.test"
	open, playing := site.openAttempt(email), site.beginPlay(email, false)
	carried := map[string]url.Values{open: {}, playing: {"carry.step": {"0"}, "carry.choice": {site.offers(playing)[0].Token}}}
	for name, values := range site.answersTo("/attempts/"+open, true) {
		carried[open]["carry."+name] = values
	}
	revs := func() (list []int64) {
		for _, id := range []string{open, playing} {
			a, err := site.Prog.Attempt(t.Context(), id)
			site.must(err)
			list = append(list, a.Rev)
		}
		return list
	}
	carry := func(id string) *answer {
		form := signIn(email, demo.Password)
		for name, values := range carried[id] {
			form[name] = values
		}
		form.Set("next", "/attempts/"+id)
		c := site.as("")
		return c.follow(c.post("/login", form))
	}
	before := revs()
	_, err := site.People.SetRoles(t.Context(), site.person(email).ID, []people.Role{people.RoleCare})
	site.must(err)
	carry(open).want(http.StatusForbidden)
	carry(playing).want(http.StatusForbidden)
	if now := revs(); !slices.Equal(now, before) {
		t.Errorf("the attempt and the play are at the revisions %v, want them untouched: %v", now, before)
	}
	_, err = site.People.SetRoles(t.Context(), site.person(email).ID, []people.Role{people.RoleRep})
	site.must(err)
	carry(open).want(http.StatusOK)
	carry(playing).want(http.StatusOK)
	if now := revs(); now[0] == before[0] || now[1] == before[1] {
		t.Errorf("with the role back, both are to be kept; they are at the revisions %v, as before", now)
	}
}
