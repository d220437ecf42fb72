package server

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

type transcriptPage struct {
	ID, Name, Email, Team string
	Disabled              bool
	Own                   bool // it is the visitor's own: others sign her off and grant her attempts
	Held                  int  // certifications
	Lines                 []transcriptLine
	Waiting               []transcriptLine // those that wait for the manager
	Stuck                 []transcriptExercise
	Exercises             []transcriptExercise
	Kinds                 []timelineKind
	Timeline              []timelineMonth
	Problems              problems // of a sign-off, by the id of its field
}

// A transcriptLine is one certification of the person.
type transcriptLine struct {
	Title, URL  string
	State       state
	Quiet       bool // nothing happened yet
	Moving      bool // on the way: some steps are done, others not
	Done, Total int
	Steps       []stepLine
	SignOff     *signOffForm
}

type signOffForm struct {
	Person, Name  string // id and name of who is signed off
	Me            string // who signs
	Certification string
	Criteria      []criterionLine
	Known         int
	Problems      problems
}

// A criterionLine is one thing to be seen; one that was seen before is ticked,
// so that the signature is put under all of it.
type criterionLine struct{ Text, Seen string }

// A transcriptExercise is one quiz or scenario with its attempts and, where it
// helps, a grant.
type transcriptExercise struct {
	Key, Slug, Title, Sentence string // Slug: the key as the id of an element
	Attempts                   []attemptLine
	MayGrant                   bool
	Known                      int
}

// transcript shows all that a rep has done, to the rep's manager.
func (s *Server) transcript(r *request) error {
	p, err := s.managed(r, r.Param("person"))
	if err != nil {
		return err
	}
	return s.showTranscript(r, 200, p, nil)
}

func (s *Server) showTranscript(r *request, status int, p *people.Person, found problems) error {
	page, err := s.transcriptOf(r, p, found)
	if err != nil {
		return err
	}
	return r.page(status, "transcript", p.Name(), "team", page)
}

