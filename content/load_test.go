package content

import (
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/insidebox/insidebox/standard"
)

// load reads the base library with files laid over it; it must load, with
// the findings that are named by rule and in no other way.
func load(t *testing.T, at time.Time, files map[string]string, rules ...string) *Library {
	t.Helper()
	_, base := archive(t, "testdata/base.txtar")
	lib, findings := Load(tree(overlay(base, files)), Options{Now: at})
	var found []string
	for _, f := range findings {
		found = append(found, f.Rule)
	}
	if fmt.Sprint(found) != fmt.Sprint(rules) || lib == nil {
		t.Fatalf("found %v\nwant the rules %v and a library", findings, rules)
	}
	return lib
}

const lessonFile = "courses/onboarding/10-the-box/20-more.md"

func lessonText(body string) string { return "---\ntitle: More\nsummary: More of it.\n---\n" + body }

// TestDatedFigure holds that a library is a pure function of the day: the
// figure changes with it, in the library's time zone, and what names a
// wording or a release does not.
func TestDatedFigure(t *testing.T) {
	files := map[string]string{lessonFile: lessonText(`Within [24 h](../../../standard/records-search.md#turnaround "figure: nationwide.turnaround").` + "\n")}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatalf("time zone: %v", err)
	}
	change := standard.Day{Year: 2027, Month: time.January, Date: 4}
	tests := []struct {
		at     time.Time
		figure string
		day    standard.Day
		next   standard.Day
		rules  []string
	}{
		{time.Date(2027, 1, 3, 23, 59, 59, 0, berlin), "24 h", standard.Day{Year: 2027, Month: 1, Date: 3}, change, nil},
		{time.Date(2027, 1, 4, 0, 0, 0, 0, berlin), "36 h", change, standard.Day{}, []string{"stale-figure"}},
	}
	var before *Library
	for _, test := range tests {
		lib := load(t, test.at.UTC(), files, test.rules...)
		if html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML; !strings.Contains(html, `class="figure">`+test.figure+"</a>") {
			t.Errorf("at %v the lesson reads %q, want %s", test.at, html, test.figure)
		}
		if lib.Day != test.day || lib.NextChange != test.next {
			t.Errorf("at %v it is %v, next change %v; want %v, %v", test.at, lib.Day, lib.NextChange, test.day, test.next)
		}
		if before != nil && (before.Hash != lib.Hash || before.Clause("records-search/turnaround").Rev != lib.Clause("records-search/turnaround").Rev || before.Offerings[0].Rev != lib.Offerings[0].Rev) {
			t.Error("a hash or revision depends on the day")
		}
		before = lib
	}
}

func TestReleaseHash(t *testing.T) {
	const image = "courses/onboarding/10-the-box/box.svg"
	page := lessonText("![A box](box.svg)\n")
	svg := `<svg xmlns="http://www.w3.org/2000/svg"/>`
	hash := load(t, testNow, map[string]string{lessonFile: page, image: svg}).Hash
	for name, test := range map[string]struct {
		files map[string]string
		same  bool
	}{
		"the same again":                {map[string]string{lessonFile: page, image: svg}, true},
		"line ends and a mark":          {map[string]string{lessonFile: "\ufeff" + strings.ReplaceAll(page, "\n", "\r\n"), image: svg}, true},
		"a draft more":                  {map[string]string{lessonFile: page, image: svg, "standard/_new.md": "---\nid: new\ntitle: New\nowner: operations\n---\n## One\n\nText.\n"}, true},
		"another word":                  {map[string]string{lessonFile: strings.ReplaceAll(page, "A box", "The box"), image: svg}, false},
		"another image":                 {map[string]string{lessonFile: page, image: svg + " "}, false},
		"another name":                  {map[string]string{"courses/onboarding/10-the-box/21-more.md": page, image: svg}, false},
		"front matter that no one sees": {map[string]string{lessonFile: strings.Replace(page, "---\n", "---\n# a note\n", 1), image: svg}, false},
	} {
		if got := load(t, testNow, test.files).Hash; (got == hash) != test.same {
			t.Errorf("%s: same hash %v, want %v", name, got == hash, test.same)
		}
	}
}

