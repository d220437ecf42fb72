package sqlitestore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// Insert adds a document.
func (d *Driver) Insert(ctx context.Context, coll string, doc store.Doc) error {
	return d.change(ctx, coll, doc, func(t *table, conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(t.insert)
		if err != nil {
			return d.explain(err)
		}
		stmt.BindText(1, doc.ID)
		stmt.BindInt64(2, doc.Rev)
		n := bindFields(stmt, 3, t.fields, doc.Body)
		stmt.BindBytes(n, doc.Body)
		if err := finish(stmt); err != nil {
			return d.explain(err)
		}
		if conn.Changes() == 0 {
			return store.ErrExists
		}
		return nil
	})
}

// Replace puts a document in the place of its revision before.
func (d *Driver) Replace(ctx context.Context, coll string, doc store.Doc) error {
	return d.change(ctx, coll, doc, func(t *table, conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(t.replace)
		if err != nil {
			return d.explain(err)
		}
		stmt.BindInt64(1, doc.Rev)
		n := bindFields(stmt, 2, t.fields, doc.Body)
		stmt.BindBytes(n, doc.Body)
		stmt.BindText(n+1, doc.ID)
		stmt.BindInt64(n+2, doc.Rev-1)
		if err := finish(stmt); err != nil {
			return d.explain(err)
		}
		return d.missed(conn, t, doc.ID)
	})
}

// Delete removes a document of a revision.
func (d *Driver) Delete(ctx context.Context, coll, id string, rev int64) error {
	if _, err := d.table(coll); err != nil {
		return err
	}
	return d.submit(ctx, &write{changes: store.Ref{Collection: coll, ID: id}, apply: func(conn *sqlite.Conn) error {
		t, err := d.table(coll)
		if err != nil {
			return err
		}
		stmt, err := conn.Prepare(t.delete)
		if err != nil {
			return d.explain(err)
		}
		stmt.BindText(1, id)
		stmt.BindInt64(2, rev)
		if err := finish(stmt); err != nil {
			return d.explain(err)
		}
		return d.missed(conn, t, id)
	}})
}

// change checks the document and submits a write of it. The table is looked up
// again inside the transaction: its columns may have become more.
func (d *Driver) change(ctx context.Context, coll string, doc store.Doc, apply func(*table, *sqlite.Conn) error) error {
	t, err := d.table(coll)
	if err != nil {
		return err
	}
	if err := t.schema.CheckDoc(doc); err != nil {
		return err
	}
	return d.submit(ctx, &write{changes: store.Ref{Collection: coll, ID: doc.ID}, bytes: len(doc.Body), apply: func(conn *sqlite.Conn) error {
		t, err := d.table(coll)
		if err != nil {
			return err
		}
		return apply(t, conn)
	}})
}

// missed tells why the statement before changed nothing, if it did.
func (d *Driver) missed(conn *sqlite.Conn, t *table, id string) error {
	if conn.Changes() > 0 {
		return nil
	}
	stmt, err := conn.Prepare(t.rev)
	if err != nil {
		return d.explain(err)
	}
	stmt.BindText(1, id)
	found, err := stmt.Step()
	if err != nil {
		return d.explain(err)
	}
	if !found {
		return store.ErrNotFound
	}
	rev := stmt.ColumnInt64(0)
	if err := stmt.Reset(); err != nil {
		return d.explain(err)
	}
	return fmt.Errorf("%w: it has revision %d", store.ErrConflict, rev)
}

// finish runs a statement that returns no rows.
func finish(stmt *sqlite.Stmt) error {
	if _, err := stmt.Step(); err != nil {
		return err
	}
	return stmt.Reset()
}

// Get reads one document.
func (d *Driver) Get(ctx context.Context, coll, id string) (doc store.Doc, err error) {
	t, err := d.table(coll)
	if err != nil {
		return doc, err
	}
	err = d.read(ctx, func(conn *sqlite.Conn) error {
		doc, err = d.get(conn, t, id)
		return err
	})
	if err == nil && doc.ID == "" {
		err = store.ErrNotFound
	}
	return doc, err
}

