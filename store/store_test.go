package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type state string

// note is a document with times in every place where they can be.
type note struct {
	store.Meta `bson:",inline"`
	State      state                `bson:"state"`
	Due        time.Time            `bson:"due"`
	Count      int                  `bson:"count"`
	Done       *time.Time           `bson:"done"`
	Seen       []time.Time          `bson:"seen"`
	Pair       [2]time.Time         `bson:"pair"`
	ByPerson   map[string]time.Time `bson:"by_person"`
	Parts      []part               `bson:"parts"`
	local      time.Time
}

// part contains itself.
type part struct {
	At   time.Time `bson:"at"`
	More []*part   `bson:"more"`
}

var noteSchema = store.Schema{Name: "notes", Indexes: []store.Index{
	{Name: "by_state", Fields: []store.Field{{Name: "state", Kind: store.KindString}, {Name: "due", Kind: store.KindTime}}},
}}

func openFile(t *testing.T) store.Driver {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// notes returns a collection on the driver.
func notes(t *testing.T, d store.Driver, opts ...store.Option) *store.Collection[note] {
	t.Helper()
	s := store.New(d, opts...)
	c := store.NewCollection[note](s, noteSchema)
	if err := s.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

// TestTimesAreCut writes times finer than a millisecond and far from UTC, in
// every place, and compares what was written with what is read.
func TestTimesAreCut(t *testing.T) {
	c := notes(t, openFile(t))
	fine := time.Date(2027, 1, 4, 17, 30, 0, 123_456_789, time.FixedZone("elsewhere", 19800))
	want := time.Date(2027, 1, 4, 12, 0, 0, 123_000_000, time.UTC)
	done := fine
	doc := &note{
		Meta: store.Meta{ID: "a"}, Due: fine, Done: &done, Seen: []time.Time{fine, {}}, Pair: [2]time.Time{fine, fine},
		ByPerson: map[string]time.Time{"p": fine}, Parts: []part{{At: fine, More: []*part{{At: fine}, nil}}}, local: fine,
	}
	if err := c.Insert(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
	for where, got := range map[string]time.Time{
		"field": doc.Due, "pointer": *doc.Done, "slice": doc.Seen[0], "array": doc.Pair[1], "map": doc.ByPerson["p"],
		"nested": doc.Parts[0].At, "recursive": doc.Parts[0].More[0].At,
	} {
		if got != want {
			t.Errorf("%s: got %v, want %v", where, got, want)
		}
	}
	if !doc.Seen[1].IsZero() || doc.local != fine {
		t.Errorf("the zero time became %v, an unexported field %v", doc.Seen[1], doc.local)
	}
	read, err := c.Get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	doc.local = time.Time{} // isn't kept
	if diff := cmp.Diff(doc, read, cmp.AllowUnexported(note{})); diff != "" {
		t.Errorf("written and read differ:\n%s", diff)
	}
	before := time.Date(1969, 7, 20, 20, 17, 40, 999_999, time.UTC) // cut down, not towards 1970
	doc.Due = before
	if err := c.Replace(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Due; got != before.Truncate(time.Millisecond) {
		t.Errorf("before 1970: got %v", got)
	}
}

// TestWiring makes collections of types that can't be kept.
func TestWiring(t *testing.T) {
	type bare struct {
		State string `bson:"state"`
	}
	type notFirst struct {
		State      string `bson:"state"`
		store.Meta `bson:",inline"`
	}
	type notInline struct {
		store.Meta
		State string `bson:"state"`
	}
	type missing struct {
		store.Meta `bson:",inline"`
		State2     string
	}
	type omitted struct {
		store.Meta `bson:",inline"`
		State      string `bson:"state,omitempty"`
	}
	type otherKind struct {
		store.Meta `bson:",inline"`
		State      []string `bson:"state"`
	}
	type row []string
	type listed struct {
		store.Meta `bson:",inline"`
		State      string `bson:"state"`
		Sheet      *struct{ Rows map[string][]row }
	}
	type inner struct{ State state }
	type inlined struct {
		store.Meta `bson:",inline"`
		Inner      inner `bson:",inline"`
	}
	schema := store.Schema{Name: "x", Indexes: []store.Index{{Name: "i", Fields: []store.Field{{Name: "state", Kind: store.KindString}}}}}
	for _, c := range []struct {
		make func(*store.Store)
		want string
	}{
		{func(s *store.Store) { store.NewCollection[bare](s, schema) }, "doesn't embed"},
		{func(s *store.Store) { store.NewCollection[notFirst](s, schema) }, "must begin with"},
		{func(s *store.Store) { store.NewCollection[notInline](s, schema) }, "inline"},
		{func(s *store.Store) { store.NewCollection[missing](s, schema) }, `no field with the BSON name "state"`},
		{func(s *store.Store) { store.NewCollection[omitted](s, schema) }, "omitempty"},
		{func(s *store.Store) { store.NewCollection[otherKind](s, schema) }, "can't be indexed as a string"},
		{func(s *store.Store) { store.NewCollection[listed](s, schema) }, "is a list of lists"},
		{func(s *store.Store) { store.NewCollection[inlined](s, store.Schema{Name: "Bad Name"}) }, "collection name"},
		{func(s *store.Store) {
			store.NewCollection[inlined](s, schema)
			store.NewCollection[inlined](s, schema)
		}, "made twice"},
		{func(s *store.Store) { store.NewCollection[inlined](s, schema) }, ""},
	} {
		if got := panicOf(func() { c.make(store.New(nil)) }); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("got panic %q, want one with %q", got, c.want)
		}
	}
}

func panicOf(do func()) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprint(p)
		}
	}()
	do()
	return ""
}

