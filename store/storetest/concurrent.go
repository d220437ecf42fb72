package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/insidebox/insidebox/store"
)

// concurrentTests are about many callers at once.
var concurrentTests = map[string]func(*testing.T, store.Driver){
	"racing inserts of one id have one winner":  testRacingInserts,
	"racing replaces have one winner":           testRacingReplaces,
	"a replace and a delete have one winner":    testRacingDelete,
	"eighty updates of one document all hold":   testHotDocument,
	"reads see acknowledged writes":             testReadYourWrites,
	"reads of two documents see one moment":     testOneMoment,
	"reads of two collections see one moment":   testOneMomentOfTwo,
	"cursors are stable under inserts":          testCursorsUnderInserts,
	"close waits for writes that are under way": testCloseWaits,
}

// together runs n goroutines that start at the same moment, and waits.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}

// race runs n rivals and returns who won. The others must get one of losses.
func race(t *testing.T, n int, try func(i int) error, losses ...error) int {
	t.Helper()
	var mu sync.Mutex
	winners := []int{}
	together(n, func(i int) {
		err := try(i)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			winners = append(winners, i)
			return
		}
		for _, loss := range losses {
			if errors.Is(err, loss) {
				return
			}
		}
		t.Errorf("rival %d: got %v, want success or one of %v", i, err, losses)
	})
	if len(winners) != 1 {
		t.Fatalf("%d of %d won (%v), want exactly one", len(winners), n, winners)
	}
	return winners[0]
}

func testRacingInserts(t *testing.T, d store.Driver) {
	for round := range 20 {
		rival := func(i int) store.Doc { return doc(t, 1, at(numbered(round), fmt.Sprint(i), i)) }
		winner := race(t, 16, func(i int) error { return d.Insert(t.Context(), visits, rival(i)) }, store.ErrExists)
		wantDoc(t, d, rival(winner))
	}
}

func testRacingReplaces(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "start", 0))
	for round := range 20 {
		rival := func(i int) store.Doc { return doc(t, int64(round+2), at("a", fmt.Sprint(i), i)) }
		winner := race(t, 16, func(i int) error { return d.Replace(t.Context(), visits, rival(i)) }, store.ErrConflict)
		wantDoc(t, d, rival(winner))
	}
}

func testRacingDelete(t *testing.T, d store.Driver) {
	for round := range 20 {
		id := numbered(round)
		insert(t, d, at(id, "start", 0))
		winner := race(t, 2, func(i int) error {
			if i == 0 {
				return d.Delete(t.Context(), visits, id, 1)
			}
			return d.Replace(t.Context(), visits, doc(t, 2, at(id, "replaced", 1)))
		}, store.ErrConflict, store.ErrNotFound)
		if winner == 1 {
			wantDoc(t, d, doc(t, 2, at(id, "replaced", 1)))
		} else if _, err := d.Get(t.Context(), visits, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after delete: %v", err)
		}
	}
}

func testHotDocument(t *testing.T, d store.Driver) {
	insert(t, d, at("hot", "Oslo", 0))
	c := collection(t, d)
	together(80, func(i int) {
		if _, err := c.Update(t.Context(), "hot", func(v *visit) error { v.Number++; return nil }); err != nil {
			t.Errorf("update %d: %v", i, err)
		}
	})
	got, err := c.Get(t.Context(), "hot")
	if err != nil || got.Number != 80 || got.Rev != 81 {
		t.Errorf("after 80 updates: got %+v, %v, want number 80, revision 81", got, err)
	}
}

func testReadYourWrites(t *testing.T, d store.Driver) {
	c := collection(t, d)
	together(16, func(i int) {
		v := at(numbered(i), "Oslo", i)
		if err := c.Insert(t.Context(), &v); err != nil {
			t.Errorf("insert: %v", err)
		}
		for n := range 10 {
			v.Number, v.Place = n, fmt.Sprintf("%d-%d", i, n)
			if err := c.Replace(t.Context(), &v); err != nil {
				t.Errorf("replace: %v", err)
			}
			got, err := c.Get(t.Context(), v.ID)
			if err != nil || *got != v {
				t.Errorf("get after replace: got %+v, %v, want %+v", got, err, v)
			}
			found, _, err := c.Find(t.Context(), store.Query{Index: "by_place", Eq: []store.Key{store.String(v.Place)}, Limit: 2})
			if err != nil || len(found) != 1 || *found[0] != v {
				t.Errorf("find after replace: got %d, %v, want the document", len(found), err)
			}
		}
	})
}

