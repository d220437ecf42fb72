package programme_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// A channel is a company with everybody whom a request needs.
type channel struct {
	*process
	ann, eve, sam, cara, olu, ola *people.Person // two reps, a voice each, and a second of operations
	mia                           *people.Person // manages Ann's team
}

func newChannel(p *process) *channel {
	p.t.Helper()
	_, err := p.People.AddTeam(p.ctx, "North")
	p.ok("add a team", err)
	c := &channel{process: p}
	c.ann = p.personIn("north", "Ann", people.RoleRep)
	c.eve, c.sam = p.person("Eve", people.RoleRep), p.person("Sam", people.RoleSales)
	c.cara, c.mia = p.person("Cara", people.RoleCare), p.person("Mia", people.RoleManager)
	c.olu, c.ola = p.person("Olu", people.RoleOperations), p.person("Ola", people.RoleOperations)
	_, err = p.People.AddManager(p.ctx, "north", c.mia.ID)
	p.ok("add a manager", err)
	return c
}

func (p *process) personIn(team, name string, roles ...people.Role) *people.Person {
	p.t.Helper()
	one, err := p.People.Add(p.ctx, people.NewPerson{Email: name + "@tern.test", First: name, Team: team, Roles: roles})
	p.ok("add "+name, err)
	return one
}

// raise brings something forward for Ann: nationwide in six hours.
func (c *channel) raise(once, account string) *programme.Request {
	c.t.Helper()
	q, err := c.Raise(c.ctx, c.ann, programme.Raised{Once: once, Request: standard.Request{
		Title: "Nationwide in 6 hours", Aim: "They close on Fridays.", Account: account, Offering: "searches",
		Parts: []standard.Asked{{Lines: []standard.AskedLine{{Dimension: "turnaround", Value: "6 h"}, {Dimension: "scope", Value: "nationwide"}}}},
	}})
	c.ok("raise", err)
	return q
}

func (c *channel) speak(who *people.Person, id string, f standard.Function) {
	c.t.Helper()
	c.ok("speak for "+string(f), c.Speak(c.ctx, who, id, standard.Voice{Function: f, Stand: standard.Support, Changes: "Little."}, 0))
}

func (c *channel) allSpeak(id string) {
	c.t.Helper()
	c.speak(c.sam, id, standard.Sales)
	c.speak(c.cara, id, standard.Care)
	c.speak(c.olu, id, standard.Operations)
}

// exception is one for the clause that states the turnaround, to a day.
func (c *channel) exception(until standard.Day) standard.Decision {
	return standard.Decision{Outcome: standard.Exception, Reason: "Once.", Conditions: "On Thursdays.", Clause: "searches/turnaround", Until: until}
}

func today(p *process) standard.Day { return standard.DayOf(p.Now(), p.Shelf.Library().Location) }

// waits says what waits for whom: "voice: TITLE".
func (c *channel) waits(who *people.Person) (list []string) {
	c.t.Helper()
	waiting, err := c.Waiting(c.ctx, who, 50)
	c.ok("what waits", err)
	for _, w := range waiting {
		list = append(list, string(w.For))
	}
	return list
}

// TestTwoDeciders lets two people decide at once, through two servers, each with
// another outcome, again and again: one decision, the other is told, and what
// follows is there once.
func TestTwoDeciders(t *testing.T) {
	_, servers := pair(t)
	c := newChannel(servers[0])
	for round := range 8 {
		q := c.raise(fmt.Sprint("round", round), "")
		c.allSpeak(q.ID)
		deciders := [2]*people.Person{c.olu, c.ola}
		decisions := [2]standard.Decision{c.exception(today(c.process).AddDays(30)), {Outcome: standard.Declined, Reason: "No.", Instead: "The box."}}
		_, errs := together(8, func(i int) (any, error) {
			p := servers[i%2]
			if i >= 4 {
				_, err := p.Drain(p.ctx)
				return nil, err
			}
			return nil, p.Decide(p.ctx, deciders[i%2], q.ID, decisions[i%2], 3)
		})
		stored, err := c.Request(c.ctx, q.ID)
		c.ok("read", err)
		for i, err := range errs[:4] {
			mine := stored.Decision.By == deciders[i%2].ID
			if mine && err != nil || !mine && !errors.Is(err, programme.ErrStale) {
				t.Errorf("round %d: decider %d, who decided: %v, is told %v", round, i%2, mine, err)
			}
		}
		if err := errors.Join(errs[4:]...); err != nil {
			t.Error(err)
		}
		c.drain()
		if again, err := c.Request(c.ctx, q.ID); err != nil || len(again.Pending) > 0 || again.Open || !again.PendingSince.Equal(programme.Never) {
			t.Errorf("round %d: after the outbox %+v, %v", round, again, err)
		}
		before, err := c.Precedents(c.ctx, []string{"turnaround"}, 50)
		if c.ok("precedents", err); len(before) != round+1 {
			t.Errorf("round %d: %d precedents", round, len(before))
		}
	}
}

