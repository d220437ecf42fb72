package programme_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

const (
	rushCall  = "rush-call"
	sellCalls = "sell-calls" // the scenario alone, beside the quiz that its clause needs

	rushCallFile = "courses/onboarding/20-together/90-call.scenario.md"
)

// withCalls adds a scenario and a certification that asks for it. Its best path
// is 0, 0; 1 is fatal; 2 leads back to where it is.
var withCalls = []edit{
	{File: rushCallFile, New: `---
id: rush-call
title: A rush call
start: the-ring
state: {trust: 5 of 10, homework: no}
show: [trust]
pass: trust >= 6
ends: {lost: fail}
attempts: 2
cooldown: [24h]
---
## The ring

It rings.

- [Ask what for](#the-aim "trust +2; homework = yes")
  > Ask first: [handoff](../../../standard/together.md#handoff).
- [Promise it](#lost "fatal")
  > That was not yours to promise.
- [Let it ring](#the-ring "trust -1")
  > They notice.

## The aim

They tell you.

- [Name the tier](#signed "trust +1; needs: homework")
  > The tier holds it.
- [Give up](#lost)
  > There was a tier.

## Signed

It is signed.

## Lost

It is gone.
`},
	{File: "certifications/sell-calls.md", New: `---
id: sell-calls
title: Sells by phone
offerings: [searches]
requires:
  - quiz: handoff-check
  - scenario: rush-call
covers: [together/handoff]
---
The holder can take a call.
`},
}

// calls is the library with that scenario and certification.
func calls(t testing.TB, edits ...edit) fstest.MapFS {
	t.Helper()
	return library(t, append(slices.Clone(withCalls), edits...)...).(fstest.MapFS)
}

// callCentre is a company with that library.
func callCentre(t testing.TB) *company {
	c := newCompany(t)
	c.edit(calls(t))
	return c
}

// play starts a play that counts.
func (p *process) play(person string) (attempt string) {
	p.t.Helper()
	id, err := p.Play(p.ctx, person, rushCall)
	p.ok("play", err)
	return id
}

// token is what a page of the attempt posts for a choice at the step where it
// stands.
func (p *process) token(attempt string, choice int) (step int, token string, err error) {
	a, err := p.Attempt(p.ctx, attempt)
	if err != nil {
		return 0, "", err
	}
	s, err := p.Scenario(p.ctx, a)
	if err != nil {
		return 0, "", err
	}
	at, err := s.Position(a.Play)
	if err != nil || choice >= len(at.Offers) {
		return at.Step, "", err
	}
	return at.Step, at.Offers[choice].Token, nil
}

// choose makes choices one after the other and returns the last outcome.
func (p *process) choose(person, attempt string, choices ...int) (out *programme.Chosen) {
	p.t.Helper()
	for _, choice := range choices {
		step, token, err := p.token(attempt, choice)
		p.ok("read the play", err)
		out, err = p.Choose(p.ctx, person, attempt, step, token)
		p.ok("choose", err)
	}
	return out
}

func TestPlay(t *testing.T) {
	p := callCentre(t).start(t)
	ann := p.rep("Ann")
	p.take(ann, handoffCheck, true)
	p.drain()
	var id string
	var out *programme.Chosen
	for _, test := range []struct {
		name   string
		do     func()
		reads  int // at most; what the test itself reads included
		writes []string
	}{
		{"play", func() { id = p.play(ann) }, 2, []string{"insert attempts"}},
		{"play again", func() { p.play(ann) }, 2, nil},
		{"choose", func() { p.choose(ann, id, 2) }, 3, []string{"replace attempts"}},
		{"settle the start", p.drain, 12, []string{"replace records", "replace attempts"}},
		{"choose on", func() { p.choose(ann, id, 0) }, 3, []string{"replace attempts"}},
		{"choose what certifies", func() { out = p.choose(ann, id, 0) }, 8, []string{"replace attempts", "insert certificates"}},
		{"settle the end", p.drain, 16, []string{"replace records", "replace attempts"}},
	} {
		writes, reads := p.counted(test.do)
		if !slices.Equal(writes, test.writes) || reads > test.reads {
			t.Errorf("%s: %d reads, %v\nwant at most %d, %v", test.name, reads, writes, test.reads, test.writes)
		}
	}
	res := out.Attempt.Play.Result
	if out.Attempt.State != quiz.Graded || !out.Attempt.Passed() || res.End != "signed" || !slices.Equal(res.Values, scenario.Values{7, 1}) {
		t.Errorf("the play ended as %+v", res)
	}
	if got := named(out.Issued); !slices.Equal(got, []string{sellCalls + "/1"}) || !slices.Equal(p.certificates(ann), got) {
		t.Errorf("issued %v, stored %v, want %s once", got, p.certificates(ann), sellCalls)
	}
	if cl := p.clearance(ann, sellCalls); !cl.Cleared() || cl.Done != 2 {
		t.Errorf("clearance %+v", cl)
	}
	if again := p.choose(ann, id); again != nil {
		t.Error("nothing was chosen, and something came of it")
	}
	checkSettled(t, p, ann)
	checkReplay(t, p, id)
}

