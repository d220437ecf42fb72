package content

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/standard"
)

// loadBase loads the base library with some files replaced; it must load.
func loadBase(t *testing.T, files map[string]string) *Library {
	t.Helper()
	_, base := archive(t, "testdata/base.txtar")
	lib, findings := Load(tree(overlay(base, files)), Options{Now: testNow})
	if lib == nil {
		t.Fatalf("the library did not load: %v", findings)
	}
	return lib
}

// wantEqual compares what can be seen; whether an item's revision was computed from
// its own fields is no part of it.
func wantEqual(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(quiz.Item{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestLibraryFile(t *testing.T) {
	lib := loadBase(t, nil)
	wantEqual(t, "names", []string{"Quillhaven Records", "Sample", "a sample", "en", "Europe/Berlin"}, []string{lib.Company, lib.Title, lib.Note, lib.Locale, lib.Location.String()})
	var dims []string
	for _, d := range lib.Dimensions {
		dims = append(dims, d.Name+" "+string(d.Kind)+" "+d.Unit+strings.Join(d.Values, "+")+" "+d.Label)
	}
	wantEqual(t, "dimensions in the declared order", []string{"turnaround no-more-than h Turnaround", "scope all-of in-state+nationwide Scope", "volume no-less-than per month Volume"}, dims)
	if lib.Calendar.Works(standard.Day{Year: 2026, Month: 12, Date: 25}) || !lib.Calendar.Works(standard.Day{Year: 2026, Month: 12, Date: 28}) {
		t.Error("the calendar does not know Christmas from the Monday after it")
	}
}

// TestDayBelongsToTheTimeZone reads one library at one moment in two time
// zones: in Auckland the new year's figure holds already.
func TestDayBelongsToTheTimeZone(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	moment := time.Date(2027, 1, 3, 20, 0, 0, 0, time.UTC)
	for zone, want := range map[string]string{"Europe/Berlin": "3 January 2027: 24 h", "Pacific/Auckland": "4 January 2027: 36 h"} {
		files := overlay(base, map[string]string{"library.md": strings.Replace(base["library.md"], "Europe/Berlin", zone, 1)})
		lib, findings := Load(tree(files), Options{Now: moment})
		if lib == nil {
			t.Fatal(findings)
		}
		figure, _ := lib.Offering("records-search").Figure("nationwide", "turnaround")
		wantEqual(t, zone, want, lib.Day.Text()+": "+figure.On(lib.Day).String())
	}
}

func TestOfferingBox(t *testing.T) {
	lib := loadBase(t, nil)
	base, addOn := lib.Offering("records-search"), lib.Offering("express-desk")
	wantEqual(t, "what the base says", "common \"\" \"volume\" 5000/month\ntiers \"in-state\" \"turnaround\" 8h\ntiers \"nationwide\" \"turnaround\" 24h;2027-01-04=36h\n", base.Key("turnaround", "volume"))
	wantEqual(t, "the add-on's base", []string{"records-search"}, addOn.Extends)
	wantEqual(t, "sets are in the dimension's order", "{in-state,nationwide}", base.Tiers[1].Figures["scope"].On(lib.Day).Key())
	wantEqual(t, "the next change", "4 January 2027", lib.NextChange.Text())
}

// TestDatedSets reads sets that change: every set of a dated list has
// brackets of its own, or is one word.
func TestDatedSets(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	for _, written := range []string{"[[in-state], {is: [nationwide, in-state], from: 2027-01-04}]", "[in-state, {is: [in-state, nationwide], from: 2027-01-04}]"} {
		text := strings.Replace(base["standard/records-search.md"], "8h, scope: [in-state]", "8h, scope: "+written, 1)
		lib := loadBase(t, map[string]string{"standard/records-search.md": text})
		wantEqual(t, written, "{in-state};2027-01-04={in-state,nationwide}", lib.Offering("records-search").Tiers[0].Figures["scope"].Key())
	}
}

func TestQuizFile(t *testing.T) {
	q := loadBase(t, nil).Quiz("the-box-check")
	rules := []any{q.Title, q.Pass, q.Draw, q.Open, q.Attempts, q.Cooldown, q.Feedback, q.URL, q.Module.ID}
	wantEqual(t, "rules", []any{"Inside the box", 80, 4, false, 0, []time.Duration{24 * time.Hour, 7 * 24 * time.Hour}, quiz.FeedbackHints, "/quizzes/the-box-check", "onboarding/the-box"}, rules)
	want := []*quiz.Item{
		{
			ID: "q-noon", Kind: quiz.Single, Title: "Nationwide by noon", Clauses: []string{"records-search/turnaround", "records-search/scope"},
			Stem:     "<p>What may you promise?</p>\n",
			Options:  []quiz.Option{{Text: "Noon tomorrow, of course\n", Reason: "<p>The tier takes longer.</p>\n"}, {Text: "Four tomorrow", Right: true}},
			Feedback: "<p>The card says so.</p>\n",
		},
		{
			ID: "q-request-2", Kind: quiz.Multiple, Title: "Another request", Partial: true, Clauses: []string{"working-together/request"},
			Stem:    "<p>Which help?</p>\n",
			Options: []quiz.Option{{Text: "The aim", Right: true}, {Text: "The need", Right: true}, {Text: "A guess at what it costs\n", Reason: "<p>Guesses bind.</p>\n"}},
		},
	}
	for _, it := range want {
		it.Seal()
	}
	wantEqual(t, "items", want, []*quiz.Item{q.Items[0], q.Items[3]})
	if !q.Items[2].Critical || q.Items[0].Critical {
		t.Error("the third item is critical, the first is not")
	}
}

// TestItemShapes reads items in every shape that the format allows.
func TestItemShapes(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	const file = "courses/onboarding/10-the-box/80-check.quiz.md"
	tests := []struct{ name, old, new, want string }{
		{"blank lines between the choices", "- [x] Four hours\n- [ ] Two", "- [x] Four hours\n\n- [ ] Two", "single: *Four hours | Two hours, on a good day (<p>Never promised.</p>)"},
		{"several right choices make it multiple", "- [ ] Two hours, on a good day\n  > Never promised.", "- [x] Two hours\n- [ ] No\n  > Why.", "multiple: *Four hours | *Two hours | No (<p>Why.</p>)"},
		{"multiple can be forced", "`q-express` · covers", "`q-express` · multiple · covers", "multiple: *Four hours | Two hours, on a good day (<p>Never promised.</p>)"},
		{"a clause link may stand alone", "· covers [express]", "· [express]", "single: *Four hours | Two hours, on a good day (<p>Never promised.</p>)"},
		{"mark-up in a choice", "- [x] Four hours", "- [x] **Four** `h`", "single: *<strong>Four</strong> <code>h</code> | Two hours, on a good day (<p>Never promised.</p>)"},
		{"a reason of two paragraphs", "  > Never promised.", "  > Never.\n  >\n  > Promised.", "single: *Four hours | Two hours, on a good day (<p>Never.</p>\n<p>Promised.</p>)"},
		{"a right choice may have a reason", "- [x] Four hours\n", "- [x] Four hours\n  > So the card.\n", "single: *Four hours (<p>So the card.</p>) | Two hours, on a good day (<p>Never promised.</p>)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(base[file], test.old, test.new, 1)
			if text == base[file] {
				t.Fatal("the base quiz has no such text")
			}
			it := loadBase(t, map[string]string{file: text}).Quiz("the-box-check").Items[1]
			var options []string
			for _, o := range it.Options {
				s := strings.TrimSpace(o.Text)
				if o.Right {
					s = "*" + s
				}
				if o.Reason != "" {
					s += " (" + strings.TrimSpace(o.Reason) + ")"
				}
				options = append(options, s)
			}
			wantEqual(t, "item", test.want, string(it.Kind)+": "+strings.Join(options, " | "))
		})
	}
}

// TestLooseChoicesReadTheSame holds that blank lines between choices change
// no revision.
func TestLooseChoicesReadTheSame(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	const file = "courses/onboarding/10-the-box/80-check.quiz.md"
	loose := strings.Replace(base[file], "- [x] The aim\n- [x] The need\n", "- [x] The aim\n\n- [x] The need\n\n", 1)
	tight := loadBase(t, nil).Quiz("the-box-check").Items[3]
	wantEqual(t, "item", tight, loadBase(t, map[string]string{file: loose}).Quiz("the-box-check").Items[3])
}

func TestCertificationFile(t *testing.T) {
	lib := loadBase(t, nil)
	c := lib.Certification("sell-records-search")
	reading := lib.Lesson("onboarding/the-box/reading")
	wantEqual(t, "steps", []certify.Step{
		{Kind: certify.ReadLesson, Ref: reading.ID, Title: reading.Title, URL: reading.URL, Waivers: []string{"the-box-check"}},
		{Kind: certify.PassQuiz, Ref: "the-box-check", Title: "Inside the box", URL: "/quizzes/the-box-check"},
		{Kind: certify.SignOff, Ref: "signoff", Title: "Sign-off by your manager", Criteria: []string{"Asks for the aim"}},
	}, c.Steps)
	covers := []string{"express-desk/turnaround", "records-search/scope", "records-search/turnaround", "working-together/request"}
	wantEqual(t, "covers", covers, c.Covers)
	wantEqual(t, "periods", []any{certify.Period{Years: 1}, []int{60, 0}, 30}, []any{c.Valid, c.Remind, c.Grace})
	if want := time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC); !c.EnforceFrom.Equal(want) {
		t.Errorf("enforced from %v, want the beginning of 1 February in Berlin, %v", c.EnforceFrom, want)
	}
	wantEqual(t, "text", "<p>The holder knows the box.</p>\n", c.Text)
	if c.Rev != c.Revision() || c.Rev == "" {
		t.Errorf("the revision %q is not that of the rules", c.Rev)
	}
}

// TestOneWordForAList: where a list of words is wanted, one word is a list of it.
func TestOneWordForAList(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	edited := func(file, before, after string) string {
		text := strings.Replace(base[file], before, after, 1)
		if text == base[file] {
			t.Fatalf("%s does not hold %q", file, before)
		}
		return text
	}
	const quiz = "courses/onboarding/10-the-box/80-check.quiz.md"
	lib := loadBase(t, map[string]string{
		"courses/onboarding/index.md": edited("courses/onboarding/index.md", "[rep]", "rep"),
		"standard/express-desk.md":    edited("standard/express-desk.md", "[records-search]", "records-search"),
		quiz:                          edited(quiz, "[24h, 7d]", "24h"),
	})
	wantEqual(t, "audience", []string{"rep"}, lib.Course("onboarding").Audience)
	wantEqual(t, "extends", []string{"records-search"}, lib.Offering("express-desk").Extends)
	wantEqual(t, "cooldown", []time.Duration{24 * time.Hour}, lib.Quiz("the-box-check").Cooldown)
}

// TestCertificationTitle: without title: a certification is called by its offerings.
func TestCertificationTitle(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	text := strings.Replace(base["certifications/sell.md"], "title: Sells records search\n", "", 1)
	c := loadBase(t, map[string]string{"certifications/sell.md": text}).Certification("sell-records-search")
	wantEqual(t, "title", "Records search, Express desk", c.Title)
}

// TestCoversByDefault: without covers: a certification covers all clauses of
// its offerings, and no practice.
func TestCoversByDefault(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	text := strings.Replace(base["certifications/sell.md"], "covers: [records-search/*, express-desk/*, working-together/request]\n", "", 1)
	c := loadBase(t, map[string]string{"certifications/sell.md": text}).Certification("sell-records-search")
	wantEqual(t, "covers", []string{"express-desk/turnaround", "records-search/scope", "records-search/turnaround"}, c.Covers)
}

func TestChangesFile(t *testing.T) {
	changes := loadBase(t, nil).Changes
	wantEqual(t, "changes", []*Change{
		{
			Day: standard.Day{Year: 2027, Month: 1, Date: 4}, Title: "nationwide takes 36 hours", Why: "<p>weekly batches.</p>\n",
			Lines: []ChangeLine{{Class: "material", Clause: "records-search/turnaround", HTML: `material: <a href="/offerings/records-search#turnaround">turnaround</a>: 24 h becomes 36 h`}},
		},
		{
			Day: standard.Day{Year: 2026, Month: 8, Date: 17}, Title: "wording",
			Lines: []ChangeLine{{Class: "editorial", Clause: "records-search/scope", HTML: `editorial: <a href="/offerings/records-search#scope">scope</a>: wording`}},
		},
	}, changes)
}

func TestCoverage(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	_, call := archive(t, "testdata/scenario.txtar")
	lib := loadBase(t, overlay(call, map[string]string{
		"standard/express-desk.md": base["standard/express-desk.md"] + "\n## Cut-off\n\nBefore two.\n",
		"certifications/sell.md":   strings.Replace(base["certifications/sell.md"], "express-desk/*", "express-desk/turnaround", 1),
	}))
	rows := lib.Coverage()
	var b strings.Builder
	if err := PrintCoverage(&b, rows); err != nil {
		t.Fatal(err)
	}
	want := `express-desk/turnaround
  lesson  onboarding/the-box/reading
  item    the-box-check: q-express
  no choice
express-desk/cut-off
  no lesson
  no item
  no choice
records-search/turnaround
  lesson  onboarding/the-box/reading
  item    the-box-check: q-noon
  choice  first-call: the-call 1
records-search/scope
  lesson  onboarding/the-box/reading
  item    the-box-check: q-noon
  no choice
working-together/request
  lesson  onboarding/the-box/reading
  item    the-box-check: q-request (critical), q-request-2
  no choice

5 clauses; on them 1 lesson, 4 items and 1 scenario choice
clauses without a lesson: 1, without an item: 1, without a choice: 4
`
	wantEqual(t, "coverage", want, b.String())
	if Covered(rows) || !Covered(loadBase(t, nil).Coverage()) {
		t.Error("the base library is covered, the one with a new clause is not")
	}
}

// TestFindingsForPrograms holds the names and words that other programs rely
// on.
func TestFindingsForPrograms(t *testing.T) {
	mended := []Finding{{File: "a.md", Line: 2, Column: 1, Message: "old", Rule: "stale-figure", Mend: Mend{Old: "24 h", New: "36 h", to: 4}}}
	left := []Finding{{File: "a.md", Line: 3, Column: 7, Error: true, Message: "wrong", Rule: "raw-html"}, {File: "b.md", Line: 1, Column: 1, Message: "dull", Rule: "dull"}}
	text, err := json.Marshal(JSONFindings(mended, left))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "JSON", `[{"file":"a.md","line":2,"column":1,"severity":"mended","rule":"stale-figure","message":"old","fixable":true,"old":"24 h","new":"36 h"},`+
		`{"file":"a.md","line":3,"column":7,"severity":"error","rule":"raw-html","message":"wrong","fixable":false},`+
		`{"file":"b.md","line":1,"column":1,"severity":"warning","rule":"dull","message":"dull","fixable":false}]`, string(text))
	none, err := json.Marshal(JSONFindings(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "nothing", "[]", string(none))
	wantEqual(t, "text", "a.md:3:7: error: wrong (raw-html)\nb.md:1:1: warning: dull (dull)\na.md:2:1: mended: \"24 h\" -> \"36 h\" (stale-figure)",
		left[0].String()+"\n"+left[1].String()+"\n"+mended[0].MendedString())
}

func TestNearest(t *testing.T) {
	known := []string{"turnaround", "scope", "volume", "is", "from"}
	for word, want := range map[string]string{
		"turnarund": "turnaround", "Turnaround": "turnaround", "trunaround": "turnaround", "scop": "scope",
		"form": "from", "si": "is", "price": "", "x": "", "": "", "volumetric": "",
	} {
		if got := nearest(word, known); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
	wantEqual(t, "list", "; it may be a, b or c", didYouMean("zzz", []string{"a", "b", "c"}))
}

// TestTextStaysAsWritten: values that YAML would read as numbers or yes and
// no are text where text is wanted.
func TestTextStaysAsWritten(t *testing.T) {
	for written, want := range map[string]string{
		"1.10": "1.10", "007": "007", "0x10": "0x10", "true": "true", "'it''s'": "it's", "2027-01-04": "2027-01-04", "|\n  two\n  lines": "two\nlines",
	} {
		l := newLoader(tree(nil), Options{Now: testNow})
		src := newSource("x.md", []byte("---\nid: a\ntitle: "+written+"\nowner: b\n---\n"))
		var front practiceFront
		if !l.decode(src, &front) {
			t.Errorf("%s: %v", written, l.report.findings)
		}
		wantEqual(t, written, want, front.Title)
		wantEqual(t, written+" by its key", want, l.frontText(src, "title"))
	}
}

// TestCheckShapes reads self-checks with and without heading and marks.
func TestCheckShapes(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	const file = "courses/onboarding/10-the-box/10-reading.md"
	tests := []struct{ name, before, want string }{
		{"a question alone", "", "single \"\" <p>Who answers first?</p> []"},
		{"a heading", "## First\n\n", "single \"First\" <p>Who answers first?</p> []"},
		{"marks", "multiple · covers [request](../../../standard/working-together.md#request)\n\n", "multiple \"\" <p>Who answers first?</p> [working-together/request]"},
		{"code that opens the question", "`GET` or `POST`?\n\n", "single \"\" <p><code>GET</code> or <code>POST</code>?</p>\n<p>Who answers first?</p> []"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(base[file], "```check\n", "```check\n"+test.before, 1)
			checks := loadBase(t, map[string]string{file: text}).Lesson("onboarding/the-box/reading").Checks
			if len(checks) != 1 {
				t.Fatalf("the lesson has %d self-checks, want 1", len(checks))
			}
			it := checks[0]
			wantEqual(t, "self-check", test.want, fmt.Sprintf("%s %q %s %v", it.Kind, it.Title, strings.TrimSpace(it.Stem), it.Clauses))
		})
	}
}

// TestSampleIsCovered holds that every clause of the sample library is taught
// by a lesson and tested by at least two items.
func TestSampleIsCovered(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	for _, row := range lib.Coverage() {
		if len(row.Lessons) == 0 || len(row.Items) < 2 {
			t.Errorf("%s: %d lessons, %d items, want at least 1 and 2", row.Clause, len(row.Lessons), len(row.Items))
		}
	}
}
