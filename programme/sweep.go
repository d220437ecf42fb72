package programme

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/insidebox/insidebox/store"
)

// A sweep is how far this process has come with looking at everybody under
// one release.
type sweep struct {
	mu      sync.Mutex
	release string // that it is about; empty before the first
	after   store.Cursor
	failed  error // of some person in this round
	done    bool
}

// Sweep looks, once for every release that this process serves, whether a
// person has earned a certificate because the rules changed: nobody's own act
// would. It takes a batch of people at a time and reports whether there are
// more.
//
// Each process sweeps for itself, from its start on: what another one swept
// says nothing of what a third wrote under the older rules after that.
func (p *Programme) Sweep(ctx context.Context) (more bool, err error) {
	s := &p.sweep
	s.mu.Lock()
	defer s.mu.Unlock()
	if release := p.library().Hash; s.release != release {
		s.release, s.after, s.failed, s.done = release, store.Cursor{}, nil, false
	}
	if s.done {
		return false, nil
	}
	records, next, err := p.records.Find(ctx, store.Query{Index: "person", After: s.after, Limit: batch})
	if err != nil {
		return false, fmt.Errorf("read records: %w", err)
	}
	for _, r := range records {
		if err := p.sweepOne(ctx, r); err != nil {
			s.failed = fmt.Errorf("sweep %s: %w", r.ID, err)
		}
	}
	if s.after = next; !next.IsZero() {
		return true, nil
	}
	s.done = s.failed == nil // else begin again; what was done has no second effect
	err, s.failed = s.failed, nil
	return false, err
}

// sweepOne writes the duty down before it does it, as every other act does.
// An attempt that is not folded in yet is looked at when it is.
func (p *Programme) sweepOne(ctx context.Context, r *Record) error {
	if len(p.due(standing(r.ID, r))) == 0 {
		return nil
	}
	noted, err := p.change(ctx, r.ID, func(r *Record) error {
		p.note(r, standing(r.ID, r))
		return nil
	})
	if err != nil || !slices.Contains(noted.Pending, DutyCertify) {
		return err
	}
	return p.settleRecord(ctx, noted)
}
