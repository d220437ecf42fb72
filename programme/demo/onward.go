package demo

import (
	"slices"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// What reps do beyond their first certificate. A library without these
// certifications, quizzes and scenarios leaves the stories at their beginning.

// earn does all that a certification asks for, but what a manager signs and
// what is named as left.
func (a *actor) earn(days int, certification string, left ...string) {
	a.at(days)
	c := a.shelf.Library().Certification(certification)
	if c == nil {
		return
	}
	for _, step := range c.Steps {
		if a.err != nil {
			return
		}
		switch step.Kind {
		case certify.ReadLesson:
			a.now = a.now.Add(4 * time.Minute)
			_, a.err = a.prog.MarkRead(a.ctx, a.person, step.Ref, false)
		case certify.PassQuiz, certify.PlayScenario:
			if e := a.shelf.Library().Exercise(step.Ref); e != nil && !slices.Contains(left, step.Ref) {
				a.pass(e)
			}
		}
	}
}

// pass passes a quiz or scenario that was not passed before.
func (a *actor) pass(e *content.Exercise) {
	if slices.ContainsFunc(a.tries(e.Key()), func(t quiz.Try) bool { return t.Passed }) || a.err != nil {
		return
	}
	if e.Scenario != nil {
		a.walk(e.Scenario.ID, func(*scenario.Scene) bool { return false })
		return
	}
	id := a.begun(a.prog.Start(a.ctx, a.person, nil, e.Key()))
	if id == "" {
		return
	}
	saves := a.answers(id, func(_ int, it *quiz.Item) []int { return it.Key() })
	if a.err == nil {
		a.now = a.now.Add(11 * time.Minute)
		_, a.err = a.prog.Submit(a.ctx, a.person, id, saves)
	}
}

// falls plays a scenario well until the first fatal choice offers itself, so
// many hours ago, and makes it. It is done once.
func (a *actor) falls(hours int, scenarioID string) {
	a.now = a.today.Add(-time.Duration(hours) * time.Hour)
	for _, t := range a.tries(scenario.Key(scenarioID)) {
		if t.State == quiz.Graded {
			return
		}
	}
	a.walk(scenarioID, func(scene *scenario.Scene) bool {
		return slices.ContainsFunc(scene.Choices, func(c *scenario.Choice) bool { return c.Fatal })
	})
}

// signs is what the manager of the person's team signs off.
func (a *actor) signs(days int, certification, manager, note string) {
	a.at(days)
	c := a.shelf.Library().Certification(certification)
	if c == nil || a.err != nil {
		return
	}
	i := slices.IndexFunc(c.Steps, func(s certify.Step) bool { return s.Kind == certify.SignOff })
	by, err := a.people.ByEmail(a.ctx, manager)
	st, err2 := a.prog.StandingOf(a.ctx, a.person)
	if err != nil || err2 != nil {
		a.err = firstOf(err, err2)
		return
	}
	if i < 0 || slices.ContainsFunc(st.Evidence.Signoffs, func(s certify.Signoff) bool { return s.Certification == c.ID }) {
		return
	}
	_, a.err = a.prog.SignOff(a.ctx, by.ID, a.person, programme.SignOff{Certification: c.ID, Met: c.Steps[i].Criteria, Note: note})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// tries are the person's at a quiz or scenario.
func (a *actor) tries(key string) []quiz.Try {
	if a.err != nil {
		return nil
	}
	st, err := a.prog.StandingOf(a.ctx, a.person)
	if err != nil {
		a.err = err
		return nil
	}
	return st.Evidence.Tries[key]
}

// walk plays a scenario along its best path, until a scene at which the person
// falls: there she makes the fatal choice.
func (a *actor) walk(scenarioID string, falls func(*scenario.Scene) bool) {
	s := a.shelf.Library().Scenario(scenarioID)
	if s == nil || a.err != nil {
		return
	}
	id := a.begun(a.prog.Play(a.ctx, a.person, scenarioID))
	if id == "" {
		return
	}
	for step, move := range s.BestPath() {
		scene := s.Scene(move.Scene)
		choice := scene.Choices[move.Choice]
		if falls(scene) {
			choice = scene.Choices[slices.IndexFunc(scene.Choices, func(c *scenario.Choice) bool { return c.Fatal })]
		}
		a.now = a.now.Add(time.Minute)
		if over := a.choose(id, step, choice); over || a.err != nil {
			return
		}
	}
}

// choose makes a choice, unless it was made before, and reports whether the
// play is over.
func (a *actor) choose(id string, step int, choice *scenario.Choice) (over bool) {
	attempt, err := a.prog.Attempt(a.ctx, id)
	if err != nil || len(attempt.Play.Path) > step {
		a.err = err
		return false
	}
	s, err := a.prog.Scenario(a.ctx, attempt)
	if err != nil {
		a.err = err
		return false
	}
	at, err := s.Position(attempt.Play)
	if err != nil {
		a.err = err
		return false
	}
	for _, o := range at.Offers {
		if o.Text == choice.Text {
			var out *programme.Chosen
			if out, a.err = a.prog.Choose(a.ctx, a.person, id, step, o.Token); a.err != nil {
				return false
			}
			return out.Attempt.Play.Over()
		}
	}
	return false
}
