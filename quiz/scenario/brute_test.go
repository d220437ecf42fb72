package scenario

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyScenario draws a small scenario that is well formed, and analyses it.
// Its conditions are also kept as functions, by their texts.
func anyScenario(t *rapid.T) *Scenario {
	s, _ := drawScenario(rapid.Uint64().Draw(t, "scenario"))
	Analyse(s)
	if s.ready == nil {
		t.Fatalf("not ready: %v", Analyse(s))
	}
	return s
}

type meanings map[string]func(Values) bool

func (m meanings) of(text string) func(Values) bool {
	if text == "" {
		return func(Values) bool { return true }
	}
	return m[text]
}

// drawScenario draws evenly from one seed: rapid favours the ends of every
// range, which makes for graphs in which nothing much can be done.
func drawScenario(seed uint64) (*Scenario, meanings) {
	rnd, m := seeded(seed), meanings{}
	s := &Scenario{ID: "any", Title: "Any", Start: "s0", Ends: map[string]EndKind{}, Variables: []Variable{
		{Name: "trust", Meter: true, Start: rnd.IntN(3), Max: 2}, {Name: "margin", Meter: true, Start: 1, Max: 1 + rnd.IntN(2)}, {Name: "asked", Max: 1},
	}}
	conditions := func(odds int) string {
		if rnd.IntN(odds) > 0 {
			return ""
		}
		c := anyCondition(rnd.IntN, s.Variables, 1)
		m[c.text] = c.holds
		return c.text
	}
	n := 2 + rnd.IntN(5)
	for i := range n {
		scene := &Scene{Anchor: fmt.Sprint("s", i), Title: fmt.Sprint("s", i)}
		s.Scenes = append(s.Scenes, scene)
		for range []int{0, 2, 2, 3, 3, 4}[rnd.IntN(6)] * min(1, n-1-i) { // the last is an end
			c := &Choice{Target: fmt.Sprint("s", (i+min(1, rnd.IntN(6))+rnd.IntN(n-1))%n), Fatal: rnd.IntN(8) == 0, Effects: anyEffects(rnd, s.Variables)}
			c.Needs, c.Hidden = conditions(6), conditions(9)
			scene.Choices = append(scene.Choices, c)
		}
		if scene.IsEnd() && rnd.IntN(2) == 0 {
			s.Ends[scene.Anchor] = []EndKind{EndPass, EndFail}[rnd.IntN(2)]
		}
	}
	if s.Scenes[0].IsEnd() {
		s.Scenes[0].Choices = []*Choice{{Target: "s1"}, {Target: s.Scenes[n-1].Anchor}}
		delete(s.Ends, "s0")
	}
	s.Pass = conditions(1)
	return s.Seal(), m
}

func anyEffects(rnd *rand.Rand, variables []Variable) []Effect {
	var effects []Effect
	for _, v := range variables {
		switch what := rnd.IntN(6); {
		case what == 0:
			effects = append(effects, Effect{Name: v.Name, Set: true, By: rnd.IntN(v.Max + 1)})
		case what < 3 && v.Meter:
			effects = append(effects, Effect{Name: v.Name, By: 1 - 2*rnd.IntN(2)})
		}
	}
	return effects
}

// A brute state is a scene with values, as it reads.
type brute struct {
	scene  int
	values [3]int
}

// bruteSpace works everything out in the plainest way, with none of the code
// that it checks: all states by going on until nothing is new, reachability
// by Floyd and Warshall, the best path by trying all paths of each length.
type bruteSpace struct {
	s       *Scenario
	m       meanings
	states  []brute
	next    map[brute][]brute // by open, not fatal choice; parallel to by
	by      map[brute][]int
	shown   map[int]bool // scenes after fatal choices
	reaches map[[2]brute]bool
}

func explored(s *Scenario, m meanings) *bruteSpace {
	b := &bruteSpace{s: s, m: m, next: map[brute][]brute{}, by: map[brute][]int{}, shown: map[int]bool{}, reaches: map[[2]brute]bool{}}
	b.states = []brute{{0, [3]int{s.Variables[0].Start, s.Variables[1].Start, s.Variables[2].Start}}}
	for i := 0; i < len(b.states); i++ {
		st := b.states[i]
		for j, c := range s.Scenes[st.scene].Choices {
			if !m.of(c.Needs)(st.values[:]) || !m.of(c.Hidden)(st.values[:]) {
				continue
			}
			target := int(c.Target[1] - '0')
			if c.Fatal {
				b.shown[target] = true
				continue
			}
			to := brute{target, b.after(st.values, c)}
			b.next[st], b.by[st] = append(b.next[st], to), append(b.by[st], j)
			if !slices.Contains(b.states, to) {
				b.states = append(b.states, to)
			}
		}
	}
	for _, x := range b.states {
		for _, y := range b.next[x] {
			b.reaches[[2]brute{x, y}] = true
		}
	}
	for _, via := range b.states {
		for _, x := range b.states {
			for _, y := range b.states {
				if b.reaches[[2]brute{x, via}] && b.reaches[[2]brute{via, y}] {
					b.reaches[[2]brute{x, y}] = true
				}
			}
		}
	}
	return b
}

