package programme

import (
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// An Attempt is the document of one try at a quiz or at a scenario. That at a
// scenario has a Play, and of quiz.Attempt only what every try has: Quiz is
// the scenario's key and QuizRev its revision, and there are cycle, number,
// state and times.
type Attempt struct {
	store.Meta   `bson:",inline"`
	quiz.Attempt `bson:",inline"`
	Play         *scenario.Play `bson:",omitempty"`
	Person       string
	Release      string    // the library it was started under
	Live         bool      // open, or not yet folded into the record
	Pending      []Duty    `bson:",omitempty"`
	PendingSince time.Time `bson:"pending_since"` // Never when nothing is pending
}

// Practice reports whether the attempt doesn't count.
func (a *Attempt) Practice() bool { return a.Play != nil && a.Play.Practice }

// Passed reports whether the attempt was graded and passed.
func (a *Attempt) Passed() bool {
	if a.Play != nil {
		return a.Play.Result != nil && a.Play.Result.Passed
	}
	return a.Result != nil && a.Result.Passed
}

// A Duty is something that a document still has to cause.
type Duty string

const (
	// DutyCertify: issue whatever certificate is due to the person.
	DutyCertify Duty = "certificate"
	// DutyFold: fold this into the person's record.
	DutyFold Duty = "fold"
	// DutyCount: count a request that was raised in its month.
	DutyCount Duty = "count"
	// DutyTell: let a request be found where its decision counts, and by those
	// who must acknowledge it.
	DutyTell Duty = "tell"
	// DutyCall: let a request be found by those whom its comments name.
	DutyCall Duty = "call"
)

// Never is PendingSince of a document with no duty left: indexed fields are
// always present, and the outbox looks from the year 2000 on.
var Never = time.Unix(0, 0).UTC()

// A Record is what a person has done, by the person's id. It holds what
// people did by forms (lessons read, sign-offs, grants, renewals) and what
// the outbox folded in from attempts and certificates.
type Record struct {
	store.Meta       `bson:",inline"`
	certify.Evidence `bson:",inline"`
	Person           string         // same as the id; indexed for sweeps
	Seen             map[string]int `bson:",omitempty"` // item id -> how often drawn in graded attempts
	Pending          []Duty         `bson:",omitempty"`
	PendingSince     time.Time      `bson:"pending_since"`
}

// A Certificate is the document of one certificate: inserted, never changed.
type Certificate struct {
	store.Meta          `bson:",inline"`
	certify.Certificate `bson:",inline"`
}

var (
	attemptSchema = store.Schema{Name: "attempts", Home: "person", Indexes: []store.Index{
		{Name: "live", Fields: []store.Field{{Name: "person", Kind: store.KindString}, {Name: "live", Kind: store.KindBool}}},
		{Name: "history", Fields: []store.Field{{Name: "person", Kind: store.KindString}, {Name: "started", Kind: store.KindTime}}},
		{Name: "pending", Fields: []store.Field{{Name: "pending_since", Kind: store.KindTime}}},
	}}
	recordSchema = store.Schema{Name: "records", Indexes: []store.Index{
		{Name: "person", Fields: []store.Field{{Name: "person", Kind: store.KindString}}},
		{Name: "pending", Fields: []store.Field{{Name: "pending_since", Kind: store.KindTime}}},
	}}
	certificateSchema = store.Schema{Name: "certificates", Indexes: []store.Index{
		{Name: "person", Fields: []store.Field{{Name: "person", Kind: store.KindString}, {Name: "issued", Kind: store.KindTime}}},
	}}
)

// pending says that a document has duties from now on.
func pending(now time.Time, duties ...Duty) ([]Duty, time.Time) {
	if len(duties) == 0 {
		return nil, Never
	}
	return duties, now
}
