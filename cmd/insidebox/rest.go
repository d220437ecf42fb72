package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

// A rest notices when nobody asks for anything, and then gives memory back to
// the system. Filling a store with demo people and checking passwords (19 MiB
// each) takes far more than serving pages, and by itself the runtime holds on
// to it for minutes.
type rest struct {
	next  http.Handler
	asked atomic.Int64 // requests so far, without those of probes
}

// ServeHTTP counts the request and passes it on.
func (r *rest) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/healthz" && req.URL.Path != "/readyz" {
		r.asked.Add(1)
	}
	r.next.ServeHTTP(w, req)
}

// run calls free whenever no request came from one tick to the next, once until
// there is one again.
func (r *rest) run(ctx context.Context, ticks <-chan time.Time, free func()) {
	freed, seen := r.asked.Load(), r.asked.Load()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			now := r.asked.Load()
			if now == seen && now != freed {
				free()
				freed = now
			}
			seen = now
		}
	}
}
