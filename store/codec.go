package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// A codec writes and reads values of one type as package bson of the driver does,
// byte for byte, and several times as fast: it is made once for a type and knows
// all of it, where package bson asks at every value again what it is.
//
// It only does what is plain. A type that holds anything else has no codec; a value
// that can't be written so, and bytes that don't look as if it had written them
// (another order, another number type, an unknown field, damage), are left to
// package bson, which then says what comes of them.
type codec struct {
	// put appends the value and returns its BSON type; false leaves it to package bson.
	put func(b []byte, v reflect.Value) ([]byte, bson.Type, bool)
	// get sets the zero value v from the front of b and returns what is behind it;
	// false leaves it to package bson. v is addressable.
	get func(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool)
}

// codecFor returns T's codec, nil when T has none.
func codecFor[T any]() *codec {
	made := map[reflect.Type]*codec{}
	c := newCodec(reflect.TypeFor[T](), made)
	for _, part := range made {
		if part == nil {
			return nil
		}
	}
	return c
}

// scratch are buffers to write documents into.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// marshal encodes a document.
func (c *codec) marshal(doc any) (bson.Raw, error) {
	if c == nil {
		return bson.Marshal(doc)
	}
	buf := scratch.Get().(*[]byte)
	defer scratch.Put(buf)
	body, _, ok := c.put((*buf)[:0], reflect.ValueOf(doc).Elem())
	*buf = body[:0]
	if !ok {
		return bson.Marshal(doc)
	}
	return bytes.Clone(body), nil
}

// unmarshal decodes a document into a zero value.
func (c *codec) unmarshal(body bson.Raw, doc any) error {
	if c == nil {
		return bson.Unmarshal(body, doc)
	}
	v := reflect.ValueOf(doc).Elem()
	if rest, ok := c.get(body, bson.TypeEmbeddedDocument, v); ok && len(rest) == 0 {
		return nil
	}
	v.SetZero()
	return bson.Unmarshal(body, doc)
}

// CheckCodec returns an error when the document, or what is read of it again, is
// another one than package bson's, and when its type has no codec. It is for tests.
// Maps of more than one entry have no order of their own, and fail.
func (c *Collection[T]) CheckCodec(doc *T) error {
	if c.codec == nil {
		return fmt.Errorf("%s has no codec: a type in %T is not plain", c.Name(), *doc)
	}
	want, err := bson.Marshal(doc)
	if err != nil {
		return err
	}
	got, _, ok := c.codec.put(nil, reflect.ValueOf(doc).Elem())
	if !ok || !bytes.Equal(got, want) {
		return fmt.Errorf("%s: the codec writes (%v)\n%s\nwant\n%s", c.Name(), ok, bson.Raw(got), bson.Raw(want))
	}
	read, wanted := new(T), new(T)
	if err := bson.Unmarshal(want, wanted); err != nil {
		return err
	}
	rest, ok := c.codec.get(want, bson.TypeEmbeddedDocument, reflect.ValueOf(read).Elem())
	if !ok || len(rest) > 0 || !reflect.DeepEqual(read, wanted) {
		return fmt.Errorf("%s: the codec reads (%v, %d bytes left)\n%+v\nwant\n%+v", c.Name(), ok, len(rest), read, wanted)
	}
	return nil
}

// newCodec makes the codec of a type. made holds those that are made or under
// construction, so that a type which contains itself ends; nil for one that can't
// be made.
func newCodec(t reflect.Type, made map[reflect.Type]*codec) *codec {
	if known, ok := made[t]; ok {
		return known
	}
	c := new(codec)
	made[t] = c
	ok := false
	switch {
	case t == timeType:
		c.put, c.get, ok = putTime, getTime, true
	case special(t):
	default:
		ok = c.plain(t, made)
	}
	if !ok {
		made[t] = nil
		return nil
	}
	return c
}

