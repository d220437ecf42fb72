package content

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// tabs names tabs at the beginning of lines, outside of code: how far a tab
// indents depends on what stands before it, so that a choice turns into code,
// or a reason into part of a choice, without a word. Where it can cost an
// item or a choice (in quizzes, scenarios and self-checks) it is an error. One finding a file.
func (l *loader) tabs(src *source) {
	for _, check := range src.checks {
		l.tabs(check)
	}
	if bytes.IndexByte(src.body(), '\t') < 0 {
		return
	}
	code := codeLines(src)
	for at := src.Body.From; at < src.Body.To; {
		line := src.Bytes[at:src.Body.To]
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		if i := bytes.IndexByte(indent, '\t'); i >= 0 && len(indent) < len(bytes.TrimRight(line, "\n")) && !code[at] {
			report := l.report.warnf
			if src.Kind == quizKind || src.Kind == scenarioKind || src.inCheck {
				report = l.report.errorf
			}
			report(src, at+i, "tab", "a tab indents this line, and Markdown counts it differently from what an editor shows; replace it with spaces")
			return
		}
		at += len(line)
	}
}

// codeLines tells where the lines of fenced code begin.
func codeLines(src *source) map[int]bool {
	starts := map[int]bool{}
	_ = ast.Walk(src.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		if fence, ok := n.(*ast.FencedCodeBlock); ok && entering {
			for i := range fence.Lines().Len() {
				from := src.Body.From + fence.Lines().At(i).Start
				starts[bytes.LastIndexByte(src.Bytes[:from], '\n')+1] = true
			}
		}
		return ast.WalkContinue, nil
	})
	return starts
}
