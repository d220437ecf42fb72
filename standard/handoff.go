package standard

import (
	"errors"
	"slices"
	"time"
)

// A Handoff is the short meeting between sales and operations after a contract:
// requirements, decision-makers, training, what changed since the signature,
// open questions. Each meeting is a round; the handoff recurs until both sides
// have signed the same sheet in one round. Nothing that was written is taken
// back without a trace: lines are struck out, and rounds stay.
//
// The methods that change a handoff hold all its rules. They take who acts and
// when, and the edition of the sheet that her page showed.
type Handoff struct {
	Account string // id
	Title   string // what was sold, in a line
	Signed  Day    // the contract
	Live    Day    // when the customer begins; may be zero
	By      string // who began it
	At      time.Time

	Parts     []Asked    // what the customer requires
	Sold      []Sold     // by part: the tier that was sold for it
	Settled   []Settling // how what is outside the box is settled
	Contacts  []Contact
	Trainings []Training
	Changes   []Line // since the signature
	Questions []Question

	Edition int64 // of the sheet: one more with every change of what is signed
	Rounds  []Round
}

// Sold is the tier that was sold for a part of the requirements. The zero Sold
// says that nobody has said yet.
type Sold struct {
	Base   string
	AddOns []string `bson:",omitempty"`
	Tier   string
}

// Equal reports whether both are the same tier of the same choice.
func (s Sold) Equal(t Sold) bool {
	return s.Base == t.Base && s.Tier == t.Tier && slices.Equal(s.AddOns, t.AddOns)
}

// A Settling says which request settles a limit that the requirements go beyond.
type Settling struct {
	Part      int // from 0
	Dimension string
	Request   string // id
	By        string
	At        time.Time
}

// A Line is something that was written down; Struck when it no longer holds.
type Line struct {
	Text   string
	By     string
	At     time.Time
	Struck *Ack `bson:",omitempty"`
}

// says reports whether the same person wrote the same, whenever.
func (l Line) says(m Line) bool { return l.Text == m.Text && l.By == m.By && l.Struck == nil }

// A Contact is somebody at the customer's.
type Contact struct {
	Name    string
	Role    string
	Decides bool // she is one of the decision-makers
	Line    Line // its text is how to reach her
}

// A Training is a session that is planned.
type Training struct {
	On   Day
	Who  string // from our side
	Line Line   // its text is what is taught, and to whom
}

// A Question is open until it is answered.
type Question struct {
	Owner  Function // who finds out
	Line   Line
	Answer *Line `bson:",omitempty"`
}

// Open reports whether the question waits for an answer.
func (q Question) Open() bool { return q.Answer == nil && q.Line.Struck == nil }

// A Round is one meeting. It is under way until both have signed, or somebody
// says that it has to be repeated.
type Round struct {
	Began time.Time
	Meet  time.Time `bson:",omitempty"` // when it takes place; zero: not settled
	Signs []Sign
	Again *Again `bson:",omitempty"`
}

// A Sign is one side's signature under an edition of the sheet.
type Sign struct {
	Function Function // Sales or Operations
	Edition  int64
	By       string
	At       time.Time
}

// An Again says why a round has to be repeated, and what was open then.
type Again struct {
	Why       string
	Questions []string    `bson:",omitempty"` // that were open
	Undecided []Undecided `bson:",omitempty"`
	By        string
	At        time.Time
}

// An Undecided is a limit that the requirements go beyond, without a decided
// request that settles it. Without a dimension it is a part for which nobody has
// said what was sold, or of which the standard has lost something.
type Undecided struct {
	Part      int // from 0
	Dimension string
}

// ErrUnanswered, ErrUndecided and ErrEmpty are why a sheet can't be signed yet;
// ErrBoth, that one person can't sign for both sides; ErrDone, that both have
// signed, so that nothing is changed any more.
var (
	ErrUnanswered = errors.New("a question is open")
	ErrUndecided  = errors.New("something outside the box is not decided")
	ErrEmpty      = errors.New("the sheet says nothing of what the customer requires")
	ErrBoth       = errors.New("the other side is signed by the same person")
	ErrDone       = errors.New("both sides have signed")
)

// Limits of a handoff's lists.
const (
	maxLines  = 60
	maxRounds = 40
)

// Sides are the functions that sign.
func Sides() []Function { return []Function{Sales, Operations} }

// Begin starts the first round.
func (h *Handoff) Begin(at time.Time) {
	h.At, h.Edition, h.Rounds = at, 1, []Round{{Began: at}}
}

// Round is the one under way, or the last.
func (h *Handoff) Round() *Round { return &h.Rounds[len(h.Rounds)-1] }

// SignedBy is the side's signature under the sheet as it is; nil while there is
// none, or when the sheet was changed since.
func (h *Handoff) SignedBy(f Function) *Sign {
	for i, s := range h.Round().Signs {
		if s.Function == f && s.Edition == h.Edition {
			return &h.Round().Signs[i]
		}
	}
	return nil
}

// Outdated reports whether the side has signed in this round, and the sheet was
// changed since.
func (h *Handoff) Outdated(f Function) bool {
	return h.SignedBy(f) == nil && slices.ContainsFunc(h.Round().Signs, func(s Sign) bool { return s.Function == f })
}

// Done reports whether both sides have signed.
func (h *Handoff) Done() bool { return h.SignedBy(Sales) != nil && h.SignedBy(Operations) != nil }

// Unanswered are the questions that are open.
func (h *Handoff) Unanswered() (list []string) {
	for _, q := range h.Questions {
		if q.Open() {
			list = append(list, q.Line.Text)
		}
	}
	return list
}

// SettledBy is the request named for a limit; "" when there is none.
func (h *Handoff) SettledBy(part int, dimension string) string {
	for _, s := range h.Settled {
		if s.Part == part && s.Dimension == dimension {
			return s.Request
		}
	}
	return ""
}

// MaySign reports whether the actor may sign for a side: for sales the person
// who looks after the account, or a reviewer for sales; for operations a reviewer
// for operations.
func (a Actor) MaySign(f Function, account *Account) bool {
	return slices.Contains(Sides(), f) && (a.Speaks(f) || f == Sales && account.Sales == a.ID && a.Covers(Sales))
}

// MayEdit reports whether the actor may write on the sheet: whoever may sign it
// for a side, reviewers for customer care, who own questions, and managers.
func (a Actor) MayEdit(account *Account) bool {
	return a.MaySign(Sales, account) || a.MaySign(Operations, account) || a.has(string(Care), "manager", "admin")
}
