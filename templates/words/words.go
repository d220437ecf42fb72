// Package words holds all that pages say, in each language: one folder of
// YAML files a language, named by its tag (en, de), in which every sentence
// has an id. English is the language of reference: another one holds the same
// ids with the same placeholders, or the server does not start.
//
// # A sentence
//
//	home:
//	  hello: Hello, {{.Name}}
//	  lessons:
//	    one: 1 lesson
//	    other: "{{.N}} lessons"
//
// is asked for as home.hello and home.lessons. Placeholders are those of
// text/template. A sentence that depends on a number has a form for each
// category that the language's plural rules know (CLDR), chosen by N. A
// sentence may hold tags such as <b> where it is asked for as HTML; what is
// filled into it is escaped then.
//
// Ids say where a sentence stands and what it is for, never how it reads:
// home.next.all-done, not home.youAreUpToDate. Ids under js are those that
// scripts say; see ForScripts.
//
// To add a language, copy the folder en, name the copy by its tag, and
// translate; language.name is how the language calls itself.
package words

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Catalog is all languages.
type Catalog struct {
	languages []*Language // English first, then by tag
	matcher   language.Matcher
	met       sync.Map     // what Match made of preferences that came before, as *Language
	meetings  atomic.Int64 // how many met has
}

// maxMet bounds how many preferences are remembered: browsers send a few dozen,
// and who makes up others is answered all the same.
const maxMet = 512

// A Language is all sentences in one language. It never changes.
type Language struct {
	Tag      string // such as "de"
	Name     string // as it calls itself
	tag      language.Tag
	messages map[string]*sentence
}

// reference is the language that the others are held against.
var reference = language.English

// Load reads the folders of all languages. It refuses what could show later
// on a page: an id that is missing or too many in one language, other
// placeholders than the reference has, a plural form that the rules don't ask
// for, a sentence that is no template.
func Load(fsys fs.FS) (*Catalog, error) {
	folders, err := fs.Glob(fsys, "*/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the words: %w", err)
	}
	files := map[string][]string{} // by tag
	for _, file := range folders {
		files[path.Dir(file)] = append(files[path.Dir(file)], file)
	}
	c := &Catalog{}
	for _, tag := range slices.Sorted(maps.Keys(files)) {
		l, err := read(fsys, tag, files[tag])
		if err != nil {
			return nil, err
		}
		c.languages = append(c.languages, l)
	}
	at := slices.IndexFunc(c.languages, func(l *Language) bool { return l.Tag == reference.String() })
	if at < 0 {
		return nil, fmt.Errorf("read the words: there is no folder %s", reference)
	}
	first := c.languages[at]
	c.languages = slices.Insert(slices.Delete(c.languages, at, at+1), 0, first)
	var tags []language.Tag
	for _, l := range c.languages {
		if err := l.like(first); err != nil {
			return nil, err
		}
		tags = append(tags, language.MustParse(l.Tag))
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func read(fsys fs.FS, tag string, files []string) (*Language, error) {
	parsed, err := language.Parse(tag)
	if err != nil {
		return nil, fmt.Errorf("read the words of %q: the folder's name is no language tag: %w", tag, err)
	}
	bundle := i18n.NewBundle(parsed)
	bundle.RegisterUnmarshalFunc("yaml", func(data []byte, v any) error { return yaml.Unmarshal(data, v) })
	l := &Language{Tag: tag, tag: parsed, messages: map[string]*sentence{}}
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read the words: %w", err)
		}
		parsed, err := bundle.ParseMessageFileBytes(text, tag+".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the words in %s: %w", file, err)
		}
		for _, m := range parsed.Messages {
			if l.messages[m.ID] != nil {
				return nil, fmt.Errorf("read the words in %s: %s stands in another file of %s, too", file, m.ID, tag)
			}
			l.messages[m.ID] = prepare(m)
		}
	}
	if l.Name = l.T("language.name"); l.messages["language.name"] == nil {
		return nil, fmt.Errorf("read the words of %s: language.name is missing", tag)
	}
	return l, nil
}

