package server_test

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/net/html"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/templates"
)

// done are the pages of which every sentence is among the words. Of the others
// the test says what is missing; put a page in when nothing is.
var done = strings.Fields(`account accounts author brief brief-new briefs can-sell certificate certificates certification changes course courses debrief error help help-page home kept
	lesson login me module offering handoff handoff-new handoffs offerings people play practice quiz request request-new requests limit limits unclear promote result review scenario search sheet team transcript
	verify welcome`)

// TestAllTextIsInWords serves the site in a language of its own, in which each
// sentence is that of English between ⟦ and ⟧, and reads every page as
// everyone. What has letters and no brackets did not come from the words. It
// may be there when a lang attribute says that an author wrote it, when
// translate="no" says that it is data, on a key of the keyboard, or when it is the name of a person or a
// team or a customer or the title of something in the library, or of a request.
func TestAllTextIsInWords(t *testing.T) {
	t.Parallel()
	site := newRig(t, withLook(func() (server.Look, error) {
		l, err := look()
		l.Templates = pseudo(t)
		return l, err
	}))
	r := &reader{t: t, names: site.namesAndTitles(), found: map[string]map[string]string{}}
	for _, who := range everyone {
		r.everywhere(site.as(who).with("Accept-Language", pseudoTag), who)
	}
	r.onlyByForms(site)
	for _, file := range must(fs.Glob(templates.FS(), "pages/*.html"))(t) {
		page := strings.TrimSuffix(path.Base(file), ".html")
		missing := r.found[page]
		report := t.Logf
		if slices.Contains(done, page) {
			report = t.Errorf
		}
		if missing == nil {
			report("%s: nobody came there", page)
		}
		for _, text := range slices.Sorted(maps.Keys(missing)) {
			report("%s: %q is not among the words (%s)", page, text, missing[text])
		}
	}
}

// pseudoTag is a language whose plural rules are those of English.
const pseudoTag = "eo"

