package content_test

import (
	"strings"
	"testing"
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

func TestSearchFindsByPrefixAndFolds(t *testing.T) {
	lib := sampleLibrary(t)
	for query, want := range map[string]string{
		"turnaround":       "/offerings/records-search#turnaround",
		"TURNARoUND recor": "/offerings/records-search#turnaround",
		"recórds search":   "/offerings/records-search",
		"express desk":     "/offerings/express-desk",
		"reading a box":    "/courses/onboarding/the-box/reading-a-box",
	} {
		hits := lib.Search(query, 10)
		found := false
		for _, h := range hits[:min(5, len(hits))] {
			found = found || h.URL == want
		}
		if !found {
			t.Errorf("Search(%q) = %v, want %s among the first five", query, urls(hits), want)
		}
	}
}

func TestSearchNeedsEveryWord(t *testing.T) {
	lib := sampleLibrary(t)
	for _, query := range []string{"", "   ", "§ .", "turnaround xyzzy", strings.Repeat("zz ", 500)} {
		if hits := lib.Search(query, 10); len(hits) != 0 {
			t.Errorf("Search(%.20q) = %v, want nothing", query, urls(hits))
		}
	}
	if hits := lib.Search("e", 3); len(hits) != 3 {
		t.Errorf("Search with a limit of 3 gave %d", len(hits))
	}
}

func TestSearchMarksWhatWasAskedFor(t *testing.T) {
	hits := sampleLibrary(t).Search("nationwide", 20)
	if len(hits) == 0 {
		t.Fatal("nothing found")
	}
	for _, h := range hits {
		for _, s := range h.Excerpt {
			if s.Found && !strings.Contains(strings.ToLower(s.Text), "nationwide") {
				t.Errorf("%s: marked %q", h.URL, s.Text)
			}
			if strings.ContainsAny(s.Text, "<>") {
				t.Errorf("%s: the excerpt holds markup: %q", h.URL, s.Text)
			}
		}
	}
}

// Keys never leave: what only a quiz says can't be searched.
func TestSearchKnowsNoQuiz(t *testing.T) {
	lib := sampleLibrary(t)
	for _, q := range lib.Quizzes() {
		for _, it := range q.Items {
			for _, h := range lib.Search(it.Title, 50) {
				if strings.HasPrefix(h.URL, "/quizzes/") {
					t.Fatalf("a search leads to the quiz: %s", h.URL)
				}
			}
		}
	}
}

func urls(hits []content.Hit) []string {
	var list []string
	for _, h := range hits {
		list = append(list, h.URL)
	}
	return list
}
