package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A tale is one request and what became of it. Days are before today.
type tale struct {
	once     string
	days     int
	by       string // address of who raises it
	account  string // name; empty: no customer yet
	raised   standard.Request
	voices   []spoken
	comments []remark
	decided  int // days; 0: not yet
	decision standard.Decision
	stays    int      // days that an exception lasts from today on
	limit    string   // the dimension whose clause it bends
	knows    []string // addresses of who acknowledged it
}

type spoken struct {
	days  int
	by    string
	voice standard.Voice
}

func tales() []tale {
	const sales, care, ops = "sales@demo.test", "care@demo.test", "ops@demo.test"
	return append(append(earlierTales(), laterTales()...), []tale{
		{
			once: "demo-declined", days: 48, by: "rep8@demo.test",
			raised: standard.Request{
				Title: "Nationwide reports within 2 hours", Aim: "They want to tell an applicant yes or no while he is still on the phone.",
				Offering: "records-search", Value: "perhaps 300 a month",
				Parts: askedFor(standard.AskedLine{Dimension: "turnaround", Value: "2 h"}, standard.AskedLine{Dimension: "scope", Value: "nationwide"}),
			},
			voices: []spoken{
				{48, sales, standard.Voice{Function: standard.Sales, Stand: standard.Object, Text: "Nobody else offers this either. We would be the first to break it.", Changes: "Every rep would be asked for it the week after."}},
				{47, care, standard.Voice{Function: standard.Care, Stand: standard.Object, Text: "We would explain late reports every day.", Changes: "Three calls for each one that is late."}},
				{47, ops, standard.Voice{Function: standard.Operations, Stand: standard.Object, Text: "Eleven states answer by post. No desk of ours can change that.", Changes: "A night shift, for a promise that still fails."}},
			},
			decided: 46,
			decision: standard.Decision{
				Outcome: standard.Declined, Reason: "Registers that answer by post can’t be had in two hours by anybody.",
				Instead: "The express desk for what is in-state, and for the rest a provisional yes that the nationwide report confirms on the next day. That is all the applicant needs on the phone.",
			},
			knows: []string{"rep8@demo.test", sales, care, "manager2@demo.test"},
		},
		{
			once: "demo-exception", days: 27, by: "rep7@demo.test", account: tallow,
			raised: standard.Request{
				Title: "7,000 searches in the month of the storm season", Aim: "After a storm all claims come at once. They must know within days which houses have liens on them.",
				Offering: "records-search", Value: "about 90,000 USD in the season", Worth: 90_000,
				Parts: askedFor(standard.AskedLine{Dimension: "volume", Value: "7,000 per month"}, standard.AskedLine{Dimension: "turnaround", Value: "24 h"}, standard.AskedLine{Dimension: "scope", Value: "nationwide"}),
			},
			voices: []spoken{
				{27, sales, standard.Voice{Function: standard.Sales, Stand: standard.Support, Changes: "One rep, one account. We will not offer it to anybody else."}},
				{26, ops, standard.Voice{Function: standard.Operations, Stand: standard.Support, Text: "In June and July two searchers are free from the county project.", Changes: "Overtime for the nationwide desk in the first week."}},
				{26, care, standard.Voice{Function: standard.Care, Stand: standard.Support, Text: "If we get a list of their claims office before it starts.", Changes: "About twenty calls more a week, from people who have just lost a roof."}},
			},
			decided: 25, stays: 120, limit: "volume",
			decision: standard.Decision{
				Outcome: standard.Exception, Reason: "It is one season, it can be staffed, and all three see how.",
				Conditions: "At most 7,000 in one calendar month, twice. They say two weeks before which month it is. Everything else as in the box.", Price: "plus 15 % on what is over 5,000",
			},
			knows: []string{sales, "rep7@demo.test"},
		},
		{
			once: "demo-open", days: 1, by: "rep2@demo.test", account: larkspur,
			raised: standard.Request{
				Title: "Nationwide in 12 hours on Thursdays", Aim: "Closings are on Fridays. What is ordered on Thursday morning has to be there before the notary comes.",
				Offering: "records-search", Value: "keeps a 40,000 USD account", Worth: 40_000,
				Parts: askedFor(standard.AskedLine{Dimension: "turnaround", Value: "12 h"}, standard.AskedLine{Dimension: "scope", Value: "nationwide"}),
			},
			voices: []spoken{
				{0, sales, standard.Voice{Function: standard.Sales, Stand: standard.Support, Text: "They have been with us for six years.", Changes: "Reps would hear of it. We would have to say why only Thursdays."}},
			},
			comments: []remark{{0, "rep2@demo.test", "", "@Olu Adeyemi, they could order on Wednesday evening in most weeks, if that helps."}},
		},
	}...)
}

