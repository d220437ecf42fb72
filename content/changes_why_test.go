package content_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/insidebox/insidebox/content"
)

// A reason that stands directly under the list is read as a reason, as the
// format's own example writes it, and not as part of the last line.
func TestReasonDirectlyUnderTheList(t *testing.T) {
	const changes = "## 2026-09-01: more a month\n" +
		"- material: [volume](standard/records-search.md#volume): 4,000 becomes 5,000\n" +
		"- editorial: [scope](standard/records-search.md#scope): wording\n" +
		"Why: *nine* requests asked for more\nthan 4,000.\n"
	tree := fstest.MapFS{}
	err := fs.WalkDir(content.Sample(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(content.Sample(), path)
		tree[path] = &fstest.MapFile{Data: body}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tree["CHANGES.md"] = &fstest.MapFile{Data: []byte(changes)}
	lib, findings := content.Load(tree, content.Options{Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	if lib == nil {
		t.Fatalf("findings: %v", findings)
	}
	c := lib.Changes[0]
	if len(c.Lines) != 2 || strings.Contains(c.Lines[1].HTML, "Why") || strings.Contains(c.Lines[1].HTML, "nine") {
		t.Errorf("lines: %+v", c.Lines)
	}
	if !strings.Contains(c.Why, "<em>nine</em> requests asked for more\nthan 4,000.") || strings.Contains(c.Why, "Why:") {
		t.Errorf("why: %q", c.Why)
	}
}
