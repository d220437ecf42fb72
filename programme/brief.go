package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A Brief is the document of a meeting brief. Its id is computed from who sends it
// and from all that the form says, so that the same form twice sends one. What
// stands beside standard.Brief follows from it (derive), so that a brief is found by
// those it waits for, and meetings are counted.
type Brief struct {
	store.Meta     `bson:",inline"`
	standard.Brief `bson:",inline"`

	Over       time.Time // from when on the meeting is over, as it was said last
	WaitsFor   string    `bson:"waits_for"`   // whose answer it waits for until then; "" is nobody's
	SenderOwes string    `bson:"sender_owes"` // the sender, when she is to say afterwards what it was worth; else ""
	GuestOwes  string    `bson:"guest_owes"`
	Counts     string    // as "yes" or "no", was it worth it; "" while nobody has said
}

var briefSchema = store.Schema{Name: "briefs", Indexes: []store.Index{
	briefIndex("over"), briefIndex("account", "account"), briefIndex("sender", "sender"), briefIndex("guest", "guest"),
	briefIndex("waits_for", "waits_for"), briefIndex("sender_owes", "sender_owes"), briefIndex("guest_owes", "guest_owes"),
	briefIndex("counts", "counts"), briefIndex("sender_counts", "sender", "counts"), briefIndex("guest_counts", "guest", "counts"),
}}

// briefIndex is an index by some texts, and then by when the meeting is over.
func briefIndex(name string, texts ...string) store.Index {
	ix := store.Index{Name: name}
	for _, field := range texts {
		ix.Fields = append(ix.Fields, store.Field{Name: field, Kind: store.KindString})
	}
	ix.Fields = append(ix.Fields, store.Field{Name: "over", Kind: store.KindTime})
	return ix
}

// derive fills in the fields that follow from others. Everything that writes a
// brief calls it before.
func (b *Brief) derive() {
	b.Over, b.WaitsFor, b.Counts = b.Invitation().Over, b.Asks(), string(b.Outcome())
	b.SenderOwes, b.GuestOwes = "", ""
	for _, id := range b.Owe() {
		if id == b.Sender {
			b.SenderOwes = id
		} else {
			b.GuestOwes = id
		}
	}
}

// Brief returns a brief, or ErrNotFound.
func (p *Programme) Brief(ctx context.Context, id string) (*Brief, error) {
	return read(ctx, p.briefs, id)
}

// Briefs lists those whose meetings are to come, what comes first at the top, or
// those that are over, the latest first; a page of up to limit behind after.
func (p *Programme) Briefs(ctx context.Context, over bool, after store.Cursor, limit int) ([]*Brief, store.Cursor, error) {
	q := store.Query{Index: "over", From: p.afterNow(), After: after, Limit: limit}
	if over {
		q.From, q.To, q.Desc = store.Key{}, p.afterNow(), true
	}
	list, next, err := p.briefs.Find(ctx, q)
	if err != nil {
		return nil, next, fmt.Errorf("list briefs: %w", err)
	}
	return list, next, nil
}

// afterNow is the key of the first moment that is not over yet: a meeting is over
// from its Over on.
func (p *Programme) afterNow() store.Key { return store.Time(p.now().Add(time.Millisecond)) }

// BriefsOf lists the briefs of an account, the latest meeting first, up to limit.
func (p *Programme) BriefsOf(ctx context.Context, account string, limit int) ([]*Brief, error) {
	return p.briefsBy(ctx, store.Query{Index: "account", Eq: []store.Key{store.String(account)}, Desc: true, Limit: limit})
}

// MyBriefs lists those that the person sent or was sent, the latest meeting first,
// up to limit.
func (p *Programme) MyBriefs(ctx context.Context, person string, limit int) ([]*Brief, error) {
	var mine []*Brief
	for _, side := range []string{"sender", "guest"} {
		list, err := p.briefsBy(ctx, store.Query{Index: side, Eq: []store.Key{store.String(person)}, Desc: true, Limit: limit})
		if err != nil {
			return nil, err
		}
		mine = append(mine, list...)
	}
	slices.SortStableFunc(mine, func(a, b *Brief) int { return b.Over.Compare(a.Over) })
	return mine[:min(len(mine), limit)], nil
}

