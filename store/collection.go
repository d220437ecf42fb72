package store

import (
	"context"
	"fmt"
)

// Meta is the head of every document. Embed it as the first field:
//
//	type Person struct {
//		store.Meta `bson:",inline"`
//		Name string `bson:"name"`
//	}
type Meta struct {
	ID  string `bson:"_id"`
	Rev int64  `bson:"rev"` // 0 before it is inserted
}

func (m *Meta) storeMeta() *Meta { return m }

// document is what *T fulfils when T embeds Meta.
type document interface{ storeMeta() *Meta }

func metaOf[T any](doc *T) *Meta { return any(doc).(document).storeMeta() }

// Collection keeps documents of one type. It may be used concurrently.
type Collection[T any] struct {
	store  *Store
	schema Schema
	times  truncator // nil when T holds no times
	codec  *codec    // nil when T is left to package bson
	shared shared[T]
}

// NewCollection makes a collection of T known to the store; Declare then makes
// it ready. It panics when T can't be kept: when it doesn't embed Meta as its
// first field, or an indexed field can't be found by its BSON name, has
// another kind or may be left out.
func NewCollection[T any](s *Store, schema Schema) *Collection[T] {
	s.add(schema)
	if err := checkType[T](schema); err != nil {
		panic(fmt.Sprintf("store: collection %s: %v", schema.Name, err))
	}
	return &Collection[T]{store: s, schema: schema, times: truncatorFor[T](), codec: codecFor[T]()}
}

// Name returns the collection's name.
func (c *Collection[T]) Name() string { return c.schema.Name }

// Get returns the document, or ErrNotFound.
func (c *Collection[T]) Get(ctx context.Context, id string) (*T, error) {
	d, err := c.store.driver.Get(ctx, c.schema.Name, id)
	if err != nil {
		return nil, fmt.Errorf("read %s %q: %w", c.schema.Name, id, err)
	}
	return c.decode(d)
}

// GetAll returns the documents with these ids, by id, all from one moment in
// time. Missing ones are absent. At most MaxMany ids.
func (c *Collection[T]) GetAll(ctx context.Context, ids ...string) (map[string]*T, error) {
	found := make(map[string]*T, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	refs := make([]Ref, len(ids))
	for i, id := range ids {
		refs[i] = Ref{Collection: c.schema.Name, ID: id}
	}
	docs, err := c.store.driver.GetMany(ctx, refs...)
	if err != nil {
		return nil, fmt.Errorf("read %d of %s: %w", len(ids), c.schema.Name, err)
	}
	for _, d := range docs {
		if d.ID == "" || found[d.ID] != nil {
			continue
		}
		if found[d.ID], err = c.decode(d); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Insert adds the document under its id and sets its revision to 1, or returns
// ErrExists. After an error the document's revision is what it was.
func (c *Collection[T]) Insert(ctx context.Context, doc *T) error {
	return c.write(ctx, "insert", doc, 1, c.store.driver.Insert)
}

// Replace puts the document in the place of the stored one when that has the
// same revision, which is then one more, in doc too. Otherwise it returns
// ErrConflict or ErrNotFound. After an error doc's revision is what it was.
func (c *Collection[T]) Replace(ctx context.Context, doc *T) error {
	rev := metaOf(doc).Rev
	if rev < 1 {
		return fmt.Errorf("replace %s %q: %w: revision %d was never stored", c.schema.Name, metaOf(doc).ID, ErrInvalid, rev)
	}
	return c.write(ctx, "replace", doc, rev+1, c.store.driver.Replace)
}

// Delete removes the document with this id and revision, or returns ErrConflict
// or ErrNotFound. A document that is inserted again begins at revision 1.
func (c *Collection[T]) Delete(ctx context.Context, id string, rev int64) error {
	if err := c.store.driver.Delete(ctx, c.schema.Name, id, rev); err != nil {
		return fmt.Errorf("delete %s %q, revision %d: %w", c.schema.Name, id, rev, err)
	}
	return nil
}

// write encodes the document with its new revision and hands it to the driver.
func (c *Collection[T]) write(ctx context.Context, what string, doc *T, rev int64, put func(context.Context, string, Doc) error) error {
	m := metaOf(doc)
	before := m.Rev
	d, err := c.encode(doc, rev)
	if err == nil {
		err = put(ctx, c.schema.Name, d)
	}
	if err != nil {
		m.Rev = before
		return fmt.Errorf("%s %s %q: %w", what, c.schema.Name, m.ID, err)
	}
	return nil
}

// encode sets the revision, cuts the times to what is kept, and encodes.
func (c *Collection[T]) encode(doc *T, rev int64) (Doc, error) {
	m := metaOf(doc)
	m.Rev = rev
	c.times.apply(doc)
	body, err := c.codec.marshal(doc)
	if err != nil {
		return Doc{}, fmt.Errorf("%w: can't be encoded: %w", ErrInvalid, err)
	}
	return Doc{ID: m.ID, Rev: rev, Body: body}, nil // which the driver checks
}

func (c *Collection[T]) decode(d Doc) (*T, error) {
	doc := new(T)
	if err := c.codec.unmarshal(d.Body, doc); err != nil {
		return nil, fmt.Errorf("decode %s %q, which is damaged, or was written by a newer program (go back to the last backup, or run that program): %w", c.schema.Name, d.ID, err)
	}
	return doc, nil
}
