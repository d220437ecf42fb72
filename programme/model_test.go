package programme_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// A machine walks a company and its model side by side.
type machine struct {
	company  *company
	servers  []*process
	people   []string
	lives    map[string]*life
	variants []fs.FS
	events   map[string]int

	members  []*member           // by name; the people among them are who learns
	managers map[string][]string // by team
	folded   map[string]folded   // by person: what boards know
	tries    int                 // at signing in
	steps    int
}

func newMachine(t *rapid.T, folder string, events map[string]int) *machine {
	m := &machine{
		company: companyAt(t, folder), lives: map[string]*life{}, variants: stages(t), events: events,
		managers: map[string][]string{}, folded: map[string]folded{},
	}
	m.company.edit(m.variants[0])
	for range 2 {
		m.servers = append(m.servers, m.company.startIn(t, t.Context()))
	}
	m.hire()
	return m
}

// one picks a server and a person; most often one who fits, if any does.
func (m *machine) one(t *rapid.T, fits func(*life) bool) (*process, string, *life) {
	p := m.server(t)
	who := slices.DeleteFunc(slices.Clone(m.people), func(id string) bool { return !fits(m.lives[id]) })
	if len(who) == 0 || rapid.IntRange(0, 7).Draw(t, "anybody") == 7 {
		who = m.people
	}
	person := rapid.SampledFrom(who).Draw(t, "person")
	return p, person, m.lives[person]
}

// oneOf is one for what only those who fit can do. It skips before it draws
// anything, when nobody does: a walk that draws and then skips soon ends.
func (m *machine) oneOf(t *rapid.T, fits func(*life) bool) (*process, string, *life) {
	who := slices.DeleteFunc(slices.Clone(m.people), func(id string) bool { return !fits(m.lives[id]) })
	if len(who) == 0 {
		t.Skip("nobody can")
	}
	person := rapid.SampledFrom(who).Draw(t, "person")
	return m.server(t), person, m.lives[person]
}

func anybody(*life) bool { return true }

func sits(l *life) bool { return len(l.sittings(false)) > 0 }

// did counts what happened, to see that the walks come around.
func (m *machine) did(what string) { m.events[what]++ }

func (m *machine) Start(t *rapid.T) {
	p, ann, life := m.one(t, func(l *life) bool { return !sits(l) })
	lib, now := p.Shelf.Library(), m.company.Now()
	quizID := rapid.SampledFrom([]string{boxCheck, boxCheck, handoffCheck}).Draw(t, "quiz")
	id, err := p.Start(p.ctx, ann, nil, quizID)
	if lib.Quiz(quizID) == nil {
		wantError(t, err, programme.ErrNotFound)
		return
	}
	adm := life.admit(lib, quizID, now)
	var refused *programme.NotAdmitted
	switch {
	case adm.Reason == quiz.InProgress:
		if err != nil || id != life.open[quizID].id {
			t.Fatalf("start: %q, %v, want the open attempt %s", id, err, life.open[quizID].id)
		}
	case adm.Reason != quiz.MayStart:
		if !errors.As(err, &refused) || refused.Admission.Reason != adm.Reason {
			t.Fatalf("start: %v, want to be refused: %s", err, adm.Reason)
		}
	default:
		p.ok("start", err)
		m.sit(p, life, &sitting{
			id: id, quiz: quizID, cycle: life.cycle(lib, quizID), number: adm.Next,
			pass: lib.Quiz(quizID).Pass, started: now, critical: map[string]bool{}, right: map[string]bool{}, saves: map[string]int64{},
		})
	}
}

// sit notes an attempt that has just begun.
func (m *machine) sit(p *process, life *life, s *sitting) {
	a, err := p.Attempt(p.ctx, s.id)
	p.ok("read the attempt", err)
	items, err := p.Items(p.ctx, a)
	p.ok("read its items", err)
	for _, it := range items {
		s.questions, s.critical[it.ID] = append(s.questions, it.ID), it.Critical
	}
	life.open[s.quiz] = s
	life.setTry(quiz.Try{Attempt: s.id, Cycle: s.cycle, Number: s.number, State: quiz.Open, Started: s.started}, s.quiz)
}

// post draws answers to some questions of an open attempt and notes them.
func (m *machine) post(t *rapid.T, p *process, s *sitting, all bool) []quiz.Save {
	right, wrong := p.answers(s.id, 0), p.answers(s.id, -1)
	most := rapid.SampledFrom([]int{0, 0, 0, 1, 4}).Draw(t, "wrong")
	var saves []quiz.Save
	for i := range right {
		if !all && !rapid.Bool().Draw(t, "answered") {
			continue
		}
		save, good := right[i], true
		if most > 0 && rapid.Bool().Draw(t, "wrongly") {
			save, good, most = wrong[i], false, most-1
		}
		if known, answered := s.right[save.Item]; !answered || known != good {
			s.saves[save.Item]++
		}
		s.right[save.Item] = good
		saves = append(saves, save)
	}
	return saves
}

