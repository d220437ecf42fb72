package quiz

import (
	"errors"
	"math/big"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestScoreByHand(t *testing.T) {
	one := single("s", 4, "a/b")
	all := multiple("m", false, true, true, true, false, false)
	part := multiple("p", true, true, true, true, false, false)
	for _, c := range []struct {
		item   *Item
		answer []int
		want   string
	}{
		{one, nil, "0"},
		{one, []int{0}, "1"},
		{one, []int{3}, "0"},
		{all, nil, "0"},
		{all, []int{0, 1, 2}, "1"},
		{all, []int{0, 1}, "0"},
		{all, []int{0, 1, 2, 3}, "0"},
		{part, nil, "0"},
		{part, []int{0, 1, 2}, "1"},
		{part, []int{0, 1}, "2/3"},
		{part, []int{0}, "1/3"},
		{part, []int{0, 1, 2, 3}, "2/3"},
		{part, []int{0, 1, 2, 3, 4}, "1/3"},
		{part, []int{0, 3}, "0"},
		{part, []int{3, 4}, "0"},
	} {
		if got := c.item.Score(c.answer); got.String() != c.want {
			t.Errorf("%s answered %v scores %s, want %s", c.item.ID, c.answer, got, c.want)
		}
	}
}

func TestGradeByHand(t *testing.T) {
	q := (&Quiz{ID: "q", Pass: 66, Items: []*Item{
		single("s", 3, "a/1", "a/2"), multiple("p", true, true, true, true, false), critical(single("c", 3, "a/1")),
	}}).Seal()
	for _, c := range []struct {
		name    string
		pass    int
		answers map[string][]int
		score   string
		percent int
		passed  bool
		fatal   []string
	}{
		{"all right", 100, map[string][]int{"s": {0}, "p": {0, 1, 2}, "c": {0}}, "3", 100, true, nil},
		{"two thirds of one", 88, map[string][]int{"s": {0}, "p": {0, 1}, "c": {0}}, "8/3", 88, true, nil},
		{"8/9 is above 88 but below 89 percent", 89, map[string][]int{"s": {0}, "p": {0, 1}, "c": {0}}, "8/3", 88, false, nil},
		{"two of three is 66.67 percent", 66, map[string][]int{"s": {0}, "c": {0}}, "2", 66, true, nil},
		{"and not 67", 67, map[string][]int{"s": {0}, "c": {0}}, "2", 66, false, nil},
		{"a critical item wrong", 50, map[string][]int{"s": {0}, "p": {0, 1, 2}, "c": {1}}, "2", 66, false, []string{"c"}},
		{"a critical item left out", 50, map[string][]int{"s": {0}, "p": {0, 1, 2}}, "2", 66, false, []string{"c"}},
		{"nothing answered", 1, nil, "0", 0, false, []string{"c"}},
	} {
		q.Pass = c.pass
		a := NewAttempt(q.Seal(), 1, 1, nil, seeded(4), start)
		for id, options := range c.answers {
			if _, err := answer(a, id, options...); err != nil {
				t.Fatal(err)
			}
		}
		end := start.Add(time.Hour)
		if err := a.Grade(end, pool(q)); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		r := a.Result
		if r.Score.String() != c.score || r.Max != 3 || r.Percent != c.percent || r.Passed != c.passed || !slices.Equal(r.Fatal, c.fatal) {
			t.Errorf("%s: %+v, want score %s, %d percent, passed %v, fatal %v", c.name, r, c.score, c.percent, c.passed, c.fatal)
		}
		if a.State != Graded || !a.Submitted.Equal(end) {
			t.Errorf("%s: state %s, submitted %v", c.name, a.State, a.Submitted)
		}
	}
}

func TestClauseResults(t *testing.T) {
	q := (&Quiz{ID: "q", Pass: 50, Items: []*Item{single("x", 3, "b/2", "a/1"), single("y", 3, "b/2"), single("z", 3, "c/3", "c/3")}}).Seal()
	a := NewAttempt(q, 1, 1, nil, seeded(4), start)
	for id, option := range map[string]int{"x": 0, "y": 1, "z": 0} {
		if _, err := answer(a, id, option); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Grade(start, pool(q)); err != nil {
		t.Fatal(err)
	}
	want := []ClauseResult{{"a/1", 1, 1}, {"b/2", 2, 1}, {"c/3", 1, 1}}
	if !slices.Equal(a.Result.Clauses, want) {
		t.Errorf("clauses %v, want %v", a.Result.Clauses, want)
	}
}

func TestGradeOnce(t *testing.T) {
	q := (&Quiz{ID: "q", Pass: 50, Items: []*Item{single("s", 3, "a/1")}}).Seal()
	a := NewAttempt(q, 1, 1, nil, seeded(4), start)
	if err := a.Grade(start.Add(time.Hour), pool(q)); err != nil {
		t.Fatal(err)
	}
	before := *a
	if err := a.Grade(start.Add(2*time.Hour), pool(q)); !errors.Is(err, ErrGraded) {
		t.Errorf("grading again: %v, want ErrGraded", err)
	}
	if _, err := answer(a, "s", 0); !errors.Is(err, ErrGraded) {
		t.Errorf("saving after grading: %v, want ErrGraded", err)
	}
	if !reflect.DeepEqual(before, *a) {
		t.Error("the graded attempt has changed")
	}
}

func TestGradeRefusesOtherItems(t *testing.T) {
	q := (&Quiz{ID: "q", Pass: 50, Items: []*Item{single("s", 3, "a/1")}}).Seal()
	broken := errors.New("the store is away")
	forged := *q.Items[0]
	forged.Options = slices.Clone(forged.Options)
	forged.Options[1].Right = true // and the revision is left as it was
	for name, lookup := range map[string]Lookup{
		"missing":   func(string) (*Item, error) { return nil, nil },
		"failing":   func(string) (*Item, error) { return nil, broken },
		"forged":    func(string) (*Item, error) { return &forged, nil },
		"different": func(string) (*Item, error) { return single("other", 3, "a/1"), nil },
	} {
		a := NewAttempt(q, 1, 1, nil, seeded(4), start)
		err := a.Grade(start, lookup)
		if !errors.Is(err, ErrPinned) || name == "failing" && !errors.Is(err, broken) {
			t.Errorf("%s item: error %v", name, err)
		}
		if a.State != Open || a.Result != nil || !a.Submitted.IsZero() {
			t.Errorf("%s item: the attempt has changed: %+v", name, a)
		}
	}
}

func TestGradingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuiz(t)
		a := NewAttempt(q, 1, 1, nil, seeded(rapid.Uint64().Draw(t, "seed")), start)
		answerAll(t, a)
		if err := a.Grade(start, pool(q)); err != nil {
			t.Fatal(err)
		}
		r := a.Result
		sum := new(big.Rat)
		for _, item := range r.Items {
			if item.Score.Num < 0 || item.Score.Num > item.Score.Den || item.Right != (item.Score.Num == item.Score.Den) {
				t.Fatalf("item result %+v", item)
			}
			sum.Add(sum, big.NewRat(item.Score.Num, item.Score.Den))
		}
		if sum.Cmp(big.NewRat(r.Score.Num, r.Score.Den)) != 0 {
			t.Fatalf("the score is %s, but the items add up to %s", r.Score, sum)
		}
		reached := new(big.Rat).Mul(sum, big.NewRat(100, int64(r.Max)))
		if r.Passed != (reached.Cmp(big.NewRat(int64(a.Pass), 1)) >= 0 && len(r.Fatal) == 0) {
			t.Fatalf("%s percent, %d to pass, fatal %v: passed is %v", reached.FloatString(3), a.Pass, r.Fatal, r.Passed)
		}
		floor := new(big.Int).Quo(reached.Num(), reached.Denom())
		if int64(r.Percent) != floor.Int64() || r.Percent < 0 || r.Percent > 100 {
			t.Fatalf("%s percent is told as %d", reached.FloatString(3), r.Percent)
		}
		again, err := Regrade(a, pool(q))
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("graded again: %+v, %v; first %+v", again, err, r)
		}
	})
}

