package scenario

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/insidebox/insidebox/quiz"
)

// A Play is one try at a scenario. It pins the revision, so that later changes
// of the content touch neither a running play nor its grading.
type Play struct {
	Scenario string
	Rev      string
	Title    string // of the scenario, as it was at the start
	Practice bool   // does not count, and shows all values
	Cycle    int    // from 1
	Number   int    // from 1 within person, scenario and cycle
	State    quiz.State
	Started  time.Time
	Finished time.Time // zero while open
	Secret   string    // of which the tokens are made; never shown
	Path     []Move
	Result   *Result // nil while open
}

// A Move is a choice that was made.
type Move struct {
	Scene  string // anchor
	Choice int    // index in the scene
	At     time.Time
}

// Outcome says why a play is over.
type Outcome string

const (
	// AtEnd: at a scene without choices.
	AtEnd Outcome = "end"
	// Fatal: after a fatal choice.
	Fatal Outcome = "fatal"
	// DeadEnd: at a scene of which every choice is closed.
	DeadEnd Outcome = "dead-end"
	// TooLong: after MaxMoves moves.
	TooLong Outcome = "too-long"
)

// Result is the grading of a play.
type Result struct {
	Passed  bool
	Outcome Outcome
	End     string // anchor of the last scene
	Fatal   int    // index in the path of the fatal choice, or -1
	Values  Values // at the end
	Clauses []quiz.ClauseResult
}

// NewPlay starts a play. The scenario must be sealed and analysed. rnd must
// not be guessable (ChaCha8 seeded from crypto/rand), for the tokens rest on
// it.
func NewPlay(s *Scenario, practice bool, cycle, number int, rnd *rand.Rand, now time.Time) *Play {
	secret := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, rnd.Uint64()), rnd.Uint64())
	return &Play{
		Scenario: s.ID, Rev: s.Rev, Title: s.Title, Practice: practice, Cycle: cycle, Number: number,
		State: quiz.Open, Started: now, Secret: tokens.EncodeToString(secret),
	}
}

// tokens are written in lower case, so that no form or log changes them.
var tokens = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// token is what a form posts for a choice at a step: 80 bits that nobody can
// make or read without the secret. Two choices of a step have the same one as
// good as never: in one of 10²¹ plays of the longest kind.
func (p *Play) token(step, choice int) string {
	mac := hmac.New(sha256.New, []byte(p.Secret))
	mac.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(step)), uint64(choice)))
	return tokens.EncodeToString(mac.Sum(nil))[:16]
}

// Try is what the admission rules need to know of the play, whose attempt has
// the id. Plays for practice count for nothing: leave them out.
func (p *Play) Try(attempt string) quiz.Try {
	return quiz.Try{
		Attempt: attempt, Cycle: p.Cycle, Number: p.Number, State: p.State,
		Started: p.Started, Submitted: p.Finished, Passed: p.Result != nil && p.Result.Passed,
	}
}
