package content

import (
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/quiz/scenario"
)

// examplesOf feeds every example's version of a file to a fuzz target.
func examplesOf(f *testing.F, file string, add func(text string)) {
	f.Helper()
	_, base := archive(f, "testdata/base.txtar")
	add(base[file])
	examples, err := filepath.Glob("testdata/broken/*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, example := range examples {
		if _, files := archive(f, example); files[file] != "" {
			add(files[file])
		}
	}
}

// wantPlaces holds that every finding points into its file and says
// something.
func wantPlaces(t *testing.T, findings []Finding, files map[string]string) {
	t.Helper()
	for _, f := range findings {
		lines := strings.Split(string(newSource(f.File, []byte(files[f.File])).Bytes), "\n")
		if f.Line < 1 || f.Line > len(lines) || f.Column < 1 || f.Column > utf8.RuneCountInString(lines[f.Line-1])+1 {
			t.Errorf("the finding points outside of its file: %v", f)
		}
		if f.Message == "" || f.Rule == "" || strings.Contains(f.Message, "%!") {
			t.Errorf("the finding says nothing, or nonsense: %v", f)
		}
	}
}

// FuzzFrontMatter reads anything as the front matter of every kind of file:
// it must come back, point into the file, and complain or fill the struct.
func FuzzFrontMatter(f *testing.F) {
	add := func(text string) { f.Add(string(newSource("x.md", []byte(text)).front())) }
	for _, file := range []string{"library.md", "standard/records-search.md", "certifications/sell.md", "courses/onboarding/10-the-box/80-check.quiz.md"} {
		examplesOf(f, file, add)
	}
	f.Fuzz(func(t *testing.T, front string) {
		text := "---\n" + front + "\n---\n"
		for _, into := range []any{&libraryFront{}, &offeringFront{}, &practiceFront{}, &quizFront{}, &certificationFront{}, &lessonFront{}, &courseFront{}} {
			l := newLoader(tree(nil), Options{Now: testNow})
			src := newSource("x.md", []byte(text))
			ok := l.decode(src, into)
			if ok != (len(l.report.findings) == 0) {
				t.Errorf("decode %s said %v, with the findings %v", reflect.TypeOf(into), ok, l.report.findings)
			}
			wantPlaces(t, l.report.findings, map[string]string{"x.md": text})
		}
	})
}

// loadTwice loads a library with one file replaced, holds that its findings
// point into it, that it loads exactly when there is no error, and that
// loading it again gives the same.
func loadTwice(t *testing.T, base map[string]string, file, text string) *Library {
	t.Helper()
	files := overlay(base, map[string]string{file: text})
	if files[file] == "" {
		t.Skip("an empty file stands for none")
	}
	lib, findings := Load(tree(files), Options{Now: testNow})
	wantPlaces(t, findings, files)
	broken := false
	for _, f := range findings {
		broken = broken || f.Error
	}
	if broken != (lib == nil) {
		t.Fatalf("errors: %v, library loaded: %v", broken, lib != nil)
	}
	again, same := Load(tree(files), Options{Now: testNow})
	if diff := cmp.Diff(findings, same, cmp.AllowUnexported(Mend{})); diff != "" {
		t.Errorf("loading the same twice gave other findings (-first +second):\n%s", diff)
	}
	if lib != nil && lib.Hash != again.Hash {
		t.Errorf("loading the same twice gave the hashes %s and %s", lib.Hash, again.Hash)
	}
	return lib
}

// FuzzQuiz reads anything as a quiz. Whatever loads can be asked and graded:
// every item has an id of its own, a clause, a question, two choices and a
// right one.
func FuzzQuiz(f *testing.F) {
	const file = "courses/onboarding/10-the-box/80-check.quiz.md"
	_, base := archive(f, "testdata/base.txtar")
	examplesOf(f, file, func(text string) { f.Add(text) })
	f.Fuzz(func(t *testing.T, text string) {
		lib := loadTwice(t, base, file, text)
		if lib == nil {
			return
		}
		ids := map[string]bool{}
		for _, q := range lib.Quizzes() {
			if q.Pass < 1 || q.Pass > 100 || q.Rev == "" || len(q.Items) == 0 || q.Draw > len(q.Items) {
				t.Errorf("the quiz %s can't be asked: pass %d, draw %d of %d", q.ID, q.Pass, q.Draw, len(q.Items))
			}
			for _, it := range q.Items {
				if ids[it.ID] || !idPattern.MatchString(it.ID) {
					t.Errorf("the item id %q is malformed or repeated", it.ID)
				}
				ids[it.ID] = true
				if len(it.Clauses) == 0 || len(it.Options) < 2 || len(it.Key()) == 0 || it.Stem == "" || it.Rev != it.Revision() {
					t.Errorf("the item %s can't be asked: %+v", it.ID, it)
				}
			}
		}
	})
}

// FuzzScenario reads anything as a scenario. Whatever loads can be played to
// an end, by any choices, and told.
func FuzzScenario(f *testing.F) {
	const file = "courses/onboarding/10-the-box/90-call.scenario.md"
	_, base := archive(f, "testdata/base.txtar")
	_, good := archive(f, "testdata/scenario.txtar")
	f.Add(good[file], uint64(1))
	examplesOf(f, file, func(text string) { f.Add(text, uint64(2)) })
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		lib := loadTwice(t, base, file, text)
		if lib == nil {
			return
		}
		for _, s := range lib.Scenarios() {
			playOut(t, &s.Scenario, rand.New(rand.NewPCG(seed, 1)))
		}
	})
}

// playOut plays a scenario at random to its end, and has it told.
func playOut(t *testing.T, s *scenario.Scenario, rnd *rand.Rand) {
	t.Helper()
	p := scenario.NewPlay(s, false, rnd)
	for !p.Over() {
		at, err := s.Position(p)
		if err != nil {
			t.Fatal(err)
		}
		open := slices.DeleteFunc(at.Offers, func(o scenario.Offer) bool { return o.Greyed })
		if len(open) == 0 {
			t.Fatalf("nothing can be chosen in %s", at.Scene)
		}
		if moved, err := s.Choose(p, at.Step, open[rnd.IntN(len(open))].Token, testNow); !moved || err != nil {
			t.Fatalf("choose in %s: %v, %v", at.Scene, moved, err)
		}
	}
	d, err := s.Debrief(p)
	if err != nil || len(d.Steps) != len(p.Path) || len(d.Best) == 0 {
		t.Fatalf("the debrief of %v is %+v, %v", p.Path, d, err)
	}
}

// FuzzBox reads anything as an offering. Whatever loads is a box by the rules
// of the standard.
func FuzzBox(f *testing.F) {
	const file = "standard/records-search.md"
	_, base := archive(f, "testdata/base.txtar")
	examplesOf(f, file, func(text string) { f.Add(text) })
	f.Fuzz(func(t *testing.T, text string) {
		lib := loadTwice(t, base, file, text)
		if lib == nil {
			return
		}
		for _, o := range lib.Offerings {
			if problems := o.Offering.Validate(lib.Dimensions); len(problems) > 0 {
				t.Errorf("the box of %s loaded, but: %v", o.ID, problems)
			}
			for _, dim := range o.Offering.Dimensions() {
				if lib.Clause(o.ID+"/"+o.States[dim]) == nil {
					t.Errorf("no clause of %s states %s", o.ID, dim)
				}
			}
		}
	})
}
