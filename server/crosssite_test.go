package server_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A sending is how a browser sends a form from somewhere.
type sending struct {
	name    string
	headers map[string]string
}

// foreignSendings come from pages that are not this site's.
var foreignSendings = []sending{
	{"another site", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}},
	{"another site, without an origin", map[string]string{"Sec-Fetch-Site": "cross-site"}},
	{"a sibling", map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://other.insidebox.test"}},
	{"a sandbox", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}},
	{"a sandbox, plain HTTP", map[string]string{"Origin": "null"}},
	{"another site, plain HTTP", map[string]string{"Origin": "http://evil.example"}},
	{"another port", map[string]string{"Origin": "http://learn.insidebox.test:8081"}},
	{"a name that begins like ours", map[string]string{"Origin": "http://learn.insidebox.test.evil.example"}},
	{"a name with us as its user", map[string]string{"Origin": "http://learn.insidebox.test@evil.example"}},
	{"no origin at all", map[string]string{"Origin": "://"}},
}

// TestCrossSite: a form that another site's page sends is refused on every
// route before anything is read, whoever is signed in; the same form is taken
// from this site, and from programs, which send no such headers.
func TestCrossSite(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://learn.insidebox.test", "https://learn.insidebox.test"} {
		site := newRig(t, withBase(base))
		posts := 0
		for _, row := range site.Server.Routes() {
			if row.Method != http.MethodPost {
				continue
			}
			posts++
			path := fillPath(row.Path, "x x x x")
			for _, from := range foreignSendings {
				for _, who := range []string{"", "rep@demo.test", "admin@demo.test"} {
					c := site.as(who)
					for name, value := range from.headers {
						c.with(name, value)
					}
					var a *answer
					cost := site.during(func() { a = c.post(path, url.Values{"first": {"Eve"}}) })
					if a.Code != http.StatusForbidden || len(cost) > 0 || len(a.Cookies) > 0 {
						t.Errorf("%s: POST %s from %s as %q: got %d, the store was asked %v, cookies %v; want 403 and nothing", base, row.Path, from.name, who, a.Code, cost, a.Cookies)
					}
				}
			}
		}
		if posts < 17 {
			t.Errorf("%d routes take a form, want 17 or more: this test sees too few", posts)
		}
		for _, headers := range []map[string]string{
			{}, {"Sec-Fetch-Site": "same-origin", "Origin": base}, {"Sec-Fetch-Site": "none"}, {"Origin": base}, {"Origin": site.URL},
		} {
			c := site.as("rep@demo.test")
			for name, value := range headers {
				c.with(name, value)
			}
			if a := c.post("/me", url.Values{"first": {"Robin"}}); a.Code != http.StatusSeeOther {
				t.Errorf("%s: a form with the headers %v: got %d, want 303", base, headers, a.Code)
			}
		}
	}
}

// TestNoMethodBut: what a request says of another method in a header or a
// field changes nothing, and methods that no route has are refused.
func TestNoMethodBut(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		c := site.as("rep@demo.test").with(name, http.MethodPost)
		cost := site.during(func() {
			c.get("/logout").want(http.StatusMethodNotAllowed)
			c.get("/me?first=Eve&_method=POST").want(http.StatusOK).silent("Eve")
			c.get("/me/sessions?session=x").want(http.StatusMethodNotAllowed)
			c.get("/login?email=rep2@demo.test&password=inside-the-box").want(http.StatusOK)
		})
		if len(cost.writes()) > 0 || len(c.cookies) != 1 {
			t.Errorf("%s: GET wrote %v, cookies %v", name, cost.writes(), slices.Collect(maps.Keys(c.cookies)))
		}
	}
	c := site.as("admin@demo.test")
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "CONNECTED"} {
		for _, path := range []string{"/me", "/admin/people", "/static/x"} {
			cost := site.during(func() {
				if a := c.send(method, path, "", ""); a.Code != http.StatusMethodNotAllowed || strings.Contains(a.Body, "TRACE ") {
					t.Errorf("%s %s: got %d, want 405", method, path, a.Code)
				}
			})
			if len(cost) > 0 {
				t.Errorf("%s %s asked the store: %v", method, path, cost)
			}
		}
	}
}
