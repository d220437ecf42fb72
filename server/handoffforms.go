package server

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// What people post to a handoff. A page knows the edition of the sheet that it
// showed; who was overtaken gets the sheet as it is now, with what she wrote.

// lineForm is what the forms of the sheet's lists may set.
type lineForm struct {
	Act      string `form:"act" validate:"max=20"`
	Known    int64  `form:"known"`
	List     string `form:"list" validate:"max=20"`
	At       int    `form:"at"`
	Contact  string `form:"contact"`
	Role     string `form:"role"`
	Reach    string `form:"reach"`
	Decides  string `form:"decides" validate:"max=3"`
	On       string `form:"on" validate:"max=20"`
	Who      string `form:"who"`
	Topic    string `form:"topic"`
	Change   string `form:"change"`
	Question string `form:"question"`
	Owner    string `form:"owner" validate:"max=20"`
	Answer   string `form:"answer"`
}

// fillHandoffForms fills in the forms, as far as they were not filled in already.
func (r *request) fillHandoffForms(page *handoffPage, h *standard.Handoff) {
	if page.Form == (handoffForm{}) {
		page.Form = handoffForm{Title: h.Title, Signed: h.Signed.String(), Live: h.Live.String(), Meet: r.momentValue(h.Round().Meet)}
	}
	if page.Needs == nil {
		fields := url.Values(standard.Fields(h.Parts))
		for i, s := range h.Sold {
			fields.Set(soldField(i+1), soldValue(s))
		}
		page.Needs = r.needRows(fields, nil)
	}
	for _, f := range []standard.Function{standard.Sales, standard.Care, standard.Operations} {
		page.Owners = append(page.Owners, choice{string(f), r.functionName(f), string(f) == page.Line.Owner || page.Line.Owner == "" && f == standard.Operations})
	}
}

// handoffToWrite is the handoff that a form is about, for whoever may write on its
// sheet, with the form's fields and what its page knew.
func (s *Server) handoffToWrite(r *request) (*programme.Handoff, url.Values, int, error) {
	h, err := s.prog.Handoff(r.Request.Context(), r.Param("id"))
	if err != nil {
		return nil, nil, 0, err
	}
	form, err := r.form()
	if err != nil {
		return nil, nil, 0, err
	}
	a, err := s.prog.Account(r.Request.Context(), h.Account)
	if err != nil {
		return nil, nil, 0, err
	}
	if !programme.ActorOf(r.who.Person).MayEdit(&a.Account) {
		return nil, nil, 0, errForbidden
	}
	known, err := knownIn(form)
	return h, form, known, err
}

// refusals are the sentences for what the rules refuse as a whole.
var refusals = []struct {
	err error
	key string
}{
	{programme.ErrStale, "handoff.problem.changed"},
	{standard.ErrDone, "handoff.problem.done"},
	{standard.ErrBoth, "handoff.problem.both"},
	{standard.ErrEmpty, "handoff.problem.empty"},
	{standard.ErrUnanswered, "handoff.problem.unanswered"},
	{standard.ErrUndecided, "handoff.problem.undecided"},
}

