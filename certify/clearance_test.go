package certify

import (
	"slices"
	"testing"
	"time"

	"github.com/insidebox/insidebox/quiz"
)

// change returns evidence with one thing changed.
func change(e *Evidence, f func(*Evidence)) *Evidence {
	f(e)
	return e
}

func TestClear(t *testing.T) {
	future := func(c *Certification) { c.EnforceFrom = at(400 * day) }
	after := func(c *Certification) { c.After = []string{"basics", "ethics"} }
	renewing := func(e *Evidence) {
		e.Renewals = append(e.Renewals, Renewal{Certification: "sell-records", Cycle: 2, Opened: at(320 * day)})
	}
	for _, c := range []struct {
		name  string
		rule  func(*Certification)
		e     *Evidence
		admit quiz.Reason
		now   time.Duration
		want  State
		then  State
	}{
		{"nothing done", nil, &Evidence{}, quiz.MayStart, 0, NotStarted, ""},
		{"a lesson read", nil, &Evidence{Read: map[string]time.Time{"l2": at(0)}}, quiz.MayStart, hour, InProgress, ""},
		{"an attempt open", nil, &Evidence{Tries: map[string][]quiz.Try{"box": {{State: quiz.Open, Started: at(0)}}}}, quiz.InProgress, hour, InProgress, ""},
		{"an attempt failed", nil, &Evidence{Tries: map[string][]quiz.Try{"box": {fail(1, 0)}}}, quiz.MayStart, hour, InProgress, ""},
		{"cooling down", nil, &Evidence{Tries: map[string][]quiz.Try{"box": {fail(1, 0)}}}, quiz.CoolingDown, hour, Failed, ""},
		{"used up", nil, &Evidence{Tries: map[string][]quiz.Try{"box": {fail(1, 0)}}}, quiz.UsedUp, hour, Locked, ""},
		{"sign-off missing", nil, change(done(), func(e *Evidence) { e.Signoffs = nil }), quiz.MayStart, day, Waiting, ""},
		{"sign-off and quiz missing", nil, change(done(), func(e *Evidence) { e.Signoffs, e.Tries["consent"] = nil, nil }), quiz.MayStart, day, InProgress, ""},
		{"all done", nil, done(), quiz.AlreadyPassed, day, Issuing, ""},
		{"another must be held first", after, &Evidence{}, quiz.MayStart, 0, Blocked, ""},
		{"and all is done", after, done(), quiz.MayStart, day, Blocked, ""},
		{"a certificate", nil, certified(), quiz.AlreadyPassed, day, Cleared, ""},
		{"just before the first reminder", nil, certified(), quiz.AlreadyPassed, 305*day + 14*hour + 59*time.Minute, Cleared, ""},
		{"at the first reminder", nil, certified(), quiz.AlreadyPassed, 305*day + 15*hour, Expiring, ""},
		{"on the last day", nil, certified(), quiz.AlreadyPassed, 365*day + 14*hour, Expiring, ""},
		{"the day after", nil, certified(), quiz.AlreadyPassed, 365*day + 15*hour, Expired, ""},
		{"held though another is no longer", after, certified(), quiz.AlreadyPassed, day, Cleared, ""},
		{"without end", nil, change(certified(), func(e *Evidence) { e.Held[0].Until = time.Time{} }), quiz.AlreadyPassed, 9999 * day, Cleared, ""},
		{"renewal open, certificate in force", nil, change(certified(), renewing), quiz.MayStart, 330 * day, Expiring, ""},
		{"renewal open, nothing done, over", nil, change(certified(), renewing), quiz.MayStart, 400 * day, Expired, ""},
		{"renewal begun, over", nil, change(certified(), func(e *Evidence) { renewing(e); e.Read["l1"] = at(321 * day) }), quiz.MayStart, 400 * day, InProgress, ""},
		{"renewal failed, over", nil, change(certified(), func(e *Evidence) {
			renewing(e)
			e.Tries["box"] = append(e.Tries["box"], fail(1, 399*day))
		}), quiz.CoolingDown, 400 * day, Failed, ""},
		{"not enforced, nothing done", future, &Evidence{}, quiz.MayStart, 0, NotEnforced, NotStarted},
		{"not enforced, locked", future, &Evidence{}, quiz.UsedUp, 0, NotEnforced, Locked},
		{"not enforced, certified all the same", future, certified(), quiz.AlreadyPassed, day, Cleared, ""},
		{"on the day it is enforced", future, &Evidence{}, quiz.MayStart, 400 * day, NotStarted, ""},
	} {
		rule := selling()
		if c.rule != nil {
			c.rule(rule)
		}
		got := Clear(rule, c.e, admit(c.admit), at(c.now))
		if got.State != c.want || got.Then != c.then {
			t.Errorf("%s: %s (then %q), want %s (then %q)", c.name, got.State, got.Then, c.want, c.then)
		}
		if got.Cleared() != slices.Contains([]State{Cleared, Expiring, NotEnforced}, c.want) {
			t.Errorf("%s: cleared is %v", c.name, got.Cleared())
		}
		if (c.want == NotEnforced) == got.EnforcedFrom.IsZero() {
			t.Errorf("%s: enforced from %v", c.name, got.EnforcedFrom)
		}
	}
}

