package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A visitor is a browser without JavaScript: it keeps cookies, and shows where
// it is sent without going there.
type visitor struct {
	t      testing.TB
	base   string
	client *http.Client
}

func newVisitor(t testing.TB, c *child) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, c.url, &http.Client{
		Jar: jar, Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn is a visitor who signed in.
func signedIn(t testing.TB, c *child, email, password string) *visitor {
	t.Helper()
	v := newVisitor(t, c)
	if status, next := v.post("/login", "email", email, "password", password); status != http.StatusSeeOther || next != "/" {
		t.Fatalf("sign in as %s: status %d to %q, want 303 to /", email, status, next)
	}
	return v
}

// cookie is the value of the session's cookie.
func (v *visitor) cookie() string {
	v.t.Helper()
	base, err := url.Parse(v.base)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(base) {
		if c.Name == "insidebox" {
			return c.Value
		}
	}
	v.t.Fatal("nobody is signed in")
	return ""
}

// get returns a page's status and text.
func (v *visitor) get(path string) (status int, body string) {
	v.t.Helper()
	a := v.must(v.try(path, nil))
	return a.status, a.body
}

// shows tells whether a page has this text in it.
func (v *visitor) shows(path, text string) bool {
	v.t.Helper()
	status, body := v.get(path)
	return status == http.StatusOK && strings.Contains(body, text)
}

// post sends a form, names and values in turn, and returns the status and
// where it leads.
func (v *visitor) post(path string, pairs ...string) (status int, next string) {
	v.t.Helper()
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Add(pair[0], pair[1])
	}
	a := v.send(path, form)
	return a.status, a.next
}

// send posts a form and reads what comes.
func (v *visitor) send(path string, form url.Values) answered {
	v.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return v.must(v.try(path, form))
}

func (v *visitor) must(a answered, err error) answered {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	return a
}

// try asks a server that may die meanwhile: for a page, or, with a form, by
// posting that. Without an error the answer is whole.
func (v *visitor) try(path string, form url.Values) (answered, error) {
	resp, err := func() (*http.Response, error) {
		if form == nil {
			return v.client.Get(v.base + path)
		}
		return v.client.PostForm(v.base+path, form)
	}()
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answered{}, err
	}
	a := page(string(text))
	a.status, a.next, a.retry = resp.StatusCode, resp.Header.Get("Location"), resp.Header.Get("Retry-After")
	return a, nil
}

// here is the path of one of this site's addresses.
func (v *visitor) here(address string) string {
	v.t.Helper()
	path, ok := strings.CutPrefix(address, v.base)
	if !ok || !strings.HasPrefix(path, "/") {
		v.t.Fatalf("the address %q is not one of %s", address, v.base)
	}
	return path
}

// at is the same person at another server.
func (v *visitor) at(c *child) *visitor { return &visitor{v.t, c.url, v.client} }

// answered is an answer to a form.
type answered struct {
	status       int
	next, body   string
	retry        string
	fields       url.Values          // hidden ones of the page that came
	radios       map[string][]string // the choices of each question
	radiosInLine []string            // the questions
}

var (
	inputTag  = regexp.MustCompile(`<input [^>]*>`)
	attribute = regexp.MustCompile(`([a-z]+)(?:="([^"]*)")?`)
)

// page reads the hidden fields and the choices of a page.
func page(body string) answered {
	a := answered{body: body, fields: url.Values{}, radios: map[string][]string{}}
	for _, tag := range inputTag.FindAllString(body, -1) {
		at := map[string]string{}
		for _, found := range attribute.FindAllStringSubmatch(tag, -1) {
			at[found[1]] = found[2]
		}
		name := at["name"]
		switch at["type"] {
		case "hidden":
			a.fields.Add(name, at["value"])
		case "radio":
			if a.radios[name] == nil {
				a.radiosInLine = append(a.radiosInLine, name)
			}
			a.radios[name] = append(a.radios[name], at["value"])
		}
	}
	return a
}

// begin starts the quiz, and returns the attempt's path.
func (v *visitor) begin() string {
	v.t.Helper()
	status, attempt := v.post("/quizzes/the-box-check/attempts")
	if status != http.StatusSeeOther || !strings.HasPrefix(attempt, "/attempts/") {
		v.t.Fatalf("start the quiz: %d to %q", status, attempt)
	}
	return attempt
}

// fill is a form that answers one question of the sheet as it is now, and how
// the sheet shows that once it is saved.
func (v *visitor) fill(attempt string, question int) (form url.Values, checked string) {
	v.t.Helper()
	status, body := v.get(attempt)
	if status != http.StatusOK {
		v.t.Fatalf("the sheet: %d", status)
	}
	return page(body).choose(question, 0)
}

// choose is a form that makes one choice on this sheet, and how a sheet shows
// that once it is saved.
func (a answered) choose(question, choice int) (form url.Values, checked string) {
	name := a.radiosInLine[question]
	item, token := strings.TrimPrefix(name, "q."), a.radios[name][choice]
	return url.Values{
		name: {token}, "rev." + item: {a.fields.Get("rev." + item)}, "seen." + item: {"1"},
	}, fmt.Sprintf(`name="%s" value="%s" checked`, name, token)
}

// lesson is a lesson of the sample library.
const lesson = "/courses/onboarding/the-box/reading-a-box"
