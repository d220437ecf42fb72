package content

import (
	"slices"
	"strconv"
	"strings"

	yamlast "github.com/goccy/go-yaml/ast"

	"github.com/insidebox/insidebox/standard"
)

// offeringFront is the front matter of an offering. What its box says is read
// from the nodes, because the keys are the library's dimensions.
type offeringFront struct {
	ID      string            `yaml:"id" validate:"required,id"`
	Title   string            `yaml:"title" validate:"required"`
	Owner   string            `yaml:"owner" validate:"required"`
	Aliases map[string]string `yaml:"aliases"`
	Extends []string          `yaml:"extends" validate:"unique,dive,id"`
	Words   []string          `yaml:"words"`
	Common  yamlast.Node      `yaml:"common" validate:"-"`
	Tiers   yamlast.Node      `yaml:"tiers" validate:"-"`
	Widens  yamlast.Node      `yaml:"widens" validate:"-"`
	Adds    yamlast.Node      `yaml:"adds" validate:"-"`
	Clauses map[string]string `yaml:"clauses"`
}

// offeringBox reads an offering's front matter: who it is, and its box.
// Where something in it is wrong, what could be read comes back.
func (l *loader) offeringBox(src *source) standard.Offering {
	var front offeringFront
	if !l.decode(src, &front) {
		src.boxUnclear = true
		return standard.Offering{ID: l.frontText(src, "id"), Title: l.frontText(src, "title")}
	}
	box := boxReader{l: l, src: src, ok: true}
	offering := standard.Offering{
		ID: front.ID, Title: front.Title, Owner: front.Owner, Extends: front.Extends, Words: front.Words, States: front.Clauses,
		Common: box.figures(front.Common, "common"),
		Tiers:  box.tiers(front.Tiers),
		Widens: box.figures(front.Widens, "widens"),
		Adds:   box.figures(front.Adds, "adds"),
	}
	src.boxUnclear = !box.ok
	if box.ok && len(l.dimensions) > 0 {
		for _, problem := range offering.Validate(l.dimensions) {
			src.boxUnclear = true
			l.report.errorf(src, l.problemOffset(src, problem), problemRule(problem), "%v", problem)
		}
	}
	return offering
}

// problemOffset is the place of a problem in the box: the figure, else the
// tier, else the group.
func (l *loader) problemOffset(src *source, p *standard.Problem) int {
	path := []string{p.Part}
	if p.Part == "tiers" {
		path = append(path, strconv.Itoa(p.Index))
	}
	if p.Dimension != "" {
		path = append(path, p.Dimension)
	}
	return l.frontOffset(src, path...)
}

func problemRule(p *standard.Problem) string {
	switch {
	case strings.Contains(p.Message, "no such dimension"):
		return "unknown-dimension"
	case p.Part == "extends" || p.Part == "widens" || p.Part == "adds":
		return "bad-add-on"
	case p.Dimension == "":
		return "bad-tier"
	}
	return "bad-figure"
}

// A boxReader reads the figures of one offering. ok is cleared when a value
// could not be read, because then the rest of the box can't be judged.
type boxReader struct {
	l   *loader
	src *source
	ok  bool
}

func (b *boxReader) fail(n yamlast.Node, rule, format string, args ...any) {
	b.ok = false
	b.l.report.errorf(b.src, b.l.nodeOffset(b.src, n), rule, format, args...)
}

// tiers reads the list of tiers.
func (b *boxReader) tiers(n yamlast.Node) []standard.Tier {
	if n == nil {
		return nil
	}
	list, ok := n.(*yamlast.SequenceNode)
	if !ok {
		b.fail(n, "value-shape", "tiers must be a list, even of one: begin each tier with - {name: …, …}")
		return nil
	}
	var tiers []standard.Tier
	for i, v := range list.Values {
		where := "tier " + strconv.Itoa(i+1)
		figures := b.figures(v, where)
		tier := standard.Tier{Figures: figures}
		if named := child(v, "name"); named != nil {
			tier.Name = scalarText(named)
		}
		tiers = append(tiers, tier)
	}
	return tiers
}

// figures reads a group of figures, whose keys are dimensions; the key name
// of a tier is left to the caller.
func (b *boxReader) figures(n yamlast.Node, where string) standard.Figures {
	if n == nil {
		return nil
	}
	group, ok := n.(*yamlast.MappingNode)
	if !ok {
		b.fail(n, "value-shape", "%s must be a group of figures, such as {turnaround: 8h, scope: [in-state]}", where)
		return nil
	}
	figures := standard.Figures{}
	for _, kv := range group.Values {
		name := keyText(kv)
		if name == "name" && strings.HasPrefix(where, "tier ") {
			continue
		}
		i := slices.IndexFunc(b.l.dimensions, func(d standard.Dimension) bool { return d.Name == name })
		if i < 0 {
			b.unknown(kv.Key, where, name)
			continue
		}
		if figure, ok := b.figure(kv.Value, b.l.dimensions[i], where); ok {
			figures[name] = figure
		}
	}
	return figures
}

// unknown reports a key that is no dimension. Where library.md does declare
// it, or declares none at all, the mistake is there and has been reported.
func (b *boxReader) unknown(key yamlast.Node, where, name string) {
	if b.l.files[libraryFileName] == nil || b.l.dimensionDeclared(name) || len(b.l.dimensions) == 0 {
		b.ok = false
		return
	}
	known := make([]string, 0, len(b.l.dimensions))
	for _, d := range b.l.dimensions {
		known = append(known, d.Name)
	}
	b.fail(key, "unknown-dimension", "%s: library.md declares no dimension %s%s", where, quoted(name), didYouMean(name, known))
}
