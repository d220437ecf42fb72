package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// markdownLink finds the target of an inline link, without its anchor.
	markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	// markdownCode finds fenced blocks and code in a line, where a link is text.
	markdownCode = regexp.MustCompile("(?ms)^````?.*?^````?$|`[^`\n]+`")
)

// TestDocumentsLinkToWhatIsThere resolves every relative link of the documents
// for people who run or change the program. (Links of the library are checked
// with the content.)
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	for _, file := range documents(t) {
		for _, link := range links(t, file) {
			if strings.Contains(link, ":") {
				continue // another site
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), link)); err != nil {
				t.Errorf("%s links to %s, which is not there; mend the link", file, link)
			}
		}
	}
}

// TestDecisionsAreListed holds the index of decisions against the folder.
func TestDecisionsAreListed(t *testing.T) {
	index := links(t, "../../docs/decisions/README.md")
	records, err := filepath.Glob("../../docs/decisions/0*.md")
	if err != nil || len(records) == 0 {
		t.Fatalf("find the records of decisions: %d found, error %v", len(records), err)
	}
	for _, record := range records {
		if name := filepath.Base(record); !slices.Contains(index, name) {
			t.Errorf("docs/decisions/README.md does not list %s; add its row", name)
		}
	}
}

// TestTrustNamesTests holds that the tests which docs/trust.md names are there.
func TestTrustNamesTests(t *testing.T) {
	text, err := os.ReadFile("../../docs/trust.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	err = filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "../..":
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		for _, found := range testFunc.FindAllStringSubmatch(string(source), -1) {
			there[found[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := namedTest.FindAllStringSubmatch(string(text), -1)
	if len(named) < 40 {
		t.Errorf("docs/trust.md names %d tests, want 40 or more: this test sees too few", len(named))
	}
	for _, name := range named {
		if !there[name[1]] {
			t.Errorf("docs/trust.md names %s, which is no test", name[1])
		}
	}
}

var (
	testFunc  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	namedTest = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`")
)

// documents lists the Markdown files at the root and under docs/.
func documents(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir("../../docs", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) < 5 {
		t.Fatalf("find the documents: %d found, error %v", len(files), err)
	}
	return files
}

// links returns the targets of all links in a file that are not in code.
func links(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, match := range markdownLink.FindAllStringSubmatch(markdownCode.ReplaceAllString(string(text), ""), -1) {
		targets = append(targets, match[1])
	}
	return targets
}
