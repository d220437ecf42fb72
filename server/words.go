package server

import (
	"fmt"
	"strings"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
)

// A state is what a chip shows, with the reason under it: never colour
// alone, never "no" alone.
type state struct {
	Kind string // inside, outside, fatal, owed, none
	Icon string
	Word string
	Why  string
}

// stateOf says a clearance in words. mine tells whether the reader is the
// person it is about.
func (r *request) stateOf(c certify.Clearance, mine bool) state {
	loc := r.zone()
	switch c.State {
	case certify.Cleared:
		return state{"inside", "ok", "Cleared", r.untilWhy(c)}
	case certify.Expiring:
		return state{"outside", "clock", "Expires soon", "on " + r.lastDay(c.Until) + renewalWhy(c)}
	case certify.NotEnforced:
		return state{"inside", "half", "Cleared for now", "not enforced until " + day(c.EnforcedFrom, r.lib().Location) + progressWhy(c)}
	case certify.Issuing:
		return state{"inside", "half", "All done", "the certificate is being written"}
	case certify.Waiting:
		return state{"outside", "clock", waitingWord(mine), fmt.Sprintf("%s, %d of %d done", stepTitle(c.Next), c.Done, c.Total)}
	case certify.Expired:
		return state{"fatal", "cross", "Expired", "on " + r.lastDay(c.Until) + renewalWhy(c)}
	case certify.Failed:
		return state{"fatal", "cross", "Failed", fmt.Sprintf("%s, free again on %s", stepTitle(c.Next), moment(c.FreeAt, loc))}
	case certify.Locked:
		return state{"fatal", "lock", "No attempt left", stepTitle(c.Next) + lockedWhy(mine)}
	case certify.Blocked:
		return state{"none", "lock", "Comes later", "after " + r.titlesOf(c.Missing)}
	case certify.InProgress:
		return state{"none", "half", fmt.Sprintf("%d of %d done", c.Done, c.Total), nextWhy(c)}
	case certify.NotStarted:
		return state{"none", "dash", "Not started", nextWhy(c)}
	default:
		return state{"none", "dash", "No certification", "nobody can be certified for this yet"}
	}
}

func (r *request) untilWhy(c certify.Clearance) string {
	if c.Until.IsZero() {
		return "without end"
	}
	return "until " + r.lastDay(c.Until)
}

// lastDay is the last day on which a certificate holds, in the library's
// time zone, whatever the reader's.
func (r *request) lastDay(until time.Time) string { return day(until, r.lib().Location) }

// titlesOf says certifications by their titles.
func (r *request) titlesOf(ids []string) string {
	var titles []string
	for _, id := range ids {
		if c := r.lib().Certification(id); c != nil {
			id = c.Title
		}
		titles = append(titles, id)
	}
	return strings.Join(titles, ", ")
}

func renewalWhy(c certify.Clearance) string {
	switch {
	case c.Renewing:
		return fmt.Sprintf("; renewal: %d of %d done", c.Done, c.Total)
	case c.MayRenew:
		return "; the renewal may start"
	default:
		return ""
	}
}

func progressWhy(c certify.Clearance) string {
	if c.Done == 0 {
		return "; not started"
	}
	return fmt.Sprintf("; %d of %d done", c.Done, c.Total)
}

func waitingWord(mine bool) string {
	if mine {
		return "Waiting for sign-off"
	}
	return "Waiting for you"
}

func lockedWhy(mine bool) string {
	if mine {
		return ": ask your manager for another one"
	}
	return ": grant one more, or have a talk"
}

// stepTitle names a step within a sentence.
func stepTitle(s *certify.Step) string {
	switch s.Kind {
	case certify.PassQuiz:
		return "quiz “" + s.Title + "”"
	case certify.PlayScenario:
		return "scenario “" + s.Title + "”"
	default:
		return s.Title
	}
}

// period says how long something holds: "1 year", "1 year and 6 months".
func period(p certify.Period) string {
	var parts []string
	for _, one := range []struct {
		n         int
		one, many string
	}{{p.Years, "year", "years"}, {p.Months, "month", "months"}, {p.Days, "day", "days"}} {
		if one.n > 0 {
			parts = append(parts, plural(one.n, one.one, one.many))
		}
	}
	return strings.Join(parts, " and ")
}

func nextWhy(c certify.Clearance) string {
	if c.Next == nil {
		return ""
	}
	return "next: " + stepTitle(c.Next)
}

// admissionWords says why an attempt can or can't start, and what then.
func admissionWords(a quiz.Admission, loc *time.Location) (title, sentence string) {
	switch a.Reason {
	case quiz.MayStart:
		if a.Left < 0 {
			return "You may start", "There is no limit to the attempts."
		}
		return "You may start", "You have " + plural(a.Left, "attempt", "attempts") + " left. Starting one counts."
	case quiz.InProgress:
		return "An attempt is open", "Your answers are kept. Continue where you left off."
	case quiz.AlreadyPassed:
		return "Passed", "There is nothing more to do here."
	case quiz.CoolingDown:
		sentence := "Your next attempt is free on " + moment(a.FreeAt, loc) + "."
		if a.Left > 0 {
			sentence += " You have " + plural(a.Left, "attempt", "attempts") + " left."
		}
		return "Take a breath", sentence + " Use the time for the lessons below. If it can't wait, your manager can grant an attempt at once."
	default:
		return "No attempt left", "You have used all your attempts. Ask your manager: she sees it on her board and can grant you another one at once."
	}
}

// Dates and times in words, always in the reader's zone.

func day(t time.Time, loc *time.Location) string { return t.In(loc).Format("2 January 2006") }

func moment(t time.Time, loc *time.Location) string {
	return t.In(loc).Format("2 January 2006, 15:04")
}

func clockTime(t time.Time, loc *time.Location) string { return t.In(loc).Format("15:04:05") }

// duration says a cool-down: "24 hours", "7 days".
func duration(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return plural(int(d.Hours()/24), "day", "days")
	case d >= time.Hour:
		return plural(int(d.Hours()), "hour", "hours")
	default:
		return plural(int(d.Minutes()), "minute", "minutes")
	}
}
