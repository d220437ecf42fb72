package programme_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A tableOfTwo is who meets for a handoff, and the others who have a word in it.
type tableOfTwo struct {
	sales, operations, care, speaks *people.Person
	account                         *programme.Account
}

func (p *process) tableOfTwo() tableOfTwo {
	p.t.Helper()
	s := tableOfTwo{sales: p.person("Ann", people.RoleRep), operations: p.person("Olu", people.RoleOperations)}
	s.care, s.speaks = p.person("Carla", people.RoleCare), p.person("Sol", people.RoleSales)
	a, err := p.AddAccount(p.ctx, s.sales, "Fennel Foods", standard.Cover{Operations: s.operations.ID})
	p.ok("add an account", err)
	s.account = a
	return s
}

// needs is a need in one part.
func needs(turnaround, scope string) []standard.Asked {
	return []standard.Asked{{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: turnaround}, {Dimension: "scope", Value: scope}}}}
}

func (p *process) handoff(s tableOfTwo, parts []standard.Asked, once string) *programme.Handoff {
	p.t.Helper()
	h, err := p.BeginHandoff(p.ctx, s.sales, programme.NewHandoff{
		Account: s.account.ID, Title: "Searches for every claim", Signed: standard.Day{Year: 2026, Month: 12, Date: 1}, Parts: parts, Once: once,
	})
	p.ok("begin a handoff", err)
	return h
}

func (p *process) readHandoff(id string) *programme.Handoff {
	p.t.Helper()
	h, err := p.Handoff(p.ctx, id)
	p.ok("read the handoff", err)
	return h
}

// is holds that an error is just this one; nil is none.
func (p *process) is(what string, err, want error) {
	p.t.Helper()
	if !errors.Is(err, want) || (want == nil) != (err == nil) {
		p.t.Fatalf("%s: got %v, want %v", what, err, want)
	}
}

// TestHandoffInTwoRounds: what nobody has decided keeps the sheet from being
// signed. It is raised as a request, the meeting is repeated, the request is
// approved, named on the sheet, and both sides sign.
func TestHandoffInTwoRounds(t *testing.T) {
	c := newCompany(t)
	p := c.start(t)
	s := p.tableOfTwo()
	h := p.handoff(s, needs("12 h", "nationwide"), "form")
	if again := p.handoff(s, needs("12 h", "nationwide"), "form"); again.ID != h.ID {
		t.Error("the same form twice begins two handoffs")
	}
	if h.Sold[0].Base != "searches" || h.Sold[0].Tier != "nationwide" {
		t.Fatalf("put down as sold: %+v, want what comes nearest", h.Sold)
	}
	undecided, err := p.Undecided(p.ctx, &h.Handoff)
	if p.ok("look for what is undecided", err); fmt.Sprint(undecided) != "[{0 turnaround}]" {
		t.Fatalf("undecided: %v", undecided)
	}
	sign := func(who *people.Person, f standard.Function) error {
		return p.SignHandoff(p.ctx, who, h.ID, f, p.readHandoff(h.ID).Edition)
	}
	writes, _ := p.counted(func() { p.is("sign too early", sign(s.sales, standard.Sales), standard.ErrUndecided) })
	if len(writes) > 0 {
		t.Errorf("a refused signature writes %v", writes)
	}
	q, err := p.Raise(p.ctx, s.sales, programme.Raised{Request: standard.Request{
		Account: s.account.ID, Title: "Nationwide in 12 hours", Aim: "Claims are paid on the next day.", Parts: h.Parts, Offering: "searches",
	}, Once: "q"})
	p.ok("raise", err)
	settle := func(request, dimension string) error {
		edition := p.readHandoff(h.ID).Edition
		return p.SettleHandoff(p.ctx, s.operations, h.ID, standard.Settling{Dimension: dimension, Request: request}, edition)
	}
	var invalid standard.Invalids
	if err := settle(q.ID, "volume"); !errors.As(err, &invalid) || invalid[0].Code != "unknown" {
		t.Errorf("a request for another limit settles this one: %v", err)
	}
	p.ok("settle", settle(q.ID, "turnaround"))
	p.is("sign before it is decided", sign(s.sales, standard.Sales), standard.ErrUndecided)
	c.pass(time.Hour)
	p.ok("repeat", p.RepeatHandoff(p.ctx, s.operations, h.ID, "Nobody has decided on the 12 hours", c.Now().Add(72*time.Hour), 1))
	p.ok("the same form again", p.RepeatHandoff(p.ctx, s.operations, h.ID, "Nobody has decided on the 12 hours", c.Now().Add(72*time.Hour), 1))
	p.is("repeat from an old page", p.RepeatHandoff(p.ctx, s.sales, h.ID, "Hm", time.Time{}, 1), programme.ErrStale)
	h = p.readHandoff(h.ID)
	if again := h.Rounds[0].Again; len(h.Rounds) != 2 || fmt.Sprint(again.Undecided) != "[{0 turnaround}]" || again.By != s.operations.ID {
		t.Fatalf("rounds: %+v", h.Rounds)
	}
	p.approve(s, q, c.Now())
	p.ok("sign for sales", sign(s.sales, standard.Sales))
	p.ok("sign twice", sign(s.sales, standard.Sales))
	p.is("the other side's", sign(s.sales, standard.Operations), programme.ErrForbidden)
	p.ok("sign for operations", sign(s.operations, standard.Operations))
	h = p.readHandoff(h.ID)
	if !h.Done() || h.Open || len(h.Round().Signs) != 2 || len(h.Rounds[0].Signs) != 0 {
		t.Errorf("both have signed: %+v", h)
	}
	p.is("write on a signed sheet", p.ChangeHandoff(p.ctx, s.sales, h.ID, func(h *standard.Handoff, at time.Time) error {
		return h.AddChange(standard.Line{Text: "Later", By: s.sales.ID, At: at}, h.Edition)
	}), standard.ErrDone)
}

