package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insidebox/insidebox/jobs"
	"github.com/insidebox/insidebox/store"
)

// Many processes want the same lease: all get it, never two at once.
func TestHold(t *testing.T) {
	b := newBench(t)
	var inside, had atomic.Int32
	var all sync.WaitGroup
	for i := range 4 {
		leases := b.onTheSameFile()
		all.Go(func() {
			held, release, err := leases.Hold(t.Context(), "demo", fmt.Sprint("process ", i), time.Now, 2*time.Second, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			defer inside.Add(-1)
			if n := inside.Add(1); n != 1 && held.Err() == nil {
				t.Errorf("%d hold it at once", n)
			}
			// Something is done that others would see.
			if _, err := leases.Take(held, "other", "anybody", time.Now(), time.Second); err != nil {
				t.Error(err)
			}
			had.Add(1)
		})
	}
	all.Wait()
	if had.Load() != 4 {
		t.Errorf("%d of 4 had it", had.Load())
	}
}

// Who was passed over is told, and who no longer waits gets the reason.
func TestHoldLost(t *testing.T) {
	b := newBench(t)
	const term = 200 * time.Millisecond
	held, release, err := b.leases.Hold(t.Context(), "demo", "one", b.clock.Now, term, func() { t.Error("it waits for nobody") })
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	gone, leave := context.WithCancel(t.Context())
	told := 0
	if _, _, err := b.onTheSameFile().Hold(gone, "demo", "two", b.clock.Now, term, func() { told++; leave() }); !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("who stopped waiting got %v, and was told %d times that she waits", err, told)
	}
	// For the third one, the term is over: the first one's clock stands still.
	later := b.clock.Now().Add(time.Hour)
	if until, err := b.onTheSameFile().Take(t.Context(), "demo", "three", later, time.Hour); err != nil || until.IsZero() {
		t.Fatalf("take it over: %v, %v", until, err)
	}
	<-held.Done()
	if !errors.Is(context.Cause(held), jobs.ErrLost) {
		t.Errorf("it ended because of %v", context.Cause(held))
	}
}

// While the store is away for less than a term the lease is held, for longer it
// is lost.
func TestHoldWhileAway(t *testing.T) {
	b := newBench(t)
	const term = 200 * time.Millisecond
	var away atomic.Bool
	asked := make(chan struct{}, 100)
	b.fault = func(c store.Call) error {
		if !away.Load() {
			return nil
		}
		asked <- struct{}{}
		return store.ErrUnavailable
	}
	held, release, err := b.leases.Hold(t.Context(), "demo", "one", b.clock.Now, term, func() { t.Error("it waits for nobody") })
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	away.Store(true)
	<-asked
	<-asked
	if held.Err() != nil {
		t.Errorf("lost after a moment: %v", context.Cause(held))
	}
	b.clock.add(term)
	<-held.Done()
	if !errors.Is(context.Cause(held), jobs.ErrLost) {
		t.Errorf("it ended because of %v", context.Cause(held))
	}
	away.Store(false)
}
