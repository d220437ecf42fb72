package server

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// One brief: both goals side by side, what belongs to them, and what the visitor can
// do about it.

type briefPage struct {
	ID, Title     string
	State         state
	Sender, Guest string
	Account       link
	When, Decides string
	Calendar      string // address of the meeting for a calendar; empty while it is not on
	Known         int

	Goal, Why, Homework string
	GuestGoal           string // empty while she has not said
	Note                string // what she says is missing, or says besides
	Missing             bool   // it is missing
	Aligned             state
	Worth               []worthLine
	Earlier             []saidBefore
	Ended               string // by whom and when the brief was withdrawn, or the sender went alone; empty otherwise
	Clause              link

	Answer      *briefAnswer // the visitor may answer; Again: anew
	Complete    bool         // she may say all of it anew
	Owed        bool         // it waits for just that
	MayWithdraw bool
	MayGoAlone  bool
	NotHeld     bool // the meeting is over: to withdraw is to say that it did not take place
	MayJudge    bool
	Form        briefForm
	WorthWhy    string
	Zone        string
	Kept        []string // what was typed into a form that is not there any more
	Unfold      string   // whose form could not be taken: "complete"
	Problems    problems
}

// briefAnswer is what the guest may set.
type briefAnswer struct {
	Known   int64  `form:"known"`
	Goal    string `form:"goal"`
	Comes   string `form:"comes" validate:"max=10"`
	Aligned string `form:"aligned" validate:"max=10"`
	Missing string `form:"missing"`
	Again   bool   `form:"-"` // she has answered before
}

// A worthLine is what one of the two says of the meeting.
type worthLine struct {
	Name  string
	State state
	Why   string
}

// A saidBefore is what was said before the last word of each.
type saidBefore struct {
	Who, When string
	Guest     bool
	Parts     []saidPart
}

type saidPart struct{ Label, Text string }

