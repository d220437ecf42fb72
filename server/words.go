package server

import (
	"strings"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates/words"
)

// A state is what a chip shows, with the reason under it: never colour
// alone, never "no" alone.
type state struct {
	Kind string // inside, outside, fatal, owed, none
	Icon string
	Word string
	Why  string
}

// A tone is the colour and the icon of a state.
type tone struct{ kind, icon string }

var tones = map[certify.State]tone{
	certify.Cleared:     {"inside", "ok"},
	certify.Expiring:    {"outside", "clock"},
	certify.NotEnforced: {"inside", "half"},
	certify.Issuing:     {"inside", "half"},
	certify.Waiting:     {"outside", "clock"},
	certify.Expired:     {"fatal", "cross"},
	certify.Failed:      {"fatal", "cross"},
	certify.Locked:      {"fatal", "lock"},
	certify.Blocked:     {"none", "lock"},
	certify.InProgress:  {"none", "half"},
	certify.NotStarted:  {"none", "dash"},
	"":                  {"none", "dash"},
}

// stateOf says a clearance in words. mine tells whether the reader is the
// person it is about.
func (r *request) stateOf(c certify.Clearance, mine bool) state {
	word, why := r.stateWords(c, mine)
	return state{tones[c.State].kind, tones[c.State].icon, word, why}
}

func (r *request) stateWords(c certify.Clearance, mine bool) (word, why string) {
	switch c.State {
	case certify.Cleared:
		return r.t("state.cleared.word"), r.untilWhy(c)
	case certify.Expiring:
		return r.t("state.expiring.word"), r.t("state.on", "Day", r.lastDay(c.Until)) + r.renewalWhy(c)
	case certify.NotEnforced:
		from := r.t("state.not-enforced.why", "Day", dayIn(r.say, c.EnforcedFrom, r.lib().Location))
		return r.t("state.not-enforced.word"), from + r.progressWhy(c)
	case certify.Issuing:
		return r.t("state.issuing.word"), r.t("state.issuing.why")
	case certify.Waiting:
		return r.waitingWords(c, mine)
	case certify.Expired:
		return r.t("state.expired.word"), r.t("state.on", "Day", r.lastDay(c.Until)) + r.renewalWhy(c)
	case certify.Failed:
		return r.t("state.failed.word"), r.t("state.failed.why", "Step", r.stepTitle(c.Next), "When", momentIn(r.say, c.FreeAt, r.zone()))
	case certify.Locked:
		return r.t("state.locked.word"), r.lockedWhy(c, mine)
	case certify.Blocked:
		return r.t("state.blocked.word"), r.t("state.blocked.why", "Titles", r.titlesOf(c.Missing))
	case certify.InProgress:
		return r.t("state.in-progress.word", "Done", c.Done, "Total", c.Total), r.nextWhy(c)
	case certify.NotStarted:
		return r.t("state.not-started.word"), r.nextWhy(c)
	default:
		return r.t("state.nothing.word"), r.t("state.nothing.why")
	}
}

func (r *request) untilWhy(c certify.Clearance) string {
	if c.Until.IsZero() {
		return r.t("state.without-end")
	}
	return r.t("state.until", "Day", r.lastDay(c.Until))
}

// lastDay is the last day on which a certificate holds, in the library's
// time zone, whatever the reader's.
func (r *request) lastDay(until time.Time) string { return dayIn(r.say, until, r.lib().Location) }

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

func (r *request) renewalWhy(c certify.Clearance) string {
	switch {
	case c.Renewing:
		return r.t("state.renewing", "Done", c.Done, "Total", c.Total)
	case c.MayRenew:
		return r.t("state.may-renew")
	default:
		return ""
	}
}

func (r *request) progressWhy(c certify.Clearance) string {
	if c.Done == 0 {
		return r.t("state.not-enforced.nothing-done")
	}
	return r.t("state.not-enforced.some-done", "Done", c.Done, "Total", c.Total)
}

func (r *request) waitingWords(c certify.Clearance, mine bool) (word, why string) {
	if mine {
		return r.t("state.waiting.mine"), r.t("state.waiting.why", "Step", r.stepTitle(c.Next), "Done", c.Done, "Total", c.Total)
	}
	return r.t("state.waiting.theirs"), r.t("state.waiting.why-theirs", "Done", c.Done, "Total", c.Total)
}

func (r *request) lockedWhy(c certify.Clearance, mine bool) string {
	if mine {
		return r.t("state.locked.mine", "Step", r.stepTitle(c.Next))
	}
	return r.t("state.locked.theirs", "Step", r.stepTitle(c.Next))
}

// stepTitle names a step within a sentence.
func (r *request) stepTitle(s *certify.Step) string {
	switch s.Kind {
	case certify.PassQuiz:
		return r.t("step.within.quiz", "Title", s.Title)
	case certify.PlayScenario:
		return r.t("step.within.scenario", "Title", s.Title)
	case certify.SignOff:
		return r.t("step.signoff")
	default:
		return s.Title
	}
}

// period says how long something holds: "1 year", "1 year and 6 months".
func (r *request) period(p certify.Period) string {
	var parts []string
	if p.Years > 0 {
		parts = append(parts, r.t("period.years", "N", p.Years))
	}
	if p.Months > 0 {
		parts = append(parts, r.t("period.months", "N", p.Months))
	}
	if p.Days > 0 {
		parts = append(parts, r.t("period.days", "N", p.Days))
	}
	return strings.Join(parts, r.t("period.and"))
}

func (r *request) nextWhy(c certify.Clearance) string {
	if c.Next == nil {
		return ""
	}
	return r.t("state.next", "Step", r.stepTitle(c.Next))
}

// admissionWords says why an attempt can or can't start, and what then.
func admissionWords(say *words.Language, a quiz.Admission, loc *time.Location) (title, sentence string) {
	left := say.T("admission.left", "N", a.Left)
	switch a.Reason {
	case quiz.MayStart:
		if a.Left < 0 {
			return say.T("admission.may-start"), say.T("admission.no-limit")
		}
		return say.T("admission.may-start"), left + " " + say.T("admission.counts")
	case quiz.InProgress:
		return say.T("admission.open"), say.T("admission.continue")
	case quiz.AlreadyPassed:
		return say.T("admission.passed"), say.T("admission.nothing-more")
	case quiz.CoolingDown:
		sentence := say.T("admission.free-on", "When", momentIn(say, a.FreeAt, loc))
		if a.Left > 0 {
			sentence += " " + left
		}
		return say.T("admission.cooling-down"), sentence + " " + say.T("admission.meanwhile")
	default:
		return say.T("admission.none-left"), say.T("admission.ask")
	}
}

// Dates and times in words, always in the reader's zone.

func clockTime(t time.Time, loc *time.Location) string { return t.In(loc).Format("15:04:05") }

// duration says a cool-down: "24 hours", "7 days".
func duration(say *words.Language, d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return say.T("duration.days", "N", int(d.Hours()/24))
	case d >= time.Hour:
		return say.T("duration.hours", "N", int(d.Hours()))
	default:
		return say.T("duration.minutes", "N", int(d.Minutes()))
	}
}
