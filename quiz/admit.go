package quiz

import (
	"cmp"
	"slices"
	"time"
)

// Rules say how often something may be tried. Quizzes and scenarios have them.
type Rules struct {
	ID       string          // as in Grant.Quiz
	Attempts int             // per cycle, starts count; 0 is no limit
	Cooldown []time.Duration // after the 1st, 2nd … failed attempt; the last one repeats
}

// Rules returns those of the quiz.
func (q *Quiz) Rules() Rules { return Rules{q.ID, q.Attempts, q.Cooldown} }

// Admit applies the rules of the quiz to a learner's earlier attempts and
// grants, of which those of other cycles and quizzes are left out. The
// package comment has the rules.
func Admit(q *Quiz, tries []Try, grants []Grant, cycle int, now time.Time) Admission {
	return q.Rules().Admit(tries, grants, cycle, now)
}

// Admit is the function Admit for whatever has rules.
func (r Rules) Admit(tries []Try, grants []Grant, cycle int, now time.Time) Admission {
	tries = inOrder(tries, cycle)
	given := inCycle(grants, r.ID, cycle)
	a := Admission{Reason: MayStart, Used: len(tries), Left: -1, Granted: len(given), Next: 1}
	var last Try // the last that failed
	for _, t := range tries {
		a.Next = max(a.Next, t.Number+1)
		switch {
		case t.State == Open:
			a.Open = t.Attempt
		case t.Passed:
			a.Passed = true
		default:
			a.Failed++
			last = t
		}
	}
	if r.Attempts > 0 {
		a.Left = left(r.Attempts, tries, given)
	}
	free := freeAt(r.Cooldown, a.Failed, last, given)
	switch {
	case a.Open != "":
		a.Reason = InProgress
	case a.Passed:
		a.Reason = AlreadyPassed
	case a.Left == 0:
		a.Reason = UsedUp
	case now.Before(free):
		a.Reason, a.FreeAt = CoolingDown, free
	}
	return a
}

// inOrder returns the cycle's tries in the order of their numbers.
func inOrder(tries []Try, cycle int) []Try {
	var own []Try
	for _, t := range tries {
		if t.Cycle == cycle {
			own = append(own, t)
		}
	}
	slices.SortStableFunc(own, func(x, y Try) int { return cmp.Compare(x.Number, y.Number) })
	return own
}

// inCycle returns the grants for the quiz and cycle, oldest first.
func inCycle(grants []Grant, quiz string, cycle int) []Grant {
	var own []Grant
	for _, g := range grants {
		if g.Quiz == quiz && g.Cycle == cycle {
			own = append(own, g)
		}
	}
	slices.SortStableFunc(own, func(x, y Grant) int { return x.At.Compare(y.At) })
	return own
}

// left returns the attempts left. Starts and grants are played back in order
// and the rest never falls below zero: so a grant always is one attempt more,
// even where the author lowered the limit after more had been used.
func left(limit int, tries []Try, grants []Grant) int {
	n := limit
	for _, t := range tries {
		for len(grants) > 0 && !grants[0].At.After(t.Started) {
			n, grants = n+1, grants[1:]
		}
		n = max(0, n-1)
	}
	return n + len(grants)
}

// freeAt returns when the cool-down after the last failed attempt ends; zero
// when there is none, or when a grant given while it ran lifted it.
func freeAt(waits []time.Duration, failed int, last Try, grants []Grant) time.Time {
	if failed == 0 || len(waits) == 0 {
		return time.Time{}
	}
	free := last.Submitted.Add(waits[min(failed, len(waits))-1])
	for _, g := range grants {
		if !g.At.Before(last.Submitted) && g.At.Before(free) {
			return time.Time{}
		}
	}
	return free
}
