package programme

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A Place is what a decision counts for: a limit, an offering, an account.
type Place string

// LimitPlace is a limit, by its dimension.
func LimitPlace(dimension string) Place { return Place("limit:" + dimension) }

// OfferingPlace is an offering.
func OfferingPlace(offering string) Place { return Place("offering:" + offering) }

// AccountPlace is an account.
func AccountPlace(account string) Place { return Place("account:" + account) }

// A Ruling lets a decided request be found by a place: one a request and place.
type Ruling struct {
	store.Meta `bson:",inline"`
	Place      Place
	Request    string
	Title      string
	Outcome    standard.Outcome
	Decided    time.Time
	Until      time.Time // the end of an exception; Never for all others
}

// A Tiding lets a request be found by a person who must hear of something in it: a
// decided one by who must acknowledge it, any one by who is named in a comment.
type Tiding struct {
	store.Meta    `bson:",inline"`
	Person        string
	Request       string
	Open          bool
	Decided       time.Time        // of a comment that names her: when it was told first
	standard.Call `bson:",inline"` // of comments; zero of a decision. Both figures only grow
}

var (
	rulingSchema = store.Schema{Name: "rulings", Indexes: []store.Index{
		{Name: "place", Fields: []store.Field{{Name: "place", Kind: store.KindString}, {Name: "decided", Kind: store.KindTime}}},
		{Name: "in_force", Fields: []store.Field{{Name: "place", Kind: store.KindString}, {Name: "until", Kind: store.KindTime}}},
	}}
	tidingSchema = store.Schema{Name: "tidings", Home: "person", Indexes: []store.Index{
		{Name: "open", Fields: []store.Field{{Name: "person", Kind: store.KindString}, {Name: "open", Kind: store.KindBool}, {Name: "decided", Kind: store.KindTime}}},
	}}
)

// tellSoon tells at once, and leaves to the outbox what fails.
func (p *Programme) tellSoon(ctx context.Context, q *Request) {
	if len(q.Pending) > 0 {
		if err := p.tell(ctx, q); err != nil {
			p.log.Warn("telling of a request is left to the outbox", "request", q.ID, "error", err)
		}
		p.wake()
	}
}

// owes notes that something has to be told of the request, beside what it owes already.
func (q *Request) owes(duty Duty, at time.Time) {
	if !slices.Contains(q.Pending, duty) {
		q.Pending = append(q.Pending, duty)
	}
	q.PendingSince = at
}

// toCount reports whether the request may have to be counted.
func (q *Request) toCount() bool {
	return slices.Contains(q.Pending, DutyTell) || slices.Contains(q.Pending, DutyCount)
}

// tell writes all that a request is found by as it owes it, as it stands now, and counts
// it in its month; in this order, for what can't be counted must be heard of all the
// same. It may be done again.
func (p *Programme) tell(ctx context.Context, q *Request) error { return p.tellOf(ctx, q, false) }

// tellOf is tell, also of a request that is counted already.
func (p *Programme) tellOf(ctx context.Context, q *Request, counted bool) error {
	if q.Decision != nil && slices.Contains(q.Pending, DutyTell) {
		for _, ruling := range p.rulingsOf(q) {
			if err := p.rulings.Insert(ctx, ruling); err != nil && !errors.Is(err, store.ErrExists) {
				return err
			}
		}
		open := q.Unacknowledged()
		for _, id := range q.Concerned {
			if err := p.tellOne(ctx, q, id, slices.Contains(open, id)); err != nil {
				return err
			}
		}
	}
	calls := q.Calls()
	if slices.Contains(q.Pending, DutyCall) {
		for _, id := range slices.Sorted(maps.Keys(calls)) {
			if err := p.tellCall(ctx, q, id, calls[id]); err != nil {
				return err
			}
		}
	}
	if !counted && q.toCount() {
		if _, err := p.count(ctx, q); err != nil {
			return err
		}
	}
	_, err := p.requests.Update(ctx, q.ID, func(now *Request) error {
		moved := len(now.Acks) != len(q.Acks) || (now.Decision == nil) != (q.Decision == nil) || !maps.Equal(now.Calls(), calls)
		if moved || len(now.Pending) == 0 { // whoever moved it meanwhile tells of it
			return store.ErrNoChange
		}
		now.Pending, now.PendingSince = nil, Never
		return nil
	})
	return err
}

