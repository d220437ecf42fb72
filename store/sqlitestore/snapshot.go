package sqlitestore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/insidebox/insidebox/store"
)

var _ store.Source = (*Driver)(nil)

// snapshot is a copy of the file, in a folder of its own beside it.
type snapshot struct {
	driver  *Driver
	folder  string
	conn    *sqlite.Conn
	schemas []store.Schema
}

// Snapshot writes a copy of the file beside it with VACUUM INTO, which takes
// as much room as the data and holds nobody up. Close removes it.
func (d *Driver) Snapshot(ctx context.Context) (_ store.Snapshot, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer d.calls.Done()
	s := &snapshot{driver: d}
	if s.folder, err = os.MkdirTemp(filepath.Dir(d.path), ".snapshot-"); err != nil {
		return nil, fmt.Errorf("%w: make a folder for a copy of the data: %w", store.ErrUnavailable, err)
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *snapshot) open(ctx context.Context) error {
	from, err := sqlite.OpenConn(s.driver.path, sqlite.OpenReadWrite)
	if err != nil {
		return s.driver.explain(err)
	}
	defer func() { _ = from.Close() }()
	from.SetInterrupt(ctx.Done())
	from.SetBusyTimeout(s.driver.opts.BusyTimeout)
	file := filepath.Join(s.folder, "copy.db")
	err = sqlitex.Execute(from, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{file}})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return s.driver.explain(err)
	}
	if s.conn, err = sqlite.OpenConn(file, sqlite.OpenReadOnly); err != nil {
		return s.driver.explain(err)
	}
	s.schemas, err = s.driver.storedSchemas(s.conn)
	return err
}

// Schemas returns what was declared.
func (s *snapshot) Schemas() []store.Schema { return s.schemas }

// Walk reads a collection along its ids.
func (s *snapshot) Walk(ctx context.Context, coll string, do func(store.Doc) error) error {
	stmt, err := s.conn.Prepare("SELECT id, rev, body FROM " + tableName(coll) + " INDEXED BY " + idIndexName(coll) + " WHERE id >= '' ORDER BY id")
	if err != nil {
		return s.driver.explain(err)
	}
	for {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, stmt.Reset())
		}
		found, err := stmt.Step()
		if err != nil || !found {
			return s.driver.explain(err)
		}
		if err := do(columnDoc(stmt)); err != nil {
			return errors.Join(err, stmt.Reset())
		}
	}
}

// Close removes the copy.
func (s *snapshot) Close() (err error) {
	if s.conn != nil {
		err = s.conn.Close()
		s.conn = nil
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// storedSchemas reads what was declared from the file itself.
func (d *Driver) storedSchemas(conn *sqlite.Conn) ([]store.Schema, error) {
	names, err := textColumn(conn, `SELECT substr(name, 3) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'c\_%' ESCAPE '\' ORDER BY name`)
	if err != nil {
		return nil, d.explain(err)
	}
	var all []store.Schema
	for _, name := range names {
		fields, err := d.storedFields(conn, name)
		if err != nil {
			return nil, err
		}
		s := store.Schema{Name: name}
		err = sqlitex.Execute(conn, "SELECT name, fields FROM insidebox_indexes WHERE collection = ? ORDER BY name", &sqlitex.ExecOptions{
			Args: []any{name},
			ResultFunc: func(row *sqlite.Stmt) error {
				s.Indexes = append(s.Indexes, storedIndex(row.ColumnText(0), row.ColumnText(1), fields))
				return nil
			},
		})
		if err != nil {
			return nil, d.explain(err)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b store.Schema) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// storedIndex reads an index as fieldList has written it.
func storedIndex(name, list string, fields []store.Field) store.Index {
	ix := store.Index{Name: name}
	for _, f := range splitFields(list) {
		at := slices.IndexFunc(fields, func(k store.Field) bool { return k.Name == f })
		if at >= 0 {
			ix.Fields = append(ix.Fields, fields[at])
		}
	}
	return ix
}

// textColumn runs a statement and returns the first column of its rows.
func textColumn(conn *sqlite.Conn, sql string) (texts []string, err error) {
	err = sqlitex.ExecuteTransient(conn, sql, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		texts = append(texts, s.ColumnText(0))
		return nil
	}})
	return texts, err
}

// Empty looks for a document in every collection of the file.
func (d *Driver) Empty(ctx context.Context) (empty bool, err error) {
	err = d.read(ctx, func(conn *sqlite.Conn) error {
		schemas, err := d.storedSchemas(conn)
		if err != nil {
			return err
		}
		for _, s := range schemas {
			some, err := textColumn(conn, "SELECT id FROM "+tableName(s.Name)+" LIMIT 1")
			if err != nil || len(some) > 0 {
				return d.explain(err)
			}
		}
		empty = true
		return nil
	})
	return empty, err
}
