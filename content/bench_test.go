package content

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// bigLibrary is a library of 50 modules with 20 lessons of 8 KB, 4 quizzes and
// a scenario of 10 scenes each, in which everything that lessons use comes up.
func bigLibrary(tb testing.TB) fstest.MapFS {
	tb.Helper()
	_, files := archive(tb, "testdata/base.txtar")
	fsys := fstest.MapFS{}
	for _, name := range []string{"library.md", "standard/records-search.md"} {
		fsys[name] = &fstest.MapFile{Data: []byte(files[name])}
	}
	add := func(name, text string) { fsys[name] = &fstest.MapFile{Data: []byte(text)} }
	add("courses/big/index.md", "---\ntitle: Big\nsummary: Much to read.\naudience: [rep]\n---\nAll of it.\n")
	for m := range 50 {
		dir := fmt.Sprintf("courses/big/%d-module-%d/", m+1, m)
		add(dir+"index.md", "---\ntitle: A module\nsummary: A part.\n---\nPart of it.\n")
		for n := range 20 {
			add(fmt.Sprintf("%s%d-lesson-%d.md", dir, n+1, n), bigLesson(m, n))
		}
		add(dir+"99-scenario.scenario.md", bigScenario(m))
		for n := range 4 {
			add(fmt.Sprintf("%s9%d-quiz-%d.quiz.md", dir, n, n), bigQuiz(m, n))
		}
	}
	return fsys
}

func bigLesson(m, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Lesson %d of %d\nsummary: What it says.\nteaches: [records-search/turnaround]\n---\n", n, m)
	for part := 0; b.Len() < 8<<10; part++ {
		fmt.Fprintf(&b, "## Part %d\n\nThe *buyer* asks for **more** than the [turnaround](../../../standard/records-search.md#turnaround) holds; see [the next lesson](%d-lesson-%d.md). ", part, (n+1)%20+1, (n+1)%20)
		b.WriteString(strings.Repeat("Nobody in the room wants to say no, and nobody knows what the desk can do by then. ", 6) + "\n\n")
		b.WriteString("- Ask what it is for\n- Look it up, `card` in hand\n- Say when you will call back\n\n> [!TIP]\n> Read it aloud.\n\n| tier | clock |\n|:--|--:|\n| in-state | 8 h |\n| nationwide | 24 h |\n\n")
	}
	return b.String()
}

func bigQuiz(m, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: quiz-%d-%d\ntitle: A quiz\npass: 80%%\n---\n", m, n)
	for i := range 12 {
		fmt.Fprintf(&b, "## Question %d\n`q-%d-%d-%d` · covers [turnaround](../../../standard/records-search.md#turnaround)\n\nWhat may you promise to customer %d?\n\n- [ ] Noon tomorrow\n  > The tier takes longer.\n- [x] Four in the afternoon, the day after\n- [ ] I'll ask them to squeeze it in\n  > That is a promise in someone else's name.\n\n> The clock starts with the complete order.\n\n", i, m, n, i, i)
	}
	return b.String()
}

func bigScenario(m int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: scenario-%d\ntitle: A scenario\nstart: scene-0\nstate: {trust: 5 of 10, margin: 5 of 10, asked: no, told: no}\npass: trust >= 5 and (margin >= 4 or asked)\nends: {lost: fail}\n---\n", m)
	for i := range 8 {
		next := fmt.Sprintf("scene-%d", i+1)
		if i == 7 {
			next = "signed"
		}
		fmt.Fprintf(&b, "## Scene %d\n\n%s\n\n- [Say what the card says](#%s \"trust +1; margin -1; needs: margin > 0\")\n  > It stands in the [turnaround](../../../standard/records-search.md#turnaround).\n- [Ask what it is for](#%s \"trust -1; asked = yes\")\n  > The aim comes first.\n- [Begin again](#scene-0 \"margin -2; told = yes; needs: margin > 1; needs hidden: not told\")\n  > It costs.\n- [Promise it](#lost \"fatal\")\n  > No.\n\n",
			i, strings.Repeat("The pen clicks, and she waits for what you have to say about the day on which it will be there. ", 6), next, next)
	}
	b.WriteString("## Signed\n\nDone.\n\n## Lost\n\nGone.\n")
	return b.String()
}

