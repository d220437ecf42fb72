package store

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// What each kind of value is read from: what encode.go writes, and nothing else.

// cut returns the first n bytes and what is behind them; false when there are
// fewer.
func cut(b []byte, n int) (head, rest []byte, ok bool) {
	if n < 0 || n > len(b) {
		return nil, b, false
	}
	return b[:n], b[n:], true
}

// cutSized cuts off what begins with its length, which counts from the length on
// when whole says so, and else from behind it.
func cutSized(b []byte, whole bool) (head, rest []byte, ok bool) {
	size, rest, ok := cut(b, 4)
	if !ok {
		return nil, b, false
	}
	n := int(int32(binary.LittleEndian.Uint32(size)))
	if whole {
		n -= 4
	}
	return cut(rest, n)
}

// cutDocument cuts off a document or an array, without its length and its end.
func cutDocument(b []byte) (inner, rest []byte, ok bool) {
	inner, rest, ok = cutSized(b, true)
	if !ok || len(inner) == 0 || inner[len(inner)-1] != 0 {
		return nil, b, false
	}
	return inner[:len(inner)-1], rest, true
}

// cutName cuts off an element's type and name.
func cutName(b []byte) (kind bson.Type, name, rest []byte, ok bool) {
	if len(b) == 0 {
		return 0, nil, b, false
	}
	end := bytes.IndexByte(b[1:], 0)
	if end < 0 {
		return 0, nil, b, false
	}
	return bson.Type(b[0]), b[1 : end+1], b[end+2:], true
}

func getString(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) {
	text, rest, ok := cutSized(b, false)
	if !ok || kind != bson.TypeString || len(text) == 0 || text[len(text)-1] != 0 {
		return b, false
	}
	v.SetString(string(text[:len(text)-1]))
	return rest, true
}

func getBool(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) {
	one, rest, ok := cut(b, 1)
	if !ok || kind != bson.TypeBoolean || one[0] > 1 {
		return b, false
	}
	v.SetBool(one[0] == 1)
	return rest, true
}

func getInt(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) {
	var n int64
	size := 4
	if kind == bson.TypeInt64 {
		size = 8
	}
	bits, rest, ok := cut(b, size)
	switch {
	case ok && kind == bson.TypeInt64:
		n = int64(binary.LittleEndian.Uint64(bits))
	case ok && kind == bson.TypeInt32:
		n = int64(int32(binary.LittleEndian.Uint32(bits)))
	default:
		return b, false
	}
	if v.OverflowInt(n) {
		return b, false
	}
	v.SetInt(n)
	return rest, true
}

func getTime(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) {
	bits, rest, ok := cut(b, 8)
	if !ok || kind != bson.TypeDateTime {
		return b, false
	}
	*v.Addr().Interface().(*time.Time) = time.UnixMilli(int64(binary.LittleEndian.Uint64(bits))).UTC()
	return rest, true
}

func getBytes(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) {
	if kind == bson.TypeNull {
		return b, true
	}
	size, rest, ok := cut(b, 4)
	if !ok || kind != bson.TypeBinary || len(rest) == 0 || rest[0] != bson.TypeBinaryGeneric {
		return b, false
	}
	data, rest, ok := cut(rest[1:], int(int32(binary.LittleEndian.Uint32(size))))
	if ok {
		v.SetBytes(append([]byte{}, data...))
	}
	return rest, ok
}

func getList(b []byte, kind bson.Type, v reflect.Value, elem *codec) ([]byte, bool) {
	if kind == bson.TypeNull {
		return b, true
	}
	inner, rest, ok := cutDocument(b)
	if !ok || kind != bson.TypeArray {
		return b, false
	}
	n, ok := countElements(inner)
	if !ok {
		return b, false
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		var one bson.Type
		one, _, inner, _ = cutName(inner)
		if inner, ok = elem.get(inner, one, v.Index(i)); !ok {
			return b, false
		}
	}
	return rest, len(inner) == 0
}

// countElements counts the elements of an array, so that a list is made as long as
// it gets.
func countElements(inner []byte) (n int, ok bool) {
	for ; len(inner) > 0; n++ {
		kind, _, value, ok := cutName(inner)
		if !ok {
			return 0, false
		}
		switch kind {
		case bson.TypeNull:
			inner = value
		case bson.TypeBoolean:
			_, inner, ok = cut(value, 1)
		case bson.TypeInt32:
			_, inner, ok = cut(value, 4)
		case bson.TypeInt64, bson.TypeDateTime:
			_, inner, ok = cut(value, 8)
		case bson.TypeString:
			_, inner, ok = cutSized(value, false)
		case bson.TypeEmbeddedDocument, bson.TypeArray:
			_, inner, ok = cutSized(value, true)
		default:
			return 0, false
		}
		if !ok {
			return 0, false
		}
	}
	return n, true
}

func getMap(b []byte, kind bson.Type, v reflect.Value, elem *codec) ([]byte, bool) {
	if kind == bson.TypeNull {
		return b, true
	}
	inner, rest, ok := cutDocument(b)
	if !ok || kind != bson.TypeEmbeddedDocument {
		return b, false
	}
	t := v.Type()
	v.Set(reflect.MakeMap(t))
	for len(inner) > 0 {
		kind, name, value, ok := cutName(inner)
		if !ok {
			return b, false
		}
		key, one := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		key.SetString(string(name))
		if inner, ok = elem.get(value, kind, one); !ok {
			return b, false
		}
		v.SetMapIndex(key, one)
	}
	return rest, true
}

// ownKeys tells whether a type of map keys says itself how it is written.
func ownKeys(t reflect.Type) bool {
	for _, hook := range []reflect.Type{
		reflect.TypeFor[bson.KeyMarshaler](), reflect.TypeFor[bson.KeyUnmarshaler](),
		reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	} {
		if t.Implements(hook) || reflect.PointerTo(t).Implements(hook) {
			return true
		}
	}
	return false
}

// getStruct takes the fields in their order. Those that are missing stay zero: they
// were empty, or the document is older than they are.
func getStruct(b []byte, kind bson.Type, v reflect.Value, fields []structField) ([]byte, bool) {
	inner, rest, ok := cutDocument(b)
	if !ok || kind != bson.TypeEmbeddedDocument {
		return b, false
	}
	at := 0
	for len(inner) > 0 {
		kind, name, value, ok := cutName(inner)
		if !ok {
			return b, false
		}
		for at < len(fields) && fields[at].name != string(name) {
			at++
		}
		if at == len(fields) {
			return b, false
		}
		if inner, ok = fields[at].get(value, kind, fields[at].of(v)); !ok {
			return b, false
		}
		at++
	}
	return rest, true
}
