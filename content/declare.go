package content

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	yamlast "github.com/goccy/go-yaml/ast"
	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"

	"github.com/insidebox/insidebox/standard"
)

// declare gives every file its address and every clause its id, so that
// whatever is rendered afterwards can refer to all of it.
func (l *loader) declare() {
	declared := map[string]*source{}
	for _, src := range l.sources {
		l.declareFile(src)
		l.declareOnce(src, declared)
	}
	l.libraryFile(l.files[libraryFileName])
	for _, src := range l.sources {
		if src.Kind == standardKind {
			l.declareStandard(src)
		}
	}
}

func (l *loader) declareFile(src *source) {
	if id := l.frontText(src, "id"); idPattern.MatchString(id) {
		src.ID = id
	}
	switch src.Kind {
	case libraryKind:
		src.URL = "/"
	case changesKind:
		src.URL = "/changes"
	case certificationKind:
		src.URL = "/certifications/" + src.ID
	case quizKind:
		src.URL = "/quizzes/" + src.ID
	case scenarioKind:
		src.URL = "/scenarios/" + src.ID
	case standardKind:
		src.URL = "/practices/" + src.ID
		if l.isOffering(src) {
			src.URL = "/offerings/" + src.ID
		}
	default:
		src.ID = coursePath(src.File)
		src.URL = "/courses/" + src.ID
		l.judgeNames(src)
	}
}

// judgeNames sees that the names of folder and file make good addresses.
func (l *loader) judgeNames(src *source) {
	_, slug := splitName(path.Base(src.File))
	if slug == "index" {
		_, slug = splitName(path.Base(path.Dir(src.File)))
	}
	if !idPattern.MatchString(slug) {
		l.report.errorf(src, 0, "bad-name", "the name %s can't become an address; take lower-case words joined by hyphens, with a number before them to order siblings, such as 10-reading-a-box.md", quoted(slug))
	}
}

// declareOnce sees that no two files have the same id or address. Offerings
// and practices share their ids, because clauses are named by them.
func (l *loader) declareOnce(src *source, declared map[string]*source) {
	if src.ID == "" || src.Draft {
		return
	}
	key := src.URL
	if src.Kind == standardKind {
		key = "/standard/" + src.ID
	}
	if first := declared[key]; first != nil {
		if l.frontText(src, "id") == "" {
			l.report.errorf(src, 0, "repeated-id", "the address %s is that of %s already; rename one of the two", src.URL, first.File)
		} else {
			l.report.errorf(src, l.frontOffset(src, "id"), "repeated-id", "the id %s is that of %s already; choose another one", quoted(src.ID), first.File)
		}
		return
	}
	declared[key] = src
}

// practiceKeys are the keys of a practice; a file under standard/ with any
// other key is read as an offering.
var practiceKeys = []string{"id", "title", "owner", "aliases"}

func (l *loader) isOffering(src *source) bool {
	if src.yaml == nil || src.yaml.root == nil {
		return false
	}
	return slices.ContainsFunc(keysOf(src.yaml.root), func(key string) bool { return !slices.Contains(practiceKeys, key) })
}

type practiceFront struct {
	ID      string            `yaml:"id" validate:"required,id"`
	Title   string            `yaml:"title" validate:"required"`
	Owner   string            `yaml:"owner" validate:"required"`
	Aliases map[string]string `yaml:"aliases"`
}

// declareStandard reads the box, and names the clauses, of a file under
// standard/.
func (l *loader) declareStandard(src *source) {
	if l.isOffering(src) {
		box := l.offeringBox(src)
		src.box = &box
	} else {
		var front practiceFront
		l.decode(src, &front)
	}
	l.declareClauses(src)
	l.declareAliases(src)
}

// clauseAnchor is the form of a clause's name: words of letters in any alphabet,
// because clauses are named in the company's language.
var clauseAnchor = regexp.MustCompile(`^[\p{L}\p{M}\p{Nd}]+(-[\p{L}\p{M}\p{Nd}]+)*$`)

