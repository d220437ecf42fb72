package programme

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A Request is the document of a request. What stands beside standard.Request
// follows from it (derive), so that a request is found by those it waits for.
type Request struct {
	store.Meta       `bson:",inline"`
	standard.Request `bson:",inline"`

	Month           string // in which it was raised, in the library's time zone: "2026-11"
	Open            bool
	Moved           time.Time // when it was raised, or decided
	WantsSales      bool      `bson:"wants_sales"` // the voice is missing
	WantsCare       bool      `bson:"wants_care"`
	WantsOperations bool      `bson:"wants_operations"`
	Decider         string    // the function that decides; "" when it is decided
	Deputy          string    // the delegate; "" when it is decided
	Ready           time.Time // when it may be decided; Never when it is
	Asks            string    // who was asked back and has not answered
	EscalateAt      time.Time `bson:"escalate_at"` // Never when that is done, or not needed
	Pending         []Duty    `bson:",omitempty"`
	PendingSince    time.Time `bson:"pending_since"`
}

var requestSchema = store.Schema{Name: "requests", Indexes: []store.Index{
	{Name: "state", Fields: []store.Field{{Name: "open", Kind: store.KindBool}, {Name: "moved", Kind: store.KindTime}}},
	{Name: "account", Fields: []store.Field{{Name: "account", Kind: store.KindString}, {Name: "raised", Kind: store.KindTime}}},
	{Name: "sales", Fields: []store.Field{{Name: "wants_sales", Kind: store.KindBool}, {Name: "due", Kind: store.KindTime}}},
	{Name: "care", Fields: []store.Field{{Name: "wants_care", Kind: store.KindBool}, {Name: "due", Kind: store.KindTime}}},
	{Name: "operations", Fields: []store.Field{{Name: "wants_operations", Kind: store.KindBool}, {Name: "due", Kind: store.KindTime}}},
	{Name: "decider", Fields: []store.Field{{Name: "decider", Kind: store.KindString}, {Name: "ready", Kind: store.KindTime}}},
	{Name: "deputy", Fields: []store.Field{{Name: "deputy", Kind: store.KindString}, {Name: "ready", Kind: store.KindTime}}},
	{Name: "asks", Fields: []store.Field{{Name: "asks", Kind: store.KindString}, {Name: "due", Kind: store.KindTime}}},
	{Name: "escalate", Fields: []store.Field{{Name: "escalate_at", Kind: store.KindTime}}},
	{Name: "pending", Fields: []store.Field{{Name: "pending_since", Kind: store.KindTime}}},
}}

// derive fills in the fields that follow from others. Everything that writes a
// request calls it before.
func (q *Request) derive() {
	q.Open = q.Decision == nil
	q.WantsSales = q.Open && !q.Spoken(standard.Sales)
	q.WantsCare = q.Open && !q.Spoken(standard.Care)
	q.WantsOperations = q.Open && !q.Spoken(standard.Operations)
	q.Decider, q.Deputy, q.Asks = "", "", ""
	q.Moved, q.Ready, q.EscalateAt = q.Raised, Never, Never
	if !q.Open {
		q.Moved = q.Decision.At
		return
	}
	q.Decider, q.Deputy, q.Ready = string(q.Owner), q.Delegate(), q.ReadyAt()
	if q.AskedBack() {
		q.Asks = q.Raiser
	}
	if q.Escalated == nil && len(q.Missing()) > 0 {
		q.EscalateAt = q.Due
	}
}

// ActorOf is a person as the rules of a request see her.
func ActorOf(p *people.Person) standard.Actor { return standard.Actor{ID: p.ID, Holder: Holder(p)} }

// Request returns a request, or ErrNotFound.
func (p *Programme) Request(ctx context.Context, id string) (*Request, error) {
	return read(ctx, p.requests, id)
}

// Requests lists open or decided requests, the latest first, a page of up to
// limit behind after.
func (p *Programme) Requests(ctx context.Context, open bool, after store.Cursor, limit int) ([]*Request, store.Cursor, error) {
	list, next, err := p.requests.Find(ctx, store.Query{Index: "state", Eq: []store.Key{store.Bool(open)}, Desc: true, After: after, Limit: limit})
	if err != nil {
		return nil, next, fmt.Errorf("list requests: %w", err)
	}
	return list, next, nil
}

