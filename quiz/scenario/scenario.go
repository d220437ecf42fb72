package scenario

import (
	"slices"
	"time"

	"github.com/insidebox/insidebox/quiz"
)

// Limits of a scenario, so that what is stored and shown stays small.
const (
	MaxScenes     = 500
	MaxChoices    = 20      // in a scene
	MaxVariables  = 20      // meters and flags
	MaxMeter      = 100     // the highest maximum of a meter
	MaxMoves      = 1000    // in a play
	MaxStates     = 500_000 // that Analyse explores
	MaxExpression = 200     // words, numbers and signs in an expression
)

// A Scenario is a branching exercise. Once analysed it never changes, and
// many goroutines may use it. HTML in it was rendered from the author's
// Markdown and is safe to send as it stands.
type Scenario struct {
	ID        string
	Rev       string // Revision of the fields below, set by Seal
	Title     string
	Intro     string // HTML before the first scene; may be empty
	Start     string // anchor of the first scene
	Variables []Variable
	Show      []string           // variables whose values are shown in plays that count
	Pass      string             // expression over the values at an end
	Ends      map[string]EndKind // by anchor; an end that isn't named follows Pass
	Attempts  int                // per cycle, starts count; 0 is no limit
	Cooldown  []time.Duration    // after the 1st, 2nd … failed attempt; the last one repeats
	Scenes    []*Scene           // in the file's order

	ready *ready // set by Analyse
}

// A Variable is a meter or a flag.
type Variable struct {
	Name  string
	Meter bool
	Start int // a flag's is 0 (no) or 1 (yes)
	Max   int // of a meter; 1 in a flag
}

// EndKind says of an end, whatever the values, how it is graded.
type EndKind string

const (
	// EndPass is an end at which every play has passed.
	EndPass EndKind = "pass"
	// EndFail is an end at which every play has failed.
	EndFail EndKind = "fail"
)

// A Scene is what is shown between two choices.
type Scene struct {
	Anchor  string // unique in the scenario
	Title   string // plain text
	HTML    string
	Choices []*Choice // none: an end
}

// A Choice leads from its scene to another, or back to the same.
type Choice struct {
	Text    string // HTML
	Target  string // anchor of a scene
	Effects []Effect
	Needs   string // expression; empty holds always
	Hidden  string // expression; empty holds always
	Fatal   bool
	Debrief string   // HTML: what is said of the choice afterwards; may be empty
	Clauses []string // ids of the clauses that the debrief cites
}

// An Effect changes one variable.
type Effect struct {
	Name string
	Set  bool // to By; otherwise By is added
	By   int  // for a flag 0 or 1
}

// Values are those of the variables, in the order of Scenario.Variables.
type Values []int

// IsEnd reports whether the scene has no choices.
func (s *Scene) IsEnd() bool { return len(s.Choices) == 0 }

// Scene returns the scene with the anchor, or nil.
func (s *Scenario) Scene(anchor string) *Scene {
	i := slices.IndexFunc(s.Scenes, func(scene *Scene) bool { return scene.Anchor == anchor })
	if i < 0 {
		return nil
	}
	return s.Scenes[i]
}

// Clauses returns the ids of all clauses that choices cite, sorted.
func (s *Scenario) Clauses() []string {
	var all []string
	for _, scene := range s.Scenes {
		for _, c := range scene.Choices {
			all = append(all, c.Clauses...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Key returns the id that tries and grants have for a scenario. It holds a
// sign that no id of a quiz does.
func Key(id string) string { return "scenario/" + id }

// Rules returns how often the scenario may be tried.
func (s *Scenario) Rules() quiz.Rules {
	return quiz.Rules{ID: Key(s.ID), Attempts: s.Attempts, Cooldown: s.Cooldown}
}

// first returns the values with which every play begins.
func (s *Scenario) first() Values {
	values := make(Values, len(s.Variables))
	for i, v := range s.Variables {
		values[i] = v.Start
	}
	return values
}

// find returns the index of the variable with the name, or -1.
func find(variables []Variable, name string) int {
	return slices.IndexFunc(variables, func(v Variable) bool { return v.Name == name })
}
