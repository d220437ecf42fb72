package server

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// The form that brings a request forward. It asks for the customer's aim first,
// shows what the standard says to the need, and what was decided before on the
// same limits, before anything is sent.

// mineSize is how many accounts of one's own the form offers.
const mineSize = 50

// fewPrecedents is how many earlier decisions a page shows.
const fewPrecedents = 5

type requestNewPage struct {
	Form       requestForm
	Accounts   []choice
	Offerings  []choice
	Parts      []raisePart
	Verdict    *state // what the standard says to the need; nil without one
	Nearest    []lackView
	SumAsk     string
	Seen       string // the limits whose precedents are shown
	Precedents []precedentView
	LookFirst  bool // it was held back, so that these are read
	Problems   problems
}

// requestForm is what the form may set, beside the need.
type requestForm struct {
	Once     string `form:"once" validate:"max=100"`
	Seen     string `form:"seen" validate:"max=1000"`
	Account  string `form:"account" validate:"max=200"`
	Aim      string `form:"aim"`
	Title    string `form:"title"`
	Value    string `form:"worth"`
	Sum      string `form:"sum" validate:"max=40"`
	Wanted   string `form:"wanted" validate:"max=20"`
	Links    string `form:"links" validate:"max=6000"`
	Offering string `form:"offering" validate:"max=200"`
	Look     string `form:"look" validate:"max=10"`
}

// A choice is one option of a form.
type choice struct {
	Value, Title string
	Chosen       bool
}

// A raisePart is one part of a need as fields.
type raisePart struct {
	Number int
	Fields []needField
}

// A lackView is a limit that does not hold.
type lackView struct {
	Offering           []link
	Label, Need, Limit string // Limit is empty where nothing is stated
}

// A precedentView is what was decided once on the same limit.
type precedentView struct {
	Title, URL string
	State      state
	Says       string
}

func (s *Server) newRequest(r *request) error {
	page := requestNewPage{Form: requestForm{Once: r.once(), Account: r.Query("account")}}
	return s.showNewRequest(r, 200, r.Request.URL.Query(), page)
}

// showNewRequest shows the form, with the need that the fields say.
func (s *Server) showNewRequest(r *request, status int, fields url.Values, page requestNewPage) error {
	ctx, lib := r.Request.Context(), r.lib()
	parts, wrong := lib.Lexicon().ReadAsked(fields, r.tongue())
	if page.Problems == nil {
		page.Problems = problems{}
	}
	r.fillNeed(&page, fields, wrong)
	page.SumAsk = r.t("request.sum.ask-plain")
	if c := lib.Currency; c != "" {
		page.SumAsk = r.t("request.sum.ask", "Currency", c)
	}
	answer, err := s.prog.Answer(parts)
	if err != nil {
		return err
	}
	if len(parts) > 0 && len(wrong) == 0 {
		verdict := r.verdictState(answer.Verdict)
		page.Verdict = &verdict
		for _, part := range answer.Parts {
			for _, l := range part.Lacks {
				page.Nearest = append(page.Nearest, lackView{r.offeringsByID(part.Offerings), r.labelOf(l.Dimension), r.saidIn(l.Dimension, l.Need), r.saidIn(l.Dimension, l.Limit)})
			}
		}
	}
	if page.Form.Title == "" && status == 200 {
		page.Form.Title = r.needInWords(parts)
	}
	if page.Form.Offering == "" && len(answer.Parts) > 0 && len(answer.Parts[0].Offerings) > 0 {
		page.Form.Offering = answer.Parts[0].Offerings[0]
	}
	limits := answer.Limits(lib.Dimensions)
	before, err := s.prog.Precedents(ctx, limits, fewPrecedents)
	if err != nil {
		return err
	}
	page.Seen, page.Precedents = strings.Join(limits, " "), r.precedentViews(before)
	for _, o := range lib.Offerings {
		page.Offerings = append(page.Offerings, choice{o.ID, o.Title, o.ID == page.Form.Offering})
	}
	if err := s.fillAccounts(r, &page); err != nil {
		return err
	}
	return r.narrow(status, "request-new", r.t("request.new.title"), "requests", page)
}

// fillNeed makes the fields of the need: those of each part that was given, and
// of a first one when nothing was.
func (r *request) fillNeed(page *requestNewPage, fields url.Values, wrong map[string]error) {
	for number := 1; number <= standard.MaxParts; number++ {
		part, given := raisePart{Number: number}, number == 1
		only := needName(number, standard.OnlyField)
		if wrong[only] != nil {
			page.Problems[only] = r.t("sell.only.unknown")
		}
		given = r.raiseOnly(&part, fields, page.Problems[only]) || given
		for _, dim := range r.lib().Dimensions {
			name := needName(number, dim.Name)
			value := strings.Join(fields[name], ", ")
			if given = given || strings.TrimSpace(value) != ""; wrong[name] != nil {
				page.Problems[name] = r.badValue(dim, wrong[name])
			}
			part.Fields = append(part.Fields, r.needField(name, dim, value, page.Problems[name]))
		}
		if given {
			page.Parts = append(page.Parts, part)
		}
	}
}

