package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnalysisByHand(t *testing.T) {
	const frame = "\nwon:\nlost:\n"
	for name, c := range map[string]struct {
		text  string
		found []string // rule scene choice: what the message says
	}{
		"nothing": {"state: trust 5 of 10\nends: won pass, lost fail\ncall: won | lost", nil},
		"an end of its own": {"state: trust 5 of 10\nends: won pass, lost fail, island fail\ncall: won | lost\nisland:", []string{
			"unreachable-scene island -1: no choice leads to \"island\"",
		}},
		"only closed choices lead there": {"state: trust 5 of 10\nends: won pass, lost fail, far fail\ncall: won | lost | far needs: trust > 5\nfar:", []string{
			"needs-never call 2: whatever was chosen before, trust > 5 does not hold here",
			"unreachable-scene far -1: choices lead there, such as in \"call\", but none of them can ever be taken",
		}},
		"a dead end": {"state: trust 5 of 10, asked no\nends: won pass, lost fail\ncall: next trust -1 | lost\nnext: won needs: trust >= 5 | won needs hidden: asked | call asked = yes; needs: trust >= 5", []string{
			"dead-end next -1: with trust 4, asked no every choice of \"next\" is closed; the way there: call → next. Leave one choice open",
			"needs-never next 0: trust >= 5", "needs-never next 1: asked", "needs-never next 2: trust >= 5",
			"no-way-to-pass  -1: no end that ends: calls a pass can be reached",
			"unreachable-scene won -1: choices lead there, such as in \"next\"",
		}},
		"no way to pass": {"state: trust 5 of 10\npass: trust > 6\nends: lost fail\ncall: won trust +1 | lost | sworn trust +9; fatal\nsworn:", []string{
			"no-way-to-pass  -1: no end that ends: calls a pass, or at which trust > 6 holds, can be reached",
		}},
		"no way to fail": {"state: trust 5 of 10\npass: trust > 4\ncall: won | lost trust +1", []string{"no-way-to-fail  -1: no play can fail"}},
		"conditions that always hold": {"state: trust 5 of 10, asked no\nends: won pass, lost fail\ncall: won needs: trust >= 5; needs hidden: not asked | lost", []string{
			"needs-always call 0: trust >= 5 holds here, so it closes nothing", "needs-always call 0: not asked holds here, so it hides nothing",
		}},
		"both conditions, but never at once": {"state: asked no\nends: won pass, lost fail\ncall: won | lost | call asked = yes | won needs: asked; needs hidden: not asked", []string{
			"needs-never call 3: asked together with not asked does not hold",
		}},
		"more than a meter holds": {"state: trust 5 of 10\npass: trust >= 11\nends: won pass, lost fail\ncall: won | lost | lost needs: trust < 12", []string{
			"beyond-meter  -1: trust goes up to 10, so a comparison with 11 is decided beforehand", "beyond-meter call 2: with 12",
			"needs-always call 2: trust < 12",
		}},
		"after a fatal choice": {"state: trust 5 of 10\nends: won pass, lost fail\ncall: won | lost | sworn fatal\nsworn: won | lost needs: trust > 7", []string{
			"after-fatal sworn -1: \"sworn\" is reached only by a fatal choice",
		}},
		"a gain": {"state: trust 5 of 10\nends: won pass, lost fail\ncall: why trust +1 | won | lost\nwhy: call", []string{
			"endless-gain call -1: from trust 5 to trust 6, by way of call → why → call",
		}},
		"a gain by the way of two rounds": {"state: trust 2 of 9, margin 2 of 9, turn no\nends: won pass, lost fail\ncall: up needs: not turn | down needs: turn | won | lost\nup: call trust +3; margin -1; turn = yes\ndown: call margin +2; trust -1; turn = no", []string{
			"endless-gain call -1: from trust 2, margin 2, turn no to trust 4, margin 3, turn no, by way of call → up → call → down → call",
		}},
		"a gain of scenes in one knot is told once": {"state: trust 0 of 5\nends: won pass, lost fail\na: b trust +1 | lost\nb: c | a\nc: a | won", []string{"endless-gain a -1: by way of a → b → a"}},
		"two knots":             {"state: trust 0 of 5\nends: won pass, lost fail\na: a trust +1 | b\nb: b trust +2 | won | lost", []string{"endless-gain a -1: from trust 0 to trust 1", "endless-gain b -1: from trust 0 to trust 2"}},
		"a loop that costs":     {"state: trust 5 of 9, margin 5 of 9\nends: won pass, lost fail\ncall: call trust +1; margin -1; needs: margin > 0 | won | lost", nil},
		"a loop behind a flag":  {"state: trust 5 of 9, asked no\nends: won pass, lost fail\ncall: call trust +1; asked = yes; needs: not asked | won | lost", nil},
		"a loop to a set value": {"state: trust 5 of 9\nends: won pass, lost fail\ncall: call trust = 7; needs: trust != 7 | won | lost", []string{"endless-gain call -1: from trust 5 to trust 7"}},
		"ends that are none": {"ends: won pass, lost fail, call pass, nowhere fail\ncall: won | lost", []string{
			`ends-no-end nowhere -1: ends names "nowhere", which is no scene`, `ends-no-end call -1: ends names "call", which has choices`,
		}},
		"nothing grades an end": {"ends: won pass\ncall: won | lost", []string{`end-undecided lost -1: nothing says whether "lost" is a pass`}},
	} {
		s := write(t, c.text+frame)
		holdProblems(t, name, Analyse(s), c.found)
	}
}

