package programme

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// likelySold is for each part what can be sold for it: the first choice that
// holds it, else the one that comes nearest.
func (p *Programme) likelySold(parts []standard.Asked) (list []standard.Sold, err error) {
	book := p.wholeBook()
	for _, part := range parts {
		need, err := part.Need(book.Dimensions())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		m, err := book.Match(need, part.Only...)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		switch {
		case len(m.Fits) > 0:
			list = append(list, soldOf(m.Fits[0].Choice, m.Fits[0].Tiers[0].Tier))
		case len(m.Misses) > 0:
			list = append(list, soldOf(m.Misses[0].Choice, m.Misses[0].Tier))
		default:
			list = append(list, standard.Sold{})
		}
	}
	return list, nil
}

func soldOf(c standard.Choice, tier string) standard.Sold {
	s := standard.Sold{Base: c.Base.ID, Tier: tier}
	for _, a := range c.AddOns {
		s.AddOns = append(s.AddOns, a.ID)
	}
	return s
}

// A HandoffPart is one part of the requirements beside what was sold for it.
type HandoffPart struct {
	Asked standard.Asked
	Sold  standard.Sold
	Need  standard.Need // what is asked for; nil when Gone
	Miss  standard.Miss // what it holds and lacks; zero when Gone
	Gone  bool          // the standard does not have what was sold, or asked for, any more
}

// HandoffParts holds the requirements against a book: that of the library by which the
// caller goes, for another one may be served any moment.
func HandoffParts(book *standard.Book, h *standard.Handoff) (list []HandoffPart) {
	for i, part := range h.Parts {
		one := HandoffPart{Asked: part, Sold: h.Sold[i]}
		need, err := part.Need(book.Dimensions())
		if err == nil {
			one.Miss, err = book.Against(one.Sold.Base, one.Sold.AddOns, one.Sold.Tier, need)
		}
		if one.Gone = err != nil; !one.Gone {
			one.Need = need
		}
		list = append(list, one)
	}
	return list
}

// Undecided are the limits that the requirements go beyond and that no decided
// request settles: an exception that holds today, or one decided to be inside after
// all, of this account and for this limit. A part whose offering is gone is undecided as a whole.
func (p *Programme) Undecided(ctx context.Context, h *standard.Handoff) (list []standard.Undecided, err error) {
	named, err := p.settlingRequests(ctx, h)
	if err != nil {
		return nil, err
	}
	return p.undecided(h, named), nil
}

