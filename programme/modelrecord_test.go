package programme_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

func (m *machine) Read(t *rapid.T) {
	p, ann, life := m.one(t, anybody)
	lib, now := p.Shelf.Library(), m.company.Now()
	lesson := rapid.SampledFrom([]string{reading, combining, handoff, handoff}).Draw(t, "lesson")
	undo := rapid.IntRange(0, 3).Draw(t, "undo") == 0
	_, err := p.MarkRead(p.ctx, ann, lesson, undo)
	if lib.Lesson(lesson) == nil {
		wantError(t, err, programme.ErrNotFound)
		return
	}
	p.ok("mark read", err)
	_, read := life.evidence.Read[lesson]
	switch {
	case undo:
		delete(life.evidence.Read, lesson)
	case !read || life.readsAgain(lib, lesson):
		life.evidence.Read[lesson] = now
	}
	held := len(life.evidence.Held)
	if life.earn(lib, now); len(life.evidence.Held) > held {
		m.did("certificate by a lesson")
	}
}

// held tells whether the person may not try the box's quiz now, for one of
// these reasons.
func (m *machine) held(l *life, reasons ...quiz.Reason) bool {
	return slices.Contains(reasons, l.admit(m.servers[0].Shelf.Library(), boxCheck, m.company.Now()).Reason)
}

func (m *machine) Grant(t *rapid.T) {
	p, ann, life := m.one(t, func(l *life) bool { return m.held(l, quiz.CoolingDown, quiz.UsedUp) })
	lib, now := p.Shelf.Library(), m.company.Now()
	adm := life.admit(lib, boxCheck, now)
	known := adm.Granted + rapid.SampledFrom([]int{0, 0, 0, 1, -1}).Draw(t, "more known")
	err := p.Grant(p.ctx, "boss", ann, boxCheck, known, "")
	switch {
	case known != adm.Granted:
		wantError(t, err, programme.ErrStale)
	case adm.Reason != quiz.CoolingDown && adm.Reason != quiz.UsedUp:
		wantError(t, err, programme.ErrNotNow)
	default:
		p.ok("grant", err)
		m.did("grant")
		life.evidence.Grants = append(life.evidence.Grants, quiz.Grant{Quiz: boxCheck, Cycle: life.cycle(lib, boxCheck), By: "boss", At: now})
	}
}

func (m *machine) SignOff(t *rapid.T) {
	p, ann, life := m.one(t, anybody)
	lib, now := p.Shelf.Library(), m.company.Now()
	met := criteria[:rapid.SampledFrom([]int{1, 2, 2, 2}).Draw(t, "met")]
	known := len(life.evidence.Signoffs)
	_, err := p.SignOff(p.ctx, "boss", ann, programme.SignOff{Certification: sellRush, Met: met, Known: known})
	c := lib.Certification(sellRush)
	if c == nil || !slices.ContainsFunc(c.Steps, func(s certify.Step) bool { return s.Kind == certify.SignOff }) {
		wantError(t, err, programme.ErrNotFound)
		return
	}
	p.ok("sign off", err)
	life.evidence.Signoffs = append(life.evidence.Signoffs, certify.Signoff{
		Certification: sellRush, By: "boss", At: now,
		Criteria: slices.Clone(met), Met: len(met) == 2,
	})
	held := len(life.evidence.Held)
	if life.earn(lib, now); len(life.evidence.Held) > held {
		m.did("certificate by a sign-off")
	}
}

// mayRenew tells whether some certification may be renewed.
func (m *machine) mayRenew(l *life) bool {
	return slices.ContainsFunc(m.servers[0].Shelf.Library().Certifications, func(c *certify.Certification) bool {
		return certify.MayRenew(c, &l.evidence, m.company.Now())
	})
}

func (m *machine) Renew(t *rapid.T) {
	p, ann, life := m.one(t, m.mayRenew)
	lib, now := p.Shelf.Library(), m.company.Now()
	id := rapid.SampledFrom([]string{sellSearches, sellRush}).Draw(t, "certification")
	err := p.Renew(p.ctx, ann, id)
	c := lib.Certification(id)
	if c == nil {
		wantError(t, err, programme.ErrNotFound)
		return
	}
	renewal, may := certify.Renew(c, &life.evidence, now)
	if !may {
		wantError(t, err, programme.ErrNotNow)
		return
	}
	p.ok("renew", err)
	m.did("renewal")
	life.evidence.Renewals = append(life.evidence.Renewals, renewal)
	life.earn(lib, now)
}
