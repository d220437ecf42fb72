package store

import (
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"
)

// A kept has a value of each plain kind, and itself in it.
type kept struct {
	Meta   `bson:",inline"`
	inner  int //nolint:unused // package bson passes over it
	Text   word
	Flag   bool
	Tiny   int8
	Small  int32
	Count  int
	Large  int64
	At     time.Time
	Maybe  *time.Time `bson:"maybe,omitempty"`
	Secret []byte
	Words  []word         `bson:",omitempty"`
	Parts  []keptPart     `bson:"the_parts"`
	First  *keptPart      `bson:",omitempty"`
	By     map[word]int64 `bson:",omitempty"`
	Under  map[string]keptPart
	Never  int `bson:"-"`
	keptInline
	Inlined keptInline `bson:",inline"`
}

type word string

type keptPart struct {
	Order []int
	Since time.Time `bson:",omitempty"`
	Again []*kept
}

type keptInline struct {
	Owner string
	Notes map[string]string
}

func someKept() *kept {
	at := time.UnixMilli(1796000000123).UTC()
	part := keptPart{Order: []int{0, -1, math.MaxInt32, math.MinInt64}, Since: at, Again: []*kept{nil, {Text: "within"}}}
	return &kept{
		Meta: Meta{ID: "a", Rev: 3}, Text: "ä\x00\xffb", Flag: true, Tiny: -8, Small: math.MinInt32, Count: math.MaxInt32 + 1, Large: 1,
		At: at, Maybe: &at, Secret: []byte{0, 1}, Words: []word{"", "x"}, Parts: []keptPart{part, {}}, First: &part,
		By: map[word]int64{"one": 1}, Under: map[string]keptPart{"": part}, Never: 1,
		Inlined: keptInline{Owner: "o", Notes: map[string]string{"n": "m"}},
	}
}

func keeping[T any](t testing.TB) *Collection[T] {
	t.Helper()
	return NewCollection[T](New(nil), Schema{Name: "kept"})
}

// TestCodecIsPackageBSON: an empty document, an empty one with nothing nil, and a
// full one. What programs keep is tried by storetest.Codec.
func TestCodecIsPackageBSON(t *testing.T) {
	t.Parallel()
	c := keeping[kept](t)
	empty := &kept{
		Secret: []byte{}, Words: []word{}, Parts: []keptPart{}, By: map[word]int64{}, First: &keptPart{}, Maybe: &time.Time{},
		Under: map[string]keptPart{},
	}
	for _, doc := range []*kept{{}, empty, someKept()} {
		if err := c.CheckCodec(doc); err != nil {
			t.Error(err)
		}
	}
}

// sameAsBSON reads bytes as the collection does and as package bson does: the same
// comes of them, an error included.
func sameAsBSON(t interface{ Fatalf(string, ...any) }, c *codec, body []byte) {
	read, want := new(kept), new(kept)
	err, wantErr := c.unmarshal(body, read), bson.Unmarshal(body, want)
	if (err == nil) != (wantErr == nil) || wantErr != nil && err.Error() != wantErr.Error() {
		t.Fatalf("%x: got error %v, want %v", body, err, wantErr)
	}
	if wantErr == nil && !reflect.DeepEqual(read, want) {
		t.Fatalf("%x: got\n%+v\nwant\n%+v", body, read, want)
	}
}

// TestCodecReadsWhatOthersWrote: fields in another order, unknown and missing ones,
// capitals, other types of number, null, and what can't be read.
func TestCodecReadsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	c := codecFor[kept]()
	for _, doc := range []bson.D{
		{},
		{{Key: "count", Value: 1}, {Key: "text", Value: "before"}, {Key: "_id", Value: "last"}},
		{{Key: "_id", Value: "a"}, {Key: "unknown", Value: bson.D{{Key: "x", Value: 1.5}}}, {Key: "count", Value: 2}},
		{{Key: "_id", Value: "a"}, {Key: "Text", Value: "x"}, {Key: "COUNT", Value: 2}},
		{{Key: "count", Value: int64(7)}, {Key: "large", Value: int32(7)}},
		{{Key: "count", Value: 7.0}, {Key: "tiny", Value: int32(7)}},
		{{Key: "count", Value: 7.5}},
		{{Key: "tiny", Value: 1000}},
		{{Key: "small", Value: int64(math.MaxInt64)}},
		{{Key: "text", Value: nil}, {Key: "count", Value: nil}, {Key: "at", Value: nil}, {Key: "secret", Value: nil}, {Key: "the_parts", Value: nil}},
		{{Key: "text", Value: 1}},
		{{Key: "text", Value: "once"}, {Key: "text", Value: "twice"}},
		{{Key: "by", Value: bson.D{{Key: "x", Value: int64(1)}, {Key: "x", Value: int64(2)}}}},
		{{Key: "words", Value: bson.A{"a", nil}}},
		{{Key: "words", Value: bson.A{"a", bson.A{}}}},
		{{Key: "secret", Value: bson.Binary{Subtype: 2, Data: []byte{1}}}},
		{{Key: "secret", Value: bson.Binary{Data: nil}}},
		{{Key: "at", Value: "2026-11-26T00:00:00Z"}},
		{{Key: "the_parts", Value: bson.A{bson.D{{Key: "order", Value: bson.A{1.0}}}}}},
		{{Key: "first", Value: bson.A{}}},
	} {
		body, err := bson.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		sameAsBSON(t, c, body)
	}
}

