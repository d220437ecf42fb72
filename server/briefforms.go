package server

import (
	"errors"
	"strings"
	"time"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
)

// What people post to a brief. A page knows how many sayings it showed; who was
// overtaken gets the brief as it is now, with what she wrote.

// briefToChange is the brief that a form is about, for whom its rule lets do that at
// all.
func (s *Server) briefToChange(r *request, may func(*standard.Brief, standard.Actor, time.Time) error) (*programme.Brief, error) {
	b, err := s.prog.Brief(r.Request.Context(), r.Param("id"))
	if err != nil {
		return nil, err
	}
	if _, err := r.form(); err != nil {
		return nil, err
	}
	if errors.Is(may(&b.Brief, programme.ActorOf(r.who.Person), r.now), standard.ErrNotHers) {
		return nil, errForbidden
	}
	return b, nil
}

// changeBrief makes the change, and leads back to the brief; or else it shows it as
// it is now, with the form as filled in.
func (s *Server) changeBrief(r *request, id, done string, page briefPage, change func(*standard.Brief, standard.Actor, time.Time) error) error {
	err := s.prog.ChangeBrief(r.Request.Context(), r.who.Person, id, change)
	if err == nil {
		return r.see(briefURL(id) + "?done=" + done)
	}
	status := 422
	invalid := r.briefInvalid(err)
	if errors.Is(err, programme.ErrStale) {
		status, invalid = 409, problems{"main": r.t("brief.problem.overtaken")}
	}
	if invalid == nil {
		return err
	}
	if page.Problems == nil {
		page.Problems = problems{}
	}
	for field, sentence := range invalid {
		if page.Problems[field] == "" {
			page.Problems[field] = sentence
		}
	}
	b, err := s.prog.Brief(r.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.showBrief(r, status, b, page)
}

// answerBrief takes what the guest says.
func (s *Server) answerBrief(r *request) error {
	b, err := s.briefToChange(r, (*standard.Brief).MayAnswer)
	if err != nil {
		return err
	}
	var form briefAnswer
	found, err := r.decode(&form)
	if err != nil {
		return err
	}
	page := briefPage{Answer: &form, Problems: found}
	if len(found) > 0 {
		return s.showBrief(r, 422, b, page)
	}
	said := standard.Response{Goal: form.Goal, Comes: standard.YesNo(form.Comes), Aligned: standard.YesNo(form.Aligned), Missing: form.Missing}
	known := int(form.Known)
	return s.changeBrief(r, b.ID, "brief-answered", page, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Answer(a, said, known, at)
	})
}

// completeBrief takes all that the sender says, anew.
func (s *Server) completeBrief(r *request) error {
	b, err := s.briefToChange(r, (*standard.Brief).MaySend)
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	known, err := knownIn(values)
	if err != nil {
		return err
	}
	form := briefForm{
		Goal: values.Get("goal"), Why: values.Get("why"), Homework: values.Get("homework"), Decides: values.Get("decides"),
		On: strings.TrimSpace(values.Get("on")), Time: strings.TrimSpace(values.Get("time")),
	}
	page := briefPage{Form: form, Unfold: "complete", Problems: problems{}}
	v := r.readInvitation(form, page.Problems)
	if len(page.Problems) > 0 {
		return s.showBrief(r, 422, b, page)
	}
	loc := r.lib().Location
	return s.changeBrief(r, b.ID, "brief-again", page, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Send(a, v, known, at, loc)
	})
}

// closeBrief ends a brief: there is no such meeting, or the sender goes alone.
func (s *Server) closeBrief(r *request) error {
	how := standard.How("")
	b, err := s.briefToChange(r, func(b *standard.Brief, a standard.Actor, now time.Time) error { return b.MayClose(a, how, now) })
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	known, err := knownIn(values)
	if err != nil {
		return err
	}
	how = standard.How(values.Get("how"))
	return s.changeBrief(r, b.ID, "brief-closed", briefPage{}, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Close(a, how, known, at)
	})
}

// judgeBrief takes what one of the two says of the meeting.
func (s *Server) judgeBrief(r *request) error {
	b, err := s.briefToChange(r, (*standard.Brief).MayJudge)
	if err != nil {
		return err
	}
	values, err := r.form()
	if err != nil {
		return err
	}
	w := standard.Worth{Was: standard.YesNo(values.Get("worth")), Why: values.Get("why")}
	return s.changeBrief(r, b.ID, "brief-judged", briefPage{WorthWhy: w.Why}, func(b *standard.Brief, a standard.Actor, at time.Time) error {
		return b.Judge(a, w, at)
	})
}

// briefMeeting is the meeting for a calendar, once it is on.
func (s *Server) briefMeeting(r *request) error {
	ctx := r.Request.Context()
	b, err := s.prog.Brief(ctx, r.Param("id"))
	if err != nil {
		return err
	}
	if b.State(r.now) != standard.BriefOn {
		return errNoPage
	}
	accounts, err := s.prog.AccountsByID(ctx, b.Account)
	if err != nil {
		return err
	}
	who, err := s.prog.Persons(ctx, b.Sender, b.Guest)
	if err != nil {
		return err
	}
	v, page := b.Invitation(), s.cfg.BaseURL.JoinPath(briefURL(b.ID)).String()
	summary := r.t("brief.calendar")
	if a := accounts[b.Account]; a != nil {
		summary = r.t("brief.calendar-with", "Account", a.Name)
	}
	goal := func(id, text string) string {
		return r.t("brief.goal.of", "Name", r.nameOr(who, id)) + ": " + text
	}
	says := []string{page, "", goal(b.Sender, v.Goal), goal(b.Guest, b.Response().Goal), "", r.t("brief.why.short") + ": " + v.Why}
	r.sendCalendar("meeting.ics", calendarFile(calendarEvent{
		Of: "brief", UID: "brief-" + b.ID + "@" + s.cfg.BaseURL.Hostname(), Stamp: r.now,
		Start: v.Start, Length: standard.MeetingTakes, Day: v.On, Summary: summary, Description: strings.Join(says, "\n"), URL: page,
	}))
	return nil
}
