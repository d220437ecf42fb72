package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
)

type requestIDKey struct{}

// requestID is the request's id, which an error page shows and the log has.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// logged gives every request an id and logs it when it is answered: method,
// path, status, time taken. No query, form, name or address is logged.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:12]
		began := s.prog.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if cause := recover(); cause != nil {
				s.cfg.Log.Error("panic", "request", id, "path", r.URL.Path, "cause", cause)
				if !rec.wrote {
					s.plainError(rec, r, errInternal)
				}
			}
			s.cfg.Log.LogAttrs(r.Context(), levelOf(rec.status), "request", slog.String("request", id),
				slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.Int("status", rec.status), slog.Duration("took", s.prog.Now().Sub(began)))
		}()
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
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
