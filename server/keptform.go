package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/people"
)

// What was typed is not lost when a form can't be taken: when the store is
// away it comes back on the error's page, to be sent again; when the session
// has ended it goes through the sign-in as fields of that form, and then an
// attempt takes its answers at once, while anything else is shown to whoever
// signed in, to be sent or not. Sending twice does nothing twice: a form that
// begins something says which one it is, and one that changes something says
// what it knew.

// carried is one field of a form that could not be taken.
type carried struct{ Name, Value string }

// An againForm is what was posted, to be posted again.
type againForm struct {
	Action  string
	Fields  []carried
	Answers bool // to a quiz or in a scenario
}

// Written are the fields of more than one word: what a person wrote herself.
func (f *againForm) Written() []string {
	var list []string
	for _, c := range f.Fields {
		if text := strings.TrimSpace(c.Value); strings.ContainsAny(text, " \n") {
			list = append(list, text)
		}
	}
	return list
}

// answersAgain gives back what an attempt was sent.
func answersAgain(action string, fields []carried) *againForm {
	return &againForm{Action: action, Fields: fields, Answers: true}
}

// again gives a form back that could not be taken; nil when none was posted,
// or one that is not kept.
func (r *request) again() *againForm {
	if r.kept != nil {
		return r.kept
	}
	if !r.keeps() {
		return nil
	}
	form, err := r.form()
	if err != nil {
		return nil
	}
	return &againForm{r.Request.URL.RequestURI(), carriedAll(form), r.onAttempt()}
}

// keeps reports whether what was posted here may stand in a page to be posted
// again: all but passwords and the forms of one-time links.
func (r *request) keeps() bool {
	if r.Request.Method != http.MethodPost {
		return false
	}
	switch r.FullPath() {
	case "", "/login", "/logout", "/setup/:token", "/welcome/:token", "/me/password":
		return false
	}
	return true
}

// onAttempt reports whether the request is about an attempt.
func (r *request) onAttempt() bool { return strings.HasPrefix(r.FullPath(), "/attempts/") }

// signInAgain answers a form that came without a session: 401 with the
// sign-in page. What was typed goes through the sign-in; what is not kept, or
// was no more than a button, leads back to the page it stood on.
func (r *request) signInAgain() error {
	page := loginPage{Next: "/"}
	if r.FullPath() != "/logout" {
		page.Next = r.cameFrom()
	}
	if r.keeps() {
		form, err := r.form()
		if err != nil {
			r.errorPage(answerTo(err))
			return nil
		}
		page.Carry = carriedAll(form)
	}
	switch {
	case r.onAttempt():
		page.Next = attemptURL(r.Param("id"))
	case len(page.Carry) > 0:
		page.Form = r.Request.URL.RequestURI()
	default:
		page.Ended = r.FullPath() != "/logout"
	}
	return r.showLogin(http.StatusUnauthorized, page)
}

// cameFrom is the page of ours that a form stood on, or the home page where the
// browser doesn't say.
func (r *request) cameFrom() string {
	from, err := url.Parse(r.Request.Referer())
	if err != nil || from.Host != r.Request.Host {
		return "/"
	}
	return localPath(from.RequestURI())
}

// showKept shows a form that went through the sign-in to whoever signed in: she
// may be somebody else than who wrote it, so that nothing is sent unasked.
func (r *request) showKept(p *people.Person, page loginPage) error {
	if err := r.becomes(p); err != nil {
		return err
	}
	return r.page(http.StatusOK, "kept", r.t("kept.title"), "", keptPage{
		Name: p.Name(), Back: page.Next, Again: &againForm{Action: localPath(page.Form), Fields: page.Carry},
	})
}

type keptPage struct {
	Name  string
	Back  string // the page that the form stood on
	Again *againForm
}

// becomes makes the one who has just signed in the visitor of this request.
func (r *request) becomes(p *people.Person) error {
	who, record, err := r.srv.readVisitor(r.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	r.who = &visitor{Person: who, Record: record}
	r.say = r.language()
	return nil
}

// carriedOn reads the carried fields of a sign-in form.
func carriedOn(form url.Values) []carried {
	of := url.Values{}
	for key, values := range form {
		if name, ok := strings.CutPrefix(key, "carry."); ok {
			of[name] = values
		}
	}
	return carriedAll(of)
}

// carriedAll are all fields of a form, by name; those of one name keep their
// order.
func carriedAll(form url.Values) []carried {
	var list []carried
	for key, values := range form {
		for _, v := range values {
			list = append(list, carried{key, v})
		}
	}
	slices.SortStableFunc(list, func(a, b carried) int { return strings.Compare(a.Name, b.Name) })
	return list
}
