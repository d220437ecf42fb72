package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// "Promote to the standard": what was approved once becomes what is promised to all.
// The page edits the clause with the limit moved, tries that on the whole library, and
// gives it out as a patch, for the review that the company's content goes through.
// Nothing is written but that it was taken.

type promotePage struct {
	Title, URL string
	Outcome    state
	Parts      [][]askedLine
	Clauses    []pickLink
	File       string
	Form       promoteForm
	Moved      string // what was moved already, in a sentence
	Classes    []choice
	Trial      *trialView
	Problems   problems
}

// promoteForm is an edit of a clause, with its entry in CHANGES.md.
type promoteForm struct {
	Clause  string `form:"clause" validate:"max=300"`
	Known   string `form:"known" validate:"max=100"`
	Front   string `form:"front"`
	Section string `form:"section"`
	Day     string `form:"day" validate:"max=20"`
	Class   string `form:"class" validate:"max=20"`
	What    string `form:"what"`
	Why     string `form:"why"`
	Do      string `form:"do" validate:"max=20"`
}

// A trialView is what would come of the edit.
type trialView struct {
	Errors   int
	Findings []content.Finding
	Verdict  *state     // what the standard would say to the need; nil without one
	Offers   []link     // what would hold it
	Diff     []diffLine // of the standard and its changes
}

// A diffLine is one line of a patch; Kind is "", "add", "cut" or "place".
type diffLine struct{ Kind, Text string }

// decidedRequest is the request of the address, which is decided.
func (s *Server) decidedRequest(r *request) (*programme.Request, error) {
	q, err := s.prog.Request(r.Request.Context(), r.Param("id"))
	if err == nil && q.Decision == nil {
		err = programme.ErrNotFound
	}
	return q, err
}

// promotion begins an edit: of the clause that the request bends, or of another one.
func (s *Server) promotion(r *request) error {
	q, err := s.decidedRequest(r)
	if err != nil {
		return err
	}
	c := r.aboutClause(q)
	if id := r.Query("clause"); id != "" || c == nil {
		if c = r.lib().Clause(id); c == nil {
			return errNoPage
		}
	}
	e, err := r.lib().Editable(s.prog.Shelf.Source(), c)
	if err != nil {
		return err
	}
	page := promotePage{Form: promoteForm{
		Clause: c.ID, Known: e.Known, Front: e.Front, Section: e.Section, Day: r.today().String(), Class: "material", Why: q.Decision.Reason,
	}}
	for _, b := range q.Bends {
		if c.Of == b.Offering && slices.Contains(c.Dimensions, b.Dimension) {
			r.moveLimit(&page, b)
		}
	}
	return s.showPromote(r, 200, q, c, page)
}

// moveLimit moves a limit of the box to what was asked for, where it stands in the
// file by itself, and says so. What a set holds stays in it.
func (r *request) moveLimit(page *promotePage, b standard.Bend) {
	i := slices.IndexFunc(r.lib().Dimensions, func(d standard.Dimension) bool { return d.Name == b.Dimension })
	if i < 0 {
		return
	}
	dim := r.lib().Dimensions[i]
	now, err1 := standard.ParseValue(dim, b.Limit)
	to, err2 := standard.ParseValue(dim, b.Need)
	if err1 != nil || err2 != nil {
		return
	}
	if len(now.Set) > 0 {
		added := slices.DeleteFunc(slices.Clone(to.Set), func(v string) bool { return slices.Contains(now.Set, v) })
		if to, err2 = standard.ParseSet(dim, append(slices.Clone(now.Set), added...)); err2 != nil {
			return
		}
	}
	front, moved := content.Moved(page.Form.Front, dim, now, to, r.today())
	if !moved {
		return
	}
	page.Form.Front = front
	page.Form.What = r.t("promote.what", "From", r.figure(dim, now), "To", r.figure(dim, to))
	page.Moved = r.t("promote.moved", "Limit", dim.Label, "From", r.figure(dim, now), "To", r.figure(dim, to))
}

// promote tries an edit, and gives it out as a patch.
func (s *Server) promote(r *request) error {
	q, err := s.decidedRequest(r)
	if err != nil {
		return err
	}
	var form promoteForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	c := r.lib().Clause(form.Clause)
	if c == nil || !slices.Contains(content.ChangeClasses(), form.Class) {
		return errBadForm
	}
	page := promotePage{Form: form, Problems: found}
	if form.Do != "download" {
		page.Form.Do = "check"
		return s.showPromote(r, 200, q, c, page)
	}
	trial, err := s.tryPromotion(r, q, c, &page)
	if err != nil {
		return err
	}
	if len(page.Problems) > 0 || trial.Library == nil {
		return s.showPromote(r, 422, q, c, page)
	}
	if err := s.prog.Promote(r.Request.Context(), r.who.Person, q.ID, c); err != nil {
		return err
	}
	header := r.Writer.Header()
	header.Set("Cache-Control", "private, no-store")
	header.Set("Content-Disposition", `attachment; filename="`+c.Of+`.patch"`)
	r.Data(http.StatusOK, "text/x-diff; charset=utf-8", trial.Patch)
	return nil
}

