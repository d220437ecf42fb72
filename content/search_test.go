package content_test

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/insidebox/insidebox/content"
)

func sampleLibrary(t *testing.T) *content.Library {
	t.Helper()
	lib, findings := content.Load(content.Sample(), content.Options{Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	if lib == nil {
		t.Fatalf("the sample has errors: %v", findings)
	}
	return lib
}

func TestSearchFinds(t *testing.T) {
	t.Parallel()
	lib := sampleLibrary(t)
	for query, want := range map[string]string{
		"records search":        "offering /offerings/records-search",
		"recórds SEARCH":        "offering /offerings/records-search",
		"records sea":           "offering /offerings/records-search",
		"reco sea":              "offering /offerings/records-search", // every word a beginning, where nothing else fits
		"express":               "offering /offerings/express-desk",
		"working together":      "offering /practices/working-together",
		"turnaround records":    "clause /offerings/records-search#turnaround",
		"consent":               "clause /offerings/employment-checks#consent",
		"reading a box":         "lesson /courses/onboarding/the-box/reading-a-box",
		"5000 per month":        "offering /offerings/records-search",
		"5,000 per month logo":  "offering /offerings/records-search",
		"24h nationwide":        "clause /offerings/records-search#turnaround",
		"“records” — (search)!": "offering /offerings/records-search",
	} {
		kind, url, _ := strings.Cut(want, " ")
		list := listOf(lib.Search(query, 10), content.HitKind(kind))
		if !slices.Contains(urls(list)[:min(3, len(list))], url) {
			t.Errorf("Search(%q) gives of kind %s %v, want %s among the first three", query, kind, urls(list), url)
		}
	}
}

// A word in a title counts more than one in a heading, and that more than any
// number of them in the text.
func TestSearchRanks(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{}
	for name, text := range map[string]string{
		"library.md": "---\ncompany: C\ntitle: C\ntime-zone: UTC\ncalendar: {week: mon-fri, hours: \"08:00-18:00\", holidays: [2026-12-25]}\ndimensions: {turnaround: {kind: no-more-than, unit: h, label: Turnaround}}\n---\nAbout.\n",
		"standard/a.md": "---\nid: a\ntitle: Ledger search\nowner: operations\ntiers: [{name: all, turnaround: 8h}]\n---\nText.\n\n## Turnaround\n\nIn eight hours.\n\n" +
			"## Zebra\n\nOne.\n\n## Stripes\n\nA zebra, a zebra, a zebra, a zebra, a zebra, a zebra, a zebra. No heading.\n",
		"courses/c/index.md":      "---\ntitle: C\nsummary: S.\naudience: [rep]\n---\nAll.\n",
		"courses/c/10-m/index.md": "---\ntitle: M\nsummary: S.\n---\nAll.\n",
		"courses/c/10-m/10-x.md":  "---\ntitle: In the text\nsummary: S.\nteaches: [a/turnaround]\n---\n" + strings.Repeat("A zebra. ", 30) + "\n",
		"courses/c/10-m/20-y.md":  "---\ntitle: In a heading\nsummary: S.\nteaches: [a/zebra]\n---\n## The zebra\n\nNothing more.\n",
		"courses/c/10-m/30-z.md":  "---\ntitle: The zebra\nsummary: S.\nteaches: [a/stripes]\n---\nNothing more.\n",
		"courses/c/10-m/_40-d.md": "---\ntitle: A draft of zebras\nsummary: S.\nteaches: [a/stripes]\n---\nzebra\n",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	lib, findings := content.Load(tree, content.Options{Now: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})
	if lib == nil {
		t.Fatal(findings)
	}
	for query, want := range map[string][]content.HitKind{
		"zebra":           {content.HitClause, content.HitLesson},
		"the zebra":       {content.HitLesson}, // of which only this kind has both words
		"search":          {content.HitOffering, content.HitClause},
		"ledger stripes":  {content.HitClause}, // the clause of that offering
		"nothing":         {content.HitLesson},
		"heading":         {content.HitLesson, content.HitClause}, // in a title, and in a text
		"turnaround hour": {content.HitClause},
	} {
		var got []content.HitKind
		for _, g := range lib.Search(query, 10) {
			got = append(got, g.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("Search(%q) gives the kinds %v, want %v", query, got, want)
		}
	}
	for kind, want := range map[content.HitKind][]string{
		content.HitLesson: {"/courses/c/m/z", "/courses/c/m/y", "/courses/c/m/x"},
		content.HitClause: {"/offerings/a#zebra", "/offerings/a#stripes"},
	} {
		if got := urls(listOf(lib.Search("zebra", 10), kind)); !slices.Equal(got, want) {
			t.Errorf("of kind %s: got %v, want %v", kind, got, want)
		}
	}
}

func TestSearchNeedsEveryWord(t *testing.T) {
	t.Parallel()
	lib := sampleLibrary(t)
	for _, query := range []string{"", "   ", "§ .", "turnaround xyzzy", strings.Repeat("zz ", 500), "\xff\x00", "<script>alert"} {
		if hits := lib.Search(query, 10); len(hits) != 0 {
			t.Errorf("Search(%.20q) = %v, want nothing", query, hits)
		}
	}
	for _, g := range lib.Search("e", 3) {
		if len(g.List) > 3 || g.Total < len(g.List) {
			t.Errorf("with a limit of 3 kind %s lists %d of %d", g.Kind, len(g.List), g.Total)
		}
	}
}

func TestSearchMarksWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	groups := sampleLibrary(t).Search("a nationw", 20)
	if len(groups) < 2 {
		t.Fatalf("got %v, want clauses and lessons", groups)
	}
	for _, g := range groups {
		for _, h := range g.List {
			marks := 0
			for _, s := range slices.Concat(h.Title, h.Excerpt) {
				if low := strings.ToLower(s.Text); s.Found {
					marks++
					if !strings.HasPrefix(low, "nationw") && low != "a" && low != "a nationwide" {
						t.Errorf("%s: marked %q", h.URL, s.Text)
					}
				}
				if strings.ContainsAny(s.Text, "<>") || strings.Contains(s.Text, "&amp;") {
					t.Errorf("%s: the excerpt holds markup: %q", h.URL, s.Text)
				}
			}
			if marks == 0 {
				t.Errorf("%s: nothing is marked in %v %v", h.URL, h.Title, h.Excerpt)
			}
		}
	}
}

// What only a quiz, a self-check or a scenario says can't be found.
func TestSearchKnowsNoKeys(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{}
	for name, text := range map[string]string{
		"courses/onboarding/10-the-box/90-secret.quiz.md": "---\nid: secret\ntitle: Qwertzquiz\npass: 80%\n---\nQwertzintro.\n\n## Qwertztitle\n`q-secret` · covers [turnaround](../../../standard/records-search.md#turnaround)\n\nQwertzstem?\n\n" +
			"- [ ] Qwertzwrong\n  > Qwertzreason.\n- [x] Qwertzright\n\n> Qwertzfeedback.\n",
		"courses/onboarding/10-the-box/15-check.md":  "---\ntitle: One to check\nsummary: S.\nteaches: [records-search/turnaround]\n---\nText.\n\n```check\nQwertzcheck?\n\n- [ ] Qwertzno\n  > Qwertzwhy.\n- [x] Qwertzyes\n\n> Qwertzsaid.\n```\n",
		"courses/onboarding/10-the-box/_16-draft.md": "---\ntitle: Qwertzdraft\nsummary: S.\nteaches: [records-search/turnaround]\n---\nQwertztext.\n",
		"courses/onboarding/10-the-box/91-s.scenario.md": "---\nid: secret-call\ntitle: Qwertzscenario\nstart: begin\nstate: {trust: 5 of 10}\npass: trust >= 5\n---\n## Begin\n\nQwertzscene.\n\n" +
			"- [Qwertzchoice](#over \"trust +1\")\n  > Qwertzdebrief: [turnaround](../../../standard/records-search.md#turnaround).\n- [Qwertzother](#over \"trust -1\")\n  > No.\n\n## Over\n\nQwertzend.\n",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	lib, findings := content.Load(overSample{tree}.all(t), content.Options{Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	if lib == nil {
		t.Fatal(findings)
	}
	if lib.Quiz("secret") == nil || lib.Scenario("secret-call") == nil || lib.Lesson("onboarding/the-box/check") == nil {
		t.Fatal("what is to stay hidden is not there at all")
	}
	if hits := lib.Search("qwertz", 50); len(hits) != 0 {
		t.Errorf("the search shows %v", hits)
	}
	if hits := listOf(lib.Search("one to check", 50), content.HitLesson); len(hits) == 0 || hits[0].URL != "/courses/onboarding/the-box/check" {
		t.Errorf("the lesson around the self-check is not found first: %v", urls(hits))
	}
}

// overSample is the sample library with more files.
type overSample struct{ more fstest.MapFS }

func (o overSample) all(t *testing.T) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	err := fs.WalkDir(content.Sample(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(content.Sample(), name)
		tree[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(tree, o.more)
	return tree
}

func listOf(groups []content.Hits, kind content.HitKind) []content.Hit {
	for _, g := range groups {
		if g.Kind == kind {
			return g.List
		}
	}
	return nil
}

func urls(hits []content.Hit) []string {
	var list []string
	for _, h := range hits {
		list = append(list, h.URL)
	}
	return list
}
