package quiz

import "time"

// State is where an attempt stands.
type State string

const (
	// Open: started, answers may be saved.
	Open State = "open"
	// Graded: submitted and graded; nothing in it changes any more.
	Graded State = "graded"
)

// An Attempt is one try at a quiz. It pins what was drawn, so that later
// changes of the content touch neither a running attempt nor its grading.
type Attempt struct {
	Quiz      string
	QuizRev   string
	Title     string // of the quiz, as it was at the start
	Pass      int    // percent, pinned
	Feedback  Feedback
	OpenBook  bool
	Cycle     int // from 1
	Number    int // from 1 within person, quiz and cycle
	State     State
	Started   time.Time
	Submitted time.Time // zero while open
	Questions []Question
	Result    *Result // nil while open
}

// A Question is one drawn item, as one attempt shows it.
type Question struct {
	Item   string    // item id
	Rev    string    // item revision that is shown and graded
	Kind   Kind      // of the item: how many options may be chosen
	Order  []int     // Order[shown position] is the option's index in the item
	Tokens []string  // Tokens[shown position] is the opaque value a form posts
	Answer []int     // option indices, ascending; empty is unanswered
	Saves  int64     // how often the answer was saved; what a page knew
	Saved  time.Time // of the last save; zero if never
}

// Result is the grading of an attempt.
type Result struct {
	Score   Fraction // sum over the questions
	Max     int      // one point a question
	Percent int      // floor of 100·score/max, for people
	Passed  bool
	Fatal   []string // ids of critical items answered wrongly
	Items   []ItemResult
	Clauses []ClauseResult // by clause id
}

// ItemResult is one question's part of a Result, in the order shown.
type ItemResult struct {
	Item  string
	Score Fraction // 0..1
	Right bool     // full score
}

// ClauseResult says how the questions on one clause went.
type ClauseResult struct {
	Clause string
	Asked  int
	Right  int
}
