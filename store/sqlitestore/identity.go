package sqlitestore

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// identified counts the tables of identities, 1 or 0.
const identified = "SELECT count(*) FROM sqlite_schema WHERE name = 'insidebox_file'"

// name gives a file the identity that tells it from every other one, once and
// for all: a new one, or one from before there were identities.
func (d *Driver) name(conn *sqlite.Conn) (err error) {
	if named, err := queryInt(conn, identified); err != nil || named > 0 {
		return d.explain(err)
	}
	// The write lock comes first: others may be naming the same new file, and who
	// finds it locked tries all of this again.
	if err := execute(conn, "BEGIN IMMEDIATE"); err != nil {
		return d.explain(err)
	}
	defer func() {
		if err != nil && !conn.AutocommitEnabled() {
			_ = execute(conn, "ROLLBACK")
		}
	}()
	for _, sql := range []string{
		"CREATE TABLE IF NOT EXISTS insidebox_file (id TEXT NOT NULL, signed INTEGER NOT NULL)",
		"INSERT INTO insidebox_file SELECT lower(hex(randomblob(16))), 0 WHERE NOT EXISTS (SELECT * FROM insidebox_file)",
		"COMMIT",
	} {
		if err := execute(conn, sql); err != nil {
			return d.explain(err)
		}
	}
	return nil
}

// sign puts the page with the identity into the log, within the transaction
// that has begun, unless the log has it already: so checkLog finds it there.
// SQLite begins a log again and again, always with other numbers in its
// header; one that begins with this very transaction is signed by the next.
func (w *writer) sign() error {
	began, err := w.logHeader()
	if w.signs = err != nil || began != w.signed; !w.signs {
		return nil
	}
	return execute(w.conn, "UPDATE insidebox_file SET signed = signed + 1")
}

// noteSigned notes, after a commit, which log is signed by it.
func (w *writer) noteSigned() {
	if w.signs {
		w.signed, _ = w.logHeader() // else it is signed once more
	}
}

// logHeader reads what tells one beginning of the log from the others.
func (w *writer) logHeader() (header [32]byte, err error) {
	if w.log == nil {
		if w.log, err = os.Open(w.driver.path + "-wal"); err != nil {
			return header, err
		}
	}
	_, err = w.log.ReadAt(header[:], 0)
	return header, err
}

// checkLog refuses a write-ahead log that belongs to another file, as when one
// was copied without the other. SQLite can't tell: it would play the log into
// this file, and answer with what the other one held. So the file alone and
// the file with its log are asked who they are, by connections that don't
// write: the last one to leave would make the mixture last.
func (d *Driver) checkLog() error {
	if info, _ := os.Stat(d.path + "-wal"); info == nil || info.Size() == 0 {
		return nil
	}
	alone, _ := d.identify("immutable=1") // what fails is met again, and explained, on opening
	if alone == "" {
		return nil
	}
	with, err := d.identify("mode=ro")
	switch {
	case isBusy(err):
		return nil // it is in use with its log
	case err != nil:
		return d.explain(err)
	case with != alone:
		return fmt.Errorf("%w: the log %s-wal belongs to another file than %s, and both were left alone; put back the file that was with it, or move %s-wal and %s-shm away if what they hold isn't wanted",
			store.ErrUnavailable, d.path, d.path, d.path, d.path)
	}
	return nil
}

// identify reads a file's identity; it is empty when it has none.
func (d *Driver) identify(how string) (id string, err error) {
	path, err := filepath.Abs(d.path)
	if err != nil {
		return "", err
	}
	uri := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/"), RawQuery: how}
	conn, err := sqlite.OpenConn(uri.String(), sqlite.OpenReadOnly|sqlite.OpenURI)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }() // it has only read
	conn.SetBusyTimeout(d.opts.BusyTimeout)
	conn.SetInterrupt(d.kill)
	if named, err := queryInt(conn, identified); err != nil || named == 0 {
		return "", err
	}
	stmt, err := conn.Prepare("SELECT id FROM insidebox_file")
	if err != nil {
		return "", err
	}
	if some, err := stmt.Step(); err != nil || !some {
		return "", err
	}
	id = stmt.ColumnText(0)
	return id, stmt.Reset()
}
