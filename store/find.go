package store

import (
	"context"
	"fmt"
)

// Find returns the documents that the query asks for, in its order, and a
// cursor to go on behind the last of them: pass it as After with the same
// query. The cursor is zero when nothing follows.
func (c *Collection[T]) Find(ctx context.Context, q Query) ([]*T, Cursor, error) {
	if q.Limit > MaxLimit {
		return nil, Cursor{}, fmt.Errorf("find in %s: %w: the limit is %d, want 1 to %d", c.schema.Name, ErrQuery, q.Limit, MaxLimit)
	}
	limit := q.Limit
	if limit > 0 {
		q.Limit++ // one more, to see whether anything follows
	}
	docs, err := c.store.driver.Find(ctx, c.schema.Name, q)
	if err != nil {
		return nil, Cursor{}, fmt.Errorf("find in %s: %w", c.schema.Name, err)
	}
	var next Cursor
	if len(docs) > limit {
		docs = docs[:limit]
		if next, err = c.cursor(q.Index, docs[limit-1]); err != nil {
			return nil, Cursor{}, err
		}
	}
	found := make([]*T, len(docs))
	for i, d := range docs {
		if found[i], err = c.decode(d); err != nil {
			return nil, Cursor{}, err
		}
	}
	return found, next, nil
}

func (c *Collection[T]) cursor(index string, d Doc) (Cursor, error) {
	ix, err := c.schema.Index(index)
	if err != nil {
		return Cursor{}, err
	}
	return ix.Cursor(d), nil
}

// Count returns how many documents the query finds, counting no further than
// max (1 to MaxCount). After, Desc and Limit are not looked at.
func (c *Collection[T]) Count(ctx context.Context, q Query, max int) (int, error) {
	n, err := c.store.driver.Count(ctx, c.schema.Name, q, max)
	if err != nil {
		return 0, fmt.Errorf("count in %s: %w", c.schema.Name, err)
	}
	return n, nil
}
