package server

import (
	"errors"

	"github.com/insidebox/insidebox/programme"
)

// A sellNext is what one may do with an answer to a need: keep it with the
// account that it is for, or bring it forward as a request.
type sellNext struct {
	Outside bool
	Raise   string // URL of the form, with the need
	Keep    *keepForm
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
	if page.Account != "" {
		query.Set("account", page.Account)
	}
	next.Raise = "/requests/new?" + query.Encode()
	page.Next = next
	return nil
}
