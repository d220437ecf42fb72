package words

import (
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// A sentence is a message made ready when it is read: a page says hundreds of
// them, and to take a message apart anew each time costs more than all else.
type sentence struct {
	message *i18n.Message
	plain   form                   // the form "other"
	plural  map[plural.Form]string // the other forms, by category; nil where there is one form
	forms   map[string]form        // by text
}

// A form is text cut at its placeholders: texts[0] names[0] texts[1] …
type form struct {
	texts, names []string
}

func prepare(m *i18n.Message) *sentence {
	s := &sentence{message: m, plain: cut(m.Other)}
	if all := forms(m); len(all) > 1 {
		s.forms = map[string]form{}
		for _, text := range all {
			s.forms[text] = cut(text)
		}
		s.plural = map[plural.Form]string{
			plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two,
			plural.Few: m.Few, plural.Many: m.Many, plural.Other: m.Other,
		}
	}
	return s
}

// cut cuts a text at its placeholders.
func cut(text string) (f form) {
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		f.texts, f.names = append(f.texts, text[from:at[0]]), append(f.names, text[at[2]:at[3]])
		from = at[1]
	}
	f.texts = append(f.texts, text[from:])
	return f
}

// choose is the form for what is filled in: "other", or by the language's
// plural rules (CLDR) for the whole number N.
func (s *sentence) choose(tag language.Tag, pairs []any) (form, error) {
	n, given := value(pairs, "N")
	if !given || s.plural == nil {
		return s.plain, nil
	}
	whole, ok := n.(int)
	if !ok {
		return form{}, fmt.Errorf("say %s: N is %v, a %[2]T; want an int", s.message.ID, n)
	}
	category := plural.Cardinal.MatchPlural(tag, max(whole, -whole), 0, 0, 0, 0)
	text := s.plural[category]
	if text == "" {
		return form{}, fmt.Errorf("say %s: there is no form for %d", s.message.ID, whole)
	}
	return s.forms[text], nil
}

// fill joins the text with what stands for each placeholder. All placeholders of
// the fullest form must be given, so that a sentence can't be right for one
// number and wrong for another.
func (s *sentence) fill(f form, pairs []any) (string, error) {
	for _, name := range s.plain.names {
		if _, given := value(pairs, name); !given {
			return "", fmt.Errorf("say %s: nothing is given for %s", s.message.ID, name)
		}
	}
	if len(f.names) == 0 {
		return f.texts[0], nil
	}
	var b strings.Builder
	for i, name := range f.names {
		v, given := value(pairs, name)
		if !given {
			return "", fmt.Errorf("say %s: nothing is given for %s", s.message.ID, name)
		}
		b.WriteString(f.texts[i])
		if text, ok := v.(string); ok {
			b.WriteString(text)
		} else {
			fmt.Fprint(&b, v)
		}
	}
	b.WriteString(f.texts[len(f.names)])
	return b.String(), nil
}

// value finds what is given for a name among names and values in turn; the last
// one counts.
func value(pairs []any, name string) (v any, given bool) {
	for i := len(pairs) - 2; i >= 0; i -= 2 {
		if key, ok := pairs[i].(string); ok && key == name {
			return pairs[i+1], true
		}
	}
	return nil, false
}
