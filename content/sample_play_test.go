package content

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/quiz/scenario"
)

var (
	hostStart = regexp.MustCompile(`(?m)^start: ([a-z0-9-]+)$`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
)

// TestSampleScenariosByLinksAlone plays every scenario as a reader on a code
// host can: begin at the top, read a scene, click on one of its choices.
func TestSampleScenariosByLinksAlone(t *testing.T) {
	played := 0
	for name, p := range hostPages(t) {
		if !strings.HasSuffix(name, ".scenario.md") {
			continue
		}
		played++
		start := hostStart.FindStringSubmatch(p.front)
		if start == nil || len(p.sections) == 0 || p.sections[0].anchor != start[1] {
			t.Errorf("%s: who reads from the top doesn't begin at the start, %q", name, start)
			continue
		}
		met, ends := playByLinks(t, name, p)
		if len(met) != len(p.sections) {
			t.Errorf("%s: links lead to %d of %d scenes", name, len(met), len(p.sections))
		}
		if ends < 3 {
			t.Errorf("%s: has %d ends, so what one did hardly matters", name, ends)
		}
	}
	if played != 5 {
		t.Errorf("played %d scenarios, want five", played)
	}
}

// playByLinks clicks on everything, and returns the scenes met and how many of
// them are ends.
func playByLinks(t *testing.T, name string, p *hostPage) (met map[string]bool, ends int) {
	t.Helper()
	scenes := map[string]*hostSection{}
	for _, s := range p.sections {
		scenes[s.anchor] = s
	}
	met = map[string]bool{p.sections[0].anchor: true}
	for todo := []*hostSection{p.sections[0]}; len(todo) > 0; todo = todo[1:] {
		here := todo[0]
		var inFile []string
		for _, link := range here.links {
			if strings.HasPrefix(link, "#") {
				inFile = append(inFile, link)
			}
		}
		if len(inFile) != len(here.choices) {
			t.Errorf("%s: in “%s” %d links lead on, and %d are choices", name, here.title, len(inFile), len(here.choices))
		}
		if len(here.choices) == 0 {
			ends++
		}
		for _, c := range here.choices {
			anchor, ok := strings.CutPrefix(c.to, "#")
			next := scenes[anchor]
			if !ok || next == nil {
				t.Errorf("%s: in “%s” the choice “%s” leads to %s, which is no scene", name, here.title, c.text, c.to)
				continue
			}
			if !met[anchor] {
				met[anchor] = true
				todo = append(todo, next)
			}
		}
	}
	return met, ends
}

// A habit picks a choice without reading the scene.
type habit func(s *Scenario, open []*scenario.Choice) *scenario.Choice

var habits = map[string]habit{
	"the first": func(_ *Scenario, open []*scenario.Choice) *scenario.Choice { return open[0] },
	"the last":  func(_ *Scenario, open []*scenario.Choice) *scenario.Choice { return open[len(open)-1] },
	"the longest": func(_ *Scenario, open []*scenario.Choice) *scenario.Choice {
		return slices.MaxFunc(open, func(a, b *scenario.Choice) int { return shownLength(a) - shownLength(b) })
	},
	"the shortest": func(_ *Scenario, open []*scenario.Choice) *scenario.Choice {
		return slices.MinFunc(open, func(a, b *scenario.Choice) int { return shownLength(a) - shownLength(b) })
	},
	"the friendliest": func(_ *Scenario, open []*scenario.Choice) *scenario.Choice {
		return slices.MaxFunc(open, func(a, b *scenario.Choice) int { return trustOf(a) - trustOf(b) })
	},
	"the friendliest that isn't fatal": func(_ *Scenario, open []*scenario.Choice) *scenario.Choice {
		return slices.MaxFunc(open, func(a, b *scenario.Choice) int {
			if a.Fatal != b.Fatal {
				return map[bool]int{true: -1, false: 1}[a.Fatal]
			}
			return trustOf(a) - trustOf(b)
		})
	},
}

func shownLength(c *scenario.Choice) int { return len([]rune(anyTag.ReplaceAllString(c.Text, ""))) }

func trustOf(c *scenario.Choice) int {
	for _, e := range c.Effects {
		if e.Name == "trust" && !e.Set {
			return e.By
		}
	}
	return 0
}

// TestSampleScenariosAreNotWonByHabit: no rule that spares the reading wins,
// and being nice throughout is one of them.
func TestSampleScenariosAreNotWonByHabit(t *testing.T) {
	lib := loadSample(t)
	for _, s := range lib.Scenarios() {
		for name, pick := range habits {
			if r := playByHabit(t, s, pick); r.Passed {
				t.Errorf("%s: who always takes %s choice passes, at %s", s.ID, name, r.End)
			}
		}
		longest, unfriendly := 0, false
		best := s.BestPath()
		for _, m := range best {
			choices := s.Scene(m.Scene).Choices
			if habits["the longest"](s, choices) == choices[m.Choice] {
				longest++
			}
			unfriendly = unfriendly || trustOf(habits["the friendliest"](s, choices)) > trustOf(choices[m.Choice])
		}
		if longest*3 > len(best) {
			t.Errorf("%s: on the best path the choice is the longest %d times of %d", s.ID, longest, len(best))
		}
		if !unfriendly {
			t.Errorf("%s: the best path is the friendliest one", s.ID)
		}
	}
}

func playByHabit(t *testing.T, s *Scenario, pick habit) *scenario.Result {
	t.Helper()
	p := scenario.NewPlay(&s.Scenario, false, rand.New(rand.NewPCG(1, 2)))
	for !p.Over() {
		at, err := s.Position(p)
		if err != nil {
			t.Fatal(err)
		}
		tokens := map[string]string{}
		for _, o := range at.Offers {
			if !o.Greyed {
				tokens[o.Text] = o.Token
			}
		}
		open := slices.DeleteFunc(slices.Clone(s.Scene(at.Scene).Choices), func(c *scenario.Choice) bool { return tokens[c.Text] == "" })
		if moved, err := s.Choose(p, at.Step, tokens[pick(s, open).Text], testNow); !moved || err != nil {
			t.Fatalf("%s: choose in %s: %v, %v", s.ID, at.Scene, moved, err)
		}
	}
	return p.Result
}
