package scenario

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Rule names a kind of problem. Its meaning never changes.
type Rule string

// What Analyse finds. Those that end in "a warning" leave the scenario
// playable.
const (
	RuleForm        Rule = "scenario-form"     // a name, condition, target, start or limit that can't stand
	RuleEnds        Rule = "ends-no-end"       // ends names a scene that has choices, or none
	RuleUndecided   Rule = "end-undecided"     // neither ends nor pass says how an end is graded
	RuleUnreachable Rule = "unreachable-scene" // no play comes there
	RuleDeadEnd     Rule = "dead-end"          // every choice of a scene is closed
	RuleNoPass      Rule = "no-way-to-pass"    // no play passes
	RuleNoFail      Rule = "no-way-to-fail"    // every play passes; a warning
	RuleNeedsNever  Rule = "needs-never"       // nothing ever opens the choice
	RuleNeedsAlways Rule = "needs-always"      // the choice's condition never closes it; a warning
	RuleBeyond      Rule = "beyond-meter"      // a comparison with more than the meter holds; a warning
	RuleAfterFatal  Rule = "after-fatal"       // choices that no play is offered; a warning
	RuleGain        Rule = "endless-gain"      // a loop gains without bound
	RuleLarge       Rule = "too-many-states"   // the states can't all be explored
)

// A Problem is something in a scenario that its author should mend.
type Problem struct {
	Rule    Rule
	Scene   string // anchor; empty where the scenario as a whole is meant
	Choice  int    // index in the scene, or -1
	Warning bool
	Message string
}

// IsError reports whether the scenario can't be published with it.
func (p Problem) IsError() bool { return !p.Warning }

// Analyse makes the scenario ready to be played, and returns what is wrong
// with it, in the order of scenes and choices. It must be called before the
// scenario is shared between goroutines.
func Analyse(s *Scenario) []Problem {
	k := &linker{s: s}
	k.link()
	if s.ready == nil {
		return k.problems
	}
	a := &analysis{linker: k}
	if a.ends(); len(a.problems) > 0 {
		return a.problems // what passes is not known
	}
	a.beyond()
	base, size, ok := s.bases()
	if !ok {
		a.fail(RuleLarge, "", -1, "the state has so many variables that its combinations can't be counted; keep fewer, or lower maxima")
		return a.problems
	}
	a.space = newSpace(s, base, size)
	a.space.explore()
	if a.space.large {
		a.fail(RuleLarge, "", -1, "more than %d combinations of scene and state can be reached, so this scenario can't be checked; keep fewer variables, lower maxima, or close loops with a flag", MaxStates)
		return a.problems
	}
	s.ready.worth = a.space.weigh()
	a.scenes()
	a.whole()
	a.gains()
	slices.SortStableFunc(a.problems, func(x, y Problem) int {
		return cmp.Or(cmp.Compare(a.place(x), a.place(y)), cmp.Compare(x.Choice, y.Choice))
	})
	return a.problems
}

type analysis struct {
	*linker
	space *space
}

// place orders problems by scenes; those of the whole come first.
func (a *analysis) place(p Problem) int {
	if i, ok := a.s.ready.scenes[p.Scene]; ok {
		return i
	}
	return -1
}

func (a *analysis) warn(rule Rule, scene string, choice int, format string, args ...any) {
	a.fail(rule, scene, choice, format, args...)
	a.problems[len(a.problems)-1].Warning = true
}

// ends sees that every end is graded.
func (a *analysis) ends() {
	for _, anchor := range slices.Sorted(maps.Keys(a.s.Ends)) {
		scene := a.s.Scene(anchor)
		switch {
		case scene == nil:
			a.fail(RuleEnds, anchor, -1, "ends names %q, which is no scene", anchor)
		case !scene.IsEnd():
			a.fail(RuleEnds, anchor, -1, "ends names %q, which has choices and so is no end", scene.Title)
		}
	}
	for _, scene := range a.s.Scenes {
		if scene.IsEnd() && a.s.Ends[scene.Anchor] == "" && a.s.ready.pass == nil {
			a.fail(RuleUndecided, scene.Anchor, -1, "nothing says whether %q is a pass; name it in ends, or write a pass condition", scene.Title)
		}
	}
}

// beyond names comparisons with numbers that a meter never reaches.
func (a *analysis) beyond() {
	tell := func(e *Expression, scene string, choice int) {
		if e == nil {
			return
		}
		for _, b := range e.Beyond() {
			a.warn(RuleBeyond, scene, choice, "%s goes up to %d, so a comparison with %d is decided beforehand; write a number from 0 to %d", b.Name, b.Max, b.Number, b.Max)
		}
	}
	tell(a.s.ready.pass, "", -1)
	for i, links := range a.s.ready.links {
		for j, l := range links {
			tell(l.needs, a.s.Scenes[i].Anchor, j)
			tell(l.hidden, a.s.Scenes[i].Anchor, j)
		}
	}
}

