package certify

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/quiz"
)

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		name string
		e    *Evidence
		done string // one letter a step: . open, x done, w waived
		next string
	}{
		{"nothing", &Evidence{}, ".....", "l1"},
		{"one lesson", &Evidence{Read: map[string]time.Time{"l1": at(0), "other": at(0)}}, "x....", "l2"},
		{"quiz failed", &Evidence{Tries: map[string][]quiz.Try{"box": {fail(1, 0)}}}, ".....", "l1"},
		{"test-out", &Evidence{Tries: map[string][]quiz.Try{"box": {pass(1, 0)}}}, "wwx..", "consent"},
		{"one read, one waived", &Evidence{Read: map[string]time.Time{"l2": at(0)}, Tries: map[string][]quiz.Try{"box": {pass(1, 0)}}}, "wxx..", "consent"},
		{"another quiz waives nothing", &Evidence{Tries: map[string][]quiz.Try{"consent": {pass(1, 0)}}}, "...x.", "l1"},
		{"signed for another", &Evidence{Signoffs: []Signoff{{Certification: "x", At: at(0), Met: true}}}, ".....", "l1"},
		{"not yet met", &Evidence{Signoffs: []Signoff{{Certification: "sell-records", At: at(0)}}}, ".....", "l1"},
		{"met at last", &Evidence{Signoffs: []Signoff{met(hour), {Certification: "sell-records", At: at(0)}}}, "....x", "l1"},
		{"taken back", &Evidence{Signoffs: []Signoff{met(0), {Certification: "sell-records", At: at(hour)}}}, ".....", "l1"},
		{"all", done(), "xxxxx", ""},
	} {
		p := ProgressOf(selling(), c.e)
		got, count := "", 0
		for _, s := range p.Steps {
			switch {
			case s.Waived:
				got += "w"
			case s.Done:
				got += "x"
			default:
				got += "."
			}
			if s.Done {
				count++
			}
			if s.Done == s.At.IsZero() {
				t.Errorf("%s: step %s is done: %v, at %v", c.name, s.Step.Ref, s.Done, s.At)
			}
		}
		next := ""
		if p.Next != nil {
			next = p.Next.Ref
		}
		if got != c.done || next != c.next || p.Done != count || p.Total != 5 || p.Complete != (count == 5) || p.Cycle != 1 {
			t.Errorf("%s: %s, next %q, %d of %d, complete %v, cycle %d; want %s, next %q", c.name, got, next, p.Done, p.Total, p.Complete, p.Cycle, c.done, c.next)
		}
	}
	if p := ProgressOf(&Certification{ID: "empty"}, done()); p.Complete {
		t.Error("a certification without steps is complete")
	}
}

func TestProofs(t *testing.T) {
	e := done()
	e.Tries["box"] = append(e.Tries["box"], pass(3, time.Hour)) // earlier, though later in the record
	p := ProgressOf(selling(), e)
	if s := p.Steps[2]; s.Attempt != "p" || s.Quiz != "box" || s.Percent != 90 || !s.At.Equal(at(hour)) {
		t.Errorf("the proof of the quiz is %+v", s)
	}
	if s := p.Steps[4]; s.By != "mona" || s.Note != "well done" || !slices.Equal(s.Criteria, []string{"asks for the aim"}) {
		t.Errorf("the proof of the sign-off is %+v", s)
	}
}

func TestLaterCyclesAskForNewEvidence(t *testing.T) {
	e := certified()
	opened := 320 * day
	e.Renewals = []Renewal{{Certification: "sell-records", Cycle: 2, Opened: at(opened)}, {Certification: "other", Cycle: 5, Opened: at(opened)}}
	if p := ProgressOf(selling(), e); p.Cycle != 2 || p.Done != 0 {
		t.Fatalf("old evidence counts in a new cycle: %+v", p)
	}
	e.Tries["box"] = append(e.Tries["box"], pass(1, opened-1), pass(2, opened))
	if p := ProgressOf(selling(), e); p.Done != 3 || !p.Steps[2].At.Equal(at(opened)) {
		t.Errorf("from the opening on evidence counts: %+v", p)
	}
	e.Read["l1"] = at(opened + hour)
	e.Tries["consent"] = append(e.Tries["consent"], pass(1, opened+hour))
	e.Signoffs = append(e.Signoffs, met(opened+2*hour))
	if p := ProgressOf(selling(), e); !p.Complete {
		t.Errorf("all was done anew: %+v", p)
	}
}

func TestQuizCycle(t *testing.T) {
	other := &Certification{ID: "other", Steps: []Step{{Kind: PassQuiz, Ref: "consent"}}}
	certs := []*Certification{selling(), other}
	renewals := []Renewal{{Certification: "sell-records", Cycle: 2}, {Certification: "other", Cycle: 2}, {Certification: "gone", Cycle: 2, Quizzes: []string{"box"}}, {Certification: "gone", Cycle: 3}}
	for quizID, want := range map[string]int{"box": 3, "consent": 3, "unknown": 1} {
		if got := QuizCycle(certs, renewals, quizID); got != want {
			t.Errorf("quiz %s is in cycle %d, want %d", quizID, got, want)
		}
	}
	if got := selling().Quizzes(); !slices.Equal(got, []string{"box", "consent"}) {
		t.Errorf("quizzes are %v", got)
	}
}

