package content

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// A preparation is the walk over a freshly parsed file: it gives headings
// their anchors, makes alerts, and names what Markdown would drop or show
// wrongly without a word.
type preparation struct {
	l         *loader
	src       *source
	slugs     slugger // nil in a self-check
	level     int     // of the last heading
	footnotes bool
}

func (l *loader) prepare(src *source) {
	src.headings = map[string]ast.Node{}
	(&preparation{l: l, src: src, slugs: slugger{}, level: 1}).walk()
}

// prepareCheck does the same for a self-check, whose headings nobody links
// to: links in it go to those of its lesson.
func (l *loader) prepareCheck(src *source) {
	(&preparation{l: l, src: src, level: 1}).walk()
}

func (p *preparation) walk() {
	_ = ast.Walk(p.src.Doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.visit(n)
		}
		return ast.WalkContinue, nil
	})
	p.definitions()
}

func (p *preparation) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(n)
	case *ast.RawHTML, *ast.HTMLBlock:
		p.fail(n, "raw-html", "HTML is not taken over; write it in Markdown, or, to show it as text, put it in backticks")
	case *ast.Blockquote:
		p.alert(n)
	case *ast.FencedCodeBlock:
		p.fence(n)
	case *east.FootnoteLink:
		p.footnote(n)
	case *ast.Text:
		p.text(n)
	}
}

func (p *preparation) fail(n ast.Node, rule, format string, args ...any) {
	p.l.report.errorf(p.src, p.l.offset(p.src, n), rule, format, args...)
}

// heading gives a heading its anchor. Page titles come from the front
// matter, so that the outline of a page begins at level 2.
func (p *preparation) heading(n *ast.Heading) {
	if p.slugs != nil {
		anchor := p.slugs.anchor(inlineText(p.src, n))
		p.src.headings[anchor] = n
		if p.src.Kind.hasAnchors() && anchor != "" {
			n.SetAttribute([]byte("id"), []byte(anchor))
		}
	}
	switch {
	case n.Level == 1 && p.src.Kind == changesKind:
		p.fail(n, "heading-level", "a first-level heading; the page of the changes has its title already, and its entries begin with ##: take this one out")
	case n.Level == 1:
		p.fail(n, "heading-level", "a first-level heading; the page's title is the title: in the front matter, so begin with ##")
	case n.Level > p.level+1 && !p.src.inCheck:
		p.l.report.warnf(p.src, p.l.offset(p.src, n), "heading-level",
			"a level-%d heading under one of level %d; take %s, so that screen readers find no gap", n.Level, p.level, strings.Repeat("#", p.level+1))
	}
	p.level = max(n.Level, 1)
	p.underlined(n)
}

// hasAnchors tells whether the headings of such a file can be linked to.
func (k fileKind) hasAnchors() bool { return k != quizKind && k != changesKind && k != noKind }

var alertMark = regexp.MustCompile(`^\[!([A-Za-z]*)\][ \t]*(.*)$`)

// alert turns a quotation that opens with a line [!NOTE] into an alert.
func (p *preparation) alert(n *ast.Blockquote) {
	first, ok := n.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 {
		return
	}
	line := first.Lines().At(0)
	mark := alertMark.FindSubmatch(bytes.TrimSpace(line.Value(p.src.body())))
	if mark == nil {
		return
	}
	word := string(mark[1])
	switch name := englishRemarks.alerts[word]; {
	case name == "":
		p.fail(first, "alert", "[!%s] is no alert%s", word, didYouMean(strings.ToUpper(word), []string{"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"}))
		return
	case len(mark[2]) > 0:
		p.fail(first, "alert", "[!%s] must stand alone on its line; begin the text on the next one, after >", word)
		return
	case n.Parent().Kind() != ast.KindDocument:
		p.fail(first, "alert", "an alert can't stand inside a list or another quotation; move it to the left margin")
		return
	}
	for c := first.FirstChild(); c != nil && firstPos(c) < line.Stop; c = first.FirstChild() {
		first.RemoveChild(first, c)
	}
	if first.FirstChild() == nil {
		n.RemoveChild(n, first)
	}
	if n.FirstChild() == nil {
		p.fail(n, "alert", "the alert [!%s] is empty; write its text under it, each line after >", word)
	}
	n.SetAttribute([]byte("alert"), word)
}

