package archive_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/archive"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

var server *mongotest.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = mongotest.Start(os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "start the wire server:", err)
		os.Exit(1)
	}
	code := m.Run()
	server.Stop()
	os.Exit(code)
}

var colour = store.Field{Name: "colour", Kind: store.KindString}

func file(t testing.TB) store.Source {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "insidebox.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// filled is a store with two collections, one with documents older than an
// index, with revisions of all sizes.
func filled(t testing.TB, d store.Source, n int) store.Source {
	t.Helper()
	declare := func(s ...store.Schema) {
		t.Helper()
		if err := d.Declare(t.Context(), s...); err != nil {
			t.Fatal(err)
		}
	}
	declare(store.Schema{Name: "cards"}, store.Schema{Name: "a_b"})
	for i := range n {
		body := bson.D{{Key: "_id", Value: fmt.Sprintf("é%04d", i)}, {Key: "rev", Value: int64(i + 1)}, {Key: "z", Value: i}, {Key: "a", Value: bson.A{nil, 1.5}}}
		if i%3 == 0 {
			body = append(body, bson.E{Key: "colour", Value: "red"})
		}
		insert(t, d, "cards", body)
	}
	declare(store.Schema{Name: "cards", Indexes: []store.Index{{Name: "by_colour", Fields: []store.Field{colour}}, {Name: "all"}}})
	return d
}

func insert(t testing.TB, d store.Driver, coll string, body bson.D) {
	t.Helper()
	raw, err := bson.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	doc := store.Doc{ID: body[0].Value.(string), Rev: body[1].Value.(int64), Body: raw}
	if err := d.Insert(t.Context(), coll, doc); err != nil {
		t.Fatal(err)
	}
}

func quiet(string, int, bool) {}

func export(t testing.TB, d store.Source) ([]byte, archive.Summary) {
	t.Helper()
	s, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out bytes.Buffer
	sum, err := archive.Write(t.Context(), s, &out, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), sum
}

func TestRoundTrip(t *testing.T) {
	first, sum := export(t, filled(t, file(t), 1200))
	if sum.Documents != 1200 || sum.Collections != 2 {
		t.Errorf("exported %+v", sum)
	}
	if checked, err := archive.Check(bytes.NewReader(first)); err != nil || checked != sum {
		t.Errorf("check: %+v, %v, want %+v", checked, err, sum)
	}
	to := file(t)
	said := map[string]int{}
	got, err := archive.Restore(t.Context(), bytes.NewReader(first), to, false, func(coll string, n int, last bool) {
		if said[coll] > n {
			t.Errorf("the progress of %s goes back", coll)
		}
		said[coll] = n
	})
	if err != nil || got != sum || said["cards"] != 1200 {
		t.Fatalf("restore: %+v, %v, want %+v; progress %v", got, err, sum, said)
	}
	if again, _ := export(t, to); !bytes.Equal(first, again) {
		t.Error("exporting, restoring and exporting again gives other bytes")
	}
	n, err := to.Count(t.Context(), "cards", store.Query{Index: "by_colour", Eq: []store.Key{store.String("red")}}, 5000)
	if err != nil || n != 400 {
		t.Errorf("the index of the restored store finds %d, %v, want 400", n, err)
	}
	if _, err := archive.Restore(t.Context(), bytes.NewReader(first), to, false, quiet); !errors.Is(err, archive.ErrNotEmpty) {
		t.Errorf("restore into what is not empty: %v", err)
	}
	// With force everything else goes.
	insert(t, to, "a_b", bson.D{{Key: "_id", Value: "new"}, {Key: "rev", Value: int64(1)}})
	if _, err := archive.Restore(t.Context(), bytes.NewReader(first), to, true, quiet); err != nil {
		t.Fatal(err)
	}
	if again, _ := export(t, to); !bytes.Equal(first, again) {
		t.Error("restored with force, the store gives other bytes")
	}
}

// An archive that is cut off or changed anywhere is refused, before anything
// is written.
func TestDamaged(t *testing.T) {
	small := file(t)
	if err := small.Declare(t.Context(), store.Schema{Name: "cards", Indexes: []store.Index{{Name: "by_colour", Fields: []store.Field{colour}}}}); err != nil {
		t.Fatal(err)
	}
	insert(t, small, "cards", bson.D{{Key: "_id", Value: "a"}, {Key: "rev", Value: int64(1)}, {Key: "colour", Value: "red"}})
	whole, _ := export(t, small)
	zip, err := gzip.NewReader(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text { // behind gzip's own sums
		changed := bytes.Clone(text)
		changed[i] ^= 1
		for what, b := range map[string][]byte{"changed": changed, "cut off": text[:i]} {
			if _, err := archive.Check(bytes.NewReader(zipped(t, b))); err == nil {
				t.Errorf("%s at byte %d: it is accepted", what, i)
			}
		}
	}
	for i := range whole {
		if _, err := archive.Check(bytes.NewReader(whole[:i])); !errors.Is(err, archive.ErrDamaged) {
			t.Errorf("the file cut off at byte %d: %v", i, err)
		}
	}
	if _, err := archive.Check(bytes.NewReader(zipped(t, append(text, 'D')))); err == nil {
		t.Error("something behind the end is accepted")
	}
	if _, err := archive.Check(bytes.NewReader(zipped(t, text))); err != nil {
		t.Errorf("the whole: %v", err)
	}
}

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
