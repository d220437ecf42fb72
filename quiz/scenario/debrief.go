package scenario

import (
	"fmt"

	"github.com/insidebox/insidebox/quiz"
)

// A Debrief tells a play that is over, beside the best path.
type Debrief struct {
	Result    *Result
	Variables []Variable // that the values below are of
	Steps     []Step     // the player's
	Best      []Step     // of the best path; none where no play can pass
	Parts     int        // with how many steps the two paths begin alike
	End       string     // title of the last scene
	BestEnd   string     // and of the best path
}

// A Step is one choice with what is said of it.
type Step struct {
	Scene   string // title
	Anchor  string
	Choice  string // HTML
	Debrief string // HTML; may be empty
	Clauses []string
	Fatal   bool
	Fits    bool   // loses nothing: what could be reached before can be reached after
	Better  string // HTML: the best choice here, where this one lost something that could still be had
	Before  Values
	After   Values
}

// Debrief tells a play that is over. The error is quiz.ErrOpen while it isn't,
// else as of Regrade.
func (s *Scenario) Debrief(p *Play) (Debrief, error) {
	result, err := s.Regrade(p)
	if err != nil {
		return Debrief{}, err
	}
	if result == nil {
		return Debrief{}, fmt.Errorf("debrief of scenario %s: %w", s.ID, quiz.ErrOpen)
	}
	best := s.BestPath()
	d := Debrief{Result: result, Variables: s.Variables}
	d.Steps, d.End = s.tell(p.Path)
	if best != nil {
		d.Best, d.BestEnd = s.tell(best)
	}
	for d.Parts < min(len(p.Path), len(best)) && p.Path[d.Parts].Choice == best[d.Parts].Choice {
		d.Parts++
	}
	return d, nil
}

// tell walks a path, and returns its steps and the title of its last scene.
func (s *Scenario) tell(path []Move) ([]Step, string) {
	var steps []Step
	w := s.walk()
	for _, m := range path {
		scene := s.Scenes[w.scene]
		c := scene.Choices[m.Choice]
		step := Step{
			Scene: scene.Title, Anchor: scene.Anchor, Choice: c.Text, Debrief: c.Debrief, Clauses: c.Clauses,
			Fatal: c.Fatal, Fits: s.fits(w.scene, w.values, m.Choice), Before: append(Values(nil), w.values...),
		}
		if better := s.best(w.scene, w.values); !step.Fits && better >= 0 {
			step.Better = scene.Choices[better].Text
		}
		w.move(m.Choice)
		step.After = append(Values(nil), w.values...)
		steps = append(steps, step)
	}
	return steps, s.Scenes[w.scene].Title
}
