package server

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// Errors that handlers return for a page of their own.
var (
	errNoPage      = errors.New("no such page")
	errMethod      = errors.New("method not allowed here")
	errSignIn      = errors.New("nobody is signed in")
	errForbidden   = errors.New("the role does not allow it")
	errCrossOrigin = errors.New("asked for from another site")
	errBadForm     = errors.New("the form can't be read")
	errTooLarge    = errors.New("the form is too large")
	errMediaType   = errors.New("not a form")
	errInternal    = errors.New("unexpected")
)

// An answer is what people see of an error.
type answer struct {
	status          int
	title, sentence string
	retry           time.Duration // Retry-After, with 503
}

// notFound is said of what does not exist and of what is not this person's.
var notFound = answer{status: 404, title: "There is no such page", sentence: "The address may have a slip in it, or what was here has moved or is not yours to see."}

// answers is the one table from errors to answers; the first that matches counts.
var answers = []struct {
	err error
	answer
}{
	{errNoPage, notFound},
	{programme.ErrNotFound, notFound},
	{people.ErrNotFound, notFound},
	{errMethod, answer{status: 405, title: "That does not work here", sentence: "This address can be looked at or sent to, but not in the way it was asked."}},
	{errForbidden, answer{status: 403, title: "Not for your role", sentence: "This page is for people with another role. If you need it, ask your admin for that role."}},
	{errCrossOrigin, answer{status: 403, title: "Not from another site", sentence: "For your safety, changes are only taken from this site's own pages. Open the page here and try again."}},
	{programme.ErrStale, answer{status: 409, title: "It has changed meanwhile", sentence: "Somebody, or another window of yours, changed this since the page was opened. Nothing was done. Go back, reload, and look again."}},
	{programme.ErrNotNow, answer{status: 409, title: "Not now", sentence: "The rules do not allow this at the moment. Nothing was done; the page before this one says when and how."}},
	{programme.ErrInvalid, answer{status: 422, title: "That can't be right", sentence: "Something in the form can't be right, so nothing was done. Go back and look at it again."}},
	{errTooLarge, answer{status: 413, title: "That is too much at once", sentence: "The form holds more than this page can take. Shorten it and send it again."}},
	{errMediaType, answer{status: 415, title: "That is not a form", sentence: "This address takes ordinary web forms only. Open the page in a browser and use the form there."}},
	{errBadForm, answer{status: 400, title: "The form could not be read", sentence: "It arrived incomplete or broken. Go back and send it again."}},
	{people.ErrBusy, answer{status: 503, title: "One moment, please", sentence: "Many people are signing in just now. Wait a few seconds and try again.", retry: 3 * time.Second}},
	{store.ErrUnknown, answer{status: 503, title: "We are checking", sentence: "The database did not answer in time, so it is not certain whether that was stored. Reload the page in a moment: it shows what is.", retry: 5 * time.Second}},
	{store.ErrUnavailable, answer{status: 503, title: "The database can't be reached", sentence: "Nothing was changed. Keep this page, wait a moment and try again.", retry: 5 * time.Second}},
	{context.DeadlineExceeded, answer{status: 503, title: "That took too long", sentence: "Wait a moment and try again.", retry: 5 * time.Second}},
}

var unexpected = answer{status: 500, title: "Something went wrong here", sentence: "It is our mistake, not yours. Nothing that was acknowledged is lost. Try again; if it stays, tell your admin the number below."}

func answerTo(err error) answer {
	for _, a := range answers {
		if errors.Is(err, a.err) {
			return a.answer
		}
	}
	return unexpected
}

// fail answers a request with an error's page.
func (r *request) fail(err error) {
	if errors.Is(err, errSignIn) {
		r.askToSignIn()
		return
	}
	if errors.Is(r.Request.Context().Err(), context.Canceled) {
		return // nobody waits for the answer
	}
	a := answerTo(err)
	if a.status >= 500 {
		r.srv.cfg.Log.Error("request failed", "request", requestID(r.Request.Context()),
			"method", r.Request.Method, "path", r.FullPath(), "error", err)
	}
	r.errorPage(a)
}

// errorPage sends an error in the site's own look; without the navigation
// when it isn't known who asks.
func (r *request) errorPage(a answer) {
	if a.retry > 0 {
		r.Header("Retry-After", strconv.Itoa(int(a.retry.Seconds())))
	}
	if r.GetHeader("X-Requested-With") == "fetch" {
		r.Data(a.status, "text/plain; charset=utf-8", []byte(a.sentence))
		return
	}
	body := errorPage{Status: a.status, Title: a.title, Sentence: a.sentence}
	if a.retry > 0 {
		body.Again = r.again()
	}
	if a.status == http.StatusInternalServerError {
		body.Number = requestID(r.Request.Context())
	}
	if err := r.page(a.status, "error", a.title, "", body); err != nil {
		r.srv.cfg.Log.Error("render the error page", "error", err)
		r.srv.plainError(r.Writer, errInternal)
	}
}

type errorPage struct {
	Status          int
	Title, Sentence string
	Number          string // request id, for an unexpected error
	Again           *againForm
}

// An againForm is what was posted, to be posted again.
type againForm struct {
	Action string
	Fields []carried
}

// again gives the answers of an attempt back when the store could not take
// them; nil for everything else, where nothing long was typed.
func (r *request) again() *againForm {
	if r.kept != nil {
		return r.kept
	}
	if r.Request.Method != http.MethodPost || !strings.HasPrefix(r.FullPath(), "/attempts/") {
		return nil
	}
	form, err := r.form()
	if err != nil {
		return nil
	}
	return &againForm{r.Request.URL.RequestURI(), carriedAll(form)}
}

// plainError answers where no page can be made: outside the engine.
func (s *Server) plainError(w http.ResponseWriter, err error) {
	a := answerTo(err)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.status)
	title, sentence := html.EscapeString(a.title), html.EscapeString(a.sentence)
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`+
		`<title>%s · insidebox</title><link rel="stylesheet" href="%s"></head><body class="bare"><main id="main"><section class="error-page">`+
		`<p class="error-code">%d</p><h1>%s</h1><p class="lede">%s</p><p class="actions"><a class="button" href="/">Go home</a></p></section></main></body></html>`,
		title, html.EscapeString(s.current.Load().static.URL("css/app.css")), a.status, title, sentence)
}

// askToSignIn sends a reader to the sign-in page, and answers a form with
// the sign-in page itself; on an attempt it carries the answers on.
func (r *request) askToSignIn() {
	if r.Request.Method == http.MethodGet || r.Request.Method == http.MethodHead {
		next := r.Request.URL.RequestURI()
		_ = r.see("/login" + nextQuery(next))
		return
	}
	if r.GetHeader("X-Requested-With") == "fetch" {
		r.Data(http.StatusUnauthorized, "text/plain; charset=utf-8", []byte("Sign in again to go on."))
		return
	}
	if err := r.signInAgain(); err != nil {
		r.srv.cfg.Log.Error("render the sign-in page", "error", err)
		r.srv.plainError(r.Writer, errInternal)
	}
}
