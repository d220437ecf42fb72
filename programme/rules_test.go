package programme_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// A step is one thing that Ann, her manager or the clock does.
type step func(p *process, ann string) error

func reads(lessons ...string) step {
	return func(p *process, ann string) error { p.read(ann, lessons...); return nil }
}

func passes(quizID string) step {
	return func(p *process, ann string) error { p.take(ann, quizID, true); return nil }
}

func fails(quizID string) step {
	return func(p *process, ann string) error { p.take(ann, quizID, false); return nil }
}

func starts(quizID string) step {
	return func(p *process, ann string) error {
		_, err := p.Start(p.ctx, ann, nil, quizID)
		return err
	}
}

func waits(d time.Duration) step {
	return func(p *process, _ string) error { p.company.pass(d); return nil }
}

// until sets the clock, in Berlin.
func until(year int, month time.Month, date, hour int) step {
	return func(p *process, _ string) error {
		p.company.at(time.Date(year, month, date, hour, 0, 0, 0, p.Shelf.Library().Location).UTC())
		return nil
	}
}

func grants(quizID string, known int) step {
	return func(p *process, ann string) error {
		return p.Grant(p.ctx, "the-manager", ann, quizID, known, " well done ")
	}
}

func signs(known int, met ...string) step {
	return func(p *process, ann string) error {
		_, err := p.SignOff(p.ctx, "the-manager", ann, programme.SignOff{Certification: sellRush, Met: met, Note: "saw a call", Known: known})
		return err
	}
}

func renews(certification string) step {
	return func(p *process, ann string) error { return p.Renew(p.ctx, ann, certification) }
}

func unreads(lesson string) step {
	return func(p *process, ann string) error {
		_, err := p.MarkRead(p.ctx, ann, lesson, true)
		return err
	}
}

func edits(list ...edit) step {
	return func(p *process, _ string) error { p.reload(library(p.t, list...)); p.drain(); p.sweep(); return nil }
}

// submitsOpen submits the attempt in progress, all right.
func submitsOpen(quizID string) step {
	return func(p *process, ann string) error {
		open := p.standing(ann).Open[quizID]
		_, err := p.Submit(p.ctx, ann, open, p.answers(open, 0))
		return err
	}
}

// said is everything that pages say of a person, in words.
func said(p *process, person string) []string {
	return append(saidOf(p, p.standing(person)), "certificates: "+strings.Join(p.certificates(person), " "))
}

// saidOf is what they say of a standing, by id.
func saidOf(p *process, st *programme.Standing) []string {
	lib := p.Shelf.Library()
	var words []string
	for _, c := range lib.Certifications {
		words = append(words, c.ID+": "+clearanceWords(p.Clearance(st, c), lib.Location))
	}
	slices.Sort(words)
	for _, q := range lib.Quizzes() {
		words = append(words, q.ID+": "+admissionWords(p.Admission(st, q.Rules()), lib.Location))
	}
	return words
}

func clearanceWords(cl certify.Clearance, loc *time.Location) string {
	words := fmt.Sprintf("%s, %d of %d", cl.State, cl.Done, cl.Total)
	if cl.Then != "" {
		words = fmt.Sprintf("%s until %s, then %s, %d of %d", cl.State, date(cl.EnforcedFrom, loc), cl.Then, cl.Done, cl.Total)
	}
	if cl.Certificate != "" {
		words += ", until " + date(cl.Until, loc)
	}
	if cl.MayRenew {
		words += ", may renew"
	}
	if cl.Renewing {
		words += ", renewing"
	}
	return words
}

func admissionWords(a quiz.Admission, loc *time.Location) string {
	words := string(a.Reason)
	if a.Reason == quiz.CoolingDown {
		words += " until " + date(a.FreeAt, loc) + a.FreeAt.In(loc).Format(", 15:04")
	}
	if a.Left >= 0 {
		words += fmt.Sprintf(", %d left", a.Left)
	}
	return words
}

func date(t time.Time, loc *time.Location) string { return t.In(loc).Format("2 January 2006") }

