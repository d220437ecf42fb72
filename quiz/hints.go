package quiz

import (
	"errors"
	"fmt"
	"slices"
)

// ErrOpen is the cause when feedback is asked for before the attempt is graded.
var ErrOpen = errors.New("this attempt is not graded yet")

// A Level says how much of an attempt's grading may be shown.
type Level int

const (
	// ScoreOnly shows nothing about single questions.
	ScoreOnly Level = iota
	// OwnChoices shows which questions went wrong, on which clauses, and why
	// the learner's own wrong choices fail; not what would have been right.
	OwnChoices
	// WithKey shows everything.
	WithKey
)

// Level returns what the learner may see of a graded attempt; passed says
// whether any attempt at the quiz has passed.
func (a *Attempt) Level(passed bool) Level {
	switch {
	case a.Feedback == FeedbackFull, a.Feedback == FeedbackHints && passed:
		return WithKey
	case a.Feedback == FeedbackHints:
		return OwnChoices
	default:
		return ScoreOnly
	}
}

// A Hint is what may be shown for one question.
type Hint struct {
	Item     string
	Title    string
	Stem     string // HTML
	Clauses  []string
	Critical bool
	Answered bool
	Right    bool // full score
	Score    Fraction
	Options  []HintOption // in the order shown
	Feedback string       // HTML, whatever the answer; may be empty
}

// A HintOption is one option with what may be told of it.
type HintOption struct {
	Text   string // HTML
	Chosen bool
	Wrong  bool   // chosen, and not part of the key
	Right  bool   // part of the key; only WithKey
	Reason string // HTML; of the learner's own wrong choices, or of all WithKey
}

// Hints returns what the learner may see of each question of a graded
// attempt, in the order shown; nothing when only the score is shown.
func Hints(a *Attempt, item func(rev string) (*Item, error), passed bool) ([]Hint, error) {
	return HintsAt(a, item, a.Level(passed))
}

// HintsAt is Hints for someone else, such as a manager who may see own
// choices but never the key.
func HintsAt(a *Attempt, item func(rev string) (*Item, error), level Level) ([]Hint, error) {
	if a.State != Graded || a.Result == nil || len(a.Result.Items) != len(a.Questions) {
		return nil, fmt.Errorf("feedback on %q: %w", a.Quiz, ErrOpen)
	}
	if level == ScoreOnly {
		return nil, nil
	}
	var hints []Hint
	for i := range a.Questions {
		it, err := pinned(&a.Questions[i], item)
		if err != nil {
			return nil, fmt.Errorf("feedback on %q: %w", a.Quiz, err)
		}
		hints = append(hints, newHint(it, &a.Questions[i], a.Result.Items[i], level))
	}
	return hints, nil
}

func newHint(it *Item, q *Question, r ItemResult, level Level) Hint {
	h := Hint{
		Item: it.ID, Title: it.Title, Stem: it.Stem, Clauses: it.Clauses, Critical: it.Critical,
		Answered: len(q.Answer) > 0, Right: r.Right, Score: r.Score, Feedback: it.Feedback,
	}
	for _, option := range q.Order {
		o := it.Options[option]
		chosen := slices.Contains(q.Answer, option)
		shown := HintOption{Text: o.Text, Chosen: chosen, Wrong: chosen && !o.Right}
		if level == WithKey {
			shown.Right = o.Right
		}
		if level == WithKey || shown.Wrong {
			shown.Reason = o.Reason
		}
		h.Options = append(h.Options, shown)
	}
	return h
}
