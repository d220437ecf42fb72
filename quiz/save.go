package quiz

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrGraded is the cause when an attempt is graded and can't change.
var ErrGraded = errors.New("this attempt is graded and no longer changes")

// ErrAnswer is the cause when an answer doesn't fit the attempt: an item or
// option that isn't part of it, two choices where one is asked for.
var ErrAnswer = errors.New("the answer does not fit the attempt")

// A Save is one answer as it was posted. No tokens clears the answer; an item
// that isn't posted at all has no Save.
type Save struct {
	Item   string
	Tokens []string // of the chosen options, in any order
	Knew   int64    // Question.Saves as the page knew it
}

// A Conflict is a posted answer that was not saved, because another page
// saved a different one that the poster had not seen.
type Conflict struct {
	Item   string
	Posted []string  // tokens, in the order shown
	Stored []string  // tokens of the answer that stands, in the order shown
	Saves  int64     // what a page that shows the stored answer knows
	Saved  time.Time // when the stored answer was saved
}

// Save stores answers. Each that has no conflict is saved; the others change
// nothing and are returned. The same answer again is no change and never a
// conflict. An error, ErrGraded or ErrAnswer, means that nothing was saved.
func (a *Attempt) Save(now time.Time, saves []Save) ([]Conflict, error) {
	if a.State != Open {
		return nil, fmt.Errorf("save answers: %w", ErrGraded)
	}
	answers, err := a.read(saves)
	if err != nil {
		return nil, fmt.Errorf("save answers: %w", err)
	}
	var conflicts []Conflict
	for i, s := range saves {
		q := a.Find(s.Item)
		switch {
		case slices.Equal(answers[i], q.Answer):
		case s.Knew != q.Saves:
			conflicts = append(conflicts, Conflict{
				Item: s.Item, Posted: q.tokensOf(answers[i]), Stored: q.Chosen(), Saves: q.Saves, Saved: q.Saved,
			})
		default:
			q.Answer, q.Saved = answers[i], now
			q.Saves++
		}
	}
	return conflicts, nil
}

// read turns all posted tokens into option indices before anything changes.
func (a *Attempt) read(saves []Save) ([][]int, error) {
	answers := make([][]int, len(saves))
	seen := map[string]bool{}
	for i, s := range saves {
		q := a.Find(s.Item)
		if q == nil {
			return nil, fmt.Errorf("%w: it has no question %q", ErrAnswer, s.Item)
		}
		if seen[s.Item] {
			return nil, fmt.Errorf("%w: question %q is answered twice", ErrAnswer, s.Item)
		}
		seen[s.Item] = true
		answer, err := q.read(s.Tokens)
		if err != nil {
			return nil, err
		}
		answers[i] = answer
	}
	return answers, nil
}

// read turns tokens into option indices, ascending.
func (q *Question) read(tokens []string) ([]int, error) {
	var answer []int
	for _, token := range tokens {
		at := slices.Index(q.Tokens, token)
		if at < 0 {
			return nil, fmt.Errorf("%w: question %q has no option %q", ErrAnswer, q.Item, token)
		}
		answer = append(answer, q.Order[at])
	}
	slices.Sort(answer)
	answer = slices.Compact(answer)
	if q.Kind == Single && len(answer) > 1 {
		return nil, fmt.Errorf("%w: question %q takes one option, %d were chosen", ErrAnswer, q.Item, len(answer))
	}
	return answer, nil
}

// Chosen returns the tokens of the saved answer, in the order shown.
func (q *Question) Chosen() []string { return q.tokensOf(q.Answer) }

// tokensOf returns the tokens of option indices, in the order shown.
func (q *Question) tokensOf(answer []int) []string {
	var chosen []string
	for shown, option := range q.Order {
		if slices.Contains(answer, option) {
			chosen = append(chosen, q.Tokens[shown])
		}
	}
	return chosen
}

// SaveCount returns how often any answer was saved. Where it is the same
// after a Save as before, nothing has changed and nothing needs storing.
func (a *Attempt) SaveCount() int64 {
	var n int64
	for i := range a.Questions {
		n += a.Questions[i].Saves
	}
	return n
}
