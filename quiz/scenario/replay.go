package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/insidebox/insidebox/quiz"
)

// ErrPath is the cause when recorded moves are not a play of the scenario.
var ErrPath = errors.New("the recorded choices are not a play of this scenario")

// A walk is where a play stands.
type walk struct {
	s      *Scenario
	scene  int
	values Values
	moves  int
	fatal  int // index of the fatal move, or -1
}

func (s *Scenario) walk() *walk {
	return &walk{s: s, scene: s.ready.scenes[s.Start], values: s.first(), fatal: -1}
}

func (w *walk) links() []link { return w.s.ready.links[w.scene] }

// outcome says why the play is over; "" while it isn't.
func (w *walk) outcome() Outcome {
	switch {
	case w.fatal >= 0:
		return Fatal
	case len(w.links()) == 0:
		return AtEnd
	case !slices.ContainsFunc(w.links(), func(l link) bool { return l.open(w.values) }):
		return DeadEnd
	case w.moves >= MaxMoves:
		return TooLong
	}
	return ""
}

// move makes a choice that is open.
func (w *walk) move(choice int) {
	l := &w.links()[choice]
	if l.fatal {
		w.fatal = w.moves
	}
	l.apply(w.values)
	w.scene = l.target
	w.moves++
}

// follow makes a recorded move.
func (w *walk) follow(m Move) error {
	scene := w.s.Scenes[w.scene]
	switch {
	case w.outcome() != "":
		return fmt.Errorf("move %d in %q: %w: the play was over before it", w.moves+1, m.Scene, ErrPath)
	case m.Scene != scene.Anchor:
		return fmt.Errorf("move %d in %q: %w: the play was at %q", w.moves+1, m.Scene, ErrPath, scene.Anchor)
	case m.Choice < 0 || m.Choice >= len(scene.Choices) || !w.links()[m.Choice].open(w.values):
		return fmt.Errorf("move %d in %q: %w: choice %d was not open", w.moves+1, m.Scene, ErrPath, m.Choice+1)
	}
	w.move(m.Choice)
	return nil
}

// Replay returns the values before each move and, last, after all of them.
// The scenario must be analysed. The error is ErrPath.
func (s *Scenario) Replay(path []Move) ([]Values, error) {
	w := s.walk()
	all := []Values{slices.Clone(w.values)}
	for _, m := range path {
		if err := w.follow(m); err != nil {
			return nil, fmt.Errorf("replay scenario %s: %w", s.ID, err)
		}
		all = append(all, slices.Clone(w.values))
	}
	return all, nil
}

// stand replays a play to where it stands, after proving that it is one of
// this scenario at this revision.
func (s *Scenario) stand(p *Play) (*walk, error) {
	if p.Scenario != s.ID || p.Rev != s.Rev {
		return nil, fmt.Errorf("play scenario %s at revision %.12s: %w: what was found is %s at %.12s", p.Scenario, p.Rev, quiz.ErrPinned, s.ID, s.Rev)
	}
	w := s.walk()
	for _, m := range p.Path {
		if err := w.follow(m); err != nil {
			return nil, fmt.Errorf("play scenario %s: %w", s.ID, err)
		}
	}
	return w, nil
}

// Regrade computes the result of a play from the moves recorded in it, and
// changes nothing. It is nil while the play is open. The error is ErrPath, or
// quiz.ErrPinned where the play is of another scenario or revision.
func (s *Scenario) Regrade(p *Play) (*Result, error) {
	w, err := s.stand(p)
	if err != nil || w.outcome() == "" {
		return nil, err
	}
	r := &Result{Outcome: w.outcome(), End: s.Scenes[w.scene].Anchor, Fatal: w.fatal, Values: w.values}
	r.Passed = r.Outcome == AtEnd && s.passes(s.Scenes[w.scene], w.values)
	r.Clauses = s.clauses(p.Path)
	return r, nil
}

// clauses counts, for each clause, the choices made that cite it, and those
// of them that fit.
func (s *Scenario) clauses(path []Move) []quiz.ClauseResult {
	count := map[string]*quiz.ClauseResult{}
	w := s.walk()
	for _, m := range path {
		fits := s.fits(w.scene, w.values, m.Choice)
		cited := slices.Clone(s.Scenes[w.scene].Choices[m.Choice].Clauses)
		slices.Sort(cited)
		for _, id := range slices.Compact(cited) {
			if count[id] == nil {
				count[id] = &quiz.ClauseResult{Clause: id}
			}
			count[id].Asked++
			count[id].Right += truth(fits)
		}
		w.move(m.Choice)
	}
	var all []quiz.ClauseResult
	for _, c := range count {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(x, y quiz.ClauseResult) int { return cmp.Compare(x.Clause, y.Clause) })
	return all
}
