package programme

import (
	"cmp"
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
	Open     map[string]string // quiz id, or scenario's key -> id of the attempt in progress
	live     []*Attempt        // open or not yet folded when the standing was read
}

// Standing reads a person's standing, exact to this moment: live attempts
// and, while anything is pending, certificates are read beside the record.
//
// The record that a caller read earlier is not relied on. An attempt is folded
// into the record before it stops being live; so the live ones are read first
// and the record after them, and whatever the outbox does meanwhile, every
// attempt is in one of the two.
func (p *Programme) Standing(ctx context.Context, person string, _ *Record) (*Standing, error) {
	return p.StandingOf(ctx, person)
}

// StandingOf is Standing for callers that hold no record.
func (p *Programme) StandingOf(ctx context.Context, person string) (*Standing, error) {
	live, err := p.liveOf(ctx, person)
	if err != nil {
		return nil, err
	}
	return p.standingWith(ctx, person, live)
}

// standingWith is StandingOf for callers that read the live attempts just now.
func (p *Programme) standingWith(ctx context.Context, person string, live []*Attempt) (*Standing, error) {
	record, err := p.Record(ctx, person)
	if err != nil {
		return nil, err
	}
	st := standing(person, record)
	unsettled := record != nil && len(record.Pending) > 0
	for _, a := range live {
		st.fold(a)
		unsettled = unsettled || slices.Contains(a.Pending, DutyCertify)
	}
	st.live = live
	if unsettled {
		if err := p.addCertificates(ctx, st); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// liveOf reads the attempts of one person that are open or not yet folded:
// about one for each quiz, so that one page of them is nearly always all.
func (p *Programme) liveOf(ctx context.Context, person string) (live []*Attempt, err error) {
	query := store.Query{Index: "live", Eq: []store.Key{store.String(person), store.Bool(true)}, Limit: batch}
	for {
		found, next, err := p.attempts.Find(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("read the open attempts of %s: %w", person, err)
		}
		live = append(live, found...)
		if next.IsZero() {
			return live, nil
		}
		query.After = next
	}
}

// Recorded is the standing as the record alone tells it, for boards and lessons.
// It shares the record's evidence: it is for looking only.
func Recorded(person string, record *Record) *Standing {
	if record == nil {
		record = &Record{}
	}
	return standingBy(person, record.Evidence, record.Seen)
}

// standing is Recorded with evidence of its own, into which more can be folded.
func standing(person string, record *Record) *Standing {
	seen := map[string]int{}
	if record == nil {
		return standingBy(person, clone(certify.Evidence{}), seen)
	}
	maps.Copy(seen, record.Seen)
	return standingBy(person, clone(record.Evidence), seen)
}

func standingBy(person string, evidence certify.Evidence, seen map[string]int) *Standing {
	st := &Standing{Person: person, Evidence: evidence, Open: map[string]string{}, Seen: seen}
	for quizID, tries := range st.Evidence.Tries {
		for _, t := range tries {
			if t.State == quiz.Open {
				st.Open[quizID] = t.Attempt
			}
		}
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

// fold adds one attempt, and reports whether that changed anything: folding
// the same attempt again doesn't, nor does a copy that was read while the
// attempt was open, once it is known to be graded.
func (st *Standing) fold(a *Attempt) bool {
	tries, fresh := foldTry(st.Evidence.Tries[a.Quiz], a)
	st.Evidence.Tries[a.Quiz] = tries
	switch {
	case !fresh:
	case a.State == quiz.Open:
		st.Open[a.Quiz] = a.ID
	default:
		if st.Open[a.Quiz] == a.ID {
			delete(st.Open, a.Quiz)
		}
		countSeen(st.Seen, a)
	}
	return fresh
}

// foldTry puts the attempt among the tries, by cycle and number. It reports
// whether it was not yet there in this state or a later one.
func foldTry(tries []quiz.Try, a *Attempt) ([]quiz.Try, bool) {
	try := tryOf(a)
	for i := range tries {
		if tries[i].Attempt == try.Attempt {
			if tries[i].State == try.State || tries[i].State == quiz.Graded {
				return tries, false
			}
			tries[i] = try
			return tries, true
		}
	}
	tries = append(tries, try)
	slices.SortFunc(tries, func(x, y quiz.Try) int {
		return cmp.Or(cmp.Compare(x.Cycle, y.Cycle), cmp.Compare(x.Number, y.Number))
	})
	return tries, true
}

func tryOf(a *Attempt) quiz.Try {
	try := quiz.Try{
		Attempt: a.ID, Cycle: a.Cycle, Number: a.Number, State: a.State,
		Started: a.Started, Submitted: a.Submitted, Passed: a.Passed(),
	}
	if a.Result != nil {
		try.Percent = a.Result.Percent
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
	st.hold(list)
	return nil
}

// hold adds certificates to what the person holds.
func (st *Standing) hold(certificates []*Certificate) {
	for _, c := range certificates {
		st.Evidence.Held = addHeld(st.Evidence.Held, c.Held())
	}
}

func addHeld(held []certify.Held, h certify.Held) []certify.Held {
	for _, old := range held {
		if old.Certificate == h.Certificate {
			return held
		}
	}
	return append(held, h)
}

// Cycle is the cycle in which the person's next attempt at a quiz, or at a
// scenario by its key, counts.
func (p *Programme) Cycle(st *Standing, key string) int {
	return certify.QuizCycle(p.library().Certifications, st.Evidence.Renewals, key)
}

// maxTries bounds the attempts at a quiz or scenario in one cycle where the author sets no
// limit, so that no one's record grows for ever. A grant is one more here, too.
const maxTries = 500

// Admission says whether the person may start the quiz or scenario that has
// these rules now. An attempt that is open is continued first, also when a
// renewal has opened a new cycle since.
func (p *Programme) Admission(st *Standing, rules quiz.Rules) quiz.Admission {
	a := rules.Admit(st.Evidence.Tries[rules.ID], st.Evidence.Grants, p.Cycle(st, rules.ID), p.now())
	switch open := st.Open[rules.ID]; {
	case open != "":
		a.Reason, a.Open, a.FreeAt = quiz.InProgress, open, time.Time{}
	case a.Reason == quiz.MayStart && a.Left < 0 && a.Used >= maxTries+a.Granted:
		a.Reason, a.Left = quiz.UsedUp, 0
	}
	return a
}

// Clearance says where the person stands with one certification.
func (p *Programme) Clearance(st *Standing, c *certify.Certification) certify.Clearance {
	return certify.Clear(c, &st.Evidence, p.admissions(st), p.now())
}

func (p *Programme) admissions(st *Standing) func(string) quiz.Admission {
	return func(key string) quiz.Admission {
		e := p.library().Exercise(key)
		if e == nil {
			return quiz.Admission{}
		}
		return p.Admission(st, e.Rules())
	}
}
