package server

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/templates"
	"github.com/insidebox/insidebox/templates/words"
)

func theWords(t *testing.T) *words.Catalog {
	t.Helper()
	tree, err := fs.Sub(templates.FS(), "words")
	if err != nil {
		t.Fatal(err)
	}
	c, err := words.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// made are beginnings of ids of which the rest is put together by code.
var made = []string{
	"account.gap.", "account.learned.", "channel.lack.", "channel.problem.", "function.", "request.for.", "request.outcome.", "request.stand.", "request.changes.", "handoff.agenda.", "handoff.problem.", "brief.aligned.", "brief.for.", "brief.lack.",
	"date.month-", "error.", "help.page.", "help.term.", "input.", "learn.audience.", "notice.", "profiles.file.", "role.", "sell.held.", "sell.open-lede.", "show.",
	"signin.demo.", "team.legend.", "team.order.", "team.state.", "team.tile.", "team.within.", "timeline.kind.",
}

var (
	inTemplates = regexp.MustCompile(`\b(?:t|th) "([^"]+)"`)
	inCode      = regexp.MustCompile(`\.(?:t|T|HTML|Say)\("([a-z0-9-]+(?:\.[a-z0-9-]+)+)"`)
	inScripts   = regexp.MustCompile(`\bscriptWords "([^"]+)"`)
)

// TestWordsAreUsed holds that every sentence that templates and code ask for
// is there, and that every one that is there is asked for.
func TestWordsAreUsed(t *testing.T) {
	english := theWords(t).Match("en")
	used := map[string]string{"language.name": "the catalogue"}
	look := func(file, text string, pattern *regexp.Regexp) {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			used[m[1]] = file
		}
	}
	for _, file := range templateFiles(t) {
		text, err := fs.ReadFile(templates.FS(), file)
		if err != nil {
			t.Fatal(err)
		}
		look(file, string(text), inTemplates)
		for _, m := range inScripts.FindAllStringSubmatch(string(text), -1) {
			for _, id := range english.IDs() {
				if strings.HasPrefix(id, "js."+m[1]+".") {
					used[id] = file
				}
			}
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") {
			look(file, string(text), inCode)
		}
	}
	for id, file := range used {
		if !english.Has(id) {
			t.Errorf("%s asks for %s, which is not among the words", file, id)
		}
	}
	for _, id := range english.IDs() {
		if _, asked := used[id]; !asked && !slices.ContainsFunc(made, func(begin string) bool { return strings.HasPrefix(id, begin) }) {
			t.Errorf("nobody asks for %s", id)
		}
	}
}

// TestAnswersHaveWords holds that there are words for every way in which a figure is
// counted, and for every reason why an answer is open.
func TestAnswersHaveWords(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		say := theWords(t).Match(language)
		for _, held := range []standard.Held{standard.HeldRange, standard.HeldDays, standard.HeldWeeks, standard.HeldOnce, standard.HeldMore, standard.HeldLoose} {
			if !say.Has("sell.held." + string(held)) {
				t.Errorf("%s has no words for a figure that is held as %q", language, held)
			}
		}
		for _, why := range []standard.Why{standard.Unread, standard.Roughly, standard.Counted, standard.Mixed} {
			if !say.Has("sell.open-lede." + string(why)) {
				t.Errorf("%s has no words for an answer that is open for %q", language, why)
			}
		}
	}
}

func templateFiles(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.html", "*/*.html"} {
		found, err := fs.Glob(templates.FS(), pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}

// formal is how German would address a stranger; behind a full stop "Sie" may be
// what was spoken of before.
var formal = regexp.MustCompile(`[\pL\pN,;"“] (?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b`)

// TestGermanSaysDu: the pages speak to everybody alike, as docs/glossary.md has it.
func TestGermanSaysDu(t *testing.T) {
	files, err := fs.Glob(templates.FS(), "words/de/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of German words, %v", len(files), err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(templates.FS(), file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if formal.MatchString(line) {
				t.Errorf("%s:%d addresses the reader as a stranger: %s", file, i+1, strings.TrimSpace(line))
			}
		}
	}
}

// TestEveryLanguageSaysFigures: a language of the pages has a tongue for figures too.
func TestEveryLanguageSaysFigures(t *testing.T) {
	t.Parallel()
	for _, l := range theWords(t).Languages() {
		if l.Tag != "en" && standard.TongueOf(l.Tag) == standard.English {
			t.Errorf("who reads %s is told figures in English; standard wants a tongue for it", l.Tag)
		}
	}
}
