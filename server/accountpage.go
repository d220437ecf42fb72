package server

import (
	"errors"
	"net/url"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

type accountPage struct {
	accountLine
	ID         string
	MayWrite   bool
	Form       accountForm
	Covered    int // how often it was said who looks after it
	Known      int // notes
	Before     []noteLine
	Notes      []noteLine
	Side       string // of the note that could not be taken
	Text       string // its text
	Sides      []sideChoice
	Kept       []keptLine
	Requests   []requestLine
	Exceptions []exceptionLine
	RaiseURL   string
	AskURL     string
	Handoffs   []requestLine
	HandoffURL string // begins one; empty when the visitor may not
	Briefs     []requestLine
	BriefURL   string // asks somebody along
	Problems   problems
}

// A noteLine is what somebody wrote, and when.
type noteLine struct{ Side, Text, Who, When string }

type sideChoice struct {
	Side, Title string
	Chosen      bool
}

// A keptLine is a requirement sheet: what was asked for, and what the standard
// said to it on that day.
type keptLine struct {
	Parts     [][]askedLine
	State     state
	Who, When string
	RaiseURL  string
}

// An askedLine is what is asked for in one dimension, for people.
type askedLine struct {
	Label, Value string
	Own          bool // the label is in the page's language, not the content's
}

func (s *Server) account(r *request) error {
	a, err := s.prog.Account(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	return s.showAccount(r, 200, a, accountPage{})
}

// showAccount shows an account; with a form that could not be taken, as it was
// filled in.
func (s *Server) showAccount(r *request, status int, a *programme.Account, page accountPage) error {
	ids := coverIDs([]*programme.Account{a})
	for _, n := range a.Notes {
		ids = append(ids, n.By)
	}
	for _, k := range a.Requirements {
		ids = append(ids, k.By)
	}
	for _, c := range a.Covered {
		ids = append(ids, c.By, c.Sales, c.Operations)
	}
	who, err := s.prog.Persons(r.Request.Context(), ids...)
	if err != nil {
		return err
	}
	page.accountLine, page.ID, page.MayWrite = r.accountLine(a, who), a.ID, a.MayWrite(r.who.Person)
	if err := s.fillAccountRequests(r, a, &page); err != nil {
		return err
	}
	if page.Handoffs, err = s.handoffsOf(r, a.ID); err != nil {
		return err
	}
	page.BriefURL = "/briefs/new?" + url.Values{"account": {a.ID}}.Encode()
	if page.Briefs, err = s.briefsOf(r, a.ID); err != nil {
		return err
	}
	if programme.ActorOf(r.who.Person).MayEdit(&a.Account) {
		page.HandoffURL = "/handoffs/new?" + url.Values{"account": {a.ID}}.Encode()
	}
	page.Covered, page.Known = len(a.Covered), len(a.Notes)
	if page.Problems["sales"]+page.Problems["operations"]+page.Problems["crm_id"] == "" {
		page.Form = accountForm{CRM: a.CRM, Sales: page.Sales.Email, Operations: page.Operations.Email}
	}
	for i := len(a.Notes) - 1; i >= 0; i-- {
		n := a.Notes[i]
		line := noteLine{Text: n.Text, Who: nameOf(who, n.By), When: momentIn(r.say, n.At, r.zone())}
		if n.Side != "" {
			line.Side = r.t("account.learned." + string(n.Side))
		}
		page.Notes = append(page.Notes, line)
	}
	for i := len(a.Covered) - 2; i >= 0; i-- { // the last one holds, and stands above
		c := a.Covered[i]
		page.Before = append(page.Before, noteLine{
			Text: r.t("account.before", "Sales", r.nameOr(who, c.Sales), "Operations", r.nameOr(who, c.Operations)),
			When: dayIn(r.say, a.Covered[i+1].At, r.zone()),
		})
	}
	for i := len(a.Requirements) - 1; i >= 0; i-- {
		page.Kept = append(page.Kept, r.keptLine(a, a.Requirements[i], who))
	}
	for _, f := range append([]standard.Function{""}, standard.Functions()...) {
		title := r.t("account.note.any-side")
		if f != "" {
			title = r.t("function." + string(f))
		}
		page.Sides = append(page.Sides, sideChoice{string(f), title, string(f) == page.Side})
	}
	return r.page(status, "account", a.Name, "requests", page)
}

// fillAccountRequests lists what was asked for beyond the box, and what is in
// force of it.
func (s *Server) fillAccountRequests(r *request, a *programme.Account, page *accountPage) (err error) {
	page.RaiseURL = "/requests/new?" + url.Values{"account": {a.ID}}.Encode()
	page.AskURL = "/can-sell?" + url.Values{"account": {a.ID}}.Encode()
	if page.Exceptions, err = s.exceptionsOn(r, programme.AccountPlace(a.ID)); err != nil {
		return err
	}
	requests, err := s.prog.RequestsOf(r.Request.Context(), a.ID, requestsSize)
	if err != nil {
		return err
	}
	names, err := s.namesFor(r, requests)
	for _, q := range requests {
		line := r.requestLine(q, names)
		line.Account = "" // is the page's title
		page.Requests = append(page.Requests, line)
	}
	return err
}

func (r *request) keptLine(a *programme.Account, k standard.Requirements, who map[string]*people.Person) keptLine {
	query := url.Values(standard.Fields(k.Parts))
	query.Set("account", a.ID)
	return keptLine{RaiseURL: "/requests/new?" + query.Encode(), Parts: r.askedLines(k.Parts), State: r.verdictState(k.Verdict), Who: nameOf(who, k.By), When: dayIn(r.say, k.At, r.zone())}
}

// askedLines says a kept need in words.
func (r *request) askedLines(parts []standard.Asked) (list [][]askedLine) {
	for _, part := range parts {
		var lines []askedLine
		if len(part.Only) > 0 {
			lines = append(lines, askedLine{r.t("sell.only.title"), r.onlyTitles(part.Only), true})
		}
		for _, l := range part.Lines {
			lines = append(lines, askedLine{r.labelOf(l.Dimension), r.saidIn(l.Dimension, l.Value), false})
		}
		list = append(list, lines)
	}
	return list
}

// labelOf is a dimension's label; one that the library has lost goes by its name.
func (r *request) labelOf(dimension string) string {
	for _, dim := range r.lib().Dimensions {
		if dim.Name == dimension {
			return dim.Label
		}
	}
	return dimension
}

// saidIn says a kept value by the names that people read.
func (r *request) saidIn(dimension, value string) string {
	for _, dim := range r.lib().Dimensions {
		if dim.Name == dimension {
			if v, err := standard.ParseValue(dim, value); err == nil {
				return r.figure(dim, v)
			}
		}
	}
	return value
}

// verdictState says a verdict as a state.
func (r *request) verdictState(v standard.Verdict) state {
	switch v {
	case standard.Inside:
		return state{Kind: "inside", Icon: "ok", Word: r.t("channel.verdict.inside")}
	case standard.Combination:
		return state{Kind: "inside", Icon: "plus", Word: r.t("channel.verdict.combination")}
	default:
		return state{Kind: "outside", Icon: "out", Word: r.t("channel.verdict.outside")}
	}
}

// nameOf is the name of somebody among those that were read.
func nameOf(who map[string]*people.Person, id string) string {
	if p := who[id]; p != nil {
		return p.Name()
	}
	return ""
}

func (r *request) nameOr(who map[string]*people.Person, id string) string {
	if name := nameOf(who, id); name != "" {
		return name
	}
	return r.t("account.nobody")
}

// accountToWrite is the account that a form is about, when the visitor may
// write to it.
func (s *Server) accountToWrite(r *request) (*programme.Account, url.Values, error) {
	a, err := s.prog.Account(r.Request.Context(), r.Param("id"))
	if err != nil {
		return nil, nil, err
	}
	form, err := r.form()
	if err != nil {
		return nil, nil, err
	}
	if !a.MayWrite(r.who.Person) {
		return nil, nil, errForbidden
	}
	return a, form, nil
}

// coverAccount says who looks after an account.
func (s *Server) coverAccount(r *request) error {
	a, values, err := s.accountToWrite(r)
	if err != nil {
		return err
	}
	known, err := knownIn(values)
	if err != nil {
		return err
	}
	form := accountForm{CRM: values.Get("crm_id"), Sales: values.Get("sales"), Operations: values.Get("operations")}
	cover, found, err := s.coverForm(r, form)
	if err == nil && len(found) == 0 {
		err = s.prog.CoverAccount(r.Request.Context(), r.who.Person, a.ID, cover, known)
		found = r.invalid(err)
	}
	if len(found) > 0 {
		return s.showAccount(r, 422, a, accountPage{Form: form, Problems: found})
	}
	if err != nil {
		return err
	}
	return r.see(accountURL(a.ID) + "?done=saved")
}

// addNote writes down what one learned of a customer. One who was overtaken by
// another gets her text back.
func (s *Server) addNote(r *request) error {
	a, form, err := s.accountToWrite(r)
	if err != nil {
		return err
	}
	known, err := knownIn(form)
	if err != nil {
		return err
	}
	err = s.prog.AddNote(r.Request.Context(), r.who.Person, a.ID, standard.Function(form.Get("side")), form.Get("text"), known)
	status, found := 422, r.invalid(err)
	if errors.Is(err, programme.ErrStale) {
		status, found = 409, problems{"text": r.t("channel.problem.overtaken")}
		if a, err = s.prog.Account(r.Request.Context(), a.ID); err != nil {
			return err
		}
	}
	if found != nil {
		return s.showAccount(r, status, a, accountPage{Side: form.Get("side"), Text: form.Get("text"), Problems: found})
	}
	if err != nil {
		return err
	}
	return r.see(accountURL(a.ID) + "?done=noted#notes")
}

// keepRequirements keeps what a customer asked for, from an answer of "can I
// sell this?": its fields are those of that page's address.
func (s *Server) keepRequirements(r *request) error {
	a, form, err := s.accountToWrite(r)
	if err != nil {
		return err
	}
	parts, wrong := r.lib().Lexicon().ReadAsked(form, r.tongue())
	if len(wrong) > 0 {
		return programme.ErrInvalid
	}
	err = s.prog.KeepRequirements(r.Request.Context(), r.who.Person, a.ID, parts, -1)
	if found := r.invalid(err); found != nil {
		return programme.ErrInvalid
	}
	if err != nil {
		return err
	}
	return r.see(accountURL(a.ID) + "?done=requirements-kept#requirements")
}