// TestRules lets Ann live through many courses of events.
func TestRules(t *testing.T) {
	// New is what is said of somebody new, with changes.
	said0 := []string{
		"sell-rush: not-enforced until 1 February 2027, then blocked, 0 of 3",
		"sell-searches: not-started, 0 of 3",
		"box-check: may-start, 3 left",
		"handoff-check: may-start",
		"certificates: ",
	}
	but := func(lines ...string) []string {
		list := slices.Clone(said0)
		for _, line := range lines {
			subject, _, _ := strings.Cut(line, ":")
			i := slices.IndexFunc(list, func(old string) bool { return strings.HasPrefix(old, subject+":") })
			list[i] = line
		}
		return list
	}
	const (
		rushWaits = "sell-rush: not-enforced until 1 February 2027, then in-progress, 1 of 3"
		cleared   = "sell-searches: cleared, 3 of 3, until 7 December 2027"
		passed    = "box-check: passed, 2 left"
		one       = "certificates: sell-searches/1"
	)
	tests := []struct {
		name  string
		steps []step
		err   error // of the last step
		want  []string
	}{
		{"nothing done", nil, nil, but()},
		{"one lesson read", []step{reads(reading)}, nil, but("sell-searches: in-progress, 1 of 3")},
		{"read and unread", []step{reads(reading), unreads(reading)}, nil, but()},
		{"unread what was not read", []step{unreads(reading)}, nil, but()},
		{"a lesson that isn't there", []step{unreads("onboarding/the-box/no-such")}, programme.ErrNotFound, but()},

		{"start", []step{starts(boxCheck)}, nil, but("sell-searches: in-progress, 0 of 3",
			"box-check: in-progress, 2 left")},
		{"start twice is one", []step{starts(boxCheck), starts(boxCheck)}, nil, but("sell-searches: in-progress, 0 of 3",
			"box-check: in-progress, 2 left")},
		{"start what isn't there", []step{starts("no-such")}, programme.ErrNotFound, but()},
		{"submit", []step{starts(boxCheck), submitsOpen(boxCheck)}, nil, but(cleared, passed, one, rushWaits)},
		{"start after the pass", []step{passes(boxCheck), starts(boxCheck)}, programme.ErrNotNow, but(cleared, passed, one, rushWaits)},

		{"certify: read, then pass", []step{reads(reading, combining), passes(boxCheck)}, nil, but(cleared, passed, one, rushWaits)},
		{"certify: test-out waives reading", []step{passes(boxCheck)}, nil, but(cleared, passed, one, rushWaits)},
		{"test-out in the other module certifies nothing", []step{passes(handoffCheck)}, nil, but(
			"sell-rush: not-enforced until 1 February 2027, then blocked, 1 of 3", "handoff-check: passed")},

		{"fail once", []step{fails(boxCheck)}, nil, but("sell-searches: failed, 0 of 3",
			"box-check: cooling-down until 8 December 2026, 10:00, 2 left")},
		{
			"start while cooling down",
			[]step{fails(boxCheck), waits(day - time.Millisecond), starts(boxCheck)},
			programme.ErrNotNow,
			but("sell-searches: failed, 0 of 3", "box-check: cooling-down until 8 December 2026, 10:00, 2 left"),
		},
		{
			"start when it is over",
			[]step{fails(boxCheck), waits(day), starts(boxCheck)},
			nil,
			but("sell-searches: in-progress, 0 of 3", "box-check: in-progress, 1 left"),
		},
		{"fail twice", []step{fails(boxCheck), waits(day), fails(boxCheck)}, nil, but("sell-searches: failed, 0 of 3",
			"box-check: cooling-down until 15 December 2026, 10:00, 1 left")},
		{
			"fail three times",
			[]step{fails(boxCheck), waits(day), fails(boxCheck), waits(7 * day), fails(boxCheck)},
			nil,
			but("sell-searches: locked, 0 of 3", "box-check: used-up, 0 left"),
		},
		{"fail what has no limit", []step{fails(handoffCheck), fails(handoffCheck), starts(handoffCheck)}, nil, but(
			"handoff-check: in-progress")},

		{"grant while cooling down", []step{fails(boxCheck), grants(boxCheck, 0)}, nil, but("sell-searches: in-progress, 0 of 3",
			"box-check: may-start, 3 left")},
		{
			"grant when used up",
			[]step{fails(boxCheck), waits(day), fails(boxCheck), waits(7 * day), fails(boxCheck), grants(boxCheck, 0)},
			nil,
			but("sell-searches: in-progress, 0 of 3", "box-check: may-start, 1 left"),
		},
		{"grant and pass", []step{fails(boxCheck), grants(boxCheck, 0), passes(boxCheck)}, nil, but(cleared, passed, one, rushWaits)},
		{"grant what may start", []step{grants(boxCheck, 0)}, programme.ErrNotNow, but()},
		{
			"grant while an attempt is open",
			[]step{starts(boxCheck), grants(boxCheck, 0)},
			programme.ErrNotNow,
			but("sell-searches: in-progress, 0 of 3", "box-check: in-progress, 2 left"),
		},
		{
			"grant by a double click",
			[]step{fails(boxCheck), grants(boxCheck, 0), grants(boxCheck, 0)},
			programme.ErrStale,
			but("sell-searches: in-progress, 0 of 3", "box-check: may-start, 3 left"),
		},
		{"grant for what isn't there", []step{grants("no-such", 0)}, programme.ErrNotFound, but()},

		{"sign off", []step{signs(0, criteria...)}, nil, but("sell-rush: not-enforced until 1 February 2027, then blocked, 1 of 3")},
		{"sign off one of two", []step{signs(0, criteria[0])}, nil, but()},
		{"sign off one of two, posted twice", []step{signs(0, criteria[0], criteria[0])}, nil, but()},
		{"sign off, then take it back", []step{signs(0, criteria...), signs(1)}, nil, but()},
		{
			"sign off by a double click",
			[]step{signs(0, criteria...), signs(0)},
			programme.ErrStale,
			but("sell-rush: not-enforced until 1 February 2027, then blocked, 1 of 3"),
		},
		{"sign off what nobody asks", []step{signs(0, "Smiles")}, programme.ErrStale, but()},

		{"after: the second waits for the first", []step{reads(handoff), signs(0, criteria...), fails(boxCheck)}, nil, but(
			"sell-rush: not-enforced until 1 February 2027, then blocked, 2 of 3", "sell-searches: failed, 0 of 3",
			"box-check: cooling-down until 8 December 2026, 10:00, 2 left")},
		{"after: the first brings the second", []step{reads(handoff), signs(0, criteria...), passes(boxCheck)}, nil, but(
			"sell-rush: cleared, 3 of 3, until 7 June 2027", cleared, passed, "certificates: sell-rush/1 sell-searches/1")},
		{"the sign-off comes last", []step{reads(handoff), passes(boxCheck), signs(0, criteria...)}, nil, but(
			"sell-rush: cleared, 3 of 3, until 7 June 2027", cleared, passed, "certificates: sell-rush/1 sell-searches/1")},
		{"the reading comes last", []step{signs(0, criteria...), passes(boxCheck), reads(handoff)}, nil, but(
			"sell-rush: cleared, 3 of 3, until 7 June 2027", cleared, passed, "certificates: sell-rush/1 sell-searches/1")},
		{"only the sign-off is missing", []step{passes(boxCheck), reads(handoff), until(2027, 2, 1, 0)}, nil, but(
			"sell-rush: waiting, 2 of 3", cleared, passed, one)},

		{"enforce-from: the last moment before", []step{until(2027, 2, 1, 0), waits(-time.Millisecond)}, nil, but()},
		{"enforce-from: the day begins", []step{until(2027, 2, 1, 0)}, nil, but("sell-rush: blocked, 0 of 3")},

		{"expiry: sixty days before", []step{passes(boxCheck), until(2027, 10, 9, 1)}, nil, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: expiring, 3 of 3, until 7 December 2027, may renew", passed, one)},
		{"expiry: the last moment of the last day", []step{passes(boxCheck), until(2027, 12, 8, 0), waits(-time.Millisecond)}, nil, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: expiring, 3 of 3, until 7 December 2027, may renew", passed, one)},
		{"expiry: the day after", []step{passes(boxCheck), until(2027, 12, 8, 0)}, nil, but(
			"sell-rush: blocked, 1 of 3", "sell-searches: expired, 3 of 3, until 7 December 2027, may renew", passed, one)},

		{"renew too early", []step{passes(boxCheck), until(2027, 10, 1, 0), renews(sellSearches)}, programme.ErrNotNow, but(
			"sell-rush: in-progress, 1 of 3", cleared, passed, one)},
		{"renew what was never held", []step{renews(sellSearches)}, programme.ErrNotNow, but()},
		{"renew what isn't there", []step{renews("no-such")}, programme.ErrNotFound, but()},
		{"renew", []step{passes(boxCheck), until(2027, 11, 1, 10), renews(sellSearches)}, nil, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: expiring, 0 of 3, until 7 December 2027, renewing", one)},
		{"renew by a double click", []step{passes(boxCheck), until(2027, 11, 1, 10), renews(sellSearches), renews(sellSearches)}, programme.ErrNotNow, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: expiring, 0 of 3, until 7 December 2027, renewing", one)},
		{"renew and pass", []step{passes(boxCheck), until(2027, 11, 1, 10), renews(sellSearches), passes(boxCheck)}, nil, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: cleared, 3 of 3, until 1 November 2028", passed, "certificates: sell-searches/1 sell-searches/2")},
		{"renew and read again, which counts from now", []step{
			reads(reading, combining), passes(boxCheck), until(2027, 11, 1, 10),
			renews(sellSearches), reads(reading, combining),
		}, nil, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: expiring, 2 of 3, until 7 December 2027, renewing", one)},
		{"renew with an attempt open: it is continued first", []step{
			passes(boxCheck), starts(handoffCheck), until(2027, 11, 1, 10),
			renews(sellSearches), starts(handoffCheck),
		}, nil, but(
			"sell-rush: in-progress, 1 of 3", "sell-searches: expiring, 0 of 3, until 7 December 2027, renewing", one, "handoff-check: in-progress")},

		{"content: a new rule makes a certificate due", []step{
			signs(0, criteria[0]), reads(handoff), passes(boxCheck),
			edits(edit{"certifications/sell-rush.md", "  - signoff: {by: manager, criteria: [Asks for the aim, Names the tier]}\n", "  - quiz: box-check\n"},
				edit{"certifications/sell-rush.md", "  - quiz: box-check\n  - quiz: box-check\n", "  - quiz: box-check\n"}),
		}, nil, but(
			"sell-rush: cleared, 2 of 2, until 7 June 2027", cleared, passed, "certificates: sell-rush/1 sell-searches/1")},
		{"content: a lower limit locks out, a grant lets in", []step{
			fails(boxCheck), waits(day), fails(boxCheck),
			edits(edit{boxFile, "attempts: 3", "attempts: 1"}), waits(time.Minute), grants(boxCheck, 0),
		}, nil, but(
			"sell-searches: in-progress, 0 of 3", "box-check: may-start, 1 left")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newCompany(t).start(t)
			ann := p.rep("Ann")
			for i, do := range test.steps {
				err := do(p, ann)
				if last := i == len(test.steps)-1; !last && err != nil || last && !errors.Is(err, test.err) {
					t.Fatalf("step %d: %v, want %v in the last one", i+1, err, test.err)
				}
			}
			if diff := cmp.Diff(test.want, said(p, ann)); diff != "" {
				t.Errorf("-want, +said:\n%s", diff)
			}
			p.drain()
			if diff := cmp.Diff(test.want, said(p, ann)); diff != "" {
				t.Errorf("after the outbox, -want, +said:\n%s", diff)
			}
		})
	}
}
