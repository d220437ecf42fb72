package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// An outing is one meeting to which somebody asks operations along, and how far that
// has come. Days are before today, but that of the meeting, which is from today on;
// nothing is of today, of which nobody knows how much is over.
type outing struct {
	once    string
	days    int // when it was asked
	by, to  string
	account string // name; empty: no account yet
	says    standard.Invitation
	on      int
	hour    int // 0: only the day is known
	then    []turn
}

// A turn is what one of the two says next.
type turn struct {
	days int
	by   string
	do   func(b *standard.Brief, a standard.Actor, at time.Time, loc *time.Location) error
}

func answers(days int, by string, r standard.Response) turn {
	return turn{days, by, func(b *standard.Brief, a standard.Actor, at time.Time, _ *time.Location) error {
		return b.Answer(a, r, len(b.Said), at)
	}}
}

func saysAnew(days int, by string, change func(*standard.Invitation)) turn {
	return turn{days, by, func(b *standard.Brief, a standard.Actor, at time.Time, loc *time.Location) error {
		v := *b.Invitation()
		change(&v)
		return b.Send(a, v, len(b.Said), at, loc)
	}}
}

func judges(days int, by string, was standard.YesNo, why string) turn {
	return turn{days, by, func(b *standard.Brief, a standard.Actor, at time.Time, _ *time.Location) error {
		return b.Judge(a, standard.Worth{Was: was, Why: why}, at)
	}}
}

// wereOut are meetings that are over.
func wereOut() []outing {
	const rep2, ops = "rep2@demo.test", "ops@demo.test"
	return []outing{
		{
			once: "demo-worth", days: 76, by: rep2, to: ops, account: larkspur, on: -66, hour: 10,
			says: standard.Invitation{
				Goal: "They decide for nationwide searches on every loan.", Why: "Their head of closings asked twice whether anybody keeps to 24 hours in practice.",
				Homework: "Their closings calendar is on their page. We have done 40 single orders for them, two were late.", Decides: "in the week after",
			},
			then: []turn{
				answers(75, ops, standard.Response{Goal: "They hear when the clock starts.", Comes: standard.Yes, Aligned: standard.No, Missing: "Which two were late, and does she know why?"}),
				saysAnew(74, rep2, func(v *standard.Invitation) {
					v.Homework += " Both late ones lacked the date of birth; she knows."
					v.Goal = "They decide for nationwide searches on every loan, and know what a complete order is."
				}),
				answers(74, ops, standard.Response{Goal: "They hear when the clock starts, and why it did not.", Comes: standard.Yes, Aligned: standard.Yes}),
				judges(65, ops, standard.Yes, "The two late ones were the best part of it."),
				judges(64, rep2, standard.Yes, "Signed six days later."),
			},
		},
		{
			once: "demo-not-worth", days: 39, by: "rep8@demo.test", to: "author@demo.test", on: -29,
			says: standard.Invitation{Goal: "They get to know us.", Why: "It looks good to come with two.", Homework: "They have 300 people in three towns."},
			then: []turn{
				answers(38, "author@demo.test", standard.Response{Goal: "To hear what they would order.", Comes: standard.Yes, Aligned: standard.Yes}),
				judges(28, "author@demo.test", standard.No, "They begin in ten months at the earliest, and wanted to know what stands on our page."),
				judges(27, "rep8@demo.test", standard.Yes, ""),
			},
		},
		{
			once: "demo-over", days: 9, by: "rep9@demo.test", to: ops, on: -2, hour: 14,
			says: standard.Invitation{
				Goal: "Their compliance officer agrees to the portal.", Why: "She wants to see somebody who runs it.",
				Homework: "Her talk from last spring, and the questions of their last audit.", Decides: "before the end of the month",
			},
			then: []turn{
				answers(8, ops, standard.Response{Goal: "To find out which columns she needs.", Comes: standard.Yes, Aligned: standard.Yes}),
				judges(1, ops, standard.Yes, "She named the columns, and a date."),
			},
		},
	}
}

