package content

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz/scenario"
)

const callFile = "courses/onboarding/10-the-box/90-call.scenario.md"

// loadCall loads the base library with the small scenario, changed.
func loadCall(t *testing.T, changes ...string) *Library {
	t.Helper()
	_, files := archive(t, "testdata/scenario.txtar")
	text := strings.NewReplacer(changes...).Replace(files[callFile])
	if len(changes) > 0 && text == files[callFile] {
		t.Fatal("nothing was changed")
	}
	return loadBase(t, map[string]string{callFile: text})
}

func TestScenarioFile(t *testing.T) {
	lib := loadCall(t)
	s := lib.Scenario("first-call")
	rules := []any{s.Title, s.Intro, s.Start, s.Show, s.Pass, s.Ends, s.Attempts, s.Cooldown, s.URL, s.File, s.Module.ID, s.Rev}
	wantEqual(t, "rules", []any{
		"The first call", "<p>One talk.</p>\n", "the-call",
		[]string{"trust"},
		"trust >= 6 or homework",
		map[string]scenario.EndKind{"lost": scenario.EndFail},
		3,
		[]time.Duration{24 * time.Hour},
		"/scenarios/first-call", callFile, "onboarding/the-box", s.Revision(),
	}, rules)
	wantEqual(t, "state", []scenario.Variable{{Name: "trust", Meter: true, Start: 5, Max: 10}, {Name: "homework", Max: 1}}, s.Variables)
	wantEqual(t, "first scene", &scenario.Scene{Anchor: "the-call", Title: "The call", HTML: "<p>The buyer wants it tomorrow.</p>\n", Choices: []*scenario.Choice{
		{
			Text: "Promise it", Target: "promised", Effects: []scenario.Effect{{Name: "trust", By: 1}}, Fatal: true,
			Debrief: "<p>Outside the box: <a href=\"/offerings/records-search#turnaround\">turnaround</a>.</p>", Clauses: []string{"records-search/turnaround"},
		},
		{Text: "Ask what for", Target: "why", Effects: []scenario.Effect{{Name: "trust", By: 2}, {Name: "homework", Set: true, By: 1}}, Debrief: "<p>The aim comes first.</p>"},
		{Text: "Push on", Target: "why", Effects: []scenario.Effect{{Name: "trust", By: -1}}, Debrief: "<p>Not yet.</p>"},
	}}, s.Scenes[0])
	wantEqual(t, "second scene", "trust >= 7", s.Scenes[1].Choices[0].Needs)
	if len(s.Scenes) != 5 || !s.Scenes[2].IsEnd() || len(lib.Scenarios()) != 1 || !slices.Equal(s.Module.Scenarios, lib.Scenarios()) {
		t.Errorf("%d scenes; scenarios of the library %d, of the module %d", len(s.Scenes), len(lib.Scenarios()), len(s.Module.Scenarios))
	}
	playOut(t, &s.Scenario, rand.New(rand.NewPCG(1, 2)))
}

func TestChoiceShapes(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"mark-up":                     {"[Push on]", "[*Push* `on`, “now”]", "<em>Push</em> <code>on</code>, “now” -> why [{trust false -1}]  <p>Not yet.</p>"},
		"blank lines between":         {"- [Push on]", "\n- [Push on]", "Push on -> why [{trust false -1}]  <p>Not yet.</p>"},
		"the same scene":              {"(#why \"trust -1\")", "(#the-call \"trust -1; needs: trust > 4\")", "Push on -> the-call [{trust false -1}] trust > 4 <p>Not yet.</p>"},
		"no effect":                   {" \"trust -1\"", "", "Push on -> why []  <p>Not yet.</p>"},
		"a title in other quotes":     {"\"trust -1\"", "'trust -1'", "Push on -> why [{trust false -1}]  <p>Not yet.</p>"},
		"a title with entities":       {"\"trust -1\"", "\"trust -1; needs: trust &gt; 4 or homework\"", "Push on -> why [{trust false -1}] trust > 4 or homework <p>Not yet.</p>"},
		"a debrief of two paragraphs": {"  > Not yet.", "  > Not.\n  >\n  > Yet.", "Push on -> why [{trust false -1}]  <p>Not.</p>\n<p>Yet.</p>"},
		"a debrief after a gap":       {"  > Not yet.", "\n  > Not yet.", "Push on -> why [{trust false -1}]  <p>Not yet.</p>"},
		"needs hidden":                {"\"trust -1\"", "\"needs hidden: trust<5 or(homework)\"", "Push on -> why []  <p>Not yet.</p> hidden trust < 5 or homework"},
	} {
		_, files := archive(t, "testdata/scenario.txtar")
		_, base := archive(t, "testdata/base.txtar")
		text := strings.Replace(files[callFile], c.old, c.new, 1)
		if text == files[callFile] {
			t.Fatalf("%s: nothing was changed", name)
		}
		l := newLoader(tree(overlay(base, map[string]string{callFile: text})), Options{Now: testNow})
		l.walk()
		l.parse()
		l.declare()
		l.standardFiles()
		s := l.scenarioFile(l.files[callFile], nil)
		if s == nil {
			t.Errorf("%s: %v", name, l.report.sorted())
			continue
		}
		choice := s.Scenes[0].Choices[2]
		got := fmt.Sprintf("%s -> %s %v %s %s", choice.Text, choice.Target, choice.Effects, choice.Needs, choice.Debrief)
		if choice.Hidden != "" {
			got += " hidden " + choice.Hidden
		}
		wantEqual(t, name, c.want, got)
	}
}

