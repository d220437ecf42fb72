package server

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates/words"
)

// A verdict is how an attempt ended: what the result of a quiz and the debrief
// of a scenario begin with.
type verdict struct {
	Of       string // title of what was tried
	Name     string // whose it is, for a manager
	Passed   bool
	Practice bool
	Title    string // such as "Passed with 88 %"
	Sentence string
	Score    *score
	Read     []readFirst // after a failure
	Next     []link
	Again    string // URL to practise again
}

// A score is a percentage beside the one that was needed.
type score struct{ Percent, Pass int }

// At is where the mark of the needed percentage stands.
func (s score) At() int { return max(1, min(99, s.Pass)) }

type link struct{ URL, Title string }

// A readFirst is a lesson that helps before the next try, and why.
type readFirst struct {
	URL, Title string
	Clauses    []string // titles of what went wrong and is taught there
}

// maxRead is how many lessons are named at once: who has failed needs a
// beginning, not a reading list.
const maxRead = 3

// readFor are the lessons that teach what went wrong, the one that teaches
// most of it first.
func (r *request) readFor(clauses []quiz.ClauseResult) []readFirst {
	type weighed struct {
		readFirst
		wrong int
	}
	var list []weighed
	for _, c := range clauses {
		clause := r.lib().Clause(c.Clause)
		if c.Right == c.Asked || clause == nil || len(clause.Lessons) == 0 {
			continue
		}
		lesson := clause.Lessons[0]
		at := slices.IndexFunc(list, func(w weighed) bool { return w.URL == lesson.URL })
		if at < 0 {
			at, list = len(list), append(list, weighed{readFirst: readFirst{URL: lesson.URL, Title: lesson.Title}})
		}
		list[at].wrong += c.Asked - c.Right
		list[at].Clauses = append(list[at].Clauses, clause.Title)
	}
	slices.SortStableFunc(list, func(a, b weighed) int { return cmp.Compare(b.wrong, a.wrong) })
	var read []readFirst
	for _, w := range list[:min(len(list), maxRead)] {
		read = append(read, w.readFirst)
	}
	return read
}

// readAfter are the lessons to read after a failure, for whoever may see what
// went wrong. It reads the last attempt where that has failed, and nothing
// else.
func (s *Server) readAfter(r *request, tries []quiz.Try) ([]readFirst, error) {
	graded := slices.DeleteFunc(slices.Clone(tries), func(t quiz.Try) bool { return t.State == quiz.Open })
	if len(graded) == 0 || everPassed(graded) || len(graded) < len(tries) {
		return nil, nil
	}
	a, err := s.prog.Own(r.Request.Context(), r.who.ID, graded[len(graded)-1].Attempt)
	if err != nil {
		return nil, err
	}
	return r.readFor(clausesOf(a)), nil
}

// clausesOf are the results by clause that the owner of an attempt may see.
func clausesOf(a *programme.Attempt) []quiz.ClauseResult {
	switch {
	case a.Play != nil && a.Play.Result != nil:
		return a.Play.Result.Clauses
	case a.Play != nil || a.Result == nil || a.Level(false) == quiz.ScoreOnly:
		return nil
	}
	return a.Result.Clauses
}

// A clauseLine says how the questions on one clause went.
type clauseLine struct {
	Name, URL    string
	Right, Asked int
	Lesson       *link // that teaches it
}

// clauseLines says clause by clause how it went, what went wrong first. A
// clause that is no longer in the standard keeps its id.
func (r *request) clauseLines(results []quiz.ClauseResult) []clauseLine {
	var lines []clauseLine
	for _, c := range results {
		line := clauseLine{Name: c.Clause, Right: c.Right, Asked: c.Asked}
		if clause := r.lib().Clause(c.Clause); clause != nil {
			line.Name, line.URL = clause.OfTitle+": "+clause.Title, clause.URL
			if c.Right < c.Asked && len(clause.Lessons) > 0 {
				line.Lesson = &link{clause.Lessons[0].URL, clause.Lessons[0].Title}
			}
		}
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(a, b clauseLine) int {
		return cmp.Compare(a.Right*b.Asked, b.Right*a.Asked)
	})
	return lines
}

// attemptCrumbs lead to where something was tried.
func attemptCrumbs(lib *content.Library, a *programme.Attempt) []crumb {
	e := lib.Exercise(a.Quiz)
	if e == nil {
		return []crumb{learnCrumb}
	}
	return []crumb{learnCrumb, {e.Module().URL, e.Module().Title}, {e.URL(), e.Title()}}
}

// A scoreLine is a drawing of how the scores of attempts went.
type scoreLine struct {
	Title         string
	Points        []scorePoint
	Line          string // the points of the line, as SVG wants them
	Width, Height int
	Pass          int // where the line of the needed score is
	Needed        string
}

type scorePoint struct {
	X, Y, Above   int
	Score, Number string
	Passed        bool
}

const (
	fewScores  = 3  // below that there is nothing to draw
	mostScores = 12 // more would not be read
	scoreStep  = 60
	scoreTop   = 26
	scoreDeep  = 64 // from 100 % down to 0 %
)

// scoresOf draws the scores of the attempts that are graded; nil while there
// are too few.
func scoresOf(say *words.Language, tries []quiz.Try, pass int) *scoreLine {
	graded := slices.DeleteFunc(slices.Clone(tries), func(t quiz.Try) bool { return t.State == quiz.Open })
	if len(graded) < fewScores {
		return nil
	}
	graded = graded[max(0, len(graded)-mostScores):]
	at := func(percent int) int { return scoreTop + scoreDeep*(100-percent)/100 }
	d := &scoreLine{
		Title: say.T("quiz.scores.title", "N", len(graded)), Pass: at(pass), Needed: say.T("quiz.scores.needed", "Percent", percent(pass)),
		Width: scoreStep * (len(graded) + 1), Height: scoreTop + scoreDeep + 26,
	}
	for i, t := range graded {
		p := scorePoint{X: scoreStep*i + scoreStep/2, Y: at(t.Percent), Score: percent(t.Percent), Number: strconv.Itoa(t.Number), Passed: t.Passed}
		p.Above = p.Y - 11
		d.Points = append(d.Points, p)
		d.Line += strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y) + " "
	}
	return d
}