// goingOut are meetings to come.
func goingOut() []outing {
	const rep2, ops, care = "rep2@demo.test", "ops@demo.test", "care@demo.test"
	return []outing{
		{
			once: "demo-waits", days: 1, by: rep2, to: ops, account: larkspur, on: 7, hour: 9,
			says: standard.Invitation{
				Goal: "They order for the Peoria branch from its first day.", Why: "The branch manager has never worked with us, and asks who does the searching.",
				Homework: "The branch opens in spring, with four people from a competitor. Two of them ordered from us before.", Decides: "in two weeks",
			},
		},
		{
			once: "demo-back", days: 3, by: "rep7@demo.test", to: "author@demo.test", account: tallow, on: 12,
			says: standard.Invitation{Goal: "They hear that we can do the storm season again.", Why: "You wrote the plan for the last one.", Homework: "Their annual report: 7,000 claims last season."},
			then: []turn{
				answers(2, "author@demo.test", standard.Response{
					Goal: "They say two weeks before which month it is, this time.", Comes: standard.Yes, Aligned: standard.No,
					Missing: "Who of them can promise that? If she is not there, I can tell you all of it on the phone.",
				}),
			},
		},
		{
			once: "demo-on", days: 4, by: "rep3@demo.test", to: care, on: 2, hour: 11,
			says: standard.Invitation{
				Goal: "They stay, although three reports were late in December.", Why: "They call you when something is late, so they will believe you.",
				Homework: "The three orders, hour by hour, and what we changed since.", Decides: "their contract ends in March",
			},
			then: []turn{
				answers(3, care, standard.Response{Goal: "They know whom to call before noon.", Comes: standard.Yes, Aligned: standard.Yes, Missing: "I bring the list of all calls since October."}),
			},
		},
	}
}

// fillBriefs adds the meeting briefs, as far as they were not added before.
func (w *world) fillBriefs(ctx context.Context) error {
	for _, o := range slices.Concat(wereOut(), goingOut()) {
		if err := w.goOut(ctx, o); err != nil {
			return fmt.Errorf("%s: %w", o.says.Goal, err)
		}
	}
	return nil
}

// workday is a day so many days from today; where nobody works then, the next one
// that is as far or farther.
func (w *world) workday(days int) standard.Day {
	lib, step := w.shelf.Library(), 1
	if days < 0 {
		step = -1
	}
	day := standard.DayOf(w.today, lib.Location).AddDays(days)
	for range 4 {
		if !lib.Calendar.Works(day) {
			day = day.AddDays(step)
		}
	}
	return day
}

func (w *world) goOut(ctx context.Context, o outing) error {
	loc := w.shelf.Library().Location
	w.ago(o.days)
	by, err := w.people.ByEmail(ctx, o.by)
	if err != nil {
		return err
	}
	to, err := w.people.ByEmail(ctx, o.to)
	if err != nil {
		return err
	}
	n := programme.NewBrief{Guest: to.ID, Invitation: o.says, Once: o.once}
	if o.account != "" {
		list, _, err := w.prog.Accounts(ctx, o.account, store.Cursor{}, 1)
		if err != nil || len(list) == 0 {
			return err
		}
		n.Account = list[0].ID
	}
	if n.On = w.workday(o.on); o.hour > 0 {
		n.Start = time.Date(n.On.Year, n.On.Month, n.On.Date, o.hour, 0, 0, 0, loc).UTC()
	}
	b, err := w.prog.SendBrief(ctx, by, n)
	if err != nil {
		return err
	}
	said := len(b.Said) - 1 + len(b.Worth)
	for i, t := range o.then {
		who, err := w.at(ctx, t.days, t.by)
		if err == nil && i >= said {
			err = w.prog.ChangeBrief(ctx, who, b.ID, func(b *standard.Brief, a standard.Actor, at time.Time) error {
				return t.do(b, a, at, loc)
			})
		}
		if err != nil {
			return fmt.Errorf("turn %d: %w", i+1, err)
		}
	}
	return nil
}
