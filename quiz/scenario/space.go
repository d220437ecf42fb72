package scenario

import (
	"math"
	"slices"
)

// A space is all states that plays of a scenario can reach without a fatal
// choice, in the order in which a breadth-first search meets them. It meets
// choices in the author's order: so the way by which a state was first met
// is the shortest to it, and among those the first in the author's order.
type space struct {
	s     *Scenario
	base  []uint64 // what one step of a variable adds to a key
	seen  index
	keys  []uint64
	depth []int32 // choices from the start
	from  []int32 // the state before, on the way by which it was first met
	// The open, not fatal choices of state i are to[first[i]:first[i+1]].
	first []int32
	to    []int32

	visited []bool // by scene: shown in some play, after a fatal choice too
	fatal   bool   // some fatal choice can be taken
	use     [][]use
	dead    []int32 // by scene: its first state in which nothing is open, or -1
	large   bool    // exploring stopped at MaxStates
}

// use says of a choice what was found in all states of its scene.
type use struct {
	open, needless, shown bool // ever open; needs, hidden always hold
}

// base returns for each variable what a step of it adds to a key, or false
// when there are more states than keys.
func (s *Scenario) bases() ([]uint64, uint64, bool) {
	size := uint64(len(s.Scenes))
	var base []uint64
	for _, v := range s.Variables {
		base = append(base, size)
		if size > math.MaxUint64/2/uint64(v.Max+1) {
			return nil, 0, false
		}
		size *= uint64(v.Max + 1)
	}
	return base, size, true
}

func newSpace(s *Scenario, base []uint64, size uint64) *space {
	sp := &space{s: s, base: base, seen: newIndex(size), visited: make([]bool, len(s.Scenes))}
	for _, scene := range s.Scenes {
		sp.dead = append(sp.dead, -1)
		sp.use = append(sp.use, slices.Repeat([]use{{needless: true, shown: true}}, len(scene.Choices)))
	}
	return sp
}

// key writes a state as one number.
func key(base []uint64, scene int, values Values) uint64 {
	k := uint64(scene)
	for i, v := range values {
		k += base[i] * uint64(v)
	}
	return k
}

// scene returns the scene of a state.
func (sp *space) scene(state int32) int { return int(sp.keys[state] % uint64(len(sp.s.Scenes))) }

// read puts a state's values into a list.
func (sp *space) read(state int32, into Values) {
	rest := sp.keys[state] / uint64(len(sp.s.Scenes))
	for i, v := range sp.s.Variables {
		into[i] = int(rest % uint64(v.Max+1))
		rest /= uint64(v.Max + 1)
	}
}

func (sp *space) values(state int32) Values {
	values := make(Values, len(sp.s.Variables))
	sp.read(state, values)
	return values
}

// explore meets all states, up to the limits.
func (sp *space) explore() {
	start := sp.s.ready.scenes[sp.s.Start]
	sp.meet(start, key(sp.base, start, sp.s.first()), -1, 0)
	before, after := make(Values, len(sp.base)), make(Values, len(sp.base))
	for i := int32(0); int(i) < len(sp.keys); i++ {
		sp.first = append(sp.first, int32(len(sp.to)))
		if len(sp.keys) > MaxStates {
			sp.large = true
			return
		}
		if sp.depth[i] < MaxMoves {
			sp.read(i, before)
			sp.expand(i, before, after)
		}
	}
	sp.first = append(sp.first, int32(len(sp.to)))
}

// expand follows the choices of one state.
func (sp *space) expand(state int32, before, after Values) {
	scene := sp.scene(state)
	links := sp.s.ready.links[scene]
	stuck := len(links) > 0
	for j := range links {
		l, u := &links[j], &sp.use[scene][j]
		needs, hidden := l.needs.Holds(before), l.hidden.Holds(before)
		u.needless, u.shown = u.needless && needs, u.shown && hidden
		if !needs || !hidden {
			continue
		}
		u.open, stuck = true, false
		if l.fatal {
			sp.fatal, sp.visited[l.target] = true, true
			continue
		}
		copy(after, before)
		l.apply(after)
		sp.to = append(sp.to, sp.meet(l.target, key(sp.base, l.target, after), state, sp.depth[state]+1))
	}
	if stuck && sp.dead[scene] < 0 {
		sp.dead[scene] = state
	}
}

// meet returns the number of a state, which is new or not.
func (sp *space) meet(scene int, key uint64, from, depth int32) int32 {
	if i := sp.seen.get(key); i >= 0 {
		return i
	}
	i := int32(len(sp.keys))
	sp.seen.put(key, i)
	sp.keys, sp.from, sp.depth = append(sp.keys, key), append(sp.from, from), append(sp.depth, depth)
	sp.visited[scene] = true
	return i
}

// next lists the states to which the choices of one lead.
func (sp *space) next(state int32) []int32 { return sp.to[sp.first[state]:sp.first[state+1]] }

// route lists the scenes on the way by which a state was first met.
func (sp *space) route(state int32) []int {
	var scenes []int
	for ; state >= 0; state = sp.from[state] {
		scenes = append(scenes, sp.scene(state))
	}
	slices.Reverse(scenes)
	return scenes
}

// An index finds a state's number by its key: in a list as long as there are
// keys where these are few, which is much faster, else in a map.
type index struct {
	list []int32 // number + 1; 0 is none
	keys map[uint64]int32
}

const maxList = 1 << 20

func newIndex(size uint64) index {
	if size <= maxList {
		return index{list: make([]int32, size)}
	}
	return index{keys: map[uint64]int32{}}
}

// get returns the number, or -1.
func (x *index) get(key uint64) int32 {
	if x.list != nil {
		return x.list[key] - 1
	}
	if i, ok := x.keys[key]; ok {
		return i
	}
	return -1
}

func (x *index) put(key uint64, number int32) {
	if x.list != nil {
		x.list[key] = number + 1
	} else {
		x.keys[key] = number
	}
}

// packed is an index of the same n numbers that takes less memory where the
// list is mostly empty: for what stays, when all searching is done.
func (x *index) packed(n int) index {
	if len(x.list) <= 8*n {
		return *x
	}
	small := make(map[uint64]int32, n)
	for key, number := range x.list {
		if number != 0 {
			small[uint64(key)] = number - 1
		}
	}
	return index{keys: small}
}
