package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
)

// maxCompared is how many offerings are compared at once: more don't fit beside
// each other.
const maxCompared = 3

type comparePage struct {
	Titles  string
	Columns []string // labels of the dimensions
	Rows    []comparedTier
}

// A comparedTier is one tier in a line.
type comparedTier struct {
	Offering link
	Tier     string
	Figures  []figureLine
	First    bool // of its offering
	State    *state
	Changes  string
}

// compared are the offerings that the address names, each once, in its order.
func (r *request) compared() (list []*content.Offering) {
	for _, id := range r.QueryArray("compare") {
		if o := r.lib().Offering(id); o != nil && !slices.Contains(list, o) && len(list) < maxCompared {
			list = append(list, o)
		}
	}
	return list
}

// compareOfferings shows the tiers of a few offerings in one table: those of
// bases as they are, and of add-ons those that they add to their first base.
func (s *Server) compareOfferings(r *request, list []*content.Offering) error {
	st, err := r.standingIfRep()
	if err != nil {
		return err
	}
	var all []standard.Tier
	var of []*content.Offering
	for _, o := range list {
		for _, t := range r.tiersOf(o) {
			all, of = append(all, t), append(of, o)
		}
	}
	page := comparePage{}
	dims := r.rowsOf(all)
	for _, dim := range dims {
		page.Columns = append(page.Columns, dim.Label)
	}
	for i, t := range all {
		o := of[i]
		row := comparedTier{Offering: link{o.URL, o.Title}, Tier: r.lib().TierName(t.Name), First: i == 0 || of[i-1] != o}
		if row.First {
			row.State, row.Changes = r.offeringState(st, o.ID), sayDay(r.say, o.NextChange(r.lib().Day))
		}
		for _, dim := range dims {
			line := figureLine{Label: dim.Label, URL: stateURL(o, dim.Name), Missing: true}
			if f, ok := t.Figures[dim.Name]; ok {
				line.say(r, dim, f)
			}
			row.Figures = append(row.Figures, line)
		}
		page.Rows = append(page.Rows, row)
	}
	titles := make([]string, len(list))
	for i, o := range list {
		titles[i] = o.Title
	}
	page.Titles = strings.Join(titles, ", ")
	return r.wide(http.StatusOK, "compare", r.t("compare.title"), "offerings", page)
}

// tiersOf are the tiers of a base, or those that an add-on brings to its first
// base; of one that brings none, the tiers of the base as it makes them.
func (r *request) tiersOf(o *content.Offering) []standard.Tier {
	if !o.IsAddOn() {
		return standard.Combine(r.lib().Dimensions, &o.Offering)
	}
	base := r.lib().Offering(o.Extends[0])
	if base == nil {
		return nil
	}
	tiers := standard.Combine(r.lib().Dimensions, &base.Offering, &o.Offering)
	if len(o.Tiers) > 0 {
		return tiers[len(base.Tiers):]
	}
	return tiers
}
