package storetest

import (
	"context"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
)

// documentTests are about single documents.
var documentTests = map[string]func(*testing.T, store.Driver){
	"insert and get give the same bytes":         testInsertGet,
	"insert of an id that exists is refused":     testInsertTwice,
	"replace needs the revision before":          testReplace,
	"delete needs the revision":                  testDelete,
	"a deleted id can be inserted again":         testInsertAfterDelete,
	"get many answers in order":                  testGetMany,
	"ids follow the rules":                       testIDs,
	"documents that break the rules are refused": testBadDocs,
	"a document may have 16 MB and no more":      testSize,
	"undeclared collections are refused":         testUndeclared,
	"a context that is over changes nothing":     testContext,
	"returned memory is the caller's":            testMemory,
	"after close everything is refused":          testClosed,
}

func testInsertGet(t *testing.T, d store.Driver) {
	ctx := t.Context()
	_, err := d.Get(ctx, visits, "a")
	wantErr(t, "get before insert", err, store.ErrNotFound)
	v := at("a", "Oslo", 1)
	v.Note = "with a zero \x00 byte, \u00e6\u00f8\u00e5 and \U0001F4E6"
	first := doc(t, 1, v)
	if err := d.Insert(ctx, visits, first); err != nil {
		t.Fatal(err)
	}
	wantDoc(t, d, first)
	if err := d.Ping(ctx); err != nil {
		t.Errorf("ping: %v", err)
	}
}

func testInsertTwice(t *testing.T, d store.Driver) {
	first := doc(t, 1, at("a", "Oslo", 1))
	insert(t, d, at("a", "Oslo", 1))
	wantErr(t, "second insert", d.Insert(t.Context(), visits, doc(t, 1, at("a", "Bergen", 2))), store.ErrExists)
	wantDoc(t, d, first)
}

func testReplace(t *testing.T, d store.Driver) {
	ctx := t.Context()
	wantErr(t, "replace what isn't there", d.Replace(ctx, visits, doc(t, 2, at("a", "Oslo", 1))), store.ErrNotFound)
	insert(t, d, at("a", "Oslo", 1))
	second := doc(t, 2, at("a", "Bergen", 2))
	if err := d.Replace(ctx, visits, second); err != nil {
		t.Fatal(err)
	}
	wantDoc(t, d, second)
	wantErr(t, "replace an old revision", d.Replace(ctx, visits, doc(t, 2, at("a", "Tromsø", 3))), store.ErrConflict)
	wantErr(t, "replace a revision to come", d.Replace(ctx, visits, doc(t, 4, at("a", "Tromsø", 3))), store.ErrConflict)
	wantDoc(t, d, second)
}

func testDelete(t *testing.T, d store.Driver) {
	ctx := t.Context()
	wantErr(t, "delete what isn't there", d.Delete(ctx, visits, "a", 1), store.ErrNotFound)
	insert(t, d, at("a", "Oslo", 1), at("b", "Oslo", 1))
	wantErr(t, "delete another revision", d.Delete(ctx, visits, "a", 2), store.ErrConflict)
	wantDoc(t, d, doc(t, 1, at("a", "Oslo", 1)))
	if err := d.Delete(ctx, visits, "a", 1); err != nil {
		t.Fatal(err)
	}
	_, err := d.Get(ctx, visits, "a")
	wantErr(t, "get after delete", err, store.ErrNotFound)
	wantErr(t, "delete again", d.Delete(ctx, visits, "a", 1), store.ErrNotFound)
	found, err := d.Find(ctx, visits, store.Query{Index: "by_place", Eq: []store.Key{store.String("Oslo")}, Limit: 5})
	if err != nil || ids(found) != "b " {
		t.Errorf("find after delete: got %q, %v, want only b", ids(found), err)
	}
}

func testInsertAfterDelete(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 1))
	if err := d.Delete(t.Context(), visits, "a", 1); err != nil {
		t.Fatal(err)
	}
	insert(t, d, at("a", "Bergen", 2))
	wantDoc(t, d, doc(t, 1, at("a", "Bergen", 2)))
}

