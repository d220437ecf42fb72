package store

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// What each kind of value is written as: see codec.

func putString(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
	s := v.String()
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)+1))
	b = append(b, s...)
	return append(b, 0), bson.TypeString, true
}

func putBool(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
	if v.Bool() {
		return append(b, 1), bson.TypeBoolean, true
	}
	return append(b, 0), bson.TypeBoolean, true
}

// putInt writes an int in as few bytes as it fits in, and the others as they are.
func putInt(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
	n := v.Int()
	if short := int32(n); v.Kind() != reflect.Int64 && int64(short) == n {
		return binary.LittleEndian.AppendUint32(b, uint32(short)), bson.TypeInt32, true
	}
	return binary.LittleEndian.AppendUint64(b, uint64(n)), bson.TypeInt64, true
}

func putTime(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
	t := timeIn(v)
	at := t.Unix()*1000 + int64(t.Nanosecond())/1e6
	return binary.LittleEndian.AppendUint64(b, uint64(at)), bson.TypeDateTime, true
}

// timeIn is the time that v is; where it can, without a copy of it.
func timeIn(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

func putBytes(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
	if v.IsNil() {
		return b, bson.TypeNull, true
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Len()))
	b = append(b, bson.TypeBinaryGeneric)
	return append(b, v.Bytes()...), bson.TypeBinary, true
}

func (c *codec) pointer(t reflect.Type, made map[reflect.Type]*codec) bool {
	elem := newCodec(t.Elem(), made)
	if elem == nil || t.Elem().Kind() == reflect.Pointer {
		return false
	}
	c.put = func(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
		if v.IsNil() {
			return b, bson.TypeNull, true
		}
		return elem.put(b, v.Elem())
	}
	c.get = func(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) {
		if kind == bson.TypeNull {
			return b, true
		}
		v.Set(reflect.New(t.Elem()))
		return elem.get(b, kind, v.Elem())
	}
	return true
}

func (c *codec) list(t reflect.Type, made map[reflect.Type]*codec) bool {
	elem := newCodec(t.Elem(), made)
	if elem == nil || t.ConvertibleTo(reflect.TypeFor[bson.D]()) {
		return false
	}
	c.put = func(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
		if v.IsNil() {
			return b, bson.TypeNull, true
		}
		from := len(b)
		b = append(b, 0, 0, 0, 0)
		for i := range v.Len() {
			at := len(b)
			b = strconv.AppendInt(append(b, 0), int64(i), 10)
			var kind bson.Type
			var ok bool
			if b, kind, ok = elem.put(append(b, 0), v.Index(i)); !ok {
				return b, 0, false
			}
			b[at] = byte(kind)
		}
		return length(append(b, 0), from), bson.TypeArray, true
	}
	c.get = func(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) { return getList(b, kind, v, elem) }
	return true
}

// mapping writes a map in the order of its keys, so that the same map gives the
// same bytes; package bson takes any order.
func (c *codec) mapping(t reflect.Type, made map[reflect.Type]*codec) bool {
	elem := newCodec(t.Elem(), made)
	if elem == nil || t.Key().Kind() != reflect.String || ownKeys(t.Key()) {
		return false
	}
	c.put = func(b []byte, v reflect.Value) ([]byte, bson.Type, bool) {
		if v.IsNil() {
			return b, bson.TypeNull, true
		}
		from := len(b)
		b = append(b, 0, 0, 0, 0)
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		for _, key := range keys {
			if strings.Contains(key.String(), "\x00") {
				return b, 0, false
			}
			at := len(b)
			b = append(append(b, 0), key.String()...)
			var kind bson.Type
			var ok bool
			if b, kind, ok = elem.put(append(b, 0), v.MapIndex(key)); !ok {
				return b, 0, false
			}
			b[at] = byte(kind)
		}
		return length(append(b, 0), from), bson.TypeEmbeddedDocument, true
	}
	c.get = func(b []byte, kind bson.Type, v reflect.Value) ([]byte, bool) { return getMap(b, kind, v, elem) }
	return true
}

func putStruct(b []byte, v reflect.Value, fields []structField) ([]byte, bson.Type, bool) {
	from := len(b)
	b = append(b, 0, 0, 0, 0)
	for i := range fields {
		f := &fields[i]
		value := f.of(v)
		if f.omitEmpty && f.empty(value) {
			continue
		}
		at := len(b)
		b = append(append(b, 0), f.name...)
		var kind bson.Type
		var ok bool
		if b, kind, ok = f.put(append(b, 0), value); !ok {
			return b, 0, false
		}
		b[at] = byte(kind)
	}
	return length(append(b, 0), from), bson.TypeEmbeddedDocument, true
}
