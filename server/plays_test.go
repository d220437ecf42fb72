package server_test

import (
	"net/url"
	"strconv"
	"testing"

	"github.com/insidebox/insidebox/quiz/scenario"
)

// Plays, past all pages: what an author knows of a scenario.

const (
	firstCall = "first-call" // of the sample library
	callAt    = "/scenarios/" + firstCall
)

// beginPlay starts a play of the first call for somebody, or a practice run.
func (r *rig) beginPlay(email string, practice bool) (attempt string) {
	r.Helper()
	begin := r.Prog.Play
	if practice {
		begin = r.Prog.Practise
	}
	id, err := begin(r.Context(), r.person(email).ID, firstCall)
	r.must(err)
	return id
}

// playFatally plays to a fatal choice.
func (r *rig) playFatally(email string, practice bool) (attempt string) {
	r.Helper()
	id := r.beginPlay(email, practice)
	for _, c := range r.path(id, fatalPath) {
		_, err := r.Prog.Choose(r.Context(), r.person(email).ID, id, c.step, c.token)
		r.must(err)
	}
	return id
}

// scenarioOf reads a play with its scenario.
func (r *rig) scenarioOf(attempt string) (*scenario.Scenario, *scenario.Play) {
	r.Helper()
	a, err := r.Prog.Attempt(r.Context(), attempt)
	r.must(err)
	s, err := r.Prog.Scenario(r.Context(), a)
	r.must(err)
	return s, a.Play
}

// offers are the choices of the scene where a play stands.
func (r *rig) offers(attempt string) []scenario.Offer {
	r.Helper()
	s, p := r.scenarioOf(attempt)
	at, err := s.Position(p)
	r.must(err)
	return at.Offers
}

// A posted choice is what a page of a play would post.
type postedChoice struct {
	step  int
	token string
	text  string // HTML, as it is offered
}

func (c postedChoice) form() url.Values {
	return url.Values{"step": {strconv.Itoa(c.step)}, "choice": {c.token}}
}

// path are the choices of a whole play of which nothing was chosen yet, as
// next picks them, with the tokens that its pages will hold.
func (r *rig) path(attempt string, next func(*scenario.Scenario) []scenario.Move) (list []postedChoice) {
	r.Helper()
	s, p := r.scenarioOf(attempt)
	ahead := *p
	for step, m := range next(s) {
		at, err := s.Position(&ahead)
		r.must(err)
		c := postedChoice{step: step, text: s.Scene(m.Scene).Choices[m.Choice].Text}
		for _, o := range at.Offers {
			if o.Text == c.text && !o.Greyed {
				c.token = o.Token
			}
		}
		if c.token == "" {
			r.Fatalf("the choice %q of %s is not open at step %d", c.text, m.Scene, step)
		}
		list = append(list, c)
		ahead.Path = append(ahead.Path, m)
	}
	return list
}

// bestPath passes.
func bestPath(s *scenario.Scenario) []scenario.Move { return s.BestPath() }

// fatalPath is the shortest way to a fatal choice.
func fatalPath(s *scenario.Scenario) []scenario.Move {
	return shortest(s, func(c *scenario.Choice) bool { return c.Fatal })
}

// failedPath is the shortest way to an end without a fatal choice that has
// not passed.
func failedPath(s *scenario.Scenario) []scenario.Move {
	return shortest(s, func(c *scenario.Choice) bool { return !c.Fatal && s.Ends[c.Target] == scenario.EndFail })
}

// shortest finds a way that ends with such a choice, by trying all of them
// in turn.
func shortest(s *scenario.Scenario, wanted func(*scenario.Choice) bool) []scenario.Move {
	ways := [][]scenario.Move{nil}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		anchor := s.Start
		if len(way) > 0 {
			last := way[len(way)-1]
			anchor = s.Scene(last.Scene).Choices[last.Choice].Target
		}
		for i, c := range s.Scene(anchor).Choices {
			longer := append(way[:len(way):len(way)], scenario.Move{Scene: anchor, Choice: i})
			if _, err := s.Replay(longer); err != nil {
				continue
			}
			if wanted(c) {
				return longer
			}
			if !c.Fatal {
				ways = append(ways, longer)
			}
		}
	}
	return nil
}

// TestPathsOfTheFirstCall proves that the helpers above find what they say.
func TestPathsOfTheFirstCall(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	s := &site.Prog.Shelf.Library().Scenario(firstCall).Scenario
	for _, c := range []struct {
		name    string
		path    []scenario.Move
		passed  bool
		outcome scenario.Outcome
	}{
		{"best", bestPath(s), true, scenario.AtEnd},
		{"failed", failedPath(s), false, scenario.AtEnd},
		{"fatal", fatalPath(s), false, scenario.Fatal},
	} {
		result, err := s.Regrade(&scenario.Play{Scenario: s.ID, Rev: s.Rev, Path: c.path})
		if err != nil || result == nil || result.Passed != c.passed || result.Outcome != c.outcome {
			t.Errorf("the %s path ends as %+v (%v)", c.name, result, err)
		}
	}
}
