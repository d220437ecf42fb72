package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/people"
)

const benchLesson = "/courses/onboarding/the-box/reading-a-box"

// A caller is one connection that sends the same request again and again. It
// does as little as it can, so that the server is what is measured.
type caller struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
	status  string // that the answer must begin with
}

type callers []*caller

func dial(b *testing.B, address string, n int, request string) (list callers) {
	b.Helper()
	for range n {
		conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		list = append(list, &caller{conn, bufio.NewReaderSize(conn, 64<<10), []byte(request), "HTTP/1.1 200"})
	}
	return list
}

// once sends the request and reads its answer away.
func (c *caller) once() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	status, err := c.in.ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(status, c.status) {
		return fmt.Errorf("answered %q, want %s", status, c.status)
	}
	length, err := c.header()
	if err != nil {
		return err
	}
	if length >= 0 {
		_, err = c.in.Discard(length)
		return err
	}
	return c.chunks()
}

// header reads the header away and returns the body's length, -1 when it
// comes in chunks.
func (c *caller) header() (length int, err error) {
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil || len(line) <= 2 {
			return length, err
		}
		if text, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(text))); err != nil {
				return 0, err
			}
		}
	}
}

func (c *caller) chunks() error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if _, err := c.in.Discard(int(n) + 2); n == 0 || err != nil {
			return err
		}
	}
}

func quantile(list []time.Duration, percent int) time.Duration {
	slices.Sort(list)
	return list[len(list)*percent/100]
}

// BenchmarkQuizPath takes the quiz again and again, each time as another rep:
// the median of every step, over loopback, the store's write included, and how
// many writes each step waits for.
func BenchmarkQuizPath(b *testing.B) {
	site := newRig(b)
	steps, writes := map[string][]time.Duration{}, map[string]int{}
	timed := func(step string, request func() *answer) *answer {
		site.calls.take()
		at := time.Now()
		a := request()
		steps[step] = append(steps[step], time.Since(at))
		writes[step] = max(writes[step], len(site.calls.take().writes()))
		return a
	}
	n := 0
	for b.Loop() {
		email := fmt.Sprintf("bench%d@demo.test", n)
		n++
		_, err := site.People.Add(b.Context(), people.NewPerson{Email: email, First: "B", Last: fmt.Sprint(n), Roles: []people.Role{people.RoleRep}})
		site.must(err)
		c := site.as(email)
		c.get("/quizzes/the-box-check").want(http.StatusOK)
		page := timed("start", func() *answer { return c.post("/quizzes/the-box-check/attempts", nil) }).want(http.StatusSeeOther).Header.Get("Location")
		timed("sheet", func() *answer { return c.get(page) }).want(http.StatusOK)
		c.with("X-Requested-With", "fetch")
		for _, q := range site.sheet(strings.TrimPrefix(page, "/attempts/"))[:10] {
			form := url.Values{"q." + q.item: q.right, "rev." + q.item: {"0"}}
			timed("save", func() *answer { return c.post(page+"/answers", form) }).want(http.StatusNoContent)
		}
		form := site.answersTo(page, true)
		timed("submit", func() *answer { return c.post(page+"/submit", form) }).want(http.StatusSeeOther)
		timed("result", func() *answer { return c.get(page + "/result") }).want(http.StatusOK)
	}
	b.ReportMetric(0, "ns/op")
	for step, took := range steps {
		b.ReportMetric(float64(quantile(took, 50).Microseconds())/1000, "ms-"+step)
		b.ReportMetric(float64(writes[step]), "writes-"+step)
	}
}