// badValue says how to write what could not be read of a dimension.
func (r *request) badValue(dim standard.Dimension, err error) string {
	if says := r.badDigits(dim, err); says != "" {
		return says
	}
	return r.t("channel.problem.value", "Example", r.exampleOf(dim))
}

// needInWords is a need in a line, for a title.
func (r *request) needInWords(parts []standard.Asked) string {
	var words []string
	for _, part := range parts {
		if len(part.Only) > 0 {
			words = append(words, r.onlyTitles(part.Only))
		}
		for _, l := range part.Lines {
			words = append(words, r.labelOf(l.Dimension)+" "+r.saidIn(l.Dimension, l.Value))
		}
	}
	text := []rune(strings.Join(words, ", "))
	return string(text[:min(len(text), standard.MaxTitle)])
}

// fillAccounts offers the visitor's own accounts, and the one that she came from.
func (s *Server) fillAccounts(r *request, page *requestNewPage) error {
	list, err := s.ownAccounts(r, page.Form.Account)
	for _, a := range list {
		page.Accounts = append(page.Accounts, choice{a.ID, a.Name, a.ID == page.Form.Account})
	}
	return err
}

// ownAccounts are those that the visitor looks after, as many as a form offers, and
// the one that it has chosen.
func (s *Server) ownAccounts(r *request, chosen string) ([]*programme.Account, error) {
	list, _, err := s.prog.MyAccounts(r.Request.Context(), r.who.ID, mineSize)
	if err != nil || chosen == "" || slices.ContainsFunc(list, func(a *programme.Account) bool { return a.ID == chosen }) {
		return list, err
	}
	a, err := s.prog.Account(r.Request.Context(), chosen)
	if errors.Is(err, programme.ErrNotFound) {
		return list, nil
	} else if err != nil {
		return nil, err
	}
	return append(list, a), nil
}

func (r *request) precedentViews(list []*programme.Request) (views []precedentView) {
	for _, q := range list {
		d := q.Decision
		if d == nil {
			continue
		}
		v := precedentView{Title: q.Title, URL: requestURL(q.ID), State: r.requestState(q), Says: d.Reason}
		if d.Outcome == standard.Declined {
			v.Says = r.t("request.precedent.instead", "Instead", d.Instead)
		}
		views = append(views, v)
	}
	return views
}

// raiseRequest brings a request forward. One whose precedents were not on the page
// is held back once, so that they are read before it is sent.
func (s *Server) raiseRequest(r *request) error {
	var form requestForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	fields, err := r.form()
	if err != nil {
		return err
	}
	form.Once = cmp.Or(form.Once, r.once())
	page := requestNewPage{Form: form, Problems: found}
	if form.Look != "" {
		page.Problems = nil
		return s.showNewRequest(r, 200, fields, page)
	}
	raised := standard.Request{Account: form.Account, Aim: form.Aim, Title: form.Title, Value: form.Value, Links: strings.Split(form.Links, "\n"), Offering: form.Offering}
	if page.Problems == nil {
		page.Problems = problems{}
	}
	var wrong map[string]error
	if raised.Parts, wrong = r.lib().Lexicon().ReadAsked(fields, r.tongue()); len(wrong) > 0 {
		for name := range wrong {
			page.Problems[name] = "" // said with the field
		}
	}
	if raised.Worth, err = standard.ParseSum(form.Sum, r.lib().Currency); err != nil {
		page.Problems["sum"] = r.t("channel.problem.sum")
	}
	if raised.Wanted, err = dayField(form.Wanted); err != nil {
		page.Problems["wanted"] = r.t("channel.problem.day")
	}
	check := raised // what is wrong is said before earlier decisions are
	for field, sentence := range r.invalid(check.CheckRaised(r.today())) {
		page.Problems[field] = sentence
	}
	if len(page.Problems) > 0 {
		return s.showNewRequest(r, 422, fields, page)
	}
	if page.LookFirst, err = s.toLookAt(r, raised.Parts, form.Seen); err != nil {
		return err
	}
	if page.LookFirst {
		return s.showNewRequest(r, 200, fields, page)
	}
	q, err := s.prog.Raise(r.Request.Context(), r.who.Person, programme.Raised{Request: raised, Once: form.Once})
	if found := r.invalid(err); found != nil {
		page.Problems = found
		return s.showNewRequest(r, 422, fields, page)
	}
	if err != nil {
		return err
	}
	return r.see(requestURL(q.ID) + "?done=raised")
}

// toLookAt reports whether there are earlier decisions on the limits of the need
// that the page did not show.
func (s *Server) toLookAt(r *request, parts []standard.Asked, seen string) (bool, error) {
	answer, err := s.prog.Answer(parts)
	if err != nil {
		return false, err
	}
	limits := answer.Limits(r.lib().Dimensions)
	if strings.Join(limits, " ") == seen {
		return false, nil
	}
	before, err := s.prog.Precedents(r.Request.Context(), limits, 1)
	return len(before) > 0, err
}
