package content

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// testNow is the moment at which the libraries of these tests are read.
var testNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

var fileMark = regexp.MustCompile(`(?m)^-- (\S+) --\n`)

// archive reads an example: a comment, then files, each after a line
// "-- path --" (the txtar format).
func archive(t testing.TB, file string) (comment string, files map[string]string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading the example: %v", err)
	}
	text, files := string(raw), map[string]string{}
	marks := fileMark.FindAllStringSubmatchIndex(text, -1)
	for i, m := range marks {
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		files[text[m[2]:m[3]]] = text[m[1]:end]
	}
	if len(marks) == 0 {
		t.Fatalf("%s holds no file; write a line such as: -- library.md --", file)
	}
	return text[:marks[0][0]], files
}

// tree makes a content folder from files. Some of what can lie in a folder
// has no text, and is written as what it is, in parentheses; a line that
// begins with "(9 paragraphs)" is nine.
func tree(files map[string]string) fs.FS {
	fsys, faults := fstest.MapFS{}, map[string]string{}
	for name, data := range files {
		file := &fstest.MapFile{Data: []byte(data)}
		switch what := strings.TrimSpace(data); what {
		case "(a symbolic link)":
			file.Mode = fs.ModeSymlink
		case "(11 MB)":
			file.Data = make([]byte, 11<<20)
		case "(a folder that can't be read)":
			file.Mode = fs.ModeDir
			faults[name] = what
		case "(can't be opened)", "(can't be read)":
			faults[name] = what
		default:
			file.Data = []byte(paragraphs.ReplaceAllStringFunc(data, repeated))
		}
		fsys[name] = file
	}
	if len(faults) > 0 {
		return faultyFS{fsys, faults}
	}
	return fsys
}

var paragraphs = regexp.MustCompile(`(?m)^\((\d+) paragraphs\) (.*\n)`)

func repeated(line string) string {
	m := paragraphs.FindStringSubmatch(line)
	n, _ := strconv.Atoi(m[1]) // digits
	return strings.Repeat(m[2]+"\n", n)
}

// A faultyFS is a folder on a disk that fails here and there.
type faultyFS struct {
	fstest.MapFS
	faults map[string]string
}

var errDisk = errors.New("input/output error")

func (f faultyFS) Open(name string) (fs.File, error) {
	switch file, err := f.MapFS.Open(name); {
	case err != nil || f.faults[name] == "":
		return file, err
	case f.faults[name] == "(can't be read)":
		return faultyFile{file}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func (f faultyFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if f.faults[name] != "" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadDir(name)
}

type faultyFile struct{ fs.File }

func (faultyFile) Read([]byte) (int, error) { return 0, errDisk }

// A want is one finding that an example names:
// "want FILE:LINE:COLUMN error|warning RULE: part of the message".
type want struct {
	place, kind, rule, says string
}

var wantLine = regexp.MustCompile(`^want (\S+:\d+:\d+) (error|warning) ([a-z-]+): (.+)$`)

func wants(t *testing.T, comment string) []want {
	t.Helper()
	var list []want
	for line := range strings.SplitSeq(comment, "\n") {
		if !strings.HasPrefix(line, "want") {
			continue
		}
		m := wantLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("the line %q does not read as: want FILE:LINE:COLUMN error|warning RULE: part of the message", line)
		}
		list = append(list, want{m[1], m[2], m[3], m[4]})
	}
	if len(list) == 0 {
		t.Fatal("the example names no finding")
	}
	return list
}

// matches reports whether a finding is the one that is wanted.
func (w want) matches(f Finding) bool {
	kind := map[bool]string{true: "error", false: "warning"}[f.Error]
	return w.place == f.File+":"+strconv.Itoa(f.Line)+":"+strconv.Itoa(f.Column) &&
		w.kind == kind && w.rule == f.Rule && strings.Contains(f.Message, w.says)
}

// TestBaseLibrary holds that the library which all examples change is right.
func TestBaseLibrary(t *testing.T) {
	_, files := archive(t, "testdata/base.txtar")
	lib, findings := Load(tree(files), Options{Now: testNow})
	for _, f := range findings {
		t.Error(f)
	}
	if lib == nil {
		t.Fatal("the library did not load")
	}
}

// TestBroken loads every example of testdata/broken and wants exactly the
// findings that it names, each at its line and column, by its rule, with the
// words that say what to do. A library with an error must not load.
func TestBroken(t *testing.T) {
	_, base := archive(t, "testdata/base.txtar")
	examples, err := filepath.Glob("testdata/broken/*/*.txtar")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples found: %v", err)
	}
	for _, example := range examples {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(example), "testdata/broken/"), ".txtar")
		t.Run(name, func(t *testing.T) {
			comment, files := archive(t, example)
			lib, findings := loadExample(t, base, files)
			left := slices.Clone(findings)
			for _, w := range wants(t, comment) {
				i := slices.IndexFunc(left, w.matches)
				if i < 0 {
					t.Errorf("missing: %s %s %s: … %s …", w.place, w.kind, w.rule, w.says)
					continue
				}
				left = slices.Delete(left, i, i+1)
			}
			for _, f := range left {
				t.Errorf("not wanted: %s", f)
			}
			if broken := slices.ContainsFunc(findings, func(f Finding) bool { return f.Error }); broken != (lib == nil) {
				t.Errorf("errors: %v, library loaded: %v", broken, lib != nil)
			}
			if rule := filepath.Base(filepath.Dir(example)); !strings.Contains(comment, " "+rule+": ") {
				t.Errorf("the example lies in the folder %s, but wants no finding of that rule", rule)
			}
		})
	}
}

// loadExample lays the files of an example over the base library. Those under
// before/ are laid over it, too, to make the state that was published before.
func loadExample(t *testing.T, base, files map[string]string) (*Library, []Finding) {
	t.Helper()
	now, before := map[string]string{}, map[string]string{}
	for name, data := range files {
		if old, ok := strings.CutPrefix(name, "before/"); ok {
			before[old] = data
		} else {
			now[name] = data
		}
	}
	opt := Options{Now: testNow}
	if len(before) > 0 {
		var findings []Finding
		if opt.Since, findings = Load(tree(overlay(base, before)), opt); opt.Since == nil {
			t.Fatalf("what was published before does not load: %v", findings)
		}
	}
	return Load(tree(overlay(base, now)), opt)
}

// overlay replaces and adds files; one that holds nothing but "(none)" is
// taken away.
func overlay(base, files map[string]string) map[string]string {
	all := map[string]string{}
	for name, data := range base {
		all[name] = data
	}
	for name, data := range files {
		if all[name] = data; strings.TrimSpace(data) == "(none)" {
			delete(all, name)
		}
	}
	return all
}