func TestClearSaysWhy(t *testing.T) {
	failed := &Evidence{Read: map[string]time.Time{"l1": at(0)}, Tries: map[string][]quiz.Try{"consent": {fail(1, 0)}}}
	onlyConsent := func(reason quiz.Reason) func(string) quiz.Admission {
		return func(id string) quiz.Admission {
			if id == "consent" {
				return quiz.Admission{Reason: reason, FreeAt: at(30 * hour)}
			}
			return quiz.Admission{Reason: quiz.MayStart}
		}
	}
	if c := Clear(selling(), failed, onlyConsent(quiz.CoolingDown), at(hour)); c.State != Failed || c.Quiz != "consent" || c.Next.Ref != "consent" || !c.FreeAt.Equal(at(30*hour)) || c.Done != 1 || c.Total != 5 {
		t.Errorf("failed: %+v", c)
	}
	// A lock tells before a cool-down, though its quiz comes later.
	both := func(id string) quiz.Admission {
		if id == "box" {
			return quiz.Admission{Reason: quiz.CoolingDown, FreeAt: at(30 * hour)}
		}
		return quiz.Admission{Reason: quiz.UsedUp}
	}
	if c := Clear(selling(), failed, both, at(hour)); c.State != Locked || c.Quiz != "consent" || !c.FreeAt.IsZero() {
		t.Errorf("locked: %+v", c)
	}
	rule := selling()
	rule.After = []string{"basics", "ethics"}
	e := &Evidence{Held: []Held{{Certification: "basics", Cycle: 1}}}
	if c := Clear(rule, e, nil, at(0)); c.State != Blocked || !slices.Equal(c.Missing, []string{"ethics"}) {
		t.Errorf("blocked: %+v", c)
	}
	e = certified()
	c := Clear(selling(), e, nil, at(330*day))
	if c.Certificate != "cert-1" || !c.Since.Equal(at(5*hour)) || !c.Until.Equal(e.Held[0].Until) || !c.MayRenew || c.Renewing || c.Done != 5 || c.Next != nil {
		t.Errorf("expiring: %+v", c)
	}
	e.Renewals = []Renewal{{Certification: "sell-records", Cycle: 2, Opened: at(320 * day)}}
	if c := Clear(selling(), e, nil, at(330*day)); c.MayRenew || !c.Renewing || c.Cycle != 2 || c.Done != 0 || c.Next.Ref != "l1" {
		t.Errorf("renewing: %+v", c)
	}
}

// A quiz that is passed is not asked about; its cool-downs are over.
func TestClearAsksAboutMissingQuizzesOnly(t *testing.T) {
	e := done()
	e.Tries["consent"] = nil
	var asked []string
	Clear(selling(), e, func(id string) quiz.Admission {
		asked = append(asked, id)
		return quiz.Admission{Reason: quiz.MayStart}
	}, at(day))
	if !slices.Equal(asked, []string{"consent"}) {
		t.Errorf("asked about %v", asked)
	}
}

func TestBest(t *testing.T) {
	state := func(id string, s State, until time.Duration, done int) Clearance {
		c := Clearance{Certification: id, State: s, Done: done, Total: 10}
		if until != 0 {
			c.Certificate, c.Until = "cert", at(until)
		}
		return c
	}
	endless := Clearance{Certification: "endless", State: Cleared, Certificate: "cert"}
	for _, c := range []struct {
		want string
		all  []Clearance
	}{
		{"", nil},
		{"b", []Clearance{state("a", NotStarted, 0, 0), state("b", InProgress, 0, 1)}},
		{"b", []Clearance{state("a", InProgress, 0, 9), state("b", Expiring, day, 0), state("c", NotEnforced, 0, 0)}},
		{"b", []Clearance{state("a", Cleared, day, 0), state("b", Cleared, 2*day, 0)}},
		{"endless", []Clearance{state("a", Cleared, day, 0), endless}},
		{"a", []Clearance{state("a", InProgress, 0, 5), state("b", InProgress, 0, 5)}},
		{"b", []Clearance{state("a", InProgress, 0, 4), state("b", InProgress, 0, 5)}},
		{"b", []Clearance{state("a", Expired, day, 0), state("b", Failed, 0, 3)}},
	} {
		if got := Best(c.all...).Certification; got != c.want {
			t.Errorf("the best of %+v is %q, want %q", c.all, got, c.want)
		}
	}
	if n := len(States()); n != 11 {
		t.Errorf("%d states are ranked", n)
	}
}