// checkReplay holds that grading the recorded moves again gives what is stored.
func checkReplay(t *testing.T, p *process, id string) {
	t.Helper()
	a, err := p.Attempt(p.ctx, id)
	p.ok("read the play", err)
	s, err := p.Scenario(p.ctx, a)
	p.ok("read its scenario", err)
	again, err := s.Regrade(a.Play)
	p.ok("grade it again", err)
	if diff := cmp.Diff(a.Play.Result, again, emptyIsNil); diff != "" || again.Passed != a.Passed() {
		t.Errorf("graded again, -stored, +again:\n%s", diff)
	}
}

// A failed play cools down and counts; a manager's grant lifts both.
func TestPlayRules(t *testing.T) {
	c := callCentre(t)
	p := c.start(t)
	ann, key := p.rep("Ann"), scenario.Key(rushCall)
	id := p.play(ann)
	if out := p.choose(ann, id, 1); out.Attempt.Passed() || out.Attempt.Play.Result.Outcome != scenario.Fatal || len(out.Issued) > 0 {
		t.Fatalf("after a fatal choice: %+v", out.Attempt.Play.Result)
	}
	adm := p.admission(ann, key)
	if adm.Reason != quiz.CoolingDown || adm.Left != 1 || !adm.FreeAt.Equal(c.Now().Add(day)) {
		t.Errorf("after a failed play: %+v", adm)
	}
	var refused *programme.NotAdmitted
	if _, err := p.Play(p.ctx, ann, rushCall); !errors.As(err, &refused) || refused.Admission.Reason != quiz.CoolingDown {
		t.Errorf("while it cools down: %v", err)
	}
	c.pass(day)
	p.choose(ann, p.play(ann), 0, 1)
	if adm := p.admission(ann, key); adm.Reason != quiz.UsedUp {
		t.Errorf("after both attempts: %+v", adm)
	}
	if cl := p.clearance(ann, sellCalls); cl.Quiz != key {
		t.Errorf("the board does not name the scenario: %+v", cl)
	}
	p.ok("grant", p.Grant(p.ctx, "the-manager", ann, key, 0, "tried hard"))
	if err := p.Grant(p.ctx, "the-manager", ann, key, 0, "twice"); !errors.Is(err, programme.ErrStale) {
		t.Errorf("the same grant again: %v", err)
	}
	out := p.choose(ann, p.play(ann), 0, 0)
	if !out.Attempt.Passed() || out.Attempt.Number != 3 {
		t.Errorf("the granted play: %+v", out.Attempt.Attempt)
	}
	if _, err := p.Play(p.ctx, ann, rushCall); !errors.As(err, &refused) || refused.Admission.Reason != quiz.AlreadyPassed {
		t.Errorf("after it is passed: %v", err)
	}
	p.drain()
	checkSettled(t, p, ann)
}

