package standard

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Limits of a request's lists.
const (
	maxVoices   = 60
	maxComments = 400
	maxLinks    = 10
	maxShort    = 200 // characters of a value, a price
)

// Invalids are all fields of a form that can't be right.
type Invalids []*Invalid

// Error says them in English.
func (list Invalids) Error() string {
	var all []string
	for _, i := range list {
		all = append(all, i.Error())
	}
	return strings.Join(all, "; ")
}

// A checker cleans fields in place and gathers what is wrong.
type checker struct{ found Invalids }

func (c *checker) add(err error) {
	if i, ok := err.(*Invalid); ok { //nolint:errorlint // our own, never wrapped
		c.found = append(c.found, i)
	}
}

func (c *checker) text(field string, at *string, must bool) {
	clean, err := text(field, *at, MaxText, must)
	if c.add(err); err == nil {
		*at = clean
	}
}

func (c *checker) line(field string, at *string, most int, must bool) {
	clean, err := oneLine(field, *at, most, must)
	if c.add(err); err == nil {
		*at = clean
	}
}

func (c *checker) wrong(field, code string, is bool) {
	if is {
		c.found = append(c.found, &Invalid{Field: field, Code: code})
	}
}

func (c *checker) err() error {
	if len(c.found) == 0 {
		return nil
	}
	return c.found
}

// CheckRaised cleans what somebody wrote into a new request, and says what of it
// can't be right. today is when it is raised.
func (q *Request) CheckRaised(today Day) error {
	var c checker
	c.text("aim", &q.Aim, true)
	c.line("title", &q.Title, MaxTitle, true)
	c.line("worth", &q.Value, maxShort, false)
	c.wrong("sum", "sum", q.Worth < 0 || q.Worth > MaxSum)
	c.wrong("wanted", "past", !q.Wanted.IsZero() && q.Wanted.Before(today))
	var links []string
	for _, link := range q.Links {
		if link = strings.TrimSpace(link); link != "" {
			u, err := url.Parse(link)
			bad := err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(link) > 500
			if bad {
				c.wrong("links", "link", true)
				break
			}
			links = append(links, link)
		}
	}
	c.wrong("links", "full", len(links) > maxLinks)
	if q.Links = links; len(c.found) > 0 {
		return c.found
	}
	return nil
}

// Speak adds a voice. known is how many voices of its function the page showed.
func (q *Request) Speak(a Actor, v Voice, known int) error {
	if err := q.MaySpeak(a, v.Function); err != nil {
		return err
	}
	var c checker
	c.wrong("stand", "missing", !slices.Contains(Stands(), v.Stand))
	c.text("changes", &v.Changes, v.Stand != AskBack)
	c.text("text", &v.Text, v.Stand == AskBack || v.Stand == Object)
	c.wrong("offerings", "missing", v.Stand == Propose && len(v.Offerings) == 0)
	c.wrong("text", "full", len(q.Voices) >= maxVoices)
	if err := c.err(); err != nil {
		return err
	}
	if v.Stand != Propose {
		v.Offerings, v.Lacks = nil, nil
	}
	v.By = a.ID
	n := q.VoicesOf(v.Function)
	if n == known+1 {
		for i := len(q.Voices) - 1; i >= 0; i-- {
			if last := q.Voices[i]; last.Function == v.Function {
				if last.By == v.By && last.Stand == v.Stand && last.Text == v.Text && last.Changes == v.Changes && slices.Equal(last.Offerings, v.Offerings) {
					return ErrAgain
				}
				break
			}
		}
	}
	if n != known {
		return ErrOvertaken
	}
	q.Voices = append(q.Voices, v)
	q.heard(a, v.At)
	return nil
}

// CheckComment says what of a comment's text can't be right.
func CheckComment(written string) error {
	var c checker
	c.text("text", &written, true)
	return c.err()
}

// Say adds a comment, at any time. known is how many comments of hers the page
// showed.
func (q *Request) Say(a Actor, comment Comment, known int) error {
	var c checker
	c.text("text", &comment.Text, true)
	c.wrong("text", "full", len(q.Comments) >= maxComments)
	if err := c.err(); err != nil {
		return err
	}
	comment.By = a.ID
	n, last := 0, ""
	for _, before := range q.Comments {
		if before.By == a.ID {
			n, last = n+1, before.Text
		}
	}
	switch {
	case n == known+1 && last == comment.Text:
		return ErrAgain
	case n != known:
		return ErrOvertaken
	}
	q.Comments = append(q.Comments, comment)
	return nil
}

