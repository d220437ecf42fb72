package server_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// A fault is what a test lets go wrong between the server and its store.
type fault struct {
	mu     sync.Mutex
	before func(store.Call) error
	after  func(store.Call) error
}

func (f *fault) set(before, after func(store.Call) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before, f.after = before, after
}

// mend lets everything go well again.
func (f *fault) mend() { f.set(nil, nil) }

func (f *fault) options() []option {
	ask := func(which func() func(store.Call) error) func(context.Context, store.Call) error {
		return func(_ context.Context, c store.Call) error {
			f.mu.Lock()
			hook := which()
			f.mu.Unlock()
			if hook == nil {
				return nil
			}
			return hook(c)
		}
	}
	return []option{
		withHook(store.WithBefore(ask(func() func(store.Call) error { return f.before }))),
		withHook(store.WithAfter(ask(func() func(store.Call) error { return f.after }))),
	}
}

func always(err error) func(store.Call) error { return func(store.Call) error { return err } }

func onWrites(collection string, err error) func(store.Call) error {
	return func(c store.Call) error {
		if c.Write && c.Collection == collection {
			return err
		}
		return nil
	}
}

// TestStoreAway: without the store every page that needs it says so and when
// to come back; what needs no store is served as ever.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	rep, nobody := site.as("rep@demo.test"), site.as("nobody")
	open, played := "/attempts/"+site.openAttempt("rep9@demo.test"), "/attempts/"+site.playFatally("rep@demo.test", false)
	f.set(always(store.ErrUnavailable), nil)
	for _, path := range []string{
		"/", "/me", "/courses", "/courses/onboarding/the-box/reading-a-box", "/quizzes/the-box-check", open, open + "/result", callAt, played, played + "/result",
		"/certificates", "/offerings", "/team", "/author", "/admin/people", "/verify/x", "/welcome/" + strings.Repeat("0", 26) + "." + strings.Repeat("A", 43),
	} {
		a := rep.get(path).want(http.StatusServiceUnavailable).says("The database can't be reached")
		if a.Header.Get("Retry-After") != "5" {
			t.Errorf("%s: Retry-After is %q, want 5", path, a.Header.Get("Retry-After"))
		}
	}
	for _, path := range []string{"/me", "/quizzes/the-box-check/attempts", callAt + "/attempts", open + "/submit", "/logout", "/login"} {
		rep.post(path, signIn("rep@demo.test", "x")).want(http.StatusServiceUnavailable)
	}
	rep.with("X-Requested-With", "fetch").post(open+"/answers", nil).want(http.StatusServiceUnavailable).says("Nothing was changed.")
	for _, path := range []string{"/login", "/healthz", "/no-such-page"} {
		if a := nobody.get(path); a.Code >= 500 {
			t.Errorf("%s: got %d without the store, want it served", path, a.Code)
		}
	}
	f.mend()
	site.as("rep@demo.test").get("/").want(http.StatusOK)
}

// TestStoreAwayWhileSubmitting: nobody is told that a quiz was submitted when
// it was not, and the answers come back to be posted again.
func TestStoreAwayWhileSubmitting(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	c := site.as("rep9@demo.test")
	id := site.openAttempt("rep9@demo.test")
	page := "/attempts/" + id
	for name, broken := range map[string]func(store.Call) error{"all": always(store.ErrUnavailable), "writes": onWrites("attempts", store.ErrUnavailable)} {
		f.set(broken, nil)
		for _, path := range []string{page + "/answers?then=review", page + "/submit"} {
			form := site.mended(&f, broken, func() map[string][]string { return site.answersTo(page, true) })
			a := c.post(path, form).want(http.StatusServiceUnavailable).says("Your answers are kept on this page.")
			back := a.form(path)
			for field, values := range form {
				if !slices.Equal(slices.Sorted(slices.Values(back.values[field])), slices.Sorted(slices.Values(values))) {
					t.Errorf("%s fail, %s: the field %s came back as %q, want %q", name, path, field, back.values[field], values)
				}
			}
		}
		f.mend()
		if a, err := site.Prog.Attempt(t.Context(), id); err != nil || a.State != quiz.Open || a.Answered() != 5 {
			t.Fatalf("%s fail: the attempt has %d answers and is %s (%v), want it as it was", name, a.Answered(), a.State, err)
		}
	}
	f.set(onWrites("attempts", store.ErrUnavailable), nil)
	a := c.post(page+"/submit", site.answersTo(page, true)).want(http.StatusServiceUnavailable)
	f.mend()
	c.follow(c.submit(a, page+"/submit", nil).leadsTo(page + "/result")).says("Passed with 100 %")
}

