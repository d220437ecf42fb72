package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/insidebox/insidebox/jobs"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a time that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a store with its leases, a clock and a log.
type bench struct {
	t      *testing.T
	driver store.Driver
	leases *jobs.Leases
	clock  *clock
	log    bytes.Buffer
	fault  func(store.Call) error // of the store, when not nil
}

func newBench(t *testing.T) *bench {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "jobs.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, clock: newClock()}
	b.driver = store.Observe(d, nil, store.WithBefore(func(_ context.Context, c store.Call) error {
		if b.fault == nil {
			return nil
		}
		return b.fault(c)
	}))
	b.leases = b.onTheSameFile()
	t.Cleanup(func() { d.Close() })
	return b
}

// onTheSameFile returns leases as another process sees them.
func (b *bench) onTheSameFile() *jobs.Leases {
	b.t.Helper()
	s := store.New(b.driver)
	l := jobs.NewLeases(s)
	if err := s.Declare(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return l
}

func (b *bench) runner(owner string, tasks ...jobs.Task) *jobs.Runner {
	return jobs.NewRunner(b.leases, jobs.Options{
		Owner: owner, Now: b.clock.Now, Log: slog.New(slog.NewTextHandler(&b.log, nil)), Term: 30 * time.Second,
	}, tasks...)
}

// step makes a pass and checks how long it says to wait.
func (b *bench) step(r *jobs.Runner, want time.Duration) {
	b.t.Helper()
	if got := r.Step(b.t.Context()); got != want {
		b.t.Errorf("the pass says to wait %v, want %v", got, want)
	}
}

// counter is a task that counts its calls.
func counter(name string, every time.Duration, calls *int) jobs.Task {
	return jobs.Task{Name: name, Every: every, Run: func(context.Context) (bool, error) {
		*calls++
		return false, nil
	}}
}

func wantCalls(t *testing.T, when string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the task was called %d times, want %d", when, got, want)
	}
}

func TestLease(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	const term = time.Minute
	take := func(owner string, want bool) {
		t.Helper()
		until, err := b.leases.Take(ctx, "x", owner, b.clock.Now(), term)
		if err != nil || until.IsZero() == want {
			t.Errorf("%s takes: until %v, %v, want held %v", owner, until, err, want)
		}
		if want && !until.Equal(b.clock.Now().Add(term)) {
			t.Errorf("%s holds it until %v, want one term from now", owner, until)
		}
	}
	take("one", true)
	take("two", false)
	b.clock.add(term - time.Millisecond)
	take("two", false)
	take("one", true) // renewed
	b.clock.add(term - time.Millisecond)
	take("two", false)
	b.clock.add(time.Millisecond)
	take("two", true) // ended
	take("one", false)
	if err := b.leases.Release(ctx, "x", "one", b.clock.Now()); err != nil {
		t.Errorf("release what another holds: %v", err)
	}
	take("one", false)
	if err := b.leases.Release(ctx, "x", "two", b.clock.Now()); err != nil {
		t.Errorf("release: %v", err)
	}
	take("one", true)
	if err := b.leases.Release(ctx, "never taken", "one", b.clock.Now()); err != nil {
		t.Errorf("release what was never taken: %v", err)
	}
}

