package standard

import (
	"slices"
	"time"
)

// A Brief brings operations along to a meeting with a customer. Who asks says what
// the meeting is for, why the other one is needed for it, and what was looked up
// beforehand; the other one says what she wants from it, whether she comes, and
// whether the two goals align. The meeting is on when she comes and they do. Until
// then the brief goes back and forth; nothing that was said is changed. When the
// meeting is over, both say whether it was worth it.
//
// The methods that change a brief hold all its rules. They take who acts and when,
// and what her page knew: the number of sayings that it showed.
type Brief struct {
	Sender  string // id of who asks
	Guest   string // id of who is asked along
	Account string // id; empty: no account yet
	Said    []Saying
	Closed  *Closing `bson:",omitempty"`
	Worth   []Worth
}

// A Saying is one of both: what the sender says, or what the guest answers.
type Saying struct {
	Invitation *Invitation `bson:",omitempty"`
	Response   *Response   `bson:",omitempty"`
	At         time.Time
}

// An Invitation is all that the sender says; a later one takes the place of the one
// before.
type Invitation struct {
	Goal     string // what she wants from the meeting
	Why      string // what she needs the guest for
	Homework string // what she has looked up
	Decides  string // by when the customer decides; may be empty
	On       Day
	Start    time.Time `bson:",omitempty"` // zero: only the day is known
	Over     time.Time // from when on it is over
}

// A Response is what the guest answers.
type Response struct {
	Goal    string // what she wants from the meeting; may be empty when she does not come
	Comes   YesNo
	Aligned YesNo  // No is: not yet
	Missing string // what she needs to come, or for the goals to align
}

// YesNo is an answer to a question that has these two; the empty one is none.
type YesNo string

// The answers.
const (
	Yes YesNo = "yes"
	No  YesNo = "no"
)

func (a YesNo) given() bool { return a == Yes || a == No }

// A Closing is how the sender ends a brief.
type Closing struct {
	How How
	At  time.Time
}

// How a brief ends.
type How string

// The ends.
const (
	Withdrawn How = "withdrawn" // there is no such meeting
	Without   How = "without"   // the sender goes alone
)

// A Worth is what one of the two says of the meeting afterwards.
type Worth struct {
	By  string
	Was YesNo
	Why string `bson:",omitempty"`
	At  time.Time
}

// A BriefState is where a brief stands.
type BriefState string

// The states.
const (
	BriefWaits     BriefState = "waits"  // for the guest's answer
	BriefBack      BriefState = "back"   // something is missing, or the goals don't align yet
	BriefOn        BriefState = "on"     // she comes, and they align
	BriefOver      BriefState = "over"   // it was on
	BriefLapsed    BriefState = "lapsed" // its time came before it was on
	BriefWithdrawn BriefState = "withdrawn"
	BriefWithout   BriefState = "without"
)

// Limits of a brief.
const (
	MaxGoal      = 300 // characters: a sentence or two
	MeetingTakes = time.Hour
	farthest     = 730 // days ahead
	maxSayings   = 40
)

// ComesAlong reports whether a person can be brought along to a customer: whoever
// speaks for operations or customer care.
func (h Holder) ComesAlong() bool { return h.has(string(Operations), string(Care)) }

// Invitation is what the sender said last.
func (b *Brief) Invitation() *Invitation {
	for i := len(b.Said) - 1; i >= 0; i-- {
		if v := b.Said[i].Invitation; v != nil {
			return v
		}
	}
	return &Invitation{}
}

// Response is the guest's answer to the last invitation; nil while there is none.
func (b *Brief) Response() *Response {
	if n := len(b.Said); n > 0 {
		return b.Said[n-1].Response
	}
	return nil
}

// agreed reports whether the guest comes, and both goals align.
func (b *Brief) agreed() bool {
	r := b.Response()
	return r != nil && r.Comes == Yes && r.Aligned == Yes
}

// State is where the brief stands at a moment.
func (b *Brief) State(now time.Time) BriefState {
	over := !now.Before(b.Invitation().Over)
	switch {
	case b.Closed != nil:
		return BriefState(b.Closed.How)
	case b.agreed() && over:
		return BriefOver
	case b.agreed():
		return BriefOn
	case over:
		return BriefLapsed
	case b.Response() == nil:
		return BriefWaits
	}
	return BriefBack
}

// Asks is whose answer the brief waits for, until its time is over; "" is nobody's.
func (b *Brief) Asks() string {
	switch {
	case b.Closed != nil || b.agreed():
		return ""
	case b.Response() == nil:
		return b.Guest
	}
	return b.Sender
}

// Owe are those of the two who are to say, once the meeting is over, whether it was
// worth it.
func (b *Brief) Owe() (list []string) {
	for _, id := range []string{b.Sender, b.Guest} {
		if b.agreed() && b.Closed == nil && b.WorthBy(id) == nil {
			list = append(list, id)
		}
	}
	return list
}

// WorthBy is what somebody said of the meeting; nil when she has not.
func (b *Brief) WorthBy(id string) *Worth {
	if i := slices.IndexFunc(b.Worth, func(w Worth) bool { return w.By == id }); i >= 0 {
		return &b.Worth[i]
	}
	return nil
}

// Outcome is what a meeting counts as: worth it when neither of the two says no,
// and "" while neither has said anything.
func (b *Brief) Outcome() YesNo {
	switch {
	case len(b.Worth) == 0:
		return ""
	case slices.ContainsFunc(b.Worth, func(w Worth) bool { return w.Was == No }):
		return No
	}
	return Yes
}

// is reports whether the actor is this person, and may still act.
func (a Actor) is(id string) bool { return a.ID == id && a.Known && !a.Disabled }

// MayAnswer is nil when the actor may answer, or answer anew: the guest, until the
// meeting is over.
func (b *Brief) MayAnswer(a Actor, now time.Time) error {
	return b.may(a.is(b.Guest), now, BriefWaits, BriefBack, BriefOn)
}

// MaySend is nil when the actor may say all of it anew: the sender, until a meeting
// that was on is over.
func (b *Brief) MaySend(a Actor, now time.Time) error {
	return b.may(a.is(b.Sender), now, BriefWaits, BriefBack, BriefOn, BriefLapsed)
}

// MayClose is nil when the actor may end it so: the sender, before the meeting. Of
// one that did not take place she says so afterwards, before anybody has said
// whether it was worth it.
func (b *Brief) MayClose(a Actor, how How, now time.Time) error {
	states := []BriefState{BriefWaits, BriefBack, BriefOn}
	if how == Withdrawn && len(b.Worth) == 0 {
		states = append(states, BriefOver)
	}
	return b.may(a.is(b.Sender), now, states...)
}

// MayJudge is nil when the actor may say whether the meeting was worth it: either of
// the two, once each, when it is over.
func (b *Brief) MayJudge(a Actor, now time.Time) error {
	if err := b.may(a.is(b.Sender) || a.is(b.Guest), now, BriefOn, BriefOver); err != nil {
		return err
	}
	switch {
	case b.State(now) == BriefOn:
		return ErrTooEarly
	case b.WorthBy(a.ID) != nil:
		return ErrOvertaken
	}
	return nil
}

func (b *Brief) may(hers bool, now time.Time, states ...BriefState) error {
	switch {
	case !hers:
		return ErrNotHers
	case !slices.Contains(states, b.State(now)):
		return ErrOvertaken
	}
	return nil
}
