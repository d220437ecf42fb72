package scenario

import (
	"fmt"
	"maps"
	"slices"

	"github.com/insidebox/insidebox/quiz"
)

// encoding is the first that is hashed. Another encoding needs another
// number, so that a revision never means two things.
const encoding = "insidebox/scenario/1"

// Seal sets the scenario's revision and returns it.
func (s *Scenario) Seal() *Scenario {
	s.Rev = s.Revision()
	return s
}

// Revision returns the SHA-256, in hex, of everything in the scenario but
// Rev: what is shown, what is told afterwards, how it is graded, and how often
// it may be tried. A change of order is another revision.
func (s *Scenario) Revision() string {
	e := quiz.NewEncoder(encoding)
	e.List([]string{s.ID, s.Title, s.Intro, s.Start, s.Pass})
	e.Number(int64(len(s.Variables)))
	for _, v := range s.Variables {
		e.Text(v.Name)
		e.Flag(v.Meter)
		e.Number(int64(v.Start))
		e.Number(int64(v.Max))
	}
	e.List(s.Show)
	e.Number(int64(len(s.Ends)))
	for _, anchor := range slices.Sorted(maps.Keys(s.Ends)) {
		e.Text(anchor)
		e.Text(string(s.Ends[anchor]))
	}
	e.Number(int64(s.Attempts))
	e.Number(int64(len(s.Cooldown)))
	for _, d := range s.Cooldown {
		e.Number(int64(d))
	}
	e.Number(int64(len(s.Scenes)))
	for _, scene := range s.Scenes {
		scene.encode(e)
	}
	return e.Sum()
}

func (s *Scene) encode(e quiz.Encoder) {
	e.List([]string{s.Anchor, s.Title, s.HTML})
	e.Number(int64(len(s.Choices)))
	for _, c := range s.Choices {
		e.List([]string{c.Text, c.Target, c.Needs, c.Hidden, c.Debrief})
		e.Flag(c.Fatal)
		e.List(c.Clauses)
		e.Number(int64(len(c.Effects)))
		for _, effect := range c.Effects {
			e.Text(effect.Name)
			e.Flag(effect.Set)
			e.Number(int64(effect.By))
		}
	}
}

// Open makes a stored scenario ready to be played and told, and proves that
// it is the pinned revision. Otherwise the error is quiz.ErrPinned.
func Open(s *Scenario, rev string) error {
	if got := s.Revision(); got != rev {
		return fmt.Errorf("open scenario %s at revision %.12s: %w: what was found is at %.12s", s.ID, rev, quiz.ErrPinned, got)
	}
	s.Rev = rev
	if problems := Analyse(s); s.ready == nil {
		return fmt.Errorf("open scenario %s at revision %.12s: %w: %s", s.ID, rev, quiz.ErrPinned, problems[0].Message)
	}
	return nil
}
