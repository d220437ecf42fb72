package server

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// The form that asks somebody along to a meeting.

// guestsSize is how many people the form offers, and how many of those whom it found.
const guestsSize = 8

type briefNewPage struct {
	Form     briefForm
	Accounts []choice
	Guests   []guestChoice
	Zone     string
	Tally    *meetingTally
	Clause   link
	Problems problems
}

// A guestChoice is somebody whom the visitor may bring along.
type guestChoice struct {
	choice
	What string // which function she speaks for, and which account she looks after
}

// briefForm is what the form may set; the form that says all of it anew sets some of
// the same fields.
type briefForm struct {
	Once     string `form:"once" validate:"max=100"`
	Account  string `form:"account" validate:"max=200"`
	To       string `form:"to" validate:"max=200"`
	Find     string `form:"find" validate:"max=100"`
	Look     string `form:"look" validate:"max=10"`
	On       string `form:"on" validate:"max=20"`
	Time     string `form:"time" validate:"max=20"`
	Goal     string `form:"goal"`
	Why      string `form:"why"`
	Homework string `form:"homework"`
	Decides  string `form:"decides"`
}

func (s *Server) newBrief(r *request) error {
	page := briefNewPage{Form: briefForm{Once: r.once(), Account: r.Query("account")}}
	return s.showNewBrief(r, 200, page, nil)
}

// showNewBrief shows the form; found are people whom a search has found.
func (s *Server) showNewBrief(r *request, status int, page briefNewPage, found []*people.Person) error {
	accounts, err := s.ownAccounts(r, page.Form.Account)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		page.Accounts = append(page.Accounts, choice{a.ID, a.Name, a.ID == page.Form.Account})
	}
	if page.Guests, err = s.guestChoices(r, &page.Form, accounts, found); err != nil {
		return err
	}
	if page.Tally, err = s.tally(r); err != nil {
		return err
	}
	page.Zone, page.Clause = r.zone().String(), r.briefClause()
	return r.narrow(status, "brief-new", r.t("brief.new.title"), "requests", page)
}

// guestChoices offers whom a search has found, who is chosen, the person from
// operations of the account and those of the visitor's own ones, and whom she brought
// along before.
func (s *Server) guestChoices(r *request, form *briefForm, accounts []*programme.Account, found []*people.Person) (list []guestChoice, err error) {
	ids := []string{form.To}
	for _, p := range found[:min(len(found), guestsSize)] {
		ids = append(ids, p.ID)
	}
	after := map[string][]string{} // the names of the accounts that somebody looks after
	for _, a := range accounts {
		if a.ID == form.Account {
			ids = append(ids, a.Operations)
		}
	}
	for _, a := range accounts {
		ids, after[a.Operations] = append(ids, a.Operations), append(after[a.Operations], a.Name)
	}
	last, err := s.prog.LastGuests(r.Request.Context(), r.who.ID, guestsSize)
	if err != nil {
		return nil, err
	}
	guests, err := s.prog.Guests(r.Request.Context(), r.who.Person, append(ids, last...)...)
	if err != nil {
		return nil, err
	}
	if form.To == "" && len(found) == 0 && len(guests) > 0 && s.looksAfter(guests[0].ID, form.Account, accounts) {
		form.To = guests[0].ID
	}
	for _, p := range guests[:min(len(guests), guestsSize+len(found))] {
		list = append(list, guestChoice{choice{p.ID, p.Name(), p.ID == form.To}, r.guestWhat(p, after[p.ID])})
	}
	return list, nil
}

// looksAfter reports whether somebody is the person from operations of the account.
func (s *Server) looksAfter(id, account string, accounts []*programme.Account) bool {
	return slices.ContainsFunc(accounts, func(a *programme.Account) bool { return a.ID == account && a.Operations == id })
}

// guestWhat says for which functions somebody speaks, and which of these accounts
// she looks after.
func (r *request) guestWhat(p *people.Person, accounts []string) string {
	var what []string
	for _, f := range p.Reviewer() {
		what = append(what, r.functionName(standard.Function(f)))
	}
	says := r.list(what)
	switch n := len(accounts); {
	case n == 1:
		says = r.t("brief.guest.looks-after", "What", says, "Account", accounts[0])
	case n > 1:
		says = r.t("brief.guest.looks-after-some", "What", says, "N", n)
	}
	return says
}

