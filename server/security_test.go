package server_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme/demo"
)

// unescaped is an attribute's value without its escapes.
func unescaped(value string) string { return html.UnescapeString(value) }

// everyKind are requests that are answered in every way there is.
func everyKind(site *rig) map[string]func() *answer {
	rep, nobody := site.as("rep@demo.test"), site.as("nobody")
	open := "/attempts/" + site.openAttempt("rep9@demo.test")
	const lesson = "/courses/onboarding/the-box/reading-a-box"
	css := "/static/" + between(nobody.get("/login").Body, `rel="stylesheet" href="/static/`, `"`)
	asset := "/assets/" + between(rep.get(lesson).Body, `src="/assets/`, `"`)
	tag := nobody.get(css).Header.Get("ETag")
	kinds := map[string]func() *answer{
		"200 page":    func() *answer { return rep.get("/") },
		"200 lesson":  func() *answer { return rep.get(lesson) },
		"200 login":   func() *answer { return nobody.get("/login") },
		"200 head":    func() *answer { return rep.head("/") },
		"200 static":  func() *answer { return nobody.get(css) },
		"304 static":  func() *answer { return site.as("").with("If-None-Match", tag).get(css) },
		"200 asset":   func() *answer { return nobody.get(asset) },
		"200 health":  func() *answer { return nobody.get("/healthz") },
		"200 ready":   func() *answer { return nobody.get("/readyz") },
		"302 favicon": func() *answer { return nobody.get("/favicon.ico") },
		"303 sign in": func() *answer { return nobody.get("/") },
		"303 form":    func() *answer { return rep.post(lesson+"/done", nil) },
		"400 form":    func() *answer { return rep.send("POST", "/me", "application/x-www-form-urlencoded", "a=%zz") },
		"401 form":    func() *answer { return nobody.post(open+"/answers", url.Values{"q.x": {"y"}}) },
		"403 role":    func() *answer { return rep.get("/team") },
		"403 origin": func() *answer {
			return site.as("rep@demo.test").with("Origin", "https://evil.example").post("/me", nil)
		},
		"404 page":        func() *answer { return rep.get("/nothing") },
		"404 foreign":     func() *answer { return rep.get(open) },
		"404 file":        func() *answer { return nobody.get("/static/nothing.css") },
		"404 certificate": func() *answer { return nobody.get("/verify/nothing") },
		"405 method":      func() *answer { return rep.send("DELETE", "/me", "", "") },
		"409 not now":     func() *answer { return rep.post("/certifications/sell-records-search/renew", nil) },
		"413 too large":   func() *answer { return rep.post("/me", url.Values{"first": {strings.Repeat("a", 300<<10)}}) },
		"415 json":        func() *answer { return rep.send("POST", "/me", "application/json", "{}") },
		"422 form":        func() *answer { return rep.post("/me", url.Values{"zone": {"Nowhere"}}) },
		"204 fetch": func() *answer {
			return site.as("rep9@demo.test").with("X-Requested-With", "fetch").post(open+"/answers", nil)
		},
	}
	return kinds
}

// TestHeadersOnEveryAnswer: the policy and its companions are on every kind
// of answer, on plain HTTP and on TLS; what has a person in it is not kept.
func TestHeadersOnEveryAnswer(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://learn.insidebox.test", "https://learn.insidebox.test"} {
		site := newRig(t, withBase(base))
		for kind, ask := range everyKind(site) {
			a := ask()
			if code := kind[:3]; fmt.Sprint(a.Code) != code {
				t.Errorf("%s %s: got %d, want %s", base, kind, a.Code, code)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"} {
				if got := a.Header.Values(name); len(got) != 1 || got[0] != want {
					t.Errorf("%s %s: got %s %q, want %q", base, kind, name, got, want)
				}
			}
			policy := a.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'") || kind != "200 asset" && (strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'")) {
				t.Errorf("%s %s: the policy is %q", base, kind, policy)
			}
			if strict := a.Header.Get("Strict-Transport-Security"); (strict != "") != strings.HasPrefix(base, "https") {
				t.Errorf("%s %s: got Strict-Transport-Security %q", base, kind, strict)
			}
			kept := strings.Contains(a.Header.Get("Cache-Control"), "immutable")
			if want := strings.HasSuffix(kind, "static") || strings.HasSuffix(kind, "asset"); kept != want {
				t.Errorf("%s %s: Cache-Control is %q", base, kind, a.Header.Get("Cache-Control"))
			}
			if personal := strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") && kind != "302 favicon"; personal && !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
				t.Errorf("%s %s: a page with Cache-Control %q", base, kind, a.Header.Get("Cache-Control"))
			}
			if a.Header.Get("Server") != "" || a.Header.Get("X-Powered-By") != "" || a.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: a header tells too much: %v", base, kind, a.Header)
			}
		}
	}
}

