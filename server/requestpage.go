package server

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// The page of one request: what it is about, what was said, what the visitor may
// do now.

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
		page.Worth = r.t("insights.a-year", "Sum", standard.SaySum(q.Worth, r.lib().Currency))
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

// fillForms fills in what the visitor may do. What a form that could not be taken
// had in it is there already.
func (r *request) fillForms(page *requestPage, q *programme.Request, who map[string]*people.Person) {
	actor := programme.ActorOf(r.who.Person)
	page.KnownComments = q.CommentsOf(r.who.ID)
	page.MayAck = q.MayAcknowledge(actor) == nil
	page.Asked = q.Asks == r.who.ID
	page.Named, page.AllComments = q.Called(r.who.ID), len(q.Comments)
	var filled []voiceForm
	filled, page.Mine = page.Mine, nil
	for _, f := range standard.Functions() {
		if q.MaySpeak(actor, f) != nil {
			continue
		}
		form := voiceForm{Function: string(f)}
		if i := slices.IndexFunc(filled, func(v voiceForm) bool { return v.Function == string(f) }); i >= 0 {
			form = filled[i]
		}
		form.Title, form.ChangesAsk = r.functionName(f), r.t("request.changes."+string(f))
		form.Known, form.Again = q.VoicesOf(f), q.Spoken(f)
		form.Stands = r.stands(form.Stands)
		form.Offerings = r.offeringChoices(form.Offerings)
		page.Mine = append(page.Mine, form)
	}
	if page.Open {
		page.Decides = r.decidesWhen(q, who)
	}
	if q.MayDecide(actor, r.now) == nil {
		form := page.Decide
		if form == nil {
			form = &decideForm{}
		}
		r.fillDecide(form, q)
		page.Decide = form
	} else if page.Decide != nil {
		page.Kept, page.Decide = append(page.Kept, page.Decide.typed()...), nil
	}
	if q.MayDelegate(actor) == nil {
		if page.Delegate == nil {
			page.Delegate = &delegateForm{}
		}
		page.Delegate.Known, page.Delegate.Now = len(q.Delegations), nameOf(who, q.Delegate())
	} else {
		page.Delegate = nil
	}
	for _, form := range filled {
		if !slices.ContainsFunc(page.Mine, func(v voiceForm) bool { return v.Function == form.Function }) {
			page.Kept = append(page.Kept, form.Changes, form.Text)
		}
	}
	page.Kept = slices.DeleteFunc(page.Kept, func(text string) bool { return strings.TrimSpace(text) == "" })
}

// typed is what somebody wrote into the form.
func (f *decideForm) typed() []string { return []string{f.Reason, f.Conditions, f.Price, f.Instead} }

// decidesWhen says who decides, and from when on.
func (r *request) decidesWhen(q *programme.Request, who map[string]*people.Person) string {
	decider := r.functionName(q.Owner)
	if name := nameOf(who, q.Delegate()); name != "" {
		decider = r.t("request.decides.or", "Function", decider, "Name", name)
	}
	if r.now.Before(q.ReadyAt()) {
		return r.t("request.decides.later", "Decider", decider, "When", momentIn(r.say, q.Due, r.zone()))
	}
	return r.t("request.decides.now", "Decider", decider)
}

func (r *request) stands(chosen []choice) (list []choice) {
	for _, stand := range standard.Stands() {
		list = append(list, choice{string(stand), r.t("request.stand." + string(stand)), isChosen(chosen, string(stand))})
	}
	return list
}

func isChosen(list []choice, value string) bool {
	return slices.ContainsFunc(list, func(c choice) bool { return c.Value == value && c.Chosen })
}

// choices are what a form had chosen.
func choices(values ...string) (list []choice) {
	for _, v := range values {
		list = append(list, choice{Value: v, Chosen: true})
	}
	return list
}

func (r *request) offeringChoices(chosen []choice) (list []choice) {
	for _, o := range r.lib().Offerings {
		list = append(list, choice{o.ID, o.Title, isChosen(chosen, o.ID)})
	}
	return list
}

func (r *request) fillDecide(form *decideForm, q *programme.Request) {
	form.Known = len(q.Voices)
	var outcomes []choice
	for _, o := range standard.Outcomes() {
		outcomes = append(outcomes, choice{string(o), r.t("request.outcome." + string(o)), isChosen(form.Outcomes, string(o))})
	}
	if form.Outcomes == nil { // what the voices proposed is ticked
		for _, v := range q.Voices {
			form.Offerings = append(form.Offerings, choices(v.Offerings...)...)
		}
	}
	form.Outcomes, form.Offerings = outcomes, r.offeringChoices(form.Offerings)
	clauses := form.Clauses
	form.Clauses = nil
	for _, o := range r.lib().Offerings {
		group := clauseGroup{Title: o.Title}
		for _, c := range o.Clauses {
			group.Clauses = append(group.Clauses, choice{c.ID, c.Title, clauseChosen(clauses, c, q, o)})
		}
		form.Clauses = append(form.Clauses, group)
	}
}

// clauseChosen is the clause that was chosen, or else the one that states the
// first limit that the request asks to bend.
func clauseChosen(before []clauseGroup, c *content.Clause, q *programme.Request, o *content.Offering) bool {
	if len(before) > 0 {
		return isChosen(before[0].Clauses, c.ID)
	}
	return o.ID == q.Offering && len(q.Limits) > 0 && slices.Contains(c.Dimensions, q.Limits[0])
}
