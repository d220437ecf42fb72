package content

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
)

// standardFiles renders all clauses, before anything that may quote them,
// and makes the offerings and practices.
func (l *loader) standardFiles() {
	for _, src := range l.sources {
		if src.Kind != standardKind {
			continue
		}
		text := l.standardText(src)
		switch {
		case src.Draft, src.ID == "": // without an id, which has been said, nothing can refer to it
		case src.box != nil:
			l.offering(src, text)
		default:
			l.practice(src, text)
		}
	}
	l.lib.Day, l.lib.NextChange = l.today, nextChange(l.lib.Offerings, l.today)
}

// A standardText is the body of a file under standard/.
type standardText struct {
	summary, intro, fits, history string
	clauses                       []*Clause
}

func (l *loader) standardText(src *source) standardText {
	l.resolve(src)
	var text standardText
	sections(src, func(anchor string, heading *ast.Heading, body []ast.Node) {
		switch c := src.clauses[anchor]; {
		case heading == nil:
			text.summary, text.intro = summaryOf(src, body), l.render(src, body...)
		case c != nil && src.bodies[c] != nil:
			l.clauseText(src, c)
			text.clauses = append(text.clauses, c)
		case anchor == "fits":
			text.fits = l.render(src, body...)
		case anchor == "history":
			text.history = l.render(src, body...)
		}
	})
	return text
}

func (l *loader) clauseText(src *source, c *Clause) {
	body := src.bodies[c]
	c.HTML = l.render(src, body...)
	c.Text = plainText(src, body)
	if src.box != nil {
		c.Dimensions = l.statesOf(src.box, c.Anchor)
	}
	c.Rev = l.clauseRevision(src, c)
}

// summaryOf is the plain text of the first paragraph.
func summaryOf(src *source, nodes []ast.Node) string {
	for _, n := range nodes {
		if n.Kind() == ast.KindParagraph {
			return inlineText(src, n)
		}
	}
	return ""
}

func (l *loader) offering(src *source, text standardText) {
	o := &Offering{
		Offering: *src.box, Summary: text.summary, Intro: text.intro, Clauses: text.clauses,
		Fits: text.fits, History: text.history, URL: src.URL, File: src.File,
	}
	if o.States == nil {
		o.States = map[string]string{}
	}
	for _, c := range o.Clauses {
		for _, dimension := range c.Dimensions {
			o.States[dimension] = c.Anchor
		}
	}
	o.Rev = offeringRevision(o)
	l.lib.Offerings = append(l.lib.Offerings, o)
	l.lib.offerings[o.ID] = o
}

func (l *loader) practice(src *source, text standardText) {
	p := &Practice{
		ID: src.ID, Title: l.frontText(src, "title"), Owner: l.frontText(src, "owner"),
		Summary: text.summary, Intro: text.intro, Clauses: text.clauses, URL: src.URL, File: src.File,
	}
	l.lib.Practices = append(l.lib.Practices, p)
	l.lib.practices[p.ID] = p
}

// headingID matches the anchors of headings within a clause. In text "<" is
// always written "&lt;", so that nothing else can look like it.
var headingID = regexp.MustCompile(`<(h[1-6]) id="[^"]*"`)

// withoutIDs takes the anchors out of HTML that will stand on a page beside
// its original, or twice.
func withoutIDs(html string) string { return headingID.ReplaceAllString(html, "<$1") }
