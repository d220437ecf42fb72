package server_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// rawly sends bytes over a socket of its own, as no client library would, and
// returns all answers until the server closes. The request has to end the
// connection: by "Connection: close", or by what is wrong with it.
func (r *rig) rawly(request string) (answers []*http.Response, bodies []string) {
	r.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	r.must(err)
	defer func() { _ = conn.Close() }()
	r.must(conn.SetDeadline(time.Now().Add(20 * time.Second))) // only so that a test that fails ends
	// A server that has heard enough closes while this still writes.
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(conn, request)
	}()
	in := bufio.NewReader(conn)
	for {
		res, err := http.ReadResponse(in, nil)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			r.Errorf("the server waits for more after %d answers to %.400q", len(answers), request)
		}
		if err != nil {
			break
		}
		body, err := io.ReadAll(res.Body)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		answers, bodies = append(answers, res), append(bodies, string(body))
	}
	_ = conn.Close()
	<-written
	return answers, bodies
}

// TestRequestsNoClientSends: requests that two programs could read in two
// ways, or that no browser writes, are refused before a handler sees them.
func TestRequestsNoClientSends(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	name, cookie := site.cookie("rep@demo.test")
	const form = "first=Eve"
	post := func(lines ...string) string {
		return "POST /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + name + "=" + cookie + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	for what, request := range map[string]string{
		"two lengths":                  post("Content-Length: 9", "Content-Length: 10") + form + "x",
		"two lengths in one":           post("Content-Length: 9, 10") + form + "x",
		"a negative length":            post("Content-Length: -9") + form,
		"a signed length":              post("Content-Length: +9") + form,
		"no length in figures":         post("Content-Length: 0x9") + form,
		"a length beyond all":          post("Content-Length: 99999999999999999999") + form,
		"chunks of no kind":            post("Transfer-Encoding: xchunked") + "9\r\n" + form + "\r\n0\r\n\r\n",
		"two encodings":                post("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "9\r\n" + form + "\r\n0\r\n\r\n",
		"a chunk without a size":       post("Transfer-Encoding: chunked") + "zz\r\n" + form + "\r\n0\r\n\r\n",
		"a chunk of all memory":        post("Transfer-Encoding: chunked") + "fffffffffffffff\r\n" + strings.Repeat("a", 600<<10),
		"a space before the colon":     post("Content-Length : 9") + form,
		"a folded header that is none": "GET / HTTP/1.1\r\n Host: x\r\nConnection: close\r\n\r\n",
		"a zero byte in a header":      post("X-A: a\x00b", "Content-Length: 9") + form,
		"a zero byte in a name":        post("X\x00A: b", "Content-Length: 9") + form,
		"a zero byte in the path":      "GET /me\x00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"no host":                      "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
		"two hosts":                    "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n",
		"a host with a path":           "GET / HTTP/1.1\r\nHost: x/y\r\nConnection: close\r\n\r\n",
		"a host with a space":          "GET / HTTP/1.1\r\nHost: x y\r\nConnection: close\r\n\r\n",
		"no version":                   "GET /\r\nHost: x\r\n\r\n",
		"another protocol":             "GET / HTTQ/1.1\r\nHost: x\r\n\r\n",
		"the next protocol":            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"no path":                      "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
		"a path without a slash":       "GET me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"a bad escape":                 "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"a host to tunnel to":          "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n",
		"the server as a whole":        "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	} {
		var answers []*http.Response
		cost := site.during(func() { answers, _ = site.rawly(request) })
		for _, a := range answers {
			if a.StatusCode < 400 && what != "the server as a whole" || a.StatusCode >= 500 && a.StatusCode != http.StatusNotImplemented && a.StatusCode != http.StatusHTTPVersionNotSupported {
				t.Errorf("%s: got %d, want a refusal", what, a.StatusCode)
			}
		}
		if len(answers) != 1 || len(cost.writes()) > 0 {
			t.Errorf("%s: %d answers, wrote %v; want one and nothing", what, len(answers), cost.writes())
		}
	}
	// Where a request has a length and chunks, the chunks count, as RFC 9112
	// (6.3) says: the form is empty, whatever the length would make of it.
	answers, _ := site.rawly(post("Content-Length: 14", "Transfer-Encoding: chunked") + "0\r\n\r\n" + form)
	if len(answers) != 1 || answers[0].StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a request with a length and chunks got %v, want one answer, 422", answers)
	}
	if p := site.person("rep@demo.test"); p.First != "Robin" {
		t.Errorf("her name is %s now", p.First)
	}
	site.as("rep@demo.test").get("/").want(http.StatusOK)
}

