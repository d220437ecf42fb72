package content_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
)

var editDay = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func libraryOn(t *testing.T, day time.Time) *content.Library {
	t.Helper()
	lib, findings := content.Load(content.Sample(), content.Options{Now: day})
	if lib == nil {
		t.Fatal(findings)
	}
	return lib
}

func anEdit(e content.Editable) content.Edit {
	return content.Edit{Editable: e, Day: standard.Day{Year: 2026, Month: 12, Date: 1}, Class: "material", What: "What [it] says", Why: "It was *asked* for.", Link: "https://learn.test/requests/x", Named: "The request"}
}

// TestEditsOfNothing edits every clause of the sample library without a change: only
// CHANGES.md reads otherwise, and nothing is found.
func TestEditsOfNothing(t *testing.T) {
	t.Parallel()
	lib := libraryOn(t, editDay)
	for _, c := range lib.Clauses() {
		e, err := lib.Editable(content.Sample(), c)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		if !strings.HasPrefix(e.Section, "## ") || strings.Count("\n"+e.Section, "\n## ") != 1 {
			t.Errorf("%s: the section is %q", c.ID, e.Section)
		}
		trial, err := lib.Try(content.Sample(), anEdit(e), nil, content.Options{Now: editDay})
		if err != nil || len(trial.Findings) > 0 || trial.Library == nil || !slices.Equal(trial.Files, []string{"CHANGES.md"}) {
			t.Errorf("%s: %v, %v, %v", c.ID, err, trial.Findings, trial.Files)
			continue
		}
		if got := trial.Library.Clause(c.ID); got == nil || got.Rev != c.Rev {
			t.Errorf("%s is another clause now", c.ID)
		}
	}
}

// TestMovedLimit moves a limit of the sample library: what refers to the figure is
// mended everywhere, and the patch, put on with git, gives the library of the trial.
func TestMovedLimit(t *testing.T) {
	t.Parallel()
	lib := libraryOn(t, editDay)
	c := lib.Clause("records-search/volume")
	e, err := lib.Editable(content.Sample(), c)
	if err != nil {
		t.Fatal(err)
	}
	dim := lib.Dimensions[slices.IndexFunc(lib.Dimensions, func(d standard.Dimension) bool { return d.Name == "volume" })]
	value := func(text string) standard.Value {
		v, err := standard.ParseValue(dim, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	front, ok := content.Moved(e.Front, dim, value("5,000 per month"), value("7,000 per month"), lib.Day)
	if want := strings.Replace(e.Front, "volume: 5000 per month", "volume: 7000 per month", 1); !ok || front != want {
		t.Fatalf("moved to\n%s", front)
	}
	if same, ok := content.Moved(e.Front, dim, value("4,000 per month"), value("7,000 per month"), lib.Day); ok || same != e.Front {
		t.Error("a figure was moved that is none")
	}
	e.Front = front
	trial, err := lib.Try(content.Sample(), anEdit(e), nil, content.Options{Now: editDay})
	if err != nil || len(trial.Findings) > 0 || trial.Library == nil {
		t.Fatalf("%v, %v", err, trial.Findings)
	}
	if f, _ := trial.Library.Offering("records-search").Figure("nationwide", "volume"); f.On(lib.Day).String() != "7,000 per month" {
		t.Errorf("the limit is %s", f.On(lib.Day))
	}
	if len(trial.Files) < 3 || !slices.Contains(trial.Files, "standard/records-search.md") {
		t.Errorf("only %v change", trial.Files)
	}
	if change := trial.Library.Changes[0]; change.Title != "Records search: What [it] says" || change.Lines[0].Clause != c.ID || !strings.Contains(change.Why, "https://learn.test/requests/x") {
		t.Errorf("the entry is %+v", change)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	patch := filepath.Join(t.TempDir(), "change.patch")
	if err := os.WriteFile(patch, trial.Patch, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("git", "-C", dir, "apply", "--unsafe-paths", "--directory=.", patch).CombinedOutput(); err != nil {
		t.Fatalf("git apply: %v\n%s\n%s", err, out, trial.Patch)
	}
	applied, findings := content.Load(os.DirFS(dir), content.Options{Now: editDay})
	if applied == nil || applied.Hash != trial.Library.Hash {
		t.Errorf("the patch gives another library: %v", findings)
	}
}

func TestRefusedEdits(t *testing.T) {
	t.Parallel()
	lib := libraryOn(t, editDay)
	c := lib.Clause("records-search/volume")
	e, err := lib.Editable(content.Sample(), c)
	if err != nil {
		t.Fatal(err)
	}
	broken := anEdit(e)
	broken.Section = "## Another heading\n\nNothing.\n"
	trial, err := lib.Try(content.Sample(), broken, nil, content.Options{Now: editDay})
	if err != nil || trial.Library != nil || len(trial.Findings) == 0 {
		t.Errorf("a clause that is gone: %v, %v", err, trial.Findings)
	}
	old := anEdit(e)
	old.Known = "another"
	if _, err := lib.Try(content.Sample(), old, nil, content.Options{Now: editDay}); !errors.Is(err, content.ErrEdited) {
		t.Errorf("an edit of another file: %v", err)
	}
	if _, err := lib.Editable(fstest.MapFS{}, c); !errors.Is(err, content.ErrNoSource) {
		t.Errorf("no file: %v", err)
	}
	// A library without CHANGES.md gets one.
	tree := fstest.MapFS{}
	err = fs.WalkDir(content.Sample(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "CHANGES.md" {
			return err
		}
		raw, err := fs.ReadFile(content.Sample(), name)
		tree[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	trial, err = lib.Try(tree, anEdit(e), nil, content.Options{Now: editDay})
	if err != nil || trial.Library == nil || len(trial.Library.Changes) != 1 || !bytes.Contains(trial.Patch, []byte("--- /dev/null\n+++ b/CHANGES.md")) {
		t.Errorf("the first change: %v, %v\n%s", err, trial.Findings, trial.Patch)
	}
}
