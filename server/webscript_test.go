package server_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// # Web scripts
//
// A file of testdata/ is one visit to a fresh site. Blocks are separated by
// blank lines; a line that begins with # is a comment. A block is a request
// with what it sends and what is checked of its answer:
//
//	as rep@demo.test
//	POST /me
//	first=Robin
//	zone=Europe/Paris
//	code == 303
//	header Location == /me?done=saved
//
// Before the request (or alone in a block) may stand:
//
//	site content signoff           which content: a name in variants; first block only
//	site base https://a.example    how people reach the site; first block only
//	site empty                     nobody is there; first block only
//	as EMAIL, as nobody            whose browser it is from here on; each keeps its cookies and its last page
//	clock + 24h                    moves the clock on
//	drain                          does what the outbox does in the background
//
// The request is METHOD PATH, or
//
//	submit ACTION                  the form of the browser's last page whose action begins so, as it is filled in
//	follow                         where the last answer leads
//	again                          the last request once more, as it was sent
//
// What it sends:
//
//	name=value                     a field; for submit it replaces what is filled in; several lines give several values
//	omit name                      takes a field out of a submitted form
//	fill right, fill wrong, fill right 1 2 5   answers all questions of the sheet, or those at these places
//	fill choice 2                  the step and the choice of the second button of the scene that was shown last
//	send Name: value               a header
//	body TYPE "text"               a body that is no form; Go's quoting
//
// The checks compare code, header NAME, title, body (its bytes), text (what
// one reads) or cookie NAME (as it was set) with ==, !=, contains, !contains,
// ~ or !~ (regular expressions), or count:
//
//	code == 303
//	text contains Passed with
//	count input[type=radio] == 4
//	reads == 1                     calls of the store that this request made
//	writes == 0
//	same as first                  the same answer, header by header and byte by byte, as "name first" named
//
// and keep:
//
//	name first                     names this answer
//	save id from header Location ~ /attempts/(\w+)
//	save zone from body ~ value="([^"]+)"
//
// ${id} stands for what was saved; ${rep}, ${manager} … for the ids of the
// demo people; ${setup} for the token of the first admin's link.
//
// Every page that comes back must be well made, too: see wellMade.

// A line is one line of a script and where it stands.
type line struct {
	file string
	no   int
	text string
}

func (l line) String() string { return fmt.Sprintf("%s:%d", l.file, l.no) }

// A block is a request with what surrounds it.
type block struct {
	before  []line
	request line // empty when the block only prepares
	sends   []line
	checks  []line
}

var (
	requestLine = regexp.MustCompile(`^(?:(GET|HEAD|POST|PUT|DELETE|OPTIONS) (\S+)|submit (\S+)|follow|again)$`)
	beforeLine  = regexp.MustCompile(`^(?:site|as|clock|drain)\b`)
	sendLine    = regexp.MustCompile(`^(?:[^\s=]+=(?:[^=]|$)|omit |fill |send |body \S+/\S+ ")`)
	checkLine   = regexp.MustCompile(`^(?:(code|title|body|text|header (\S+)|cookie (\S+)) (==|!=|contains|!contains|~|!~)(?: (.*))?|(reads|writes|count \S+) == (\d+)|same as (\w+)|name (\w+)|save (\w+) from (header (\S+)|body) ~ (.*))$`)
)

// parseScript reads a script; what it can't read is an error with its place.
func parseScript(file, text string) ([]block, error) {
	var blocks []block
	var b *block
	for i, t := range strings.Split(text, "\n") {
		l := line{file, i + 1, strings.TrimSpace(t)}
		if strings.HasPrefix(l.text, "#") {
			continue
		}
		if l.text == "" {
			b = nil
			continue
		}
		if b == nil {
			blocks = append(blocks, block{})
			b = &blocks[len(blocks)-1]
		}
		if err := b.add(l); err != nil {
			return nil, err
		}
	}
	return blocks, nil
}

func (b *block) add(l line) error {
	asked := b.request.text != ""
	switch {
	case !asked && requestLine.MatchString(l.text):
		b.request = l
	case !asked && beforeLine.MatchString(l.text):
		b.before = append(b.before, l)
	case asked && len(b.checks) == 0 && sendLine.MatchString(l.text):
		b.sends = append(b.sends, l)
	case asked && checkLine.MatchString(l.text):
		b.checks = append(b.checks, l)
	default:
		return fmt.Errorf("%s: can't read %q at this place of a block: first what prepares, then a request, what it sends, and checks", l, l.text)
	}
	return nil
}

// A scriptRun is one script on its way.
type scriptRun struct {
	site     *rig
	people   map[string]*client
	pages    map[*client]*answer
	last     map[*client]sentRequest
	now      *client
	vars     map[string]string
	named    map[string]*answer
	cost     callList
	complain func(l line, format string, args ...any)
}

// A sentRequest is a request as it was sent, for "again".
type sentRequest struct {
	method, path, mediaType, body string
	header                        http.Header
}

