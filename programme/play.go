package programme

import (
	"context"
	"errors"
	"fmt"

	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// Play starts a play of the scenario that counts, and returns the attempt's
// id. One in progress is returned instead of a second one. It is *NotAdmitted
// when the rules don't allow it.
func (p *Programme) Play(ctx context.Context, person, scenarioID string) (string, error) {
	lib := p.library()
	s := lib.Scenario(scenarioID)
	if s == nil {
		return "", fmt.Errorf("play scenario %s: %w", scenarioID, ErrNotFound)
	}
	st, err := p.StandingOf(ctx, person)
	if err != nil {
		return "", err
	}
	return p.start(ctx, st, s.Rules(), lib.Hash, func(doc *Attempt, cycle, number int) {
		p.begin(doc, &s.Scenario, false)
		doc.Cycle, doc.Number = cycle, number
	})
}

// Practise begins a practice run of the scenario, which counts for nothing,
// and returns its id. There is one a person and scenario: the run before it
// is gone.
func (p *Programme) Practise(ctx context.Context, person, scenarioID string) (string, error) {
	lib := p.library()
	s := lib.Scenario(scenarioID)
	if s == nil {
		return "", fmt.Errorf("practise scenario %s: %w", scenarioID, ErrNotFound)
	}
	doc := &Attempt{Meta: store.Meta{ID: p.practiceID(person, scenarioID)}, Person: person, Release: lib.Hash, PendingSince: Never}
	p.begin(doc, &s.Scenario, true)
	err := p.attempts.Insert(ctx, doc)
	if errors.Is(err, store.ErrExists) {
		_, err = p.attempts.Update(ctx, doc.ID, func(a *Attempt) error {
			a.Attempt, a.Play, a.Release = doc.Attempt, doc.Play, doc.Release
			return nil
		})
	}
	if err != nil {
		return "", fmt.Errorf("practise scenario %s: %w", scenarioID, err)
	}
	return doc.ID, nil
}

// PracticeOf returns the id of the person's last practice run of the scenario,
// and whether it is still open; "" when there was none.
func (p *Programme) PracticeOf(ctx context.Context, person, scenarioID string) (id string, open bool, err error) {
	a, err := p.Attempt(ctx, p.practiceID(person, scenarioID))
	switch {
	case errors.Is(err, ErrNotFound):
		return "", false, nil
	case err != nil:
		return "", false, err
	}
	return a.ID, a.State == quiz.Open, nil
}

func (p *Programme) practiceID(person, scenarioID string) string {
	return p.attemptID("practice", person, scenarioID)
}

// begin makes a document that of a play at its first scene.
func (p *Programme) begin(doc *Attempt, s *scenario.Scenario, practice bool) {
	doc.Play = scenario.NewPlay(s, practice, p.random())
	doc.Attempt = quiz.Attempt{Quiz: scenario.Key(s.ID), QuizRev: s.Rev, Title: s.Title, State: quiz.Open, Started: p.now()}
}

// Scenario returns the pinned revision of a play's scenario, ready to be
// played and told, from memory or the store.
func (p *Programme) Scenario(ctx context.Context, a *Attempt) (*scenario.Scenario, error) {
	if a.Play == nil {
		return nil, fmt.Errorf("read the scenario of attempt %s, which is no play: %w", a.ID, ErrNotFound)
	}
	if s := p.scenarios.get(a.Play.Rev); s != nil {
		return s, nil
	}
	doc, err := p.revisions.scenarios.Get(ctx, revisionID(a.Play.Scenario, a.Play.Rev))
	if err != nil {
		return nil, missing(err, "read scenario "+a.Play.Scenario+" at revision "+a.Play.Rev)
	}
	if err := scenario.Open(&doc.Scenario, a.Play.Rev); err != nil {
		return nil, err
	}
	p.scenarios.put(a.Play.Rev, &doc.Scenario)
	return &doc.Scenario, nil
}

// Chosen is the outcome of a choice.
type Chosen struct {
	Attempt  *Attempt
	Scenario *scenario.Scenario
	Issued   []*Certificate // certificates that this choice brought
}

// Choose makes the choice that a page of the play posts, and grades a play
// that it ends. step is how many choices had been made when the page was
// shown, token the choice's. The same choice made again changes nothing. When
// the play has moved on elsewhere, or is over, the error is scenario.ErrMoved
// or scenario.ErrOver, and when the choice isn't there scenario.ErrNotOffered;
// then nothing changes, and the play is returned as it stands.
func (p *Programme) Choose(ctx context.Context, person, id string, step int, token string) (*Chosen, error) {
	before, err := p.Own(ctx, person, id)
	if err != nil {
		return nil, err
	}
	s, err := p.Scenario(ctx, before)
	if err != nil {
		return nil, err
	}
	out := &Chosen{Attempt: before, Scenario: s}
	after, err := p.attempts.Update(ctx, id, func(a *Attempt) error {
		if a.Play.Rev != s.Rev { // a practice run was begun anew meanwhile
			return fmt.Errorf("choose in attempt %s: %w", id, scenario.ErrMoved)
		}
		moved, err := s.Choose(a.Play, step, token, p.now())
		if err != nil {
			return err
		}
		if !moved {
			return store.ErrNoChange
		}
		p.settlePlay(a)
		return nil
	})
	if err != nil {
		return out, missing(err, "choose in attempt "+id)
	}
	out.Attempt = after
	if after.Play.Over() && len(after.Pending) > 0 {
		out.Issued = p.certify(ctx, after)
		p.wake()
	}
	return out, nil
}

// settlePlay takes over into the attempt that its play is over, and notes
// what follows. Whether a pass completes a certification is looked at
// afterwards: it would have to be read.
func (p *Programme) settlePlay(a *Attempt) {
	if !a.Play.Over() {
		return
	}
	a.State, a.Submitted = quiz.Graded, later(p.now(), a.Started)
	switch {
	case a.Practice():
	case a.Passed():
		a.Pending, a.PendingSince = pending(a.Submitted, DutyCertify, DutyFold)
	default:
		a.Pending, a.PendingSince = pending(a.Submitted, DutyFold)
	}
}

// certify issues what a passed play has completed. What can't be done now is
// left to the outbox.
func (p *Programme) certify(ctx context.Context, a *Attempt) []*Certificate {
	if !a.Passed() {
		return nil
	}
	st, err := p.StandingOf(ctx, a.Person)
	if err == nil {
		var issued []*Certificate
		if issued, err = p.issue(ctx, st, a.Submitted); err == nil {
			return issued
		}
	}
	p.log.Warn("a certificate is left to the outbox", "attempt", a.ID, "error", err)
	return nil
}
