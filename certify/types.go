package certify

import "time"

// A Certification is what a rep must do to be cleared to sell its offerings.
type Certification struct {
	ID          string
	Rev         string // Revision of its rules, set by Seal
	Title       string
	Offerings   []string  // offering ids it clears for
	After       []string  // certification ids that must be held first
	Steps       []Step    // what is required, in order, modules already expanded
	Covers      []string  // clause ids, expanded and sorted
	Valid       Period    // how long a certificate holds; zero is without end
	Remind      []int     // days before the end, descending
	Grace       int       // days after a material change
	EnforceFrom time.Time // start of the day, library's time zone; zero: enforced
	Text        string    // HTML: what the certificate says
	URL         string
}

// StepKind is the kind of a requirement.
type StepKind string

const (
	// ReadLesson: the lesson is marked read, or a quiz of its module was passed first.
	ReadLesson StepKind = "lesson"
	// PassQuiz: an attempt of the quiz passed.
	PassQuiz StepKind = "quiz"
	// PlayScenario: a play of the scenario that counts passed.
	PlayScenario StepKind = "scenario"
	// SignOff: a manager signed the criteria.
	SignOff StepKind = "signoff"
)

// Attempted reports whether such a step is done by an attempt that passes: its
// Ref is what tries and grants go by.
func (k StepKind) Attempted() bool { return k == PassQuiz || k == PlayScenario }

// A Step is one thing to do.
type Step struct {
	Kind     StepKind
	Ref      string   // lesson path, quiz id, scenario.Key, or "signoff"
	Title    string   // for people
	URL      string   // where it is done; empty for a sign-off
	Waivers  []string // quiz ids whose pass waives it (test-out)
	Criteria []string // of a sign-off
}

// A Period is a calendar length, as in `valid: 1y`.
type Period struct{ Years, Months, Days int }
