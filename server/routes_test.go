package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/server"
)

// TestEveryRouteHasAScript holds that each row of the route table is asked
// for in some script by nobody and, with success, by somebody: a new page
// comes with its script.
func TestEveryRouteHasAScript(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{} // "GET /courses/:course by nobody"
	routes := newRig(t).Server.Routes()
	for _, blocks := range scripts(t) {
		who := "nobody"
		for _, b := range blocks {
			for _, l := range b.before {
				if name, ok := strings.CutPrefix(l.text, "as "); ok {
					who = name
				}
			}
			note(asked, routes, b, who)
		}
	}
	for _, row := range routes {
		name := row.Method + " " + row.Path
		if !asked[name+" by nobody"] {
			t.Errorf("no script asks for %s as nobody; add it to a file in testdata/", name)
		}
		if !asked[name+" done"] {
			t.Errorf("no script asks for %s (%s) as somebody who may, and checks that it answers 2xx or 3xx; add it to a file in testdata/", name, row.Who)
		}
	}
}

// note records which route a block asks for, who asks, and whether it is to succeed.
func note(asked map[string]bool, routes []server.RouteRow, b block, who string) {
	m := requestLine.FindStringSubmatch(b.request.text)
	if m == nil || m[2] == "" && m[3] == "" {
		return
	}
	method, path := m[1], m[2]
	if m[3] != "" {
		method, path = http.MethodPost, m[3]
	}
	row, ok := routeOf(routes, method, path)
	if !ok {
		return
	}
	name := row.Method + " " + row.Path
	done := false
	for _, l := range b.checks {
		done = done || strings.HasPrefix(l.text, "code == 2") || strings.HasPrefix(l.text, "code == 30")
	}
	if who == "nobody" {
		asked[name+" by nobody"] = true
		done = done && row.Who == "anyone"
	}
	if done {
		asked[name+" done"] = true
	}
}

// routeOf finds the row that a path belongs to; ${…} stands for any part, or
// for a whole path of which nothing is known but its name.
func routeOf(routes []server.RouteRow, method, path string) (server.RouteRow, bool) {
	whole := map[string]string{
		"${certificate}": "/certificates/x", "${verify}": "/verify/x", "${address}": "/verify/x", "${link}": "/welcome/x",
		"${css}": "/static/x", "${js}": "/static/x", "${font}": "/static/x", "${asset}": "/assets/x/x",
	}
	if known, ok := whole[path]; ok {
		path = known
	}
	path, _, _ = strings.Cut(path, "?")
	for _, row := range routes {
		if row.Method == method && pathFits(row.Path, path) {
			return row, true
		}
	}
	return server.RouteRow{}, false
}

func pathFits(pattern, path string) bool {
	p, q := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i := range p {
		if strings.HasPrefix(p[i], "*") {
			return len(q) >= i
		}
		if i >= len(q) || p[i] != q[i] && !strings.HasPrefix(p[i], ":") {
			return false
		}
	}
	return len(p) == len(q)
}
