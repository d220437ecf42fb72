package standard

import (
	"errors"
	"time"
)

// Send says all that the sender has to say, for the first time or anew. Days end in
// the time zone. Its Invalid is of "goal", "why", "homework", "decides", "on" or
// "time"; "same" says that nothing is different from before.
func (b *Brief) Send(a Actor, v Invitation, known int, now time.Time, loc *time.Location) error {
	err := b.MaySend(a, now)
	if errors.Is(err, ErrNotHers) {
		return err
	}
	var c checker
	v.check(&c, now, loc)
	n := len(b.Said)
	switch same := n > 0 && b.Invitation().says(v); {
	case same && n == known+1 && b.Said[n-1].Invitation != nil:
		return ErrAgain
	case err != nil:
		return err
	case n != known || n >= maxSayings:
		return ErrOvertaken
	case same:
		c.wrong("goal", "same", true)
	}
	if err := c.err(); err != nil {
		return err
	}
	b.Said = append(b.Said, Saying{Invitation: &v, At: now})
	return nil
}

// check cleans what was written, and works out when the meeting is over.
func (v *Invitation) check(c *checker, now time.Time, loc *time.Location) {
	c.upTo("goal", &v.Goal, MaxGoal, true)
	c.text("why", &v.Why, true)
	c.text("homework", &v.Homework, true)
	c.line("decides", &v.Decides, 100, false)
	v.Over = v.On.End(loc).UTC()
	if !v.Start.IsZero() {
		v.Over = v.Start.Add(MeetingTakes)
	}
	today, gone := DayOf(now, loc), !now.Before(v.Over)
	c.wrong("on", "missing", v.On.IsZero())
	c.wrong("on", "past", gone && !v.On.IsZero() && v.On.Before(today))
	c.wrong("on", "far", v.On.After(today.AddDays(farthest)))
	c.wrong("time", "gone", gone && !v.On.Before(today))
}

// says reports whether two invitations say the same.
func (v *Invitation) says(w Invitation) bool {
	return v.Goal == w.Goal && v.Why == w.Why && v.Homework == w.Homework && v.Decides == w.Decides && v.On == w.On && v.Start.Equal(w.Start)
}

// Answer is what the guest says. Its Invalid is of "goal", "comes", "aligned" or
// "missing", which says what is missing unless she comes and the goals align.
func (b *Brief) Answer(a Actor, r Response, known int, now time.Time) error {
	err := b.MayAnswer(a, now)
	if errors.Is(err, ErrNotHers) {
		return err
	}
	var c checker
	c.wrong("comes", "missing", !r.Comes.given())
	c.wrong("aligned", "missing", !r.Aligned.given())
	c.upTo("goal", &r.Goal, MaxGoal, r.Comes == Yes || r.Aligned == Yes)
	c.text("missing", &r.Missing, r.Comes == No || r.Aligned == No)
	n := len(b.Said)
	switch last := b.Response(); {
	case n == known+1 && last != nil && *last == r:
		return ErrAgain
	case err != nil:
		return err
	case n != known || n >= maxSayings:
		return ErrOvertaken
	}
	if err := c.err(); err != nil {
		return err
	}
	b.Said = append(b.Said, Saying{Response: &r, At: now})
	return nil
}

// Close ends the brief. Its Invalid is of "how".
func (b *Brief) Close(a Actor, how How, known int, now time.Time) error {
	err := b.MayClose(a, how, now)
	switch {
	case errors.Is(err, ErrNotHers):
		return err
	case how != Withdrawn && how != Without:
		return Invalids{{Field: "how", Code: "missing"}}
	case b.Closed != nil && b.Closed.How == how:
		return ErrAgain
	case err != nil:
		return err
	case len(b.Said) != known:
		return ErrOvertaken
	}
	b.Closed = &Closing{How: how, At: now}
	return nil
}

// Judge says whether the meeting was worth it. Its Invalid is of "worth" or "why".
func (b *Brief) Judge(a Actor, w Worth, now time.Time) error {
	err := b.MayJudge(a, now)
	if errors.Is(err, ErrNotHers) {
		return err
	}
	var c checker
	c.wrong("worth", "missing", !w.Was.given())
	c.line("why", &w.Why, maxShort, false)
	w.By, w.At = a.ID, now
	if before := b.WorthBy(a.ID); before != nil && before.Was == w.Was && before.Why == w.Why {
		return ErrAgain
	}
	if err != nil {
		return err
	}
	if err := c.err(); err != nil {
		return err
	}
	b.Worth = append(b.Worth, w)
	return nil
}

// upTo is text with a limit of its own.
func (c *checker) upTo(field string, at *string, most int, must bool) {
	clean, err := text(field, *at, most, must)
	if c.add(err); err == nil {
		*at = clean
	}
}
