package content_test

import (
	"html"
	"io/fs"
	"maps"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/content"
)

// TestScenarioDraftsAreContent puts drafts of any words into the sample library: the
// library finds nothing to say against them, and shows the words as they were.
func TestScenarioDraftsAreContent(t *testing.T) {
	t.Parallel()
	tree := func(files map[string]string) fs.FS {
		t := fstest.MapFS{}
		for name, text := range files {
			t[name] = &fstest.MapFile{Data: []byte(text)}
		}
		return t
	}
	files := map[string]string{
		"library.md":                         "---\ncompany: Sample\ntitle: Sample\ntime-zone: Europe/Berlin\ncalendar: {week: mon-fri, hours: \"08:00-18:00\"}\ndimensions: {turnaround: {kind: no-more-than, unit: h, label: Turnaround}}\n---\nWhat we sell.\n",
		"standard/records-search.md":         "---\nid: records-search\ntitle: Records search\nowner: operations\ntiers: [{name: all, turnaround: 8h}]\n---\nWe search.\n\n## Turnaround\n\nIt takes [8 h](records-search.md#turnaround \"figure: all.turnaround\").\n",
		"courses/start/index.md":             "---\ntitle: Start\nsummary: It begins.\naudience: [rep]\n---\nIt begins.\n",
		"courses/start/10-box/index.md":      "---\ntitle: The box\nsummary: A box.\n---\nA box.\n",
		"courses/start/10-box/10-reading.md": "---\ntitle: Reading\nsummary: To read.\nteaches: [records-search/turnaround]\n---\nA lesson.\n",
	}
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	lib, findings := content.Load(tree(files), content.Options{Now: now})
	if lib == nil {
		t.Fatal(findings)
	}
	about := lib.Clause("records-search/turnaround")
	tags, spaces := regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`\s+`)
	nasty := []string{"# x", "- y", "1. z", "---", "http://a@b.test/", "www.a.test", "a@b.test", "[x](y)", "![x](y)", "<b>", "{#id}", "**a**", "`a`", "~~a~~", "a | b", "[^1]", "&amp;", "\\", "\"q\"", "](", "][", "[!NOTE]", "x\ny", "=== ", "> q", "$1", ":smile:", "(c)", "...", "--", "'a'", "a: b", "| a |", "\u200b", "Why:"}
	rapid.Check(t, func(t *rapid.T) {
		words := func(name string) string {
			parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.StringN(0, 12, 40)), 1, 4).Draw(t, name)
			return strings.Join(parts, rapid.SampledFrom([]string{" ", ""}).Draw(t, name+" joined"))
		}
		title := words("title")
		text, choice := words("text"), words("choice")
		d := content.ScenarioDraft{
			ID: lib.DraftID(title, "a-request"), Title: "Draft: " + title, Intro: "A draft.", State: "trust: 5 of 10, aim: no", Pass: "aim and trust >= 6", Ends: "the-end: fail",
			Scenes: []content.DraftScene{
				{Title: "The call", Text: []string{text, "They wait."}, Choices: []content.DraftChoice{
					{Text: "Promise it " + choice, To: 2, Effects: "fatal", Why: "Outside. " + words("why"), Cites: []*content.Clause{about}},
					{Text: "Ask " + choice, To: 1, Effects: "trust +2; aim = yes", Why: "Ask.", Cites: []*content.Clause{about}},
				}},
				{Title: "Settled", Text: []string{"Done."}},
				{Title: "The end", Text: []string{"Over."}},
			},
		}
		file := lib.DraftFile(d.ID, about)
		if rapid.Bool().Draw(t, "published") {
			file = strings.Replace(file, "/_", "/95-", 1)
		}
		markdown := lib.Markdown(d)
		more := maps.Clone(files)
		more[file] = string(markdown)
		with, findings := content.Load(tree(more), content.Options{Now: now})
		for _, f := range findings {
			if f.File == file {
				t.Fatalf("%s\n%s", f, markdown)
			}
		}
		if with == nil {
			t.Fatal(findings)
		}
		if s := with.Scenario(d.ID); s != nil {
			shown := func(text string) string {
				return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(text, "")), " "))
			}
			scene := s.Scenes[0]
			if got, want := shown(scene.HTML), content.Shown(text+" They wait."); got != want {
				t.Fatalf("the text %q is shown as %q\n%s", want, got, markdown)
			}
			if got, want := shown(scene.Choices[0].Text), content.Shown("Promise it "+choice); got != want {
				t.Fatalf("the choice %q is shown as %q\n%s", want, got, markdown)
			}
		}
	})
}