// GetMany reads documents in one read transaction.
func (d *Driver) GetMany(ctx context.Context, refs ...store.Ref) ([]store.Doc, error) {
	if len(refs) > store.MaxMany {
		return nil, fmt.Errorf("%w: %d documents at once, %d is the most", store.ErrQuery, len(refs), store.MaxMany)
	}
	tables := make([]*table, len(refs))
	for i, r := range refs {
		var err error
		if tables[i], err = d.table(r.Collection); err != nil {
			return nil, err
		}
	}
	docs := make([]store.Doc, len(refs))
	if len(refs) == 2 {
		if err := d.pair(ctx, tables, refs, docs); err != nil {
			return nil, err
		}
		return docs, nil
	}
	err := d.around(len(refs))(ctx, func(conn *sqlite.Conn) (err error) {
		for i, r := range refs {
			if docs[i], err = d.get(conn, tables[i], r.ID); err != nil {
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

// pair reads two documents, or finds them in memory: nearly every request reads
// who asks, and her record.
func (d *Driver) pair(ctx context.Context, tables []*table, refs []store.Ref, docs []store.Doc) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.enter(); err != nil {
		return err
	}
	defer d.calls.Done()
	if a, b, ok := d.memory.get(refs[0], refs[1]); ok {
		docs[0], docs[1] = a, b
		return nil
	}
	return d.read(ctx, func(conn *sqlite.Conn) error {
		before, watched := d.memory.reading()
		if err := d.getPair(conn, tables, refs, docs); err != nil {
			return err
		}
		if watched {
			d.memory.put(before, refs, docs)
		}
		return nil
	})
}

// pairKey names the statement that reads from two tables.
type pairKey struct{ first, second string }

// getPair reads two documents by one statement, which sees one moment in time
// as a transaction does, at two thirds of its cost.
func (d *Driver) getPair(conn *sqlite.Conn, tables []*table, refs []store.Ref, docs []store.Doc) error {
	key := pairKey{refs[0].Collection, refs[1].Collection}
	sql, ok := d.queries.Load(key)
	if !ok {
		of := func(t *table) string {
			return "id, rev, body FROM " + tableName(t.schema.Name) + " WHERE id = ?"
		}
		sql = "SELECT 0, " + of(tables[0]) + " UNION ALL SELECT 1, " + of(tables[1])
		d.queries.Store(key, sql)
	}
	stmt, err := conn.Prepare(sql.(string))
	if err != nil {
		return d.explain(err)
	}
	stmt.BindText(1, refs[0].ID)
	stmt.BindText(2, refs[1].ID)
	for {
		found, err := stmt.Step()
		if err != nil {
			return d.explain(err)
		}
		if !found {
			return d.explain(stmt.Reset())
		}
		docs[stmt.ColumnInt(0)] = store.Doc{ID: stmt.ColumnText(1), Rev: stmt.ColumnInt64(2), Body: columnBytes(stmt, 3)}
	}
}

// get returns the zero Doc when there is none.
func (d *Driver) get(conn *sqlite.Conn, t *table, id string) (store.Doc, error) {
	stmt, err := conn.Prepare(t.get)
	if err != nil {
		return store.Doc{}, d.explain(err)
	}
	stmt.BindText(1, id)
	found, err := stmt.Step()
	if err != nil || !found {
		return store.Doc{}, d.explain(err)
	}
	doc := columnDoc(stmt)
	return doc, d.explain(stmt.Reset()) // an open statement would hold the log
}

// columnDoc reads a row of id, rev and body. The memory is the caller's.
func columnDoc(stmt *sqlite.Stmt) store.Doc {
	return store.Doc{ID: stmt.ColumnText(0), Rev: stmt.ColumnInt64(1), Body: columnBytes(stmt, 2)}
}

func columnBytes(stmt *sqlite.Stmt, column int) bson.Raw {
	b := make([]byte, stmt.ColumnLen(column))
	stmt.ColumnBytes(column, b)
	return b
}
