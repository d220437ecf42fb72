package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

// sourceTests are about reading a store as a whole.
var sourceTests = map[string]func(*testing.T, store.Source){
	"a snapshot holds all, in order":           testSnapshot,
	"a snapshot is one moment":                 testSnapshotMoment,
	"a walk ends with the first error":         testWalkError,
	"empty means no document in any":           testEmpty,
	"a snapshot of an empty store has schemas": testEmptySnapshot,
}

// RunSource tests what is promised of a [store.Source].
func RunSource(t *testing.T, open func(t *testing.T) store.Source, skips ...Skip) {
	for name, test := range sourceTests {
		t.Run(name, func(t *testing.T) {
			for _, s := range skips {
				if s.Test == name {
					t.Skip(s.Why)
				}
			}
			test(t, ready(t, func(t *testing.T) store.Driver { return open(t) }).(store.Source))
		})
	}
}

func snapshot(t *testing.T, d store.Source) store.Snapshot {
	t.Helper()
	s, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 2 {
			if err := s.Close(); err != nil {
				t.Errorf("close the snapshot: %v", err)
			}
		}
	})
	return s
}

func walked(t *testing.T, s store.Snapshot, coll string) (docs []store.Doc) {
	t.Helper()
	err := s.Walk(t.Context(), coll, func(d store.Doc) error {
		docs = append(docs, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func testSnapshot(t *testing.T, d store.Source) {
	if err := d.Declare(t.Context(), store.Schema{Name: "bare"}); err != nil {
		t.Fatal(err)
	}
	var want []store.Doc
	for i := range 250 {
		insert(t, d, at(numbered(i*7%250), "Oslo", i*7%250))
		want = append(want, doc(t, 1, at(numbered(i), "Oslo", i)))
	}
	// One that was written while less was declared, before there was an index.
	if err := d.Declare(t.Context(), store.Schema{Name: visits}); err != nil {
		t.Fatal(err)
	}
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: "w"}, {Key: "rev", Value: int64(3)}})
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, store.Doc{ID: "w", Rev: 3, Body: raw})
	if err := d.Insert(t.Context(), visits, want[250]); err != nil {
		t.Fatal(err)
	}
	s := snapshot(t, d)
	if diff := cmp.Diff(want, walked(t, s, visits)); diff != "" {
		t.Errorf("documents:\n%s", diff)
	}
	if docs := walked(t, s, "bare"); len(docs) > 0 {
		t.Errorf("the other collection holds %d", len(docs))
	}
}

func testEmptySnapshot(t *testing.T, d store.Source) {
	if err := d.Declare(t.Context(), store.Schema{Name: "bare"}); err != nil {
		t.Fatal(err)
	}
	sorted := store.Schema{Name: visits, Indexes: []store.Index{
		visitSchema.Indexes[0], visitSchema.Indexes[3], visitSchema.Indexes[1], visitSchema.Indexes[2],
	}}
	if diff := cmp.Diff([]store.Schema{{Name: "bare"}, sorted}, snapshot(t, d).Schemas()); diff != "" {
		t.Errorf("schemas:\n%s", diff)
	}
}

// testSnapshotMoment writes, and begins a snapshot now and then. A pair of
// documents is counted up, the first one first.
func testSnapshotMoment(t *testing.T, d store.Source) {
	insert(t, d, at("left", "x", 0), at("right", "x", 0))
	for i := range 100 {
		insert(t, d, at(fmt.Sprintf("m%03d", i), "x", i)) // between them
	}
	together(2, func(who int) {
		if who == 0 {
			for n := range 100 {
				for _, id := range []string{"left", "right"} {
					if err := d.Replace(t.Context(), visits, doc(t, int64(n+2), at(id, "x", n))); err != nil {
						t.Errorf("replace: %v", err)
					}
				}
			}
			return
		}
		for range 10 {
			s, err := d.Snapshot(t.Context())
			if err != nil {
				t.Errorf("snapshot: %v", err)
				return
			}
			revs := map[string]int64{}
			for range 2 { // it stays the same, too
				err := s.Walk(t.Context(), visits, func(d store.Doc) error {
					if before := revs[d.ID]; before != 0 && before != d.Rev {
						t.Errorf("%s had revision %d, now %d, in one snapshot", d.ID, before, d.Rev)
					}
					revs[d.ID] = d.Rev
					return nil
				})
				if err != nil {
					t.Errorf("walk: %v", err)
				}
			}
			if left, right := revs["left"], revs["right"]; left < right || left > right+1 {
				t.Errorf("in one snapshot left has revision %d, right %d", left, right)
			}
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	})
}

func testWalkError(t *testing.T, d store.Source) {
	insert(t, d, at("a", "Oslo", 1), at("b", "Oslo", 1))
	mine, n := errors.New("mine"), 0
	s := snapshot(t, d)
	err := s.Walk(t.Context(), visits, func(store.Doc) error { n++; return mine })
	if !errors.Is(err, mine) || n != 1 {
		t.Errorf("after %d documents: %v, want my error after one", n, err)
	}
	if docs := walked(t, s, visits); len(docs) != 2 {
		t.Errorf("a second walk finds %d, want 2", len(docs))
	}
}

func testEmpty(t *testing.T, d store.Source) {
	check := func(want bool) {
		t.Helper()
		if got, err := d.Empty(t.Context()); got != want || err != nil {
			t.Errorf("empty: got %v, %v, want %v", got, err, want)
		}
	}
	check(true)
	insert(t, d, at("a", "Oslo", 1))
	check(false)
	if err := d.Delete(t.Context(), visits, "a", 1); err != nil {
		t.Fatal(err)
	}
	check(true)
}
