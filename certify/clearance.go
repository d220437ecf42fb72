package certify

import (
	"cmp"
	"slices"
	"time"

	"github.com/insidebox/insidebox/quiz"
)

// State is where a person stands with a certification. The package comment
// says when each applies.
type State string

// The states, the best first: the order in which Best prefers them.
const (
	Cleared     State = "cleared"
	Expiring    State = "expiring"
	NotEnforced State = "not-enforced"
	Issuing     State = "issuing"
	Waiting     State = "waiting"
	InProgress  State = "in-progress"
	Failed      State = "failed"
	Locked      State = "locked"
	Expired     State = "expired"
	Blocked     State = "blocked"
	NotStarted  State = "not-started"
)

// States lists all states in the order of Best.
func States() []State {
	return []State{Cleared, Expiring, NotEnforced, Issuing, Waiting, InProgress, Failed, Locked, Expired, Blocked, NotStarted}
}

// Clears reports whether a person in this state may sell.
func (s State) Clears() bool { return s == Cleared || s == Expiring || s == NotEnforced }

// A Clearance is where a person stands with a certification, and why: what a
// cell of the board needs for its sentence.
type Clearance struct {
	Certification string
	Title         string
	Offerings     []string // ids that it clears for
	State         State
	Then          State // with NotEnforced: what would hold; else empty

	Cycle int   // the present one
	Done  int   // steps done in it
	Total int   // steps
	Next  *Step // the first that isn't done, with Failed and Locked the quiz that holds things up; nil when all are done

	Certificate string    // id of the certificate in force, or of the last
	Since       time.Time // when that certificate was issued
	Until       time.Time // its last millisecond; zero is without end, or no certificate
	MayRenew    bool      // the next cycle may be opened
	Renewing    bool      // it is open, and its certificate not yet issued

	EnforcedFrom time.Time // with NotEnforced
	Quiz         string    // with Failed and Locked: which quiz, or scenario by its key
	FreeAt       time.Time // with Failed: when it may be tried again
	Missing      []string  // certifications to be held first that are not
}

// Cleared reports whether the person may sell the offerings now.
func (cl Clearance) Cleared() bool { return cl.State.Clears() }

// Clear says where a person stands with a certification. admissions returns
// what quiz.Admit says of a quiz, or of a scenario by its key, in the present
// cycle (QuizCycle); it is asked only about those that are still to be passed.
func Clear(c *Certification, e *Evidence, admissions func(quizID string) quiz.Admission, now time.Time) Clearance {
	p := ProgressOf(c, e)
	cl := Clearance{
		Certification: c.ID, Title: c.Title, Offerings: c.Offerings,
		Cycle: p.Cycle, Done: p.Done, Total: p.Total, Next: p.Next,
		MayRenew: MayRenew(c, e, now), Missing: Missing(c, e, now),
	}
	last, ok := e.last(c.ID)
	if ok {
		cl.Certificate, cl.Since, cl.Until = last.Certificate, last.Issued, last.Until
		_, issued := e.held(c.ID, p.Cycle)
		cl.Renewing = !issued
	}
	if ok && InForce(last.Until, now) {
		cl.State = Cleared
		if c.ends(last.Until, now) {
			cl.State = Expiring
		}
		return cl
	}
	cl.State = cl.standing(p, e, admissions)
	if now.Before(c.EnforceFrom) {
		cl.Then, cl.State, cl.EnforcedFrom = cl.State, NotEnforced, c.EnforceFrom
	}
	return cl
}

// standing returns the state without a certificate in force, and notes the
// quiz that holds things up.
func (cl *Clearance) standing(p Progress, e *Evidence, admissions func(string) quiz.Admission) State {
	_, issued := e.held(cl.Certification, p.Cycle)
	_, opened := e.opening(cl.Certification)
	begun := p.Done > 0 || tried(p, e, opened)
	switch {
	case issued, cl.Certificate != "" && !begun:
		return Expired
	case len(cl.Missing) > 0:
		return Blocked
	case p.Complete:
		return Issuing
	case onlySignOff(p):
		return Waiting
	}
	if state := cl.heldUp(p, admissions); state != "" {
		return state
	}
	if begun {
		return InProgress
	}
	return NotStarted
}

// tried reports whether an attempt at a missing quiz or scenario was started since the
// opening.
func tried(p Progress, e *Evidence, opened time.Time) bool {
	for _, s := range p.Steps {
		if !s.Step.Kind.Attempted() || s.Done {
			continue
		}
		for _, t := range e.Tries[s.Step.Ref] {
			if !t.Started.Before(opened) {
				return true
			}
		}
	}
	return false
}

// onlySignOff reports whether a sign-off is missing and nothing else is.
func onlySignOff(p Progress) bool {
	missing := slices.ContainsFunc(p.Steps, func(s StepState) bool { return !s.Done })
	return missing && !slices.ContainsFunc(p.Steps, func(s StepState) bool { return !s.Done && s.Step.Kind != SignOff })
}

// heldUp returns Locked or Failed when a missing quiz or scenario can't be tried now. A
// locked one goes first: no waiting helps there.
func (cl *Clearance) heldUp(p Progress, admissions func(string) quiz.Admission) State {
	var state State
	for i, s := range p.Steps {
		if !s.Step.Kind.Attempted() || s.Done || admissions == nil {
			continue
		}
		a := admissions(s.Step.Ref)
		locked := a.Reason == quiz.UsedUp
		if !locked && (a.Reason != quiz.CoolingDown || state != "") {
			continue
		}
		cl.Next, cl.Quiz, cl.FreeAt = &p.Steps[i].Step, s.Step.Ref, a.FreeAt
		if locked {
			return Locked
		}
		state = Failed
	}
	return state
}

// Best returns the clearance to show where several certifications clear for
// one offering: the best state in the order of States, then the later end,
// then the larger share of steps done, then the first. Of none it returns
// the zero Clearance.
func Best(all ...Clearance) Clearance {
	if len(all) == 0 {
		return Clearance{}
	}
	rank := States()
	return slices.MinFunc(all, func(a, b Clearance) int {
		return cmp.Or(
			cmp.Compare(slices.Index(rank, a.State), slices.Index(rank, b.State)),
			later(a, b),
			cmp.Compare(b.Done*a.Total, a.Done*b.Total),
		)
	})
}

// later sorts the clearance whose certificate holds longer first.
func later(a, b Clearance) int {
	switch {
	case a.Certificate == "" || b.Certificate == "":
		return 0
	case longer(a.Until, b.Until):
		return -1
	case longer(b.Until, a.Until):
		return 1
	}
	return 0
}
