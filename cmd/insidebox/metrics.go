package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/insidebox/insidebox/store"
)

// slow is from when on a call of the store is worth a line in the log.
const slow = 500 * time.Millisecond

// storeMetrics counts what the store is asked and how long it takes, for
// Prometheus: calls by operation, collection and result, durations by
// operation. It knows no ids, so that nothing in it points to a person.
type storeMetrics struct {
	registry  *prometheus.Registry
	calls     *prometheus.CounterVec
	durations *prometheus.HistogramVec
}

func newStoreMetrics() *storeMetrics {
	m := &storeMetrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "insidebox_store_calls_total",
			Help: "Calls of the store that have ended.",
		}, []string{"op", "collection", "result"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "insidebox_store_call_duration_seconds",
			Help:    "How long calls of the store took.",
			Buckets: []float64{.0001, .0003, .001, .003, .01, .03, .1, .3, 1, 3, 10},
		}, []string{"op"}),
	}
	m.registry.MustRegister(m.calls, m.durations, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch returns the driver with every call counted, and slow ones logged: what
// was asked of which collection, never for which document.
func (m *storeMetrics) watch(d store.Driver, log *slog.Logger, now func() time.Time) store.Driver {
	return store.Observe(d, func(c store.Call) {
		m.calls.WithLabelValues(c.Op, c.Collection, outcome(c.Err)).Inc()
		m.durations.WithLabelValues(c.Op).Observe(c.Duration.Seconds())
		// Making collections and indexes ready takes as long as there are documents.
		if c.Duration >= slow && c.Op != "Declare" {
			log.Warn("slow call of the store", "op", c.Op, "collection", c.Collection, "index", c.Index,
				"docs", c.Docs, "result", outcome(c.Err), "took", c.Duration)
		}
	}, store.WithClock(now))
}

// outcome names how a call ended. Only unavailable, unknown, refused and failed
// are a trouble; the others are answers.
func outcome(err error) string {
	for _, known := range []struct {
		err  error
		name string
	}{
		{store.ErrNotFound, "not_found"},
		{store.ErrConflict, "conflict"},
		{store.ErrExists, "exists"},
		{store.ErrUnknown, "unknown"},
		{store.ErrUnavailable, "unavailable"},
		{store.ErrQuery, "refused"},
		{store.ErrInvalid, "refused"},
		{context.Canceled, "canceled"},
	} {
		if errors.Is(err, known.err) {
			return known.name
		}
	}
	if err != nil {
		return "failed"
	}
	return "ok"
}

// handler answers GET /metrics.
func (m *storeMetrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	return mux
}

// serve answers GET /metrics on the listener until the context ends.
func (m *storeMetrics) serve(ctx context.Context, listener net.Listener, log *slog.Logger) {
	web := &http.Server{
		Handler: m.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stop := context.AfterFunc(ctx, func() { _ = web.Close() })
	defer stop()
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Error("serve the metrics", "error", err)
	}
}
