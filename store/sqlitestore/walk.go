package sqlitestore

import (
	"math"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/insidebox/insidebox/store"
)

// walk is one way along an index: leading fields fixed, the rest bounded.
type walk struct {
	table        string // these two as they stand in SQL
	index        string
	ix           store.Index
	eq           []store.Key
	lower, upper bound
	desc         bool
}

// bound is a place in the order of the fields behind eq, and then of ids: the
// keys of some fields, or of all and an id.
type bound struct {
	keys []store.Key
	id   string
}

// plan turns a query into walks, in the order of their results: one, or with
// In one per value. SQLite would sort for In; walking value by value needs no
// sorting, because the values come in the order of the index.
func plan(t *table, q store.Query, limit bool) ([]walk, error) {
	ix, in, err := t.schema.Plan(q, limit)
	if err != nil {
		return nil, err
	}
	if in == nil && q.In == nil {
		return []walk{newWalk(t, ix, q)}, nil
	}
	var walks []walk
	for _, k := range in {
		one := q
		one.In = nil
		one.Eq = append(q.Eq[:len(q.Eq):len(q.Eq)], k)
		if !q.After.IsZero() {
			c := k.Compare(q.After.Keys[len(q.Eq)])
			if q.Desc {
				c = -c
			}
			if c < 0 {
				continue // behind us already
			}
			if c > 0 {
				one.After = store.Cursor{}
			}
		}
		walks = append(walks, newWalk(t, ix, one))
	}
	return walks, nil
}

// newWalk bounds the way of a query without In.
func newWalk(t *table, ix store.Index, q store.Query) walk {
	w := walk{table: tableName(t.schema.Name), ix: ix, eq: q.Eq, desc: q.Desc}
	if w.index = indexName(t.schema.Name, ix.Name); len(ix.Fields) == 0 {
		w.index = idIndexName(t.schema.Name)
	}
	if !q.From.IsZero() {
		w.lower.keys = []store.Key{q.From}
	}
	if !q.To.IsZero() {
		w.upper.keys = []store.Key{q.To}
	}
	if !q.After.IsZero() {
		at := bound{keys: q.After.Keys[len(q.Eq):], id: q.After.ID}
		// A cursor that stands before the range begins changes nothing.
		if q.Desc {
			if q.To.IsZero() || at.keys[0].Compare(q.To) < 0 {
				w.upper = at
			}
		} else if q.From.IsZero() || at.keys[0].Compare(q.From) >= 0 {
			w.lower = at
		}
	}
	// With no bound at all SQLite would scan the index. From the lowest possible
	// value on, it seeks.
	if len(ix.Fields) > 0 && len(w.eq) == 0 && w.lower.width() == 0 && w.upper.width() == 0 {
		w.lower.keys = []store.Key{lowest(ix.Fields[0].Kind)}
	}
	return w
}

func lowest(k store.Kind) store.Key {
	if k == store.KindString {
		return store.String("")
	}
	return store.Int(int64(math.MinInt64))
}

// width is how many columns the bound compares.
func (b bound) width() int {
	if b.id != "" {
		return len(b.keys) + 1
	}
	return len(b.keys)
}

// bind binds the walk's values and returns the parameter of the limit.
func (w walk) bind(stmt *sqlite.Stmt) int {
	n := 1
	bind := func(keys []store.Key, id string) {
		for _, k := range keys {
			bindKey(stmt, n, k)
			n++
		}
		if id != "" {
			stmt.BindText(n, id)
			n++
		}
	}
	bind(w.eq, "")
	bind(w.lower.keys, w.lower.id)
	bind(w.upper.keys, w.upper.id)
	return n
}

// What to do along the way.
const (
	findDocs  = "id, rev, body"
	countDocs = "1"
)

// shape is all of a walk that its SQL depends on.
type shape struct {
	table, index, columns string
	eq, lower, upper      int
	lowerID, upperID      bool
	desc                  bool
}

// sql returns the walk's statement. There are few of them, so they are kept.
func (d *Driver) sql(w walk, columns string) string {
	key := shape{
		table: w.table, index: w.index, columns: columns, eq: len(w.eq),
		lower: len(w.lower.keys), upper: len(w.upper.keys), lowerID: w.lower.id != "", upperID: w.upper.id != "", desc: w.desc,
	}
	if sql, ok := d.queries.Load(key); ok {
		return sql.(string)
	}
	sql := w.build(columns)
	d.queries.Store(key, sql)
	return sql
}

func (w walk) build(columns string) string {
	var order, where []string
	names := make([]string, 0, len(w.ix.Fields)+1)
	for _, f := range w.ix.Fields {
		names = append(names, columnName(f.Name))
	}
	names = append(names, "id")
	for _, name := range names[:len(w.eq)] {
		where = append(where, name+" = ?")
	}
	rest := names[len(w.eq):]
	for _, name := range rest {
		if w.desc {
			name += " DESC"
		}
		order = append(order, name)
	}
	where = append(where, w.lower.compare(rest, " >= ", " > ")...)
	where = append(where, w.upper.compare(rest, " < ", " < ")...)
	if len(where) == 0 {
		where = append(where, "id >= ''")
	}
	// A bare parameter behind LIMIT is one that SQLite's planner looks at, and it
	// prepares the statement anew whenever it is bound: two fifths of a short query.
	sql := "SELECT " + columns + " FROM " + w.table + " INDEXED BY " + w.index +
		" WHERE " + strings.Join(where, " AND ") + " ORDER BY " + strings.Join(order, ", ") + " LIMIT 0+?"
	if columns == countDocs {
		return "SELECT count(*) FROM (" + sql + ")"
	}
	return sql
}

// compare returns the bound as SQL over the columns behind eq, or nothing.
func (b bound) compare(columns []string, atKey, atID string) []string {
	n := b.width()
	switch {
	case n == 0:
		return nil
	case n == 1 && b.id == "":
		return []string{columns[0] + atKey + "?"}
	case n == 1:
		return []string{columns[0] + atID + "?"}
	}
	return []string{"(" + strings.Join(columns[:n], ", ") + ")" + atID + "(?" + strings.Repeat(", ?", n-1) + ")"}
}