// Practice counts for nothing, and there is one run a person and scenario.
func TestPractice(t *testing.T) {
	p := callCentre(t).start(t)
	ann, ben := p.rep("Ann"), p.rep("Ben")
	practise := func() (id string) {
		t.Helper()
		id, err := p.Practise(p.ctx, ann, rushCall)
		p.ok("practise", err)
		return id
	}
	if id, open, err := p.PracticeOf(p.ctx, ann, rushCall); id != "" || open || err != nil {
		t.Errorf("before the first run: %q, %v, %v", id, open, err)
	}
	id := practise()
	p.choose(ann, id, 0, 0)
	if writes, _ := p.counted(p.drain); len(writes) > 0 {
		t.Errorf("a practice run that is over causes %v", writes)
	}
	if st := p.standing(ann); len(st.Evidence.Tries) > 0 || len(st.Open) > 0 || len(p.certificates(ann)) > 0 {
		t.Errorf("practice counts: %+v", st.Evidence)
	}
	a, err := p.Attempt(p.ctx, id)
	p.ok("read", err)
	if !a.Practice() || !a.Passed() || a.State != quiz.Graded {
		t.Errorf("the run is %+v", a)
	}
	old := a.Play.Secret
	if again := practise(); again != id {
		t.Errorf("a second run has the id %s, want %s", again, id)
	}
	a, err = p.Attempt(p.ctx, id)
	p.ok("read", err)
	if a.State != quiz.Open || len(a.Play.Path) > 0 || a.Play.Secret == old || !a.Submitted.IsZero() {
		t.Errorf("begun anew, the run is %+v", a)
	}
	if got, open, err := p.PracticeOf(p.ctx, ann, rushCall); got != id || !open || err != nil {
		t.Errorf("the run that is open: %q, %v, %v", got, open, err)
	}
	if got, _, err := p.PracticeOf(p.ctx, ben, rushCall); got != "" || err != nil {
		t.Errorf("somebody else's run: %q, %v", got, err)
	}
	if adm := p.admission(ann, scenario.Key(rushCall)); adm.Reason != quiz.MayStart || adm.Used != 0 {
		t.Errorf("after practice: %+v", adm)
	}
}

// Who may do what with an attempt, and with which kind of it.
func TestPlayRefuses(t *testing.T) {
	p := callCentre(t).start(t)
	ann, ben := p.rep("Ann"), p.rep("Ben")
	play, sheet := p.play(ann), p.begin(ann, handoffCheck)
	step, token, err := p.token(play, 0)
	p.ok("read", err)
	saves := p.answers(sheet, 0)
	for name, try := range map[string]func() error{
		"somebody else's play":   func() error { _, err := p.Choose(p.ctx, ben, play, step, token); return err },
		"a choice in a quiz":     func() error { _, err := p.Choose(p.ctx, ann, sheet, 0, token); return err },
		"a choice in nothing":    func() error { _, err := p.Choose(p.ctx, ann, "x", 0, token); return err },
		"answers to a play":      func() error { _, _, err := p.Save(p.ctx, ann, play, saves); return err },
		"submitting a play":      func() error { _, err := p.Submit(p.ctx, ann, play, nil); return err },
		"a scenario that is not": func() error { _, err := p.Play(p.ctx, ann, "x"); return err },
		"practice of nothing":    func() error { _, err := p.Practise(p.ctx, ann, "x"); return err },
	} {
		writes, _ := p.counted(func() { err = try() })
		if !errors.Is(err, programme.ErrNotFound) || len(writes) > 0 {
			t.Errorf("%s: %v, writes %v; want ErrNotFound and none", name, err, writes)
		}
	}
	p.choose(ann, play, 0)
	for name, try := range map[string]struct {
		step  int
		token string
		want  error
	}{
		"the same choice again":    {step, token, nil},
		"another one at that step": {step, "aaaaaaaaaaaaaaaa", scenario.ErrMoved},
		"a step that is to come":   {7, token, scenario.ErrNotOffered},
		"a token of another step":  {1, token, scenario.ErrNotOffered},
	} {
		var out *programme.Chosen
		writes, _ := p.counted(func() { out, err = p.Choose(p.ctx, ann, play, try.step, try.token) })
		if !errors.Is(err, try.want) || len(writes) > 0 || out == nil || len(out.Attempt.Play.Path) != 1 {
			t.Errorf("%s: %v, writes %v, %+v", name, err, writes, out)
		}
	}
}

