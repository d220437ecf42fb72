package programme_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// A twin is one person twice: she learns through the services in one company,
// and in a past in another one that has the same key and the same chance.
type twin struct {
	t      *testing.T
	live   *process
	made   *process
	person string
	past   *programme.Past
	ids    []string
	did    map[string]int
}

func newTwin(t *testing.T) *twin {
	tw := &twin{t: t, did: map[string]int{}}
	for _, p := range []**process{&tw.live, &tw.made} {
		c := newCompany(t)
		c.key = []byte("a key that both companies share.")
		c.edit(content.Sample())
		*p = c.start(t)
		tw.person = (*p).rep("Ann")
	}
	if other, err := tw.live.People.ByEmail(t.Context(), "Ann@tern.test"); err != nil || other.ID != tw.person {
		t.Fatalf("the twins are %v and %s: %v", other, tw.person, err)
	}
	tw.past = tw.made.Past(tw.person, "Ann Berg", tw.made.company.Now, tw.made.company.nextSeed)
	return tw
}

// wait lets time go by in both companies.
func (tw *twin) wait(d time.Duration) {
	tw.live.company.pass(d)
	tw.made.company.pass(d)
}

// both compares what came of an act: it was done, or refused for one reason.
func (tw *twin) both(what string, live, made error) bool {
	tw.t.Helper()
	if !errors.Is(live, programme.ErrNotNow) && live != nil || (live == nil) != (made == nil) || made != nil && !errors.Is(made, programme.ErrNotNow) {
		tw.t.Fatalf("%s: the services say %v, the past says %v", what, live, made)
	}
	if live == nil {
		tw.did[what]++
	}
	tw.live.drain()
	return live == nil
}

// attempt makes an attempt at a quiz or scenario, well or badly, or leaves it
// half done.
func (tw *twin) attempt(e *content.Exercise, how int) {
	var id string
	var live, made error
	var a *programme.Attempt
	if e.Quiz != nil {
		id, live = tw.live.Start(tw.live.ctx, tw.person, nil, e.Key())
		a, made = tw.past.Start(e.Key())
	} else {
		id, live = tw.live.Play(tw.live.ctx, tw.person, e.Scenario.ID)
		a, made = tw.past.Play(e.Scenario.ID)
	}
	if !tw.both("start", live, made) {
		return
	}
	if a.ID != id {
		tw.t.Fatalf("%s is attempt %s by the services and %s in the past", e.Key(), id, a.ID)
	}
	if !slices.Contains(tw.ids, id) {
		tw.ids = append(tw.ids, id)
	}
	if e.Quiz != nil {
		tw.answer(id, a, how)
	} else {
		tw.walk(id, a, how)
	}
}

func (tw *twin) answer(id string, a *programme.Attempt, how int) {
	saves := tw.live.answers(id, []int{0, 1, -1, -1}[how])
	if how == 3 {
		_, _, live := tw.live.Save(tw.live.ctx, tw.person, id, saves[:3])
		tw.both("save", live, tw.past.Save(a, saves[:3]))
		return
	}
	tw.wait(11 * time.Minute)
	out, live := tw.live.Submit(tw.live.ctx, tw.person, id, saves)
	if tw.both("submit", live, tw.past.Submit(tw.live.ctx, a, saves)); len(out.Issued) > 0 {
		tw.did["certify"]++
	}
}

// walk plays along the best path, and falls in the second scene or stops there
// when told.
func (tw *twin) walk(id string, a *programme.Attempt, how int) {
	s, err := tw.past.Scenario(tw.live.ctx, a)
	tw.live.ok("read the scenario", err)
	for step, move := range s.BestPath() {
		if a.Play.Over() || how == 3 && step == 1 {
			return
		}
		if len(a.Play.Path) > step {
			continue
		}
		at, err := s.Position(a.Play)
		tw.live.ok("look at the play", err)
		choice := s.Scene(move.Scene).Choices[move.Choice]
		if how == 2 {
			if i := slices.IndexFunc(s.Scene(move.Scene).Choices, func(c *scenario.Choice) bool { return c.Fatal }); i >= 0 {
				choice = s.Scene(move.Scene).Choices[i]
			}
		}
		i := slices.IndexFunc(at.Offers, func(o scenario.Offer) bool { return o.Text == choice.Text })
		tw.wait(time.Minute)
		out, live := tw.live.Choose(tw.live.ctx, tw.person, id, step, at.Offers[i].Token)
		if tw.both("choose", live, tw.past.Choose(tw.live.ctx, a, step, at.Offers[i].Token)); len(out.Issued) > 0 {
			tw.did["certify"]++
		}
	}
}

// practise begins a practice run.
func (tw *twin) practise(s *content.Scenario) {
	id, live := tw.live.Practise(tw.live.ctx, tw.person, s.ID)
	a, made := tw.past.Practise(s.ID)
	tw.both("practise", live, made)
	if !slices.Contains(tw.ids, id) {
		tw.ids = append(tw.ids, id)
	}
	tw.walk(id, a, 2)
}

