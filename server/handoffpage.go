package server

import (
	"net/url"
	"strconv"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// The sheet of one handoff: what both sides must agree on, and their signatures.

type handoffPage struct {
	ID, Title         string
	State             state
	Account           link
	Signed, Live      string
	Meet              string
	Calendar          string // address of the meeting for a calendar; empty without one
	Edition           int64
	Round             int
	Done              bool
	MayEdit, MayAgain bool

	Parts             []handoffPart
	Contacts          []contactView
	Trainings         []trainingView
	Changes           []lineView
	Questions         []sheetQuestion
	Sides             []sideView
	Blocked           []string // why nobody can sign yet, in sentences
	Sales, Operations coverLine
	CoverGap          bool
	Agenda            []agendaItem
	Rounds            []roundView

	Unfold   string // whose form could not be taken: "head", "needs", "again"
	Form     handoffForm
	Needs    []needRow
	Line     lineForm
	Why      string
	NextMeet string
	Owners   []choice
	Zone     string
	Problems problems
}

// A lineView is a line of the sheet.
type lineView struct {
	At        int
	Text      string
	Who, When string
	Struck    string // by whom and when; empty when it holds
}

type contactView struct {
	lineView
	Name, Role string
	Decides    bool
}

type trainingView struct {
	lineView
	On, By string
}

type sheetQuestion struct {
	lineView
	Owner  string
	Open   bool
	Answer *lineView
	Reply  string // an answer that could not be taken
}

// A sideView is where one side stands.
type sideView struct {
	Function, Title string
	State           state
	May             bool // the visitor may sign for it now
	Blocked         bool // and nothing but the sheet keeps her from it
}

// An agendaItem is one of the points that the half hour goes through.
type agendaItem struct {
	Minutes    int
	Title, Now string
	URL        string
}

// A roundView is a meeting that was, or is under way.
type roundView struct {
	Number      int
	Began, Meet string
	Signed      []string
	Why, By     string // why it was repeated
	Questions   []string
	Undecided   []string
}

func (s *Server) handoff(r *request) error {
	h, err := s.prog.Handoff(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	return s.showHandoff(r, 200, h, handoffPage{})
}

// showHandoff shows the sheet as it is now; with a form that could not be taken,
// as it was filled in.
func (s *Server) showHandoff(r *request, status int, h *programme.Handoff, page handoffPage) error {
	ctx := r.Request.Context()
	a, err := s.prog.Account(ctx, h.Account)
	if err != nil {
		return err
	}
	requests, err := s.prog.RequestsOf(ctx, a.ID, requestsSize)
	if err != nil {
		return err
	}
	undecided, err := s.prog.Undecided(ctx, &h.Handoff)
	if err != nil {
		return err
	}
	who, err := s.prog.Persons(ctx, append(handoffPeople(&h.Handoff), a.Sales, a.Operations)...)
	if err != nil {
		return err
	}
	me := programme.ActorOf(r.who.Person)
	page.ID, page.Title, page.State, page.Edition, page.Round = h.ID, h.Title, r.handoffState(&h.Handoff), h.Edition, len(h.Rounds)
	page.Account, page.Done = link{accountURL(a.ID), a.Name}, h.Done()
	page.Signed, page.Zone = sayDay(r.say, h.Signed), r.zone().String()
	if !h.Live.IsZero() {
		page.Live = sayDay(r.say, h.Live)
	}
	if meet := h.Round().Meet; !meet.IsZero() && !page.Done {
		page.Meet, page.Calendar = momentIn(r.say, meet, r.zone()), handoffURL(h.ID)+"/meeting.ics"
	}
	page.MayEdit = !page.Done && me.MayEdit(&a.Account)
	page.MayAgain = !page.Done && (me.MaySign(standard.Sales, &a.Account) || me.MaySign(standard.Operations, &a.Account))
	cover := r.accountLine(a, who)
	page.Sales, page.Operations = cover.Sales, cover.Operations
	page.CoverGap = cover.Sales.Gap != "" || cover.Operations.Gap != ""
	page.Parts = s.handoffParts(r, h, requests, undecided)
	r.fillLines(&page, &h.Handoff, who)
	r.fillSides(&page, h, a, undecided, who)
	page.Agenda = r.agenda(&h.Handoff, undecided)
	for i := range h.Rounds {
		page.Rounds = append(page.Rounds, r.roundView(h, i, who))
	}
	if page.MayEdit {
		r.fillHandoffForms(&page, &h.Handoff)
	}
	return r.page(status, "handoff", h.Title, "requests", page)
}

// handoffPeople are the ids of all whom the sheet names.
func handoffPeople(h *standard.Handoff) (ids []string) {
	add := func(l standard.Line) {
		ids = append(ids, l.By)
		if l.Struck != nil {
			ids = append(ids, l.Struck.By)
		}
	}
	for _, c := range h.Contacts {
		add(c.Line)
	}
	for _, t := range h.Trainings {
		add(t.Line)
	}
	for _, c := range h.Changes {
		add(c)
	}
	for _, q := range h.Questions {
		if add(q.Line); q.Answer != nil {
			add(*q.Answer)
		}
	}
	for _, round := range h.Rounds {
		for _, s := range round.Signs {
			ids = append(ids, s.By)
		}
		if round.Again != nil {
			ids = append(ids, round.Again.By)
		}
	}
	return ids
}

func (r *request) lineView(at int, l standard.Line, who map[string]*people.Person) lineView {
	v := lineView{At: at, Text: l.Text, Who: r.nameOr(who, l.By), When: dayIn(r.say, l.At, r.zone())}
	if l.Struck != nil {
		v.Struck = r.t("handoff.struck", "Name", r.nameOr(who, l.Struck.By), "Day", dayIn(r.say, l.Struck.At, r.zone()))
	}
	return v
}

// fillLines fills in the lists of the sheet.
func (r *request) fillLines(page *handoffPage, h *standard.Handoff, who map[string]*people.Person) {
	for i, c := range h.Contacts {
		page.Contacts = append(page.Contacts, contactView{r.lineView(i, c.Line, who), c.Name, c.Role, c.Decides})
	}
	for i, t := range h.Trainings {
		page.Trainings = append(page.Trainings, trainingView{r.lineView(i, t.Line, who), sayDay(r.say, t.On), t.Who})
	}
	for i, c := range h.Changes {
		page.Changes = append(page.Changes, r.lineView(i, c, who))
	}
	for i, q := range h.Questions {
		v := sheetQuestion{lineView: r.lineView(i, q.Line, who), Owner: r.functionName(q.Owner), Open: q.Open()}
		if q.Answer != nil {
			answer := r.lineView(i, *q.Answer, who)
			v.Answer = &answer
		}
		if page.Line.Act == "answer" && page.Line.At == i {
			v.Reply = page.Line.Answer
		}
		page.Questions = append(page.Questions, v)
	}
}

// fillSides says where both sides stand, and what keeps them from signing.
func (r *request) fillSides(page *handoffPage, h *programme.Handoff, a *programme.Account, undecided []standard.Undecided, who map[string]*people.Person) {
	me := programme.ActorOf(r.who.Person)
	if len(h.Parts) == 0 {
		page.Blocked = append(page.Blocked, r.t("handoff.blocked.empty"))
	}
	if n := len(h.Unanswered()); n > 0 {
		page.Blocked = append(page.Blocked, r.t("handoff.blocked.questions", "N", n))
	}
	if len(undecided) > 0 {
		page.Blocked = append(page.Blocked, r.t("handoff.blocked.undecided", "N", len(undecided)))
	}
	mine := ""
	for _, s := range h.Round().Signs {
		if s.Edition == h.Edition && s.By == me.ID {
			mine = string(s.Function)
		}
	}
	for _, f := range standard.Sides() {
		side := sideView{Function: string(f), Title: r.functionName(f), State: state{Kind: "none", Icon: "ring", Word: r.t("handoff.side.open")}}
		if sign := h.SignedBy(f); sign != nil {
			side.State = state{Kind: "inside", Icon: "ok", Word: r.t("handoff.side.signed"), Why: r.t("channel.by-on", "Name", r.nameOr(who, sign.By), "Day", momentIn(r.say, sign.At, r.zone()))}
		} else {
			if h.Outdated(f) {
				side.State = state{Kind: "outside", Icon: "warning", Word: r.t("handoff.side.outdated"), Why: r.t("handoff.side.outdated-why")}
			}
			may := !page.Done && mine == "" && me.MaySign(f, &a.Account)
			side.May, side.Blocked = may && len(page.Blocked) == 0, may && len(page.Blocked) > 0
		}
		page.Sides = append(page.Sides, side)
	}
}

// agenda is the half hour, point by point, with what there is to each.
func (r *request) agenda(h *standard.Handoff, undecided []standard.Undecided) []agendaItem {
	count := func(n int, key string) string { return r.t("handoff.agenda."+key, "N", n) }
	contacts, trainings, changes := 0, 0, 0
	for _, c := range h.Contacts {
		if c.Decides && c.Line.Struck == nil {
			contacts++
		}
	}
	for _, t := range h.Trainings {
		if t.Line.Struck == nil {
			trainings++
		}
	}
	for _, c := range h.Changes {
		if c.Struck == nil {
			changes++
		}
	}
	return []agendaItem{
		{10, r.t("handoff.needs.title"), count(len(undecided), "undecided"), "#needs"},
		{5, r.t("handoff.contacts.title"), count(contacts, "deciders"), "#contacts"},
		{5, r.t("handoff.trainings.title"), count(trainings, "planned"), "#trainings"},
		{5, r.t("handoff.changes.title"), count(changes, "changed"), "#changes"},
		{5, r.t("handoff.questions.title"), count(len(h.Unanswered()), "open"), "#questions"},
	}
}

func (r *request) roundView(h *programme.Handoff, i int, who map[string]*people.Person) roundView {
	round := h.Rounds[i]
	v := roundView{Number: i + 1, Began: dayIn(r.say, round.Began, r.zone())}
	if !round.Meet.IsZero() {
		v.Meet = momentIn(r.say, round.Meet, r.zone())
	}
	for _, s := range round.Signs {
		v.Signed = append(v.Signed, r.t("handoff.round.signed", "Function", r.functionName(s.Function), "Name", r.nameOr(who, s.By), "Day", momentIn(r.say, s.At, r.zone())))
	}
	if again := round.Again; again != nil {
		v.Why, v.Questions = again.Why, again.Questions
		v.By = r.t("channel.by-on", "Name", r.nameOr(who, again.By), "Day", dayIn(r.say, again.At, r.zone()))
		for _, u := range again.Undecided {
			v.Undecided = append(v.Undecided, r.undecidedWords(u))
		}
	}
	return v
}

// undecidedWords names an undecided limit.
func (r *request) undecidedWords(u standard.Undecided) string {
	if u.Dimension == "" {
		return r.t("channel.part", "Number", u.Part+1)
	}
	return r.labelOf(u.Dimension)
}

// raiseURL is the form that raises a request for a need of an account.
func raiseURL(account string, parts ...standard.Asked) string {
	query := url.Values(standard.Fields(parts))
	query.Set("account", account)
	return "/requests/new?" + query.Encode()
}

// soldField is the field that says what was sold for a part, from 1.
func soldField(part int) string { return "sold-" + strconv.Itoa(part) }
