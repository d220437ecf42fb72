package store

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// What a collection remembers at most: decoded documents, and the bytes of one.
const (
	maxShared     = 4096
	maxSharedBody = 16 << 10
)

// Look2 reads two documents from one moment in time, for looking only: a
// document with the same bytes as one that was looked at before is the same
// value, shared by all who look, so that nobody may change it. To change one,
// read it by Get or Update. A missing document is nil, not an error.
//
// It reads the store as any other call does, and saves the decoding, which
// takes longer than the read. Since bytes are compared, what is shared is never
// out of date.
func Look2[A, B any](ctx context.Context, a *Collection[A], idA string, b *Collection[B], idB string) (*A, *B, error) {
	if a.store != b.store {
		return nil, nil, fmt.Errorf("%w: %s and %s are in two stores", ErrQuery, a.Name(), b.Name())
	}
	docs, err := a.store.driver.GetMany(ctx, Ref{a.Name(), idA}, Ref{b.Name(), idB})
	if err != nil {
		return nil, nil, fmt.Errorf("read %s %q and %s %q: %w", a.Name(), idA, b.Name(), idB, err)
	}
	docA, err := a.look(docs[0])
	if err != nil {
		return nil, nil, err
	}
	docB, err := b.look(docs[1])
	if err != nil {
		return nil, nil, err
	}
	return docA, docB, nil
}

// shared are decoded documents by id, with the bytes that they were decoded
// from.
type shared[T any] struct {
	mu   sync.RWMutex
	docs map[string]sharedDoc[T]
}

type sharedDoc[T any] struct {
	body bson.Raw
	doc  *T
}

// look decodes the document, or finds it decoded. The zero Doc is nil.
func (c *Collection[T]) look(d Doc) (*T, error) {
	if d.ID == "" {
		return nil, nil
	}
	c.shared.mu.RLock()
	known := c.shared.docs[d.ID]
	c.shared.mu.RUnlock()
	if known.doc != nil && bytes.Equal(known.body, d.Body) {
		return known.doc, nil
	}
	doc, err := c.decode(d)
	if err != nil || len(d.Body) > maxSharedBody {
		return doc, err
	}
	c.shared.keep(d, doc)
	return doc, nil
}

// keep remembers a document; when there are too many, any other one goes.
func (s *shared[T]) keep(d Doc, doc *T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.docs == nil {
		s.docs = map[string]sharedDoc[T]{}
	}
	for id := range s.docs {
		if len(s.docs) < maxShared {
			break
		}
		delete(s.docs, id)
	}
	s.docs[d.ID] = sharedDoc[T]{d.Body, doc}
}

// CheckShared returns an error that names a document which somebody who should
// only have looked at it has changed. It is for tests, at their end.
func (c *Collection[T]) CheckShared() error {
	c.shared.mu.RLock()
	defer c.shared.mu.RUnlock()
	for id, known := range c.shared.docs {
		fresh, err := c.decode(Doc{ID: id, Body: known.body})
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(fresh, known.doc) {
			return fmt.Errorf("%s %q was changed by somebody who looked at it: it is %+v, and was read as %+v", c.Name(), id, known.doc, fresh)
		}
	}
	return nil
}