// TestChunksWithoutEnd: a body that says no length is read up to the limit,
// and no further.
func TestChunksWithoutEnd(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	name, cookie := site.cookie("rep@demo.test")
	head := "POST /me HTTP/1.1\r\nHost: x\r\nCookie: " + name + "=" + cookie + "\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
	chunk := "10000\r\n" + strings.Repeat("a", 0x10000) + "\r\n"
	for what, body := range map[string]string{
		"large chunks": strings.Repeat(chunk, 200), "chunks of a byte": strings.Repeat("1\r\na\r\n", 700_000),
		"a long extension": "1;" + strings.Repeat("x", 1<<20) + "\r\na\r\n0\r\n\r\n", "many trailers": "0\r\n" + strings.Repeat("X-A: b\r\n", 300_000) + "\r\n",
	} {
		var answers []*http.Response
		cost := site.during(func() { answers, _ = site.rawly(head + body) })
		if len(cost.writes()) > 0 || len(answers) > 1 || len(answers) == 1 && (answers[0].StatusCode < 400 || answers[0].StatusCode >= 500) {
			t.Errorf("%s: %v, wrote %v; want one refusal at most", what, answers, cost.writes())
		}
	}
	site.as("rep@demo.test").get("/").want(http.StatusOK)
}

// TestHostNames: what a request says of its host is in no page, no link and no
// redirect; an address in its first line is taken for a path.
func TestHostNames(t *testing.T) {
	t.Parallel()
	site := newRig(t, withBase("https://learn.insidebox.test"))
	name, cookie := site.cookie("admin@demo.test")
	certificate := site.standing("rep2@demo.test").Evidence.Held[0].Certificate
	for _, first := range []string{
		"GET %s HTTP/1.1\r\nHost: evil.example\r\n", "GET http://evil.example%s HTTP/1.1\r\nHost: evil.example\r\n", "GET http://evil.example%s HTTP/1.1\r\nHost: learn.insidebox.test\r\n",
		"GET %s HTTP/1.1\r\nHost: learn.insidebox.test\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Original-URL: /admin/people\r\nX-Rewrite-URL: /admin/people\r\nX-Forwarded-Prefix: //evil.example\r\n",
	} {
		for _, path := range []string{"/", "/login", "/admin/people", "/certificates/" + certificate, "/verify/" + certificate, "/nothing", "/favicon.ico", "/courses/", "//evil.example/", "/login?next=//evil.example"} {
			for _, who := range []string{"", "Cookie: " + name + "=" + cookie + "\r\n"} {
				answers, bodies := site.rawly(strings.Replace(first, "%s", path, 1) + who + "Connection: close\r\n\r\n")
				if len(answers) != 1 {
					t.Fatalf("%s of %q: %d answers, want 1", path, first, len(answers))
				}
				to, err := url.Parse(answers[0].Header.Get("Location"))
				if err != nil || to.Host != "" || strings.Contains(bodies[0], "evil.example") && !strings.Contains(path, "evil.example") || strings.Contains(bodies[0], "//evil.example") {
					t.Errorf("%s of %q: leads to %q, names evil.example: %v", path, first, answers[0].Header.Get("Location"), strings.Contains(bodies[0], "evil.example"))
				}
			}
		}
	}
}

// outside are ways to write a path that leaves a folder.
var outside = []string{
	"../", "../../../../../../", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", `..\`, `..%5c..%5c`, "%252e%252e%252f", "%c0%ae%c0%ae/", "%uff0e%uff0e/", "..;/", "....//", `....\/`, ".%00./", "/", "//", "/etc/", "%2fetc%2f", "file:///etc/", `C:\`, "%00", "..%00/",
}

// TestPathsStayInside: no way of writing a path reads a file that is not meant
// to be read, from static files and assets or by any other route.
func TestPathsStayInside(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	page := site.as("rep@demo.test").get("/courses/onboarding/the-box/reading-a-box")
	asset := between(page.Body, `src="/assets/`, `"`)
	css := between(page.Body, `rel="stylesheet" href="/static/`, `"`)
	hash, _, _ := strings.Cut(asset, "/")
	tried := 0
	for _, root := range []string{"/static/", "/static/css/", "/static/" + css + "/", "/assets/", "/assets/" + hash + "/", "/assets/" + asset + "/", "/help/", "/verify/", "/"} {
		for _, out := range outside {
			for _, file := range []string{"etc/passwd", "passwd", "go.mod", "server/server.go", "site.db", "library.md", "courses/onboarding/10-the-box/80-check.quiz.md", "templates/layout.html"} {
				answers, bodies := site.rawly("GET " + root + out + file + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				tried++
				for i, a := range answers {
					if a.StatusCode == http.StatusOK || a.StatusCode >= 500 || strings.Contains(bodies[i], "root:") || strings.Contains(bodies[i], "- [x]") || strings.Contains(bodies[i], "{{define") {
						t.Errorf("GET %s%s%s: got %d and %d bytes", root, out, file, a.StatusCode, len(bodies[i]))
					}
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("%d paths were tried, want 1000 or more", tried)
	}
	// A name that was escaped once is the file's, twice it is nothing.
	for path, want := range map[string]int{
		"/static/" + css: 200, "/static/" + strings.Replace(css, "c", "%63", 1): 200, "/static/" + strings.Replace(css, "c", "%2563", 1): 404,
		"/assets/" + asset: 200, "/assets/" + strings.Replace(asset, ".", "%252e", 1): 404, "/assets/" + hash + "/" + strings.Repeat("a", 5000): 404,
	} {
		if answers, _ := site.rawly("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); len(answers) != 1 || answers[0].StatusCode != want {
			t.Errorf("GET %.80s: got %v, want %d", path, answers, want)
		}
	}
}
