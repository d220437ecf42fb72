package server

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// What the programme has learned: here, which limits of the standard requests ask
// to bend, so that operations sees which one to move.

// insightMonths are for how long one may look back.
var insightMonths = []int{3, 12, 24}

// defaultMonths is for how long one looks back without saying.
const defaultMonths = 12

// limitsSize is how many limits the page lists.
const limitsSize = 60

type limitsPage struct {
	Picks  []pickLink
	Total  tallyView
	Chart  *sparkline
	Limits []bentLine
	More   int        // limits beyond those listed
	Other  *tallyView // requests that none of the dimensions speaks of
}

// A pickLink is one way of looking at a list.
type pickLink struct {
	URL, Title string
	Here       bool
}

// A bentLine is a limit with how often it is asked to bend, as it is listed.
type bentLine struct {
	URL, Limit string
	Offering   link
	Now        []string // what it says today
	Tally      tallyView
	Columns    []monthColumn
	Width      int    // of the drawing of the columns
	Says       string // of the columns, in words
}

// A monthColumn is one month as a column of a small drawing.
type monthColumn struct{ X, Y, Height int }

type tallyView struct {
	Requests int
	Worth    string // a year; empty where nobody said
	Outcomes []state
}

// The measures of the small drawing.
const (
	columnStep = 8
	columnBase = 24
)

// insights leads to the first of its pages.
func (s *Server) insights(r *request) error { return r.see("/insights/limits") }

// monthsAsked is for how many months the visitor looks back.
func (r *request) monthsAsked() (int, error) {
	text := r.Query("months")
	n, err := strconv.Atoi(text)
	if text == "" {
		n, err = defaultMonths, nil
	}
	if err != nil || !slices.Contains(insightMonths, n) {
		return 0, errNoPage
	}
	return n, nil
}

func (r *request) monthPicks(path string, here int) (picks []pickLink) {
	for _, n := range insightMonths {
		picks = append(picks, pickLink{path + monthsQuery(n), r.t("insights.months", "N", n), n == here})
	}
	return picks
}

// monthsQuery is how an address says for how many months.
func monthsQuery(n int) string {
	if n == defaultMonths {
		return ""
	}
	return "?months=" + strconv.Itoa(n)
}

// limits lists the limits that are asked to bend, what is worth most first.
func (s *Server) limits(r *request) error {
	n, err := r.monthsAsked()
	if err != nil {
		return err
	}
	months, err := s.prog.Months(r.Request.Context(), n)
	if err != nil {
		return err
	}
	page := limitsPage{Picks: r.monthPicks("/insights/limits", n)}
	var total, other programme.Tally
	points := make([]int, n)
	var bent []bentLimit
	for i, m := range months {
		all := m.All()
		total, points[i], other = total.Plus(all), all.Requests, other.Plus(m.Unmeasured())
		for _, l := range m.Limits() {
			at := slices.IndexFunc(bent, func(b bentLimit) bool { return b.offering == l.Offering && b.dimension == l.Dimension })
			if at < 0 {
				at, bent = len(bent), append(bent, bentLimit{l.Offering, l.Dimension, programme.Tally{}, make([]int, n)})
			}
			bent[at].all, bent[at].byMonth[i] = bent[at].all.Plus(l.Tally), l.Requests
		}
	}
	page.Total = r.tallyView(total)
	if total.Requests > 0 {
		page.Chart = r.monthChart(r.t("insights.by-month"), months, points).spark()
	}
	slices.SortStableFunc(bent, func(x, y bentLimit) int {
		return cmp.Or(cmp.Compare(y.all.Worth, x.all.Worth), cmp.Compare(y.all.Requests, x.all.Requests))
	})
	page.More = max(0, len(bent)-limitsSize)
	for _, b := range bent[:len(bent)-page.More] {
		page.Limits = append(page.Limits, r.bentLine(b, months))
	}
	if other.Requests > 0 {
		view := r.tallyView(other)
		page.Other = &view
	}
	return r.wide(200, "limits", r.t("insights.limits.title"), "insights", page)
}