// declareClauses makes a clause of every second-level heading, except Fits
// and History of an offering.
func (l *loader) declareClauses(src *source) {
	src.clauses, src.bodies = map[string]*Clause{}, map[*Clause][]ast.Node{}
	title := l.frontText(src, "title")
	sections(src, func(anchor string, heading *ast.Heading, body []ast.Node) {
		switch {
		case heading == nil || src.box != nil && isRemark(anchor):
			return
		case !clauseAnchor.MatchString(anchor):
			l.report.errorf(src, l.offset(src, heading), "clause-anchor", "the heading's anchor %s can't be part of a clause's id; use plain words and digits with single spaces between them", quoted(anchor))
		case !norm.NFC.IsNormalString(anchor):
			l.report.errorf(src, l.offset(src, heading), "clause-anchor", "an accent in this heading is a character of its own, so that links to it miss it, which look just the same; type %s anew", quoted(norm.NFC.String(inlineText(src, heading))))
		case l.repeatsHeading(src, anchor, heading):
			l.report.errorf(src, l.offset(src, heading), "repeated-heading", "the heading stands here a second time; name the clause otherwise, or its id would change when one of them is moved")
		case isRemark(anchor) && !src.unreadable():
			l.report.errorf(src, l.offset(src, heading), "practice-remark", "a practice has no section %s, because it is not sold; put the text into a clause", inlineText(src, heading))
		}
		c := &Clause{ID: src.ID + "/" + anchor, Of: src.ID, OfTitle: title, Anchor: anchor, Title: inlineText(src, heading), URL: src.URL + "#" + anchor}
		src.clauses[anchor], src.bodies[c] = c, body
		if !src.Draft && src.ID != "" {
			l.lib.clauses[c.ID] = c
		}
		if len(body) == 0 {
			l.report.errorf(src, l.offset(src, heading), "empty-clause", "the clause %s says nothing; write its text under the heading", c.ID)
		}
	})
}

// isRemark tells the sections of an offering that are no clauses.
func isRemark(anchor string) bool { return anchor == "fits" || anchor == "history" }

// repeatsHeading tells whether an anchor got its number because the same
// heading stood in the file before.
func (l *loader) repeatsHeading(src *source, anchor string, heading *ast.Heading) bool {
	return anchor != slug(inlineText(src, heading))
}

// sections cuts a file at its second-level headings: first, with no heading,
// what stands before them, then each with what follows it.
func sections(src *source, do func(anchor string, heading *ast.Heading, body []ast.Node)) {
	var heading *ast.Heading
	var body []ast.Node
	for _, n := range blocks(src.Doc) {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			do(anchorOf(heading), heading, body)
			heading, body = h, nil
			continue
		}
		body = append(body, n)
	}
	do(anchorOf(heading), heading, body)
}

func anchorOf(h *ast.Heading) string {
	if h == nil {
		return ""
	}
	id, _ := h.AttributeString("id")
	anchor, _ := id.([]byte)
	return string(anchor)
}

// declareAliases lets old anchors lead to the headings that took their place.
func (l *loader) declareAliases(src *source) {
	if src.yaml == nil || src.yaml.root == nil {
		return
	}
	group, ok := child(src.yaml.root, "aliases").(*yamlast.MappingNode)
	if !ok {
		return
	}
	src.Aliases = map[string]string{}
	known := slices.Sorted(maps.Keys(src.headings))
	for _, kv := range group.Values {
		before, now := keyText(kv), strings.TrimPrefix(scalarText(kv.Value), "#")
		switch {
		case src.headings[before] != nil:
			l.report.errorf(src, l.nodeOffset(src, kv.Key), "bad-alias", "%s is the anchor of a heading that stands in the file; only anchors that are gone go under aliases:", quoted(before))
		case src.headings[now] == nil:
			l.report.errorf(src, l.nodeOffset(src, kv.Value), "bad-alias", "no heading has the anchor %s%s", quoted(now), didYouMean(now, known))
		default:
			src.Aliases[before] = now
			if c := src.clauses[now]; c != nil && !src.Draft {
				l.lib.oldClauses[src.ID+"/"+before] = c
			}
		}
	}
}

// statesOf lists the dimensions that each clause of a box states: those that
// `clauses:` gives it, and the one of its own name.
func (l *loader) statesOf(box *standard.Offering, anchor string) []string {
	var states []string
	said := box.Dimensions()
	for _, d := range l.dimensions {
		stated, elsewhere := box.States[d.Name]
		if slices.Contains(said, d.Name) && (elsewhere && stated == anchor || !elsewhere && d.Name == anchor) {
			states = append(states, d.Name)
		}
	}
	return states
}
