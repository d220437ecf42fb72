package content

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/certify"
)

// afterRules sees that certifications that must be held first exist, and that
// none waits for itself, directly or around a circle.
func (l *loader) afterRules() {
	for _, c := range l.lib.Certifications {
		src := l.certificationSource(c.ID)
		for i, id := range c.After {
			at := l.frontOffset(src, "after", itoa(i))
			switch {
			case id == c.ID:
				l.report.errorf(src, at, "after-circle", "the certification must be held before itself; take %s out of after:", quoted(id))
			case l.lib.certifications[id] == nil && !l.declared(certificationKind, id):
				l.report.errorf(src, at, "unknown-certification", "there is no certification with the id %s%s", quoted(id), didYouMean(id, without(idsOf(l.lib.certifications), c.ID)))
			default:
				if circle := l.circle(c.ID, []string{c.ID, id}, map[string]bool{}); circle != nil && slices.Min(circle) == c.ID {
					l.report.errorf(src, at, "after-circle", "these certifications wait for each other, so nobody can earn any: %s; take one after: out", strings.Join(circle, ", then "))
				}
			}
		}
	}
}

// circle follows `after` from the path's end, each certification once, and
// returns the path when it is back at its start; nil when it never is.
func (l *loader) circle(start string, path []string, seen map[string]bool) []string {
	last := path[len(path)-1]
	c := l.lib.certifications[last]
	if c == nil || seen[last] {
		return nil
	}
	seen[last] = true
	for _, next := range c.After {
		if next == start {
			return path
		}
		if circle := l.circle(start, append(slices.Clone(path), next), seen); circle != nil {
			return circle
		}
	}
	return nil
}

// required lists the quizzes that must be passed; those that only waive
// reading are not among them.
func required(c *certify.Certification) []string {
	var quizzes []string
	for _, step := range c.Steps {
		if step.Kind == certify.PassQuiz {
			quizzes = append(quizzes, step.Ref)
		}
	}
	return quizzes
}

func without(words []string, word string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == word })
}

// certificationRules sees that a certificate can be earned, and says what it
// means: a quiz tests every covered clause, and each draw holds them all.
func (l *loader) certificationRules(src *source, c *certify.Certification) {
	quizzes := required(c)
	if len(quizzes) == 0 {
		l.report.errorf(src, l.frontOffset(src, "requires"), "certification-without-quiz", "the certification requires no quiz, so nothing is tested; add - quiz: … under requires:")
		return
	}
	tested := map[string]bool{}
	for _, id := range quizzes {
		q := l.lib.quizzes[id]
		for _, clause := range q.Clauses() {
			tested[clause] = true
		}
		l.drawRule(q, c)
	}
	var missing []string
	for _, clause := range c.Covers {
		if !tested[clause] {
			missing = append(missing, clause)
		}
	}
	if len(missing) > 0 {
		l.report.errorf(src, l.frontOffset(src, "covers"), "covered-without-item", "the certification covers %s, but no item of the quizzes that it requires (%s) tests %s; write one, or take the clause out of covers:",
			andList(missing), andList(quizzes), map[bool]string{true: "it", false: "them"}[len(missing) == 1])
	}
}

// drawRule sees that every attempt draws an item for each clause of a quiz on
// which a certificate depends, and warns when critical ones can't come twice.
// All clauses of the quiz count, because which of them a smaller draw leaves
// out is chance.
func (l *loader) drawRule(q *Quiz, c *certify.Certification) {
	src, clauses := l.files[q.File], q.Clauses()
	covered := slices.IndexFunc(clauses, func(clause string) bool { return slices.Contains(c.Covers, clause) })
	if q.Draw == 0 {
		return
	}
	needed, wished := min(len(clauses), len(q.Items)), q.NeededDraw()
	switch at := l.frontOffset(src, "draw"); {
	case q.Draw < needed && covered >= 0:
		l.report.errorf(src, at, "draw-too-few", "draw is %d, but the quiz tests %d clauses, so an attempt could leave out %s, which the certification %s covers; draw at least %d",
			q.Draw, len(clauses), clauses[covered], c.ID, max(needed, wished))
	case q.Draw < wished:
		l.report.warnf(src, at, "draw-too-few", "draw is %d, which leaves no room for every clause once and the critical ones twice; draw %d", q.Draw, wished)
	}
}
