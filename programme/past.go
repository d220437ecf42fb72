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
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// A Past is the history of one person, made up in memory and written once at
// its end: for a company of many years that is needed in a minute. Each act
// has the rules, the drawing, the grading and the documents of the services,
// and the outbox has been there after each. What is written in the end is what
// the services would have left, but for the revisions: every document is
// written once.
//
// A Past begins with nothing: the person may have no record and no attempt in
// the store. One goroutine may use it at a time.
type Past struct {
	prog         *Programme // with the clock and the chance of this past
	name         string     // on certificates
	record       *Record    // nil before the first act
	now          *Standing  // as the record tells it; its maps are the record's
	person       string
	attempts     map[string]*Attempt
	order        []string // ids of the attempts, as they were started
	certificates []*Certificate
}

// Past begins the history of a person, who has this name on certificates.
func (p *Programme) Past(person, name string, now func() time.Time, seed func() [32]byte) *Past {
	return &Past{prog: p.elsewhen(now, seed), person: person, name: name, now: standing(person, nil), attempts: map[string]*Attempt{}}
}

// elsewhen is the programme with another clock and other chance.
func (p *Programme) elsewhen(now func() time.Time, seed func() [32]byte) *Programme {
	return &Programme{
		People: p.People, Shelf: p.Shelf, attempts: p.attempts, records: p.records, certificates: p.certificates,
		revisions: p.revisions, settings: p.settings, log: p.log, key: p.key, items: p.items, scenarios: p.scenarios,
		now: func() time.Time { return now().UTC().Truncate(time.Millisecond) }, seed: seed,
	}
}

// Standing is what is known of the person at this point of her past. It is not
// to be changed, and true until the next act.
func (h *Past) Standing() *Standing { return h.now }

// Admission is Programme.Admission at this point of the past.
func (h *Past) Admission(rules quiz.Rules) quiz.Admission {
	return h.prog.Admission(h.Standing(), rules)
}

// Start is Programme.Start.
func (h *Past) Start(quizID string) (*Attempt, error) {
	lib := h.prog.library()
	q := lib.Quiz(quizID)
	if q == nil {
		return nil, fmt.Errorf("start quiz %s: %w", quizID, ErrNotFound)
	}
	st := h.Standing()
	return h.start(h.prog.next(st, q.Rules(), lib.Hash, func(doc *Attempt, cycle, number int) {
		doc.Attempt = *quiz.NewAttempt(&q.Quiz, cycle, number, st.Seen, h.prog.random(), h.prog.now())
	}))
}

// Play is Programme.Play.
func (h *Past) Play(scenarioID string) (*Attempt, error) {
	lib := h.prog.library()
	s := lib.Scenario(scenarioID)
	if s == nil {
		return nil, fmt.Errorf("play scenario %s: %w", scenarioID, ErrNotFound)
	}
	return h.start(h.prog.next(h.Standing(), s.Rules(), lib.Hash, func(doc *Attempt, cycle, number int) {
		h.prog.begin(doc, &s.Scenario, false)
		doc.Cycle, doc.Number = cycle, number
	}))
}

func (h *Past) start(doc *Attempt, open string, err error) (*Attempt, error) {
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return h.attempts[open], nil
	}
	h.keep(doc)
	return doc, h.settle(doc)
}

// keep adds an attempt, in the place of one with its id.
func (h *Past) keep(doc *Attempt) {
	if h.attempts[doc.ID] == nil {
		h.order = append(h.order, doc.ID)
	}
	h.attempts[doc.ID] = doc
}

// Practise is Programme.Practise.
func (h *Past) Practise(scenarioID string) (*Attempt, error) {
	lib := h.prog.library()
	s := lib.Scenario(scenarioID)
	if s == nil {
		return nil, fmt.Errorf("practise scenario %s: %w", scenarioID, ErrNotFound)
	}
	doc := &Attempt{Meta: store.Meta{ID: h.prog.practiceID(h.person, scenarioID)}, Person: h.person, Release: lib.Hash, PendingSince: Never}
	h.prog.begin(doc, &s.Scenario, true)
	h.keep(doc)
	return doc, nil
}

