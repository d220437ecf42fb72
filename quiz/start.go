package quiz

import (
	"encoding/base32"
	"encoding/binary"
	"math/rand/v2"
	"time"
)

// NewAttempt starts an attempt: it draws the items, shuffles their options,
// gives every option an opaque token, and pins the rules and revisions. The
// quiz and its items must be sealed. rnd must not be guessable (ChaCha8
// seeded from crypto/rand), for order and tokens hide the author's order.
func NewAttempt(q *Quiz, cycle, number int, seen map[string]int, rnd *rand.Rand, now time.Time) *Attempt {
	a := &Attempt{
		Quiz: q.ID, QuizRev: q.Rev, Title: q.Title,
		Pass: q.Pass, Feedback: q.Feedback, OpenBook: q.Open,
		Cycle: cycle, Number: number, State: Open, Started: now,
	}
	for _, it := range Draw(q, seen, rnd) {
		a.Questions = append(a.Questions, newQuestion(it, rnd))
	}
	return a
}

func newQuestion(it *Item, rnd *rand.Rand) Question {
	q := Question{Item: it.ID, Rev: it.Rev, Kind: it.Kind, Order: rnd.Perm(len(it.Options))}
	used := map[string]bool{}
	for len(q.Tokens) < len(q.Order) {
		// A token that comes twice in one question is drawn again.
		if token := newToken(rnd); !used[token] {
			used[token] = true
			q.Tokens = append(q.Tokens, token)
		}
	}
	return q
}

// tokens are written in lower case, so that no form or log changes them.
var tokens = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// newToken returns ten characters: 50 random bits.
func newToken(rnd *rand.Rand) string {
	return tokens.EncodeToString(binary.BigEndian.AppendUint64(nil, rnd.Uint64()))[:10]
}

// Find returns the question on an item, or nil.
func (a *Attempt) Find(item string) *Question {
	for i := range a.Questions {
		if a.Questions[i].Item == item {
			return &a.Questions[i]
		}
	}
	return nil
}

// Answered returns how many questions have an answer.
func (a *Attempt) Answered() int {
	n := 0
	for i := range a.Questions {
		if len(a.Questions[i].Answer) > 0 {
			n++
		}
	}
	return n
}

// LastSaved returns when an answer was last saved; zero if never.
func (a *Attempt) LastSaved() time.Time {
	var last time.Time
	for i := range a.Questions {
		if t := a.Questions[i].Saved; t.After(last) {
			last = t
		}
	}
	return last
}
