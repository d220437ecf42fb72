// Package storetest holds the promises of package store as tests that every
// driver runs:
//
//	func TestPromises(t *testing.T)   { storetest.Run(t, open) }
//	func TestConcurrency(t *testing.T) { storetest.RunConcurrent(t, open) }
//
// open returns a driver on new, empty data each time; the tests close it. What
// only one backend has (files, processes, time-outs) it tests itself. A
// backend that is known to break a promise skips that subtest by its name and
// says why, with a [Skip].
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

// Open returns a driver on new, empty data.
type Open func(t *testing.T) store.Driver

// Run tests everything that one caller at a time can see.
func Run(t *testing.T, open func(t *testing.T) store.Driver) {
	for _, group := range []map[string]func(*testing.T, store.Driver){
		documentTests, declareTests, findTests, typedTests,
	} {
		for name, test := range group {
			t.Run(name, func(t *testing.T) { test(t, ready(t, open)) })
		}
	}
	t.Run("model", func(t *testing.T) { runModel(t, open) })
}

// Skip leaves out one test of RunConcurrent, for a reason.
type Skip struct{ Test, Why string }

// RunConcurrent tests what holds when many write and read at once.
func RunConcurrent(t *testing.T, open func(t *testing.T) store.Driver, skips ...Skip) {
	for _, s := range skips {
		if concurrentTests[s.Test] == nil {
			t.Errorf("there is no test %q to skip", s.Test)
		}
	}
	for name, test := range concurrentTests {
		t.Run(name, func(t *testing.T) {
			for _, s := range skips {
				if s.Test == name {
					t.Skip(s.Why)
				}
			}
			test(t, ready(t, open))
		})
	}
}

// RunOneMoment tests what of RunConcurrent is about several documents that are read
// together.
func RunOneMoment(t *testing.T, open func(t *testing.T) store.Driver) {
	for _, name := range []string{"reads of two documents see one moment", "reads of two collections see one moment"} {
		t.Run(name, func(t *testing.T) { concurrentTests[name](t, ready(t, open)) })
	}
}

// The collection that most tests use: visits of people to places.
const visits = "visits"

var visitSchema = store.Schema{Name: visits, Indexes: []store.Index{
	{Name: "by_id"},
	{Name: "by_place", Fields: []store.Field{{Name: "place", Kind: store.KindString}}},
	{Name: "by_place_time", Fields: []store.Field{
		{Name: "place", Kind: store.KindString}, {Name: "at", Kind: store.KindTime},
	}},
	{Name: "by_paid_number", Fields: []store.Field{
		{Name: "paid", Kind: store.KindBool}, {Name: "number", Kind: store.KindInt}, {Name: "place", Kind: store.KindString},
	}},
}}

// visit is a document of that collection.
type visit struct {
	store.Meta `bson:",inline"`
	Place      string    `bson:"place"`
	At         time.Time `bson:"at"`
	Number     int       `bson:"number"`
	Paid       bool      `bson:"paid"`
	Note       string    `bson:"note"`
}

// noon is when everything happens.
var noon = time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)

// ready opens a driver and declares the collection.
func ready(t *testing.T, open Open) store.Driver {
	t.Helper()
	d := open(t)
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := d.Declare(t.Context(), visitSchema); err != nil {
		t.Fatalf("declare: %v", err)
	}
	return d
}

// fatal is what both testing.T and rapid.T can do.
type fatal interface {
	Helper()
	Fatal(args ...any)
}

// doc encodes a visit with a revision.
func doc(t fatal, rev int64, v visit) store.Doc {
	t.Helper()
	v.Rev = rev
	body, err := bson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return store.Doc{ID: v.ID, Rev: rev, Body: body}
}

func at(id, place string, n int) visit {
	return visit{Meta: store.Meta{ID: id}, Place: place, At: noon.Add(time.Duration(n) * time.Minute), Number: n, Paid: n%2 == 0}
}

// insert adds visits and stops the test when that fails.
func insert(t testing.TB, d store.Driver, all ...visit) {
	t.Helper()
	for _, v := range all {
		if err := d.Insert(context.Background(), visits, doc(t, 1, v)); err != nil {
			t.Fatalf("insert %s: %v", v.ID, err)
		}
	}
}

// wantErr checks that an operation failed in the right way.
func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

// wantDoc checks that exactly this document is stored.
func wantDoc(t testing.TB, d store.Driver, want store.Doc) {
	t.Helper()
	got, err := d.Get(context.Background(), visits, want.ID)
	if err != nil {
		t.Errorf("get %s: %v", want.ID, err)
		return
	}
	if got.ID != want.ID || got.Rev != want.Rev || !bytes.Equal(got.Body, want.Body) {
		t.Errorf("get %s:\n got revision %d: %s\nwant revision %d: %s", want.ID, got.Rev, got.Body, want.Rev, want.Body)
	}
}

// ids returns the ids of documents in their order.
func ids(docs []store.Doc) string {
	s := ""
	for _, d := range docs {
		s += d.ID + " "
	}
	return s
}

func numbered(i int) string { return fmt.Sprintf("v%04d", i) }
