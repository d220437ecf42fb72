package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/store"
)

// slow is from when on a call of the store is worth a line in the log.
const slow = 500 * time.Millisecond

// metrics counts what the site and its store are asked and how long it takes,
// for Prometheus: requests by route and status, calls of the store by operation,
// collection and result, durations by route and by operation. It knows no ids,
// so that nothing in it points to a person.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	answers   *prometheus.HistogramVec
	calls     *prometheus.CounterVec
	durations *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "insidebox_http_requests_total",
			Help: "Requests that were answered.",
		}, []string{"method", "route", "status"}),
		answers: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "insidebox_http_request_duration_seconds",
			Help:    "How long it took to answer requests.",
			Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
		}, []string{"route"}),
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
	m.registry.MustRegister(m.requests, m.answers, m.calls, m.durations, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// served counts an answered request.
func (m *metrics) served(s server.Served) {
	m.requests.WithLabelValues(s.Method, s.Route, strconv.Itoa(s.Status)).Inc()
	m.answers.WithLabelValues(s.Route).Observe(s.Took.Seconds())
}

// watch returns the driver with every call counted, unless m is nil, and slow
// ones logged: what was asked of which collection, never for which document.
func (m *metrics) watch(d store.Driver, log *slog.Logger, now func() time.Time) store.Driver {
	return store.Observe(d, func(c store.Call) {
		if m != nil {
			m.calls.WithLabelValues(c.Op, c.Collection, outcome(c.Err)).Inc()
			m.durations.WithLabelValues(c.Op).Observe(c.Duration.Seconds())
		}
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
func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	return mux
}

// serve answers GET /metrics on the listener until the context ends.
func (m *metrics) serve(ctx context.Context, listener net.Listener, log *slog.Logger) {
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
