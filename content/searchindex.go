package content

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/insidebox/insidebox/standard"
)

// An index finds the documents that hold a word. Texts are kept for their
// excerpts as numbers of written words: a thousand lessons say the same few
// thousand words again and again.
type index struct {
	docs  []indexed // offerings, practices, clauses, lessons
	words []string  // sorted
	found map[string][]posting
	forms []form // each written word once
	known map[string]int32
}

type indexed struct {
	kind    HitKind
	of, url string
	folded  string  // the title's words
	title   []int32 // as written
	text    []int32
}

// A form is a word as it is written, with what a search sees in it: “F1,” is
// the words f and 1.
type form struct {
	text  string
	words []string
}

// A posting says how much a word counts in a document.
type posting struct{ doc, weight int }

// What a word counts by where it stands. The title of an offering or a clause
// is what people look for by name, so it goes before that of a lesson. However
// often a word stands in a text, it counts less than once in a heading.
const (
	inTitle    = 40
	inLesson   = 30 // the title of one
	inHeadings = 12
	inText     = 2
	mostText   = 10
)

func (l *Library) newIndex() *index {
	ix := &index{found: map[string][]posting{}, known: map[string]int32{}}
	for _, o := range l.Offerings {
		ix.add(indexed{kind: HitOffering, url: o.URL}, o.Title, strings.Join(tierNames(o), " "),
			plain(o.Intro)+" "+l.boxText(o)+" "+plain(o.Fits)+" "+plain(o.History))
	}
	for _, p := range l.Practices {
		ix.add(indexed{kind: HitOffering, url: p.URL}, p.Title, "", plain(p.Intro))
	}
	for _, c := range l.Clauses() {
		ix.add(indexed{kind: HitClause, of: c.OfTitle, url: c.URL}, c.Title, c.OfTitle, plain(c.HTML))
	}
	for _, ls := range l.Lessons() {
		headings := make([]string, len(ls.Contents))
		for i, h := range ls.Contents {
			headings[i] = h.Text
		}
		text := make([]string, 0, len(ls.Blocks)+1)
		text = append(text, ls.Summary)
		for _, b := range ls.Blocks {
			if b.Check == 0 { // what a self-check asks and answers is not for reading
				text = append(text, plain(b.HTML))
			}
		}
		of := ls.Module.Course.Title + ": " + ls.Module.Title
		ix.add(indexed{kind: HitLesson, of: of, url: ls.URL}, ls.Title, strings.Join(headings, " "), strings.Join(text, " "))
	}
	ix.words, ix.known = slices.Sorted(maps.Keys(ix.found)), nil
	return ix
}

func tierNames(o *Offering) []string {
	names := make([]string, len(o.Tiers))
	for i, t := range o.Tiers {
		names[i] = t.Name
	}
	return names
}

// boxText is what the offering's box says today, in one line.
func (l *Library) boxText(o *Offering) string {
	var parts []string
	for _, promise := range o.TiersOn(l.Day) {
		parts = append(parts, l.TierName(promise.Tier)+":")
		for _, d := range l.Dimensions {
			if v, ok := promise.Values[d.Name]; ok {
				parts = append(parts, d.Label, d.Say(v, standard.TongueOf(l.Locale))+",")
			}
		}
	}
	return strings.TrimSuffix(strings.Join(parts, " "), ",") + "."
}

func (ix *index) add(d indexed, title, headings, text string) {
	d.title, d.text = ix.written(title), ix.written(text)
	weights := map[string]int{}
	for _, w := range ix.wordsOf(d.text) {
		weights[w] = min(weights[w]+inText, mostText)
	}
	for _, w := range ix.wordsOf(ix.written(headings)) {
		weights[w] = max(weights[w], inHeadings)
	}
	words := ix.wordsOf(d.title)
	named := inTitle
	if d.kind == HitLesson {
		named = inLesson
	}
	for _, w := range words {
		weights[w] = max(weights[w], named) + inText
	}
	d.folded = strings.Join(words, " ")
	for w, weight := range weights {
		ix.found[w] = append(ix.found[w], posting{len(ix.docs), weight})
	}
	ix.docs = append(ix.docs, d)
}

// written are the forms of a text.
func (ix *index) written(text string) []int32 {
	fields := strings.Fields(text)
	list := make([]int32, len(fields))
	for i, f := range fields {
		n, ok := ix.known[f]
		if !ok {
			n = int32(len(ix.forms))
			f = strings.Clone(f) // not the whole text that it stands in
			ix.known[f] = n
			ix.forms = append(ix.forms, form{f, foldedWords(f)})
		}
		list[i] = n
	}
	return list
}

// wordsOf are the folded words of a text.
func (ix *index) wordsOf(text []int32) []string {
	words := make([]string, 0, len(text))
	for _, n := range text {
		words = append(words, ix.forms[n].words...)
	}
	return words
}

// foldedWords splits a text into its words, folded. A number is one word with
// its commas left out, and its unit another: "5,000" and "5000", "24h" and
// "24 h" are the same.
func foldedWords(text string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	runes := []rune(foldText(text))
	for i, r := range runes {
		switch {
		case r == ',' && len(word) > 0 && thousands(word, runes[i+1:]):
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case len(word) > 0 && unicode.IsDigit(word[len(word)-1]) != unicode.IsDigit(r):
			end()
			word = append(word, r)
		default:
			word = append(word, r)
		}
	}
	end()
	return words
}

// thousands reports whether a comma stands within a number.
func thousands(before, after []rune) bool {
	if !unicode.IsDigit(before[len(before)-1]) || len(after) < 3 {
		return false
	}
	return !slices.ContainsFunc(after[:3], func(r rune) bool { return !unicode.IsDigit(r) })
}

// plainLetters are those that don't come apart into a letter and an accent.
var plainLetters = strings.NewReplacer("æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ı", "i")

// foldText makes letters small and takes their accents away.
func foldText(text string) string {
	if isPlainASCII(text) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(cases.Fold().String(text)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return plainLetters.Replace(b.String())
}

func isPlainASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// reference matches the number of a footnote, which would stick to a word.
var reference = regexp.MustCompile(`<sup[^>]*>.*?</sup>`)

// plain is the text of rendered HTML: our own, so that a tag is all between
// < and >.
func plain(rendered string) string {
	if strings.Contains(rendered, "<sup") {
		rendered = reference.ReplaceAllString(rendered, "")
	}
	var b strings.Builder
	tag := false
	for _, r := range rendered {
		switch {
		case r == '<':
			tag = true
		case r == '>' && tag:
			tag = false
		case !tag:
			b.WriteRune(r)
		}
	}
	return html.UnescapeString(b.String())
}
