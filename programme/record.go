package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// maxNote bounds what a manager can write beside a grant or a sign-off, in characters.
const maxNote = 500

// Record reads a person's record; nil when there is none yet.
func (p *Programme) Record(ctx context.Context, person string) (*Record, error) {
	r, err := p.records.Get(ctx, person)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the record of %s: %w", person, err)
	}
	return r, nil
}

// change changes a record, making it if there is none.
func (p *Programme) change(ctx context.Context, person string, change func(*Record) error) (*Record, error) {
	return put(ctx, p.records, person, func() *Record {
		return &Record{Meta: store.Meta{ID: person}, Person: person, PendingSince: Never}
	}, change)
}

// put changes a document by one write, or inserts a fresh one that was changed,
// where there is none.
func put[T any](ctx context.Context, in *store.Collection[T], id string, fresh func() *T, change func(*T) error) (*T, error) {
	for {
		doc, err := in.Update(ctx, id, change)
		if !errors.Is(err, store.ErrNotFound) {
			return doc, err
		}
		doc = fresh()
		if err := change(doc); errors.Is(err, store.ErrNoChange) {
			return doc, nil
		} else if err != nil {
			return nil, err
		}
		if err = in.Insert(ctx, doc); !errors.Is(err, store.ErrExists) {
			return doc, err
		}
	}
}

// act changes a record by a form and issues what became due by it. Whether
// something does is worked out before the write, so that an ordinary change
// is one write, and one that certifies leaves its duty in the same write.
func (p *Programme) act(ctx context.Context, person string, change func(*Record, *Standing) error) ([]*Certificate, error) {
	before, err := p.StandingOf(ctx, person)
	if err != nil {
		return nil, err
	}
	var after *Standing
	changed, err := p.change(ctx, person, func(r *Record) error {
		after = nil
		if err := change(r, before.with(r)); err != nil {
			return err
		}
		after = before.with(r)
		p.note(r, after)
		return nil
	})
	if err != nil || after == nil || !slices.Contains(changed.Pending, DutyCertify) {
		return nil, err
	}
	issued, err := p.issue(ctx, after, changed.PendingSince)
	if err != nil {
		p.log.Warn("a certificate is left to the outbox", "person", person, "error", err)
	}
	p.wake()
	return issued, nil
}

// note leaves the duty to certify in a record that has earned a certificate.
// Every write of a record asks for it: whichever of two things that happen at
// once comes last sees both, so that no certificate waits for nobody.
func (p *Programme) note(r *Record, st *Standing) {
	if len(p.due(st)) > 0 && !slices.Contains(r.Pending, DutyCertify) {
		r.Pending, r.PendingSince = pending(p.now(), append(r.Pending, DutyCertify)...)
	}
}

// with is the standing that this state of the record makes, with what the
// standing knew beside the record: live attempts, and certificates.
func (st *Standing) with(r *Record) *Standing {
	next := standing(st.Person, r)
	for _, a := range st.live {
		next.fold(a)
	}
	for _, h := range st.Evidence.Held {
		next.Evidence.Held = addHeld(next.Evidence.Held, h)
	}
	next.live = st.live
	return next
}

// MarkRead marks a lesson read, or, with undo, not read. Doing it twice
// changes nothing, unless a renewal asks for the lesson again: then it is read
// anew, from now on. It returns the certificates that came of it.
func (p *Programme) MarkRead(ctx context.Context, person, lesson string, undo bool) ([]*Certificate, error) {
	if p.library().Lesson(lesson) == nil {
		return nil, fmt.Errorf("mark lesson %s read: %w", lesson, ErrNotFound)
	}
	return p.act(ctx, person, func(r *Record, _ *Standing) error {
		at, read := r.Read[lesson]
		now := later(p.now(), opened(r.Renewals))
		if read && !undo && p.askedAgain(r.Renewals, lesson, at) {
			read = false
		}
		switch {
		case read != undo:
			return store.ErrNoChange
		case undo:
			delete(r.Read, lesson)
		case r.Read == nil:
			r.Read = map[string]time.Time{lesson: now}
		default:
			r.Read[lesson] = now
		}
		return nil
	})
}

// Read reports when a lesson was read, and whether that still counts: a
// renewal opened since may ask for it again.
func (p *Programme) Read(e *certify.Evidence, lesson string) (at time.Time, counts bool) {
	at, read := e.Read[lesson]
	return at, read && !p.askedAgain(e.Renewals, lesson, at)
}

// askedAgain reports whether a certification that asks for the lesson was
// renewed since it was read.
func (p *Programme) askedAgain(renewals []certify.Renewal, lesson string, read time.Time) bool {
	for _, renewal := range renewals {
		c := p.library().Certification(renewal.Certification)
		if c == nil || !renewal.Opened.After(read) {
			continue
		}
		for _, s := range c.Steps {
			if s.Kind == certify.ReadLesson && s.Ref == lesson {
				return true
			}
		}
	}
	return false
}

