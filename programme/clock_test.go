package programme_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// elsewhere is the same company as a machine with a clock of its own sees it.
func (c *company) elsewhere(by time.Duration) *company {
	return &company{path: c.path, now: c.Now().Add(by), tree: c.source()}
}

// stepOf is where the person stands with a step of a certification.
func (p *process) stepOf(person, certification string, kind certify.StepKind) certify.StepState {
	p.t.Helper()
	for _, s := range certify.ProgressOf(p.Shelf.Library().Certification(certification), &p.standing(person).Evidence).Steps {
		if s.Step.Kind == kind {
			return s
		}
	}
	p.t.Fatalf("%s has no step %s", certification, kind)
	return certify.StepState{}
}

// TestClocksApart has two servers whose clocks differ, by minutes to a year:
// what was done at the one that is ahead is followed up at the other.
func TestClocksApart(t *testing.T) {
	for _, by := range []time.Duration{time.Millisecond, 5 * time.Minute, time.Hour, 365 * day} {
		t.Run(by.String(), func(t *testing.T) {
			c := newCompany(t)
			slow, fast := c.start(t), c.elsewhere(by).start(t)
			t.Run("a submit", func(t *testing.T) {
				ann := slow.rep("Ann")
				attempt := fast.begin(ann, boxCheck)
				out, err := slow.Submit(slow.ctx, ann, attempt, slow.answers(attempt, 0))
				slow.ok("submit", err)
				if out.Attempt.Submitted.Before(out.Attempt.Started) || len(out.Issued) != 1 {
					t.Errorf("started %v, submitted %v, issued %v", out.Attempt.Started, out.Attempt.Submitted, named(out.Issued))
				}
			})
			t.Run("a grant", func(t *testing.T) { grantApart(t, fast, slow, by) })
			t.Run("a sign-off", func(t *testing.T) {
				cem := slow.rep("Cem")
				slow.ok("sign off", errors.Join(signs(0, criteria...)(fast, cem), signs(1, criteria[0])(slow, cem)))
				if s := fast.stepOf(cem, sellRush, certify.SignOff); s.Done {
					t.Error("the manager took her sign-off back, and it still counts")
				}
				slow.ok("sign off", signs(2, criteria...)(slow, cem))
				if s := fast.stepOf(cem, sellRush, certify.SignOff); !s.Done {
					t.Error("the last sign-off doesn't count")
				}
			})
			t.Run("a renewal", func(t *testing.T) { renewApart(t, c, slow, by) })
		})
	}
}

// grantApart fails at the server that is ahead, and has a grant given and used
// at the other.
func grantApart(t *testing.T, fast, slow *process, by time.Duration) {
	t.Helper()
	ben := slow.rep("Ben")
	fast.take(ben, boxCheck, false)
	cooling := slow.admission(ben, boxCheck)
	if free := cooling.FreeAt.Sub(slow.Now()); cooling.Reason != quiz.CoolingDown || free > day+by {
		t.Errorf("%s for %v, want at most a day and the %v between the clocks", cooling.Reason, free, by)
	}
	slow.ok("grant", slow.Grant(slow.ctx, "boss", ben, boxCheck, 0, ""))
	if a := slow.admission(ben, boxCheck); a.Reason != quiz.MayStart || a.Left != 3 {
		t.Errorf("after the grant: %s, %d left, want that she may start, and 3", a.Reason, a.Left)
	}
	slow.take(ben, boxCheck, false)
	if a := slow.admission(ben, boxCheck); a.Reason != quiz.CoolingDown || a.Left != 2 {
		t.Errorf("after the next failure: %s, %d left, want a cool-down, and 2", a.Reason, a.Left)
	}
}

// renewApart renews at a server that is ahead what was earned long ago, and
// does all that the new cycle asks for at the other.
func renewApart(t *testing.T, c *company, slow *process, by time.Duration) {
	t.Helper()
	dan := slow.rep("Dan")
	slow.take(dan, boxCheck, true)
	before := c.Now()
	defer c.at(before)
	c.pass(330 * day)
	fast := c.elsewhere(by).start(t)
	slow.ok("renew", fast.Renew(fast.ctx, dan, sellSearches))
	slow.read(dan, reading)
	if _, counts := slow.Read(&slow.standing(dan).Evidence, reading); !counts {
		t.Error("the lesson was read after the renewal, and doesn't count")
	}
	if out := slow.take(dan, boxCheck, true); len(out.Issued) != 1 || out.Issued[0].Cycle != 2 {
		t.Errorf("passed in the new cycle, issued %v, want its certificate", named(out.Issued))
	}
}

// clocks are two servers whose clocks are set forwards and back while people
// work, and what was acknowledged so far.
type clocks struct {
	companies [2]*company
	servers   [2]*process
	ann       string
	latest    time.Time // that any clock has shown
	starts    int
	submits   int
	grants    int
	words     []bool // of the manager: met or not
}

