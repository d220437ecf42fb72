package standard

import (
	"slices"
	"time"
)

// Limits of what is kept of doubts.
const (
	MaxDoubt    = 500 // characters of one
	maxDoubts   = 300 // open ones of a clause
	keptAnswers = 20
)

// Doubts are what people find unclear about one clause: one a person, until an
// author or who owns the clause answers all of them at once. An answer goes to
// those who asked.
type Doubts struct {
	Open    []Doubt
	Answers []Answering `bson:",omitempty"` // the last ones, the latest last
}

// A Doubt is that somebody finds a clause unclear.
type Doubt struct {
	By   string
	At   time.Time
	Rev  string // of the clause as she read it
	Text string `bson:",omitempty"`
}

// An Answering is what was said to all doubts of a moment.
type Answering struct {
	Note string
	By   string
	At   time.Time
	To   []string // people who had asked
}

// Of is what somebody finds unclear now; nil is nothing.
func (d *Doubts) Of(person string) *Doubt {
	for i := range d.Open {
		if d.Open[i].By == person {
			return &d.Open[i]
		}
	}
	return nil
}

// AnswerTo is the latest answer to somebody who has no open doubt; nil is none.
func (d *Doubts) AnswerTo(person string) *Answering {
	for i := len(d.Answers) - 1; i >= 0; i-- {
		if slices.Contains(d.Answers[i].To, person) && d.Of(person) == nil {
			return &d.Answers[i]
		}
	}
	return nil
}

// Ask adds a doubt, or puts it in the place of an earlier one of the same person.
// It is ErrAgain when that says the same of the same wording.
func (d *Doubts) Ask(doubt Doubt) error {
	text, err := text("text", doubt.Text, MaxDoubt, false)
	if err != nil {
		return err
	}
	doubt.Text = text
	if mine := d.Of(doubt.By); mine != nil {
		if mine.Text == doubt.Text && mine.Rev == doubt.Rev {
			return ErrAgain
		}
		*mine = doubt
		return nil
	}
	if len(d.Open) >= maxDoubts {
		return &Invalid{Field: "text", Code: "full"}
	}
	d.Open = append(d.Open, doubt)
	return nil
}

// Withdraw takes somebody's doubt away. It is ErrAgain when she has none.
func (d *Doubts) Withdraw(person string) error {
	before := len(d.Open)
	d.Open = slices.DeleteFunc(d.Open, func(o Doubt) bool { return o.By == person })
	if len(d.Open) == before {
		return ErrAgain
	}
	return nil
}

// Last is when the latest open doubt came; zero without one.
func (d *Doubts) Last() (at time.Time) {
	for _, o := range d.Open {
		if o.At.After(at) {
			at = o.At
		}
	}
	return at
}

// Answer answers all open doubts. seen is when the latest came that the page showed:
// it is ErrOvertaken when there is a later one, which who answers has not read.
func (d *Doubts) Answer(a Answering, seen time.Time) error {
	note, err := text("note", a.Note, MaxText, true)
	if err != nil {
		return err
	}
	a.Note = note
	if n := len(d.Answers); len(d.Open) == 0 && n > 0 && d.Answers[n-1].By == a.By && d.Answers[n-1].Note == a.Note {
		return ErrAgain
	}
	if last := d.Last(); len(d.Open) == 0 || last.After(seen) {
		return ErrOvertaken
	}
	for _, o := range d.Open {
		a.To = append(a.To, o.By)
	}
	d.Open = nil
	d.Answers = append(d.Answers, a)
	d.Answers = d.Answers[max(0, len(d.Answers)-keptAnswers):]
	return nil
}