// runScript runs a script on a fresh site. Every check that fails is given to
// complain; what can't be run at all stops the test.
func runScript(t *testing.T, blocks []block, complain func(line, string, ...any)) {
	t.Helper()
	var options []option
	if len(blocks) > 0 {
		for _, l := range blocks[0].before {
			if word, rest, _ := strings.Cut(l.text, " "); word == "site" {
				options = append(options, siteOption(t, l, rest))
			}
		}
	}
	s := &scriptRun{
		site: newRig(t, options...), people: map[string]*client{}, pages: map[*client]*answer{},
		last: map[*client]sentRequest{}, vars: map[string]string{}, named: map[string]*answer{}, complain: complain,
	}
	s.now = s.browser("nobody")
	for _, b := range blocks {
		s.run(b)
	}
}

func siteOption(t *testing.T, l line, text string) option {
	t.Helper()
	kind, arg, _ := strings.Cut(text, " ")
	switch {
	case kind == "content" && variants[arg] != nil:
		return withTree(variants[arg](t))
	case kind == "base":
		return withBase(arg)
	case text == "empty":
		return withoutPeople()
	}
	t.Fatalf("%s: can't read %q", l, l.text)
	return nil
}

func (s *scriptRun) browser(who string) *client {
	if s.people[who] == nil {
		s.people[who] = s.site.as(who)
	}
	return s.people[who]
}

func (s *scriptRun) run(b block) {
	for _, l := range b.before {
		s.prepare(l)
	}
	if b.request.text == "" {
		return
	}
	a := s.ask(b)
	if strings.HasPrefix(a.Body, "<!doctype html>") {
		for _, problem := range wellMade(a.doc()) {
			s.complain(b.request, "%s answered %d with a page that is not well made: %s", a.Asked, a.Code, problem)
		}
	}
	for _, l := range b.checks {
		s.check(l, a)
	}
}

func (s *scriptRun) prepare(l line) {
	word, rest, _ := strings.Cut(l.text, " ")
	switch word {
	case "as":
		s.now = s.browser(rest)
	case "clock":
		d, err := time.ParseDuration(strings.TrimPrefix(rest, "+ "))
		if err != nil {
			s.site.Fatalf("%s: %v", l, err)
		}
		s.site.Clock.Advance(d)
	case "drain":
		s.site.drain()
	}
}

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

// expand puts in what was saved, and the ids of demo people.
func (s *scriptRun) expand(l line, text string) string {
	return variable.ReplaceAllStringFunc(text, func(v string) string {
		name := v[2 : len(v)-1]
		if value, ok := s.vars[name]; ok {
			return value
		}
		s.vars[name] = s.known(l, name)
		return s.vars[name]
	})
}

// known are names that nobody has to save.
func (s *scriptRun) known(l line, name string) string {
	if name == "setup" {
		token, _, err := s.site.People.SetupLink(s.site.Context())
		s.site.must(err)
		return token
	}
	p, err := s.site.People.ByEmail(s.site.Context(), name+"@demo.test")
	if err != nil {
		s.site.Fatalf("%s: nothing was saved as %s", l, name)
	}
	return p.ID
}

// ask makes the block's request.
func (s *scriptRun) ask(b block) *answer {
	m := requestLine.FindStringSubmatch(b.request.text)
	req := sentRequest{method: m[1], path: s.expand(b.request, m[2])}
	values := url.Values{}
	switch {
	case m[3] != "":
		f := s.page(b.request).form(s.expand(b.request, m[3]))
		req.method, req.path, values = http.MethodPost, f.action, f.values
	case b.request.text == "follow":
		req.method, req.path = http.MethodGet, s.page(b.request).Header.Get("Location")
		if req.path == "" {
			s.site.Fatalf("%s: the answer before leads nowhere", b.request)
		}
	}
	c := &client{rig: s.site, who: s.now.who, cookies: s.now.cookies, header: http.Header{}}
	s.fill(b, c, &req, values)
	if b.request.text == "again" {
		req = s.last[s.now]
		c.header = req.header
	}
	req.header = c.header
	s.last[s.now] = req
	var a *answer
	s.cost = s.site.during(func() { a = c.send(req.method, req.path, req.mediaType, req.body) })
	s.pages[s.now] = a
	return a
}

// page is the browser's last page.
func (s *scriptRun) page(l line) *answer {
	if s.pages[s.now] == nil {
		s.site.Fatalf("%s: this browser has no page yet", l)
	}
	return s.pages[s.now]
}