func (tw *twin) grant(e *content.Exercise) {
	st := tw.live.standing(tw.person)
	known := 0
	for _, g := range st.Evidence.Grants {
		if g.Quiz == e.Key() && g.Cycle == tw.live.Cycle(st, e.Key()) {
			known++
		}
	}
	live := tw.live.Grant(tw.live.ctx, "boss", tw.person, e.Key(), known, "Once more.")
	tw.both("grant", live, tw.past.Grant("boss", e.Key(), "Once more."))
}

func (tw *twin) sign(c *certify.Certification, missed int) {
	step := c.Steps[len(c.Steps)-1]
	if step.Kind != certify.SignOff {
		return
	}
	word := programme.SignOff{Certification: c.ID, Met: step.Criteria[:len(step.Criteria)-missed], Note: "Heard."}
	for _, s := range tw.live.standing(tw.person).Evidence.Signoffs {
		if s.Certification == c.ID {
			word.Known++
		}
	}
	_, live := tw.live.SignOff(tw.live.ctx, "boss", tw.person, word)
	tw.both("sign off", live, tw.past.SignOff("boss", c, missed, "Heard."))
}

func (tw *twin) renew(c *certify.Certification) {
	live := tw.live.Renew(tw.live.ctx, tw.person, c.ID)
	renewed, made := tw.past.Renew(c)
	if !renewed && made == nil {
		made = programme.ErrNotNow
	}
	tw.both("renew", live, made)
}

// step is one act, by chance.
func (tw *twin) step(chance *rand.Rand) {
	lib := tw.live.Shelf.Library()
	e := lib.Exercises()[chance.IntN(len(lib.Exercises()))]
	c := lib.Certifications[chance.IntN(len(lib.Certifications))]
	tw.wait(time.Duration(chance.IntN(200)) * time.Hour)
	switch n := chance.IntN(20); {
	case n < 8:
		how := []int{0, 0, 1, 2, 2, 3}[chance.IntN(6)]
		if tw.attempt(e, how); how == 2 && n%2 == 0 {
			tw.grant(e)
		}
	case n < 13:
		lesson := lib.Lessons()[chance.IntN(len(lib.Lessons()))].ID
		_, live := tw.live.MarkRead(tw.live.ctx, tw.person, lesson, false)
		tw.both("read", live, tw.past.Read(lesson))
	case n < 15:
		tw.grant(e)
	case n < 17:
		tw.sign(c, chance.IntN(4))
	case n < 18:
		tw.practise(lib.Scenarios()[chance.IntN(len(lib.Scenarios()))])
	default:
		tw.renew(c)
	}
}

// compare holds the documents of the two companies against each other.
func (tw *twin) compare() {
	tw.t.Helper()
	once := cmpopts.IgnoreFields(store.Meta{}, "Rev")
	for _, id := range tw.ids {
		live, err := tw.live.Attempt(tw.live.ctx, id)
		tw.live.ok("read an attempt", err)
		made, err := tw.made.Attempt(tw.made.ctx, id)
		tw.made.ok("read an attempt", err)
		if diff := cmp.Diff(live, made, once); diff != "" {
			tw.t.Fatalf("attempt %s: -services, +past:\n%s", id, diff)
		}
		if made.Play == nil && made.State == quiz.Graded {
			checkRegrade(tw.t, tw.made, made)
		}
	}
	live, err := tw.live.Record(tw.live.ctx, tw.person)
	tw.live.ok("read the record", err)
	made, err := tw.made.Record(tw.made.ctx, tw.person)
	tw.made.ok("read the record", err)
	if diff := cmp.Diff(live, made, once); diff != "" {
		tw.t.Fatalf("the record: -services, +past:\n%s", diff)
	}
	certificates, err := tw.live.CertificatesOf(tw.live.ctx, tw.person)
	tw.live.ok("read certificates", err)
	others, err := tw.made.CertificatesOf(tw.made.ctx, tw.person)
	tw.made.ok("read certificates", err)
	if diff := cmp.Diff(certificates, others, once); diff != "" {
		tw.t.Fatalf("certificates: -services, +past:\n%s", diff)
	}
}

// TestPastIsWhatTheServicesDo lives a life twice, act by act by chance, and
// holds that the documents are the same.
func TestPastIsWhatTheServicesDo(t *testing.T) {
	did := map[string]int{}
	for life := range uint64(6) {
		t.Run(fmt.Sprint(life), func(t *testing.T) {
			tw := newTwin(t)
			chance := rand.New(rand.NewPCG(life, 1))
			for range 240 {
				tw.step(chance)
			}
			if err := tw.past.Write(t.Context()); err != nil {
				t.Fatalf("write the past: %v", err)
			}
			tw.compare()
			writes, _ := tw.made.counted(tw.made.drain)
			if len(writes) > 0 {
				t.Errorf("the past left to the outbox: %q", writes)
			}
			for what, n := range tw.did {
				did[what] += n
			}
		})
	}
	for _, what := range []string{"start", "save", "submit", "choose", "practise", "grant", "sign off", "renew", "certify", "read"} {
		if did[what] == 0 {
			t.Errorf("no life came to %s: %v", what, did)
		}
	}
}
