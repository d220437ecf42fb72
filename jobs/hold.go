package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrLost is the cause of the context of [Leases.Hold] when another process has
// taken the lease.
var ErrLost = errors.New("another process has taken over, as this one could not renew its lease in time")

// Hold waits for the lease, and holds it until release is called. The context
// that it returns ends when the lease is lost, and with ctx. A term is how long
// the lease outlives a holder that was killed; a store that is away for as long
// lets it be lost, too. waits is called once if somebody else holds it; nil is nothing.
func (l *Leases) Hold(ctx context.Context, name, owner string, now func() time.Time, term time.Duration, waits func()) (held context.Context, release func(), err error) {
	for {
		until, err := l.Take(ctx, name, owner, now(), term)
		if err != nil {
			return nil, nil, err
		}
		if !until.IsZero() {
			break
		}
		if waits != nil {
			waits()
			waits = nil
		}
		if err := pause(ctx, min(term/10, 250*time.Millisecond)); err != nil {
			return nil, nil, fmt.Errorf("wait for the lease: %w", err)
		}
	}
	held, lose := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.renew(held, lose, name, owner, now, term)
	}()
	return held, func() {
		lose(context.Canceled)
		<-ended
		_ = l.Release(context.WithoutCancel(ctx), name, owner, now()) // or it ends by itself
	}, nil
}

// renew renews a lease until it is lost or held ends.
func (l *Leases) renew(held context.Context, lose context.CancelCauseFunc, name, owner string, now func() time.Time, term time.Duration) {
	last := now()
	for pause(held, term/4) == nil {
		until, err := l.Take(held, name, owner, now(), term)
		switch {
		case err == nil && !until.IsZero():
			last = now()
		case err == nil, now().Sub(last) >= term:
			lose(ErrLost)
		}
	}
}

// pause waits, or returns why the context has ended.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