// answerHandoff leads back to the sheet when the form was taken; otherwise it
// shows the sheet as it is now, with the form as filled in.
func (s *Server) answerHandoff(r *request, id string, err error, done string, page handoffPage) error {
	if err == nil {
		return r.see(handoffURL(id) + "?done=" + done)
	}
	status, found := 422, r.invalid(err)
	for _, refused := range refusals {
		if found == nil && errors.Is(err, refused.err) {
			status, found = 409, problems{"main": r.t(refused.key)}
		}
	}
	if found == nil {
		return err
	}
	if page.Problems == nil {
		page.Problems = problems{}
	}
	for field, sentence := range found {
		page.Problems[field] = sentence
	}
	h, err := s.prog.Handoff(r.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.showHandoff(r, status, h, page)
}

// changeHandoff takes the sheet's head, or its requirements.
func (s *Server) changeHandoff(r *request) error {
	h, form, known, err := s.handoffToWrite(r)
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	switch form.Get("what") {
	case "head":
		head := handoffForm{Title: form.Get("title"), Signed: form.Get("signed"), Live: form.Get("live"), Meet: form.Get("meet")}
		found, n := problems{}, programme.NewHandoff{Title: head.Title}
		round, err := roundIn(form)
		if err != nil {
			return err
		}
		if r.readDays(head, &n, found); len(found) > 0 {
			return s.showHandoff(r, 422, h, handoffPage{Unfold: "head", Form: head, Problems: found})
		}
		err = s.prog.NameHandoff(ctx, r.who.Person, h.ID, n, int64(known), round)
		return s.answerHandoff(r, h.ID, err, "saved", handoffPage{Unfold: "head", Form: head})
	case "needs":
		parts, sold, found := r.readRequirements(form)
		page := handoffPage{Unfold: "needs", Needs: r.needRows(form, found), Problems: found}
		if len(found) > 0 {
			return s.showHandoff(r, 422, h, page)
		}
		err := s.prog.RequireHandoff(ctx, r.who.Person, h.ID, parts, sold, int64(known))
		return s.answerHandoff(r, h.ID, err, "saved", page)
	}
	return errBadForm
}

// changeLines adds a line to one of the sheet's lists, answers a question, or
// strikes a line out.
func (s *Server) changeLines(r *request) error {
	h, _, _, err := s.handoffToWrite(r)
	if err != nil {
		return err
	}
	var form lineForm
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	page := handoffPage{Line: form, Problems: found}
	on, dayErr := dayField(form.On)
	if dayErr != nil && form.Act == "training" {
		page.Problems = problems{"on": r.t("channel.problem.day")}
	}
	if len(page.Problems) > 0 {
		return s.showHandoff(r, 422, h, page)
	}
	me := r.who.ID
	err = s.prog.ChangeHandoff(r.Request.Context(), r.who.Person, h.ID, func(h *standard.Handoff, now time.Time) error {
		line := func(text string) standard.Line { return standard.Line{Text: text, By: me, At: now} }
		switch form.Act {
		case "contact":
			return h.AddContact(standard.Contact{Name: form.Contact, Role: form.Role, Decides: form.Decides == "yes", Line: line(form.Reach)}, form.Known)
		case "training":
			return h.AddTraining(standard.Training{On: on, Who: form.Who, Line: line(form.Topic)}, form.Known)
		case "change":
			return h.AddChange(line(form.Change), form.Known)
		case "question":
			return h.Ask(standard.Question{Owner: standard.Function(form.Owner), Line: line(form.Question)}, form.Known)
		case "answer":
			return h.Reply(form.At, line(form.Answer), form.Known)
		case "strike":
			return h.Strike(standard.List(form.List), form.At, standard.Ack{By: me, At: now}, form.Known)
		}
		return errBadForm
	})
	return s.answerHandoff(r, h.ID, err, "noted", page)
}

// settleHandoff names the request that settles a limit.
func (s *Server) settleHandoff(r *request) error {
	h, form, known, err := s.handoffToWrite(r)
	if err != nil {
		return err
	}
	part, err := atIn(form)
	if err != nil {
		return err
	}
	settling := standard.Settling{Part: part, Dimension: form.Get("dimension"), Request: form.Get("request")}
	err = s.prog.SettleHandoff(r.Request.Context(), r.who.Person, h.ID, settling, int64(known))
	if found := r.invalid(err); found != nil {
		// The field is named after its limit, for there may be several.
		field := "request-" + needName(part+1, settling.Dimension)
		return s.showHandoff(r, 422, h, handoffPage{Problems: problems{field: found["request"]}})
	}
	return s.answerHandoff(r, h.ID, err, "saved", handoffPage{})
}

// signHandoff signs the sheet for a side.
func (s *Server) signHandoff(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	known, err := knownIn(form)
	if err != nil {
		return err
	}
	err = s.prog.SignHandoff(r.Request.Context(), r.who.Person, r.Param("id"), standard.Function(form.Get("function")), int64(known))
	return s.answerHandoff(r, r.Param("id"), err, "handoff-signed", handoffPage{})
}

// repeatHandoff ends a round without both signatures, and begins the next one.
func (s *Server) repeatHandoff(r *request) error {
	h, form, known, err := s.handoffToWrite(r)
	if err != nil {
		return err
	}
	page := handoffPage{Unfold: "again", Why: form.Get("why"), NextMeet: form.Get("next")}
	meet, err := r.momentField(page.NextMeet)
	if err != nil {
		page.Problems = problems{"next": r.t("handoff.problem.moment")}
		return s.showHandoff(r, 422, h, page)
	}
	err = s.prog.RepeatHandoff(r.Request.Context(), r.who.Person, h.ID, page.Why, meet, known)
	return s.answerHandoff(r, h.ID, err, "handoff-again", page)
}

// atIn reads the place of a part, roundIn how many rounds a page showed.
func atIn(form url.Values) (int, error)    { return numberIn(form, "at") }
func roundIn(form url.Values) (int, error) { return numberIn(form, "round") }

func numberIn(form url.Values, field string) (int, error) {
	n, err := strconv.Atoi(form.Get(field))
	if err != nil || n < 0 {
		return 0, errBadForm
	}
	return n, nil
}
