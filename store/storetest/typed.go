package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/store"
)

// typedTests use the driver through the typed Collection, as programs do.
var typedTests = map[string]func(*testing.T, store.Driver){
	"what was written equals what is read": testRoundTrip,
	"revisions count":                      testRevisions,
	"update changes, leaves or fails":      testUpdate,
	"get all and get two":                  testGetAll,
	"find pages to the end":                testFindPages,
}

func collection(t testing.TB, d store.Driver) *store.Collection[visit] {
	t.Helper()
	s := store.New(d)
	c := store.NewCollection[visit](s, visitSchema)
	if err := s.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func testRoundTrip(t *testing.T, d store.Driver) {
	c := collection(t, d)
	wrote := at("a", "Oslo", 1)
	wrote.At = wrote.At.Add(123456789 * time.Nanosecond).In(time.FixedZone("elsewhere", 3600))
	if err := c.Insert(t.Context(), &wrote); err != nil {
		t.Fatal(err)
	}
	read, err := c.Get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if *read != wrote {
		t.Errorf("read differs from written:\n%s", cmp.Diff(wrote, *read))
	}
	if want := noon.Add(time.Minute + 123*time.Millisecond); read.At != want {
		t.Errorf("time: got %v, want %v", read.At, want)
	}
}

func testRevisions(t *testing.T, d store.Driver) {
	ctx := t.Context()
	c := collection(t, d)
	v := at("a", "Oslo", 1)
	stale := v
	if err := c.Insert(ctx, &v); err != nil || v.Rev != 1 {
		t.Fatalf("insert: revision %d, %v, want 1", v.Rev, err)
	}
	wantErr(t, "insert again", c.Insert(ctx, &stale), store.ErrExists)
	wantErr(t, "replace what was never stored", c.Replace(ctx, &stale), store.ErrInvalid)
	if stale.Rev != 0 {
		t.Errorf("a failed insert left revision %d, want 0", stale.Rev)
	}
	old := v
	if err := c.Replace(ctx, &v); err != nil || v.Rev != 2 {
		t.Fatalf("replace: revision %d, %v, want 2", v.Rev, err)
	}
	wantErr(t, "replace the old", c.Replace(ctx, &old), store.ErrConflict)
	if old.Rev != 1 {
		t.Errorf("a failed replace left revision %d, want 1", old.Rev)
	}
	wantErr(t, "delete the old", c.Delete(ctx, "a", old.Rev), store.ErrConflict)
	if err := c.Delete(ctx, "a", v.Rev); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "replace the deleted", c.Replace(ctx, &v), store.ErrNotFound)
}

func testUpdate(t *testing.T, d store.Driver) {
	ctx := t.Context()
	c := collection(t, d)
	_, err := c.Update(ctx, "a", func(*visit) error { return nil })
	wantErr(t, "update what isn't there", err, store.ErrNotFound)
	insert(t, d, at("a", "Oslo", 1))
	got, err := c.Update(ctx, "a", func(v *visit) error { v.Number = 7; return nil })
	if err != nil || got.Number != 7 || got.Rev != 2 {
		t.Fatalf("update: got %+v, %v", got, err)
	}
	got, err = c.Update(ctx, "a", func(v *visit) error { v.Number = 8; return store.ErrNoChange })
	if err != nil || got.Rev != 2 {
		t.Errorf("update without change: got %+v, %v, want revision 2", got, err)
	}
	mine := errors.New("mine")
	if _, err = c.Update(ctx, "a", func(v *visit) error { v.Number = 9; return mine }); !errors.Is(err, mine) {
		t.Errorf("update that fails: got %v, want the error as it is", err)
	}
	_, err = c.Update(ctx, "a", func(v *visit) error { v.ID = "b"; return nil })
	wantErr(t, "update of the id", err, store.ErrInvalid)
	if got, err = c.Get(ctx, "a"); err != nil || got.Number != 7 || got.Rev != 2 {
		t.Errorf("afterwards: got %+v, %v, want number 7, revision 2", got, err)
	}
}

func testGetAll(t *testing.T, d store.Driver) {
	ctx := t.Context()
	c := collection(t, d)
	insert(t, d, at("a", "Oslo", 1), at("b", "Bergen", 2))
	all, err := c.GetAll(ctx, "b", "none", "a", "b")
	if err != nil || len(all) != 2 || all["a"].Place != "Oslo" || all["b"].Place != "Bergen" {
		t.Errorf("get all: got %v, %v", all, err)
	}
	if all, err = c.GetAll(ctx); err != nil || len(all) != 0 {
		t.Errorf("get none: got %v, %v", all, err)
	}
	a, none, err := store.Look2(ctx, c, "a", c, "none")
	if err != nil || a == nil || a.Place != "Oslo" || none != nil {
		t.Errorf("get two: got %v, %v, %v", a, none, err)
	}
}

func testFindPages(t *testing.T, d store.Driver) {
	c := collection(t, d)
	for i := range 10 {
		insert(t, d, at(numbered(i), "Oslo", i))
	}
	for _, c2 := range []struct{ limit, pages int }{{3, 4}, {5, 2}, {9, 2}, {10, 1}, {11, 1}, {store.MaxLimit, 1}} {
		q := store.Query{Index: "by_place", Eq: []store.Key{store.String("Oslo")}, Limit: c2.limit}
		seen, pages := "", 0
		for more := true; more; pages++ {
			found, next, err := c.Find(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range found {
				seen += fmt.Sprint(v.Number)
			}
			if q.After, err = store.ParseCursor(next.String()); err != nil { // as through a link
				t.Fatal(err)
			}
			more = !next.IsZero()
		}
		if seen != "0123456789" || pages != c2.pages {
			t.Errorf("by %d: got %s in %d pages, want 0123456789 in %d", c2.limit, seen, pages, c2.pages)
		}
	}
	_, _, err := c.Find(t.Context(), store.Query{Index: "by_place", Limit: store.MaxLimit + 1})
	wantErr(t, "too high a limit", err, store.ErrQuery)
}
