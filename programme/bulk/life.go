package bulk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// How many days before the present the reps joined.
const (
	shortest = 120
	longest  = 900
)

// A plan is what the library offers to do.
type plan struct {
	lib   *content.Library
	paths map[string][]scenario.Move // by scenario: the best one
	falls map[string][]int           // by scenario: steps of that at which one can fall
}

func (c *company) plan() *plan {
	p := &plan{lib: c.prog.Shelf.Library(), paths: map[string][]scenario.Move{}, falls: map[string][]int{}}
	for _, s := range p.lib.Scenarios() {
		p.paths[s.ID] = s.BestPath()
		p.falls[s.ID] = falls(&s.Scenario, p.paths[s.ID], rand.New(rand.NewChaCha8(c.seeds("falls", 0)()))) //nolint:gosec // nothing is secret
	}
	return p
}

// falls plays a path and lists the steps at which a fatal choice is open.
func falls(s *scenario.Scenario, path []scenario.Move, chance *rand.Rand) (steps []int) {
	play := scenario.NewPlay(s, false, chance)
	for step, move := range path {
		at, err := s.Position(play)
		if err != nil {
			return nil
		}
		scene := s.Scene(move.Scene)
		if f := fatal(scene); f != nil && offer(at, f) != "" {
			steps = append(steps, step)
		}
		if _, err := s.Choose(play, step, offer(at, scene.Choices[move.Choice]), time.Time{}); err != nil {
			return nil
		}
	}
	return steps
}

// offer is the token of a choice where it is open, else empty.
func offer(at scenario.Position, c *scenario.Choice) string {
	for _, o := range at.Offers {
		if o.Text == c.Text && !o.Greyed {
			return o.Token
		}
	}
	return ""
}

func fatal(scene *scenario.Scene) *scenario.Choice {
	if i := slices.IndexFunc(scene.Choices, func(c *scenario.Choice) bool { return c.Fatal }); i >= 0 {
		return scene.Choices[i]
	}
	return nil
}

// canFail reports whether one can fail there as often as one likes.
func (p *plan) canFail(e *content.Exercise) bool {
	return e.Quiz != nil || len(p.falls[e.Scenario.ID]) > 0
}

// A life is what one rep does, act by act. Attempts of hers are counted down;
// how many are left decides how often she fails before she passes, so that
// there is something to do for each.
type life struct {
	*programme.Past
	ctx    context.Context
	plan   *plan
	chance *rand.Rand
	now    time.Time
	end    time.Time
	left   int
	boss   string // who signs and grants
	todo   []task
	passed map[string]bool // exercises, since the last renewal that asks for them
}

// A task is one step towards a certification.
type task struct {
	certification *certify.Certification
	step          certify.Step
}

var errNothingToDo = errors.New("the library has nothing that so many attempts can be made at: no quiz that a certification asks for, or too few scenarios; ask for fewer attempts")

// live lives it.
func (l *life) live() error {
	l.plans()
	if l.left == 0 {
		if l.chance.IntN(3) == 0 { // a lesson or two; mostly nothing
			return l.dabble()
		}
		return nil
	}
	if s := l.plan.lib.Scenarios(); len(s) > 0 && l.left > 3 && l.chance.IntN(6) == 0 {
		if err := l.practise(s[l.chance.IntN(len(s))]); err != nil {
			return err
		}
	}
	for len(l.todo) > 0 && l.left > 0 {
		next := l.todo[0]
		l.todo = l.todo[1:]
		if err := l.do(next); err != nil {
			return err
		}
		if err := l.renew(); err != nil {
			return err
		}
	}
	if l.left > 0 {
		return fmt.Errorf("%d attempts are left over: %w", l.left, errNothingToDo)
	}
	return nil
}

// plans puts certifications in the order in which she goes about them. The
// first stays the first, because others rest on it.
func (l *life) plans() {
	certs := slices.Clone(l.plan.lib.Certifications)
	if len(certs) > 1 {
		rest := certs[1:]
		l.chance.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	}
	for _, c := range certs {
		l.add(c)
	}
}

func (l *life) add(c *certify.Certification) {
	for _, s := range c.Steps {
		l.todo = append(l.todo, task{c, s})
	}
}

// dabble reads the first lessons.
func (l *life) dabble() error {
	for i, t := range l.todo {
		if i == 2 || t.step.Kind != certify.ReadLesson {
			return nil
		}
		l.forward(l.pause())
		if err := l.Read(t.step.Ref); err != nil {
			return err
		}
	}
	return nil
}

