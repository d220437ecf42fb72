package server_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// TestScenarioDrafts makes a scenario of every decided request of the sample company
// and puts it into the library, as a draft and published, in both languages: nothing
// is found against it, there is a way to pass, and the customer is not named.
func TestScenarioDrafts(t *testing.T) {
	for _, locale := range []string{"en", "de"} {
		tree := sampleTree(t)
		tree["library.md"].Data = []byte(strings.Replace(string(tree["library.md"].Data), "locale: en", "locale: "+locale, 1))
		site := newRig(t, withTree(tree))
		author := site.as("author@demo.test")
		list, _, err := site.Prog.Requests(site.Context(), false, store.Cursor{}, 100)
		site.must(err)
		outcomes := map[standard.Outcome]bool{}
		for _, q := range list {
			outcomes[q.Decision.Outcome] = true
			draft := author.get("/requests/" + q.ID + "/scenario.md")
			if draft.Code != 200 || !strings.HasPrefix(draft.Header.Get("Content-Disposition"), "attachment; filename=\"_") {
				t.Fatalf("%s: %d, %v", q.Title, draft.Code, draft.Header)
			}
			for _, name := range []string{"_draft.scenario.md", "95-draft.scenario.md"} {
				with := fstest.MapFS{}
				for file, data := range tree {
					with[file] = data
				}
				const module = "courses/onboarding/30-before-the-promise/"
				with[module+name] = &fstest.MapFile{Data: []byte(draft.Body)}
				lib, findings := content.Load(with, content.Options{Now: site.Prog.Now()})
				for _, f := range findings {
					if f.File == module+name {
						t.Errorf("%s: %s\n%s", q.Title, f, draft.Body)
					}
				}
				if lib == nil {
					t.Errorf("%s: no library", q.Title)
				}
			}
			account, err := site.Prog.Account(site.Context(), q.Account)
			if err == nil && strings.Contains(draft.Body, account.Name) {
				t.Errorf("%s names the customer", q.Title)
			}
			word := map[string]string{"en": "trust: 5 of 10", "de": "vertrauen: 5 of 10"}[locale]
			if !strings.Contains(draft.Body, word) {
				t.Errorf("%s is not in the library's language", q.Title)
			}
		}
		if len(outcomes) < 3 {
			t.Errorf("only these outcomes were drafted: %v", outcomes)
		}
	}
}

// sampleTree is the sample library, to be changed.
func sampleTree(t *testing.T) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	err := fs.WalkDir(content.Sample(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(content.Sample(), name)
		tree[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
