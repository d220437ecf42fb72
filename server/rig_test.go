package server_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/server"
	"github.com/insidebox/insidebox/static"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
	"github.com/insidebox/insidebox/templates"
)

// A rig is the whole site as it runs for people: the sample library, a real
// database file with the demo people in it, a real socket. Only the clock
// and the randomness are the test's.
//
//	site := newRig(t)                       // the sample company, a morning in January
//	page := site.as("rep@demo.test").get("/")
//	site.Clock.Advance(24 * time.Hour)
//	site.drain()                            // what the outbox does in the background
//
// A browser takes site.URL and site.cookie("rep@demo.test"). With
// withFolder(dir), site.reload() does what --dev does after a file changed.
type rig struct {
	testing.TB
	Server *server.Server
	Prog   *programme.Programme
	People *people.Service
	Store  *store.Store
	Clock  *clock
	URL    string // of the listening socket, without a slash at its end
	Base   *url.URL
	calls  *calls
	driver *sqlitestore.Driver
}

// settings are what a test can ask of its rig.
type settings struct {
	tree    func() fs.FS
	base    string
	dev     bool
	empty   bool
	at      time.Time
	proxies []string
	look    func() (server.Look, error)
	hooks   []store.ObserveOption
	log     io.Writer
	level   slog.Level
	file    string
}

type option func(*settings)

// withTree serves another content than the sample library.
func withTree(tree fs.FS) option { return func(s *settings) { s.tree = func() fs.FS { return tree } } }

// withFolder serves a content folder as --content DIR --dev does; call
// reload after a file has changed.
func withFolder(dir string) option {
	return func(s *settings) { s.tree, s.dev = func() fs.FS { return os.DirFS(dir) }, true }
}

// withBase says how people reach the site: "https://learn.example.com".
func withBase(address string) option { return func(s *settings) { s.base = address } }

// withoutPeople starts on an empty database: nobody is there, not even an admin.
func withoutPeople() option { return func(s *settings) { s.empty = true } }

// withHook puts a fault between the server and its store.
func withHook(o store.ObserveOption) option {
	return func(s *settings) { s.hooks = append(s.hooks, o) }
}

// withProxies trusts proxies at these addresses.
func withProxies(addresses ...string) option {
	return func(s *settings) { s.proxies = addresses }
}

// withLook makes the pages of other templates or static files.
func withLook(look func() (server.Look, error)) option { return func(s *settings) { s.look = look } }

// withFile uses a database file that is there already, also side by side with
// another rig, as a second server would.
func withFile(path string) option { return func(s *settings) { s.file = path } }

// withLog keeps what the server logs, every request included.
func withLog(w io.Writer) option {
	return func(s *settings) { s.log, s.level = w, slog.LevelDebug }
}

// opening is when every rig's clock starts: a Wednesday, nine in the morning
// at the sample company.
var opening = time.Date(2027, 1, 13, 15, 0, 0, 0, time.UTC)

// newRig builds a site for one test, on a copy of the demo's database.
func newRig(t testing.TB, options ...option) *rig {
	t.Helper()
	cfg := settings{tree: content.Sample, at: opening, log: io.Discard, look: look}
	for _, o := range options {
		o(&cfg)
	}
	r := &rig{TB: t, Clock: &clock{now: cfg.at}, calls: &calls{}}
	path := cfg.file
	if path == "" {
		path = filepath.Join(t.TempDir(), "site.db")
	}
	if !cfg.empty && cfg.file == "" {
		copyFile(t, theDemo(t).path, path)
	}
	web := httptest.NewUnstartedServer(nil)
	r.URL = "http://" + web.Listener.Addr().String()
	r.build(path, cfg)
	t.Cleanup(web.Close) // before the database that build opened
	web.Config.Handler = r.Server.Handler()
	web.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(cfg.log, nil), slog.LevelWarn)
	web.Start()
	return r
}