func (s *Server) brief(r *request) error {
	b, err := s.prog.Brief(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	return s.showBrief(r, 200, b, briefPage{})
}

// showBrief shows a brief; with a form that could not be taken, as it was filled in.
func (s *Server) showBrief(r *request, status int, b *programme.Brief, page briefPage) error {
	ctx := r.Request.Context()
	who, err := s.prog.Persons(ctx, b.Sender, b.Guest)
	if err != nil {
		return err
	}
	accounts, err := s.prog.AccountsByID(ctx, b.Account)
	if err != nil {
		return err
	}
	v := b.Invitation()
	page.ID, page.State, page.Known = b.ID, r.briefState(b, who), len(b.Said)
	page.Sender, page.Guest = r.nameOr(who, b.Sender), r.nameOr(who, b.Guest)
	page.When, page.Decides, page.Zone, page.Clause = r.briefWhen(v), v.Decides, r.zone().String(), r.briefClause()
	page.Title = r.t("brief.heading", "Day", sayDay(r.say, v.On))
	if a := accounts[b.Account]; a != nil {
		page.Account = link{accountURL(a.ID), a.Name}
		page.Title = r.t("brief.heading-with", "Account", a.Name, "Day", sayDay(r.say, v.On))
	}
	page.Goal, page.Why, page.Homework = v.Goal, v.Why, v.Homework
	r.fillResponse(&page, b)
	if c := b.Closed; c != nil {
		page.Ended = r.t("channel.by-on", "Name", page.Sender, "Day", momentIn(r.say, c.At, r.zone()))
	}
	if b.State(r.now) == standard.BriefOn {
		page.Calendar = briefURL(b.ID) + "/meeting.ics"
	}
	r.fillWorth(&page, b, who)
	r.fillEarlier(&page, b)
	r.fillBriefForms(&page, b)
	return r.page(status, "brief", page.Title, "requests", page)
}

// fillResponse says what the guest wants, and whether the goals align: of what she
// said last, also when the sender has said all of it anew since.
func (r *request) fillResponse(page *briefPage, b *programme.Brief) {
	page.Aligned = state{Kind: "owed", Icon: "clock", Word: r.t("brief.aligned.open")}
	for i := len(b.Said) - 1; i >= 0; i-- {
		if said := b.Said[i].Response; said != nil {
			page.GuestGoal = said.Goal
			break
		}
	}
	last := b.Response()
	if last == nil {
		return
	}
	page.Note, page.Missing = last.Missing, last.Comes != standard.Yes || last.Aligned != standard.Yes
	if last.Aligned == standard.Yes {
		page.Aligned = state{Kind: "inside", Icon: "ok", Word: r.t("brief.aligned.yes")}
	} else {
		page.Aligned = state{Kind: "outside", Icon: "delta", Word: r.t("brief.aligned.not-yet")}
	}
}

// fillWorth says what the two say of the meeting: to one of them only when she has
// said it herself, so that neither repeats the other.
func (r *request) fillWorth(page *briefPage, b *programme.Brief, who map[string]*people.Person) {
	if len(b.Worth) == 0 || b.MayJudge(programme.ActorOf(r.who.Person), r.now) == nil {
		return
	}
	for _, id := range []string{b.Sender, b.Guest} {
		line := worthLine{Name: r.nameOr(who, id), State: state{Kind: "none", Icon: "clock", Word: r.t("brief.worth.open")}}
		if w := b.WorthBy(id); w != nil {
			line.Why = w.Why
			if line.State = (state{Kind: "inside", Icon: "ok", Word: r.t("brief.worth.yes")}); w.Was == standard.No {
				line.State = state{Kind: "outside", Icon: "dash", Word: r.t("brief.worth.no")}
			}
		}
		page.Worth = append(page.Worth, line)
	}
}

// fillEarlier lists what was said before, the latest first: all but what stands above.
func (r *request) fillEarlier(page *briefPage, b *programme.Brief) {
	shown := b.Invitation()
	for i := len(b.Said) - 1; i >= 0; i-- {
		said := b.Said[i]
		if said.Invitation == shown || said.Response != nil && i == len(b.Said)-1 {
			continue
		}
		one := saidBefore{When: momentIn(r.say, said.At, r.zone())}
		if v := said.Invitation; v != nil {
			one.Who = page.Sender
			one.Parts = []saidPart{{r.t("brief.goal.short"), v.Goal}, {r.t("brief.why.short"), v.Why}, {r.t("brief.homework.short"), v.Homework}, {r.t("brief.decides.short"), v.Decides}, {r.t("brief.when"), r.briefWhen(v)}}
		} else {
			one.Who, one.Guest = page.Guest, true
			one.Parts = []saidPart{{r.t("brief.goal.short"), said.Response.Goal}, {r.t("brief.missing.short"), said.Response.Missing}, {r.t("brief.aligned.short"), r.t("brief.aligned." + string(said.Response.Aligned))}}
		}
		one.Parts = slices.DeleteFunc(one.Parts, func(p saidPart) bool { return p.Text == "" })
		page.Earlier = append(page.Earlier, one)
	}
}

// fillBriefForms offers what the visitor can do about it now.
func (r *request) fillBriefForms(page *briefPage, b *programme.Brief) {
	me := programme.ActorOf(r.who.Person)
	may := b.MayAnswer(me, r.now) == nil
	if a := page.Answer; a != nil && !may {
		page.Kept, page.Answer = append(page.Kept, a.Goal, a.Missing), nil
	}
	if may && page.Answer == nil {
		page.Answer = &briefAnswer{Goal: page.GuestGoal}
		if last := b.Response(); last != nil {
			page.Answer.Comes, page.Answer.Aligned, page.Answer.Missing = string(last.Comes), string(last.Aligned), last.Missing
		}
	}
	if page.Answer != nil {
		page.Answer.Known, page.Answer.Again = int64(len(b.Said)), b.Response() != nil
	}
	page.Complete = b.MaySend(me, r.now) == nil
	page.Owed = page.Complete && b.State(r.now) == standard.BriefBack
	if f := page.Form; !page.Complete {
		page.Kept = append(page.Kept, f.Goal, f.Why, f.Homework, f.Decides)
	} else if f == (briefForm{}) {
		page.Form = r.formOf(b.Invitation())
	}
	page.MayWithdraw, page.MayGoAlone = b.MayClose(me, standard.Withdrawn, r.now) == nil, b.MayClose(me, standard.Without, r.now) == nil
	page.MayJudge = b.MayJudge(me, r.now) == nil
	page.NotHeld = b.State(r.now) == standard.BriefOver
	if !page.MayJudge {
		page.Kept = append(page.Kept, page.WorthWhy)
	}
	page.Kept = slices.DeleteFunc(page.Kept, func(text string) bool { return strings.TrimSpace(text) == "" })
}
