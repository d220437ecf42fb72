package content

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// HitKind says what was found.
type HitKind string

// What Search finds.
const (
	HitOffering HitKind = "offering"
	HitClause   HitKind = "clause"
	HitLesson   HitKind = "lesson"
)

// A Hit is one thing that a search found.
type Hit struct {
	Kind    HitKind
	Title   string
	Of      string // the offering or practice of a clause, the module of a lesson
	URL     string
	Excerpt []Span // a run of text around the first word found
	score   int
}

// A Span is a run of an excerpt; Found marks the words that were asked for.
type Span struct {
	Text  string
	Found bool
}

// maxQuery bounds a query, in words; further words are not looked at.
const maxQuery = 12

// excerptWords is how long an excerpt is.
const excerptWords = 28

// An index finds words in the offerings, clauses and lessons of a library. A
// word of a query matches every word that begins with it; capitals and
// accents don't matter. A hit holds all words of the query. A word in the
// title counts more than one in the text; offerings come before clauses and
// clauses before lessons where the words count the same.
type index struct {
	docs  []indexed
	words []string // sorted
	found map[string][]posting
}

type indexed struct {
	hit  Hit
	text []string // its words as written
}

// A posting says how much a word counts in a document.
type posting struct{ doc, weight int }

// Search returns the hits for a query, the best first, at most limit.
func (l *Library) Search(query string, limit int) []Hit {
	l.searchOnce.Do(func() { l.index = l.newIndex() })
	terms := foldedWords(query)
	terms = terms[:min(len(terms), maxQuery)]
	if len(terms) == 0 {
		return nil
	}
	scores := l.index.match(terms)
	hits := make([]Hit, 0, len(scores))
	for doc, score := range scores {
		hit := l.index.docs[doc].hit
		hit.score = score
		hit.Excerpt = excerpt(l.index.docs[doc].text, terms)
		hits = append(hits, hit)
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.URL, b.URL))
	})
	return hits[:min(len(hits), limit)]
}

func rank(k HitKind) int { return slices.Index([]HitKind{HitOffering, HitClause, HitLesson}, k) }

// match scores the documents that hold every term.
func (ix *index) match(terms []string) map[int]int {
	var scores map[int]int
	for n, term := range terms {
		here := map[int]int{}
		from, _ := slices.BinarySearch(ix.words, term)
		for i := from; i < len(ix.words) && strings.HasPrefix(ix.words[i], term); i++ {
			for _, p := range ix.found[ix.words[i]] {
				weight := p.weight
				if ix.words[i] == term {
					weight *= 2
				}
				here[p.doc] = max(here[p.doc], weight)
			}
		}
		if n == 0 {
			scores = here
			continue
		}
		for doc := range scores {
			if here[doc] == 0 {
				delete(scores, doc)
			} else {
				scores[doc] += here[doc]
			}
		}
	}
	return scores
}

// Weights of a word by where it stands.
const (
	inTitle = 12
	inText  = 2
)

func (l *Library) newIndex() *index {
	ix := &index{found: map[string][]posting{}}
	for _, o := range l.Offerings {
		ix.add(Hit{Kind: HitOffering, Title: o.Title, URL: o.URL}, o.Summary+" "+plain(o.Intro)+" "+plain(o.Fits)+" "+plain(o.History))
	}
	for _, c := range l.Clauses() {
		ix.add(Hit{Kind: HitClause, Title: c.Title, Of: c.OfTitle, URL: c.URL}, c.OfTitle+" "+c.Text)
	}
	for _, ls := range l.Lessons() {
		var text strings.Builder
		text.WriteString(ls.Summary)
		for _, b := range ls.Blocks {
			text.WriteString(" " + plain(b.HTML))
		}
		ix.add(Hit{Kind: HitLesson, Title: ls.Title, Of: ls.Module.Title, URL: ls.URL}, text.String())
	}
	for word := range ix.found {
		ix.words = append(ix.words, word)
	}
	slices.Sort(ix.words)
	return ix
}

func (ix *index) add(hit Hit, text string) {
	doc := len(ix.docs)
	words := strings.Fields(text)
	ix.docs = append(ix.docs, indexed{hit, words})
	weights := map[string]int{}
	for _, w := range foldedWords(text) {
		weights[w] = min(weights[w]+inText, inTitle-inText)
	}
	for _, w := range foldedWords(hit.Title) {
		weights[w] += inTitle
	}
	for w, weight := range weights {
		ix.found[w] = append(ix.found[w], posting{doc, weight})
	}
}

// foldedWords splits a text into its words, folded.
func foldedWords(text string) []string {
	return strings.FieldsFunc(foldText(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// foldText makes letters small and takes their accents away.
func foldText(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// excerpt cuts a run of words around the first that was asked for, and marks
// those that were.
func excerpt(words, terms []string) []Span {
	first := max(0, slices.IndexFunc(words, func(w string) bool { return asked(w, terms) }))
	from := max(0, first-6)
	to := min(len(words), from+excerptWords)
	var spans []Span
	if from > 0 {
		spans = append(spans, Span{Text: "… "})
	}
	for i, w := range words[from:to] {
		space := " "
		if from+i == to-1 {
			space = ""
		}
		if asked(w, terms) {
			spans = append(spans, Span{w, true}, Span{Text: space})
		} else if n := len(spans); n > 0 && !spans[n-1].Found {
			spans[n-1].Text += w + space
		} else {
			spans = append(spans, Span{Text: w + space})
		}
	}
	if to < len(words) {
		spans = append(spans, Span{Text: " …"})
	}
	return spans
}

func asked(word string, terms []string) bool {
	for _, w := range foldedWords(word) {
		for _, t := range terms {
			if strings.HasPrefix(w, t) {
				return true
			}
		}
	}
	return false
}

// plain is the text of rendered HTML: our own, so that a tag is all between
// < and >.
func plain(rendered string) string {
	var b strings.Builder
	tag := false
	for _, r := range rendered {
		switch {
		case r == '<':
			tag = true
			b.WriteByte(' ')
		case r == '>' && tag:
			tag = false
		case !tag:
			b.WriteRune(r)
		}
	}
	return html.UnescapeString(b.String())
}
