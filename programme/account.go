package programme

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// An Account is the document of a customer. Its id is computed from the folded
// name, so that there is one of a name, however often and from wherever it is
// added; two customers of one name are told apart in the name.
type Account struct {
	store.Meta       `bson:",inline"`
	standard.Account `bson:",inline"`
	NameKey          string `bson:"name_key"`
}

var accountSchema = store.Schema{Name: "accounts", Indexes: []store.Index{
	{Name: "name", Fields: []store.Field{{Name: "name_key", Kind: store.KindString}}},
	{Name: "sales", Fields: []store.Field{{Name: "sales", Kind: store.KindString}, {Name: "name_key", Kind: store.KindString}}},
	{Name: "operations", Fields: []store.Field{{Name: "operations", Kind: store.KindString}, {Name: "name_key", Kind: store.KindString}}},
	{Name: "crm", Fields: []store.Field{{Name: "crm", Kind: store.KindString}}},
}}

// Holder is what the rules of package standard must know of a person; nil is
// nobody.
func Holder(p *people.Person) standard.Holder {
	if p == nil {
		return standard.Holder{}
	}
	h := standard.Holder{Known: true, Disabled: p.Disabled}
	for _, r := range p.Roles {
		h.Roles = append(h.Roles, string(r))
	}
	return h
}

// Gaps are the functions in which nobody looks after the account now; who has
// the people by id.
func (a *Account) Gaps(who map[string]*people.Person) []standard.Gap {
	return standard.Gaps(Holder(who[a.Sales]), Holder(who[a.Operations]))
}

// MayWrite reports whether the person may write to the account.
func (a *Account) MayWrite(p *people.Person) bool { return a.Account.MayWrite(p.ID, Holder(p)) }

// Account returns an account, or ErrNotFound.
func (p *Programme) Account(ctx context.Context, id string) (*Account, error) {
	return read(ctx, p.accounts, id)
}

// AccountsByID are accounts by id, those that there are.
func (p *Programme) AccountsByID(ctx context.Context, ids ...string) (map[string]*Account, error) {
	return p.accounts.GetAll(ctx, someIDs(ids)...)
}

// Persons are the people with these ids, those that there are, read at once.
func (p *Programme) Persons(ctx context.Context, ids ...string) (map[string]*people.Person, error) {
	return p.People.People().GetAll(ctx, someIDs(ids)...)
}

// someIDs leaves out what is empty or named before, and what is more than can
// be read at once.
func someIDs(ids []string) (some []string) {
	seen := map[string]bool{"": true}
	for _, id := range ids {
		if !seen[id] && len(some) < store.MaxMany {
			some = append(some, id)
		}
		seen[id] = true
	}
	return some
}

// Accounts lists accounts whose name begins with the text, by name, a page of
// up to limit behind after; with an empty text all.
func (p *Programme) Accounts(ctx context.Context, begins string, after store.Cursor, limit int) ([]*Account, store.Cursor, error) {
	q := store.Query{Index: "name", After: after, Limit: limit}
	if key := people.FoldName(begins); key != "" {
		q.From, q.To = store.String(key), store.String(key+"\U0010FFFF")
	}
	list, next, err := p.accounts.Find(ctx, q)
	if err != nil {
		return nil, next, fmt.Errorf("list accounts: %w", err)
	}
	return list, next, nil
}

// MyAccounts are those that the person looks after, for sales and then for
// operations, up to limit of each, each once.
func (p *Programme) MyAccounts(ctx context.Context, person string, limit int) (mine []*Account, more bool, err error) {
	seen := map[string]bool{}
	for _, side := range []string{"sales", "operations"} {
		list, next, err := p.accounts.Find(ctx, store.Query{Index: side, Eq: []store.Key{store.String(person)}, Limit: limit})
		if err != nil {
			return nil, false, fmt.Errorf("list the accounts of %s: %w", person, err)
		}
		more = more || !next.IsZero()
		for _, a := range list {
			if !seen[a.ID] {
				mine = append(mine, a)
			}
			seen[a.ID] = true
		}
	}
	return mine, more, nil
}

// A Taken says that there is an account of this name already.
type Taken struct{ Account *Account }

func (t *Taken) Error() string { return "there is an account of this name already" }

// Unwrap tells callers that nothing was done.
func (t *Taken) Unwrap() error { return ErrInvalid }

// AddAccount adds an account; cover names its people by their ids. A rep adds
// accounts of her own: whatever she says, she is the person from sales. The
// same form a second time gives the same account; another one of the same name
// is a Taken. A person who can't look after it is a standard.Invalid of "sales"
// or "operations".
func (p *Programme) AddAccount(ctx context.Context, by *people.Person, name string, cover standard.Cover) (*Account, error) {
	may, onlyOwn := standard.MayAdd(Holder(by))
	if !may {
		return nil, fmt.Errorf("add an account: %w", ErrForbidden)
	}
	if onlyOwn {
		cover.Sales = by.ID
	}
	cover.By = by.ID
	return p.addAccount(ctx, name, cover)
}

