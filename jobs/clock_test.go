package jobs_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/insidebox/insidebox/jobs"
)

// ahead is a runner of a process whose clock differs by so much.
func (b *bench) ahead(owner string, by time.Duration, tasks ...jobs.Task) *jobs.Runner {
	b.t.Helper()
	return jobs.NewRunner(b.onTheSameFile(), jobs.Options{
		Owner: owner, Now: func() time.Time { return b.clock.Now().Add(by) },
		Log: slog.New(slog.NewTextHandler(&b.log, nil)), Term: 30 * time.Second,
	}, tasks...)
}

// TestLeaseOfTheFuture: a process that dies with a clock that was wrong by a
// year leaves a lease that ends in a year; the next one waits for a term and a
// third, as for any other.
func TestLeaseOfTheFuture(t *testing.T) {
	b := newBench(t)
	var dead, heir int
	b.step(b.ahead("dead", 365*24*time.Hour, counter("task", time.Second, &dead)), time.Second)
	wantCalls(t, "the one from the future", dead, 1)
	next := b.ahead("heir", 0, counter("task", time.Second, &heir))
	for range 3 {
		b.step(next, 10*time.Second)
		b.clock.add(10 * time.Second)
	}
	wantCalls(t, "the heir, before a term is over", heir, 0)
	b.step(next, time.Second)
	wantCalls(t, "the heir, after a term", heir, 1)
	b.clock.add(10 * time.Second)
	b.step(next, time.Second)
	wantCalls(t, "the heir, who holds the lease", heir, 2)
}

// TestClocksDiffer: of two processes whose clocks differ by minutes one holds
// the lease, whichever came first, and the other takes over when it dies.
func TestClocksDiffer(t *testing.T) {
	for _, by := range []time.Duration{5 * time.Minute, 40 * time.Second, 10 * time.Second} {
		b := newBench(t)
		var fast, slow int
		first, second := b.ahead("fast", by, counter("task", time.Second, &fast)), b.ahead("slow", 0, counter("task", time.Second, &slow))
		for range 20 {
			b.step(first, time.Second)
			b.step(second, 10*time.Second)
			b.clock.add(10 * time.Second)
		}
		wantCalls(t, "the one that is ahead and holds the lease", fast, 20)
		wantCalls(t, "the one that is behind", slow, 0)
		for range 6 { // the first is dead
			second.Step(t.Context())
			b.clock.add(10 * time.Second)
		}
		if slow == 0 {
			t.Errorf("with clocks %v apart nobody has taken over after two terms", by)
		}
	}
}

// TestClockSetBack: tasks go on when the clock is set back, and a lease whose
// holder dies in that moment is taken over as soon as any other.
func TestClockSetBack(t *testing.T) {
	b := newBench(t)
	var one, two int
	first, second := b.ahead("one", 0, counter("task", time.Second, &one)), b.ahead("two", 0, counter("task", time.Second, &two))
	b.step(first, time.Second)
	b.step(second, 10*time.Second)
	b.clock.add(-time.Hour)
	b.step(first, time.Second) // how much time has really passed can't be known
	b.clock.add(time.Second)
	b.step(first, time.Second)
	wantCalls(t, "the holder, an hour earlier and a second later", one, 2)
	for range 5 { // the first is dead
		second.Step(t.Context())
		b.clock.add(10 * time.Second)
	}
	if two == 0 {
		t.Error("after five looks at a lease that nobody renews it is not taken over")
	}
}
