package server

import (
	"bytes"
	"html/template"
	"io"
	"regexp"
)

// A split is a page executed once, cut at its marks: pieces[i] comes before
// marks[i], and the last piece ends the page.
type split struct {
	pieces [][]byte
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
		s.pieces = append(s.pieces, page[from:m[0]])
		s.marks = append(s.marks, string(page[m[2]:m[3]]))
		from = m[1]
	}
	s.pieces = append(s.pieces, page[from:])
	return s
}

// fill joins the pieces with what fill writes for each mark.
func (s *split) fill(w *bytes.Buffer, fill func(w *bytes.Buffer, mark string)) {
	for i, name := range s.marks {
		w.Write(s.pieces[i])
		fill(w, name)
	}
	w.Write(s.pieces[len(s.marks)])
}

// text writes s escaped for HTML.
func text(w io.Writer, s string) { template.HTMLEscape(w, []byte(s)) }
