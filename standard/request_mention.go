package standard

import (
	"time"
)

// Who is named in a comment is told, until she has said something there herself, or
// that she has seen it. What counts is the place of a comment in the list, and no time:
// clocks differ.

// A Seen says that somebody knows the first so many comments.
type Seen struct {
	By       string
	Comments int
	At       time.Time
}

// A Call is how somebody stands who is named in comments of others.
type Call struct {
	Last int // how many comments there are up to the last that names her
	Seen int // of these, how many she knows
}

// Open reports whether she may not know of it.
func (c Call) Open() bool { return c.Seen < c.Last }

// Calls are all who are named in a comment of somebody else.
func (q *Request) Calls() map[string]Call {
	calls := map[string]Call{}
	for i, comment := range q.Comments {
		for _, m := range comment.Mentions {
			if m.Person != comment.By {
				calls[m.Person] = Call{Last: i + 1}
			}
		}
	}
	for person, c := range calls {
		c.Seen = min(q.knows(person), c.Last)
		calls[person] = c
	}
	return calls
}

// knows is how many of the comments somebody knows: those up to her own last one, and
// those that she has said that she has seen.
func (q *Request) knows(person string) (n int) {
	for i, c := range q.Comments {
		if c.By == person {
			n = i + 1
		}
	}
	for _, s := range q.Seens {
		if s.By == person {
			n = max(n, s.Comments)
		}
	}
	return n
}

// Called reports whether a comment names the person, of which she may not know.
func (q *Request) Called(person string) bool { return q.Calls()[person].Open() }

// See notes that somebody who is named knows the first so many comments, as many as
// her page showed.
func (q *Request) See(a Actor, known int, at time.Time) error {
	call, called := q.Calls()[a.ID]
	switch known = min(known, len(q.Comments)); {
	case !called:
		return ErrNotHers
	case !call.Open() || known <= q.knows(a.ID):
		return ErrAgain
	}
	q.Seens = append(q.Seens, Seen{a.ID, known, at})
	return nil
}

// heard notes that somebody who does something else here knows all that was said.
func (q *Request) heard(a Actor, at time.Time) {
	if q.Called(a.ID) {
		q.Seens = append(q.Seens, Seen{a.ID, len(q.Comments), at})
	}
}
