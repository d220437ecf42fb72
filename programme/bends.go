package programme

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// The learning loop: which limits requests ask to bend, how often, worth how much,
// decided how, by month.

// An askedIn is every request of one month that asks one offering to bend.
type askedIn struct {
	store.Meta `bson:",inline"`
	Requests   []AskedToBend // by request
}

// An AskedToBend is what is counted of one request.
type AskedToBend struct {
	Request string
	Title   string
	Raised  time.Time
	Bends   []standard.Bend  `bson:",omitempty"`
	Worth   int64            `bson:",omitempty"`
	Outcome standard.Outcome `bson:",omitempty"` // empty: not decided yet
}

// A MonthOfBends adds up what was asked in one month, which is its id: "2026-11".
type MonthOfBends struct {
	store.Meta `bson:",inline"`
	Offerings  []OfferingBends // by offering
}

// OfferingBends adds up the requests that ask one offering to bend; those that
// come near none stand under the empty id.
type OfferingBends struct {
	Offering   string
	From       int64 // the revision of what was added up
	All        Tally
	Unmeasured Tally // those that ask no limit to bend
	Limits     []LimitBends
}

// LimitBends adds up the requests that ask one limit to bend.
type LimitBends struct {
	Offering, Dimension string
	Tally               `bson:",inline"`
}

// A Tally counts requests and how they were decided.
type Tally struct {
	Requests, Inside, Exceptions, Declined int
	Worth                                  int64 // a year
}

// Open is how many are not decided yet.
func (t Tally) Open() int { return t.Requests - t.Inside - t.Exceptions - t.Declined }

// Plus adds up two tallies.
func (t Tally) Plus(o Tally) Tally {
	return Tally{t.Requests + o.Requests, t.Inside + o.Inside, t.Exceptions + o.Exceptions, t.Declined + o.Declined, t.Worth + o.Worth}
}

func tallyOf(a AskedToBend) Tally {
	t := Tally{Requests: 1, Worth: a.Worth}
	switch a.Outcome {
	case standard.InsideAfterAll:
		t.Inside = 1
	case standard.Exception:
		t.Exceptions = 1
	case standard.Declined:
		t.Declined = 1
	}
	return t
}

// bendsOf are the limits that a request asks to bend: of the offering that who
// raises it has in mind, or else of what comes nearest.
func (p *Programme) bendsOf(q *Request, nearest standard.Answer) []standard.Bend {
	o := p.library().Offering(q.Offering)
	near := slices.ContainsFunc(nearest.Parts, func(part standard.Answered) bool { return slices.Contains(part.Offerings, q.Offering) })
	if o == nil || near || nearest.Verdict != standard.Outside {
		return nearest.Bends()
	}
	ids := append([]string{o.ID}, o.Extends...)
	for _, other := range p.library().Offerings {
		if slices.Contains(other.Extends, o.ID) {
			ids = append(ids, other.ID)
		}
	}
	answer, err := p.bookOf(ids).Answer(q.Parts)
	if err != nil || len(answer.Bends()) == 0 {
		return nearest.Bends()
	}
	return answer.Bends()
}

// about is the offering under which a request is counted.
func (q *Request) about() string {
	if len(q.Bends) > 0 {
		return q.Bends[0].Offering
	}
	return q.Offering
}

func (p *Programme) askedID(month, offering string) string { return p.id("asked", month, offering) }

// count counts requests, each in its month, as they stand. Done again, or done late, it
// changes nothing: what was decided stays so, and sums remember what they were added up
// from. Those of one month and offering are counted by one write, for it is of all that
// were counted there before. counted are those that were; what keeps the others from it
// is the error.
func (p *Programme) count(ctx context.Context, list ...*Request) (counted map[string]bool, err error) {
	type place struct{ month, offering string }
	entries := map[place][]AskedToBend{}
	for _, q := range list {
		if q.Month == "" {
			continue
		}
		entry := AskedToBend{Request: q.ID, Title: q.Title, Raised: q.Raised, Bends: q.Bends, Worth: q.Worth}
		if q.Decision != nil {
			entry.Outcome = q.Decision.Outcome
		}
		at := place{q.Month, q.about()}
		entries[at] = append(entries[at], entry)
	}
	counted = map[string]bool{}
	for at, some := range entries {
		if failed := p.countIn(ctx, at.month, at.offering, some); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		for _, entry := range some {
			counted[entry.Request] = true
		}
	}
	return counted, err
}

// countIn counts requests that are about an offering in a month, and adds that up anew.
func (p *Programme) countIn(ctx context.Context, monthID, about string, entries []AskedToBend) error {
	id := p.askedID(monthID, about)
	month, err := put(ctx, p.asked, id, func() *askedIn { return &askedIn{Meta: store.Meta{ID: id}} }, func(a *askedIn) error { return a.takeAll(entries) })
	if err != nil {
		return fmt.Errorf("count %d requests, %s among them: %w", len(entries), entries[0].Request, err)
	}
	sums := month.sums(about)
	_, err = put(ctx, p.months, monthID, func() *MonthOfBends { return &MonthOfBends{Meta: store.Meta{ID: monthID}} }, func(m *MonthOfBends) error { return m.take(sums) })
	if err != nil {
		return fmt.Errorf("add up the requests of %s: %w", monthID, err)
	}
	return nil
}