// holdProblems compares problems with "RULE SCENE CHOICE: part of the message".
func holdProblems(t *testing.T, name string, problems []Problem, want []string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s %s %d: %s", p.Rule, p.Scene, p.Choice, p.Message))
	}
	left := slices.Clone(want)
	for _, line := range got {
		i := slices.IndexFunc(left, func(w string) bool {
			place, says, _ := strings.Cut(w, ": ")
			return strings.HasPrefix(line, place+": ") && strings.Contains(line, says)
		})
		if i < 0 {
			t.Errorf("%s: found %s", name, line)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, w := range left {
		t.Errorf("%s: not found: %s", name, w)
	}
}

func TestOrderOfProblems(t *testing.T) {
	s := write(t, "state: trust 5 of 10\npass: trust > 4\na: b needs: trust > 7 | b needs: trust > 8 | b | c\nb: c needs: trust > 9 | c\nc:")
	var got []string
	for _, p := range Analyse(s) {
		got = append(got, fmt.Sprintf("%s%d%v", p.Scene, p.Choice, p.IsError()))
	}
	if want := []string{"-1false", "a0true", "a1true", "b0true"}; !slices.Equal(got, want) {
		t.Errorf("problems at %v, want %v", got, want)
	}
}

func TestForm(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Scenario)
		found  []string
	}{
		"a start that is no scene": {func(s *Scenario) { s.Start = "nowhere" }, []string{`scenario-form  -1: starts at "nowhere"`}},
		"a start that is an end":   {func(s *Scenario) { s.Start = "lost" }, []string{`scenario-form lost -1: starts at "lost", which has no choices`}},
		"a target that is none":    {func(s *Scenario) { s.Scenes[0].Choices[1].Target = "x" }, []string{`scenario-form call 1: leads to "x", which is no scene`}},
		"a scene twice":            {func(s *Scenario) { s.Scenes[1].Anchor = "call" }, []string{`scenario-form call -1: belongs to another scene`, `scenario-form call 1: leads to "why"`}},
		"a variable twice":         {func(s *Scenario) { s.Variables = append(s.Variables, s.Variables[0]) }, []string{`scenario-form  -1: a variable "trust"`}},
		"a variable out of bounds": {func(s *Scenario) { s.Variables[0].Start = 11 }, []string{`scenario-form  -1: trust is 11 of 10`}},
		"a flag of three":          {func(s *Scenario) { s.Variables[2].Max = 2 }, []string{`scenario-form  -1: homework is 0 of 2`}},
		"a meter that is too long": {func(s *Scenario) { s.Variables[0].Max = MaxMeter + 1 }, []string{`scenario-form  -1: trust is 5 of 101`}},
		"a condition":              {func(s *Scenario) { s.Scenes[0].Choices[2].Needs = "trust >=" }, []string{`scenario-form call 2: the condition "trust >=" can't be read: the expression ends`}},
		"the pass condition":       {func(s *Scenario) { s.Pass = "trsut > 5" }, []string{`scenario-form  -1: the condition "trsut > 5"`}},
		"an effect":                {func(s *Scenario) { s.Scenes[0].Choices[0].Effects[0].Name = "luck" }, []string{`scenario-form call 0: changes "luck"`}},
		"what is shown":            {func(s *Scenario) { s.Show = []string{"luck"} }, []string{`scenario-form  -1: show names "luck"`}},
		"too many choices": {func(s *Scenario) {
			s.Scenes[0].Choices = slices.Repeat(s.Scenes[0].Choices[:1], MaxChoices+2)
		}, []string{`scenario-form call 20: the scene has 22 choices`}},
		"too many scenes": {func(s *Scenario) {
			for i := range MaxScenes {
				s.Scenes = append(s.Scenes, &Scene{Anchor: fmt.Sprint("more", i)})
			}
		}, []string{`scenario-form  -1: there are 508 scenes`}},
		"too many variables": {func(s *Scenario) {
			for i := range MaxVariables {
				s.Variables = append(s.Variables, Variable{Name: fmt.Sprintf("v%d", i), Max: 1})
			}
		}, []string{`scenario-form  -1: the state has 23 variables`}},
	} {
		s := write(t, firstCall)
		c.change(s)
		holdProblems(t, name, Analyse(s), c.found)
		if s.ready != nil {
			t.Errorf("%s: the scenario can be played", name)
		}
	}
}

