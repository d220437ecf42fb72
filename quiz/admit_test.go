package quiz

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const day = 24 * time.Hour

func at(d time.Duration) time.Time { return start.Add(d) }

func failed(number int, submitted time.Duration) Try {
	return Try{Attempt: fmt.Sprint("a", number), Cycle: 1, Number: number, State: Graded, Started: at(submitted - time.Hour), Submitted: at(submitted)}
}

func passed(number int, submitted time.Duration) Try {
	t := failed(number, submitted)
	t.Passed = true
	return t
}

func granted(when time.Duration) Grant { return Grant{Quiz: "q", Cycle: 1, At: at(when)} }

func TestAdmitByHand(t *testing.T) {
	rules := &Quiz{ID: "q", Attempts: 3, Cooldown: []time.Duration{day, 7 * day}}
	for _, c := range []struct {
		name   string
		tries  []Try
		grants []Grant
		now    time.Duration
		reason Reason
		left   int
		free   time.Duration // from the start; with cooling-down
		next   int
	}{
		{"nothing yet", nil, nil, 0, MayStart, 3, 0, 1},
		{"just failed", []Try{failed(1, 0)}, nil, 0, CoolingDown, 2, day, 2},
		{"a moment before the end", []Try{failed(1, 0)}, nil, day - 1, CoolingDown, 2, day, 2},
		{"the first cool-down is over", []Try{failed(1, 0)}, nil, day, MayStart, 2, 0, 2},
		{"the second is longer", []Try{failed(1, 0), failed(2, 2*day)}, nil, 8 * day, CoolingDown, 1, 9 * day, 3},
		{"the second is over", []Try{failed(1, 0), failed(2, 2*day)}, nil, 9 * day, MayStart, 1, 0, 3},
		{"all used", []Try{failed(1, 0), failed(2, 2*day), failed(3, 9*day)}, nil, 100 * day, UsedUp, 0, 0, 4},
		{"order of the record doesn't matter", []Try{failed(2, 2*day), failed(1, 0)}, nil, 8 * day, CoolingDown, 1, 9 * day, 3},
		{"an open one", []Try{failed(1, 0), {Attempt: "a2", Cycle: 1, Number: 2, State: Open, Started: at(day)}}, nil, 2 * day, InProgress, 1, 0, 3},
		{"passed", []Try{failed(1, 0), passed(2, 2*day)}, nil, 2 * day, AlreadyPassed, 1, 0, 3},
		{"passed with the last", []Try{failed(1, 0), failed(2, 2*day), passed(3, 10*day)}, nil, 11 * day, AlreadyPassed, 0, 0, 4},
		{"another cycle", []Try{{Cycle: 2, Number: 1, State: Graded, Submitted: at(0)}}, nil, 0, MayStart, 3, 0, 1},

		{"a grant lifts the running cool-down", []Try{failed(1, 0)}, []Grant{granted(time.Hour)}, 2 * time.Hour, MayStart, 3, 0, 2},
		{"at the very moment of failing", []Try{failed(1, 0)}, []Grant{granted(0)}, 0, MayStart, 3, 0, 2},
		{"not one that begins later", []Try{failed(1, 0), failed(2, 2*time.Hour)}, []Grant{granted(time.Hour)}, 3 * time.Hour, CoolingDown, 2, 7*day + 2*time.Hour, 3},
		{"nor when given before the failing", []Try{failed(1, 0)}, []Grant{granted(-time.Minute)}, time.Hour, CoolingDown, 3, day, 2},
		{"a grant after the end", []Try{failed(1, 0)}, []Grant{granted(2 * day)}, 3 * day, MayStart, 3, 0, 2},
		{"one attempt more", []Try{failed(1, 0), failed(2, 2*day), failed(3, 9*day)}, []Grant{granted(10 * day)}, 10 * day, MayStart, 1, 0, 4},
		{"and used up again", []Try{failed(1, 0), failed(2, 2*day), failed(3, 9*day), failed(4, 11*day)}, []Grant{granted(10 * day)}, 100 * day, UsedUp, 0, 0, 5},
		{"a grant for another cycle", []Try{failed(1, 0)}, []Grant{{Quiz: "q", Cycle: 2, At: at(time.Hour)}}, 2 * time.Hour, CoolingDown, 2, day, 2},
		{"a grant for another quiz", []Try{failed(1, 0)}, []Grant{{Quiz: "r", Cycle: 1, At: at(time.Hour)}}, 2 * time.Hour, CoolingDown, 2, day, 2},
	} {
		a := Admit(rules, c.tries, c.grants, 1, at(c.now))
		if a.Reason != c.reason || a.Left != c.left || a.Next != c.next {
			t.Errorf("%s: %s with %d left, next %d; want %s with %d left, next %d", c.name, a.Reason, a.Left, a.Next, c.reason, c.left, c.next)
		}
		if c.reason == CoolingDown && !a.FreeAt.Equal(at(c.free)) || c.reason != CoolingDown && !a.FreeAt.IsZero() {
			t.Errorf("%s: free at %v, want %v after the start", c.name, a.FreeAt, c.free)
		}
		if c.reason == InProgress && a.Open != "a2" {
			t.Errorf("%s: open is %q", c.name, a.Open)
		}
	}
}