// TestRequestTold follows one request: who it waits for, who is told, what it is
// found by afterwards, and that a server that dies in between loses nothing.
func TestRequestTold(t *testing.T) {
	company := newCompany(t)
	c := newChannel(company.start(t))
	account, err := c.AddAccount(c.ctx, c.mia, "Fennel Foods", standard.Cover{Sales: c.eve.ID, Operations: c.ola.ID})
	c.ok("add an account", err)
	q := c.raise("one", account.ID)
	if twice := c.raise("one", account.ID); twice.ID != q.ID || q.Verdict != standard.Outside || !slices.Equal(q.Limits, []string{"turnaround", "scope"}) || q.Owner != standard.Operations {
		t.Errorf("raised %+v, again %s", q, twice.ID)
	}
	c.ok("ask back", c.Speak(c.ctx, c.sam, q.ID, standard.Voice{Function: standard.Sales, Stand: standard.AskBack, Text: "Which states?"}, 0))
	company.pass(time.Minute)
	if got := [][]string{c.waits(c.ann), c.waits(c.sam), c.waits(c.olu), c.waits(c.eve)}; !cmp.Equal(got, [][]string{{"answer"}, {"voice"}, {"voice"}, nil}) {
		t.Errorf("it waits for %v", got)
	}
	c.ok("answer", c.Comment(c.ctx, c.ann, q.ID, "Ohio, @Sam. Ask @Eve Nobody or @nobody.", 0))
	c.ok("speak", c.Speak(c.ctx, c.sam, q.ID, standard.Voice{Function: standard.Sales, Stand: standard.Support, Changes: "Little."}, 1))
	c.speak(c.cara, q.ID, standard.Care)
	c.ok("propose", c.Speak(c.ctx, c.olu, q.ID, standard.Voice{Function: standard.Operations, Stand: standard.Propose, Offerings: []string{"rush", "searches"}, Changes: "None."}, 0))
	if err := c.Decide(c.ctx, c.ola, q.ID, c.exception(today(c.process)), 3); !errors.Is(err, programme.ErrStale) {
		t.Errorf("a decider who has heard three of four voices is told %v", err)
	}
	if got := [][]string{c.waits(c.ann), c.waits(c.olu), c.waits(c.ola)}; !cmp.Equal(got, [][]string{nil, {"decision"}, {"decision"}}) {
		t.Errorf("it waits for %v", got)
	}
	// The telling fails: the decision stands, and the outbox tells.
	c.hooks.set(func(call store.Call) error {
		if call.Collection == "rulings" {
			return store.ErrUnavailable
		}
		return nil
	}, nil)
	c.ok("decide", c.Decide(c.ctx, c.ola, q.ID, c.exception(today(c.process).AddDays(9)), 4))
	c.hooks.set(nil, nil)
	if list, err := c.ExceptionsOf(c.ctx, programme.OfferingPlace("searches"), 10); err != nil || len(list) > 0 {
		t.Errorf("the telling did not fail: %v, %v", list, err)
	}
	c.drain()
	for _, place := range []programme.Place{programme.OfferingPlace("searches"), programme.AccountPlace(account.ID), programme.LimitPlace("turnaround")} {
		if list, err := c.ExceptionsOf(c.ctx, place, 10); err != nil || len(list) != 1 || list[0].Request != q.ID || list[0].Title != q.Title {
			t.Errorf("exceptions at %s: %v, %v", place, list, err)
		}
	}
	stored, err := c.Request(c.ctx, q.ID)
	c.ok("read", err)
	want := []string{c.ann.ID, c.sam.ID, c.cara.ID, c.olu.ID, c.eve.ID, c.mia.ID}
	if got := slices.Clone(stored.Concerned); !cmp.Equal(sortedIDs(got), sortedIDs(want)) {
		t.Errorf("concerned are %v, want %v", got, want)
	}
	if m := stored.Comments[0].Mentions; len(m) != 1 || m[0] != (standard.Mention{Text: "@Sam", Person: c.sam.ID}) {
		t.Errorf("mentions %+v", m)
	}
	if v := stored.Voices[3]; !slices.Equal(v.Offerings, []string{"searches", "rush"}) {
		t.Errorf("proposed %+v", v)
	}
	for _, who := range []*people.Person{c.ann, c.eve, c.mia, c.cara} {
		if got := c.waits(who); !cmp.Equal(got, []string{"acknowledgement"}) {
			t.Errorf("%s: %v waits", who.First, got)
		}
	}
	for range 2 {
		c.ok("acknowledge", c.Acknowledge(c.ctx, c.ann, q.ID))
	}
	if err := c.Acknowledge(c.ctx, c.ola, q.ID); !errors.Is(err, programme.ErrForbidden) {
		t.Errorf("who decided acknowledges: %v", err)
	}
	_, reads := c.counted(func() {
		if got := c.waits(c.ann); got != nil {
			t.Errorf("after she acknowledged %v waits", got)
		}
	})
	if reads != 3 { // as a deputy, to answer, to acknowledge; no request
		t.Errorf("what nobody waits for any more is still looked at: %d reads", reads)
	}
	// The exception ends with its last day.
	company.at(today(c.process).AddDays(10).In(c.Shelf.Library().Location).Add(-time.Millisecond))
	if list, err := c.ExceptionsOf(c.ctx, programme.OfferingPlace("searches"), 10); err != nil || len(list) != 1 {
		t.Errorf("on its last day: %v, %v", list, err)
	}
	company.pass(time.Millisecond)
	if list, err := c.ExceptionsOf(c.ctx, programme.OfferingPlace("searches"), 10); err != nil || len(list) > 0 {
		t.Errorf("after its last day: %v, %v", list, err)
	}
}