// scenes judges scene by scene what exploring found.
func (a *analysis) scenes() {
	played := make([]bool, len(a.s.Scenes)) // reached without a fatal choice
	for i := range int32(len(a.space.keys)) {
		played[a.space.scene(i)] = true
	}
	for i, scene := range a.s.Scenes {
		switch {
		case !a.space.visited[i]:
			a.unreachable(scene)
		case played[i]:
			a.choices(i, scene)
		case !scene.IsEnd():
			a.warn(RuleAfterFatal, scene.Anchor, -1, "%q is reached only by a fatal choice, after which the play is over; its choices are never offered", scene.Title)
		}
		if state := a.space.dead[i]; state >= 0 {
			a.fail(RuleDeadEnd, scene.Anchor, -1, "with %s every choice of %q is closed; the way there: %s. Leave one choice open",
				a.s.describe(a.space.values(state)), scene.Title, strings.Join(a.s.names(a.space.route(state)), " → "))
		}
	}
}

func (a *analysis) unreachable(scene *Scene) {
	for _, other := range a.s.Scenes {
		for _, c := range other.Choices {
			if other != scene && c.Target == scene.Anchor {
				a.fail(RuleUnreachable, scene.Anchor, -1, "no play comes to %q: choices lead there, such as in %q, but none of them can ever be taken", scene.Title, other.Title)
				return
			}
		}
	}
	a.fail(RuleUnreachable, scene.Anchor, -1, "no choice leads to %q; lead one there, or take the scene out", scene.Title)
}

// choices judges the conditions of a scene that is played.
func (a *analysis) choices(i int, scene *Scene) {
	for j, use := range a.space.use[i] {
		l := &a.s.ready.links[i][j]
		switch {
		case !use.open:
			a.fail(RuleNeedsNever, scene.Anchor, j, "this choice can never be taken: whatever was chosen before, %s does not hold here", conditions(l))
			continue
		case l.needs != nil && use.needless:
			a.warn(RuleNeedsAlways, scene.Anchor, j, "whatever was chosen before, %s holds here, so it closes nothing; take it out, or ask for more", l.needs)
		}
		if l.hidden != nil && use.shown {
			a.warn(RuleNeedsAlways, scene.Anchor, j, "whatever was chosen before, %s holds here, so it hides nothing; take it out, or ask for more", l.hidden)
		}
	}
}

// conditions writes what a choice asks for.
func conditions(l *link) string {
	switch {
	case l.hidden == nil:
		return l.needs.String()
	case l.needs == nil:
		return l.hidden.String()
	}
	return l.needs.String() + " together with " + l.hidden.String()
}

// whole judges the scenario as a whole.
func (a *analysis) whole() {
	s, passes, fails := a.s, false, a.space.fatal
	values := make(Values, len(s.Variables))
	for i := range int32(len(a.space.keys)) {
		if scene := s.Scenes[a.space.scene(i)]; scene.IsEnd() {
			a.space.read(i, values)
			if s.passes(scene, values) {
				passes = true
			} else {
				fails = true
			}
		}
	}
	if !passes {
		a.fail(RuleNoPass, "", -1, "no play can pass: no end that %s can be reached without a fatal choice", passing(s))
	}
	if !fails {
		a.warn(RuleNoFail, "", -1, "no play can fail, so passing proves nothing; add a choice that costs, or a fatal one")
	}
}

func passing(s *Scenario) string {
	if s.ready.pass == nil {
		return "ends: calls a pass"
	}
	return fmt.Sprintf("ends: calls a pass, or at which %s holds,", s.ready.pass)
}

// gains names loops that gain without bound.
func (a *analysis) gains() {
	found, large := a.space.gains()
	for _, g := range found {
		scene := a.s.Scenes[a.space.scene(g.from)]
		a.fail(RuleGain, scene.Anchor, -1, "one can go round here and gain without bound: from %s to %s, by way of %s. Let the loop cost something, or close it with a flag",
			a.s.describe(a.space.values(g.from)), a.s.describe(a.space.values(g.to)), strings.Join(a.s.names(a.space.way(g.from, g.to)), " → "))
	}
	for _, scene := range large {
		a.fail(RuleLarge, a.s.Scenes[scene].Anchor, -1, "the loop through %q has too many combinations of scene and state to be checked; keep fewer variables, lower maxima, or close the loop with a flag", a.s.Scenes[scene].Title)
	}
}

// describe writes values for a message: "trust 5, homework no".
func (s *Scenario) describe(values Values) string {
	var all []string
	for i, v := range s.Variables {
		if v.Meter {
			all = append(all, fmt.Sprintf("%s %d", v.Name, values[i]))
		} else {
			all = append(all, v.Name+" "+[]string{"no", "yes"}[values[i]])
		}
	}
	if len(all) == 0 {
		return "nothing in the state"
	}
	return strings.Join(all, ", ")
}