func testGetMany(t *testing.T, d store.Driver) {
	ctx := t.Context()
	other := store.Schema{Name: "others"}
	if err := d.Declare(ctx, other); err != nil {
		t.Fatal(err)
	}
	if err := d.Insert(ctx, "others", doc(t, 1, at("a", "elsewhere", 9))); err != nil {
		t.Fatal(err)
	}
	insert(t, d, at("a", "Oslo", 1), at("b", "Bergen", 2))
	docs, err := d.GetMany(ctx, store.Ref{Collection: visits, ID: "b"}, store.Ref{Collection: visits, ID: "none"},
		store.Ref{Collection: "others", ID: "a"}, store.Ref{Collection: visits, ID: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(docs), "b  a b "; got != want {
		t.Fatalf("ids: got %q, want %q", got, want)
	}
	if place := docs[2].Body.Lookup("place").StringValue(); place != "elsewhere" {
		t.Errorf("the document of the other collection: got place %q", place)
	}
	if none, err := d.GetMany(ctx); err != nil || len(none) != 0 {
		t.Errorf("no refs: got %v, %v, want nothing", none, err)
	}
	_, err = d.GetMany(ctx, make([]store.Ref, store.MaxMany+1)...)
	wantErr(t, "too many refs", err, store.ErrQuery)
}

func testIDs(t *testing.T, d store.Driver) {
	ctx := t.Context()
	for _, good := range []string{"a", "A/b c:%.$'\"\\", strings.Repeat("x", store.MaxID), "Ærø", "\U0001F4E6"} {
		insert(t, d, at(good, "Oslo", 1))
		wantDoc(t, d, doc(t, 1, at(good, "Oslo", 1)))
	}
	for what, bad := range map[string]string{
		"empty": "", "too long": strings.Repeat("x", store.MaxID+1), "not UTF-8": "a\xff",
		"line break": "a\nb", "zero": "a\x00b", "delete": "a\x7f", "C1 control": "a\u0085b",
	} {
		wantErr(t, "insert with an id that is "+what, d.Insert(ctx, visits, doc(t, 1, at(bad, "Oslo", 1))), store.ErrInvalid)
		_, err := d.Get(ctx, visits, bad)
		wantErr(t, "get with an id that is "+what, err, store.ErrNotFound)
	}
	// Ids that differ in case or composition are different.
	insert(t, d, at("É", "Oslo", 1), at("E\u0301", "Oslo", 1), at("é", "Oslo", 1))
}

func testBadDocs(t *testing.T, d store.Driver) {
	ctx := t.Context()
	good := doc(t, 1, at("a", "Oslo", 1))
	raw := func(v any) bson.Raw {
		b, err := bson.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	with := func(place any) bson.Raw {
		return raw(bson.D{
			{Key: "_id", Value: "a"},
			{Key: "rev", Value: int64(1)},
			{Key: "place", Value: place},
			{Key: "at", Value: noon},
			{Key: "number", Value: 1},
			{Key: "paid", Value: true},
		})
	}
	for what, bad := range map[string]store.Doc{
		"another id inside":       {ID: "b", Rev: 1, Body: good.Body},
		"another revision inside": {ID: "a", Rev: 2, Body: good.Body},
		"revision 0":              {ID: "a", Rev: 0, Body: doc(t, 0, at("a", "Oslo", 1)).Body},
		"no body":                 {ID: "a", Rev: 1},
		"an indexed field missing": {
			ID: "a", Rev: 1,
			Body: raw(bson.D{{Key: "_id", Value: "a"}, {Key: "rev", Value: int64(1)}}),
		},
		"an indexed number as a string field": {ID: "a", Rev: 1, Body: with(7)},
		"an indexed list":                     {ID: "a", Rev: 1, Body: with(bson.A{"Oslo"})},
		"an indexed null":                     {ID: "a", Rev: 1, Body: with(nil)},
		"an indexed text that is too long":    {ID: "a", Rev: 1, Body: with(strings.Repeat("x", store.MaxKey+1))},
		"an indexed text that is not UTF-8":   {ID: "a", Rev: 1, Body: with("\xff")},
		"an indexed text with a zero":         {ID: "a", Rev: 1, Body: with("a\x00b")},
	} {
		wantErr(t, what, d.Insert(ctx, visits, bad), store.ErrInvalid)
	}
	if _, err := d.Get(ctx, visits, "a"); err == nil {
		t.Error("a refused document was stored")
	}
	if err := d.Insert(ctx, visits, store.Doc{ID: "a", Rev: 1, Body: with(strings.Repeat("x", store.MaxKey))}); err != nil {
		t.Errorf("an indexed text of the greatest length: %v", err)
	}
}

func testSize(t *testing.T, d store.Driver) {
	ctx := t.Context()
	v := at("a", "Oslo", 1)
	bare := len(doc(t, 1, v).Body)
	v.Note = strings.Repeat("x", store.MaxDoc-bare)
	largest := doc(t, 1, v)
	if err := d.Insert(ctx, visits, largest); err != nil {
		t.Fatalf("insert %d bytes: %v", len(largest.Body), err)
	}
	wantDoc(t, d, largest)
	v.Note += "x"
	wantErr(t, "replace with one byte more", d.Replace(ctx, visits, doc(t, 2, v)), store.ErrInvalid)
	wantDoc(t, d, largest)
}

func testUndeclared(t *testing.T, d store.Driver) {
	ctx := t.Context()
	_, err := d.Get(ctx, "nowhere", "a")
	wantErr(t, "get", err, store.ErrQuery)
	_, err = d.GetMany(ctx, store.Ref{Collection: "nowhere", ID: "a"})
	wantErr(t, "get many", err, store.ErrQuery)
	wantErr(t, "insert", d.Insert(ctx, "nowhere", doc(t, 1, at("a", "", 1))), store.ErrQuery)
	wantErr(t, "replace", d.Replace(ctx, "nowhere", doc(t, 2, at("a", "", 1))), store.ErrQuery)
	wantErr(t, "delete", d.Delete(ctx, "nowhere", "a", 1), store.ErrQuery)
	_, err = d.Find(ctx, "nowhere", store.Query{Index: "by_id", Limit: 1})
	wantErr(t, "find", err, store.ErrQuery)
	_, err = d.Count(ctx, "nowhere", store.Query{Index: "by_id"}, 1)
	wantErr(t, "count", err, store.ErrQuery)
}

func testContext(t *testing.T, d store.Driver) {
	insert(t, d, at("a", "Oslo", 1))
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Get(over, visits, "a")
	wantErr(t, "get", err, context.Canceled)
	_, err = d.GetMany(over, store.Ref{Collection: visits, ID: "a"})
	wantErr(t, "get many", err, context.Canceled)
	_, err = d.Find(over, visits, store.Query{Index: "by_id", Limit: 1})
	wantErr(t, "find", err, context.Canceled)
	_, err = d.Count(over, visits, store.Query{Index: "by_id"}, 1)
	wantErr(t, "count", err, context.Canceled)
	wantErr(t, "insert", d.Insert(over, visits, doc(t, 1, at("b", "Oslo", 1))), context.Canceled)
	wantErr(t, "replace", d.Replace(over, visits, doc(t, 2, at("a", "Bergen", 1))), context.Canceled)
	wantErr(t, "delete", d.Delete(over, visits, "a", 1), context.Canceled)
	wantDoc(t, d, doc(t, 1, at("a", "Oslo", 1)))
	_, err = d.Get(t.Context(), visits, "b")
	wantErr(t, "get what was not inserted", err, store.ErrNotFound)
}

func testMemory(t *testing.T, d store.Driver) {
	in := doc(t, 1, at("a", "Oslo", 1))
	want := doc(t, 1, at("a", "Oslo", 1))
	if err := d.Insert(t.Context(), visits, in); err != nil {
		t.Fatal(err)
	}
	clear(in.Body)
	got, err := d.Get(t.Context(), visits, "a")
	if err != nil {
		t.Fatal(err)
	}
	clear(got.Body)
	wantDoc(t, d, want)
}

func testClosed(t *testing.T, d store.Driver) {
	ctx := t.Context()
	insert(t, d, at("a", "Oslo", 1))
	for range 2 {
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := d.Get(ctx, visits, "a")
	wantErr(t, "get", err, store.ErrUnavailable)
	_, err = d.Find(ctx, visits, store.Query{Index: "by_id", Limit: 1})
	wantErr(t, "find", err, store.ErrUnavailable)
	wantErr(t, "insert", d.Insert(ctx, visits, doc(t, 1, at("b", "Oslo", 1))), store.ErrUnavailable)
	wantErr(t, "declare", d.Declare(ctx, visitSchema), store.ErrUnavailable)
	wantErr(t, "ping", d.Ping(ctx), store.ErrUnavailable)
}
