package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/insidebox/insidebox/store"
)

// again is how long a server waits before it looks for its store again.
const again = 2 * time.Second

// passes tells whether an error of the store may be gone when one tries again.
func passes(err error) bool {
	return errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) || errors.Is(err, context.DeadlineExceeded)
}

// await waits until the store is ready, and makes it so. False: the context
// ended first.
func (s *site) await(ctx context.Context) bool {
	select {
	case <-s.opened:
		return true
	default:
	}
	tick := time.NewTicker(again)
	defer tick.Stop()
	said := ""
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		err := s.prepare(ctx)
		if err == nil {
			break
		}
		// What waiting doesn't help is an error for whoever reads the log; the
		// server stays, and takes the store when that is mended.
		if text := err.Error(); text != said && ctx.Err() == nil {
			s.log.Error("open the store", "error", err, "again_in", again.String())
			said = text
		}
	}
	close(s.opened)
	s.log.Info("the store is there, and ready")
	if err := s.server.Refresh(); err != nil {
		s.log.Error("refresh the pages", "error", err)
	}
	if !s.flags.demo {
		var out strings.Builder
		if err := s.announceSetup(ctx, &out); err != nil {
			s.log.Error("look whether there is an admin", "error", err)
		}
		_, _ = io.WriteString(s.program.stdout, out.String())
	}
	return true
}

// awaited is a driver that may not be there yet. Until it is open, it answers
// that the store is not available, but to the one who makes it ready.
type awaited struct {
	dial   func(context.Context) (store.Driver, error)
	ready  atomic.Bool
	mu     sync.Mutex
	closed bool
	driver atomic.Pointer[store.Driver]
	why    atomic.Pointer[string] // what the last try to open it came upon
}

// preparing marks the context of who makes the store ready.
type preparing struct{}

var errAway = fmt.Errorf("%w: it has not been reached since this server was started", store.ErrUnavailable)

func newAwaited(dial func(context.Context) (store.Driver, error)) *awaited {
	return &awaited{dial: dial}
}

// connect looks for the store, and returns a context with which it can be used.
func (a *awaited) connect(ctx context.Context) (context.Context, error) {
	if a.driver.Load() == nil {
		driver, err := a.dial(ctx)
		if err != nil {
			why := strings.TrimPrefix(err.Error(), "open the store: "+store.ErrUnavailable.Error()+": ")
			a.why.Store(&why)
			return nil, err
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.closed {
			return nil, errors.Join(errAway, driver.Close())
		}
		a.driver.Store(&driver)
	}
	return context.WithValue(ctx, preparing{}, true), nil
}

// open lets everyone use the store.
func (a *awaited) open() { a.ready.Store(true) }

func (a *awaited) use(ctx context.Context) (store.Driver, error) {
	d := a.driver.Load()
	if d == nil || !a.ready.Load() && ctx.Value(preparing{}) == nil {
		return nil, a.away()
	}
	return *d, nil
}

// away is errAway, with what stands in the way if that is known.
func (a *awaited) away() error {
	why := a.why.Load()
	if a.driver.Load() != nil || why == nil {
		return errAway
	}
	return fmt.Errorf("%w: %s", errAway, *why)
}

// Close closes the store if it was ever reached.
func (a *awaited) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	if d := a.driver.Load(); d != nil {
		return (*d).Close()
	}
	return nil
}

func (a *awaited) Declare(ctx context.Context, schemas ...store.Schema) error {
	d, err := a.use(ctx)
	if err != nil {
		return err
	}
	return d.Declare(ctx, schemas...)
}

func (a *awaited) Get(ctx context.Context, coll, id string) (store.Doc, error) {
	d, err := a.use(ctx)
	if err != nil {
		return store.Doc{}, err
	}
	return d.Get(ctx, coll, id)
}

func (a *awaited) GetMany(ctx context.Context, refs ...store.Ref) ([]store.Doc, error) {
	d, err := a.use(ctx)
	if err != nil {
		return nil, err
	}
	return d.GetMany(ctx, refs...)
}

func (a *awaited) Insert(ctx context.Context, coll string, doc store.Doc) error {
	d, err := a.use(ctx)
	if err != nil {
		return err
	}
	return d.Insert(ctx, coll, doc)
}

func (a *awaited) Replace(ctx context.Context, coll string, doc store.Doc) error {
	d, err := a.use(ctx)
	if err != nil {
		return err
	}
	return d.Replace(ctx, coll, doc)
}

func (a *awaited) Delete(ctx context.Context, coll, id string, rev int64) error {
	d, err := a.use(ctx)
	if err != nil {
		return err
	}
	return d.Delete(ctx, coll, id, rev)
}

func (a *awaited) Find(ctx context.Context, coll string, q store.Query) ([]store.Doc, error) {
	d, err := a.use(ctx)
	if err != nil {
		return nil, err
	}
	return d.Find(ctx, coll, q)
}

func (a *awaited) Count(ctx context.Context, coll string, q store.Query, most int) (int, error) {
	d, err := a.use(ctx)
	if err != nil {
		return 0, err
	}
	return d.Count(ctx, coll, q, most)
}

func (a *awaited) Ping(ctx context.Context) error {
	d, err := a.use(ctx)
	if err != nil {
		return err
	}
	return d.Ping(ctx)
}
