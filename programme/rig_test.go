package programme_test

import (
	"context"
	"flag"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	// The same walks in each run; -rapid.seed, -rapid.checks and -rapid.steps
	// go further.
	for name, value := range map[string]string{"seed": "1", "checks": "20", "steps": "80"} {
		if f := flag.Lookup("rapid." + name); f.Value.String() == f.DefValue {
			if err := f.Value.Set(value); err != nil {
				panic(err)
			}
		}
	}
	goleak.VerifyTestMain(m)
}

// Names in the library under testdata.
const (
	reading   = "onboarding/the-box/reading"
	combining = "onboarding/the-box/combining"
	handoff   = "onboarding/together/handoff"

	boxCheck     = "box-check"     // 3 attempts, cool-down 24 h, then 7 d; 4 of 6 items
	handoffCheck = "handoff-check" // no limit, no cool-down

	sellSearches = "sell-searches" // the box and its quiz; holds for a year
	sellRush     = "sell-rush"     // after sell-searches; handoff, the box's quiz, sign-off; for 6 months; enforced from 1 February 2027

	day = 24 * time.Hour
)

// criteria are those of the sign-off for sell-rush.
var criteria = []string{"Asks for the aim", "Names the tier"}

// monday is when most tests begin: ten in the morning, in Berlin.
var monday = time.Date(2026, time.December, 7, 9, 0, 0, 0, time.UTC)

// A process is one running server: a programme on the company's file.
type process struct {
	*programme.Programme
	t       rapid.TB
	ctx     context.Context
	company *company
	store   *store.Store
	log     *strings.Builder
	hooks   *hooks
}

// quickly is as little work as a hash can be.
var quickly = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hooks watch and break what a process asks of its store.
type hooks struct {
	mu            sync.Mutex
	calls         []store.Call
	before, after func(store.Call) error
}

func (h *hooks) see(c store.Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, c)
}

func (h *hooks) set(before, after func(store.Call) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.before, h.after = before, after
}

func (h *hooks) runBefore(_ context.Context, c store.Call) error {
	h.mu.Lock()
	hook := h.before
	h.mu.Unlock()
	if hook == nil {
		return nil
	}
	return hook(c)
}

func (h *hooks) runAfter(_ context.Context, c store.Call) error {
	h.mu.Lock()
	hook := h.after
	h.mu.Unlock()
	if hook == nil {
		return nil
	}
	return hook(c)
}

// counted runs do and returns what it wrote, as "replace records", and how
// often it read.
func (p *process) counted(do func()) (writes []string, reads int) {
	p.hooks.mu.Lock()
	p.hooks.calls = nil
	p.hooks.mu.Unlock()
	do()
	p.hooks.mu.Lock()
	defer p.hooks.mu.Unlock()
	for _, c := range p.hooks.calls {
		if c.Write {
			writes = append(writes, strings.ToLower(c.Op)+" "+c.Collection)
		} else {
			reads++
		}
	}
	return writes, reads
}

// start opens a process on the company's file and makes it ready.
func (c *company) start(t testing.TB) *process {
	t.Helper()
	p := c.startIn(t, t.Context())
	t.Cleanup(p.stop)
	return p
}

func (c *company) startIn(t rapid.TB, ctx context.Context) *process {
	t.Helper()
	p, err := c.wire(ctx)
	if err != nil {
		t.Fatalf("start a process: %v", err)
	}
	p.t = t
	if err := p.store.Declare(ctx); err != nil {
		t.Fatalf("declare: %v", err)
	}
	if err := p.Open(ctx); err != nil {
		t.Fatalf("open the programme: %v", err)
	}
	return p
}

// wire joins a process together without touching its store.
func (c *company) wire(ctx context.Context) (*process, error) {
	driver, err := sqlitestore.Open(ctx, c.path, sqlitestore.Options{})
	if err != nil {
		return nil, err
	}
	p := &process{ctx: ctx, company: c, log: &strings.Builder{}, hooks: &hooks{}}
	p.store = store.New(store.Observe(driver, p.hooks.see, store.WithBefore(p.hooks.runBefore), store.WithAfter(p.hooks.runAfter)))
	shelf, findings := programme.NewShelf(c.source, c.Now)
	if shelf.Library() == nil {
		return nil, &brokenLibrary{findings}
	}
	random := rand.NewChaCha8(c.nextSeed())
	pp := people.New(p.store, people.Options{
		Now: c.Now, Random: random, Hashing: quickly,
		Wait: func(context.Context, time.Duration) error { return nil },
	})
	p.Programme = programme.New(p.store, pp, shelf, programme.Options{
		Now: c.Now, Seed: c.nextSeed, NewKey: c.key,
		Log: slog.New(slog.NewTextHandler(p.log, nil)),
	})
	return p, nil
}

// stop ends the process in good order.
func (p *process) stop() {
	if err := p.store.Close(); err != nil {
		p.t.Errorf("close the store: %v", err)
	}
}

