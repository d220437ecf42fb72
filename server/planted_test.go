package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"github.com/insidebox/insidebox/content"
)

// A planted text is one vector in one place of the library.
type planted struct {
	kind   string // of the place: "title", "choice"
	file   string
	line   int
	before string // the line as it was
	mark   string
	vector string
}

// A placeOf finds the texts of one kind.
type placeOf struct {
	kind string
	line *regexp.Regexp
	yaml bool // it is a scalar of the front matter, and gets quoted
}

// in tells whether the kind is looked for in a file. Of the texts that share a
// line each has its turn.
func (p placeOf) in(file string, round int) bool {
	switch p.kind {
	case "title with an anchor":
		return strings.HasPrefix(file, "standard/") || strings.HasSuffix(file, ".scenario.md")
	case "ask":
		return round%3 == 0
	case "label":
		return round%3 == 1
	}
	return true
}

// signs are those with a meaning in HTML and templates, and none in an anchor.
const signs = `"'><&{{}}`

// placesOf are the places in a file where an author's own text stands, by kind.
// Each has one group before the text and one behind it.
var placesOf = []placeOf{
	{"field", regexp.MustCompile(`^(\s*(?:- )?(?:company|title|summary|note|label|ask|text|name|author|pass-text|unit-name): )([^\[{|>].*)()$`), true},
	{"criterion", regexp.MustCompile(`^(\s{8}- )([A-Z].*)()$`), true},
	{"ask", regexp.MustCompile(`^(.*ask: )"([^"]*)"(\}.*)$`), true},
	{"label", regexp.MustCompile(`^(.*label: )([^,}"]+)(, ask.*)$`), true},
	{"tier or dimension name", regexp.MustCompile(`^(.*names: \{[a-z-]+: )([^,}]+)(.*)$`), true},
	{"title with an anchor", regexp.MustCompile(`^(##+ )(.*)()$`), false}, // of a clause or a scene
	{"heading", regexp.MustCompile(`^(##+ )(.*)()$`), false},
	{"choice of a scenario", regexp.MustCompile(`^(- \[)(.*)(\]\(#.*\))$`), false},
	{"choice", regexp.MustCompile(`^(- \[[ x]\] )(.*)()$`), false},
	{"reason", regexp.MustCompile(`^(  > )(.*)()$`), false},
	{"feedback", regexp.MustCompile(`^(> )([^\[].*)()$`), false},
	{"alt text", regexp.MustCompile(`^(.*!\[)([^\]]*)(\]\(.*)$`), false},
	{"link", regexp.MustCompile(`^([^-!]*[^!]\[)([^\]]*)(\]\([^)#]+\.md.*)$`), false},
	{"caption", regexp.MustCompile(`^(.*!\[[^\]]*\]\([^ ]+ ")([^"]*)("\).*)$`), false},
	{"change", regexp.MustCompile(`^(- [a-z]+: \[[^\]]*\]\([^)]*\): )(.*)()$`), false},
	{"reason of a change", regexp.MustCompile(`^(Why: )(.*)()$`), false},
	{"cell", regexp.MustCompile(`^(\| )([A-Za-z][^|]*)( \|.*)$`), false},
	{"paragraph", regexp.MustCompile(`^()([A-Z“].*[.?!”])()$`), false},
}

// plant puts a vector behind every author's text of the library, another at
// each place and in each round.
func plant(t testing.TB, round int) (fstest.MapFS, []*planted) {
	t.Helper()
	tree := sampleFiles(t)
	var all []*planted
	seen := map[string]int{}
	for _, file := range sortedFiles(tree) {
		if !strings.HasSuffix(file, ".md") {
			continue
		}
		lines := strings.Split(string(tree[file].Data), "\n")
		front := 0 // 1 inside the front matter
		for i, line := range lines {
			if line == "---" && front < 2 {
				front++
			}
			for _, place := range placesOf {
				m := place.line.FindStringSubmatch(line)
				if m == nil || place.yaml != (front == 1) || !place.in(file, round) {
					continue
				}
				p := &planted{kind: place.kind, file: file, line: i + 1, before: line, mark: fmt.Sprintf("qzx%dx", len(all)), vector: vectors[(seen[place.kind]+round*17)%len(vectors)]}
				seen[place.kind]++
				text := m[2] + " " + p.mark + " " + p.vector
				if place.kind == "title with an anchor" { // letters would change the anchor
					p.mark, p.vector, text = signs, signs, m[2]+signs
				}
				if place.yaml {
					text = "'" + strings.ReplaceAll(strings.Trim(m[2], `"'`)+" "+p.mark+" "+p.vector, "'", "''") + "'"
				}
				lines[i] = m[1] + text + m[3]
				all = append(all, p)
				break
			}
		}
		tree[file] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	}
	return tree, all
}

func sortedFiles(tree fstest.MapFS) (list []string) {
	for file := range tree {
		list = append(list, file)
	}
	slices.Sort(list)
	return list
}

