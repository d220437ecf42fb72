package mongostore_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

var (
	bare    = store.Schema{Name: "cards"}
	colour  = store.Field{Name: "colour", Kind: store.KindString}
	size    = store.Field{Name: "size", Kind: store.KindInt}
	indexed = store.Schema{Name: "cards", Indexes: []store.Index{{Name: "by_colour", Fields: []store.Field{colour, size}}}}
)

func card(t testing.TB, id string, rev int64, more ...bson.E) store.Doc {
	t.Helper()
	body, err := bson.Marshal(append(bson.D{{Key: "_id", Value: id}, {Key: "rev", Value: rev}}, more...))
	if err != nil {
		t.Fatal(err)
	}
	return store.Doc{ID: id, Rev: rev, Body: body}
}

func declare(t testing.TB, d store.Driver, s ...store.Schema) {
	t.Helper()
	if err := d.Declare(t.Context(), s...); err != nil {
		t.Fatal(err)
	}
}

func wantBody(t testing.TB, d store.Driver, want store.Doc) {
	t.Helper()
	got, err := d.Get(t.Context(), "cards", want.ID)
	if err != nil || !bytes.Equal(got.Body, want.Body) || got.Rev != want.Rev {
		t.Errorf("get %s: got %s, %v\nwant %s", want.ID, got.Body, err, want.Body)
	}
}

func wantIDs(t testing.TB, d store.Driver, want string, eq ...store.Key) {
	t.Helper()
	docs, err := d.Find(t.Context(), "cards", store.Query{Index: "by_colour", Eq: eq, Limit: 100})
	got := ""
	for _, doc := range docs {
		got += doc.ID + " "
	}
	if err != nil || got != want {
		t.Errorf("find %v: got %q, %v, want %q", eq, got, err, want)
	}
}

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// An older program writes while a newer one has an index over new fields.
func TestUpgradeWhileWriting(t *testing.T) {
	uri := server.Database(t)
	c := &clock{now: time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)}
	older := openWith(t, uri, mongostore.Options{Now: c.Now})
	declare(t, older, bare)
	put := func(doc store.Doc) {
		t.Helper()
		write := older.Insert
		if doc.Rev > 1 {
			write = older.Replace
		}
		if err := write(t.Context(), "cards", doc); err != nil {
			t.Fatal(err)
		}
	}
	tail := bson.E{Key: "text", Value: "at the end"}
	before := card(t, "before", 1, bson.E{Key: "size", Value: 5}, tail)
	put(before)
	newer := openWith(t, uri, mongostore.Options{Now: c.Now})
	declare(t, newer, indexed)
	wantBody(t, newer, before)
	wantIDs(t, newer, "before ", store.String(""), store.Int(5))

	// Before the older one looks at the layout again, a document of it is
	// missing; the next start of a newer one finds it.
	unaware := card(t, "unaware", 1, tail)
	put(unaware)
	wantIDs(t, newer, "before ")
	c.pass(11 * time.Second)
	aware := card(t, "aware", 1, tail)
	put(aware)
	wantIDs(t, newer, "aware before ", store.String(""))
	changed := card(t, "before", 2, bson.E{Key: "colour", Value: "red"}, tail)
	put(changed)
	wantIDs(t, newer, "before ", store.String("red"), store.Int(0))
	c.pass(time.Minute)
	declare(t, openWith(t, uri, mongostore.Options{Now: c.Now}), indexed)
	wantIDs(t, newer, "aware unaware before ")
	for _, doc := range []store.Doc{unaware, aware, changed} {
		wantBody(t, newer, doc)
		wantBody(t, older, doc)
	}

	// Now that it is settled no start looks at the documents again.
	raw := server.Client(t).Database(mongotest.Name(t, uri)).Collection("cards")
	if _, err := raw.InsertOne(t.Context(), card(t, "behind our back", 1).Body); err != nil {
		t.Fatal(err)
	}
	declare(t, openWith(t, uri, mongostore.Options{Now: c.Now}), indexed)
	wantIDs(t, newer, "aware unaware before ")
}

func TestDifferingIndex(t *testing.T) {
	for what, there := range map[string]mongo.IndexModel{
		"(size, _id)":                           {Keys: bson.D{{Key: "size", Value: 1}, {Key: "_id", Value: 1}}},
		"(colour, size, _id) with unique: true": {Keys: bson.D{{Key: "colour", Value: 1}, {Key: "size", Value: 1}, {Key: "_id", Value: 1}}, Options: options.Index().SetUnique(true)},
		"(colour, size descending, _id)":        {Keys: bson.D{{Key: "colour", Value: 1}, {Key: "size", Value: -1}, {Key: "_id", Value: 1}}},
	} {
		t.Run(what, func(t *testing.T) {
			uri := server.Database(t)
			if there.Options == nil {
				there.Options = options.Index()
			}
			there.Options.SetName("by_colour")
			if _, err := server.Client(t).Database(mongotest.Name(t, uri)).Collection("cards").Indexes().CreateOne(t.Context(), there); err != nil {
				t.Fatal(err)
			}
			err := openAt(t, uri).Declare(t.Context(), indexed)
			if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), "the database has "+what) || !strings.Contains(err.Error(), "wants (colour, size, _id);") {
				t.Errorf("got %v, want both definitions", err)
			}
		})
	}
}

// An index that somebody has dropped is made again at the next start.
func TestDroppedIndex(t *testing.T) {
	uri := server.Database(t)
	d := openAt(t, uri)
	declare(t, d, indexed)
	if err := d.Insert(t.Context(), "cards", card(t, "a", 1, bson.E{Key: "colour", Value: "red"}, bson.E{Key: "size", Value: 1})); err != nil {
		t.Fatal(err)
	}
	in := server.Client(t).Database(mongotest.Name(t, uri)).Collection("cards").Indexes()
	if err := in.DropOne(t.Context(), "by_colour"); err != nil {
		t.Fatal(err)
	}
	declare(t, openAt(t, uri), indexed)
	there, err := in.ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, ix := range there {
		names += ix.Name + " "
	}
	if names != "_id_ by_colour " {
		t.Errorf("indexes: %s", names)
	}
	wantIDs(t, d, "a ")
}

func TestNewerLayout(t *testing.T) {
	uri := server.Database(t)
	if _, err := server.Client(t).Database(mongotest.Name(t, uri)).Collection("_layout").InsertOne(t.Context(),
		bson.D{{Key: "_id", Value: "insidebox"}, {Key: "rev", Value: int64(1)}, {Key: "layout", Value: 2}}); err != nil {
		t.Fatal(err)
	}
	if err := openAt(t, uri).Declare(t.Context(), bare); !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), "newer insidebox") {
		t.Errorf("got %v, want it refused", err)
	}
}

// Many processes start at once on an empty database.
func TestDeclaredByMany(t *testing.T) {
	uri := server.Database(t)
	errs := make(chan error)
	for i := range 6 {
		d := openAt(t, uri)
		go func() {
			mine := store.Schema{Name: fmt.Sprintf("own%d", i), Indexes: indexed.Indexes}
			err := d.Declare(t.Context(), indexed, mine)
			if err == nil {
				_, err = d.Count(t.Context(), mine.Name, store.Query{Index: "by_colour"}, 1)
			}
			errs <- err
		}()
	}
	for range 6 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
