package standard

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A WordProblem is something wrong with a phrase of the words of a dimension.
type WordProblem struct {
	Dimension, Phrase string
	Index             int    // of the phrase in Words.Phrases
	Message           string // the sentence, with the phrase in it
}

// CheckWords returns what is wrong with the words of dimensions: of another shape
// than the kind needs, a value that there is not, a phrase that the reader can't
// see, or that means something already.
func CheckWords(dims []Dimension) []WordProblem {
	c := wordCheck{dims: dims, taken: map[string]place{}}
	for i, dim := range dims {
		c.take(place{dim.Name, -1, i, ""}, dim.Name, dim.Label)
		for _, v := range dim.Values {
			c.take(place{v, -1, i, v}, v, dim.NameOf(v))
		}
	}
	for i, dim := range dims {
		for n, phrase := range dim.Words.Phrases {
			c.phrase(place{phrase, n, i, ""}, phrase)
		}
		for n, phrase := range slices.Sorted(maps.Keys(dim.Words.Values)) {
			value := dim.Words.Values[phrase]
			if p := (place{phrase, n, i, value}); slices.Contains(dim.Values, value) {
				c.phrase(p, phrase)
			} else {
				c.problem(p, "means %q, which is not one of the values%s", value, dim.perhaps(value))
			}
		}
	}
	return c.problems
}

// A place is where a phrase stands, and what it means there.
type place struct {
	text  string
	n     int // among the words; -1 for a name, a label or a value
	dim   int
	value string
}

type wordCheck struct {
	dims     []Dimension
	taken    map[string]place // by the key of the phrase
	problems []WordProblem
}

func (c *wordCheck) problem(p place, format string, args ...any) {
	message := fmt.Sprintf("%q "+format, append([]any{p.text}, args...)...)
	c.problems = append(c.problems, WordProblem{c.dims[p.dim].Name, p.text, p.n, message})
}

func (c *wordCheck) take(p place, phrases ...string) {
	for _, phrase := range phrases {
		for _, k := range spellingsOf(phrase) {
			if _, there := c.taken[k]; !there {
				c.taken[k] = p
			}
		}
	}
}

// phrase checks a phrase, and takes it.
func (c *wordCheck) phrase(p place, phrase string) {
	tokens := tokenize(phrase)
	before, taken := c.taken[key(tokens)]
	switch m := vocabulary()[key(tokens)]; {
	case len(tokens) == 0:
		c.problem(p, "has no letter and no digit; write words that people type")
	case len(tokens) > longestPhrase:
		c.problem(p, "has more than %d words; write the part of it that says it", longestPhrase)
	case slices.ContainsFunc(tokens[1:], func(t token) bool { return t.brk != joined }):
		c.problem(p, "holds a sign that ends a part of a sentence; write words with spaces or hyphens between them")
	case tokens[0].number && len(tokens) == 1, m.kind > articleWord && m.kind < spoilWord, m.kind == articleWord, m.kind == andWord, small[key(tokens)] > 0:
		c.problem(p, "can't name anything, because it counts, compares or refuses in every sentence")
	case taken && before.n >= 0 && before.dim == p.dim && before.value == p.value && key(tokens) == key(tokenize(before.text)):
		c.problem(p, "stands there twice")
	case taken && (before.dim != p.dim || before.value != p.value):
		c.problem(p, "means %s already; a phrase means one thing", c.meaning(before))
	default:
		c.take(p, phrase)
	}
}

// meaning says what a phrase means.
func (c *wordCheck) meaning(p place) string {
	if p.value == "" {
		return "the dimension " + c.dims[p.dim].Name
	}
	return fmt.Sprintf("%s of %s", p.value, c.dims[p.dim].Name)
}

// perhaps names the value that was most likely meant, else all.
func (dim Dimension) perhaps(name string) string {
	if near := nearest(strings.ToLower(strings.ReplaceAll(squeeze(name), " ", "-")), dim.Values); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; choose from " + strings.Join(dim.Values, ", ")
}

// validateWords holds that words have the shape that the kind needs.
func (dim Dimension) validateWords() error {
	if dim.Kind == AllOf && len(dim.Words.Phrases) > 0 {
		return fmt.Errorf("dimension %s: the words of kind %s are a group, each with the value that it means, such as {overseas: %s}", dim.Name, AllOf, first(dim.Values))
	}
	if dim.Kind != AllOf && len(dim.Words.Values) > 0 {
		return fmt.Errorf("dimension %s: the words of a number are a list of phrases that name the dimension, such as [%s]", dim.Name, strings.ToLower(dim.Label))
	}
	return nil
}

func first(list []string) string {
	if len(list) == 0 {
		return "…"
	}
	return list[0]
}

// CheckCalled returns what is wrong with the words that offerings are called by besides
// their titles: those that name nothing, because they mean something in every sentence
// or for a dimension, and those that name another offering too. Dimension is the id of
// the offering.
func CheckCalled(dims []Dimension, offerings []*Offering) (problems []WordProblem) {
	if !slices.ContainsFunc(offerings, func(o *Offering) bool { return len(o.Words) > 0 }) {
		return nil
	}
	lx := NewLexicon(dims, offerings)
	for _, o := range offerings {
		for i, phrase := range o.Words {
			tokens := tokenize(phrase)
			var problem string
			switch {
			case !lx.mayName(tokens):
				problem = "can't name an offering, because it says something already, in every sentence or of a dimension; write words that stand for this offering alone"
			case lx.titles[stemmed(tokens)[0]].id != o.ID:
				problem = "names another offering too; a phrase means one thing"
			default:
				continue
			}
			problems = append(problems, WordProblem{o.ID, phrase, i, fmt.Sprintf("%q %s", phrase, problem)})
		}
	}
	return problems
}
