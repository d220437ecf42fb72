package bulk

import (
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// outcome is how an attempt is meant to end.
type outcome int

const (
	passing outcome = iota
	failing
	leaving // half done
)

// attempt makes one, and reports whether it passed.
func (l *life) attempt(e *content.Exercise, how outcome) (passed bool, err error) {
	l.left--
	if e.Scenario != nil {
		a, err := l.Play(e.Scenario.ID)
		if err != nil {
			return false, fmt.Errorf("play %s: %w", e.Scenario.ID, err)
		}
		return l.walk(a, e.Scenario, how)
	}
	a, err := l.Start(e.Quiz.ID)
	if err != nil {
		return false, fmt.Errorf("start %s: %w", e.Quiz.ID, err)
	}
	saves, err := l.answers(a, how)
	if err != nil {
		return false, err
	}
	l.forward(time.Duration(4+l.chance.IntN(10)) * time.Minute)
	if how == leaving {
		return false, l.Save(a, saves[:len(saves)/3])
	}
	if err := l.Submit(l.ctx, a, saves); err != nil {
		return false, err
	}
	return a.Passed(), nil
}

// answers is right in all questions, or all but one that the rules forgive; or
// wrong in so many that it fails.
func (l *life) answers(a *programme.Attempt, how outcome) ([]quiz.Save, error) {
	items, err := l.Items(l.ctx, a)
	if err != nil {
		return nil, err
	}
	slip := l.chance.IntN(2 * len(items)) // the question that goes wrong, if there is such a one
	if (len(items)-1)*100 < a.Pass*len(items) {
		slip = -1
	}
	right := l.chance.IntN(max(1, a.Pass*len(items)/100)) // of an attempt that fails
	saves := make([]quiz.Save, len(items))
	for i, it := range items {
		q := &a.Questions[i]
		saves[i].Item = q.Item
		options := it.Key()
		if how == failing && i >= right || how != failing && i == slip && !it.Critical {
			options = wrong(it)
		}
		for _, option := range options {
			saves[i].Tokens = append(saves[i].Tokens, q.Tokens[slices.Index(q.Order, option)])
		}
	}
	return saves, nil
}

// wrong is an option that is not in the key; none where all are.
func wrong(it *quiz.Item) []int {
	for i, o := range it.Options {
		if !o.Right {
			return []int{i}
		}
	}
	return nil
}

// walk plays along the best path; to fail, until one of the scenes in which one
// can.
func (l *life) walk(a *programme.Attempt, s *content.Scenario, how outcome) (passed bool, err error) {
	path, falls := l.plan.paths[s.ID], l.plan.falls[s.ID]
	fall, leave := -1, -1
	if how == failing && len(falls) > 0 {
		fall = falls[l.chance.IntN(len(falls))]
	}
	if how == leaving {
		leave = l.chance.IntN(len(path) + 1)
	}
	for step, move := range path {
		if a.Play.Over() || step == leave {
			break
		}
		at, err := s.Position(a.Play)
		if err != nil {
			return false, err
		}
		scene := s.Scene(move.Scene)
		choice := scene.Choices[move.Choice]
		if step == fall {
			choice = fatal(scene)
		}
		l.forward(time.Duration(20+l.chance.IntN(70)) * time.Second)
		if err := l.Choose(l.ctx, a, step, offer(at, choice)); err != nil {
			return false, err
		}
	}
	return a.Passed(), nil
}

// practise plays once for nothing, and takes any end.
func (l *life) practise(s *content.Scenario) error {
	l.left--
	l.forward(l.pause())
	a, err := l.Practise(s.ID)
	if err != nil {
		return err
	}
	_, err = l.walk(a, s, outcome(l.chance.IntN(3)))
	return err
}
