package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
)

// findTests are about Find and Count.
var findTests = map[string]func(*testing.T, store.Driver){
	"order is by keys, then by id":             testOrder,
	"strings compare by their bytes":           testBytesOrder,
	"times have milliseconds and any year":     testTimes,
	"ranges are half-open":                     testRanges,
	"in lists values in order, each once":      testIn,
	"an empty in finds nothing":                testEmptyIn,
	"cursors walk through everything once":     testCursors,
	"cursors hold while documents come and go": testStableCursors,
	"a cursor outside the range":               testCursorOutside,
	"replacing moves a document":               testMove,
	"count stops at max":                       testCount,
	"bad queries are refused":                  testBadQueries,
	"a home binds ids and changes no answer":   testHome,
}

// find returns the ids that a query finds.
func find(t testing.TB, d store.Driver, q store.Query) string {
	t.Helper()
	docs, err := d.Find(t.Context(), visits, q)
	if err != nil {
		t.Fatalf("find %+v: %v", q, err)
	}
	return strings.TrimSpace(ids(docs))
}

func wantFound(t testing.TB, d store.Driver, q store.Query, want string) {
	t.Helper()
	if got := find(t, d, q); got != want {
		t.Errorf("find %+v:\n got %q\nwant %q", q, got, want)
	}
}

func testOrder(t *testing.T, d store.Driver) {
	insert(t, d, at("d", "Oslo", 2), at("b", "Oslo", 2), at("a", "Oslo", 3), at("c", "Bergen", 1), at("e", "Oslo", 1))
	q := store.Query{Index: "by_place_time", Limit: 10}
	wantFound(t, d, q, "c e b d a")
	q.Desc = true
	wantFound(t, d, q, "a d b e c")
	q.Limit = 2
	wantFound(t, d, q, "a d")
	q = store.Query{Index: "by_place_time", Eq: []store.Key{store.String("Oslo")}, Limit: 10}
	wantFound(t, d, q, "e b d a")
	q.Eq = append(q.Eq, store.Time(noon.Add(2*time.Minute)))
	wantFound(t, d, q, "b d")
	q.Desc = true
	wantFound(t, d, q, "d b")
	wantFound(t, d, store.Query{Index: "by_id", Limit: 10}, "a b c d e")
	wantFound(t, d, store.Query{Index: "by_id", Desc: true, Limit: 2}, "e d")
	wantFound(t, d, store.Query{Index: "by_paid_number", Limit: 10}, "c e a b d")
	wantFound(t, d, store.Query{Index: "by_paid_number", Eq: []store.Key{store.Bool(true)}, Limit: 10}, "b d")
}

