package programme

import (
	"context"
	"sync"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// maxCached bounds how many old revisions of a kind are kept in memory.
const maxCached = 5000

// A revisionCache holds immutable things by revision: those of the current
// library, and old ones that running attempts still show.
type revisionCache[T any] struct {
	mu      sync.RWMutex
	current map[string]*T
	old     map[string]*T
}

func newRevisionCache[T any]() *revisionCache[T] {
	return &revisionCache[T]{current: map[string]*T{}, old: map[string]*T{}}
}

// use makes these the current ones.
func (c *revisionCache[T]) use(current map[string]*T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = current
}

func (c *revisionCache[T]) get(rev string) *T {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if one := c.current[rev]; one != nil {
		return one
	}
	return c.old[rev]
}

func (c *revisionCache[T]) put(rev string, one *T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.old) >= maxCached {
		clear(c.old)
	}
	c.old[rev] = one
}

// useRevisions makes the library's items and scenarios the current ones.
func (p *Programme) useRevisions(lib *content.Library) {
	items, scenarios := map[string]*quiz.Item{}, map[string]*scenario.Scenario{}
	for _, q := range lib.Quizzes() {
		for _, it := range q.Items {
			items[it.Rev] = it
		}
	}
	for _, s := range lib.Scenarios() {
		scenarios[s.Rev] = &s.Scenario
	}
	p.items.use(items)
	p.scenarios.use(scenarios)
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
	doc.Item.Prove() // before others see it
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
