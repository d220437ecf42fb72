package server_test

import (
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/insidebox/insidebox/content"
)

// TestAnotherLibrary: data outlive the library that they were made with, and a request
// outlives the one that it began with. Every page and form of a site is asked again once
// another library is published, in which hardly anything has its name, before the pages
// follow and after: none fails. The same on the way back.
func TestAnotherLibrary(t *testing.T) {
	t.Parallel()
	other := os.DirFS("../programme/testdata/library")
	var tree atomic.Pointer[fs.FS]
	put := func(library fs.FS) { tree.Store(&library) }
	put(content.Sample())
	site := newRig(t, func(s *settings) { s.tree = func() fs.FS { return *tree.Load() } })
	site.playFatally("rep2@demo.test", false)
	site.beginPlay("rep9@demo.test", false)
	site.drain()
	sites := map[*client]*visited{}
	for _, who := range []string{"rep2@demo.test", "rep9@demo.test", "manager@demo.test", "author@demo.test", "ops@demo.test", "admin@demo.test"} {
		c := site.as(who)
		sites[c] = visitAll(c)
	}
	again := func(when string) {
		for c, v := range sites {
			v.again(t, c, when)
		}
	}
	for _, way := range []struct {
		to   string
		tree fs.FS
	}{{"another library", other}, {"the first one", content.Sample()}} {
		put(way.tree)
		changed, err := site.Prog.Reload(t.Context())
		if site.must(err); !changed {
			t.Fatalf("%s was not published", way.to)
		}
		again(way.to + " is published, and pages are made of the one before")
		site.must(site.Server.Refresh())
		again("pages are made of " + way.to)
		site.drain()
	}
}

// visited are the pages that somebody's links lead to, and the forms on them.
type visited struct {
	paths []string
	forms map[string]form // by action
}

func visitAll(c *client) *visited {
	v := &visited{paths: []string{"/"}, forms: map[string]form{}}
	seen := map[string]bool{"/": true}
	for next := 0; next < len(v.paths); next++ { // it grows on the way
		a := c.get(v.paths[next])
		if a.Code != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, n := range a.all("a[href]") {
			path, _, _ := strings.Cut(attr(n, "href"), "#")
			if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "/assets/") && !strings.HasPrefix(path, "/admin/profiles/") && !seen[path] {
				seen[path] = true
				v.paths = append(v.paths, path)
			}
		}
		for _, f := range a.forms() {
			if f.method == "post" && f.action != "/logout" {
				v.forms[f.action] = f
			}
		}
	}
	return v
}

func (v *visited) again(t *testing.T, c *client, when string) {
	t.Helper()
	for _, path := range v.paths {
		if a := c.get(path); a.Code >= http.StatusInternalServerError {
			t.Errorf("%s: %s gets %d for %s", when, c.who, a.Code, path)
		}
	}
	for action, f := range v.forms {
		if a := c.post(action, f.values); a.Code >= http.StatusInternalServerError {
			t.Errorf("%s: %s gets %d for the form of %s", when, c.who, a.Code, action)
		}
	}
}
