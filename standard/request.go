package standard

import (
	"errors"
	"slices"
	"time"
)

// A Request is a need outside the box that somebody brings forward. Sales,
// customer care and operations each have a voice; then the owner of the
// offering decides, and everyone concerned acknowledges the decision. What was
// said is never changed: all lists only grow, and corrections are added.
//
// The methods that change a request hold all its rules. They take who acts and
// when, and what her page knew: the number of entries that it showed.
type Request struct {
	Raiser  string
	Raised  time.Time
	Account string // id; empty: no customer yet

	Title  string // what they ask for, in a line
	Aim    string // what they want to achieve
	Value  string // what it is worth, in words
	Worth  int64  `bson:",omitempty"` // a year, in whole units of the standard's currency; 0 is not known
	Wanted Day    // by when they need an answer; may be zero
	Links  []string

	Parts    []Asked // the need, where it was given in the standard's dimensions
	Verdict  Verdict // of the day on which it was raised
	Limits   []string
	Bends    []Bend   `bson:",omitempty"` // of the offering below, or of what comes nearest
	Offering string   // the one it comes nearest to; may be empty
	Owner    Function // who owns that, and decides

	Due         time.Time // by when all voices are to be in
	Voices      []Voice
	Comments    []Comment
	Delegations []Delegation // the last one holds
	Escalated   *Escalation
	Decision    *Decision
	Concerned   []string // who must acknowledge the decision
	Acks        []Ack
	Promotions  []Promotion `bson:",omitempty"` // to the standard
	Seens       []Seen      `bson:",omitempty"` // who is named, and has said that she knows
}

// A Stand is what a voice says to a request.
type Stand string

// The stands. Only the first three count as having spoken.
const (
	Support Stand = "support"
	Object  Stand = "object"
	Propose Stand = "propose" // standard offerings that meet it
	AskBack Stand = "ask"     // a question to who raised it
)

// Stands lists them in the order in which they are offered.
func Stands() []Stand { return []Stand{Support, Object, Propose, AskBack} }

// A Voice is what one function says.
type Voice struct {
	Function  Function
	Stand     Stand
	Changes   string     // what it changes for this function's people
	Text      string     `bson:",omitempty"`
	Offerings []string   `bson:",omitempty"` // proposed, by id
	Lacks     []LackLine `bson:",omitempty"` // what they lack of the need as it was raised
	By        string
	At        time.Time
}

// A Comment is something that anybody adds.
type Comment struct {
	Text     string
	Mentions []Mention `bson:",omitempty"`
	By       string
	At       time.Time
}

// A Mention is a person whom a comment names, and how.
type Mention struct{ Text, Person string }

// A Delegation names somebody who may decide in the owner's place.
type Delegation struct {
	To, By string
	At     time.Time
}

// An Escalation says that the voices were overdue, and which.
type Escalation struct {
	At      time.Time
	Missing []Function
}

// An Outcome is how a request was decided.
type Outcome string

// The outcomes.
const (
	InsideAfterAll Outcome = "inside"
	Exception      Outcome = "exception"
	Declined       Outcome = "declined"
)

// Outcomes lists them in the order in which they are offered.
func Outcomes() []Outcome { return []Outcome{InsideAfterAll, Exception, Declined} }

// A Decision ends a request.
type Decision struct {
	Outcome    Outcome
	Reason     string     // why; of one inside, how it meets the aim
	Offerings  []string   `bson:",omitempty"` // inside: what meets it
	Lacks      []LackLine `bson:",omitempty"` // inside: what that lacks of the need as it was raised
	Offering   string     `bson:",omitempty"` // exception: whose limit is bent
	Clause     string     `bson:",omitempty"` // exception: the clause that it bends
	Conditions string     `bson:",omitempty"` // exception
	Price      string     `bson:",omitempty"` // exception
	Until      Day        `bson:",omitempty"` // exception: its last day
	Instead    string     `bson:",omitempty"` // declined: what to offer instead
	By         string
	At         time.Time
}

// An Ack says that somebody knows the decision.
type Ack struct {
	By string
	At time.Time
}

// A Promotion says that an author took a decided request for a change of the
// standard, and of which wording of which clause.
type Promotion struct {
	Clause, Rev string
	By          string
	At          time.Time
}

// Errors of what one may do when.
var (
	ErrNotHers   = errors.New("somebody else does this")
	ErrOvertaken = errors.New("what the page knew has changed meanwhile")
	ErrTooEarly  = errors.New("the voices are not in yet")
	ErrAgain     = errors.New("this was done already")
)

// VoiceDays is how many business days the voices have.
const VoiceDays = 2

