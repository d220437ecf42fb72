package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/text/unicode/norm"
)

// digestOf hashes parts so that no two lists of parts read the same.
func digestOf(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s\n", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// clauseRevision names one wording of a clause. It covers what the clause
// says (see statement), and every figure of the box that it states, with all
// dates: it does not depend on the day.
func (l *loader) clauseRevision(src *source, c *Clause) string {
	parts := []string{"clause/1", c.ID, normal(c.Title), l.statement(src, src.bodies[c])}
	if src.box != nil {
		parts = append(parts, src.box.Key(c.Dimensions...))
	}
	return digestOf(parts...)
}

// offeringRevision names one state of an offering: its whole box, and its
// clauses in any order.
func offeringRevision(o *Offering) string {
	parts := []string{"offering/1", o.ID, o.Title, strings.Join(o.Extends, " "), o.Key(o.Dimensions()...)}
	var clauses []string
	for _, c := range o.Clauses {
		clauses = append(clauses, c.ID+" "+c.Rev)
	}
	slices.Sort(clauses)
	return digestOf(append(parts, clauses...)...)
}

// statement is the text of nodes as it counts for a revision: words with
// single spaces, one line a block. Rewrapping, renumbering, emphasis and the
// kind of list don't count; what is struck through or ticked does, and so do
// the figures, clauses, images, downloads and other sites that it refers to,
// but not the places of pages, which may move.
func (l *loader) statement(src *source, nodes []ast.Node) string {
	l.resolve(src)
	s := &statementText{src: src}
	for _, n := range nodes {
		_ = ast.Walk(n, s.visit)
		s.endBlock()
	}
	return strings.Join(s.lines, "\n")
}

type statementText struct {
	src   *source
	line  strings.Builder
	lines []string
}

func (s *statementText) endBlock() {
	if line := normal(s.line.String()); line != "" {
		s.lines = append(s.lines, line)
	}
	s.line.Reset()
}

func (s *statementText) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if n.Type() == ast.TypeBlock && n.Kind() != east.KindTableCell {
		s.endBlock()
	}
	switch n := n.(type) {
	case *ast.Text:
		if entering {
			s.line.Write(unescaped(n, s.src.body()))
			if n.SoftLineBreak() || n.HardLineBreak() {
				s.line.WriteByte(' ')
			}
		}
	case *ast.String:
		if entering {
			s.line.Write(n.Value)
		}
	case *ast.AutoLink:
		if entering {
			s.line.WriteString(targetOf(n).href)
		}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		if entering {
			s.code(n)
		}
	case *ast.Link, *ast.Image:
		return s.reference(targetOf(n), n.Kind() == ast.KindImage, entering), nil
	case *east.Strikethrough:
		s.line.WriteString("~~")
	case *east.TaskCheckBox:
		if entering {
			fmt.Fprintf(&s.line, "[%t] ", n.IsChecked)
		}
	case *east.TableCell:
		s.line.WriteString(" | ")
	}
	return ast.WalkContinue, nil
}

// code counts with its lines and spaces as they are.
func (s *statementText) code(n ast.Node) {
	s.lines = append(s.lines, "code "+digestOf(string(n.Lines().Value(s.src.body()))))
}

// reference writes what a link or an image stands for, after its text.
func (s *statementText) reference(t *target, image, entering bool) ast.WalkStatus {
	switch {
	case t.figure:
		if entering {
			s.line.WriteString("<figure " + t.figureKey + ">")
		}
		return ast.WalkSkipChildren
	case entering:
	case t.image != nil:
		s.line.WriteString("<file " + t.image.digest + ">")
		if image && t.title != "" {
			s.line.WriteString(" " + t.title)
		}
	case t.clause != nil:
		s.line.WriteString("<clause " + t.clause.ID + ">")
	case t.external:
		s.line.WriteString("<" + t.href + ">")
	}
	return ast.WalkContinue
}

// normal writes text with composed letters and single spaces.
func normal(text string) string {
	return norm.NFC.String(strings.Join(strings.Fields(text), " "))
}