// TestDrafts holds that drafts are checked, with warnings only, and that
// nobody sees them.
func TestDrafts(t *testing.T) {
	lib := load(t, testNow, map[string]string{
		"courses/onboarding/10-the-box/_20-more.md":  lessonText("A [slip](nowhere.md), and [the other draft](_30-later.md).\n"),
		"courses/onboarding/10-the-box/_30-later.md": lessonText("Text.\n"),
		"courses/_next/index.md":                     "---\ntitle: Next\nsummary: Later.\naudience: [rep]\n---\n",
		"courses/_next/one/index.md":                 "---\ntitle: One\nsummary: Later.\n---\n",
		"courses/_next/one/first.md":                 lessonText("Text.\n"),
		"courses/_next/one/first.quiz.md":            "---\nid: first\ntitle: First\npass: 80%\n---\n",
		"standard/_new.md":                           "---\nid: new\ntitle: New\nowner: operations\n---\n## One\n\nText.\n",
		"certifications/_later.md":                   "---\nid: later\n---\n",
	}, "missing-key", "missing-key", "quiz-no-items", "broken-link")
	if len(lib.Lessons()) != 1 || len(lib.Courses) != 1 || len(lib.Quizzes()) != 1 || len(lib.Practices) != 1 || len(lib.Certifications) != 1 || lib.Clause("new/one") != nil {
		t.Errorf("drafts show: %d lessons, %d courses, %d quizzes, %d practices, %d certifications", len(lib.Lessons()), len(lib.Courses), len(lib.Quizzes()), len(lib.Practices), len(lib.Certifications))
	}
}

// TestAliases holds that a reworded heading keeps its old name working, in
// links and as an id.
func TestAliases(t *testing.T) {
	lib := load(t, testNow, map[string]string{
		"standard/working-together.md": "---\nid: working-together\ntitle: Working together\nowner: operations\naliases: {request: raising-a-request}\n---\nHow.\n\n## Raising a request\n\nRaise it.\n",
		"certifications/sell.md":       "---\nid: sell\ntitle: Sells\nofferings: [records-search, express-desk]\nrequires:\n  - quiz: the-box-check\ncovers: [records-search/*, express-desk/*, working-together/raising-a-request]\nvalid: 1y\n---\nText.\n",
		lessonFile:                     lessonText("See [it](../../../standard/working-together.md#request).\n"),
	})
	c := lib.Clause("working-together/request")
	if c == nil || c.ID != "working-together/raising-a-request" || c != lib.Clause(c.ID) {
		t.Fatalf("the old id leads to %+v", c)
	}
	if html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML; !strings.Contains(html, `href="/practices/working-together#raising-a-request"`) {
		t.Errorf("the old anchor leads nowhere: %s", html)
	}
	if len(lib.Clauses()) != 5-1 {
		t.Errorf("%d clauses, want each once", len(lib.Clauses()))
	}
}

// TestClausesInAnyAlphabet: a clause is named by its heading in the company's
// language, and links to it hold as people type them and as code hosts copy them.
func TestClausesInAnyAlphabet(t *testing.T) {
	for heading, anchor := range map[string]string{"Übergabe": "übergabe", "Maße und Gewichte": "maße-und-gewichte", "Παράδοση": "παράδοση"} {
		for _, typed := range []string{anchor, url.PathEscape(anchor)} {
			lib := load(t, testNow, map[string]string{
				"standard/working-together.md": "---\nid: working-together\ntitle: Working together\nowner: operations\naliases: {request: " + anchor + "}\n---\nHow.\n\n## " + heading + "\n\nHand it over.\n",
				lessonFile:                     "---\ntitle: More\nsummary: S.\nteaches: [working-together/" + anchor + "]\n---\n[it](../../../standard/working-together.md#" + typed + ")\n",
			})
			c := lib.Clause("working-together/" + anchor)
			if c == nil || c.Title != heading || lib.Clause("working-together/request") != c {
				t.Fatalf("## %s is the clause %+v, by its old name %+v", heading, c, lib.Clause("working-together/request"))
			}
			if html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML; !strings.Contains(html, "Hand it over.") {
				t.Errorf("#%s quotes nothing of ## %s: %s", typed, heading, html)
			}
		}
	}
}

