package server

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// The page of one request: what it is about, and what was said.

type requestPage struct {
	ID, Title         string
	State             state
	Who, When         string
	Account, Nearest  link
	Aim, Value, Worth string
	Wanted            string
	Links             []string
	Parts             [][]askedLine
	Limits            []string
	Verdict           state
	Open              bool
	Precedents        []precedentView
	Voices            []voiceColumn
	Mine              []voiceForm
	Decides           string // who decides, and when, in a sentence
	Decide            *decideForm
	Delegate          *delegateForm
	Decision          *decisionView
	Acks              []ackLine
	MayAck            bool
	Asked             bool // the visitor was asked back
	Named             bool // the visitor is named in a comment, and has not said that she knows
	AllComments       int
	Comments          []commentLine
	Comment           string // that could not be taken
	KnownComments     int
	History           []historyLine
	Promote, Draft    string   // where an author goes on from a decided request
	Kept              []string // what was typed into a form that is not there any more
	Problems          problems
}

// A voiceColumn is one function with what it has said, the latest last.
type voiceColumn struct {
	Function string
	State    state
	Said     []voiceLine
}

type voiceLine struct {
	Stand         state
	Who, When     string
	Changes, Text string
	Offerings     []link
	Lacks         []lackView
}

// A voiceForm is the form of a function for which the visitor speaks.
type voiceForm struct {
	Function, Title, ChangesAsk string
	Known                       int
	Stands                      []choice
	Offerings                   []choice
	Changes, Text               string
	Again                       bool // the function has spoken before
}

type decideForm struct {
	Known      int
	Outcomes   []choice
	Offerings  []choice
	Clauses    []clauseGroup
	Reason     string
	Conditions string
	Price      string
	Until      string
	Instead    string
}

// A clauseGroup is an offering with its clauses, to choose from.
type clauseGroup struct {
	Title   string
	Clauses []choice
}

type delegateForm struct {
	Known int
	Email string
	Now   string // who is it now
}

type decisionView struct {
	State                              state
	Who, When                          string
	Reason, Conditions, Price, Instead string
	Until                              string
	Offerings                          []link
	Lacks                              []lackView
	Clause                             link
}

type ackLine struct {
	Name, When string
	Done       bool
}

// A commentLine is a comment, cut where it names people.
type commentLine struct {
	Who, When string
	Pieces    []commentPiece
}

type commentPiece struct {
	Text string
	Name bool
}

// A historyLine is something that happened beside what people said.
type historyLine struct{ Icon, Kind, Text, When string }

