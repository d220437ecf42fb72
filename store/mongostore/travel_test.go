package mongostore_test

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// What the promises rest on travels with every command that needs it: a majority and
// its journals for each write, a number for each that may be sent again, a majority read
// or a moment for each read, from the primary, and how long a write may take there.
func TestWhatTravels(t *testing.T) {
	server.Need(t)
	set := server.NewReplicaSet(t).KeepMoments(t, server)
	var mu sync.Mutex
	seen := map[string]int{}
	set.Judge(func(name string, body bson.Raw) mongotest.Fault {
		mu.Lock()
		defer mu.Unlock()
		seen[name]++
		if wrong := amiss(name, bytes.Clone(body)); wrong != "" {
			t.Errorf("%s: %s: %v", name, wrong, body)
		}
		return mongotest.None
	})
	d := openAt(t, set.Through(t, server.Database(t)))
	declare(t, d, indexed)
	for i := range 150 {
		if err := d.Insert(t.Context(), "cards", red(t, fmt.Sprintf("card%03d", i), 1, i)); err != nil {
			t.Fatal(err)
		}
	}
	for w, id := range map[string]string{"replace": "card000", "delete": "card001"} {
		if err := writes[w].do(t, d, id); err != nil {
			t.Fatal(err)
		}
	}
	reads := map[string]func() error{
		"get": func() error { _, err := d.Get(t.Context(), "cards", "card002"); return err },
		"get many": func() error {
			_, err := d.GetMany(t.Context(), store.Ref{Collection: "cards", ID: "card002"}, store.Ref{Collection: "cards", ID: "card003"})
			return err
		},
		"find": func() error {
			_, err := d.Find(t.Context(), "cards", store.Query{Index: "by_colour", Eq: []store.Key{store.String("red")}, Limit: 120})
			return err
		},
		"count": func() error {
			_, err := d.Count(t.Context(), "cards", store.Query{Index: "by_colour", Eq: []store.Key{store.String("red")}}, 1000)
			return err
		},
		"empty": func() error { _, err := d.Empty(t.Context()); return err },
		"snapshot": func() error {
			s, err := d.Snapshot(t.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			return s.Walk(t.Context(), "cards", func(store.Doc) error { return nil })
		},
	}
	for name, read := range reads {
		if err := read(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"insert", "update", "delete", "createIndexes", "find", "aggregate", "getMore"} {
		if seen[name] == 0 {
			t.Errorf("there was no %s to look at: %v", name, seen)
		}
	}
}

// amiss says what a command lacks.
func amiss(name string, body bson.Raw) string {
	var c struct {
		Write struct {
			W any  `bson:"w"`
			J bool `bson:"j"`
		} `bson:"writeConcern"`
		Read struct {
			Level string `bson:"level"`
		} `bson:"readConcern"`
		Prefer struct {
			Mode string `bson:"mode"`
		} `bson:"$readPreference"`
		Number *int64 `bson:"txnNumber"`
		Time   int64  `bson:"maxTimeMS"`
	}
	if err := bson.Unmarshal(body, &c); err != nil {
		return err.Error()
	}
	numbered := []string{"insert", "update", "delete", "findAndModify"}
	writing := append([]string{"createIndexes", "create", "dropIndexes"}, numbered...)
	reading := []string{"find", "aggregate"}
	switch {
	case slices.Contains(writing, name) && (c.Write.W != "majority" || !c.Write.J):
		return "a majority and its journals are not waited for"
	case slices.Contains(numbered, name) && c.Number == nil:
		return "it has no number"
	case slices.Contains(reading, name) && c.Read.Level != "majority" && c.Read.Level != "snapshot":
		return "it reads what a majority may not have"
	case c.Prefer.Mode != "" && c.Prefer.Mode != "primary":
		return "it may be read from another than the primary"
	case slices.Contains(writing, name) && c.Time <= 0: // a read ends when its connection is closed
		return "the server may take as long as it likes"
	}
	return ""
}
