package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/insidebox/insidebox/store"
)

// Leases are kept in one collection, by name.
type Leases struct {
	all *store.Collection[lease]

	mu   sync.Mutex
	seen map[string]sight // of leases that others hold
}

// A sight is a lease as it was when this process first saw it so.
type sight struct {
	rev   int64
	since time.Time
}

// lease says who may work until when.
type lease struct {
	store.Meta `bson:",inline"`
	Owner      string    `bson:"owner"`
	Renewed    time.Time `bson:"renewed"` // when the owner last took or renewed it
	Expires    time.Time `bson:"expires"` // from then on anyone may take it
}

// NewLeases declares the collection of leases.
func NewLeases(s *store.Store) *Leases {
	return &Leases{all: store.NewCollection[lease](s, store.Schema{Name: "leases"}), seen: map[string]sight{}}
}

// Take takes a lease that is free or has ended, or renews it for its owner. One
// that its owner has not renewed for a whole term while this process looked on
// has ended, too, whatever is written in it: its owner may have died with a
// clock that was far ahead. It returns when the lease ends, or the zero time when somebody else holds it.
// Owners are told apart by their names, so each process needs one of its own.
func (l *Leases) Take(ctx context.Context, name, owner string, now time.Time, term time.Duration) (time.Time, error) {
	mine := lease{Meta: store.Meta{ID: name}, Owner: owner, Renewed: now, Expires: now.Add(term)}
	old, err := l.all.Get(ctx, name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		err = l.all.Insert(ctx, &mine)
	case err != nil:
		return time.Time{}, fmt.Errorf("take the lease: %w", err)
	case old.Owner != owner && now.Before(old.Expires) && !l.abandoned(old, now, term):
		return time.Time{}, nil
	default:
		mine.Meta = old.Meta
		err = l.all.Replace(ctx, &mine)
	}
	if errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrConflict) {
		return time.Time{}, nil // somebody was faster
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("take the lease: %w", err)
	}
	return mine.Expires, nil
}

// abandoned tells whether a lease has stayed as it is for a term, by the clock
// of this process alone.
func (l *Leases) abandoned(old *lease, now time.Time, term time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	first, known := l.seen[old.ID]
	if !known || first.rev != old.Rev || now.Before(first.since) {
		first = sight{old.Rev, now}
		l.seen[old.ID] = first
	}
	return now.Sub(first.since) >= term
}

// Release ends a lease that owner holds, so that another may take it at once.
// It is no error when somebody else holds it.
func (l *Leases) Release(ctx context.Context, name, owner string, now time.Time) error {
	old, err := l.all.Get(ctx, name)
	if errors.Is(err, store.ErrNotFound) || err == nil && old.Owner != owner {
		return nil
	}
	if err == nil && now.Before(old.Expires) {
		// Kept and not deleted: a new document would begin at revision 1 again.
		old.Expires = now
		err = l.all.Replace(ctx, old)
	}
	if err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("release the lease: %w", err)
	}
	return nil
}
