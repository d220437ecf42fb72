package server

import (
	"errors"
	"html/template"

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
	page := certificationPage{Certification: c, Clearance: cl, State: r.stateOf(cl, true), Mine: asRep.allows(r.who), Valid: r.period(c.Valid)}
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
	line := stepLine{step: step{Class: "open", Icon: "dash", Title: ss.Step.Title, URL: ss.Step.URL, Note: r.t("step.open")}, Criteria: ss.Step.Criteria}
	switch ss.Step.Kind {
	case certify.PassQuiz:
		line.Icon, line.Title = "quiz", r.t("step.quiz", "Title", ss.Step.Title)
	case certify.PlayScenario:
		line.Icon, line.Title = "scenario", r.t("step.scenario", "Title", ss.Step.Title)
	case certify.SignOff:
		line.Icon, line.Title = "edit", r.stepTitle(&ss.Step)
	case certify.ReadLesson:
		line.Icon = "book"
	}
	if ss.Step.Kind.Attempted() && !asRep.allows(r.who) {
		line.URL = "" // its page is for reps
	}
	if ss.Done {
		line.Class, line.Icon, line.Note = "done", "ok", r.t("step.done")
		line.Proof = r.proof(ss)
	}
	return line
}

// proof says how a step was done.
func (r *request) proof(ss certify.StepState) string {
	when := dayIn(r.say, ss.At, r.zone())
	switch {
	case ss.Waived:
		return r.t("step.proof.waived", "Day", when)
	case ss.Step.Kind == certify.PassQuiz:
		return r.t("step.proof.quiz", "Score", percent(ss.Percent), "Day", when)
	case ss.Step.Kind == certify.PlayScenario:
		return r.t("step.proof.scenario", "Day", when)
	case ss.Step.Kind == certify.SignOff:
		return r.t("step.proof.signoff", "Day", when)
	default:
		return r.t("step.proof.lesson", "Day", when)
	}
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
		page.Lines = append(page.Lines, certificateLine{c.Title, certificateURL(c.Meta.ID), dayIn(r.say, c.Issued, r.lib().Location), r.certificateState(c)})
	}
	if asRep.allows(r.who) {
		page.Certifications = r.certificationLines(st)
	}
	return r.page(200, "certificates", r.t("certificates.title"), "certificates", page)
}

// certificateState says whether a certificate is in force.
func (r *request) certificateState(c *programme.Certificate) state {
	switch {
	case !certify.InForce(c.Until, r.now):
		return state{"fatal", "cross", r.t("state.expired.word"), r.t("state.on", "Day", r.lastDay(c.Until))}
	case c.Until.IsZero():
		return state{"inside", "ok", r.t("certificate.in-force"), r.t("state.without-end")}
	default:
		return state{"inside", "ok", r.t("certificate.in-force"), r.t("state.until", "Day", r.lastDay(c.Until))}
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
	Release   string        // short
	Check     string        // absolute URL of the public check page
	Code      template.HTML // the same as a picture for a phone's camera
	Steps     []proofLine
	Mine      bool
	Back      link
	Clauses   []certify.Covered
}

type proofLine struct{ Icon, Title, Proof, URL string }

// certificate shows one: to its holder, the holder's manager, an admin.
func (s *Server) certificate(r *request) error {
	c, err := s.prog.Certificate(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	page := s.certificateOf(r, c)
	page.Mine, page.Back = true, link{"/certificates", r.t("certificate.back.mine")}
	if c.Person != r.who.ID {
		if _, err := s.managed(r, c.Person); err != nil {
			return err
		}
		page.Mine, page.Back = false, link{personURL(c.Person), r.t("certificate.back.transcript")}
	}
	return r.page(200, "certificate", c.Title, "certificates", page)
}

func (s *Server) certificateOf(r *request, c *programme.Certificate) certificatePage {
	loc := r.lib().Location
	page := certificatePage{
		ID: c.Meta.ID, Company: r.lib().Company, Name: c.Name, Title: c.Title, Offerings: c.Offerings,
		Text: c.Text, Issued: dayIn(r.say, c.Issued, loc), Expired: !certify.InForce(c.Until, r.now), Release: short(c.Release),
		Check: s.cfg.BaseURL.JoinPath(verifyURL(c.Meta.ID)).String(), Clauses: c.Clauses,
	}
	page.Code = cameraCode(page.Check)
	if !c.Until.IsZero() {
		page.Until = dayIn(r.say, c.Until, loc)
	}
	for _, p := range c.Steps {
		page.Steps = append(page.Steps, r.proofLine(p))
	}
	return page
}

func (r *request) proofLine(p certify.Proof) proofLine {
	line := proofLine{Title: p.Title, Proof: dayIn(r.say, p.At, r.lib().Location), Icon: "book"}
	switch p.Kind {
	case certify.PassQuiz:
		line.Icon, line.Proof = "quiz", r.t("certificate.proof.quiz", "Score", percent(p.Percent), "Day", line.Proof)
	case certify.PlayScenario:
		line.Icon = "scenario"
	case certify.SignOff:
		line.Icon, line.Title = "edit", r.t("step.signoff")
	case certify.ReadLesson:
		if p.Waived {
			line.Proof = r.t("step.proof.waived", "Day", line.Proof)
		}
	}
	if p.Attempt != "" && p.Kind.Attempted() {
		line.URL = resultURL(p.Attempt)
	}
	return line
}

// short is the part of a hash that people can compare.
func short(hash string) string { return hash[:min(12, len(hash))] }

// verify is the public check page of one certificate.
func (s *Server) verify(r *request) error {
	c, err := s.prog.Certificate(r.Request.Context(), r.Param("id"))
	if errors.Is(err, programme.ErrNotFound) {
		return r.page(404, "verify", r.t("verify.title.none"), "", verifyPage{})
	}
	if err != nil {
		return err
	}
	page := verifyPage{Found: true, State: r.certificateState(c), Certificate: s.certificateOf(r, c)}
	return r.page(200, "verify", r.t("verify.title.found"), "", page)
}

type verifyPage struct {
	Found       bool
	State       state
	Certificate certificatePage
}
