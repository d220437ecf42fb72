package scenario

import (
	"fmt"
	"slices"
)

// ready is a scenario as plays need it: every name looked up, every
// expression read.
type ready struct {
	scenes map[string]int // by anchor
	links  [][]link       // by scene and choice
	pass   *Expression
	shown  []bool // by variable: in plays that count
	worth  worth
}

// A link is a choice in a scenario that is ready.
type link struct {
	target        int
	fatal         bool
	needs, hidden *Expression
	effects       []change
}

// A change is an effect on a variable by its index.
type change struct {
	variable int
	set      bool
	by, max  int
}

// open reports whether the choice may be taken.
func (l *link) open(values Values) bool { return l.hidden.Holds(values) && l.needs.Holds(values) }

// apply changes the values by the choice's effects.
func (l *link) apply(values Values) {
	for _, c := range l.effects {
		n := c.by
		if !c.set {
			n += values[c.variable]
		}
		values[c.variable] = min(max(n, 0), c.max)
	}
}

// passes grades an end.
func (s *Scenario) passes(scene *Scene, values Values) bool {
	switch s.Ends[scene.Anchor] {
	case EndPass:
		return true
	case EndFail:
		return false
	}
	return s.ready.pass != nil && s.ready.pass.Holds(values)
}

// A linker makes a scenario ready, and collects what keeps it from that.
type linker struct {
	s        *Scenario
	problems []Problem
}

func (k *linker) fail(rule Rule, scene string, choice int, format string, args ...any) {
	k.problems = append(k.problems, Problem{Rule: rule, Scene: scene, Choice: choice, Message: fmt.Sprintf(format, args...)})
}

// link fills s.ready, unless something is wrong with the form.
func (k *linker) link() {
	s := k.s
	s.ready = nil
	r := &ready{scenes: map[string]int{}, links: make([][]link, len(s.Scenes)), shown: make([]bool, len(s.Variables))}
	k.variables()
	for i, scene := range s.Scenes {
		if _, twice := r.scenes[scene.Anchor]; twice || scene.Anchor == "" {
			k.fail(RuleForm, scene.Anchor, -1, "the anchor %q belongs to another scene already", scene.Anchor)
			continue
		}
		r.scenes[scene.Anchor] = i
	}
	k.start(r)
	r.pass = k.expression(s.Pass, "", -1)
	for _, name := range s.Show {
		if i := find(s.Variables, name); i >= 0 {
			r.shown[i] = true
		} else {
			k.fail(RuleForm, "", -1, "show names %q, which is not in the state", name)
		}
	}
	for i, scene := range s.Scenes {
		for j := range scene.Choices {
			r.links[i] = append(r.links[i], k.choice(r, scene, j))
		}
	}
	if len(k.problems) == 0 {
		s.ready = r
	}
}

// variables holds what is declared against the limits.
func (k *linker) variables() {
	for i, v := range k.s.Variables {
		switch {
		case !IsName(v.Name) || find(k.s.Variables, v.Name) != i:
			k.fail(RuleForm, "", -1, "the state has a variable %q; names are lower-case words joined by hyphens, each once", v.Name)
		case !v.Meter && v.Max != 1 || v.Max < 1 || v.Max > MaxMeter || v.Start < 0 || v.Start > v.Max:
			k.fail(RuleForm, "", -1, "the variable %s is %d of %d; a meter begins between 0 and its maximum, which is at most %d, and a flag has 0 or 1 of 1", v.Name, v.Start, v.Max, MaxMeter)
		}
	}
	if n := len(k.s.Variables); n > MaxVariables {
		k.fail(RuleForm, "", -1, "the state has %d variables; at most %d can be kept", n, MaxVariables)
	}
	if n := len(k.s.Scenes); n > MaxScenes {
		k.fail(RuleForm, "", -1, "there are %d scenes; a scenario has at most %d", n, MaxScenes)
	}
}

// start sees that the play can begin.
func (k *linker) start(r *ready) {
	i, ok := r.scenes[k.s.Start]
	switch {
	case !ok:
		k.fail(RuleForm, "", -1, "the scenario starts at %q, which is no scene", k.s.Start)
	case k.s.Scenes[i].IsEnd():
		k.fail(RuleForm, k.s.Start, -1, "the scenario starts at %q, which has no choices, so nothing is played", k.s.Scenes[i].Title)
	}
}

func (k *linker) choice(r *ready, scene *Scene, j int) link {
	c := scene.Choices[j]
	l := link{fatal: c.Fatal, needs: k.expression(c.Needs, scene.Anchor, j), hidden: k.expression(c.Hidden, scene.Anchor, j)}
	var ok bool
	if l.target, ok = r.scenes[c.Target]; !ok {
		k.fail(RuleForm, scene.Anchor, j, "the choice leads to %q, which is no scene", c.Target)
	}
	if j == MaxChoices {
		k.fail(RuleForm, scene.Anchor, j, "the scene has %d choices; at most %d can be shown", len(scene.Choices), MaxChoices)
	}
	for _, e := range c.Effects {
		i := find(k.s.Variables, e.Name)
		if i < 0 {
			k.fail(RuleForm, scene.Anchor, j, "the choice changes %q, which is not in the state", e.Name)
			continue
		}
		l.effects = append(l.effects, change{i, e.Set, e.By, k.s.Variables[i].Max})
	}
	return l
}

func (k *linker) expression(text, scene string, choice int) *Expression {
	e, err := ParseExpression(text, k.s.Variables)
	if err != nil {
		k.fail(RuleForm, scene, choice, "the condition %q can't be read: %v", text, err)
	}
	return e
}

// names lists the titles of scenes for a message, the middle left out where
// there are many.
func (s *Scenario) names(scenes []int) []string {
	const most = 8
	var titles []string
	for i, scene := range scenes {
		switch {
		case len(scenes) > most && i == most/2:
			titles = append(titles, "…")
		case len(scenes) <= most || i < most/2 || i >= len(scenes)-most/2:
			titles = append(titles, s.Scenes[scene].Title)
		}
	}
	return slices.Clip(titles)
}