// Items returns the items of an attempt, in the order shown.
func (h *Past) Items(ctx context.Context, a *Attempt) ([]*quiz.Item, error) {
	return h.prog.Items(ctx, a)
}

// Scenario returns the scenario of a play.
func (h *Past) Scenario(ctx context.Context, a *Attempt) (*scenario.Scenario, error) {
	return h.prog.Scenario(ctx, a)
}

// Save is Programme.Save, by somebody with one page open.
func (h *Past) Save(a *Attempt, saves []quiz.Save) error {
	_, err := a.Save(h.prog.now(), saves)
	return err
}

// Submit is Programme.Submit, by somebody with one page open.
func (h *Past) Submit(ctx context.Context, a *Attempt, saves []quiz.Save) error {
	items, err := h.prog.pinned(ctx, &Attempt{Attempt: a.Attempt})
	if err != nil {
		return fmt.Errorf("submit attempt %s: %w", a.ID, err)
	}
	if err := h.prog.grade(a, h.Standing(), items, saves, &Submitted{}); err != nil {
		return err
	}
	return h.settle(a)
}

// Choose is Programme.Choose.
func (h *Past) Choose(ctx context.Context, a *Attempt, step int, token string) error {
	s, err := h.prog.Scenario(ctx, a)
	if err != nil {
		return err
	}
	if _, err := s.Choose(a.Play, step, token, h.prog.now()); err != nil {
		return err
	}
	h.prog.settlePlay(a)
	return h.settle(a)
}

// settle issues what an attempt brought and folds it in, as the outbox does.
func (h *Past) settle(a *Attempt) error {
	if len(a.Pending) == 0 {
		return nil
	}
	if slices.Contains(a.Pending, DutyCertify) {
		st := standing(h.person, h.record)
		st.fold(a)
		if err := h.issue(st, a.Submitted); err != nil {
			return err
		}
	}
	err := h.change(func(r *Record) error { return h.prog.foldInto(r, h.now, a, h.held()) })
	a.Pending, a.PendingSince = nil, Never
	a.Live = a.State == quiz.Open
	return err
}

// held are the certificates as they are read, the newest first.
func (h *Past) held() []*Certificate {
	list := slices.Clone(h.certificates)
	slices.SortStableFunc(list, func(a, b *Certificate) int {
		if c := b.Issued.Compare(a.Issued); c != 0 {
			return c
		}
		return strings.Compare(b.Meta.ID, a.Meta.ID)
	})
	return list
}

// issue issues what the standing has earned.
func (h *Past) issue(st *Standing, at time.Time) error {
	lib := h.prog.library()
	_, err := issueAll(lib, st, at, func(held certify.Held) (*Certificate, error) {
		c := h.prog.newCertificate(lib, st, held, h.name)
		h.certificates = append(h.certificates, c)
		return c, nil
	})
	return err
}

// change changes the record, and does what that leaves to do.
func (h *Past) change(change func(*Record) error) error {
	r := h.record
	if r == nil {
		r = &Record{Meta: store.Meta{ID: h.person}, Person: h.person, PendingSince: Never}
	}
	if err := change(r); errors.Is(err, store.ErrNoChange) {
		return nil
	} else if err != nil {
		return err
	}
	h.record = r
	h.follow()
	for range len(h.prog.library().Certifications) + 1 {
		if !slices.Contains(r.Pending, DutyCertify) {
			return nil
		}
		st := standing(h.person, r)
		if err := h.issue(st, r.PendingSince); err != nil {
			return err
		}
		h.now.hold(h.held())
		r.Held = h.now.Evidence.Held
		if len(h.prog.due(h.now)) == 0 {
			r.Pending, r.PendingSince = nil, Never
		}
	}
	return fmt.Errorf("certify %s: there is no end to what is due", h.person)
}

