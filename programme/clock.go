package programme

import (
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
)

// tick is the smallest difference of two stored times.
const tick = time.Millisecond

// later is when something is done that follows from earlier things: now, or
// at the latest of them where the clock says that they are yet to come.
func later(now time.Time, earlier ...time.Time) time.Time {
	for _, t := range earlier {
		if t.After(now) {
			now = t
		}
	}
	return now
}

// opened is when the latest of the renewals opened its cycle, so that what is
// done in it counts for it.
func opened(renewals []certify.Renewal) (at time.Time) {
	for _, r := range renewals {
		at = later(at, r.Opened)
	}
	return at
}

// failedAt is when the last attempt was graded, so that a grant after it lifts
// its cool-down.
func failedAt(tries []quiz.Try) (at time.Time) {
	for _, t := range tries {
		at = later(at, t.Submitted)
	}
	return at
}

// granted is now, or the moment after the latest grant of attempts at this key
// where that is yet to come, so that the next attempt is the one that uses it.
func granted(now time.Time, grants []quiz.Grant, key string) time.Time {
	for _, g := range grants {
		if g.Quiz == key && g.At.After(now) {
			now = g.At.Add(tick)
		}
	}
	return now
}

// observed is when the certification was last signed off or not, so that the
// next word is the later one.
func observed(signoffs []certify.Signoff, certification string) (at time.Time) {
	for _, s := range signoffs {
		if s.Certification == certification {
			at = later(at, s.At)
		}
	}
	return at
}
