package server

import (
	"cmp"
	"maps"
	"slices"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/templates/words"
)

// A nextUp is the one thing to do next.
type nextUp struct {
	Eyebrow, Title, Why string
	URL, Button         string
	Done, Total         int
	Of                  string
}

// Pips are its progress, step by step.
func (n *nextUp) Pips() []string { return pips(n.Done, n.Total) }

func (n *nextUp) lesson(say *words.Language, ls *content.Lesson, begun bool) {
	n.Title, n.URL, n.Button = ls.Title, ls.URL, say.T("home.next.start-reading")
	if begun {
		n.Button = say.T("home.next.continue")
	}
	n.Why = say.T("home.next.lesson", "Number", ls.Number, "Total", len(ls.Module.Lessons), "Module", ls.Module.Title,
		"Time", say.T("learn.minutes", "N", ls.Minutes))
}

func (n *nextUp) exercise(say *words.Language, e *content.Exercise) {
	n.Title, n.URL, n.Button = exerciseTitle(say, e), e.URL(), say.T("home.next.quiz-button")
	n.Why = say.T("home.next.quiz")
	if e.Scenario != nil {
		n.Button, n.Why = say.T("home.next.scenario-button"), say.T("home.next.scenario")
	}
}

// nextToRead is the next lesson of one who takes no quizzes; nil when all is
// read.
func nextToRead(l learner, courses []*content.Course) *nextUp {
	for _, c := range courses {
		if up := nextInCourse(l, c); up != nil {
			return up
		}
	}
	return nil
}

// nextInCourse is the next thing to do in a course; nil when all is done.
func nextInCourse(l learner, c *content.Course) *nextUp {
	j := l.journey(c)
	lesson, e := l.next(c)
	return l.nextUp(lesson, e, nextUp{Done: j.Done, Total: j.Total, Of: c.Title})
}

// nextInModule is nextInCourse for one module.
func nextInModule(l learner, m *content.Module) *nextUp {
	lesson, e := l.nextIn(m)
	done, total := l.progress(m)
	return l.nextUp(lesson, e, nextUp{Done: done, Total: total, Of: m.Title})
}

func (l learner) nextUp(lesson *content.Lesson, e *content.Exercise, up nextUp) *nextUp {
	up.Eyebrow = l.say.T("home.next.for-you")
	switch {
	case lesson != nil:
		up.lesson(l.say, lesson, up.Done > 0)
	case e != nil:
		up.exercise(l.say, e)
	default:
		return nil
	}
	return &up
}

// nextFor picks the one thing to do next: an open attempt, then the first
// step of the first certification where something can be done, then a
// lesson of a course, then what holds things up. Whoever can't try again now
// reads first what she has not read of that certification.
func (r *request) nextFor(st *programme.Standing, l learner, courses []*content.Course) *nextUp {
	if up := r.openAttempt(st); up != nil {
		return up
	}
	var held *nextUp
	for _, c := range r.lib().Certifications {
		cl := r.srv.prog.Clearance(st, c)
		switch cl.State {
		case certify.NotStarted, certify.InProgress:
			return r.stepUp(cl, c)
		case certify.NotEnforced:
			if cl.Next != nil {
				return r.stepUp(cl, c)
			}
		case certify.Expired, certify.Expiring:
			return r.renewUp(cl, c)
		case certify.Failed, certify.Locked:
			if up := r.readMeanwhile(st, cl, c); up != nil {
				return up
			}
			held = cmp.Or(held, r.heldUp(cl, c))
		case certify.Waiting:
			held = cmp.Or(held, r.heldUp(cl, c))
		}
	}
	for _, c := range courses {
		if up := nextInCourse(l, c); up != nil && (held == nil || up.URL != held.URL) {
			if held != nil && len(l.journey(c).Modules) > 0 && l.atExercise(c) {
				continue
			}
			return up
		}
	}
	if held != nil {
		return held
	}
	return &nextUp{
		Eyebrow: r.t("home.next.all-done"), Title: r.t("home.next.up-to-date"), Why: r.t("home.next.nothing-waits"),
		URL: "/offerings", Button: r.t("home.next.offerings-button"),
	}
}

