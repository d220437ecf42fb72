package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A sheet is one handoff and how far it has come. Days are before today.
type sheet struct {
	once         string
	days         int    // when it was begun
	account      string // name
	sales        string // address of who begins it and signs for sales
	title        string
	parts        []standard.Asked
	live         int // days from today on
	lines        []written
	again        *repeated
	answers      []written // after the first round
	signed       int       // days; 0: not yet
	meets        int       // days from today on, of the round under way; 0: not settled
	settledSince string    // the title of the request that is named for the first limit
}

// written is one line of a sheet.
type written struct {
	by   string
	line func(h *standard.Handoff, l func(string) standard.Line, edition int64) error
}

// repeated is a first round that ended without both signatures.
type repeated struct {
	days    int
	by, why string
}

func sheets(today standard.Day) []sheet {
	const rep2, ops, care = "rep2@demo.test", "ops@demo.test", "care@demo.test"
	contact := func(by, name, role, reach string, decides bool) written {
		return written{by, func(h *standard.Handoff, l func(string) standard.Line, edition int64) error {
			return h.AddContact(standard.Contact{Name: name, Role: role, Decides: decides, Line: l(reach)}, edition)
		}}
	}
	training := func(by string, on standard.Day, who, topic string) written {
		return written{by, func(h *standard.Handoff, l func(string) standard.Line, edition int64) error {
			return h.AddTraining(standard.Training{On: on, Who: who, Line: l(topic)}, edition)
		}}
	}
	changed := func(by, text string) written {
		return written{by, func(h *standard.Handoff, l func(string) standard.Line, edition int64) error {
			return h.AddChange(l(text), edition)
		}}
	}
	asks := func(by string, owner standard.Function, text string) written {
		return written{by, func(h *standard.Handoff, l func(string) standard.Line, edition int64) error {
			return h.Ask(standard.Question{Owner: owner, Line: l(text)}, edition)
		}}
	}
	answers := func(by string, at int, text string) written {
		return written{by, func(h *standard.Handoff, l func(string) standard.Line, edition int64) error {
			return h.Reply(at, l(text), edition)
		}}
	}
	asked := func(turnaround, scope string) []standard.Asked {
		return []standard.Asked{{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: turnaround}, {Dimension: "scope", Value: scope}}}}
	}
	return []sheet{
		{
			once: "demo-signed", days: 58, account: larkspur, sales: rep2, title: "Nationwide searches for every loan", parts: asked("24 h", "nationwide"), live: -40,
			lines: []written{
				contact(rep2, "Imke Halloran", "Head of closings", "imke@larkspur.example", true),
				training(ops, today.AddDays(-43), "Olu Adeyemi", "How to order, for the six people at the closing desk"),
				asks(ops, standard.Care, "Whom do they call on a Friday after five?"),
			},
			again:   &repeated{57, ops, "Nobody at the table knew who answers on Friday evenings."},
			answers: []written{answers(care, 0, "Customer care, until seven. Their desk has the number.")},
			signed:  51,
		},
		{
			once: "demo-under-way", days: 2, account: larkspur, sales: rep2, title: "Searches on Thursdays for the Friday closings", parts: asked("12 h", "nationwide"), live: 24, meets: 2,
			lines: []written{
				contact(rep2, "Imke Halloran", "Head of closings", "imke@larkspur.example", true),
				contact(rep2, "Teo Brandt", "Closing desk", "the desk’s number, extension 4", false),
				training(ops, today.AddDays(20), "Olu Adeyemi", "What a complete order is, for the closing desk"),
				changed(rep2, "Their Peoria branch opens in spring. It will order from the first day."),
				asks(ops, standard.Sales, "Do they need the report as a PDF, or is the portal enough?"),
			},
			settledSince: "Nationwide in 12 hours on Thursdays",
		},
	}
}

