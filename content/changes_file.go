package content

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/standard"
)

// ChangeClasses are the words with which a change of a clause is classed.
func ChangeClasses() []string { return slices.Clone(changeClasses) }

// changeClasses are the three words with which a change of a clause is
// classed: nothing happens, grace and a delta quiz, suspension.
var changeClasses = []string{"editorial", "material", "critical"}

// changesFile reads CHANGES.md: one second-level heading an entry, newest
// first, under it a list of classed clauses and a paragraph that says why.
func (l *loader) changesFile(src *source) {
	if src.Front.To > 0 {
		l.report.errorf(src, 0, "front-matter", "CHANGES.md has no front matter, and nothing in it is read; take it out, from --- to ---")
	}
	nodes := blocks(src.Doc)
	var last *Change
	for i, n := range nodes {
		heading, ok := n.(*ast.Heading)
		if !ok || heading.Level != 2 {
			continue // an introduction, or part of an entry
		}
		end := i + 1
		for end < len(nodes) && !isItemHeading(nodes[end]) {
			end++
		}
		change := l.change(src, heading, nodes[i+1:end])
		if change == nil {
			continue
		}
		if last != nil && last.Day.Before(change.Day) {
			l.report.errorf(src, l.offset(src, heading), "change-order", "the entry of %s stands below the one of %s; the newest comes first, so move it up", change.Day.Text(), last.Day.Text())
		}
		last = change
		l.lib.Changes = append(l.lib.Changes, change)
	}
	slices.SortStableFunc(l.lib.Changes, func(a, b *Change) int { return b.Day.Compare(a.Day) })
}

// change reads one entry.
func (l *loader) change(src *source, heading *ast.Heading, nodes []ast.Node) *Change {
	text := inlineText(src, heading)
	date, title, _ := strings.Cut(text, ":")
	day, err := standard.ParseDay(strings.TrimSpace(date))
	change := &Change{Day: day, Title: strings.TrimSpace(title)}
	if err != nil || change.Title == "" {
		l.report.errorf(src, l.offset(src, heading), "change-heading", "the heading %s must hold the day on which the entry takes effect, a colon, and what changes: ## 2027-01-04: nationwide takes 36 hours", quoted(text))
		return nil
	}
	listed := false
	for _, n := range withReasons(src, nodes) {
		switch {
		case n.Kind() == ast.KindList:
			listed = true
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				l.changeLine(src, change, item)
			}
		case n.Kind() == ast.KindParagraph && strings.HasPrefix(inlineText(src, n), "Why:"):
			l.why(src, change, n)
		case n.Kind() == ast.KindHeading:
			l.report.errorf(src, l.offset(src, n), "change-heading", "an entry begins with a heading of the second level; write ## 2027-01-04: what changes")
		default:
			l.report.errorf(src, l.offset(src, n), "change-line", "an entry holds a list of changes (- material: [clause](…): what changes) and a paragraph that begins with Why: and nothing else; move this into one of them")
		}
	}
	if !listed {
		l.report.errorf(src, l.offset(src, heading), "change-line", "the entry names no clause that changes; list each: - material: [turnaround](standard/records-search.md#turnaround): 24 h becomes 36 h")
	}
	return change
}

// withReasons takes a reason that follows a list without a blank line out of
// the list: to Markdown such a line goes on with the last item.
func withReasons(src *source, nodes []ast.Node) []ast.Node {
	var all []ast.Node
	for _, n := range nodes {
		all = append(all, n)
		if n.Kind() != ast.KindList || n.LastChild() == nil || n.LastChild().LastChild() == nil {
			continue
		}
		block := n.LastChild().LastChild()
		for child := block.FirstChild(); child != nil; child = child.NextSibling() {
			if beginsReason(src, child) {
				all = append(all, splitBefore(block, child))
				break
			}
		}
	}
	return all
}

// beginsReason reports whether a line within a block begins with "Why:".
func beginsReason(src *source, n ast.Node) bool {
	text, ok := n.(*ast.Text)
	before, broken := n.PreviousSibling().(*ast.Text)
	return ok && broken && before.SoftLineBreak() && bytes.HasPrefix(text.Value(src.body()), []byte("Why:"))
}

// splitBefore moves a node and all that follow it into a paragraph of their own.
func splitBefore(block, from ast.Node) ast.Node {
	if before, ok := from.PreviousSibling().(*ast.Text); ok {
		before.SetSoftLineBreak(false)
	}
	paragraph := ast.NewParagraph()
	for from != nil {
		next := from.NextSibling()
		block.RemoveChild(block, from)
		paragraph.AppendChild(paragraph, from)
		from = next
	}
	return paragraph
}

// changeLine reads one line of an entry: "class: [clause](link): text".
func (l *loader) changeLine(src *source, change *Change, item ast.Node) {
	block := item.FirstChild()
	at := l.offset(src, item)
	if block == nil || block.FirstChild() == nil {
		l.report.errorf(src, at, "change-line", "this line is empty; write - material: [clause](…): what changes")
		return
	}
	at = lineStart(src, block, at)
	word, _, _ := strings.Cut(inlineText(src, block.FirstChild()), ":")
	class := strings.TrimSpace(word)
	if !slices.Contains(changeClasses, class) {
		l.report.errorf(src, at, "change-class", "the line begins with %s; it begins with the class of the change and a colon%s", quoted(class), didYouMean(class, changeClasses))
		return
	}
	link, ok := block.FirstChild().NextSibling().(*ast.Link)
	if !ok {
		l.report.errorf(src, at, "change-line", "after %s: comes a link to the clause that changes, such as [turnaround](standard/records-search.md#turnaround)", class)
		return
	}
	clause, ok := l.clauseLink(src, link)
	if !ok {
		return
	}
	for _, before := range change.Lines {
		if before.Clause == clause {
			l.report.errorf(src, at, "change-twice", "this entry classes the clause %s twice; keep one line for it", clause)
			return
		}
	}
	change.Lines = append(change.Lines, ChangeLine{Class: class, Clause: clause, HTML: strings.TrimSpace(l.render(src, inlined(blocks(item))...))})
}

// why takes the reason of an entry, without the word before the colon.
func (l *loader) why(src *source, change *Change, n ast.Node) {
	if change.Why != "" {
		l.report.errorf(src, l.offset(src, n), "change-why", "the entry says Why: twice; make it one paragraph")
		return
	}
	if text, ok := n.FirstChild().(*ast.Text); ok {
		rest := bytes.TrimPrefix(text.Value(src.body()), []byte("Why:"))
		rest = bytes.TrimLeft(rest, " ")
		text.Segment = text.Segment.WithStart(text.Segment.Stop - len(rest))
	}
	change.Why = l.render(src, n)
}

// lineStart is where the text of a block begins in the file.
func lineStart(src *source, block ast.Node, otherwise int) int {
	if block.Type() == ast.TypeBlock && block.Lines() != nil && block.Lines().Len() > 0 {
		return src.Body.From + block.Lines().At(0).Start
	}
	return otherwise
}