// takeAll puts requests into their places.
func (a *askedIn) takeAll(entries []AskedToBend) error {
	err := store.ErrNoChange
	for _, entry := range entries {
		if a.take(entry) == nil {
			err = nil
		}
	}
	return err
}

// take puts a request into its place, or says that there is no change.
func (a *askedIn) take(entry AskedToBend) error {
	at, there := slices.BinarySearchFunc(a.Requests, entry.Request, func(e AskedToBend, id string) int { return cmp.Compare(e.Request, id) })
	if !there {
		a.Requests = slices.Insert(a.Requests, at, entry)
		return nil
	}
	if entry.Outcome == "" || a.Requests[at].Outcome == entry.Outcome {
		return store.ErrNoChange
	}
	a.Requests[at] = entry
	return nil
}

// sums adds up a month of an offering.
func (a *askedIn) sums(offering string) OfferingBends {
	sums := OfferingBends{Offering: offering, From: a.Rev}
	for _, entry := range a.Requests {
		t := tallyOf(entry)
		sums.All = sums.All.Plus(t)
		if len(entry.Bends) == 0 {
			sums.Unmeasured = sums.Unmeasured.Plus(t)
		}
		counted := map[LimitBends]bool{} // a need in parts may bend a limit twice
		for _, b := range entry.Bends {
			limit := LimitBends{Offering: b.Offering, Dimension: b.Dimension}
			if counted[limit] {
				continue
			}
			counted[limit] = true
			sums.Limits = addLimit(sums.Limits, limit, t)
		}
	}
	return sums
}

func addLimit(list []LimitBends, limit LimitBends, t Tally) []LimitBends {
	i := slices.IndexFunc(list, func(l LimitBends) bool { return l.Offering == limit.Offering && l.Dimension == limit.Dimension })
	if i < 0 {
		i, list = len(list), append(list, LimitBends{Offering: limit.Offering, Dimension: limit.Dimension})
	}
	list[i].Tally = list[i].Plus(t)
	return list
}

// take puts the sums of an offering into their place, unless newer ones are there.
func (m *MonthOfBends) take(sums OfferingBends) error {
	at, there := slices.BinarySearchFunc(m.Offerings, sums.Offering, func(o OfferingBends, id string) int { return cmp.Compare(o.Offering, id) })
	switch {
	case !there:
		m.Offerings = slices.Insert(m.Offerings, at, sums)
	case m.Offerings[at].From >= sums.From:
		return store.ErrNoChange
	default:
		m.Offerings[at] = sums
	}
	return nil
}

// All adds up everything that was asked in the month, each request once.
func (m *MonthOfBends) All() (t Tally) {
	for _, o := range m.Offerings {
		t = t.Plus(o.All)
	}
	return t
}

// Unmeasured adds up the requests that ask no limit to bend: of what they need,
// no dimension speaks.
func (m *MonthOfBends) Unmeasured() (t Tally) {
	for _, o := range m.Offerings {
		t = t.Plus(o.Unmeasured)
	}
	return t
}

// Limits adds up the month by limit.
func (m *MonthOfBends) Limits() (list []LimitBends) {
	for _, o := range m.Offerings {
		for _, l := range o.Limits {
			list = addLimit(list, l, l.Tally)
		}
	}
	return list
}

// Months are the n months up to this one, the earliest first, each with what was
// asked in it; one read, of as many documents as months.
func (p *Programme) Months(ctx context.Context, n int) ([]*MonthOfBends, error) {
	this := standard.DayOf(p.now(), p.library().Location)
	first := standard.Day{Year: this.Year, Month: this.Month, Date: 1}
	ids := make([]string, n)
	for i := n - 1; i >= 0; i-- {
		ids[i] = first.YearMonth()
		first = first.AddDays(-1)
		first.Date = 1
	}
	found, err := p.months.GetAll(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("read what was asked in %d months: %w", n, err)
	}
	list := make([]*MonthOfBends, n)
	for i, id := range ids {
		if list[i] = found[id]; list[i] == nil {
			list[i] = &MonthOfBends{Meta: store.Meta{ID: id}}
		}
	}
	return list, nil
}

// AskedToBend are the requests of these months that ask a limit to bend, the latest
// first; one read, of at most one document a month and offering.
func (p *Programme) AskedToBend(ctx context.Context, months []*MonthOfBends, offering, dimension string) ([]AskedToBend, error) {
	var ids []string
	for _, m := range months {
		for _, o := range m.Offerings {
			if slices.ContainsFunc(o.Limits, func(l LimitBends) bool { return l.Offering == offering && l.Dimension == dimension }) {
				ids = append(ids, p.askedID(m.ID, o.Offering))
			}
		}
	}
	found, err := p.asked.GetAll(ctx, ids[max(0, len(ids)-store.MaxMany):]...)
	if err != nil {
		return nil, fmt.Errorf("read who asked %s of %s to bend: %w", dimension, offering, err)
	}
	var list []AskedToBend
	for _, a := range found {
		for _, entry := range a.Requests {
			if slices.ContainsFunc(entry.Bends, func(b standard.Bend) bool { return b.Offering == offering && b.Dimension == dimension }) {
				list = append(list, entry)
			}
		}
	}
	slices.SortFunc(list, func(x, y AskedToBend) int {
		return cmp.Or(y.Raised.Compare(x.Raised), cmp.Compare(x.Request, y.Request))
	})
	return list, nil
}