func (m *machine) pickOpen(t *rapid.T, life *life) *sitting {
	return life.open[rapid.SampledFrom(life.sittings(false)).Draw(t, "open")]
}

func (m *machine) Save(t *rapid.T) {
	p, ann, life := m.oneOf(t, sits)
	s := m.pickOpen(t, life)
	a, conflicts, err := p.Save(p.ctx, ann, s.id, m.post(t, p, s, false))
	p.ok("save", errors.Join(err, conflict(conflicts)))
	for _, q := range a.Questions {
		if _, answered := s.right[q.Item]; answered != (len(q.Answer) > 0) || q.Saves != s.saves[q.Item] {
			t.Fatalf("question %s: answer %v saved %d times, want answered %v, %d times", q.Item, q.Answer, q.Saves, answered, s.saves[q.Item])
		}
	}
}

func (m *machine) Submit(t *rapid.T) {
	p, ann, life := m.oneOf(t, sits)
	s, now := m.pickOpen(t, life), m.company.Now()
	out, err := p.Submit(p.ctx, ann, s.id, m.post(t, p, s, rapid.Bool().Draw(t, "all")))
	p.ok("submit", err)
	p.ok("submit", conflict(out.Conflicts))
	score, fatal := 0, false
	for _, item := range s.questions {
		if s.right[item] {
			score++
		} else {
			fatal = fatal || s.critical[item]
		}
		life.seen[item]++
	}
	passed := 100*score >= s.pass*len(s.questions) && !fatal
	life.setTry(quiz.Try{
		Attempt: s.id, Cycle: s.cycle, Number: s.number, State: quiz.Graded, Started: s.started,
		Submitted: now, Passed: passed, Percent: 100 * score / len(s.questions),
	}, s.quiz)
	delete(life.open, s.quiz)
	life.graded = append(life.graded, s)
	held := len(life.evidence.Held)
	life.earn(p.Shelf.Library(), now)
	if len(out.Issued) != len(life.evidence.Held)-held {
		t.Fatalf("submit issued %v, want %+v", named(out.Issued), life.evidence.Held[held:])
	}
	m.did(fmt.Sprint("graded, passed=", passed))
	for range out.Issued {
		m.did("certificate by a submit")
	}
}

func (m *machine) SubmitAgain(t *rapid.T) {
	p, ann, life := m.oneOf(t, func(l *life) bool { return len(l.graded) > 0 })
	s := rapid.SampledFrom(life.graded).Draw(t, "graded")
	out, err := p.Submit(p.ctx, ann, s.id, nil)
	p.ok("submit again", err)
	if out.Attempt.State != quiz.Graded || len(out.Conflicts) > 0 || len(out.Issued) > 0 {
		t.Fatalf("submit again: %+v", out)
	}
	if _, _, err := p.Save(p.ctx, ann, s.id, nil); !errors.Is(err, quiz.ErrGraded) {
		t.Fatalf("save after grading: %v", err)
	}
}

func (m *machine) Wait(t *rapid.T) {
	m.company.pass(rapid.SampledFrom([]time.Duration{time.Millisecond, 23 * time.Hour, 8 * day, 100 * day, 170 * day, 330 * day, 330 * day}).Draw(t, "how long"))
}

func (m *machine) Drain(t *rapid.T) {
	p := m.server(t)
	p.drain()
	m.settle(t, "as boards see it", p)
}

// Edit changes the content on both servers.
func (m *machine) Edit(t *rapid.T) {
	tree := m.variants[rapid.IntRange(0, len(m.variants)-1).Draw(t, "variant")]
	for _, p := range m.servers {
		p.t = t
		p.drain()
		p.reload(tree)
	}
	for _, p := range m.servers {
		p.sweep()
	}
	for _, life := range m.lives {
		held := len(life.evidence.Held)
		if life.earn(m.servers[0].Shelf.Library(), m.company.Now()); len(life.evidence.Held) > held {
			m.did("certificate by a new rule")
		}
	}
	m.settle(t, "as boards see it under other rules", m.server(t))
}

// Restart ends a server and starts it again, with nothing in memory.
func (m *machine) Restart(t *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(t, "which")
	m.servers[i].t = t
	m.servers[i].stop()
	m.servers[i] = m.company.startIn(t, t.Context())
}

