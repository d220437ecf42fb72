package storetest

import (
	"cmp"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/store"
)

// model is what a driver should be, as a map.
type model map[string]store.Doc

// runModel does random things to a driver and to a model and compares every
// answer. All rounds use one driver; each empties it first.
func runModel(t *testing.T, open Open) {
	d := ready(t, open)
	rapid.Check(t, func(t *rapid.T) {
		m := model{}
		empty(t, d)
		t.Repeat(map[string]func(*rapid.T){
			"insert":  func(t *rapid.T) { m.insert(t, d) },
			"replace": func(t *rapid.T) { m.replace(t, d) },
			"delete":  func(t *rapid.T) { m.delete(t, d) },
			"get":     func(t *rapid.T) { m.get(t, d) },
			"find":    func(t *rapid.T) { m.find(t, d) },
			"find 2":  func(t *rapid.T) { m.find(t, d) }, // queries have the most to get wrong
			"count":   func(t *rapid.T) { m.count(t, d) },
		})
	})
}

func empty(t *rapid.T, d store.Driver) {
	all, err := d.Find(t.Context(), visits, store.Query{Index: "by_id", Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range all {
		if err := d.Delete(t.Context(), visits, doc.ID, doc.Rev); err != nil {
			t.Fatal(err)
		}
	}
}

// Few different values, so that they meet often.
var (
	someID     = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "é"})
	somePlace  = rapid.SampledFrom([]string{"", "Oslo", "oslo", "Bodø"})
	someNumber = rapid.IntRange(-2, 2)
	someTime   = rapid.Custom(func(t *rapid.T) time.Time {
		return noon.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "ms")) * time.Millisecond)
	})
)

func someDoc(t *rapid.T, id string, rev int64) store.Doc {
	v := visit{
		Meta: store.Meta{ID: id}, Place: somePlace.Draw(t, "place"), At: someTime.Draw(t, "at"),
		Number: someNumber.Draw(t, "number"), Paid: rapid.Bool().Draw(t, "paid"),
	}
	return doc(t, rev, v)
}

func (m model) insert(t *rapid.T, d store.Driver) {
	doc := someDoc(t, someID.Draw(t, "id"), 1)
	var want error
	if _, ok := m[doc.ID]; ok {
		want = store.ErrExists
	} else {
		m[doc.ID] = doc
	}
	same(t, "insert", d.Insert(t.Context(), visits, doc), want)
}

func (m model) replace(t *rapid.T, d store.Driver) {
	id, rev := someID.Draw(t, "id"), rapid.Int64Range(2, 4).Draw(t, "rev")
	doc := someDoc(t, id, rev)
	want := m.writable(id, rev-1)
	if want == nil {
		m[id] = doc
	}
	same(t, "replace", d.Replace(t.Context(), visits, doc), want)
}

func (m model) delete(t *rapid.T, d store.Driver) {
	id, rev := someID.Draw(t, "id"), rapid.Int64Range(1, 3).Draw(t, "rev")
	want := m.writable(id, rev)
	if want == nil {
		delete(m, id)
	}
	same(t, "delete", d.Delete(t.Context(), visits, id, rev), want)
}

// writable is the answer to a write that expects a revision.
func (m model) writable(id string, rev int64) error {
	old, ok := m[id]
	switch {
	case !ok:
		return store.ErrNotFound
	case old.Rev != rev:
		return store.ErrConflict
	}
	return nil
}

func (m model) get(t *rapid.T, d store.Driver) {
	id := someID.Draw(t, "id")
	want, ok := m[id]
	got, err := d.Get(t.Context(), visits, id)
	if !ok {
		same(t, "get", err, store.ErrNotFound)
		return
	}
	same(t, "get", err, nil)
	if got.Rev != want.Rev || string(got.Body) != string(want.Body) {
		t.Fatalf("get %s: got %v, want %v", id, got, want)
	}
}

