package server

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// Customers: the list, and one account with who looks after it, what each side
// learned, what was asked for. Everybody signed in may read; its person from
// sales, managers, admins and the reviewers may write (standard.Account).

// accountsSize is how many accounts one page of the list shows, and how many of
// one's own stand above it at most.
const accountsSize = 50

type accountsPage struct {
	Query       string
	Mine, List  []accountLine
	MoreMine    bool
	Next        string
	First       bool
	MayAdd, Own bool // Own: a rep adds accounts of her own
	Form        accountForm
	Taken       link // the account that has the name already
	Problems    problems
}

type accountLine struct {
	Name, URL, CRM    string
	Sales, Operations coverLine
}

// A coverLine is who looks after an account for a function, or why nobody does.
type coverLine struct {
	Function, Name, Email string
	Gap                   string // in a word or two; empty when all is well
}

// accountForm is what the form for a new account may set; sales and operations
// are e-mail addresses.
type accountForm struct {
	Name       string `form:"name"`
	CRM        string `form:"crm_id"`
	Sales      string `form:"sales" validate:"max=254"`
	Operations string `form:"operations" validate:"max=254"`
}

func (s *Server) accounts(r *request) error { return s.showAccounts(r, 200, accountsPage{}) }

func (s *Server) showAccounts(r *request, status int, page accountsPage) error {
	ctx := r.Request.Context()
	after, err := store.ParseCursor(r.Query("after"))
	if err != nil {
		return errNoPage
	}
	page.Query, page.First = strings.TrimSpace(r.Query("q")), after.IsZero()
	list, next, err := s.prog.Accounts(ctx, page.Query, after, accountsSize)
	if err != nil {
		return noPlace(err)
	}
	if !next.IsZero() {
		page.Next = "/accounts?" + url.Values{"q": {page.Query}, "after": {next.String()}}.Encode()
	}
	var mine []*programme.Account
	if page.First && page.Query == "" {
		if mine, page.MoreMine, err = s.prog.MyAccounts(ctx, r.who.ID, accountsSize); err != nil {
			return err
		}
	}
	who, err := s.prog.Persons(ctx, coverIDs(mine, list)...)
	if err != nil {
		return err
	}
	for _, a := range mine {
		page.Mine = append(page.Mine, r.accountLine(a, who))
	}
	for _, a := range list {
		page.List = append(page.List, r.accountLine(a, who))
	}
	page.MayAdd, page.Own = standard.MayAdd(programme.Holder(r.who.Person))
	return r.page(status, "accounts", r.t("account.title"), "requests", page)
}

// coverIDs are the ids of all who look after these accounts.
func coverIDs(lists ...[]*programme.Account) (ids []string) {
	for _, list := range lists {
		for _, a := range list {
			ids = append(ids, a.Sales, a.Operations)
		}
	}
	return ids
}

func (r *request) accountLine(a *programme.Account, who map[string]*people.Person) accountLine {
	line := accountLine{Name: a.Name, URL: accountURL(a.ID), CRM: a.CRM}
	for _, side := range []struct {
		f  standard.Function
		id string
		to *coverLine
	}{{standard.Sales, a.Sales, &line.Sales}, {standard.Operations, a.Operations, &line.Operations}} {
		side.to.Function = r.t("function." + string(side.f))
		if one := who[side.id]; one != nil {
			side.to.Name, side.to.Email = one.Name(), one.Email
		}
	}
	for _, gap := range a.Gaps(who) {
		why := r.t("account.gap." + string(gap.Function) + "-" + string(gap.Reason))
		if gap.Function == standard.Sales {
			line.Sales.Gap = why
		} else {
			line.Operations.Gap = why
		}
	}
	return line
}

// addAccount adds an account, and leads to it.
func (s *Server) addAccount(r *request) error {
	var form accountForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	if may, _ := standard.MayAdd(programme.Holder(r.who.Person)); !may {
		return errForbidden
	}
	again := func(found problems, taken link) error {
		return s.showAccounts(r, 422, accountsPage{Form: form, Problems: found, Taken: taken})
	}
	if len(found) > 0 {
		return again(found, link{})
	}
	cover, found, err := s.coverForm(r, form)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return again(found, link{})
	}
	a, err := s.prog.AddAccount(r.Request.Context(), r.who.Person, form.Name, cover)
	var taken *programme.Taken
	if errors.As(err, &taken) {
		return again(problems{"name": r.t("account.taken")}, link{accountURL(taken.Account.ID), taken.Account.Name})
	}
	if found := r.invalid(err); found != nil {
		return again(found, link{})
	}
	if err != nil {
		return err
	}
	return r.see(accountURL(a.ID) + "?done=account-added")
}

// coverForm looks up whom the form names by their addresses.
func (s *Server) coverForm(r *request, form accountForm) (standard.Cover, problems, error) {
	cover, found := standard.Cover{CRM: form.CRM}, problems{}
	for field, side := range map[string]struct {
		email string
		to    *string
	}{"sales": {form.Sales, &cover.Sales}, "operations": {form.Operations, &cover.Operations}} {
		if strings.TrimSpace(side.email) == "" {
			continue
		}
		one, err := s.prog.People.ByEmail(r.Request.Context(), side.email)
		if errors.Is(err, people.ErrNotFound) {
			found[field] = r.t("channel.problem.nobody")
		} else if err != nil {
			return cover, nil, err
		} else {
			*side.to = one.ID
		}
	}
	return cover, found, nil
}

// invalid is what the rules say of a form's fields; nil when the error is no
// such.
func (r *request) invalid(err error) problems {
	var one *standard.Invalid
	var all standard.Invalids
	if errors.As(err, &one) {
		all = standard.Invalids{one}
	} else if !errors.As(err, &all) {
		return nil
	}
	found := problems{}
	for _, i := range all {
		found[i.Field] = r.t("channel.problem."+i.Code, "Most", i.Most)
		if lack := "channel.lack." + i.Field; i.Code == "missing" && r.say.Has(lack) {
			found[i.Field] = r.t(lack)
		}
	}
	return found
}

// knownIn reads what a page knew when its form was made.
func knownIn(form url.Values) (int, error) {
	known, err := strconv.Atoi(form.Get("known"))
	if err != nil || known < -1 {
		return 0, errBadForm
	}
	return known, nil
}
