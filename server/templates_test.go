package server

import (
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/templates"
)

// bodies are what each page's template is executed with, with nothing in it
// but what is always there.
func bodies() map[string]any {
	return map[string]any{
		"accounts": accountsPage{}, "account": accountPage{}, "requests": requestsPage{}, "request": requestPage{}, "request-new": requestNewPage{}, "limits": limitsPage{}, "limit": limitPage{}, "unclear": unclearPage{}, "promote": promotePage{},
		"briefs": briefsPage{}, "brief": briefPage{}, "brief-new": briefNewPage{},
		"handoffs": handoffsPage{}, "handoff": handoffPage{}, "handoff-new": handoffNewPage{},
		"author": authorPage{}, "certificate": certificatePage{}, "certificates": certificatesPage{},
		"certification": certificationPage{Certification: &certify.Certification{}}, "changes": changesPage{},
		"course": coursePage{}, "courses": coursesPage{}, "debrief": &debriefPage{}, "error": errorPage{}, "kept": keptPage{}, "home": homePage{},
		"help": helpIndex{}, "help-page": helpPage{}, "help-design": []showing(nil),
		"lesson": lessonPage{Lesson: &content.Lesson{}, Module: &content.Module{}}, "login": loginPage{}, "me": mePage{},
		"module": modulePage{Module: &content.Module{}}, "offering": offeringPage{Offering: &content.Offering{}},
		"offerings": offeringsPage{}, "people": adminPage{}, "play": playPage{}, "profiles": profilesPage{}, "can-sell": canSellPage{}, "compare": comparePage{}, "practice": practicePage{Practice: &content.Practice{}},
		"quiz": quizCoverPage{Quiz: &content.Quiz{}}, "result": &resultPage{}, "review": reviewPage{},
		"scenario": scenarioCoverPage{Scenario: &content.Scenario{}}, "search": searchPage{}, "sheet": sheetPage{},
		"team": teamPage{}, "transcript": &transcriptPage{}, "verify": verifyPage{}, "welcome": welcomePage{},
	}
}

// pieces are what each partial that is executed by itself is executed with.
func pieces() map[string]any {
	return map[string]any{
		"lesson-unread": lessonEnd{}, "lesson-read": lessonEnd{}, "path-step": step{}, "top": top{}, "question": questionView{},
		"check-answer": checkAnswer{}, "notices": layout{}, "suggestions": searchPage{}, "open-box": struct{}{},
		"scene": sceneView{}, "meters": []meterView{}, "attempts": []attemptLine{},
		"keys-dialog": helpPage{}, "empty": emptyState{}, "art-box": "", "art-open": "", "art-done": "", "art-path": "", "art-inbox": "",
		"sparkline": (*sparkline)(nil), "bars": (*barChart)(nil),
	}
}

// TestTemplates executes every page with nothing in it, with everything, and
// with everything and no flag set: each gives whole HTML, with what people
// wrote escaped. A page without a line here fails.
func TestTemplates(t *testing.T) {
	t.Parallel()
	p := parsedPages(t)
	for name, body := range bodies() {
		if p.mains[name] == nil {
			t.Errorf("there is no template pages/%s.html", name)
			continue
		}
		for kind, data := range shapes(body) {
			lay := layout{Title: "T", Lang: "en"}
			if kind == "full" {
				filler{flag: true}.fill(reflect.ValueOf(&lay).Elem(), "", 0)
			}
			lay.Sheets = sheets[name]
			out, err := p.execute(name, root{Layout: lay, Body: data})
			if err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
				continue
			}
			wholeHTML(t, name+", "+kind, string(out))
		}
	}
	for name := range p.mains {
		if _, ok := bodies()[name]; !ok {
			t.Errorf("pages/%s.html is not tested: name its struct in bodies()", name)
		}
	}
	for name, data := range pieces() {
		for kind, data := range shapes(data) {
			out, err := p.fragment(name, data)
			if err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
				continue
			}
			wholeHTML(t, name+", "+kind, string(out))
		}
	}
}

