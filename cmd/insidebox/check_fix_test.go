package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/content"
)

const (
	staleLesson = "---\ntitle: A\nsummary: A\n---\n[20 h](../../../standard/search.md \"figure: wide.turnaround\")\n"
	freshLesson = "---\ntitle: A\nsummary: A\n---\n[24 h](../../../standard/search.md \"figure: wide.turnaround\")\n"
)

// staleLibrary writes a library with these lessons, each with a stale figure,
// and returns its folder and what check finds in it.
func staleLibrary(t *testing.T, lessons ...string) (dir string, findings []content.Finding) {
	t.Helper()
	dir = t.TempDir()
	files := map[string]string{
		"library.md":           "---\ncompany: A\ntitle: A\ntime-zone: UTC\ncalendar: {week: mon-fri, hours: \"08:00-18:00\"}\ndimensions: {turnaround: {kind: no-more-than, unit: h, label: T}}\n---\n",
		"standard/search.md":   "---\nid: search\ntitle: Search\nowner: operations\ntiers: [{name: wide, turnaround: 24h}]\n---\n## Turnaround\n\nText.\n",
		"courses/c/index.md":   "---\ntitle: C\nsummary: C\naudience: [rep]\n---\n",
		"courses/c/m/index.md": "---\ntitle: M\nsummary: M\n---\n",
	}
	for _, lesson := range lessons {
		files[lesson] = staleLesson
	}
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	lib, findings := content.Load(os.DirFS(dir), content.Options{Now: time.Now()})
	if lib == nil || fixable(findings) != len(lessons) {
		t.Fatalf("the library of this test has %v", findings)
	}
	return dir, findings
}

// TestMendFilesGoesOn holds that a file which can't be mended is said, and
// keeps no other from it.
func TestMendFilesGoesOn(t *testing.T) {
	const first, second = "courses/c/m/1-a.md", "courses/c/m/2-b.md"
	dir, findings := staleLibrary(t, first, second)
	if err := os.Remove(filepath.Join(dir, first)); err != nil {
		t.Fatal(err)
	}
	mended, err := mendFiles(dir, findings)
	if err == nil || !strings.Contains(err.Error(), first) || !strings.Contains(err.Error(), "as it was") {
		t.Errorf("error %v, want one that names %s", err, first)
	}
	if len(mended) != 1 || mended[0].File != second || read(t, filepath.Join(dir, second)) != freshLesson {
		t.Errorf("mended %v", mended)
	}
}

// TestMendFilesStaysInside holds that a file outside of the folder stays as it
// was, even where a link to it takes the place of a file that was checked.
func TestMendFilesStaysInside(t *testing.T) {
	const lesson = "courses/c/m/1-a.md"
	for _, swapped := range []string{lesson, "courses"} {
		dir, findings := staleLibrary(t, lesson)
		other := t.TempDir()
		write(t, filepath.Join(other, lesson), staleLesson)
		if err := os.RemoveAll(filepath.Join(dir, swapped)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(other, swapped), filepath.Join(dir, swapped)); err != nil {
			t.Fatal(err)
		}
		mended, err := mendFiles(dir, findings)
		if outside := read(t, filepath.Join(other, lesson)); err == nil || len(mended) > 0 || outside != staleLesson {
			t.Errorf("%s became a link: mended %v, error %v; outside stands %q", swapped, mended, err, outside)
		}
	}
}
