package quiz

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Limits of a quiz. They bound the work of a draw and keep scores exact.
const (
	MaxOptions = 20  // options of an item
	MaxItems   = 500 // items of a quiz
)

// ErrPinned is the cause when the item that an attempt pinned can't be graded
// with: it is not there, or it is not what the attempt pinned.
var ErrPinned = errors.New("the pinned item is not available")

// A Lookup returns the item of a revision.
type Lookup func(rev string) (*Item, error)

// Grade submits and grades an open attempt. On an error nothing has changed;
// it is ErrGraded when the attempt was graded before.
func (a *Attempt) Grade(now time.Time, item func(rev string) (*Item, error)) error {
	if a.State != Open {
		return fmt.Errorf("grade attempt: %w", ErrGraded)
	}
	result, err := Regrade(a, item)
	if err != nil {
		return err
	}
	a.State, a.Submitted, a.Result = Graded, now, result
	return nil
}

// Regrade computes the result of an attempt from the answers recorded in it
// and the items pinned by it, and changes nothing. It is a pure function of
// these, so it finds what Grade found, whatever became of the content since.
func Regrade(a *Attempt, item func(rev string) (*Item, error)) (*Result, error) {
	if n := len(a.Questions); n == 0 || n > MaxItems {
		return nil, fmt.Errorf("grade attempt at %q: it has %d questions; a quiz has 1 to %d", a.Quiz, n, MaxItems)
	}
	r := &Result{Score: Fraction{0, 1}, Max: len(a.Questions)}
	for i := range a.Questions {
		q := &a.Questions[i]
		it, err := pinned(q, item)
		if err != nil {
			return nil, fmt.Errorf("grade attempt at %q: %w", a.Quiz, err)
		}
		r.add(it, it.Score(q.Answer))
	}
	slices.SortFunc(r.Clauses, func(x, y ClauseResult) int { return cmp.Compare(x.Clause, y.Clause) })
	r.Percent = r.Score.Percent(r.Max)
	r.Passed = r.Score.Reaches(a.Pass, r.Max) && len(r.Fatal) == 0
	return r, nil
}

// pinned looks up a question's item and proves that it is the pinned one, so
// that a store that was tampered with can't change a grading unnoticed.
func pinned(q *Question, item Lookup) (*Item, error) {
	it, err := item(q.Rev)
	if err != nil {
		return nil, fmt.Errorf("item %s at revision %.12s: %w", q.Item, q.Rev, errors.Join(ErrPinned, err))
	}
	if it == nil {
		return nil, fmt.Errorf("item %s at revision %.12s: %w", q.Item, q.Rev, ErrPinned)
	}
	if got := it.at(); it.ID != q.Item || got != q.Rev {
		return nil, fmt.Errorf("item %s at revision %.12s: %w: what was found is %s at %.12s", q.Item, q.Rev, ErrPinned, it.ID, got)
	}
	if n := len(it.Options); n > MaxOptions {
		return nil, fmt.Errorf("item %s has %d options; at most %d can be graded", q.Item, n, MaxOptions)
	}
	return it, nil
}

// add counts one graded question.
func (r *Result) add(it *Item, score Fraction) {
	right := score == Fraction{1, 1}
	r.Score = r.Score.Plus(score)
	r.Items = append(r.Items, ItemResult{Item: it.ID, Score: score, Right: right})
	if it.Critical && !right {
		r.Fatal = append(r.Fatal, it.ID)
	}
	for _, clause := range slices.Compact(slices.Sorted(slices.Values(it.Clauses))) {
		i := slices.IndexFunc(r.Clauses, func(c ClauseResult) bool { return c.Clause == clause })
		if i < 0 {
			i = len(r.Clauses)
			r.Clauses = append(r.Clauses, ClauseResult{Clause: clause})
		}
		r.Clauses[i].Asked++
		if right {
			r.Clauses[i].Right++
		}
	}
}

// Score grades one answer, given as option indices in any order, each at most
// once: 1 when it is the key, else 0; with Partial, the right ones among it
// minus the wrong ones over the number of right ones, not below 0.
func (it *Item) Score(answer []int) Fraction {
	key, right, wrong := it.Key(), int64(0), int64(0)
	for _, option := range answer {
		if slices.Contains(key, option) {
			right++
		} else {
			wrong++
		}
	}
	all := int64(len(key))
	switch {
	case all == 0: // no answer is right; content refuses such an item
		return Fraction{0, 1}
	case right == all && wrong == 0:
		return Fraction{1, 1}
	case it.Partial && right > wrong:
		return NewFraction(right-wrong, all)
	default:
		return Fraction{0, 1}
	}
}