// tryPromotion tries what the form says; what of it can't be right is among the
// page's problems.
func (s *Server) tryPromotion(r *request, q *programme.Request, c *content.Clause, page *promotePage) (content.Trial, error) {
	if page.Problems == nil {
		page.Problems = problems{}
	}
	form := page.Form
	day, err := dayField(form.Day)
	if err != nil || day.IsZero() {
		page.Problems["day"] = r.t("channel.problem.day")
	}
	if strings.TrimSpace(form.What) == "" {
		page.Problems["what"] = r.t("channel.problem.missing")
	}
	if len(page.Problems) > 0 {
		return content.Trial{}, nil
	}
	e := content.Edit{
		Editable: content.Editable{Clause: c, Front: form.Front, Section: form.Section, Known: form.Known},
		Day:      day, Class: form.Class, What: form.What, Why: form.Why, Named: r.t("promote.precedent"),
	}
	if base := s.cfg.BaseURL; base != nil {
		e.Link = base.JoinPath(requestURL(q.ID)).String()
	}
	trial, err := r.lib().Try(s.prog.Shelf.Source(), e, s.prog.Shelf.Findings(), content.Options{Now: s.prog.Now(), Since: r.lib()})
	if errors.Is(err, content.ErrEdited) {
		page.Problems["section"] = r.t("promote.edited")
		now, err := r.lib().Editable(s.prog.Shelf.Source(), c)
		page.Form.Known = now.Known
		return content.Trial{}, err
	}
	return trial, err
}

func (s *Server) showPromote(r *request, status int, q *programme.Request, c *content.Clause, page promotePage) error {
	page.Title, page.URL, page.Outcome, page.Parts = q.Title, requestURL(q.ID), r.requestState(q), r.askedLines(q.Parts)
	for _, class := range content.ChangeClasses() {
		page.Classes = append(page.Classes, choice{class, r.t("change." + class), class == page.Form.Class})
	}
	page.File = r.lib().FileOf(c)
	if o := r.lib().Offering(c.Of); o != nil {
		for _, other := range o.Clauses {
			page.Clauses = append(page.Clauses, pickLink{requestURL(q.ID) + "/promote?clause=" + other.ID, other.Title, other == c})
		}
	}
	if page.Form.What != "" || page.Form.Do != "" {
		trial, err := s.tryPromotion(r, q, c, &page)
		if err != nil {
			return err
		}
		if len(page.Problems) == 0 {
			page.Trial = r.trialView(q, trial)
		} else {
			status = 422
		}
	}
	return r.page(status, "promote", r.t("promote.title"), "requests", page)
}

// trialView is what would come of an edit, for who asked and for the files.
func (r *request) trialView(q *programme.Request, trial content.Trial) *trialView {
	view := &trialView{Findings: trial.Findings, Diff: diffLines(string(trial.Patch))}
	for _, f := range trial.Findings {
		if f.Error {
			view.Errors++
		}
	}
	if trial.Library == nil || len(q.Parts) == 0 {
		return view
	}
	answer, err := trial.Library.Book(r.today()).Answer(q.Parts)
	if err != nil {
		return view
	}
	verdict := r.verdictState(answer.Verdict)
	view.Verdict = &verdict
	if answer.Verdict != standard.Outside {
		for _, part := range answer.Parts {
			view.Offers = append(view.Offers, r.offeringsByID(part.Offerings)...)
		}
	}
	return view
}

// inDiff reports whether the page shows how a file changes: what is learned by may
// hold answers, and follows by itself.
func inDiff(file string) bool { return !strings.HasPrefix(file, "courses/") }

func diffLines(patch string) (lines []diffLine) {
	shown := true
	for line := range strings.Lines(patch) {
		line = strings.TrimRight(line, "\r\n")
		if file, begins := strings.CutPrefix(line, "--- "); begins {
			shown = inDiff(strings.TrimPrefix(file, "a/"))
		}
		if !shown {
			continue
		}
		kind := ""
		switch {
		case strings.HasPrefix(line, "+++ "), strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "@@"):
			kind = "place"
		case strings.HasPrefix(line, "+"):
			kind = "add"
		case strings.HasPrefix(line, "-"):
			kind = "cut"
		}
		lines = append(lines, diffLine{kind, line})
	}
	return lines
}
