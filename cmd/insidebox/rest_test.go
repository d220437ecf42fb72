package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Memory goes back once in each pause between requests; what probes ask is no work.
func TestRest(t *testing.T) {
	r := &rest{next: http.NotFoundHandler()}
	frees := 0
	ask := func(path string) {
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	tick := func(times int) {
		for range times {
			r.look(func() { frees++ })
		}
	}
	tick(3) // nobody has asked for anything yet
	ask("/")
	tick(1) // work is under way
	ask("/")
	tick(4) // 1: in the pause
	ask("/healthz")
	ask("/readyz")
	tick(3) // still the same pause
	ask("/login")
	tick(3) // 2: in the next
	if frees != 2 {
		t.Errorf("memory was given back %d times, want 2", frees)
	}
}

// TestRestRuns: it looks at every tick, and ends with its context.
func TestRestRuns(t *testing.T) {
	r := &rest{next: http.NotFoundHandler()}
	ctx, stop := context.WithCancel(t.Context())
	ticks, freed, ended := make(chan time.Time), make(chan bool), make(chan struct{})
	go func() {
		r.run(ctx, ticks, func() { freed <- true })
		close(ended)
	}()
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	ticks <- time.Time{}
	ticks <- time.Time{}
	<-freed
	stop()
	<-ended
}
