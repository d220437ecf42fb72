package programme

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A WaitingHandoff is a handoff that waits for somebody, and for what.
type WaitingHandoff struct {
	*Handoff
	Name string // of its account
	For  standard.HandoffWait
	Side standard.Function // as which it waits for her
}

// maxHandoffs bounds how many handoffs of one's accounts are looked at.
const maxHandoffs = 100

// derive fills in what a handoff is found by. Everything that writes one calls it
// before.
func (h *Handoff) derive() {
	h.WantsCare = h.Open && slices.ContainsFunc(h.Questions, func(q standard.Question) bool { return q.Owner == standard.Care && q.Open() })
}

// WaitingHandoffs lists the handoffs that wait for the person, those that meet first at
// the top, up to limit. For sales and operations they wait for whom the account has:
// an account without somebody says so itself. Questions to customer care wait for
// all of its reviewers.
//
// It reads the accounts of the sides that she can look after, the handoffs of these, and
// at most the accounts and requests that go with them: nothing for whom no handoff
// can wait.
func (p *Programme) WaitingHandoffs(ctx context.Context, who *people.Person, limit int) (list []WaitingHandoff, err error) {
	accounts, err := p.coveredBy(ctx, who)
	if err != nil {
		return nil, err
	}
	handoffs, err := p.handoffsToLookAt(ctx, who, accounts)
	if err != nil {
		return nil, fmt.Errorf("list the handoffs that wait for %s: %w", who.ID, err)
	}
	sheets := make([]*standard.Handoff, len(handoffs))
	for i, h := range handoffs {
		sheets[i] = &h.Handoff
	}
	named, err := p.settlingRequests(ctx, sheets...)
	if err != nil {
		return nil, err
	}
	until := standard.DayOf(p.now(), p.library().Location).End(p.library().Location)
	for _, h := range handoffs {
		a := accounts[h.Account]
		if a == nil {
			continue
		}
		undecided := p.undecided(&h.Handoff, named)
		for _, side := range sidesOf(who, a) {
			if what := h.WaitsFor(side, until, undecided); what != "" && !signedBy(&h.Handoff, who.ID) {
				list = append(list, WaitingHandoff{h, a.Name, what, side})
				break
			}
		}
	}
	slices.SortStableFunc(list, func(a, b WaitingHandoff) int {
		return cmp.Or(meetsFirst(a.Round().Meet, b.Round().Meet), a.Moved.Compare(b.Moved))
	})
	return list[:min(len(list), limit)], nil
}

// meetsFirst compares when two rounds meet; one that has not settled that comes last.
func meetsFirst(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return b.Compare(a)
	}
	return a.Compare(b)
}

// signedBy reports whether the person has signed the sheet as it is: then nothing of
// it waits for her, because nobody signs for both sides.
func signedBy(h *standard.Handoff, person string) bool {
	return slices.ContainsFunc(standard.Sides(), func(f standard.Function) bool {
		sign := h.SignedBy(f)
		return sign != nil && sign.By == person
	})
}

// sidesOf are the functions as which the person has to do with an account's handoffs.
func sidesOf(who *people.Person, a *Account) (list []standard.Function) {
	h := Holder(who)
	for side, person := range map[standard.Function]string{standard.Sales: a.Sales, standard.Operations: a.Operations} {
		if person == who.ID && h.Covers(side) {
			list = append(list, side)
		}
	}
	slices.Sort(list)
	if ActorOf(who).Speaks(standard.Care) {
		list = append(list, standard.Care)
	}
	return list
}

// coveredBy are the accounts of the sides that the person can look after, by id.
func (p *Programme) coveredBy(ctx context.Context, who *people.Person) (map[string]*Account, error) {
	accounts := map[string]*Account{}
	for _, side := range standard.Sides() {
		if !Holder(who).Covers(side) {
			continue
		}
		list, _, err := p.accounts.Find(ctx, store.Query{Index: string(side), Eq: []store.Key{store.String(who.ID)}, Limit: store.MaxIn / 2})
		if err != nil {
			return nil, fmt.Errorf("list the accounts of %s: %w", who.ID, err)
		}
		for _, a := range list {
			accounts[a.ID] = a
		}
	}
	return accounts, nil
}

// handoffsToLookAt are those under way of the accounts, and for customer care those
// with a question to it, whose accounts are added.
func (p *Programme) handoffsToLookAt(ctx context.Context, who *people.Person, accounts map[string]*Account) (list []*Handoff, err error) {
	if len(accounts) > 0 {
		ids := slices.Sorted(maps.Keys(accounts))
		if list, _, err = p.handoffs.Find(ctx, store.Query{Index: "mine", Eq: []store.Key{store.Bool(true)}, In: store.Strings(ids), Limit: maxHandoffs}); err != nil {
			return nil, err
		}
	}
	if !ActorOf(who).Speaks(standard.Care) {
		return list, nil
	}
	care, _, err := p.handoffs.Find(ctx, store.Query{Index: "care", Eq: []store.Key{store.Bool(true)}, Limit: maxHandoffs})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range care {
		if accounts[h.Account] == nil {
			ids, list = append(ids, h.Account), append(list, h)
		}
	}
	if len(ids) == 0 {
		return list, nil
	}
	others, err := p.AccountsByID(ctx, ids...)
	maps.Copy(accounts, others)
	return list, err
}