// longScenario is a scenario of 500 scenes in groups of ten, each with a way
// back to its first one, with two meters and four flags.
func longScenario() string {
	var b strings.Builder
	b.WriteString("---\nid: long\ntitle: Long\nstart: s0\nstate: {trust: 5 of 10, margin: 5 of 10, asked: no, told: no, late: no, sure: no}\npass: trust >= 5\nends: {lost: fail}\n---\n")
	for i := range 498 {
		next, does := fmt.Sprintf("s%d", i+1), "asked = yes"
		if i == 497 {
			next = "won"
		}
		switch i % 10 {
		case 3:
			does = "trust -1; late = yes"
		case 6:
			does = "sure = yes"
		case 9:
			does = "told = no; asked = no"
		}
		fmt.Fprintf(&b, "## S%d\n\nShe waits.\n\n- [Say it](#%s \"trust +1; margin -1\")\n  > The aim.\n- [Ask](#%s \"%s\")\n  > The clock.\n- [Back](#s%d \"margin -2; told = yes; needs hidden: not told\")\n  > It costs.\n- [Promise](#lost \"fatal\")\n  > No.\n\n",
			i, next, next, does, i-i%10)
	}
	b.WriteString("## Won\n\nDone.\n\n## Lost\n\nGone.\n")
	return b.String()
}

// rawGoldmark is what the loader is measured against: goldmark with the same
// extensions, over the same Markdown, one file after another.
func rawGoldmark(tb testing.TB, fsys fs.FS) {
	tb.Helper()
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		return md.Convert(newSource(name, raw).body(), io.Discard)
	})
	if err != nil {
		tb.Fatalf("raw goldmark: %v", err)
	}
}

// BenchmarkLoad prints how much longer it takes to load and check a library
// than to run goldmark alone over the same bytes, both in turn: 1,000 lessons
// of 8 KB with 200 quizzes, and 50 scenarios of 10 scenes; the same with one
// scenario of 500 scenes beside them; and that one alone, where the analysis
// weighs most. The bar is 2.5.
func BenchmarkLoad(b *testing.B) {
	const long = "courses/big/1-module-0/98-long.scenario.md"
	whole, both, alone := bigLibrary(b), bigLibrary(b), bigLibrary(b)
	both[long] = &fstest.MapFile{Data: []byte(longScenario())}
	maps.DeleteFunc(alone, func(name string, _ *fstest.MapFile) bool { return strings.HasPrefix(name, "courses/big/") })
	for _, name := range []string{"courses/big/index.md", "courses/big/1-module-0/index.md", long} {
		alone[name] = both[name]
	}
	b.Run("library", func(b *testing.B) { compareLoad(b, whole, 1250) })
	b.Run("with-500-scenes", func(b *testing.B) { compareLoad(b, both, 1251) })
	b.Run("500-scenes-alone", func(b *testing.B) { compareLoad(b, alone, 1) })
}

func compareLoad(b *testing.B, fsys fs.FS, parts int) {
	b.Helper()
	var ours, raw time.Duration
	for b.Loop() {
		start := time.Now()
		rawGoldmark(b, fsys)
		raw += time.Since(start)
		start = time.Now()
		lib, findings := Load(fsys, Options{Now: testNow})
		ours += time.Since(start)
		if lib == nil {
			b.Fatalf("the library does not load: %v", findings[:min(5, len(findings))])
		}
		if n := len(lib.Lessons()) + len(lib.Quizzes()) + len(lib.Scenarios()); n != parts {
			b.Fatalf("%d lessons, quizzes and scenarios, want %d", n, parts)
		}
	}
	b.ReportMetric(float64(ours)/float64(raw), "ratio-goldmark")
	b.ReportMetric(float64(raw.Milliseconds())/float64(b.N), "goldmark-ms")
}

// BenchmarkSearch asks a library of 1,000 lessons for words that stand in
// every one of them, and for words that few have.
func BenchmarkSearch(b *testing.B) {
	lib, findings := Load(bigLibrary(b), Options{Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	if lib == nil {
		b.Fatal(findings)
	}
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			lib.newIndex()
		}
	})
	lib.Search("index", 1)
	for _, query := range []string{"n", "nobody in the room", "lesson 7 of 12"} {
		b.Run(strings.ReplaceAll(query, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				if len(lib.Search(query, 10)) == 0 {
					b.Fatal("nothing found")
				}
			}
		})
	}
}
