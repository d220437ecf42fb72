// Package quiz is items and their keys, the drawing of an attempt, its
// answers and grading, and the rules by which a learner may try again. It is
// pure: time, randomness and the lookup of items are passed in, nothing is
// read or written, and the same input gives the same output on any machine.
//
// # Items
//
// An [Item] is one question with its key and at most [MaxOptions] options:
//
//	single     exactly one option is right, one may be chosen
//	multiple   any number may be chosen; right when the choice is the key
//	partial    (with multiple) the right ones chosen minus the wrong ones
//	           chosen, over the number of right ones, not below 0
//	critical   anything but the full score fails the attempt
//
// An item is named by its id and, as it reads at one time, by its revision:
// the SHA-256 of every field, key and explanations included, in a canonical
// encoding (length-prefixed, versioned, no map order). A revision depends on
// the key: it must not reach a learner before the attempt is graded.
//
// # Drawing
//
// An attempt draws [Quiz].Draw items, or all with 0, in this order, until the
// number is reached, never an item twice:
//
//  1. for each clause that has critical items, one of them;
//  2. for each other clause, one item;
//  3. for each clause that has critical items, a second item, critical or
//     not, where it has one;
//  4. any others.
//
// An item on several clauses counts for each. Among items that will do, the
// one that the learner has met least often is taken, by chance among equals;
// clauses come in random order, and so do the drawn items. With
// [Quiz.NeededDraw] items or more, 1 to 3 are always served.
// Nothing in a draw, an order or a token depends on a key.
//
// # Attempts
//
// An [Attempt] pins the rules and, for each question, the item's revision and
// the order of its options; a form names options by opaque tokens. It has two
// states:
//
//	open    --Save-->   open      any number of times
//	open    --Grade-->  graded    once; nothing in it changes afterwards
//
// Each question counts how often its answer was saved. A page posts the count
// it knew: a different answer from a page that has not seen the last save is
// a [Conflict], is not stored, and is returned to be shown. The same answer
// again is never a conflict. What can't be an answer to the attempt refuses
// the whole post with [ErrAnswer]. A post may clear an answer; a question
// that isn't posted keeps its own.
//
// # Grading
//
// One point a question, exact [Fraction]s, no floats. An attempt has passed
// when 100·score ≥ pass·maximum and no critical item is below full score. The
// percentage for people is the floor. [Regrade] repeats the grading from what
// is recorded, after proving that each item is the pinned one.
//
// # Admission
//
// Attempts are counted per cycle (a renewal of a certification opens a new
// cycle), and starts count. In this order [Admit] says (and [Rules.Admit], by
// the rules of a scenario):
//
//	in-progress    an attempt is open; it must be continued
//	passed         an attempt of the cycle passed; no more are needed
//	used-up        as many were started as the rules and the grants allow
//	cooling-down   the n-th failed attempt was submitted less than the n-th
//	               cool-down ago (the last cool-down repeats)
//	may-start      otherwise
//
// A grant is one attempt more. It also lifts the cool-down that is running
// when it is given, and no later one; given before, during an attempt, it
// lifts nothing. So a learner with a new grant can always start.
//
// # Feedback
//
// [Hints] says what may be shown of a graded attempt. With "hints", until the
// quiz is passed: which questions went wrong, their clauses, and the reason
// of the learner's own wrong choices; then, and always with "full": the key
// and every reason. With "none" only the score.
package quiz

import "time"

// Feedback says how much a learner is told after an attempt is graded.
type Feedback string

const (
	// FeedbackHints names clause and lesson and why the learner's own choice
	// fails; the key is shown once the quiz is passed.
	FeedbackHints Feedback = "hints"
	// FeedbackFull shows key and reasons after every attempt.
	FeedbackFull Feedback = "full"
	// FeedbackNone shows the score only.
	FeedbackNone Feedback = "none"
)

// A Quiz is a pool of items and the rules by which attempts draw from it.
type Quiz struct {
	ID       string
	Rev      string // Revision of the rules and of the items, set by Seal
	Title    string
	Intro    string          // HTML before the first item; may be empty
	Pass     int             // percent of the maximum score, 1..100
	Draw     int             // items an attempt; 0 draws all
	Open     bool            // the offerings' boxes may be looked up while answering
	Attempts int             // per cycle, starts count; 0 is no limit
	Cooldown []time.Duration // after the 1st, 2nd … failed attempt; the last one repeats
	Feedback Feedback
	Items    []*Item // in the file's order
}

// Seal sets the revisions of the items and then of the quiz, and returns it.
func (q *Quiz) Seal() *Quiz {
	for _, it := range q.Items {
		it.Seal()
	}
	q.Rev = q.Revision()
	return q
}
