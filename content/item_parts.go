package content

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// parts shares the blocks under the id line out: the question, the lists of
// choices, and the feedback after them.
func (p *itemParser) parts(nodes []ast.Node) {
	first, last := -1, -1
	for i, n := range nodes {
		if isChoices(p.src, n) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		p.noChoices(nodes)
		return
	}
	p.it.Stem = p.l.render(p.src, nodes[:first]...)
	if first == 0 {
		p.fail(p.at, "item-no-question", "the item has choices but no question; write it between the id line and the choices")
	}
	for i := first; i <= last; i++ {
		if i > first {
			p.between(nodes, i)
		}
		if list, ok := nodes[i].(*ast.List); ok && isChoices(p.src, list) {
			p.choices(list)
		}
	}
	p.afterChoices(nodes[last+1:])
}

// noChoices says what an item without a list of choices lacks.
func (p *itemParser) noChoices(nodes []ast.Node) {
	for _, n := range nodes {
		if strings.HasPrefix(inlineText(p.src, n), "Answer:") {
			p.fail(p.l.offset(p.src, n), "not-built-yet", "items with `Answer:` (a number or a short answer) are not built yet; write the question with choices, - [ ] and - [x]")
			return
		}
	}
	p.fail(p.at, "item-no-choices", "the item has no choices; list them as a task list: - [ ] for a wrong one, - [x] for a right one")
}

// between names what has split the choices into several lists: an unindented
// reason, in nearly all cases.
func (p *itemParser) between(nodes []ast.Node, i int) {
	n := nodes[i]
	if _, ok := n.(*ast.Blockquote); ok {
		p.fail(p.l.offset(p.src, n), "reason-indent", "this reason belongs to the choice above it, but is not indented, so it ends the list; put two spaces before the >")
		return
	}
	_, choices := n.(*ast.List)
	if _, after := nodes[i-1].(*ast.List); choices && after {
		p.fail(p.l.offset(p.src, n), "split-choices", "a second list of choices begins here, because its bullets differ from those above; use - for every choice")
	} else if !choices {
		p.fail(p.l.offset(p.src, n), "split-choices", "this text stands between the choices and splits them; move it above the first choice, or indent it by two spaces to make it part of the choice above")
	}
}

// afterChoices takes the quotation after the choices as the feedback.
func (p *itemParser) afterChoices(rest []ast.Node) {
	var feedback []ast.Node
	for i, n := range rest {
		at := p.l.offset(p.src, n)
		quote, ok := n.(*ast.Blockquote)
		switch {
		case !ok:
			p.fail(at, "after-choices", "nothing but one quotation may follow the choices; move this above them, or put > before every line of it to show it with the feedback")
			return
		case i == 0 && !blankBefore(p.src, at):
			p.fail(at, "reason-indent", "this quotation follows the last choice directly, but is not indented; put two spaces before the > to make it that choice's reason, or a blank line above it to make it the feedback")
			return
		}
		feedback = append(feedback, blocks(quote)...)
	}
	if len(feedback) > 0 {
		p.it.Feedback = p.l.render(p.src, feedback...)
	}
}

// isChoices reports whether a block is a list of choices, or was meant as one.
func isChoices(src *source, n ast.Node) bool {
	list, ok := n.(*ast.List)
	if !ok {
		return false
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if checkbox(item) != nil || markerAttempt.MatchString(itemLine(src, item)) {
			return true
		}
	}
	return false
}

// checkbox is the task-list marker of a list item; nil when it has none.
func checkbox(item ast.Node) *east.TaskCheckBox {
	if first := item.FirstChild(); first != nil {
		if box, ok := first.FirstChild().(*east.TaskCheckBox); ok {
			return box
		}
	}
	return nil
}

// itemLine is the first line of a list item as it stands in the file.
func itemLine(src *source, item ast.Node) string {
	first := item.FirstChild()
	if first == nil || first.Type() != ast.TypeBlock || first.Lines() == nil || first.Lines().Len() == 0 {
		return ""
	}
	segment := first.Lines().At(0)
	return string(segment.Value(src.body()))
}

// blankBefore reports whether the line above the one at the offset is blank.
func blankBefore(src *source, offset int) bool {
	start := bytes.LastIndexByte(src.Bytes[:offset], '\n')
	if start <= src.Body.From {
		return true
	}
	before := src.Bytes[src.Body.From:start]
	return len(bytes.TrimSpace(before[bytes.LastIndexByte(before, '\n')+1:])) == 0
}