// fence sees that a fenced block can be highlighted, and that self-checks
// stand where learners meet them.
func (p *preparation) fence(n *ast.FencedCodeBlock) {
	language := string(n.Language(p.src.body()))
	switch {
	case isCheck(p.src, n):
		p.check(n)
	case strings.EqualFold(language, "check"):
		p.fail(n, "check-place", "a self-check opens with ```check and nothing else on the line")
	case language != "" && lexerOf(language) == nil:
		p.l.report.warnf(p.src, p.l.offset(p.src, n), "unknown-language", "code in %s can't be coloured%s", quoted(language),
			didYouMean(strings.ToLower(language), languages()))
	}
}

func (p *preparation) check(n *ast.FencedCodeBlock) {
	switch {
	case p.src.inCheck || p.src.Kind != lessonKind:
		p.fail(n, "check-place", "a self-check can stand only in a lesson; a graded question belongs into a *.quiz.md file")
	case n.Parent().Kind() != ast.KindDocument || p.indented(n):
		p.fail(n, "check-place", "a self-check can't stand inside a list or quotation; move its fence to the left margin")
	}
}

// indented tells whether spaces stand before a fence; the text in it would
// then not be where the file has it.
func (p *preparation) indented(n *ast.FencedCodeBlock) bool {
	at := p.l.offset(p.src, n)
	return at > 0 && p.src.Bytes[at-1] != '\n'
}

// isCheck tells a self-check from code.
func isCheck(src *source, n ast.Node) bool {
	code, ok := n.(*ast.FencedCodeBlock)
	return ok && code.Info != nil && string(bytes.TrimSpace(code.Info.Value(src.body()))) == "check"
}

func (p *preparation) footnote(n ast.Node) {
	if p.footnotes || p.src.Kind == lessonKind && !p.src.inCheck {
		return
	}
	p.footnotes = true
	p.fail(n, "footnote", "footnotes work in lessons only; say it in the text")
}

// text finds links that Markdown has silently left as text.
func (p *preparation) text(n *ast.Text) {
	if n.IsRaw() || n.Parent().Kind() == ast.KindCodeSpan {
		return
	}
	p.textLine(n)
	p.attribute(n)
	body := p.src.body()
	for i := n.Segment.Start; i < n.Segment.Stop; i++ {
		if body[i] == '[' && p.noFootnote(i) && (i == 0 || body[i-1] != '\\') {
			p.l.report.errorf(p.src, p.src.Body.From+i, "footnote", "this reads like a footnote, but the file defines none of that name; write it below, as in [^1]: what it says")
		}
		if body[i] != ']' || i+1 >= len(body) || i > 0 && body[i-1] == '\\' {
			continue
		}
		switch body[i+1] {
		case '(':
			p.l.report.errorf(p.src, p.src.Body.From+i, "link-syntax", "this reads like a link, but Markdown takes it for text; %s", linkAdvice(body[i+2:]))
		case '[':
			p.l.report.errorf(p.src, p.src.Body.From+i, "link-syntax", "this reads like a link, but there is no definition of the reference after it; write [text](path.md)")
		}
	}
}

// linkAdvice guesses why a link is none.
func linkAdvice(rest []byte) string {
	rest, _, _ = bytes.Cut(rest, []byte("\n"))
	destination, closed := rest, false
	if i := bytes.IndexByte(rest, ')'); i >= 0 {
		destination, closed = rest[:i], true
	}
	switch {
	case bytes.ContainsAny(destination, "\u201c\u201d\u201e\u2018\u2019"):
		return `its title stands in curly quotation marks: use straight ones, as in "figure: nationwide.turnaround"`
	case bytes.Count(destination, []byte(`"`)) > 2:
		return `its title has a quotation mark inside: write \" there`
	case !closed:
		return "the bracket ) is missing on this line"
	case bytes.ContainsRune(bytes.TrimSpace(destination), ' '):
		return `a space stands in the path: write %20, or put the title in straight quotation marks`
	}
	return `write [text](path.md), or \[ when a bracket is meant`
}