// plain makes the codec of a type that package bson knows by its kind.
func (c *codec) plain(t reflect.Type, made map[reflect.Type]*codec) bool {
	switch t.Kind() {
	case reflect.String:
		c.put, c.get = putString, getString
	case reflect.Bool:
		c.put, c.get = putBool, getBool
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int, reflect.Int64:
		c.put, c.get = putInt, getInt
	case reflect.Pointer:
		return c.pointer(t, made)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			c.put, c.get = putBytes, getBytes
			return t == reflect.TypeFor[[]byte]()
		}
		return c.list(t, made)
	case reflect.Map:
		return c.mapping(t, made)
	case reflect.Struct:
		return c.structure(t, made)
	default:
		return false
	}
	return true
}

// special tells whether package bson does something of its own with a type, or the
// type itself does.
func special(t reflect.Type) bool {
	own := []string{reflect.TypeFor[bson.Raw]().PkgPath(), reflect.TypeFor[url.URL]().PkgPath(), reflect.TypeFor[json.Number]().PkgPath()}
	if slices.Contains(own, t.PkgPath()) {
		return true
	}
	for _, hook := range []reflect.Type{
		reflect.TypeFor[bson.Marshaler](), reflect.TypeFor[bson.ValueMarshaler](), reflect.TypeFor[bson.Unmarshaler](),
		reflect.TypeFor[bson.ValueUnmarshaler](),
	} {
		if t.Implements(hook) || reflect.PointerTo(t).Implements(hook) {
			return true
		}
	}
	return false
}

// A structField is one field of a struct, or of a struct that is inlined into it.
type structField struct {
	name      string
	index     []int
	omitEmpty bool
	zeroer    bool // says itself whether it is empty
	*codec
}

func (c *codec) structure(t reflect.Type, made map[reflect.Type]*codec) bool {
	fields, ok := fieldsOf(t, nil, made)
	if !ok {
		return false
	}
	names := map[string]bool{}
	for _, f := range fields {
		// Names are found by their small letters too.
		if small := strings.ToLower(f.name); names[small] || strings.Contains(f.name, "\x00") {
			return false
		} else {
			names[small] = true
		}
	}
	c.put = func(b []byte, v reflect.Value) ([]byte, bson.Type, bool) { return putStruct(b, v, fields) }
	c.get = func(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) { return getStruct(b, kind, v, fields) }
	return true
}

// fieldsOf lists the fields in the order of their writing; index leads to the
// struct.
func fieldsOf(t reflect.Type, index []int, made map[reflect.Type]*codec) (fields []structField, ok bool) {
	for i := range t.NumField() {
		sf := t.Field(i)
		if tag, tagged := sf.Tag.Lookup("bson"); !sf.IsExported() || tag == "-" {
			continue
		} else if !tagged && sf.Tag != "" && !strings.Contains(string(sf.Tag), ":") {
			return nil, false // package bson takes such a tag for its own
		}
		name, opts := bsonTag(sf)
		f := structField{name: name, index: append(slices.Clone(index), i), zeroer: sf.Type.Implements(reflect.TypeFor[bson.Zeroer]())}
		for _, opt := range opts {
			switch opt {
			case "omitempty":
				f.omitEmpty = true
			case "minsize", "truncate":
				return nil, false
			}
		}
		if slices.Contains(opts, "inline") {
			if sf.Type.Kind() != reflect.Struct || sf.Type == timeType {
				return nil, false
			}
			inner, ok := fieldsOf(sf.Type, f.index, made)
			if !ok {
				return nil, false
			}
			fields = append(fields, inner...)
			continue
		}
		if f.codec = newCodec(sf.Type, made); f.codec == nil {
			return nil, false
		}
		fields = append(fields, f)
	}
	return fields, true
}

// of is the field in a struct.
func (f *structField) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		v = v.Field(i)
	}
	return v
}

// empty tells whether the field's option "omitempty" leaves it out.
func (f *structField) empty(v reflect.Value) bool {
	switch {
	case f.zeroer && (v.Kind() != reflect.Pointer || !v.IsNil()):
		return v.Interface().(bson.Zeroer).IsZero()
	case v.Kind() == reflect.Map || v.Kind() == reflect.Slice:
		return v.Len() == 0
	default:
		return v.Kind() != reflect.Struct && v.IsZero()
	}
}

// length notes how long what was begun at from has become; the room for that is
// its first four bytes.
func length(b []byte, from int) []byte {
	binary.LittleEndian.PutUint32(b[from:], uint32(len(b)-from))
	return b
}
