package content

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/quiz"
)

// A placedItem is an item with the place in its file, for rules that compare
// items with one another.
type placedItem struct {
	item     *quiz.Item
	at       int // offset of its heading
	choiceAt []int
	plain    []string // plain text of the choices, folded
}

// items reads every item of a quiz from the blocks of its file: a
// second-level heading and all that follows up to the next one. Blocks before
// the first heading are none of its business. With idRequired each item must
// name its id; items that lack what nothing can stand in for are reported and
// left out.
func (l *loader) items(src *source, nodes []ast.Node, idRequired bool) []*quiz.Item {
	var found []*quiz.Item
	for len(nodes) > 0 {
		if !isItemHeading(nodes[0]) {
			nodes = nodes[1:]
			continue
		}
		heading := nodes[0].(*ast.Heading)
		end := 1
		for end < len(nodes) && !isItemHeading(nodes[end]) {
			end++
		}
		if it := l.item(src, heading, nodes[1:end], idRequired); it != nil {
			found = append(found, it)
		}
		nodes = nodes[end:]
	}
	return found
}

// checkItem reads the one question of a `check` block, whose source holds
// nothing else: with or without a heading, and without an id.
func (l *loader) checkItem(src *source) *quiz.Item {
	nodes := blocks(src.Doc)
	var heading *ast.Heading
	if len(nodes) > 0 && isItemHeading(nodes[0]) {
		heading, nodes = nodes[0].(*ast.Heading), nodes[1:]
	}
	for _, n := range nodes {
		if isItemHeading(n) {
			l.report.errorf(src, l.offset(src, n), "check-one-question", "a check block holds one question; give this one a block of its own")
			return nil
		}
	}
	return l.item(src, heading, nodes, false)
}

// blocks lists the top-level blocks of a parsed file. The addresses of
// references, wherever they stand, are none.
func blocks(doc ast.Node) []ast.Node {
	var nodes []ast.Node
	if doc == nil {
		return nil
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindLinkReferenceDefinition {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// isItemHeading reports whether an item begins here: at a heading of the
// second level, or of a deeper one (which is an error) with an id line.
func isItemHeading(n ast.Node) bool {
	h, ok := n.(*ast.Heading)
	if !ok || h.Level <= 2 {
		return ok && h.Level == 2
	}
	line, _ := idLine([]ast.Node{n.NextSibling()})
	return line != nil
}

// An itemParser reads one item. bad is set when the item can't stand.
type itemParser struct {
	l      *loader
	src    *source
	it     *quiz.Item
	at     int // where findings about the item as a whole point
	placed placedItem
	forced bool // the word multiple was given
	bad    bool
}

// item reads one item from its heading (nil in a check) and its blocks, and
// seals it.
func (l *loader) item(src *source, heading *ast.Heading, nodes []ast.Node, idRequired bool) *quiz.Item {
	p := &itemParser{l: l, src: src, it: &quiz.Item{Kind: quiz.Single}, at: src.Body.From}
	switch {
	case heading != nil:
		p.at = l.offset(src, heading)
		p.it.Title = inlineText(src, heading)
	case len(nodes) > 0:
		p.at = l.offset(src, nodes[0])
	}
	if heading != nil && heading.Level != 2 {
		p.fail(p.at, "item-heading", "an item begins with a heading of the second level; write ## instead of %s", strings.Repeat("#", heading.Level))
	}
	p.placed = placedItem{item: p.it, at: p.at}
	if heading != nil && p.it.Title == "" {
		p.fail(p.at, "item-title", "the item's heading is empty; learners read it as the question's name: write a few words after ##")
	}
	nodes = p.marks(nodes, idRequired)
	if p.bad {
		return nil
	}
	p.parts(nodes)
	if p.bad {
		return nil
	}
	p.itemRules(idRequired)
	src.items = append(src.items, p.placed)
	return p.it.Seal()
}

func (p *itemParser) fail(at int, rule, format string, args ...any) {
	p.bad = true
	p.l.report.errorf(p.src, at, rule, format, args...)
}
