package server

import (
	"errors"
	"net/url"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// Meeting briefs: the list, with what waits for the visitor and what meetings with
// operations were worth. Everybody signed in may read a brief, as with handoffs; who
// may answer, send and judge it is a rule of package standard.

// briefsSize is how many briefs a page lists, and how many of each kind that wait.
const briefsSize = 30

type briefsPage struct {
	Waiting    []waitingBrief
	Mine, List []requestLine
	Over       bool // the list is of meetings that are over
	Next       string
	First      string // URL of the first page, when this is another one
	Tally      *meetingTally
	Clause     link // where the standard says how it is done; empty where it does not
}

// tallyMost is how many meetings of a kind are counted; a page waits for it.
const tallyMost = 20_000

// A waitingBrief waits for the visitor: of one that came back it says why; one of
// which she is to say what it was worth asks for that in the list.
type waitingBrief struct {
	requestLine
	ID          string
	Back, Judge bool
}

// A meetingTally is what meetings were worth.
type meetingTally struct {
	Worth, Meetings int
	Sentence        string
	Within          string // of which time, and what counts
	Own             string // of the visitor's own meetings; may be empty
}

func (s *Server) briefs(r *request) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(r.Query("after"))
	which := r.Query("state")
	if err != nil || which != "" && which != "over" {
		return errNoPage
	}
	page := briefsPage{Over: which == "over", Clause: r.briefClause()}
	list, next, err := s.prog.Briefs(ctx, page.Over, after, briefsSize)
	if err != nil {
		return noPlace(err)
	}
	base := url.Values{}
	if page.Over {
		base.Set("state", "over")
	}
	page.First, page.Next = pageLinks("/briefs", base, after, next)
	if after.IsZero() && !page.Over {
		if err := s.fillMyBriefs(r, &page); err != nil {
			return err
		}
	}
	if page.List, err = s.briefLines(r, list); err != nil {
		return err
	}
	return r.page(200, "briefs", r.t("brief.title"), "requests", page)
}

// fillMyBriefs lists what waits for the visitor, and all that are hers, and says what
// meetings were worth.
func (s *Server) fillMyBriefs(r *request, page *briefsPage) error {
	ctx := r.Request.Context()
	waiting, err := s.prog.WaitingBriefs(ctx, r.who.ID, briefsSize)
	if err != nil {
		return err
	}
	lines, err := s.briefLines(r, waiting)
	if err != nil {
		return err
	}
	for i, b := range waiting {
		stands, key := b.State(r.now), "brief.for.answer"
		one := waitingBrief{lines[i], b.ID, stands == standard.BriefBack, stands == standard.BriefOver}
		if one.Judge {
			key = "brief.for.worth"
		} else if one.Back {
			key = "brief.for.more"
		}
		one.For = &state{Kind: "owed", Icon: "clock", Word: r.t(key)}
		page.Waiting = append(page.Waiting, one)
	}
	mine, err := s.prog.MyBriefs(ctx, r.who.ID, briefsSize)
	if err != nil {
		return err
	}
	if page.Mine, err = s.briefLines(r, mine); err != nil {
		return err
	}
	page.Tally, err = s.tally(r)
	return err
}

// tally says what the last meetings were worth; nil when nobody
// has said of any.
func (s *Server) tally(r *request) (*meetingTally, error) {
	all, err := s.prog.BriefTally(r.Request.Context(), "", tallyMost)
	if err != nil || all.Meetings == 0 {
		return nil, err
	}
	own, err := s.prog.BriefTally(r.Request.Context(), r.who.ID, tallyMost)
	if err != nil {
		return nil, err
	}
	t := &meetingTally{Worth: all.Worth, Meetings: all.Meetings, Sentence: r.t("brief.tally.all", "Worth", all.Worth, "N", all.Meetings)}
	if t.Within = r.t("brief.tally.year"); all.Days < 365 {
		t.Within = r.t("brief.tally.month")
	}
	if own.Meetings > 0 {
		t.Own = r.t("brief.tally.own", "Worth", own.Worth, "N", own.Meetings)
	}
	return t, nil
}

