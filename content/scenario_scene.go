package content

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/quiz/scenario"
)

// scene reads one scene: its text, and its choices, which come last.
func (p *scenarioParser) scene(anchor string, heading *ast.Heading, nodes []ast.Node) {
	at := p.l.offset(p.src, heading)
	title := inlineText(p.src, heading)
	scene := &scenario.Scene{Anchor: anchor, Title: title}
	p.s.Scenes = append(p.s.Scenes, scene)
	if p.l.repeatsHeading(p.src, anchor, heading) {
		p.fail(at, "repeated-heading", "the heading stands here a second time; name the scene otherwise, so that choices lead where they seem to")
		return
	}
	p.anchors = append(p.anchors, anchor)
	placed := placedScene{at: at}
	first := slices.IndexFunc(nodes, p.isOffer)
	text := nodes
	if first >= 0 {
		text = nodes[:first]
		p.offers(scene, &placed, nodes[first:])
	}
	p.noScenes(text)
	scene.HTML = p.l.render(p.src, text...)
	if len(text) == 0 {
		p.l.report.warnf(p.src, at, "empty-scene", "the scene tells nothing; write under the heading what happens")
	}
	p.scenes[anchor] = placed
}

// isOffer reports whether a block is a list of choices: one of its items
// begins with a link to a scene.
func (p *scenarioParser) isOffer(n ast.Node) bool {
	list, ok := n.(*ast.List)
	if !ok {
		return false
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil {
			continue
		}
		for n := first.FirstChild(); n != nil; n = n.NextSibling() {
			if isSceneLink(n) {
				return true
			}
		}
	}
	return false
}

// isSceneLink reports whether a node is a link to a heading of its own file.
func isSceneLink(n ast.Node) bool {
	link, ok := n.(*ast.Link)
	return ok && bytes.HasPrefix(link.Destination, []byte("#"))
}

// noScenes refuses links to scenes within text: a player who followed one
// would leave the play.
func (p *scenarioParser) noScenes(nodes []ast.Node) {
	for _, n := range nodes {
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering && isSceneLink(n) {
				p.fail(p.l.offset(p.src, n), "choice-place", "a link to a scene stands within text, where it is no choice; make it an item of the list at the end of the scene, or take the link out")
			}
			return ast.WalkContinue, nil
		})
	}
}

// offers reads the list of choices and refuses what follows it.
func (p *scenarioParser) offers(scene *scenario.Scene, placed *placedScene, nodes []ast.Node) {
	list := nodes[0].(*ast.List)
	if list.IsOrdered() {
		p.fail(p.l.offset(p.src, list), "choice-marker", "choices carry no numbers; begin each with - instead")
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		strayed := item.NextSibling() == nil && len(nodes) > 1 && p.strayed(nodes[1])
		if c, place := p.offer(item, strayed); c != nil {
			p.likeOthers(scene, placed, c, place.at)
			scene.Choices = append(scene.Choices, c)
			placed.choices = append(placed.choices, place)
		}
	}
	for _, n := range nodes[1:] {
		p.afterOffers(n)
	}
}

// afterOffers names what stands after the choices of a scene.
func (p *scenarioParser) afterOffers(n ast.Node) {
	at := p.l.offset(p.src, n)
	switch {
	case p.strayed(n):
		p.fail(at, "reason-indent", "this quotation follows a choice directly, but is not indented; put two spaces before the > to make it what the debrief says of that choice")
	case p.isOffer(n):
		p.fail(at, "split-choices", "a second list of choices begins here; keep the choices of a scene in one list, each beginning with -")
	default:
		p.fail(at, "after-choices", "nothing may follow the choices of a scene; move this above them, or indent it with two spaces and a > to make it what the debrief says of the choice above")
	}
}

// strayed reports whether a block is a quotation that was meant for the last
// choice above it, but is not indented.
func (p *scenarioParser) strayed(n ast.Node) bool {
	_, quote := n.(*ast.Blockquote)
	return quote && !blankBefore(p.src, p.l.offset(p.src, n))
}

// offer reads one choice: a link, whose title says what it does, and the
// quotation under it for the debrief. With strayed the quotation isn't part of
// it, which is said elsewhere.
func (p *scenarioParser) offer(item ast.Node, strayed bool) (*scenario.Choice, placedChoice) {
	first := item.FirstChild()
	link := p.choiceLink(item)
	if link == nil {
		return nil, placedChoice{}
	}
	place := placedChoice{at: p.itemOffset(item)}
	place.title = p.titleOffset(link, place.at)
	if at := swallowedReason(p.src, first); at >= 0 {
		p.fail(at, "reason-indent", "%s", swallowedAdvice)
		strayed = true
	}
	c := p.deed(link, place.title)
	p.target(c, link, place.at)
	p.debrief(c, first.NextSibling())
	if c.Debrief == "" && !strayed {
		p.l.report.warnf(p.src, place.at, "missing-reason", "the debrief says nothing of this choice; write under it why it helps or fails: two spaces, then > …")
	}
	text := ast.NewTextBlock()
	for n := link.FirstChild(); n != nil; n = link.FirstChild() {
		text.AppendChild(text, n)
	}
	if c.Text = p.l.render(p.src, text); strings.TrimSpace(c.Text) == "" {
		p.fail(place.at, "choice-empty", "this choice is empty; write what the player may say or do between the square brackets")
	}
	return c, place
}

