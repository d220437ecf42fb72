package programme_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// walk is the path of a rep who is nearly there: she starts, saves, submits,
// which certifies, and reads a lesson, which certifies again; the outbox runs
// in between. What is done already is skipped. ack hears of everything that
// she was told is done.
func (p *process) walk(ann string, ack func(string)) error {
	st, err := p.StandingOf(p.ctx, ann)
	if err != nil {
		return err
	}
	if p.Admission(st, p.Shelf.Library().Quiz(boxCheck).Rules()).Reason != quiz.AlreadyPassed {
		if err := p.walkQuiz(ann, ack); err != nil {
			return err
		}
	}
	if _, err := p.Drain(p.ctx); err != nil {
		return err
	}
	if _, err := p.MarkRead(p.ctx, ann, handoff, false); err != nil {
		return err
	}
	ack("read")
	_, err = p.Drain(p.ctx)
	return err
}

func (p *process) walkQuiz(ann string, ack func(string)) error {
	id, err := p.Start(p.ctx, ann, nil, boxCheck)
	if err != nil {
		return err
	}
	ack("start " + id)
	saves, err := p.answersTo(id, 0)
	if err != nil {
		return err
	}
	if _, conflicts, err := p.Save(p.ctx, ann, id, saves[:2]); err != nil || len(conflicts) > 0 {
		return errors.Join(err, conflict(conflicts))
	}
	ack("save")
	out, err := p.Submit(p.ctx, ann, id, saves)
	if err != nil {
		return err
	}
	if err := conflict(out.Conflicts); err != nil {
		return err
	}
	ack("submit")
	for _, c := range out.Issued {
		ack("certificate " + c.Meta.ID)
	}
	return nil
}

func conflict(list []quiz.Conflict) error {
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("conflicts: %+v", list)
}

// copied is a company on a copy of a data file, a day later.
func copied(t *testing.T, folder string) *company {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "insidebox.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := newCompany(t)
	c.pass(day)
	if err := os.WriteFile(c.path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// checkPath looks at what a path that broke off has left, mends it, goes on,
// and looks again.
func checkPath(t *testing.T, p *process, ann string, acks []string) {
	t.Helper()
	checkAcknowledged(t, p, ann, acks)
	p.drain()
	checkAcknowledged(t, p, ann, acks)
	checkSettled(t, p, ann)
	if err := p.walk(ann, func(string) {}); err != nil {
		t.Fatalf("go on: %v", err)
	}
	checkAcknowledged(t, p, ann, acks)
	checkSettled(t, p, ann)
	want := []string{
		"sell-rush: cleared, 3 of 3, until 8 June 2027",
		"sell-searches: cleared, 3 of 3, until 8 December 2027",
		"box-check: passed, 2 left",
		"handoff-check: may-start",
		"certificates: sell-rush/1 sell-searches/1",
	}
	if diff := cmp.Diff(want, said(p, ann)); diff != "" {
		t.Errorf("in the end, -want, +said:\n%s", diff)
	}
}

// checkAcknowledged holds that what was acknowledged is there, and what
// wasn't is absent or whole.
func checkAcknowledged(t *testing.T, p *process, ann string, acks []string) {
	t.Helper()
	st := p.standing(ann)
	said := strings.Join(acks, ",") + ","
	tries := st.Evidence.Tries[boxCheck]
	if len(tries) > 1 {
		t.Fatalf("%d attempts, want at most one", len(tries))
	}
	if len(tries) == 0 {
		if strings.Contains(said, "start") {
			t.Errorf("the attempt is lost after %s", said)
		}
	} else {
		checkWhole(t, p, tries[0].Attempt, said)
	}
	if _, read := st.Evidence.Read[handoff]; strings.Contains(said, "read,") && !read {
		t.Errorf("the lesson is not read after %s", said)
	}
	for _, ack := range acks {
		if id, ok := strings.CutPrefix(ack, "certificate "); ok {
			if _, err := p.Certificate(p.ctx, id); err != nil {
				t.Errorf("after %s: %v", said, err)
			}
		}
	}
}

func checkWhole(t *testing.T, p *process, id, said string) {
	t.Helper()
	a, err := p.Own(p.ctx, p.standingPerson(id), id)
	p.ok("read the attempt", err)
	if len(a.Questions) != 4 || !strings.Contains(said, "start "+id) && strings.Contains(said, "start") {
		t.Errorf("attempt %s with %d questions after %s", id, len(a.Questions), said)
	}
	switch n := a.Answered(); {
	case n != 0 && n != 2 && n != 4, n == 0 && strings.Contains(said, "save"), n != 4 && strings.Contains(said, "submit"), (n == 4) != (a.State == quiz.Graded):
		t.Errorf("%d answers, %s, after %s", n, a.State, said)
	}
	if a.State == quiz.Graded {
		checkRegrade(t, p, a)
	}
}

// standingPerson is whose attempt it is.
func (p *process) standingPerson(attempt string) string {
	a, err := p.Attempt(p.ctx, attempt)
	p.ok("read the attempt", err)
	return a.Person
}

// checkRegrade holds that grading again gives what was stored.
func checkRegrade(t interface {
	Helper()
	Errorf(string, ...any)
}, p *process, a *programme.Attempt,
) {
	t.Helper()
	again, err := quiz.Regrade(&a.Attempt, p.Lookup(p.ctx))
	if err != nil {
		t.Errorf("regrade %s: %v", a.ID, err)
	} else if diff := cmp.Diff(a.Result, again, emptyIsNil); diff != "" {
		t.Errorf("regrade %s: -stored, +again:\n%s", a.ID, diff)
	}
}

// checkSettled holds that the outbox is empty, so that draining again writes
// nothing; that a board says what the person's own pages say; and that the
// record knows of all certificates.
func checkSettled(t *testing.T, p *process, person string) {
	t.Helper()
	writes, reads := p.counted(p.drain)
	if len(writes) != 0 || reads != 3 {
		t.Errorf("drain again: writes %v, %d reads, want none and 3", writes, reads)
	}
	st := p.standing(person)
	if diff := cmp.Diff(st, p.recorded(person), sameStanding); diff != "" {
		t.Errorf("-exact, +as boards see it:\n%s", diff)
	}
	if held, stored := len(st.Evidence.Held), p.certificates(person); held != len(stored) {
		t.Errorf("the record knows of %d certificates, stored are %v", held, stored)
	}
	if p.log.Len() > 0 && strings.Contains(p.log.String(), "left in the outbox") {
		t.Errorf("log: %s", p.log)
	}
}