// TestStoreAwayAtTheSignIn: answers that go through a sign-in are not lost
// when the store can't take them just then.
func TestStoreAwayAtTheSignIn(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	page := "/attempts/" + site.openAttempt("rep9@demo.test")
	c := site.as("")
	lost := c.post(page+"/answers", site.answersTo(page, true)).want(http.StatusUnauthorized)
	f.set(onWrites("attempts", store.ErrUnavailable), nil)
	a := c.submit(lost, "/login", signIn("rep9@demo.test", demo.Password)).want(http.StatusServiceUnavailable)
	a.says("Your answers are kept on this page.").silent(demo.Password)
	f.mend()
	c.submit(a, page+"/answers", nil).leadsTo(page + "/review")
	c.get(page + "/review").says("All 17 questions are answered")
}

// TestStoreAwayWhileChoosing: nobody is told that a choice was made when it
// was not, and it comes back to be posted again; also from the sign-in.
func TestStoreAwayWhileChoosing(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	c := site.as("rep@demo.test")
	id := site.beginPlay("rep@demo.test", false)
	page, path := "/attempts/"+id, site.path(id, bestPath)
	stands := func(moves int) {
		t.Helper()
		if _, play := site.scenarioOf(id); len(play.Path) != moves {
			t.Fatalf("the play has %d moves, want %d", len(play.Path), moves)
		}
	}
	kept := func(a *answer, choice postedChoice) {
		t.Helper()
		a.want(http.StatusServiceUnavailable).says("The database can't be reached", "Try again")
		if got := a.form(page + "/choose").values; got.Encode() != choice.form().Encode() || a.Header.Get("Retry-After") != "5" {
			t.Errorf("%s: %q came back, Retry-After %q; want %q and 5", a.Asked, got, a.Header.Get("Retry-After"), choice.form())
		}
	}
	for _, broken := range []func(store.Call) error{always(store.ErrUnavailable), onWrites("attempts", store.ErrUnavailable)} {
		f.set(broken, nil)
		kept(c.post(page+"/choose", path[0].form()), path[0])
		site.as("rep@demo.test").with("X-Requested-With", "fetch").post(page+"/choose", path[0].form()).
			want(http.StatusServiceUnavailable).says("Nothing was changed.")
		f.mend()
		stands(0)
	}
	f.set(onWrites("attempts", store.ErrUnavailable), nil)
	a := c.post(page+"/choose", path[0].form())
	f.mend()
	c.submit(a, page+"/choose", nil).leadsTo(page)
	stands(1)

	f.set(nil, onWrites("attempts", store.ErrUnknown)) // it was made, and nobody knows
	a = c.post(page+"/choose", path[1].form()).want(http.StatusServiceUnavailable).says("We are checking")
	f.mend()
	stands(2)
	c.submit(a, page+"/choose", nil).leadsTo(page)
	stands(2)

	nobody := site.as("")
	lost := nobody.post(page+"/choose", path[2].form()).want(http.StatusUnauthorized)
	f.set(onWrites("attempts", store.ErrUnavailable), nil)
	a = nobody.submit(lost, "/login", signIn("rep@demo.test", demo.Password)).silent(demo.Password)
	kept(a, path[2])
	f.mend()
	nobody.submit(a, page+"/choose", nil).leadsTo(page)
	stands(3)
}

// mended does something with the store in order, then breaks it again.
func (r *rig) mended(f *fault, again func(store.Call) error, do func() map[string][]string) map[string][]string {
	f.mend()
	defer f.set(again, nil)
	return do()
}

// TestLostAnswer: when the store does not say whether it has stored, the page
// doesn't either; the next look, or the same form again, tells.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	c := site.as("rep@demo.test")
	lost := func(collection string) { f.set(nil, onWrites(collection, store.ErrUnknown)) }

	lost("records")
	const lesson = "/courses/onboarding/the-box/reading-a-box"
	c.post(lesson+"/done", nil).want(http.StatusServiceUnavailable).says("We are checking")
	f.mend()
	c.get(lesson).says("Read on 13 January 2027")

	lost("attempts")
	c.post("/quizzes/the-box-check/attempts", nil).want(http.StatusServiceUnavailable).says("We are checking")
	f.mend()
	start := c.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther)
	page := start.Header.Get("Location")
	c.get("/quizzes/the-box-check").says("1 of 3 used")

	form := site.answersTo(page, true)
	lost("attempts")
	c.post(page+"/answers", form).want(http.StatusServiceUnavailable).says("We are checking")
	again := c.post(page+"/submit", form).want(http.StatusServiceUnavailable).silent("Passed")
	f.mend()
	c.submit(again, page+"/submit", nil).leadsTo(page + "/result")
	c.get(page + "/result").says("Passed with 100 %")
}

// TestCertificateLeftToTheOutbox: a submit that was graded stands even when
// the certificate can't be written at once.
func TestCertificateLeftToTheOutbox(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	c := site.as("rep@demo.test")
	page := c.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
	form := site.answersTo(page, true)
	f.set(onWrites("certificates", store.ErrUnavailable), nil)
	c.follow(c.post(page+"/submit", form)).says("Passed with 100 %").silent("See your certificate")
	c.get("/").says("All done", "the certificate is being written")
	f.mend()
	site.drain()
	c.get("/").says("Cleared until 13 January 2028")
	c.get("/certificates").says("In force")
}