func TestErrorsSayWhatWasTried(t *testing.T) {
	c := notes(t, openFile(t))
	_, err := c.Get(t.Context(), "n-1")
	wantErr(t, "get", err, store.ErrNotFound)
	if want := `read notes "n-1": no such document`; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	big := &note{Meta: store.Meta{ID: "big"}, State: state(strings.Repeat("x", 20<<20))}
	err = c.Insert(t.Context(), big)
	wantErr(t, "insert 20 MB", err, store.ErrInvalid)
	if !strings.Contains(err.Error(), "16777216 is the most") {
		t.Errorf("got %q, want the limit in it", err)
	}
	two := store.New(openFile(t))
	other := store.NewCollection[note](two, noteSchema)
	_, _, err = store.Look2(t.Context(), c, "a", other, "a")
	wantErr(t, "two stores", err, store.ErrQuery)
}

func TestCursorText(t *testing.T) {
	when := time.Date(2027, 1, 4, 12, 0, 0, 123e6, time.UTC)
	for _, c := range []store.Cursor{
		{},
		{ID: "a"},
		{ID: "a b/c?", Keys: []store.Key{store.String("Ærø & co"), store.Int(-1), store.Int(int64(1) << 60), store.Time(when), store.Bool(true), store.Bool(false)}},
	} {
		text := c.String()
		if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%v as text is %q, which doesn't fit in a link", c, text)
		}
		back, err := store.ParseCursor(text)
		if err != nil || fmt.Sprint(back) != fmt.Sprint(c) || back.IsZero() != c.IsZero() {
			t.Errorf("%v came back as %v, %v", c, back, err)
		}
	}
}

// FuzzParseCursor: whatever a browser sends is refused, or is a cursor that
// can be written again.
func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add("AAAA")
	f.Add(store.Cursor{ID: "a", Keys: []store.Key{store.String("x"), store.Int(7), store.Bool(true)}}.String())
	f.Fuzz(func(t *testing.T, text string) {
		c, err := store.ParseCursor(text)
		if err != nil {
			if !errors.Is(err, store.ErrQuery) || !c.IsZero() {
				t.Errorf("%q: got %v, %v, want ErrQuery and nothing", text, c, err)
			}
			return
		}
		again, err := store.ParseCursor(c.String())
		if err != nil || fmt.Sprint(again) != fmt.Sprint(c) {
			t.Errorf("%q is %v, written again %v, %v", text, c, again, err)
		}
	})
}

func TestKeysCompare(t *testing.T) {
	noon := time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)
	for _, list := range [][]store.Key{
		{store.String(""), store.String("B"), store.String("a"), store.String("é"), store.String("\U0001F4E6")},
		{store.Int(-5), store.Int(0), store.Int(int8(3)), store.Int(int64(1) << 62)},
		{store.KindTime.Zero(), store.Time(noon), store.Time(noon.Add(time.Millisecond))},
		{store.Bool(false), store.Bool(true)},
	} {
		for i, a := range list {
			for j, b := range list {
				if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
					t.Errorf("%v compared with %v is %d", a, b, got)
				}
			}
		}
	}
	if store.Time(noon.Add(time.Microsecond)) != store.Time(noon.In(time.FixedZone("x", 3600))) {
		t.Error("the same millisecond gives two keys")
	}
	if keys := store.Strings[state](nil); keys == nil {
		t.Error("Strings of nothing is nil: that would find everything")
	}
}