func TestAdmitCounts(t *testing.T) {
	a := Admit(&Quiz{ID: "q", Attempts: 5}, []Try{failed(1, 0), failed(2, day), passed(3, 2*day)}, []Grant{granted(day)}, 1, at(3*day))
	if a.Used != 3 || a.Failed != 2 || a.Granted != 1 || a.Left != 3 || !a.Passed {
		t.Errorf("admission is %+v", a)
	}
}

func TestAdmitWithoutLimits(t *testing.T) {
	tries := []Try{failed(1, 0), failed(2, 1), failed(3, 2), failed(4, 3)}
	if a := Admit(&Quiz{ID: "q"}, tries, nil, 1, at(4)); a.Reason != MayStart || a.Left != -1 || a.Next != 5 {
		t.Errorf("without limits: %+v", a)
	}
}

// A grant helps even where the author lowered the limit after more was used.
func TestGrantAfterALoweredLimit(t *testing.T) {
	tries := []Try{failed(1, 0), failed(2, day), failed(3, 2*day), failed(4, 3*day)}
	rules := &Quiz{ID: "q", Attempts: 2}
	if a := Admit(rules, tries, nil, 1, at(4*day)); a.Reason != UsedUp {
		t.Fatalf("four of two used: %+v", a)
	}
	if a := Admit(rules, tries, []Grant{granted(4 * day)}, 1, at(4*day)); a.Reason != MayStart || a.Left != 1 {
		t.Errorf("and one granted: %+v", a)
	}
}

// A learner and her manager at play: whatever happens, the rules hold.
func TestAdmissionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := &Quiz{ID: "q", Attempts: rapid.IntRange(0, 4).Draw(t, "attempts")}
		for range rapid.IntRange(0, 3).Draw(t, "cool-downs") {
			rules.Cooldown = append(rules.Cooldown, time.Duration(rapid.IntRange(0, 100).Draw(t, "hours"))*time.Hour)
		}
		var tries []Try
		var grants []Grant
		now := start
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "pause")) * time.Hour)
			a := Admit(rules, tries, grants, 1, now)
			check(t, rules, tries, grants, now, a)
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				grants = append(grants, Grant{Quiz: "q", Cycle: 1, At: now})
				after := Admit(rules, tries, grants, 1, now)
				if a.Reason != InProgress && a.Reason != AlreadyPassed && after.Reason != MayStart {
					t.Fatalf("locked out in spite of a grant: %+v", after)
				}
			default:
				if a.Reason == MayStart {
					tries = append(tries, Try{Attempt: fmt.Sprint("a", a.Next), Cycle: 1, Number: a.Next, State: Open, Started: now})
				} else if a.Reason == InProgress {
					last := &tries[len(tries)-1]
					last.State, last.Submitted, last.Passed = Graded, now, rapid.IntRange(0, 9).Draw(t, "pass") == 0
				}
			}
		}
	})
}

// check holds what must be true of every admission.
func check(t *rapid.T, rules *Quiz, tries []Try, grants []Grant, now time.Time, a Admission) {
	if rules.Attempts > 0 && len(tries) > rules.Attempts+len(grants) {
		t.Fatalf("%d starts with %d allowed and %d granted", len(tries), rules.Attempts, len(grants))
	}
	if rules.Attempts > 0 && a.Left != rules.Attempts+len(grants)-len(tries) {
		t.Fatalf("%d left of %d and %d after %d starts", a.Left, rules.Attempts, len(grants), len(tries))
	}
	if a.Used != len(tries) || a.Granted != len(grants) || a.Next != len(tries)+1 || (a.Open != "") != (a.Reason == InProgress) {
		t.Fatalf("admission %+v of %d tries, %d grants", a, len(tries), len(grants))
	}
	if a.Reason == CoolingDown {
		if !a.FreeAt.After(now) {
			t.Fatalf("cooling down until %v, at %v", a.FreeAt, now)
		}
		if then := Admit(rules, tries, grants, 1, a.FreeAt); then.Reason != MayStart {
			t.Fatalf("at %v, when it was to be free: %+v", a.FreeAt, then)
		}
	}
}

func TestParseCooldown(t *testing.T) {
	for text, want := range map[string]time.Duration{"24h": day, "7d": 7 * day, " 30 min ": 30 * time.Minute, "0h": 0, "366d": MaxCooldown} {
		if got, err := ParseCooldown(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "24", "h", "-1h", "1.5h", "2w", "5m", "367d", "9999999999h"} {
		if got, err := ParseCooldown(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}
