package certify

import (
	"slices"
	"time"
)

// Quizzes returns the ids of the quizzes, and the keys of the scenarios, that
// the certification asks for or accepts in place of reading, in the order of
// its steps, each once.
func (c *Certification) Quizzes() []string {
	var ids []string
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, s := range c.Steps {
		if s.Kind.Attempted() {
			add(s.Ref)
		}
		for _, id := range s.Waivers {
			add(id)
		}
	}
	return ids
}

// asks reports whether the quiz or scenario is one of Quizzes.
func (c *Certification) asks(id string) bool {
	return slices.ContainsFunc(c.Steps, func(s Step) bool {
		return s.Kind.Attempted() && s.Ref == id || slices.Contains(s.Waivers, id)
	})
}

// CycleOf returns the present cycle of the certification: 1, or the last that
// a renewal opened.
func CycleOf(c *Certification, e *Evidence) int {
	cycle, _ := e.opening(c.ID)
	return cycle
}

// QuizCycle returns the cycle in which a person's next attempt at the quiz
// counts: 1, and one more for each renewal of a certification that asks for
// the quiz now or did when the renewal was opened. So a renewal always finds
// fresh attempts, and the cycle does not fall when a certification changes.
func QuizCycle(certs []*Certification, renewals []Renewal, quizID string) int {
	cycle := 1
	for _, r := range renewals {
		if slices.Contains(r.Quizzes, quizID) || slices.ContainsFunc(certs, func(c *Certification) bool {
			return c.ID == r.Certification && c.asks(quizID)
		}) {
			cycle++
		}
	}
	return cycle
}

// defaultWindow is how many days before the end a certificate may be renewed
// when the certification declares no reminders.
const defaultWindow = 60

// window returns the renewal window: the earliest reminder, in days of 24
// hours before the end.
func (c *Certification) window() time.Duration {
	days := defaultWindow
	if len(c.Remind) > 0 {
		days = slices.Max(c.Remind)
	}
	return time.Duration(days) * 24 * time.Hour
}

// ends reports whether a certificate that holds until then is within the
// renewal window or over.
func (c *Certification) ends(until, now time.Time) bool {
	return !until.IsZero() && !now.Before(until.Add(-c.window()))
}

// MayRenew reports whether a new cycle may be opened: the certificate of the
// present one is held, and is within the renewal window or over.
func MayRenew(c *Certification, e *Evidence, now time.Time) bool {
	h, ok := e.held(c.ID, CycleOf(c, e))
	return ok && c.ends(h.Until, now)
}

// Renew returns the renewal that opens the next cycle now, and whether it may
// be opened.
func Renew(c *Certification, e *Evidence, now time.Time) (Renewal, bool) {
	return Renewal{Certification: c.ID, Cycle: CycleOf(c, e) + 1, Opened: now, Quizzes: c.Quizzes()}, MayRenew(c, e, now)
}

// Missing returns the certifications under After that are not held in force.
func Missing(c *Certification, e *Evidence, now time.Time) []string {
	var missing []string
	for _, id := range c.After {
		if !e.Holds(id, now) {
			missing = append(missing, id)
		}
	}
	return missing
}

// Due returns the certificate that is to be issued now, without its id, and
// whether one is: all steps of the present cycle are done, none is held for
// it, and what must be held first is. loc is the library's time zone.
func Due(c *Certification, e *Evidence, loc *time.Location, now time.Time) (Held, bool) {
	if !Complete(c, e) || len(Missing(c, e, now)) > 0 {
		return Held{}, false
	}
	return Held{Certification: c.ID, Cycle: CycleOf(c, e), Issued: now, Until: c.Valid.AddTo(now, loc)}, true
}

// Complete reports whether all steps of the present cycle are done and no
// certificate is held for it. It is asked of every certification at every
// write, and mostly the first step that is not done answers.
func Complete(c *Certification, e *Evidence) bool {
	cycle, opened := e.opening(c.ID)
	if _, held := e.held(c.ID, cycle); held {
		return false
	}
	for i := len(c.Steps) - 1; i >= 0; i-- { // the last is done last
		if s := stateOf(c, &c.Steps[i], e, opened); !s.Done {
			return false
		}
	}
	return len(c.Steps) > 0
}