func (s *Server) request(r *request) error {
	q, err := s.prog.Request(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	return s.showRequest(r, 200, q, requestPage{})
}

// showRequest shows a request, with a form that could not be taken as it was
// filled in.
func (s *Server) showRequest(r *request, status int, q *programme.Request, page requestPage) error {
	ctx := r.Request.Context()
	who, err := s.prog.Persons(ctx, q.Participants()...)
	if err != nil {
		return err
	}
	page.ID, page.Title, page.State, page.Open = q.ID, q.Title, r.requestState(q), q.Decision == nil
	page.Who, page.When = nameOf(who, q.Raiser), momentIn(r.say, q.Raised, r.zone())
	if q.Worth > 0 {
		page.Worth = r.t("insights.a-year", "Sum", r.tongue().Sum(q.Worth, r.lib().Currency))
	}
	page.Aim, page.Value, page.Wanted, page.Links = q.Aim, q.Value, sayDay(r.say, q.Wanted), q.Links
	page.Parts, page.Verdict = r.askedLines(q.Parts), r.verdictState(q.Verdict)
	for _, limit := range q.Limits {
		page.Limits = append(page.Limits, r.labelOf(limit))
	}
	if q.Account != "" {
		accounts, err := s.prog.AccountsByID(ctx, q.Account)
		if err != nil {
			return err
		}
		if a := accounts[q.Account]; a != nil {
			page.Account = link{accountURL(a.ID), a.Name}
		}
	}
	if q.Offering != "" {
		page.Nearest = r.offeringsByID([]string{q.Offering})[0]
	}
	if page.Open {
		before, err := s.prog.Precedents(ctx, q.Limits, fewPrecedents)
		if err != nil {
			return err
		}
		page.Precedents = r.precedentViews(before)
	}
	r.fillSaid(&page, q, who)
	r.fillForms(&page, q, who)
	return r.page(status, "request", q.Title, "requests", page)
}

// fillSaid fills in what people said and what happened.
func (r *request) fillSaid(page *requestPage, q *programme.Request, who map[string]*people.Person) {
	for _, f := range standard.Functions() {
		page.Voices = append(page.Voices, r.voiceColumn(q, f, who))
	}
	if d := q.Decision; d != nil {
		page.Decision = r.decisionView(q, who)
		for _, id := range q.Concerned {
			line := ackLine{Name: nameOf(who, id)}
			if i := slices.IndexFunc(q.Acks, func(k standard.Ack) bool { return k.By == id }); i >= 0 {
				line.Done, line.When = true, momentIn(r.say, q.Acks[i].At, r.zone())
			}
			page.Acks = append(page.Acks, line)
		}
	}
	for _, c := range q.Comments {
		page.Comments = append(page.Comments, commentLine{nameOf(who, c.By), momentIn(r.say, c.At, r.zone()), cutAtNames(c, who)})
	}
	page.History = append(page.History, historyLine{"plus", "none", r.t("request.event.raised", "Name", page.Who), page.When})
	for _, d := range q.Delegations {
		page.History = append(page.History, historyLine{"user", "none", r.t("request.event.delegated", "Name", nameOf(who, d.By), "To", nameOf(who, d.To)), momentIn(r.say, d.At, r.zone())})
	}
	if e := q.Escalated; e != nil {
		page.History = append(page.History, historyLine{"warning", "outside", r.t("request.event.escalated", "Functions", r.functionNames(e.Missing)), momentIn(r.say, e.At, r.zone())})
	}
	if d := q.Decision; d != nil {
		page.History = append(page.History, historyLine{"ok", "inside", r.t("request.event.decided", "Name", nameOf(who, d.By)), momentIn(r.say, d.At, r.zone())})
	}
	for _, p := range q.Promotions {
		title := p.Clause
		line := historyLine{"edit", "owed", "", momentIn(r.say, p.At, r.zone())}
		c := r.lib().Clause(p.Clause)
		if c != nil {
			title = c.OfTitle + ": " + c.Title
		}
		line.Text = r.t("request.event.promoted", "Name", nameOf(who, p.By), "Clause", title)
		if c != nil && c.Rev != p.Rev {
			line.Icon, line.Kind, line.Text = "delta", "inside", line.Text+" "+r.t("request.event.changed-since")
		}
		page.History = append(page.History, line)
	}
	if asAuthor.allows(r.who) && q.Decision != nil {
		page.Draft = requestURL(q.ID) + "/scenario.md"
		if r.aboutClause(q) != nil {
			page.Promote = requestURL(q.ID) + "/promote"
		}
	}
}

var standTones = map[standard.Stand]tone{
	standard.Support: {"inside", "ok"}, standard.Object: {"fatal", "cross"},
	standard.Propose: {"inside", "box"}, standard.AskBack: {"owed", "help"},
}

func (r *request) standState(stand standard.Stand) state {
	return state{Kind: standTones[stand].kind, Icon: standTones[stand].icon, Word: r.t("request.stand." + string(stand))}
}

func (r *request) voiceColumn(q *programme.Request, f standard.Function, who map[string]*people.Person) voiceColumn {
	column := voiceColumn{Function: r.functionName(f), State: state{Kind: "none", Icon: "clock", Word: r.t("request.voice.missing")}}
	if q.Overdue(r.now) {
		column.State = state{Kind: "outside", Icon: "warning", Word: r.t("request.state.overdue")}
	}
	if q.Decision != nil {
		column.State = state{Kind: "none", Icon: "dash", Word: r.t("request.voice.none")}
	}
	for _, v := range q.Voices {
		if v.Function != f {
			continue
		}
		line := voiceLine{Stand: r.standState(v.Stand), Who: nameOf(who, v.By), When: momentIn(r.say, v.At, r.zone()), Changes: v.Changes, Text: v.Text, Offerings: r.offeringsByID(v.Offerings), Lacks: r.lackViews(v.Lacks)}
		column.Said = append(column.Said, line)
		if v.Stand != standard.AskBack || !q.Spoken(f) {
			column.State = line.Stand
		}
	}
	return column
}

func (r *request) lackViews(lacks []standard.LackLine) (views []lackView) {
	for _, l := range lacks {
		views = append(views, lackView{nil, r.labelOf(l.Dimension), r.saidIn(l.Dimension, l.Need), r.saidIn(l.Dimension, l.Limit)})
	}
	return views
}

func (r *request) decisionView(q *programme.Request, who map[string]*people.Person) *decisionView {
	d := q.Decision
	view := &decisionView{
		State: r.requestState(q), Who: nameOf(who, d.By), When: momentIn(r.say, d.At, r.zone()), Reason: d.Reason,
		Conditions: d.Conditions, Price: d.Price, Instead: d.Instead, Until: sayDay(r.say, d.Until),
		Offerings: r.offeringsByID(d.Offerings), Lacks: r.lackViews(d.Lacks),
	}
	if c := r.lib().Clause(d.Clause); c != nil {
		view.Clause = link{c.URL, c.OfTitle + ": " + c.Title}
	} else if d.Clause != "" {
		view.Clause = link{"", d.Clause}
	}
	return view
}

// cutAtNames cuts a comment where it names people, and says them by the names that
// they have now.
func cutAtNames(c standard.Comment, who map[string]*people.Person) (pieces []commentPiece) {
	rest := c.Text
	for _, m := range c.Mentions {
		before, after, found := strings.Cut(rest, m.Text)
		name := nameOf(who, m.Person)
		if !found || name == "" {
			continue
		}
		if before != "" {
			pieces = append(pieces, commentPiece{Text: before})
		}
		pieces, rest = append(pieces, commentPiece{"@" + name, true}), after
	}
	if rest != "" {
		pieces = append(pieces, commentPiece{Text: rest})
	}
	return pieces
}
