package server

import (
	"errors"
	"math"
	"net/url"
	"strings"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

type loginPage struct {
	Email, Next, Problem string
	Form                 string // where the form goes that came when nobody was signed in for it any more
	Carry                []carried
	Ended                bool // such a form came that is not kept, for it has a secret
	Demo                 *Demo
}

func (s *Server) loginPage(r *request) error {
	return r.showLogin(200, loginPage{Next: localPath(r.Query("next"))})
}

func (r *request) showLogin(status int, page loginPage) error {
	page.Demo = r.demo()
	return r.gate(status, "login", r.t("signin.title"), page)
}

// gate is page for whoever is not inside yet: the form, and beside it what
// this is.
func (r *request) gate(status int, name, title string, body any) error {
	return r.framed(status, name, title, "", "gate", body)
}

// demo is the note on demo people, in the visitor's language.
func (r *request) demo() *Demo {
	if r.srv.cfg.Demo == nil {
		return nil
	}
	note := &Demo{Password: r.srv.cfg.Demo.Password}
	for _, p := range r.srv.cfg.Demo.People {
		name, _, _ := strings.Cut(p.Email, "@")
		if id := "signin.demo." + name; r.say.Has(id) {
			p.What = r.t(id)
		}
		note.People = append(note.People, p)
	}
	return note
}

// login checks e-mail and password and starts a session with a new secret.
func (s *Server) login(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	page := loginPage{Email: form.Get("email"), Next: localPath(form.Get("next")), Form: form.Get("form"), Carry: carriedOn(form)}
	p, cookie, err := s.prog.People.SignIn(r.Request.Context(), page.Email, form.Get("password"), r.Request.UserAgent(), r.ClientIP())
	if err != nil {
		return r.loginFailed(err, page)
	}
	return r.welcomeBack(p, cookie, page)
}

func (r *request) loginFailed(err error, page loginPage) error {
	var many *people.TooManyError
	switch {
	case errors.As(err, &many):
		r.retryAfter(many.RetryAfter)
		page.Problem = r.t("signin.too-many", "N", max(1, int(math.Ceil(many.RetryAfter.Minutes()))))
		return r.showLogin(429, page)
	case errors.Is(err, people.ErrCredentials):
		page.Problem = r.t("signin.wrong")
	case errors.Is(err, people.ErrDisabled):
		page.Problem = r.t("signin.disabled")
	default:
		return r.loginUnsure(err, page)
	}
	return r.showLogin(422, page)
}

// loginUnsure answers a sign-in that could be neither taken nor refused. Where
// trying again may help, it is the same page with all that came with it.
func (r *request) loginUnsure(err error, page loginPage) error {
	a := answerTo(err)
	if a.retry == 0 {
		return err
	}
	r.failed(a, err)
	r.retryAfter(a.retry)
	page.Problem = a.title(r.say) + ". " + a.sentence(r.say)
	return r.showLogin(a.status, page)
}

// welcomeBack starts the session, saves the answers that were carried
// through the sign-in, and goes on to where the visitor wanted.
func (r *request) welcomeBack(p *people.Person, cookie string, page loginPage) error {
	if err := r.srv.enterAs(r, cookie); err != nil {
		return err
	}
	if kept, err := r.keepCarried(p, page); err != nil || kept {
		return err
	}
	if page.Form != "" {
		return r.showKept(p, page)
	}
	return r.see(page.Next)
}

// keepCarried saves the answers that came with the sign-in, if the attempt is
// this person's, and shows the sheet. The attempt is not submitted: she
// looks at it again first. From somebody who may take attempts no more nothing is
// kept, as on the attempt's own routes.
func (r *request) keepCarried(p *people.Person, page loginPage) (bool, error) {
	id, ok := attemptIn(page.Next)
	if !ok || len(page.Carry) == 0 || !asRep.allows(&visitor{Person: p}) {
		return false, nil
	}
	form := url.Values{}
	for _, c := range page.Carry {
		form.Add(c.Name, c.Value)
	}
	ctx := r.Request.Context()
	if form.Has("choice") {
		return true, r.keepChoice(p.ID, id, form, page)
	}
	saves, err := postedSaves(form)
	if err != nil {
		return false, err
	}
	a, conflicts, err := r.srv.prog.Save(ctx, p.ID, id, saves)
	switch {
	case errors.Is(err, quiz.ErrGraded):
		return true, r.see(resultURL(id))
	case errors.Is(err, programme.ErrNotFound), errors.Is(err, quiz.ErrAnswer):
		return true, r.see("/")
	case err != nil: // the store can't take them: they come back with the error
		r.kept = answersAgain(attemptURL(id)+"/answers?then=review", page.Carry)
		return true, err
	case len(conflicts) == 0:
		return true, r.see(attemptURL(id) + "?done=kept")
	}
	if err := r.becomes(p); err != nil {
		return true, err
	}
	return true, r.srv.showSheet(r, a, conflicts)
}

// keepChoice makes the choice in a scenario that came with the sign-in.
func (r *request) keepChoice(person, id string, form url.Values, page loginPage) error {
	step, token, err := postedChoice(form)
	if err != nil { // nothing was chosen; the page says where the play stands
		return r.see(attemptURL(id))
	}
	_, err = r.srv.prog.Choose(r.Request.Context(), person, id, step, token)
	switch {
	case errors.Is(err, programme.ErrNotFound):
		return r.see("/")
	case movedOn(err): // the page says where the play stands
		return r.see(attemptURL(id))
	case err != nil: // the store can't take it: it comes back with the error
		r.kept = answersAgain(attemptURL(id)+"/choose", page.Carry)
		return err
	}
	return r.see(attemptURL(id) + "?done=chosen")
}

// attemptIn returns the id when the path is an attempt's.
func attemptIn(path string) (string, bool) {
	id, ok := strings.CutPrefix(path, "/attempts/")
	return id, ok && id != "" && !strings.ContainsAny(id, "/?#")
}

func (s *Server) logout(r *request) error {
	if err := s.prog.People.SignOut(r.Request.Context(), r.who.ID, r.who.secret); err != nil {
		return err
	}
	if err := s.leave(r); err != nil {
		return err
	}
	return r.see("/login?done=signedout")
}

type welcomePage struct {
	First                            bool // the first admin
	Least                            int  // characters of a password
	Name, Email, FirstName, LastName string
	Problems                         problems
}

func (r *request) showWelcome(status int, page welcomePage) error {
	page.Least = people.MinPassword
	title := r.t("welcome.choose")
	if page.First {
		title = r.t("welcome.set-up")
	}
	return r.gate(status, "welcome", title, page)
}

// setupPage and setup make the first admin, by a link printed at the start.
func (s *Server) setupPage(r *request) error {
	if err := s.prog.People.CheckSetup(r.Request.Context(), r.Param("token")); err != nil {
		return s.linkOver(r, err)
	}
	return r.showWelcome(200, welcomePage{First: true})
}

func (s *Server) setup(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	page := welcomePage{First: true, Email: form.Get("email"), FirstName: form.Get("first"), LastName: form.Get("last")}
	_, cookie, err := s.prog.People.RedeemSetup(r.Request.Context(), r.Param("token"),
		people.NewPerson{Email: page.Email, First: page.FirstName, Last: page.LastName}, form.Get("password"), r.Request.UserAgent())
	return s.welcomed(r, cookie, err, page)
}

// welcomePage and welcome set a password, by a one-time link.
func (s *Server) welcomePage(r *request) error {
	p, err := s.prog.People.Invited(r.Request.Context(), r.Param("token"))
	if err != nil {
		return s.linkOver(r, err)
	}
	return r.showWelcome(200, welcomePage{Name: p.Name(), Email: p.Email})
}

func (s *Server) welcome(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	ctx := r.Request.Context()
	p, err := s.prog.People.Invited(ctx, r.Param("token"))
	if err != nil {
		return s.linkOver(r, err)
	}
	_, cookie, err := s.prog.People.Redeem(ctx, r.Param("token"), form.Get("password"), r.Request.UserAgent())
	return s.welcomed(r, cookie, err, welcomePage{Name: p.Name(), Email: p.Email})
}

func (s *Server) welcomed(r *request, cookie string, err error, page welcomePage) error {
	var input *people.InputError
	switch {
	case errors.As(err, &input):
		page.Problems = r.problemOf(input)
		return r.showWelcome(422, page)
	case errors.Is(err, people.ErrEmailTaken):
		page.Problems = problems{"email": r.t("welcome.taken")}
		return r.showWelcome(422, page)
	case errors.Is(err, people.ErrLink):
		return s.linkOver(r, err)
	case err != nil:
		return err
	}
	if err := s.enterAs(r, cookie); err != nil {
		return err
	}
	return r.see("/?done=ready")
}

// linkOver says that a one-time link is used up, or passes the error on.
func (s *Server) linkOver(r *request, err error) error {
	if !errors.Is(err, people.ErrLink) && !errors.Is(err, people.ErrDisabled) {
		return err
	}
	r.errorPage(linkIsOver)
	return nil
}
