package content

import (
	"slices"
	"strings"
	"unicode"
)

// An excerpt is a run of this many words, the first word found among the
// first few of them.
const (
	excerptWords = 28
	excerptLead  = 6
)

// A marker cuts excerpts and marks in them what was asked for.
type marker struct {
	forms []form
	terms []term
	known []int8 // of each form: 0 not looked at, -1 no term fits, n terms[n-1] does
}

// excerpt cuts out the run of words that holds the most of the terms, the
// first such.
func (m *marker) excerpt(text []int32) []Span {
	from := m.excerptFrom(text)
	to := min(len(text), from+excerptWords)
	spans := m.marked(text[from:to])
	if from > 0 {
		spans = slices.Insert(spans, 0, Span{Text: "… "})
	}
	if to < len(text) {
		spans = append(spans, Span{Text: " …"})
	}
	return joined(spans)
}

// excerptFrom is where the excerpt begins.
func (m *marker) excerptFrom(text []int32) int {
	var at, which []int // where a term stands, and which one
	for i, n := range text {
		if t := m.termOf(n); t > 0 {
			at, which = append(at, i), append(which, t)
		}
	}
	best, most := 0, 0
	for i := range at {
		var seen uint
		count := 0
		for j := i; j < len(at) && at[j] < at[i]+excerptWords-excerptLead; j++ {
			if bit := uint(1) << which[j]; seen&bit == 0 {
				seen |= bit
				count++
			}
		}
		if count > most {
			best, most = at[i], count
		}
	}
	return max(0, min(best-excerptLead, len(text)-excerptWords))
}

// marked joins words into spans.
func (m *marker) marked(text []int32) []Span {
	var spans []Span
	for i, n := range text {
		if i > 0 {
			spans = append(spans, Span{Text: " "})
		}
		text := m.forms[n].text
		if m.termOf(n) < 0 {
			spans = append(spans, Span{Text: text})
			continue
		}
		word := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		before, after, _ := strings.Cut(text, word)
		spans = append(spans, Span{Text: before}, Span{word, true}, Span{Text: after})
	}
	return joined(spans)
}

// termOf is which term a written word holds, from 1; -1 for none.
func (m *marker) termOf(n int32) int {
	if m.known[n] == 0 {
		m.known[n] = m.look(m.forms[n])
	}
	return int(m.known[n])
}

func (m *marker) look(f form) int8 {
	for _, w := range f.words {
		for i, t := range m.terms {
			if t.fits(w) {
				return int8(i + 1)
			}
		}
	}
	return -1
}

// joined puts neighbours that are marked alike into one span.
func joined(spans []Span) []Span {
	var all []Span
	for _, s := range spans {
		if s.Text == "" {
			continue
		}
		if n := len(all); n > 0 && all[n-1].Found == s.Found {
			all[n-1].Text += s.Text
		} else {
			all = append(all, s)
		}
	}
	return all
}
