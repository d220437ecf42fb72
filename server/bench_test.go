package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

const benchLesson = "/courses/onboarding/the-box/reading-a-box"

// BenchmarkLessonPage asks for a lesson page as a signed-in rep, in a company
// of 10,000, over loopback, and for the same bytes from a handler that has
// them ready, and from an nginx where there is one, in turns. What counts is
// the ratio of their rates; all are slowed down alike by whatever else the
// machine does.
func BenchmarkLessonPage(b *testing.B) {
	site := newRig(b)
	site.populate(10_000)
	b.Run("plain", func(b *testing.B) { site.benchLesson(b, "") })
	b.Run("gzip", func(b *testing.B) { site.benchLesson(b, "gzip") })
}

func (r *rig) benchLesson(b *testing.B, encoding string) {
	c := r.as("rep3@demo.test")
	if encoding != "" {
		c.with("Accept-Encoding", encoding)
	}
	page := c.get(benchLesson).want(http.StatusOK)
	ready := httptest.NewServer(readyBytes(page))
	defer ready.Close()
	name, value := r.cookie("rep3@demo.test")
	request := "GET " + benchLesson + " HTTP/1.1\r\nHost: x\r\nCookie: " + name + "=" + value + "\r\n"
	if encoding != "" {
		request += "Accept-Encoding: " + encoding + "\r\n"
	}
	request += "\r\n"
	const perTurn = 1600
	ours, theirs := dial(b, r.URL, 32, request), dial(b, ready.URL, 32, request)
	ours[:8].run(b, perTurn) // warm
	theirs[:8].run(b, perTurn)
	web := startNginx(b, page)
	var nginx callers
	if web != "" {
		nginx = dial(b, web, 8, request)
		nginx.run(b, perTurn)
	}
	var took, readyTook, nginxTook time.Duration
	var late, readyLate []time.Duration
	turns := 0
	for b.Loop() {
		t, _ := ours[:8].run(b, perTurn)
		u, _ := theirs[:8].run(b, perTurn)
		took, readyTook = took+t, readyTook+u
		if nginx != nil {
			v, _ := nginx.run(b, perTurn)
			nginxTook += v
		}
		_, l := ours.run(b, perTurn)
		_, m := theirs.run(b, perTurn)
		late, readyLate = append(late, l...), append(readyLate, m...)
		turns++
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(turns*perTurn)/took.Seconds(), "pages/s")
	b.ReportMetric(float64(documentsRead(r.during(func() { c.get(benchLesson) }))), "documents-read")
	b.ReportMetric(readyTook.Seconds()/took.Seconds(), "ratio-to-ready-bytes")
	b.ReportMetric(float64(quantile(late, 99))/float64(quantile(readyLate, 99)), "ratio-p99-at-32-to-ready-bytes")
	if nginx != nil {
		b.ReportMetric(nginxTook.Seconds()/took.Seconds(), "ratio-to-nginx")
	}
}

// documentsRead counts them: a call that reads two names both collections.
func documentsRead(list callList) (n int) {
	for _, c := range list.reads() {
		n += 1 + strings.Count(c.Collection, "+")
	}
	return n
}

// readyBytes is a Gin engine that sends an answer again, headers included,
// and does nothing else.
func readyBytes(a *answer) http.Handler {
	header := a.Header.Clone()
	header.Del("Date")
	body, kind := []byte(a.Body), header.Get("Content-Type")
	e := gin.New()
	e.GET(benchLesson, func(c *gin.Context) {
		h := c.Writer.Header()
		for name, values := range header {
			h[name] = values
		}
		c.Data(http.StatusOK, kind, body)
	})
	return e
}

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

// run shares n requests among the callers, and returns how long all took and
// each one.
func (list callers) run(b *testing.B, n int) (all time.Duration, each []time.Duration) {
	b.Helper()
	var wg sync.WaitGroup
	times, errs := make([][]time.Duration, len(list)), make([]error, len(list))
	began := time.Now()
	for i, c := range list {
		wg.Go(func() {
			for range n / len(list) {
				at := time.Now()
				if errs[i] = c.once(); errs[i] != nil {
					return
				}
				times[i] = append(times[i], time.Since(at))
			}
		})
	}
	wg.Wait()
	all = time.Since(began)
	if err := errors.Join(errs...); err != nil {
		b.Fatal(err)
	}
	return all, slices.Concat(times...)
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

// populate fills the store with people who have read a lesson, past all
// services: this many would take them long.
func (r *rig) populate(n int) {
	r.Helper()
	ctx := context.WithoutCancel(r.Context())
	slots, failed := make(chan struct{}, 64), make(chan error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			id, name := fmt.Sprintf("bench%06d", i), fmt.Sprintf("p%06d@company.test", i)
			failed <- errors.Join(
				r.People.People().Insert(ctx, &people.Person{
					Meta: store.Meta{ID: id}, Email: name, EmailKey: name, First: "P", Last: id,
					NameKey: id, FirstKey: id, Roles: []people.Role{people.RoleRep}, Team: fmt.Sprintf("team-%d", i%200), Created: opening,
				}),
				r.Prog.Records().Insert(ctx, &programme.Record{
					Meta: store.Meta{ID: id}, Person: id, PendingSince: programme.Never,
					Evidence: certify.Evidence{Read: map[string]time.Time{"onboarding/the-box/reading-a-box": opening}},
				}))
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		r.must(err)
	}
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
