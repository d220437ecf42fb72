// Package server is the web face of insidebox: a route table, handlers by
// subject, forms, pages, errors and sessions, on Gin. It knows HTTP and
// decides nothing: rules live in programme and below.
//
// # A request
//
// One table (routes.go) lists every route with who may use it; a route
// without an access rule does not start. A request passes, in this order:
// security headers and the cross-origin guard (security.go), a body limit, a
// request id and the log (log.go), then the visitor (access.go, session.go):
// the cookie names person and secret, and person and record are read in one
// transaction. So one read tells who asks, in what roles and whether still
// signed in, and a demotion, a sign-out or a disabled account holds at the
// next request.
//
// Anonymous: GET is sent to /login?next=…, POST is answered 401 with a
// sign-in page; on an attempt that page carries the answers on. A wrong role
// is 403. Somebody else's object and one that does not exist are 404 with
// the same bytes.
//
// Handlers return errors; errors.go turns them into a status and a sentence,
// logs the cause, and never shows it. Pages are rendered into memory and
// then sent. Forms work without JavaScript and are answered 303 when they
// did something, 422 with the form as filled in when they could not.
//
// # A lesson
//
// A lesson's page is executed once for each Library and language with marks
// where the person shows, and split on the marks; a request joins the pieces with what
// small functions say (lessonpage.go). It reads two documents: person and
// record.
//
// # Languages
//
// Every sentence of a page is in templates/words, by language; templates and
// handlers ask for it by its id. A page is in the language that the visitor
// chose under /me, else in the one of her browser, as far as there is one,
// else in the library's. What authors write stays in the library's language
// and says so by a lang attribute.
//
// # The standard
//
// The card of an offering draws its box: a frame for each tier, and beyond the
// frame what no tier holds. Of an add-on it draws what becomes of each base.
// It shows a rep where she stands and the way on; a manager how the reps of her
// teams stand, one page of one team; anybody else in a team which colleagues
// are cleared and until when, and nothing of the others; who is in no team,
// nobody. One card reads the same few documents whatever the size of the company.
//
// A search is answered from memory: its page, or for a script that sends
// X-Requested-With: fetch the list of suggestions, under the same address. What
// it can find is said at content.Library.Search.
//
// # Customers
//
// Everybody signed in may read accounts. The person from sales, managers, admins
// and the reviewers for sales, customer care and operations may write to one; a
// rep adds accounts of her own. The rules are standard.Account's. Forms say what
// their page knew, by counting, and who was overtaken gets what she wrote back.
//
// # Requests
//
// Everybody signed in may raise, read and comment on a request. The voices are
// those of the reviewers, the decision is the owner's (standard.Request has the
// rules). A form that was overtaken is answered 409 with the page as it is now
// and with what was typed. A new request whose form did not show the earlier
// decisions on its limits is held back once, so that they are read.
//
// # Handoffs
//
// Everybody signed in may read a handoff. Who signs it for sales or operations,
// reviewers for customer care, managers and admins write on its sheet
// (standard.Handoff has the rules). Every form knows the edition of the sheet that
// its page showed; one that was overtaken, or that the rules refuse as a whole, is
// answered 409 with the sheet as it is now, and with what was typed. The meeting of
// the round under way is a file for calendars, with what is open in it.
//
// # Meeting briefs
//
// Everybody signed in may read a brief and send one. The guest answers it, the sender
// says all of it anew, withdraws it or goes alone, and afterwards both say whether
// the meeting was worth it (standard.Brief has the rules). Whom one brings along is
// found by the beginning of a name among those who speak for operations or customer
// care, so that no list grows with the company. Forms know how many sayings their
// page showed; one that was overtaken is answered 409 with the brief as it is now,
// and with what was typed.
//
// # Insights
//
// Managers, authors, reviewers and admins see what was learned: which limits requests
// ask to bend (insights.go, insightlimit.go), and which clauses readers find unclear
// (doubt.go). Everybody may say the latter at a clause; no page says who did. Authors
// and reviewers for the function that owns the clause answer, and the answer stands at
// the clause for those who had asked.
//
// Authors and admins promote a decided request to the standard (promote.go): an edit
// of a clause that is tried at every showing, and given out as a patch. The page shows
// what changes in the standard; files with quizzes in them are only in the patch. They
// also get it as the draft of a scenario (scenariodraft.go).
//
// # Help
//
// Short pages by role, the keys and the glossary (help.go, helpterms.go) say
// what the words say; a place that the reader may not open is named and not
// linked to. Asked for by a script, the keys come as a dialog, which shows those
// of the page that it opens on. The page of components (helpdesign.go) executes
// every example and shows the text of the very templates that it executed.
//
// # Caching
//
// Pages with a person in them are private and not stored. Static files and
// assets carry their hash in the name and never expire.
package server

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/templates/words"
)

// Config is what a Server is made of.
type Config struct {
	Programme *programme.Programme
	Look      func() (Look, error) // templates and static files, read again at each Refresh
	BaseURL   *url.URL             // as people reach the server; https makes cookies Secure
	Proxies   []string             // addresses or networks whose X-Forwarded-For counts
	Log       *slog.Logger
	Ready     func(context.Context) error // whether the store can be reached
	Demo      *Demo                       // demo people on the sign-in page; nil without
	Dev       bool                        // pages reload themselves as content changes
	Served    func(Served)                // hears of every request that was answered; may be nil
}

// A Look is what pages are made with.
type Look struct {
	Templates fs.FS         // layout.html, partials/, pages/
	Static    *static.Files // hashed files
}

// Demo is what the sign-in page says of demo people.
type Demo struct {
	Password string
	People   []DemoPerson
}