func (p *process) ok(what string, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// rep adds a person.
func (p *process) rep(name string) string {
	p.t.Helper()
	one, err := p.People.Add(p.ctx, people.NewPerson{Email: name + "@tern.test", First: name, Last: "Berg"})
	p.ok("add "+name, err)
	return one.ID
}

// begin starts a quiz.
func (p *process) begin(person, quizID string) (attempt string) {
	p.t.Helper()
	id, err := p.Start(p.ctx, person, nil, quizID)
	p.ok("start "+quizID, err)
	return id
}

// answers are right for all questions of an attempt but the first wrong ones;
// -1 is all wrong.
func (p *process) answers(attempt string, wrong int) []quiz.Save {
	p.t.Helper()
	saves, err := p.answersTo(attempt, wrong)
	p.ok("answer "+attempt, err)
	return saves
}

func (p *process) answersTo(attempt string, wrong int) ([]quiz.Save, error) {
	a, err := p.Attempt(p.ctx, attempt)
	if err != nil {
		return nil, err
	}
	items, err := p.Items(p.ctx, a)
	if err != nil {
		return nil, err
	}
	var saves []quiz.Save
	for i, q := range a.Questions {
		saves = append(saves, answer(q, items[i], wrong < 0 || i < wrong))
	}
	return saves, nil
}

// answer is a right or wrong answer to one question.
func answer(q quiz.Question, it *quiz.Item, wrong bool) quiz.Save {
	s := quiz.Save{Item: q.Item, Knew: q.Saves}
	for shown, option := range q.Order {
		if it.Options[option].Right != wrong && (!wrong || len(s.Tokens) == 0) {
			s.Tokens = append(s.Tokens, q.Tokens[shown])
		}
	}
	return s
}

// take starts a quiz and submits it, passing or not.
func (p *process) take(person, quizID string, passing bool) *programme.Submitted {
	p.t.Helper()
	attempt, wrong := p.begin(person, quizID), 0
	if !passing {
		wrong = -1
	}
	out, err := p.Submit(p.ctx, person, attempt, p.answers(attempt, wrong))
	p.ok("submit "+quizID, err)
	if out.Attempt.Result == nil || out.Attempt.Result.Passed != passing {
		p.t.Fatalf("take %s: result %+v, want passed %v", quizID, out.Attempt.Result, passing)
	}
	return out
}

// read marks lessons read.
func (p *process) read(person string, lessons ...string) (issued []*programme.Certificate) {
	p.t.Helper()
	for _, lesson := range lessons {
		list, err := p.MarkRead(p.ctx, person, lesson, false)
		p.ok("mark "+lesson+" read", err)
		issued = append(issued, list...)
	}
	return issued
}

// drain empties the outbox.
func (p *process) drain() {
	p.t.Helper()
	for {
		more, err := p.Drain(p.ctx)
		p.ok("drain", err)
		if !more {
			return
		}
	}
}

// sweep looks at everybody once.
func (p *process) sweep() {
	p.t.Helper()
	for {
		more, err := p.Sweep(p.ctx)
		p.ok("sweep", err)
		if !more {
			return
		}
	}
}

// reload reads the content again.
func (p *process) reload(tree fs.FS) {
	p.t.Helper()
	p.company.edit(tree)
	if _, err := p.Reload(p.ctx); err != nil {
		p.t.Fatalf("reload: %v", err)
	}
	if broken, _ := p.Shelf.Broken(); broken {
		p.t.Fatalf("the edited library is broken: %v", p.Shelf.Findings())
	}
}

func (p *process) standing(person string) *programme.Standing {
	p.t.Helper()
	st, err := p.StandingOf(p.ctx, person)
	p.ok("standing", err)
	return st
}

// recorded is the standing as a board sees it.
func (p *process) recorded(person string) *programme.Standing {
	p.t.Helper()
	r, err := p.Record(p.ctx, person)
	p.ok("record", err)
	return programme.Recorded(person, r)
}

// clearance is where the person stands now.
func (p *process) clearance(person, certification string) certify.Clearance {
	p.t.Helper()
	return p.Clearance(p.standing(person), p.Shelf.Library().Certification(certification))
}

// admission is whether the quiz may be taken now.
func (p *process) admission(person, quizID string) quiz.Admission {
	p.t.Helper()
	return p.Admission(p.standing(person), p.Shelf.Library().Exercise(quizID).Rules())
}

// certificates are the person's, as "certification/cycle", sorted.
func (p *process) certificates(person string) []string {
	p.t.Helper()
	list, err := p.CertificatesOf(p.ctx, person)
	p.ok("certificates", err)
	return named(list)
}

func named(list []*programme.Certificate) []string {
	names := []string{}
	for _, c := range list {
		names = append(names, c.Certification+"/"+string(rune('0'+c.Cycle)))
	}
	slices.Sort(names)
	return names
}