func TestScenarioRequired(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	_, files := archive(t, "testdata/scenario.txtar")
	files["certifications/sell.md"] = strings.Replace(base["certifications/sell.md"], "  - quiz: the-box-check\n", "  - quiz: the-box-check\n  - scenario: first-call\n", 1)
	c := loadBase(t, files).Certification("sell-records-search")
	wantEqual(t, "step", certify.Step{Kind: certify.PlayScenario, Ref: "scenario/first-call", Title: "The first call", URL: "/scenarios/first-call"}, c.Steps[2])
}

// A draft's mistakes are warnings, and it is not part of the library.
func TestDraftScenario(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	_, files := archive(t, "testdata/scenario.txtar")
	text := strings.Replace(files[callFile], "trust -1", "trsut -1", 1)
	lib, findings := Load(tree(overlay(base, map[string]string{path.Dir(callFile) + "/_90-call.scenario.md": text})), Options{Now: testNow})
	if lib == nil || len(lib.Scenarios()) != 0 || len(findings) != 1 || findings[0].Error || findings[0].Rule != "bad-effect" {
		t.Errorf("the library is %v, its findings are %v", lib, findings)
	}
}

// The revision covers what is shown, told and counted, not how it is written.
func TestScenarioRevision(t *testing.T) {
	rev := loadCall(t).Scenario("first-call").Rev
	if got := loadCall(t, "trust +2; homework", "trust  +2;homework").Scenario("first-call").Rev; got != rev {
		t.Error("spaces in effects change the revision")
	}
	for _, change := range [][]string{{"trust +2", "trust +3"}, {"Not yet.", "Not so."}, {"Gone.", "Lost."}, {"attempts: 3", "attempts: 4"}} {
		if got := loadCall(t, change...).Scenario("first-call").Rev; got == rev {
			t.Errorf("with %q for %q the revision is the same", change[1], change[0])
		}
	}
}

var (
	sceneLine = regexp.MustCompile(`(?m)^## (.+)$`)
	sceneLink = regexp.MustCompile(`(?m)^- \[.*\]\(#([^) ]+)`)
	notAnchor = regexp.MustCompile(`[^\p{L}\p{M}\p{Nd}\p{Pc} -]`)
)

// TestSampleScenariosArePlayableAnywhere walks every sample scenario as a
// reader on a code host would: with nothing but headings, their anchors by
// that host's rule, and links. Every link leads to a scene, every scene can be
// come to, and the links are the choices of the loaded scenario.
func TestSampleScenariosArePlayableAnywhere(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	for _, s := range lib.Scenarios() {
		raw, err := fs.ReadFile(Sample(), s.File)
		if err != nil {
			t.Fatal(err)
		}
		links := map[string][]string{}
		for _, part := range regexp.MustCompile(`(?m)^## `).Split(string(raw), -1)[1:] {
			title := sceneLine.FindStringSubmatch("## " + part)[1]
			anchor := strings.ReplaceAll(notAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), ""), " ", "-")
			links[anchor] = []string{}
			for _, m := range sceneLink.FindAllStringSubmatch(part, -1) {
				links[anchor] = append(links[anchor], m[1])
			}
		}
		met := map[string]bool{}
		walkLinks(t, s, links, met, s.Start)
		if len(met) != len(links) || len(links) != len(s.Scenes) {
			t.Errorf("%s: links lead to %d of %d scenes; %d were loaded", s.ID, len(met), len(links), len(s.Scenes))
		}
	}
}

func walkLinks(t *testing.T, s *Scenario, links map[string][]string, met map[string]bool, anchor string) {
	if met[anchor] {
		return
	}
	met[anchor] = true
	scene := s.Scene(anchor)
	if _, ok := links[anchor]; !ok || scene == nil {
		t.Errorf("%s: a link leads to #%s, which is no scene", s.ID, anchor)
		return
	}
	var targets []string
	for _, c := range scene.Choices {
		targets = append(targets, c.Target)
	}
	if !slices.Equal(targets, links[anchor]) {
		t.Errorf("%s: in %s the choices lead to %v, the links to %v", s.ID, anchor, targets, links[anchor])
	}
	for _, next := range links[anchor] {
		walkLinks(t, s, links, met, next)
	}
}

// TestSampleScenariosEnd plays every sample scenario many times at random.
func TestSampleScenariosEnd(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	for _, s := range lib.Scenarios() {
		for seed := range uint64(50) {
			playOut(t, &s.Scenario, rand.New(rand.NewPCG(seed, 3)))
		}
	}
}
