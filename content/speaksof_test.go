package content

import (
	"slices"
	"strings"
	"testing"
)

// TestSpeaksOf finds the clauses that are about what could not be read, and none where the
// words say too little.
func TestSpeaksOf(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	for _, c := range []struct{ unread, in, want string }{
		{"no consent form", "employment-checks", "/offerings/employment-checks#consent"},
		{"single sign-on", "records-search own-portal", "/offerings/own-portal#outside"},
		{"same day", "certified-copies", "/offerings/certified-copies#outside"},
		{"llamas … single sign-on", "", "/offerings/own-portal#outside"},
		{"trial", "watch-alerts", "/offerings/watch-alerts#onboarding"},
		{"llamas", "", ""},
		{"w", "", ""},
		{"", "", ""},
		{"single sign-on", "certified-copies", ""},
	} {
		var urls []string
		for _, hit := range lib.SpeaksOf(c.unread, strings.Fields(c.in)) {
			urls = append(urls, hit.URL)
		}
		if c.want == "" && len(urls) > 0 || c.want != "" && !slices.Contains(urls, c.want) || len(urls) > fewClauses {
			t.Errorf("%q in %q: %q, want %q", c.unread, c.in, urls, c.want)
		}
	}
}
