package standard

import (
	"slices"
	"time"
)

// A HandoffWait says what a handoff waits for from one of its functions.
type HandoffWait string

// What a handoff can wait for.
const (
	ForReply     HandoffWait = "reply"     // a question that the function owns is open
	ForSignature HandoffWait = "signature" // nothing stands in the way of it any more
	ForMeeting   HandoffWait = "meeting"   // the round meets by then, or should have met
)

// WaitsFor says what the handoff waits for from a function, first of all; "" for
// nothing. A question comes before a signature, because nobody signs while one is
// open. A signature is waited for when the round has met, when no meeting is settled,
// or when the other side has signed already. until is the end of the day on which it is
// asked, undecided what nobody has decided of the sheet.
func (h *Handoff) WaitsFor(f Function, until time.Time, undecided []Undecided) HandoffWait {
	if h.Done() {
		return ""
	}
	if slices.ContainsFunc(h.Questions, func(q Question) bool { return q.Owner == f && q.Open() }) {
		return ForReply
	}
	if !slices.Contains(Sides(), f) || h.SignedBy(f) != nil {
		return ""
	}
	meet := h.Round().Meet
	due := !meet.IsZero() && meet.Before(until)
	ready := len(h.Parts) > 0 && len(undecided) == 0 && len(h.Unanswered()) == 0
	other := Sales
	if f == Sales {
		other = Operations
	}
	switch {
	case ready && (due || meet.IsZero() || h.SignedBy(other) != nil):
		return ForSignature
	case due:
		return ForMeeting
	}
	return ""
}
