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

// A Play is one try at a scenario, as the engine knows it: when it was begun,
// and as which attempt of whom, is kept beside it. It pins the revision, so
// that later changes of the content touch neither a running play nor its
// grading.
type Play struct {
	Scenario string
	Rev      string
	Practice bool   // does not count, and shows all values
	Secret   string // of which the tokens are made; never shown
	Path     []Move
	Result   *Result // nil while open
}

// Over reports whether the play has been graded.
func (p *Play) Over() bool { return p.Result != nil }

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
func NewPlay(s *Scenario, practice bool, rnd *rand.Rand) *Play {
	secret := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, rnd.Uint64()), rnd.Uint64())
	return &Play{Scenario: s.ID, Rev: s.Rev, Practice: practice, Secret: tokens.EncodeToString(secret)}
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