func (s *Server) transcriptOf(r *request, p *people.Person, found problems) (*transcriptPage, error) {
	st, err := s.prog.StandingOf(r.Request.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	page := &transcriptPage{ID: p.ID, Name: p.Name(), Email: p.Email, Disabled: p.Disabled, Own: p.ID == r.who.ID, Problems: found}
	if t, err := s.prog.People.Team(r.Request.Context(), p.Team); err == nil {
		page.Team = t.Name
	} else if !errors.Is(err, people.ErrNotFound) {
		return nil, err
	}
	for _, c := range r.lib().Certifications {
		cl := s.prog.Clearance(st, c)
		line := s.transcriptLine(r, st, c, cl)
		if cl.Cleared() {
			page.Held++
		}
		if form := line.SignOff; form != nil {
			form.Person, form.Name, form.Me, form.Problems = p.ID, p.Name(), r.who.Name(), found
			if cl.State == certify.Waiting && !page.Own {
				page.Waiting = append(page.Waiting, line)
			}
			if cl.State == certify.Waiting || line.Quiet || page.Own { // above, or nothing to have seen yet
				line.SignOff = nil
			}
		}
		page.Lines = append(page.Lines, line)
	}
	for _, e := range r.lib().Exercises() {
		te := s.transcriptExercise(r, st, e)
		if te.MayGrant && !page.Own {
			page.Stuck = append(page.Stuck, te)
		} else if len(te.Attempts) > 0 {
			page.Exercises = append(page.Exercises, te)
		}
	}
	return page, s.fillTimeline(r, st, page)
}

func (s *Server) transcriptLine(r *request, st *programme.Standing, c *certify.Certification, cl certify.Clearance) transcriptLine {
	line := transcriptLine{
		Title: c.Title, URL: c.URL, State: r.stateOf(cl, false), Quiet: slices.Contains(quiet, cl.State),
		Done: cl.Done, Total: cl.Total, Moving: cl.Done > 0 && cl.Done < cl.Total,
	}
	for _, ss := range certify.ProgressOf(c, &st.Evidence).Steps {
		line.Steps = append(line.Steps, r.stepLine(ss))
		if ss.Step.Kind == certify.SignOff && !ss.Done {
			line.SignOff = &signOffForm{Certification: c.ID, Known: countOf(st.Evidence.Signoffs, c.ID)}
			for _, criterion := range ss.Step.Criteria {
				one := criterionLine{Text: criterion}
				if at, seen := ss.Seen[criterion]; seen {
					one.Seen = r.t("transcript.sign-off.seen-on", "Day", dayIn(r.say, at, r.zone()))
				}
				line.SignOff.Criteria = append(line.SignOff.Criteria, one)
			}
		}
	}
	return line
}

func countOf(signoffs []certify.Signoff, certification string) int {
	n := 0
	for _, s := range signoffs {
		if s.Certification == certification {
			n++
		}
	}
	return n
}

func (s *Server) transcriptExercise(r *request, st *programme.Standing, e *content.Exercise) transcriptExercise {
	adm := s.prog.Admission(st, e.Rules())
	te := transcriptExercise{
		Key: e.Key(), Slug: strings.ReplaceAll(e.Key(), "/", "-"), Title: exerciseTitle(r.say, e), Known: adm.Granted,
		MayGrant: adm.Reason == quiz.CoolingDown || adm.Reason == quiz.UsedUp,
	}
	switch adm.Reason {
	case quiz.CoolingDown:
		te.Sentence = r.t("transcript.exercise.cooling", "When", momentIn(r.say, adm.FreeAt, r.zone()))
	case quiz.UsedUp:
		te.Sentence = r.t("transcript.exercise.used-up")
	case quiz.InProgress:
		te.Sentence = r.t("transcript.exercise.open")
	}
	for _, t := range st.Evidence.Tries[e.Key()] {
		te.Attempts = append(te.Attempts, r.attemptLine(e.Key(), t))
	}
	return te
}

// managerForm reads a form of a transcript: whom it is about, and how many
// entries of its kind the manager had in view when it was sent.
func (s *Server) managerForm(r *request) (p *people.Person, form url.Values, known int, err error) {
	if p, err = s.managed(r, r.Param("person")); err != nil {
		return nil, nil, 0, err
	}
	if form, err = r.form(); err != nil {
		return nil, nil, 0, err
	}
	if known, err = strconv.Atoi(form.Get("known")); err != nil {
		return nil, nil, 0, errBadForm
	}
	return p, form, known, nil
}

// grant gives one attempt more.
func (s *Server) grant(r *request) error {
	p, form, known, err := s.managerForm(r)
	if err != nil {
		return err
	}
	if err := s.prog.Grant(r.Request.Context(), r.who.ID, p.ID, form.Get("quiz"), known, form.Get("note")); err != nil {
		return err
	}
	return r.see(personURL(p.ID) + "?done=granted")
}

// signOff records what the manager observed. A form in which nothing is
// ticked and nothing written was sent by mistake.
func (s *Server) signOff(r *request) error {
	p, form, known, err := s.managerForm(r)
	if err != nil {
		return err
	}
	id, note := form.Get("certification"), strings.TrimSpace(form.Get("note"))
	met := slices.Compact(slices.Sorted(slices.Values(form["met"])))
	if len(met) == 0 && note == "" && criteriaOf(r.lib().Certification(id)) != nil {
		return s.showTranscript(r, 422, p, problems{"met-" + id: r.t("transcript.sign-off.empty")})
	}
	_, err = s.prog.SignOff(r.Request.Context(), r.who.ID, p.ID, programme.SignOff{
		Certification: id, Met: met, Note: form.Get("note"), Known: known,
	})
	if err != nil {
		return err
	}
	if len(met) == len(criteriaOf(r.lib().Certification(id))) {
		return r.see(personURL(p.ID) + "?done=signed")
	}
	return r.see(personURL(p.ID) + "?done=observed")
}

// criteriaOf are what a manager has to see for a certification; nil where it
// asks for no sign-off.
func criteriaOf(c *certify.Certification) []string {
	if c == nil {
		return nil
	}
	for i := range c.Steps {
		if c.Steps[i].Kind == certify.SignOff {
			return c.Steps[i].Criteria
		}
	}
	return nil
}
