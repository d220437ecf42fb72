package server

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/templates/words"
)

// A questionView is one question of a sheet.
type questionView struct {
	Item       string
	Number, Of int
	Title      string
	Critical   bool
	Multiple   bool
	Stem       string
	Options    []optionView
	Saves      int64
	SavedAt    string // empty when never saved
	Conflict   bool
	Posted     string // what this window had chosen, in a conflict
	Answered   bool
	URL        string // of the question, from the page on which it stands
}

type optionView struct {
	Token, Text string
	Chosen      bool
}

type sheetPage struct {
	ID, Person string
	Title      string
	Crumbs     []crumb
	Eyebrow    string
	OpenBook   bool
	Questions  []questionView
	Answered   int
}

func (s *Server) sheetOf(r *request, a *programme.Attempt, conflicts []quiz.Conflict) (sheetPage, error) {
	items, err := s.prog.Items(r.Request.Context(), a)
	if err != nil {
		return sheetPage{}, err
	}
	p := sheetPage{
		ID: a.ID, Person: a.Person, Title: a.Title, OpenBook: a.OpenBook, Answered: a.Answered(),
		Eyebrow: r.t("attempt.number", "Number", a.Number),
	}
	p.Crumbs = attemptCrumbs(r.lib(), a)
	for i, it := range items {
		v := r.questionView(a, i, it)
		for _, c := range conflicts {
			if c.Item == it.ID {
				v.Conflict, v.Posted = true, postedWords(r.say, &a.Questions[i], c.Posted)
			}
		}
		p.Questions = append(p.Questions, v)
	}
	return p, nil
}

func (r *request) questionView(a *programme.Attempt, i int, it *quiz.Item) questionView {
	q := &a.Questions[i]
	v := questionView{
		Item: q.Item, Number: i + 1, Of: len(a.Questions), Title: it.Title, Critical: it.Critical,
		Multiple: it.Kind == quiz.Multiple, Stem: it.Stem, Saves: q.Saves, Answered: len(q.Answer) > 0,
		URL: "#q-" + q.Item,
	}
	if !q.Saved.IsZero() {
		v.SavedAt = clockTime(q.Saved, r.zone())
	}
	for shown, option := range q.Order {
		v.Options = append(v.Options, optionView{q.Tokens[shown], shownText(it.Options[option]), slices.Contains(q.Answer, option)})
	}
	return v
}

// shownText is an option's text as it may be shown before the key is: not
// even a line's end may tell whether a reason follows it in the source.
func shownText(o quiz.Option) string { return strings.TrimSpace(o.Text) }

// postedWords names the options that a form had chosen, as plain numbers of
// the order shown: their texts are HTML.
func postedWords(say *words.Language, q *quiz.Question, tokens []string) string {
	text := ""
	for shown, token := range q.Tokens {
		if !slices.Contains(tokens, token) {
			continue
		}
		choice := say.T("sheet.choice", "Number", shown+1)
		if text != "" {
			choice = say.T("sheet.choices", "First", text, "Next", choice)
		}
		text = choice
	}
	return text
}

// attempt shows the sheet, or where a play stands, or the result once it is
// graded.
func (s *Server) attempt(r *request) error {
	a, err := s.prog.Own(r.Request.Context(), r.who.ID, r.Param("id"))
	if err != nil {
		return err
	}
	if a.State == quiz.Graded {
		return r.see(resultURL(a.ID))
	}
	if a.Play != nil {
		return s.showPlay(r, 200, a, "")
	}
	return s.showSheet(r, a, nil)
}

func (s *Server) showSheet(r *request, a *programme.Attempt, conflicts []quiz.Conflict) error {
	sheet, err := s.sheetOf(r, a, conflicts)
	if err != nil {
		return err
	}
	status := 200
	if len(conflicts) > 0 {
		status = 409
	}
	return r.framed(status, "sheet", a.Title, "learn", "railed", sheet)
}