func (p *Programme) rulingsOf(q *Request) (list []*Ruling) {
	places := []Place{}
	for _, limit := range q.Limits {
		places = append(places, LimitPlace(limit))
	}
	offering := cmp.Or(q.Decision.Offering, q.Offering)
	if offering != "" {
		places = append(places, OfferingPlace(offering))
	}
	if q.Account != "" {
		places = append(places, AccountPlace(q.Account))
	}
	until := Never
	if q.Decision.Outcome == standard.Exception {
		until = q.Decision.Until.End(p.library().Location).UTC()
	}
	for _, place := range places {
		list = append(list, &Ruling{
			Meta: store.Meta{ID: p.id("ruling", q.ID, string(place))}, Place: place, Request: q.ID, Title: q.Title,
			Outcome: q.Decision.Outcome, Decided: q.Decision.At, Until: until,
		})
	}
	return list
}

// tellOne lets one person find the request, until she has acknowledged it.
func (p *Programme) tellOne(ctx context.Context, q *Request, person string, open bool) error {
	t := &Tiding{Meta: store.Meta{ID: store.HomeID(person) + p.id("tiding", q.ID, person)}, Person: person, Request: q.ID, Open: open, Decided: q.Decision.At}
	_, err := p.tidings.Update(ctx, t.ID, func(t *Tiding) error {
		if t.Open == open || open { // once acknowledged, it stays so
			return store.ErrNoChange
		}
		t.Open = false
		return nil
	})
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := p.tidings.Insert(ctx, t); err != nil && !errors.Is(err, store.ErrExists) {
		return err
	}
	return nil
}

// Escalate notes in every request whose voices are overdue that they are, once.
// It is a job's, takes a batch at a time and reports whether there may be more.
func (p *Programme) Escalate(ctx context.Context) (more bool, err error) {
	now := p.now()
	list, next, err := p.requests.Find(ctx, store.Query{
		Index: "escalate", From: store.Time(Never.Add(time.Second)), To: store.Time(now.Add(time.Millisecond)), Limit: batch,
	})
	if err != nil {
		return false, fmt.Errorf("look for overdue requests: %w", err)
	}
	for _, q := range list {
		_, err := p.requests.Update(ctx, q.ID, func(q *Request) error {
			if !q.Escalate(now) {
				return store.ErrNoChange
			}
			q.derive()
			return nil
		})
		if err != nil {
			return false, fmt.Errorf("escalate request %s: %w", q.ID, err)
		}
	}
	return !next.IsZero(), nil
}

// A Waiting is a request that waits for somebody, and for what.
type Waiting struct {
	*Request
	For WaitingFor
}

// WaitingFor says what a request waits for from somebody.
type WaitingFor string

// What one can be waited for.
const (
	ForVoice    WaitingFor = "voice"
	ForDecision WaitingFor = "decision"
	ForAnswer   WaitingFor = "answer"
	ForAck      WaitingFor = "acknowledgement"
	ForMention  WaitingFor = "mention" // a comment names her
)

