package jobs

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// How long a runner waits after failures in a row.
const (
	firstDelay   = time.Second
	longestDelay = 5 * time.Minute
)

// Task is a kind of work.
type Task struct {
	Name  string
	Every time.Duration // from the end of one call to the next, unless kicked
	// Run does a bounded piece of work. more says that it has not finished.
	Run func(ctx context.Context) (more bool, err error)
}

// turn is when something is due, and how often it has failed since it last
// worked.
type turn struct {
	due      time.Time
	failures int
}

// done notes a success.
func (t *turn) done(next time.Time) { t.due, t.failures = next, 0 }

// failed notes a failure and returns how long to wait.
func (t *turn) failed(now time.Time) time.Duration {
	delay := min(firstDelay<<min(t.failures, 16), longestDelay)
	t.failures++
	t.due = now.Add(delay)
	return delay
}

// kick makes it due now, unless it waits after a failure.
func (t *turn) kick(now time.Time) {
	if t.failures == 0 && t.due.After(now) {
		t.due = now
	}
}

// run calls the task; a panic comes back as an error with its stack.
func (t Task) run(ctx context.Context) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			more, err = false, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return t.Run(ctx)
}