// settlingRequests are the requests that are named on sheets, by id, read at once; where
// none is named, nothing is read.
func (p *Programme) settlingRequests(ctx context.Context, sheets ...*standard.Handoff) (map[string]*Request, error) {
	var ids []string
	for _, h := range sheets {
		for _, s := range h.Settled {
			ids = append(ids, s.Request)
		}
	}
	named, err := p.requests.GetAll(ctx, someIDs(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read the requests that settle a handoff: %w", err)
	}
	return named, nil
}

// undecided is Undecided where the requests that the sheet names have been read.
func (p *Programme) undecided(h *standard.Handoff, named map[string]*Request) (list []standard.Undecided) {
	today := standard.DayOf(p.now(), p.library().Location)
	for i, part := range HandoffParts(p.wholeBook(), h) {
		if part.Gone {
			list = append(list, standard.Undecided{Part: i})
			continue
		}
		for _, lack := range part.Miss.Lacks {
			if q := named[h.SettledBy(i, lack.Dimension)]; q == nil || !q.decided(today) || !p.MaySettle(q, h, i, lack.Dimension) {
				list = append(list, standard.Undecided{Part: i, Dimension: lack.Dimension})
			}
		}
	}
	return list
}

// wholeBook is the catalogue of today, as the library keeps it.
func (p *Programme) wholeBook() *standard.Book {
	lib := p.library()
	return lib.Book(standard.DayOf(p.now(), lib.Location))
}

// MaySettle reports whether a request may be named for a limit of a part: it is of
// the same account, and asks for no less, of nothing else than what was sold.
func (p *Programme) MaySettle(q *Request, h *standard.Handoff, part int, dimension string) bool {
	if q.Account != h.Account || part < 0 || part >= len(h.Parts) {
		return false
	}
	need := h.Parts[part]
	if sold := h.Sold[part]; sold.Base != "" {
		need.Only = append([]string{sold.Base}, sold.AddOns...)
	}
	return p.wholeBook().Grants(q.Parts, dimension, need)
}

// decided reports whether the request lets the customer have what it asks for now.
func (q *Request) decided(today standard.Day) bool {
	return q.InForce(today) || q.Decision != nil && q.Decision.Outcome == standard.InsideAfterAll
}

// ChangeHandoff changes the sheet for somebody who may write on it. change is one
// of the methods of standard.Handoff, with the edition that the page showed.
func (p *Programme) ChangeHandoff(ctx context.Context, by *people.Person, id string, change func(*standard.Handoff, time.Time) error) error {
	return p.changeHandoff(ctx, id, func(h *Handoff, a *Account) error {
		if !ActorOf(by).MayEdit(&a.Account) {
			return ErrForbidden
		}
		return change(&h.Handoff, p.now())
	})
}

// RequireHandoff says what the customer requires, and for each part which tier was
// sold; for a zero Sold the likely one is put down. Its Invalid is of "need", or of
// "sold-1" for the first part: "unknown".
func (p *Programme) RequireHandoff(ctx context.Context, by *people.Person, id string, parts []standard.Asked, sold []standard.Sold, edition int64) error {
	likely, err := p.likelySold(parts)
	if err != nil {
		return err
	}
	var found standard.Invalids
	book := p.wholeBook()
	for i, s := range sold {
		if i < len(likely) && s.Base == "" {
			sold[i] = likely[i]
		} else if _, err := book.Against(s.Base, s.AddOns, s.Tier, nil); err != nil {
			found = append(found, &standard.Invalid{Field: fmt.Sprintf("sold-%d", i+1), Code: "unknown"})
		}
	}
	return p.ChangeHandoff(ctx, by, id, func(h *standard.Handoff, _ time.Time) error {
		if len(found) > 0 {
			return found
		}
		return h.Require(parts, sold, edition)
	})
}

// SettleHandoff names the request that settles a limit: one of the same account that
// asks for no less.
func (p *Programme) SettleHandoff(ctx context.Context, by *people.Person, id string, s standard.Settling, edition int64) error {
	q, err := p.Request(ctx, s.Request)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	s.By, s.At = by.ID, p.now()
	return p.ChangeHandoff(ctx, by, id, func(h *standard.Handoff, _ time.Time) error {
		if s.Request != "" && (q == nil || !p.MaySettle(q, h, s.Part, s.Dimension)) {
			return standard.Invalids{{Field: "request", Code: "unknown"}}
		}
		return h.Settle(s, edition)
	})
}

// NameHandoff says what was sold, when, and when the round that the page showed
// meets.
func (p *Programme) NameHandoff(ctx context.Context, by *people.Person, id string, n NewHandoff, edition int64, round int) error {
	return p.ChangeHandoff(ctx, by, id, func(h *standard.Handoff, _ time.Time) error {
		named := h.Name(n.Title, n.Signed, n.Live, edition)
		if named != nil && !errors.Is(named, standard.ErrAgain) {
			return named
		}
		// The day of the meeting is nothing that is signed, so it may be all that
		// changes.
		if err := h.Meet(n.Meet, round); !errors.Is(err, standard.ErrAgain) {
			return err
		}
		return named
	})
}

// SignHandoff signs the sheet for a side. What is beyond the box is looked up
// beforehand; the edition holds that it was of this very sheet.
func (p *Programme) SignHandoff(ctx context.Context, by *people.Person, id string, f standard.Function, edition int64) error {
	seen, err := p.Handoff(ctx, id)
	if err != nil {
		return err
	}
	undecided, err := p.Undecided(ctx, &seen.Handoff)
	if err != nil {
		return err
	}
	return p.changeHandoff(ctx, id, func(h *Handoff, a *Account) error {
		err := h.Sign(ActorOf(by), &a.Account, standard.Sign{Function: f, Edition: edition, At: p.now()}, undecided)
		if err == nil && h.Edition != seen.Edition {
			return ErrStale // what is undecided was looked up for another sheet
		}
		if err == nil && h.Done() {
			h.Open, h.Moved = false, p.now()
		}
		return err
	})
}

// RepeatHandoff ends a round without both signatures and begins the next, with
// what was open written down.
func (p *Programme) RepeatHandoff(ctx context.Context, by *people.Person, id, why string, meet time.Time, round int) error {
	h, err := p.Handoff(ctx, id)
	if err != nil {
		return err
	}
	undecided, err := p.Undecided(ctx, &h.Handoff)
	if err != nil {
		return err
	}
	return p.changeHandoff(ctx, id, func(h *Handoff, a *Account) error {
		now := p.now()
		again := standard.Again{Why: why, Questions: h.Unanswered(), Undecided: undecided, At: now}
		err := h.Repeat(ActorOf(by), &a.Account, again, meet, round)
		if err == nil {
			h.Moved = now
		}
		return err
	})
}

// changeHandoff changes a handoff, with the account as it was a moment before: who
// looks after it seldom changes, and never by a handoff. What was done already
// changes nothing.
func (p *Programme) changeHandoff(ctx context.Context, id string, change func(*Handoff, *Account) error) error {
	h, err := p.Handoff(ctx, id)
	if err != nil {
		return err
	}
	a, err := p.Account(ctx, h.Account)
	if err != nil {
		return err
	}
	_, err = p.handoffs.Update(ctx, id, func(h *Handoff) error {
		err := change(h, a)
		h.derive()
		switch {
		case errors.Is(err, standard.ErrNotHers):
			return ErrForbidden
		case errors.Is(err, standard.ErrOvertaken):
			return ErrStale
		case errors.Is(err, standard.ErrAgain):
			return store.ErrNoChange
		default:
			return err
		}
	})
	if err != nil {
		return fmt.Errorf("change handoff %s: %w", id, err)
	}
	return nil
}
