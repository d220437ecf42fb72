package quiz

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
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
	e := newEncoder(itemEncoding)
	e.text(it.ID)
	e.text(string(it.Kind))
	e.text(it.Title)
	e.flag(it.Critical)
	e.flag(it.Partial)
	e.list(it.Clauses)
	e.text(it.Stem)
	e.number(int64(len(it.Options)))
	for _, o := range it.Options {
		e.text(o.Text)
		e.flag(o.Right)
		e.text(o.Reason)
	}
	e.text(it.Feedback)
	return e.sum()
}

// Revision returns the SHA-256, in hex, of the quiz's rules and of its items'
// revisions, in order. The items must be sealed.
func (q *Quiz) Revision() string {
	e := newEncoder(quizEncoding)
	e.text(q.ID)
	e.text(q.Title)
	e.text(q.Intro)
	e.number(int64(q.Pass))
	e.number(int64(q.Draw))
	e.flag(q.Open)
	e.number(int64(q.Attempts))
	e.number(int64(len(q.Cooldown)))
	for _, d := range q.Cooldown {
		e.number(int64(d))
	}
	e.text(string(q.Feedback))
	e.number(int64(len(q.Items)))
	for _, it := range q.Items {
		e.text(it.Rev)
	}
	return e.sum()
}

// An encoder hashes fields in a canonical way: a number is eight bytes, big
// endian; a text is its length in bytes and the bytes; a list is its length
// and its texts. So no two different sequences of fields encode alike.
type encoder struct{ h hash.Hash }

func newEncoder(version string) encoder {
	e := encoder{sha256.New()}
	e.text(version)
	return e
}

func (e encoder) number(n int64) {
	e.h.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

func (e encoder) text(s string) {
	e.number(int64(len(s)))
	e.h.Write([]byte(s))
}

func (e encoder) flag(b bool) {
	if b {
		e.number(1)
	} else {
		e.number(0)
	}
}

func (e encoder) list(texts []string) {
	e.number(int64(len(texts)))
	for _, s := range texts {
		e.text(s)
	}
}

func (e encoder) sum() string { return hex.EncodeToString(e.h.Sum(nil)) }
