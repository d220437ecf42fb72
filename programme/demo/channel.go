package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// Customers, and what they needed beyond the box. All of them are invented.

// A customer is a demo account.
type customer struct {
	name, crm         string
	sales, operations string // addresses; empty: nobody yet
	notes             []remark
	asked             standard.Asked // kept from an answer; empty for none
}

// A remark is what somebody wrote down, so many days ago.
type remark struct {
	days int
	by   string
	side standard.Function
	text string
}

const (
	larkspur = "Larkspur Lending (invented)"
	tallow   = "Tallow & Reed Insurers (invented)"
)

func customers() []customer {
	return []customer{
		{
			name: larkspur, crm: "LL-1042", sales: "rep2@demo.test", operations: "ops@demo.test",
			notes: []remark{
				{64, "rep2@demo.test", standard.Sales, "They close on Fridays. What arrives after Thursday noon is of no use to them that week."},
				{30, "ops@demo.test", standard.Operations, "Their orders often lack the date of birth; the clock starts only when it comes. Worth a word at the next call."},
			},
			asked: standard.Asked{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: "24 h"}, {Dimension: "scope", Value: "nationwide"}}},
		},
		{
			name: tallow, sales: "rep7@demo.test",
			notes: []remark{{21, "care@demo.test", standard.Care, "They call when a report is an hour late. A note beforehand has calmed every one of these calls so far."}},
		},
	}
}

// fillChannel adds the customers, their requests, handoffs and meeting briefs. What is there from a seeding that was
// interrupted stays, and the rest is added.
func (w *world) fillChannel(ctx context.Context) error {
	for _, c := range customers() {
		if err := w.addCustomer(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	if err := w.doubt(ctx); err != nil {
		return fmt.Errorf("ask about clauses: %w", err)
	}
	for _, t := range tales() {
		if err := w.tell(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.raised.Title, err)
		}
	}
	if err := w.fillHandoffs(ctx); err != nil {
		return err
	}
	return w.fillBriefs(ctx)
}

// ago sets the clock to ten in the morning, so many days ago.
func (w *world) ago(days int) {
	day := w.today.In(w.shelf.Library().Location).AddDate(0, 0, -days)
	w.now = time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, day.Location())
}

func (w *world) addCustomer(ctx context.Context, c customer) error {
	w.ago(90)
	sales, err := w.people.ByEmail(ctx, c.sales)
	if err != nil {
		return err
	}
	cover := standard.Cover{CRM: c.crm, Sales: sales.ID}
	if c.operations != "" {
		operations, err := w.people.ByEmail(ctx, c.operations)
		if err != nil {
			return err
		}
		cover.Operations = operations.ID
	}
	a, err := w.prog.AddAccount(ctx, sales, c.name, cover)
	if err != nil {
		return err
	}
	for i, n := range c.notes {
		if i < len(a.Notes) {
			continue
		}
		w.ago(n.days)
		by, err := w.people.ByEmail(ctx, n.by)
		if err == nil {
			err = w.prog.AddNote(ctx, by, a.ID, n.side, n.text, i)
		}
		if err != nil {
			return err
		}
	}
	return w.keep(ctx, a, sales, c.asked)
}

// keep keeps a need with an account, once. A library without these dimensions
// leaves it out.
func (w *world) keep(ctx context.Context, a *programme.Account, by *people.Person, asked standard.Asked) error {
	if _, unfit := asked.Need(w.shelf.Library().Dimensions); len(asked.Lines) == 0 || unfit != nil || len(a.Requirements) > 0 {
		return nil //nolint:nilerr // see above
	}
	w.ago(62)
	return w.prog.KeepRequirements(ctx, by, a.ID, []standard.Asked{asked}, 0)
}
