package server

import (
	"errors"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/programme"
)

type certificationPage struct {
	Certification *certify.Certification
	Clearance     certify.Clearance
	State         state
	Mine          bool // the visitor is a rep, for whom the steps have a state
	Steps         []stepLine
	Offerings     []link
	Covers        []link
	After         []link
	Valid         string
	Certificate   string // URL of the latest
}

// A stepLine is one step of a certification with its proof in words.
type stepLine struct {
	step
	Proof    string
	Criteria []string
}

// certification shows what a certification asks for, and where I stand.
func (s *Server) certification(r *request) error {
	c := r.lib().Certification(r.Param("id"))
	if c == nil {
		return errNoPage
	}
	st, err := r.standing()
	if err != nil {
		return err
	}
	cl := s.prog.Clearance(st, c)
	page := certificationPage{Certification: c, Clearance: cl, State: r.stateOf(cl, true), Mine: asRep.allows(r.who), Valid: period(c.Valid)}
	for _, ss := range certify.ProgressOf(c, &st.Evidence).Steps {
		page.Steps = append(page.Steps, r.stepLine(ss))
	}
	for _, id := range c.Offerings {
		if o := r.lib().Offering(id); o != nil {
			page.Offerings = append(page.Offerings, link{o.URL, o.Title})
		}
	}
	for _, id := range c.Covers {
		if clause := r.lib().Clause(id); clause != nil {
			page.Covers = append(page.Covers, link{clause.URL, clause.OfTitle + ": " + clause.Title})
		}
	}
	for _, id := range c.After {
		if before := r.lib().Certification(id); before != nil {
			page.After = append(page.After, link{before.URL, before.Title})
		}
	}
	if cl.Certificate != "" {
		page.Certificate = certificateURL(cl.Certificate)
	}
	return r.page(200, "certification", c.Title, "certificates", page)
}

func (r *request) stepLine(ss certify.StepState) stepLine {
	line := stepLine{step: step{Class: "open", Icon: "dash", Title: ss.Step.Title, URL: ss.Step.URL, Note: "not done yet"}, Criteria: ss.Step.Criteria}
	switch ss.Step.Kind {
	case certify.PassQuiz:
		line.Icon, line.Title = "quiz", "Quiz: "+ss.Step.Title
	case certify.PlayScenario:
		line.Icon, line.Title = "scenario", "Scenario: "+ss.Step.Title
	}
	if ss.Step.Kind.Attempted() && !asRep.allows(r.who) {
		line.URL = "" // its page is for reps
	}
	if !ss.Done {
		return line
	}
	line.Class, line.Icon, line.Note = "done", "ok", "done"
	when := day(ss.At, r.zone())
	switch {
	case ss.Waived:
		line.Proof = "waived: the quiz was passed on " + when
	case ss.Step.Kind == certify.PassQuiz:
		line.Proof = "passed with " + percent(ss.Percent) + " on " + when
	case ss.Step.Kind == certify.PlayScenario:
		line.Proof = "passed on " + when
	case ss.Step.Kind == certify.SignOff:
		line.Proof = "signed off on " + when
	default:
		line.Proof = "read on " + when
	}
	return line
}

// renew opens the next cycle of a certification.
func (s *Server) renew(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	c := r.lib().Certification(r.Param("id"))
	if c == nil {
		return errNoPage
	}
	if err := s.prog.Renew(r.Request.Context(), r.who.ID, c.ID); err != nil {
		return err
	}
	return r.see(c.URL + "?done=renewed")
}

type certificatesPage struct {
	Lines          []certificateLine
	Certifications []sellLine
}

type certificateLine struct {
	Title, URL, Issued string
	State              state
}

func (s *Server) certificates(r *request) error {
	st, err := r.standing()
	if err != nil {
		return err
	}
	list, err := s.prog.CertificatesOf(r.Request.Context(), r.who.ID)
	if err != nil {
		return err
	}
	var page certificatesPage
	for _, c := range list {
		page.Lines = append(page.Lines, certificateLine{c.Title, certificateURL(c.Meta.ID), day(c.Issued, r.lib().Location), r.certificateState(c)})
	}
	if asRep.allows(r.who) {
		page.Certifications = r.certificationLines(st)
	}
	return r.page(200, "certificates", "Certificates", "certificates", page)
}

// certificateState says whether a certificate is in force.
func (r *request) certificateState(c *programme.Certificate) state {
	switch {
	case !certify.InForce(c.Until, r.now):
		return state{"fatal", "cross", "Expired", "on " + r.lastDay(c.Until)}
	case c.Until.IsZero():
		return state{"inside", "ok", "In force", "without end"}
	default:
		return state{"inside", "ok", "In force", "until " + r.lastDay(c.Until)}
	}
}

type certificatePage struct {
	ID        string
	Company   string
	Name      string
	Title     string
	Offerings []certify.Covered
	Text      string
	Issued    string
	Until     string // empty: without end
	Expired   bool
	Release   string // short
	Check     string // absolute URL of the public check page
	Steps     []proofLine
	Mine      bool
	Back      link
	Clauses   []certify.Covered
}

type proofLine struct{ Title, Proof, URL string }

// certificate shows one: to its holder, the holder's manager, an admin.
func (s *Server) certificate(r *request) error {
	c, err := s.prog.Certificate(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	page := s.certificateOf(r, c)
	page.Mine, page.Back = true, link{"/certificates", "All my certificates"}
	if c.Person != r.who.ID {
		if _, err := s.managed(r, c.Person); err != nil {
			return err
		}
		page.Mine, page.Back = false, link{personURL(c.Person), "Back to the transcript"}
	}
	return r.page(200, "certificate", c.Title, "certificates", page)
}

func (s *Server) certificateOf(r *request, c *programme.Certificate) certificatePage {
	loc := r.lib().Location
	page := certificatePage{
		ID: c.Meta.ID, Company: r.lib().Company, Name: c.Name, Title: c.Title, Offerings: c.Offerings,
		Text: c.Text, Issued: day(c.Issued, loc), Expired: !certify.InForce(c.Until, r.now), Release: short(c.Release),
		Check: s.cfg.BaseURL.JoinPath(verifyURL(c.Meta.ID)).String(), Clauses: c.Clauses,
	}
	if !c.Until.IsZero() {
		page.Until = day(c.Until, loc)
	}
	for _, p := range c.Steps {
		line := proofLine{Title: p.Title, Proof: day(p.At, loc)}
		if p.Attempt != "" {
			line.URL, line.Proof = resultURL(p.Attempt), percent(p.Percent)+", "+line.Proof
		}
		page.Steps = append(page.Steps, line)
	}
	return page
}

// short is the part of a hash that people can compare.
func short(hash string) string { return hash[:min(12, len(hash))] }

// verify is the public check page of one certificate.
func (s *Server) verify(r *request) error {
	c, err := s.prog.Certificate(r.Request.Context(), r.Param("id"))
	if errors.Is(err, programme.ErrNotFound) {
		return r.page(404, "verify", "No such certificate", "", verifyPage{})
	}
	if err != nil {
		return err
	}
	page := verifyPage{Found: true, State: r.certificateState(c), Certificate: s.certificateOf(r, c)}
	return r.page(200, "verify", "Check of a certificate", "", page)
}

type verifyPage struct {
	Found       bool
	State       state
	Certificate certificatePage
}
