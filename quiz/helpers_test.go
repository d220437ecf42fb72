package quiz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// single makes a sealed single-choice item of n options whose first is right.
func single(id string, n int, clauses ...string) *Item {
	it := &Item{ID: id, Kind: Single, Title: "Title of " + id, Clauses: clauses, Stem: "<p>" + id + "?</p>", Feedback: "<p>always</p>"}
	for i := range n {
		it.Options = append(it.Options, Option{Text: fmt.Sprintf("<p>%s %d</p>", id, i), Right: i == 0})
		if i > 0 {
			it.Options[i].Reason = fmt.Sprintf("why %d fails", i)
		}
	}
	return it.Seal()
}

func critical(it *Item) *Item {
	it.Critical = true
	return it.Seal()
}

// multiple makes a sealed multiple-choice item: right says which options are.
func multiple(id string, partial bool, right ...bool) *Item {
	it := &Item{ID: id, Kind: Multiple, Partial: partial, Clauses: []string{"a/" + id}}
	for i, r := range right {
		it.Options = append(it.Options, Option{Text: fmt.Sprint(i), Right: r, Reason: fmt.Sprint("reason ", i)})
	}
	return it.Seal()
}

// pool makes the lookup over a quiz's items.
func pool(q *Quiz) Lookup {
	return func(rev string) (*Item, error) {
		i := slices.IndexFunc(q.Items, func(it *Item) bool { return it.Rev == rev })
		if i < 0 {
			return nil, nil
		}
		return q.Items[i], nil
	}
}

// answer saves option indices for an item through its tokens.
func answer(a *Attempt, item string, options ...int) ([]Conflict, error) {
	q := a.Find(item)
	return a.Save(start.Add(time.Minute), []Save{{Item: item, Tokens: q.tokensOf(options), Knew: q.Saves}})
}

// anyQuiz draws a sealed quiz of up to twelve items on up to six clauses.
func anyQuiz(t *rapid.T) *Quiz {
	clauses := []string{"a/1", "a/2", "a/3", "b/1", "b/2", "b/3"}
	q := &Quiz{ID: "q", Title: "Quiz", Pass: rapid.IntRange(1, 100).Draw(t, "pass"), Feedback: FeedbackHints}
	for i := range rapid.IntRange(1, 12).Draw(t, "items") {
		it := &Item{
			ID: fmt.Sprintf("q-%d", i), Kind: Multiple,
			Critical: rapid.IntRange(0, 3).Draw(t, "critical") == 0,
			Partial:  rapid.Bool().Draw(t, "partial"),
			Clauses:  rapid.SliceOfNDistinct(rapid.SampledFrom(clauses), 1, 3, rapid.ID).Draw(t, "clauses"),
		}
		n := rapid.IntRange(2, MaxOptions).Draw(t, "options")
		key := rapid.IntRange(1, 1<<n-1).Draw(t, "key")
		for j := range n {
			it.Options = append(it.Options, Option{Text: fmt.Sprint("option ", j), Right: key>>j&1 == 1, Reason: fmt.Sprint("reason ", j)})
		}
		q.Items = append(q.Items, it)
	}
	q.Draw = rapid.IntRange(0, len(q.Items)+2).Draw(t, "draw")
	return q.Seal()
}

// flipped returns the quiz with every key turned round.
func flipped(q *Quiz) *Quiz {
	other := *q
	other.Items = nil
	for _, it := range q.Items {
		twin := *it
		twin.Options = slices.Clone(it.Options)
		for i := range twin.Options {
			twin.Options[i].Right = !twin.Options[i].Right
			twin.Options[i].Reason += "!"
		}
		other.Items = append(other.Items, &twin)
	}
	return other.Seal()
}

// answerAll gives every question a random answer.
func answerAll(t *rapid.T, a *Attempt) {
	for i := range a.Questions {
		q := &a.Questions[i]
		mask := rapid.IntRange(0, 1<<len(q.Order)-1).Draw(t, "answer")
		var options []int
		for j := range q.Order {
			if mask>>j&1 == 1 {
				options = append(options, j)
			}
		}
		if conflicts, err := answer(a, q.Item, options...); err != nil || len(conflicts) > 0 {
			t.Fatalf("answer %v to %s: %v, %v", options, q.Item, conflicts, err)
		}
	}
}

func reversed(list []int) []int {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
