package content

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

type lessonFront struct {
	Title   string   `yaml:"title" validate:"required"`
	Summary string   `yaml:"summary" validate:"required"`
	Teaches []string `yaml:"teaches" validate:"unique"`
	Minutes *int     `yaml:"minutes" validate:"omitempty,gte=1,lte=240"`
}

// What a lesson takes when its front matter doesn't say: people read about
// this many words of a text that they learn from in a minute, and think about
// a self-check for one.
const (
	wordsPerMinute  = 180
	minutesPerCheck = 1
)

func (l *loader) lesson(src *source, m *Module) *Lesson {
	var front lessonFront
	l.decode(src, &front)
	lesson := &Lesson{
		ID: src.ID, Slug: path.Base(src.ID), Title: front.Title, Summary: front.Summary,
		Module: m, URL: src.URL, File: src.File, Contents: contents(src),
	}
	for i, id := range front.Teaches {
		if c := l.taught(src, i, id); c != nil {
			lesson.Teaches = append(lesson.Teaches, c)
		}
	}
	l.blocks(src, lesson)
	lesson.Minutes = minutes(src, len(lesson.Checks))
	if front.Minutes != nil {
		lesson.Minutes = *front.Minutes
	}
	if len(lesson.Blocks) == 0 && !src.Refused {
		l.report.errorf(src, src.Body.From, "empty-lesson", "the lesson has no text; write some, or begin the file's name with \"_\" until there is")
	}
	return lesson
}

// taught finds a clause of `teaches:`.
func (l *loader) taught(src *source, i int, id string) *Clause {
	c := l.lib.Clause(id)
	if c == nil && !l.clauseMayBe(id) {
		l.report.errorf(src, l.frontOffset(src, "teaches", strconv.Itoa(i)), "unknown-clause", "teaches names the clause %s, which does not exist%s",
			quoted(id), didYouMean(id, slices.Sorted(maps.Keys(l.lib.clauses))))
	}
	return c
}

// blocks cuts the body at its self-checks.
func (l *loader) blocks(src *source, lesson *Lesson) {
	var run []ast.Node
	flush := func() {
		if html := l.render(src, run...); strings.TrimSpace(html) != "" {
			lesson.Blocks = append(lesson.Blocks, Block{HTML: html})
		}
		run = nil
	}
	for _, n := range blocks(src.Doc) {
		if !isCheck(src, n) {
			run = append(run, n)
			continue
		}
		check, item := l.checkOf(src, fenceBody(src, n))
		src.checks = append(src.checks, check)
		if item == nil {
			continue
		}
		flush()
		lesson.Checks = append(lesson.Checks, item)
		lesson.Blocks = append(lesson.Blocks, Block{Check: len(lesson.Checks)})
	}
	flush()
}

// fenceBody is where the text in a fenced block lies in the file. The fence
// stands at the left margin, so the text is in one piece.
func fenceBody(src *source, n ast.Node) span {
	lines := n.Lines()
	if lines.Len() == 0 {
		at := src.Body.From
		return span{at, at}
	}
	return span{src.Body.From + lines.At(0).Start, src.Body.From + lines.At(lines.Len()-1).Stop}
}

// contents lists the headings that a table of contents shows.
func contents(src *source) []Heading {
	var list []Heading
	for _, n := range blocks(src.Doc) {
		if h, ok := n.(*ast.Heading); ok && (h.Level == 2 || h.Level == 3) {
			list = append(list, Heading{Level: h.Level, ID: anchorOf(h), Text: inlineText(src, h)})
		}
	}
	return list
}

// minutes estimates how long a lesson takes, rounded up: its words, with
// those of code and tables, and its self-checks.
func minutes(src *source, checks int) int {
	words := countWords(src.body())
	for _, check := range src.checks {
		words -= countWords(check.body())
	}
	return max(1, (words+wordsPerMinute-1)/wordsPerMinute+checks*minutesPerCheck)
}

// countWords counts runs of bytes without white space that hold a letter or
// digit, so that Markdown's signs don't count.
func countWords(text []byte) int {
	words, in := 0, false
	for _, b := range text {
		switch {
		case b == ' ' || b == '\n' || b == '\t':
			in = false
		case !in && (b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0x80):
			in = true
			words++
		}
	}
	return words
}
