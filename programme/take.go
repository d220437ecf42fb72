package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// NotAdmitted is ErrNotNow with the reason, which a page turns into words.
type NotAdmitted struct{ Admission quiz.Admission }

func (e *NotAdmitted) Error() string { return "no attempt may start: " + string(e.Admission.Reason) }

// Unwrap makes it ErrNotNow.
func (e *NotAdmitted) Unwrap() error { return ErrNotNow }

// Start starts an attempt at the quiz and returns its id. An attempt in
// progress is returned instead of a second one, also to the other of two
// tabs that start at once. It is *NotAdmitted when the rules don't allow it.
func (p *Programme) Start(ctx context.Context, person string, record *Record, quizID string) (string, error) {
	lib := p.library()
	q := lib.Quiz(quizID)
	if q == nil {
		return "", fmt.Errorf("start quiz %s: %w", quizID, ErrNotFound)
	}
	st, err := p.Standing(ctx, person, record)
	if err != nil {
		return "", err
	}
	return p.start(ctx, st, q.Rules(), lib.Hash, func(doc *Attempt, cycle, number int) {
		doc.Attempt = *quiz.NewAttempt(&q.Quiz, cycle, number, st.Seen, p.random(), p.now())
	})
}

// start inserts the next attempt that counts, as fill makes it, and returns
// its id; or that of the attempt in progress.
func (p *Programme) start(ctx context.Context, st *Standing, rules quiz.Rules, release string, fill func(doc *Attempt, cycle, number int)) (string, error) {
	doc, open, err := p.next(st, rules, release, fill)
	if doc == nil {
		return open, err
	}
	if err := p.attempts.Insert(ctx, doc); err != nil && !errors.Is(err, store.ErrExists) {
		return "", fmt.Errorf("start %s: %w", rules.ID, err)
	}
	p.wake()
	return doc.ID, nil
}

// next makes the next attempt that counts; where one is in progress, it
// returns only the id of that.
func (p *Programme) next(st *Standing, rules quiz.Rules, release string, fill func(doc *Attempt, cycle, number int)) (doc *Attempt, open string, err error) {
	adm := p.Admission(st, rules)
	switch adm.Reason {
	case quiz.InProgress:
		return nil, adm.Open, nil
	case quiz.MayStart:
	default:
		return nil, "", &NotAdmitted{adm}
	}
	cycle, number := p.Cycle(st, rules.ID), adm.Next
	doc = &Attempt{
		Meta:   store.Meta{ID: p.attemptID("attempt", st.Person, rules.ID, strconv.Itoa(cycle), strconv.Itoa(number))},
		Person: st.Person, Release: release, Live: true,
	}
	fill(doc, cycle, number)
	doc.Started = granted(later(doc.Started, opened(st.Evidence.Renewals)), st.Evidence.Grants, rules.ID)
	doc.Pending, doc.PendingSince = pending(p.now(), DutyFold)
	return doc, "", nil
}

// Attempt reads an attempt; ErrNotFound when there is none.
func (p *Programme) Attempt(ctx context.Context, id string) (*Attempt, error) {
	return read(ctx, p.attempts, id)
}

// Own reads an attempt of this person; somebody else's is ErrNotFound.
func (p *Programme) Own(ctx context.Context, person, id string) (*Attempt, error) {
	a, err := p.Attempt(ctx, id)
	if err == nil && a.Person != person {
		return nil, fmt.Errorf("read attempt %s: %w", id, ErrNotFound)
	}
	return a, err
}

// Save keeps answers. What was saved elsewhere meanwhile is not overwritten
// but returned as a conflict; the other answers are kept all the same. Once
// graded it is quiz.ErrGraded.
func (p *Programme) Save(ctx context.Context, person, id string, saves []quiz.Save) (*Attempt, []quiz.Conflict, error) {
	var conflicts []quiz.Conflict
	a, err := p.attempts.Update(ctx, id, func(a *Attempt) error {
		if a.Person != person || a.Play != nil {
			return ErrNotFound
		}
		before := a.SaveCount()
		var err error
		if conflicts, err = a.Save(p.now(), saves); err != nil {
			return err
		}
		if a.SaveCount() == before {
			return store.ErrNoChange
		}
		return nil
	})
	if err != nil {
		return nil, nil, missing(err, "save answers of attempt "+id)
	}
	return a, conflicts, nil
}

// Submitted is the outcome of a submit.
type Submitted struct {
	Attempt   *Attempt
	Conflicts []quiz.Conflict // when not empty, nothing was graded
	Issued    []*Certificate  // certificates that this submit brought
}

