package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/insidebox/insidebox/store"
)

// The stamp of our files.
const (
	applicationID = 0x496e4278 // "InBx"
	layout        = 1
)

// settings hold on every connection; each is read back after it was set.
// fullfsync is for macOS, where fsync alone leaves data in the disk's cache;
// elsewhere it means nothing.
var settings = []struct {
	pragma string
	want   int64
}{
	{"synchronous", 2}, // FULL
	{"fullfsync", 1},
	{"checkpoint_fullfsync", 1},
	{"trusted_schema", 0},
	{"cell_size_check", 1},
	{"temp_store", 2},                // memory
	{"journal_size_limit", 64 << 20}, // what a large import leaves of the log
}

// openConn opens a connection. The writing one stamps a new file and turns its
// log on; both wait for other processes that do the same.
func (d *Driver) openConn(ctx context.Context, writes bool) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(d.path, sqlite.OpenReadWrite)
	if err != nil {
		return nil, d.explain(err)
	}
	conn.SetBusyTimeout(0)
	conn.SetInterrupt(d.kill)
	err = d.patiently(ctx, func() error { return d.settle(conn, writes) })
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if !writes {
		conn.SetBusyTimeout(d.opts.BusyTimeout)
	}
	return conn, nil
}

// settle brings the connection to the state that the package comment promises.
func (d *Driver) settle(conn *sqlite.Conn, writes bool) error {
	if writes {
		if err := d.stamp(conn); err != nil {
			return err
		}
	}
	for _, s := range settings {
		if err := d.set(conn, s.pragma, s.want); err != nil {
			return err
		}
	}
	if !writes {
		return d.set(conn, "query_only", 1)
	}
	return nil
}

// set sets a pragma and reads it back: SQLite ignores in silence what it
// doesn't know or can't do.
func (d *Driver) set(conn *sqlite.Conn, pragma string, want int64) error {
	if err := sqlitex.ExecuteTransient(conn, fmt.Sprintf("PRAGMA %s=%d", pragma, want), nil); err != nil {
		return d.explain(err)
	}
	got, err := pragmaInt(conn, pragma)
	if err != nil {
		return d.explain(err)
	}
	if got != want {
		return fmt.Errorf("%w: SQLite refuses %s=%d for %s and keeps %d", store.ErrUnavailable, pragma, want, d.path, got)
	}
	return nil
}

// stamp proves that the file is ours, or makes an empty one ours.
func (d *Driver) stamp(conn *sqlite.Conn) error {
	if ours, err := d.lookAt(conn); err != nil {
		return err
	} else if !ours {
		if err := d.create(conn); err != nil {
			return err
		}
	}
	if err := d.name(conn); err != nil {
		return err
	}
	var mode string
	err := sqlitex.ExecuteTransient(conn, "PRAGMA journal_mode=WAL", &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		mode = s.ColumnText(0)
		return nil
	}})
	if err != nil {
		return d.explain(err)
	}
	if mode != "wal" {
		return fmt.Errorf("%w: SQLite can't keep a write-ahead log beside %s (it says %q); the file must lie on a local disk", store.ErrUnavailable, d.path, mode)
	}
	return nil
}

// lookAt is recognise at one moment in time: a file that another process lays out
// meanwhile would else be taken for half another program's.
func (d *Driver) lookAt(conn *sqlite.Conn) (bool, error) {
	if err := execute(conn, "BEGIN"); err != nil {
		return false, d.explain(err)
	}
	ours, err := d.recognise(conn)
	_ = execute(conn, "COMMIT") // of reads, which fails for no reason that matters
	return ours, err
}

// recognise reads the stamp. It returns false for an empty file.
func (d *Driver) recognise(conn *sqlite.Conn) (bool, error) {
	id, err := pragmaInt(conn, "application_id")
	if err != nil {
		return false, d.explain(err)
	}
	version, err := pragmaInt(conn, "user_version")
	if err != nil {
		return false, d.explain(err)
	}
	tables, err := queryInt(conn, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return false, d.explain(err)
	}
	switch {
	case id == applicationID && version > layout:
		return false, fmt.Errorf("%w: the data file %s was written by a newer insidebox (layout %d, this one knows %d); run that version or a newer one", store.ErrUnavailable, d.path, version, layout)
	case id == applicationID:
		return true, nil
	case id == 0 && version == 0 && tables == 0:
		return false, nil
	}
	return false, fmt.Errorf("%w: %s is an SQLite file of another program and was left alone; give another path", store.ErrUnavailable, d.path)
}

// create lays out an empty file, unless another process has just done so.
func (d *Driver) create(conn *sqlite.Conn) (err error) {
	if err := execute(conn, "BEGIN IMMEDIATE"); err != nil {
		return d.explain(err)
	}
	defer func() {
		if err != nil && !conn.AutocommitEnabled() {
			_ = execute(conn, "ROLLBACK")
		}
	}()
	if ours, err := d.recognise(conn); err != nil {
		return err
	} else if ours {
		return d.explain(execute(conn, "ROLLBACK"))
	}
	for _, sql := range []string{
		fmt.Sprintf("PRAGMA application_id=%d", applicationID),
		fmt.Sprintf("PRAGMA user_version=%d", layout),
		`CREATE TABLE insidebox_fields (collection TEXT NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (collection, field)) WITHOUT ROWID`,
		`CREATE TABLE insidebox_indexes (collection TEXT NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (collection, name)) WITHOUT ROWID`,
		"COMMIT",
	} {
		if err := execute(conn, sql); err != nil {
			return d.explain(err)
		}
	}
	return nil
}

// patiently does what may find the file locked by another process, again and
// again for up to BusyTimeout. Waiting here and not in SQLite's busy handler
// lets Close and the context end it.
func (d *Driver) patiently(ctx context.Context, do func() error) error {
	for waited := time.Duration(0); ; {
		err := do()
		if !isBusy(err) || waited >= d.opts.BusyTimeout {
			return err
		}
		// A random wait, so that two processes don't meet again and again.
		pause := time.Millisecond + time.Duration(d.opts.Jitter()*float64(2*time.Millisecond))
		t := time.NewTimer(pause)
		select {
		case <-t.C:
			waited += pause
		case <-d.kill:
			t.Stop()
			return errClosed
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
	}
}

// execute runs one statement without parameters and results; it stays prepared.
func execute(conn *sqlite.Conn, sql string) error {
	stmt, err := conn.Prepare(sql)
	if err != nil {
		return err
	}
	if _, err = stmt.Step(); err != nil {
		return err
	}
	return stmt.Reset()
}

func pragmaInt(conn *sqlite.Conn, pragma string) (int64, error) {
	return queryInt(conn, "PRAGMA "+pragma)
}

// queryInt runs a statement whose answer is one number; it stays prepared.
func queryInt(conn *sqlite.Conn, sql string) (int64, error) {
	stmt, err := conn.Prepare(sql)
	if err != nil {
		return 0, err
	}
	if _, err := stmt.Step(); err != nil {
		return 0, err
	}
	n := stmt.ColumnInt64(0)
	return n, stmt.Reset()
}
