package server

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// boardSize is how many people one page of the board shows.
const boardSize = 50

// A board with more offerings than denseOver has narrow columns; one with
// more teams than tabsUpTo has a menu of them in place of tabs.
const (
	denseOver = 8
	tabsUpTo  = 6
)

// calling are the states that call for the manager, the most urgent first.
// The first four of them that a talk or a signature can mend stand on top of
// the board as numbers.
var (
	calling = []certify.State{certify.Locked, certify.Waiting, certify.Expired, certify.Expiring, certify.Failed}
	counted = []certify.State{certify.Locked, certify.Waiting, certify.Expiring, certify.Expired}
)

// quiet are the states of which nothing is to be said before somebody begins.
var quiet = []certify.State{certify.NotStarted, certify.Blocked, ""}

type teamPage struct {
	Team    *people.Team
	Teams   []boardTab
	Many    bool // teams: a menu in place of tabs
	Columns []boardColumn
	Rows    []boardRow
	Tiles   []boardTile
	Filters []boardFilter
	Orders  []boardTab
	Filter  *boardFilter // the one that is chosen
	Dense   bool         // many offerings
	People  int          // on this page, whatever the filter
	Part    bool         // of a team that fills several pages
	Next    string       // URL of the next page
	First   string       // URL of the first page, when this is another
}

type boardTab struct {
	ID, Name, URL string
	Here          bool
}

// A boardColumn is an offering and how many on the board may sell it.
type boardColumn struct {
	Title, URL string
	AddOn      bool
	Cleared    int
	id         string
}

// A boardRow is a person. The phone shows it as a card, where her cells come
// in three parts: what she may sell, what calls for the manager, the rest.
type boardRow struct {
	Name, URL             string
	Why                   string
	Cells                 []boardCell
	Cleared, Total        int
	Sells, Calls, Resting []boardCell
	RestWord              string // such as "4 not started, 1 in progress"
}

type boardCell struct {
	Offering string
	State    state
	Quiet    bool // nothing happened yet
	Dim      bool // another state is asked for
	state    certify.State
}

// A boardTile counts what needs the manager.
type boardTile struct {
	Count       int
	What, Small string
	URL         string // the board with only those
	Here        bool
}

// A boardFilter is a state that is on the board, with how many people are in
// it; all of them together are the board's legend.
type boardFilter struct {
	Kind, Icon, Word, Means string
	Count                   int
	URL                     string
	Here                    bool
	state                   certify.State
}

// boardView is what the visitor wants to see of a team.
type boardView struct {
	team, after string
	state       certify.State
	order       string
}

// boardOrders are the orders of the board's rows; the first is the usual one.
var boardOrders = []string{"name", "need", "cleared"}

func (v boardView) url() string {
	q := url.Values{"team": {v.team}}
	for key, value := range map[string]string{"state": string(v.state), "order": v.order, "after": v.after} {
		if value != "" {
			q.Set(key, value)
		}
	}
	return "/team?" + q.Encode()
}

// with is the view with another state, and from its beginning.
func (v boardView) with(s certify.State) boardView {
	v.state = s
	return v
}

func (v boardView) ordered(by string) boardView {
	v.order = by
	if by == boardOrders[0] {
		v.order = ""
	}
	return v
}

// team is the board: reps × offerings, each cell with its state and reason.
func (s *Server) team(r *request) error {
	teams, err := s.teamsOf(r)
	if err != nil {
		return err
	}
	page := teamPage{Many: len(teams) > tabsUpTo}
	for _, t := range teams {
		here := t.ID == r.Query("team") || r.Query("team") == "" && page.Team == nil
		if here {
			page.Team = t
		}
		page.Teams = append(page.Teams, boardTab{t.ID, t.Name, teamURL(t.ID), here})
	}
	if page.Team == nil && r.Query("team") != "" {
		return errNoPage
	}
	if page.Team == nil {
		return r.wide(200, "team", r.t("team.title"), "team", page)
	}
	view := boardView{team: page.Team.ID, after: r.Query("after"), state: certify.State(r.Query("state")), order: r.Query("order")}
	if view.state != "" && !slices.Contains(certify.States(), view.state) || view.order != "" && !slices.Contains(boardOrders, view.order) {
		return errNoPage
	}
	if err := s.fillBoard(r, &page, view); err != nil {
		return err
	}
	return r.wide(200, "team", page.Team.Name, "team", page)
}

// fillBoard reads one page of the team: its people and their records, two
// reads whatever the size of the company.
func (s *Server) fillBoard(r *request, page *teamPage, view boardView) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(view.after)
	if err != nil {
		return errNoPage
	}
	members, err := s.prog.People.Members(ctx, page.Team.ID, after, boardSize)
	if err != nil {
		return noPlace(err)
	}
	ids := make([]string, len(members.People))
	for i, p := range members.People {
		ids[i] = p.ID
	}
	records, err := s.prog.Records().GetAll(ctx, ids...)
	if err != nil {
		return err
	}
	offerings := boardOfferings(r.lib().Offerings)
	for _, o := range offerings {
		page.Columns = append(page.Columns, boardColumn{Title: o.Title, URL: o.URL, AddOn: o.IsAddOn(), id: o.ID})
	}
	for _, p := range members.People {
		page.Rows = append(page.Rows, s.boardRow(r, p, records[p.ID], offerings))
	}
	page.People, page.Dense = len(page.Rows), len(offerings) > denseOver
	page.count(r, view)
	page.narrow(r, view)
	page.part(members, view)
	return nil
}

// part leads to the pages of a team that is larger than one.
func (page *teamPage) part(members people.Page, view boardView) {
	here := view.after
	if !members.Next.IsZero() {
		view.after = members.Next.String()
		page.Next = view.url()
	}
	if view.after = ""; here != "" {
		page.First = view.url()
	}
	page.Part = page.Next != "" || page.First != ""
}

// boardOfferings are the columns: the bases in the library's order, then the
// add-ons.
func boardOfferings(all []*content.Offering) []*content.Offering {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *content.Offering) int {
		return cmp.Compare(len(a.Extends), len(b.Extends))
	})
	return sorted
}

func (s *Server) boardRow(r *request, p *people.Person, record *programme.Record, offerings []*content.Offering) boardRow {
	st := programme.Recorded(p.ID, record)
	row := boardRow{Name: p.Name(), URL: personURL(p.ID), Total: len(offerings)}
	if !p.Has(people.RoleRep) {
		row.Why = rolesInWords(r.say, p.Roles)
	}
	byOffering := map[string][]certify.Clearance{}
	for _, c := range r.lib().Certifications {
		cl := s.prog.Clearance(st, c)
		for _, id := range c.Offerings {
			byOffering[id] = append(byOffering[id], cl)
		}
	}
	for _, o := range offerings {
		cl := certify.Best(byOffering[o.ID]...)
		cell := boardCell{Offering: o.Title, State: r.stateOf(cl, false), Quiet: slices.Contains(quiet, cl.State), state: cl.State}
		row.Cells = append(row.Cells, cell)
		if cl.Cleared() {
			row.Cleared++
		}
	}
	return row
}