func testBytesOrder(t *testing.T, d store.Driver) {
	// In the order of bytes: unlike that of UTF-16 (the box sign would come
	// before U+FFFD) and of any language.
	texts := []string{"", " ", "10", "9", "A", "Z", "a", "b", "z", "É", "ø", "\uFFFD", "\U0001F4E6"}
	for i, s := range texts {
		insert(t, d, at(fmt.Sprintf("x%02d", len(texts)-i), s, 0))
	}
	docs, err := d.Find(t.Context(), visits, store.Query{Index: "by_place", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range docs {
		got = append(got, d.Body.Lookup("place").StringValue())
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", texts) {
		t.Errorf("order:\n got %q\nwant %q", got, texts)
	}
	wantFound(t, d, store.Query{Index: "by_place", From: store.String("a"), To: store.String("b"), Limit: 9}, "x07")
}

func testTimes(t *testing.T, d store.Driver) {
	times := []time.Time{
		{},
		time.Date(1604, 2, 29, 0, 0, 0, 0, time.UTC), time.UnixMilli(-1), time.UnixMilli(0),
		noon, noon.Add(time.Millisecond), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
	}
	for i, at := range times {
		insert(t, d, visit{Meta: store.Meta{ID: fmt.Sprint(i)}, Place: "p", At: at})
	}
	q := store.Query{Index: "by_place_time", Eq: []store.Key{store.String("p")}, Limit: 10}
	wantFound(t, d, q, "0 1 2 3 4 5 6")
	q.From, q.To = store.Time(time.Time{}), store.Time(noon.Add(time.Millisecond))
	wantFound(t, d, q, "0 1 2 3 4")
	elsewhere := time.FixedZone("elsewhere", 5*3600)
	q.From, q.To = store.Time(noon.In(elsewhere)), store.Key{}
	wantFound(t, d, q, "4 5 6")
}

func testRanges(t *testing.T, d store.Driver) {
	for i := range 6 {
		insert(t, d, at(fmt.Sprint(i), "Oslo", i-2)) // numbers -2 to 3
	}
	key := func(n int) store.Key { return store.Time(noon.Add(time.Duration(n) * time.Minute)) }
	eq := []store.Key{store.String("Oslo")}
	for _, c := range []struct {
		from, to store.Key
		want     string
	}{
		{key(-1), key(2), "1 2 3"},
		{key(-1), store.Key{}, "1 2 3 4 5"},
		{store.Key{}, key(0), "0 1"},
		{key(2), key(2), ""},
		{key(3), key(-2), ""},
	} {
		q := store.Query{Index: "by_place_time", Eq: eq, From: c.from, To: c.to, Limit: 10}
		wantFound(t, d, q, c.want)
		q.Desc = true
		wantFound(t, d, q, reversed(c.want))
	}
	first := store.Query{Index: "by_paid_number", From: store.Bool(true), Limit: 10} // a range on the first field
	wantFound(t, d, first, "0 2 4")
	number := store.Query{Index: "by_paid_number", Eq: []store.Key{store.Bool(false)}, From: store.Int(-1), To: store.Int(3), Limit: 10}
	wantFound(t, d, number, "1 3")
}

func reversed(ids string) string {
	words := strings.Fields(ids)
	back := make([]string, len(words))
	for i, w := range words {
		back[len(words)-1-i] = w
	}
	return strings.Join(back, " ")
}

func testIn(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 2), at("b", "Bergen", 2), at("c", "Oslo", 1), at("d", "Tromsø", 1), at("e", "Bergen", 1))
	in := store.Strings([]string{"Tromsø", "Bergen", "Tromsø", "Bodø"})
	q := store.Query{Index: "by_place_time", In: in, Limit: 10}
	wantFound(t, d, q, "e b d")
	q.Desc = true
	wantFound(t, d, q, "d b e")
	q.Limit = 2
	wantFound(t, d, q, "d b")
	two := store.Query{Index: "by_paid_number", Eq: []store.Key{store.Bool(false)}, In: []store.Key{store.Int(2), store.Int(1)}, Limit: 10}
	wantFound(t, d, two, "e c d") // all with number 1, by place
}

func testEmptyIn(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 2))
	q := store.Query{Index: "by_place", In: store.Strings[string](nil), Limit: 10}
	wantFound(t, d, q, "")
	if n, err := d.Count(t.Context(), visits, q, 10); n != 0 || err != nil {
		t.Errorf("count: got %d, %v, want 0", n, err)
	}
}

// pages walks through a query with the index's cursors.
func pages(t testing.TB, d store.Driver, q store.Query) string {
	t.Helper()
	ix, err := visitSchema.Index(q.Index)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for range 1000 {
		docs, err := d.Find(t.Context(), visits, q)
		if err != nil {
			t.Fatalf("find %+v: %v", q, err)
		}
		if len(docs) == 0 {
			return strings.Join(all, " ")
		}
		all = append(all, strings.TrimSpace(ids(docs)))
		q.After = ix.Cursor(docs[len(docs)-1])
	}
	t.Fatalf("a thousand pages and no end: %+v", q)
	return ""
}

