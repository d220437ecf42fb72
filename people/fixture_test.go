package people

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a service on a real store, with a clock, a count of writes and the
// waits that were asked for.
type house struct {
	*Service
	clock   *clock
	path    string
	store   *store.Store
	context context.Context

	mu     sync.Mutex
	writes []store.Call
	reads  int
	waits  []time.Duration
	before func(context.Context, store.Call) error
}

// cheap makes hashing fast; what is tested with it doesn't depend on the work.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const day = 24 * time.Hour

// newHouse opens a service on a fresh file.
func newHouse(t testing.TB) *house {
	t.Helper()
	c := &clock{now: time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)}
	return openHouse(t, filepath.Join(t.TempDir(), "people.db"), c)
}

// openHouse opens a service on a file, as another process would.
func openHouse(t testing.TB, path string, c *clock) *house {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	h := &house{clock: c, path: path, context: t.Context()}
	s := store.New(store.Observe(d, h.see, store.WithBefore(h.hook)))
	h.store = s
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	h.Service = New(s, Options{Now: c.Now, Wait: h.pause, Cores: 2, Hashing: &cheap})
	if err := s.Declare(t.Context()); err != nil {
		t.Fatalf("declare: %v", err)
	}
	return h
}

func (h *house) see(c store.Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.Write {
		h.writes = append(h.writes, c)
	} else {
		h.reads++
	}
}

func (h *house) hook(ctx context.Context, c store.Call) error {
	h.mu.Lock()
	before := h.before
	h.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx, c)
}

func (h *house) setHook(fn func(context.Context, store.Call) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.before = fn
}

// counts returns the reads and writes since it was last called.
func (h *house) counts() (reads, writes int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	reads, writes = h.reads, len(h.writes)
	h.reads, h.writes = 0, nil
	return reads, writes
}

// pause notes how long a sign-in was to be slowed down, and doesn't wait.
func (h *house) pause(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waits = append(h.waits, d)
	return ctx.Err()
}

// add adds a person, with a password when it isn't empty.
func (h *house) add(t testing.TB, email, password string, roles ...Role) *Person {
	t.Helper()
	hash := ""
	if password != "" {
		var err error
		if hash, err = h.Hash(t.Context(), password); err != nil {
			t.Fatalf("hash: %v", err)
		}
	}
	p, err := h.Add(t.Context(), NewPerson{
		Email: email, First: "Anna", Last: "Berg", Roles: roles, PasswordHash: hash,
	})
	if err != nil {
		t.Fatalf("add %s: %v", email, err)
	}
	return p
}

func (h *house) get(t testing.TB, id string) *Person {
	t.Helper()
	p, err := h.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("get %s: %v", id, err)
	}
	return p
}

// ctx is the test's context, for checks that have no testing.T.
func (h *house) ctx() context.Context { return h.context }
