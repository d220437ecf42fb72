package content

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fewClauses bounds how many clauses SpeaksOf names. A word that stands in more of them
// says too little.
const fewClauses = 3

// SpeaksOf are the clauses of offerings in which words stand that could not be read as a
// need, with "…" between what stands apart: "no consent form" leads to the clause about
// consent, "single sign-on" to what a portal is not. ids are the offerings to look in; all,
// where there are none. It is where to look, and no answer.
func (l *Library) SpeaksOf(unread string, ids []string) (found []Hit) {
	seen := map[string]bool{}
	for run := range strings.SplitSeq(unread, "…") {
		for _, hit := range l.speaksOfRun(strings.TrimSpace(run), ids) {
			if !seen[hit.URL] && len(found) < fewClauses {
				seen[hit.URL], found = true, append(found, hit)
			}
		}
	}
	return found
}

// speaksOfRun looks for all words of a run together, or else for each that is long enough
// to say something.
func (l *Library) speaksOfRun(run string, ids []string) (found []Hit) {
	if utf8.RuneCountInString(run) < 3 {
		return nil
	}
	if found = l.clausesWith(run, ids); len(found) > 0 {
		return found
	}
	for word := range strings.FieldsSeq(run) {
		if utf8.RuneCountInString(word) >= 5 {
			found = append(found, l.clausesWith(word, ids)...)
		}
	}
	return found
}

// clausesWith are the clauses of the offerings that hold the words; none, where they are
// many.
func (l *Library) clausesWith(words string, ids []string) []Hit {
	for _, hits := range l.Search(words, 8*fewClauses) {
		if hits.Kind != HitClause {
			continue
		}
		list := slices.DeleteFunc(hits.List, func(h Hit) bool {
			return !slices.ContainsFunc(l.Offerings, func(o *Offering) bool {
				return strings.HasPrefix(h.URL, o.URL+"#") && (len(ids) == 0 || slices.Contains(ids, o.ID))
			})
		})
		if titled := slices.DeleteFunc(slices.Clone(list), func(h Hit) bool {
			return !slices.ContainsFunc(h.Title, func(s Span) bool { return s.Found })
		}); len(titled) > 0 {
			list = titled // the clause is about it
		}
		if len(list) <= fewClauses {
			return list
		}
	}
	return nil
}
