package store

import (
	"encoding/base64"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Query asks for documents by one index. See the package comment for what it
// finds and in which order.
type Query struct {
	Index    string // named, never guessed: a full scan can't be written
	Eq       []Key  // leading fields
	In       []Key  // next field, at most MaxIn; not with a range. Empty but not nil finds nothing
	From, To Key    // half-open, next field
	Desc     bool   // the whole order turned round
	After    Cursor // go on behind this position; not for Count
	Limit    int    // 1..MaxLimit, required; not for Count
}

// Cursor is a position in an index: the keys and the id of the last document
// seen. It holds nothing of the query; passed to another one it is refused or
// names a place in that one's results, so it may travel through a browser.
type Cursor struct {
	Keys []Key
	ID   string
}

// IsZero tells whether the cursor names no position: the start, or the end.
func (c Cursor) IsZero() bool { return c.ID == "" }

// Plan checks a query and returns the index that it names and the values of In
// in the order in which they are found, each once. The error is ErrQuery.
// Drivers call it before they read; a Count passes its query without Limit.
func (s Schema) Plan(q Query, limit bool) (Index, []Key, error) {
	ix, err := s.Index(q.Index)
	if err != nil {
		return ix, nil, err
	}
	if err := ix.checkQuery(q, limit); err != nil {
		return ix, nil, fmt.Errorf("%w: collection %s, index %s: %w", ErrQuery, s.Name, q.Index, err)
	}
	if q.In == nil {
		return ix, nil, nil
	}
	in := slices.SortedFunc(slices.Values(q.In), Key.Compare)
	in = slices.Compact(in)
	if q.Desc {
		slices.Reverse(in)
	}
	return ix, in, nil
}

func (ix Index) checkQuery(q Query, limit bool) error {
	ranged := !q.From.IsZero() || !q.To.IsZero()
	switch {
	case limit && (q.Limit < 1 || q.Limit > MaxLimit+1):
		return fmt.Errorf("the limit is %d, want 1 to %d", q.Limit, MaxLimit)
	case q.In != nil && ranged:
		return fmt.Errorf("a range and In exclude each other")
	case len(q.In) > MaxIn:
		return fmt.Errorf("%d values in In, %d is the most", len(q.In), MaxIn)
	case len(q.Eq) > len(ix.Fields):
		return fmt.Errorf("%d values in Eq, but the index has %d fields", len(q.Eq), len(ix.Fields))
	case len(q.Eq) == len(ix.Fields) && (q.In != nil || ranged):
		return fmt.Errorf("no field is left for In, From or To behind the %d in Eq", len(q.Eq))
	}
	return ix.checkKeys(q)
}

// checkKeys compares the kinds of all keys with those of the fields, and the
// cursor with Eq.
func (ix Index) checkKeys(q Query) error {
	for i, k := range q.Eq {
		if err := ix.Fields[i].accepts(k); err != nil {
			return fmt.Errorf("in Eq: %w", err)
		}
	}
	next := slices.Clone(q.In)
	for _, k := range []Key{q.From, q.To} {
		if !k.IsZero() {
			next = append(next, k)
		}
	}
	for _, k := range next {
		if err := ix.Fields[len(q.Eq)].accepts(k); err != nil {
			return err
		}
	}
	if q.After.IsZero() {
		return nil
	}
	return ix.checkCursor(q)
}

func (ix Index) checkCursor(q Query) error {
	if len(q.After.Keys) != len(ix.Fields) {
		return fmt.Errorf("the cursor has %d keys, but the index has %d fields", len(q.After.Keys), len(ix.Fields))
	}
	if err := CheckID(q.After.ID); err != nil {
		return fmt.Errorf("the cursor: %w", err)
	}
	for i, k := range q.After.Keys {
		if err := ix.Fields[i].accepts(k); err != nil {
			return fmt.Errorf("the cursor: %w", err)
		}
		if i < len(q.Eq) && k != q.Eq[i] {
			return fmt.Errorf("the cursor stands at %s = %s, but Eq asks for %s", ix.Fields[i].Name, k, q.Eq[i])
		}
	}
	return nil
}

func (f Field) accepts(k Key) error {
	if k.Kind() != f.Kind {
		return fmt.Errorf("field %s wants a %s, got %s", f.Name, f.Kind, k)
	}
	return k.check()
}

// Cursor returns the position of a document in the index. The document's own
// keys are read; a field that is missing counts as its kind's zero value.
func (ix Index) Cursor(d Doc) Cursor {
	c := Cursor{ID: d.ID, Keys: make([]Key, 0, len(ix.Fields))}
	for _, f := range ix.Fields {
		c.Keys = append(c.Keys, f.KeyOrZero(d.Body))
	}
	return c
}

// KeyOrZero returns what the document holds under the field's name, or the
// kind's zero value when that is nothing that can be indexed.
func (f Field) KeyOrZero(body bson.Raw) Key {
	if k, err := f.Key(body); err == nil {
		return k
	}
	return f.Kind.Zero()
}

// String returns the cursor as text for a link: letters, digits, - and _, or
// "" for the zero cursor.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	parts := bson.A{c.ID}
	for _, k := range c.Keys {
		switch k.kind {
		case KindString:
			parts = append(parts, k.text)
		case KindTime:
			parts = append(parts, bson.DateTime(k.num))
		case KindBool:
			parts = append(parts, k.num != 0)
		default:
			parts = append(parts, k.num)
		}
	}
	b, err := bson.Marshal(bson.D{{Key: "c", Value: parts}})
	if err != nil {
		return "" // can't be: all parts are scalars that BSON knows
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads what [Cursor.String] wrote. The error is ErrQuery.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	bad := fmt.Errorf("%w: %.40q is not a position in a list", ErrQuery, s)
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > (maxFields+1)*(MaxKey+MaxID) || bson.Raw(b).Validate() != nil {
		return Cursor{}, bad
	}
	list, ok := bson.Raw(b).Lookup("c").ArrayOK()
	if !ok {
		return Cursor{}, bad
	}
	values, err := list.Values()
	if err != nil || len(values) == 0 || len(values) > maxFields+1 {
		return Cursor{}, bad
	}
	return cursorOf(values, bad)
}

func cursorOf(values []bson.RawValue, bad error) (Cursor, error) {
	id, ok := values[0].StringValueOK()
	if !ok || CheckID(id) != nil {
		return Cursor{}, bad
	}
	c := Cursor{ID: id, Keys: make([]Key, 0, len(values)-1)}
	kinds := map[bson.Type]Kind{
		bson.TypeString: KindString, bson.TypeInt64: KindInt,
		bson.TypeDateTime: KindTime, bson.TypeBoolean: KindBool,
	}
	for _, v := range values[1:] {
		k, ok := keyOf(kinds[v.Type], v)
		if !ok {
			return Cursor{}, bad
		}
		c.Keys = append(c.Keys, k)
	}
	return c, nil
}
