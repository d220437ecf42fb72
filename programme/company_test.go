package programme_test

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/content"
)

// A company is what several processes share: the data file, the content
// folder and the time.
type company struct {
	path string
	mu   sync.Mutex
	now  time.Time
	tree fs.FS
	seed atomic.Uint64
	key  []byte // of the installation; nil is one that nobody can guess
}

type brokenLibrary struct{ findings []content.Finding }

func (b *brokenLibrary) Error() string { return fmt.Sprint("the library is broken: ", b.findings) }

func newCompany(t testing.TB) *company { return companyAt(t, t.TempDir()) }

func companyAt(t rapid.TB, folder string) *company {
	return &company{path: filepath.Join(folder, "insidebox.db"), now: monday, tree: library(t)}
}

func (c *company) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// pass lets time go by.
func (c *company) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// at sets the time.
func (c *company) at(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// edit puts another state of the content into the folder; a process sees it
// when it reloads.
func (c *company) edit(tree fs.FS) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tree = tree
}

func (c *company) source() fs.FS {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tree
}

// nextSeed is another one each time, and the same ones in each run.
func (c *company) nextSeed() (s [32]byte) {
	binary.BigEndian.PutUint64(s[:], c.seed.Add(1))
	return s
}

var sample = sync.OnceValues(func() (fstest.MapFS, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("testdata/library"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join("testdata/library", path))
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	return files, err
})

// An edit changes one file: Old, which must be there, becomes New; an empty
// Old is the whole file, and an empty New then removes it.
type edit struct{ File, Old, New string }

// library is the content under testdata with edits.
func library(t rapid.TB, edits ...edit) fs.FS {
	t.Helper()
	files, err := edited(edits...)
	if err != nil {
		t.Fatalf("edit the library: %v", err)
	}
	return files
}

// edited is library where there is no test, as in a child process.
func edited(edits ...edit) (fstest.MapFS, error) {
	files, err := sample()
	if err != nil {
		return nil, err
	}
	files = maps.Clone(files)
	for _, e := range edits {
		switch {
		case e.Old == "" && e.New == "":
			delete(files, e.File)
		case e.Old == "":
			files[e.File] = &fstest.MapFile{Data: []byte(e.New)}
		default:
			text := string(files[e.File].Data)
			if !strings.Contains(text, e.Old) {
				return nil, fmt.Errorf("%s does not hold %q", e.File, e.Old)
			}
			files[e.File] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, e.Old, e.New))}
		}
	}
	return files, nil
}

// states are edits that make states of the content, each with the lessons,
// quizzes, items and certifications that are left.
func states() [][]edit {
	const rush = "certifications/sell-rush.md"
	return [][]edit{
		{},
		{{boxFile, "What may you promise?", "What do you promise?"}},
		{
			{boxFile, "- [x] With the complete order\n- [ ] With the first call", "- [ ] With the complete order\n- [x] With the first call"},
			{boxFile, "> Nothing can be searched yet.", ""},
		},
		{{boxFile, "attempts: 3", "attempts: 1"}, {boxFile, "pass: 75%", "pass: 100%"}},
		{{rush, "  - signoff: {by: manager, criteria: [Asks for the aim, Names the tier]}\n", ""}},
		{
			{File: "courses/onboarding/10-the-box/20-combining.md"},
			{"courses/onboarding/10-the-box/10-reading.md", "searches/scope]", "searches/scope, rush/turnaround]"},
		},
		{{File: rush}, {"certifications/sell-searches.md", "[searches]", "[searches, rush]"}},
		{
			{File: "courses/onboarding/20-together/80-handoff.quiz.md"},
			{boxFile, "`q-noon` · covers", "`q-noon` · covers [handoff](../../../standard/together.md#handoff), "},
		},
		{{rush, "after: [sell-searches]\n", ""}, {"certifications/sell-searches.md", "valid: 1y", "valid: 90d"}},
	}
}

func variants(t rapid.TB) (list []fs.FS) {
	for _, edits := range states() {
		list = append(list, library(t, edits...))
	}
	return list
}
