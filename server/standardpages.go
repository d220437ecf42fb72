package server

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
)

type offeringsPage struct {
	Bases, AddOns []offeringCard
	Practices     []*content.Practice
	Coming        []changeView
	OneMore       bool // too few were picked to be compared
}

// An offeringCard is an offering at a glance.
type offeringCard struct {
	ID, Title, URL string
	Summary        string
	Picked         bool   // to be compared
	Extends        string // titles of what an add-on extends
	Tiers          []tierBrief
	Does           []string // what an add-on changes
	AddOns         []link
	Changes        string // the next day on which its box changes
	State          *state // of a rep
}

// A tierBrief is what a tier says for itself, in one line.
type tierBrief struct{ Name, Says string }

// offerings lists all of them; with compare=ID, twice or three times, these
// beside each other.
func (s *Server) offerings(r *request) error {
	picked := r.compared()
	if len(picked) > 1 {
		return s.compareOfferings(r, picked)
	}
	st, err := r.standingIfRep()
	if err != nil {
		return err
	}
	page := offeringsPage{Practices: r.lib().Practices}
	_, page.OneMore = r.GetQuery("compare")
	for _, o := range r.lib().Offerings {
		card := r.offeringCard(o)
		card.State, card.Picked = r.offeringState(st, o.ID), slices.Contains(picked, o)
		if o.IsAddOn() {
			page.AddOns = append(page.AddOns, card)
		} else {
			page.Bases = append(page.Bases, card)
		}
	}
	for _, c := range r.changeViews(func(string) bool { return true }) {
		if c.Coming {
			page.Coming = append(page.Coming, c)
		}
	}
	return r.page(200, "offerings", r.t("offerings.title"), "offerings", page)
}

func (r *request) offeringCard(o *content.Offering) offeringCard {
	card := offeringCard{
		ID: o.ID, Title: o.Title, URL: o.URL, Summary: o.Summary, Extends: r.offeringTitles(o.Extends),
		Changes: sayDay(r.say, o.NextChange(r.lib().Day)),
	}
	if o.IsAddOn() {
		card.Does = r.addOnWords(o)
		return card
	}
	for _, t := range o.Tiers {
		card.Tiers = append(card.Tiers, tierBrief{r.lib().TierName(t.Name), r.tierWords(o, t.Name, false)})
	}
	for _, a := range r.extenders(o) {
		card.AddOns = append(card.AddOns, link{a.URL, a.Title})
	}
	return card
}

// briefly is how many figures of a tier stand on a card in the list.
const briefly = 2

// tierWords says in one line what a tier says for itself: the first numbers,
// or all of its figures. A tier that says nothing for itself says what is
// common to all.
func (r *request) tierWords(o *content.Offering, tier string, all bool) string {
	var own, common []string
	for _, dim := range r.lib().Dimensions {
		f, ok := o.Figure(tier, dim.Name)
		if !ok {
			continue
		}
		value := f.On(r.lib().Day)
		if !all && len(value.Set) > 0 {
			continue
		}
		if _, ok := o.Common[dim.Name]; ok {
			common = append(common, r.figure(dim, value))
		} else {
			own = append(own, r.figure(dim, value))
		}
	}
	if len(own) == 0 {
		own = common
	}
	if !all {
		own = own[:min(len(own), briefly)]
	}
	return strings.Join(own, " · ")
}

// extenders are the add-ons to an offering.
func (r *request) extenders(o *content.Offering) []*content.Offering {
	var list []*content.Offering
	for _, other := range r.lib().Offerings {
		for _, base := range other.Extends {
			if base == o.ID {
				list = append(list, other)
			}
		}
	}
	return list
}

// addOnWords says what an add-on changes, one line a change.
func (r *request) addOnWords(o *content.Offering) []string {
	var lines []string
	for _, t := range o.Tiers {
		lines = append(lines, r.t("offering.tier-of-its-own", "Tier", r.lib().TierName(t.Name), "Figures", r.tierWords(o, t.Name, true)))
	}
	for _, dim := range r.lib().Dimensions {
		if f, ok := o.Widens[dim.Name]; ok {
			lines = append(lines, r.t("offering.widens", "Label", dim.Label, "Values", r.figure(dim, f.On(r.lib().Day))))
		}
		if f, ok := o.Adds[dim.Name]; ok {
			lines = append(lines, r.t("offering.adds", "Label", dim.Label, "Value", r.figure(dim, f.On(r.lib().Day))))
		}
	}
	return lines
}