// anyEvidence draws evidence of some days' work, renewals included.
func anyEvidence(t *rapid.T) *Evidence {
	when := func(label string) time.Duration { return time.Duration(rapid.IntRange(0, 1000).Draw(t, label)) * day }
	e := &Evidence{Read: map[string]time.Time{}, Tries: map[string][]quiz.Try{}}
	for _, lesson := range []string{"l1", "l2"} {
		if rapid.Bool().Draw(t, lesson) {
			e.Read[lesson] = at(when("read"))
		}
	}
	for _, id := range []string{"box", "consent"} {
		for n := range rapid.IntRange(0, 3).Draw(t, "tries") {
			try := fail(n+1, when("submitted"))
			try.Passed = rapid.Bool().Draw(t, "passed")
			e.Tries[id] = append(e.Tries[id], try)
		}
	}
	if rapid.Bool().Draw(t, "signed") {
		e.Signoffs = append(e.Signoffs, met(when("signed at")))
	}
	for n := range rapid.IntRange(0, 2).Draw(t, "renewals") {
		e.Renewals = append(e.Renewals, Renewal{Certification: "sell-records", Cycle: n + 2, Opened: at(when("opened"))})
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "held") {
		issued := when("issued")
		e.Held = append(e.Held, Held{Certificate: "c", Certification: "sell-records", Cycle: n + 1, Issued: at(issued), Until: at(issued + 365*day)})
	}
	return e
}

// more adds one piece of evidence that speaks for the person.
func more(t *rapid.T, e *Evidence, now time.Time) {
	switch rapid.IntRange(0, 3).Draw(t, "more") {
	case 0:
		e.Read[rapid.SampledFrom([]string{"l1", "l2"}).Draw(t, "lesson")] = now
	case 1:
		id := rapid.SampledFrom([]string{"box", "consent"}).Draw(t, "quiz")
		e.Tries[id] = append(e.Tries[id], quiz.Try{Attempt: "new", Number: 99, State: quiz.Graded, Started: now, Submitted: now, Passed: true})
	case 2:
		e.Signoffs = append(e.Signoffs, Signoff{Certification: "sell-records", At: now, Met: true})
	case 3:
		e.Held = append(e.Held, Held{Certificate: "new", Certification: "sell-records", Cycle: 9, Issued: now, Until: now.Add(365 * day)})
	}
}

func TestMoreEvidenceNeverHarms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvidence(t)
		now := at(time.Duration(rapid.IntRange(1001, 2000).Draw(t, "now")) * day)
		c := selling()
		before := Clear(c, e, admit(quiz.MayStart), now)
		_, wasDue := Due(c, e, time.UTC, now)
		more(t, e, now)
		after := Clear(c, e, admit(quiz.MayStart), now)
		if before.Cleared() && !after.Cleared() || after.Done < before.Done {
			t.Fatalf("from %+v to %+v", before, after)
		}
		if _, isDue := Due(c, e, time.UTC, now); wasDue && !isDue {
			t.Fatal("a certificate is no longer due")
		}
	})
}

// A scenario is a step like a quiz, under a key of its own.
func TestScenarioStep(t *testing.T) {
	c := selling()
	c.Steps = []Step{{Kind: PassQuiz, Ref: "box"}, {Kind: PlayScenario, Ref: "scenario/box", Title: "The first call"}}
	e := &Evidence{Tries: map[string][]quiz.Try{"box": {pass(1, 0)}}}
	if p := ProgressOf(c, e); p.Done != 1 || p.Next == nil || p.Next.Ref != "scenario/box" || !slices.Equal(c.Quizzes(), []string{"box", "scenario/box"}) {
		t.Errorf("with the quiz passed: %+v", p)
	}
	if QuizCycle([]*Certification{c}, []Renewal{{Certification: c.ID, Cycle: 2}}, "scenario/box") != 2 {
		t.Error("a renewal gives no fresh attempts at the scenario")
	}
	e.Tries["scenario/box"] = []quiz.Try{fail(1, hour)}
	locked := func(id string) quiz.Admission {
		return quiz.Admission{Reason: map[string]quiz.Reason{"scenario/box": quiz.UsedUp}[id]}
	}
	if cl := Clear(c, e, locked, at(2*hour)); cl.State != Locked || cl.Quiz != "scenario/box" || cl.Next.Title != "The first call" {
		t.Errorf("with no attempt left: %+v", cl)
	}
	e.Tries["scenario/box"] = append(e.Tries["scenario/box"], pass(2, 3*hour))
	if p := ProgressOf(c, e); !p.Complete || p.Steps[1].Attempt != "p" || !p.Steps[1].At.Equal(at(3*hour)) {
		t.Errorf("with the scenario passed: %+v", p)
	}
}
