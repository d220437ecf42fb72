package server

import (
	"slices"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// limitRequests is how many requests the page of a limit lists.
const limitRequests = 50

type limitPage struct {
	Limit    string
	Offering link
	Clause   link // that states it
	Now      []string
	Picks    []pickLink
	Tally    tallyView
	Chart    *sparkline
	Moves    []moveLine
	Sets     bool // the moves are of a set
	Rows     []monthRow
	Requests []askedRow
	More     int // requests beyond those listed
}

// A moveLine is where the limit could be moved to, and what that would have met.
type moveLine struct {
	To, Meets, Alone, Worth string
	Share, Of               int
}

type monthRow struct {
	Month string
	Tally tallyView
}

type askedRow struct {
	Request    link
	When, Need string
	Limit      string // what the standard said then
	Worth      string
	Also       string // other limits that it asks to bend
	State      state
}

// limit shows one limit: what was asked, and what a move would have met.
func (s *Server) limit(r *request) error {
	n, err := r.monthsAsked()
	if err != nil {
		return err
	}
	offering, dimension := r.Param("offering"), r.Param("dimension")
	if offering == "-" {
		offering = ""
	}
	months, err := s.prog.Months(r.Request.Context(), n)
	if err != nil {
		return err
	}
	list, err := s.prog.AskedToBend(r.Request.Context(), months, offering, dimension)
	if err != nil {
		return err
	}
	o := r.lib().Offering(offering)
	known := slices.ContainsFunc(r.lib().Dimensions, func(d standard.Dimension) bool { return d.Name == dimension })
	if len(list) == 0 && (o == nil || !known) {
		return errNoPage
	}
	page := limitPage{
		Limit: r.labelOf(dimension), Picks: r.monthPicks(limitURL(offering, dimension), n),
	}
	if offering != "" {
		page.Offering, page.Now = r.offeringsByID([]string{offering})[0], r.limitToday(offering, dimension)
	}
	if o != nil {
		if c := r.lib().Clause(o.ID + "/" + o.States[dimension]); c != nil {
			page.Clause = link{c.URL, c.Title}
		}
	}
	r.fillMonths(&page, months, offering, dimension)
	r.fillMoves(&page, dimension, list)
	page.More = max(0, len(list)-limitRequests)
	for _, entry := range list[:len(list)-page.More] {
		page.Requests = append(page.Requests, r.askedRow(entry, offering, dimension))
	}
	return r.page(200, "limit", r.t("insights.limit.title", "Limit", page.Limit), "insights", page)
}

// fillMonths adds the limit up by month, the latest first.
func (r *request) fillMonths(page *limitPage, months []*programme.MonthOfBends, offering, dimension string) {
	points, all := make([]int, len(months)), programme.Tally{}
	for i, m := range months {
		for _, l := range m.Limits() {
			if l.Offering == offering && l.Dimension == dimension {
				points[i], all = l.Requests, all.Plus(l.Tally)
				page.Rows = append(page.Rows, monthRow{r.monthName(m.ID), r.tallyView(l.Tally)})
			}
		}
	}
	slices.Reverse(page.Rows)
	page.Tally = r.tallyView(all)
	if page.Tally.Requests > 0 {
		page.Chart = r.monthChart(r.t("insights.by-month"), months, points).spark()
	}
}

// fillMoves says what moving the limit would have met.
func (r *request) fillMoves(page *limitPage, dimension string, list []programme.AskedToBend) {
	var wishes []standard.Wish
	for _, entry := range list {
		for _, b := range entry.Bends {
			if b.Dimension == dimension {
				wishes = append(wishes, standard.Wish{Need: b.Need, Worth: entry.Worth, Alone: len(entry.Bends) == 1})
				break
			}
		}
	}
	currency := r.lib().Currency
	for _, m := range r.lib().Book(r.today()).Moves(dimension, wishes) {
		line := moveLine{
			To: r.saidIn(dimension, m.To.String()), Share: m.Meets, Of: len(wishes),
			Meets: r.t("insights.moves.of", "N", m.Meets, "Of", len(wishes)), Alone: r.t("insights.moves.inside", "N", m.Alone),
		}
		if m.Worth > 0 {
			line.Worth = r.tongue().Sum(m.Worth, currency)
		}
		page.Sets = page.Sets || len(m.To.Set) > 0
		page.Moves = append(page.Moves, line)
	}
}

func (r *request) askedRow(entry programme.AskedToBend, offering, dimension string) askedRow {
	row := askedRow{Request: link{requestURL(entry.Request), entry.Title}, When: dayIn(r.say, entry.Raised, r.zone()), State: r.outcomeState(entry.Outcome)}
	if entry.Worth > 0 {
		row.Worth = r.tongue().Sum(entry.Worth, r.lib().Currency)
	}
	var also []string
	for _, b := range entry.Bends {
		switch {
		case b.Offering == offering && b.Dimension == dimension && row.Need == "":
			row.Need, row.Limit = r.saidIn(dimension, b.Need), r.saidIn(dimension, b.Limit)
		case b.Dimension != dimension:
			also = append(also, r.labelOf(b.Dimension))
		}
	}
	row.Also = r.list(slices.Compact(also))
	return row
}

// outcomeState is how a request was decided, at a glance.
func (r *request) outcomeState(o standard.Outcome) state {
	switch o {
	case standard.InsideAfterAll:
		return state{Kind: "inside", Icon: "ok", Word: r.t("request.outcome.inside")}
	case standard.Exception:
		return state{Kind: "outside", Icon: "out", Word: r.t("request.outcome.exception")}
	case standard.Declined:
		return state{Kind: "none", Icon: "cross", Word: r.t("request.outcome.declined")}
	}
	return state{Kind: "owed", Icon: "clock", Word: r.t("insights.undecided")}
}