// A bentLimit is a limit that was asked to bend, with how often in each month.
type bentLimit struct {
	offering, dimension string
	all                 programme.Tally
	byMonth             []int
}

func (r *request) bentLine(b bentLimit, months []*programme.MonthOfBends) bentLine {
	line := bentLine{URL: limitURL(b.offering, b.dimension) + monthsQuery(len(months)), Limit: r.labelOf(b.dimension), Tally: r.tallyView(b.all), Now: r.limitToday(b.offering, b.dimension)}
	if b.offering != "" {
		line.Offering = r.offeringsByID([]string{b.offering})[0]
	}
	most := slices.Max(b.byMonth)
	for i, n := range b.byMonth {
		if n > 0 {
			height := max(2, scaled(n, most, columnBase))
			line.Columns = append(line.Columns, monthColumn{i * columnStep, columnBase - height, height})
		}
	}
	line.Width = len(months) * columnStep
	line.Says = r.t("insights.most", "Month", r.monthName(months[slices.Index(b.byMonth, most)].ID), "N", most)
	return line
}

// limitToday is what the tiers of an offering say of a dimension today.
func (r *request) limitToday(offering, dimension string) (says []string) {
	o := r.lib().Offering(offering)
	i := slices.IndexFunc(r.lib().Dimensions, func(d standard.Dimension) bool { return d.Name == dimension })
	if o == nil || i < 0 {
		return nil
	}
	dim := r.lib().Dimensions[i]
	if f, ok := o.Common[dim.Name]; ok {
		return []string{r.figure(dim, f.On(r.lib().Day))}
	}
	for _, t := range o.Tiers {
		if f, ok := o.Figure(t.Name, dim.Name); ok {
			says = append(says, r.t("insights.tier", "Tier", r.lib().TierName(t.Name), "Value", r.figure(dim, f.On(r.lib().Day))))
		}
	}
	return says
}

// limitURL is the page of one limit; "-" stands for no offering.
func limitURL(offering, dimension string) string {
	return "/insights/limits/" + url.PathEscape(cmp.Or(offering, "-")) + "/" + url.PathEscape(dimension)
}

// tallyView says a tally: how often, worth how much, decided how.
func (r *request) tallyView(t programme.Tally) tallyView {
	view := tallyView{Requests: t.Requests}
	if t.Worth > 0 {
		view.Worth = r.tongue().Sum(t.Worth, r.lib().Currency)
	}
	add := func(n int, kind, icon, word string) {
		if n > 0 {
			view.Outcomes = append(view.Outcomes, state{Kind: kind, Icon: icon, Word: word})
		}
	}
	add(t.Inside, "inside", "ok", r.t("insights.outcome.inside", "N", t.Inside))
	add(t.Exceptions, "outside", "out", r.t("insights.outcome.exceptions", "N", t.Exceptions))
	add(t.Declined, "none", "cross", r.t("insights.outcome.declined", "N", t.Declined))
	add(t.Open(), "owed", "clock", r.t("insights.outcome.open", "N", t.Open()))
	return view
}

// monthChart is how many requests there were in each month.
func (r *request) monthChart(title string, months []*programme.MonthOfBends, requests []int) chart {
	c := chart{Title: title, Of: r.t("insights.month"), Unit: r.t("request.title")}
	for i, m := range months {
		c.Points = append(c.Points, chartPoint{Name: r.monthName(m.ID), N: requests[i], Says: count(requests[i])})
	}
	return c
}

// monthName is a month, "2026-11", in words.
func (r *request) monthName(month string) string {
	day, err := standard.ParseDay(month + "-01")
	if err != nil {
		return month
	}
	return r.t("insights.month-name", "Month", monthIn(r.say, day.Month), "Year", day.Year)
}
