package quiz

import (
	"math/rand/v2"
	"slices"
)

// Clauses returns the ids of all clauses that the quiz's items test, sorted.
func (q *Quiz) Clauses() []string {
	var all []string
	for _, it := range q.Items {
		all = append(all, it.Clauses...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// NeededDraw returns how many items an attempt must draw so that every draw
// covers every clause, and clauses with critical items twice. An item on
// several clauses may serve them all at once, but which items are drawn is
// chance, so each clause is counted for itself; never more than all items.
func (q *Quiz) NeededDraw() int {
	needed := 0
	for _, clause := range q.Clauses() {
		needed += q.wanted(clause)
	}
	return min(needed, len(q.Items))
}

// wanted is how many items on the clause a draw aims at: one, or two where
// one of its items is critical and it has two.
func (q *Quiz) wanted(clause string) int {
	covering := 0
	critical := false
	for _, it := range q.Items {
		if it.Covers(clause) {
			covering++
			critical = critical || it.Critical
		}
	}
	if critical {
		return min(2, covering)
	}
	return min(1, covering)
}

// Draw picks the items of an attempt, in the order in which they are shown.
// seen says how often the learner has met an item, by id. The package comment
// has the rules. The draw depends on ids, clauses, what is critical, seen and
// rnd; never on a key or a revision.
func Draw(q *Quiz, seen map[string]int, rnd *rand.Rand) []*Item {
	d := &draw{quiz: q, limit: q.Draw, pool: shuffled(q.Items, rnd)}
	if d.limit <= 0 || d.limit > len(q.Items) {
		d.limit = len(q.Items)
	}
	slices.SortStableFunc(d.pool, func(a, b *Item) int { return seen[a.ID] - seen[b.ID] })
	d.cover(shuffled(q.Clauses(), rnd))
	for len(d.picked) < d.limit {
		d.pick(func(*Item) bool { return true })
	}
	return shuffled(d.picked, rnd)
}

// A draw is one run of Draw. The pool is in order of preference: seen least
// often first, else by chance; so a pick takes the first that will do.
type draw struct {
	quiz   *Quiz
	limit  int
	pool   []*Item
	picked []*Item
}

// cover picks for the clauses, the most important first: where the limit is
// too small for all, what lacks is a second item, then an ordinary clause.
func (d *draw) cover(clauses []string) {
	for _, clause := range clauses {
		if critical := func(it *Item) bool { return it.Critical && it.Covers(clause) }; d.count(critical) == 0 {
			d.pick(critical)
		}
	}
	for want := 1; want <= 2; want++ {
		for _, clause := range clauses {
			covers := func(it *Item) bool { return it.Covers(clause) }
			if want <= d.quiz.wanted(clause) && d.count(covers) < want {
				d.pick(covers)
			}
		}
	}
}

// pick moves the first item that will do from the pool to the picked.
func (d *draw) pick(will func(*Item) bool) {
	i := slices.IndexFunc(d.pool, will)
	if i < 0 || len(d.picked) >= d.limit {
		return
	}
	d.picked = append(d.picked, d.pool[i])
	d.pool = slices.Delete(d.pool, i, i+1)
}

func (d *draw) count(will func(*Item) bool) int {
	n := 0
	for _, it := range d.picked {
		if will(it) {
			n++
		}
	}
	return n
}

// shuffled returns a copy in random order.
func shuffled[T any](list []T, rnd *rand.Rand) []T {
	list = slices.Clone(list)
	rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