// Check is what holds at every moment: the standing of everybody, asked of
// either server, is that of the model.
func (m *machine) Check(t *rapid.T) {
	m.did("step")
	for i, person := range m.people {
		p := m.servers[i%2]
		p.t = t
		m.compare(t, person, "exact", p.standing(person))
	}
	m.doors(t)
	m.steps++
	m.board(t, m.servers[m.steps/2%2], teams[m.steps%2])
}

// sameLife compares what the model knows with what is stored. Ids of grants
// and certificates are made from a key that the model doesn't have.
var sameLife = cmp.Options{
	emptyIsNil,
	cmpopts.IgnoreUnexported(programme.Standing{}),
	cmpopts.IgnoreFields(certify.Held{}, "Certificate"),
	cmpopts.IgnoreFields(quiz.Grant{}, "ID"),
	cmpopts.SortSlices(func(a, b certify.Held) bool {
		return fmt.Sprint(a.Certification, a.Cycle) < fmt.Sprint(b.Certification, b.Cycle)
	}),
}

func (m *machine) compare(t *rapid.T, person, how string, got *programme.Standing) {
	t.Helper()
	m.same(t, m.lives[person], person, how, got)
}

// same compares somebody's standing with a life.
func (m *machine) same(t *rapid.T, life *life, person, how string, got *programme.Standing) {
	t.Helper()
	want := &programme.Standing{Person: person, Evidence: life.evidence, Seen: life.seen, Open: map[string]string{}}
	for id, s := range life.open {
		want.Open[id] = s.id
	}
	if diff := cmp.Diff(want, got, sameLife); diff != "" {
		t.Fatalf("%s, %s: -model, +stored:\n%s", person, how, diff)
	}
}

// end closes the company's day: the outbox is emptied, and a server that has
// nothing in memory grades every attempt again.
func (m *machine) end(t *rapid.T) {
	m.Drain(t)
	m.Restart(t)
	m.sight(t)
	for _, p := range m.servers {
		for _, team := range teams {
			m.board(t, p, team)
		}
		for _, life := range m.lives {
			for _, s := range life.played {
				m.replay(t, p, s)
			}
			for _, s := range life.graded {
				a, err := p.Attempt(p.ctx, s.id)
				p.ok("read", err)
				checkRegrade(t, p, a)
			}
		}
		for _, person := range m.people {
			if want, got := len(m.lives[person].evidence.Held), len(p.certificates(person)); want != got {
				t.Fatalf("%d certificates are stored, want %d", got, want)
			}
		}
	}
}

func wantError(t *rapid.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

// often are what a walk does more often than once in so many steps.
var often = []string{
	"Start", "Start", "Submit", "Submit", "Submit", "Submit", "Read", "Read", "SignOff", "SignOff", "Wait", "Renew", "Renew", "Renew", "Play", "Choose", "Choose", "Choose",
	"Move", "SwitchOff", "SignIn", "SignIn", "SignIn", "SignOut", "SignOut", "Visit", "GiveRole", "Grant", "Drain",
}

// must are what has to happen in 20 runs, lest a rule be held by nothing.
var must = []string{
	"graded, passed=false", "graded, passed=true", "certificate by a submit", "grant", "renewal",
	"play, passed=false", "play, passed=true", "practice over",

	"moved", "moved with certificates", "seen by her manager", "leads", "leads no more",
	"taken: rep", "taken: manager", "a team comes back with the role", "the last admin stays",
	"switched off while signed in", "switched off with an attempt open", "switched off, and not let in", "switched on",
	"signed in", "signed out", "seen again another day", "a session ran out", "a session in use ran out",
	"a board is behind", "on a board: cleared", "on a board: in-progress", "on a board: locked", "on a board: failed",
}

// TestModel walks random people through random days, on two servers that are
// restarted and whose content changes, and compares with the model at every
// step.
func TestModel(t *testing.T) {
	t.Parallel()
	base, run, events := t.TempDir(), 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		run++
		folder := filepath.Join(base, fmt.Sprint(run))
		if err := os.Mkdir(folder, 0o700); err != nil {
			rt.Fatal(err)
		}
		m := newMachine(rt, folder, events)
		defer func() {
			for _, p := range m.servers {
				p.stop()
			}
		}()
		actions := rapid.StateMachineActions(m)
		for _, name := range often {
			actions[fmt.Sprint(name, len(actions))] = actions[name]
		}
		rt.Repeat(actions)
		m.end(rt)
	})
	t.Logf("%d runs: %v", run, events)
	for _, what := range must {
		if run >= 20 && events[what] == 0 {
			t.Errorf("%d runs never came to: %s", run, what)
		}
	}
}