func sortedIDs(ids []string) []string {
	slices.Sort(ids)
	return ids
}

// TestToldUncounted: a decision that can't be counted is told all the same, and counted
// when it can be.
func TestToldUncounted(t *testing.T) {
	company := newCompany(t)
	c := newChannel(company.start(t))
	q := c.raise("one", "")
	c.allSpeak(q.ID)
	c.drain()
	company.pass(time.Minute)
	c.hooks.set(func(call store.Call) error {
		if call.Collection == "asked" && call.Write {
			return store.ErrInvalid // as a document that has grown too large
		}
		return nil
	}, nil)
	c.ok("decide", c.Decide(c.ctx, c.olu, q.ID, standard.Decision{Outcome: standard.Declined, Reason: "r", Instead: "i"}, 3))
	c.drain()
	for _, who := range []*people.Person{c.ann, c.sam, c.cara, c.mia} {
		if got := c.waits(who); !cmp.Equal(got, []string{"acknowledgement"}) {
			t.Errorf("%s: %v waits", who.First, got)
		}
	}
	declined := func() int {
		months, err := c.Months(c.ctx, 1)
		c.ok("read the month", err)
		return months[0].All().Declined
	}
	if n := declined(); n != 0 {
		t.Errorf("the counting did not fail: %d", n)
	}
	c.hooks.set(nil, nil)
	c.drain()
	if n := declined(); n != 1 {
		t.Errorf("%d declined requests are counted, want one", n)
	}
}