func parsedPages(t *testing.T) *pages {
	t.Helper()
	files, err := static.Load(static.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsePages(readFiles(t), files, theWords(t).Match("en"), "en")
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(templates.FS(), "pages/*.html")
	if err != nil || len(names) != len(p.mains) {
		t.Fatalf("%d of %d pages were parsed: %v", len(p.mains), len(names), err)
	}
	return p
}

func readFiles(t *testing.T) []templateFile {
	t.Helper()
	files, err := readTemplates(templates.FS())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// shapes are a page's struct as it is given, full, and full with no flag set.
func shapes(body any) map[string]any {
	all := map[string]any{"empty": body}
	for kind, f := range map[string]filler{"full": {flag: true}, "no flags": {}} {
		v := reflect.New(reflect.TypeOf(body))
		f.fill(v.Elem(), "", 0)
		all[kind] = v.Elem().Interface()
	}
	return all
}

// A filler puts something into every field.
type filler struct{ flag bool }

// evil is in every text that people may have written.
const evil = `A “B” <i>c</i> & 'd' "e"`

// rendered are the fields that hold HTML, which the content room made: what
// a template may pass on as it is. Everything else is text.
var rendered = strings.Fields(`Certification.Text ChangeLine.HTML Clause.HTML Module.Intro Offering.Fits Offering.History Offering.Intro
	Practice.Intro Quiz.Intro certificatePage.Text changeView.Why checkAnswer.Feedback checkAnswer.Key checkAnswer.Reasons
	checkView.Options checkView.Stem journey.Intro lessonBlock.HTML optionView.Text questionView.Stem
	Hint.Stem Hint.Feedback HintOption.Text HintOption.Reason Scenario.Intro beat.HTML beat.Said debriefPage.EndHTML debriefStep.Better
	debriefStep.Choice debriefStep.Reason offerView.Text sceneView.HTML sceneView.Said`)

// maxDepth bounds how deep a filler goes: modules hold lessons, which hold modules.
const maxDepth = 7

func (f filler) fill(v reflect.Value, field string, depth int) {
	if depth > maxDepth || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text(v.Type(), field))
	case reflect.Bool:
		v.SetBool(f.flag)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), field, depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.fill(v.Index(i), field, depth+1)
		}
	case reflect.Map:
		f.fillMap(v, field, depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			f.fill(v.Field(i), v.Type().Name()+"."+v.Type().Field(i).Name, depth+1)
		}
	}
}

func (f filler) fillMap(v reflect.Value, field string, depth int) {
	v.Set(reflect.MakeMap(v.Type()))
	if v.Type().Key().Kind() != reflect.String {
		return
	}
	for _, key := range []string{"email", "first", "last", "password", "current", "zone", "team", "roles"} {
		value := reflect.New(v.Type().Elem()).Elem()
		f.fill(value, field, depth+1)
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
	}
}

func (f filler) text(t reflect.Type, owned string) string {
	_, field, _ := strings.Cut(owned, ".")
	switch {
	case t.Name() == "HTML":
		return "<p>made by us</p>"
	case slices.Contains(rendered, owned):
		return "<em>made by authors</em>"
	case strings.Contains(field, "URL"), field == "Action", field == "Open", field == "Next", field == "First":
		return "/x?y=1&z=2"
	case field == "Class", field == "Kind", field == "Wide", field == "Lang":
		return "inside"
	default:
		return evil
	}
}

// wholeHTML holds that tags are balanced and that text stayed text.
func wholeHTML(t *testing.T, name, out string) {
	t.Helper()
	for _, problem := range unbalanced(out) {
		t.Errorf("%s: %s", name, problem)
	}
	if strings.Contains(out, "<i>c</i>") {
		t.Errorf("%s: what people write comes out as HTML", name)
	}
	for _, sign := range []string{"<no value>", "%!", "ZgotmplZ", "<nil>", "0001-01-01", "&lt;p&gt;made", "&lt;em&gt;made"} {
		if at := strings.Index(out, sign); at >= 0 {
			t.Errorf("%s: %q comes out in %q", name, sign, out[max(0, at-120):min(len(out), at+60)])
		}
	}
}