// build wires the rooms as cmd/insidebox does.
func (r *rig) build(path string, cfg settings) {
	r.Helper()
	ctx := r.Context()
	driver, err := sqlitestore.Open(ctx, path, sqlitestore.Options{Readers: 2})
	r.must(err)
	r.driver = driver
	r.Cleanup(func() { _ = driver.Close() })
	shelf, findings := programme.NewShelf(cfg.tree, r.Clock.Now)
	if shelf.Library() == nil {
		r.Fatalf("the content has errors: %v", findings)
	}
	r.Store = store.New(store.Observe(driver, r.calls.add, cfg.hooks...))
	r.People = newPeople(r.Store, r.Clock.Now)
	log := slog.New(slog.NewTextHandler(cfg.log, &slog.HandlerOptions{Level: cfg.level}))
	r.Prog = programme.New(r.Store, r.People, shelf, programme.Options{Now: r.Clock.Now, Seed: seeds(1), Log: log})
	r.must(r.Store.Declare(ctx))
	r.must(r.Prog.Open(ctx))
	r.Cleanup(func() {
		if err := errors.Join(r.People.People().CheckShared(), r.Prog.Records().CheckShared()); err != nil {
			r.Error(err)
		}
	})
	r.Base = mustURL(r, r.URL)
	if cfg.base != "" {
		r.Base = mustURL(r, cfg.base)
	}
	sc := server.Config{Programme: r.Prog, Look: cfg.look, BaseURL: r.Base, Log: log, Ready: r.Store.Ping, Dev: cfg.dev, Proxies: cfg.proxies}
	if !cfg.empty {
		sc.Demo = demoNote()
	}
	r.Server, err = server.New(sc)
	r.must(err)
	r.calls.take()
}

// demoNote is what the sign-in page says of the demo people.
func demoNote() *server.Demo {
	note := &server.Demo{Password: demo.Password}
	for _, sign := range demo.First() {
		note.People = append(note.People, server.DemoPerson{Email: sign.Email, What: sign.What})
	}
	return note
}

// newPeople is the people room with little work a hash and no waiting.
func newPeople(st *store.Store, now func() time.Time) *people.Service {
	quick := &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	return people.New(st, people.Options{
		Now: now, Random: rand.NewChaCha8([32]byte{1}), Cores: 2, Hashing: quick,
		Wait: func(context.Context, time.Duration) error { return nil },
	})
}

// reload does what serve --dev does after a file of the content has changed.
func (r *rig) reload() {
	r.Helper()
	_, err := r.Prog.Reload(r.Context())
	r.must(err)
	r.must(r.Server.Refresh())
}

// drain does what the outbox does in the background.
func (r *rig) drain() {
	r.Helper()
	for more := true; more; {
		var err error
		more, err = r.Prog.Drain(r.Context())
		r.must(err)
	}
}

// person reads somebody by e-mail address.
func (r *rig) person(email string) *people.Person {
	r.Helper()
	p, err := r.People.ByEmail(r.Context(), email)
	r.must(err)
	return p
}

// cookie is a session of this person, as a browser would send it. It was
// minted beforehand; after a long leap of the clock a new one is made.
func (r *rig) cookie(email string) (name, value string) {
	r.Helper()
	name = "insidebox"
	if r.Base.Scheme == "https" {
		name = "__Host-insidebox"
	}
	value = theDemo(r).cookies[email]
	if value == "" || r.Clock.Now().After(opening.Add(people.IdleLifetime)) {
		var err error
		_, value, err = r.People.OpenSession(r.Context(), r.person(email).ID, "Firefox/140 Linux")
		r.must(err)
	}
	return name, value
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func mustURL(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// look is what all pages of all rigs are made with; reading it once is enough.
var look = sync.OnceValues(func() (server.Look, error) {
	files, err := static.Load(static.Embedded())
	return server.Look{Templates: templates.FS(), Static: files}, err
})

// seeds makes the same sequence of seeds in every run.
func seeds(from uint64) func() [32]byte {
	var n atomic.Uint64
	n.Store(from)
	return func() (s [32]byte) {
		binary.LittleEndian.PutUint64(s[:], n.Add(1))
		return s
	}
}

// A clock stands still until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is what the clock shows.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set moves the clock to a time.
func (c *clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// calls counts what reaches the store.
type calls struct {
	mu   sync.Mutex
	list []store.Call
}

func (c *calls) add(call store.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, call)
}

// take returns the calls since the last take.
func (c *calls) take() (list callList) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list, c.list = c.list, nil
	return list
}

type callList []store.Call

func (l callList) writes() (list callList) {
	for _, c := range l {
		if c.Write {
			list = append(list, c)
		}
	}
	return list
}

func (l callList) reads() (list callList) {
	for _, c := range l {
		if !c.Write {
			list = append(list, c)
		}
	}
	return list
}

// String says the calls in the form "GetMany people+records, Insert attempts".
func (l callList) String() string {
	words := make([]string, len(l))
	for i, c := range l {
		words[i] = c.Op + " " + c.Collection
	}
	return strings.Join(words, ", ")
}

// during returns what reached the store while a request was answered.
func (r *rig) during(request func()) callList {
	r.calls.take()
	request()
	return r.calls.take()
}
