package quiz

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNewAttemptPins(t *testing.T) {
	q := (&Quiz{ID: "box", Title: "The box", Pass: 80, Open: true, Feedback: FeedbackHints, Items: []*Item{single("i1", 4, "a/b"), single("i2", 4, "a/c")}}).Seal()
	a := NewAttempt(q, 2, 3, nil, seeded(1), start)
	if a.Quiz != "box" || a.QuizRev != q.Rev || a.Pass != 80 || !a.OpenBook || a.Cycle != 2 || a.Number != 3 || a.State != Open || !a.Started.Equal(start) || len(a.Questions) != 2 {
		t.Fatalf("the attempt is %+v", a)
	}
	for i := range a.Questions {
		question := &a.Questions[i]
		order := slices.Clone(question.Order)
		if slices.Sort(order); !slices.Equal(order, []int{0, 1, 2, 3}) {
			t.Errorf("%s shows the options %v", question.Item, question.Order)
		}
		for _, token := range question.Tokens {
			if !regexp.MustCompile(`^[a-z2-7]{10}$`).MatchString(token) {
				t.Errorf("token %q", token)
			}
		}
	}
}

// What a learner sees before grading must not depend on the key.
func TestKeyShowsNowhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuiz(t)
		seed := rapid.Uint64().Draw(t, "seed")
		a := NewAttempt(q, 1, 1, nil, seeded(seed), start)
		b := NewAttempt(flipped(q), 1, 1, nil, seeded(seed), start)
		for i := range a.Questions {
			x, y := a.Questions[i], b.Questions[i]
			x.Rev, y.Rev = "", "" // a revision depends on the key, so no page shows one
			if !reflect.DeepEqual(x, y) {
				t.Fatalf("with another key, question %+v is %+v", x, y)
			}
		}
	})
}

func TestSave(t *testing.T) {
	q := (&Quiz{ID: "q", Items: []*Item{single("s", 3, "a/b"), multiple("m", false, true, true, false)}}).Seal()
	a := NewAttempt(q, 1, 1, nil, seeded(1), start)
	s, m := a.Find("s"), a.Find("m")
	noon := start.Add(3 * time.Hour)

	save := func(at time.Time, saves ...Save) []Conflict {
		t.Helper()
		conflicts, err := a.Save(at, saves)
		if err != nil {
			t.Fatal(err)
		}
		return conflicts
	}
	if c := save(noon, Save{"s", s.tokensOf([]int{1}), 0}, Save{"m", m.tokensOf([]int{2, 0}), 0}); len(c) > 0 {
		t.Fatalf("first save: conflicts %v", c)
	}
	if !slices.Equal(s.Answer, []int{1}) || s.Saves != 1 || !s.Saved.Equal(noon) || !slices.Equal(m.Answer, []int{0, 2}) || a.Answered() != 2 {
		t.Fatalf("after the first save: %+v, %+v", s, m)
	}
	// A page that knew nothing posts something else for s, and the same for m.
	later := noon.Add(time.Minute)
	c := save(later, Save{"s", s.tokensOf([]int{2}), 0}, Save{"m", m.tokensOf([]int{0, 2}), 0})
	if len(c) != 1 || c[0].Item != "s" || c[0].Saves != 1 || !c[0].Saved.Equal(noon) ||
		!slices.Equal(c[0].Stored, s.tokensOf([]int{1})) || !slices.Equal(c[0].Posted, s.tokensOf([]int{2})) {
		t.Fatalf("conflicts: %+v", c)
	}
	if !slices.Equal(s.Answer, []int{1}) || s.Saves != 1 || m.Saves != 1 || a.SaveCount() != 2 || !a.LastSaved().Equal(noon) {
		t.Fatalf("a conflict or the same answer changed something: %+v, %+v", s, m)
	}
	// One conflict does not keep the other answers from being saved.
	if c := save(later, Save{"s", s.tokensOf([]int{0}), 0}, Save{"m", m.tokensOf([]int{1}), 1}); len(c) != 1 || !slices.Equal(m.Answer, []int{1}) {
		t.Fatalf("conflicts %v, m is %+v", c, m)
	}
	// Clearing is an answer; what isn't posted stays.
	if c := save(later, Save{"s", nil, 1}); len(c) > 0 || len(s.Answer) != 0 || s.Saves != 2 || len(m.Answer) != 1 || a.Answered() != 1 {
		t.Fatalf("clearing: conflicts %v, %+v, %+v", c, s, m)
	}
	if c := save(later, Save{"s", s.tokensOf([]int{0}), 1}); len(c) != 1 || len(c[0].Stored) != 0 {
		t.Fatalf("a page that did not see the clearing: conflicts %+v", c)
	}
}

