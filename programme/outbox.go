package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// batch is how many documents are read at once.
const batch = 100

// maxBatches bounds what one call of Drain takes on of each collection.
const maxBatches = 10

// Drain does what attempts, records and requests still have to cause, oldest first, and
// reports whether there may be more. Every step may be done again. A document
// that fails is logged and left for the next time: it holds up no other, and a
// collection that can't be read, for a document in it is damaged, no other collection.
// The error is the store's, when that can't be used.
func (p *Programme) Drain(ctx context.Context) (more bool, err error) {
	for _, one := range []struct {
		name  string
		drain func() (bool, error)
	}{
		{"attempts", func() (bool, error) { return drain(ctx, p, p.attempts, nil, p.settleAttempt) }},
		{"records", func() (bool, error) { return drain(ctx, p, p.records, nil, p.settleRecord) }},
		{"requests", func() (bool, error) { return p.drainRequests(ctx) }},
	} {
		left, failed := one.drain()
		more = more || left
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("settle %s: %w", one.name, failed))
		}
		if failed != nil && (ctx.Err() != nil || errors.Is(failed, store.ErrUnavailable)) {
			break // no document's fault
		}
	}
	return more && err == nil, err
}

// drainRequests counts the requests of a batch together, and then tells of each. One
// that can't be counted with the others comes upon the reason once more by itself.
func (p *Programme) drainRequests(ctx context.Context) (more bool, err error) {
	var counted map[string]bool
	count := func(ctx context.Context, batch []*Request) {
		counted, _ = p.count(ctx, slices.DeleteFunc(slices.Clone(batch), func(q *Request) bool { return !q.toCount() })...)
	}
	return drain(ctx, p, p.requests, count, func(ctx context.Context, q *Request) error { return p.tellOf(ctx, q, counted[q.ID]) })
}

// drain settles what is pending in one collection. ahead sees each batch before; nil is
// nothing.
func drain[T any](ctx context.Context, p *Programme, c *store.Collection[T], ahead func(context.Context, []*T), settle func(context.Context, *T) error) (more bool, err error) {
	query := store.Query{Index: "pending", From: store.Time(Never.Add(time.Second)), Limit: batch}
	settled := 0
	for range maxBatches {
		docs, next, err := c.Find(ctx, query)
		if err != nil {
			return false, fmt.Errorf("read what is pending: %w", err)
		}
		if ahead != nil {
			ahead(ctx, docs)
		}
		for _, doc := range docs {
			switch err := settle(ctx, doc); {
			case err == nil:
				settled++
			case ctx.Err() != nil || errors.Is(err, store.ErrUnavailable):
				return false, err
			default:
				p.log.Error("left in the outbox", "collection", c.Name(), "error", err)
			}
		}
		if next.IsZero() {
			return false, nil
		}
		query.After = next
	}
	return settled > 0, nil
}

// settleAttempt issues what the attempt brought and folds it in. Then it is
// no longer pending, and no longer live once it is graded; unless it was
// graded meanwhile, for then that is still to be settled.
func (p *Programme) settleAttempt(ctx context.Context, a *Attempt) error {
	if slices.Contains(a.Pending, DutyCertify) {
		st, err := p.StandingOf(ctx, a.Person)
		if err != nil {
			return err
		}
		if _, err := p.issue(ctx, st, a.Submitted); err != nil {
			return err
		}
	}
	if err := p.foldIn(ctx, a); err != nil {
		return err
	}
	_, err := p.attempts.Update(ctx, a.ID, func(now *Attempt) error {
		if now.State != a.State || len(now.Pending) == 0 {
			return store.ErrNoChange
		}
		now.Pending, now.PendingSince = nil, Never
		now.Live = now.State == quiz.Open
		return nil
	})
	return err
}

// foldIn folds an attempt, and the certificates held, into the record.
func (p *Programme) foldIn(ctx context.Context, a *Attempt) error {
	certificates, err := p.CertificatesOf(ctx, a.Person)
	if err != nil {
		return err
	}
	_, err = p.change(ctx, a.Person, func(r *Record) error { return p.foldInto(r, standing(a.Person, r), a, certificates) })
	return err
}

// foldInto is what an attempt and certificates make of the record, whose
// standing st is.
func (p *Programme) foldInto(r *Record, st *Standing, a *Attempt, certificates []*Certificate) error {
	fresh, held := st.fold(a), len(st.Evidence.Held)
	if st.hold(certificates); !fresh && len(st.Evidence.Held) == held {
		return store.ErrNoChange
	}
	r.Evidence, r.Seen = st.Evidence, st.Seen
	p.note(r, st)
	return nil
}

// settleRecord issues what the record has earned and folds the certificates
// in. The duty stays if something else has become due in the meantime.
func (p *Programme) settleRecord(ctx context.Context, r *Record) error {
	st, err := p.StandingOf(ctx, r.ID)
	if err != nil {
		return err
	}
	if _, err := p.issue(ctx, st, r.PendingSince); err != nil {
		return err
	}
	certificates, err := p.CertificatesOf(ctx, r.ID)
	if err != nil {
		return err
	}
	_, err = p.records.Update(ctx, r.ID, func(r *Record) error {
		if len(r.Pending) == 0 {
			return store.ErrNoChange
		}
		next := st.with(r)
		next.hold(certificates)
		r.Held = next.Evidence.Held
		if len(p.due(next)) == 0 {
			r.Pending, r.PendingSince = nil, Never
		}
		return nil
	})
	return err
}