// standingIfRep is the visitor's standing; nil for one who is no rep.
func (r *request) standingIfRep() (*programme.Standing, error) {
	if !r.who.has(people.RoleRep) {
		return nil, nil
	}
	return r.standing()
}

func (r *request) offeringState(st *programme.Standing, offering string) *state {
	if st == nil {
		return nil
	}
	word := r.stateOf(r.bestFor(st, offering), true)
	return &word
}

// bestFor is where a person stands with an offering.
func (r *request) bestFor(st *programme.Standing, offering string) certify.Clearance {
	var all []certify.Clearance
	for _, c := range r.certificationsFor(offering) {
		all = append(all, r.srv.prog.Clearance(st, c))
	}
	return certify.Best(all...)
}

// certificationsFor are those that clear for an offering.
func (r *request) certificationsFor(offering string) []*certify.Certification {
	var list []*certify.Certification
	for _, c := range r.lib().Certifications {
		for _, id := range c.Offerings {
			if id == offering {
				list = append(list, c)
			}
		}
	}
	return list
}

func (r *request) offeringTitles(ids []string) string {
	titles := make([]string, len(ids))
	for i, l := range r.offeringLinks(ids) {
		titles[i] = l.Title
	}
	return strings.Join(titles, ", ")
}

func (r *request) offeringLinks(ids []string) []link {
	links := make([]link, len(ids))
	for i, id := range ids {
		links[i].Title = id
		if o := r.lib().Offering(id); o != nil {
			links[i] = link{o.URL, o.Title}
		}
	}
	return links
}

type practicePage struct {
	Practice *content.Practice
	Clauses  []clauseView
	News     []changeView
}

func (s *Server) practice(r *request) error {
	p := r.lib().Practice(r.Param("id"))
	if p == nil {
		return errNoPage
	}
	return s.showPractice(r, 200, p, triedDoubt{})
}

func (s *Server) showPractice(r *request, status int, p *content.Practice, tried triedDoubt) error {
	clauses, err := s.clauseViews(r, p.Clauses, tried)
	if err != nil {
		return err
	}
	return r.page(status, "practice", p.Title, "offerings", practicePage{p, clauses, r.newsOf(p.ID)})
}

type changesPage struct{ Changes []changeView }

// A changeView is one entry of CHANGES.md.
type changeView struct {
	Day, Title string
	Coming     bool // it takes effect later
	Lines      []content.ChangeLine
	Why        string
}

func (s *Server) changes(r *request) error {
	page := changesPage{r.changeViews(func(string) bool { return true })}
	return r.page(200, "changes", r.t("change.title"), "offerings", page)
}

// changeViews are the changes of those clauses, the newest first.
func (r *request) changeViews(of func(clause string) bool) []changeView {
	var list []changeView
	for _, c := range r.lib().Changes {
		view := changeView{Day: sayDay(r.say, c.Day), Title: c.Title, Coming: c.Day.After(r.lib().Day), Why: c.Why}
		for _, line := range c.Lines {
			if of(line.Clause) {
				line.HTML = strings.TrimSpace(strings.TrimPrefix(line.HTML, line.Class+":")) // the chip says it
				view.Lines = append(view.Lines, line)
			}
		}
		if len(view.Lines) > 0 {
			list = append(list, view)
		}
	}
	return list
}

// lately is how many past changes a card shows beside those to come.
const lately = 3

// newsOf are the changes of one offering or practice: all that are to come,
// and the last few.
func (r *request) newsOf(id string) []changeView {
	return recent(r.changeViews(func(clause string) bool { return strings.HasPrefix(clause, id+"/") }))
}

// recent are those that are to come, and the last few.
func recent(all []changeView) []changeView {
	past := 0
	for i, c := range all {
		if !c.Coming {
			past++
		}
		if past > lately {
			return all[:i]
		}
	}
	return all
}