// DueAfter is the moment at which n business days after the day of a moment are
// over: when business closes on the last of them. In a calendar without
// business days all days count.
func (c Calendar) DueAfter(t time.Time, n int, loc *time.Location) time.Time {
	day := DayOf(t, loc)
	for left, tried := n, 0; left > 0; tried++ {
		day = day.AddDays(1)
		if c.Works(day) || len(c.Week) == 0 || tried > 20*horizon {
			left--
		}
	}
	closes := int(c.Closes / time.Minute)
	if closes == 0 || closes == 24*60 { // where clocks skip midnight, it is no time of day
		return day.End(loc)
	}
	return time.Date(day.Year, day.Month, day.Date, closes/60, closes%60, 0, 0, loc)
}

// An Actor is who does something to a request.
type Actor struct {
	ID string
	Holder
}

// Speaks reports whether she is a reviewer for the function.
func (a Actor) Speaks(f Function) bool { return a.has(string(f)) }

// Spoken reports whether the function has taken a stand.
func (q *Request) Spoken(f Function) bool {
	return slices.ContainsFunc(q.Voices, func(v Voice) bool { return v.Function == f && v.Stand != AskBack })
}

// Missing are the functions that have not taken a stand.
func (q *Request) Missing() (list []Function) {
	for _, f := range Functions() {
		if !q.Spoken(f) {
			list = append(list, f)
		}
	}
	return list
}

// Overdue reports whether voices are missing and should be in.
func (q *Request) Overdue(now time.Time) bool {
	return q.Decision == nil && len(q.Missing()) > 0 && !now.Before(q.Due)
}

// ReadyAt is when it may be decided: when the last function has taken its first
// stand, and when the voices are due at the latest.
func (q *Request) ReadyAt() time.Time {
	at := q.Raised
	for _, f := range Functions() {
		i := slices.IndexFunc(q.Voices, func(v Voice) bool { return v.Function == f && v.Stand != AskBack })
		if i < 0 {
			return q.Due
		}
		if q.Voices[i].At.After(at) {
			at = q.Voices[i].At
		}
	}
	if at.After(q.Due) {
		return q.Due
	}
	return at
}

// Delegate is who may decide in the owner's place; "" is nobody.
func (q *Request) Delegate() string {
	if n := len(q.Delegations); n > 0 {
		return q.Delegations[n-1].To
	}
	return ""
}

// AskedBack reports whether who raised it was asked something and has not
// written since.
func (q *Request) AskedBack() bool {
	asked := time.Time{}
	for _, v := range q.Voices {
		if v.Stand == AskBack {
			asked = v.At
		}
	}
	return !asked.IsZero() && !slices.ContainsFunc(q.Comments, func(c Comment) bool { return c.By == q.Raiser && !c.At.Before(asked) })
}

// VoicesOf counts what a function has said.
func (q *Request) VoicesOf(f Function) (n int) {
	for _, v := range q.Voices {
		if v.Function == f {
			n++
		}
	}
	return n
}

// MaySpeak is nil when the actor may give the function's voice, which she holds
// and who did not raise it herself.
func (q *Request) MaySpeak(a Actor, f Function) error {
	if !slices.Contains(Functions(), f) || !a.Speaks(f) || a.ID == q.Raiser {
		return ErrNotHers
	}
	if q.Decision != nil {
		return ErrOvertaken
	}
	return nil
}

// MayDelegate is nil when the actor may name somebody to decide in her place: a
// reviewer for the function that owns the offering.
func (q *Request) MayDelegate(a Actor) error {
	if !a.Speaks(q.Owner) {
		return ErrNotHers
	}
	if q.Decision != nil {
		return ErrOvertaken
	}
	return nil
}

// MayDecide is nil when the actor may decide now: a reviewer for the function
// that owns the offering, or its delegate, who did not raise it herself, once
// all voices are in or overdue.
func (q *Request) MayDecide(a Actor, now time.Time) error {
	delegate := a.ID == q.Delegate() && a.Known && !a.Disabled
	if !a.Speaks(q.Owner) && !delegate || a.ID == q.Raiser {
		return ErrNotHers
	}
	if q.Decision != nil {
		return ErrOvertaken
	}
	if now.Before(q.ReadyAt()) {
		return ErrTooEarly
	}
	return nil
}

// MayAcknowledge is nil when the actor is to say that she knows the decision.
// It is ErrAgain when she did.
func (q *Request) MayAcknowledge(a Actor) error {
	switch {
	case q.Decision == nil || !slices.Contains(q.Concerned, a.ID):
		return ErrNotHers
	case slices.ContainsFunc(q.Acks, func(k Ack) bool { return k.By == a.ID }):
		return ErrAgain
	}
	return nil
}

// Unacknowledged are those who are concerned and have not acknowledged.
func (q *Request) Unacknowledged() (list []string) {
	for _, id := range q.Concerned {
		if !slices.ContainsFunc(q.Acks, func(k Ack) bool { return k.By == id }) {
			list = append(list, id)
		}
	}
	return list
}

// InForce reports whether the request was decided as an exception that holds on
// the day.
func (q *Request) InForce(day Day) bool {
	return q.Decision != nil && q.Decision.Outcome == Exception && !q.Decision.Until.Before(day)
}