// Meters that together have far more values than can be told apart, or
// explored, are named, and cost no more than the limit.
func TestTooManyStates(t *testing.T) {
	holdProblems(t, "keys", Analyse(write(t, metersOf(12, 100)+"ends: won pass, lost fail\ncall: won | lost\nwon:\nlost:")), []string{"too-many-states  -1: can't be counted"})
	s := write(t, metersOf(4, 100)+"ends: won pass, lost fail\ncall: call ma +1 | call mb +1 | call mc +1 | call md +1 | won | lost\nwon:\nlost:")
	holdProblems(t, "states", Analyse(s), []string{"too-many-states  -1: more than 500000 combinations"})
	s = write(t, metersOf(4, 22)+"ends: won pass, lost fail\ncall: call ma +1; mb -1 | call mb +1; ma -1 | call mc +1 | call md +1 | won | lost\nwon:\nlost:")
	holdProblems(t, "a loop", Analyse(s), []string{"too-many-states call -1: the loop through \"call\""})
}

// metersOf declares meters ma, mb … from 0 to the most.
func metersOf(n, most int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("m%c 0 of %d", 'a'+i, most))
	}
	return "state: " + strings.Join(all, ", ") + "\n"
}

// What is found doesn't depend on how states are looked up: variables that
// nothing changes make the keys too many for a list.
func TestManyKeys(t *testing.T) {
	few := write(t, firstCall)
	lots := write(t, strings.Replace(firstCall, "homework no", "homework no, ma 1 of 100, mb 0 of 100, mc 0 of 100", 1))
	holdProblems(t, "few", Analyse(few), nil)
	holdProblems(t, "lots", Analyse(lots), nil)
	if _, size, ok := few.bases(); !ok || size > maxList {
		t.Fatalf("the few are not looked up in a list: %d keys", size)
	}
	if _, size, ok := lots.bases(); !ok || size <= maxList {
		t.Fatalf("the lots are looked up in a list: %d keys", size)
	}
	if !slices.Equal(few.BestPath(), lots.BestPath()) || len(few.BestPath()) != 5 {
		t.Errorf("the best path is %v, with more variables %v", few.BestPath(), lots.BestPath())
	}
}

// An index says the same when it is packed, and is left as it is where the
// list is not mostly empty.
func TestPackedIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Uint64Range(1, 400).Draw(t, "size")
		keys := rapid.SliceOfNDistinct(rapid.Uint64Range(0, size-1), 0, int(min(size, 60)), rapid.ID[uint64]).Draw(t, "keys")
		x := newIndex(size)
		for number, key := range keys {
			x.put(key, int32(number))
		}
		packed := x.packed(len(keys))
		if inList := packed.list != nil; inList != (int(size) <= 8*len(keys)) {
			t.Errorf("%d of %d keys: in a list %t", len(keys), size, inList)
		}
		for key := range size {
			if got, want := packed.get(key), x.get(key); got != want {
				t.Errorf("key %d: %d, unpacked %d", key, got, want)
			}
		}
	})
}

// A loop with more states of one scene than are searched for at once.
func TestGainAmongManyStates(t *testing.T) {
	const down = "state: trust 100 of 100\nends: won pass, lost fail\ncall: call trust -1 | won | lost%s\nwon:\nlost:"
	holdProblems(t, "only down", Analyse(write(t, fmt.Sprintf(down, ""))), nil)
	holdProblems(t, "and up", Analyse(write(t, fmt.Sprintf(down, " | call trust = 4; needs: trust = 2"))), []string{"endless-gain call -1: from trust 3 to trust 4, by way of call → call → call."})
	holdProblems(t, "and far up", Analyse(write(t, fmt.Sprintf(down, " | call trust = 99; needs: trust = 2"))), []string{"endless-gain call -1: can go round"})
}
