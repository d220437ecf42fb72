package content

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGoldenLesson holds the HTML of a lesson in which everything comes up.
func TestGoldenLesson(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	_, files := archive(t, "testdata/golden/lesson.txtar")
	lib, findings := Load(tree(overlay(base, files)), Options{Now: testNow})
	for _, f := range findings {
		t.Error(f)
	}
	if lib == nil {
		t.Fatal("the library does not load")
	}
	const golden = "testdata/golden/lesson.html"
	got := printLesson(lib.Lesson("onboarding/the-box/everything"))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatalf("writing the golden file: %v", err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("reading the golden file: %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the lesson differs from %s (-want +got):\n%s", golden, diff)
	}
}

func printLesson(l *Lesson) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- %s, %d minutes, teaches %s -->\n", l.URL, l.Minutes, l.Teaches[0].ID)
	for _, h := range l.Contents {
		fmt.Fprintf(&b, "<!-- %d #%s %s -->\n", h.Level, h.ID, h.Text)
	}
	for _, block := range l.Blocks {
		b.WriteString(block.HTML)
		if block.Check == 0 {
			continue
		}
		item := l.Checks[block.Check-1]
		fmt.Fprintf(&b, "<!-- self-check %d: %s %q -->\n%s", block.Check, item.Kind, item.Title, item.Stem)
		for _, o := range item.Options {
			fmt.Fprintf(&b, "<!-- choice, right: %v -->\n%s\n<!-- reason -->\n%s", o.Right, o.Text, o.Reason)
		}
		fmt.Fprintf(&b, "<!-- feedback -->\n%s", item.Feedback)
	}
	return b.String()
}
