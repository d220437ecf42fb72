package programme_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// TestMonthsAddUp lets random requests be raised and decided, with the outbox at
// work in between, late, or twice, and adds up what came of them by hand.
func TestMonthsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		company := newCompany(t)
		p := newChannel(company.start(t))
		defer p.stop()
		type key struct{ month, offering, dimension string }
		want, all := map[key]programme.Tally{}, map[string]programme.Tally{}
		for i := range rapid.IntRange(1, 6).Draw(rt, "requests") {
			company.pass(time.Duration(rapid.IntRange(0, 40).Draw(rt, "days")) * 24 * time.Hour)
			raised := standard.Request{Title: "More", Aim: "They grow.", Worth: rapid.Int64Range(0, 5).Draw(rt, "worth")}
			if need := rapid.SampledFrom([]string{"", "2 h", "1 h"}).Draw(rt, "need"); need != "" {
				raised.Parts = []standard.Asked{{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: need}}}}
			}
			q, err := p.Raise(p.ctx, p.ann, programme.Raised{Request: raised, Once: string(rune('a' + i))})
			p.ok("raise", err)
			if rapid.Bool().Draw(rt, "drained before") {
				p.drain()
			}
			tally := programme.Tally{Requests: 1, Worth: raised.Worth}
			if rapid.Bool().Draw(rt, "decided") {
				company.pass(10 * 24 * time.Hour)
				d := standard.Decision{Outcome: standard.Declined, Reason: "No.", Instead: "Less."}
				p.ok("decide", p.Decide(p.ctx, p.olu, q.ID, d, 0))
				tally.Declined = 1
			}
			if rapid.Bool().Draw(rt, "drained after") {
				p.drain()
			}
			all[q.Month] = all[q.Month].Plus(tally)
			for _, b := range q.Bends {
				k := key{q.Month, b.Offering, b.Dimension}
				want[k] = want[k].Plus(tally)
			}
		}
		p.drain()
		p.drain()
		months, err := p.Months(p.ctx, 24)
		p.ok("read months", err)
		got, sums := map[key]programme.Tally{}, map[string]programme.Tally{}
		for _, m := range months {
			if one := m.All(); one.Requests > 0 {
				sums[m.ID] = one
			}
			for _, l := range m.Limits() {
				got[key{m.ID, l.Offering, l.Dimension}] = l.Tally
				list, err := p.AskedToBend(p.ctx, []*programme.MonthOfBends{m}, l.Offering, l.Dimension)
				p.ok("list", err)
				if len(list) != l.Requests {
					rt.Fatalf("%d requests are listed for %+v", len(list), l)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("by limit: %s", diff)
		}
		if diff := cmp.Diff(all, sums); diff != "" {
			rt.Fatalf("by month: %s", diff)
		}
	})
}

// TestCountedTogether: many requests of one month are counted by few writes, each of
// which is of all that were counted before.
func TestCountedTogether(t *testing.T) {
	p := newChannel(newCompany(t).start(t))
	const raised = 250
	for i := range raised {
		p.raise(strconv.Itoa(i), "")
	}
	writes, _ := p.counted(p.drain)
	n := 0
	for _, w := range writes {
		if strings.HasSuffix(w, " asked") || strings.HasSuffix(w, " months") {
			n++
		}
	}
	months, err := p.Months(p.ctx, 1)
	p.ok("read the month", err)
	if most := 6; n > most || months[0].All().Requests != raised {
		t.Errorf("%d requests are counted by %d writes, want %d by %d at most", months[0].All().Requests, n, raised, most)
	}
	if writes, _ := p.counted(p.drain); len(writes) > 0 {
		t.Errorf("something is left: %v", writes)
	}
}
