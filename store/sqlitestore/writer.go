package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// How much one transaction takes in at most.
const (
	batchWrites = 128
	batchBytes  = 8 << 20
)

// write is one change on its way through the writer.
type write struct {
	apply     func(*sqlite.Conn) error // inside the transaction
	committed func()                   // after the commit, before the answer; may be nil
	changes   store.Ref                // the document, where it is one
	alone     bool                     // wants a transaction of its own
	bytes     int                      // about how much it writes

	state  atomic.Int32
	result error      // of apply, then of the commit
	done   chan error // takes one answer
}

// States of a write. Whoever moves it on from waiting decides its fate.
const (
	waiting   = iota
	taken     // by the writer, in a transaction
	withdrawn // by the caller, before anything was done
)

func (w *write) take() bool     { return w.state.CompareAndSwap(waiting, taken) }
func (w *write) withdraw() bool { return w.state.CompareAndSwap(waiting, withdrawn) }

// writer owns the only connection that writes.
type writer struct {
	driver *Driver
	conn   *sqlite.Conn
	queue  chan *write
	stop   chan struct{} // closed when no more writes can come
	ended  chan struct{} // closed when run has returned

	schema int64    // the schema version that the tables were read under
	log    *os.File // to look at the log's beginning; nil before the first look
	signs  bool     // the open transaction signs the log
	signed [32]byte // the header of the log that was signed last
	broken atomic.Pointer[error]
}

func newWriter(d *Driver, conn *sqlite.Conn) *writer {
	return &writer{
		driver: d,
		conn:   conn,
		queue:  make(chan *write, 2*batchWrites),
		stop:   make(chan struct{}),
		ended:  make(chan struct{}),
	}
}

// failure returns why nothing can be written any more, or nil.
func (w *writer) failure() error {
	if err := w.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// submit hands a write to the writer and waits for its answer.
func (d *Driver) submit(ctx context.Context, w *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.calls.Done()
	w.done = make(chan error, 1)
	select {
	case d.writer.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.kill:
		return errClosed
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return w.abandon(ctx.Err())
	case <-d.kill:
		return w.abandon(errClosed)
	}
}

// abandon gives up waiting. Unless the write could be withdrawn, nobody knows
// yet whether it will hold.
func (w *write) abandon(why error) error {
	if w.withdraw() {
		return why
	}
	select {
	case err := <-w.done: // the answer came in the same moment
		return err
	default:
		return fmt.Errorf("%w: %w", store.ErrUnknown, why)
	}
}

// run is the writer's goroutine.
func (w *writer) run() {
	defer close(w.ended)
	var next *write // one that wants to be alone, taken from the queue too early
	for {
		first := next
		if first == nil {
			select {
			case first = <-w.queue:
			case <-w.stop:
				return
			}
		}
		var batch []*write
		batch, next = w.gather(first)
		w.commit(batch)
	}
}

// gather adds to the first write those that wait behind it.
func (w *writer) gather(first *write) (batch []*write, next *write) {
	batch = append(batch, first)
	if first.alone {
		return batch, nil
	}
	// Those who were answered just now get to run and come back with their next
	// write, so that it shares this commit.
	runtime.Gosched()
	for bytes := first.bytes; len(batch) < batchWrites && bytes < batchBytes; {
		select {
		case more := <-w.queue:
			if more.alone {
				return batch, more
			}
			batch = append(batch, more)
			bytes += more.bytes
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// commit applies a batch in one transaction and answers everyone in it.
func (w *writer) commit(batch []*write) {
	if err := w.begin(); err != nil {
		for _, one := range batch {
			if one.take() {
				one.done <- err
			}
		}
		return
	}
	applied := make([]*write, 0, len(batch))
	for i, one := range batch {
		if !one.take() {
			continue
		}
		one.result = one.apply(w.conn)
		applied = append(applied, one)
		if w.conn.AutocommitEnabled() {
			// The disk is full or failed, and SQLite has undone everything.
			w.fail(applied, one.result)
			if rest := batch[i+1:]; len(rest) > 0 {
				w.commit(rest)
			}
			return
		}
		if one.alone && one.result != nil {
			w.rollback()
			one.done <- one.result
			return
		}
	}
	if err := w.end(applied); err != nil {
		w.fail(applied, w.commitError(err))
		return
	}
	w.noteSigned()
	for _, one := range applied {
		if one.committed != nil && one.result == nil {
			one.committed()
		}
		one.done <- one.result
	}
}

// end commits what was applied, and tells the memory.
func (w *writer) end(applied []*write) error {
	w.driver.memory.commits()
	err := execute(w.conn, "COMMIT")
	changed, whole := make([]store.Ref, 0, len(applied)), err == nil
	for _, one := range applied {
		whole = whole && one.changes.ID != ""
		changed = append(changed, one.changes)
	}
	w.driver.memory.committed(w.conn, changed, whole)
	return err
}

// begin starts a transaction and sees to it that the tables are up to date.
func (w *writer) begin() error {
	if err := w.failure(); err != nil {
		return err
	}
	err := w.driver.patiently(context.Background(), func() error { return execute(w.conn, "BEGIN IMMEDIATE") })
	if err != nil {
		return w.driver.explain(err)
	}
	version, err := pragmaInt(w.conn, "schema_version")
	if err == nil && version != w.schema {
		if err = w.driver.refresh(w.conn); err == nil {
			w.schema = version
		}
	}
	if err == nil {
		err = w.sign()
	}
	if err != nil {
		w.rollback()
		return w.driver.explain(err)
	}
	return nil
}

// rollback undoes the open transaction, if there is one.
func (w *writer) rollback() {
	if !w.conn.AutocommitEnabled() {
		_ = execute(w.conn, "ROLLBACK") // what fails here has been undone by SQLite
	}
}

// fail undoes the transaction and tells everyone in it. Whoever failed by
// itself keeps its own reason; but an answer like ErrExists may have rested on
// a neighbour's write, which is undone now.
func (w *writer) fail(batch []*write, err error) {
	w.rollback()
	for _, one := range batch {
		if !errors.Is(one.result, store.ErrUnavailable) {
			one.result = err
		}
		one.done <- one.result
	}
}

// commitError says what a failed COMMIT means.
func (w *writer) commitError(err error) error {
	d := w.driver
	code := sqlite.ErrCode(err)
	switch {
	case isBusy(err) || code.ToPrimary() == sqlite.ResultFull:
		// Nothing happened: the frame that makes a transaction count is the last
		// one written, so the disk was full before it was whole.
		return d.explain(err)
	case code == sqlite.ResultIOErrFsync || code == sqlite.ResultIOErrDirFsync:
		broken := fmt.Errorf("%w: the disk did not confirm a write to %s, so nothing more is written; look at the disk, then restart the program", store.ErrUnavailable, d.path)
		w.broken.Store(&broken)
	}
	return fmt.Errorf("%w: %w", store.ErrUnknown, d.sentence(err))
}
