package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
)

// aim is what nobody would like to type twice.
const aim = "They publish at six, and the night desk\nneeds the copy <before> that."

// raising is a request as its form sends it, with everything filled in.
func (r *rig) raising(c *client) url.Values {
	r.Helper()
	form := c.get("/requests/new").form("/requests").values
	form.Set("title", "Nationwide in 6 hours")
	form.Set("aim", aim)
	return form
}

// same fails unless a page's form has the fields that were sent.
func (a *answer) same(action string, sent url.Values) {
	a.t.Helper()
	back := a.form(action).values
	for field, values := range sent {
		if !slices.Equal(back[field], values) {
			a.t.Errorf("the field %s came back as %q, want %q", field, back[field], values)
		}
	}
}

// TestFormAfterTheSession: what was typed goes through the sign-in. It is shown
// before it is sent, sent once, and shown to whoever signs in.
func TestFormAfterTheSession(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	rep := site.as("rep3@demo.test")
	form := site.raising(rep)
	raised := func() int {
		return strings.Count(site.as("rep3@demo.test").get("/requests").Body, "Nationwide in 6 hours")
	}

	c := site.as("").with("Referer", site.URL+"/requests/new?offering=x")
	lost := c.post("/requests", form).want(http.StatusUnauthorized).says("What you entered is kept; sign in, and you can send it.")
	wrong := c.submit(lost, "/login", signIn("rep3@demo.test", "no")).want(http.StatusUnprocessableEntity)
	kept := c.submit(wrong, "/login", signIn("rep3@demo.test", demo.Password)).want(http.StatusOK)
	kept.says("Your form is not sent yet", "You are signed in again as", "What you wrote", "They publish at six", "Go back without sending")
	kept.same("/requests", form)
	if !strings.Contains(kept.Body, `href="/requests/new?offering=x"`) {
		t.Error("the page does not lead back to the one that the form stood on")
	}
	if raised() != 0 {
		t.Fatal("the request was raised though nobody has sent it")
	}
	c.follow(c.submit(kept, "/requests", nil)).says("Nationwide in 6 hours", "needs the copy <before> that.")
	c.submit(kept, "/requests", nil).want(http.StatusSeeOther)
	if n := raised(); n != 1 {
		t.Errorf("the form was sent twice and the list names the request %d times, want once", n)
	}
}

// TestSecretsAreNotKept: a form with a password, or with no field at all, is not
// carried; the sign-in leads back to where it stood, if that is a page of ours.
func TestSecretsAreNotKept(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	const lesson = "/courses/onboarding/the-box/reading-a-box"
	secret := url.Values{"current": {demo.Password}, "password": {"a brand new secret"}}
	for _, at := range []struct {
		path          string
		form          url.Values
		referer, next string
	}{
		{"/me/password", secret, site.URL + "/me", "/me"},
		{lesson + "/done", nil, site.URL + lesson + "?done=x", lesson + "?done=x"},
		{lesson + "/done", nil, "http://elsewhere.test/lure", "/"},
		{lesson + "/done", nil, site.URL + "//elsewhere.test", "/"},
		{lesson + "/done", nil, "http://%", "/"},
		{lesson + "/done", nil, "", "/"},
		{"/logout", nil, site.URL + "/me", "/"},
	} {
		c := site.as("").with("Referer", at.referer)
		a := c.post(at.path, at.form).want(http.StatusUnauthorized).silent("is kept", "a brand new secret")
		if strings.Contains(a.Body, "carry.") {
			t.Errorf("%s: the sign-in carries fields", at.path)
		}
		c.submit(a, "/login", signIn("rep3@demo.test", demo.Password)).leadsTo(at.next)
	}
}

// TestFormLeadsNowhereElse: a form that is carried is sent to this site only.
func TestFormLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	for _, to := range []string{"//elsewhere.test", "https://elsewhere.test/", "/\\elsewhere.test", "javascript:alert(1)", "/\t/elsewhere.test"} {
		form := signIn("rep3@demo.test", demo.Password)
		form["form"], form["carry.title"] = []string{to}, []string{"a title"}
		kept := site.as("").post("/login", form).want(http.StatusOK)
		if strings.Contains(kept.Body, "elsewhere") || strings.Contains(kept.Body, "javascript:") || !strings.Contains(kept.Body, `<form method="post" action="/"><input type="hidden" name="title" value="a title">`) {
			t.Errorf("%q: the form leads there", to)
		}
	}
}

// TestStoreAwayWhileWriting: a text comes back to be sent again when the store
// can't take it, or something unexpected happened; a password does not.
func TestStoreAwayWhileWriting(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	c := site.as("rep3@demo.test")
	form := site.raising(c)
	for status, hook := range map[int]func(store.Call) error{503: always(store.ErrUnavailable), 500: onWrites("requests", http.ErrAbortHandler)} {
		f.set(hook, nil)
		a := c.post("/requests", form).want(status).says("What you entered is kept on this page.", "needs the copy <before> that.", "Try again")
		a.same("/requests", form)
		c.post("/me/password", url.Values{"current": {demo.Password}, "password": {"a brand new secret"}}).silent(demo.Password, "a brand new secret", "is kept")
		f.mend()
	}
	f.set(always(store.ErrUnavailable), nil)
	a := c.post("/requests", form).want(503)
	f.mend()
	c.follow(c.submit(a, "/requests", nil)).says("Nationwide in 6 hours", "needs the copy <before> that.")
}

// TestStoreAwayWhileSigningIn: a sign-in that the store can't decide is the same
// page again, with all that came with it but the password.
func TestStoreAwayWhileSigningIn(t *testing.T) {
	t.Parallel()
	var f fault
	site := newRig(t, f.options()...)
	form := site.raising(site.as("rep3@demo.test"))
	c := site.as("")
	lost := c.post("/requests", form).want(http.StatusUnauthorized)
	f.set(always(store.ErrUnavailable), nil)
	a := c.submit(lost, "/login", signIn("rep3@demo.test", demo.Password)).want(http.StatusServiceUnavailable)
	a.says("The database can't be reached. Nothing was changed. Keep this page")
	if back := a.form("/login").values; a.Header.Get("Retry-After") == "" || back.Get("email") != "rep3@demo.test" || back.Get("password") != "" {
		t.Error("the sign-in does not say when to try again, has lost the address, or gives the password back")
	}
	f.mend()
	kept := c.submit(a, "/login", url.Values{"password": {demo.Password}}).want(http.StatusOK)
	kept.same("/requests", form)
}
