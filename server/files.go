package server

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const forever = "public, max-age=31536000, immutable"

func count(n int) string { return strconv.Itoa(n) }

// staticFile serves a file of static/ under its hashed name.
func (s *Server) staticFile(r *request) error {
	f, ok := r.view.static.Lookup(r.Request.URL.Path)
	if !ok {
		return errNoPage
	}
	h := r.Writer.Header()
	h.Set("Cache-Control", forever)
	h.Set("ETag", f.ETag)
	h.Set("Vary", "Accept-Encoding")
	if match := r.GetHeader("If-None-Match"); match != "" && strings.Contains(match, f.ETag) {
		r.Status(http.StatusNotModified)
		return nil
	}
	body := f.Body
	if f.Gzip != nil && takesGzip(r.GetHeader("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = f.Gzip
	}
	r.Data(http.StatusOK, f.MediaType, body)
	return nil
}

// favicon is where browsers look without being told. It is not moved for
// good: the name it leads to changes with the picture.
func (s *Server) favicon(r *request) error {
	r.Header("Cache-Control", "public, max-age=3600")
	r.Redirect(http.StatusFound, r.view.static.URL("favicon.svg"))
	return nil
}

// asset serves an image or download of the content under its hashed name. It
// comes from an author: a picture that opened by itself could run scripts,
// so it gets a policy of its own that allows none.
func (s *Server) asset(r *request) error {
	a := s.prog.Shelf.Asset(r.Request.URL.Path)
	if a == nil {
		return errNoPage
	}
	h := r.Writer.Header()
	h.Set("Cache-Control", forever)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	r.Data(http.StatusOK, a.Type, a.Bytes)
	return nil
}

// alive says that the process answers.
func (s *Server) alive(r *request) error {
	r.Header("Cache-Control", "no-store")
	r.Data(http.StatusOK, "text/plain; charset=utf-8", []byte("alive\n"))
	return nil
}

// ready says that the store can be reached and a release is loaded.
func (s *Server) ready(r *request) error {
	r.Header("Cache-Control", "no-store")
	if err := s.cfg.Ready(r.Request.Context()); err != nil {
		s.cfg.Log.Warn("not ready", "error", err)
		r.Data(http.StatusServiceUnavailable, "text/plain; charset=utf-8", []byte("not ready: the store can't be reached\n"))
		return nil
	}
	r.Data(http.StatusOK, "text/plain; charset=utf-8", []byte("ready\n"))
	return nil
}

// broadcast wakes everybody who waits for a change.
type broadcast struct {
	mu   sync.Mutex
	wake chan struct{}
}

func newBroadcast() *broadcast { return &broadcast{wake: make(chan struct{})} }

func (b *broadcast) send() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.wake)
	b.wake = make(chan struct{})
}

func (b *broadcast) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wake
}

// devEvents tells an open page of a development server to reload itself.
func (s *Server) devEvents(r *request) error {
	h := r.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	if r.Request.Method == http.MethodHead {
		return nil
	}
	control := http.NewResponseController(r.Writer)
	_ = control.SetWriteDeadline(time.Time{}) // the stream stays open
	if _, err := r.Writer.WriteString("retry: 500\n\n"); err != nil {
		return nil //nolint:nilerr // the browser went away
	}
	_ = control.Flush()
	select {
	case <-s.changed.wait():
		_, _ = r.Writer.WriteString("event: change\ndata: reload\n\n")
		_ = control.Flush()
	case <-r.Request.Context().Done():
	}
	return nil
}
