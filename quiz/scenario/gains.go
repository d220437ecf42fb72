package scenario

import (
	"cmp"
	"math/bits"
	"slices"
)

// A gain is a loop that can be gone round for more: two states of one scene,
// the second reached from the first.
type gain struct{ from, to int32 }

// maxWork bounds the search in one knot of scenes, to about a second.
const maxWork = 1_000_000_000

// gains finds, in each knot of scenes that can be reached from one another,
// the first scene with a gain. A knot with too many states is left out and
// reported by one of its scenes.
func (sp *space) gains() (found []gain, large []int) {
	of, states := sp.knots()
	place := make([]int32, len(sp.keys))
	for _, members := range states {
		k := &knot{sp: sp, of: of, states: members, place: place}
		steps, grows := k.steps()
		if !grows {
			continue
		}
		if len(members)/64*(len(members)+steps) > maxWork {
			large = append(large, sp.scene(members[0]))
			continue
		}
		k.prepare(steps)
		if g, ok := k.search(); ok {
			found = append(found, g)
		}
	}
	slices.SortFunc(found, func(x, y gain) int { return cmp.Compare(sp.scene(x.from), sp.scene(y.from)) })
	return found, large
}

// knots returns each scene's knot and each knot's states.
func (sp *space) knots() (of []int32, states [][]int32) {
	n := len(sp.s.Scenes)
	linked := make([]bool, n*n)
	for i := range int32(len(sp.keys)) {
		for _, to := range sp.next(i) {
			linked[sp.scene(i)*n+sp.scene(to)] = true
		}
	}
	next := make([][]int32, n)
	for i, yes := range linked {
		if yes {
			next[i/n] = append(next[i/n], int32(i%n))
		}
	}
	of, count := components(int32(n), func(scene int32) []int32 { return next[scene] })
	states = make([][]int32, count)
	for i := range int32(len(sp.keys)) {
		k := of[sp.scene(i)]
		states[k] = append(states[k], i)
	}
	return of, states
}

// A knot is scenes that can be reached from one another, with their states,
// which have their places in it.
type knot struct {
	sp     *space
	of     []int32   // by scene: its knot
	states []int32   // by place
	place  []int32   // by state
	next   [][]int32 // by place: the places reached within the knot
	part   []int32   // by place: its strongly connected component
	order  []int32   // places by component, those reached first
	flags  []uint64  // by place: the flags' part of the key
	values []Values  // by place
}

// own reports whether a state belongs to the knot.
func (k *knot) own(state int32) bool { return k.of[k.sp.scene(state)] == k.of[k.sp.scene(k.states[0])] }

// steps counts the choices that stay within the knot, and reports whether one
// of them raises a meter: where none does, there is nothing to search for.
func (k *knot) steps() (count int, grows bool) {
	before, after := make(Values, len(k.sp.base)), make(Values, len(k.sp.base))
	for _, state := range k.states {
		k.sp.read(state, before)
		for _, to := range k.sp.next(state) {
			if !k.own(to) {
				continue
			}
			count++
			if grows {
				continue
			}
			k.sp.read(to, after)
			for i, v := range k.sp.s.Variables {
				grows = grows || v.Meter && after[i] > before[i]
			}
		}
	}
	return count, grows
}

// prepare gathers the knot's graph, which has so many steps.
func (k *knot) prepare(steps int) {
	n, width := len(k.states), len(k.sp.base)
	all, next := make(Values, n*width), make([]int32, 0, steps)
	k.values, k.flags, k.next = make([]Values, n), make([]uint64, n), make([][]int32, n)
	k.order = make([]int32, n)
	for i, state := range k.states {
		k.place[state], k.order[i] = int32(i), int32(i)
	}
	for i, state := range k.states {
		k.values[i] = all[i*width : (i+1)*width]
		k.sp.read(state, k.values[i])
		k.flags[i] = k.flagsOf(k.values[i])
		first := len(next)
		for _, to := range k.sp.next(state) {
			if k.own(to) {
				next = append(next, k.place[to])
			}
		}
		k.next[i] = next[first:]
	}
	var parts int32
	k.part, parts = components(int32(n), func(i int32) []int32 { return k.next[i] })
	k.order = counted(k.order, int(parts), func(place int32) int { return int(k.part[place]) })
}

// counted sorts places by a number from 0 to n-1; those with equal numbers stay
// in their order. There are too many places to compare them with one another.
func counted(places []int32, n int, number func(int32) int) []int32 {
	first := make([]int32, n+1)
	for _, place := range places {
		first[number(place)+1]++
	}
	for i := range n {
		first[i+1] += first[i]
	}
	sorted := make([]int32, len(places))
	for _, place := range places {
		i := number(place)
		sorted[first[i]] = place
		first[i]++
	}
	return sorted
}

