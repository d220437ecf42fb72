package server

import (
	"context"
	"errors"
	"fmt"
	"html"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/templates/words"
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

// An answer is what people see of an error: error.ID.title and error.ID.why
// are its sentences.
type answer struct {
	status int
	id     string
	retry  time.Duration // Retry-After, with 503
}

// notFound is said of what does not exist and of what is not this person's.
var notFound = answer{status: 404, id: "not-found"}

// linkIsOver is said of a one-time link that opens nothing any more.
var linkIsOver = answer{status: 404, id: "link-over"}

// answers is the one table from errors to answers; the first that matches counts.
var answers = []struct {
	err error
	answer
}{
	{errNoPage, notFound},
	{programme.ErrNotFound, notFound},
	{people.ErrNotFound, notFound},
	{errMethod, answer{status: 405, id: "method"}},
	{errForbidden, answer{status: 403, id: "forbidden"}},
	{programme.ErrForbidden, answer{status: 403, id: "forbidden"}},
	{errCrossOrigin, answer{status: 403, id: "cross-origin"}},
	{programme.ErrStale, answer{status: 409, id: "stale"}},
	{programme.ErrNotNow, answer{status: 409, id: "not-now"}},
	{content.ErrNoSource, answer{status: 409, id: "no-source"}},
	{errProfiling, answer{status: 409, id: "profiling"}},
	{programme.ErrInvalid, answer{status: 422, id: "invalid"}},
	{errTooLarge, answer{status: 413, id: "too-large"}},
	{errMediaType, answer{status: 415, id: "media-type"}},
	{errBadForm, answer{status: 400, id: "bad-form"}},
	{people.ErrBusy, answer{status: 503, id: "busy", retry: 3 * time.Second}},
	{store.ErrUnknown, answer{status: 503, id: "unknown", retry: 5 * time.Second}},
	{store.ErrUnavailable, answer{status: 503, id: "unavailable", retry: 5 * time.Second}},
	{context.DeadlineExceeded, answer{status: 503, id: "too-slow", retry: 5 * time.Second}},
}

var unexpected = answer{status: 500, id: "unexpected"}

func (a answer) title(say *words.Language) string    { return say.T("error." + a.id + ".title") }
func (a answer) sentence(say *words.Language) string { return say.T("error." + a.id + ".why") }

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
	r.failed(a, err)
	r.errorPage(a)
}

// failed logs why a request could not be answered as it should be.
func (r *request) failed(a answer, err error) {
	if a.status >= 500 {
		r.srv.cfg.Log.Error("request failed", "request", requestID(r.Request.Context()),
			"method", r.Request.Method, "path", r.FullPath(), "error", err)
	}
}

// retryAfter says after how many whole seconds trying again may help.
func (r *request) retryAfter(d time.Duration) {
	r.Header("Retry-After", strconv.Itoa(int(math.Ceil(d.Seconds()))))
}

// errorPage sends an error in the site's own look; without the navigation
// when it isn't known who asks.
func (r *request) errorPage(a answer) {
	if a.retry > 0 {
		r.retryAfter(a.retry)
	}
	if r.GetHeader("X-Requested-With") == "fetch" {
		r.Data(a.status, "text/plain; charset=utf-8", []byte(a.sentence(r.say)))
		return
	}
	body := errorPage{Status: a.status, Title: a.title(r.say), Sentence: a.sentence(r.say)}
	body.Inside = r.who != nil
	body.Back = r.Request.Method == http.MethodPost
	if a.status >= 500 {
		body.Again = r.again()
	}
	if a.status == http.StatusInternalServerError {
		body.Number = requestID(r.Request.Context())
	}
	if err := r.page(a.status, "error", body.Title, "", body); err != nil {
		r.srv.cfg.Log.Error("render the error page", "error", err)
		r.srv.plainError(r.Writer, r.Request, errInternal)
	}
}

type errorPage struct {
	Status          int
	Title, Sentence string
	Number          string // request id, for an unexpected error
	Again           *againForm
	Inside          bool // somebody is signed in, so that the search is a way on
	Back            bool // the page before is a way on: a form came from there
}

// plainError answers where no page can be made: outside the engine.
func (s *Server) plainError(w http.ResponseWriter, req *http.Request, err error) {
	a, v := answerTo(err), s.current.Load()
	say := v.words.Match(req.Header.Get("Accept-Language"), v.lib.Locale)
	picture, _ := v.pages(say).fragment("open-box", nil) // without it the page says as much
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.status)
	title, sentence, home := html.EscapeString(a.title(say)), html.EscapeString(a.sentence(say)), html.EscapeString(say.T("error.home"))
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`+
		`<title>%s · insidebox</title><link rel="stylesheet" href="%s"><link rel="stylesheet" href="%s"></head><body class="bare"><main id="main"><section class="error-page">`+
		`%s<p class="error-code">%d</p><h1>%s</h1><p class="lede">%s</p><p class="actions"><a class="button" href="/">%s</a></p></section></main></body></html>`,
		html.EscapeString(say.Tag), title, html.EscapeString(v.static.URL("css/app.css")), html.EscapeString(v.static.URL("css/gate.css")), picture, a.status, title, sentence, home)
}

// askToSignIn sends a reader to the sign-in page, and answers a form with
// the sign-in page itself, which carries what was typed on.
func (r *request) askToSignIn() {
	if r.Request.Method == http.MethodGet || r.Request.Method == http.MethodHead {
		next := r.Request.URL.RequestURI()
		_ = r.see("/login" + nextQuery(next))
		return
	}
	if r.GetHeader("X-Requested-With") == "fetch" {
		r.Data(http.StatusUnauthorized, "text/plain; charset=utf-8", []byte(r.t("signin.fetch")))
		return
	}
	if err := r.signInAgain(); err != nil {
		r.srv.cfg.Log.Error("render the sign-in page", "error", err)
		r.srv.plainError(r.Writer, r.Request, errInternal)
	}
}
