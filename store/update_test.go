package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
)

// TestUpdateRetries lets another process be faster, some times or always.
func TestUpdateRetries(t *testing.T) {
	d := openFile(t)
	rival := notes(t, d)
	if err := rival.Insert(t.Context(), &note{Meta: store.Meta{ID: "a"}}); err != nil {
		t.Fatal(err)
	}
	faster := 0 // how often the rival still is
	meddling := store.Observe(d, nil, store.WithBefore(func(ctx context.Context, c store.Call) error {
		if c.Op != "Replace" || faster == 0 {
			return nil
		}
		faster--
		_, err := rival.Update(ctx, "a", func(n *note) error { n.Count += 100; return nil })
		return err
	}))
	var pauses []time.Duration
	c := notes(t, meddling, store.WithJitter(func() float64 { return 0.5 }), store.WithPause(func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	}))
	faster = 8
	got, err := c.Update(t.Context(), "a", func(n *note) error { n.Count++; return nil })
	if err != nil || got.Count != 801 || got.Rev != 10 {
		t.Errorf("the ninth try: got %+v, %v, want count 801, revision 10", got, err)
	}
	want := "[1ms 2ms 4ms 8ms 16ms 25ms 25ms 25ms]"
	if fmt.Sprint(pauses) != want {
		t.Errorf("pauses: got %v, want %s", pauses, want)
	}
	faster = 1000
	_, err = c.Update(t.Context(), "a", func(n *note) error { n.Count++; return nil })
	wantErr(t, "when others are always faster", err, store.ErrConflict)
	if faster != 960 {
		t.Errorf("it tried %d times, want 40", 1000-faster)
	}
	faster = 0
	calls := 0
	_, err = c.Update(t.Context(), "a", func(*note) error { calls++; return store.ErrConflict })
	if !errors.Is(err, store.ErrConflict) || calls != 1 {
		t.Errorf("a conflict of the caller's own: got %v after %d calls, want it back at once", err, calls)
	}
}

// TestUpdateWaitsInLine: within a process updaters of one document don't even
// get into each other's way.
func TestUpdateWaitsInLine(t *testing.T) {
	var replaces atomic.Int64
	c := notes(t, store.Observe(openFile(t), func(c store.Call) {
		if c.Op == "Replace" {
			replaces.Add(1)
		}
	}))
	if err := c.Insert(t.Context(), &note{Meta: store.Meta{ID: "a"}}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if _, err := c.Update(t.Context(), "a", func(n *note) error { n.Count++; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := replaces.Load(); got != 40 {
		t.Errorf("40 updates took %d replaces, want 40", got)
	}
	over, cancel := context.WithCancel(t.Context())
	_, err := c.Update(t.Context(), "a", func(*note) error {
		cancel()
		_, err := c.Update(over, "a", func(*note) error { return errors.New("not in line") })
		return err
	})
	wantErr(t, "the second in line, whose context ends", err, context.Canceled)
}
