package storetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/store"
)

// Codec tests that documents of a collection are written and read as package bson
// does it, byte for byte, whatever is in them.
func Codec[T any](t *testing.T, c *store.Collection[T]) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		doc := new(T)
		Fill(t, reflect.ValueOf(doc).Elem())
		if err := c.CheckCodec(doc); err != nil {
			t.Fatal(err)
		}
	})
}

// Fill puts something into every exported field of a value, or nothing; into maps at
// most one entry. Times are those that a store keeps.
func Fill(t *rapid.T, v reflect.Value) { fill(t, v, 0) }

func fill(t *rapid.T, v reflect.Value, depth int) {
	if depth > 12 {
		return // a type that contains itself
	}
	draw := func(most int) int { return rapid.IntRange(0, most).Draw(t, fmt.Sprint(v.Type())) }
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		if draw(3) > 0 {
			*at = time.UnixMilli(rapid.Int64Range(-1e14, 1e14).Draw(t, "time")).UTC()
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.String().Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(draw(1) == 1)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int, reflect.Int64:
		if n := rapid.Int64().Draw(t, "number"); !v.OverflowInt(n) {
			v.SetInt(n)
		} else {
			v.SetInt(n >> (64 - v.Type().Bits()))
		}
	case reflect.Pointer:
		if draw(2) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem(), depth+1)
		}
	case reflect.Slice:
		if n := draw(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fillElement(t, v.Index(i), depth+1)
			}
		}
	case reflect.Map:
		if n := draw(2) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				key.SetString(rapid.StringMatching(`[a-z0-9._ä-]*`).Draw(t, "key"))
				fill(t, elem, depth+1)
				v.SetMapIndex(key, elem)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), depth+1)
			}
		}
	default:
		t.Fatalf("no way to fill a %s", v.Type())
	}
}

// fillElement is fill for what stands in a list, bytes included.
func fillElement(t *rapid.T, v reflect.Value, depth int) {
	if v.Kind() == reflect.Uint8 {
		v.SetUint(uint64(rapid.Byte().Draw(t, "byte")))
		return
	}
	fill(t, v, depth)
}
