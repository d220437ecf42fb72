package scenario

import (
	"cmp"
	"slices"
)

// worth says of every state how well it can still end; see the package
// comment. Empty where the states were not explored.
type worth struct {
	base  []uint64
	seen  index
	sum   []int32 // by state: of the meters, at the best end; -1 is no pass
	moves []int32 // by state: the fewest choices to such an end
}

// of returns the worth of a state; no is a state without a passing end.
func (w *worth) of(scene int, values Values) (sum, moves int32, ok bool) {
	if w.sum == nil {
		return 0, 0, false
	}
	i := w.seen.get(key(w.base, scene, values))
	if i < 0 || w.sum[i] < 0 {
		return 0, 0, false
	}
	return w.sum[i], w.moves[i], true
}

// weigh goes backwards from the passing ends, from those with the highest sum
// of meters to the lowest. A state belongs to the first end that it meets so,
// and is as far from it as the search has come.
func (sp *space) weigh() worth {
	w := worth{base: sp.base, seen: sp.seen.packed(len(sp.keys)), sum: slices.Repeat([]int32{-1}, len(sp.keys)), moves: make([]int32, len(sp.keys))}
	first, from := sp.reversed()
	for ends := sp.passing(); len(ends) > 0; {
		sum := ends[0].sum
		var queue []int32
		for len(ends) > 0 && ends[0].sum == sum {
			queue = append(queue, ends[0].state)
			w.sum[ends[0].state] = sum
			ends = ends[1:]
		}
		for ; len(queue) > 0; queue = queue[1:] {
			at := queue[0]
			for _, before := range from[first[at]:first[at+1]] {
				if w.sum[before] < 0 {
					w.sum[before], w.moves[before] = sum, w.moves[at]+1
					queue = append(queue, before)
				}
			}
		}
	}
	return w
}

type ending struct{ sum, state int32 }

// passing lists the states that pass, the highest sum of meters first.
func (sp *space) passing() []ending {
	var ends []ending
	values := make(Values, len(sp.base))
	for i := range int32(len(sp.keys)) {
		scene := sp.s.Scenes[sp.scene(i)]
		if !scene.IsEnd() {
			continue
		}
		sp.read(i, values)
		if sp.s.passes(scene, values) {
			ends = append(ends, ending{sp.s.sum(values), i})
		}
	}
	slices.SortFunc(ends, func(x, y ending) int { return cmp.Or(cmp.Compare(y.sum, x.sum), cmp.Compare(x.state, y.state)) })
	return ends
}

// sum adds up the meters.
func (s *Scenario) sum(values Values) int32 {
	sum := 0
	for i, v := range s.Variables {
		if v.Meter {
			sum += values[i]
		}
	}
	return int32(sum)
}

// reversed turns the choices round: those that lead to state i come from
// from[first[i]:first[i+1]].
func (sp *space) reversed() (first, from []int32) {
	first = make([]int32, len(sp.keys)+1)
	for _, to := range sp.to {
		first[to+1]++
	}
	for i := range sp.keys {
		first[i+1] += first[i]
	}
	from = make([]int32, len(sp.to))
	free := slices.Clone(first)
	for i := range int32(len(sp.keys)) {
		for _, to := range sp.next(i) {
			from[free[to]] = i
			free[to]++
		}
	}
	return first, from
}

// best returns the index of the best choice in a state, or -1 when no passing
// end can be reached any more.
func (s *Scenario) best(scene int, values Values) int {
	sum, moves, ok := s.ready.worth.of(scene, values)
	if !ok {
		return -1
	}
	after := make(Values, len(values))
	return slices.IndexFunc(s.ready.links[scene], func(l link) bool {
		if l.fatal || !l.open(values) {
			return false
		}
		copy(after, values)
		l.apply(after)
		reached, more, ok := s.ready.worth.of(l.target, after)
		return ok && reached == sum && more == moves-1
	})
}

// fits reports whether a choice that is taken loses nothing.
func (s *Scenario) fits(scene int, values Values, choice int) bool {
	sum, _, ok := s.ready.worth.of(scene, values)
	l := &s.ready.links[scene][choice]
	if !ok || l.fatal {
		return false
	}
	after := slices.Clone(values)
	l.apply(after)
	reached, _, ok := s.ready.worth.of(l.target, after)
	return ok && reached == sum
}

// BestPath returns the choices of the best path, without times; nil where
// nothing passes. The scenario must be analysed.
func (s *Scenario) BestPath() []Move {
	var path []Move
	scene, values := s.ready.scenes[s.Start], s.first()
	for {
		j := s.best(scene, values)
		if j < 0 {
			return path
		}
		path = append(path, Move{Scene: s.Scenes[scene].Anchor, Choice: j})
		l := &s.ready.links[scene][j]
		l.apply(values)
		scene = l.target
	}
}
