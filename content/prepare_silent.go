package content

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// What reads to a person like a heading, a choice, a footnote or an attribute,
// and to Markdown like text.
var (
	tightHeading  = regexp.MustCompile(`^#{2,6}[^#\s]`)
	tightChoice   = regexp.MustCompile(`^(?:[-*+\x{2013}\x{2014}\x{2022}\x{b7}][ \t]*)?\[[ xX]\]`)
	markedChoice  = regexp.MustCompile(`^[-*+\x{2013}\x{2014}\x{2022}\x{b7}][ \t]*\[[ xX]\]`)
	footnoteWord  = regexp.MustCompile(`^\[\^[^\]\s]+\]`)
	attributes    = regexp.MustCompile(`^\{[ \t]*:?[ \t]*(?:[.#][A-Za-z][\w-]*|[A-Za-z][\w-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+))(?:[ \t]+[^{}\n]*)?\}`)
	footnoteStart = regexp.MustCompile(`(?m)^ {0,3}\[\^([^\]\s]+)\]:`)
)

// textLine looks at text that begins a line within a block.
func (p *preparation) textLine(n *ast.Text) {
	line, at := firstLineOf(p.src.body()[n.Segment.Start:]), p.src.Body.From+n.Segment.Start
	before, broken := n.PreviousSibling().(*ast.Text)
	goesOn := broken && (before.SoftLineBreak() || before.HardLineBreak())
	if n.PreviousSibling() != nil && !goesOn {
		return
	}
	switch {
	case tightHeading.Match(line):
		p.l.report.errorf(p.src, at, "tight-heading", "this reads like a heading, but Markdown takes it for text; put a space after the #")
	case goesOn && p.asks() && tightChoice.Match(line):
		p.l.report.errorf(p.src, at, "choice-marker", "this reads like a choice, but Markdown makes it part of the text above it; begin it at the left margin with - [ ] or - [x], each with its spaces")
	case !goesOn && p.asks() && markedChoice.Match(line):
		p.l.report.errorf(p.src, at, "choice-marker", "this reads like a choice, but Markdown takes it for text; begin it with - [ ] or - [x], each with its spaces")
	}
}

// asks tells whether a file holds questions with choices.
func (p *preparation) asks() bool { return p.src.Kind == quizKind || p.src.inCheck }

// noFootnote tells whether a bracket opens a footnote that is not defined.
func (p *preparation) noFootnote(at int) bool {
	return footnoteWord.Match(firstLineOf(p.src.body()[at:])) && p.src.Kind == lessonKind && !p.src.inCheck
}

// attribute names what other programs would take for a class, an id or
// another attribute: behind a link, code or emphasis, or at a line's end.
func (p *preparation) attribute(n *ast.Text) {
	body := p.src.body()
	_, afterText := n.PreviousSibling().(*ast.Text)
	for i := n.Segment.Start; i < n.Segment.Stop; i++ {
		if body[i] != '{' || i > 0 && body[i-1] == '\\' {
			continue
		}
		line := firstLineOf(body[i:])
		found := attributes.Find(line)
		behind := i == n.Segment.Start && n.PreviousSibling() != nil && !afterText
		last := len(bytes.TrimSpace(line[len(found):])) == 0
		if found != nil && (behind || last) {
			p.l.report.errorf(p.src, p.src.Body.From+i, "attributes", "%s reads like an attribute; there are none here, and it would be shown as text: take it out, or put it in backticks", quoted(string(found)))
		}
	}
}

// underlined warns of headings that are made by a line of dashes: a rule that
// was meant to divide two paragraphs makes the upper one a heading.
func (p *preparation) underlined(n *ast.Heading) {
	if n.Lines().Len() == 0 {
		return
	}
	body, at := p.src.body(), n.Lines().At(0).Start
	if bytes.IndexByte(body[bytes.LastIndexByte(body[:at], '\n')+1:at], '#') < 0 {
		p.l.report.warnf(p.src, p.src.Body.From+at, "underlined-heading", "the line under this text makes it a heading; write ## before it, or put an empty line between them to draw a rule")
	}
}

// definitions names footnotes and references that nothing refers to, because
// Markdown shows them nowhere.
func (p *preparation) definitions() {
	body := p.src.body()
	if !bytes.Contains(body, []byte("]:")) {
		return
	}
	var defined []*ast.LinkReferenceDefinition
	used := map[string]bool{} // labels; those of footnotes begin with ^
	_ = ast.Walk(p.src.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.LinkReferenceDefinition:
			if entering {
				defined = append(defined, n)
			}
		case *ast.Link:
			useLabel(used, n.Reference)
		case *ast.Image:
			useLabel(used, n.Reference)
		case *east.Footnote: // those without a reference are gone
			used["^"+string(n.Ref)] = true
		}
		return ast.WalkContinue, nil
	})
	for _, d := range defined {
		if !used[util.ToLinkReference(d.Label)] {
			p.l.report.warnf(p.src, p.l.offset(p.src, d), "unused-definition", "this gives [%s] an address, but no link uses it, so it is not shown; write a link with it, or \\[ to show it as text", d.Label)
		}
	}
	p.unusedFootnotes(used)
}

func useLabel(used map[string]bool, r *ast.ReferenceLink) {
	if r != nil {
		used[util.ToLinkReference(r.Value)] = true
	}
}

// unusedFootnotes names the footnotes of a lesson that nothing refers to.
func (p *preparation) unusedFootnotes(used map[string]bool) {
	body := p.src.body()
	if p.src.Kind != lessonKind || p.src.inCheck || !bytes.Contains(body, []byte("[^")) {
		return
	}
	code := codeLines(p.src)
	for _, found := range footnoteStart.FindAllSubmatchIndex(body, -1) {
		label := string(body[found[2]:found[3]])
		if !code[p.src.Body.From+found[0]] && !used["^"+label] {
			at := found[0] + bytes.IndexByte(body[found[0]:], '[')
			p.l.report.warnf(p.src, p.src.Body.From+at, "unused-definition", "nothing in the file refers to the footnote [^%s], so it is not shown; write [^%s] where it belongs", label, label)
		}
	}
}

func firstLineOf(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}