func TestOfferingText(t *testing.T) {
	lib := load(t, testNow, map[string]string{"standard/express-desk.md": `---
id: express-desk
title: Express desk
owner: operations
extends: [records-search]
tiers: [{name: express, turnaround: 4h, scope: [in-state], volume: 300 per month}]
clauses: {scope: turnaround, volume: turnaround}
---
A *faster* desk, within [4 h](express-desk.md#turnaround "figure: express.turnaround").

More of it.

## Turnaround

Within four hours.

[How we work](working-together.md#request)

### Not at night

Never.

## Fits

Who orders late.

## History

It was slower.
`, lessonFile: lessonText("[desk](../../../standard/express-desk.md#turnaround)\n\n[a heading in it](../../../standard/express-desk.md#not-at-night)\n")})
	o := lib.Offering("express-desk")
	if o.Summary != "A faster desk, within 4 h." || !strings.Contains(o.Intro, "<em>faster</em>") || !strings.Contains(o.Intro, "More of it") {
		t.Errorf("summary %q, introduction %q", o.Summary, o.Intro)
	}
	if o.Fits != "<p>Who orders late.</p>\n" || o.History != "<p>It was slower.</p>\n" || len(o.Clauses) != 1 {
		t.Errorf("fits %q, history %q, %d clauses", o.Fits, o.History, len(o.Clauses))
	}
	c := o.Clauses[0]
	if fmt.Sprint(c.Dimensions) != "[turnaround scope volume]" || o.States["turnaround"] != "turnaround" || o.States["volume"] != "turnaround" {
		t.Errorf("the clause states %v, the box says %v", c.Dimensions, o.States)
	}
	if strings.Contains(c.HTML, "clause-quote") || !strings.Contains(c.HTML, `<h3 id="not-at-night">`) || c.Text != "Within four hours. How we work Not at night Never." {
		t.Errorf("the clause reads %q, in plain text %q", c.HTML, c.Text)
	}
	html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML
	if strings.Count(html, "clause-quote") != 1 || !strings.Contains(html, "<h3>Not at night") || !strings.Contains(html, `href="/offerings/express-desk#not-at-night"`) {
		t.Errorf("the lesson quotes it as %q", html)
	}
}

// TestCourse holds the order of a course, and what lessons know of it.
func TestCourse(t *testing.T) {
	lib := load(t, testNow, map[string]string{
		lessonFile:                              lessonText(strings.Repeat("word ", 361) + "\n\n```check\nQ?\n\n- [x] A\n- [ ] B\n  > C\n```\n"),
		"courses/onboarding/20-next/index.md":   "---\ntitle: Next\nsummary: Next.\n---\nText.\n",
		"courses/onboarding/20-next/5-first.md": "---\ntitle: First\nsummary: First.\nminutes: 7\nteaches: [working-together/request]\n---\nText.\n",
	})
	c := lib.Course("onboarding")
	if len(c.Modules) != 2 || c.Modules[1].Number != 2 || lib.Module("onboarding/next") != c.Modules[1] || c.Modules[1].Course != c {
		t.Fatalf("modules: %+v", c.Modules)
	}
	one, two, three := lib.Lesson("onboarding/the-box/reading"), lib.Lesson("onboarding/the-box/more"), lib.Lesson("onboarding/next/first")
	if one.Prev != nil || one.Next != two || two.Prev != one || two.Next != three || three.Prev != two || three.Next != nil {
		t.Error("the chain of lessons is broken")
	}
	if two.Minutes != 4 || three.Minutes != 7 || one.Minutes != 2 {
		t.Errorf("minutes %d, %d, %d; want 2, 4, 7", one.Minutes, two.Minutes, three.Minutes)
	}
	taught := lib.Clause("working-together/request").Lessons
	if len(taught) != 2 || taught[0] != one || taught[1] != three {
		t.Errorf("the clause is taught by %v", taught)
	}
	if two.Number != 2 || two.Module.Slug != "the-box" || two.URL != "/courses/onboarding/the-box/more" {
		t.Errorf("lesson %d of %s at %s", two.Number, two.Module.Slug, two.URL)
	}
	if len(two.Blocks) != 2 || two.Blocks[1].Check != 1 || len(two.Checks) != 1 {
		t.Errorf("blocks %+v", two.Blocks)
	}
}

