package content

import (
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/quiz"
)

// quizFront is the front matter of a quiz.
type quizFront struct {
	ID       string   `yaml:"id" validate:"required,id"`
	Title    string   `yaml:"title" validate:"required"`
	Pass     string   `yaml:"pass" validate:"required"`
	Draw     *int     `yaml:"draw" validate:"omitempty,gte=1"`
	Open     bool     `yaml:"open"`
	Time     string   `yaml:"time"`
	Attempts *int     `yaml:"attempts" validate:"omitempty,gte=1"`
	Cooldown []string `yaml:"cooldown"`
	Feedback string   `yaml:"feedback" validate:"omitempty,oneof=hints full none"`
}

// quizFile reads one quiz of the module: its rules, its introduction and its
// items. The quiz comes back with what could be read, nil when not even its
// id could.
func (l *loader) quizFile(src *source, m *Module) *Quiz {
	var front quizFront
	nodes := blocks(src.Doc)
	if !l.decode(src, &front) {
		l.items(src, nodes, true) // for their findings
		return nil
	}
	q := &Quiz{Module: m, File: src.File, URL: "/quizzes/" + front.ID}
	q.ID, q.Title, q.Open = front.ID, front.Title, front.Open
	l.quizRules(src, &q.Quiz, front)
	intro := 0
	for intro < len(nodes) && !isItemHeading(nodes[intro]) {
		intro++
	}
	if intro > 0 {
		q.Intro = l.render(src, nodes[:intro]...)
	}
	q.Items = l.items(src, nodes, true)
	l.quizItems(src, &q.Quiz, nodes[intro:])
	q.Seal()
	return q
}

// quizRules takes pass mark, draw, attempts, cool-downs and feedback.
func (l *loader) quizRules(src *source, q *quiz.Quiz, front quizFront) {
	if front.Time != "" {
		l.report.errorf(src, l.frontOffset(src, "time"), "not-built-yet", "a time limit (time:) is not built yet; take the line out")
	}
	var ok bool
	if q.Pass, ok = parsePercent(front.Pass); !ok {
		l.report.errorf(src, l.frontOffset(src, "pass"), "bad-value", "pass is %s; write a whole percentage from 1%% to 100%%, such as pass: 80%%", quoted(front.Pass))
	}
	if front.Draw != nil {
		q.Draw = *front.Draw
	}
	if front.Attempts != nil {
		q.Attempts = *front.Attempts
	}
	q.Cooldown = l.cooldowns(src, front.Cooldown)
	if q.Feedback = quiz.Feedback(front.Feedback); front.Feedback == "" {
		q.Feedback = quiz.FeedbackHints
	}
}

// cooldowns takes the waiting times after failed attempts.
func (l *loader) cooldowns(src *source, texts []string) []time.Duration {
	var waits []time.Duration
	for i, text := range texts {
		wait, err := quiz.ParseCooldown(text)
		if err != nil {
			l.report.errorf(src, l.frontOffset(src, "cooldown", itoa(i)), "bad-value", "cooldown: %v", err)
			continue
		}
		waits = append(waits, wait)
	}
	return waits
}

// quizItems holds the items of one quiz against the rules of the whole file.
func (l *loader) quizItems(src *source, q *quiz.Quiz, nodes []ast.Node) {
	written := 0 // items, those that could not be read included
	for _, n := range nodes {
		if isItemHeading(n) {
			written++
		}
	}
	if written == 0 {
		l.report.errorf(src, src.Body.From, "quiz-no-items", "the quiz has no items; each begins with a heading (## …) and the id line under it")
	}
	if written > 0 && q.Draw > written {
		l.report.errorf(src, l.frontOffset(src, "draw"), "draw-too-many", "draw is %d, but the quiz has %d items; lower it, write more items, or take it out to ask them all", q.Draw, written)
	}
	l.longestRight(src)
}

// parsePercent reads "80%" or "80": a whole percentage from 1 to 100.
func parsePercent(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%")))
	return n, err == nil && n >= 1 && n <= 100
}