func TestSaveRefusesWhole(t *testing.T) {
	q := (&Quiz{ID: "q", Items: []*Item{single("s", 3, "a/b"), multiple("m", false, true, true, false)}}).Seal()
	a := NewAttempt(q, 1, 1, nil, seeded(1), start)
	s, m := a.Find("s"), a.Find("m")
	good := Save{"m", m.tokensOf([]int{1}), 0}
	for name, bad := range map[string]Save{
		"an unknown item":        {"x", nil, 0},
		"an unknown token":       {"s", []string{"aaaaaaaaaa"}, 0},
		"another item's token":   {"s", m.tokensOf([]int{0}), 0},
		"two choices for single": {"s", s.tokensOf([]int{0, 1}), 0},
		"the same item again":    good,
	} {
		if _, err := a.Save(start, []Save{good, bad}); !errors.Is(err, ErrAnswer) {
			t.Errorf("%s: error %v, want ErrAnswer", name, err)
		}
		if a.SaveCount() != 0 || a.Answered() != 0 {
			t.Fatalf("%s: something was saved", name)
		}
	}
	if conflicts, err := a.Save(start, []Save{{"s", append(s.tokensOf([]int{1}), s.tokensOf([]int{1})...), 0}}); err != nil || len(conflicts) > 0 {
		t.Errorf("the same option posted twice is one choice, but: %v, %v", conflicts, err)
	}
}

// A model of the state machine: two pages that each know what they last saw.
func TestTwoPagesOverwriteNothingUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuiz(t)
		a := NewAttempt(q, 1, 1, nil, seeded(rapid.Uint64().Draw(t, "seed")), start)
		knew := [2]map[string]int64{{}, {}}
		model := map[string][]int{}
		now := start
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			now = now.Add(time.Second)
			if rapid.IntRange(0, 20).Draw(t, "grade") == 0 {
				first := a.State == Open
				err := a.Grade(now, pool(q))
				if first != (err == nil) || !first && !errors.Is(err, ErrGraded) {
					t.Fatalf("grade of an attempt that was open: %v gives %v", first, err)
				}
				continue
			}
			page := knew[rapid.IntRange(0, 1).Draw(t, "page")]
			question := &a.Questions[rapid.IntRange(0, len(a.Questions)-1).Draw(t, "question")]
			options := rapid.SliceOfDistinct(rapid.IntRange(0, len(question.Order)-1), rapid.ID).Draw(t, "options")
			before := question.Saves
			conflicts, err := a.Save(now, []Save{{question.Item, question.tokensOf(options), page[question.Item]}})
			if a.State == Graded {
				if !errors.Is(err, ErrGraded) || !slices.Equal(question.Answer, model[question.Item]) {
					t.Fatalf("saving after grading: %v, answer %v", err, question.Answer)
				}
				continue
			}
			slices.Sort(options)
			same := slices.Equal(options, model[question.Item])
			stale := page[question.Item] != before
			if err != nil || (len(conflicts) == 1) != (stale && !same) {
				t.Fatalf("stale %v, same %v: conflicts %v, error %v", stale, same, conflicts, err)
			}
			if len(conflicts) == 0 {
				model[question.Item] = options
			}
			if changed := question.Saves != before; changed != (!same && !stale) || !slices.Equal(question.Answer, model[question.Item]) {
				t.Fatalf("changed %v: answer %v, want %v", changed, question.Answer, model[question.Item])
			}
			page[question.Item] = question.Saves
		}
	})
}
