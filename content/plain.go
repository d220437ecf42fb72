package content

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// plainText is the text of blocks without any mark-up, white space folded.
func plainText(src *source, nodes []ast.Node) string {
	parts := make([]string, 0, len(nodes))
	for _, n := range nodes {
		parts = append(parts, inlineText(src, n))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// inlineText is the plain text of a node: words, code, the description of
// images; line breaks become spaces.
func inlineText(src *source, n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch x := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(unescaped(x, src.body()))
				if x.SoftLineBreak() || x.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(x.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(x.Label(src.body()))
			}
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			if entering {
				b.Write(n.Lines().Value(src.body()))
			}
		case *east.TaskCheckBox:
		default:
			if !entering && n.Type() == ast.TypeBlock {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// unescaped is a text's value without backslash escapes and with entities
// resolved, except in code, where they stand for themselves.
func unescaped(t *ast.Text, source []byte) []byte {
	if t.IsRaw() {
		return t.Value(source)
	}
	return unescapeText(t.Value(source))
}

// unescapeText resolves backslash escapes and entities.
func unescapeText(b []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b)))
}