func testCursors(t *testing.T, d store.Driver) {
	for i := range 40 {
		insert(t, d, at(numbered(i*7%40), []string{"Oslo", "Bergen", "Bodø"}[i%3], i%5))
	}
	oslo := []store.Key{store.String("Oslo")}
	for _, q := range []store.Query{
		{Index: "by_id"},
		{Index: "by_place"},
		{Index: "by_place", Eq: oslo},
		{Index: "by_place_time"},
		{Index: "by_place_time", Eq: oslo},
		{Index: "by_place_time", Eq: oslo, From: store.Time(noon.Add(time.Minute)), To: store.Time(noon.Add(4 * time.Minute))},
		{Index: "by_paid_number", Eq: []store.Key{store.Bool(true)}, From: store.Int(1)},
		{Index: "by_place_time", In: store.Strings([]string{"Bodø", "Oslo"})},
		{Index: "by_paid_number", Eq: []store.Key{store.Bool(true)}, In: []store.Key{store.Int(0), store.Int(4)}},
	} {
		for _, desc := range []bool{false, true} {
			q.Desc, q.Limit = desc, 1000
			want := find(t, d, q)
			for _, limit := range []int{1, 3, 7} {
				q.Limit = limit
				if got := pages(t, d, q); got != want || want == "" {
					t.Errorf("%+v by %d:\n got %q\nwant %q", q, limit, got, want)
				}
			}
		}
	}
}

func testStableCursors(t *testing.T, d store.Driver) {
	for i := 10; i < 20; i++ {
		insert(t, d, at(numbered(i), "Oslo", 1))
	}
	q := store.Query{Index: "by_place", Limit: 3}
	first := find(t, d, q)
	last, err := d.Get(t.Context(), visits, numbered(12))
	if err != nil {
		t.Fatal(err)
	}
	ix, err := visitSchema.Index("by_place")
	if err != nil {
		t.Fatal(err)
	}
	q.After = ix.Cursor(last)
	insert(t, d, at(numbered(1), "Oslo", 1), at(numbered(99), "Oslo", 1)) // before and behind
	for _, gone := range []int{10, 12, 13} {                              // the cursor's own document, too
		if err := d.Delete(t.Context(), visits, numbered(gone), 1); err != nil {
			t.Fatal(err)
		}
	}
	got := first + " " + pages(t, d, q)
	if want := "v0010 v0011 v0012 v0014 v0015 v0016 v0017 v0018 v0019 v0099"; got != want {
		t.Errorf("pages:\n got %q\nwant %q", got, want)
	}
}

func testCursorOutside(t *testing.T, d store.Driver) {
	for i := range 6 {
		insert(t, d, at(fmt.Sprint(i), "Oslo", i))
	}
	key := func(n int) store.Key { return store.Time(noon.Add(time.Duration(n) * time.Minute)) }
	cursor := func(n int) store.Cursor {
		return store.Cursor{Keys: []store.Key{store.String("Oslo"), key(n)}, ID: fmt.Sprint(n)}
	}
	q := store.Query{Index: "by_place_time", Eq: []store.Key{store.String("Oslo")}, From: key(2), To: key(4), Limit: 10}
	for n, want := range map[int]string{0: "2 3", 1: "2 3", 2: "3", 3: "", 5: ""} {
		q.After = cursor(n)
		wantFound(t, d, q, want)
	}
	q.Desc = true
	for n, want := range map[int]string{5: "3 2", 4: "3 2", 3: "2", 2: "", 0: ""} {
		q.After = cursor(n)
		wantFound(t, d, q, want)
	}
}

func testMove(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 1), at("b", "Oslo", 2))
	if err := d.Replace(t.Context(), visits, doc(t, 2, at("a", "Bergen", 3))); err != nil {
		t.Fatal(err)
	}
	place := func(s string) store.Query {
		return store.Query{Index: "by_place", Eq: []store.Key{store.String(s)}, Limit: 9}
	}
	wantFound(t, d, place("Oslo"), "b")
	wantFound(t, d, place("Bergen"), "a")
}

