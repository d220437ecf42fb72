package certify

import (
	"time"

	"github.com/insidebox/insidebox/quiz"
)

// Progress is how far a person has come in the present cycle.
type Progress struct {
	Cycle    int
	Steps    []StepState // as in the certification
	Done     int
	Total    int
	Next     *Step // the first that isn't done; nil when all are
	Complete bool  // there are steps, and all are done
}

// A StepState is one step with its proof.
type StepState struct {
	Step     Step
	Done     bool
	At       time.Time            // of the proof; zero while not done
	Waived   bool                 // a lesson, by passing a quiz
	Quiz     string               // that was passed, of a quiz or scenario step or a waiver
	Attempt  string               // that passed
	Percent  int                  // of that attempt at a quiz
	By       string               // person id of who signed off
	Criteria []string             // that were signed
	Note     string               // of the sign-off
	Seen     map[string]time.Time // of an open sign-off: criteria that were met at some time, and when last
}

// ProgressOf compares the certification's steps with the evidence that counts
// in the present cycle.
func ProgressOf(c *Certification, e *Evidence) Progress {
	cycle, opened := e.opening(c.ID)
	p := Progress{Cycle: cycle, Total: len(c.Steps)}
	for i := range c.Steps {
		s := stateOf(c, &c.Steps[i], e, opened)
		if s.Done {
			p.Done++
		} else if p.Next == nil {
			p.Next = &c.Steps[i]
		}
		p.Steps = append(p.Steps, s)
	}
	p.Complete = p.Total > 0 && p.Done == p.Total
	return p
}

func stateOf(c *Certification, step *Step, e *Evidence, opened time.Time) StepState {
	s := StepState{Step: *step}
	switch step.Kind {
	case ReadLesson:
		if at, ok := e.Read[step.Ref]; ok && !at.Before(opened) {
			s.Done, s.At = true, at
			return s
		}
		for _, quizID := range step.Waivers {
			if s.pass(quizID, e.Tries[quizID], opened) {
				s.Waived = true
				return s
			}
		}
	case PassQuiz, PlayScenario:
		s.pass(step.Ref, e.Tries[step.Ref], opened)
	case SignOff:
		s.sign(c.ID, e.Signoffs, opened)
	}
	return s
}

// pass looks for the first attempt that passed since the opening.
func (s *StepState) pass(quizID string, tries []quiz.Try, opened time.Time) bool {
	for _, t := range tries {
		if t.State != quiz.Graded || !t.Passed || t.Submitted.Before(opened) {
			continue
		}
		if !s.Done || t.Submitted.Before(s.At) {
			s.Done, s.At, s.Quiz, s.Attempt, s.Percent = true, t.Submitted, quizID, t.Attempt, t.Percent
		}
	}
	return s.Done
}

// sign takes the latest word since the opening; of two at one moment the one
// recorded last.
func (s *StepState) sign(certification string, signoffs []Signoff, opened time.Time) {
	var latest *Signoff
	for i, word := range signoffs {
		if word.Certification != certification || word.At.Before(opened) {
			continue
		}
		for _, criterion := range word.Criteria {
			if s.Seen == nil {
				s.Seen = map[string]time.Time{}
			}
			s.Seen[criterion] = word.At
		}
		if latest == nil || !word.At.Before(latest.At) {
			latest = &signoffs[i]
		}
	}
	if latest != nil && latest.Met {
		s.Done, s.At, s.By, s.Criteria, s.Note, s.Seen = true, latest.At, latest.By, latest.Criteria, latest.Note, nil
	}
}
