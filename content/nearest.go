package content

import (
	"maps"
	"slices"
	"strings"
)

// nearest returns the known word that a mistyped one most likely meant, or
// "" when none is close enough to be worth suggesting: at most a third of
// the letters may differ (in short words one), counted as Damerau and
// Levenshtein do: insert, delete, replace, swap two neighbours.
func nearest(word string, known []string) string {
	word = strings.ToLower(word)
	n := len([]rune(word))
	best, distance := "", max(1, n/3)+1
	for _, k := range known {
		if d := editDistance(word, strings.ToLower(k), distance); d < distance && d < max(n, 2) {
			best, distance = k, d
		}
	}
	return best
}

// didYouMean is the end of a message about an unknown word: the nearest known
// one, or, where none is near and the list is short, all that may stand there.
func didYouMean(word string, known []string) string {
	if n := nearest(word, known); n != "" {
		return "; did you mean " + quoted(n) + "?"
	}
	if len(known) == 0 || len(known) > 16 {
		return ""
	}
	return "; it may be " + orList(known)
}

// editDistance counts the edits between two words; anything over limit comes
// back as limit+1, which keeps long words cheap.
func editDistance(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if len(s)-len(t) > limit || len(t)-len(s) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := range s {
		row[0] = i + 1
		least := row[0]
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}

// quoted puts a word from a file between quotation marks for a message.
func quoted(s string) string { return "\"" + s + "\"" }

// orList joins words for a sentence: "a, b or c".
func orList(words []string) string { return joinWords(words, " or ") }

// andList joins words for a sentence: "a, b and c".
func andList(words []string) string { return joinWords(words, " and ") }

func joinWords(words []string, last string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + last + words[n]
}

// idsOf lists the ids of a table, sorted.
func idsOf[T any](table map[string]T) []string { return slices.Sorted(maps.Keys(table)) }
