package store

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind says what an indexed field holds.
type Kind uint8

// The kinds of indexed fields.
const (
	KindString Kind = iota + 1 // text, compared by its bytes
	KindInt                    // a signed whole number of up to 64 bits
	KindTime                   // UTC milliseconds since 1970
	KindBool                   // false before true
)

// String returns the kind's name as it stands in messages and in files.
func (k Kind) String() string {
	switch k {
	case KindString:
		return "string"
	case KindInt:
		return "int"
	case KindTime:
		return "time"
	case KindBool:
		return "bool"
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// MaxKey is how many bytes the text of a [Key] may have.
const MaxKey = 1000

// Key is one value of an indexed field: a string, a whole number, a time or a
// truth value. The zero Key means "not given".
type Key struct {
	kind Kind
	text string
	num  int64
}

// String returns the key of a text.
func String[T ~string](v T) Key { return Key{kind: KindString, text: string(v)} }

// Int returns the key of a whole number.
func Int[T ~int | ~int8 | ~int16 | ~int32 | ~int64](v T) Key {
	return Key{kind: KindInt, num: int64(v)}
}

// Time returns the key of a time; what is finer than a millisecond is cut off.
func Time(v time.Time) Key { return Key{kind: KindTime, num: v.UnixMilli()} }

// Bool returns the key of a truth value.
func Bool(v bool) Key {
	if v {
		return Key{kind: KindBool, num: 1}
	}
	return Key{kind: KindBool}
}

// Strings returns one key for each text, for [Query].In. It is never nil, so
// that an empty list finds nothing instead of everything.
func Strings[T ~string](values []T) []Key {
	keys := make([]Key, 0, len(values))
	for _, v := range values {
		keys = append(keys, String(v))
	}
	return keys
}

// Zero returns the key of the kind's zero value in Go: "", 0, 1 January of the
// year 1, false.
func (k Kind) Zero() Key {
	if k == KindTime {
		return Time(time.Time{})
	}
	return Key{kind: k}
}

// Kind returns the key's kind, or 0 for the zero Key.
func (k Key) Kind() Kind { return k.kind }

// IsZero tells whether the key is "not given".
func (k Key) IsZero() bool { return k.kind == 0 }

// Text returns the text of a key of [KindString].
func (k Key) Text() string { return k.text }

// Num returns the number of a key that is not a string: the whole number, the
// UTC milliseconds, or 0 and 1 for false and true.
func (k Key) Num() int64 { return k.num }

// Compare orders keys of one kind as the indexes do: negative when k comes
// before o.
func (k Key) Compare(o Key) int {
	if c := cmp.Compare(k.kind, o.kind); c != 0 {
		return c
	}
	if k.kind == KindString {
		return strings.Compare(k.text, o.text)
	}
	return cmp.Compare(k.num, o.num)
}

// String shows the key in messages.
func (k Key) String() string {
	switch k.kind {
	case 0:
		return "not given"
	case KindString:
		return fmt.Sprintf("%q", k.text)
	case KindTime:
		return time.UnixMilli(k.num).UTC().Format("2006-01-02T15:04:05.000Z")
	case KindBool:
		return fmt.Sprint(k.num != 0)
	}
	return fmt.Sprint(k.num)
}

// check reports what stops the key from being kept in an index.
func (k Key) check() error {
	if k.kind != KindString {
		return nil
	}
	switch {
	case len(k.text) > MaxKey:
		return fmt.Errorf("a text of %d bytes can't be indexed, %d is the most", len(k.text), MaxKey)
	case !utf8.ValidString(k.text):
		return fmt.Errorf("the text %q is not valid UTF-8", k.text)
	case strings.IndexByte(k.text, 0) >= 0:
		return fmt.Errorf("the text %q contains a zero byte", k.text)
	}
	return nil
}
