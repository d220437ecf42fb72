package storetest

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

// declareTests are about collections and their indexes.
var declareTests = map[string]func(*testing.T, store.Driver){
	"declaring again changes nothing":          testDeclareAgain,
	"a new index finds older documents":        testNewIndex,
	"a field cannot change its kind":           testKindChange,
	"an index cannot change its fields":        testIndexChange,
	"a bad schema is refused":                  testBadSchema,
	"what was left out of a declaration stays": testLeftOut,
	"collections with similar names don't mix": testSimilarNames,
}

func testDeclareAgain(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 1))
	if err := d.Declare(t.Context(), visitSchema, visitSchema); err != nil {
		t.Fatal(err)
	}
	wantDoc(t, d, doc(t, 1, at("a", "Oslo", 1)))
}

// testNewIndex indexes three new fields: one that documents hold already, one
// that some hold, and a time that none holds.
func testNewIndex(t *testing.T, d store.Driver) {
	ctx := t.Context()
	const coll = "older"
	if err := d.Declare(ctx, store.Schema{Name: coll}); err != nil {
		t.Fatal(err)
	}
	for i := range 250 { // more than a backend is likely to read at once
		body := bson.D{{Key: "_id", Value: numbered(i)}, {Key: "rev", Value: int64(1)}, {Key: "third", Value: i % 3}}
		if i%2 == 0 {
			body = append(body, bson.E{Key: "colour", Value: "red"})
		}
		raw, err := bson.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Insert(ctx, coll, store.Doc{ID: numbered(i), Rev: 1, Body: raw}); err != nil {
			t.Fatal(err)
		}
	}
	third := store.Field{Name: "third", Kind: store.KindInt}
	colour := store.Field{Name: "colour", Kind: store.KindString}
	since := store.Field{Name: "since", Kind: store.KindTime}
	if err := d.Declare(ctx, store.Schema{Name: coll, Indexes: []store.Index{
		{Name: "by_third", Fields: []store.Field{third, colour}}, {Name: "by_since", Fields: []store.Field{since}},
	}}); err != nil {
		t.Fatal(err)
	}
	count := func(want int, index string, eq ...store.Key) {
		t.Helper()
		got, err := d.Count(ctx, coll, store.Query{Index: index, Eq: eq}, 1000)
		if err != nil || got != want {
			t.Errorf("count %s %v: got %d, %v, want %d", index, eq, got, err, want)
		}
	}
	count(84, "by_third", store.Int(0))
	count(42, "by_third", store.Int(0), store.String("red"))
	count(42, "by_third", store.Int(0), store.String("")) // absent reads as Go's zero value
	count(250, "by_since", store.KindTime.Zero())
}

func testKindChange(t *testing.T, d store.Driver) {
	err := d.Declare(t.Context(), store.Schema{Name: visits, Indexes: []store.Index{
		{Name: "other", Fields: []store.Field{{Name: "place", Kind: store.KindInt}}},
	}})
	wantErr(t, "declare", err, store.ErrInvalid)
}

func testIndexChange(t *testing.T, d store.Driver) {
	err := d.Declare(t.Context(), store.Schema{Name: visits, Indexes: []store.Index{
		{Name: "by_place", Fields: []store.Field{{Name: "number", Kind: store.KindInt}}},
	}})
	wantErr(t, "declare", err, store.ErrInvalid)
	insert(t, d, at("a", "Oslo", 1))
	n, err := d.Count(t.Context(), visits, store.Query{Index: "by_place", Eq: []store.Key{store.String("Oslo")}}, 9)
	if err != nil || n != 1 {
		t.Errorf("the index as it was: got %d, %v, want 1", n, err)
	}
}

func testBadSchema(t *testing.T, d store.Driver) {
	field := func(name string, kind store.Kind) []store.Field { return []store.Field{{Name: name, Kind: kind}} }
	for what, s := range map[string]store.Schema{
		"no name":           {},
		"a name with a dot": {Name: "a.b"},
		"a quoted name":     {Name: `a"b`},
		"an index unnamed":  {Name: "a", Indexes: []store.Index{{}}},
		"an index twice":    {Name: "a", Indexes: []store.Index{{Name: "x"}, {Name: "x"}}},
		"a field unnamed":   {Name: "a", Indexes: []store.Index{{Name: "x", Fields: field("", store.KindInt)}}},
		"a field nested":    {Name: "a", Indexes: []store.Index{{Name: "x", Fields: field("b.c", store.KindInt)}}},
		"no kind":           {Name: "a", Indexes: []store.Index{{Name: "x", Fields: field("b", 0)}}},
		"two kinds": {Name: "a", Indexes: []store.Index{
			{Name: "x", Fields: field("b", store.KindInt)}, {Name: "y", Fields: field("b", store.KindBool)},
		}},
	} {
		wantErr(t, what, d.Declare(t.Context(), s), store.ErrInvalid)
	}
}

func testLeftOut(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 1))
	if err := d.Declare(t.Context(), store.Schema{Name: visits}); err != nil {
		t.Fatal(err)
	}
	// While less is declared, documents without those fields may be written, and
	// they are found by the zero value when the fields are declared again.
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: "b"}, {Key: "rev", Value: int64(1)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Insert(t.Context(), visits, store.Doc{ID: "b", Rev: 1, Body: raw}); err != nil {
		t.Fatal(err)
	}
	if err := d.Declare(t.Context(), visitSchema); err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]string{"Oslo": "a ", "": "b "} {
		docs, err := d.Find(t.Context(), visits, store.Query{Index: "by_place", Eq: []store.Key{store.String(place)}, Limit: 5})
		if err != nil || ids(docs) != want {
			t.Errorf("find place %q: got %q, %v, want %q", place, ids(docs), err, want)
		}
	}
}

func testSimilarNames(t *testing.T, d store.Driver) {
	ctx := t.Context()
	b := []store.Field{{Name: "b", Kind: store.KindInt}}
	one := store.Schema{Name: "a", Indexes: []store.Index{{Name: "b_c", Fields: b}}}
	two := store.Schema{Name: "a_b", Indexes: []store.Index{{Name: "c", Fields: b}, {Name: "select", Fields: b}}}
	if err := d.Declare(ctx, one, two); err != nil {
		t.Fatal(err)
	}
	raw, err := bson.Marshal(bson.D{{Key: "_id", Value: "x"}, {Key: "rev", Value: int64(1)}, {Key: "b", Value: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Insert(ctx, "a", store.Doc{ID: "x", Rev: 1, Body: raw}); err != nil {
		t.Fatal(err)
	}
	for coll, want := range map[string]int{"a": 1, "a_b": 0} {
		index := map[string]string{"a": "b_c", "a_b": "select"}[coll]
		if n, err := d.Count(ctx, coll, store.Query{Index: index}, 9); err != nil || n != want {
			t.Errorf("%s: got %d, %v, want %d", coll, n, err, want)
		}
	}
}