// tell plays one tale, as far as it has not been played before. A library
// without what it speaks of leaves it out.
func (w *world) tell(ctx context.Context, t tale) error {
	lib := w.shelf.Library()
	for _, id := range append([]string{t.raised.Offering}, t.decision.Offerings...) {
		if id != "" && lib.Offering(id) == nil {
			return nil
		}
	}
	for _, part := range t.raised.Parts {
		if _, unfit := part.Need(lib.Dimensions); unfit != nil {
			return nil //nolint:nilerr // see above
		}
	}
	w.ago(t.days)
	by, err := w.people.ByEmail(ctx, t.by)
	if err != nil {
		return err
	}
	if t.account != "" {
		list, _, err := w.prog.Accounts(ctx, t.account, store.Cursor{}, 1)
		if err != nil || len(list) == 0 {
			return err
		}
		t.raised.Account = list[0].ID
	}
	q, err := w.prog.Raise(ctx, by, programme.Raised{Request: t.raised, Once: t.once})
	if err != nil || q.Decision != nil {
		return err
	}
	for _, v := range t.voices {
		if q.VoicesOf(v.voice.Function) > 0 {
			continue
		}
		if err := w.speak(ctx, q.ID, v); err != nil {
			return err
		}
	}
	for i, c := range t.comments {
		if len(q.Comments) > i {
			continue
		}
		who, err := w.at(ctx, c.days, c.by)
		if err == nil {
			err = w.prog.Comment(ctx, who, q.ID, c.text, i)
		}
		if err != nil {
			return err
		}
	}
	if t.decided == 0 {
		return nil
	}
	return w.decide(ctx, q.ID, t)
}

// at sets the clock and reads who acts then. What is done today was done a while
// ago: the second act later than the first.
func (w *world) at(ctx context.Context, days int, email string) (*people.Person, error) {
	before := w.now
	w.ago(days)
	if !w.now.After(before) {
		w.now = before.Add(time.Hour)
	}
	if !w.now.Before(w.today) {
		w.now = before.Add(w.today.Sub(before) / 2)
	}
	return w.people.ByEmail(ctx, email)
}

func (w *world) speak(ctx context.Context, id string, v spoken) error {
	who, err := w.at(ctx, v.days, v.by)
	if err != nil {
		return err
	}
	return w.prog.Speak(ctx, who, id, v.voice, 0)
}

func (w *world) decide(ctx context.Context, id string, t tale) error {
	who, err := w.at(ctx, t.decided, "ops@demo.test")
	if err != nil {
		return err
	}
	lib, d := w.shelf.Library(), t.decision
	if d.Outcome == standard.Exception {
		d.Until = standard.DayOf(w.today, lib.Location).AddDays(t.stays)
		for _, c := range lib.Offering(t.raised.Offering).Clauses {
			if slices.Contains(c.Dimensions, t.limit) {
				d.Clause = c.ID
			}
		}
		if d.Clause == "" {
			return nil
		}
	}
	if err := w.prog.Decide(ctx, who, id, d, len(t.voices)); err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	for _, email := range t.knows {
		who, err := w.at(ctx, t.decided-1, email)
		if err == nil {
			err = w.prog.Acknowledge(ctx, who, id)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", email, err)
		}
	}
	return nil
}
