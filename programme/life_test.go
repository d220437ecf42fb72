package programme_test

import (
	"slices"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/quiz"
)

// A life is what the model knows of one person: a plain list of what she did,
// in memory, with certificates given at once.
type life struct {
	evidence certify.Evidence
	seen     map[string]int
	open     map[string]*sitting // by quiz
	graded   []*sitting
	played   []*staged // plays that are over
	practice *staged
}

// A sitting is one attempt as the model knows it.
type sitting struct {
	id, quiz      string
	cycle, number int
	pass          int
	started       time.Time
	questions     []string        // item ids
	critical      map[string]bool // items
	right         map[string]bool // items answered, and whether rightly
	saves         map[string]int64

	play *staged // of a scenario's; then the questions are none
}

func newLife() *life {
	return &life{
		seen: map[string]int{}, open: map[string]*sitting{},
		evidence: certify.Evidence{Read: map[string]time.Time{}, Tries: map[string][]quiz.Try{}},
	}
}

func (l *life) cycle(lib *content.Library, quizID string) int {
	return certify.QuizCycle(lib.Certifications, l.evidence.Renewals, quizID)
}

// admit says whether the quiz, or the scenario by its key, may be started: an
// open attempt goes first.
func (l *life) admit(lib *content.Library, quizID string, now time.Time) quiz.Admission {
	a := lib.Exercise(quizID).Rules().Admit(l.evidence.Tries[quizID], l.evidence.Grants, l.cycle(lib, quizID), now)
	if l.open[quizID] != nil {
		a.Reason = quiz.InProgress
	}
	return a
}

// setTry puts the state of an attempt among the tries.
func (l *life) setTry(t quiz.Try, quizID string) {
	tries := l.evidence.Tries[quizID]
	if i := slices.IndexFunc(tries, func(old quiz.Try) bool { return old.Attempt == t.Attempt }); i >= 0 {
		tries[i] = t
		return
	}
	l.evidence.Tries[quizID] = append(tries, t)
}

// earn gives every certificate that is due.
func (l *life) earn(lib *content.Library, now time.Time) {
	for again := true; again; {
		again = false
		for _, c := range lib.Certifications {
			if held, due := certify.Due(c, &l.evidence, lib.Location, now); due {
				l.evidence.Held = append(l.evidence.Held, held)
				again = true
			}
		}
	}
}

// readsAgain tells whether a renewal asks for a lesson that was read before.
func (l *life) readsAgain(lib *content.Library, lesson string) bool {
	return slices.ContainsFunc(l.evidence.Renewals, func(r certify.Renewal) bool {
		c := lib.Certification(r.Certification)
		return c != nil && r.Opened.After(l.evidence.Read[lesson]) && slices.ContainsFunc(c.Steps, func(s certify.Step) bool {
			return s.Kind == certify.ReadLesson && s.Ref == lesson
		})
	})
}