// TestFindingsInChecks holds that a finding within a self-check has its true
// place in the lesson.
func TestFindingsInChecks(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	base[lessonFile] = lessonText("Text.\n\n```check\nQ?\n\n- [x] A [slip](nowhere.md)\n- [ ] B <b>\n  > C\n```\n")
	_, findings := Load(tree(base), Options{Now: testNow})
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
	}
	if want := "[10:9 broken-link 11:9 raw-html]"; fmt.Sprint(got) != want {
		t.Errorf("found %v, want %s", got, want)
	}
}

func TestLineEndsAndMarks(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	plain, _ := Load(tree(base), Options{Now: testNow})
	for name, text := range base {
		base[name] = "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")
	}
	windows, findings := Load(tree(base), Options{Now: testNow})
	if windows == nil {
		t.Fatalf("with line ends of Windows it does not load: %v", findings)
	}
	if plain.Hash != windows.Hash || plain.Clause("records-search/scope").Rev != windows.Clause("records-search/scope").Rev {
		t.Error("line ends change a hash")
	}
}

// TestSpaceAtLineEnds holds that white space which nobody sees, at the end of
// every line, changes neither what is found nor any revision.
func TestSpaceAtLineEnds(t *testing.T) {
	for _, space := range []string{" ", "\t", "  \t"} {
		_, base := archive(t, "testdata/base.txtar")
		plain, _ := Load(tree(base), Options{Now: testNow})
		for name, text := range base {
			base[name] = strings.ReplaceAll(text, "\n", space+"\n")
		}
		spaced, findings := Load(tree(base), Options{Now: testNow})
		if spaced == nil || len(findings) > 0 {
			t.Fatalf("with %q at the end of every line: %v", space, findings)
		}
		for _, c := range plain.clauses {
			if now := spaced.Clause(c.ID); now == nil || now.Rev != c.Rev {
				t.Errorf("%q at the end of every line changes the clause %s", space, c.ID)
			}
		}
	}
}

func TestAssets(t *testing.T) {
	lib := load(t, testNow, map[string]string{
		lessonFile: lessonText("![A box](a%20box.svg) and [a list](list.csv), [again](./list.csv).\n"),
		"courses/onboarding/10-the-box/a box.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="40px" height="20"/>`,
		"courses/onboarding/10-the-box/list.csv":  "a,b\n",
	})
	if len(lib.Assets()) != 2 {
		t.Fatalf("%d assets, want 2", len(lib.Assets()))
	}
	html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML
	for _, a := range lib.Assets() {
		if !strings.Contains(html, `"`+a.URL+`"`) || lib.Asset(a.URL) != a {
			t.Errorf("%s is not in %s", a.URL, html)
		}
	}
	if !strings.Contains(html, `width="40" height="20"`) {
		t.Errorf("the image has no size: %s", html)
	}
}

func TestJudgeSVG(t *testing.T) {
	for content, fine := range map[string]bool{
		`<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/><use href="#a"/></svg>`:  true,
		`<?xml version="1.0"?><svg><image href="data:image/png;base64,AA=="/></svg>`: true,
		`<svg><style>rect { fill: red }</style><rect/></svg>`:                        true,
		`<svg><script>x</script></svg>`:                                              false,
		`<svg><SCRIPT>x</SCRIPT></svg>`:                                              false,
		`<svg xmlns:s="http://www.w3.org/2000/svg"><s:script/></svg>`:                false,
		`<svg onload="x"/>`: false,
		`<svg><a xlink:href="javascript:x"><text>a</text></a></svg>`:   false,
		`<svg><use href="https://evil.example/x.svg#a"/></svg>`:        false,
		`<svg><image href="data:image/svg+xml;base64,AA=="/></svg>`:    false,
		`<svg><foreignObject><p>x</p></foreignObject></svg>`:           false,
		`<svg><animate attributeName="href" to="javascript:x"/></svg>`: false,
		`<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>`:               false,
		`<?xml-stylesheet href="https://evil.example/x.css"?><svg/>`:   false,
		`<svg>`:                false,
		`<html><body/></html>`: false,
	} {
		if err := judgeSVG([]byte(content)); (err == nil) != fine {
			t.Errorf("%s: %v, want fine: %v", content, err, fine)
		}
	}
}