// Grant gives a person one attempt more at a quiz, or at a scenario by its
// key, and lifts the cool-down that is running. known is how many grants for
// it and its cycle the manager's page showed: when it is out of date the grant
// is ErrStale, so that a double click gives one. Nobody grants herself anything.
func (p *Programme) Grant(ctx context.Context, by, person, key string, known int, note string) error {
	e := p.library().Exercise(key)
	if e == nil {
		return fmt.Errorf("grant an attempt at %s: %w", key, ErrNotFound)
	}
	if by == person {
		return fmt.Errorf("grant oneself an attempt at %s: %w", key, ErrForbidden)
	}
	if err := checkNote(note); err != nil {
		return err
	}
	_, err := p.act(ctx, person, func(r *Record, st *Standing) error {
		cycle := p.Cycle(st, key)
		if countGrants(r.Grants, key, cycle) != known {
			return fmt.Errorf("grant an attempt at %s: %w", key, ErrStale)
		}
		adm := p.Admission(st, e.Rules())
		if adm.Reason != quiz.CoolingDown && adm.Reason != quiz.UsedUp {
			return &NotAdmitted{adm}
		}
		id := strings.Join([]string{key, strconv.Itoa(cycle), strconv.Itoa(known + 1)}, "/")
		at := later(p.now(), failedAt(st.Evidence.Tries[key]))
		r.Grants = append(r.Grants, quiz.Grant{ID: id, Quiz: key, Cycle: cycle, By: by, At: at, Note: strings.TrimSpace(note)})
		return nil
	})
	return err
}

func countGrants(grants []quiz.Grant, key string, cycle int) int {
	n := 0
	for _, g := range grants {
		if g.Quiz == key && g.Cycle == cycle {
			n++
		}
	}
	return n
}

// SignOff is what a manager observed.
type SignOff struct {
	Certification string
	Met           []string // criteria that were met; all of them signs off
	Note          string
	Known         int // how many sign-offs of this certification the page showed
}

// SignOff records an observation. With all criteria met the step is done;
// otherwise it stays open, and the rep sees what was missing. Nobody observes
// herself: whoever manages a team that she is in is signed off by another manager of
// it, or by an admin.
func (p *Programme) SignOff(ctx context.Context, by, person string, s SignOff) ([]*Certificate, error) {
	c := p.library().Certification(s.Certification)
	if c == nil {
		return nil, fmt.Errorf("sign off %s: %w", s.Certification, ErrNotFound)
	}
	step := signOffStep(c)
	if step == nil {
		return nil, fmt.Errorf("sign off %s: %w", s.Certification, ErrNotFound)
	}
	if by == person {
		return nil, fmt.Errorf("sign oneself off %s: %w", c.ID, ErrForbidden)
	}
	if err := checkNote(s.Note); err != nil {
		return nil, err
	}
	for _, m := range s.Met {
		if !slices.Contains(step.Criteria, m) {
			return nil, fmt.Errorf("sign off %s: %q is not one of its criteria: %w", c.ID, m, ErrStale)
		}
	}
	return p.act(ctx, person, func(r *Record, st *Standing) error {
		if countSignoffs(r.Signoffs, c.ID) != s.Known {
			return fmt.Errorf("sign off %s: %w", c.ID, ErrStale)
		}
		var met []string // each criterion once, in their order, however it was posted
		for _, criterion := range step.Criteria {
			if slices.Contains(s.Met, criterion) {
				met = append(met, criterion)
			}
		}
		r.Signoffs = append(r.Signoffs, certify.Signoff{
			Certification: c.ID, By: by, At: later(p.now(), opened(r.Renewals), observed(r.Signoffs, c.ID)),
			Criteria: met, Met: len(met) == len(step.Criteria), Note: strings.TrimSpace(s.Note),
		})
		return nil
	})
}

func signOffStep(c *certify.Certification) *certify.Step {
	for i := range c.Steps {
		if c.Steps[i].Kind == certify.SignOff {
			return &c.Steps[i]
		}
	}
	return nil
}

func countSignoffs(list []certify.Signoff, certification string) int {
	n := 0
	for _, s := range list {
		if s.Certification == certification {
			n++
		}
	}
	return n
}

func checkNote(note string) error {
	if len([]rune(note)) > maxNote {
		return fmt.Errorf("the note is longer than %d characters: %w", maxNote, ErrInvalid)
	}
	return nil
}

// Renew opens the next cycle of a certification, when its certificate ends
// soon or has ended. What was done before stays as it was; the new cycle
// asks for new evidence. It is ErrNotNow, and changes nothing, when the rules
// don't allow it, as a second time at once.
func (p *Programme) Renew(ctx context.Context, person, certification string) error {
	c := p.library().Certification(certification)
	if c == nil {
		return fmt.Errorf("renew %s: %w", certification, ErrNotFound)
	}
	_, err := p.act(ctx, person, func(r *Record, st *Standing) error {
		renewal, may := certify.Renew(c, &st.Evidence, p.now())
		if !may {
			return fmt.Errorf("renew %s: %w", certification, ErrNotNow)
		}
		r.Renewals = append(r.Renewals, renewal)
		return nil
	})
	return err
}