// testOneMoment counts up a pair of documents, always the left one first, and
// reads both, with many others between them, so that there is time for a write
// to come in between. The left one is never behind, and at most one ahead.
func testOneMoment(t *testing.T, d store.Driver) {
	insert(t, d, at("left", "x", 0), at("right", "x", 0))
	c := collection(t, d)
	refs := []store.Ref{{Collection: visits, ID: "left"}}
	for i := range 300 {
		refs = append(refs, store.Ref{Collection: visits, ID: numbered(i)})
	}
	refs = append(refs, store.Ref{Collection: visits, ID: "right"})
	together(4, func(i int) {
		for n := 1; n <= 60; n++ {
			if i == 0 {
				for _, id := range []string{"left", "right"} {
					if _, err := c.Update(t.Context(), id, func(v *visit) error { v.Number = n; return nil }); err != nil {
						t.Errorf("update %s: %v", id, err)
					}
				}
				continue
			}
			docs, err := d.GetMany(t.Context(), refs...)
			if err != nil {
				t.Errorf("get many: %v", err)
				return
			}
			left, right := docs[0].Rev, docs[len(docs)-1].Rev
			if left < right || left > right+1 {
				t.Errorf("read together: left has revision %d, right %d", left, right)
			}
		}
	})
}

// testOneMomentOfTwo counts up a document and then one of the same name in
// another collection, and reads both: the first is never behind, and at most
// one ahead.
func testOneMomentOfTwo(t *testing.T, d store.Driver) {
	const others = "others"
	if err := d.Declare(t.Context(), store.Schema{Name: others}); err != nil {
		t.Fatal(err)
	}
	insert(t, d, at("a", "x", 0))
	if err := d.Insert(t.Context(), others, doc(t, 1, at("a", "x", 0))); err != nil {
		t.Fatal(err)
	}
	together(4, func(i int) {
		for n := range 100 {
			if i == 0 {
				for _, coll := range []string{visits, others} {
					if err := d.Replace(t.Context(), coll, doc(t, int64(n+2), at("a", "x", n))); err != nil {
						t.Errorf("replace in %s: %v", coll, err)
					}
				}
				continue
			}
			docs, err := d.GetMany(t.Context(), store.Ref{Collection: others, ID: "a"}, store.Ref{Collection: visits, ID: "a"})
			if err != nil {
				t.Errorf("get many: %v", err)
				return
			}
			if first, then := docs[1].Rev, docs[0].Rev; first < then || first > then+1 {
				t.Errorf("read together: the first has revision %d, the other %d", first, then)
			}
		}
	})
}

// testCursorsUnderInserts pages through documents while others come in before
// and behind: every one that was there from the start is seen exactly once.
func testCursorsUnderInserts(t *testing.T, d store.Driver) {
	for i := range 100 {
		insert(t, d, at(fmt.Sprintf("old%03d", i), fmt.Sprintf("p%03d", i), i))
	}
	c := collection(t, d)
	together(2, func(who int) {
		if who == 0 {
			for i := range 100 {
				v := at(fmt.Sprintf("new%03d", i), fmt.Sprintf("p%03d", i*37%100), i)
				if err := c.Insert(t.Context(), &v); err != nil {
					t.Errorf("insert: %v", err)
				}
			}
			return
		}
		seen := map[string]int{}
		q := store.Query{Index: "by_place", Limit: 3}
		for {
			found, next, err := c.Find(t.Context(), q)
			if err != nil {
				t.Errorf("find: %v", err)
				return
			}
			for _, v := range found {
				seen[v.ID]++
			}
			if q.After = next; next.IsZero() {
				break
			}
		}
		for i := range 100 {
			if id := fmt.Sprintf("old%03d", i); seen[id] != 1 {
				t.Errorf("%s was seen %d times, want once", id, seen[id])
			}
		}
	})
}

func testCloseWaits(t *testing.T, d store.Driver) {
	var mu sync.Mutex
	outcomes := map[string]int{}
	together(33, func(i int) {
		if i == 32 {
			if err := d.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
			return
		}
		err := d.Insert(t.Context(), visits, doc(t, 1, at(numbered(i), "Oslo", i)))
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			outcomes["written"]++
		case errors.Is(err, store.ErrUnavailable):
			outcomes["refused"]++
		default:
			t.Errorf("insert during close: got %v, want success or ErrUnavailable", err)
		}
	})
	if outcomes["written"]+outcomes["refused"] != 32 {
		t.Errorf("outcomes %v, want 32 in all", outcomes)
	}
}
