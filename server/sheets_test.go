package server_test

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/insidebox/insidebox/static"
)

// styled says in which style sheets a class has rules.
type styled map[string][]string

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssBody    = regexp.MustCompile(`(?s)\{[^{}]*\}`)
	cssClass   = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	cssBeside  = regexp.MustCompile(`(?::is\([^()]*\)|[^\s,>+~(){}]+)\s*[+~]`) // whom a rule's element stands beside
	passing    = []string{"last.css", "18-motion.css", "02-ground.css"}        // what is said of a class there is not what it is made of
)

// readStyled reads the selectors of all parts of all sheets.
func readStyled(t testing.TB) styled {
	t.Helper()
	s := styled{}
	err := fs.WalkDir(static.Embedded(), "css", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(static.Embedded(), file)
		if err != nil {
			return err
		}
		if slices.Contains(passing, path.Base(file)) {
			return nil
		}
		sheet := file
		if dir := path.Dir(file); dir != "css" {
			sheet = dir + ".css"
		}
		selectors := cssBody.ReplaceAllString(cssComment.ReplaceAllString(string(text), ""), " ")
		selectors = cssBeside.ReplaceAllString(selectors, " ")
		for _, m := range cssClass.FindAllStringSubmatch(selectors, -1) {
			if !slices.Contains(s[m[1]], sheet) {
				s[m[1]] = append(s[m[1]], sheet)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// missing lists the classes of a page that have rules, but in no sheet that
// the page links.
func (s styled) missing(a *answer) []string {
	linked := map[string]bool{}
	var classes []string
	for n := range a.doc().Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "link" && attr(n, "rel") == "stylesheet" {
			linked[hashed.ReplaceAllString(strings.TrimPrefix(attr(n, "href"), "/static/"), ".")] = true
		}
		classes = append(classes, strings.Fields(attr(n, "class"))...)
	}
	slices.Sort(classes)
	return slices.DeleteFunc(slices.Compact(classes), func(class string) bool {
		in := s[class]
		return len(in) == 0 || slices.Contains(modifiers, class) || slices.ContainsFunc(in, func(sheet string) bool { return linked[sheet] })
	})
}

// modifiers are classes that mean something only beside another one.
var modifiers = []string{"open", "practice"}

var hashed = regexp.MustCompile(`\.[0-9a-f]{10}\.`)

// TestMissingSheetsShow proves that the crawl's look at style sheets sees a
// page that lacks one.
func TestMissingSheetsShow(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	all := readStyled(t)
	page := site.as("manager@demo.test").get("/team").want(200)
	if got := all.missing(page); len(got) > 0 {
		t.Errorf("the board lacks rules for %v", got)
	}
	page.Body = strings.Replace(page.Body, "/static/css/people.", "/static/css/other.", 1)
	page.parsed = nil
	if got := all.missing(page); len(got) == 0 {
		t.Error("without its sheet the board lacks nothing")
	}
}

// TestErrorPagesHaveTheirSheets looks at pages that no link leads to.
func TestErrorPagesHaveTheirSheets(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	all := readStyled(t)
	for name, page := range map[string]*answer{
		"not found, to nobody": site.as("").get("/nothing").want(404),
		"not found":            site.as("rep@demo.test").get("/nothing").want(404),
		"forbidden":            site.as("rep@demo.test").get("/team").want(403),
		"from another site":    site.as("").with("Sec-Fetch-Site", "cross-site").post("/login", nil).want(403),
	} {
		if got := all.missing(page); len(got) > 0 {
			t.Errorf("the page %q lacks rules for %v", name, got)
		}
	}
}
