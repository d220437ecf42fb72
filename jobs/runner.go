package jobs

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// Options say how a runner works. All fields but Name and Term are required.
type Options struct {
	Owner string           // this process; no other may have the same
	Now   func() time.Time // the clock
	Log   *slog.Logger
	Name  string        // of the lease; "runner" when empty
	Term  time.Duration // of the lease; 30 s when 0
}

// Runner runs tasks while it holds the lease.
type Runner struct {
	leases *Leases
	opts   Options
	tasks  []Task

	turns []turn // of the tasks
	lease turn   // of taking the lease
	until time.Time
	last  time.Time // of the last pass

	kicked atomic.Bool
	wake   chan struct{}
}

// NewRunner returns a runner; Run starts it.
func NewRunner(leases *Leases, opts Options, tasks ...Task) *Runner {
	if opts.Name == "" {
		opts.Name = "runner"
	}
	if opts.Term == 0 {
		opts.Term = 30 * time.Second
	}
	return &Runner{leases: leases, opts: opts, tasks: tasks, turns: make([]turn, len(tasks)), wake: make(chan struct{}, 1)}
}

// Kick makes all tasks due now. It may be called from anywhere, any time.
func (r *Runner) Kick() {
	r.kicked.Store(true)
	select {
	case r.wake <- struct{}{}:
	default: // it will wake already
	}
}

// Run works until the context is over, then gives the lease back.
func (r *Runner) Run(ctx context.Context) {
	for ctx.Err() == nil {
		t := time.NewTimer(r.Step(ctx))
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-t.C:
		}
		t.Stop()
	}
	r.release(ctx)
}

// Step makes one pass: it sees to the lease and, when this runner holds it,
// calls every task that is due, once. It returns how long nothing will be due;
// 0 when there is more to do. Run calls it; tests may, instead of Run.
func (r *Runner) Step(ctx context.Context) time.Duration {
	r.setBack()
	if r.kicked.Swap(false) {
		for i := range r.turns {
			r.turns[i].kick(r.opts.Now())
		}
	}
	if !r.hold(ctx) {
		return r.wait(r.lease.due)
	}
	next := r.lease.due
	for i := range r.tasks {
		if r.opts.Now().Before(r.until) && !r.opts.Now().Before(r.turns[i].due) {
			r.call(ctx, i)
		}
		if ctx.Err() != nil {
			return 0
		}
		if r.turns[i].due.Before(next) {
			next = r.turns[i].due
		}
	}
	return r.wait(next)
}

// setBack sees to it that nothing waits longer because the clock was set back
// since the last pass: all that is to come, comes as much earlier.
func (r *Runner) setBack() {
	now := r.opts.Now()
	if by := r.last.Sub(now); by > 0 {
		r.lease.due, r.until = r.lease.due.Add(-by), r.until.Add(-by)
		for i := range r.turns {
			r.turns[i].due = r.turns[i].due.Add(-by)
		}
	}
	r.last = now
}

// hold takes or renews the lease when it is time for that. It tells whether
// this runner holds it.
func (r *Runner) hold(ctx context.Context) bool {
	now := r.opts.Now()
	if now.Before(r.lease.due) {
		return now.Before(r.until)
	}
	until, err := r.leases.Take(ctx, r.opts.Name, r.opts.Owner, now, r.opts.Term)
	if err != nil {
		if ctx.Err() == nil {
			delay := r.lease.failed(now)
			r.opts.Log.Error("the jobs can't take their lease", "lease", r.opts.Name, "error", err, "again_in", delay)
		}
		return now.Before(r.until)
	}
	if r.until.IsZero() != until.IsZero() {
		r.opts.Log.Info("jobs", "lease", r.opts.Name, "owner", r.opts.Owner, "held", !until.IsZero())
	}
	r.until = until
	r.lease.done(now.Add(r.opts.Term / 3))
	return !until.IsZero()
}

// call calls a task and notes when it is due again.
func (r *Runner) call(ctx context.Context, i int) {
	task, turn := r.tasks[i], &r.turns[i]
	leased, cancel := context.WithTimeout(ctx, r.until.Sub(r.opts.Now()))
	defer cancel()
	more, err := task.run(leased)
	now := r.opts.Now()
	switch {
	case err != nil && ctx.Err() != nil:
		// The program stops; the task was broken off, which is no failure.
	case err != nil:
		delay := turn.failed(now)
		r.opts.Log.Error("a job failed", "job", task.Name, "error", err, "times", turn.failures, "again_in", delay)
	default:
		if turn.failures > 0 {
			r.opts.Log.Info("a job works again", "job", task.Name, "failed_before", turn.failures)
		}
		turn.done(now)
		if !more {
			turn.done(now.Add(task.Every))
		}
	}
}

// wait is how long it is until then.
func (r *Runner) wait(then time.Time) time.Duration {
	return max(0, then.Sub(r.opts.Now()))
}

// release gives the lease back although the context is over.
func (r *Runner) release(ctx context.Context) {
	if r.until.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	r.until, r.lease = time.Time{}, turn{}
	if err := r.leases.Release(ctx, r.opts.Name, r.opts.Owner, r.opts.Now()); err != nil {
		r.opts.Log.Warn("the jobs could not give their lease back; it ends by itself", "lease", r.opts.Name, "error", err)
	}
}
