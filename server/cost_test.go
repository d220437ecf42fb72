package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/people"
)

// TestReadsAndWrites counts what each page costs, call by call.
func TestReadsAndWrites(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	rep, rep9, manager, nobody := site.as("rep@demo.test"), site.as("rep9@demo.test"), site.as("manager@demo.test"), site.as("nobody")
	ops, care := site.as("ops@demo.test"), site.as("care@demo.test")
	open := "/attempts/" + site.openAttempt("rep9@demo.test")
	playing, played := "/attempts/"+site.beginPlay("rep9@demo.test", false), "/attempts/"+site.playFatally("rep2@demo.test", false)
	ended := "/attempts/" + site.playFatally("rep3@demo.test", true)
	rep2, rep3 := site.as("rep2@demo.test"), site.as("rep3@demo.test")
	site.drain()
	const lesson, visitor = "/courses/onboarding/the-box/reading-a-box", "GetMany people+records"
	const standing = visitor + ", Find attempts, Get records"      // the record again, after the attempts: see programme.Standing
	const waiting = ", Find requests, Find requests, Find tidings" // to decide as a deputy, to answer, to acknowledge
	const briefs = ", Find briefs, Find briefs, Find briefs"       // to answer, to judge what she sent, what she was sent
	const counts = ", Count briefs, Count briefs"                  // worth it, and not
	const handedOver = ", Find accounts"                           // of who may look after one, for handoffs that wait
	for _, c := range []struct {
		who        *client
		path, want string
	}{
		{nobody, "/login", ""},
		{nobody, "/", ""},
		{nobody, lesson, ""},
		{nobody, "/healthz", ""},
		{nobody, "/no-such-page", ""},
		{rep, lesson, visitor},
		{rep, "/offerings/nothing", visitor},
		{rep, "/courses", standing},
		{rep, "/", standing + waiting + handedOver + briefs},
		{rep2, "/", standing + waiting + handedOver + ", Find handoffs, GetMany requests" + briefs},
		{care, "/", standing + ", Find requests, Find requests" + waiting + ", GetMany requests, Find handoffs" + briefs}, // looks after no account
		{rep, "/quizzes/the-box-check", standing},
		{rep, "/offerings", standing},
		{rep, "/offerings/records-search", standing + ", Find people, GetMany records, Find rulings, GetMany doubts"},
		{manager, "/", standing + ", GetMany teams, Find people, GetMany records" + waiting + handedOver + briefs},
		{manager, "/offerings/records-search", visitor + ", GetMany teams, Find people, GetMany records, Find rulings, GetMany doubts"},
		{ops, "/offerings/records-search", visitor + ", Find rulings, GetMany doubts"},
		{rep, "/requests", visitor + ", Find requests" + waiting + ", GetMany people, GetMany accounts"},
		{rep, "/accounts", visitor + ", Find accounts, Find accounts, Find accounts, GetMany people"},
		{rep, "/handoffs", visitor + ", Find handoffs, Find accounts, Find accounts, GetMany people, GetMany accounts"},
		{rep, "/handoffs/" + site.handoffWith("Thursdays").ID, visitor + ", Get handoffs, Get accounts, Find requests, GetMany requests, GetMany people"},
		{rep, "/briefs", visitor + ", Find briefs" + briefs + ", Find briefs, Find briefs" + counts + counts + counts + ", GetMany people, GetMany accounts"},
		{rep, "/briefs/new", visitor + ", Find accounts, Find accounts, Find briefs" + counts + counts + counts},
		{rep, "/briefs/" + site.briefWith("Peoria").ID, visitor + ", Get briefs, GetMany people, GetMany accounts"},
		{rep, "/practices/working-together", visitor + ", GetMany doubts"},
		{rep, "/search?q=turnaround", visitor},
		{rep, "/changes", visitor},
		{rep, "/certificates", standing + ", Find certificates"},
		{rep, "/me", visitor + ", Get teams"},
		{rep, "/admin/people", visitor},
		{rep9, open, visitor + ", Get attempts"},
		{rep9, open + "/review", visitor + ", Get attempts"},
		{rep, callAt, standing + ", Get attempts"}, // whether a practice run is open
		{rep9, playing, visitor + ", Get attempts"},
		{rep2, played, visitor + ", Get attempts"},
		{rep2, played + "/result", visitor + ", Get attempts, Find attempts, Get records"},
		{rep3, ended + "/result", visitor + ", Get attempts, Find attempts, Get records"},
		{manager, played + "/result", visitor + ", Get attempts, Get people, Get teams, Find attempts, Get records, Get people"},
		{manager, "/team", visitor + ", GetMany teams, Find people, GetMany records"},
	} {
		var a *answer
		got := site.during(func() { a = c.who.get(c.path) })
		if got.String() != c.want {
			t.Errorf("%s as %q (%d): got %q, want %q", a.Asked, c.who.who, a.Code, got, c.want)
		}
	}
	reading := site.during(func() { rep.get(lesson).want(http.StatusOK) })
	if len(reading) != 1 || reading[0].Docs > 2 {
		t.Errorf("a lesson page reads %d documents in %d calls, want two at most in one", reading[0].Docs, len(reading))
	}
}

