package quiz

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// taken is a graded attempt at one single-choice item, option 2 chosen.
func taken(t *testing.T, feedback Feedback) (*Attempt, Lookup) {
	t.Helper()
	q := (&Quiz{ID: "q", Pass: 50, Feedback: feedback, Items: []*Item{single("s", 4, "a/b")}}).Seal()
	a := NewAttempt(q, 1, 1, nil, seeded(1), start)
	if _, err := answer(a, "s", 2); err != nil {
		t.Fatal(err)
	}
	if err := a.Grade(start, pool(q)); err != nil {
		t.Fatal(err)
	}
	return a, pool(q)
}

func TestHints(t *testing.T) {
	for _, c := range []struct {
		feedback Feedback
		passed   bool
		level    Level
	}{
		{FeedbackNone, false, ScoreOnly},
		{FeedbackNone, true, ScoreOnly},
		{FeedbackHints, false, OwnChoices},
		{FeedbackHints, true, WithKey},
		{FeedbackFull, false, WithKey},
		{FeedbackFull, true, WithKey},
	} {
		a, items := taken(t, c.feedback)
		hints, err := Hints(a, items, c.passed)
		if err != nil {
			t.Fatal(err)
		}
		if c.level == ScoreOnly {
			if len(hints) != 0 {
				t.Errorf("%s, passed %v: hints %+v, want none", c.feedback, c.passed, hints)
			}
			continue
		}
		if len(hints) != 1 || hints[0].Right || !hints[0].Answered || hints[0].Feedback != "<p>always</p>" || !slices.Equal(hints[0].Clauses, []string{"a/b"}) {
			t.Fatalf("%s, passed %v: hints %+v", c.feedback, c.passed, hints)
		}
		for shown, o := range hints[0].Options {
			option := a.Questions[0].Order[shown]
			wantRight := c.level == WithKey && option == 0
			wantReason := option == 2 || c.level == WithKey && option != 0
			if o.Chosen != (option == 2) || o.Wrong != (option == 2) || o.Right != wantRight || (o.Reason != "") != wantReason {
				t.Errorf("%s, passed %v: option %d shows %+v", c.feedback, c.passed, option, o)
			}
		}
	}
}

func TestHintsForAManagerHoldNoKey(t *testing.T) {
	a, items := taken(t, FeedbackFull)
	hints, err := HintsAt(a, items, OwnChoices)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range hints[0].Options {
		if o.Right || o.Reason != "" && !o.Chosen {
			t.Errorf("a manager sees %+v", o)
		}
	}
}

func TestNoHintsBeforeGrading(t *testing.T) {
	q := (&Quiz{ID: "q", Pass: 50, Feedback: FeedbackFull, Items: []*Item{single("s", 4, "a/b")}}).Seal()
	a := NewAttempt(q, 1, 1, nil, seeded(1), start)
	if hints, err := Hints(a, pool(q), true); !errors.Is(err, ErrOpen) || hints != nil {
		t.Errorf("an open attempt shows %v, %v", hints, err)
	}
}

// Before passing, what is shown depends on nothing about the options that
// were not chosen but the score: turn the key of two of them round, one right
// and one wrong, and the learner of a question gone wrong sees the same.
func TestHintsKeepTheKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, MaxOptions).Draw(t, "options")
		right := rapid.IntRange(1, n-1).Draw(t, "right")
		other := rapid.IntRange(1, n-1).Filter(func(i int) bool { return i != right }).Draw(t, "other")
		seed := rapid.Uint64().Draw(t, "seed")
		shown := func(key int) []Hint {
			it := single("s", n, "a/b")
			for i := range it.Options {
				it.Options[i].Right = i == key
				it.Options[i].Reason = "why it fails"
			}
			q := (&Quiz{ID: "q", Pass: 50, Feedback: FeedbackHints, Items: []*Item{it}}).Seal()
			a := NewAttempt(q, 1, 1, nil, seeded(seed), start)
			if _, err := answer(a, "s", 0); err != nil {
				t.Fatal(err)
			}
			if err := a.Grade(start, pool(q)); err != nil {
				t.Fatal(err)
			}
			hints, err := Hints(a, pool(q), false)
			if err != nil {
				t.Fatal(err)
			}
			return hints
		}
		if a, b := shown(right), shown(other); !reflect.DeepEqual(a, b) {
			t.Fatalf("the key shows: %+v or %+v", a, b)
		}
	})
}
