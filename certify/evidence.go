package certify

import (
	"time"

	"github.com/insidebox/insidebox/quiz"
)

// Evidence is everything on record of one person that bears on
// certifications.
type Evidence struct {
	Read     map[string]time.Time  // by lesson id: when it was last marked read
	Tries    map[string][]quiz.Try // by quiz id, of all cycles
	Grants   []quiz.Grant          // for all quizzes
	Signoffs []Signoff
	Held     []Held
	Renewals []Renewal
}

// A Signoff is a manager's word that a rep meets the criteria of a
// certification, or does not yet.
type Signoff struct {
	Certification string
	By            string // person id
	At            time.Time
	Criteria      []string // as they were shown when signing
	Met           bool
	Note          string
}

// Held is a certificate as far as clearance needs it.
type Held struct {
	Certificate   string // id
	Certification string
	Cycle         int
	Issued        time.Time
	Until         time.Time // last millisecond; zero is without end
}

// A Renewal opens a cycle after the first.
type Renewal struct {
	Certification string
	Cycle         int // that it opens, from 2
	Opened        time.Time
	Quizzes       []string // that the certification asked for at the opening
}

// opening returns the present cycle of a certification and when it opened;
// the zero time for the first.
func (e *Evidence) opening(certification string) (cycle int, opened time.Time) {
	cycle = 1
	for _, r := range e.Renewals {
		if r.Certification == certification && r.Cycle > cycle {
			cycle, opened = r.Cycle, r.Opened
		}
	}
	return cycle, opened
}

// held returns the certificate of a cycle.
func (e *Evidence) held(certification string, cycle int) (Held, bool) {
	for _, h := range e.Held {
		if h.Certification == certification && h.Cycle == cycle {
			return h, true
		}
	}
	return Held{}, false
}

// last returns the certificate that holds longest, or held longest.
func (e *Evidence) last(certification string) (Held, bool) {
	var last Held
	found := false
	for _, h := range e.Held {
		if h.Certification != certification {
			continue
		}
		if !found || longer(h.Until, last.Until) {
			last, found = h, true
		}
	}
	return last, found
}

// longer reports whether the end a is later than b; zero is without end.
func longer(a, b time.Time) bool {
	return !b.IsZero() && (a.IsZero() || a.After(b))
}

// Holds reports whether a certificate for the certification is in force.
func (e *Evidence) Holds(certification string, now time.Time) bool {
	h, ok := e.last(certification)
	return ok && InForce(h.Until, now)
}
