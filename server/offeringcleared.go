package server

import (
	"context"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// A mineView is where I stand with one certification for an offering, why,
// and the way to it.
type mineView struct {
	Title, URL  string // of the certification
	State       state
	Done, Total int
	Next        link // what to do next; empty when I can do nothing
	After       []link
	Certificate string // URL
}

func (r *request) mineView(cl certify.Clearance, c *certify.Certification) mineView {
	view := mineView{Title: c.Title, URL: c.URL, State: r.stateOf(cl, true)}
	if cl.Certificate != "" {
		view.Certificate = certificateURL(cl.Certificate)
	}
	switch cl.State {
	case certify.Cleared, certify.Issuing:
		return view
	case certify.Expiring, certify.Expired:
		view.Next = link{c.URL, r.t("offering.mine.renew")}
		if cl.Renewing && cl.Next != nil && cl.Next.URL != "" {
			view.Next = link{cl.Next.URL, r.t("offering.mine.go-on", "Step", r.stepTitle(cl.Next))}
		}
		return view
	case certify.Blocked:
		for _, id := range cl.Missing {
			if before := r.lib().Certification(id); before != nil {
				view.After = append(view.After, link{before.URL, before.Title})
			}
		}
		return view
	}
	view.Done, view.Total = cl.Done, cl.Total
	if cl.Next != nil && cl.Next.URL != "" {
		view.Next = link{cl.Next.URL, r.t("offering.mine.go-on", "Step", r.stepTitle(cl.Next))}
		if cl.Done == 0 {
			view.Next.Title = r.t("offering.mine.begin", "Step", r.stepTitle(cl.Next))
		}
	}
	return view
}

// How many members of a team are looked at on one card: by a manager page by
// page, by a colleague once. A colleague gets no second page, because where it
// begins would name somebody who is not cleared.
const (
	clearedSize   = 50
	colleagueSize = 200
)

// A clearedTeam is who of a team is cleared for an offering. A manager sees
// how every rep of a team of hers stands; who is in a team sees which
// colleagues are cleared and until when, and nothing of the others. Nobody
// sees anyone of a team that is neither hers nor her own.
type clearedTeam struct {
	Name    string // of the team; empty for a colleague
	Tabs    []teamTab
	Manages bool
	Cleared []memberLine
	Others  []memberLine // for a manager
	Next    string       // URL of the next members, for a manager
	First   string       // URL of the first ones, when these are not
	More    bool         // the team has more colleagues than were looked at
}

// A memberLine is one member of the team.
type memberLine struct {
	Name  string
	URL   string // of the transcript, for a manager
	Until string // for a colleague
	State *state // for a manager
}

// clearedTeam reads one page of a team: its people and their records, two
// reads whatever the size of the company, and the teams of a manager.
func (s *Server) clearedTeam(r *request, o *content.Offering) (*clearedTeam, error) {
	view := &clearedTeam{}
	team, err := s.teamOnCard(r, o, view)
	if err != nil || team == "" {
		return nil, err
	}
	after, size := store.Cursor{}, colleagueSize
	if view.Manages {
		size = clearedSize
		if after, err = store.ParseCursor(r.Query("after")); err != nil {
			return nil, errNoPage
		}
	}
	members, records, err := s.membersOf(r.Request.Context(), team, after, size)
	if err != nil {
		return nil, noPlace(err)
	}
	for _, p := range members.People {
		if p.Has(people.RoleRep) && (p.ID != r.who.ID || view.Manages) {
			view.add(r, p, r.bestFor(programme.Recorded(p.ID, records[p.ID]), o.ID))
		}
	}
	view.More = !members.Next.IsZero()
	if view.Manages {
		view.pages(o.URL+"?"+teamQuery(team), members.Next, r.Query("after") != "")
	}
	return view, nil
}

func (t *clearedTeam) pages(url string, next store.Cursor, later bool) {
	if !next.IsZero() {
		t.Next = url + "&after=" + next.String() + "#team"
	}
	if later {
		t.First = url + "#team"
	}
}

// teamOnCard is the team that a card shows to the visitor: the one of hers
// that she asks for, else her first, else the one that she is in.
func (s *Server) teamOnCard(r *request, o *content.Offering, view *clearedTeam) (string, error) {
	teams, err := s.prog.People.Managed(r.Request.Context(), r.who.Person)
	if err != nil {
		return "", err
	}
	if len(teams) == 0 {
		return r.who.Team, nil
	}
	view.Manages = true
	asked, team := r.Query("team"), ""
	for i, t := range teams {
		here := t.ID == asked || asked == "" && i == 0
		if here {
			team, view.Name = t.ID, t.Name
		}
		if len(teams) > 1 {
			view.Tabs = append(view.Tabs, teamTab{t.Name, o.URL + "?" + teamQuery(t.ID) + "#team", here})
		}
	}
	if team == "" {
		return "", errNoPage // no team of hers, be there such a team or not
	}
	return team, nil
}

func (s *Server) membersOf(ctx context.Context, team string, after store.Cursor, size int) (people.Page, map[string]*programme.Record, error) {
	members, err := s.prog.People.Members(ctx, team, after, size)
	if err != nil {
		return people.Page{}, nil, err
	}
	ids := make([]string, len(members.People))
	for i, p := range members.People {
		ids[i] = p.ID
	}
	records, err := s.prog.Records().GetAll(ctx, ids...)
	return members, records, err
}

func (t *clearedTeam) add(r *request, p *people.Person, cl certify.Clearance) {
	line := memberLine{Name: p.Name()}
	holds := cl.State == certify.Cleared || cl.State == certify.Expiring
	switch {
	case t.Manages:
		word := r.stateOf(cl, false)
		line.URL, line.State = personURL(p.ID), &word
		if cl.Cleared() {
			t.Cleared = append(t.Cleared, line)
		} else {
			t.Others = append(t.Others, line)
		}
	case holds: // of a colleague the date and nothing else
		line.Until = r.untilWhy(cl)
		t.Cleared = append(t.Cleared, line)
	}
}