// WaitingBriefs lists those that wait for the person, up to limit of each kind:
// what she is to answer, what comes first at the top, and then the meetings that are
// over, of which she has not said what they were worth.
func (p *Programme) WaitingBriefs(ctx context.Context, person string, limit int) (list []*Brief, err error) {
	who := []store.Key{store.String(person)}
	for _, q := range []store.Query{
		{Index: "waits_for", Eq: who, From: p.afterNow()},
		{Index: "sender_owes", Eq: who, To: p.afterNow()},
		{Index: "guest_owes", Eq: who, To: p.afterNow()},
	} {
		q.Limit = limit
		found, err := p.briefsBy(ctx, q)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

func (p *Programme) briefsBy(ctx context.Context, q store.Query) ([]*Brief, error) {
	list, _, err := p.briefs.Find(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list briefs by %s: %w", q.Index, err)
	}
	return list, nil
}

// A MeetingTally says of how many meetings with operations it was said whether they were
// worth it, and how many were, in so many days up to now.
type MeetingTally struct{ Meetings, Worth, Days int }

// BriefTally counts the meetings of the last year, of the whole company, or with a
// person those that she sent or was sent. It counts up to most of each kind; where
// there are more, it counts those of the last thirty days.
func (p *Programme) BriefTally(ctx context.Context, person string, most int) (t MeetingTally, err error) {
	sides := []store.Query{{Index: "counts"}}
	if person != "" {
		who := store.String(person)
		sides = []store.Query{{Index: "sender_counts", Eq: []store.Key{who}}, {Index: "guest_counts", Eq: []store.Key{who}}}
	}
	for _, days := range []int{365, 30} {
		t = MeetingTally{Days: days}
		all := true
		for _, q := range sides {
			for _, was := range []standard.YesNo{standard.Yes, standard.No} {
				one := q
				one.Eq, one.From = append(slices.Clone(q.Eq), store.String(was)), store.Time(p.now().AddDate(0, 0, -days))
				n, err := p.briefs.Count(ctx, one, most)
				if err != nil {
					return MeetingTally{}, fmt.Errorf("count meetings: %w", err)
				}
				if t.Meetings += n; was == standard.Yes {
					t.Worth += n
				}
				all = all && n < most
			}
		}
		if all {
			break
		}
	}
	return t, nil
}

// A NewBrief is a brief as the form that sends it has it. Once tells this form from
// any other of the same person that says the same, such as by when it was made.
type NewBrief struct {
	Guest, Account string // ids
	standard.Invitation
	Once string
}

// SendBrief asks somebody along to a meeting. Everybody may; whom one can ask is for
// package standard to say (Holder.ComesAlong). Its Invalids are those of
// standard.Brief.Send, and of "to": "missing", "along", and "account": "unknown".
func (p *Programme) SendBrief(ctx context.Context, by *people.Person, n NewBrief) (*Brief, error) {
	b := &Brief{Brief: standard.Brief{Sender: by.ID, Guest: n.Guest, Account: n.Account}}
	var found standard.Invalids
	if err := b.Send(ActorOf(by), n.Invitation, 0, p.now(), p.library().Location); err != nil && !errors.As(err, &found) {
		return nil, err
	}
	who, err := p.Persons(ctx, n.Guest)
	if err != nil {
		return nil, fmt.Errorf("read whom a brief is for: %w", err)
	}
	switch guest := who[n.Guest]; {
	case n.Guest == "":
		found = append(found, &standard.Invalid{Field: "to", Code: "missing"})
	case n.Guest == by.ID || !Holder(guest).ComesAlong():
		found = append(found, &standard.Invalid{Field: "to", Code: "along"})
	}
	if n.Account != "" {
		if _, err := p.Account(ctx, n.Account); errors.Is(err, ErrNotFound) {
			found = append(found, &standard.Invalid{Field: "account", Code: "unknown"})
		} else if err != nil {
			return nil, err
		}
	}
	if len(found) > 0 {
		return nil, found
	}
	v := b.Invitation()
	b.ID = p.id("brief", by.ID, n.Once, n.Guest, n.Account, v.Goal, v.Why, v.Homework, v.Decides, v.On.String(), v.Start.UTC().String())
	b.derive()
	there, _, err := once(ctx, p.briefs, b.ID, b)
	return there, err
}

// ChangeBrief changes a brief by one write. change is one of the methods of
// standard.Brief, which hold who may; it gets who acts and when.
func (p *Programme) ChangeBrief(ctx context.Context, by *people.Person, id string, change func(*standard.Brief, standard.Actor, time.Time) error) error {
	if _, err := p.Brief(ctx, id); err != nil { // an id that can't be one, too
		return err
	}
	_, err := p.briefs.Update(ctx, id, func(b *Brief) error {
		err := change(&b.Brief, ActorOf(by), p.now())
		switch {
		case errors.Is(err, standard.ErrNotHers):
			return ErrForbidden
		case errors.Is(err, standard.ErrOvertaken):
			return ErrStale
		case errors.Is(err, standard.ErrTooEarly):
			return ErrNotNow
		case errors.Is(err, standard.ErrAgain):
			return store.ErrNoChange
		case err == nil:
			b.derive()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change brief %s: %w", id, err)
	}
	return nil
}
