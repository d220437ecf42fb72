package server

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
)

// "Unclear?" stands at every clause. What readers do not understand is gathered for
// who writes it, without names; the answer comes to those who asked.

// A clauseView is a clause with what the visitor has asked about it.
type clauseView struct {
	*content.Clause
	Doubt doubtView
}

type doubtView struct {
	Action     string // where the form goes
	Mine       bool   // the visitor finds it unclear
	Text       string // what she wrote, or tried to
	Problem    string
	Answer     string // to what she asked before
	AnswerWhen string
	Others     int // how many find it unclear, for whoever may answer
}

// A triedDoubt is what could not be taken.
type triedDoubt struct{ clause, text, problem string }

// clauseViews are clauses with what the visitor has asked about them.
func (s *Server) clauseViews(r *request, clauses []*content.Clause, tried triedDoubt) ([]clauseView, error) {
	doubts, err := s.prog.DoubtsOf(r.Request.Context(), clauses)
	if err != nil {
		return nil, err
	}
	views := make([]clauseView, len(clauses))
	for i, c := range clauses {
		v := doubtView{Action: clauseURL(c) + "/doubts"}
		if d := doubts[c.ID]; d != nil {
			if own := d.Of(r.who.ID); own != nil {
				v.Mine, v.Text = true, own.Text
			}
			if a := d.AnswerTo(r.who.ID); a != nil {
				v.Answer, v.AnswerWhen = a.Note, dayIn(r.say, a.At, r.zone())
			}
			if s.prog.MayAnswer(r.who.Person, c.ID) {
				v.Others = len(d.Open)
			}
		}
		if tried.clause == c.ID {
			v.Text, v.Problem = tried.text, tried.problem
		}
		views[i] = clauseView{c, v}
	}
	return views, nil
}

// clauseURL is where forms about a clause go.
func clauseURL(c *content.Clause) string {
	return "/clauses/" + url.PathEscape(c.Of) + "/" + url.PathEscape(c.Anchor)
}

// clauseOf is the clause that the address names.
func (r *request) clauseOf() (*content.Clause, error) {
	c := r.lib().Clause(r.Param("of") + "/" + r.Param("anchor"))
	if c == nil {
		return nil, errNoPage
	}
	return c, nil
}

// seeClause leads back to a clause, with a notice.
func (r *request) seeClause(c *content.Clause, done string) error {
	page, anchor, _ := strings.Cut(c.URL, "#")
	return r.see(page + "?done=" + done + "#" + anchor)
}

// doubtForm is what readers say about a clause.
type doubtForm struct {
	Text string `form:"text"`
	Do   string `form:"do" validate:"oneof=ask withdraw"`
}

// doubtClause notes that the visitor finds a clause unclear, or takes that back.
func (s *Server) doubtClause(r *request) error {
	c, err := r.clauseOf()
	if err != nil {
		return err
	}
	var form doubtForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return errBadForm
	}
	if form.Do == "withdraw" {
		if err := s.prog.WithdrawDoubt(r.Request.Context(), r.who.Person, c.ID); err != nil {
			return err
		}
		return r.seeClause(c, "doubt-withdrawn")
	}
	err = s.prog.AskClause(r.Request.Context(), r.who.Person, c, form.Text)
	if found := r.invalid(err); found != nil {
		tried := triedDoubt{c.ID, form.Text, found["text"]}
		if o := r.lib().Offering(c.Of); o != nil {
			return s.showOffering(r, 422, o, tried)
		}
		return s.showPractice(r, 422, r.lib().Practice(c.Of), tried)
	}
	if err != nil {
		return err
	}
	return r.seeClause(c, "doubted")
}

type unclearPage struct {
	Clauses  []unclearClause
	Problems problems
}

// An unclearClause is a clause with all that is unclear about it.
type unclearClause struct {
	Clause  link
	Of      string
	N       int
	Changed bool // its wording is another one since all of this was asked
	Said    []doubtLine
	Silent  int // how many say only that it is unclear
	Action  string
	Known   string
	Note    string // that could not be taken
	Problem string
}

type doubtLine struct{ Text, When string }

// unclear lists the clauses that people find unclear.
func (s *Server) unclear(r *request) error { return s.showUnclear(r, 200, triedDoubt{}) }

func (s *Server) showUnclear(r *request, status int, tried triedDoubt) error {
	list, err := s.prog.OpenDoubts(r.Request.Context())
	if err != nil {
		return err
	}
	page := unclearPage{}
	for _, d := range list {
		page.Clauses = append(page.Clauses, r.unclearClause(d, tried))
	}
	return r.page(status, "unclear", r.t("insights.clauses.title"), "insights", page)
}

func (r *request) unclearClause(d *programme.ClauseDoubts, tried triedDoubt) unclearClause {
	view := unclearClause{Clause: link{Title: d.Clause}, N: len(d.Open), Known: strconv.FormatInt(d.Latest.UnixMilli(), 10)}
	c := r.lib().Clause(d.Clause)
	if c != nil {
		view.Clause, view.Of = link{c.URL, c.Title}, c.OfTitle
		view.Changed = true
	}
	for _, o := range d.Open {
		view.Changed = view.Changed && c.Rev != o.Rev
		if o.Text == "" {
			view.Silent++
			continue
		}
		view.Said = append(view.Said, doubtLine{o.Text, dayIn(r.say, o.At, r.zone())})
	}
	if r.srv.prog.MayAnswer(r.who.Person, d.Clause) {
		of, anchor, _ := strings.Cut(d.Clause, "/")
		view.Action = "/clauses/" + url.PathEscape(of) + "/" + url.PathEscape(anchor) + "/answers"
	}
	if tried.clause == d.Clause {
		view.Note, view.Problem = tried.text, tried.problem
	}
	return view
}

// answerForm is the answer to all that is unclear about a clause.
type answerForm struct {
	Note  string `form:"note"`
	Known string `form:"known" validate:"max=20"`
}

// answerClause answers what is unclear about a clause, which the library may have
// lost since.
func (s *Server) answerClause(r *request) error {
	clause := r.Param("of") + "/" + r.Param("anchor")
	if r.lib().Clause(clause) == nil {
		asked, err := s.prog.Doubted(r.Request.Context(), clause)
		if err != nil {
			return err
		}
		if !asked {
			return errNoPage
		}
	}
	var form answerForm
	if _, err := r.decode(&form); err != nil {
		return err
	}
	seen, err := strconv.ParseInt(form.Known, 10, 64)
	if err != nil {
		return errBadForm
	}
	err = s.prog.AnswerDoubts(r.Request.Context(), r.who.Person, clause, form.Note, time.UnixMilli(seen))
	tried := triedDoubt{clause, form.Note, ""}
	if found := r.invalid(err); found != nil {
		tried.problem = found["note"]
		return s.showUnclear(r, 422, tried)
	}
	if errors.Is(err, programme.ErrStale) {
		tried.problem = r.t("insights.clauses.overtaken")
		return s.showUnclear(r, 409, tried)
	}
	if err != nil {
		return err
	}
	return r.see("/insights/clauses?done=doubts-answered")
}
