package sqlitestore

import (
	"context"
	"fmt"
	"maps"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/insidebox/insidebox/store"
)

// Declare makes tables, columns and indexes, in one transaction of its own.
func (d *Driver) Declare(ctx context.Context, schemas ...store.Schema) error {
	for _, s := range schemas {
		if err := s.Check(); err != nil {
			return err
		}
	}
	var tables []*table
	err := d.submit(ctx, &write{alone: true, apply: func(conn *sqlite.Conn) error {
		tables = nil
		for _, s := range schemas {
			t, err := d.declare(conn, s)
			if err != nil {
				return fmt.Errorf("collection %s: %w", s.Name, err)
			}
			tables = append(tables, t)
		}
		return nil
	}, committed: func() { d.know(tables...) }})
	return err
}

// know adds tables to those that may be used. Only the writer calls it.
func (d *Driver) know(tables ...*table) {
	all := maps.Clone(*d.tables.Load())
	for _, t := range tables {
		all[t.schema.Name] = t
	}
	d.tables.Store(&all)
}

// declare brings one collection up to its schema.
func (d *Driver) declare(conn *sqlite.Conn, s store.Schema) (*table, error) {
	exists := false
	err := sqlitex.Execute(conn, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'c_' || ?", &sqlitex.ExecOptions{
		Args:       []any{s.Name},
		ResultFunc: func(*sqlite.Stmt) error { exists = true; return nil },
	})
	if err != nil {
		return nil, d.explain(err)
	}
	fields := s.Fields()
	if exists {
		fields, err = d.addFields(conn, s)
	} else {
		err = d.addTable(conn, s.Name, fields)
	}
	if err != nil {
		return nil, err
	}
	for _, ix := range s.Indexes {
		if err := d.addIndex(conn, s.Name, ix); err != nil {
			return nil, fmt.Errorf("index %s: %w", ix.Name, err)
		}
	}
	return newTable(s, fields), nil
}

// addTable makes the table of a new collection.
func (d *Driver) addTable(conn *sqlite.Conn, coll string, fields []store.Field) error {
	columns := ""
	for _, f := range fields {
		columns += columnName(f.Name) + " " + columnType(f.Kind) + ", "
	}
	for _, sql := range []string{
		"CREATE TABLE " + tableName(coll) + " (id TEXT NOT NULL, rev INTEGER NOT NULL, " + columns + "body BLOB NOT NULL)",
		"CREATE UNIQUE INDEX " + idIndexName(coll) + " ON " + tableName(coll) + " (id)",
	} {
		if err := sqlitex.ExecuteTransient(conn, sql, nil); err != nil {
			return d.explain(err)
		}
	}
	for _, f := range fields {
		if err := d.noteField(conn, coll, f); err != nil {
			return err
		}
	}
	return nil
}

// noteField keeps that a field has a column.
func (d *Driver) noteField(conn *sqlite.Conn, coll string, f store.Field) error {
	return d.explain(sqlitex.Execute(conn, "INSERT INTO insidebox_fields (collection, field, kind) VALUES (?, ?, ?)",
		&sqlitex.ExecOptions{Args: []any{coll, f.Name, f.Kind.String()}}))
}

// storedFields returns the fields that have a column.
func (d *Driver) storedFields(conn *sqlite.Conn, coll string) ([]store.Field, error) {
	var fields []store.Field
	err := sqlitex.Execute(conn, "SELECT field, kind FROM insidebox_fields WHERE collection = ? ORDER BY field", &sqlitex.ExecOptions{
		Args: []any{coll},
		ResultFunc: func(s *sqlite.Stmt) error {
			kind, err := parseKind(s.ColumnText(1))
			fields = append(fields, store.Field{Name: s.ColumnText(0), Kind: kind})
			return err
		},
	})
	return fields, d.explain(err)
}