// A play pins its scenario: an edit touches neither its way nor its grading,
// also for a process that has only read the edited content.
func TestPlayPins(t *testing.T) {
	c := callCentre(t)
	p := c.start(t)
	ann := p.rep("Ann")
	id := p.play(ann)
	p.choose(ann, id, 0)
	edited := calls(t, edit{rushCallFile, "trust +1; needs: homework", "trust -5"},
		edit{rushCallFile, "[Give up](#lost)", "[Give up](#signed)"}, edit{rushCallFile, "They tell you.", "They hang up."})
	p.reload(edited)
	other := c.start(t)
	a, err := other.Attempt(other.ctx, id)
	other.ok("read", err)
	s, err := other.Scenario(other.ctx, a)
	other.ok("read its scenario", err)
	if s.Rev == other.Shelf.Library().Scenario(rushCall).Rev || !strings.Contains(s.Scene("the-aim").HTML, "They tell you.") {
		t.Error("the play shows the edited scenario")
	}
	if out := other.choose(ann, id, 0); !out.Attempt.Passed() {
		t.Errorf("graded by the edited scenario: %+v", out.Attempt.Play.Result)
	}
	checkReplay(t, p, id)
	p.drain()
	checkSettled(t, p, ann)
}

// TestHundredChoices makes one last choice a hundred times on two servers,
// while both run their outbox: one graded play, one certificate.
func TestHundredChoices(t *testing.T) {
	c := callCentre(t)
	servers := [2]*process{c.start(t), c.start(t)}
	p := servers[0]
	ann := p.rep("Ann")
	p.take(ann, handoffCheck, true)
	id := p.play(ann)
	p.choose(ann, id, 0)
	step, token, err := p.token(id, 0)
	p.ok("read", err)
	outs, errs := together(104, func(i int) (*programme.Chosen, error) {
		server := servers[i%2]
		if i%26 == 13 {
			_, err := server.Drain(server.ctx)
			return nil, err
		}
		return server.Choose(server.ctx, ann, id, step, token)
	})
	for i, out := range outs {
		if errs[i] != nil {
			t.Fatalf("%d: %v", i, errs[i])
		}
		if out != nil && (!out.Attempt.Passed() || len(out.Attempt.Play.Path) != 2) {
			t.Fatalf("%d was told %+v", i, out.Attempt.Play)
		}
	}
	p.drain()
	checkSettled(t, p, ann)
	if got := p.certificates(ann); !slices.Equal(got, []string{sellCalls + "/1"}) {
		t.Errorf("certificates %v, want one", got)
	}
}

// playWalk is the path of a rep who plays and is certified by it. What is done
// already is skipped; ack hears of what she was told is done.
func (p *process) playWalk(ann string, ack func(string)) error {
	id, err := p.Play(p.ctx, ann, rushCall)
	if refused := (*programme.NotAdmitted)(nil); errors.As(err, &refused) && refused.Admission.Reason == quiz.AlreadyPassed {
		_, err = p.Drain(p.ctx)
		return err
	}
	if err != nil {
		return err
	}
	ack("start " + id)
	for {
		step, token, err := p.token(id, 0)
		if err != nil {
			return err
		}
		if token == "" {
			break
		}
		out, err := p.Choose(p.ctx, ann, id, step, token)
		if err != nil {
			return err
		}
		ack("chose")
		for _, c := range out.Issued {
			ack("certificate " + c.Meta.ID)
		}
	}
	_, err = p.Drain(p.ctx)
	return err
}

// checkPlayed looks at what a walk that broke off has left, goes on, and looks
// again.
func checkPlayed(t *testing.T, p *process, ann string, acks []string) {
	t.Helper()
	key := scenario.Key(rushCall)
	tries := p.standing(ann).Evidence.Tries[key]
	if started := slices.ContainsFunc(acks, func(a string) bool { return strings.HasPrefix(a, "start ") }); len(tries) > 1 || started && len(tries) == 0 {
		t.Fatalf("%d plays after %v", len(tries), acks)
	}
	if len(tries) == 1 {
		a, err := p.Attempt(p.ctx, tries[0].Attempt)
		p.ok("read the play", err)
		chose := 0
		for _, ack := range acks {
			if ack == "chose" {
				chose++
			}
		}
		if len(a.Play.Path) < chose || len(a.Play.Path) > chose+1 {
			t.Errorf("%d choices are kept, %d were acknowledged", len(a.Play.Path), chose)
		}
	}
	for range 2 { // the first may end with a certificate that waits for the outbox
		p.ok("go on", p.playWalk(ann, func(string) {}))
	}
	p.drain()
	checkSettled(t, p, ann)
	if got := p.certificates(ann); !slices.Equal(got, []string{sellCalls + "/1"}) || len(p.standing(ann).Evidence.Tries[key]) != 1 {
		t.Errorf("in the end: certificates %v, plays %+v", got, p.standing(ann).Evidence.Tries[key])
	}
}