func (m *clocks) one(t *rapid.T) *process {
	for i, p := range m.servers {
		p.t = t
		m.latest = laterOf(m.latest, m.companies[i].Now())
	}
	return rapid.SampledFrom(m.servers[:]).Draw(t, "server")
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Jump sets one of the clocks.
func (m *clocks) Jump(t *rapid.T) {
	by := rapid.SampledFrom([]time.Duration{-time.Second, -time.Hour, time.Hour, -5 * time.Minute, 5 * time.Minute, -25 * time.Hour, 8 * day, 365 * day, -365 * day}).Draw(t, "by")
	rapid.SampledFrom(m.companies[:]).Draw(t, "clock").pass(by)
}

func (m *clocks) Pass(t *rapid.T) {
	d := rapid.SampledFrom([]time.Duration{time.Minute, day, 8 * day}).Draw(t, "time")
	m.companies[0].pass(d)
	m.companies[1].pass(d)
}

func (m *clocks) Start(t *rapid.T) {
	p := m.one(t)
	adm := p.admission(m.ann, boxCheck)
	id, err := p.Start(p.ctx, m.ann, nil, boxCheck)
	switch adm.Reason {
	case quiz.MayStart:
		p.ok("start", err)
		m.starts++
	case quiz.InProgress:
		if p.ok("start", err); id != adm.Open {
			t.Fatalf("started %s, open was %s", id, adm.Open)
		}
	default:
		wantError(t, err, programme.ErrNotNow)
	}
}

// Submit saves on one server, and submits, failing, on either.
func (m *clocks) Submit(t *rapid.T) {
	open := m.one(t).standing(m.ann).Open[boxCheck]
	if open == "" {
		t.Skip("nothing is open")
	}
	p := m.one(t)
	_, conflicts, err := p.Save(p.ctx, m.ann, open, p.answers(open, -1)[:2])
	p.ok("save", errors.Join(err, conflict(conflicts)))
	p = m.one(t)
	out, err := p.Submit(p.ctx, m.ann, open, p.answers(open, -1))
	p.ok("submit", err)
	again, err := m.one(t).Submit(p.ctx, m.ann, open, nil)
	p.ok("submit again", err)
	if m.submits++; !again.Attempt.Submitted.Equal(out.Attempt.Submitted) || out.Attempt.Submitted.Before(out.Attempt.Started) {
		t.Fatalf("started %v, submitted %v, and again %v", out.Attempt.Started, out.Attempt.Submitted, again.Attempt.Submitted)
	}
}

func (m *clocks) Grant(t *rapid.T) {
	p := m.one(t)
	adm := p.admission(m.ann, boxCheck)
	err := p.Grant(p.ctx, "boss", m.ann, boxCheck, m.grants, "")
	if adm.Reason != quiz.CoolingDown && adm.Reason != quiz.UsedUp {
		wantError(t, err, programme.ErrNotNow)
		return
	}
	p.ok("grant", err)
	m.grants++
	if after := p.admission(m.ann, boxCheck); after.Reason != quiz.MayStart {
		t.Fatalf("after a grant: %+v, want that she may start", after)
	}
}

func (m *clocks) SignOff(t *rapid.T) {
	p, met := m.one(t), rapid.Bool().Draw(t, "met")
	list := criteria[:1]
	if met {
		list = criteria
	}
	p.ok("sign off", signs(len(m.words), list...)(p, m.ann))
	m.words = append(m.words, met)
}

func (m *clocks) Drain(t *rapid.T) { m.one(t).drain() }

// Check is what holds whatever the clocks say.
func (m *clocks) Check(t *rapid.T) {
	p := m.one(t)
	st, adm := p.standing(m.ann), p.admission(m.ann, boxCheck)
	graded := 0
	for _, try := range st.Evidence.Tries[boxCheck] {
		if try.State == quiz.Graded {
			graded++
		}
	}
	if n := len(st.Evidence.Tries[boxCheck]); n != m.starts || graded != m.submits || len(st.Evidence.Grants) != m.grants || len(st.Evidence.Signoffs) != len(m.words) {
		t.Fatalf("%d tries, %d graded, %d grants, %d sign-offs; acknowledged were %d, %d, %d, %d",
			n, graded, len(st.Evidence.Grants), len(st.Evidence.Signoffs), m.starts, m.submits, m.grants, len(m.words))
	}
	if want := 3 + m.grants - m.starts; adm.Left != want {
		t.Fatalf("%d attempts left, want %d: %d granted, %d started", adm.Left, want, m.grants, m.starts)
	}
	// An attempt comes a moment after the grant that it uses.
	if most := 7*day + time.Duration(m.grants)*time.Millisecond; adm.Reason == quiz.CoolingDown && adm.FreeAt.Sub(m.latest) > most {
		t.Fatalf("free at %v, when no clock ever was later than %v", adm.FreeAt, m.latest)
	}
	if n := len(m.words); n > 0 {
		if s := p.stepOf(m.ann, sellRush, certify.SignOff); s.Done != m.words[n-1] {
			t.Fatalf("the sign-off counts: %v, the manager's words were %v", s.Done, m.words)
		}
	}
}

// TestClockJumps sets the clocks of two servers while people work.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	base, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		folder := filepath.Join(base, fmt.Sprint(run))
		if err := os.Mkdir(folder, 0o700); err != nil {
			rt.Fatal(err)
		}
		c := companyAt(rt, folder)
		m := &clocks{companies: [2]*company{c, c.elsewhere(0)}}
		for i := range m.servers {
			m.servers[i] = m.companies[i].startIn(rt, t.Context())
			defer m.servers[i].stop()
		}
		m.ann = m.servers[0].rep("Ann")
		actions := rapid.StateMachineActions(m)
		actions["Start again"], actions["Submit again"] = actions["Start"], actions["Submit"]
		rt.Repeat(actions)
		m.servers[0].t = rt
		m.servers[0].drain()
	})
}
