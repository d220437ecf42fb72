package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/insidebox/insidebox/store"
)

// batch is how many documents one step of the outbox takes on.
const batch = 100

// Drain does what attempts and records still have to cause, a batch at a
// time, and reports whether there may be more. Every step may be done again.
func (p *Programme) Drain(ctx context.Context) (more bool, err error) {
	attempts, _, err := p.attempts.Find(ctx, pendingQuery())
	if err != nil {
		return false, fmt.Errorf("read pending attempts: %w", err)
	}
	for _, a := range attempts {
		if err := p.settleAttempt(ctx, a); err != nil {
			return false, fmt.Errorf("settle attempt %s: %w", a.ID, err)
		}
	}
	records, _, err := p.records.Find(ctx, pendingQuery())
	if err != nil {
		return false, fmt.Errorf("read pending records: %w", err)
	}
	for _, r := range records {
		if err := p.settleRecord(ctx, r.ID); err != nil {
			return false, fmt.Errorf("settle record %s: %w", r.ID, err)
		}
	}
	return len(attempts) == batch || len(records) == batch, nil
}

func pendingQuery() store.Query {
	return store.Query{Index: "pending", From: store.Time(Never.Add(1e9)), Limit: batch}
}

func (p *Programme) settleAttempt(ctx context.Context, a *Attempt) error {
	if has(a.Pending, DutyCertify) {
		st, err := p.StandingOf(ctx, a.Person)
		if err != nil {
			return err
		}
		if _, err := p.issue(ctx, st); err != nil {
			return err
		}
	}
	if err := p.foldIn(ctx, a.Person, a); err != nil {
		return err
	}
	_, err := p.attempts.Update(ctx, a.ID, func(a *Attempt) error {
		if len(a.Pending) == 0 && !a.Live {
			return store.ErrNoChange
		}
		a.Pending, a.PendingSince = nil, Never
		a.Live = false
		return nil
	})
	return err
}

// foldIn folds an attempt, and the certificates held, into the record.
func (p *Programme) foldIn(ctx context.Context, person string, a *Attempt) error {
	certificates, err := p.CertificatesOf(ctx, person)
	if err != nil {
		return err
	}
	_, err = p.change(ctx, person, func(r *Record) error {
		st := &Standing{Person: person, Evidence: clone(r.Evidence), Seen: r.Seen, Open: map[string]string{}}
		if st.Seen == nil {
			st.Seen = map[string]int{}
		}
		if a != nil {
			st.fold(a)
		}
		for _, c := range certificates {
			st.Evidence.Held = addHeld(st.Evidence.Held, c.Held())
		}
		r.Evidence, r.Seen = st.Evidence, st.Seen
		return nil
	})
	return err
}

func (p *Programme) settleRecord(ctx context.Context, person string) error {
	st, err := p.StandingOf(ctx, person)
	if err != nil {
		return err
	}
	if _, err := p.issue(ctx, st); err != nil {
		return err
	}
	if err := p.foldIn(ctx, person, nil); err != nil {
		return err
	}
	_, err = p.records.Update(ctx, person, func(r *Record) error {
		if len(r.Pending) == 0 {
			return store.ErrNoChange
		}
		r.Pending, r.PendingSince = nil, Never
		return nil
	})
	return err
}

// Sweep looks, once after every new release, whether a person has become due
// a certificate because the rules changed: nobody's own act would. It takes
// a batch of people at a time and marks the release when all are done.
func (p *Programme) Sweep(ctx context.Context) (more bool, err error) {
	lib := p.library()
	mark, err := p.settings.Get(ctx, "sweep")
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	if mark != nil && mark.Release == lib.Hash {
		return false, nil
	}
	query := store.Query{Index: "person", Limit: batch}
	for {
		records, next, err := p.records.Find(ctx, query)
		if err != nil {
			return false, fmt.Errorf("read records: %w", err)
		}
		for _, r := range records {
			if err := p.sweepOne(ctx, r); err != nil {
				return false, fmt.Errorf("sweep %s: %w", r.ID, err)
			}
		}
		if next.IsZero() {
			break
		}
		query.After = next
	}
	return false, p.markSwept(ctx, mark, lib.Hash)
}

func (p *Programme) sweepOne(ctx context.Context, r *Record) error {
	st, err := p.Standing(ctx, r.ID, r)
	if err != nil || len(p.due(st, p.now())) == 0 {
		return err
	}
	return p.settleRecord(ctx, r.ID)
}

func (p *Programme) markSwept(ctx context.Context, mark *settings, release string) error {
	if mark == nil {
		err := p.settings.Insert(ctx, &settings{Meta: store.Meta{ID: "sweep"}, Release: release})
		if errors.Is(err, store.ErrExists) {
			return nil // another process marked it; the next tick looks again
		}
		return err
	}
	mark.Release = release
	return p.settings.Replace(ctx, mark)
}

// duties lists, for tests and probes, what is pending by document id.
func (p *Programme) duties(ctx context.Context) ([]string, error) {
	attempts, _, err := p.attempts.Find(ctx, pendingQuery())
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range attempts {
		ids = append(ids, a.ID)
	}
	slices.Sort(ids)
	return ids, nil
}
