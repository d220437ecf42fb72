package server

import (
	"fmt"
	"html/template"
	"io/fs"
	"time"

	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/templates/words"
)

// parse reads the words and all templates. They are parsed for the library's
// language, so that a broken template stops the program and not a visitor; for
// other languages when somebody first reads them.
func (v *view) parse(look Look) error {
	tree, err := fs.Sub(look.Templates, "words")
	if err != nil {
		return fmt.Errorf("read the words: %w", err)
	}
	if v.words, err = words.Load(tree); err != nil {
		return err
	}
	files, err := readTemplates(look.Templates)
	if err != nil {
		return err
	}
	v.sources = readSources(files)
	first := v.words.Match(v.lib.Locale)
	now, err := parsePages(files, look.Static, first, v.lib.Locale)
	if err != nil {
		return err
	}
	v.parsed = map[string]func() *pages{}
	for _, l := range v.words.Languages() {
		v.parsed[l.Tag] = parseLater(files, look.Static, l, v.lib.Locale)
	}
	v.parsed[first.Tag] = func() *pages { return now }
	return nil
}

// pages are the templates in a language.
func (v *view) pages(say *words.Language) *pages { return v.parsed[say.Tag]() }

// language is what this visitor reads: what she chose, what her browser asks
// for, or the library's language; English, where none of them is there.
func (r *request) language() *words.Language {
	chosen := ""
	if r.who != nil {
		chosen = r.who.Language
	}
	return r.view.words.Match(chosen, r.GetHeader("Accept-Language"), r.lib().Locale)
}

// pages are the templates in the visitor's language.
func (r *request) pages() *pages { return r.view.pages(r.say) }

// t is a sentence in the visitor's language, as plain text; what is filled in
// follows the id, name and value in turn.
func (r *request) t(id string, pairs ...any) string { return r.say.T(id, pairs...) }

// tongue is how the visitor's language says figures.
func (r *request) tongue() *standard.Tongue { return standard.TongueOf(r.say.Tag) }

// figure is a value of a dimension in the visitor's language.
func (r *request) figure(dim standard.Dimension, v standard.Value) string {
	return dim.Say(v, r.tongue())
}

// day and moment write dates in words, in a time zone.

func dayIn(l *words.Language, t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return l.T("date.day", "Day", t.Day(), "Month", monthIn(l, t.Month()), "Year", t.Year())
}

func momentIn(l *words.Language, t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return l.T("date.moment", "Day", t.Day(), "Month", monthIn(l, t.Month()), "Year", t.Year(), "Time", t.Format("15:04"))
}

// sayDay writes a day of the calendar in words; the zero day is empty.
func sayDay(l *words.Language, d standard.Day) string {
	if d.IsZero() {
		return ""
	}
	return l.T("date.day", "Day", d.Date, "Month", monthIn(l, d.Month), "Year", d.Year)
}

func monthIn(l *words.Language, m time.Month) string { return l.T(fmt.Sprintf("date.month-%d", m)) }

// wordFuncs are the functions by which templates ask for sentences; one that
// is not there is an error. contentLang is the lang attribute of what authors
// write, where the page speaks another language.
func wordFuncs(l *words.Language, locale string) template.FuncMap {
	return template.FuncMap{
		"contentLang": func() template.HTMLAttr {
			if locale == "" || locale == l.Tag {
				return ""
			}
			return template.HTMLAttr(` lang="` + template.HTMLEscapeString(locale) + `"`) //nolint:gosec // escaped
		},
		"t": l.Say,
		"th": func(id string, pairs ...any) (template.HTML, error) {
			if _, err := l.Say(id, pairs...); err != nil {
				return "", err
			}
			return l.HTML(id, pairs...), nil
		},
		"scriptWords": l.ForScripts,
	}
}
