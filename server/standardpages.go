package server

import (
	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

type offeringsPage struct {
	Offerings []offeringLine
	Practices []*content.Practice
}

type offeringLine struct {
	Title, URL, Summary string
	AddOn               string // titles of what it extends
	Tiers               []string
	State               *state // of a rep
}

func (s *Server) offerings(r *request) error {
	page := offeringsPage{Practices: r.lib().Practices}
	st, err := r.standingIfRep()
	if err != nil {
		return err
	}
	for _, o := range r.lib().Offerings {
		line := offeringLine{Title: o.Title, URL: o.URL, Summary: o.Summary, AddOn: r.offeringTitles(o.Extends)}
		for _, t := range o.Tiers {
			line.Tiers = append(line.Tiers, t.Name)
		}
		line.State = r.offeringState(st, o.ID)
		page.Offerings = append(page.Offerings, line)
	}
	return r.page(200, "offerings", "Offerings", "offerings", page)
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
	var all []certify.Clearance
	for _, c := range r.lib().Certifications {
		for _, id := range c.Offerings {
			if id == offering {
				all = append(all, r.srv.prog.Clearance(st, c))
			}
		}
	}
	word := r.stateOf(certify.Best(all...), true)
	return &word
}

func (r *request) offeringTitles(ids []string) string {
	words := ""
	for _, id := range ids {
		title := id
		if o := r.lib().Offering(id); o != nil {
			title = o.Title
		}
		if words != "" {
			words += ", "
		}
		words += title
	}
	return words
}

type offeringPage struct {
	Offering       *content.Offering
	Extends        string
	State          *state
	Certifications []link
	Tiers          []tierView
	Changes        []figureLine // widens and adds of an add-on
	Extenders      []link
}

type tierView struct {
	Name    string
	Figures []figureLine
}

// A figureLine is one limit of a box.
type figureLine struct {
	Label  string
	Set    []string // of a set
	Value  string   // of a number
	Coming []string // what it becomes, and from when
}

func (s *Server) offering(r *request) error {
	o := r.lib().Offering(r.Param("id"))
	if o == nil {
		return errNoPage
	}
	st, err := r.standingIfRep()
	if err != nil {
		return err
	}
	page := offeringPage{Offering: o, Extends: r.offeringTitles(o.Extends), State: r.offeringState(st, o.ID)}
	for _, c := range r.lib().Certifications {
		for _, id := range c.Offerings {
			if id == o.ID {
				page.Certifications = append(page.Certifications, link{c.URL, c.Title})
			}
		}
	}
	for _, t := range o.Tiers {
		page.Tiers = append(page.Tiers, tierView{t.Name, r.figures(o, t.Name)})
	}
	page.Changes = r.addOnFigures(o)
	for _, other := range r.lib().Offerings {
		for _, base := range other.Extends {
			if base == o.ID {
				page.Extenders = append(page.Extenders, link{other.URL, other.Title})
			}
		}
	}
	return r.page(200, "offering", o.Title, "offerings", page)
}

// figures lists a tier's limits in the declared order, common ones included.
func (r *request) figures(o *content.Offering, tier string) []figureLine {
	var lines []figureLine
	for _, dim := range r.lib().Dimensions {
		if f, ok := o.Figure(tier, dim.Name); ok {
			lines = append(lines, r.figureLine(dim.Label, f))
		}
	}
	return lines
}

func (r *request) figureLine(label string, f standard.Figure) figureLine {
	now := f.On(r.lib().Day)
	line := figureLine{Label: label, Set: now.Set, Value: now.String()}
	for _, d := range f {
		if r.lib().Day.Before(d.From) {
			line.Coming = append(line.Coming, d.Value.String()+" from "+d.From.Text())
		}
	}
	return line
}

func (r *request) addOnFigures(o *content.Offering) []figureLine {
	var lines []figureLine
	for _, dim := range r.lib().Dimensions {
		if f, ok := o.Widens[dim.Name]; ok {
			lines = append(lines, r.figureLine("Adds to "+dim.Label, f))
		}
		if f, ok := o.Adds[dim.Name]; ok {
			lines = append(lines, r.figureLine("Adds to "+dim.Label, f))
		}
	}
	return lines
}

type practicePage struct{ Practice *content.Practice }

func (s *Server) practice(r *request) error {
	p := r.lib().Practice(r.Param("id"))
	if p == nil {
		return errNoPage
	}
	return r.page(200, "practice", p.Title, "offerings", practicePage{p})
}

type changesPage struct{ Changes []changeView }

type changeView struct {
	Day, Title string
	Lines      []content.ChangeLine
	Why        string
}

func (s *Server) changes(r *request) error {
	var page changesPage
	for _, c := range r.lib().Changes {
		page.Changes = append(page.Changes, changeView{c.Day.Text(), c.Title, c.Lines, c.Why})
	}
	return r.page(200, "changes", "Changes in the standard", "offerings", page)
}
