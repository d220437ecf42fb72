package server

import (
	"errors"
	"net/url"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// What people post to a request. Who may do what, and when, is a rule of package
// standard. Who was overtaken gets the page as it is now, with what she wrote.

// readRequestForm reads a form about a request: which, its fields, what its page knew.
func (s *Server) readRequestForm(r *request) (*programme.Request, url.Values, int, error) {
	q, err := s.prog.Request(r.Request.Context(), r.Param("id"))
	if err != nil {
		return nil, nil, 0, err
	}
	form, err := r.form()
	if err != nil {
		return nil, nil, 0, err
	}
	known, err := knownIn(form)
	return q, form, known, err
}

// answerForm leads back to the request when the form was taken; otherwise it
// shows the request as it is now, with the form as filled in.
func (s *Server) answerForm(r *request, q *programme.Request, err error, done, prefix string, page requestPage) error {
	status, found := 422, problems{}
	for field, sentence := range r.invalid(err) {
		found[prefix+field] = sentence
	}
	switch {
	case err == nil:
		return r.see(requestURL(q.ID) + "?done=" + done)
	case errors.Is(err, programme.ErrStale):
		status = 409
		if q, err = s.prog.Request(r.Request.Context(), q.ID); err != nil {
			return err
		}
		key := "channel.problem.overtaken"
		if q.Decision != nil {
			key = "channel.problem.decided"
		}
		found["main"] = r.t(key)
	case len(found) == 0:
		return err
	}
	page.Problems = found
	return s.showRequest(r, status, q, page)
}

// addVoice gives a function's voice.
func (s *Server) addVoice(r *request) error {
	q, form, known, err := s.readRequestForm(r)
	if err != nil {
		return err
	}
	v := standard.Voice{
		Function: standard.Function(form.Get("function")), Stand: standard.Stand(form.Get("stand")),
		Changes: form.Get("changes"), Text: form.Get("text"), Offerings: form["offerings"],
	}
	err = s.prog.Speak(r.Request.Context(), r.who.Person, q.ID, v, known)
	filled := voiceForm{Function: string(v.Function), Stands: choices(string(v.Stand)), Offerings: choices(v.Offerings...), Changes: v.Changes, Text: v.Text}
	return s.answerForm(r, q, err, "voice", string(v.Function)+"-", requestPage{Mine: []voiceForm{filled}})
}

// addComment adds a comment.
func (s *Server) addComment(r *request) error {
	q, form, known, err := s.readRequestForm(r)
	if err != nil {
		return err
	}
	err = s.prog.Comment(r.Request.Context(), r.who.Person, q.ID, form.Get("text"), known)
	return s.answerForm(r, q, err, "commented", "comment-", requestPage{Comment: form.Get("text")})
}

// delegate names somebody to decide in the owner's place.
func (s *Server) delegate(r *request) error {
	q, form, known, err := s.readRequestForm(r)
	if err != nil {
		return err
	}
	if errors.Is(q.MayDelegate(programme.ActorOf(r.who.Person)), standard.ErrNotHers) {
		return errForbidden
	}
	page := requestPage{Delegate: &delegateForm{Email: form.Get("delegate")}}
	to, err := s.prog.People.ByEmail(r.Request.Context(), form.Get("delegate"))
	if errors.Is(err, people.ErrNotFound) {
		err = &standard.Invalid{Field: "delegate", Code: "nobody"}
	} else if err == nil {
		err = s.prog.Delegate(r.Request.Context(), r.who.Person, q.ID, to, known)
	}
	return s.answerForm(r, q, err, "delegated", "", page)
}

// decide decides a request.
func (s *Server) decide(r *request) error {
	q, form, known, err := s.readRequestForm(r)
	if err != nil {
		return err
	}
	d := standard.Decision{
		Outcome: standard.Outcome(form.Get("outcome")), Reason: form.Get("reason"), Offerings: form["offerings"],
		Clause: form.Get("clause"), Conditions: form.Get("conditions"), Price: form.Get("price"), Instead: form.Get("instead"),
	}
	until, dayErr := dayField(form.Get("until"))
	if d.Until = until; dayErr != nil && d.Outcome == standard.Exception {
		err = &standard.Invalid{Field: "until", Code: "day"}
	}
	if may := q.MayDecide(programme.ActorOf(r.who.Person), r.now); err == nil || may != nil {
		err = s.prog.Decide(r.Request.Context(), r.who.Person, q.ID, d, known)
	}
	filled := &decideForm{
		Outcomes: choices(string(d.Outcome)), Offerings: choices(d.Offerings...), Clauses: []clauseGroup{{Clauses: choices(d.Clause)}},
		Reason: d.Reason, Conditions: d.Conditions, Price: d.Price, Until: strings.TrimSpace(form.Get("until")), Instead: d.Instead,
	}
	return s.answerForm(r, q, err, "decided", "", requestPage{Decide: filled})
}

// acknowledge notes that the visitor knows the decision.
func (s *Server) acknowledge(r *request) error {
	if _, err := r.form(); err != nil { // nothing is in it, but a form it must be
		return err
	}
	if err := s.prog.Acknowledge(r.Request.Context(), r.who.Person, r.Param("id")); err != nil {
		return err
	}
	return r.see(requestURL(r.Param("id")) + "?done=acknowledged")
}

// seeRequest notes that the visitor, who is named in a comment, has seen the comments
// that her page showed.
func (s *Server) seeRequest(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	known, err := knownIn(form)
	if err != nil {
		return err
	}
	if err := s.prog.See(r.Request.Context(), r.who.Person, r.Param("id"), known); err != nil {
		return err
	}
	return r.see(requestURL(r.Param("id")) + "?done=acknowledged#comments")
}
