package server

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// askedByHelp are the ids that help pages, the glossary and the page of
// components put together.
func askedByHelp(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, topic := range helpTopics {
		ids = append(ids, "help.page."+topic.name+"-title", "help.page."+topic.name+"-lede")
		for _, place := range topic.parts {
			id := "help.page." + topic.name + "-" + place.name
			ids = append(ids, id, id+"-text", id+"-link")
		}
	}
	for _, part := range glossary {
		ids = append(ids, "help.term.group-"+part.subject)
		for _, term := range part.terms {
			ids = append(ids, "help.term."+term, "help.term."+term+"-means")
		}
	}
	for _, c := range components(theWords(t).Match("en")) {
		ids = append(ids, "show."+c.id, "show."+c.id+"-note")
	}
	return ids
}

// TestHelpWordsAreUsed holds for ids that code puts together what
// TestWordsAreUsed holds for the others.
func TestHelpWordsAreUsed(t *testing.T) {
	t.Parallel()
	english, asked := theWords(t).Match("en"), askedByHelp(t)
	for _, id := range asked {
		if !english.Has(id) {
			t.Errorf("%s is asked for and is not among the words", id)
		}
	}
	text := sourceText(t)
	for _, id := range english.IDs() {
		prefixed := strings.HasPrefix(id, "help.page.") || strings.HasPrefix(id, "help.term.") || strings.HasPrefix(id, "show.")
		if prefixed && !slices.Contains(asked, id) && !strings.Contains(text, `"`+id+`"`) {
			t.Errorf("nobody asks for %s", id)
		}
	}
}

// sourceText is what names ids in full: the code and the templates of help.
func sourceText(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, file := range []string{"help.go", "helpterms.go", "helpdesign.go", "../templates/partials/show.html", "../templates/pages/help.html", "../templates/pages/help-page.html", "../templates/pages/help-design.html"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// TestGlossaryIsMirrored: docs/glossary.md has a row for each term, with the
// words of the pages.
func TestGlossaryIsMirrored(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/glossary.md")
	if err != nil {
		t.Fatal(err)
	}
	english, german := theWords(t).Match("en"), theWords(t).Match("de")
	rows := 0
	for _, part := range glossary {
		for _, term := range part.terms {
			id := "help.term." + term
			row := "| **" + english.T(id) + "** | " + english.T(id+"-means") + " | " + german.T(id) + " |"
			if !strings.Contains(string(text), row) {
				t.Errorf("docs/glossary.md lacks the row\n%s", row)
			}
			rows++
		}
	}
	if got := strings.Count(string(text), "\n| **"); got != rows {
		t.Errorf("docs/glossary.md has %d terms, the help page %d", got, rows)
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	s := sources{}
	s.add(`{{- /* about */ -}}
{{define "a"}}<b>{{if .}}{{range .X}}{{template "b" .}}{{end}}{{else}}no{{end}}</b>{{end}}
{{define "b"}}{{- with . -}}x{{- end -}}{{end}} and {{define "c"}}{{template "a"}}{{template "none"}}{{end}}`)
	for name, want := range map[string]string{
		"b": `{{define "b"}}{{- with . -}}x{{- end -}}{{end}}`,
		"c": `{{define "c"}}{{template "a"}}{{template "none"}}{{end}}` + "\n\n" +
			`{{define "a"}}<b>{{if .}}{{range .X}}{{template "b" .}}{{end}}{{else}}no{{end}}</b>{{end}}` + "\n\n" +
			`{{define "b"}}{{- with . -}}x{{- end -}}{{end}}`,
		"none": "",
	} {
		if got := s.of(name); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestComponentsRender: every example comes out whole, in every language, and
// has a source to show.
func TestComponentsRender(t *testing.T) {
	t.Parallel()
	p := parsedPages(t)
	all := readSources(readFiles(t))
	for _, say := range theWords(t).Languages() {
		for _, c := range components(say) {
			for _, x := range c.shown {
				out, err := p.fragment(x.name, x.data)
				if err != nil {
					t.Errorf("%s, %s: %v", say.Tag, x.name, err)
					continue
				}
				wholeHTML(t, x.name, string(out))
				if len(strings.TrimSpace(string(out))) < 20 {
					t.Errorf("%s: the example %s shows nothing: %q", say.Tag, x.name, out)
				}
				if !strings.Contains(all.of(x.name), `{{define "`+x.name+`"}}`) {
					t.Errorf("%s has no source", x.name)
				}
			}
		}
	}
}