func (b *bruteSpace) after(values [3]int, c *Choice) [3]int {
	for _, e := range c.Effects {
		for i, v := range b.s.Variables {
			if v.Name != e.Name {
				continue
			}
			if e.Set {
				values[i] = e.By
			} else {
				values[i] = min(max(values[i]+e.By, 0), v.Max)
			}
		}
	}
	return values
}

func (b *bruteSpace) passes(st brute) bool {
	scene := b.s.Scenes[st.scene]
	kind, named := b.s.Ends[scene.Anchor]
	return scene.IsEnd() && (named && kind == EndPass || !named && b.m.of(b.s.Pass)(st.values[:]))
}

// at reports whether some state of the scene is so.
func (b *bruteSpace) at(scene int, is func(brute) bool) bool {
	return slices.ContainsFunc(b.states, func(st brute) bool { return st.scene == scene && is(st) })
}

// findings lists rule, scene and choice of everything that Analyse should
// find in a well-formed scenario.
func (b *bruteSpace) findings() []string {
	var found []string
	add := func(rule Rule, scene string, choice int) {
		found = append(found, fmt.Sprint(rule, " ", scene, " ", choice))
	}
	anywhere := func(brute) bool { return true }
	fails := len(b.shown) > 0
	passes := false
	for i, scene := range b.s.Scenes {
		played := b.at(i, anywhere)
		switch {
		case !played && !b.shown[i]:
			add(RuleUnreachable, scene.Anchor, -1)
		case !played && !scene.IsEnd():
			add(RuleAfterFatal, scene.Anchor, -1)
		}
		passes = passes || b.at(i, b.passes)
		fails = fails || scene.IsEnd() && b.at(i, func(st brute) bool { return !b.passes(st) })
		if b.at(i, func(st brute) bool { return b.stuck(st) }) {
			add(RuleDeadEnd, scene.Anchor, -1)
		}
		if played {
			for j, c := range scene.Choices {
				for _, rule := range b.choice(i, c) {
					add(rule, scene.Anchor, j)
				}
			}
		}
	}
	if !passes {
		add(RuleNoPass, "", -1)
	}
	if !fails {
		add(RuleNoFail, "", -1)
	}
	for _, scene := range b.gains() {
		add(RuleGain, b.s.Scenes[scene].Anchor, -1)
	}
	return found
}

// stuck reports whether every choice is closed, fatal ones included.
func (b *bruteSpace) stuck(st brute) bool {
	choices := b.s.Scenes[st.scene].Choices
	return len(choices) > 0 && !slices.ContainsFunc(choices, func(c *Choice) bool {
		return b.m.of(c.Needs)(st.values[:]) && b.m.of(c.Hidden)(st.values[:])
	})
}

func (b *bruteSpace) choice(scene int, c *Choice) []Rule {
	var found []Rule
	needs, hidden := b.m.of(c.Needs), b.m.of(c.Hidden)
	if !b.at(scene, func(st brute) bool { return needs(st.values[:]) && hidden(st.values[:]) }) {
		return []Rule{RuleNeedsNever}
	}
	if c.Needs != "" && !b.at(scene, func(st brute) bool { return !needs(st.values[:]) }) {
		found = append(found, RuleNeedsAlways)
	}
	if c.Hidden != "" && !b.at(scene, func(st brute) bool { return !hidden(st.values[:]) }) {
		found = append(found, RuleNeedsAlways)
	}
	return found
}

// gains lists scenes with two states u, v as the package comment has it,
// without those that can be reached from an earlier one and back.
func (b *bruteSpace) gains() []int {
	n := len(b.s.Scenes)
	linked := make([][]bool, n)
	for i := range linked {
		linked[i] = make([]bool, n)
	}
	for pair, yes := range b.reaches {
		// A way from one scene to another, though not from the same state.
		linked[pair[0].scene][pair[1].scene] = linked[pair[0].scene][pair[1].scene] || yes
	}
	for via := range n {
		for x := range n {
			for y := range n {
				linked[x][y] = linked[x][y] || linked[x][via] && linked[via][y]
			}
		}
	}
	var scenes []int
	for scene := range n {
		known := slices.ContainsFunc(scenes, func(other int) bool { return linked[scene][other] && linked[other][scene] })
		if !known && b.gainsAt(scene) {
			scenes = append(scenes, scene)
		}
	}
	return scenes
}