// The order in which options and questions were shown, and in which answers
// were given, doesn't touch the score.
func TestGradingIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuiz(t)
		q.Draw = 0
		a := NewAttempt(q, 1, 1, nil, seeded(1), start)
		b := NewAttempt(q, 1, 1, nil, seeded(rapid.Uint64().Draw(t, "seed")), start)
		answerAll(t, a)
		for i := range a.Questions {
			if _, err := answer(b, a.Questions[i].Item, reversed(a.Questions[i].Answer)...); err != nil {
				t.Fatal(err)
			}
		}
		if a.Grade(start, pool(q)) != nil || b.Grade(start, pool(q)) != nil {
			t.Fatal("an attempt could not be graded")
		}
		if a.Result.Score != b.Result.Score || a.Result.Passed != b.Result.Passed || !slices.Equal(a.Result.Clauses, b.Result.Clauses) {
			t.Fatalf("results differ: %+v and %+v", a.Result, b.Result)
		}
	})
}

// An answer to the key itself always scores one, and nothing scores more.
func TestKeyScoresOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, it := range anyQuiz(t).Items {
			if got := it.Score(it.Key()); got != (Fraction{1, 1}) {
				t.Fatalf("the key of %s scores %s", it.ID, got)
			}
		}
	})
}

func TestFractionsStayExactAtTheLimits(t *testing.T) {
	// The worst sum: every denominator up to the limit, over all items.
	sum, want := Fraction{}, new(big.Rat)
	for i := range MaxItems {
		den := int64(i%MaxOptions + 1)
		num := max(den-1, 1)
		sum = sum.Plus(NewFraction(num, den))
		want.Add(want, big.NewRat(num, den))
	}
	if want.Cmp(big.NewRat(sum.Num, sum.Den)) != 0 {
		t.Errorf("the sum is %s, want %s", sum, want)
	}
	if sum.Compare(Fraction{MaxItems, 1}) >= 0 || sum.Compare(Fraction{}) <= 0 || sum.Compare(sum) != 0 {
		t.Errorf("%s compares wrongly", sum)
	}
}