// approve lets the three voices speak and operations approve an exception.
func (p *process) approve(s tableOfTwo, q *programme.Request, now time.Time) {
	p.t.Helper()
	for f, who := range map[standard.Function]*people.Person{standard.Sales: s.speaks, standard.Care: s.care, standard.Operations: s.operations} {
		p.ok("speak", p.Speak(p.ctx, who, q.ID, standard.Voice{Function: f, Stand: standard.Support, Changes: "Little."}, 0))
	}
	p.ok("decide", p.Decide(p.ctx, s.operations, q.ID, standard.Decision{
		Outcome: standard.Exception, Reason: "It can be staffed.", Clause: "searches/turnaround", Conditions: "Mondays only",
		Until: standard.DayOf(now, time.UTC).AddDays(30),
	}, 3))
}

// TestOverIsUndecided: an exception that has ended, one of another customer, and a
// decline settle nothing; a part that the standard knows nothing of is undecided.
func TestOverIsUndecided(t *testing.T) {
	c := newCompany(t)
	p := c.start(t)
	s := p.tableOfTwo()
	h := p.handoff(s, needs("12 h", "nationwide"), "form")
	raise := func(account, once string) *programme.Request {
		q, err := p.Raise(p.ctx, s.sales, programme.Raised{Request: standard.Request{
			Account: account, Title: "Nationwide in 12 hours", Aim: "Claims are paid on the next day.", Parts: h.Parts, Offering: "searches",
		}, Once: once})
		p.ok("raise", err)
		return q
	}
	other, err := p.AddAccount(p.ctx, s.sales, "Larch Loans", standard.Cover{})
	p.ok("add an account", err)
	foreign, mine := raise(other.ID, "foreign"), raise(s.account.ID, "mine")
	p.approve(s, foreign, c.Now())
	p.approve(s, mine, c.Now())
	err = p.SettleHandoff(p.ctx, s.sales, h.ID, standard.Settling{Dimension: "turnaround", Request: foreign.ID}, h.Edition)
	var invalid standard.Invalids
	if !errors.As(err, &invalid) || invalid[0].Field != "request" {
		t.Errorf("settled by another customer's request: %v", err)
	}
	p.ok("settle", p.SettleHandoff(p.ctx, s.sales, h.ID, standard.Settling{Dimension: "turnaround", Request: mine.ID}, h.Edition))
	look := func() string {
		now := p.readHandoff(h.ID)
		list, err := p.Undecided(p.ctx, &now.Handoff)
		p.ok("look", err)
		return fmt.Sprint(list)
	}
	if got := look(); got != "[]" {
		t.Errorf("undecided with an exception in force: %s", got)
	}
	tighter := p.handoff(s, needs("6 h", "nationwide"), "tighter")
	err = p.SettleHandoff(p.ctx, s.sales, tighter.ID, standard.Settling{Dimension: "turnaround", Request: mine.ID}, tighter.Edition)
	if !errors.As(err, &invalid) || invalid[0].Field != "request" {
		t.Errorf("six hours settled by a request for twelve: %v", err)
	}
	looser := p.handoff(s, needs("16 h", "nationwide"), "looser")
	p.ok("settle sixteen hours by twelve", p.SettleHandoff(p.ctx, s.sales, looser.ID, standard.Settling{Dimension: "turnaround", Request: mine.ID}, looser.Edition))
	c.pass(40 * 24 * time.Hour)
	if got := look(); got != "[{0 turnaround}]" {
		t.Errorf("undecided after its end: %s", got)
	}
	p.is("sign after its end", p.SignHandoff(p.ctx, s.sales, h.ID, standard.Sales, h.Edition+1), standard.ErrUndecided)
	p.ok("take what the standard does not have", p.ChangeHandoff(p.ctx, s.sales, h.ID, func(h *standard.Handoff, _ time.Time) error {
		return h.Require(needs("12 h", "nationwide"), []standard.Sold{{Base: "searches", Tier: "lunar"}}, h.Edition)
	}))
	if got := look(); got != "[{0 }]" {
		t.Errorf("undecided with a tier that is nowhere: %s", got)
	}
}