// TestEscalateOnce lets two servers look for overdue requests, again and again:
// each is noted once, at the first look after it was due, and none that was
// decided or whose voices are in.
func TestEscalateOnce(t *testing.T) {
	company, servers := pair(t)
	c := newChannel(servers[0])
	late, decided, in := c.raise("late", ""), c.raise("decided", ""), c.raise("in", "")
	c.allSpeak(decided.ID)
	c.ok("decide", c.Decide(c.ctx, c.ola, decided.ID, standard.Decision{Outcome: standard.Declined, Reason: "No.", Instead: "The box."}, 3))
	c.allSpeak(in.ID)
	c.speak(c.cara, late.ID, standard.Care)
	look := func() (writes int) {
		_, errs := together(6, func(i int) (any, error) {
			_, err := servers[i%2].Escalate(servers[i%2].ctx)
			return nil, err
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		q, err := c.Request(c.ctx, late.ID)
		c.ok("read", err)
		return int(q.Rev)
	}
	company.at(late.Due.Add(-time.Millisecond))
	before := look()
	company.at(late.Due)
	if after := look(); after != before+1 {
		t.Errorf("%d writes noted that it is overdue, want one", after-before)
	}
	company.pass(48 * time.Hour)
	if after := look(); after != before+1 {
		t.Errorf("later it was written %d times", after-before)
	}
	for id, want := range map[string]*standard.Escalation{
		late.ID: {At: late.Due, Missing: []standard.Function{standard.Sales, standard.Operations}}, decided.ID: nil, in.ID: nil,
	} {
		if q, err := c.Request(c.ctx, id); err != nil || !cmp.Equal(q.Escalated, want) || !q.EscalateAt.Equal(programme.Never) {
			t.Errorf("%s: escalated %+v, want %+v, to be looked at again %v; %v", q.Title, q.Escalated, want, q.EscalateAt, err)
		}
	}
	if got := c.waits(c.olu); !cmp.Equal(got, []string{"voice", "decision", "acknowledgement"}) { // late, in, decided
		t.Errorf("for operations %v waits", got)
	}
	if got := c.waits(c.sam); !cmp.Equal(got, []string{"voice", "acknowledgement"}) {
		t.Errorf("for sales %v waits", got)
	}
}

// TestRefusedRequests: what can't be is refused before anything is written.
func TestRefusedRequests(t *testing.T) {
	c := newChannel(newCompany(t).start(t))
	q := c.raise("one", "")
	v := standard.Voice{Function: standard.Care, Stand: standard.Propose, Changes: "c"}
	proposing := func(ids ...string) error {
		v := v
		v.Offerings = ids
		return c.Speak(c.ctx, c.cara, q.ID, v, 0)
	}
	raising := func(r standard.Request) error {
		_, err := c.Raise(c.ctx, c.ann, programme.Raised{Request: r, Once: "two"})
		return err
	}
	writes, _ := c.counted(func() {
		for want, err := range map[string]error{
			"offerings: base":     proposing("rush"),
			"offerings: unknown":  proposing("searches", "nothing"),
			"offerings: missing":  proposing(),
			"not for this person": c.Speak(c.ctx, c.olu, q.ID, v, 0),
			"not found":           c.Speak(c.ctx, c.cara, "nothing", v, 0),
			"not allowed now":     c.Decide(c.ctx, c.olu, q.ID, c.exception(today(c.process)), 0),
			"clause: unknown":     c.Decide(c.ctx, c.olu, q.ID, standard.Decision{Outcome: standard.Exception, Clause: "together/handoff"}, 0),
			"delegate: nobody":    c.Delegate(c.ctx, c.olu, q.ID, &people.Person{Meta: store.Meta{ID: "x"}, Disabled: true}, 0),
			"aim: missing; offering: unknown; account: unknown": raising(standard.Request{Title: "t", Offering: "x", Account: "y"}),
		} {
			if err == nil || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	})
	if len(writes) > 0 {
		t.Errorf("a refusal writes: %v", writes)
	}
}

// TestWaitingIsWhatTheRulesSay lets a few people do whatever comes to their minds
// with a few requests, while time passes and the outbox runs or doesn't: what is
// found to wait for each of them is what the rules say of every request.
func TestWaitingIsWhatTheRulesSay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		company := companyAt(rt, t.TempDir())
		p := company.startIn(rt, t.Context())
		defer p.stop()
		c := newChannel(p)
		everybody := []*people.Person{c.ann, c.eve, c.sam, c.cara, c.olu, c.mia}
		ids := []string{c.raise("a", "").ID, c.raise("b", "").ID}
		if rapid.Bool().Draw(rt, "all have spoken") {
			c.allSpeak(ids[0])
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			c.doAnything(rt, company, rapid.SampledFrom(ids).Draw(rt, "request"), rapid.SampledFrom(everybody).Draw(rt, "who"))
		}
		for _, who := range everybody {
			waiting, err := c.Waiting(c.ctx, who, 50)
			c.ok("what waits", err)
			got := map[string]programme.WaitingFor{}
			for _, w := range waiting {
				got[w.ID] = w.For
			}
			for _, id := range ids {
				q, err := c.Request(c.ctx, id)
				c.ok("read", err)
				if want := waitsFor(q, who, c.Now()); got[id] != want {
					rt.Fatalf("%s of %s waits for %q of %s, want %q: %+v", q.Title, q.Raiser, got[id], who.First, want, q)
				}
			}
		}
	})
}

