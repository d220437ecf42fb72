package sqlitestore

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/insidebox/insidebox/store"
)

var things = store.Schema{Name: "things", Indexes: []store.Index{
	{Name: "by_id"},
	{Name: "by_all", Fields: []store.Field{
		{Name: "s", Kind: store.KindString},
		{Name: "n", Kind: store.KindInt},
		{Name: "t", Kind: store.KindTime},
		{Name: "b", Kind: store.KindBool},
	}},
}}

func thing(id, s string, rev int64) store.Doc {
	body, err := bson.Marshal(bson.D{
		{Key: "_id", Value: id},
		{Key: "rev", Value: rev},
		{Key: "s", Value: s},
		{Key: "n", Value: 1},
		{Key: "t", Value: time.UnixMilli(1)},
		{Key: "b", Value: true},
	})
	if err != nil {
		panic(err)
	}
	return store.Doc{ID: id, Rev: rev, Body: body}
}

func openThings(t *testing.T, path string, opts Options) *Driver {
	t.Helper()
	d, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Declare(t.Context(), things); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSettings reads back, on every connection, what durability rests on.
func TestSettings(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{Readers: 3})
	conns := []*sqlite.Conn{d.writer.conn}
	for range 3 {
		c := <-d.readers
		defer func() { d.readers <- c }()
		conns = append(conns, c)
	}
	for i, c := range conns {
		for pragma, want := range map[string]int64{"synchronous": 2, "fullfsync": 1, "checkpoint_fullfsync": 1, "trusted_schema": 0} {
			if got, err := pragmaInt(c, pragma); got != want || err != nil {
				t.Errorf("connection %d: %s is %d, %v, want %d", i, pragma, got, err, want)
			}
		}
		if mode := textOf(t, c, "PRAGMA journal_mode"); mode != "wal" {
			t.Errorf("connection %d: journal mode %s, want wal", i, mode)
		}
	}
	if err := d.set(conns[0], "synchronous", 77); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a setting that doesn't hold: got %v, want ErrUnavailable", err)
	}
}

func textOf(t *testing.T, c *sqlite.Conn, sql string) (text string) {
	t.Helper()
	err := sqlitex.ExecuteTransient(c, sql, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		text = s.ColumnText(0)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestReadTogether lets a write come in between two reads.
func TestReadTogether(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	if err := d.Insert(t.Context(), "things", thing("a", "x", 1)); err != nil {
		t.Fatal(err)
	}
	tab, err := d.table("things")
	if err != nil {
		t.Fatal(err)
	}
	err = d.readTogether(t.Context(), func(conn *sqlite.Conn) error {
		for range 2 {
			doc, err := d.get(conn, tab, "a")
			if err != nil || doc.Rev != 1 {
				t.Errorf("got revision %d, %v, want 1 both times", doc.Rev, err)
			}
			if err := d.Replace(t.Context(), "things", thing("a", "y", 2)); err != nil && !errors.Is(err, store.ErrConflict) {
				t.Error(err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if doc, err := d.Get(t.Context(), "things", "a"); err != nil || doc.Rev != 2 {
		t.Errorf("afterwards: revision %d, %v, want 2", doc.Rev, err)
	}
}

// TestDeclareIsWhole: a declaration that is refused leaves nothing behind.
func TestDeclareIsWhole(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	fresh := func(k store.Kind) store.Schema {
		return store.Schema{Name: "fresh", Indexes: []store.Index{{Name: "i", Fields: []store.Field{{Name: "f", Kind: k}}}}}
	}
	clash := store.Schema{Name: "things", Indexes: []store.Index{{Name: "other", Fields: []store.Field{{Name: "s", Kind: store.KindBool}}}}}
	if err := d.Declare(t.Context(), fresh(store.KindString), clash); !errors.Is(err, store.ErrInvalid) {
		t.Fatalf("a field of another kind: got %v, want ErrInvalid", err)
	}
	if _, err := d.Get(t.Context(), "fresh", "a"); !errors.Is(err, store.ErrQuery) {
		t.Errorf("the collection declared beside it: got %v, want ErrQuery", err)
	}
	if err := d.Declare(t.Context(), fresh(store.KindInt)); err != nil {
		t.Errorf("declared otherwise: %v", err)
	}
}

// TestNewerProgram lets an older program write after a newer one has declared
// another field in the same file.
func TestNewerProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	older := openThings(t, path, Options{})
	newer := openThings(t, path, Options{})
	more := things
	more.Indexes = append(more.Indexes[:len(more.Indexes):len(more.Indexes)],
		store.Index{Name: "by_colour", Fields: []store.Field{{Name: "colour", Kind: store.KindString}}})
	if err := newer.Declare(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	for i, colour := range []any{"red", nil} {
		id := fmt.Sprint(i)
		d := thing(id, "x", 1)
		var body bson.D
		if err := bson.Unmarshal(d.Body, &body); err != nil {
			t.Fatal(err)
		}
		if colour != nil {
			body = append(body, bson.E{Key: "colour", Value: colour})
		}
		var err error
		if d.Body, err = bson.Marshal(body); err != nil {
			t.Fatal(err)
		}
		if err := older.Insert(t.Context(), "things", d); err != nil {
			t.Fatal(err)
		}
	}
	for colour, want := range map[string]string{"red": "0", "": "1"} {
		docs, err := newer.Find(t.Context(), "things", store.Query{Index: "by_colour", Eq: []store.Key{store.String(colour)}, Limit: 5})
		if err != nil || len(docs) != 1 || docs[0].ID != want {
			t.Errorf("colour %q: got %v, %v, want document %s", colour, docs, err, want)
		}
	}
}
