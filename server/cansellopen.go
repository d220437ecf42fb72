package server

import (
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
)

// What an answer rests on: which words were read as which figure, how a figure was counted
// that is none as it stands, and what has to be asked before anything is promised.

// An understood dimension of a need.
type understood struct {
	Label, Value string
	Said         string // the words, where they are others than the value
	Held         string // how it was counted
}

// A spokenClause is where the standard speaks of words that were not read.
type spokenClause struct {
	link
	Of      string
	Excerpt []content.Span
}

// understood says what was read of a dimension, and of which words.
func (a *matcher) understood(dim standard.Dimension, v standard.Value, part askedPart) understood {
	one := understood{Label: dim.Label, Value: a.figure(dim, v)}
	var said []string
	for _, f := range part.read.Found {
		if f.Dimension != dim.Name || !v.Equal(part.read.Need[dim.Name]) {
			continue
		}
		if tight(f.Text) != tight(one.Value) && tight(f.Text) != tight(f.Value.String()) {
			said = append(said, f.Text)
		}
		if f.Held != "" {
			one.Held = a.t("sell.held." + string(f.Held))
		}
	}
	one.Said = strings.Join(said, ", ")
	return one
}

// tight is a text without what its spellings differ in.
func tight(text string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", ",", "", ".", "").Replace(text))
}

// openWords says what has to be asked.
func (a *matcher) openWords(m standard.Match) string {
	var labels []string
	for _, name := range m.Tight {
		if dim, ok := a.lib().Book(a.day).Dimension(name); ok {
			labels = append(labels, dim.Label)
		}
	}
	return a.t("sell.open-lede."+string(m.Why), "Labels", strings.Join(labels, ", "))
}

// speaks is where the standard speaks of what was not read: in the offerings that the
// need names or the answer holds, else in any.
func (a *matcher) speaks(m standard.Match, part askedPart) (list []spokenClause) {
	if !part.reading().Open() {
		return nil
	}
	ids := part.only
	for _, f := range m.Fits {
		for _, o := range f.Offerings() {
			ids = append(ids[:len(ids):len(ids)], o.ID)
		}
	}
	return a.speaksOf(part.unread, ids)
}

// speaksOf are the clauses in which words stand that were not read.
func (r *request) speaksOf(unread string, ids []string) (list []spokenClause) {
	for _, hit := range r.lib().SpeaksOf(unread, ids) {
		var title strings.Builder
		for _, span := range hit.Title {
			title.WriteString(span.Text)
		}
		list = append(list, spokenClause{link{hit.URL, title.String()}, hit.Of, hit.Excerpt})
	}
	return list
}

// stillSaid reports whether the fields ask for the figures that were read of the sentence
// beside them. Then what is not sure in it is not sure in them: nothing becomes a yes by
// being looked up once more.
func stillSaid(asked, read []askedPart) bool {
	if len(asked) != len(read) {
		return false
	}
	for i := range asked {
		if len(asked[i].need) != len(read[i].need) {
			return false
		}
		for name, v := range read[i].need {
			if w, there := asked[i].need[name]; !there || !v.Equal(w) {
				return false
			}
		}
	}
	for i := range asked {
		asked[i].unread, asked[i].read = read[i].unread, read[i].read
	}
	return true
}
