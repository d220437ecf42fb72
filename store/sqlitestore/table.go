package sqlitestore

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// table is a declared collection and its statements. It is immutable.
type table struct {
	schema store.Schema  // as this program declared it
	fields []store.Field // every field column in the file, other programs' too

	get, insert, replace, delete, rev string
}

func tableName(coll string) string       { return `"c_` + coll + `"` }
func columnName(field string) string     { return `"f_` + field + `"` }
func indexName(coll, name string) string { return `"i_` + coll + `.` + name + `"` }

// idIndexName is the unique index of ids, which is also every index that has
// no fields.
func idIndexName(coll string) string { return `"u_` + coll + `"` }

func newTable(schema store.Schema, fields []store.Field) *table {
	name := tableName(schema.Name)
	columns, marks, sets := "id, rev", "?, ?", "rev = ?"
	for _, f := range fields {
		columns += ", " + columnName(f.Name)
		marks += ", ?"
		sets += ", " + columnName(f.Name) + " = ?"
	}
	return &table{
		schema:  schema,
		fields:  fields,
		get:     "SELECT id, rev, body FROM " + name + " WHERE id = ?",
		insert:  "INSERT INTO " + name + " (" + columns + ", body) VALUES (" + marks + ", ?) ON CONFLICT (id) DO NOTHING",
		replace: "UPDATE " + name + " SET " + sets + ", body = ? WHERE id = ? AND rev = ?",
		delete:  "DELETE FROM " + name + " WHERE id = ? AND rev = ?",
		rev:     "SELECT rev FROM " + name + " WHERE id = ?",
	}
}

// bindFields binds the values of field columns from parameter n on and returns
// the next free parameter.
func bindFields(stmt *sqlite.Stmt, n int, fields []store.Field, body bson.Raw) int {
	for _, f := range fields {
		bindKey(stmt, n, f.KeyOrZero(body))
		n++
	}
	return n
}

func bindKey(stmt *sqlite.Stmt, n int, k store.Key) {
	if k.Kind() == store.KindString {
		stmt.BindText(n, k.Text())
	} else {
		stmt.BindInt64(n, k.Num())
	}
}

// table returns the declared collection, or ErrQuery.
func (d *Driver) table(coll string) (*table, error) {
	if t := (*d.tables.Load())[coll]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: the collection %q was not declared", store.ErrQuery, coll)
}

// columnType is the SQL type of a field's column, with the kind's zero value
// for documents that lack the field.
func columnType(k store.Kind) string {
	if k == store.KindString {
		return "TEXT NOT NULL DEFAULT ''"
	}
	return fmt.Sprintf("INTEGER NOT NULL DEFAULT %d", k.Zero().Num())
}

// fieldList writes an index's fields as insidebox_indexes keeps them.
func fieldList(ix store.Index) string {
	names := make([]string, len(ix.Fields))
	for i, f := range ix.Fields {
		names[i] = f.Name
	}
	return strings.Join(names, ",")
}

// splitFields reads what fieldList has written.
func splitFields(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
