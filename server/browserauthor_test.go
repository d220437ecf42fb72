package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/content"
)

// authorAtWork changes a folder that is served with --dev, breaks it and
// mends it, while a learner reads.
func authorAtWork(t *testing.T, b *browser) {
	dir := filepath.Join(t.TempDir(), "library")
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	site := newRig(t, withFolder(dir))
	learner := b.as(t, site, phone, "rep@demo.test").open(lessonsAt + "reading-a-box")
	author := b.as(t, site, desk, "author@demo.test").open("/author")
	author.says("What is on disk is what learners see", "No findings")

	file := filepath.Join(dir, lessonFile)
	good := editFile(t, file, "“Can you do Ohio by tonight?”", "“Can you do Utah by Monday?”")
	follows(site, learner, author)
	learner.sees(".prose", "Can you do Utah by Monday?")

	editFile(t, file, "[outside](../../../standard/records-search.md#outside)", "[outside](../../../standard/records-search.md#outsied)")
	editFile(t, file, "Utah by Monday", "Idaho by Friday")
	follows(site, learner, author)
	author.sees(".notice.error", "The content on disk has", "learners see the last good version.")
	author.says("Learners see the last good version")
	place, sentence := author.theFinding()
	text, _, _ := strings.Cut(readText(t, file), "[outside](")
	line := strings.Count(text, "\n") + 1
	column := len([]rune(text[strings.LastIndex(text, "\n")+1:])) + 1
	if want := fmt.Sprintf("%s:%d:%d", lessonFile, line, column); place != want {
		t.Errorf("the finding is at %s, want %s", place, want)
	}
	if !strings.Contains(sentence, "outsied") || !strings.Contains(sentence, "outside") {
		t.Errorf("the finding says %q, want what was written and what may have been meant", sentence)
	}
	learner.sees(".prose", "Can you do Utah by Monday?")
	if learner.count(".notice") != 0 {
		t.Errorf("a learner is told of broken content\n%s", learner.state())
	}

	if err := os.WriteFile(file, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	follows(site, learner, author)
	author.sees("main", "No findings")
	if author.count(".notice.error") != 0 {
		t.Error("the author's notice stays after the content is mended")
	}
}

// follows reads the folder again, and waits until the open pages have loaded
// themselves again and listen for the next change.
func follows(site *rig, tabs ...*tab) {
	site.Helper()
	for _, tb := range tabs {
		tb.hasHeard("/dev/events")
		tb.forget("/dev/events")
		evaluate[bool](tb, `window.before = true`)
	}
	site.reload()
	for _, tb := range tabs {
		tb.wait("the page loads itself again", `!window.before && document.readyState === "complete"`)
	}
}

// theFinding is the one finding of the author's page.
func (tb *tab) theFinding() (place, sentence string) {
	tb.Helper()
	tb.sees(".finds.error .finding.fatal", "Error")
	if n := tb.count(".finding"); n != 1 {
		tb.Errorf("the author sees %d findings, want 1\n%s", n, tb.state())
	}
	if evaluate[bool](tb, `(() => {
		const [a, b] = [".chip", "code"].map(part => document.querySelector(".finding-at " + part).getBoundingClientRect());
		return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
	})()`) {
		tb.Error("the place of a finding lies over what kind it is")
	}
	place = evaluate[string](tb, `document.querySelector(".finding-at code").textContent`)
	return place, evaluate[string](tb, `document.querySelector(".finding-what").innerText`)
}

// edit replaces a text in a file that must have it, and returns the whole.
func editFile(t *testing.T, file, from, to string) string {
	t.Helper()
	text := readText(t, file)
	if !strings.Contains(text, from) {
		t.Fatalf("%s has no %q", file, from)
	}
	text = strings.Replace(text, from, to, 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return text
}

func readText(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
