package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// How often Update tries, and how long it waits at most between two tries.
const (
	updateTries    = 40
	updateLongest  = 50 * time.Millisecond
	updateShortest = time.Millisecond
)

// Update reads the document, lets change change it, and replaces it; when
// somebody was faster it starts again with what they wrote. It returns the
// document as it is stored then.
//
// change may be called several times, so it must do nothing but change the
// document, and must not call the store: the document is locked within this
// process meanwhile. When it returns ErrNoChange the document stays as it is;
// any other error of it ends Update and comes back as it is. It may not touch
// id and revision.
//
// Besides change's own errors: ErrNotFound; ErrUnknown, after which change may
// or may not be in force; and ErrConflict, when others were faster 40 times.
func (c *Collection[T]) Update(ctx context.Context, id string, change func(*T) error) (*T, error) {
	// Within one process, writers of a document queue for it; between
	// processes, the revision decides. Retrying alone let one in six of eighty
	// writers of one document starve.
	unlock, err := c.store.locks.lock(ctx, c.schema.Name, id)
	if err != nil {
		return nil, fmt.Errorf("update %s %q: %w", c.schema.Name, id, err)
	}
	defer unlock()
	for try := 1; ; try++ {
		doc, again, err := c.updateOnce(ctx, id, change)
		if !again || try == updateTries {
			return doc, err
		}
		if err := c.store.pause(ctx, c.store.backoff(try)); err != nil {
			return nil, fmt.Errorf("update %s %q: %w", c.schema.Name, id, err)
		}
	}
}

// updateOnce is one try. again says that somebody was faster; an ErrConflict
// that change returns is change's own and ends Update.
func (c *Collection[T]) updateOnce(ctx context.Context, id string, change func(*T) error) (doc *T, again bool, err error) {
	doc, err = c.Get(ctx, id)
	if err != nil {
		return nil, false, err
	}
	before := *metaOf(doc)
	if err := change(doc); errors.Is(err, ErrNoChange) {
		return doc, false, nil
	} else if err != nil {
		return nil, false, err
	}
	if *metaOf(doc) != before {
		return nil, false, fmt.Errorf("update %s %q: %w: the change touched id or revision", c.schema.Name, id, ErrInvalid)
	}
	if err := c.Replace(ctx, doc); err != nil {
		return nil, errors.Is(err, ErrConflict), err
	}
	return doc, false, nil
}

// backoff returns how long to wait after a failed try: twice as long each
// time, at most updateLongest, and a random part of that.
func (s *Store) backoff(try int) time.Duration {
	most := min(updateShortest<<min(try, 16), updateLongest)
	return time.Duration(s.jitter() * float64(most))
}

// stripes are locks that share out all documents: two documents may have the
// same one, but a document always has the same.
type stripes [256]chan struct{}

func newStripes() (s stripes) {
	for i := range s {
		s[i] = make(chan struct{}, 1)
	}
	return s
}

// lock waits for the document's stripe, or until the context is over.
func (s *stripes) lock(ctx context.Context, coll, id string) (unlock func(), err error) {
	stripe := s[stripeOf(coll, id)]
	select {
	case stripe <- struct{}{}:
		return func() { <-stripe }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// stripeOf is FNV-1a over both names, folded to a byte.
func stripeOf(coll, id string) byte {
	h := uint32(2166136261)
	for _, s := range [...]string{coll, "/", id} {
		for i := range len(s) {
			h = (h ^ uint32(s[i])) * 16777619
		}
	}
	return byte(h ^ h>>8 ^ h>>16 ^ h>>24)
}
