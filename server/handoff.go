package server

import (
	"cmp"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// Handoffs: the list, and the form that begins one. Everybody signed in may read;
// who may write on a sheet and sign it is a rule of package standard.

// handoffsSize is how many handoffs a page lists, and how many of one's own.
const handoffsSize = 30

type handoffsPage struct {
	Mine, List []requestLine
	Done       bool // the list is of those that both sides have signed
	Next       string
	First      string // URL of the first page, when this is another one
}

func (s *Server) handoffs(r *request) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(r.Query("after"))
	which := r.Query("state")
	if err != nil || which != "" && which != "done" {
		return errNoPage
	}
	page := handoffsPage{Done: which == "done"}
	list, next, err := s.prog.Handoffs(ctx, !page.Done, after, handoffsSize)
	if err != nil {
		return noPlace(err)
	}
	base := url.Values{}
	if page.Done {
		base.Set("state", "done")
	}
	page.First, page.Next = pageLinks("/handoffs", base, after, next)
	var mine []*programme.Handoff
	if after.IsZero() && !page.Done {
		if mine, err = s.prog.MyHandoffs(ctx, r.who.ID, handoffsSize); err != nil {
			return err
		}
	}
	if page.Mine, err = s.handoffLines(r, mine); err != nil {
		return err
	}
	if page.List, err = s.handoffLines(r, list); err != nil {
		return err
	}
	return r.page(200, "handoffs", r.t("handoff.title"), "requests", page)
}

