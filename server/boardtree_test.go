package server_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/content"
)

// The files of the sample library that make one more offering with its
// certification and its quiz.
const (
	copiedOffering      = "standard/certified-copies.md"
	copiedCertification = "certifications/sell-copies.md"
	copiedQuiz          = "courses/onboarding/30-before-the-promise/80-check.quiz.md"

	shortItems = 6 // of the copied quiz
)

var (
	itemID    = regexp.MustCompile("`(q-[a-z0-9-]+)`")
	required  = regexp.MustCompile(`(?s)requires:\n.*?covers:\n.*?valid:`)
	ownWords  = regexp.MustCompile(`(?m)^words: .*\n`) // a phrase names one offering
	sampleIDs = strings.NewReplacer("certified-copies", "certified-copies-%02d", "sell-copies", "sell-copies-%02d",
		"before-the-promise-check", "before-the-promise-check-%02d", "Certified copies", "Certified copies %02d", "Before the promise", "Before the promise %02d")
)

// largeTree is the sample library with copies of one offering, its
// certification and a quiz, until there are so many offerings.
func largeTree(t testing.TB, offerings int) fstest.MapFS {
	t.Helper()
	tree := sampleFiles(t)
	lib, findings := content.Load(tree, content.Options{Now: opening})
	if lib == nil {
		t.Fatalf("the sample library has errors: %v", findings)
	}
	for n := 1; n <= offerings-len(lib.Offerings); n++ {
		numbered := func(text string) string {
			return strings.ReplaceAll(sampleIDs.Replace(text), "%02d", fmt.Sprintf("%02d", n))
		}
		add := func(name, text string) { tree[name] = &fstest.MapFile{Data: []byte(text)} }
		module := fmt.Sprintf("courses/onboarding/%d-part-%02d/", 100+n, n)
		certification := required.ReplaceAllString(string(tree[copiedCertification].Data),
			"requires:\n  - module: onboarding/before-the-promise\n  - quiz: before-the-promise-check\ncovers:\n  - working-together/homework\nvalid:")
		certification = certification[:strings.LastIndex(certification, "---\n")+4] + "The holder of this certificate may sell certified copies.\n"
		add(numbered(copiedOffering), numbered(ownWords.ReplaceAllString(string(tree[copiedOffering].Data), "")))
		add(numbered(copiedCertification), numbered(certification))
		add(module+"index.md", fmt.Sprintf("---\ntitle: Part %02d\nsummary: One more offering.\n---\nA quiz about it.\n", n))
		add(module+"80-check.quiz.md", itemID.ReplaceAllString(numbered(shortQuiz(tree)), fmt.Sprintf("`$1-%02d`", n)))
	}
	return tree
}

// shortQuiz is the copied quiz with its first items only, all of them drawn.
func shortQuiz(tree fstest.MapFS) string {
	parts := strings.SplitAfterN(string(tree[copiedQuiz].Data), "\n## ", shortItems+2)
	text := strings.TrimSuffix(strings.Join(parts[:shortItems+1], ""), "\n## ")
	return strings.Replace(text, "draw: 9\n", "", 1) + "\n"
}

// TestLargeTree holds that it is a whole library.
func TestLargeTree(t *testing.T) {
	t.Parallel()
	var tree fs.FS = largeTree(t, 30)
	lib, findings := content.Load(tree, content.Options{Now: opening})
	if lib == nil {
		t.Fatal(findings)
	}
	if len(lib.Offerings) != 30 || len(lib.Certifications) != 28 || len(lib.Exercises()) != 34 {
		t.Errorf("%d offerings, %d certifications, %d exercises; want 30, 28, 34", len(lib.Offerings), len(lib.Certifications), len(lib.Exercises()))
	}
}
