package programme

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// A Standing is what is known of a person's learning at one moment: the
// record with everything folded in that happened since.
type Standing struct {
	Person   string
	Evidence certify.Evidence
	Seen     map[string]int
	Open     map[string]string // quiz id -> id of the attempt in progress
}

// maxLive bounds the attempts of one person that are open or not yet folded.
const maxLive = 200

// Standing reads a person's standing, exact to this moment: live attempts
// and, while anything is pending, certificates are read beside the record,
// which may be nil or already known to the caller.
func (p *Programme) Standing(ctx context.Context, person string, record *Record) (*Standing, error) {
	live, _, err := p.attempts.Find(ctx, store.Query{Index: "live",
		Eq: []store.Key{store.String(person), store.Bool(true)}, Limit: maxLive})
	if err != nil {
		return nil, fmt.Errorf("read the open attempts of %s: %w", person, err)
	}
	st := standing(person, record)
	unsettled := record != nil && len(record.Pending) > 0
	for _, a := range live {
		st.fold(a)
		unsettled = unsettled || len(a.Pending) > 0
	}
	if unsettled {
		if err := p.addCertificates(ctx, st); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// StandingOf reads the record too.
func (p *Programme) StandingOf(ctx context.Context, person string) (*Standing, error) {
	record, err := p.Record(ctx, person)
	if err != nil {
		return nil, err
	}
	return p.Standing(ctx, person, record)
}

// Recorded is the standing as the record alone tells it, for boards.
func Recorded(person string, record *Record) *Standing { return standing(person, record) }

func standing(person string, record *Record) *Standing {
	st := &Standing{Person: person, Open: map[string]string{}, Seen: map[string]int{}}
	if record != nil {
		st.Evidence = clone(record.Evidence)
		maps.Copy(st.Seen, record.Seen)
	}
	if st.Evidence.Read == nil {
		st.Evidence.Read = map[string]time.Time{}
	}
	if st.Evidence.Tries == nil {
		st.Evidence.Tries = map[string][]quiz.Try{}
	}
	return st
}

// clone copies what folding changes, so that a record stays as it was read.
func clone(e certify.Evidence) certify.Evidence {
	e.Read = maps.Clone(e.Read)
	tries := make(map[string][]quiz.Try, len(e.Tries))
	for id, list := range e.Tries {
		tries[id] = slices.Clone(list)
	}
	e.Tries, e.Held = tries, slices.Clone(e.Held)
	return e
}

// fold adds one attempt; folding the same attempt again changes nothing.
func (st *Standing) fold(a *Attempt) {
	if a.State == quiz.Open {
		st.Open[a.Quiz] = a.ID
	}
	tries, fresh := foldTry(st.Evidence.Tries[a.Quiz], a)
	st.Evidence.Tries[a.Quiz] = tries
	if fresh && a.State == quiz.Graded {
		countSeen(st.Seen, a)
	}
}

// foldTry puts the attempt among the tries, by cycle and number. It reports
// whether the attempt was not yet there as graded.
func foldTry(tries []quiz.Try, a *Attempt) ([]quiz.Try, bool) {
	try := tryOf(a)
	for i := range tries {
		if tries[i].Attempt == try.Attempt {
			fresh := tries[i].State != quiz.Graded
			tries[i] = try
			return tries, fresh
		}
	}
	tries = append(tries, try)
	slices.SortFunc(tries, func(x, y quiz.Try) int {
		return (x.Cycle-y.Cycle)*1000 + x.Number - y.Number
	})
	return tries, true
}

func tryOf(a *Attempt) quiz.Try {
	try := quiz.Try{Attempt: a.ID, Cycle: a.Cycle, Number: a.Number, State: a.State,
		Started: a.Started, Submitted: a.Submitted}
	if a.Result != nil {
		try.Passed, try.Percent = a.Result.Passed, a.Result.Percent
	}
	return try
}

func countSeen(seen map[string]int, a *Attempt) {
	for _, q := range a.Questions {
		seen[q.Item]++
	}
}

// maxCertificates bounds what one page reads of a person's certificates.
const maxCertificates = 500

func (p *Programme) addCertificates(ctx context.Context, st *Standing) error {
	list, err := p.CertificatesOf(ctx, st.Person)
	if err != nil {
		return err
	}
	for _, c := range list {
		st.Evidence.Held = addHeld(st.Evidence.Held, c.Held())
	}
	return nil
}

func addHeld(held []certify.Held, h certify.Held) []certify.Held {
	for _, old := range held {
		if old.Certificate == h.Certificate {
			return held
		}
	}
	return append(held, h)
}

// Cycle is the cycle in which the person's next attempt at a quiz counts.
func (p *Programme) Cycle(st *Standing, quizID string) int {
	return certify.QuizCycle(p.library().Certifications, st.Evidence.Renewals, quizID)
}

// Admission says whether the person may start the quiz now.
func (p *Programme) Admission(st *Standing, q *quiz.Quiz) quiz.Admission {
	return quiz.Admit(q, st.Evidence.Tries[q.ID], st.Evidence.Grants, p.Cycle(st, q.ID), p.now())
}

// Clearance says where the person stands with one certification.
func (p *Programme) Clearance(st *Standing, c *certify.Certification) certify.Clearance {
	return certify.Clear(c, &st.Evidence, p.admissions(st), p.now())
}

func (p *Programme) admissions(st *Standing) func(string) quiz.Admission {
	return func(id string) quiz.Admission {
		q := p.library().Quiz(id)
		if q == nil {
			return quiz.Admission{}
		}
		return p.Admission(st, &q.Quiz)
	}
}