// pseudo are the templates with one language more, in which pages say which
// they are.
func pseudo(t *testing.T) fs.FS {
	t.Helper()
	tree := fstest.MapFS{}
	err := fs.WalkDir(templates.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templates.FS(), name)
		if file, isPage := strings.CutPrefix(name, "pages/"); isPage {
			text = []byte(strings.Replace(string(text), `{{define "main"}}`, `{{define "main"}}<i data-page="`+strings.TrimSuffix(file, ".html")+`"></i>`, 1))
		}
		tree[name] = &fstest.MapFile{Data: text}
		if file, isEnglish := strings.CutPrefix(name, "words/en/"); isEnglish {
			var sentences map[string]any
			if err := yaml.Unmarshal(text, &sentences); err != nil {
				return err
			}
			wrapped, err := yaml.Marshal(wrap(sentences))
			if err != nil {
				return err
			}
			tree["words/"+pseudoTag+"/"+file] = &fstest.MapFile{Data: wrapped}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// wrap puts every sentence of a file between the brackets.
func wrap(v any) any {
	if group, ok := v.(map[string]any); ok {
		for key, one := range group {
			group[key] = wrap(one)
		}
		return group
	}
	return fmt.Sprintf("⟦%v⟧", v)
}

// namesAndTitles are the texts that stand on pages as they are.
func (r *rig) namesAndTitles() *strings.Replacer {
	r.Helper()
	list := []string{"insidebox"}
	for _, email := range append(everyone[1:], "rep11@demo.test", "gone@demo.test") {
		p := r.person(email)
		list = append(list, p.Name(), p.First, p.Email)
	}
	lib := r.Prog.Shelf.Library()
	list = append(list, lib.Company, lib.Title)
	for _, c := range lib.Certifications {
		list = append(list, c.Title)
	}
	list = append(list, titlesOf(lib)...)
	list = append(list, "Team North", "Team South")
	for _, open := range []bool{true, false} { // in a page's title
		requests, _, err := r.Prog.Requests(r.Context(), open, store.Cursor{}, 100)
		r.must(err)
		for _, q := range requests {
			list = append(list, q.Title)
		}
	}
	for _, words := range []string{"Thursdays", "every loan"} {
		list = append(list, r.handoffWith(words).Title)
	}
	accounts, _, err := r.Prog.Accounts(r.Context(), "", store.Cursor{}, 100)
	r.must(err)
	for _, a := range accounts {
		list = append(list, a.Name)
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // a title in another's goes last
	var pairs []string
	for _, text := range list {
		if strings.TrimSpace(text) != "" {
			pairs = append(pairs, text, "")
		}
	}
	return strings.NewReplacer(pairs...)
}

func titlesOf(lib *content.Library) (list []string) {
	for _, o := range lib.Offerings {
		list = append(list, o.Title)
		for _, c := range o.Clauses {
			list = append(list, c.Title)
		}
	}
	for _, p := range lib.Practices {
		list = append(list, p.Title)
		for _, c := range p.Clauses {
			list = append(list, c.Title)
		}
	}
	for _, c := range lib.Courses {
		list = append(list, c.Title)
		for _, m := range c.Modules {
			list = append(list, m.Title)
			for _, l := range m.Lessons {
				list = append(list, l.Title)
			}
		}
	}
	for _, q := range lib.Quizzes() {
		list = append(list, q.Title)
	}
	for _, s := range lib.Scenarios() {
		list = append(list, s.Title)
	}
	return list
}

// A reader goes through pages and notes what did not come from the words.
type reader struct {
	t     *testing.T
	names *strings.Replacer
	found map[string]map[string]string // by page: text -> where it was
}

// alike is how many pages of one kind one person reads.
const alike = 3

var number = regexp.MustCompile(`[0-9A-Z]{26}|\d+`)

// everywhere follows links from the home page on.
func (r *reader) everywhere(c *client, who string) {
	seen, kinds := map[string]bool{}, map[string]int{}
	for todo := []string{"/", "/no-such-page", "/me", "/search", "/search?q=turn", "/search?q=xyzzy", "/team", "/author", "/admin/people", "/help/design"}; len(todo) > 0; todo = todo[1:] {
		at := todo[0]
		kind := kindOf(at)
		if seen[at] || kinds[kind] >= alike {
			continue
		}
		seen[at] = true
		kinds[kind]++
		a := c.get(at)
		if a.Code == http.StatusSeeOther {
			todo = append(todo, a.Header.Get("Location"))
		}
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		r.read(a, at+" as "+who)
		for n := range a.doc().Descendants() {
			if n.Type == html.ElementNode && n.Data == "a" && !hasAttr(n, "download") && strings.HasPrefix(attr(n, "href"), "/") && !strings.HasPrefix(attr(n, "href"), "/assets/") {
				target, _, _ := strings.Cut(attr(n, "href"), "#")
				todo = append(todo, target)
			}
		}
	}
}

// kindOf is the first part of a path and how long it is: pages of one kind
// say the same sentences.
func kindOf(at string) string {
	before, query, _ := strings.Cut(at, "?")
	parts := strings.Split(before, "/")
	last := parts[len(parts)-1]
	if len(parts) < 4 || number.MatchString(last) {
		last = ""
	}
	return fmt.Sprint(parts[1], len(parts), last, query != "")
}

// onlyByForms reads what a link never leads to.
func (r *reader) onlyByForms(site *rig) {
	send := func(email, path string, form url.Values) *answer {
		a := site.as(email).with("Accept-Language", pseudoTag).post(path, form)
		if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			r.read(a, "POST "+path)
		}
		return a
	}
	send("", "/login", url.Values{"email": {"rep@demo.test"}, "password": {"no"}})
	send("", "/login", url.Values{"email": {"gone@demo.test"}, "password": {"inside-the-box"}})
	send("", "/login", url.Values{"email": {"rep@demo.test"}, "password": {"inside-the-box"}, "form": {"/requests"}, "carry.title": {"x"}})
	send("rep@demo.test", "/me", url.Values{"zone": {"Mars"}, "language": {"xx"}})
	send("rep@demo.test", "/me", url.Values{"first": {"A"}, "zone": {"Mars"}})
	send("rep@demo.test", "/me/password", url.Values{"current": {"inside-the-box"}, "password": {"short"}})
	send("rep@demo.test", "/me/password", url.Values{"current": {"no"}, "password": {"a long enough phrase"}})
	send("rep@demo.test", "/admin/people", nil)
	send("rep@demo.test", "/certifications/sell-records-search/renew", nil)
	send("admin@demo.test", "/admin/people", url.Values{"email": {"x"}, "roles": {"emperor"}})
	added := send("admin@demo.test", "/admin/people", url.Values{"email": {"new@demo.test"}, "first": {"Robin"}, "roles": {"rep"}})
	if link := regexp.MustCompile(`/welcome/[\w.-]+`).FindString(added.Body); link != "" {
		send("", link, url.Values{"password": {"short"}})
		r.read(site.as("").with("Accept-Language", pseudoTag).get(link), link)
	}
	started := send("rep@demo.test", "/quizzes/the-box-check/attempts", nil).Header.Get("Location")
	r.everywhereFrom(site, "rep@demo.test", started, started+"/review")
	send("rep@demo.test", started+"/submit", site.answersTo(started, false))
	r.everywhereFrom(site, "rep@demo.test", started+"/result", "/quizzes/the-box-check")
	for _, play := range site.Prog.Shelf.Library().Scenarios() {
		r.play(site, play.ID)
	}
}

// play plays a scenario to its end, by the first choice that is open.
func (r *reader) play(site *rig, id string) {
	rep := site.as("rep2@demo.test").with("Accept-Language", pseudoTag)
	r.read(rep.get("/scenarios/"+id), "/scenarios/"+id)
	at := rep.post("/scenarios/"+id+"/attempts", nil).Header.Get("Location")
	for strings.HasPrefix(at, "/attempts/") {
		page := rep.get(at)
		r.read(page, at)
		choices := page.all("button[name=choice]")
		if len(choices) == 0 {
			return
		}
		step := page.all("input[name=step]")
		at = rep.post(at+"/choose", url.Values{"step": {attr(step[0], "value")}, "choice": {attr(choices[0], "value")}}).Header.Get("Location")
	}
}

func (r *reader) everywhereFrom(site *rig, email string, paths ...string) {
	for _, at := range paths {
		r.read(site.as(email).with("Accept-Language", pseudoTag).get(at), at)
	}
}

// read notes what a page says that did not come from the words.
func (r *reader) read(a *answer, where string) {
	r.t.Helper()
	page := ""
	for n := range a.doc().Descendants() {
		page += attr(n, "data-page")
	}
	if page == "" {
		if a.Code == http.StatusOK {
			r.t.Errorf("%s is a page that does not say which", where)
		}
		return
	}
	if r.found[page] == nil {
		r.found[page] = map[string]string{}
	}
	depth := 0
	r.element(a.doc(), page, where, &depth)
	if depth != 0 {
		r.t.Errorf("%s: a sentence is cut off", where)
	}
}

// spoken are the attributes that are read out or shown.
var spoken = []string{"title", "aria-label", "placeholder", "alt", "data-said"}

func (r *reader) element(n *html.Node, page, where string, depth *int) {
	if n.Type == html.TextNode {
		r.text(n.Data, page, where, depth)
		return
	}
	if n.Type == html.ElementNode {
		if n.Data == "script" || n.Data == "style" || n.Data == "kbd" || attr(n, "translate") == "no" || n.Data != "html" && hasAttr(n, "lang") {
			return
		}
		for _, name := range spoken {
			inside := 0
			r.text(attr(n, name), page, where, &inside)
		}
	}
	for c := range n.ChildNodes() {
		r.element(c, page, where, depth)
	}
}

// text notes what stands outside of all brackets and has letters.
func (r *reader) text(text, page, where string, depth *int) {
	var outside strings.Builder
	for _, c := range text {
		switch {
		case c == '⟦':
			*depth++
		case c == '⟧':
			*depth--
			outside.WriteByte(' ')
		case *depth == 0:
			outside.WriteRune(c)
		}
	}
	rest := strings.Join(strings.Fields(r.names.Replace(outside.String())), " ")
	if strings.ContainsFunc(rest, unicode.IsLetter) {
		r.found[page][rest] = where
	}
}

// must unwraps what can't fail in a test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestReaderFindsFaults proves that the reader sees what is wrong.
func TestReaderFindsFaults(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`<p>⟦said⟧</p>`: "", `<p>⟦said <b>with</b> tags⟧ 12</p>`: "", `<p lang="en">written</p>`: "", `<p translate="no">data</p>`: "",
		`<p>⟦said⟧: Ana Ruiz</p>`: "", `<p>plain</p>`: "plain", `<p>⟦said⟧ plain</p>`: "plain", `<a title="plain">⟦said⟧</a>`: "plain",
		`<p>⟦said by ⟦a⟧ one⟧ and plain</p>`: "and plain", `<img alt="plain">`: "plain", `<input placeholder="plain">`: "plain", `<b aria-label="plain"></b>`: "plain",
	} {
		doc := must(html.Parse(strings.NewReader(body)))(t)
		r := &reader{t: t, names: strings.NewReplacer("Ana Ruiz", ""), found: map[string]map[string]string{"p": {}}}
		depth := 0
		r.element(doc, "p", "here", &depth)
		got := strings.Join(slices.Collect(maps.Keys(r.found["p"])), " ")
		if got != want || depth != 0 {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}
