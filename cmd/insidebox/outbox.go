package main

import (
	"context"
	"time"
)

// outbox does what documents still have to cause: at once when this process
// left something to do, and every few seconds what another one left.
func (s *site) outbox(ctx context.Context) {
	kicked := make(chan struct{}, 1)
	s.prog.OnPending(func() {
		select {
		case kicked <- struct{}{}:
		default:
		}
	})
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		for _, task := range []func(context.Context) (bool, error){s.prog.Drain, s.prog.Sweep} {
			if _, err := task(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("outbox", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-kicked:
		case <-tick.C:
		}
	}
}
