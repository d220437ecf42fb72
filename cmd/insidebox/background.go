package main

import (
	"context"
	"sync"
	"time"
)

// background starts what runs beside the requests. The channel closes when
// all of it has stopped.
func (s *site) background(ctx context.Context) <-chan struct{} {
	var wg sync.WaitGroup
	wg.Go(func() { s.outbox(ctx) })
	wg.Go(func() { s.turnOfDay(ctx) })
	if s.flags.dev {
		wg.Go(func() { s.watch(ctx) })
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	return done
}

// turnOfDay reads the library again when a dated figure takes effect.
func (s *site) turnOfDay(ctx context.Context) {
	tick := time.NewTicker(20 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if s.shelf.Stale() {
				s.reload(ctx)
			}
		}
	}
}
