package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// Served is one request that was answered, for whoever counts them. It names no
// person and no object.
type Served struct {
	Method string // GET, HEAD, POST, or "other"
	Route  string // pattern of the route, such as /courses/:course; "none" when no route was reached
	Status int
	Took   time.Duration
}

// A trace goes with a request through all that answers it.
type trace struct {
	id    string
	route string // pattern of the route that was reached, "" before
}

type traceKey struct{}

func traceOf(ctx context.Context) *trace {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok {
		return t
	}
	return &trace{}
}

// requestID is the request's id, which an error page shows and the log has.
func requestID(ctx context.Context) string { return traceOf(ctx).id }

// logged gives every request an id, and when it is answered logs method, path,
// status and time taken, and reports it. No query, form, name, address or
// one-time link is logged.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &trace{id: rand.Text()[:12]}
		began := s.prog.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if cause := recover(); cause != nil {
				s.cfg.Log.Error("panic", "request", t.id, "path", t.path(r), "cause", cause, "stack", string(debug.Stack()))
				if !rec.wrote {
					s.plainError(rec, r, errInternal)
				}
			}
			took := max(0, s.prog.Now().Sub(began)) // less, when the clock is set back
			if level := levelOf(rec.status); s.cfg.Log.Enabled(r.Context(), level) {
				s.cfg.Log.LogAttrs(r.Context(), level, "request", slog.String("request", t.id),
					slog.String("method", r.Method), slog.String("path", t.path(r)),
					slog.Int("status", rec.status), slog.Duration("took", took))
			}
			if s.cfg.Served != nil {
				s.cfg.Served(Served{knownMethod(r.Method), cmp.Or(t.route, "none"), rec.status, took})
			}
		}()
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), traceKey{}, t)))
	})
}

// path is what the log calls the request: its path, but for one-time links,
// by which whoever reads the log could sign in.
func (t *trace) path(r *http.Request) string {
	for _, secret := range []string{"/setup/", "/welcome/"} {
		if strings.HasPrefix(r.URL.Path, secret) {
			return secret + ":token"
		}
	}
	return r.URL.Path
}

// knownMethod bounds what a client can make up.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	}
	return "other"
}

func levelOf(status int) slog.Level {
	if status >= 500 {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// recorder remembers the status that was sent.
type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes that the answer began.
func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	return r.ResponseWriter.Write(b)
}

// Flush passes on, for event streams.
func (r *recorder) Flush() {
	if f, ok := r.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
