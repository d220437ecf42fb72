package content

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/quiz"
)

// markerAttempt is what people write where they meant a task-list marker.
var markerAttempt = regexp.MustCompile(`^(\[ *[xX]? *\]|\( *[xX]? *\)|\[[^]\[(]{1,2}\]( |$))`)

// choices reads one list of choices.
func (p *itemParser) choices(list *ast.List) {
	if list.IsOrdered() {
		p.fail(p.l.offset(p.src, list), "choice-marker", "choices are shuffled, so they carry no numbers; begin each with - instead")
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		p.choice(item)
	}
}

// choice reads one choice: its marker, its text, and the quotation under it
// as the reason.
func (p *itemParser) choice(item ast.Node) {
	at := p.choiceOffset(item)
	box := checkbox(item)
	if box == nil {
		p.fail(at, "choice-marker", "this choice has no marker that Markdown knows; begin it with - [ ] (a space between the brackets) or - [x], then a space")
		return
	}
	p.markerForm(item, at)
	first := item.FirstChild()
	first.RemoveChild(first, box)
	if at := swallowedReason(p.src, first); at >= 0 {
		p.fail(at, "reason-indent", "%s", swallowedAdvice)
	}
	var text, reason []ast.Node
	for n := item.FirstChild(); n != nil; n = n.NextSibling() {
		switch n.(type) {
		case *ast.Blockquote:
			reason = append(reason, blocks(n)...)
		default:
			if isChoices(p.src, n) {
				p.fail(p.choiceOffset(n.FirstChild()), "choice-indent", "this choice is indented and becomes part of the one above it; move its - to the left margin")
			} else if len(reason) > 0 {
				p.fail(p.l.offset(p.src, n), "reason-last", "this comes after the choice's reason; put it above the >")
			}
			text = append(text, n)
		}
	}
	option := quiz.Option{Right: box.IsChecked}
	plain := plainText(p.src, text)
	option.Text = p.l.render(p.src, inlined(text)...)
	if len(reason) > 0 {
		option.Reason = p.l.render(p.src, reason...)
	}
	if strings.TrimSpace(option.Text) == "" {
		p.fail(at, "choice-empty", "this choice is empty; write what the learner may choose after the marker")
	}
	p.it.Options = append(p.it.Options, option)
	p.placed.choiceAt = append(p.placed.choiceAt, at)
	p.placed.plain = append(p.placed.plain, plain)
}

// choiceOffset is where the text of a list item begins: at its marker.
func (p *itemParser) choiceOffset(item ast.Node) int {
	first := item.FirstChild()
	if first != nil && first.Type() == ast.TypeBlock && first.Lines() != nil && first.Lines().Len() > 0 {
		return p.src.Body.From + first.Lines().At(0).Start
	}
	return p.l.offset(p.src, item)
}

// markerForm names markers that this program reads, but that other viewers
// show differently.
func (p *itemParser) markerForm(item ast.Node, at int) {
	line := itemLine(p.src, item)
	switch {
	case strings.HasPrefix(line, "[X]"):
		p.l.report.warnf(p.src, at, "choice-marker", "the marker is [X]; write [x], which every viewer reads as ticked")
	case len(line) > 3 && line[3] != ' ' && line[3] != '\n':
		p.fail(at, "choice-marker", "there is no space after the marker, so other viewers show the brackets as text; write %s and a space", quoted("- "+line[:3]))
	}
}

// swallowedReason finds a reason that is indented so far that Markdown takes
// it as a further line of the choice; -1 where there is none.
func swallowedReason(src *source, first ast.Node) int {
	if first == nil || first.Lines() == nil {
		return -1
	}
	for i := 1; i < first.Lines().Len(); i++ {
		line := first.Lines().At(i)
		text := line.Value(src.body())
		if trimmed := bytes.TrimLeft(text, " \t"); bytes.HasPrefix(trimmed, []byte(">")) {
			return src.Body.From + line.Start + len(text) - len(trimmed)
		}
	}
	return -1
}

const swallowedAdvice = "this reason is indented too far and becomes part of the choice's text; put exactly two spaces before the >"

// inlined turns a leading paragraph into a plain text block, so that a choice
// reads the same whether or not blank lines stand between the choices.
func inlined(nodes []ast.Node) []ast.Node {
	p, ok := nodes[0].(*ast.Paragraph)
	if !ok {
		return nodes
	}
	block := ast.NewTextBlock()
	block.SetLines(p.Lines())
	for n := p.FirstChild(); n != nil; n = p.FirstChild() {
		block.AppendChild(block, n)
	}
	p.Parent().ReplaceChild(p.Parent(), p, block)
	return append([]ast.Node{block}, nodes[1:]...)
}