func (l *life) do(t task) error {
	switch t.step.Kind {
	case certify.ReadLesson:
		if l.chance.IntN(12) == 0 {
			return nil // she is about to test out, or forgot
		}
		l.forward(7 * time.Minute)
		return l.Read(t.step.Ref)
	case certify.SignOff:
		return l.sign(t.certification)
	default:
		return l.master(l.plan.lib.Exercise(t.step.Ref))
	}
}

// sign has the manager look, mostly.
func (l *life) sign(c *certify.Certification) error {
	if l.chance.IntN(4) == 0 {
		return nil
	}
	l.forward(l.pause() / 4)
	if l.chance.IntN(5) == 0 {
		return l.SignOff(l.boss, c, 1, "Nearly. Once more, please.")
	}
	return l.SignOff(l.boss, c, 0, "")
}

// master makes attempts until one passes, or none is left. The last of all may
// end any way.
func (l *life) master(e *content.Exercise) error {
	if e == nil || l.passed[e.Key()] {
		return nil
	}
	for fails := l.fails(e); l.left > 0; fails-- {
		how := passing
		l.forward(l.pause())
		switch {
		case l.left == 1:
			how = []outcome{passing, passing, failing, leaving}[l.chance.IntN(4)]
			l.lately()
		case fails > 0:
			how = failing
		}
		if err := l.free(e); err != nil {
			return err
		}
		passed, err := l.attempt(e, how)
		if l.passed[e.Key()] = passed; err != nil || passed {
			return err
		}
	}
	return nil
}

// fails is how often she fails there first: as often on the average as makes
// use of all attempts that are left, and at the last exercise of all so often
// that none is left over.
func (l *life) fails(e *content.Exercise) int {
	if !l.plan.canFail(e) {
		return 0
	}
	others, fixed := l.others(e.Key())
	if others == fixed {
		return max(0, l.left-1-fixed)
	}
	mean := max(0, l.left/(others+1)-1)
	return min(mean/2+l.chance.IntN(mean+2), max(0, l.left-1-others))
}

// others counts the exercises of the tasks to come that are not passed, beside
// the one at hand, and those of them that can't be failed.
func (l *life) others(hand string) (others, fixed int) {
	seen := map[string]bool{hand: true}
	for _, t := range l.todo {
		key := t.step.Ref
		if !t.step.Kind.Attempted() || seen[key] || l.passed[key] {
			continue
		}
		seen[key] = true
		if others++; !l.plan.canFail(l.plan.lib.Exercise(key)) {
			fixed++
		}
	}
	return others, fixed
}

// free waits until an attempt may start, or gets one from the manager.
func (l *life) free(e *content.Exercise) error {
	adm := l.Admission(e.Rules())
	if adm.Reason == quiz.CoolingDown && adm.FreeAt.Sub(l.now) < 2*l.pause() {
		l.now = adm.FreeAt
		l.forward(time.Hour)
		adm = l.Admission(e.Rules())
	}
	if adm.Reason == quiz.CoolingDown || adm.Reason == quiz.UsedUp {
		return l.Grant(l.boss, e.Key(), "We talked it over.")
	}
	return nil
}

// pause is a time after which there is still time for all attempts to come.
func (l *life) pause() time.Duration {
	even := l.end.Sub(l.now) / time.Duration(l.left+2)
	return time.Duration(l.chance.Int64N(int64(even) + 1)).Truncate(time.Second)
}

// lately lets time go by until the day before the present, now and then.
func (l *life) lately() {
	if at := l.end.Add(-time.Duration(1+l.chance.IntN(20)) * time.Hour); l.chance.IntN(3) == 0 && at.After(l.now) {
		l.now = at
	}
}

// forward lets time go by, but not beyond the present.
func (l *life) forward(d time.Duration) {
	if l.now = l.now.Add(d); l.now.After(l.end) {
		l.now = l.end
	}
}

// renew opens what may be opened anew, mostly.
func (l *life) renew() error {
	st := l.Standing()
	for _, c := range l.plan.lib.Certifications {
		if !certify.MayRenew(c, &st.Evidence, l.now) || l.chance.IntN(3) == 0 {
			continue
		}
		if renewed, err := l.Renew(c); err != nil || !renewed {
			return err
		}
		for _, key := range c.Quizzes() {
			delete(l.passed, key)
		}
		l.add(c)
	}
	return nil
}