func (b *bruteSpace) gainsAt(scene int) bool {
	for pair := range b.reaches {
		u, v := pair[0].values, pair[1].values
		if pair[0].scene == scene && pair[1].scene == scene && u[2] == v[2] && v[0] >= u[0] && v[1] >= u[1] && v[0]+v[1] > u[0]+u[1] {
			return true
		}
	}
	return false
}

// best tries, length by length, all paths in the author's order, and returns
// the choices of the best one. A path without a state twice is enough.
func (b *bruteSpace) best() []int {
	top, paths := -1, [][]brute{{b.states[0]}}
	choices := [][]int{{}}
	var best []int
	for range b.states {
		var longer [][]brute
		var made [][]int
		for i, path := range paths {
			last := path[len(path)-1]
			if sum := last.values[0] + last.values[1]; b.passes(last) && sum > top {
				top, best = sum, choices[i]
			}
			for k, to := range b.next[last] {
				// Of paths to one state, the first in order is enough.
				if !slices.Contains(path, to) && !slices.ContainsFunc(longer, func(p []brute) bool { return p[len(p)-1] == to }) {
					longer = append(longer, append(slices.Clone(path), to))
					made = append(made, append(slices.Clone(choices[i]), b.by[last][k]))
				}
			}
		}
		paths, choices = longer, made
	}
	return best
}

// worth is the highest sum at a passing end reached from a state, or -1.
func (b *bruteSpace) worth(st brute) int {
	top := -1
	for _, end := range b.states {
		if b.passes(end) && (end == st || b.reaches[[2]brute{st, end}]) {
			top = max(top, end.values[0]+end.values[1])
		}
	}
	return top
}

func TestAnalysisAgreesWithBruteForce(t *testing.T) {
	for seed := range uint64(1000) {
		s, m := drawScenario(seed)
		b := explored(s, m)
		var got []string
		for _, p := range Analyse(s) {
			if p.Message == "" || p.Warning != slices.Contains([]Rule{RuleNoFail, RuleNeedsAlways, RuleAfterFatal}, p.Rule) {
				t.Fatalf("problem %+v", p)
			}
			got = append(got, fmt.Sprint(p.Rule, " ", p.Scene, " ", p.Choice))
		}
		want := b.findings()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("found %q\nwant  %q\nin %s", got, want, text(s))
		}
		var path []int
		for _, move := range s.BestPath() {
			path = append(path, move.Choice)
		}
		if best := b.best(); !slices.Equal(path, best) {
			t.Fatalf("the best path is %v, want %v, in %s", path, best, text(s))
		}
		b.holdFits(t)
	}
}

// holdFits compares, for every state and open choice, whether it fits.
func (b *bruteSpace) holdFits(t *testing.T) {
	for _, st := range b.states {
		worth := b.worth(st)
		for k, to := range b.next[st] {
			want := worth >= 0 && b.worth(to) == worth
			if got := b.s.fits(st.scene, st.values[:], b.by[st][k]); got != want {
				t.Fatalf("in %v choice %d fits: %v, want %v, in %s", st, b.by[st][k], got, want, text(b.s))
			}
		}
	}
}

func text(s *Scenario) string {
	out := fmt.Sprintf("%+v pass %s ends %v\n", s.Variables, s.Pass, s.Ends)
	for _, scene := range s.Scenes {
		out += scene.Anchor + "\n"
		for _, c := range scene.Choices {
			out += fmt.Sprintf("  -> %+v\n", *c)
		}
	}
	return out
}

// Tarjan's components against reachability both ways.
func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "nodes")
		next := make([][]int32, n)
		reach := make([][]bool, n)
		for i := range n {
			reach[i] = make([]bool, n)
			reach[i][i] = true
			for range rapid.IntRange(0, 3).Draw(t, "edges") {
				to := rapid.IntRange(0, n-1).Draw(t, "to")
				next[i], reach[i][to] = append(next[i], int32(to)), true
			}
		}
		for via := range n {
			for x := range n {
				for y := range n {
					reach[x][y] = reach[x][y] || reach[x][via] && reach[via][y]
				}
			}
		}
		of, count := components(int32(n), func(i int32) []int32 { return next[i] })
		if top := slices.MaxFunc(of, cmp.Compare); top != count-1 {
			t.Fatalf("%d components, the last is %d", count, top)
		}
		for x := range n {
			for y := range n {
				if (of[x] == of[y]) != (reach[x][y] && reach[y][x]) || reach[x][y] && of[x] < of[y] {
					t.Fatalf("components %v of %v", of, next)
				}
			}
		}
		if again, _ := components(int32(n), func(i int32) []int32 { return next[i] }); !reflect.DeepEqual(again, of) {
			t.Fatalf("components differ")
		}
	})
}
