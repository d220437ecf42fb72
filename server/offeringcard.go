package server

import (
	"cmp"
	"slices"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// The card of an offering: its box, what extends it, what the standard says of
// it, what changes, who may sell it.

type offeringPage struct {
	Offering       *content.Offering
	Clauses        []clauseView
	Extends        []link
	State          *state // of a rep
	Mine           []mineView
	Certifications []link // for one who is no rep
	Changes        string // the next day on which the box changes
	Box            boxView
	Does           []string   // what an add-on changes
	Bases          []baseView // an add-on with each of its bases
	AddOns         []addOnLine
	Outside        string // anchor of the clause
	News           []changeView
	Team           *clearedTeam
	Exceptions     []exceptionLine // in force
}

// A boxView is tiers side by side, each with a line for every dimension of
// which one of them says something.
type boxView struct {
	Rows   int // lines of a tier
	Tiers  []tierView
	Beyond []beyondLine
}

type tierView struct {
	Name    string
	Added   bool // by the add-on whose card this is
	Figures []figureLine
}

// A figureLine is one limit of a box.
type figureLine struct {
	Label   string
	URL     string // of the clause that states it
	Missing bool   // the tier says nothing of it
	Differs bool   // from tier to tier
	Value   string // of a number
	Set     []setValue
	Before  string   // what it is without the add-on, where that differs
	Coming  []string // what it becomes, and from when
}

// A setValue is one value of a set; New ones are there by the add-on.
type setValue struct {
	Name  string
	New   bool
	value string // as the library writes it
}

// A beyondLine lists the values of a dimension that no tier holds.
type beyondLine struct {
	Label  string
	Values []beyondValue
}

// A beyondValue is outside the box, or inside with an add-on.
type beyondValue struct {
	Name string
	With link
}

// An addOnLine is an add-on with what it changes.
type addOnLine struct {
	link
	Does []string
}

// A baseView is what an add-on makes of one base.
type baseView struct {
	Base link
	Box  boxView
}

func (s *Server) offering(r *request) error {
	o := r.lib().Offering(r.Param("id"))
	if o == nil {
		return errNoPage
	}
	return s.showOffering(r, 200, o, triedDoubt{})
}

func (s *Server) showOffering(r *request, status int, o *content.Offering, tried triedDoubt) error {
	st, err := r.standingIfRep()
	if err != nil {
		return err
	}
	page := offeringPage{
		Offering: o, Extends: r.offeringLinks(o.Extends), State: r.offeringState(st, o.ID),
		Changes: sayDay(r.say, o.NextChange(r.lib().Day)), News: r.newsOf(o.ID),
	}
	for _, c := range r.certificationsFor(o.ID) {
		if st != nil {
			page.Mine = append(page.Mine, r.mineView(r.srv.prog.Clearance(st, c), c))
		} else {
			page.Certifications = append(page.Certifications, link{c.URL, c.Title})
		}
	}
	if slices.ContainsFunc(o.Clauses, func(c *content.Clause) bool { return c.Anchor == "outside" }) {
		page.Outside = "#outside"
	}
	r.fillBox(&page, o)
	if page.Team, err = s.clearedTeam(r, o); err != nil {
		return err
	}
	if page.Exceptions, err = s.exceptionsOn(r, programme.OfferingPlace(o.ID)); err != nil {
		return err
	}
	if page.Clauses, err = s.clauseViews(r, o.Clauses, tried); err != nil {
		return err
	}
	return r.page(status, "offering", o.Title, "offerings", page)
}

// fillBox draws the box: of a base its tiers, of an add-on what it makes of
// each base.
func (r *request) fillBox(page *offeringPage, o *content.Offering) {
	if !o.IsAddOn() {
		page.Box = r.boxOf(o)
		for _, a := range r.extenders(o) {
			page.AddOns = append(page.AddOns, addOnLine{link{a.URL, a.Title}, r.addOnWords(a)})
		}
		return
	}
	page.Does = r.addOnWords(o)
	for _, id := range o.Extends {
		if base := r.lib().Offering(id); base != nil {
			page.Bases = append(page.Bases, baseView{link{base.URL, base.Title}, r.boxWith(base, o)})
		}
	}
}

// boxOf is the box of a base.
func (r *request) boxOf(o *content.Offering) boxView {
	box := r.box(standard.Combine(r.lib().Dimensions, &o.Offering), func(_ int, dim string) string { return stateURL(o, dim) })
	box.Beyond = r.beyond(o)
	return box
}

// boxWith is the box of a base with an add-on, compared with the base alone.
func (r *request) boxWith(base, addOn *content.Offering) boxView {
	tiers := standard.Combine(r.lib().Dimensions, &base.Offering, &addOn.Offering)
	rows := r.rowsOf(tiers)
	box := r.box(tiers, func(tier int, dim string) string {
		own, other := base, addOn // who says it: of a tier that the base has, the base
		if tier >= len(base.Tiers) || addOn.Widens[dim] != nil || addOn.Adds[dim] != nil {
			own, other = addOn, base
		}
		return cmp.Or(stateURL(own, dim), stateURL(other, dim))
	})
	for i := range box.Tiers {
		if i >= len(base.Tiers) {
			box.Tiers[i].Added = true
			continue
		}
		for n, dim := range rows {
			f, _ := base.Figure(base.Tiers[i].Name, dim.Name)
			box.Tiers[i].Figures[n].compare(r, dim, f.On(r.lib().Day))
		}
	}
	return box
}

// compare notes what the figure was without the add-on.
func (line *figureLine) compare(r *request, dim standard.Dimension, before standard.Value) {
	for i := range line.Set {
		line.Set[i].New = !slices.Contains(before.Set, line.Set[i].value)
	}
	if len(line.Set) == 0 && line.Value != r.figure(dim, before) && !before.IsZero() {
		line.Before = r.figure(dim, before)
	}
}

// stateURL is where an offering's text states a dimension; empty when it
// doesn't.
func stateURL(o *content.Offering, dim string) string {
	if anchor := o.States[dim]; anchor != "" {
		return o.URL + "#" + anchor
	}
	return ""
}

// box draws tiers.
func (r *request) box(tiers []standard.Tier, statedAt func(tier int, dim string) string) boxView {
	rows := r.rowsOf(tiers)
	box := boxView{Rows: len(rows)}
	for i, t := range tiers {
		view := tierView{Name: r.lib().TierName(t.Name)}
		for _, dim := range rows {
			line := figureLine{Label: dim.Label, URL: statedAt(i, dim.Name), Missing: true, Differs: differs(tiers, dim.Name, r.lib().Day)}
			if f, ok := t.Figures[dim.Name]; ok {
				line.say(r, dim, f)
			}
			view.Figures = append(view.Figures, line)
		}
		box.Tiers = append(box.Tiers, view)
	}
	return box
}

// rowsOf are the dimensions of which a tier says something.
func (r *request) rowsOf(tiers []standard.Tier) []standard.Dimension {
	var rows []standard.Dimension
	for _, dim := range r.lib().Dimensions {
		if slices.ContainsFunc(tiers, func(t standard.Tier) bool { return t.Figures[dim.Name] != nil }) {
			rows = append(rows, dim)
		}
	}
	return rows
}

func differs(tiers []standard.Tier, dim string, day standard.Day) bool {
	return slices.ContainsFunc(tiers, func(t standard.Tier) bool {
		return !t.Figures[dim].On(day).Equal(tiers[0].Figures[dim].On(day))
	})
}

// say puts a figure into words, as it holds on the day and afterwards.
func (line *figureLine) say(r *request, dim standard.Dimension, f standard.Figure) {
	day := r.lib().Day
	now := f.On(day)
	line.Missing = now.IsZero()
	if now.Number != nil {
		line.Value = r.figure(dim, now)
	}
	for _, name := range now.Set {
		line.Set = append(line.Set, setValue{Name: dim.NameOf(name), value: name})
	}
	for _, d := range f {
		if day.Before(d.From) {
			line.Coming = append(line.Coming, r.t("offering.from", "Value", r.figure(dim, d.Value), "Day", sayDay(r.say, d.From)))
		}
	}
}

// beyond lists what no tier of a base holds, and which add-on does.
func (r *request) beyond(o *content.Offering) []beyondLine {
	var lines []beyondLine
	for _, dim := range r.lib().Dimensions {
		if dim.Kind != standard.AllOf || !slices.Contains(o.Dimensions(), dim.Name) {
			continue
		}
		line := beyondLine{Label: dim.Label}
		for _, name := range dim.Values {
			if r.held(dim.Name, name, &o.Offering) {
				continue
			}
			value := beyondValue{Name: dim.NameOf(name)}
			for _, a := range r.extenders(o) {
				if r.held(dim.Name, name, &o.Offering, &a.Offering) {
					value.With = link{a.URL, a.Title}
				}
			}
			line.Values = append(line.Values, value)
		}
		if len(line.Values) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// held reports whether a tier of the combination holds the value today.
func (r *request) held(dim, value string, base *standard.Offering, addOns ...*standard.Offering) bool {
	return slices.ContainsFunc(standard.Combine(r.lib().Dimensions, base, addOns...), func(t standard.Tier) bool {
		return slices.Contains(t.Figures[dim].On(r.lib().Day).Set, value)
	})
}
