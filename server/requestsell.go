package server

import (
	"errors"
	"net/url"

	"github.com/insidebox/insidebox/programme"
)

// A sellNext is what is known beside an answer to a need, and what one may do with
// it: keep it with the account that it is for, or bring it forward as a request.
type sellNext struct {
	Outside    bool
	Raise      string // URL of the form, with the need
	Keep       *keepForm
	Precedents []precedentView // outside: what was decided on the same limits
	Exceptions []exceptionLine // in force for the account
}

type keepForm struct {
	Action, Account string
	Fields          []carried
}

// fillSellNext says what may follow an answer. The account comes with the address.
func (s *Server) fillSellNext(r *request, page *canSellPage, asked []askedPart) error {
	id := r.Query("account")
	var account *programme.Account
	if id != "" {
		a, err := s.prog.Account(r.Request.Context(), id)
		switch {
		case err == nil:
			account, page.Account = a, a.ID
		case !errors.Is(err, programme.ErrNotFound):
			return err
		}
	}
	if !page.Answered {
		return nil
	}
	query := needQuery(asked)
	next := &sellNext{Outside: page.Verdict.Kind != "inside"}
	if account != nil && account.MayWrite(r.who.Person) {
		next.Keep = &keepForm{Action: accountURL(account.ID) + "/requirements", Account: account.Name, Fields: carriedAll(query)}
	}
	var err error
	if next.Outside {
		if next.Precedents, err = s.precedentsFor(r, query); err != nil {
			return err
		}
	}
	if page.Account != "" {
		if next.Exceptions, err = s.exceptionsOn(r, programme.AccountPlace(page.Account)); err != nil {
			return err
		}
		query.Set("account", page.Account)
	}
	next.Raise = "/requests/new?" + query.Encode()
	page.Next = next
	return nil
}

// precedentsFor are decided requests that asked the limits to bend which stand in
// the way of a need.
func (s *Server) precedentsFor(r *request, query url.Values) ([]precedentView, error) {
	parts, wrong := r.lib().Lexicon().ReadAsked(query, r.tongue())
	if len(wrong) > 0 || len(parts) == 0 {
		return nil, nil
	}
	answer, err := s.prog.Answer(parts)
	if err != nil {
		return nil, err
	}
	before, err := s.prog.Precedents(r.Request.Context(), answer.Limits(r.lib().Dimensions), fewPrecedents)
	return r.precedentViews(before), err
}