// postedSaves reads answers from a form: q.<item> is what is chosen,
// rev.<item> what the page knew, seen.<item> says that the item was on the
// page even if nothing is chosen.
func postedSaves(form url.Values) ([]quiz.Save, error) {
	items := map[string]bool{}
	for key := range form {
		if kind, item, ok := strings.Cut(key, "."); ok && (kind == "q" || kind == "seen") {
			items[item] = true
		}
	}
	if len(items) > quiz.MaxItems {
		return nil, errBadForm
	}
	saves := make([]quiz.Save, 0, len(items))
	for item := range items {
		knew := int64(0)
		if text := form.Get("rev." + item); text != "" {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n < 0 {
				return nil, errBadForm
			}
			knew = n
		}
		saves = append(saves, quiz.Save{Item: item, Tokens: form["q."+item], Knew: knew})
	}
	slices.SortFunc(saves, func(a, b quiz.Save) int { return strings.Compare(a.Item, b.Item) })
	return saves, nil
}

// saveAnswers keeps what is posted: 204 to a fetch, 303 to a form, 409 with
// what another window saved.
func (s *Server) saveAnswers(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	saves, err := postedSaves(form)
	if err != nil {
		return err
	}
	id := r.Param("id")
	a, conflicts, err := s.prog.Save(r.Request.Context(), r.who.ID, id, saves)
	fetch := r.GetHeader("X-Requested-With") == "fetch"
	switch {
	case errors.Is(err, quiz.ErrGraded) && fetch:
		r.Status(410)
		return nil
	case errors.Is(err, quiz.ErrGraded):
		return r.see(resultURL(id))
	case err != nil:
		return answerError(err)
	case fetch:
		return s.answerFetch(r, a, saves, conflicts)
	case len(conflicts) > 0:
		return s.showSheet(r, a, conflicts)
	case r.Query("then") == "review":
		return r.see(reviewURL(id))
	}
	return r.see(attemptURL(id))
}

// answerError makes a bad answer a bad form.
func answerError(err error) error {
	if errors.Is(err, quiz.ErrAnswer) {
		return errors.Join(programme.ErrInvalid, err)
	}
	return err
}

// answerFetch tells a script what was saved, or what stands instead.
func (s *Server) answerFetch(r *request, a *programme.Attempt, saves []quiz.Save, conflicts []quiz.Conflict) error {
	if len(conflicts) > 0 {
		sheet, err := s.sheetOf(r, a, conflicts)
		if err != nil {
			return err
		}
		for _, q := range sheet.Questions {
			if q.Item == conflicts[0].Item {
				out, err := r.pages().fragment("question", q)
				if err != nil {
					return err
				}
				r.send(409, []byte(out))
				return nil
			}
		}
	}
	if len(saves) > 0 {
		q := a.Find(saves[0].Item)
		r.Header("X-Rev", strconv.FormatInt(q.Saves, 10))
		if !q.Saved.IsZero() {
			r.Header("X-Saved", clockTime(q.Saved, r.zone()))
		}
	}
	r.Header("Cache-Control", "no-store")
	r.Status(204)
	return nil
}

type reviewPage struct {
	ID         string
	Title      string
	Crumbs     []crumb
	Questions  []questionView
	Unanswered []questionView
	Total      int
}

// reviewAttempt is the last look before submitting: what has no answer.
func (s *Server) reviewAttempt(r *request) error {
	a, err := s.prog.Own(r.Request.Context(), r.who.ID, r.Param("id"))
	if err != nil {
		return err
	}
	if a.Play != nil {
		return errNoPage
	}
	if a.State == quiz.Graded {
		return r.see(resultURL(a.ID))
	}
	sheet, err := s.sheetOf(r, a, nil)
	if err != nil {
		return err
	}
	page := reviewPage{ID: a.ID, Title: a.Title, Crumbs: sheet.Crumbs, Questions: sheet.Questions, Total: len(sheet.Questions)}
	for i := range page.Questions {
		q := &page.Questions[i]
		q.URL = attemptURL(a.ID) + q.URL // from the sheet to the one from here
		if !q.Answered {
			page.Unanswered = append(page.Unanswered, *q)
		}
	}
	return r.narrow(200, "review", a.Title, "learn", page)
}

// submitAttempt saves what is posted and grades.
func (s *Server) submitAttempt(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	saves, err := postedSaves(form)
	if err != nil {
		return err
	}
	out, err := s.prog.Submit(r.Request.Context(), r.who.ID, r.Param("id"), saves)
	if err != nil {
		return answerError(err)
	}
	if len(out.Conflicts) > 0 {
		return s.showSheet(r, out.Attempt, out.Conflicts)
	}
	return r.see(resultURL(out.Attempt.ID))
}
