package content

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/quiz"
)

// Words that may stand in the line under an item's heading, and those that
// the format has but this program does not read yet.
var (
	itemWords     = []string{"critical", "multiple", "partial", "covers"}
	itemWordsLate = []string{"order", "match", "classify", "number"}
)

// A mark is one part of the id line between two "·": words and links.
type mark struct {
	at    int // offset of its first byte
	words string
	links []*ast.Link
}

// marks reads the line under the heading (id, words, clause links) and
// returns the blocks after it. In a check the line may be missing, and has no
// id.
func (p *itemParser) marks(nodes []ast.Node, idRequired bool) []ast.Node {
	line, id := idLine(nodes)
	switch {
	case idRequired && line == nil:
		p.fail(p.at, "missing-item-id", "the item has no id line; write one under the heading, with an id that no other item has: `q-…` · covers [clause](…)")
		return nodes
	case !idRequired && id != nil && hasMarks(p.src, id):
		p.fail(p.l.offset(p.src, line), "check-id", "a question in a check block has no id; take the code out and begin with the next word")
		return nodes
	case !idRequired && !p.checkMarks(nodes):
		return nodes
	case !idRequired:
		line = nodes[0].(*ast.Paragraph)
		id = nil
	}
	if id != nil {
		p.itemID(line, id)
	}
	p.oneLine(line)
	first := line.FirstChild()
	if id != nil {
		first = id.NextSibling()
	}
	for i, m := range marksOf(p.src, first, p.l.offset(p.src, line)) {
		p.mark(m, i == 0 && id != nil)
	}
	return nodes[1:]
}

// idLine is the first block when it is a paragraph that opens with code.
func idLine(nodes []ast.Node) (*ast.Paragraph, *ast.CodeSpan) {
	if len(nodes) == 0 {
		return nil, nil
	}
	line, ok := nodes[0].(*ast.Paragraph)
	if !ok {
		return nil, nil
	}
	id, ok := line.FirstChild().(*ast.CodeSpan)
	if !ok {
		return nil, nil
	}
	return line, id
}

// hasMarks reports whether code at the start of a paragraph was meant as an id.
func hasMarks(src *source, id *ast.CodeSpan) bool {
	next, ok := id.NextSibling().(*ast.Text)
	return id.NextSibling() == nil || ok && strings.HasPrefix(strings.TrimSpace(string(next.Value(src.body()))), "·")
}

// checkMarks reports whether the first block of a check is a line of marks
// rather than the question: nothing but known words and clause links.
func (p *itemParser) checkMarks(nodes []ast.Node) bool {
	if len(nodes) == 0 {
		return false
	}
	line, ok := nodes[0].(*ast.Paragraph)
	if !ok || line.Lines().Len() != 1 {
		return false
	}
	for _, m := range marksOf(p.src, line.FirstChild(), 0) {
		words := strings.Fields(m.words)
		if len(words) == 0 || !slices.Contains(slices.Concat(itemWords, itemWordsLate), words[0]) || len(words) > 1 && len(m.links) == 0 {
			return false
		}
	}
	return true
}

// itemID takes the id from the code that opens the line.
func (p *itemParser) itemID(line *ast.Paragraph, id *ast.CodeSpan) {
	p.it.ID = strings.TrimSpace(inlineText(p.src, id))
	if !idPattern.MatchString(p.it.ID) {
		p.fail(p.l.offset(p.src, line), "bad-id", "the item's id is %s; ids are lower-case words joined by hyphens, such as q-nationwide-noon", quoted(p.it.ID))
	}
}

// oneLine refuses text that runs on from the id line: without a blank line,
// Markdown makes the question part of it, and shows both as one paragraph.
func (p *itemParser) oneLine(line *ast.Paragraph) {
	if line.Lines().Len() < 2 {
		return
	}
	second := line.Lines().At(1)
	p.fail(p.src.Body.From+second.Start, "blank-after-id", "this line runs on from the id line above it; put a blank line between them, and keep id, words and clauses on one line")
}

// marksOf splits the rest of the id line at each "·".
func marksOf(src *source, n ast.Node, at int) []mark {
	marks := []mark{{at: at}}
	for ; n != nil; n = n.NextSibling() {
		last := &marks[len(marks)-1]
		switch x := n.(type) {
		case *ast.Link:
			last.links = append(last.links, x)
			last.words += " "
		case *ast.Text:
			offset := src.Body.From + x.Segment.Start
			for i, part := range strings.Split(string(x.Value(src.body())), "·") {
				if i > 0 {
					marks = append(marks, mark{at: offset})
				}
				last = &marks[len(marks)-1]
				if trimmed := strings.TrimLeft(part, " "); last.words == "" && trimmed != "" {
					last.at = offset + len(part) - len(trimmed)
				}
				last.words += part
				offset += len(part) + len("·")
			}
			if x.SoftLineBreak() || x.HardLineBreak() {
				return marks
			}
		default:
			last.words += inlineText(src, n)
		}
	}
	return marks
}

// mark reads one part of the id line. The first part stands before the first
// "·" and must be empty.
func (p *itemParser) mark(m mark, first bool) {
	m.words = strings.Join(strings.Fields(m.words), " ")
	if len(m.links) > 0 {
		p.covers(m, first)
		return
	}
	switch {
	case m.words == "" && first:
	case m.words == "":
		p.fail(m.at, "item-word", "there is nothing between two · of the id line; take one out")
	case strings.Contains(m.words, "]("): // a link that is none: reported as such
		p.bad = true
	case slices.Contains(itemWordsLate, m.words):
		p.fail(m.at, "not-built-yet", "items of kind %s are not built yet; write the question with choices, - [ ] and - [x]", quoted(m.words))
	case m.words == "critical" && !first:
		p.it.Critical = true
	case m.words == "multiple" && !first:
		p.it.Kind, p.forced = quiz.Multiple, true
	case m.words == "partial" && !first:
		p.it.Partial = true
	case m.words == "covers":
		p.fail(m.at, "item-word", "covers names no clause; write covers [turnaround](…#turnaround)")
	case first:
		p.fail(m.at, "item-word", "after the id comes a ·, then the next word; here it is %s", quoted(m.words))
	default:
		p.fail(m.at, "item-word", "%s in the id line is not known%s", quoted(m.words), didYouMean(m.words, itemWords))
	}
}

// covers takes the clauses that the item tests.
func (p *itemParser) covers(m mark, first bool) {
	words := strings.Fields(strings.NewReplacer(",", " ", " and ", " ").Replace(" " + m.words + " "))
	if first || len(words) > 1 || len(words) == 1 && words[0] != "covers" {
		p.fail(m.at, "item-word", "the id line says %s beside a link; write `id` · critical · covers [turnaround](…#turnaround), each part set off by a ·", quoted(m.words))
	}
	for _, link := range m.links {
		clause, ok := p.l.clauseLink(p.src, link)
		switch {
		case !ok:
			p.bad = true
		case p.it.Covers(clause):
			p.l.report.errorf(p.src, p.l.offset(p.src, link), "repeated-value", "the item names the clause %s twice; keep it once", clause)
		default:
			p.it.Clauses = append(p.it.Clauses, clause)
		}
	}
}