// Submit saves what is posted, grades, and issues the certificate if this
// completes a certification. Submitting again gives the same result.
func (p *Programme) Submit(ctx context.Context, person, id string, saves []quiz.Save) (*Submitted, error) {
	live, err := p.liveOf(ctx, person)
	if err != nil {
		return nil, err
	}
	first, err := p.ownOf(ctx, person, live, id)
	if err == nil && first.Play != nil {
		err = fmt.Errorf("submit attempt %s, which is a play: %w", id, ErrNotFound)
	}
	if err != nil || first.State == quiz.Graded {
		return &Submitted{Attempt: first}, err
	}
	items, err := p.pinned(ctx, first)
	if err != nil {
		return nil, fmt.Errorf("submit attempt %s: %w", id, err)
	}
	st, err := p.standingWith(ctx, person, live)
	if err != nil {
		return nil, err
	}
	out := &Submitted{}
	out.Attempt, err = p.changeRead(ctx, first, func(a *Attempt) error {
		out.Conflicts = nil
		if a.State == quiz.Graded {
			return store.ErrNoChange
		}
		return p.grade(a, st, items, saves, out)
	})
	if err != nil {
		return nil, missing(err, "submit attempt "+id)
	}
	if len(out.Conflicts) > 0 {
		return out, nil
	}
	if out.Attempt.State == quiz.Graded && slices.Contains(out.Attempt.Pending, DutyCertify) {
		st.fold(out.Attempt)
		if out.Issued, err = p.issue(ctx, st, out.Attempt.Submitted); err != nil {
			p.log.Warn("a certificate is left to the outbox", "attempt", id, "error", err)
		}
	}
	p.wake()
	return out, nil
}

// ownOf is Own for whoever has read the person's live attempts, which those that
// are open are among.
func (p *Programme) ownOf(ctx context.Context, person string, live []*Attempt, id string) (*Attempt, error) {
	for _, a := range live {
		if a.ID == id {
			return a, nil
		}
	}
	return p.Own(ctx, person, id)
}

// changeRead changes an attempt that was read a moment ago, and begins with
// reading it again only when somebody was faster. The copy that is passed in is
// used up.
func (p *Programme) changeRead(ctx context.Context, a *Attempt, change func(*Attempt) error) (*Attempt, error) {
	err := change(a)
	if errors.Is(err, store.ErrNoChange) {
		return a, nil
	}
	if err == nil {
		err = p.attempts.Replace(ctx, a)
	}
	switch {
	case errors.Is(err, store.ErrConflict):
		return p.attempts.Update(ctx, a.ID, change)
	case err != nil:
		return nil, err
	}
	return a, nil
}

// pinned reads the items of an attempt beforehand, because nothing may be read
// while the attempt is being changed; which items it pins never changes.
func (p *Programme) pinned(ctx context.Context, a *Attempt) (quiz.Lookup, error) {
	items, err := p.Items(ctx, a)
	if err != nil {
		return nil, err
	}
	byRev := make(map[string]*quiz.Item, len(items))
	for i, q := range a.Questions {
		byRev[q.Rev] = items[i]
	}
	return func(rev string) (*quiz.Item, error) { return byRev[rev], nil }, nil
}

// grade saves, and grades unless there are conflicts; it notes what follows.
func (p *Programme) grade(a *Attempt, st *Standing, items quiz.Lookup, saves []quiz.Save, out *Submitted) error {
	var err error
	now, before := p.now(), a.SaveCount()
	if out.Conflicts, err = a.Save(now, saves); err != nil {
		return err
	}
	if len(out.Conflicts) > 0 {
		if a.SaveCount() == before {
			return store.ErrNoChange
		}
		return nil
	}
	if err = a.Grade(later(now, a.Started, opened(st.Evidence.Renewals)), items); err != nil {
		return err
	}
	duties := []Duty{DutyFold}
	if a.Result.Passed && p.wouldCertify(st, a) {
		duties = []Duty{DutyCertify, DutyFold}
	}
	a.Pending, a.PendingSince = pending(now, duties...)
	return nil
}

// wouldCertify asks, in memory, whether this graded attempt makes a
// certificate due.
func (p *Programme) wouldCertify(st *Standing, a *Attempt) bool {
	trial := &Standing{Person: st.Person, Evidence: clone(st.Evidence), Seen: map[string]int{}, Open: map[string]string{}}
	trial.fold(a)
	return len(p.due(trial)) > 0
}

// read reads a document by its id. It is ErrNotFound when there is none, and when the
// id can't be one.
func read[T any](ctx context.Context, from *store.Collection[T], id string) (*T, error) {
	doc, err := from.Get(ctx, id)
	if err != nil {
		return nil, missing(err, fmt.Sprintf("read %.100q from the %s", id, from.Name()))
	}
	return doc, nil
}

// once inserts a document whose id says what caused it, or returns the one that is
// there from before. fresh says that it was inserted.
func once[T any](ctx context.Context, in *store.Collection[T], id string, doc *T) (there *T, fresh bool, err error) {
	if there, err = read(ctx, in, id); !errors.Is(err, ErrNotFound) {
		return there, false, err
	}
	err = in.Insert(ctx, doc)
	if errors.Is(err, store.ErrExists) { // somebody was faster
		there, err = read(ctx, in, id)
		return there, false, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("insert into the %s: %w", in.Name(), err)
	}
	return doc, true, nil
}

// missing turns the store's ErrNotFound into ours and says what was tried.
func missing(err error, tried string) error {
	if errors.Is(err, store.ErrNotFound) {
		err = ErrNotFound
	}
	return fmt.Errorf("%s: %w", tried, err)
}
