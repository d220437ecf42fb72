package programme_test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// A staged is one play as the model knows it: the scenario as it was when the
// play began, and the choices, in memory. Both come from the store once, at
// the beginning; what becomes of them is worked out by the scenario alone.
type staged struct {
	id       string
	scenario *scenario.Scenario
	play     *scenario.Play
}

const callKey = "scenario/" + rushCall

// stages are the states of the content, all with a scenario in them but one,
// and some with another one.
func stages(t rapid.TB) (list []fs.FS) {
	for i, edits := range states() {
		all := append(slices.Clone(withCalls), edits...)
		switch i {
		case 1:
			all = append(all, edit{rushCallFile, `"trust +2; homework = yes"`, `"trust +1; homework = yes"`})
		case 2:
			all = append(all, edit{rushCallFile, "attempts: 2", "attempts: 3"})
		case 4:
			all = append(all, edit{File: "certifications/sell-calls.md"}, edit{File: rushCallFile})
		case 7: // the quiz that it asks for is gone
			all = append(all, edit{"certifications/sell-calls.md", "handoff-check", "box-check"})
		}
		list = append(list, library(t, all...))
	}
	return list
}

// sittings are the keys of the attempts that are open, at quizzes or plays.
func (l *life) sittings(plays bool) (keys []string) {
	for _, key := range slices.Sorted(maps.Keys(l.open)) {
		if (l.open[key].play != nil) == plays {
			keys = append(keys, key)
		}
	}
	return keys
}

// stage reads how a play begins.
func (m *machine) stage(p *process, id string) *staged {
	a, err := p.Attempt(p.ctx, id)
	p.ok("read the play", err)
	s, err := p.Scenario(p.ctx, a)
	p.ok("read its scenario", err)
	if len(a.Play.Path) != 0 || a.Play.Result != nil {
		p.t.Fatalf("a play begins with %+v", a.Play)
	}
	play := *a.Play
	return &staged{id, s, &play}
}

func (m *machine) Play(t *rapid.T) {
	p, ann, life := m.one(t, func(l *life) bool { return l.open[callKey] == nil })
	lib, now := p.Shelf.Library(), m.company.Now()
	id, err := p.Play(p.ctx, ann, rushCall)
	if lib.Scenario(rushCall) == nil {
		wantError(t, err, programme.ErrNotFound)
		return
	}
	adm := life.admit(lib, callKey, now)
	var refused *programme.NotAdmitted
	switch {
	case adm.Reason == quiz.InProgress:
		if err != nil || id != life.open[callKey].id {
			t.Fatalf("play: %q, %v, want the open play %s", id, err, life.open[callKey].id)
		}
	case adm.Reason != quiz.MayStart:
		if !errors.As(err, &refused) || refused.Admission.Reason != adm.Reason {
			t.Fatalf("play: %v, want to be refused: %s", err, adm.Reason)
		}
	default:
		p.ok("play", err)
		s := &sitting{id: id, quiz: callKey, cycle: life.cycle(lib, callKey), number: adm.Next, started: now, play: m.stage(p, id)}
		life.open[callKey] = s
		life.setTry(quiz.Try{Attempt: id, Cycle: s.cycle, Number: s.number, State: quiz.Open, Started: now}, callKey)
	}
}

// Practise begins a run that counts for nothing, instead of the last one.
func (m *machine) Practise(t *rapid.T) {
	p, ann, life := m.one(t, anybody)
	id, err := p.Practise(p.ctx, ann, rushCall)
	if p.Shelf.Library().Scenario(rushCall) == nil {
		wantError(t, err, programme.ErrNotFound)
		return
	}
	p.ok("practise", err)
	life.practice = m.stage(p, id)
}

// choose makes the same choice in the model and at the server, twice.
func (m *machine) choose(t *rapid.T, p *process, ann string, s *staged) *programme.Chosen {
	at, err := s.scenario.Position(s.play)
	p.ok("look where the play stands", err)
	offer := rapid.SampledFrom(at.Offers).Draw(t, "offer")
	moved, want := s.scenario.Choose(s.play, at.Step, offer.Token, m.company.Now())
	out, err := p.Choose(p.ctx, ann, s.id, at.Step, offer.Token)
	if want != nil {
		wantError(t, err, want)
		return out
	}
	p.ok("choose", err)
	again, err := p.Choose(p.ctx, ann, s.id, at.Step, offer.Token)
	p.ok("choose again", err)
	if !moved || len(again.Issued) > 0 {
		t.Fatalf("the model moved: %v; the second time issued %v", moved, named(again.Issued))
	}
	m.samePlay(t, s, again.Attempt)
	return out
}

func (m *machine) samePlay(t *rapid.T, s *staged, a *programme.Attempt) {
	t.Helper()
	if diff := cmp.Diff(s.play, a.Play, emptyIsNil); diff != "" || (a.State == quiz.Graded) != s.play.Over() {
		t.Fatalf("play %s is %s: -model, +stored:\n%s", s.id, a.State, diff)
	}
}

func (m *machine) Choose(t *rapid.T) {
	p, ann, life := m.oneOf(t, func(l *life) bool { return l.open[callKey] != nil })
	s, now := life.open[callKey], m.company.Now()
	out := m.choose(t, p, ann, s.play)
	if !s.play.play.Over() {
		return
	}
	passed := s.play.play.Result.Passed
	life.setTry(quiz.Try{
		Attempt: s.id, Cycle: s.cycle, Number: s.number, State: quiz.Graded,
		Started: s.started, Submitted: now, Passed: passed,
	}, callKey)
	delete(life.open, callKey)
	life.played = append(life.played, s.play)
	held := len(life.evidence.Held)
	life.earn(p.Shelf.Library(), now)
	if len(out.Issued) != len(life.evidence.Held)-held {
		t.Fatalf("the last choice issued %v, want %+v", named(out.Issued), life.evidence.Held[held:])
	}
	m.did(map[bool]string{false: "play, passed=false", true: "play, passed=true"}[passed])
	for range out.Issued {
		m.did("certificate by a play")
	}
}

func (m *machine) ChooseInPractice(t *rapid.T) {
	p, ann, life := m.oneOf(t, func(l *life) bool { return l.practice != nil && !l.practice.play.Over() })
	if m.choose(t, p, ann, life.practice); life.practice.play.Over() {
		m.did("practice over")
	}
}

// replay holds that a play that is over is stored as the model knows it, and
// that grading it again changes nothing.
func (m *machine) replay(t *rapid.T, p *process, s *staged) {
	t.Helper()
	a, err := p.Attempt(p.ctx, s.id)
	p.ok("read the play", err)
	m.samePlay(t, s, a)
	again, err := s.scenario.Regrade(a.Play)
	p.ok("grade it again", err)
	if diff := cmp.Diff(a.Play.Result, again, emptyIsNil); diff != "" {
		t.Fatalf("graded again, -stored, +again:\n%s", diff)
	}
}