// choiceLink returns the one link that a choice is; nil where it is anything
// else, which is said.
func (p *scenarioParser) choiceLink(item ast.Node) *ast.Link {
	first, at := item.FirstChild(), p.itemOffset(item)
	switch link, ok := firstChild(first).(*ast.Link); {
	case checkbox(item) != nil || markerAttempt.MatchString(itemLine(p.src, item)) && !ok:
		p.fail(at, "choice-marker", "a choice of a scenario has no box to tick; write - and then its link: - [What to say](#the-scene)")
	case !ok && strings.Contains(itemLine(p.src, item), "](") && !holdsLink(first):
		p.bad = true // a link that is none: reported as such
	case !ok:
		p.fail(at, "choice-form", "a choice is one link to a scene and nothing else, as in - [What to say](#the-scene \"trust +1\"); what the debrief says of it goes under it, after >")
	case !isSceneLink(link):
		p.fail(at, "choice-form", "this choice leads to %s; it must lead to a scene of this file, as in (#the-scene)", quoted(linkText(link.Destination)))
	case link.NextSibling() != nil && swallowedReason(p.src, first) < 0:
		p.fail(at, "choice-form", "text follows the link of this choice; put all that the player reads between the square brackets, and what the debrief says on the next line, after two spaces and >")
	default:
		return link
	}
	return nil
}

// holdsLink reports whether a link stands in a line of text.
func holdsLink(n ast.Node) bool {
	for c := firstChild(n); c != nil; c = c.NextSibling() {
		if c.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

func firstChild(n ast.Node) ast.Node {
	if n == nil {
		return nil
	}
	return n.FirstChild()
}

// itemOffset is where the text of a list item begins.
func (p *scenarioParser) itemOffset(item ast.Node) int {
	first := item.FirstChild()
	if first != nil && first.Type() == ast.TypeBlock && first.Lines() != nil && first.Lines().Len() > 0 {
		return p.src.Body.From + first.Lines().At(0).Start
	}
	return p.l.offset(p.src, item)
}

// titleOffset is where the text of a link's title begins.
func (p *scenarioParser) titleOffset(link *ast.Link, from int) int {
	rest := p.src.Bytes[from:]
	address := append([]byte("]("), link.Destination...)
	i := bytes.Index(rest, address)
	if i < 0 || len(link.Title) == 0 {
		return from
	}
	i += len(address)
	j := bytes.Index(rest[i:], link.Title)
	if j < 0 {
		return from
	}
	return from + i + j
}

// deed reads what the title says that a choice does.
func (p *scenarioParser) deed(link *ast.Link, at int) *scenario.Choice {
	title := string(unescapeText(link.Title))
	c, err := scenario.ParseEffects(title, p.s.Variables)
	switch {
	case err == nil:
		return &c
	case p.lost:
	case title != string(link.Title): // signs are written as entities, so offsets tell nothing
		p.fail(at, "bad-effect", "%v", err)
	default:
		p.syntax(at, "bad-effect", "", err)
	}
	return &scenario.Choice{}
}

// target takes the scene that a choice leads to.
func (p *scenarioParser) target(c *scenario.Choice, link *ast.Link, at int) {
	_, anchor, _ := strings.Cut(targetOf(link).href, "#")
	heading, ok := p.src.headings[anchor].(*ast.Heading)
	switch {
	case !ok:
		p.bad = true // a link that leads nowhere has been reported as such
	case heading.Level != 2:
		p.fail(at, "choice-form", "this choice leads to a heading of level %d; scenes are those of the second level (## …)", heading.Level)
	}
	c.Target = anchor
}

// debrief takes the quotations under a choice, and the clauses that they cite.
func (p *scenarioParser) debrief(c *scenario.Choice, n ast.Node) {
	var said []ast.Node
	for ; n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.Blockquote); !ok {
			p.fail(p.l.offset(p.src, n), "choice-form", "under a choice stands what the debrief says of it, after > and nothing else; put > before every line of this, or make it a choice of its own")
			continue
		}
		said = append(said, blocks(n)...)
	}
	p.noScenes(said)
	for _, n := range said {
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if clause := targetOf(n).clause; entering && clause != nil && !slices.Contains(c.Clauses, clause.ID) {
				c.Clauses = append(c.Clauses, clause.ID)
			}
			return ast.WalkContinue, nil
		})
	}
	c.Debrief = strings.TrimSpace(p.l.render(p.src, said...))
}

// likeOthers refuses a choice that reads like an earlier one of its scene,
// unless they are shown at different times.
func (p *scenarioParser) likeOthers(scene *scenario.Scene, placed *placedScene, c *scenario.Choice, at int) {
	for i, other := range scene.Choices {
		if c.Text == other.Text && c.Hidden == other.Hidden {
			line, _ := p.src.position(placed.choices[i].at)
			p.fail(at, "same-choice", "this choice says the same as the one in line %d; change or remove one", line)
			return
		}
	}
}
