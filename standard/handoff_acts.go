package standard

import (
	"slices"
	"time"
)

// edit changes what is signed: change writes, and what it refuses changes
// nothing. edition is the one that the page showed; same reports whether the
// sheet says already what change would write, as when a form is sent twice.
func (h *Handoff) edit(edition int64, same func() bool, change func() error) error {
	switch {
	case edition <= h.Edition && same():
		return ErrAgain
	case h.Done():
		return ErrDone
	case edition != h.Edition:
		return ErrOvertaken
	}
	if err := change(); err != nil {
		return err
	}
	h.Edition++
	return nil
}

// sentAgain reports whether a form that added to a list was sent twice: the list
// ends with just this, and nothing else was changed since.
func sentAgain[T any](h *Handoff, edition int64, list []T, is func(T) bool) func() bool {
	return func() bool { return h.Edition == edition+1 && len(list) > 0 && is(list[len(list)-1]) }
}

// Name says what was sold and when. Its Invalid is of "title", "signed", "live".
func (h *Handoff) Name(title string, signed, live Day, edition int64) error {
	var c checker
	c.line("title", &title, MaxTitle, true)
	c.wrong("signed", "missing", signed.IsZero())
	c.wrong("live", "before", !live.IsZero() && live.Before(signed))
	same := func() bool { return c.err() == nil && h.Title == title && h.Signed == signed && h.Live == live }
	return h.edit(edition, same, func() error {
		if err := c.err(); err != nil {
			return err
		}
		h.Title, h.Signed, h.Live = title, signed, live
		return nil
	})
}

// Require says what the customer requires, and which tier was sold for each part.
// A settling of a part that is another one now no longer counts. Its Invalid is
// of "need".
func (h *Handoff) Require(parts []Asked, sold []Sold, edition int64) error {
	same := func() bool {
		return len(parts) > 0 && slices.EqualFunc(h.Parts, parts, Asked.Equal) && slices.EqualFunc(h.Sold, sold, Sold.Equal)
	}
	return h.edit(edition, same, func() error {
		if len(parts) == 0 || len(parts) != len(sold) {
			return Invalids{{Field: "need", Code: "missing"}}
		}
		h.Settled = slices.DeleteFunc(slices.Clone(h.Settled), func(s Settling) bool {
			return s.Part >= len(parts) || s.Part >= len(h.Parts) || !h.Parts[s.Part].Equal(parts[s.Part])
		})
		h.Parts, h.Sold = parts, sold
		return nil
	})
}

// Settle names the request that settles a limit. Its Invalid is of "request".
func (h *Handoff) Settle(s Settling, edition int64) error {
	same := func() bool { return s.Request != "" && h.SettledBy(s.Part, s.Dimension) == s.Request }
	return h.edit(edition, same, func() error {
		if s.Part < 0 || s.Part >= len(h.Parts) || s.Request == "" {
			return Invalids{{Field: "request", Code: "missing"}}
		}
		h.Settled = slices.DeleteFunc(slices.Clone(h.Settled), func(old Settling) bool { return old.Part == s.Part && old.Dimension == s.Dimension })
		h.Settled = append(h.Settled, s)
		return nil
	})
}

// AddContact adds somebody at the customer's. Its Invalid is of "contact",
// "role", "reach".
func (h *Handoff) AddContact(one Contact, edition int64) error {
	var c checker
	c.line("contact", &one.Name, 100, true)
	c.line("role", &one.Role, 100, false)
	c.line("reach", &one.Line.Text, maxShort, false)
	again := sentAgain(h, edition, h.Contacts, func(l Contact) bool {
		return l.Line.says(one.Line) && l.Name == one.Name && l.Role == one.Role && l.Decides == one.Decides
	})
	return h.edit(edition, again, func() error {
		c.wrong("contact", "full", len(h.Contacts) >= maxLines)
		if err := c.err(); err != nil {
			return err
		}
		h.Contacts = append(h.Contacts, one)
		return nil
	})
}

// AddTraining plans a session. Its Invalid is of "on", "who", "topic".
func (h *Handoff) AddTraining(one Training, edition int64) error {
	var c checker
	c.wrong("on", "missing", one.On.IsZero())
	c.line("who", &one.Who, 100, true)
	c.line("topic", &one.Line.Text, maxShort, true)
	again := sentAgain(h, edition, h.Trainings, func(l Training) bool {
		return l.Line.says(one.Line) && l.On == one.On && l.Who == one.Who
	})
	return h.edit(edition, again, func() error {
		c.wrong("topic", "full", len(h.Trainings) >= maxLines)
		if err := c.err(); err != nil {
			return err
		}
		h.Trainings = append(h.Trainings, one)
		return nil
	})
}

// AddChange notes what changed since the contract was signed. Its Invalid is of
// "change".
func (h *Handoff) AddChange(one Line, edition int64) error {
	var c checker
	c.text("change", &one.Text, true)
	return h.edit(edition, sentAgain(h, edition, h.Changes, one.says), func() error {
		c.wrong("change", "full", len(h.Changes) >= maxLines)
		if err := c.err(); err != nil {
			return err
		}
		h.Changes = append(h.Changes, one)
		return nil
	})
}