// atExercise reports whether what is next in the course is a quiz or scenario.
func (l learner) atExercise(c *content.Course) bool {
	lesson, e := l.next(c)
	return lesson == nil && e != nil
}

func (r *request) openAttempt(st *programme.Standing) *nextUp {
	if len(st.Open) == 0 {
		return nil
	}
	key := slices.Min(slices.Collect(maps.Keys(st.Open)))
	up := &nextUp{
		Eyebrow: r.t("home.next.open"), Title: r.t("learn.exercise.quiz", "Title", r.exerciseName(key)),
		Why: r.t("home.next.answers-kept"), URL: attemptURL(st.Open[key]), Button: r.t("home.next.continue-quiz"),
	}
	if isScenario(key) {
		up.Title, up.Button = r.t("learn.exercise.scenario", "Title", r.exerciseName(key)), r.t("home.next.continue-scenario")
		up.Why = r.t("home.next.choices-kept")
	}
	return up
}

func (r *request) stepUp(cl certify.Clearance, c *certify.Certification) *nextUp {
	up := &nextUp{Eyebrow: r.t("home.next.for-you"), Done: cl.Done, Total: cl.Total, Of: c.Title}
	switch cl.Next.Kind {
	case certify.ReadLesson:
		if ls := r.lib().Lesson(cl.Next.Ref); ls != nil {
			up.lesson(r.say, ls, cl.Done > 0)
		}
	case certify.PassQuiz, certify.PlayScenario:
		if e := r.lib().Exercise(cl.Next.Ref); e != nil {
			up.exercise(r.say, e)
		}
	default:
		up.Title, up.Why = cl.Next.Title, r.t("home.next.sign-off")
	}
	return up
}

func (r *request) renewUp(cl certify.Clearance, c *certify.Certification) *nextUp {
	if cl.Renewing && cl.Next != nil {
		up := r.stepUp(cl, c)
		up.Eyebrow = r.t("home.next.your-renewal")
		return up
	}
	up := &nextUp{Eyebrow: r.t("home.next.renew"), Title: c.Title, URL: c.URL, Button: r.t("home.next.renew-button")}
	if cl.State == certify.Expired {
		up.Why = r.t("home.next.ended", "Day", r.lastDay(cl.Until))
	} else {
		up.Why = r.t("home.next.ends", "Day", r.lastDay(cl.Until))
	}
	return up
}

// readMeanwhile is the first lesson that a certification asks for and that was
// not read, for one who has to wait with its quiz or scenario.
func (r *request) readMeanwhile(st *programme.Standing, cl certify.Clearance, c *certify.Certification) *nextUp {
	for _, s := range certify.ProgressOf(c, &st.Evidence).Steps {
		ls := r.lib().Lesson(s.Step.Ref)
		if s.Done || s.Step.Kind != certify.ReadLesson || ls == nil {
			continue
		}
		up := &nextUp{Eyebrow: r.t("home.next.meanwhile"), Done: cl.Done, Total: cl.Total, Of: c.Title}
		up.lesson(r.say, ls, cl.Done > 0)
		up.Why = r.heldUp(cl, c).Why
		return up
	}
	return nil
}

func (r *request) heldUp(cl certify.Clearance, c *certify.Certification) *nextUp {
	up := &nextUp{
		Eyebrow: r.t("home.next.for-now"), Title: cl.Next.Title, Done: cl.Done, Total: cl.Total, Of: c.Title,
		URL: cl.Next.URL, Button: r.t("home.next.held-button"),
	}
	switch cl.State {
	case certify.Failed:
		up.Why = r.t("home.next.free-at", "Moment", momentIn(r.say, cl.FreeAt, r.zone()))
	case certify.Locked:
		up.Why = r.t("home.next.locked")
	default:
		up.Why = r.t("home.next.sign-off-waits")
	}
	return up
}