// TestCookies: the session's cookie is out of reach of scripts and of other
// sites' forms, and on TLS of everything but this host over TLS.
func TestCookies(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://learn.insidebox.test":  "insidebox false",
		"https://learn.insidebox.test": "__Host-insidebox true",
	} {
		site := newRig(t, withBase(base))
		a := site.as("").post("/login", signIn("rep@demo.test", demo.Password)).want(http.StatusSeeOther)
		if len(a.Cookies) != 1 {
			t.Fatalf("%s: got %d cookies, want 1", base, len(a.Cookies))
		}
		c := a.Cookies[0]
		if got := fmt.Sprint(c.Name, " ", c.Secure); got != want || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != int(people.SessionLifetime.Seconds()) {
			t.Errorf("%s: got %q, want %s, HttpOnly, SameSite=Lax, Path=/, no Domain, 90 days", base, c.Raw, want)
		}
	}
}

func signIn(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

// TestSessions: a session is new at each sign-in, whatever the browser sent;
// it can't be used after the sign-out; and nonsense in its place is nobody.
func TestSessions(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	_, planted := site.cookie("rep2@demo.test")
	c := site.as("")
	c.cookies["insidebox"] = planted
	c.post("/login", signIn("rep@demo.test", demo.Password)).want(http.StatusSeeOther)
	mine := c.cookies["insidebox"]
	if mine == planted || !strings.HasPrefix(mine, site.person("rep@demo.test").ID+".") {
		t.Errorf("after the sign-in the cookie is %q, want a new one of rep's", mine)
	}
	c.get("/me").want(http.StatusOK).says("rep@demo.test").silent(strings.Split(mine, ".")[1])
	c.post("/logout", nil).want(http.StatusSeeOther)
	c.cookies["insidebox"] = mine
	c.get("/me").leadsTo("/login?next=%2Fme")
	rep2 := site.person("rep2@demo.test").ID
	for _, bad := range []string{
		"x", ".", rep2, rep2 + ".", rep2 + "." + strings.Repeat("A", 43), strings.Repeat("x", 4000),
		rep2 + "." + strings.Split(mine, ".")[1], "../x." + strings.Repeat("A", 43), "%00." + strings.Repeat("A", 43),
	} {
		c.cookies["insidebox"] = bad
		c.get("/me").leadsTo("/login?next=%2Fme")
		c.post("/me", url.Values{"first": {"X"}}).want(http.StatusUnauthorized)
	}
}

// TestRolesHoldAtTheNextRequest: a demotion and a disabled account need no
// sign-out to take effect.
func TestRolesHoldAtTheNextRequest(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	manager := site.as("manager@demo.test")
	id := site.person("manager@demo.test").ID
	manager.get("/team").want(http.StatusOK)
	_, err := site.People.RemoveManager(t.Context(), "team-north", id)
	site.must(err)
	manager.get("/team").want(http.StatusOK).says("You have no team yet").silent("Robin")
	_, err = site.People.AddManager(t.Context(), "team-north", id)
	site.must(err)
	manager.get("/offerings/records-search").want(http.StatusOK).says("Robin")
	_, err = site.People.SetRoles(t.Context(), id, []people.Role{people.RoleRep}) // the team still names her
	site.must(err)
	manager.get("/offerings/records-search").want(http.StatusOK).silent("Robin")
	manager.get("/certificates/" + site.standing("rep2@demo.test").Evidence.Held[0].Certificate).want(http.StatusNotFound)
	_, err = site.People.SetRoles(t.Context(), id, []people.Role{people.RoleManager})
	site.must(err)
	_, err = site.People.RemoveManager(t.Context(), "team-north", id)
	site.must(err)
	manager.get("/team/" + site.person("rep@demo.test").ID).want(http.StatusNotFound)
	_, err = site.People.SetRoles(t.Context(), id, []people.Role{people.RoleCare})
	site.must(err)
	manager.get("/team").want(http.StatusForbidden)
	_, err = site.People.Disable(t.Context(), id)
	site.must(err)
	manager.get("/").leadsTo("/login")
}

// TestTooManyTries: twenty failures for one account from one address, and
// the twenty-first is refused, whatever the request says of its address; the
// colleague beside her signs in as ever, and so does she a few minutes later.
func TestTooManyTries(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	const victim = "rep@demo.test"
	c := site.as("")
	for i := range 20 {
		c.with("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i)).with("X-Real-Ip", fmt.Sprintf("192.0.2.%d", i)).
			post("/login", signIn(victim, "wrong")).want(http.StatusUnprocessableEntity)
	}
	refused := c.with("X-Forwarded-For", "198.51.100.7").post("/login", signIn(victim, demo.Password)).want(http.StatusTooManyRequests)
	refused.says("Too many tries did not work. Wait 3 minutes, then try again.")
	if got := refused.Header.Get("Retry-After"); got != "180" {
		t.Errorf("Retry-After: got %q, want 180 seconds", got)
	}
	site.as("").post("/login", signIn("rep2@demo.test", demo.Password)).leadsTo("/")
	site.Clock.Advance(3 * time.Minute)
	c.post("/login", signIn(victim, demo.Password)).leadsTo("/")
}

// TestNobodyIsTold whether an address has an account: the answers differ in
// the address alone.
func TestNobodyIsTold(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	with := func(email string) *answer {
		a := site.as("").post("/login", signIn(email, "wrong")).want(http.StatusUnprocessableEntity)
		a.Body = strings.ReplaceAll(a.Body, `value="`+email+`"`, `value="?"`)
		return a
	}
	for _, email := range []string{"rep12@demo.test", "REP12@demo.test", gone, "admin@demo.test"} {
		unknown := strings.Repeat("x", len(email)-len("@demo.test")) + "@demo.test" // as long, as it is shown again
		if d := difference(with(email), with(unknown)); d != "" {
			t.Errorf("the account of %s can be told from none: %s", email, d)
		}
	}
	for _, link := range []string{"x", site.person("rep@demo.test").ID + "." + strings.Repeat("A", 43), strings.Repeat("0", 26) + "." + strings.Repeat("A", 43)} {
		if d := difference(site.as("").get("/welcome/x"), site.as("").get("/welcome/"+link)); d != "" {
			t.Errorf("/welcome/%s: %s", link, d)
		}
	}
}

// TestOnlyPathsOfThisSite: whatever next is, the sign-in leads to this site.
func TestOnlyPathsOfThisSite(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	name, value := site.cookie("rep@demo.test")
	for _, next := range []string{
		"//e.example", `/\e.example`, "/\t/e.example", "/%09/e.example", "/%5ce.example", "https://e.example", "http:e.example",
		"javascript:alert(1)", " //e.example", "/\r\nSet-Cookie: a=b", "\x00/", "/\x0b/e.example", "/\x1f/e.example", "/\x7f/e.example", "e.example", `\\e.example`, "///e.example", "/.//e.example", "/..//e.example", "/%2f/e.example",
	} {
		c := site.as("")
		form := signIn("rep@demo.test", demo.Password)
		form.Set("next", next)
		a := c.post("/login", form)
		if strings.ContainsRune(next, 0) {
			a.want(http.StatusBadRequest)
			continue
		}
		to, err := mustURL(t, "http://learn.insidebox.test/login").Parse(a.want(http.StatusSeeOther).Header.Get("Location"))
		if err != nil || to.Host != "learn.insidebox.test" || strings.HasPrefix(to.EscapedPath(), "//") || len(a.Header.Values("Set-Cookie")) != 1 {
			t.Errorf("next %q leads to %q (%v)", next, a.Header.Get("Location"), err)
		}
		site.as("").get("/login?next=" + url.QueryEscape(next)).want(http.StatusOK)
	}
	c := site.as("")
	c.cookies[name] = value
	c.get("/").want(http.StatusOK)
}

// TestCompression: pages and files are sent compressed to who takes it and to nobody
// else, and are the same once unpacked.
func TestCompression(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	sheet := attr(site.as("").get("/login").all("link[rel=stylesheet]")[0], "href")
	for _, path := range []string{"/", "/courses/onboarding/the-box/reading-a-box", "/offerings/records-search", sheet} {
		refused := site.as("rep@demo.test").with("Accept-Encoding", "br, gzip;q=0").get(path).want(http.StatusOK)
		if got := refused.Header.Get("Content-Encoding"); got != "" {
			t.Errorf("%s: Content-Encoding %q for who takes no gzip", path, got)
		}
		plain := site.as("rep@demo.test").get(path).want(http.StatusOK)
		packed := site.as("rep@demo.test").with("Accept-Encoding", "gzip, br").get(path).want(http.StatusOK)
		if got := packed.Header.Get("Content-Encoding"); got != "gzip" || !strings.Contains(strings.Join(packed.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: Content-Encoding %q, Vary %q; want gzip and Accept-Encoding", path, got, packed.Header.Values("Vary"))
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader([]byte(packed.Body)))
		site.must(err)
		body, err := io.ReadAll(r)
		site.must(err)
		if string(body) != plain.Body {
			t.Errorf("%s: the page is another one when it is compressed", path)
		}
	}
}

// TestWhatPeopleTypeStaysText: names, notes and addresses come back escaped,
// wherever they are shown.
func TestWhatPeopleTypeStaysText(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	const evil = `<script>alert(1)</script>"><img src=x onerror=alert(1)>`
	rep := site.as("rep4@demo.test").with("User-Agent", "Firefox/1 "+evil)
	rep.post("/me", url.Values{"first": {evil}, "last": {evil}}).want(http.StatusSeeOther)
	rep.post("/me", url.Values{"first": {evil}, "zone": {evil}}).want(http.StatusUnprocessableEntity).silent("<script>alert", "<img src=x")
	form := signIn("rep4@demo.test", demo.Password)
	rep.post("/login", form).want(http.StatusSeeOther)
	manager := site.as("manager@demo.test")
	transcript := "/team/" + site.person("rep4@demo.test").ID
	manager.post(transcript+"/grants", url.Values{"quiz": {"the-box-check"}, "known": {"0"}, "note": {evil}}).want(http.StatusSeeOther)
	attempt := rep.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
	rep.post(attempt+"/submit", site.answersTo(attempt, true)).want(http.StatusSeeOther)
	site.drain()
	certificate := site.standing("rep4@demo.test").Evidence.Held[0].Certificate
	pages := []*answer{
		rep.get("/"), rep.get("/me"), rep.get("/courses/onboarding/the-box/reading-a-box"), rep.get("/certificates/" + certificate),
		site.as("").get("/verify/" + certificate), manager.get("/team"), manager.get(transcript), manager.get(attempt + "/result"),
		site.as("admin@demo.test").get("/admin/people"), site.as("admin@demo.test").get("/admin/people?q=" + url.QueryEscape(evil)),
		site.as("").get("/login?next=/" + url.QueryEscape(evil)), site.as("").post("/login", signIn(evil, "x")),
		site.as("").post(attempt+"/answers", url.Values{"q." + evil: {evil}}), site.as("admin@demo.test").post("/admin/people", url.Values{"email": {evil}, "first": {evil}}),
	}
	shown := 0
	for _, page := range pages {
		page.silent("<script>alert", "<img src=x", "\"><img")
		if strings.Contains(page.Body, "&lt;script&gt;") {
			shown++
		}
	}
	if shown < 10 {
		t.Errorf("only %d of %d pages showed the text at all, want 10 or more", shown, len(pages))
	}
}

// TestTrustedProxies: only what a trusted proxy says of an address counts.
func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	for trusted, want := range map[string]int{"127.0.0.1": http.StatusSeeOther, "192.0.2.200": http.StatusTooManyRequests} {
		site := newRig(t, withProxies(trusted))
		c := site.as("").with("X-Forwarded-For", "192.0.2.1")
		for range 20 {
			c.post("/login", signIn("rep@demo.test", "wrong")).want(http.StatusUnprocessableEntity)
		}
		c.post("/login", signIn("rep@demo.test", demo.Password)).want(http.StatusTooManyRequests)
		site.as("").with("X-Forwarded-For", "192.0.2.2").post("/login", signIn("rep@demo.test", demo.Password)).want(want)
	}
}
