package content

import (
	"path"
	"slices"
	"strings"
	"testing"

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

// TestTooManyFiles holds that a folder of far too many files is refused, and
// read no further.
func TestTooManyFiles(t *testing.T) {
	_, files := archive(t, "testdata/base.txtar")
	for i := range maxFiles {
		files["standard/"+itoa(i)+".csv"] = ""
	}
	_, findings := Load(tree(files), Options{Now: testNow})
	found := slices.DeleteFunc(findings, func(f Finding) bool { return f.Rule == "unused-file" || f.Rule == "missing-file" })
	if len(found) == 0 || found[len(found)-1].Rule != "limit" || !strings.Contains(found[len(found)-1].Message, "more than 20000 files") {
		t.Errorf("found %v, want an error (limit)", found)
	}
}
