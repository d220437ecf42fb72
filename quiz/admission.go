package quiz

import "time"

// A Try is what the admission rules need to know of an earlier attempt.
type Try struct {
	Attempt   string // id of the attempt
	Cycle     int
	Number    int
	State     State
	Started   time.Time
	Submitted time.Time
	Passed    bool
	Percent   int
}

// A Grant is one attempt more than the rules allow, given by a manager. It
// also lifts a running cool-down.
type Grant struct {
	ID    string
	Quiz  string
	Cycle int
	By    string // person id
	At    time.Time
	Note  string
}

// Admission says whether the next attempt may start, and if not, why and
// until when.
type Admission struct {
	Reason  Reason
	Open    string    // id of the attempt in progress, if any
	Used    int       // attempts started in this cycle
	Left    int       // attempts left; -1 is no limit
	FreeAt  time.Time // end of the cool-down, with Reason CoolingDown
	Passed  bool      // some attempt of this cycle passed
	Failed  int       // failed attempts of this cycle
	Granted int       // grants in this cycle
	Next    int       // the number that the next attempt of this cycle has
}

// Reason is the outcome of the admission rules.
type Reason string

const (
	// MayStart: a new attempt may start now.
	MayStart Reason = "may-start"
	// InProgress: an attempt is open; continue it.
	InProgress Reason = "in-progress"
	// AlreadyPassed: nothing more to do in this cycle.
	AlreadyPassed Reason = "passed"
	// CoolingDown: the next attempt is free at FreeAt, or by a grant at once.
	CoolingDown Reason = "cooling-down"
	// UsedUp: no attempt is left; a manager can grant one.
	UsedUp Reason = "used-up"
)
