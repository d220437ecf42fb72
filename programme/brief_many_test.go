package programme_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// TestBriefsAtOnce sends each form of a brief many times, at once, through two
// programmes on one file: one brief, one answer, and of an answer and a new
// invitation at once one is told that it was overtaken. What both say afterwards is
// kept.
func TestBriefsAtOnce(t *testing.T) {
	c, servers := pair(t)
	p := servers[0]
	s := p.tableOfTwo()
	for n := range 6 {
		once := fmt.Sprint("form ", n)
		sent, errs := together(12, func(i int) (*programme.Brief, error) {
			server := servers[i%2]
			return server.SendBrief(server.ctx, s.sales, programme.NewBrief{Guest: s.operations.ID, Invitation: p.meeting(2), Once: once})
		})
		p.ok("send", errors.Join(errs...))
		id := sent[0].ID
		_, errs = together(2, func(i int) (any, error) {
			if i == 0 {
				return nil, servers[0].answer(s.operations, id, standard.Yes, standard.Yes, 1)
			}
			return nil, servers[1].sendAnew(s.sales, id, 2, 1)
		})
		b := p.readBrief(id)
		if (errs[0] == nil) == (errs[1] == nil) || len(b.Said) != 2 || (b.Said[1].Response != nil) != (errs[0] == nil) {
			t.Fatalf("answered %v, sent anew %v: %+v", errs[0], errs[1], b.Said)
		}
		known := 1
		if errs[0] != nil {
			p.is("the answer", errs[0], programme.ErrStale)
			known = 2
		}
		_, errs = together(8, func(i int) (any, error) {
			return nil, servers[i%2].answer(s.operations, id, standard.Yes, standard.Yes, known)
		})
		p.ok("answer", errors.Join(errs...))
		c.at(b.Over)
		_, errs = together(12, func(i int) (any, error) {
			who := []*people.Person{s.sales, s.operations}[i/2%2]
			return nil, servers[i%2].judge(who, id, standard.Yes)
		})
		p.ok("judge", errors.Join(errs...))
		if b = p.readBrief(id); len(b.Said) != known+1 || len(b.Worth) != 2 || b.State(c.Now()) != standard.BriefOver {
			t.Errorf("in the end: %+v", b)
		}
		if got, want := p.tally(""), (programme.MeetingTally{Meetings: n + 1, Worth: n + 1}); got != want {
			t.Errorf("counted %+v, want %+v", got, want)
		}
	}
}

// TestBriefsAreFoundAsTheRulesSay lets three people do whatever comes to their minds
// with a few briefs, while time passes: what is found to wait for each of them, and
// what is counted, is what the rules say of every brief.
func TestBriefsAreFoundAsTheRulesSay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		company := companyAt(rt, t.TempDir())
		p := company.startIn(rt, t.Context())
		defer p.stop()
		ann, olu, ola := p.person("Ann", people.RoleRep), p.person("Olu", people.RoleOperations), p.person("Ola", people.RoleCare)
		ids := []string{p.brief(ann, olu, "", "a").ID, p.brief(olu, ola, "", "b").ID, p.brief(ann, ola, "", "c").ID}
		everybody := []*people.Person{ann, olu, ola}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			p.doAnythingWith(rt, company, rapid.SampledFrom(ids).Draw(rt, "brief"), rapid.SampledFrom(everybody).Draw(rt, "who"))
		}
		var all programme.MeetingTally
		for _, who := range everybody {
			list, err := p.WaitingBriefs(p.ctx, who.ID, 50)
			p.ok("what waits", err)
			mine, her := map[string]int{}, programme.MeetingTally{}
			for _, b := range list {
				mine[b.ID]++
			}
			for _, id := range ids {
				b, want := p.readBrief(id), 0
				if waitsNow(b, who.ID, p.Now()) {
					want = 1
				}
				if mine[id] != want {
					rt.Fatalf("%s finds it %d times waiting, want %d: %+v", who.First, mine[id], want, b)
				}
				if b.Outcome() != "" && (b.Sender == who.ID || b.Guest == who.ID) {
					her = with(her, b)
				}
			}
			if got := p.tally(who.ID); got != her {
				rt.Fatalf("of %s are counted %+v, want %+v", who.First, got, her)
			}
		}
		for _, id := range ids {
			if b := p.readBrief(id); b.Outcome() != "" {
				all = with(all, b)
			}
		}
		if got := p.tally(""); got != all {
			rt.Fatalf("of all are counted %+v, want %+v", got, all)
		}
		p.holdLists(rt, ids)
	})
}

// with counts one meeting more.
func with(t programme.MeetingTally, b *programme.Brief) programme.MeetingTally {
	t.Meetings++
	if b.Outcome() == standard.Yes {
		t.Worth++
	}
	return t
}

