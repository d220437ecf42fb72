package scenario

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrMoved is the cause when a choice is posted for a step that is past,
	// and another one was made there: an old page, or a second tab.
	ErrMoved = errors.New("the play has moved on since this page was shown")
	// ErrNotOffered is the cause when what is posted is no choice that is
	// open at this step.
	ErrNotOffered = errors.New("this choice is not offered here")
	// ErrOver is the cause when a choice is posted after the play was over.
	ErrOver = errors.New("this play is over")
)

// A Position is what a player may see of a play, and nothing else.
type Position struct {
	Step    int    // moves made so far; a form posts it back
	Scene   string // anchor
	Title   string
	HTML    string
	Offers  []Offer // none when the play is over
	Meters  []Meter // the values that are shown
	Outcome Outcome // why the play is over; "" while it isn't
}

// An Offer is one choice as it is shown.
type Offer struct {
	Token  string // what a form posts
	Text   string // HTML
	Greyed bool   // can't be chosen
	Needs  string // of a greyed one: what it needs, where all its values are shown
}

// A Meter is a variable with its present value.
type Meter struct {
	Variable
	Value int
}

// Position returns where a play stands.
func (s *Scenario) Position(p *Play) (Position, error) {
	w, err := s.stand(p)
	if err != nil {
		return Position{}, err
	}
	scene := s.Scenes[w.scene]
	at := Position{Step: w.moves, Scene: scene.Anchor, Title: scene.Title, HTML: scene.HTML, Outcome: w.outcome()}
	for i, v := range s.Variables {
		if s.shows(p, i) {
			at.Meters = append(at.Meters, Meter{v, w.values[i]})
		}
	}
	if at.Outcome == "" {
		at.Offers = s.offers(p, w)
	}
	return at, nil
}

// shows reports whether the player may see a variable's value.
func (s *Scenario) shows(p *Play, variable int) bool { return p.Practice || s.ready.shown[variable] }

func (s *Scenario) offers(p *Play, w *walk) []Offer {
	var offers []Offer
	for j, l := range w.links() {
		if !l.hidden.Holds(w.values) {
			continue
		}
		o := Offer{Token: p.token(w.moves, j), Text: s.Scenes[w.scene].Choices[j].Text, Greyed: !l.needs.Holds(w.values)}
		if o.Greyed && s.showsAll(p, l.needs.Names()) {
			o.Needs = l.needs.String()
		}
		offers = append(offers, o)
	}
	return offers
}

func (s *Scenario) showsAll(p *Play, names []string) bool {
	for _, name := range names {
		if !s.shows(p, find(s.Variables, name)) {
			return false
		}
	}
	return true
}

// Choose makes the choice that a page posts: step is how many moves had been
// made when it was shown, token the choice's. It reports whether the play has
// moved; the choice that was made at that step already moves nothing, and is
// no error. After a choice that ends the play it is graded. Nothing changes on
// an error: ErrMoved, ErrNotOffered, ErrOver, quiz.ErrPinned or ErrPath.
func (s *Scenario) Choose(p *Play, step int, token string, now time.Time) (bool, error) {
	w, err := s.stand(p)
	switch {
	case err != nil:
		return false, err
	case step >= 0 && step < w.moves && token == p.token(step, p.Path[step].Choice):
		return false, nil
	case w.outcome() != "":
		return false, fmt.Errorf("choose in scenario %s: %w", s.ID, ErrOver)
	case step >= 0 && step < w.moves:
		return false, fmt.Errorf("choose at step %d of scenario %s, which is at step %d: %w", step, s.ID, w.moves, ErrMoved)
	case step != w.moves:
		return false, fmt.Errorf("choose at step %d of scenario %s, which is at step %d: %w", step, s.ID, w.moves, ErrNotOffered)
	}
	choice := s.offered(p, w, token)
	if choice < 0 {
		return false, fmt.Errorf("choose at step %d of scenario %s: %w", step, s.ID, ErrNotOffered)
	}
	p.Path = append(p.Path, Move{Scene: s.Scenes[w.scene].Anchor, Choice: choice, At: now})
	result, err := s.Regrade(p)
	if err != nil {
		return false, err
	}
	p.Result = result
	return true, nil
}

// offered returns the open choice that has the token, or -1.
func (s *Scenario) offered(p *Play, w *walk, token string) int {
	for j, l := range w.links() {
		if l.open(w.values) && p.token(w.moves, j) == token {
			return j
		}
	}
	return -1
}