// TestCodecReadsDamage: whatever happens to the bytes of a document, it reads as
// package bson reads it.
func TestCodecReadsDamage(t *testing.T) {
	t.Parallel()
	c := codecFor[kept]()
	sound, err := bson.Marshal(someKept())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		body := slices.Clone(sound)
		for range rapid.IntRange(1, 3).Draw(t, "hits") {
			at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
			body[at] = rapid.Byte().Draw(t, "byte")
		}
		if rapid.Bool().Draw(t, "torn") {
			body = body[:rapid.IntRange(0, len(body)).Draw(t, "left")]
		}
		sameAsBSON(t, c, body)
	})
}

// FuzzCodec reads any bytes as package bson reads them.
func FuzzCodec(f *testing.F) {
	for _, doc := range []*kept{{}, someKept()} {
		body, err := bson.Marshal(doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	c := codecFor[kept]()
	f.Fuzz(func(t *testing.T, body []byte) { sameAsBSON(t, c, body) })
}

// TestCodecSortsMaps: the same map gives the same bytes, and they are read.
func TestCodecSortsMaps(t *testing.T) {
	t.Parallel()
	c := codecFor[keptInline]()
	doc := &keptInline{Notes: map[string]string{"c": "3", "": "0", "a": "1", "ab": "2"}}
	body, err := c.marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	elements, err := body.Lookup("notes").Document().Elements()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, e := range elements {
		keys = append(keys, e.Key())
	}
	if want := slices.Sorted(maps.Keys(doc.Notes)); !slices.Equal(keys, want) {
		t.Errorf("the keys are written as %q, want %q", keys, want)
	}
	read := new(keptInline)
	if err := c.unmarshal(body, read); err != nil || !reflect.DeepEqual(read, doc) {
		t.Errorf("read %+v, %v; want %+v", read, err, doc)
	}
	doc.Notes["a\x00b"] = ""
	if _, err := c.marshal(doc); err == nil {
		t.Error("a key with a zero byte is written")
	}
}

// A withHook says itself how it is written.
type withHook struct{ Text string }

func (withHook) MarshalBSONValue() (byte, []byte, error) { return byte(bson.TypeNull), nil, nil }

// A keyHook is a key that says itself how it is written.
type keyHook string

func (keyHook) MarshalText() ([]byte, error) { return []byte("k"), nil }

// TestCodecLeavesTheRest: what is not plain has no codec, however deep it stands,
// and is kept as package bson keeps it.
func TestCodecLeavesTheRest(t *testing.T) {
	t.Parallel()
	type node struct {
		Next  *node
		Value any
	}
	for name, c := range map[string]*codec{
		"float":      codecFor[struct{ F float64 }](),
		"unsigned":   codecFor[struct{ N uint }](),
		"interface":  codecFor[struct{ Deep []map[string]*struct{ V any } }](),
		"itself":     codecFor[struct{ N node }](),
		"array":      codecFor[struct{ A [2]int }](),
		"hook":       codecFor[struct{ H []withHook }](),
		"key":        codecFor[struct{ M map[keyHook]int }](),
		"number key": codecFor[struct{ M map[int]int }](),
		"address":    codecFor[struct{ U url.URL }](),
		"driver's":   codecFor[struct{ ID bson.ObjectID }](),
		"short": codecFor[struct {
			N int64 `bson:",minsize"`
		}](),
		"bare tag": newCodec(reflect.StructOf([]reflect.StructField{{Name: "N", Type: reflect.TypeFor[int](), Tag: "n"}}), map[reflect.Type]*codec{}),
		"same name": codecFor[struct {
			A int
			B int `bson:"A"`
		}](),
		"inline map": codecFor[struct {
			M map[string]int `bson:",inline"`
		}](),
		"own bytes": codecFor[struct{ B bson.Raw }](),
	} {
		if c != nil {
			t.Errorf("%s: there is a codec", name)
		}
	}
	type odd struct {
		Meta `bson:",inline"`
		F    float64
	}
	c := keeping[odd](t)
	d, err := c.encode(&odd{Meta: Meta{ID: "a"}, F: 0.5}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := c.decode(d); err != nil || *read != (odd{Meta{"a", 1}, 0.5}) {
		t.Errorf("read %+v, %v", read, err)
	}
}