// forms are a message's plural forms by category.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// placeholders are the names that a message's fullest form asks for, sorted.
func placeholders(m *i18n.Message) []string {
	var names []string
	for _, found := range placeholder.FindAllStringSubmatch(m.Other, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// like holds a language against the reference.
func (l *Language) like(first *Language) error {
	for id, its := range first.messages {
		mine := l.messages[id]
		if mine == nil {
			return fmt.Errorf("the words of %s lack %s", l.Tag, id)
		}
		m, own := its.message, mine.message
		switch {
		case own.Other == "":
			return fmt.Errorf("the words of %s: %s has no form \"other\"", l.Tag, id)
		case (len(forms(m)) > 1) != (len(forms(own)) > 1):
			return fmt.Errorf("the words of %s: %s has plural forms in one language only", l.Tag, id)
		case !slices.Equal(placeholders(m), placeholders(own)):
			return fmt.Errorf("the words of %s: %s asks for %v, in %s for %v", l.Tag, id, placeholders(own), first.Tag, placeholders(m))
		}
		for form, text := range forms(own) {
			if strings.Contains(placeholder.ReplaceAllString(text, ""), "{{") {
				return fmt.Errorf("the words of %s: %s (%s) holds something in braces that is no {{.Name}}", l.Tag, id, form)
			}
		}
	}
	for id := range l.messages {
		if first.messages[id] == nil {
			return fmt.Errorf("the words of %s have %s, which %s lacks", l.Tag, id, first.Tag)
		}
	}
	return nil
}

// Languages lists all languages, English first.
func (c *Catalog) Languages() []*Language { return c.languages }

// Has reports whether there is a language with this tag.
func (c *Catalog) Has(tag string) bool {
	return slices.ContainsFunc(c.languages, func(l *Language) bool { return l.Tag == tag })
}

// Match returns the language that suits best. Preferences are tags, or values
// of the Accept-Language header, the most wanted first; empty and unreadable
// ones are passed over. Without a match it is English.
func (c *Catalog) Match(preferences ...string) *Language {
	for _, p := range preferences {
		if p == "" {
			continue
		}
		if l := c.matched(p); l != nil {
			return l
		}
	}
	return c.languages[0]
}

// matched is Match for one preference; nil when nothing suits.
func (c *Catalog) matched(p string) *Language {
	if l, ok := c.met.Load(p); ok {
		return l.(*Language)
	}
	l := c.match(p)
	if len(p) <= 100 && c.meetings.Load() < maxMet {
		c.met.Store(p, l)
		c.meetings.Add(1)
	}
	return l
}

func (c *Catalog) match(p string) *Language {
	if i := slices.IndexFunc(c.languages, func(l *Language) bool { return l.Tag == p }); i >= 0 {
		return c.languages[i]
	}
	tags, _, err := language.ParseAcceptLanguage(p)
	if err != nil || len(tags) == 0 {
		return nil
	}
	if _, i, confidence := c.matcher.Match(tags...); confidence > language.No {
		return c.languages[i]
	}
	return nil
}

// Has reports whether there is a sentence with this id.
func (l *Language) Has(id string) bool { return l.messages[id] != nil }

// IDs lists the ids of all sentences, sorted.
func (l *Language) IDs() []string { return slices.Sorted(maps.Keys(l.messages)) }

// T returns a sentence as plain text. What is filled in follows the id, name
// and value in turn; N chooses the plural form. An id that is not there comes
// back itself: a test holds that this can't happen.
func (l *Language) T(id string, pairs ...any) string {
	text, err := l.Say(id, pairs...)
	if err != nil {
		return id
	}
	return text
}

// HTML is T for sentences with tags in them. Strings that are filled in are
// escaped, template.HTML is not.
func (l *Language) HTML(id string, pairs ...any) template.HTML {
	safe := slices.Clone(pairs)
	for i := 1; i < len(safe); i += 2 {
		switch v := safe[i].(type) {
		case template.HTML:
			safe[i] = string(v)
		case string:
			safe[i] = template.HTMLEscapeString(v)
		}
	}
	return template.HTML(l.T(id, safe...)) //nolint:gosec // our own sentence, what is filled in is escaped
}

// Say is T with the error: an unknown id, an odd number of names and values,
// or a placeholder that nothing is given for.
func (l *Language) Say(id string, pairs ...any) (string, error) {
	s := l.messages[id]
	if s == nil {
		return "", fmt.Errorf("say %q: there is no such sentence in %s", id, l.Tag)
	}
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("say %s: a name without a value", id)
	}
	f, err := s.choose(l.tag, pairs)
	if err != nil {
		return "", err
	}
	return s.fill(f, pairs)
}

// ForScripts returns the sentences under js.PART as a JSON object, by the rest
// of their ids: a string, or an object of plural forms. A script fills in
// {{.Name}} itself.
func (l *Language) ForScripts(part string) (string, error) {
	out := map[string]any{}
	prefix := "js." + part + "."
	for id, s := range l.messages {
		m := s.message
		if key, found := strings.CutPrefix(id, prefix); found {
			out[key] = m.Other
			if f := forms(m); len(f) > 1 {
				out[key] = f
			}
		}
	}
	if len(out) == 0 {
		return "", fmt.Errorf("words for scripts: there is nothing under %s", prefix)
	}
	text, err := json.Marshal(out)
	return string(text), err
}