// weed takes out what check refuses, until the rest loads.
func weed(t testing.TB, tree fstest.MapFS, all []*planted) []*planted {
	t.Helper()
	for range 30 {
		_, findings := content.Load(tree, content.Options{Now: opening})
		bad := map[string][]int{}
		for _, f := range findings {
			if f.Error {
				bad[f.File] = append(bad[f.File], f.Line)
			}
		}
		if len(bad) == 0 {
			return all
		}
		left := all[:0:0]
		for _, p := range all {
			near := slices.ContainsFunc(bad[p.file], func(line int) bool { return line == p.line })
			if !near && len(bad[p.file]) > 0 && !slices.ContainsFunc(all, func(o *planted) bool { return o.file == p.file && slices.Contains(bad[p.file], o.line) }) {
				near = true // the fault is told elsewhere in the file
			}
			if !near {
				left = append(left, p)
				continue
			}
			lines := strings.Split(string(tree[p.file].Data), "\n")
			lines[p.line-1] = p.before
			tree[p.file] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
		}
		if len(left) == len(all) {
			t.Fatalf("the planted library does not load, and no plant is to blame: %v", findings[0])
		}
		all = left
	}
	t.Fatal("the planted library does not load")
	return nil
}

// TestScriptsOfAuthors plants vectors in every author's text that check lets
// through, and looks at every page: nothing runs, and the text is shown as text.
func TestScriptsOfAuthors(t *testing.T) {
	t.Parallel()
	kinds, tried := map[string]int{}, map[string]bool{}
	for round := range 3 {
		tree, all := plant(t, round)
		all = weed(t, tree, all)
		shown := readPlanted(t, tree)
		for _, p := range all {
			text := shown[p.mark]
			if text != "" {
				kinds[p.kind]++
				tried[p.vector] = true
			}
			if p.kind == "field" && len(text) > len(p.mark) && !strings.Contains(text, strings.Join(strings.Fields(p.vector), " ")) {
				t.Errorf("%s:%d: %q is shown as %q", p.file, p.line, p.vector, text)
			}
		}
	}
	for _, kind := range []string{"field", "heading", "choice of a scenario", "choice", "reason", "feedback", "alt text", "link", "change", "reason of a change", "paragraph", "ask", "label", "tier or dimension name", "criterion", "title with an anchor"} {
		if kinds[kind] == 0 {
			t.Errorf("no planted %s was shown on any page; shown were %v", kind, kinds)
		}
	}
	if len(tried) < len(vectors)*4/5 {
		t.Errorf("%d of %d vectors were shown somewhere: this test sees too little", len(tried), len(vectors))
	}
	t.Logf("%d vectors of %d shown, by kind of place: %v", len(tried), len(vectors), kinds)
}

var plantedMark = regexp.MustCompile(`qzx\d+x|` + regexp.QuoteMeta(signs))

// readPlanted reads every page as a rep, a manager and the author, takes the
// quiz and plays the scenarios, and judges each page. It returns, by mark, the
// text that was shown from there on.
func readPlanted(t *testing.T, tree fstest.MapFS) map[string]string {
	t.Helper()
	site := newRig(t, withTree(tree))
	shown := map[string]string{}
	look := func(a *answer) *answer {
		t.Helper()
		if a.Code >= 500 {
			t.Errorf("%s: %d", a.Asked, a.Code)
		}
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			return a
		}
		if got := harmful(a.doc()); len(got) > 0 {
			t.Errorf("%s: %v", a.Asked, got)
		}
		for n := range a.doc().Descendants() {
			texts := []string{n.Data}
			if n.Type == html.ElementNode {
				texts = nil
				for _, at := range n.Attr {
					texts = append(texts, at.Val)
				}
			}
			for _, text := range texts {
				for _, at := range plantedMark.FindAllStringIndex(text, -1) {
					mark := text[at[0]:at[1]]
					if now := strings.Join(strings.Fields(text[at[0]:]), " "); len(now) > len(shown[mark]) {
						shown[mark] = now
					}
				}
			}
		}
		return a
	}
	takeAll(site, look)
	for _, who := range []string{"rep@demo.test", "manager@demo.test", "author@demo.test"} {
		readEverything(site.as(who), look)
	}
	return shown
}

// takeAll takes every quiz and plays every scenario to its end, as a rep.
func takeAll(site *rig, look func(*answer) *answer) {
	site.Helper()
	rep := site.as("rep11@demo.test")
	for _, q := range site.Prog.Shelf.Library().Quizzes() {
		page := look(rep.post("/quizzes/"+q.ID+"/attempts", nil)).want(http.StatusSeeOther).Header.Get("Location")
		look(rep.get(page))
		look(rep.get(page + "/review"))
		look(rep.post(page+"/submit", site.answersTo(page, false)))
		look(rep.get(page + "/result"))
		look(site.as("manager2@demo.test").get(page + "/result"))
	}
	for _, sc := range site.Prog.Shelf.Library().Scenarios() {
		id, err := site.Prog.Play(site.Context(), site.person("rep11@demo.test").ID, sc.ID)
		site.must(err)
		for _, c := range site.path(id, bestPath) {
			look(rep.get("/attempts/" + id))
			look(rep.post("/attempts/"+id+"/choose", c.form()))
		}
		look(rep.get("/attempts/" + id + "/result"))
		look(site.as("manager2@demo.test").get("/attempts/" + id + "/result"))
	}
	for _, ls := range site.Prog.Shelf.Library().Lessons() {
		for n := range ls.Checks {
			look(rep.post(fmt.Sprintf("%s/checks/%d", ls.URL, n+1), url.Values{"q": {"0"}}))
		}
	}
}

// readEverything follows every link of somebody's.
func readEverything(c *client, look func(*answer) *answer) {
	seen, todo := map[string]bool{}, []string{"/", "/search?q=qzx", "/can-sell", "/changes", "/help/glossary"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		a := look(c.get(path))
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, n := range a.all("a[href]") {
			if href, _, _ := strings.Cut(attr(n, "href"), "#"); strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
				todo = append(todo, href)
			}
		}
	}
}
