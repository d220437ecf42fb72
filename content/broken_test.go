package content

import (
	"fmt"
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

// tree makes a content folder from files.
func tree(files map[string]string) fs.FS {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

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
			lib, findings := Load(tree(overlay(base, files)), Options{Now: testNow})
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

// TestEveryRuleHasAnExample reads this package's own source for the names of
// rules and wants an example for each that the files of front matter, boxes,
// items, scenarios, certifications and changes use.
func TestEveryRuleHasAnExample(t *testing.T) {
	sources := []string{
		"frontmatter.go", "frontlimits.go", "frontshape.go", "frontrules.go", "library_file.go", "offering_file.go", "offering_figures.go", "quiz_file.go", "scenario_file.go", "scenario_scene.go", "scenario_rules.go", "../quiz/scenario/analyse.go", "item.go", "item_parts.go", "item_marks.go",
		"item_choices.go", "item_rules.go", "certification_file.go", "certification_terms.go", "rules_tabs.go", "changes_file.go", "rules_items.go", "rules_standard.go", "rules_certifications.go",
	}
	// a rule stands before its message, or is returned by ruleOf and problemRule
	call := regexp.MustCompile(`"([a-z]+(?:-[a-z]+)*)", "[^"]* [^"]*"|(?:return|rule =|Rule =) "([a-z]+-[a-z-]+)"(?:\n| +//)`)
	for _, file := range sources {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			rule := m[1] + m[2]
			if examples, _ := filepath.Glob(fmt.Sprintf("testdata/broken/%s/*.txtar", rule)); len(examples) == 0 {
				t.Errorf("%s: the rule %s has no example in testdata/broken/%s", file, rule, rule)
			}
		}
	}
}
