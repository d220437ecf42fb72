package certify

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/quiz"
)

func TestDue(t *testing.T) {
	c := selling()
	if _, due := Due(c, &Evidence{}, time.UTC, at(0)); due {
		t.Error("a certificate for nothing")
	}
	berlin := zone(t, "Europe/Berlin")
	held, due := Due(c, done(), berlin, at(6*hour))
	want := Held{Certification: "sell-records", Cycle: 1, Issued: at(6 * hour), Until: time.Date(2028, 1, 4, 23, 59, 59, 999e6, berlin)}
	if !due || held.Certification != want.Certification || held.Cycle != 1 || !held.Issued.Equal(want.Issued) || !held.Until.Equal(want.Until) || held.Certificate != "" {
		t.Errorf("due is %v, %+v; want %+v", due, held, want)
	}
	if _, due := Due(c, certified(), time.UTC, at(1000*day)); due {
		t.Error("a second certificate in the cycle, after the first is over")
	}
	c.After = []string{"basics"}
	if _, due := Due(c, done(), time.UTC, at(6*hour)); due {
		t.Error("a certificate before the one that must be held first")
	}
	e := done()
	e.Held = []Held{{Certification: "basics", Cycle: 1, Until: at(7 * hour)}}
	if _, due := Due(c, e, time.UTC, at(6*hour)); !due {
		t.Error("no certificate though the first is held")
	}
	if _, due := Due(c, e, time.UTC, at(8*hour)); due {
		t.Error("a certificate though the first is over")
	}
}

func TestRenew(t *testing.T) {
	c, e := selling(), certified() // until the end of 4 January 2028
	end := e.Held[0].Until
	for _, x := range []struct {
		remind []int
		before time.Duration
		want   bool
	}{
		{[]int{60, 30}, 60*day + 1, false},
		{[]int{60, 30}, 60 * day, true},
		{[]int{30, 60}, 59 * day, true},
		{[]int{14}, 15 * day, false},
		{nil, 61 * day, false},
		{nil, 60 * day, true},
		{[]int{0}, 1, false},
		{[]int{0}, 0, true},
		{[]int{14}, -100 * day, true},
	} {
		c.Remind = x.remind
		if got := MayRenew(c, e, end.Add(-x.before)); got != x.want {
			t.Errorf("reminders %v, %v before the end: may renew %v, want %v", x.remind, x.before, got, x.want)
		}
	}
	r, ok := Renew(c, e, end)
	if !ok || r.Certification != "sell-records" || r.Cycle != 2 || !r.Opened.Equal(end) || !slices.Equal(r.Quizzes, []string{"box", "consent"}) {
		t.Errorf("the renewal is %v, %+v", ok, r)
	}
	e.Renewals = append(e.Renewals, r)
	if CycleOf(c, e) != 2 || MayRenew(c, e, end) {
		t.Error("a renewal is open, and another one may be opened")
	}
	if MayRenew(c, done(), end) {
		t.Error("what was never held may be renewed")
	}
	e = certified()
	e.Held[0].Until = time.Time{}
	if MayRenew(c, e, at(9999*day)) {
		t.Error("what holds without end may be renewed")
	}
}

// A person goes through years of lessons, quizzes and renewals; what is due
// is issued at once. Never two certificates in a cycle, never one without
// evidence of its own cycle, and every renewal can be completed.
func TestOneCertificateACycle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := selling()
		rules := &quiz.Quiz{Attempts: 2}
		e := &Evidence{Read: map[string]time.Time{}, Tries: map[string][]quiz.Try{}}
		now := start
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "days")) * day)
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				e.Read[rapid.SampledFrom([]string{"l1", "l2"}).Draw(t, "lesson")] = now
			case 1, 2:
				sit(t, c, rules, e, rapid.SampledFrom([]string{"box", "consent"}).Draw(t, "quiz"), now)
			case 3:
				e.Signoffs = append(e.Signoffs, Signoff{Certification: c.ID, At: now, Met: rapid.Bool().Draw(t, "met")})
			case 4:
				if r, ok := Renew(c, e, now); ok {
					e.Renewals = append(e.Renewals, r)
				}
			}
			issue(t, c, e, now)
		}
	})
}

// sit takes a quiz if the rules allow it. Where a step is missing they must,
// with a grant.
func sit(t *rapid.T, c *Certification, rules *quiz.Quiz, e *Evidence, id string, now time.Time) {
	q := *rules
	q.ID = id
	cycle := QuizCycle([]*Certification{c}, e.Renewals, id)
	a := quiz.Admit(&q, e.Tries[id], e.Grants, cycle, now)
	if a.Reason == quiz.UsedUp {
		e.Grants = append(e.Grants, quiz.Grant{Quiz: id, Cycle: cycle, At: now})
		a = quiz.Admit(&q, e.Tries[id], e.Grants, cycle, now)
	}
	missing := slices.ContainsFunc(ProgressOf(c, e).Steps, func(s StepState) bool { return s.Step.Ref == id && !s.Done })
	if a.Reason != quiz.MayStart {
		if missing {
			t.Fatalf("quiz %s is missing in cycle %d but can't be taken: %+v", id, cycle, a)
		}
		return
	}
	e.Tries[id] = append(e.Tries[id], quiz.Try{Cycle: cycle, Number: a.Next, State: quiz.Graded, Started: now, Submitted: now, Passed: rapid.Bool().Draw(t, "passed")})
}

func issue(t *rapid.T, c *Certification, e *Evidence, now time.Time) {
	held, due := Due(c, e, time.UTC, now)
	if !due {
		return
	}
	if slices.ContainsFunc(e.Held, func(h Held) bool { return h.Cycle == held.Cycle }) {
		t.Fatalf("a second certificate for cycle %d", held.Cycle)
	}
	_, opened := e.opening(c.ID)
	for _, s := range ProgressOf(c, e).Steps {
		if s.At.Before(opened) {
			t.Fatalf("cycle %d opened on %v, but its proof of %s is of %v", held.Cycle, opened, s.Step.Ref, s.At)
		}
	}
	held.Certificate = CertificateID([]byte("key"), "ada", c.ID, held.Cycle)
	e.Held = append(e.Held, held)
	if !Clear(c, e, nil, now).Cleared() {
		t.Fatal("certified, and not cleared")
	}
	if _, again := Due(c, e, time.UTC, now); again {
		t.Fatal("due twice")
	}
}