// CommentsOf counts what somebody has added.
func (q *Request) CommentsOf(person string) (n int) {
	for _, c := range q.Comments {
		if c.By == person {
			n++
		}
	}
	return n
}

// Hand names a delegate. known is how many times one was named before.
func (q *Request) Hand(a Actor, d Delegation, known int) error {
	if err := q.MayDelegate(a); err != nil {
		return err
	}
	if d.By = a.ID; d.To == q.Raiser || d.To == "" {
		return &Invalid{Field: "delegate", Code: "raiser"}
	}
	switch {
	case len(q.Delegations) == known+1 && q.Delegate() == d.To:
		return ErrAgain
	case len(q.Delegations) != known || len(q.Delegations) >= maxVoices:
		return ErrOvertaken
	}
	q.Delegations = append(q.Delegations, d)
	return nil
}

// Decide decides. known is how many voices the page showed: who decides has
// heard them all. today is the day in the library's time zone. concerned are those who must acknowledge; who decides is not
// among them.
func (q *Request) Decide(a Actor, d Decision, today Day, known int, concerned []string) error {
	err := q.MayDecide(a, d.At)
	if q.Decision != nil && q.Decision.By == a.ID && q.Decision.Outcome == d.Outcome && strings.TrimSpace(d.Reason) == q.Decision.Reason {
		return ErrAgain
	}
	if err != nil {
		return err
	}
	if err := d.check(today); err != nil {
		return err
	}
	if len(q.Voices) != known {
		return ErrOvertaken
	}
	d.By = a.ID
	q.Decision = &d
	q.heard(a, d.At)
	for _, id := range concerned {
		if id != "" && id != a.ID && !slices.Contains(q.Concerned, id) {
			q.Concerned = append(q.Concerned, id)
		}
	}
	return nil
}

// check cleans what somebody wrote as a decision: each outcome has what belongs
// to it, and nothing else.
func (d *Decision) check(today Day) error {
	var c checker
	if !slices.Contains(Outcomes(), d.Outcome) {
		c.wrong("outcome", "missing", true)
		return c.err()
	}
	if d.Outcome != InsideAfterAll {
		d.Offerings, d.Lacks = nil, nil
	}
	if d.Outcome != Exception {
		d.Offering, d.Clause, d.Conditions, d.Price, d.Until = "", "", "", "", Day{}
	}
	if d.Outcome != Declined {
		d.Instead = ""
	}
	// What lacks something of the need must meet the aim all the same: say how.
	c.text("reason", &d.Reason, d.Outcome != InsideAfterAll || len(d.Lacks) > 0)
	switch d.Outcome {
	case InsideAfterAll:
		c.wrong("decided-offerings", "missing", len(d.Offerings) == 0)
	case Exception:
		c.wrong("clause", "missing", d.Clause == "" || d.Offering == "")
		c.text("conditions", &d.Conditions, true)
		c.line("price", &d.Price, maxShort, false)
		c.wrong("until", "missing", d.Until.IsZero())
		c.wrong("until", "past", !d.Until.IsZero() && d.Until.Before(today))
	case Declined:
		c.text("instead", &d.Instead, true)
	}
	return c.err()
}

// Promote notes that somebody made a change of the standard out of it, once for each
// wording of a clause.
func (q *Request) Promote(p Promotion) error {
	switch {
	case q.Decision == nil:
		return ErrTooEarly
	case slices.ContainsFunc(q.Promotions, func(o Promotion) bool { return o.Clause == p.Clause && o.Rev == p.Rev }):
		return ErrAgain
	case len(q.Promotions) >= maxVoices:
		return &Invalid{Field: "what", Code: "full"}
	}
	q.Promotions = append(q.Promotions, p)
	return nil
}

// Acknowledge notes that somebody concerned knows the decision.
func (q *Request) Acknowledge(a Actor, at time.Time) error {
	if err := q.MayAcknowledge(a); err != nil {
		return err
	}
	q.Acks = append(q.Acks, Ack{a.ID, at})
	q.heard(a, at)
	return nil
}

// Escalate notes, once, that voices are overdue. It reports whether it did.
func (q *Request) Escalate(now time.Time) bool {
	if q.Escalated != nil || !q.Overdue(now) {
		return false
	}
	q.Escalated = &Escalation{At: now, Missing: q.Missing()}
	return true
}
