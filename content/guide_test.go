package content

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var guideBlock = regexp.MustCompile("(?ms)^````?(markdown|yaml)\n(.*?)^````?$")

// TestGuideIsRight holds that what the guide for authors tells them to write
// has no fault: its scenario, its quiz and its library.md, laid over the base
// library.
func TestGuideIsRight(t *testing.T) {
	guide, err := os.ReadFile("../docs/authors.md")
	if err != nil {
		t.Fatal(err)
	}
	_, base := archive(t, "testdata/base.txtar")
	const module = "courses/onboarding/10-the-box/"
	tests := map[string]struct {
		has, file string
		change    func(string) string
	}{
		"the scenario": {"id: first-call", module + "90-call.scenario.md", func(s string) string { return s }},
		"the quiz": {"id: the-box-check\ntitle", module + "85-another.quiz.md", func(s string) string {
			return strings.NewReplacer("draw: 17", "draw: 1", "id: the-box-check", "id: another-check").Replace(s)
		}},
		"library.md": {"time-zone:", "library.md", func(s string) string { return "---\n" + s + "---\n" }},
	}
	for name, test := range tests {
		found := ""
		for _, block := range guideBlock.FindAllStringSubmatch(string(guide), -1) {
			if strings.Contains(block[2], test.has) {
				found = block[2]
			}
		}
		if found == "" {
			t.Fatalf("the guide shows no %s", name)
		}
		_, findings := Load(tree(overlay(base, map[string]string{test.file: test.change(found)})), Options{Now: testNow})
		for _, f := range findings {
			if f.File == test.file && f.Rule != "critical-alone" { // the guide shows one item only
				t.Errorf("%s: %v", name, f)
			}
		}
	}
}