// TestSourcesThatFail holds that a file system that fails is reported.
func TestSourcesThatFail(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	fsys := brokenFS{tree(base).(fstest.MapFS), "standard/records-search.md"}
	lib, findings := Load(fsys, Options{Now: testNow})
	if lib != nil || len(findings) == 0 {
		t.Fatal("the library loads, though a file can't be read")
	}
	for _, f := range findings {
		if f.Rule == "unreadable" && f.File == "standard/records-search.md" {
			return
		}
	}
	t.Errorf("found %v, want an error (unreadable)", findings)
}

// brokenFS is a file system with one file whose bytes can't be read.
type brokenFS struct {
	fstest.MapFS
	broken string
}

func (b brokenFS) Open(name string) (fs.File, error) {
	f, err := b.MapFS.Open(name)
	if err != nil || name != b.broken {
		return f, err
	}
	return brokenFile{f}, nil
}

type brokenFile struct{ fs.File }

func (brokenFile) Read(p []byte) (int, error) { return iotest.ErrReader(fs.ErrInvalid).Read(p) }

// TestNoTextIsOneFinding: of a file that is too large, or no text, only that is
// said, and not what its front matter lacks.
func TestNoTextIsOneFinding(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	const lesson = "courses/onboarding/10-the-box/20-more.md"
	for name, text := range map[string]string{"binary": "\xff\xfe\x00", "too large": strings.Repeat("a line of text\n", 10_000)} {
		_, findings := Load(tree(overlay(base, map[string]string{lesson: text})), Options{Now: testNow})
		if len(findings) != 1 || findings[0].Rule != "limit" || findings[0].File != lesson {
			t.Errorf("%s: %v", name, findings)
		}
	}
}

// TestRemarksInGerman: what the renderer adds to a lesson of a German library is
// German.
func TestRemarksInGerman(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	text := "> [!CAUTION]\n> Nie.\n\n> [!NOTE]\n> Merken.\n\n- [x] eins\n- [ ] zwei\n"
	for locale, want := range map[string][]string{
		"en": {">Caution<", ">Note<", `aria-label="done"`, `aria-label="to do"`},
		"de": {">Vorsicht<", ">Hinweis<", `aria-label="erledigt"`, `aria-label="offen"`},
	} {
		lib := load(t, testNow, map[string]string{
			"library.md": strings.Replace(base["library.md"], "locale: en", "locale: "+locale, 1), lessonFile: lessonText(text),
		})
		html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML
		for _, words := range want {
			if !strings.Contains(html, words) {
				t.Errorf("in a library in %s a lesson lacks %s: %s", locale, words, html)
			}
		}
	}
}

// TestFigureInGerman: in a German library the figure is said in German, and that is
// what its text should say; what an English one says is stale.
func TestFigureInGerman(t *testing.T) {
	german := func(s string) string { return strings.Replace(s, "locale: en", "locale: de-AT", 1) }
	figure := func(text string) string {
		return lessonText("Bis zu [" + text + `](../../../standard/records-search.md#turnaround "figure: common.volume").` + "\n")
	}
	_, base := archive(t, "testdata/base.txtar")
	files := func(text string) map[string]string {
		return map[string]string{"library.md": german(base["library.md"]), lessonFile: figure(text)}
	}
	for text, rules := range map[string][]string{
		"5.000 pro Monat": nil,
		"5000 pro Monat":  nil, // means the same, and is left to the author
		"4.000 pro Monat": {"stale-figure"},
	} {
		lib := load(t, testNow, files(text), rules...)
		if html := lib.Lesson("onboarding/the-box/more").Blocks[0].HTML; !strings.Contains(html, `class="figure">5.000 pro Monat</a>`) {
			t.Errorf("from %q the lesson reads %q, want 5.000 pro Monat", text, html)
		}
	}
}
