package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// written is a connection that notes what is written to it, part by part.
type written struct {
	net.Conn
	mu    sync.Mutex
	parts [][]byte
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts = append(w.parts, bytes.Clone(p))
	if w.Conn != nil {
		return w.Conn.Write(p)
	}
	return len(p), nil
}

func (w *written) lengths() (list []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.parts {
		list = append(list, len(p))
	}
	return list
}

// answerOf begins an answer and is as long as it says, head included.
func answerOf(whole int, head string) []byte {
	const room = 64
	head += fmt.Sprintf("Content-Length: %d\r\nX: ", 0)
	head = strings.Replace(head, "Length: 0", "Length: "+strconv.Itoa(whole-room), 1)
	head += strings.Repeat("x", room-len(head)-4) + "\r\n\r\n"
	return append([]byte(head), bytes.Repeat([]byte("b"), whole-len(head))...)
}

func TestGathered(t *testing.T) {
	ok := "HTTP/1.1 200 OK\r\n"
	for name, c := range map[string]struct {
		parts [][]byte
		want  []int // sent after each part
	}{
		"a page":                     {[][]byte{answerOf(9000, ok)[:4096], answerOf(9000, ok)[4096:]}, []int{0, 9000}},
		"a byte more":                {[][]byte{answerOf(4097, ok)[:4096], []byte("b")}, []int{0, 4097}},
		"just as long":               {[][]byte{answerOf(4096, ok)}, []int{4096}},
		"short":                      {[][]byte{answerOf(700, ok)}, []int{700}},
		"no length is said":          {[][]byte{[]byte(strings.Replace(string(answerOf(9000, ok)[:4096]), "Content", "Kontent", 1))}, []int{4096}},
		"a length that is none":      {[][]byte{[]byte(strings.Replace(string(answerOf(9000, ok)[:4096]), ": 8", ": x", 1))}, []int{4096}},
		"the middle of an answer":    {[][]byte{answerOf(20000, ok)[64 : 64+4096]}, []int{4096}},
		"a head that fills the part": {[][]byte{append([]byte(ok), bytes.Repeat([]byte("h"), 4096-len(ok))...)}, []int{4096}},
		"one after the other":        {[][]byte{answerOf(5000, ok)[:4096], answerOf(5000, ok)[4096:], answerOf(300, ok), answerOf(6000, ok)[:4096], answerOf(6000, ok)[4096:]}, []int{0, 5000, 5300, 5300, 11300}},
	} {
		inner := &written{}
		g := &gathered{Conn: inner}
		for i, part := range c.parts {
			n, err := g.Write(part)
			sent := 0
			for _, l := range inner.lengths() {
				sent += l
			}
			if n != len(part) || err != nil || sent != c.want[i] {
				t.Errorf("%s, part %d: wrote %d of %d, %v; %d are sent, want %d", name, i, n, len(part), err, sent, c.want[i])
			}
		}
		if got, want := slices.Concat(inner.parts...), slices.Concat(c.parts...); !bytes.Equal(got[:c.want[len(c.want)-1]], want) {
			t.Errorf("%s: other bytes are sent than were written", name)
		}
	}
}

// noting hands out connections that are noted.
type noting struct {
	net.Listener
	conns chan *written
}

func (n noting) Accept() (net.Conn, error) {
	conn, err := n.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w := &written{Conn: conn}
	n.conns <- w
	return w, nil
}

// serving serves a handler until the test ends.
func serving(t *testing.T, handler http.HandlerFunc, around func(net.Listener) net.Listener) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: handler, ReadHeaderTimeout: patience}
	t.Cleanup(func() { _ = web.Close() })
	go func() { _ = web.Serve(around(listener)) }()
	return "http://" + listener.Addr().String()
}

// TestFirstPart holds that net/http sends the beginning of a page by itself, and how
// much that is: when it does so no more, there is nothing to gather.
func TestFirstPart(t *testing.T) {
	conns := make(chan *written, 1)
	url := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9000")
		_, _ = w.Write(bytes.Repeat([]byte("b"), 9000))
	}, func(l net.Listener) net.Listener { return noting{l, conns} })
	if _, err := body(http.Get(url)); err != nil {
		t.Fatal(err)
	}
	parts := (<-conns).lengths()
	if len(parts) != 2 || parts[0] != firstPart {
		t.Errorf("a page of 9,000 bytes is sent in parts of %d, want two of which the first has %d", parts, firstPart)
	}
}

func body(res *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// TestGatheredAnswers: whatever a handler writes, in whatever parts, comes whole and
// at once, one answer after the other on one connection.
func TestGatheredAnswers(t *testing.T) {
	plans := make(chan []int, 1)
	said := make(chan bool, 1)
	url := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		plan, say := <-plans, <-said
		total := 0
		for _, n := range plan {
			total += n
		}
		if say {
			w.Header().Set("Content-Length", strconv.Itoa(total))
		}
		for _, n := range plan {
			_, _ = w.Write(bytes.Repeat([]byte{'a' + byte(n%26)}, n))
		}
	}, func(l net.Listener) net.Listener { return gathering{l} })
	client := &http.Client{Timeout: patience}
	defer client.CloseIdleConnections()
	rapid.Check(t, func(t *rapid.T) {
		// Around the size at which head and body just fill the first part.
		plan := rapid.SliceOfN(rapid.OneOf(rapid.IntRange(0, 9000), rapid.IntRange(3900, 4100)), 1, 4).Draw(t, "parts")
		method := rapid.SampledFrom([]string{http.MethodGet, http.MethodGet, http.MethodHead}).Draw(t, "method")
		plans <- plan
		said <- rapid.Bool().Draw(t, "says its length")
		req, err := http.NewRequest(method, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := body(client.Do(req))
		var want []byte
		for _, n := range plan {
			want = append(want, bytes.Repeat([]byte{'a' + byte(n%26)}, n)...)
		}
		if method == http.MethodHead {
			want = nil
		}
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s: got %d bytes, %v; want %d", method, len(got), err, len(want))
		}
	})
}