// TestUnexpected: an error that nobody thought of, and a panic, are told in
// the site's words with a number; the log has the number and the cause.
func TestUnexpected(t *testing.T) {
	t.Parallel()
	const secret = "the disk's name is Harold"
	for name, hook := range map[string]func(store.Call) error{
		"error": always(errors.New(secret)),
		"panic": func(store.Call) error { panic(secret) },
	} {
		var f fault
		log := &lockedBuffer{}
		site := newRig(t, append(f.options(), withLog(log))...)
		c := site.as("rep@demo.test")
		f.set(hook, nil)
		a := c.get("/").want(http.StatusInternalServerError).says("Something went wrong here").silent(secret, "goroutine")
		f.mend()
		if !strings.Contains(log.String(), secret) {
			t.Errorf("%s: the log does not tell the cause", name)
		}
		if number := between(a.Body, `Number: <code translate="no">`, "</code>"); name == "error" && (number == "" || !strings.Contains(log.String(), number)) {
			t.Errorf("the page's number %q is not in the log:\n%s", number, log.String())
		}
		for _, private := range []string{"rep@demo.test", "Robin", c.cookies["insidebox"]} {
			if strings.Contains(log.String(), private) {
				t.Errorf("%s: the log holds %q", name, private)
			}
		}
		c.get("/").want(http.StatusOK)
	}
}

// A lockedBuffer may be written by many.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestLogIsDiscreet: a normal day's log has no names, addresses, passwords,
// cookies, queries or answers in it.
func TestLogIsDiscreet(t *testing.T) {
	t.Parallel()
	log := &lockedBuffer{}
	site := newRig(t, withLog(log))
	c := site.as("rep9@demo.test")
	page := "/attempts/" + site.openAttempt("rep9@demo.test")
	form := site.answersTo(page, true)
	c.get("/admin/people?q=Hana").want(http.StatusForbidden)
	invited, _, err := site.People.Invite(t.Context(), site.person("rep11@demo.test").ID)
	site.must(err)
	setup := strings.Repeat("s", 40)
	site.as("").get("/welcome/" + invited).want(http.StatusOK)
	site.as("").with("Origin", "https://evil.example").post("/welcome/"+invited, nil).want(http.StatusForbidden)
	site.as("").get("/setup/" + setup).want(http.StatusNotFound)
	c.post(page+"/submit", form).want(http.StatusSeeOther)
	site.as("").post("/login", signIn("rep9@demo.test", "a secret phrase")).want(http.StatusUnprocessableEntity)
	text := log.String()
	if !strings.Contains(text, "/submit") {
		t.Fatalf("the log does not list requests:\n%s", text)
	}
	private := []string{invited, setup, "rep9@", "Hana", "secret phrase", "127.0.0.1", c.cookies["insidebox"]}
	for _, values := range form {
		if len(values[0]) == 10 {
			private = append(private, values[0])
		}
	}
	for _, p := range private {
		if strings.Contains(text, p) {
			t.Errorf("the log holds %q", p)
		}
	}
}

// TestStoreClosed: the probe of readiness says that the store is gone, that of
// life does not, so that the process is taken out of service and not killed.
func TestStoreClosed(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	site.must(site.Store.Close())
	nobody := site.as("nobody")
	nobody.get("/readyz").want(http.StatusServiceUnavailable).says("not ready")
	nobody.get("/healthz").want(http.StatusOK)
	site.as("rep@demo.test").get("/").want(http.StatusServiceUnavailable)
}

// TestNoSuchPage: who is signed in finds her places on an error's page too, in
// her language; without the store, or with a session that is none, the page stands.
func TestNoSuchPage(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	rep := site.as("rep3@demo.test")
	places := func(a *answer) int { return len(a.all("a[href=/courses]")) }
	for _, at := range []struct {
		send func(c *client) *answer
		code int
	}{
		{func(c *client) *answer { return c.get("/nothing") }, http.StatusNotFound},
		{func(c *client) *answer { return c.get("/requests/nothing") }, http.StatusNotFound},
		{func(c *client) *answer { return c.get("/requests/x/voices") }, http.StatusMethodNotAllowed},
	} {
		if n := places(at.send(rep).want(at.code)); n == 0 {
			t.Errorf("a page with %d shows no places to who is signed in", at.code)
		}
	}
	for _, c := range []*client{site.as(""), site.as("").with("Cookie", "insidebox=forged.0")} {
		if n := places(c.get("/nothing").want(http.StatusNotFound)); n != 0 {
			t.Errorf("a page that does not exist shows %d places to nobody", n)
		}
	}
	f.set(always(store.ErrUnavailable), nil)
	rep.get("/nothing").want(http.StatusNotFound).says("There is no such page")
}
