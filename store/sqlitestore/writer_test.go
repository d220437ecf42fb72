package sqlitestore

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// occupy keeps the writer busy until the returned function is called.
func occupy(d *Driver) (release func()) {
	started, end := make(chan struct{}), make(chan struct{})
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_ = d.submit(context.Background(), &write{alone: true, apply: func(*sqlite.Conn) error {
			close(started)
			<-end
			return nil
		}})
	}()
	<-started
	return func() { close(end); <-answered }
}

// later starts a write and returns its answer, once it waits in the queue.
func later(ctx context.Context, d *Driver, do func(context.Context) error) <-chan error {
	before := len(d.writer.queue)
	answer := make(chan error, 1)
	go func() { answer <- do(ctx) }()
	for len(d.writer.queue) == before && len(answer) == 0 {
		runtime.Gosched()
	}
	return answer
}

// TestOneFailureInACommit shares a commit between writes that hold and others
// that fail.
func TestOneFailureInACommit(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	ctx := t.Context()
	if err := d.Insert(ctx, "things", thing("there", "x", 1)); err != nil {
		t.Fatal(err)
	}
	release := occupy(d)
	steps := []struct {
		do   func(context.Context) error
		want error
	}{
		{func(ctx context.Context) error { return d.Insert(ctx, "things", thing("a", "x", 1)) }, nil},
		{func(ctx context.Context) error { return d.Insert(ctx, "things", thing("there", "y", 1)) }, store.ErrExists},
		{func(ctx context.Context) error { return d.Replace(ctx, "things", thing("there", "y", 3)) }, store.ErrConflict},
		{func(ctx context.Context) error { return d.Delete(ctx, "things", "none", 1) }, store.ErrNotFound},
		{func(ctx context.Context) error { return d.Replace(ctx, "things", thing("there", "y", 2)) }, nil},
		{func(ctx context.Context) error { return d.Insert(ctx, "things", thing("b", "x", 1)) }, nil},
	}
	var answers []<-chan error
	for _, s := range steps {
		answers = append(answers, later(ctx, d, s.do))
	}
	batch := len(d.writer.queue)
	release()
	for i, s := range steps {
		if err := <-answers[i]; !errors.Is(err, s.want) || s.want == nil && err != nil {
			t.Errorf("write %d of a batch of %d: got %v, want %v", i, batch, err, s.want)
		}
	}
	for id, rev := range map[string]int64{"a": 1, "there": 2, "b": 1} {
		if doc, err := d.Get(ctx, "things", id); err != nil || doc.Rev != rev {
			t.Errorf("%s: revision %d, %v, want %d", id, doc.Rev, err, rev)
		}
	}
}

// TestGather shows what one commit takes in.
func TestGather(t *testing.T) {
	w := newWriter(nil, nil)
	queue := func(all ...*write) {
		for _, one := range all {
			w.queue <- one
		}
	}
	small, big, alone := &write{bytes: 10}, &write{bytes: batchBytes}, &write{alone: true}
	queue(small, small, small)
	if batch, next := w.gather(small); len(batch) != 4 || next != nil {
		t.Errorf("four small ones: got %d together", len(batch))
	}
	queue(small, big, small)
	if batch, _ := w.gather(small); len(batch) != 3 {
		t.Errorf("up to the size limit: got %d together, want 3", len(batch))
	}
	<-w.queue
	queue(small, alone, small)
	if batch, next := w.gather(small); len(batch) != 2 || next != alone {
		t.Errorf("before one that wants to be alone: got %d together, want 2", len(batch))
	}
	if batch, next := w.gather(alone); len(batch) != 1 || next != nil {
		t.Errorf("alone: got %d together", len(batch))
	}
}

// TestGivingUp cancels a write while it waits, and one that is under way.
func TestGivingUp(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	release := occupy(d)
	answer := later(ctx, d, func(ctx context.Context) error { return d.Insert(ctx, "things", thing("a", "x", 1)) })
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) || errors.Is(err, store.ErrUnknown) {
		t.Errorf("given up while waiting: got %v, want only the context's error", err)
	}
	release()
	if err := d.Insert(t.Context(), "things", thing("b", "x", 1)); err != nil { // behind the one given up
		t.Fatal(err)
	}
	if _, err := d.Get(t.Context(), "things", "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the write that was given up: got %v, want ErrNotFound", err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	started, end, under := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		under <- d.submit(ctx, &write{apply: func(*sqlite.Conn) error {
			close(started)
			<-end
			return nil
		}})
	}()
	<-started
	cancel()
	if err := <-under; !errors.Is(err, store.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("given up under way: got %v, want ErrUnknown and the context's error", err)
	}
	close(end)
}

// TestLockedByAnother holds the file's write lock from outside.
func TestLockedByAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d := openThings(t, path, Options{BusyTimeout: time.Millisecond})
	other, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := execute(other, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	err = d.Insert(t.Context(), "things", thing("a", "x", 1))
	if !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("insert: got %v, want ErrUnavailable with the reason", err)
	}
	if _, err := d.Get(t.Context(), "things", "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reads go on: got %v, want ErrNotFound", err)
	}
	if err := execute(other, "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := d.Insert(t.Context(), "things", thing("a", "x", 1)); err != nil {
		t.Errorf("insert when it is free again: %v", err)
	}
}

// TestCloseBreaksOff closes while a write waits for a lock that never comes.
func TestCloseBreaksOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d := openThings(t, path, Options{BusyTimeout: time.Hour, CloseTimeout: 10 * time.Millisecond})
	other, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := execute(other, "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 1)
	go func() { answer <- d.Insert(context.Background(), "things", thing("a", "x", 1)) }()
	if err := d.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-answer; !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) {
		t.Errorf("the write that waited: got %v, want ErrUnavailable", err)
	}
}

// TestCloseGivesUp closes while the writer is stuck where nothing can reach it.
func TestCloseGivesUp(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{CloseTimeout: 10 * time.Millisecond})
	release := occupy(d)
	waiting := later(context.Background(), d, func(ctx context.Context) error {
		return d.Insert(ctx, "things", thing("a", "x", 1))
	})
	if err := d.Close(); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("close: got %v, want ErrUnavailable", err)
	}
	if err := <-waiting; !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("the write that waited: got %v, want ErrUnavailable", err)
	}
	release()
	<-d.writer.ended
	if err := d.closeConns(); err != nil {
		t.Errorf("close the connections: %v", err)
	}
}

// TestFailedSync puts SQLite's errors in where a commit would return them.
// cmd/insidebox has a test in which a disk does that to a running server.
func TestFailedSync(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	if err := d.writer.commitError(sqlite.ResultIOErrWrite.ToError()); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a failed write in a commit: got %v, want ErrUnknown", err)
	}
	if err := d.Insert(t.Context(), "things", thing("a", "x", 1)); err != nil {
		t.Errorf("insert after that: %v", err)
	}
	if err := d.writer.commitError(sqlite.ResultIOErrFsync.ToError()); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a failed sync in a commit: got %v, want ErrUnknown", err)
	}
	if err := d.Insert(t.Context(), "things", thing("b", "x", 1)); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("insert after a failed sync: got %v, want ErrUnavailable", err)
	}
	if err := d.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ping after a failed sync: got %v, want ErrUnavailable", err)
	}
	if _, err := d.Get(t.Context(), "things", "a"); err != nil {
		t.Errorf("reads go on: %v", err)
	}
}