func parseKind(s string) (store.Kind, error) {
	for k := store.KindString; k <= store.KindBool; k++ {
		if k.String() == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("the kind %q of an indexed field is not known to this program", s)
}

// addFields adds a column for each field that has none and fills it from the
// documents. It returns all fields that have a column then.
func (d *Driver) addFields(conn *sqlite.Conn, s store.Schema) ([]store.Field, error) {
	stored, err := d.storedFields(conn, s.Name)
	if err != nil {
		return nil, err
	}
	kinds := map[string]store.Kind{}
	for _, f := range stored {
		kinds[f.Name] = f.Kind
	}
	var added []store.Field
	for _, f := range s.Fields() {
		if kinds[f.Name] == f.Kind {
			continue
		}
		if kinds[f.Name] != 0 {
			return nil, fmt.Errorf("%w: the field %s was declared as a %s, now as a %s; give the new one another name", store.ErrInvalid, f.Name, kinds[f.Name], f.Kind)
		}
		added = append(added, f)
	}
	for _, f := range added {
		sql := "ALTER TABLE " + tableName(s.Name) + " ADD COLUMN " + columnName(f.Name) + " " + columnType(f.Kind)
		if err := sqlitex.ExecuteTransient(conn, sql, nil); err != nil {
			return nil, d.explain(err)
		}
		if err := d.noteField(conn, s.Name, f); err != nil {
			return nil, err
		}
	}
	if len(added) > 0 {
		if err := d.backfill(conn, s.Name, added); err != nil {
			return nil, err
		}
	}
	return append(stored, added...), nil
}

// backfill fills new columns from the documents that are there. It goes by
// row numbers and in bites, so that no statement changes the rows that it is
// walking along, and memory stays bounded.
func (d *Driver) backfill(conn *sqlite.Conn, coll string, fields []store.Field) error {
	sets := ""
	for i, f := range fields {
		if i > 0 {
			sets += ", "
		}
		sets += columnName(f.Name) + " = ?"
	}
	update, err := conn.Prepare("UPDATE " + tableName(coll) + " SET " + sets + " WHERE rowid = ?")
	if err != nil {
		return d.explain(err)
	}
	defer func() { _ = update.Finalize() }() // it says again what Step said
	for last := int64(math.MinInt64); ; {
		rows, err := bite(conn, coll, last)
		if err != nil {
			return d.explain(err)
		}
		if len(rows) == 0 {
			return nil
		}
		for _, r := range rows {
			n := bindFields(update, 1, fields, r.body)
			update.BindInt64(n, r.number)
			if err := finish(update); err != nil {
				return d.explain(err)
			}
			last = r.number
		}
	}
}

type row struct {
	number int64
	body   bson.Raw
}

// bite reads some rows behind the one with the number last.
func bite(conn *sqlite.Conn, coll string, last int64) (rows []row, err error) {
	err = sqlitex.ExecuteTransient(conn, "SELECT rowid, body FROM "+tableName(coll)+" WHERE rowid > ? ORDER BY rowid LIMIT 100", &sqlitex.ExecOptions{
		Args: []any{last},
		ResultFunc: func(s *sqlite.Stmt) error {
			rows = append(rows, row{s.ColumnInt64(0), columnBytes(s, 1)})
			return nil
		},
	})
	return rows, err
}

// addIndex makes an index unless it is there with the same fields.
func (d *Driver) addIndex(conn *sqlite.Conn, coll string, ix store.Index) error {
	want, got, found := fieldList(ix), "", false
	err := sqlitex.Execute(conn, "SELECT fields FROM insidebox_indexes WHERE collection = ? AND name = ?", &sqlitex.ExecOptions{
		Args:       []any{coll, ix.Name},
		ResultFunc: func(s *sqlite.Stmt) error { got, found = s.ColumnText(0), true; return nil },
	})
	if err != nil {
		return d.explain(err)
	}
	if found && got != want {
		return fmt.Errorf("%w: it was declared over (%s), now over (%s); give the new one another name", store.ErrInvalid, got, want)
	}
	if found {
		return nil
	}
	if len(ix.Fields) > 0 { // the order by id alone has its unique index already
		columns := ""
		for _, f := range ix.Fields {
			columns += columnName(f.Name) + ", "
		}
		sql := "CREATE INDEX " + indexName(coll, ix.Name) + " ON " + tableName(coll) + " (" + columns + "id)"
		if err := sqlitex.ExecuteTransient(conn, sql, nil); err != nil {
			return d.explain(err)
		}
	}
	return d.explain(sqlitex.Execute(conn, "INSERT INTO insidebox_indexes (collection, name, fields) VALUES (?, ?, ?)",
		&sqlitex.ExecOptions{Args: []any{coll, ix.Name, want}}))
}

// refresh reads the fields of all declared collections again, after another
// process has changed the layout.
func (d *Driver) refresh(conn *sqlite.Conn) error {
	var tables []*table
	for _, t := range *d.tables.Load() {
		fields, err := d.storedFields(conn, t.schema.Name)
		if err != nil {
			return err
		}
		tables = append(tables, newTable(t.schema, fields))
	}
	d.know(tables...)
	return nil
}
