package sqlitestore

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// read runs a read on a free connection.
func (d *Driver) read(ctx context.Context, do func(*sqlite.Conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.calls.Done()
	select {
	case conn := <-d.readers:
		defer func() { d.readers <- conn }()
		return do(conn)
	case <-ctx.Done():
		return ctx.Err()
	case <-d.kill:
		return errClosed
	}
}

// readTogether runs several reads in one transaction, so that they see one
// moment in time.
func (d *Driver) readTogether(ctx context.Context, do func(*sqlite.Conn) error) error {
	return d.read(ctx, func(conn *sqlite.Conn) error {
		if err := execute(conn, "BEGIN"); err != nil {
			return d.explain(err)
		}
		err := do(conn)
		// A COMMIT of reads can't fail for a reason that matters to them.
		_ = execute(conn, "COMMIT")
		return err
	})
}

// Find walks along one index, from bound to bound; for In, once per value.
func (d *Driver) Find(ctx context.Context, coll string, q store.Query) ([]store.Doc, error) {
	t, err := d.table(coll)
	if err != nil {
		return nil, err
	}
	walks, err := plan(t, q, true)
	if err != nil || len(walks) == 0 {
		return nil, err
	}
	var docs []store.Doc
	err = d.around(len(walks))(ctx, func(conn *sqlite.Conn) error {
		for _, w := range walks {
			if len(docs) == q.Limit {
				return nil
			}
			if docs, err = d.walk(conn, w, docs, q.Limit-len(docs)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return docs, nil
}

// around returns how to run that many statements: one needs no transaction.
func (d *Driver) around(statements int) func(context.Context, func(*sqlite.Conn) error) error {
	if statements == 1 {
		return d.read
	}
	return d.readTogether
}

// walk appends up to limit documents.
func (d *Driver) walk(conn *sqlite.Conn, w walk, docs []store.Doc, limit int) ([]store.Doc, error) {
	stmt, err := conn.Prepare(d.sql(w, findDocs))
	if err != nil {
		return nil, d.explain(err)
	}
	stmt.BindInt64(w.bind(stmt), int64(limit))
	for {
		found, err := stmt.Step()
		if err != nil {
			return nil, d.explain(err)
		}
		if !found {
			return docs, d.explain(stmt.Reset())
		}
		docs = append(docs, columnDoc(stmt))
	}
}

// Count counts along one index.
func (d *Driver) Count(ctx context.Context, coll string, q store.Query, most int) (n int, err error) {
	t, err := d.table(coll)
	if err != nil {
		return 0, err
	}
	if most < 1 || most > store.MaxCount {
		return 0, fmt.Errorf("%w: count up to %d, want 1 to %d", store.ErrQuery, most, store.MaxCount)
	}
	q.After, q.Desc = store.Cursor{}, false
	walks, err := plan(t, q, false)
	if err != nil || len(walks) == 0 {
		return 0, err
	}
	err = d.around(len(walks))(ctx, func(conn *sqlite.Conn) error {
		for _, w := range walks {
			if n == most {
				return nil
			}
			stmt, err := conn.Prepare(d.sql(w, countDocs))
			if err != nil {
				return d.explain(err)
			}
			stmt.BindInt64(w.bind(stmt), int64(most-n))
			if _, err := stmt.Step(); err != nil {
				return d.explain(err)
			}
			n += stmt.ColumnInt(0)
			if err := stmt.Reset(); err != nil {
				return d.explain(err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