// DemoPerson is one demo sign-in.
type DemoPerson struct{ Email, What string }

// Server answers HTTP requests. Use Handler with an http.Server.
type Server struct {
	cfg     Config
	prog    *programme.Programme
	current atomic.Pointer[view]
	viewMu  sync.Mutex
	cookies *cookieStore
	changed *broadcast
	buffers sync.Pool // *pageBuffer
	handler http.Handler
}

// New checks the route table, parses all templates and prepares every lesson
// page, so that what is broken stops the start and not a visitor.
func New(cfg Config) (*Server, error) {
	if cfg.Programme == nil || cfg.Look == nil || cfg.BaseURL == nil || cfg.Log == nil || cfg.Ready == nil {
		return nil, errors.New("start the server: programme, look, base URL, log and readiness are needed")
	}
	s := &Server{cfg: cfg, prog: cfg.Programme, cookies: newCookieStore(cfg.BaseURL), changed: newBroadcast()}
	if err := s.Refresh(); err != nil {
		return nil, err
	}
	engine, err := s.engine()
	if err != nil {
		return nil, err
	}
	s.handler, err = s.guard(engine)
	return s, err
}

// Handler is the whole site.
func (s *Server) Handler() http.Handler { return s.handler }

// engine makes the Gin engine from the route table.
func (s *Server) engine() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	if err := e.SetTrustedProxies(s.cfg.Proxies); err != nil {
		return nil, fmt.Errorf("start the server: trusted proxies: %w", err)
	}
	for _, rt := range s.table() {
		if rt.who == undecided {
			return nil, fmt.Errorf("start the server: route %s %s has no access rule", rt.method, rt.path)
		}
		e.Handle(rt.method, rt.path, s.serve(rt))
		if rt.method == http.MethodGet {
			e.Handle(http.MethodHead, rt.path, s.serve(rt)) // the same without its body, which net/http leaves out
		}
	}
	e.NoRoute(s.serve(nowhere(errNoPage)))
	e.NoMethod(s.serve(nowhere(errMethod)))
	return e, nil
}

// nowhere is where no route leads. Who is signed in and looks for a page finds the
// way on in the bar; when that can't be read, the page is without it.
func nowhere(err error) route {
	return route{who: anyone, handle: func(r *request) error {
		if r.Request.Method != http.MethodGet {
			return err
		}
		if who, unread := r.srv.visitor(r); unread == nil && who != nil {
			r.who = who
			r.say = r.language()
		}
		return err
	}}
}

// table is the route table with what only a development server has.
func (s *Server) table() []route {
	table := s.routes()
	if s.cfg.Dev {
		table = append(table, route{http.MethodGet, "/dev/events", anyone, s.devEvents})
	}
	return table
}

// guard wraps the engine with what every request passes first.
func (s *Server) guard(next http.Handler) (http.Handler, error) {
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.ExceptContentTypes([]string{"text/event-stream", "image/png", "image/jpeg", "font/woff2"}))
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	crossOrigin, err := s.crossOrigin(zip(next))
	if err != nil {
		return nil, err
	}
	return s.logged(s.headers(limitBody(crossOrigin))), nil
}

// A view is all that pages are made from: one library, the templates, and
// the lesson pages prepared from both. It is swapped whole.
type view struct {
	lib     *content.Library
	words   *words.Catalog
	sources sources                  // of the partials, for the page of components
	parsed  map[string]func() *pages // by language
	static  *static.Files
	lessons sync.Map // lessonKey -> *lessonShell
	tops    sync.Map // topKey -> *split
}

// Refresh prepares all pages from the shelf's current library and the
// templates, and swaps them in. When that fails the old ones stay.
func (s *Server) Refresh() error {
	s.viewMu.Lock()
	defer s.viewMu.Unlock()
	look, err := s.cfg.Look()
	if err != nil {
		return err
	}
	v := &view{lib: s.prog.Shelf.Library(), static: look.Static}
	if err := v.parse(look); err != nil {
		return err
	}
	if err := s.prepareLessons(v); err != nil {
		return err
	}
	v.lib.Search("index", 1) // makes the index, so that no visitor waits for it
	s.current.Store(v)
	s.changed.send()
	return nil
}

// Changed tells open pages of a development server to reload.
func (s *Server) Changed() { s.changed.send() }

// A request is one request on its way through a handler, with who asks, the
// view it is answered from and the time it came.
type request struct {
	*gin.Context
	srv  *Server
	who  *visitor // nil when nobody is signed in
	view *view
	say  *words.Language // what this visitor reads
	now  time.Time
	kept *againForm // what an error page gives back, see again
}

func (r *request) lib() *content.Library { return r.view.lib }

// serve makes a Gin handler of a route.
func (s *Server) serve(rt route) gin.HandlerFunc {
	return func(c *gin.Context) {
		r := &request{Context: c, srv: s, view: s.current.Load(), now: s.prog.Now()}
		traceOf(c.Request.Context()).route = rt.path
		err := r.enter(rt)
		if err == nil {
			err = rt.handle(r)
		}
		if err != nil {
			r.fail(err)
		}
	}
}

// enter reads the visitor, settles what language she reads, and applies the
// route's access rule.
func (r *request) enter(rt route) error {
	var err error
	if rt.who != anyone {
		r.who, err = r.srv.visitor(r)
	}
	r.say = r.language()
	who := r.who
	switch {
	case err != nil:
		return err
	case rt.who == anyone:
		return nil
	case who == nil:
		return errSignIn
	}
	if !rt.who.allows(who) {
		return errForbidden
	}
	return r.srv.prog.People.Touch(r.Request.Context(), who.Person, who.session)
}