// TestOneHolder lets many processes take a lease that is new, then one that
// has ended.
func TestOneHolder(t *testing.T) {
	b := newBench(t)
	for round := range 10 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		var holders []string
		for i := range 12 {
			leases := b.onTheSameFile()
			wg.Go(func() {
				owner := fmt.Sprintf("round %d, process %d", round, i)
				until, err := leases.Take(t.Context(), "x", owner, b.clock.Now(), time.Minute)
				if err != nil {
					t.Errorf("%s: %v", owner, err)
				}
				if !until.IsZero() {
					mu.Lock()
					holders = append(holders, owner)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(holders) != 1 {
			t.Errorf("the lease is held by %q, want exactly one", holders)
		}
		b.clock.add(time.Minute)
	}
}

func TestTasksRunWhenDue(t *testing.T) {
	b := newBench(t)
	var often, seldom int
	r := b.runner("one", counter("often", 4*time.Second, &often), counter("seldom", 9*time.Second, &seldom))
	for _, s := range []struct {
		move, wait    time.Duration
		often, seldom int
	}{
		{0, 4 * time.Second, 1, 1},
		{3 * time.Second, time.Second, 1, 1},
		{time.Second, 4 * time.Second, 2, 1},
		{4 * time.Second, time.Second, 3, 1},
		{time.Second, time.Second, 3, 2}, // then the lease is to be renewed
		{time.Second, 2 * time.Second, 3, 2},
		{time.Hour, 4 * time.Second, 4, 3}, // late, but once
	} {
		b.clock.add(s.move)
		b.step(r, s.wait)
		wantCalls(t, "often", often, s.often)
		wantCalls(t, "seldom", seldom, s.seldom)
	}
}

func TestKick(t *testing.T) {
	b := newBench(t)
	var calls int
	r := b.runner("one", counter("task", time.Hour, &calls))
	r.Kick()
	r.Kick()
	b.step(r, 10*time.Second)
	b.step(r, 10*time.Second)
	wantCalls(t, "two kicks before the first pass", calls, 1)
	r.Kick()
	b.step(r, 10*time.Second)
	b.step(r, 10*time.Second)
	wantCalls(t, "one kick more", calls, 2)
}

// TestMore lets a task that has not finished take turns with another.
func TestMore(t *testing.T) {
	b := newBench(t)
	order, left := "", 3
	long := jobs.Task{Name: "long", Every: time.Minute, Run: func(context.Context) (bool, error) {
		order += "L"
		left--
		return left > 0, nil
	}}
	short := jobs.Task{Name: "short", Run: func(context.Context) (bool, error) { // always due
		order += "s"
		return false, nil
	}}
	r := b.runner("one", long, short)
	for range 5 {
		b.step(r, 0)
	}
	if order != "LsLsLsss" {
		t.Errorf("order %s, want LsLsLsss", order)
	}
}

func TestFailuresBackOff(t *testing.T) {
	b := newBench(t)
	calls, broken := 0, true
	r := b.runner("one", jobs.Task{Name: "mail", Every: time.Hour, Run: func(context.Context) (bool, error) {
		calls++
		if broken && calls%2 == 0 {
			panic("no server")
		}
		if broken {
			return true, errors.New("no server")
		}
		return false, nil
	}})
	at := []time.Duration{0}
	start := b.clock.Now()
	b.step(r, time.Second)
	for len(at) < 12 {
		r.Kick() // changes nothing
		before := calls
		b.clock.add(r.Step(t.Context()))
		r.Step(t.Context())
		if calls > before {
			at = append(at, b.clock.Now().Sub(start))
		}
	}
	var waits []string
	for i := range at[1:] {
		waits = append(waits, (at[i+1] - at[i]).String())
	}
	if got, want := strings.Join(waits, " "), "1s 2s 4s 8s 16s 32s 1m4s 2m8s 4m16s 5m0s 5m0s"; got != want {
		t.Errorf("waits between tries:\n got %s\nwant %s", got, want)
	}
	for _, words := range []string{"a job failed", "job=mail", "no server", "panic: no server", "again_in=4m16s", "times=9"} {
		if !strings.Contains(b.log.String(), words) {
			t.Errorf("the log does not contain %q", words)
		}
	}
	broken = false
	b.clock.add(5 * time.Minute)
	r.Step(t.Context())
	if !strings.Contains(b.log.String(), "works again") {
		t.Error("the log does not say that the job works again")
	}
	before := calls
	r.Kick()
	r.Step(t.Context())
	wantCalls(t, "a kick once it works again", calls, before+1)
}

// TestTakeOver lets the holder die, and later stop in good order.
func TestTakeOver(t *testing.T) {
	b := newBench(t)
	var one, two int
	first, second := b.runner("one", counter("task", time.Second, &one)), b.runner("two", counter("task", time.Second, &two))
	b.step(first, time.Second)
	b.step(second, 10*time.Second)
	wantCalls(t, "the second while the first holds the lease", two, 0)
	b.clock.add(29 * time.Second) // the first is dead
	b.step(second, 10*time.Second)
	b.clock.add(10 * time.Second)
	b.step(second, time.Second)
	wantCalls(t, "the second when the lease has ended", two, 1)

	// The first was only slow. It knows that its lease is over, and learns
	// whose it is now.
	b.step(first, 10*time.Second)
	wantCalls(t, "the first when it comes back", one, 1)

	over, cancel := context.WithCancel(t.Context())
	cancel()
	second.Run(over) // stops at once and gives the lease back
	b.clock.add(10 * time.Second)
	b.step(first, time.Second)
	wantCalls(t, "the first when the second has stopped", one, 2)
}

// TestStoreFails: without the store a holder works on until its lease ends.
func TestStoreFails(t *testing.T) {
	b := newBench(t)
	var calls int
	r := b.runner("one", counter("task", 5*time.Second, &calls))
	b.step(r, 5*time.Second)
	b.fault = func(store.Call) error { return store.ErrUnavailable }
	b.clock.add(10 * time.Second)
	b.step(r, time.Second) // the lease again in a second
	wantCalls(t, "while the lease lasts", calls, 2)
	b.clock.add(20 * time.Second)
	b.step(r, 2*time.Second)
	wantCalls(t, "when it has ended", calls, 2)
	if !strings.Contains(b.log.String(), "can't take their lease") {
		t.Errorf("the log does not say what is wrong: %s", b.log.String())
	}
	b.fault = nil
	b.clock.add(2 * time.Second)
	b.step(r, 5*time.Second)
	wantCalls(t, "when the store is back", calls, 3)
}

// TestLongTask: a task may not go on when its lease would have ended, and the
// tasks behind it wait until it is renewed.
func TestLongTask(t *testing.T) {
	b := newBench(t)
	var left time.Duration
	calls := 0
	long := jobs.Task{Name: "long", Every: time.Hour, Run: func(ctx context.Context) (bool, error) {
		deadline, _ := ctx.Deadline()
		left = time.Until(deadline)
		b.clock.add(31 * time.Second)
		return false, nil
	}}
	r := b.runner("one", long, counter("next", time.Hour, &calls))
	b.step(r, 0)
	if left <= 0 || left > 30*time.Second {
		t.Errorf("the task had %v left, want at most the lease's 30 s", left)
	}
	wantCalls(t, "behind a task that took too long", calls, 0)
	b.step(r, 10*time.Second)
	wantCalls(t, "when the lease is renewed", calls, 1)
}

// TestStop stops a runner in the middle of a task.
func TestStop(t *testing.T) {
	b := newBench(t)
	started := make(chan struct{})
	r := b.runner("one", jobs.Task{Name: "task", Every: time.Hour, Run: func(ctx context.Context) (bool, error) {
		close(started)
		<-ctx.Done()
		return true, ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	<-started
	cancel()
	<-ended
	if strings.Contains(b.log.String(), "failed") {
		t.Errorf("stopping was logged as a failure: %s", b.log.String())
	}
	until, err := b.leases.Take(t.Context(), "runner", "another", b.clock.Now(), time.Minute)
	if err != nil || until.IsZero() {
		t.Errorf("the lease after the stop: until %v, %v, want it free", until, err)
	}
}

// TestRunWakesUp: a task starts at once, and again each time it is kicked.
func TestRunWakesUp(t *testing.T) {
	b := newBench(t)
	started := make(chan struct{})
	r := b.runner("one", jobs.Task{Name: "task", Every: time.Hour, Run: func(context.Context) (bool, error) {
		started <- struct{}{}
		return false, nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	for range 5 {
		<-started
		r.Kick()
	}
	<-started
	cancel()
	<-ended
}
