package programme

import (
	"context"
	"io/fs"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/standard"
)

// A Shelf holds the library that is served now and what the last load of its
// source had to say. When a load finds errors, the last good library stays.
type Shelf struct {
	source func() fs.FS
	now    func() time.Time
	state  atomic.Pointer[shelfState]
	mu     sync.Mutex // one load at a time
}

type shelfState struct {
	library  *content.Library
	findings []content.Finding
	broken   bool                      // the findings hold an error: library is older than the source
	loaded   time.Time                 // when the source was last read
	assets   map[string]*content.Asset // of this and every earlier library
}

// NewShelf loads the source for the first time. The library is nil, and the
// findings say why, if it holds an error.
func NewShelf(source func() fs.FS, now func() time.Time) (*Shelf, []content.Finding) {
	s := &Shelf{source: source, now: now}
	s.state.Store(s.read())
	return s, s.Findings()
}

// Library returns the library served now.
func (s *Shelf) Library() *content.Library { return s.state.Load().library }

// Findings returns what the last load had to say.
func (s *Shelf) Findings() []content.Finding { return s.state.Load().findings }

// Broken reports whether the last load found errors, so that learners see an
// older library, and when that load was.
func (s *Shelf) Broken() (bool, time.Time) {
	st := s.state.Load()
	return st.broken, st.loaded
}

// Asset returns an image or download of this library or of one that this
// process served before, which a running attempt may still show.
func (s *Shelf) Asset(url string) *content.Asset { return s.state.Load().assets[url] }

// Source is the tree of which the library is loaded, as it is now.
func (s *Shelf) Source() fs.FS { return s.source() }

// read loads the source. Where it holds an error, the present library stays
// in what is returned.
func (s *Shelf) read() *shelfState {
	now := s.now()
	lib, findings := content.Load(s.source(), content.Options{Now: now})
	next := &shelfState{
		library: lib, findings: findings, broken: lib == nil, loaded: now,
		assets: map[string]*content.Asset{},
	}
	if old := s.state.Load(); old != nil {
		maps.Copy(next.assets, old.assets)
		if lib == nil {
			next.library = old.library
		}
	}
	if lib != nil {
		for _, asset := range lib.Assets() {
			next.assets[asset.URL] = asset
		}
	}
	return next
}

// Reload reads the content again. A library without errors is published and
// only then served, so that whatever an attempt pins is in the store; one
// with errors, or that can't be published, leaves the last good one in its
// place. It reports whether another library is served now.
func (p *Programme) Reload(ctx context.Context) (changed bool, err error) {
	s := p.Shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	old, next := s.state.Load(), s.read()
	changed = next.library != old.library &&
		(next.library.Hash != old.library.Hash || next.library.Day != old.library.Day)
	if changed {
		if err := p.Publish(ctx, next.library); err != nil {
			return false, err
		}
	}
	s.state.Store(next)
	if changed {
		p.useRevisions(next.library)
	}
	return changed, nil
}

// Stale reports whether a dated figure has taken effect since the library
// was loaded, so that a Reload is due.
func (s *Shelf) Stale() bool {
	lib := s.Library()
	if lib == nil || lib.NextChange == (standard.Day{}) {
		return false
	}
	return !standard.DayOf(s.now(), lib.Location).Before(lib.NextChange)
}