// waitsNow is what the rules say of whom a brief waits for.
func waitsNow(b *programme.Brief, who string, now time.Time) bool {
	switch b.State(now) {
	case standard.BriefWaits, standard.BriefBack:
		return b.Asks() == who
	case standard.BriefOver:
		return slices.Contains(b.Owe(), who)
	}
	return false
}

// holdLists holds that every brief is either to come or over.
func (p *process) holdLists(rt *rapid.T, ids []string) {
	coming, _, err := p.Briefs(p.ctx, false, store.Cursor{}, 10)
	over, _, err2 := p.Briefs(p.ctx, true, store.Cursor{}, 10)
	p.ok("list", errors.Join(err, err2))
	for _, b := range coming {
		if !p.Now().Before(b.Invitation().Over) {
			rt.Fatalf("is over, and stands among those to come: %+v", b)
		}
	}
	if len(coming)+len(over) != len(ids) {
		rt.Fatalf("%d to come and %d over, of %d", len(coming), len(over), len(ids))
	}
}

// doAnythingWith is one act that may well be refused.
func (p *process) doAnythingWith(rt *rapid.T, company *company, id string, who *people.Person) {
	b, yesNo := p.readBrief(id), []standard.YesNo{standard.Yes, standard.Yes, standard.No}
	var err error
	switch rapid.IntRange(0, 6).Draw(rt, "act") {
	case 0:
		company.pass(time.Duration(rapid.IntRange(1, 40).Draw(rt, "hours")) * time.Hour)
	case 1, 2:
		err = p.answer(who, id, rapid.SampledFrom(yesNo).Draw(rt, "comes"), rapid.SampledFrom(yesNo).Draw(rt, "aligned"), len(b.Said))
	case 3:
		err = p.sendAnew(who, id, rapid.IntRange(0, 3).Draw(rt, "days"), len(b.Said))
	case 4:
		err = p.closeBrief(who, id, rapid.SampledFrom([]standard.How{standard.Withdrawn, standard.Without}).Draw(rt, "how"), len(b.Said))
	default:
		err = p.judge(who, id, rapid.SampledFrom(yesNo).Draw(rt, "was"))
	}
	var invalid standard.Invalids // sent anew with nothing new
	if errors.Is(err, programme.ErrForbidden) || errors.Is(err, programme.ErrStale) || errors.Is(err, programme.ErrNotNow) || errors.As(err, &invalid) {
		return
	}
	p.ok("do something", err)
}

// briefWalk is a brief from its first word to the last: Ann asks Olu along, who
// comes; afterwards both say what it was worth. What is done already is passed over.
func (p *process) briefWalk(person string, ack func(string)) error {
	p.company.at(monday.Add(day))
	ann, err := p.People.Get(p.ctx, person)
	if err != nil {
		return err
	}
	olu, err := p.People.ByEmail(p.ctx, "Olu@tern.test")
	if err != nil {
		return err
	}
	b, err := p.SendBrief(p.ctx, ann, programme.NewBrief{Guest: olu.ID, Invitation: p.meeting(2), Once: "walk"})
	if err != nil {
		return err
	}
	ack("sent")
	if err := p.answer(olu, b.ID, standard.Yes, standard.Yes, 1); err != nil {
		return err
	}
	ack("answered")
	p.company.at(b.Over)
	for name, who := range map[string]*people.Person{"Ann": ann, "Olu": olu} {
		if err := p.judge(who, b.ID, standard.Yes); err != nil {
			return err
		}
		ack("judged by " + name)
	}
	return nil
}

func checkBriefed(t *testing.T, p *process, ann string, acks []string) {
	t.Helper()
	look := func(least int) {
		t.Helper()
		list, err := p.MyBriefs(p.ctx, ann, 10)
		p.ok("list", err)
		done := len(list)
		for _, b := range list {
			done += len(b.Said) - 1 + len(b.Worth)
			if len(list) > 1 || len(b.Said) > 2 || len(b.Worth) > 2 {
				t.Errorf("it is there twice: %+v", list)
			}
		}
		// One more may have been done, of which nobody heard.
		if done < least || done > least+1 {
			t.Errorf("%d steps are done after %v", done, acks)
		}
	}
	look(len(slices.DeleteFunc(slices.Clone(acks), func(a string) bool { return a == "" })))
	p.ok("go on", p.briefWalk(ann, func(string) {}))
	look(4)
	if got, want := p.tally(ann), (programme.MeetingTally{Meetings: 1, Worth: 1}); got != want || p.asked(&people.Person{Meta: store.Meta{ID: ann}}) != 0 {
		t.Errorf("in the end are counted %+v, want %+v", got, want)
	}
}