// TestWritesBeforeTheAnswer counts the writes that a request waits for: the
// outbox does not run in a rig, so all that is counted here is.
func TestWritesBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	c := site.as("rep@demo.test")
	writes := func(want string, request func() *answer) *answer {
		t.Helper()
		var a *answer
		if got := site.during(func() { a = request() }).writes().String(); got != want {
			t.Errorf("%s writes %q, want %q", a.Asked, got, want)
		}
		return a
	}
	const lesson, start = "/courses/onboarding/the-box/reading-a-box/done", "/quizzes/the-box-check/attempts"
	writes("Insert records", func() *answer { return c.post(lesson, nil) })
	writes("", func() *answer { return c.post(lesson, nil) })
	page := writes("Insert attempts", func() *answer { return c.post(start, nil) }).Header.Get("Location")
	writes("", func() *answer { return c.post(start, nil) })
	right := site.answersTo(page, true)
	writes("Replace attempts", func() *answer { return c.post(page+"/answers", right) })
	writes("", func() *answer { return c.post(page+"/answers", right) })
	writes("Replace attempts, Insert certificates", func() *answer { return c.post(page+"/submit", nil) })
	writes("", func() *answer { return c.post(page+"/submit", nil) })

	other := site.as("rep11@demo.test")
	page = other.post(start, nil).want(http.StatusSeeOther).Header.Get("Location")
	wrong := site.answersTo(page, false)
	writes("Replace attempts", func() *answer { return other.post(page+"/submit", wrong) })
	manager := site.as("manager2@demo.test")
	rep11 := site.person("rep11@demo.test").ID
	writes("Insert records", func() *answer {
		return manager.post("/team/"+rep11+"/grants", url.Values{"quiz": {"the-box-check"}, "known": {"0"}}).want(http.StatusSeeOther)
	})
}

// TestWritesOfAPlay: a start, a practice run and each choice are one write;
// what changes nothing is none.
func TestWritesOfAPlay(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	c := site.as("rep@demo.test")
	costs := func(want string, path string, form url.Values) *answer {
		t.Helper()
		var a *answer
		if got := site.during(func() { a = c.post(path, form) }).String(); got != want {
			t.Errorf("%s (%d): got %q, want %q", a.Asked, a.Code, got, want)
		}
		return a
	}
	const visitor, start = "GetMany people+records, ", callAt + "/attempts"
	const standing = visitor + "Find attempts, Get records"
	practice := url.Values{"practice": {"yes"}}
	page := costs(standing+", Insert attempts", start, nil).Header.Get("Location")
	costs(standing, start, nil)
	costs(visitor+"Insert attempts", start, practice)
	costs(visitor+"Insert attempts, Get attempts, Replace attempts", start, practice)

	path := site.path(page[len("/attempts/"):], bestPath)
	last := len(path) - 1
	for _, one := range path[:last] {
		costs(visitor+"Get attempts, Get attempts, Replace attempts", page+"/choose", one.form())
	}
	costs(visitor+"Get attempts, Get attempts", page+"/choose", path[0].form())
	costs(visitor+"Get attempts, Get attempts, Get attempts", page+"/choose", url.Values{"step": {"0"}, "choice": {"x"}})
	costs(visitor+"Get attempts", page+"/choose", nil)
	const certify = ", Find attempts, Get records, Find certificates" // what the pass completes
	costs(visitor+"Get attempts, Get attempts, Replace attempts"+certify, page+"/choose", path[last].form())
	costs(visitor+"Get attempts, Get attempts"+certify, page+"/choose", path[last].form())
	site.drain()
	costs(visitor+"Get attempts, Get attempts", page+"/choose", path[last].form())
}

// answersTo is the whole sheet filled in, right or wrong.
func (r *rig) answersTo(page string, right bool) url.Values {
	r.Helper()
	form := url.Values{}
	for _, q := range r.sheet(page[len("/attempts/"):]) {
		form["q."+q.item] = q.wrong
		if right {
			form["q."+q.item] = q.right
		}
		form.Set("rev."+q.item, fmt.Sprint(q.saves))
		form.Set("seen."+q.item, "1")
	}
	return form
}

// TestBoardDoesNotGrowWithTheCompany: a board makes as many calls for a team
// of fifty as for one of six, and for a company of thousands. So does the card
// of an offering, which shows who of the team is cleared.
func TestBoardDoesNotGrowWithTheCompany(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	manager := site.as("manager@demo.test")
	small := site.during(func() { manager.get("/team").want(http.StatusOK) })
	const card = "/offerings/records-search"
	smallCard := site.during(func() { manager.get(card).want(http.StatusOK) })
	for i := range 50 {
		_, err := site.People.Add(t.Context(), people.NewPerson{
			Email: fmt.Sprintf("more%d@demo.test", i), First: "More", Last: fmt.Sprint(i),
			Roles: []people.Role{people.RoleRep}, Team: "team-north",
		})
		site.must(err)
	}
	var page *answer
	large := site.during(func() { page = manager.get("/team").want(http.StatusOK) })
	if small.String() != large.String() {
		t.Errorf("got %q for a team of fifty-six, want %q as for one of six", large, small)
	}
	var first *answer
	if got := site.during(func() { first = manager.get(card).want(http.StatusOK) }); got.String() != smallCard.String() {
		t.Errorf("the card: got %q for a team of fifty-six, want %q as for one of six", got, smallCard)
	}
	if next := between(first.Body, `rel="next" href="`, `"`); next == "" {
		t.Error("the card does not lead on to the rest of a team of fifty-six")
	} else {
		second := manager.get(unescaped(next)).want(http.StatusOK)
		second.says("From the start")
		if n := strings.Count(first.Body+second.Body, `<a href="/team/`); n != 56 {
			t.Errorf("the two pages of the card name %d people, want 56", n)
		}
	}
	rows := len(page.all("th[scope=row]"))
	if next := between(page.Body, `rel="next" href="`, `"`); rows != 50 || next == "" {
		t.Errorf("the first page of the board has %d people and leads on to %q; want 50 and a second page", rows, next)
	} else {
		second := manager.get(unescaped(next)).want(http.StatusOK)
		if got := len(second.all("th[scope=row]")); got != 6 {
			t.Errorf("the second page of the board has %d people, want 6", got)
		}
		second.says("From the start")
	}
}
