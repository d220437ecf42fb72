package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

var (
	metaType = reflect.TypeFor[Meta]()
	timeType = reflect.TypeFor[time.Time]()
)

// checkType reports why documents of type T can't be kept with this schema.
func checkType[T any](schema Schema) error {
	t := reflect.TypeFor[T]()
	if _, ok := any(new(T)).(document); !ok || t.Kind() != reflect.Struct || t.NumField() == 0 {
		return fmt.Errorf("%s doesn't embed store.Meta", t)
	}
	// MongoDB moves _id to the front; only when it is there already do both
	// backends keep the same bytes.
	first := t.Field(0)
	if _, opts := bsonTag(first); first.Type != metaType || !first.Anonymous || !slices.Contains(opts, "inline") {
		return fmt.Errorf("%s must begin with store.Meta `bson:\",inline\"`", t)
	}
	errs := []error{checkLists(t, map[reflect.Type]bool{})}
	for _, f := range schema.Fields() {
		errs = append(errs, checkField(t, f))
	}
	return errors.Join(errs...)
}

// checkLists refuses lists of lists: not every server that speaks MongoDB's
// protocol keeps an array in an array. A list of structs, each with a list in it,
// is kept everywhere.
func checkLists(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] || t == timeType {
		return nil
	}
	seen[t] = true
	isList := func(t reflect.Type) bool {
		return (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) && t.Elem().Kind() != reflect.Uint8
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Map:
		return checkLists(t.Elem(), seen)
	case reflect.Slice, reflect.Array:
		if isList(t) && isList(t.Elem()) {
			return fmt.Errorf("%s is a list of lists; make the inner ones structs", t)
		}
		return checkLists(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if sf := t.Field(i); sf.IsExported() || sf.Anonymous {
				if err := checkLists(sf.Type, seen); err != nil {
					return fmt.Errorf("%s.%s: %w", t, sf.Name, err)
				}
			}
		}
	}
	return nil
}

// checkField looks for the indexed field in the struct.
func checkField(t reflect.Type, f Field) error {
	sf, opts, ok := fieldByBSON(t, f.Name)
	switch {
	case !ok:
		return fmt.Errorf("%s has no field with the BSON name %q", t, f.Name)
	case slices.Contains(opts, "omitempty"):
		return fmt.Errorf("%s.%s is indexed, so it can't be omitempty", t, sf.Name)
	case kindOf(sf.Type) != f.Kind:
		return fmt.Errorf("%s.%s is a %s, which can't be indexed as a %s", t, sf.Name, sf.Type, f.Kind)
	}
	return nil
}

// fieldByBSON finds an exported field by its BSON name, in inlined structs too.
func fieldByBSON(t reflect.Type, name string) (reflect.StructField, []string, bool) {
	for i := range t.NumField() {
		sf := t.Field(i)
		own, opts := bsonTag(sf)
		if slices.Contains(opts, "inline") && sf.Type.Kind() == reflect.Struct {
			if in, o, ok := fieldByBSON(sf.Type, name); ok {
				return in, o, true
			}
		} else if sf.IsExported() && own == name {
			return sf, opts, true
		}
	}
	return reflect.StructField{}, nil, false
}

// bsonTag returns a field's name in BSON and the options behind it.
func bsonTag(sf reflect.StructField) (string, []string) {
	name, opts, _ := strings.Cut(sf.Tag.Get("bson"), ",")
	if name == "" {
		name = strings.ToLower(sf.Name)
	}
	return name, strings.Split(opts, ",")
}

// kindOf returns the kind under which a Go type can be indexed, or 0.
func kindOf(t reflect.Type) Kind {
	if t == timeType {
		return KindTime
	}
	switch t.Kind() {
	case reflect.String:
		return KindString
	case reflect.Bool:
		return KindBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return KindInt
	}
	return 0
}
