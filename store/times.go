package store

import (
	"reflect"
	"time"
)

// truncator cuts every time in a value to the millisecond and puts it in UTC,
// which is what the store keeps. It is made once for a type and knows where
// the times are, so that documents without times cost nothing.
type truncator func(reflect.Value)

// truncatorFor returns T's truncator, nil when T holds no times.
func truncatorFor[T any]() truncator {
	return plan(reflect.TypeFor[T](), map[reflect.Type]*planned{})
}

func (t truncator) apply(doc any) {
	if t != nil {
		t(reflect.ValueOf(doc).Elem())
	}
}

// planned is a type's truncator, made or under construction.
type planned struct {
	done bool
	cut  truncator
}

// plan makes the truncator of a type. made holds those that are made or under
// construction, so that a type which contains itself ends.
func plan(t reflect.Type, made map[reflect.Type]*planned) truncator {
	if t == timeType {
		return truncateTime
	}
	if known := made[t]; known != nil {
		if known.done {
			return known.cut
		}
		return func(v reflect.Value) { // whether it holds times shows later
			if known.cut != nil {
				known.cut(v)
			}
		}
	}
	p := new(planned)
	made[t] = p
	switch t.Kind() {
	case reflect.Struct:
		p.cut = planStruct(t, made)
	case reflect.Pointer:
		p.cut = planPointer(t, made)
	case reflect.Slice, reflect.Array:
		p.cut = planList(t, made)
	case reflect.Map:
		p.cut = planMap(t, made)
	}
	p.done = true
	return p.cut
}

func truncateTime(v reflect.Value) {
	t := v.Addr().Interface().(*time.Time)
	if t.IsZero() {
		*t = time.Time{}
	} else {
		*t = time.UnixMilli(t.UnixMilli()).UTC()
	}
}

func planStruct(t reflect.Type, made map[reflect.Type]*planned) truncator {
	type field struct {
		index int
		cut   truncator
	}
	var fields []field
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			continue
		}
		if cut := plan(t.Field(i).Type, made); cut != nil {
			fields = append(fields, field{i, cut})
		}
	}
	if fields == nil {
		return nil
	}
	return func(v reflect.Value) {
		for _, f := range fields {
			f.cut(v.Field(f.index))
		}
	}
}

func planPointer(t reflect.Type, made map[reflect.Type]*planned) truncator {
	cut := plan(t.Elem(), made)
	if cut == nil {
		return nil
	}
	return func(v reflect.Value) {
		if !v.IsNil() {
			cut(v.Elem())
		}
	}
}

func planList(t reflect.Type, made map[reflect.Type]*planned) truncator {
	cut := plan(t.Elem(), made)
	if cut == nil {
		return nil
	}
	return func(v reflect.Value) {
		for i := range v.Len() {
			cut(v.Index(i))
		}
	}
}

// planMap copies each value out and in again: values in a map can't be set.
func planMap(t reflect.Type, made map[reflect.Type]*planned) truncator {
	cut := plan(t.Elem(), made)
	if cut == nil {
		return nil
	}
	return func(v reflect.Value) {
		for it := v.MapRange(); it.Next(); {
			value := reflect.New(t.Elem()).Elem()
			value.Set(it.Value())
			cut(value)
			v.SetMapIndex(it.Key(), value)
		}
	}
}
