package quiz

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// The first bytes of what is hashed. Another encoding needs another number,
// so that a revision never means two things.
const (
	itemEncoding = "insidebox/item/1"
	quizEncoding = "insidebox/quiz/1"
)

// Revision returns the SHA-256, in hex, of everything that a learner can see
// of the item before and after grading, and of the key. Any change of a field
// other than Rev makes another revision, a change of order included.
func (it *Item) Revision() string {
	e := NewEncoder(itemEncoding)
	e.Text(it.ID)
	e.Text(string(it.Kind))
	e.Text(it.Title)
	e.Flag(it.Critical)
	e.Flag(it.Partial)
	e.List(it.Clauses)
	e.Text(it.Stem)
	e.Number(int64(len(it.Options)))
	for _, o := range it.Options {
		e.Text(o.Text)
		e.Flag(o.Right)
		e.Text(o.Reason)
	}
	e.Text(it.Feedback)
	return e.Sum()
}

// Revision returns the SHA-256, in hex, of the quiz's rules and of its items'
// revisions, in order. The items must be sealed.
func (q *Quiz) Revision() string {
	e := NewEncoder(quizEncoding)
	e.Text(q.ID)
	e.Text(q.Title)
	e.Text(q.Intro)
	e.Number(int64(q.Pass))
	e.Number(int64(q.Draw))
	e.Flag(q.Open)
	e.Number(int64(q.Attempts))
	e.Number(int64(len(q.Cooldown)))
	for _, d := range q.Cooldown {
		e.Number(int64(d))
	}
	e.Text(string(q.Feedback))
	e.Number(int64(len(q.Items)))
	for _, it := range q.Items {
		e.Text(it.Rev)
	}
	return e.Sum()
}

// An Encoder hashes fields in a canonical way: a number is eight bytes, big
// endian; a text is its length in bytes and the bytes; a list is its length
// and its texts. So no two different sequences of fields encode alike.
type Encoder struct{ encoded *[]byte }

// NewEncoder starts with the name and version of the encoding.
func NewEncoder(version string) Encoder {
	encoded := make([]byte, 0, 4096) // of most items; every grading encodes each
	e := Encoder{&encoded}
	e.Text(version)
	return e
}

// Number adds a whole number.
func (e Encoder) Number(n int64) {
	*e.encoded = binary.BigEndian.AppendUint64(*e.encoded, uint64(n))
}

// Text adds a text.
func (e Encoder) Text(s string) {
	e.Number(int64(len(s)))
	*e.encoded = append(*e.encoded, s...)
}

// Flag adds yes or no, as the number 1 or 0.
func (e Encoder) Flag(b bool) {
	if b {
		e.Number(1)
	} else {
		e.Number(0)
	}
}

// List adds texts, in order.
func (e Encoder) List(texts []string) {
	e.Number(int64(len(texts)))
	for _, s := range texts {
		e.Text(s)
	}
}

// Sum returns the SHA-256, in hex, of what was added.
func (e Encoder) Sum() string {
	sum := sha256.Sum256(*e.encoded)
	return hex.EncodeToString(sum[:])
}
