package content

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

func TestKindOf(t *testing.T) {
	tests := map[string]fileKind{
		"library.md": libraryKind, "CHANGES.md": changesKind, "standard/records-search.md": standardKind,
		"certifications/sell.md": certificationKind, "courses/a/index.md": courseKind, "courses/a/10-b/index.md": moduleKind,
		"courses/a/10-b/10-c.md": lessonKind, "courses/a/10-b/80-c.quiz.md": quizKind, "courses/a/b/c.scenario.md": scenarioKind,
		"courses/a/b/_c.md": lessonKind, "_standard/x.md": noKind, "changes.md": noKind, "courses/index.md": noKind,
		"courses/a/b.md": noKind, "courses/a/b/c/d.md": noKind, "standard/a/b.md": noKind, "notes.md": noKind,
	}
	for file, want := range tests {
		if got, problem := kindOf(file); got != want || (got == noKind) != (problem != "") {
			t.Errorf("%s: kind %d, problem %q; want kind %d", file, got, problem, want)
		}
	}
}

func TestOrderAndAddresses(t *testing.T) {
	files := []string{
		"courses/onboarding/9-first/index.md", "courses/onboarding/9-first/2-b.md", "courses/onboarding/9-first/10-c.md",
		"courses/onboarding/9-first/zz.md", "courses/onboarding/10-next/index.md", "courses/onboarding/10-next/1-a.quiz.md",
		"courses/onboarding/more/index.md",
	}
	shuffled := slices.Clone(files)
	slices.Reverse(shuffled)
	slices.SortFunc(shuffled, func(a, b string) int { return strings.Compare(sortKey(a), sortKey(b)) })
	if !slices.Equal(shuffled, files) {
		t.Errorf("order %v\nwant  %v", shuffled, files)
	}
	for file, want := range map[string]string{
		"courses/20-onboarding/10-the-box/10-reading-a-box.md": "onboarding/the-box/reading-a-box",
		"courses/onboarding/10-the-box/index.md":               "onboarding/the-box",
		"courses/onboarding/index.md":                          "onboarding",
		"courses/onboarding/_10-the-box/_05-a.md":              "onboarding/the-box/a",
		"courses/onboarding/2026/24-hours.md":                  "onboarding/2026/hours",
	} {
		if got := coursePath(file); got != want {
			t.Errorf("%s: path %q, want %q", file, got, want)
		}
	}
}

// TestRelativePath holds that a suggested path leads where it should.
func TestRelativePath(t *testing.T) {
	file := rapid.StringMatching(`([ab]/){0,3}[xy]\.md`)
	rapid.Check(t, func(t *rapid.T) {
		from, to := file.Draw(t, "from"), file.Draw(t, "to")
		if got := path.Join(path.Dir(from), relativePath(from, to)); got != to {
			t.Fatalf("from %s, %q leads to %s, want %s", from, relativePath(from, to), got, to)
		}
	})
}

// TestWalkLeavesAlone holds what in a content folder is not content.
func TestWalkLeavesAlone(t *testing.T) {
	_, files := archive(t, "testdata/base.txtar")
	for _, name := range []string{"README.md", "courses/README.md", ".git/config", ".git/x.md", "LICENSE", "_notes.md", "_old/standard/x.md"} {
		files[name] = "<b>anything</b>"
	}
	if lib, findings := Load(tree(files), Options{Now: testNow}); lib == nil || len(findings) > 0 {
		t.Errorf("found %v", findings)
	}
}

func TestSymbolicLinksAreRefused(t *testing.T) {
	_, files := archive(t, "testdata/base.txtar")
	fsys := tree(files).(fstest.MapFS)
	fsys["standard/list.csv"] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("../../etc/passwd")}
	lib, findings := Load(fsys, Options{Now: testNow})
	if lib != nil || len(findings) != 1 || findings[0].Rule != "not-a-file" {
		t.Errorf("found %v, want one error (not-a-file)", findings)
	}
}
