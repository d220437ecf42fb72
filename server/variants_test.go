package server_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/quiz"
)

// The files of the sample library that variants change.
const (
	certificationFile = "certifications/sell-records-search.md"
	quizFile          = "courses/onboarding/10-the-box/80-check.quiz.md"
	offeringFile      = "standard/records-search.md"
	lessonFile        = "courses/onboarding/10-the-box/20-reading-a-box.md"
)

// variants are other contents than the sample library, by the name that a
// script calls them.
var variants = map[string]func(testing.TB) fs.FS{
	// The manager has to sign off before the certificate.
	"signoff": func(t testing.TB) fs.FS {
		return sampleWith(t, change{
			certificationFile, "  - quiz: the-box-check\n",
			"  - quiz: the-box-check\n  - signoff: {by: manager, criteria: [Asks for the aim before the menu, Names the tier and its clock]}\n",
		})
	},
	// Nobody has to be certified before 1 February 2027.
	"enforced-later": func(t testing.TB) fs.FS {
		return sampleWith(t, change{certificationFile, "valid: 1y\n", "valid: 1y\nenforce-from: 2027-02-01\n"})
	},
	// Certificates hold for good.
	"without-end": func(t testing.TB) fs.FS {
		return sampleWith(t, change{certificationFile, "valid: 1y\n", ""})
	},
	// One more module, the last and without a quiz, is asked for too.
	"two-modules": func(t testing.TB) fs.FS {
		tree := sampleWith(t, change{certificationFile, "  - quiz: the-box-check\n", "  - module: onboarding/more\n  - quiz: the-box-check\n"})
		tree["courses/onboarding/95-more/index.md"] = &fstest.MapFile{Data: []byte("---\ntitle: More\nsummary: One more lesson.\n---\nWhat is left to say.\n")}
		tree["courses/onboarding/95-more/10-last.md"] = &fstest.MapFile{Data: []byte("---\ntitle: The last lesson\nsummary: It closes the path.\nteaches: [working-together/signals]\n---\nThere is nothing more to it than this sentence.\n")}
		return tree
	},
	// From 15 January 2027 on, nationwide takes 20 hours.
	"dated": func(t testing.TB) fs.FS {
		return sampleWith(t, change{offeringFile, "turnaround: 24h,", "turnaround: [24h, {is: 20h, from: 2027-01-15}],"})
	},
	// The quiz may be taken as often as one likes, at once, and shows all.
	"relaxed": func(t testing.TB) fs.FS {
		return sampleWith(t, change{quizFile, "attempts: 3\ncooldown: [24h, 7d]\nfeedback: hints\n", "feedback: full\n"})
	},
	// A scenario is asked for, too.
	"scenario": func(t testing.TB) fs.FS {
		return sampleWith(t, change{certificationFile, "  - quiz: the-box-check\n", "  - quiz: the-box-check\n  - scenario: first-call\n"})
	},
	// The quiz shows the score only.
	"score-only": func(t testing.TB) fs.FS {
		return sampleWith(t, change{quizFile, "feedback: hints\n", "feedback: none\n"})
	},
}

// A change replaces, in one file, one text that must be there.
type change struct{ file, from, to string }

// sampleWith is the sample library with a few changes.
func sampleWith(t testing.TB, changes ...change) fstest.MapFS {
	t.Helper()
	tree := sampleFiles(t)
	for _, c := range changes {
		f := tree[c.file]
		if f == nil || !strings.Contains(string(f.Data), c.from) {
			t.Fatalf("the sample library's %s has no %q", c.file, c.from)
		}
		tree[c.file] = &fstest.MapFile{Data: []byte(strings.Replace(string(f.Data), c.from, c.to, 1))}
	}
	return tree
}

// sampleFiles is a copy of the sample library in memory.
func sampleFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	err := fs.WalkDir(content.Sample(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(content.Sample(), path)
		tree[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// A sheetQuestion is one question of an attempt with what a form would post
// of a right and of a wrong answer.
type sheetQuestion struct {
	item         string
	critical     bool
	multiple     bool
	right, wrong []string // tokens
	saves        int64
}

// sheet reads an attempt and its items, past all pages: what an author knows.
func (r *rig) sheet(attempt string) (list []sheetQuestion) {
	r.Helper()
	a, err := r.Prog.Attempt(r.Context(), attempt)
	r.must(err)
	items, err := r.Prog.Items(r.Context(), a)
	r.must(err)
	for i, it := range items {
		q := sheetQuestion{item: it.ID, critical: it.Critical, multiple: it.Kind == quiz.Multiple, saves: a.Questions[i].Saves}
		for shown, option := range a.Questions[i].Order {
			token := a.Questions[i].Tokens[shown]
			if it.Options[option].Right {
				q.right = append(q.right, token)
			} else {
				q.wrong = []string{token}
			}
		}
		list = append(list, q)
	}
	return list
}
