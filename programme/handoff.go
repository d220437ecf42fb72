package programme

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A Handoff is the document of a handoff. Its id is computed from its account and
// from what tells the form that began it from any other, so that the same form
// twice begins one.
type Handoff struct {
	store.Meta       `bson:",inline"`
	standard.Handoff `bson:",inline"`
	Open             bool
	Moved            time.Time // when it began, was repeated, or was signed by both
	WantsCare        bool      `bson:"wants_care"` // a question to customer care is open
}

var handoffSchema = store.Schema{Name: "handoffs", Indexes: []store.Index{
	{Name: "mine", Fields: []store.Field{{Name: "open", Kind: store.KindBool}, {Name: "account", Kind: store.KindString}}},
	{Name: "state", Fields: []store.Field{{Name: "open", Kind: store.KindBool}, {Name: "moved", Kind: store.KindTime}}},
	{Name: "account", Fields: []store.Field{{Name: "account", Kind: store.KindString}, {Name: "at", Kind: store.KindTime}}},
	{Name: "care", Fields: []store.Field{{Name: "wants_care", Kind: store.KindBool}, {Name: "moved", Kind: store.KindTime}}},
}}

// Handoff returns a handoff, or ErrNotFound.
func (p *Programme) Handoff(ctx context.Context, id string) (*Handoff, error) {
	return read(ctx, p.handoffs, id)
}

// Handoffs lists those that are under way, or done, the latest first, a page of
// up to limit behind after.
func (p *Programme) Handoffs(ctx context.Context, open bool, after store.Cursor, limit int) ([]*Handoff, store.Cursor, error) {
	list, next, err := p.handoffs.Find(ctx, store.Query{Index: "state", Eq: []store.Key{store.Bool(open)}, Desc: true, After: after, Limit: limit})
	if err != nil {
		return nil, next, fmt.Errorf("list handoffs: %w", err)
	}
	return list, next, nil
}

// MyHandoffs lists those under way of the accounts that the person looks after,
// the latest first, up to limit.
func (p *Programme) MyHandoffs(ctx context.Context, person string, limit int) ([]*Handoff, error) {
	accounts, _, err := p.MyAccounts(ctx, person, store.MaxIn/2)
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	list, _, err := p.handoffs.Find(ctx, store.Query{Index: "mine", Eq: []store.Key{store.Bool(true)}, In: store.Strings(ids), Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("list the handoffs of %s: %w", person, err)
	}
	slices.SortStableFunc(list, func(a, b *Handoff) int { return b.Moved.Compare(a.Moved) })
	return list, nil
}

// HandoffsOf lists the handoffs of an account, the latest first, up to limit.
func (p *Programme) HandoffsOf(ctx context.Context, account string, limit int) ([]*Handoff, error) {
	list, _, err := p.handoffs.Find(ctx, store.Query{Index: "account", Eq: []store.Key{store.String(account)}, Desc: true, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("list the handoffs of %s: %w", account, err)
	}
	return list, nil
}

// A NewHandoff is a handoff as the form that begins it has it. Once tells this
// form from any other: the same form twice begins one.
type NewHandoff struct {
	Account, Title string
	Signed, Live   standard.Day
	Meet           time.Time        // of the first round; zero: not settled
	Parts          []standard.Asked // what the customer requires; may be none yet
	Once           string
}

// BeginHandoff begins one, for somebody who may write on its sheet. For each part
// of the requirements the smallest choice that holds it, or else the nearest, is
// put down as sold, to be corrected.
func (p *Programme) BeginHandoff(ctx context.Context, by *people.Person, n NewHandoff) (*Handoff, error) {
	a, err := p.Account(ctx, n.Account)
	if err != nil {
		return nil, err
	}
	if !ActorOf(by).MayEdit(&a.Account) {
		return nil, fmt.Errorf("begin a handoff: %w", ErrForbidden)
	}
	h := &Handoff{Meta: store.Meta{ID: p.id("handoff", a.ID, by.ID, n.Once)}, Open: true, Moved: p.now()}
	h.Account, h.By = a.ID, by.ID
	h.Begin(p.now())
	h.Round().Meet = n.Meet
	if err := h.Name(n.Title, n.Signed, n.Live, h.Edition); err != nil {
		return nil, err
	}
	if len(n.Parts) > 0 {
		sold, err := p.likelySold(n.Parts)
		if err == nil {
			err = h.Require(n.Parts, sold, h.Edition)
		}
		if err != nil {
			return nil, err
		}
	}
	h.derive()
	there, _, err := once(ctx, p.handoffs, h.ID, h)
	return there, err
}
