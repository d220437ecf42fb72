package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/standard"
)

// figureTitle is a link's title that asks for a figure of the box.
var figureTitle = regexp.MustCompile(`^figure:\s*([a-z0-9-]+)\.([a-z0-9-]+)\s*$`)

// titleKey is the word before a colon, to find a mistyped "figure:".
var titleKey = regexp.MustCompile(`^\s*([A-Za-z]+)\s*:`)

// figureLink makes the text of a link with the title "figure: TIER.DIMENSION"
// the figure of the offering that it goes to, as it holds on the library's
// day. In place of a tier stand "common", "widens" and "adds" for those parts
// of the box.
func (l *loader) figureLink(src *source, n *ast.Link, t *target, to *source) error {
	key := titleKey.FindStringSubmatch(t.title)
	if key == nil {
		return nil
	}
	part := figureTitle.FindStringSubmatch(t.title)
	switch word := key[1]; {
	case part == nil && nearest(strings.ToLower(word), []string{"figure"}) == "":
		return nil
	case part == nil:
		return bad("bad-figure", "the title %s asks for no figure; write \"figure: TIER.DIMENSION\", such as \"figure: nationwide.turnaround\"", quoted(t.title))
	case to != nil && to.unreadable():
		return nil // what is wrong has been said there
	case to == nil || to.box == nil:
		return bad("bad-figure", "the link asks for a figure, but %s is no offering with a box; link to a file under standard/ that has tiers", quoted(linkText(n.Destination)))
	}
	if to.boxUnclear {
		return nil
	}
	figure, err := boxFigure(to.box, part[1], part[2])
	if err != nil {
		return err
	}
	value := figure.On(l.today)
	t.title, t.figure = "", true
	t.figureKey = to.box.ID + " " + part[1] + "." + part[2] + " " + figure.Key()
	l.compareFigure(src, n, part[2], value)
	text := ast.NewString([]byte(l.tongue().Say(value)))
	text.SetRaw(true)
	n.RemoveChildren(n)
	n.AppendChild(n, text)
	return nil
}

// boxFigure finds a figure by its part of the box and its dimension.
func boxFigure(box *standard.Offering, part, dimension string) (standard.Figure, error) {
	parts := map[string]standard.Figures{"common": box.Common, "widens": box.Widens, "adds": box.Adds}
	names := []string{"common", "widens", "adds"}
	for _, tier := range box.Tiers {
		parts[tier.Name] = tier.Figures
		names = append(names, tier.Name)
	}
	figures, known := parts[part]
	if !known {
		return nil, bad("bad-figure", "%s has no tier %s%s", box.ID, quoted(part), didYouMean(part, names))
	}
	if figure, ok := figures[dimension]; ok {
		return figure, nil
	}
	if figure, ok := box.Figure(part, dimension); ok {
		return figure, nil
	}
	return nil, bad("bad-figure", "the box of %s says nothing of %s in %s%s", box.ID, quoted(dimension), part, didYouMean(dimension, box.Dimensions()))
}

// tongue is how the library's language says figures.
func (l *loader) tongue() *standard.Tongue { return standard.TongueOf(l.lib.Locale) }

// compareFigure warns when the text in the file, which readers elsewhere
// see, is no longer the figure. It is no error: a dated figure changes by
// itself, and the page shows the right one.
func (l *loader) compareFigure(src *source, n *ast.Link, dimension string, value standard.Value) {
	written, right := strings.Join(strings.Fields(inlineText(src, n)), " "), l.tongue().Say(value)
	if written == right {
		return
	}
	i := slices.IndexFunc(l.dimensions, func(d standard.Dimension) bool { return d.Name == dimension })
	if i >= 0 && value.Number != nil {
		if parsed, err := l.tongue().Parse(l.dimensions[i], written); err == nil && parsed.Equal(value) {
			return
		}
	}
	stale := Finding{Rule: "stale-figure", Mend: mendFigure(src, n, written, right)}
	advice := fmt.Sprintf("write [%s]", right)
	if inHeading(n) {
		advice += ", and mend the links to this heading, whose anchor changes with it"
	}
	stale.Message = fmt.Sprintf("the text says %s, the box says %s; %s", quoted(written), quoted(right), advice)
	l.report.add(src, l.offset(src, n), stale)
}

// nextChange is the first day after the library's on which a figure of any
// box changes; zero when none does.
func nextChange(offerings []*Offering, today standard.Day) standard.Day {
	var first standard.Day
	for _, o := range offerings {
		if next := o.NextChange(today); !next.IsZero() && (first.IsZero() || next.Before(first)) {
			first = next
		}
	}
	return first
}