// sendBrief asks somebody along, and leads to the brief.
func (s *Server) sendBrief(r *request) error {
	var form briefForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	form.Once = cmp.Or(form.Once, r.once())
	if found == nil {
		found = problems{}
	}
	guests, err := s.searchGuest(r, &form, found)
	if err != nil {
		return err
	}
	if form.Look != "" {
		return s.showNewBrief(r, 200, briefNewPage{Form: form, Problems: only(found, "find")}, guests)
	}
	v := r.readInvitation(form, found)
	b, err := s.prog.SendBrief(r.Request.Context(), r.who.Person, programme.NewBrief{Guest: form.To, Account: form.Account, Invitation: v, Once: form.Once})
	invalid := r.briefInvalid(err)
	if err != nil && invalid == nil {
		return err
	}
	for field, sentence := range invalid {
		// What the fields say of themselves goes before what follows from it.
		if found[field] == "" && (field != "to" || found["find"] == "") {
			found[field] = sentence
		}
	}
	if len(found) > 0 {
		return s.showNewBrief(r, 422, briefNewPage{Form: form, Problems: found}, guests)
	}
	return r.see(briefURL(b.ID) + "?done=brief-sent")
}

// only are the problems of one field.
func only(found problems, field string) problems {
	if found[field] == "" {
		return nil
	}
	return problems{field: found[field]}
}

// searchGuest looks for whom the visitor has named. One who is found is chosen; of
// several she has to choose, unless she has chosen one of them already.
func (s *Server) searchGuest(r *request, form *briefForm, found problems) ([]*people.Person, error) {
	form.Find = strings.TrimSpace(form.Find)
	if form.Find == "" {
		return nil, nil
	}
	guests, more, err := s.prog.FindGuests(r.Request.Context(), r.who.Person, form.Find)
	if err != nil {
		return nil, err
	}
	chosen := slices.ContainsFunc(guests, func(p *people.Person) bool { return p.ID == form.To })
	switch {
	case len(guests) == 0 && more:
		found["find"] = r.t("brief.problem.too-many")
	case len(guests) == 0:
		found["find"] = r.t("brief.problem.none-found")
	case len(guests) == 1 && !more:
		form.To, form.Find = guests[0].ID, ""
	case chosen:
		form.Find = ""
	default:
		form.To, form.Find = "", ""
		if found["to"] = r.t("brief.problem.several"); len(guests) > guestsSize || more {
			found["to"] = r.t("brief.problem.more-than-shown")
		}
	}
	return guests, nil
}

// readInvitation reads what the form says of the meeting. A time is in the visitor's
// time zone.
func (r *request) readInvitation(form briefForm, found problems) standard.Invitation {
	v := standard.Invitation{Goal: form.Goal, Why: form.Why, Homework: form.Homework, Decides: form.Decides}
	var err error
	if v.On, err = dayField(form.On); err != nil {
		found["on"] = r.t("channel.problem.day")
		return v
	}
	if text := strings.TrimSpace(form.Time); text != "" && !v.On.IsZero() {
		clock, err := time.Parse("15:04", text)
		if err != nil {
			found["time"] = r.t("brief.problem.time")
			return v
		}
		v.Start = time.Date(v.On.Year, v.On.Month, v.On.Date, clock.Hour(), clock.Minute(), 0, 0, r.zone()).UTC()
	}
	return v
}

// formOf is an invitation as its form.
func (r *request) formOf(v *standard.Invitation) briefForm {
	form := briefForm{Goal: v.Goal, Why: v.Why, Homework: v.Homework, Decides: v.Decides, On: v.On.String()}
	if !v.Start.IsZero() {
		start := v.Start.In(r.zone())
		form.On, form.Time = standard.DayOf(start, r.zone()).String(), start.Format("15:04")
	}
	return form
}