// Ask adds a question. Its Invalid is of "question", "owner".
func (h *Handoff) Ask(one Question, edition int64) error {
	var c checker
	c.text("question", &one.Line.Text, true)
	c.wrong("owner", "unknown", !slices.Contains(Functions(), one.Owner))
	again := sentAgain(h, edition, h.Questions, func(q Question) bool { return q.Line.says(one.Line) && q.Owner == one.Owner && q.Open() })
	return h.edit(edition, again, func() error {
		c.wrong("question", "full", len(h.Questions) >= maxLines)
		if err := c.err(); err != nil {
			return err
		}
		h.Questions = append(h.Questions, one)
		return nil
	})
}

// Reply answers a question. Its Invalid is of "answer".
func (h *Handoff) Reply(question int, answer Line, edition int64) error {
	var c checker
	c.text("answer", &answer.Text, true)
	there := question >= 0 && question < len(h.Questions)
	again := func() bool {
		return there && h.Questions[question].Answer != nil && h.Questions[question].Answer.says(answer)
	}
	return h.edit(edition, again, func() error {
		if !there || !h.Questions[question].Open() {
			return ErrOvertaken
		}
		if err := c.err(); err != nil {
			return err
		}
		h.Questions[question].Answer = &answer
		return nil
	})
}

// A List names one of the sheet's lists.
type List string

// The lists.
const (
	Contacts  List = "contacts"
	Trainings List = "trainings"
	Changes   List = "changes"
	Questions List = "questions"
)

// Strike strikes a line out.
func (h *Handoff) Strike(list List, at int, who Ack, edition int64) error {
	line := h.line(list, at)
	again := func() bool { return line != nil && line.Struck != nil }
	return h.edit(edition, again, func() error {
		if line == nil {
			return ErrOvertaken
		}
		line.Struck = &who
		return nil
	})
}

// line is the line at a place of a list; nil when there is none.
func (h *Handoff) line(list List, at int) *Line {
	switch {
	case at < 0:
	case list == Contacts && at < len(h.Contacts):
		return &h.Contacts[at].Line
	case list == Trainings && at < len(h.Trainings):
		return &h.Trainings[at].Line
	case list == Changes && at < len(h.Changes):
		return &h.Changes[at]
	case list == Questions && at < len(h.Questions):
		return &h.Questions[at].Line
	}
	return nil
}

// MayBeSigned is nil when nothing on the sheet keeps anybody from signing it.
// undecided is as the caller has found out.
func (h *Handoff) MayBeSigned(undecided []Undecided) error {
	switch {
	case len(h.Parts) == 0:
		return ErrEmpty
	case len(h.Unanswered()) > 0:
		return ErrUnanswered
	case len(undecided) > 0:
		return ErrUndecided
	}
	return nil
}

// Sign signs the sheet for a side. It is refused while a question is open, or a
// limit undecided; and when the same person has signed for the other side. A side
// that has signed this sheet already is ErrAgain.
func (h *Handoff) Sign(a Actor, account *Account, s Sign, undecided []Undecided) error {
	switch other := h.SignedBy(otherSide(s.Function)); {
	case !a.MaySign(s.Function, account):
		return ErrNotHers
	case h.SignedBy(s.Function) != nil:
		return ErrAgain
	case s.Edition != h.Edition:
		return ErrOvertaken
	case other != nil && other.By == a.ID:
		return ErrBoth
	}
	if err := h.MayBeSigned(undecided); err != nil {
		return err
	}
	s.By = a.ID
	h.Round().Signs = append(h.Round().Signs, s)
	return nil
}

func otherSide(f Function) Function {
	if f == Sales {
		return Operations
	}
	return Sales
}

// Repeat ends the round without both signatures, and begins the next one, which
// meets at a time, or at none yet. again says why, and what was not settled.
// round is how many there were on the page. Its Invalid is of "why".
func (h *Handoff) Repeat(a Actor, account *Account, again Again, meet time.Time, round int) error {
	if !a.MaySign(Sales, account) && !a.MaySign(Operations, account) {
		return ErrNotHers
	}
	var c checker
	c.text("why", &again.Why, true)
	again.By = a.ID
	n := len(h.Rounds)
	if round == n-1 && round > 0 {
		if last := h.Rounds[round-1].Again; last.By == again.By && last.Why == again.Why && h.Round().Meet.Equal(meet) {
			return ErrAgain
		}
	}
	switch {
	case h.Done():
		return ErrDone
	case round != n || n >= maxRounds:
		return ErrOvertaken
	}
	if err := c.err(); err != nil {
		return err
	}
	h.Round().Again = &again
	h.Rounds = append(h.Rounds, Round{Began: again.At, Meet: meet})
	return nil
}

// Meet settles when the round takes place. It is nothing that is signed.
func (h *Handoff) Meet(at time.Time, round int) error {
	switch {
	case h.Done():
		return ErrDone
	case round != len(h.Rounds):
		return ErrOvertaken
	case h.Round().Meet.Equal(at):
		return ErrAgain
	}
	h.Round().Meet = at
	return nil
}
