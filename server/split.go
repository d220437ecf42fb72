package server

import (
	"html/template"
	"io"
	"regexp"
)

// A split is a page executed once, cut at its marks: pieces[i] comes before
// marks[i], and the last piece ends the page.
type split struct {
	pieces []*piece
	marks  []string
}

var markPattern = regexp.MustCompile(`<!--mark:([^>]*?)-->`)

// mark stands in a template where the person shows.
func mark(name string) template.HTML {
	return template.HTML("<!--mark:" + template.HTMLEscapeString(name) + "-->") //nolint:gosec // escaped
}

// cut cuts a rendered page at its marks.
func cut(page []byte) *split {
	s := &split{}
	from := 0
	for _, m := range markPattern.FindAllSubmatchIndex(page, -1) {
		s.pieces = append(s.pieces, newPiece(page[from:m[0]]))
		s.marks = append(s.marks, string(page[m[2]:m[3]]))
		from = m[1]
	}
	s.pieces = append(s.pieces, newPiece(page[from:]))
	return s
}

// fill joins the pieces with what fill writes for each mark.
func (s *split) fill(w *pageBuffer, fill func(w *pageBuffer, mark string)) {
	for i, name := range s.marks {
		w.add(s.pieces[i])
		fill(w, name)
	}
	w.add(s.pieces[len(s.marks)])
}

// text writes s escaped for HTML.
func text(w io.Writer, s string) { template.HTMLEscape(w, []byte(s)) }
