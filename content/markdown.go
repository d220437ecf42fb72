package content

import (
	"bytes"
	"html"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/insidebox/insidebox/standard"
)

// A dialect is CommonMark, GitHub's additions, footnotes and definition lists,
// as one tongue shows them. Attributes, automatic heading ids and raw HTML stay
// off; what authors link to is put in by links.go. It is not changed after this.
type dialect struct{ goldmark.Markdown }

func newDialect(say remarks) dialect {
	return dialect{goldmark.New(
		goldmark.WithExtensions(
			extension.Linkify,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough,
			extension.TaskList,
			extension.Footnote,
			extension.DefinitionList,
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(nodeRenderer{say}, 1))),
	)}
}

// parseMarkdown builds the tree; its segments are offsets into body.
func parseMarkdown(body []byte) ast.Node {
	return dialects[standard.English].Parser().Parse(text.NewReader(body)) // all read alike
}

func emptyDocument() ast.Node { return ast.NewDocument() }

// htmlBuffer is a bytes.Buffer in the shape that goldmark writes to without
// a buffer of its own in between.
type htmlBuffer struct{ bytes.Buffer }

// Buffered is 0: nothing waits to be written.
func (*htmlBuffer) Buffered() int { return 0 }

// Flush has nothing to do.
func (*htmlBuffer) Flush() error { return nil }

// render turns nodes of src, in their order, into HTML, with the links of
// the whole file resolved; what is wrong with a link is reported once.
func (l *loader) render(src *source, nodes ...ast.Node) string {
	l.resolve(src)
	var out htmlBuffer
	for _, n := range nodes {
		if err := dialects[l.tongue()].Renderer().Render(&out, src.body(), n); err != nil {
			l.report.errorf(src, l.offset(src, n), "render", "this can't be shown: %v", err)
		}
	}
	return out.String()
}

// offset is where a node begins in src.Bytes. A node without a place of its
// own has that of the first one in it that has, or of what surrounds it.
func (l *loader) offset(src *source, n ast.Node) int {
	for at := n; at != nil; at = at.Parent() {
		if pos := firstPos(at); pos >= 0 {
			return src.Body.From + pos
		}
	}
	return src.Body.From
}

func firstPos(n ast.Node) int {
	if t, ok := n.(*ast.Text); ok {
		return t.Segment.Start
	}
	if pos := n.Pos(); pos >= 0 {
		return pos
	}
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if pos := firstPos(c); pos >= 0 {
			return pos
		}
	}
	return -1
}

// onlyChild is the one node in a paragraph, nil when there are more.
func onlyChild(n ast.Node) ast.Node {
	if first := n.FirstChild(); first != nil && first == n.LastChild() {
		return first
	}
	return nil
}

// escape makes text safe within HTML text and quoted attributes.
func escape(s string) string { return html.EscapeString(s) }
