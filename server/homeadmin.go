package server

import (
	"slices"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// shownTeams is how many teams the home page counts for; each costs two reads.
const shownTeams = 6

// A teamNow is a team and what in it needs its manager.
type teamNow struct {
	Name, URL, Count string
	Needs            []need
	Quiet            bool // nothing needs the manager
}

// A need counts people who need the same thing.
type need struct {
	Count            int
	Kind, Icon, What string
	URL              string
}

// fillTeams counts, for the teams whose board the visitor may see, who needs
// something.
func (s *Server) fillTeams(r *request, page *homePage) error {
	teams, err := s.teamsOf(r)
	if err != nil {
		return err
	}
	if more := len(teams) - shownTeams; more > 0 {
		page.AllTeams = r.t("home.teams.more", "N", more)
		teams = teams[:shownTeams]
	}
	for _, t := range teams {
		now, err := s.teamNow(r, t)
		if err != nil {
			return err
		}
		page.Teams = append(page.Teams, now)
	}
	return nil
}

// teamNow counts among the first page of the team, as its board does.
func (s *Server) teamNow(r *request, t *people.Team) (teamNow, error) {
	ctx := r.Request.Context()
	now := teamNow{Name: t.Name, URL: teamURL(t.ID), Quiet: true}
	members, err := s.prog.People.Members(ctx, t.ID, store.Cursor{}, boardSize)
	if err != nil {
		return now, err
	}
	ids := make([]string, len(members.People))
	for i, p := range members.People {
		ids[i] = p.ID
	}
	records, err := s.prog.Records().GetAll(ctx, ids...)
	if err != nil {
		return now, err
	}
	in := map[certify.State][]string{}
	for _, p := range members.People {
		st := programme.Recorded(p.ID, records[p.ID])
		for _, c := range r.lib().Certifications {
			state := s.prog.Clearance(st, c).State
			if !slices.Contains(in[state], p.ID) {
				in[state] = append(in[state], p.ID)
			}
		}
	}
	now.Count = r.t("home.teams.people", "N", len(ids))
	if !members.Next.IsZero() {
		now.Count = r.t("home.teams.first-people", "N", len(ids))
	}
	now.Needs = []need{
		r.need(boardView{team: t.ID, state: certify.Locked}.url(), in[certify.Locked], "fatal", "lock", r.t("home.teams.stuck", "N", len(in[certify.Locked]))),
		r.need(boardView{team: t.ID, state: certify.Waiting}.url(), in[certify.Waiting], "outside", "clock", r.t("home.teams.waiting", "N", len(in[certify.Waiting]))),
		r.need(boardView{team: t.ID, state: certify.Expiring}.url(), in[certify.Expiring], "outside", "refresh", r.t("home.teams.expiring", "N", len(in[certify.Expiring]))),
		r.need(boardView{team: t.ID, state: certify.Expired}.url(), in[certify.Expired], "fatal", "cross", r.t("home.teams.expired", "N", len(in[certify.Expired]))),
	}
	now.Quiet = !slices.ContainsFunc(now.Needs, func(n need) bool { return n.Count > 0 })
	return now, nil
}

// need leads to the one person, and of several to the board with only those.
func (r *request) need(board string, who []string, kind, icon, what string) need {
	n := need{Count: len(who), Kind: kind, Icon: icon, What: what, URL: board}
	if len(who) == 1 {
		n.URL = personURL(who[0])
	}
	return n
}

// A firstRun is what a new installation still needs, as a list to tick off.
type firstRun struct {
	Steps       []firstStep
	Done, Total int
}

// Pips are its progress, step by step.
func (f *firstRun) Pips() []string { return pips(f.Done, f.Total) }

// A firstStep is one thing a new installation still needs.
type firstStep struct {
	Done                bool
	Title, How, Command string
}

// firstRun lists the first steps; nil when all are done.
func (s *Server) firstRun(r *request) (*firstRun, error) {
	ctx := r.Request.Context()
	teams, _, err := s.prog.People.Teams(ctx, store.Cursor{}, 1)
	if err != nil {
		return nil, err
	}
	page, err := s.prog.People.List(ctx, store.Cursor{}, 2)
	if err != nil {
		return nil, err
	}
	steps := []firstStep{
		{Done: true, Title: r.t("home.first.admin"), How: r.t("home.first.admin-how")},
		{Done: len(page.People) > 1, Title: r.t("home.first.people"), How: r.t("home.first.people-how"), Command: "insidebox people import people.csv --dry-run"},
		{Done: len(teams) > 0, Title: r.t("home.first.teams"), How: r.t("home.first.teams-how")},
		{Done: s.ownContent(r), Title: r.t("home.first.content"), How: r.t("home.first.content-how"), Command: "insidebox check my-content && insidebox serve --content my-content"},
	}
	list := &firstRun{Steps: steps, Total: len(steps)}
	for _, step := range steps {
		if step.Done {
			list.Done++
		}
	}
	if list.Done == list.Total {
		return nil, nil //nolint:nilnil // nothing is left to do, and that is no error
	}
	return list, nil
}

// ownContent reports whether the library is another than the sample.
func (s *Server) ownContent(r *request) bool { return r.lib().Note == "" }