// fill reads what the block sends.
func (s *scriptRun) fill(b block, c *client, req *sentRequest, values url.Values) {
	replaced := map[string]bool{}
	for _, l := range b.sends {
		word, rest, _ := strings.Cut(l.text, " ")
		switch {
		case word == "omit":
			values.Del(s.expand(l, rest))
		case strings.HasPrefix(l.text, "fill choice "):
			s.fillChoice(l, strings.TrimPrefix(l.text, "fill choice "), values)
		case word == "fill":
			s.fillSheet(l, rest, *req, values)
		case word == "send":
			name, value, _ := strings.Cut(rest, ": ")
			c.header.Set(name, s.expand(l, value))
		case word == "body":
			s.fillBody(l, rest, req)
		default:
			name, value, _ := strings.Cut(l.text, "=")
			name = s.expand(l, name)
			if !replaced[name] {
				values.Del(name)
			}
			replaced[name] = true
			values.Add(name, s.expand(l, value))
		}
	}
	if req.mediaType == "" && req.method == http.MethodPost {
		req.mediaType, req.body = "application/x-www-form-urlencoded", values.Encode()
	}
}

func (s *scriptRun) fillBody(l line, text string, req *sentRequest) {
	kind, quoted, _ := strings.Cut(text, " ")
	body, err := strconv.Unquote(quoted)
	if err != nil {
		s.site.Fatalf("%s: the body %s is not quoted as in Go", l, quoted)
	}
	req.mediaType, req.body = kind, s.expand(l, body)
}

// fillChoice makes a choice of the scene that the browser shows.
func (s *scriptRun) fillChoice(l line, number string, values url.Values) {
	page := s.page(l)
	buttons := page.all("button[name=choice]")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(buttons) {
		s.site.Fatalf("%s: the page offers %d choices:\n%s", l, len(buttons), page.text())
	}
	values.Set("choice", attr(buttons[n-1], "value"))
	values.Set("step", attr(page.all("input[name=step]")[0], "value"))
}

// fillSheet answers questions of the attempt that the request is about.
func (s *scriptRun) fillSheet(l line, text string, req sentRequest, values url.Values) {
	words := strings.Fields(text)
	id := strings.Split(strings.TrimPrefix(req.path, "/attempts/"), "/")[0]
	for i, q := range s.site.sheet(id) {
		if len(words) > 1 && !slices.Contains(words[1:], strconv.Itoa(i+1)) {
			continue
		}
		values.Set("seen."+q.item, "1")
		if values.Get("rev."+q.item) == "" {
			values.Set("rev."+q.item, strconv.FormatInt(q.saves, 10))
		}
		values["q."+q.item] = q.right
		if words[0] == "wrong" {
			values["q."+q.item] = q.wrong
		}
	}
}

// scripts are all scripts of testdata, by name.
func scripts(t testing.TB) map[string][]block {
	t.Helper()
	files, err := fs.Glob(os.DirFS("testdata"), "*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no scripts in testdata: %v", err)
	}
	all := map[string][]block{}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		blocks, err := parseScript("testdata/"+file, string(text))
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(file, ".txt")] = blocks
	}
	return all
}

// TestWebScripts runs every script of testdata, each on a site of its own.
func TestWebScripts(t *testing.T) {
	t.Parallel()
	for name, blocks := range scripts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runScript(t, blocks, func(l line, format string, args ...any) {
				t.Helper()
				t.Errorf("%s: %s\n%s", l, l.text, fmt.Sprintf(format, args...))
			})
		})
	}
}

// TestWrongExpectationsFail proves that the runner sees what is wrong: every
// check of this script is.
func TestWrongExpectationsFail(t *testing.T) {
	t.Parallel()
	blocks, err := parseScript("wrong.txt", `
GET /login
code == 404
code != 200
header Content-Type == text/plain
header Referrer-Policy !~ same
title == Sign out
body contains <h1>Sign out
body !contains <h1>Sign in
text contains Sing in
text ~ ^Nothing$
cookie insidebox contains x
count input[type=password] == 2
reads == 1
writes == 1
name first

GET /no-such-page
same as first
`)
	if err != nil {
		t.Fatal(err)
	}
	failed := map[int]string{}
	runScript(t, blocks, func(l line, format string, args ...any) {
		failed[l.no] = fmt.Sprintf("%s: %s", l, fmt.Sprintf(format, args...))
	})
	wrong := 0
	for _, b := range blocks {
		for _, l := range b.checks {
			if strings.HasPrefix(l.text, "name ") {
				continue
			}
			wrong++
			if !strings.HasPrefix(failed[l.no], l.String()) {
				t.Errorf("%s: %q is wrong and was not found", l, l.text)
			}
		}
	}
	if len(failed) != wrong || wrong != 14 {
		t.Errorf("got %d failures of %d wrong checks, want 14 of 14: %v", len(failed), wrong, failed)
	}
}

// TestScriptsThatCannotBeRead stops at the line that is no script.
func TestScriptsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for text, place := range map[string]string{
		"GET /\ncode = 200":             "x.txt:2",
		"\n\nFETCH /":                   "x.txt:3",
		"GET /\ncode == 200\nname=late": "x.txt:3",
		"code == 200":                   "x.txt:1",
		"GET /\nas rep@demo.test":       "x.txt:2",
	} {
		if _, err := parseScript("x.txt", text); err == nil || !strings.HasPrefix(err.Error(), place+": ") {
			t.Errorf("%q: got %v, want an error at %s", text, err, place)
		}
	}
}
