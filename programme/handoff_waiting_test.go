package programme_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// TestWaitingHandoffsAreWhatTheRulesSay lets a few people do whatever comes to their
// minds with a few handoffs of three accounts, while time passes: what is found to
// wait for each of them is what the rules say of every sheet there is.
func TestWaitingHandoffsAreWhatTheRulesSay(t *testing.T) {
	seen := map[standard.HandoffWait]int{}
	rapid.Check(t, func(rt *rapid.T) {
		company := companyAt(rt, t.TempDir())
		p := company.startIn(rt, t.Context())
		defer p.stop()
		s := p.tableOfTwo()
		rae := p.person("Rae", people.RoleRep)
		table := []*people.Person{s.sales, s.operations, s.care, s.speaks, rae, p.person("Mia", people.RoleManager)}
		accounts := map[string]*programme.Account{s.account.ID: s.account}
		for name, cover := range map[string]standard.Cover{"Second": {Sales: s.sales.ID}, "Third": {Sales: rae.ID, Operations: s.operations.ID}} {
			a, err := p.AddAccount(p.ctx, s.speaks, name, cover)
			p.ok("add an account", err)
			accounts[a.ID] = a
		}
		var ids []string
		for _, id := range slices.Sorted(maps.Keys(accounts)) {
			n := programme.NewHandoff{Account: id, Title: "Searches", Signed: standard.Day{Year: 2026, Month: 12, Date: 1}}
			if rapid.Bool().Draw(rt, "requires") {
				n.Parts = needs(rapid.SampledFrom([]string{"8 h", "1 h"}).Draw(rt, "turnaround"), "in-state")
			}
			h, err := p.BeginHandoff(p.ctx, s.speaks, n)
			p.ok("begin", err)
			ids = append(ids, h.ID)
		}
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			p.handOver(rt, company, rapid.SampledFrom(ids).Draw(rt, "handoff"), rapid.SampledFrom(table).Draw(rt, "who"))
		}
		for _, who := range table {
			waiting, err := p.WaitingHandoffs(p.ctx, who, 10)
			p.ok("what waits", err)
			got := map[string]string{}
			for i, w := range waiting {
				if meet := w.Round().Meet; i > 0 && !meet.IsZero() {
					if before := waiting[i-1].Round().Meet; before.IsZero() || before.After(meet) {
						rt.Fatalf("what meets at %v stands below what meets at %v", meet, before)
					}
				}
				got[w.ID] = fmt.Sprint(w.Name, " ", w.For, " ", w.Side)
				seen[w.For]++
			}
			want := map[string]string{}
			for _, id := range ids {
				h := p.readHandoff(id)
				if says := p.handoffWaits(h, accounts[h.Account], who); says != "" {
					want[id] = says
				}
			}
			if !maps.Equal(got, want) {
				rt.Fatalf("for %s wait %v, want %v", who.First, got, want)
			}
		}
	})
	t.Log(seen)
	for _, what := range []standard.HandoffWait{standard.ForReply, standard.ForSignature, standard.ForMeeting} {
		if seen[what] == 0 {
			t.Errorf("nothing has waited for a %s", what)
		}
	}
}

// handOver is one act that may well be refused.
func (p *process) handOver(rt *rapid.T, company *company, id string, who *people.Person) {
	h := p.readHandoff(id)
	change := func(do func(h *standard.Handoff, line standard.Line) error) error {
		return p.ChangeHandoff(p.ctx, who, id, func(now *standard.Handoff, at time.Time) error {
			return do(now, standard.Line{Text: "t", By: who.ID, At: at})
		})
	}
	var err error
	switch rapid.IntRange(0, 6).Draw(rt, "act") {
	case 0:
		company.pass(time.Duration(rapid.IntRange(1, 40).Draw(rt, "hours")) * time.Hour)
	case 1:
		owner := rapid.SampledFrom(standard.Functions()).Draw(rt, "owner")
		err = change(func(now *standard.Handoff, l standard.Line) error {
			return now.Ask(standard.Question{Owner: owner, Line: l}, h.Edition)
		})
	case 2, 3:
		at := slices.IndexFunc(h.Questions, standard.Question.Open)
		err = change(func(now *standard.Handoff, l standard.Line) error { return now.Reply(max(at, 0), l, h.Edition) })
	case 4:
		meet := company.Now().Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "meets in")) * time.Hour)
		err = change(func(now *standard.Handoff, _ standard.Line) error { return now.Meet(meet, len(h.Rounds)) })
	case 5:
		err = p.SignHandoff(p.ctx, who, id, rapid.SampledFrom(standard.Sides()).Draw(rt, "side"), h.Edition)
	default:
		err = p.RepeatHandoff(p.ctx, who, id, "Not yet", time.Time{}, len(h.Rounds))
	}
	var invalid standard.Invalids
	for _, refused := range []error{
		programme.ErrForbidden, programme.ErrStale, standard.ErrDone, standard.ErrUnanswered, standard.ErrUndecided, standard.ErrEmpty, standard.ErrBoth,
	} {
		if errors.Is(err, refused) || errors.As(err, &invalid) {
			return
		}
	}
	p.ok("do something", err)
}

// handoffWaits is what the rules say that a sheet waits for from somebody: as the
// account's person, or as anybody of customer care.
func (p *process) handoffWaits(h *programme.Handoff, a *programme.Account, who *people.Person) string {
	p.t.Helper()
	undecided, err := p.Undecided(p.ctx, &h.Handoff)
	p.ok("look for what is undecided", err)
	lib := p.Shelf.Library()
	until := standard.DayOf(p.company.Now(), lib.Location).End(lib.Location)
	for _, f := range []standard.Function{standard.Operations, standard.Sales, standard.Care} {
		hers := f == standard.Sales && a.Sales == who.ID || f == standard.Operations && a.Operations == who.ID || f == standard.Care && who.Has(people.RoleCare)
		if what := h.WaitsFor(f, until, undecided); hers && what != "" {
			return fmt.Sprint(a.Name, " ", what, " ", f)
		}
	}
	return ""
}
