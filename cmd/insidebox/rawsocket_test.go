package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// dial opens a bare connection to the child. It ends with the test, and where
// the child never closes it, with an error after patience.
func dial(t *testing.T, c *child) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// Whoever opens connections and never ends the headers of a request is
// disconnected by the server, which goes on answering others all the while.
func TestSlowHeaders(t *testing.T) {
	t.Parallel()
	c := serve(t, "--data", t.TempDir())
	slow := map[string]net.Conn{}
	for begun := range map[string]bool{
		"": true, "G": true, "GET / HTTP/1.1\r\n": true, "GET / HTTP/1.1\r\nHost: x\r\nX-A: b": true, "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nX-A: b\r\n": true,
	} {
		for n := range 10 {
			conn := dial(t, c)
			if _, err := io.WriteString(conn, begun); err != nil {
				t.Fatal(err)
			}
			slow[fmt.Sprint(n, begun)] = conn
		}
	}
	if status, body := newVisitor(t, c).get("/healthz"); status != http.StatusOK || body != "alive\n" {
		t.Errorf("beside slow ones: %d %q", status, body)
	}
	for begun, conn := range slow {
		if answer, err := io.ReadAll(conn); err != nil || strings.Contains(string(answer), "200 OK") { // to the end: the server closed
			t.Errorf("after %q the server did not close: %q, %v", begun[1:], answer, err)
		}
	}
	c.stop()
}

// Headers beyond what any browser sends are refused, however they are spread.
func TestHeaderFloods(t *testing.T) {
	t.Parallel()
	c := serve(t, "--data", t.TempDir())
	for name, headers := range map[string]string{
		"one large":     "X-A: " + strings.Repeat("a", 64<<10) + "\r\n",
		"a large name":  strings.Repeat("A", 64<<10) + ": a\r\n",
		"many":          strings.Repeat("X-A: b\r\n", 20_000),
		"a large path":  "",
		"large cookies": "Cookie: insidebox=" + strings.Repeat("a", 64<<10) + "\r\n",
	} {
		conn, path := dial(t, c), "/login"
		if headers == "" {
			path = "/" + strings.Repeat("a", 64<<10)
		}
		go func() { _, _ = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n"+headers+"\r\n") }()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: got %s, want 431", name, resp.Status)
		}
		_ = resp.Body.Close()
	}
	if status, _ := newVisitor(t, c).get("/login"); status != http.StatusOK {
		t.Errorf("after floods: %d", status)
	}
	c.stop()
}