// handoffLines are handoffs at a glance.
func (s *Server) handoffLines(r *request, list []*programme.Handoff) (lines []requestLine, err error) {
	var who, accounts []string
	for _, h := range list {
		who, accounts = append(who, h.By), append(accounts, h.Account)
	}
	people, err := s.prog.Persons(r.Request.Context(), who...)
	if err != nil {
		return nil, err
	}
	named, err := s.prog.AccountsByID(r.Request.Context(), accounts...)
	if err != nil {
		return nil, err
	}
	for _, h := range list {
		line := requestLine{Title: h.Title, URL: handoffURL(h.ID), State: r.handoffState(&h.Handoff), Who: nameOf(people, h.By), When: dayIn(r.say, h.At, r.zone())}
		if a := named[h.Account]; a != nil {
			line.Account = a.Name
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// handoffState says where a handoff stands.
func (r *request) handoffState(h *standard.Handoff) state {
	sales, operations := h.SignedBy(standard.Sales), h.SignedBy(standard.Operations)
	if sales != nil && operations != nil {
		last := sales.At
		if operations.At.After(last) {
			last = operations.At
		}
		return state{Kind: "inside", Icon: "ok", Word: r.t("handoff.state.done"), Why: dayIn(r.say, last, r.zone())}
	}
	why := r.t("handoff.state.no-meeting")
	if meet := h.Round().Meet; !meet.IsZero() {
		why = r.t("handoff.state.meets", "When", momentIn(r.say, meet, r.zone()))
	}
	switch {
	case sales != nil:
		return state{Kind: "owed", Icon: "half", Word: r.t("handoff.state.missing", "Function", r.functionName(standard.Operations)), Why: why}
	case operations != nil:
		return state{Kind: "owed", Icon: "half", Word: r.t("handoff.state.missing", "Function", r.functionName(standard.Sales)), Why: why}
	}
	return state{Kind: "owed", Icon: "clock", Word: r.t("handoff.state.round", "N", len(h.Rounds)), Why: why}
}

type handoffNewPage struct {
	Form     handoffForm
	Account  link // of the one that it is about; empty: choose one of Accounts
	Accounts []choice
	Sheets   []sheetChoice
	Zone     string
	Problems problems
}

// A sheetChoice is a requirement sheet that is kept with the account.
type sheetChoice struct {
	choice
	Parts     [][]askedLine
	Who, When string
}

// handoffForm is what the form that begins a handoff may set; the sheet's own
// form sets some of the same fields.
type handoffForm struct {
	Once    string `form:"once" validate:"max=100"`
	Account string `form:"account" validate:"max=200"`
	Title   string `form:"title"`
	Signed  string `form:"signed" validate:"max=20"`
	Live    string `form:"live" validate:"max=20"`
	Meet    string `form:"meet" validate:"max=30"`
	Sheet   string `form:"sheet" validate:"max=10"` // place of a requirement sheet; "none"
}

func (s *Server) newHandoff(r *request) error {
	return s.showNewHandoff(r, 200, handoffNewPage{Form: handoffForm{Once: r.once(), Account: r.Query("account")}})
}

func (s *Server) showNewHandoff(r *request, status int, page handoffNewPage) error {
	ctx := r.Request.Context()
	page.Zone = r.zone().String()
	if page.Form.Account == "" {
		mine, _, err := s.prog.MyAccounts(ctx, r.who.ID, mineSize)
		if err != nil {
			return err
		}
		for _, a := range mine {
			page.Accounts = append(page.Accounts, choice{a.ID, a.Name, false})
		}
		return r.narrow(status, "handoff-new", r.t("handoff.new.title"), "requests", page)
	}
	a, err := s.prog.Account(ctx, page.Form.Account)
	if err != nil {
		return err
	}
	if !programme.ActorOf(r.who.Person).MayEdit(&a.Account) {
		return errForbidden
	}
	page.Account = link{accountURL(a.ID), a.Name}
	var by []string
	for _, k := range a.Requirements {
		by = append(by, k.By)
	}
	who, err := s.prog.Persons(ctx, by...)
	if err != nil {
		return err
	}
	for i := len(a.Requirements) - 1; i >= 0; i-- { // the latest is what was sold, most likely
		k := a.Requirements[i]
		chosen := page.Form.Sheet == strconv.Itoa(i) || page.Form.Sheet == "" && i == len(a.Requirements)-1
		page.Sheets = append(page.Sheets, sheetChoice{choice{strconv.Itoa(i), "", chosen}, r.askedLines(k.Parts), nameOf(who, k.By), dayIn(r.say, k.At, r.zone())})
	}
	return r.narrow(status, "handoff-new", r.t("handoff.new.title"), "requests", page)
}

// beginHandoff begins one, and leads to it.
func (s *Server) beginHandoff(r *request) error {
	var form handoffForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	form.Once = cmp.Or(form.Once, r.once())
	a, err := s.prog.Account(r.Request.Context(), form.Account)
	if err != nil {
		return err
	}
	if !programme.ActorOf(r.who.Person).MayEdit(&a.Account) {
		return errForbidden
	}
	begun := programme.NewHandoff{Account: a.ID, Title: form.Title, Once: form.Once}
	if found == nil {
		found = problems{}
	}
	r.readDays(form, &begun, found)
	if i, err := strconv.Atoi(form.Sheet); err == nil && i >= 0 && i < len(a.Requirements) {
		begun.Parts = a.Requirements[i].Parts
	}
	if len(found) > 0 {
		return s.showNewHandoff(r, 422, handoffNewPage{Form: form, Problems: found})
	}
	h, err := s.prog.BeginHandoff(r.Request.Context(), r.who.Person, begun)
	if errors.Is(err, programme.ErrInvalid) { // the standard has lost a dimension since
		begun.Parts = nil
		h, err = s.prog.BeginHandoff(r.Request.Context(), r.who.Person, begun)
	}
	if found := r.invalid(err); found != nil {
		return s.showNewHandoff(r, 422, handoffNewPage{Form: form, Problems: found})
	}
	if err != nil {
		return err
	}
	return r.see(handoffURL(h.ID) + "?done=handoff-begun")
}

// readDays reads the days of a form, and when the round meets.
func (r *request) readDays(form handoffForm, into *programme.NewHandoff, found problems) {
	for field, one := range map[string]struct {
		text string
		to   *standard.Day
	}{"signed": {form.Signed, &into.Signed}, "live": {form.Live, &into.Live}} {
		day, err := dayField(one.text)
		if err != nil {
			found[field] = r.t("channel.problem.day")
		}
		*one.to = day
	}
	meet, err := r.momentField(form.Meet)
	if err != nil {
		found["meet"] = r.t("handoff.problem.moment")
	}
	into.Meet = meet
}

// fieldTime is how a browser writes a moment into a form, without a zone.
const fieldTime = "2006-01-02T15:04"

// momentField reads a moment of a form, which is in the visitor's time zone; empty
// is the zero time.
func (r *request) momentField(text string) (time.Time, error) {
	text = strings.Replace(strings.TrimSpace(text), " ", "T", 1)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(fieldTime, text, r.zone())
	if err != nil {
		t, err = time.ParseInLocation(fieldTime+":05", text, r.zone())
	}
	return t.UTC(), err
}

// momentValue writes a moment into a form.
func (r *request) momentValue(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(r.zone()).Format(fieldTime)
}

// handoffsOf are the handoffs of an account.
func (s *Server) handoffsOf(r *request, account string) ([]requestLine, error) {
	list, err := s.prog.HandoffsOf(r.Request.Context(), account, handoffsSize)
	if err != nil {
		return nil, err
	}
	lines, err := s.handoffLines(r, list)
	for i := range lines {
		lines[i].Account = ""
	}
	return lines, err
}
