package content

import (
	"cmp"
	"slices"
	"strings"
)

// HitKind says what was found.
type HitKind string

// What Search finds, in the order in which it is shown.
const (
	HitOffering HitKind = "offering" // an offering, or a practice
	HitClause   HitKind = "clause"
	HitLesson   HitKind = "lesson"
)

// A Hit is one page, or place on one, that a search found.
type Hit struct {
	Kind    HitKind
	Title   []Span
	Of      string // the offering or practice of a clause, the course and module of a lesson
	URL     string
	Excerpt []Span // a run of text around the words found
	doc     int
	score   int
}

// A Span is a run of text; Found marks the words that were asked for.
type Span struct {
	Text  string
	Found bool
}

// Hits are what was found of one kind, the best first.
type Hits struct {
	Kind  HitKind
	List  []Hit
	Total int // List may be shorter
}

// maxWords bounds a query; further words are not looked at.
const maxWords = 12

// Search looks for the words of the query in all that a signed-in person may
// read: offerings, practices, clauses and lessons. Quizzes, self-checks,
// scenarios and drafts are not in the index at all, so no query can bring
// them out.
//
// A hit holds every word of the query, the last one as the beginning of a
// word, because it may still be being typed. Where that finds nothing, every
// word may be the beginning of one. Capitals and accents don't matter, nor
// whether "5,000" and "24 h" are written with comma and space.
//
// The kind with the best hit comes first. Of each kind at most that many are
// listed; kinds of which there is nothing are left out.
func (l *Library) Search(query string, most int) []Hits {
	l.searchOnce.Do(func() { l.index = l.newIndex() })
	words := foldedWords(query)
	words = words[:min(len(words), maxWords)]
	if len(words) == 0 {
		return nil
	}
	terms := make([]term, len(words))
	for i, w := range words {
		terms[i] = term{w, i == len(words)-1}
	}
	hits := l.index.match(terms)
	if len(hits) == 0 && len(terms) > 1 {
		for i := range terms {
			terms[i].begins = true
		}
		hits = l.index.match(terms)
	}
	return l.index.grouped(hits, terms, strings.Join(words, " "), most)
}

// A term is one word of a query; begins lets it be the beginning of one.
type term struct {
	text   string
	begins bool
}

func (t term) fits(word string) bool {
	return word == t.text || t.begins && strings.HasPrefix(word, t.text)
}

// match scores the documents that hold every term.
func (ix *index) match(terms []term) map[int]int {
	var scores map[int]int
	for n, t := range terms {
		here := ix.holding(t)
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

// holding are the documents that hold the term, with what it counts there: a
// whole word twice as much as the beginning of one.
func (ix *index) holding(t term) map[int]int {
	here := map[int]int{}
	from, _ := slices.BinarySearch(ix.words, t.text)
	for i := from; i < len(ix.words) && t.fits(ix.words[i]); i++ {
		for _, p := range ix.found[ix.words[i]] {
			weight := p.weight
			if ix.words[i] == t.text {
				weight *= 2
			}
			here[p.doc] = max(here[p.doc], weight)
		}
		if !t.begins {
			break
		}
	}
	return here
}

// grouped sorts what was found into kinds. Only what is listed gets its
// excerpt: cutting one costs more than finding the document.
func (ix *index) grouped(scores map[int]int, terms []term, query string, most int) []Hits {
	groups := []Hits{{Kind: HitOffering}, {Kind: HitClause}, {Kind: HitLesson}}
	for doc, score := range scores {
		d := &ix.docs[doc]
		if strings.HasPrefix(d.folded, query) { // the title, as it is being typed
			score += inTitle
		}
		g := &groups[slices.IndexFunc(groups, func(g Hits) bool { return g.Kind == d.kind })]
		g.List = append(g.List, Hit{Kind: d.kind, Of: d.of, URL: d.url, doc: doc, score: score})
	}
	m := marker{forms: ix.forms, terms: terms, known: make([]int8, len(ix.forms))}
	for i := range groups {
		g := &groups[i]
		slices.SortFunc(g.List, func(a, b Hit) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc)) })
		g.Total = len(g.List)
		g.List = g.List[:min(g.Total, most)]
		for j := range g.List {
			d := &ix.docs[g.List[j].doc]
			g.List[j].Title, g.List[j].Excerpt = m.marked(d.title), m.excerpt(d.text)
		}
	}
	groups = slices.DeleteFunc(groups, func(g Hits) bool { return len(g.List) == 0 })
	slices.SortStableFunc(groups, func(a, b Hits) int { return cmp.Compare(b.List[0].score, a.List[0].score) })
	return groups
}
