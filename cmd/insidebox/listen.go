package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// grace is how long a stopping server waits for requests that are under way.
const grace = 15 * time.Second

// pause is how long nobody must ask for anything before memory goes back.
const pause = 30 * time.Second

// listen serves until the context ends, then lets running requests finish,
// and after them what runs beside them.
func (s *site) listen(ctx context.Context, listener net.Listener) error {
	// What the start has left goes back before the first request, which would
	// otherwise wait for it.
	debug.FreeOSMemory()
	relax()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	handler := &rest{next: s.server.Handler()}
	stopped := s.background(work, handler)
	defer func() {
		stop()
		<-stopped
	}()
	web := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	web.RegisterOnShutdown(s.server.Changed) // ends the event streams
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(gathering{listener}) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.log.Info("stopping", "at_most", grace.String())
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := web.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("stop the server: requests were still under way after %s and were cut off", grace), web.Close())
	}
	return nil
}

// relax lets the heap grow to five times what is in use before it is collected,
// unless the operator has said otherwise by GOGC. What is in use is small (some 15
// MB) and most of it lives as long as the server, so that at Go's setting a busy
// server would look through it seven times a second, with a request in a hundred
// waiting behind it. A quiet one gives the memory back; see rest.
func relax() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// background starts what runs beside the requests. The channel closes when
// all of it has stopped.
func (s *site) background(ctx context.Context, rest *rest) <-chan struct{} {
	var wg sync.WaitGroup
	wg.Go(func() {
		ticks := time.NewTicker(pause)
		defer ticks.Stop()
		rest.run(ctx, ticks.C, debug.FreeOSMemory)
	})
	outbox := s.outbox()
	wg.Go(func() {
		if s.await(ctx) {
			outbox.Run(ctx)
		}
	})
	wg.Go(func() { s.turnOfDay(ctx) })
	if s.metrics != nil {
		wg.Go(func() { s.measured.serve(ctx, s.metrics, s.log) })
	}
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
	var again time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			// It stays stale when the files can't be used: then they are read,
			// and the findings logged, no more often than it takes to mend them.
			if s.shelf.Stale() && now.After(again) {
				s.reload(ctx)
				again = now.Add(10 * time.Minute)
			}
		}
	}
}