// void are the elements that have no end.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// unbalanced lists what is wrong with the nesting of the tags.
func unbalanced(out string) (problems []string) {
	z := html.NewTokenizer(strings.NewReader(out))
	var open []string
	svg := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				problems = append(problems, fmt.Sprintf("%v are never closed", open))
			}
			return problems
		case html.StartTagToken:
			name, _ := z.TagName()
			if tag := string(name); !slices.Contains(void, tag) {
				open = append(open, tag)
				if tag == "svg" {
					svg++
				}
			}
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			if tag := string(name); !slices.Contains(void, tag) && svg == 0 {
				problems = append(problems, fmt.Sprintf("<%s/> closes nothing outside a picture", tag))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := string(name)
			if len(open) == 0 || open[len(open)-1] != tag {
				return append(problems, fmt.Sprintf("</%s> closes %v", tag, open))
			}
			open = open[:len(open)-1]
			if tag == "svg" {
				svg--
			}
		}
	}
}

// TestUnbalanced proves that the check sees what is wrong.
func TestUnbalanced(t *testing.T) {
	t.Parallel()
	for out, want := range map[string]string{
		"<p>a<br>b</p>":                      "",
		`<svg><use href="#a"/></svg>`:        "",
		"<div><p>a</div>":                    "</div> closes [div p]",
		"<div>":                              "[div] are never closed",
		"</div>":                             "</div> closes []",
		"<span/>":                            "<span/> closes nothing",
		`<p class="a" title="</div>">a</p>`:  "",
		"<ul><li>a</li><li>b</ul></li></ul>": "</ul> closes [ul li]",
	} {
		if got := strings.Join(unbalanced(out), "; "); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", out, got, want)
		}
	}
}

// TestBrokenTemplatesStopTheStart: what is wrong is named with its file.
func TestBrokenTemplatesStopTheStart(t *testing.T) {
	t.Parallel()
	files, err := static.Load(static.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{{define "main"}}{{.Body`:           "pages/home.html",
		`nothing is defined here`:            `pages/home.html: it does not define "main"`,
		`{{define "main"}}{{nosuch}}{{end}}`: "nosuch",
		// However deep it stands, and in whatever branch.
		`{{define "main"}}{{range .}}{{else}}{{with .}}{{if .}}{{else}}{{template "nowhere"}}{{end}}{{end}}{{end}}{{end}}`: `pages/home.html: no file defines "nowhere"`,
		`{{define "main"}}{{template "its-own"}}{{end}}{{define "its-own"}}{{template "gone"}}{{end}}`:                     `pages/home.html: no file defines "gone"`,
		// All stand in one set, where the second one would replace the first.
		`{{define "main"}}{{end}}{{define "tried"}}{{end}}`: `pages/transcript.html: "tried" is defined in pages/home.html, too`,
	} {
		tree := overlay{templates.FS(), map[string]string{"pages/home.html": text}}
		read, err := readTemplates(tree)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parsePages(read, files, theWords(t).Match("en"), "en"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", text, err, want)
		}
	}
}

// An overlay is a tree with some files replaced.
type overlay struct {
	fs.FS
	files map[string]string
}

// ReadFile is how templates are read.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if text, ok := o.files[name]; ok {
		return []byte(text), nil
	}
	return fs.ReadFile(o.FS, name)
}

// TestNoticesAreSaid: every ?done=… that a handler redirects to has its words,
// and there are no words for any other.
func TestNoticesAreSaid(t *testing.T) {
	t.Parallel()
	english := theWords(t).Match("en")
	for _, key := range slices.Sorted(maps.Keys(notices)) {
		n := noticeFor(english, key)
		if n == nil || !english.Has("notice."+key) || n.Sentence == "" || n.Icon == "" || n.Kind == "" {
			t.Errorf("the notice %q is %+v", key, n)
		}
	}
	for _, id := range english.IDs() {
		if key, found := strings.CutPrefix(id, "notice."); found && noticeFor(english, key) == nil {
			t.Errorf("nobody ever says %s", id)
		}
	}
	if n := noticeFor(english, "<script>"); n != nil {
		t.Errorf("a notice that nobody wrote is %+v", n)
	}
}