func (k *knot) flagsOf(values Values) uint64 {
	var flags uint64
	for i, v := range k.sp.s.Variables {
		if !v.Meter {
			flags += k.sp.base[i] * uint64(values[i])
		}
	}
	return flags
}

// search goes through the scenes in the author's order. Within a scene states
// with the same flags stand together, and 64 are searched for at once.
func (k *knot) search() (gain, bool) {
	places := k.byScene()
	reached := make([]uint64, slices.Max(k.part)+1)
	for from := 0; from < len(places); {
		to := from + 1
		for to < len(places) && k.alike(places[from], places[to]) {
			to++
		}
		group := places[from:to]
		for targets := range slices.Chunk(k.candidates(group), 64) {
			k.reach(group, targets, reached)
			if g, ok := k.compare(group, targets, reached); ok {
				return g, true
			}
		}
		from = to
	}
	return gain{}, false
}

// byScene lists the places by scene, and in a scene by flags; among those that
// are alike the one that was met first is the first.
func (k *knot) byScene() []int32 {
	places := make([]int32, len(k.states))
	for i := range places {
		places[i] = int32(i)
	}
	places = counted(places, len(k.sp.s.Scenes), func(place int32) int { return k.sp.scene(k.states[place]) })
	for from := 0; from < len(places); {
		to := from + 1
		for to < len(places) && k.sp.scene(k.states[places[to]]) == k.sp.scene(k.states[places[from]]) {
			to++
		}
		slices.SortFunc(places[from:to], func(x, y int32) int { return cmp.Or(cmp.Compare(k.flags[x], k.flags[y]), cmp.Compare(x, y)) })
		from = to
	}
	return places
}

// alike reports whether two places are of one scene, with equal flags.
func (k *knot) alike(x, y int32) bool {
	return k.flags[x] == k.flags[y] && k.sp.scene(k.states[x]) == k.sp.scene(k.states[y])
}

// maxCompared is up to how many places of a group are compared with each
// other, before it is asked which can be reached.
const maxCompared = 256

// candidates lists the places of a group that are higher than another one of
// it which they may be reached from; of a large group, simply all.
func (k *knot) candidates(group []int32) []int32 {
	if len(group) > maxCompared {
		return group
	}
	var found []int32
	for _, target := range group {
		if slices.ContainsFunc(group, func(place int32) bool {
			return k.part[place] >= k.part[target] && k.higher(k.values[target], k.values[place])
		}) {
			found = append(found, target)
		}
	}
	return found
}

// reach notes for each component which of the targets, one bit each, can be
// reached from it. Only the components between those of the targets and those
// of the group matter, because none reaches one with a higher number.
func (k *knot) reach(group, targets []int32, reached []uint64) {
	low, high := k.part[targets[0]], k.part[group[0]]
	for _, place := range targets {
		low = min(low, k.part[place])
	}
	for _, place := range group {
		high = max(high, k.part[place])
	}
	clear(reached)
	for i, place := range targets {
		reached[k.part[place]] |= 1 << i
	}
	byPart := func(place, part int32) int { return cmp.Compare(k.part[place], part) }
	from, _ := slices.BinarySearchFunc(k.order, low, byPart)
	to, _ := slices.BinarySearchFunc(k.order, high+1, byPart)
	for _, place := range k.order[from:to] {
		bits := reached[k.part[place]]
		for _, to := range k.next[place] {
			bits |= reached[k.part[to]]
		}
		reached[k.part[place]] = bits
	}
}

// compare looks for a state of the group from which a higher target can be
// reached.
func (k *knot) compare(group, targets []int32, reached []uint64) (gain, bool) {
	for _, place := range group {
		for left := reached[k.part[place]]; left != 0; left &= left - 1 {
			target := targets[bits.TrailingZeros64(left)]
			if k.higher(k.values[target], k.values[place]) {
				return gain{k.states[place], k.states[target]}, true
			}
		}
	}
	return gain{}, false
}

// higher reports whether no meter of the one is lower, and some higher.
func (k *knot) higher(one, other Values) bool {
	some := false
	for i, v := range k.sp.s.Variables {
		if v.Meter && one[i] < other[i] {
			return false
		}
		some = some || v.Meter && one[i] > other[i]
	}
	return some
}

// way lists the scenes of the shortest way between two states.
func (sp *space) way(from, to int32) []int {
	before := map[int32]int32{from: -1}
	for queue := []int32{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range sp.next(queue[0]) {
			if _, met := before[next]; !met {
				before[next] = queue[0]
				queue = append(queue, next)
			}
		}
	}
	var scenes []int
	for state := to; state >= 0; state = before[state] {
		scenes = append(scenes, sp.scene(state))
	}
	slices.Reverse(scenes)
	return scenes
}
