package programme_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// pair are two servers on one file.
func pair(t *testing.T) (c *company, servers [2]*process) {
	c = newCompany(t)
	servers[0], servers[1] = c.start(t), c.start(t)
	return c, servers
}

// together runs n functions at once and returns what they returned.
func together[T any](n int, do func(i int) (T, error)) ([]T, []error) {
	results, errs := make([]T, n), make([]error, n)
	ready := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-ready
			results[i], errs[i] = do(i)
		})
	}
	close(ready)
	wg.Wait()
	return results, errs
}

// TestHundredSubmits posts one form a hundred times to two servers, while
// both run their outbox: one graded record, one certificate, the same result
// for all.
func TestHundredSubmits(t *testing.T) {
	_, servers := pair(t)
	p := servers[0]
	ann := p.rep("Ann")
	attempt := p.begin(ann, boxCheck)
	saves := p.answers(attempt, 0)
	outs, errs := together(104, func(i int) (*programme.Submitted, error) {
		server := servers[i%2]
		if i%26 == 13 {
			_, err := server.Drain(server.ctx)
			return nil, err
		}
		return server.Submit(server.ctx, ann, attempt, saves)
	})
	stored, err := p.Attempt(p.ctx, attempt)
	p.ok("read", err)
	for i, out := range outs {
		if errs[i] != nil {
			t.Fatalf("%d: %v", i, errs[i])
		}
		if out == nil {
			continue
		}
		if diff := cmp.Diff(stored.Attempt, out.Attempt.Attempt, emptyIsNil); diff != "" || len(out.Conflicts) > 0 {
			t.Fatalf("%d was told another result, or conflicts %v:\n%s", i, out.Conflicts, diff)
		}
	}
	p.drain()
	checkSettled(t, p, ann)
	if st := p.standing(ann); len(st.Evidence.Tries[boxCheck]) != 1 || len(st.Evidence.Held) != 1 || st.Seen[stored.Questions[0].Item] != 1 {
		t.Errorf("standing %+v, want one try and one certificate", st)
	}
	if got := p.certificates(ann); len(got) != 1 {
		t.Errorf("certificates %v, want one", got)
	}
}

// TestStartAtOnce lets two tabs, on two servers, start one quiz at once.
func TestStartAtOnce(t *testing.T) {
	_, servers := pair(t)
	ann := servers[0].rep("Ann")
	for round := range 10 {
		ids, errs := together(8, func(i int) (string, error) {
			server := servers[i%2]
			return server.Start(server.ctx, ann, nil, handoffCheck)
		})
		for i := range ids {
			if errs[i] != nil || ids[i] != ids[0] {
				t.Fatalf("round %d: %q, %v, want %q for all", round, ids[i], errs[i], ids[0])
			}
		}
		p := servers[round%2]
		_, err := p.Submit(p.ctx, ann, ids[0], p.answers(ids[0], -1))
		p.ok("submit", err)
		if n := len(p.standing(ann).Evidence.Tries[handoffCheck]); n != round+1 {
			t.Fatalf("round %d: %d attempts, want %d", round, n, round+1)
		}
	}
}

// longQuiz is a quiz with that many questions, every second a multiple choice.
func longQuiz(questions int) edit {
	text := "---\nid: handoff-check\ntitle: Handoff\npass: 50%\n---\n"
	for i := range questions {
		text += fmt.Sprintf("## Question %d\n`q-%d` · covers [handoff](../../../standard/together.md#handoff), [rush](../../../standard/rush.md#turnaround)\n\n"+
			"What is %d?\n\n- [x] It is %d\n- [ ] It is something else altogether\n  > It is not.\n\n", i, i, i, i)
	}
	return edit{File: "courses/onboarding/20-together/80-handoff.quiz.md", New: text}
}

// TestSavesAtOnce saves 40 answers at once, through two servers, while the
// outbox folds the attempt in: all are kept. Then it submits while answers
// are still coming in: each is part of the result, or was refused.
func TestSavesAtOnce(t *testing.T) {
	c := newCompany(t)
	c.edit(library(t, longQuiz(40)))
	servers := [2]*process{c.start(t), c.start(t)}
	p := servers[0]
	ann := p.rep("Ann")
	attempt := p.begin(ann, handoffCheck)
	right, wrong := p.answers(attempt, 0), p.answers(attempt, -1)
	_, errs := together(42, func(i int) (any, error) {
		server := servers[i%2]
		if i >= 40 {
			_, err := server.Drain(server.ctx)
			return nil, err
		}
		_, conflicts, err := server.Save(server.ctx, ann, attempt, wrong[i:i+1])
		return nil, errors.Join(err, conflict(conflicts))
	})
	p.ok("save", errors.Join(errs...))
	a, err := p.Attempt(p.ctx, attempt)
	p.ok("read", err)
	if a.Answered() != 40 || a.SaveCount() != 40 {
		t.Fatalf("%d answers, saved %d times, want 40", a.Answered(), a.SaveCount())
	}
	for i := range right {
		right[i].Knew = 1
	}
	saved, errs := together(41, func(i int) (bool, error) {
		server := servers[i%2]
		if i == 20 {
			_, err := server.Submit(server.ctx, ann, attempt, nil)
			return false, err
		}
		i -= i / 21
		_, conflicts, err := server.Save(server.ctx, ann, attempt, right[i:i+1])
		if errors.Is(err, quiz.ErrGraded) {
			return false, nil
		}
		return true, errors.Join(err, conflict(conflicts))
	})
	p.ok("save and submit", errors.Join(errs...))
	kept := 0
	for _, ok := range saved {
		if ok {
			kept++
		}
	}
	if a, err = p.Attempt(p.ctx, attempt); err != nil || a.Result.Score != (quiz.Fraction{Num: int64(kept), Den: 1}) {
		t.Errorf("%d saves were acknowledged, the result is %+v, %v", kept, a.Result, err)
	}
	checkRegrade(t, p, a)
}

// TestActsAtOnce does at once, again and again with other people, all that a
// certificate waits for, while both servers run their outbox: whichever comes
// last, the certificate is there in the end, once.
func TestActsAtOnce(t *testing.T) {
	_, servers := pair(t)
	p := servers[0]
	for round := range 12 {
		ann := p.rep(fmt.Sprintf("ann%d", round))
		attempt := p.begin(ann, boxCheck)
		saves := p.answers(attempt, 0)
		acts := []func(*process) error{
			func(p *process) error { _, err := p.Submit(p.ctx, ann, attempt, saves); return err },
			func(p *process) error { _, err := p.MarkRead(p.ctx, ann, handoff, false); return err },
			func(p *process) error { return signs(0, criteria...)(p, ann) },
			func(p *process) error { _, err := p.MarkRead(p.ctx, ann, reading, false); return err },
			func(p *process) error { _, err := p.Drain(p.ctx); return err },
			func(p *process) error { _, err := p.Drain(p.ctx); return err },
		}
		_, errs := together(len(acts), func(i int) (any, error) { return nil, acts[i](servers[(i+round)%2]) })
		p.ok("act", errors.Join(errs...))
		if st := p.standing(ann); !st.Evidence.Tries[boxCheck][0].Passed || len(st.Evidence.Read) != 2 || len(st.Evidence.Signoffs) != 1 {
			t.Fatalf("round %d: standing %+v", round, st)
		}
		p.drain()
		checkSettled(t, p, ann)
		if got := p.certificates(ann); !cmp.Equal(got, []string{"sell-rush/1", "sell-searches/1"}) {
			t.Fatalf("round %d: certificates %v, want both", round, got)
		}
	}
}
