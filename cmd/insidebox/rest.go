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
	seen  int64        // of them, when it was looked at last
	freed int64        // of them, when memory was given back last
}

// ServeHTTP counts the request and passes it on.
func (r *rest) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/healthz" && req.URL.Path != "/readyz" {
		r.asked.Add(1)
	}
	r.next.ServeHTTP(w, req)
}

// run looks at every tick whether nobody asks, until the context ends.
func (r *rest) run(ctx context.Context, ticks <-chan time.Time, free func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			r.look(free)
		}
	}
}

// look calls free when no request came since it was called before, once until there
// is one again. It is for one goroutine.
func (r *rest) look(free func()) {
	now := r.asked.Load()
	if now == r.seen && now != r.freed {
		free()
		r.freed = now
	}
	r.seen = now
}