func testCount(t *testing.T, d store.Driver) {
	for i := range 30 {
		insert(t, d, at(numbered(i), []string{"Oslo", "Bergen"}[i%2], i))
	}
	oslo := store.Query{Index: "by_place", Eq: []store.Key{store.String("Oslo")}}
	both := store.Query{Index: "by_place", In: store.Strings([]string{"Oslo", "Bergen"})}
	for _, c := range []struct {
		q         store.Query
		max, want int
	}{{oslo, 100, 15}, {oslo, 15, 15}, {oslo, 7, 7}, {both, 100, 30}, {both, 20, 20}, {both, 3, 3}, {store.Query{Index: "by_id"}, 100, 30}} {
		c.q.Desc, c.q.Limit = true, -1 // not looked at
		if n, err := d.Count(t.Context(), visits, c.q, c.max); n != c.want || err != nil {
			t.Errorf("count %+v up to %d: got %d, %v, want %d", c.q, c.max, n, err, c.want)
		}
	}
	for _, max := range []int{0, -1, store.MaxCount + 1} {
		_, err := d.Count(t.Context(), visits, oslo, max)
		wantErr(t, fmt.Sprintf("count up to %d", max), err, store.ErrQuery)
	}
}

func testBadQueries(t *testing.T, d store.Driver) {
	s, n, when := store.String("x"), store.Int(1), store.Time(noon)
	many := make([]store.Key, store.MaxIn+1)
	for i := range many {
		many[i] = store.String(fmt.Sprint(i))
	}
	for what, q := range map[string]store.Query{
		"no index":                     {Limit: 1},
		"an unknown index":             {Index: "by_colour", Limit: 1},
		"no limit":                     {Index: "by_place"},
		"a negative limit":             {Index: "by_place", Limit: -1},
		"too high a limit":             {Index: "by_place", Limit: store.MaxLimit + 2},
		"Eq of another kind":           {Index: "by_place", Eq: []store.Key{n}, Limit: 1},
		"Eq not given":                 {Index: "by_place", Eq: []store.Key{{}}, Limit: 1},
		"too many Eq":                  {Index: "by_place", Eq: []store.Key{s, s}, Limit: 1},
		"Eq on the index of ids":       {Index: "by_id", Eq: []store.Key{s}, Limit: 1},
		"In of another kind":           {Index: "by_place", In: []store.Key{s, n}, Limit: 1},
		"In behind the last field":     {Index: "by_place", Eq: []store.Key{s}, In: []store.Key{s}, Limit: 1},
		"In and a range":               {Index: "by_place", In: []store.Key{s}, From: s, Limit: 1},
		"too many In":                  {Index: "by_place", In: many, Limit: 1},
		"a range of another kind":      {Index: "by_place_time", Eq: []store.Key{s}, From: n, Limit: 1},
		"a range behind the last":      {Index: "by_place", Eq: []store.Key{s}, To: s, Limit: 1},
		"a cursor of another index":    {Index: "by_place", After: store.Cursor{Keys: []store.Key{s, when}, ID: "a"}, Limit: 1},
		"a cursor of other kinds":      {Index: "by_place", After: store.Cursor{Keys: []store.Key{n}, ID: "a"}, Limit: 1},
		"a cursor of another Eq":       {Index: "by_place", Eq: []store.Key{s}, After: store.Cursor{Keys: []store.Key{store.String("y")}, ID: "a"}, Limit: 1},
		"a cursor with an unusable id": {Index: "by_place", After: store.Cursor{Keys: []store.Key{s}, ID: "a\n"}, Limit: 1},
		"a key that is not UTF-8":      {Index: "by_place", Eq: []store.Key{store.String("\xff")}, Limit: 1},
	} {
		_, err := d.Find(t.Context(), visits, q)
		wantErr(t, what, err, store.ErrQuery)
	}
}
