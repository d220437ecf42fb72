package certify

import (
	"time"

	"github.com/insidebox/insidebox/quiz"
)

var start = time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)

const hour, day = time.Hour, 24 * time.Hour

func at(d time.Duration) time.Time { return start.Add(d) }

// selling asks for two lessons that quiz "box" waives, the quizzes "box" and
// "consent", and a sign-off.
func selling() *Certification {
	c := &Certification{
		ID: "sell-records", Title: "Selling records search", Offerings: []string{"records-search"},
		Steps: []Step{
			{Kind: ReadLesson, Ref: "l1", Title: "Lesson one", Waivers: []string{"box"}},
			{Kind: ReadLesson, Ref: "l2", Title: "Lesson two", Waivers: []string{"box"}},
			{Kind: PassQuiz, Ref: "box", Title: "Inside the box"},
			{Kind: PassQuiz, Ref: "consent", Title: "Consent"},
			{Kind: SignOff, Ref: "signoff", Title: "Observed call", Criteria: []string{"asks for the aim"}},
		},
		Covers: []string{"records-search/turnaround"},
		Valid:  Period{Years: 1}, Remind: []int{60, 30, 14, 7, 0},
	}
	return c.Seal()
}

func pass(number int, submitted time.Duration) quiz.Try {
	return quiz.Try{Attempt: "p", Cycle: 1, Number: number, State: quiz.Graded, Started: at(submitted - hour), Submitted: at(submitted), Passed: true, Percent: 90}
}

func fail(number int, submitted time.Duration) quiz.Try {
	t := pass(number, submitted)
	t.Attempt, t.Passed, t.Percent = "f", false, 40
	return t
}

func met(when time.Duration) Signoff {
	return Signoff{Certification: "sell-records", By: "mona", At: at(when), Criteria: []string{"asks for the aim"}, Met: true, Note: "well done"}
}

// done is all the evidence that selling asks for.
func done() *Evidence {
	return &Evidence{
		Read:     map[string]time.Time{"l1": at(0), "l2": at(hour)},
		Tries:    map[string][]quiz.Try{"box": {fail(1, 2*hour), pass(2, 3*hour)}, "consent": {pass(1, 4*hour)}},
		Signoffs: []Signoff{met(5 * hour)},
	}
}

// certified is done, with the certificate of the first cycle.
func certified() *Evidence {
	e := done()
	e.Held = []Held{{Certificate: "cert-1", Certification: "sell-records", Cycle: 1, Issued: at(5 * hour), Until: selling().Valid.AddTo(at(5*hour), time.UTC)}}
	return e
}

// admit answers for every quiz the same.
func admit(reason quiz.Reason) func(string) quiz.Admission {
	return func(string) quiz.Admission { return quiz.Admission{Reason: reason, FreeAt: at(100 * hour)} }
}