// fillHandoffs adds the handoffs, as far as they were not added before. A library
// without what they speak of leaves them out.
func (w *world) fillHandoffs(ctx context.Context) error {
	for _, s := range sheets(standard.DayOf(w.today, w.shelf.Library().Location)) {
		if err := w.handOver(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
	}
	return nil
}

// begunEdition is that of a sheet that was begun with requirements.
const begunEdition = 3

func (w *world) handOver(ctx context.Context, s sheet) error {
	lib := w.shelf.Library()
	for _, part := range s.parts {
		if _, unfit := part.Need(lib.Dimensions); unfit != nil {
			return nil //nolint:nilerr // see above
		}
	}
	list, _, err := w.prog.Accounts(ctx, s.account, store.Cursor{}, 1)
	if err != nil || len(list) == 0 {
		return err
	}
	w.ago(s.days)
	sales, err := w.people.ByEmail(ctx, s.sales)
	if err != nil {
		return err
	}
	today := standard.DayOf(w.today, lib.Location)
	n := programme.NewHandoff{
		Account: list[0].ID, Title: s.title, Signed: standard.DayOf(w.now, lib.Location).AddDays(-2), Live: today.AddDays(s.live),
		Parts: s.parts, Once: s.once,
	}
	if s.meets > 0 {
		day := today.AddDays(s.meets)
		n.Meet = time.Date(day.Year, day.Month, day.Date, 10, 0, 0, 0, lib.Location).UTC()
	}
	h, err := w.prog.BeginHandoff(ctx, sales, n)
	if err != nil {
		return err
	}
	if err := w.writeLines(ctx, h.ID, s.days, s.lines, begunEdition); err != nil {
		return err
	}
	if s.settledSince != "" {
		return w.settle(ctx, h.ID, s)
	}
	return w.finish(ctx, h.ID, s)
}

// writeLines writes lines on a sheet whose edition was first before any of them;
// those that are on it already are passed over.
func (w *world) writeLines(ctx context.Context, id string, days int, lines []written, first int64) error {
	for i, one := range lines {
		now, err := w.prog.Handoff(ctx, id)
		if err != nil {
			return err
		}
		if now.Edition != first+int64(i) {
			continue
		}
		who, err := w.at(ctx, days, one.by)
		if err != nil {
			return err
		}
		err = w.prog.ChangeHandoff(ctx, who, id, func(h *standard.Handoff, at time.Time) error {
			return one.line(h, func(text string) standard.Line { return standard.Line{Text: text, By: who.ID, At: at} }, now.Edition)
		})
		if err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

// settle names the request that is to settle the first limit.
func (w *world) settle(ctx context.Context, id string, s sheet) error {
	h, err := w.prog.Handoff(ctx, id)
	if err != nil || len(h.Settled) > 0 {
		return err
	}
	undecided, err := w.prog.Undecided(ctx, &h.Handoff)
	if err != nil || len(undecided) == 0 {
		return err
	}
	requests, err := w.prog.RequestsOf(ctx, h.Account, 20)
	if err != nil {
		return err
	}
	for _, q := range requests {
		if q.Title != s.settledSince {
			continue
		}
		by, err := w.at(ctx, 0, s.sales)
		if err == nil {
			err = w.prog.SettleHandoff(ctx, by, id, standard.Settling{Part: undecided[0].Part, Dimension: undecided[0].Dimension, Request: q.ID}, h.Edition)
		}
		return err
	}
	return nil
}

// finish repeats the meeting, answers what was open, and lets both sides sign.
func (w *world) finish(ctx context.Context, id string, s sheet) error {
	if s.again != nil {
		by, err := w.at(ctx, s.again.days, s.again.by)
		if err != nil {
			return err
		}
		h, err := w.prog.Handoff(ctx, id)
		if err == nil && len(h.Rounds) == 1 {
			err = w.prog.RepeatHandoff(ctx, by, id, s.again.why, w.now.AddDate(0, 0, s.again.days-s.signed).UTC(), 1)
		}
		if err != nil {
			return fmt.Errorf("repeat: %w", err)
		}
	}
	if err := w.writeLines(ctx, id, s.signed, s.answers, begunEdition+int64(len(s.lines))); err != nil {
		return err
	}
	signs := map[standard.Function]string{standard.Sales: s.sales, standard.Operations: "ops@demo.test"}
	for _, f := range standard.Sides() {
		who, err := w.at(ctx, s.signed, signs[f])
		if err == nil {
			err = w.prog.SignHandoff(ctx, who, id, f, begunEdition+int64(len(s.lines)+len(s.answers)))
		}
		if err != nil {
			return fmt.Errorf("sign for %s: %w", f, err)
		}
	}
	return nil
}
