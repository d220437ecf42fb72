package programme

import (
	"context"
	"sync"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/quiz"
)

// maxCached bounds how many old item revisions are kept in memory.
const maxCached = 5000

// itemCache holds items by revision: those of the current
// library, and old ones that running attempts still show.
type itemCache struct {
	mu      sync.RWMutex
	current map[string]*quiz.Item
	old     map[string]*quiz.Item
}

func newItemCache() *itemCache {
	return &itemCache{current: map[string]*quiz.Item{}, old: map[string]*quiz.Item{}}
}

// use makes the library's items the current ones.
func (c *itemCache) use(lib *content.Library) {
	current := map[string]*quiz.Item{}
	for _, q := range lib.Quizzes() {
		for _, it := range q.Items {
			current[it.Rev] = it
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = current
}

func (c *itemCache) get(rev string) *quiz.Item {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if it := c.current[rev]; it != nil {
		return it
	}
	return c.old[rev]
}

func (c *itemCache) put(rev string, it *quiz.Item) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.old) >= maxCached {
		clear(c.old)
	}
	c.old[rev] = it
}

// item returns the pinned revision of an item, from memory or the store.
func (p *Programme) item(ctx context.Context, rev string) (*quiz.Item, error) {
	if it := p.items.get(rev); it != nil {
		return it, nil
	}
	doc, err := p.revisions.items.Get(ctx, rev)
	if err != nil {
		return nil, missing(err, "read item revision "+rev)
	}
	p.items.put(rev, &doc.Item)
	return &doc.Item, nil
}

// Items returns the pinned items of an attempt, in the order shown.
func (p *Programme) Items(ctx context.Context, a *Attempt) ([]*quiz.Item, error) {
	items := make([]*quiz.Item, len(a.Questions))
	for i, q := range a.Questions {
		it, err := p.item(ctx, q.Rev)
		if err != nil {
			return nil, err
		}
		items[i] = it
	}
	return items, nil
}

// Lookup is how quiz finds pinned items.
func (p *Programme) Lookup(ctx context.Context) quiz.Lookup {
	return func(rev string) (*quiz.Item, error) { return p.item(ctx, rev) }
}