// RequestsOf lists the requests of an account, the latest first, up to limit.
func (p *Programme) RequestsOf(ctx context.Context, account string, limit int) ([]*Request, error) {
	list, _, err := p.requests.Find(ctx, store.Query{Index: "account", Eq: []store.Key{store.String(account)}, Desc: true, Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("list the requests of %s: %w", account, err)
	}
	return list, nil
}

// Raised is a new request as its form has it. Once tells this form from another
// one of the same person that says the same, such as by when it was made: the same
// form twice raises one request.
type Raised struct {
	standard.Request
	Once string
}

// Raise brings a request forward. Everybody may; who raises it has no voice in
// it. What can't be right is standard.Invalids.
func (p *Programme) Raise(ctx context.Context, by *people.Person, r Raised) (*Request, error) {
	lib := p.library()
	q := &Request{Request: r.Request}
	q.Raiser, q.Raised = by.ID, p.now()
	q.Owner = standard.Operations
	var found standard.Invalids
	err := q.CheckRaised(standard.DayOf(q.Raised, lib.Location))
	errors.As(err, &found)
	if o := lib.Offering(q.Offering); o != nil {
		q.Owner = standard.OwnerOf(o.Owner)
	} else if q.Offering != "" {
		found = append(found, &standard.Invalid{Field: "offering", Code: "unknown"})
	}
	if q.Account != "" {
		if _, err := p.Account(ctx, q.Account); errors.Is(err, ErrNotFound) {
			found = append(found, &standard.Invalid{Field: "account", Code: "unknown"})
		} else if err != nil {
			return nil, err
		}
	}
	if len(found) > 0 {
		return nil, found
	}
	answer, err := p.Answer(q.Parts)
	if err != nil {
		return nil, err
	}
	q.Verdict, q.Limits, q.Bends = answer.Verdict, answer.Limits(lib.Dimensions), p.bendsOf(q, answer)
	q.Month = standard.DayOf(q.Raised, lib.Location).YearMonth()
	q.Pending, q.PendingSince = pending(q.Raised, DutyCount)
	q.Due = lib.Calendar.DueAfter(q.Raised, standard.VoiceDays, lib.Location)
	q.ID = p.id("request", by.ID, r.Once, q.Title, q.Aim)
	q.derive()
	// Nobody is woken: to be counted has time, and many are counted at once.
	there, _, err := once(ctx, p.requests, q.ID, q)
	return there, err
}

// changeRequest changes a request by one write. What the rules say of it comes
// back as the programme's errors; done again is done. Who must hear of it is told.
func (p *Programme) changeRequest(ctx context.Context, id string, change func(*Request) error) error {
	if _, err := p.Request(ctx, id); err != nil {
		return err
	}
	q, err := p.requests.Update(ctx, id, func(q *Request) error {
		calls := q.Calls()
		err := change(q)
		switch {
		case errors.Is(err, standard.ErrAgain):
			return store.ErrNoChange
		case errors.Is(err, standard.ErrNotHers):
			return ErrForbidden
		case errors.Is(err, standard.ErrOvertaken):
			return ErrStale
		case errors.Is(err, standard.ErrTooEarly):
			return ErrNotNow
		case err == nil:
			if q.derive(); !maps.Equal(q.Calls(), calls) {
				q.owes(DutyCall, p.now())
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change request %s: %w", id, err)
	}
	if slices.ContainsFunc(q.Pending, func(d Duty) bool { return d != DutyCount }) { // to be counted has time
		p.tellSoon(ctx, q)
	}
	return nil
}

// Speak adds the voice of a function. What a proposal lacks of the need is
// looked up and kept with it.
func (p *Programme) Speak(ctx context.Context, by *people.Person, id string, v standard.Voice, known int) error {
	q, err := p.Request(ctx, id)
	if err != nil {
		return err
	}
	if err := forbidden(q.MaySpeak(ActorOf(by), v.Function)); err != nil {
		return err
	}
	v.At = p.now()
	if v.Stand == standard.Propose && len(v.Offerings) > 0 {
		if v.Offerings, v.Lacks, err = p.checkChoice("offerings", v.Offerings, q.Parts); err != nil {
			return err
		}
	}
	return p.changeRequest(ctx, id, func(q *Request) error { return q.Speak(ActorOf(by), v, known) })
}

// forbidden leaves of a rule's answer that somebody else does this, before
// anything else is looked at.
func forbidden(err error) error {
	if errors.Is(err, standard.ErrNotHers) {
		return ErrForbidden
	}
	return nil
}

// checkChoice holds that the offerings can be sold together: at least one base,
// and add-ons that extend one of them. It returns the bases first, with what the best of it
// lacks of the need, whatever the need names: something else may be proposed.
func (p *Programme) checkChoice(field string, chosen []string, parts []standard.Asked) (ids []string, lacks []standard.LackLine, err error) {
	var addOns []string
	for _, o := range p.library().Offerings {
		if !slices.Contains(chosen, o.ID) {
			continue
		}
		if !o.IsAddOn() {
			ids = append(ids, o.ID)
			continue
		}
		if !slices.ContainsFunc(o.Extends, func(base string) bool { return slices.Contains(chosen, base) }) {
			return nil, nil, &standard.Invalid{Field: field, Code: "base"}
		}
		addOns = append(addOns, o.ID)
	}
	if ids = append(ids, addOns...); len(ids) < len(chosen) {
		return nil, nil, &standard.Invalid{Field: field, Code: "unknown"}
	}
	unnamed := slices.Clone(parts)
	for i := range unnamed {
		unnamed[i].Only = nil
	}
	answer, err := p.bookOf(ids).Answer(unnamed)
	if err != nil { // the standard no longer has a dimension of the need
		return ids, nil, nil //nolint:nilerr // then nothing can be said of it
	}
	for _, part := range answer.Parts {
		lacks = append(lacks, part.Lacks...)
	}
	return ids, lacks, nil
}

// Comment adds a comment to a request, with the people whom it names.
func (p *Programme) Comment(ctx context.Context, by *people.Person, id, text string, known int) error {
	q, err := p.Request(ctx, id)
	if err != nil {
		return err
	}
	if err := standard.CheckComment(text); err != nil { // before anybody is looked for
		return err
	}
	mentions, err := p.mentions(ctx, q, text)
	if err != nil {
		return err
	}
	c := standard.Comment{Text: text, Mentions: mentions, At: p.now()}
	return p.changeRequest(ctx, id, func(q *Request) error { return q.Say(ActorOf(by), c, known) })
}

// Delegate names somebody who may decide in the owner's place.
func (p *Programme) Delegate(ctx context.Context, by *people.Person, id string, to *people.Person, known int) error {
	d := standard.Delegation{To: to.ID, At: p.now()}
	return p.changeRequest(ctx, id, func(q *Request) error {
		if to.Disabled {
			return &standard.Invalid{Field: "delegate", Code: "nobody"}
		}
		return q.Hand(ActorOf(by), d, known)
	})
}

// Decide decides a request, and lets all who are concerned know. Of two who do at
// once, one decides and the other gets ErrStale.
func (p *Programme) Decide(ctx context.Context, by *people.Person, id string, d standard.Decision, known int) error {
	q, err := p.Request(ctx, id)
	if err != nil {
		return err
	}
	if d.At = p.now(); forbidden(q.MayDecide(ActorOf(by), d.At)) != nil {
		return ErrForbidden
	}
	if err := p.checkDecision(&d, q.Parts); err != nil {
		return err
	}
	concerned, err := p.concerned(ctx, q)
	if err != nil {
		return err
	}
	today := standard.DayOf(d.At, p.library().Location)
	return p.changeRequest(ctx, id, func(q *Request) error {
		err := q.Decide(ActorOf(by), d, today, known, concerned)
		if err == nil {
			q.owes(DutyTell, d.At)
		}
		return err
	})
}

// checkDecision looks up what a decision names.
func (p *Programme) checkDecision(d *standard.Decision, parts []standard.Asked) (err error) {
	if d.Outcome == standard.InsideAfterAll && len(d.Offerings) > 0 {
		d.Offerings, d.Lacks, err = p.checkChoice("decided-offerings", d.Offerings, parts)
		return err
	}
	if d.Outcome == standard.Exception && d.Clause != "" {
		c := p.library().Clause(d.Clause)
		if c == nil || p.library().Offering(c.Of) == nil {
			return &standard.Invalid{Field: "clause", Code: "unknown"}
		}
		d.Offering = c.Of
	}
	return nil
}

// concerned are those who must know how a request was decided: who raised it,
// who spoke, the account's two people, and the managers of who raised it.
func (p *Programme) concerned(ctx context.Context, q *Request) ([]string, error) {
	ids := []string{q.Raiser}
	for _, v := range q.Voices {
		ids = append(ids, v.By)
	}
	if a, err := p.Account(ctx, q.Account); err == nil {
		ids = append(ids, a.Sales, a.Operations)
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	raiser, err := p.People.Get(ctx, q.Raiser)
	if err != nil {
		return nil, fmt.Errorf("read who raised it: %w", err)
	}
	if raiser.Team != "" {
		team, err := p.People.Team(ctx, raiser.Team)
		if err != nil && !errors.Is(err, people.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			ids = append(ids, team.Managers...)
		}
	}
	who, err := p.Persons(ctx, ids...)
	if err != nil {
		return nil, err
	}
	// Who has left can't acknowledge anything.
	return slices.DeleteFunc(ids, func(id string) bool { return who[id] == nil || who[id].Disabled }), nil
}

// Promote notes that an author made a change of a clause out of a decided request.
func (p *Programme) Promote(ctx context.Context, by *people.Person, id string, c *content.Clause) error {
	promotion := standard.Promotion{Clause: c.ID, Rev: c.Rev, By: by.ID, At: p.now()}
	return p.changeRequest(ctx, id, func(q *Request) error { return q.Promote(promotion) })
}

// Acknowledge notes that somebody concerned knows the decision.
func (p *Programme) Acknowledge(ctx context.Context, by *people.Person, id string) error {
	now := p.now()
	return p.changeRequest(ctx, id, func(q *Request) error {
		err := q.Acknowledge(ActorOf(by), now)
		if err == nil {
			q.owes(DutyTell, now)
		}
		return err
	})
}

// See notes that somebody who is named in comments knows the first so many of them, as
// many as her page showed.
func (p *Programme) See(ctx context.Context, by *people.Person, id string, known int) error {
	return p.changeRequest(ctx, id, func(q *Request) error { return q.See(ActorOf(by), known, p.now()) })
}