// follow takes over into the standing what an act changed in the record. To make
// the standing anew each time would take longer than all else.
func (h *Past) follow() {
	read, tries := h.now.Evidence.Read, h.now.Evidence.Tries
	h.now.Evidence = h.record.Evidence
	if h.now.Evidence.Read == nil {
		h.now.Evidence.Read = read
	}
	if h.now.Evidence.Tries == nil {
		h.now.Evidence.Tries = tries
	}
}

// act is a change by a form.
func (h *Past) act(change func(*Record, *Standing) error) error {
	return h.change(func(r *Record) error {
		if err := change(r, h.now); err != nil {
			return err
		}
		h.record = r
		h.follow()
		h.prog.note(r, h.now)
		return nil
	})
}

// Read is Programme.MarkRead.
func (h *Past) Read(lesson string) error {
	return h.act(func(r *Record, _ *Standing) error {
		if at, read := r.Read[lesson]; read && !h.prog.askedAgain(r.Renewals, lesson, at) {
			return store.ErrNoChange
		}
		if r.Read == nil {
			r.Read = map[string]time.Time{}
		}
		r.Read[lesson] = h.prog.now()
		return nil
	})
}

// SignOff is Programme.SignOff, with all criteria met but the last few.
func (h *Past) SignOff(by string, c *certify.Certification, missed int, note string) error {
	all := signOffStep(c).Criteria
	var met []string
	met = append(met, all[:max(0, len(all)-missed)]...)
	return h.act(func(r *Record, _ *Standing) error {
		r.Signoffs = append(r.Signoffs, certify.Signoff{Certification: c.ID, By: by, At: h.prog.now(), Criteria: met, Met: len(met) == len(all), Note: note})
		return nil
	})
}

// Grant is Programme.Grant.
func (h *Past) Grant(by, key, note string) error {
	e := h.prog.library().Exercise(key)
	return h.act(func(r *Record, st *Standing) error {
		if adm := h.prog.Admission(st, e.Rules()); adm.Reason != quiz.CoolingDown && adm.Reason != quiz.UsedUp {
			return &NotAdmitted{adm}
		}
		cycle := h.prog.Cycle(st, key)
		id := strings.Join([]string{key, strconv.Itoa(cycle), strconv.Itoa(countGrants(r.Grants, key, cycle) + 1)}, "/")
		r.Grants = append(r.Grants, quiz.Grant{ID: id, Quiz: key, Cycle: cycle, By: by, At: h.prog.now(), Note: note})
		return nil
	})
}

// Renew is Programme.Renew; it reports whether that was allowed.
func (h *Past) Renew(c *certify.Certification) (renewed bool, err error) {
	err = h.act(func(r *Record, st *Standing) error {
		var renewal certify.Renewal
		if renewal, renewed = certify.Renew(c, &st.Evidence, h.prog.now()); !renewed {
			return store.ErrNoChange
		}
		r.Renewals = append(r.Renewals, renewal)
		return nil
	})
	return renewed, err
}

// Write puts the whole past into the store. Boards read records, so that comes
// last.
func (h *Past) Write(ctx context.Context) error {
	for _, id := range h.order {
		if err := h.prog.attempts.Insert(ctx, h.attempts[id]); err != nil {
			return fmt.Errorf("write the past of %s: %w", h.person, err)
		}
	}
	for _, c := range h.certificates {
		if err := h.prog.certificates.Insert(ctx, c); err != nil {
			return fmt.Errorf("write the past of %s: %w", h.person, err)
		}
	}
	if h.record == nil {
		return nil
	}
	if err := h.prog.records.Insert(ctx, h.record); err != nil {
		return fmt.Errorf("write the past of %s: %w", h.person, err)
	}
	return nil
}