// TestBothSignAtOnce lets both sides sign, many times, at once, through two
// programmes on one file: two signatures, one a side, and a handoff that is done.
func TestBothSignAtOnce(t *testing.T) {
	_, servers := pair(t)
	p := servers[0]
	s := p.tableOfTwo()
	for n := range 8 {
		h := p.handoff(s, needs("8 h", "in-state"), fmt.Sprint("both ", n))
		begun := h.Edition
		_, errs := together(12, func(i int) (any, error) {
			server, who, f := servers[i%2], s.sales, standard.Sales
			if i%4 >= 2 {
				who, f = s.operations, standard.Operations
			}
			return nil, server.SignHandoff(server.ctx, who, h.ID, f, h.Edition)
		})
		for i, err := range errs {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		h = p.readHandoff(h.ID)
		if !h.Done() || h.Open || len(h.Round().Signs) != 2 || h.Edition != begun {
			t.Errorf("after both have signed at once: %+v", h)
		}
	}
	done, _, err := p.Handoffs(p.ctx, false, store.Cursor{}, 20)
	if p.ok("list", err); len(done) != 8 {
		t.Errorf("%d are done, want 8", len(done))
	}
}

// TestSignWhileWritten lets one sign while another writes on the sheet: no
// signature stands under a sheet that its page did not show, and no line that was
// acknowledged is lost.
func TestSignWhileWritten(t *testing.T) {
	_, servers := pair(t)
	p := servers[0]
	s := p.tableOfTwo()
	for n := range 12 {
		h := p.handoff(s, needs("8 h", "in-state"), fmt.Sprint("written ", n))
		p.ok("sign for operations", p.SignHandoff(p.ctx, s.operations, h.ID, standard.Operations, h.Edition))
		var wrote, signed atomic.Bool
		_, errs := together(2, func(i int) (any, error) {
			server := servers[i]
			if i == 0 {
				err := server.SignHandoff(server.ctx, s.sales, h.ID, standard.Sales, h.Edition)
				signed.Store(err == nil)
				return nil, err
			}
			err := server.ChangeHandoff(server.ctx, s.operations, h.ID, func(now *standard.Handoff, at time.Time) error {
				return now.AddChange(standard.Line{Text: "They begin later", By: s.operations.ID, At: at}, h.Edition)
			})
			wrote.Store(err == nil)
			return nil, err
		})
		for _, err := range errs {
			if err != nil && !errors.Is(err, programme.ErrStale) && !errors.Is(err, standard.ErrDone) {
				t.Fatal(err)
			}
		}
		h = p.readHandoff(h.ID)
		if wrote.Load() == signed.Load() || h.Done() != signed.Load() || (len(h.Changes) == 1) != wrote.Load() {
			t.Errorf("signed %v, written %v: %+v", signed.Load(), wrote.Load(), h)
		}
	}
}

// TestMyHandoffs: those under way of the accounts that one looks after, for
// either side, and what is done is not among them.
func TestMyHandoffs(t *testing.T) {
	p := newCompany(t).start(t)
	s := p.tableOfTwo()
	first := p.handoff(s, needs("8 h", "in-state"), "1")
	second := p.handoff(s, needs("8 h", "in-state"), "2")
	mine := func(who *people.Person) (ids []string) {
		list, err := p.MyHandoffs(p.ctx, who.ID, 10)
		p.ok("list", err)
		for _, h := range list {
			ids = append(ids, h.ID)
		}
		return ids
	}
	if a, b := mine(s.sales), mine(s.operations); len(a) != 2 || len(b) != 2 || len(mine(s.care)) != 0 {
		t.Errorf("mine: %v, %v", a, b)
	}
	p.ok("sign", p.SignHandoff(p.ctx, s.sales, first.ID, standard.Sales, first.Edition))
	p.ok("sign", p.SignHandoff(p.ctx, s.operations, first.ID, standard.Operations, first.Edition))
	if got := fmt.Sprint(mine(s.sales)); got != fmt.Sprint([]string{second.ID}) {
		t.Errorf("mine after one is done: %s", got)
	}
	list, err := p.HandoffsOf(p.ctx, s.account.ID, 10)
	if p.ok("list of the account", err); len(list) != 2 {
		t.Errorf("%d handoffs of the account, want 2", len(list))
	}
	_, err = p.BeginHandoff(p.ctx, p.person("Una", people.RoleRep), programme.NewHandoff{Account: s.account.ID, Title: "x", Signed: standard.Day{Year: 2026, Month: 12, Date: 1}})
	p.is("begin one of another rep's account", err, programme.ErrForbidden)
	_, err = p.Handoff(p.ctx, "no/such id")
	p.is("read nothing", err, programme.ErrNotFound)
}