// doAnything is one act that may well be refused.
func (c *channel) doAnything(rt *rapid.T, company *company, id string, who *people.Person) {
	q, err := c.Request(c.ctx, id)
	c.ok("read", err)
	switch rapid.IntRange(0, 8).Draw(rt, "act") {
	case 0:
		company.pass(time.Duration(rapid.IntRange(1, 40).Draw(rt, "hours")) * time.Hour)
	case 7:
		text := rapid.SampledFrom([]string{"@Ann", "@Sam", "@Olu and @Cara", "@Mia, @Eve"}).Draw(rt, "names")
		err = c.Comment(c.ctx, who, id, text, q.CommentsOf(who.ID))
	case 8:
		err = c.See(c.ctx, who, id, rapid.IntRange(0, len(q.Comments)).Draw(rt, "shown"))
	case 1, 2:
		f := rapid.SampledFrom(standard.Functions()).Draw(rt, "function")
		stand := rapid.SampledFrom([]standard.Stand{standard.Support, standard.Object, standard.AskBack}).Draw(rt, "stand")
		err = c.Speak(c.ctx, who, id, standard.Voice{Function: f, Stand: stand, Text: "t", Changes: "c"}, q.VoicesOf(f))
	case 3:
		err = c.Comment(c.ctx, who, id, "t", q.CommentsOf(who.ID))
	case 4:
		err = c.Delegate(c.ctx, who, id, c.eve, len(q.Delegations))
	case 5:
		if rapid.Bool().Draw(rt, "who may") {
			who = c.olu
		}
		err = c.Decide(c.ctx, who, id, standard.Decision{Outcome: standard.Declined, Reason: "r", Instead: "i"}, len(q.Voices))
	default:
		if err = c.Acknowledge(c.ctx, who, id); err == nil {
			_, err = c.Escalate(c.ctx)
		}
	}
	for _, refused := range []error{programme.ErrForbidden, programme.ErrStale, programme.ErrNotNow} {
		if errors.Is(err, refused) {
			return
		}
	}
	c.ok("do something", err)
}

// waitsFor is what the rules say that a request waits for from somebody; a voice
// comes before a decision, and a decision as the delegate before both.
func waitsFor(q *programme.Request, who *people.Person, now time.Time) programme.WaitingFor {
	a := programme.ActorOf(who)
	switch {
	case q.MayAcknowledge(a) == nil:
		return programme.ForAck
	case q.Decision != nil:
		return mentionOr(q, who)
	case q.Delegate() == who.ID && q.MayDecide(a, now) == nil:
		return programme.ForDecision
	}
	for _, f := range standard.Functions() {
		if q.MaySpeak(a, f) == nil && !q.Spoken(f) {
			return programme.ForVoice
		}
	}
	switch {
	case q.MayDecide(a, now) == nil:
		return programme.ForDecision
	case q.AskedBack() && q.Raiser == who.ID:
		return programme.ForAnswer
	}
	return mentionOr(q, who)
}

// mentionOr is what is left for whom nothing else waits: that she is named in the last
// comment of somebody else that names her, and has neither said anything since nor that
// she has seen it.
func mentionOr(q *programme.Request, who *people.Person) programme.WaitingFor {
	for i := len(q.Comments) - 1; i >= 0 && q.Comments[i].By != who.ID; i-- {
		if slices.ContainsFunc(q.Comments[i].Mentions, func(m standard.Mention) bool { return m.Person == who.ID }) {
			if slices.ContainsFunc(q.Seens, func(s standard.Seen) bool { return s.By == who.ID && s.Comments > i }) {
				return ""
			}
			return programme.ForMention
		}
	}
	return ""
}
