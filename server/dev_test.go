package server_test

import (
	"bufio"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/insidebox/insidebox/server"
)

// folderOf writes the sample library into a folder, for an author to work in.
func folderOf(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, file := range sampleFiles(t) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// edit replaces a text in a file of the folder.
func edit(t testing.TB, dir, name, from, to string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), from) {
		t.Fatalf("%s has no %q", name, from)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAuthorAtWork: a change in the folder shows; a broken file is named with
// its place to authors, while learners keep the last good version.
func TestAuthorAtWork(t *testing.T) {
	t.Parallel()
	dir := folderOf(t)
	site := newRig(t, withFolder(dir))
	rep, author := site.as("rep@demo.test"), site.as("author@demo.test")
	const lesson = "/courses/onboarding/the-box/reading-a-box"
	if len(rep.get(lesson).all("meta[name=dev]")) != 1 {
		t.Error("a development server's page does not watch for changes")
	}
	edit(t, dir, lessonFile, "“Can you do Ohio by tonight?”", "“Can you do Iowa by noon?”")
	rep.get(lesson).says("Can you do Ohio by tonight?")
	site.reload()
	rep.get(lesson).says("Can you do Iowa by noon?")
	author.get("/author").says("What is on disk is what learners see", "The folder is watched")

	edit(t, dir, lessonFile, "records-search.md#outside", "records-serach.md#outside")
	site.reload()
	rep.get(lesson).want(http.StatusOK).says("Can you do Iowa by noon?").silent("errors")
	author.get("/author").says("What is on disk has errors. Learners see the last good version", lessonFile+":", "records-serach.md", "records-search.md", "Error")
	for _, path := range []string{"/", lesson, "/offerings"} {
		author.get(path).says("The content on disk has 1 error; learners see the last good version.")
		site.as("admin@demo.test").get(path).says("The content on disk has 1 error")
		rep.get(path).silent("The content on disk has")
	}
	edit(t, dir, lessonFile, "records-serach.md#outside", "records-search.md#outside")
	site.reload()
	author.get("/author").says("What is on disk is what learners see")
	author.get("/").silent("The content on disk has")
}

// TestRunningAttemptKeepsItsQuestions: what was drawn is shown and graded as
// it was, whatever becomes of the content meanwhile.
func TestRunningAttemptKeepsItsQuestions(t *testing.T) {
	t.Parallel()
	dir := folderOf(t)
	site := newRig(t, withFolder(dir))
	rep := site.as("rep@demo.test")
	page := rep.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
	form := site.answersTo(page, true)
	before := rep.get(page).want(http.StatusOK)
	for name, file := range sampleFiles(t) {
		if name == quizFile {
			flipped := flipItems(string(file.Data))
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(strings.ReplaceAll(flipped, "Monday, 16:00.", "Tuesday, 11:00.")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	site.reload()
	if site.Prog.Shelf.Library().Quiz("the-box-check").Items[0].Rev == "" {
		t.Fatal("the items have no revisions")
	}
	if d := difference(before, rep.get(page)); d != "" {
		t.Errorf("the open sheet changed with the content: %s", d)
	}
	rep.follow(rep.post(page+"/submit", form)).says("Passed with 100 %")
	other := site.as("rep11@demo.test")
	page = other.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
	other.follow(other.post(page+"/submit", site.answersTo(page, true))).says("Passed with 100 %")
}

// TestOldPicturesStay: a page that was opened before a picture changed can
// still load it.
func TestOldPicturesStay(t *testing.T) {
	t.Parallel()
	dir := folderOf(t)
	site := newRig(t, withFolder(dir))
	rep := site.as("rep@demo.test")
	picture := func() string {
		return "/assets/" + between(rep.get("/courses/onboarding/the-box/reading-a-box").Body, `src="/assets/`, `"`)
	}
	old := picture()
	edit(t, dir, "courses/onboarding/10-the-box/one-column.svg", "</svg>", "<!-- drawn again --></svg>")
	site.reload()
	fresh := picture()
	if old == fresh {
		t.Fatalf("the picture's address %s did not change with it", old)
	}
	rep.get(fresh).want(http.StatusOK)
	rep.get(old).want(http.StatusOK).silent("drawn again")
}

// TestDevEvents: an open page of a development server hears of a change.
func TestDevEvents(t *testing.T) {
	t.Parallel()
	site := newRig(t, withFolder(folderOf(t)))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/dev/events", nil)
	site.must(err)
	res, err := transport.RoundTrip(req)
	site.must(err)
	defer func() { _ = res.Body.Close() }()
	if got := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("got %d, %s; want 200, text/event-stream", res.StatusCode, got)
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && lines.Text() != "" {
	}
	site.Server.Changed()
	var heard []string
	for lines.Scan() {
		heard = append(heard, lines.Text())
	}
	if got := strings.Join(heard, "|"); got != "event: change|data: reload|" {
		t.Errorf("after a change the page hears %q", got)
	}
	newRig(t).as("").head("/dev/events").want(http.StatusNotFound)
}

// TestDatedFigures: before the day on which a figure changes the pages say
// the old one and what comes; from that day on, once the content is read
// again, the new one. No file has changed.
func TestDatedFigures(t *testing.T) {
	t.Parallel()
	site := newRig(t, withTree(variants["dated"](t)))
	rep := site.as("rep@demo.test")
	const offering, lesson = "/offerings/records-search", "/courses/onboarding/the-box/reading-a-box"
	rep.get(offering).says("24 h", "20 h from 15 January 2027", "The standard as of 13 January 2027")
	rep.get(lesson).says("24 h")
	if site.Prog.Shelf.Stale() {
		t.Error("the library is out of date two days before its figure changes")
	}
	site.Clock.Advance(48 * time.Hour)
	if !site.Prog.Shelf.Stale() {
		t.Error("the library is not out of date on the day on which its figure changes")
	}
	site.reload()
	rep.get(offering).says("20 h", "The standard as of 15 January 2027").silent("from 15 January 2027")
	rep.get(lesson).says("20 h")
}

// TestBrokenTemplateKeepsThePages: a template that does not parse is an
// error for the log, and the pages stay as they were.
func TestBrokenTemplateKeepsThePages(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	site := newRig(t, withLook(func() (server.Look, error) {
		l, err := look()
		if broken.Load() {
			l.Templates = fstest.MapFS{"layout.html": {Data: []byte("{{")}, "partials/top.html": {}, "words/en/a.yaml": {Data: []byte("language: {name: English}")}}
		}
		return l, err
	}))
	before := site.as("rep@demo.test").get("/").want(http.StatusOK)
	broken.Store(true)
	if err := site.Server.Refresh(); err == nil || !strings.Contains(err.Error(), "layout.html") {
		t.Errorf("got %v, want an error that names layout.html", err)
	}
	if d := difference(before, site.as("rep@demo.test").get("/")); d != "" {
		t.Errorf("the page is another after a broken template: %s", d)
	}
	broken.Store(false)
	site.must(site.Server.Refresh())
}

// TestStartNeedsAllParts: what is left out stops the start.
func TestStartNeedsAllParts(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	whole := server.Config{Programme: site.Prog, Look: look, BaseURL: site.Base, Log: slog.New(slog.DiscardHandler), Ready: site.Store.Ping}
	if _, err := server.New(whole); err != nil {
		t.Fatalf("with all parts: %v", err)
	}
	for name, without := range map[string]func(*server.Config){
		"programme": func(c *server.Config) { c.Programme = nil }, "look": func(c *server.Config) { c.Look = nil },
		"base URL": func(c *server.Config) { c.BaseURL = nil }, "log": func(c *server.Config) { c.Log = nil },
		"readiness": func(c *server.Config) { c.Ready = nil }, "proxies": func(c *server.Config) { c.Proxies = []string{"not an address"} },
		"origin": func(c *server.Config) { c.BaseURL = &url.URL{Scheme: "http"} },
	} {
		cfg := whole
		without(&cfg)
		if _, err := server.New(cfg); err == nil || !strings.HasPrefix(err.Error(), "start the server: ") {
			t.Errorf("without %s: got %v, want an error that begins with what was tried", name, err)
		}
	}
}

// TestPromoteWithoutItsFile: the file of a clause is gone from the folder, and the
// library that is served does not know yet: there is nothing to edit, and the page says so.
func TestPromoteWithoutItsFile(t *testing.T) {
	t.Parallel()
	dir := folderOf(t)
	site := newRig(t, withFolder(dir))
	author := site.as("author@demo.test")
	page := "/requests/" + site.requestWith("storm").ID + "/promote"
	form := author.get(page).want(http.StatusOK).form(page)
	site.must(os.Remove(filepath.Join(dir, filepath.FromSlash(offeringFile))))
	author.get(page).want(http.StatusConflict).says("The file is another one by now")
	form.values.Set("what", "Twelve hours.")
	author.post(form.action, form.values).want(http.StatusConflict).says("Nothing was done")
}
