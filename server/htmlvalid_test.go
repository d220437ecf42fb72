package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// strictPolicy is the content security policy of every page: nothing inline,
// nothing from elsewhere. It stands here once more so that loosening it is a
// decision, and not a slip.
const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// kinds keeps pages for html-validate: each that has an element, in its
// place, which no page of its template had before.
type kinds struct {
	folder string
	seen   map[string]bool   // template, and an element in its place
	from   map[string]string // file, and where it is from
}

func newKinds(t testing.TB) *kinds {
	return &kinds{t.TempDir(), map[string]bool{}, map[string]string{}}
}

var fileSigns = regexp.MustCompile(`[^a-z0-9]+`)

// add keeps a page, unless there is nothing new in it.
func (k *kinds) add(from string, a *answer) {
	a.t.Helper()
	if !k.hasNews(a.doc()) {
		return
	}
	file := filepath.Join(k.folder, fmt.Sprintf("%03d-%s.html", len(k.from), strings.Trim(fileSigns.ReplaceAllString(strings.ToLower(from), "-"), "-")))
	k.from[file] = from
	if err := os.WriteFile(file, []byte(a.Body), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// hasNews notes what a page is made of: each element by its name, class and
// attributes, in the two that hold it. In prose the template makes no
// difference.
func (k *kinds) hasNews(doc *html.Node) (news bool) {
	page := ""
	for n := range doc.Descendants() {
		page += attr(n, "data-page")
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		part := elementKind(n)
		inProse, depth := false, 0
		for p := range n.Ancestors() {
			if depth++; depth <= 2 {
				part = elementKind(p) + ">" + part
			}
			inProse = inProse || slices.Contains(strings.Fields(attr(p, "class")), "prose")
		}
		if !inProse {
			part = page + ":" + part
		}
		if !k.seen[part] {
			k.seen[part], news = true, true
		}
	}
	return news
}

func elementKind(n *html.Node) string {
	kind := n.Data + "." + attr(n, "class")
	for _, a := range n.Attr {
		kind += "," + a.Key
	}
	return kind
}

// A htmlFinding is html-validate's word on one file.
type htmlFinding struct {
	FilePath string `json:"filePath"`
	Messages []struct {
		RuleID   string `json:"ruleId"`
		Message  string `json:"message"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
		Selector string `json:"selector"`
		RuleURL  string `json:"ruleUrl"`
	} `json:"messages"`
}

// validate has html-validate look at all kinds of pages. The rules that are
// off, and why, are in .ci/web/htmlvalidate.config.cjs.
func (k *kinds) validate(t *testing.T) {
	if len(k.from) < 10 {
		t.Errorf("html-validate is given %d pages only", len(k.from))
	}
	t.Logf("html-validate looks at %d pages", len(k.from))
	for _, f := range htmlValidate(t, k.folder) {
		for _, m := range f.Messages {
			t.Errorf("%s: %s: %s\n  at   %s (line %d, column %d of the page)\n  see  %s", k.from[f.FilePath], m.RuleID, m.Message, m.Selector, m.Line, m.Column, m.RuleURL)
		}
	}
}

// htmlValidate runs html-validate over all files of a folder.
func htmlValidate(t *testing.T, folder string) (found []htmlFinding) {
	t.Helper()
	program := webTool(t, "html-validate/bin/html-validate.mjs")
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is missing: html-validate runs on it; take version 20 or newer from the system's packages")
	}
	config, err := filepath.Abs(filepath.Join("..", ".ci", "web", "htmlvalidate.config.cjs"))
	if err != nil {
		t.Fatal(err)
	}
	// To a file: what it has not yet written to a pipe when it exits is lost.
	list := filepath.Join(t.TempDir(), "found.json")
	said, err := exec.CommandContext(t.Context(), node, program, "--config", config, "--formatter", "json="+list, folder).CombinedOutput()
	out, readErr := os.ReadFile(list)
	if jsonErr := json.Unmarshal(out, &found); readErr != nil || jsonErr != nil {
		t.Fatalf("html-validate gave no list of findings: %v\n%s", errors.Join(err, readErr, jsonErr), brief(string(said)))
	}
	return found
}

// TestHTMLOfStates has html-validate look at the pages that no link leads to:
// refused forms, what went wrong, an attempt under way.
func TestHTMLOfStates(t *testing.T) {
	t.Parallel()
	site := newRig(t, withLook(namedLook))
	k := newKinds(t)
	for _, v := range views {
		if v.act == nil {
			k.add("the view "+v.name(), site.as(v.who).get(v.at(site, v.who)))
		}
	}
	for _, bad := range []struct {
		who, path string
		form      url.Values
		code      int
	}{
		{"", "/login", url.Values{"email": {"rep@demo.test"}, "password": {"outside-the-box"}}, http.StatusUnprocessableEntity},
		{"", invited("newest@demo.test")(site, ""), url.Values{"password": {"short"}}, http.StatusUnprocessableEntity},
		{"rep3@demo.test", "/me/password", url.Values{"current": {"no"}, "password": {"short"}}, http.StatusUnprocessableEntity},
		{"admin@demo.test", "/admin/people", url.Values{"email": {"nobody"}}, http.StatusUnprocessableEntity},
		{"rep3@demo.test", benchLesson + "/checks/1", url.Values{"q": {"0"}}, http.StatusOK},
	} {
		a := site.as(bad.who).post(bad.path, bad.form)
		if a.Code != bad.code {
			t.Errorf("%s %s is answered %d, want %d\n%s", bad.who, a.Asked, a.Code, bad.code, a.text())
		}
		k.add(bad.who+" "+a.Asked, a)
	}
	k.validate(t)
}

// TestHTMLValidateSeesFaults proves that it runs and fails a page for what it
// should.
func TestHTMLValidateSeesFaults(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const bad = `<!doctype html><html lang="en"><head><title>A</title></head><body><main><h1>A</h1><p><div>a</div></p><button>x</button><ul><p>b</p></ul><h4>c</h4></main></body></html>`
	if err := os.WriteFile(filepath.Join(folder, "bad.html"), []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range htmlValidate(t, folder) {
		for _, m := range f.Messages {
			rules = append(rules, m.RuleID)
		}
	}
	for _, want := range []string{"element-permitted-content", "heading-level", "close-order"} {
		if !slices.Contains(rules, want) {
			t.Errorf("html-validate has not seen the fault %s, only %q", want, rules)
		}
	}
}