// Waiting lists what waits for the person, what is due first at the top, up to
// limit of each kind. Every request stands there once: who is to decide is not
// asked for a voice as well, and who has anything to do there is not told that she
// is named.
func (p *Programme) Waiting(ctx context.Context, who *people.Person, limit int) (list []Waiting, err error) {
	seen := map[string]bool{}
	find := func(what WaitingFor, q store.Query) error {
		q.Limit = limit
		found, _, err := p.requests.Find(ctx, q)
		for _, one := range found {
			if mine := what == ForAnswer || one.Raiser != who.ID; mine && !seen[one.ID] {
				seen[one.ID], list = true, append(list, Waiting{one, what})
			}
		}
		return err
	}
	ready, soon := store.Time(Never.Add(time.Second)), store.Time(p.now().Add(time.Millisecond))
	errs := []error{find(ForDecision, store.Query{Index: "deputy", Eq: []store.Key{store.String(who.ID)}, From: ready, To: soon})}
	for _, f := range who.Reviewer() {
		// A voice that is missing makes it decidable only when it is overdue: then
		// she gives it first.
		errs = append(errs, find(ForVoice, store.Query{Index: string(f), Eq: []store.Key{store.Bool(true)}}),
			find(ForDecision, store.Query{Index: "decider", Eq: []store.Key{store.String(f)}, From: ready, To: soon}))
	}
	errs = append(errs, find(ForAnswer, store.Query{Index: "asks", Eq: []store.Key{store.String(who.ID)}}))
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("list what waits for %s: %w", who.ID, err)
	}
	slices.SortStableFunc(list, func(a, b Waiting) int { return a.Due.Compare(b.Due) })
	acks, mentions, err := p.toHear(ctx, who.ID, limit)
	for _, w := range slices.Concat(acks, mentions) {
		if !seen[w.ID] {
			seen[w.ID], list = true, append(list, w)
		}
	}
	return list, err
}

// toHear are the decisions that the person must acknowledge, and the requests in which
// she is named.
func (p *Programme) toHear(ctx context.Context, person string, limit int) (acks, mentions []Waiting, err error) {
	open, _, err := p.tidings.Find(ctx, store.Query{Index: "open", Eq: []store.Key{store.String(person), store.Bool(true)}, Limit: 2 * limit})
	if err != nil || len(open) == 0 {
		return nil, nil, err
	}
	ids := make([]string, len(open))
	for i, t := range open {
		ids[i] = t.Request
	}
	found, err := p.requests.GetAll(ctx, someIDs(ids)...)
	for _, t := range open {
		switch q := found[t.Request]; {
		case q == nil:
		case t.Last == 0 && len(acks) < limit && slices.Contains(q.Unacknowledged(), person):
			acks = append(acks, Waiting{q, ForAck})
		case t.Last > 0 && len(mentions) < limit && q.Called(person):
			mentions = append(mentions, Waiting{q, ForMention})
		}
	}
	return acks, mentions, err
}

// Precedents are decided requests that asked one of these limits to bend, the
// latest first, up to limit.
func (p *Programme) Precedents(ctx context.Context, limits []string, limit int) ([]*Request, error) {
	var rulings []*Ruling
	for _, name := range limits {
		list, _, err := p.rulings.Find(ctx, store.Query{Index: "place", Eq: []store.Key{store.String(LimitPlace(name))}, Desc: true, Limit: limit})
		if err != nil {
			return nil, fmt.Errorf("look for precedents: %w", err)
		}
		rulings = append(rulings, list...)
	}
	return p.ruled(ctx, rulings, limit)
}

// ruled reads the requests of rulings, each once, the latest decided first.
func (p *Programme) ruled(ctx context.Context, rulings []*Ruling, limit int) ([]*Request, error) {
	slices.SortStableFunc(rulings, func(a, b *Ruling) int { return b.Decided.Compare(a.Decided) })
	var ids []string
	for _, r := range rulings {
		if !slices.Contains(ids, r.Request) && len(ids) < limit {
			ids = append(ids, r.Request)
		}
	}
	found, err := p.requests.GetAll(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read decided requests: %w", err)
	}
	var list []*Request
	for _, id := range ids {
		if q := found[id]; q != nil {
			list = append(list, q)
		}
	}
	return list, nil
}

// ExceptionsOf are the approved exceptions in force now for an offering or an
// account, what ends first at the top, up to limit; one read.
func (p *Programme) ExceptionsOf(ctx context.Context, place Place, limit int) ([]*Ruling, error) {
	rulings, _, err := p.rulings.Find(ctx, store.Query{
		Index: "in_force", Eq: []store.Key{store.String(place)}, From: store.Time(p.now().Add(time.Millisecond)), Limit: limit,
	})
	if err != nil {
		return nil, fmt.Errorf("look for exceptions: %w", err)
	}
	return rulings, nil
}