// briefClause is the clause that says how operations is brought along.
func (r *request) briefClause() link {
	if c := r.lib().BriefClause; c != nil {
		return link{c.URL, c.Title}
	}
	return link{}
}

// briefLines are briefs at a glance.
func (s *Server) briefLines(r *request, list []*programme.Brief) (lines []requestLine, err error) {
	var who, accounts []string
	for _, b := range list {
		who, accounts = append(who, b.Sender, b.Guest), append(accounts, b.Account)
	}
	people, err := s.prog.Persons(r.Request.Context(), who...)
	if err != nil {
		return nil, err
	}
	named, err := s.prog.AccountsByID(r.Request.Context(), accounts...)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		v := b.Invitation()
		line := requestLine{
			Title: shortened(v.Goal, standard.MaxTitle), URL: briefURL(b.ID), State: r.briefState(b, people), When: r.briefWhen(v),
			Who: r.list([]string{r.nameOr(people, b.Sender), r.nameOr(people, b.Guest)}),
		}
		if a := named[b.Account]; a != nil {
			line.Account = a.Name
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// briefWhen says when the meeting is.
func (r *request) briefWhen(v *standard.Invitation) string {
	if v.Start.IsZero() {
		return sayDay(r.say, v.On)
	}
	return momentIn(r.say, v.Start, r.zone())
}

// briefState says where a brief stands.
func (r *request) briefState(b *programme.Brief, who map[string]*people.Person) state {
	switch b.State(r.now) {
	case standard.BriefWaits:
		return state{Kind: "owed", Icon: "clock", Word: r.t("brief.state.waits", "Name", r.nameOr(who, b.Guest))}
	case standard.BriefBack:
		if b.Response().Comes == standard.Yes {
			return state{Kind: "outside", Icon: "delta", Word: r.t("brief.state.not-aligned")}
		}
		return state{Kind: "outside", Icon: "warning", Word: r.t("brief.state.missing")}
	case standard.BriefOn:
		return state{Kind: "inside", Icon: "ok", Word: r.t("brief.state.on")}
	case standard.BriefOver:
		// What the other one said is not shown to who has not said it yet.
		counts := b.Outcome()
		if b.MayJudge(programme.ActorOf(r.who.Person), r.now) == nil {
			counts = ""
		}
		switch counts {
		case standard.Yes:
			return state{Kind: "inside", Icon: "ok", Word: r.t("brief.state.worth")}
		case standard.No:
			return state{Kind: "outside", Icon: "dash", Word: r.t("brief.state.not-worth")}
		}
		return state{Kind: "owed", Icon: "clock", Word: r.t("brief.state.over")}
	case standard.BriefLapsed:
		return state{Kind: "none", Icon: "dash", Word: r.t("brief.state.lapsed")}
	case standard.BriefWithdrawn:
		return state{Kind: "none", Icon: "cross", Word: r.t("brief.state.withdrawn")}
	}
	return state{Kind: "none", Icon: "user", Word: r.t("brief.state.without")}
}

// briefInvalid is what the rules say of the fields of a brief's form: what is not
// there is asked for by name.
func (r *request) briefInvalid(err error) problems {
	found := r.invalid(err)
	var all standard.Invalids
	if errors.As(err, &all) {
		for _, i := range all {
			if i.Code == "missing" {
				found[i.Field] = r.t("brief.lack." + i.Field)
			}
		}
	}
	return found
}

// briefsOf are the briefs of an account.
func (s *Server) briefsOf(r *request, account string) ([]requestLine, error) {
	list, err := s.prog.BriefsOf(r.Request.Context(), account, briefsSize)
	if err != nil {
		return nil, err
	}
	lines, err := s.briefLines(r, list)
	for i := range lines {
		lines[i].Account = "" // is the page's title
	}
	return lines, err
}

// briefsWaiting says on the home page that briefs wait for the visitor; "" when none
// does.
func (s *Server) briefsWaiting(r *request) (string, error) {
	list, err := s.prog.WaitingBriefs(r.Request.Context(), r.who.ID, briefsSize)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return r.t("brief.home", "N", len(list)), nil
}