func (p *Programme) addAccount(ctx context.Context, name string, cover standard.Cover) (_ *Account, err error) {
	if name, cover.CRM, err = standard.CheckAccount(name, cover.CRM); err != nil {
		return nil, err
	}
	key := people.FoldName(name)
	if people.Slug(name) == "" {
		return nil, &standard.Invalid{Field: "name", Code: "letter"}
	}
	if err := p.checkCover(ctx, standard.Cover{}, cover); err != nil {
		return nil, err
	}
	a := &Account{Meta: store.Meta{ID: p.accountID(key)}, NameKey: key}
	a.Name, cover.At = name, p.now()
	a.SetCover(cover)
	there, fresh, err := once(ctx, p.accounts, a.ID, a)
	if err != nil || fresh {
		return there, err
	}
	if first := there.Covered[0]; there.Name == name && first.By == cover.By && first.Sales == cover.Sales && first.Operations == cover.Operations && first.CRM == cover.CRM {
		return there, nil // the same form once more
	}
	return nil, &Taken{there}
}

func (p *Programme) accountID(nameKey string) string { return p.id("account", nameKey) }

// checkCover holds that whoever is named anew can look after an account.
func (p *Programme) checkCover(ctx context.Context, before, cover standard.Cover) error {
	who, err := p.Persons(ctx, cover.Sales, cover.Operations)
	if err != nil {
		return fmt.Errorf("read who looks after an account: %w", err)
	}
	if cover.Sales != "" && cover.Sales != before.Sales && !Holder(who[cover.Sales]).Covers(standard.Sales) {
		return &standard.Invalid{Field: "sales", Code: "role"}
	}
	if cover.Operations != "" && cover.Operations != before.Operations && !Holder(who[cover.Operations]).Covers(standard.Operations) {
		return &standard.Invalid{Field: "operations", Code: "role"}
	}
	return nil
}

// CoverAccount says who looks after the account, and its id in the CRM. known
// is how many times that was said when the form was made: ErrStale when it was
// said again since.
func (p *Programme) CoverAccount(ctx context.Context, by *people.Person, id string, cover standard.Cover, known int) error {
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	if _, cover.CRM, err = standard.CheckAccount(a.Name, cover.CRM); err != nil {
		return err
	}
	if err := p.checkCover(ctx, a.Now(), cover); err != nil {
		return err
	}
	cover.By, cover.At = by.ID, p.now()
	return p.changeAccount(ctx, by, id, func(a *Account) error {
		if len(a.Covered) != known {
			return ErrStale
		}
		if !a.SetCover(cover) {
			return store.ErrNoChange
		}
		return nil
	})
}

// AddNote writes down what somebody learned of a customer. known is how many
// notes the page showed.
func (p *Programme) AddNote(ctx context.Context, by *people.Person, id string, side standard.Function, text string, known int) error {
	return p.changeAccount(ctx, by, id, func(a *Account) error {
		next := *a
		if err := next.AddNote(standard.Note{Side: side, Text: text, By: by.ID, At: p.now()}); err != nil {
			return err
		}
		written := next.Notes[len(a.Notes)]
		if n := len(a.Notes); n == known+1 && a.Notes[n-1].Says(written) {
			return store.ErrNoChange // the same form once more
		}
		if len(a.Notes) != known {
			return ErrStale
		}
		a.Notes = append(a.Notes, written)
		return nil
	})
}

// KeepRequirements keeps what a customer asked for, with the answer of today.
// known is how many requirement sheets the page showed; -1 where the page was
// another one: then the sheet is kept, unless the last one says the same.
func (p *Programme) KeepRequirements(ctx context.Context, by *people.Person, id string, parts []standard.Asked, known int) error {
	answer, err := p.Answer(parts)
	if err != nil {
		return err
	}
	sheet := standard.Requirements{Parts: parts, Verdict: answer.Verdict, By: by.ID, At: p.now()}
	return p.changeAccount(ctx, by, id, func(a *Account) error {
		if known >= 0 && len(a.Requirements) != known {
			return ErrStale
		}
		if n := len(a.Requirements); known < 0 && n > 0 && sameAsked(a.Requirements[n-1].Parts, parts) && a.Requirements[n-1].Verdict == sheet.Verdict {
			return store.ErrNoChange
		}
		return a.Keep(sheet)
	})
}

func sameAsked(a, b []standard.Asked) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// changeAccount changes an account for somebody who may.
func (p *Programme) changeAccount(ctx context.Context, by *people.Person, id string, change func(*Account) error) error {
	if _, err := p.Account(ctx, id); err != nil { // an id that can't be one, too
		return err
	}
	_, err := p.accounts.Update(ctx, id, func(a *Account) error {
		if !a.MayWrite(by) {
			return ErrForbidden
		}
		return change(a)
	})
	if err != nil {
		return fmt.Errorf("change account %s: %w", strings.ToValidUTF8(id, ""), err)
	}
	return nil
}

// Answer is what the standard says today to a need in parts.
func (p *Programme) Answer(parts []standard.Asked) (standard.Answer, error) {
	if len(parts) == 0 {
		return standard.Answer{Verdict: standard.Outside}, nil
	}
	a, err := p.bookToday().Answer(parts)
	if err != nil {
		return a, fmt.Errorf("%w: match a need: %w", ErrInvalid, err)
	}
	return a, nil
}

// bookToday is the catalogue as it holds today.
func (p *Programme) bookToday() *standard.Book {
	lib := p.library()
	return lib.Book(standard.DayOf(p.now(), lib.Location))
}

// bookOf is the catalogue of today with these offerings alone.
func (p *Programme) bookOf(only []string) *standard.Book {
	lib := p.library()
	var list []*standard.Offering
	for _, o := range lib.Offerings {
		if slices.Contains(only, o.ID) {
			list = append(list, &o.Offering)
		}
	}
	return standard.NewBook(lib.Dimensions, lib.Calendar, list, standard.DayOf(p.now(), lib.Location))
}