func (m model) find(t *rapid.T, d store.Driver) {
	q, ix := someQuery(t)
	want := m.answer(q, ix)
	if len(want) > q.Limit {
		want = want[:q.Limit]
	}
	got, err := d.Find(t.Context(), visits, q)
	if err != nil {
		t.Fatalf("find %+v: %v", q, err)
	}
	if ids(got) != ids(want) {
		t.Fatalf("find %+v:\n got %q\nwant %q", q, ids(got), ids(want))
	}
	for i := range got {
		if string(got[i].Body) != string(want[i].Body) {
			t.Fatalf("find %+v: document %s: got %v, want %v", q, got[i].ID, got[i], want[i])
		}
	}
}

func (m model) count(t *rapid.T, d store.Driver) {
	q, ix := someQuery(t)
	q.After = store.Cursor{}
	most := rapid.IntRange(1, 5).Draw(t, "max")
	got, err := d.Count(t.Context(), visits, q, most)
	if want := min(most, len(m.answer(q, ix))); err != nil || got != want {
		t.Fatalf("count %+v up to %d: got %d, %v, want %d", q, most, got, err, want)
	}
}

// someQuery draws a query that keeps the rules.
func someQuery(t *rapid.T) (store.Query, store.Index) {
	ix := rapid.SampledFrom(visitSchema.Indexes).Draw(t, "index")
	q := store.Query{Index: ix.Name, Limit: rapid.IntRange(1, 6).Draw(t, "limit"), Desc: rapid.Bool().Draw(t, "desc")}
	for _, f := range ix.Fields[:rapid.IntRange(0, len(ix.Fields)).Draw(t, "eq")] {
		q.Eq = append(q.Eq, someKey(t, f))
	}
	if len(q.Eq) < len(ix.Fields) {
		next := ix.Fields[len(q.Eq)]
		switch rapid.IntRange(0, 4).Draw(t, "next") {
		case 1:
			q.In = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Key { return someKey(t, next) }), 0, 3).Draw(t, "in")
		case 2:
			q.From = someKey(t, next)
		case 3:
			q.To = someKey(t, next)
		case 4:
			q.From, q.To = someKey(t, next), someKey(t, next)
		}
	}
	if rapid.Bool().Draw(t, "cursor") {
		q.After.ID = someID.Draw(t, "after")
		for i, f := range ix.Fields {
			if i < len(q.Eq) {
				q.After.Keys = append(q.After.Keys, q.Eq[i])
			} else {
				q.After.Keys = append(q.After.Keys, someKey(t, f))
			}
		}
	}
	return q, ix
}

func someKey(t *rapid.T, f store.Field) store.Key {
	switch f.Kind {
	case store.KindString:
		return store.String(somePlace.Draw(t, f.Name))
	case store.KindTime:
		return store.Time(someTime.Draw(t, f.Name))
	case store.KindBool:
		return store.Bool(rapid.Bool().Draw(t, f.Name))
	}
	return store.Int(someNumber.Draw(t, f.Name))
}

// answer is what the query finds, without its limit.
func (m model) answer(q store.Query, ix store.Index) []store.Doc {
	var found []store.Doc
	for _, d := range m {
		c := ix.Cursor(d)
		if fits(q, c) && (q.After.IsZero() || compare(c, q.After, q.Desc) > 0) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b store.Doc) int { return compare(ix.Cursor(a), ix.Cursor(b), q.Desc) })
	return found
}

// fits tells whether a document with these keys is one that the query wants.
func fits(q store.Query, c store.Cursor) bool {
	for i, k := range q.Eq {
		if c.Keys[i] != k {
			return false
		}
	}
	if len(q.Eq) == len(c.Keys) {
		return true
	}
	next := c.Keys[len(q.Eq)]
	return (q.In == nil || slices.Contains(q.In, next)) &&
		(q.From.IsZero() || next.Compare(q.From) >= 0) &&
		(q.To.IsZero() || next.Compare(q.To) < 0)
}

func compare(a, b store.Cursor, desc bool) int {
	c := slices.CompareFunc(a.Keys, b.Keys, store.Key.Compare)
	if c == 0 {
		c = cmp.Compare(a.ID, b.ID)
	}
	if desc {
		return -c
	}
	return c
}

func same(t *rapid.T, what string, got, want error) {
	if !errors.Is(got, want) || (want == nil && got != nil) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
