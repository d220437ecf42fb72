package programme_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// meeting is what is said of a meeting so many days after today.
func (p *process) meeting(days int) standard.Invitation {
	return standard.Invitation{Goal: "They sign for the second branch.", Why: "They ask whether we can do it.", Homework: "Their page, our notes.", On: today(p).AddDays(days)}
}

// brief asks somebody along to a meeting in two days.
func (p *process) brief(by, guest *people.Person, account, once string) *programme.Brief {
	p.t.Helper()
	b, err := p.SendBrief(p.ctx, by, programme.NewBrief{Guest: guest.ID, Account: account, Invitation: p.meeting(2), Once: once})
	p.ok("send a brief", err)
	return b
}

func (p *process) readBrief(id string) *programme.Brief {
	p.t.Helper()
	b, err := p.Brief(p.ctx, id)
	p.ok("read the brief", err)
	return b
}

func (p *process) answer(who *people.Person, id string, comes, aligned standard.YesNo, known int) error {
	r := standard.Response{Goal: "They see our cases.", Comes: comes, Aligned: aligned, Missing: "Who decides there?"}
	return p.ChangeBrief(p.ctx, who, id, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Answer(a, r, known, at)
	})
}

func (p *process) sendAnew(who *people.Person, id string, days, known int) error {
	v := p.meeting(days)
	v.Homework += " Ms Halloran decides."
	return p.ChangeBrief(p.ctx, who, id, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Send(a, v, known, at, p.Shelf.Library().Location)
	})
}

func (p *process) judge(who *people.Person, id string, was standard.YesNo) error {
	return p.ChangeBrief(p.ctx, who, id, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Judge(a, standard.Worth{Was: was}, at)
	})
}

func (p *process) closeBrief(who *people.Person, id string, how standard.How, known int) error {
	return p.ChangeBrief(p.ctx, who, id, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Close(a, how, known, at)
	})
}

// asked counts what waits for somebody.
func (p *process) asked(who *people.Person) int {
	p.t.Helper()
	list, err := p.WaitingBriefs(p.ctx, who.ID, 50)
	p.ok("what waits", err)
	return len(list)
}

func (p *process) tally(person string) programme.MeetingTally {
	p.t.Helper()
	t, err := p.BriefTally(p.ctx, person, 100)
	if p.ok("count", err); t.Days != 365 {
		p.t.Errorf("counted are %d days, want a year", t.Days)
	}
	return programme.MeetingTally{Meetings: t.Meetings, Worth: t.Worth}
}

// TestBriefThereAndBack follows one brief: something is missing, it is sent anew, the
// meeting is on, takes place, and both say what it was worth.
func TestBriefThereAndBack(t *testing.T) {
	c := newCompany(t)
	p := c.start(t)
	s := p.tableOfTwo()
	waits := func(what string, sales, operations int) {
		t.Helper()
		if a, b := p.asked(s.sales), p.asked(s.operations); a != sales || b != operations {
			t.Errorf("%s: %d wait for sales and %d for operations, want %d and %d", what, a, b, sales, operations)
		}
	}
	b := p.brief(s.sales, s.operations, s.account.ID, "form")
	if again := p.brief(s.sales, s.operations, s.account.ID, "form"); again.ID != b.ID {
		t.Error("the same form twice sends two briefs")
	}
	if other := p.brief(s.sales, s.care, s.account.ID, "form"); other.ID == b.ID {
		t.Error("another form that was made in the same moment is lost")
	}
	waits("sent", 0, 1)
	p.is("answer for the guest", p.answer(s.care, b.ID, standard.Yes, standard.Yes, 1), programme.ErrForbidden)
	p.ok("answer", p.answer(s.operations, b.ID, standard.Yes, standard.No, 1))
	p.ok("answer twice", p.answer(s.operations, b.ID, standard.Yes, standard.No, 1))
	waits("not aligned", 1, 0)
	p.is("send from an old page", p.sendAnew(s.sales, b.ID, 2, 1), programme.ErrStale)
	p.ok("send anew", p.sendAnew(s.sales, b.ID, 2, 2))
	waits("sent anew", 0, 1)
	p.ok("agree", p.answer(s.operations, b.ID, standard.Yes, standard.Yes, 3))
	waits("on", 0, 0)
	p.is("judge too early", p.judge(s.sales, b.ID, standard.Yes), programme.ErrNotNow)
	c.at(p.readBrief(b.ID).Over.Add(-time.Millisecond))
	waits("just before its end", 0, 0)
	c.pass(time.Millisecond)
	waits("over", 1, 1)
	writes, _ := p.counted(func() { p.ok("judge", p.judge(s.operations, b.ID, standard.Yes)) })
	if !slices.Equal(writes, []string{"replace briefs"}) {
		t.Errorf("saying what it was worth writes %v", writes)
	}
	waits("one has said", 1, 0)
	if got, want := p.tally(""), (programme.MeetingTally{Meetings: 1, Worth: 1}); got != want {
		t.Errorf("counted %+v", got)
	}
	p.ok("judge", p.judge(s.sales, b.ID, standard.No))
	waits("both have said", 0, 0)
	for who, want := range map[string]programme.MeetingTally{"": {Meetings: 1}, s.sales.ID: {Meetings: 1}, s.operations.ID: {Meetings: 1}, s.care.ID: {}} {
		if got := p.tally(who); got != want {
			t.Errorf("of %q are counted %+v, want %+v", who, got, want)
		}
	}
	c.pass(40 * day)
	for most, want := range map[int]programme.MeetingTally{2: {Meetings: 1, Days: 365}, 1: {Days: 30}} {
		if got, err := p.BriefTally(p.ctx, "", most); err != nil || got != want {
			t.Errorf("up to %d are counted %+v, %v, want %+v", most, got, err, want)
		}
	}
	c.pass(326 * day)
	if got := p.tally(""); got != (programme.MeetingTally{}) {
		t.Errorf("after a year are counted %+v", got)
	}
	over, _, err := p.Briefs(p.ctx, true, store.Cursor{}, 10)
	of, err2 := p.BriefsOf(p.ctx, s.account.ID, 10)
	mine, err3 := p.MyBriefs(p.ctx, s.sales.ID, 10)
	if p.ok("list", errors.Join(err, err2, err3)); len(over) != 2 || len(of) != 2 || len(mine) != 2 {
		t.Errorf("%d are over, %d of the account, %d mine; want 2 of each", len(over), len(of), len(mine))
	}
}

// TestRefusedBriefs: whom one can't bring along, and what can't be, is refused before
// anything is written.
func TestRefusedBriefs(t *testing.T) {
	p := newCompany(t).start(t)
	s := p.tableOfTwo()
	gone := p.person("Gil", people.RoleOperations)
	_, err := p.People.Disable(p.ctx, gone.ID)
	p.ok("disable", err)
	send := func(by *people.Person, guest, account string, days int) error {
		_, err := p.SendBrief(p.ctx, by, programme.NewBrief{Guest: guest, Account: account, Invitation: p.meeting(days)})
		return err
	}
	writes, _ := p.counted(func() {
		for want, err := range map[string]error{
			"to: missing":           send(s.sales, "", "", 1),
			"to: along":             send(s.sales, s.speaks.ID, "", 1),
			"to: along ":            send(s.sales, "nobody", "", 1),
			"to: along  ":           send(s.sales, gone.ID, "", 1),
			"to: along   ":          send(s.operations, s.operations.ID, "", 1),
			"account: unknown":      send(s.sales, s.care.ID, "nothing", 1),
			"on: past; to: missing": send(s.sales, "", "", -1),
			"not found":             p.judge(s.sales, "nothing", standard.Yes),
			"not found ":            p.judge(s.sales, "no/such id", standard.Yes),
		} {
			if err == nil || !strings.HasSuffix(err.Error(), strings.TrimSpace(want)) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	})
	if len(writes) > 0 {
		t.Errorf("a refusal writes: %v", writes)
	}
}
