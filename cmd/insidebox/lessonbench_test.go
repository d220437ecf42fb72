package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/insidebox/insidebox/programme/bulk"
)

// BenchmarkLessonPage asks for a lesson page as a signed-in rep, in a company
// of 10,000, of the program as "make build" builds it, and for the same bytes of
// a server that has them ready, and of an nginx where there is one, in turns.
// Each is a process of its own, and so is wrk, which asks: in one process they
// would share a scheduler and a collector, and each be as late as the other.
//
// What counts is the ratio of their rates, and at 32 connections of their 99th
// percentiles; all are slowed down alike by whatever else the machine does.
func BenchmarkLessonPage(b *testing.B) {
	if os.Getenv("INSIDEBOX_WRK") == "" {
		b.Skip("NOT RUN: the lesson page under load; INSIDEBOX_WRK names no wrk that could ask for it")
	}
	binary, data := built(b), b.TempDir()
	o := bulk.Options{People: 10_000, Teams: 200, Attempts: 20_000}
	const password = "a long one for a bench"
	who := bulk.Address(0)
	runs(b, "", binary, "bench-data", "--people", strconv.Itoa(o.People), "--teams", strconv.Itoa(o.Teams), "--attempts", strconv.Itoa(o.Attempts), "--data", data)
	runs(b, password+"\n", binary, "people", "set-password", who, "--data", data)
	site := startToReady(b, binary, data)
	rep := signedIn(b, site, who, password)
	b.Run("plain", func(b *testing.B) { benchLesson(b, site, rep.cookie(), "identity") })
	b.Run("gzip", func(b *testing.B) { benchLesson(b, site, rep.cookie(), "gzip") })
	b.Run("reads", func(b *testing.B) {
		counted := startToReady(b, binary, data, "--metrics", "127.0.0.1:0")
		for b.Loop() {
			b.ReportMetric(documentsRead(b, counted, "Cookie: insidebox="+rep.cookie()), "documents-read")
		}
		b.ReportMetric(0, "ns/op")
	})
}

// runs runs a program to its good end.
func runs(b *testing.B, input, program string, args ...string) {
	b.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}

func benchLesson(b *testing.B, site *child, cookie, encoding string) {
	headers := []string{"Cookie: insidebox=" + cookie, "Accept-Encoding: " + encoding}
	page := fetched(b, site.url+lesson, headers)
	folder := b.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "answer"), page.raw, 0o600); err != nil {
		b.Fatal(err)
	}
	ready := starts(b, "ready-bytes", filepath.Join(folder, "answer"), lesson)
	eventually(b, "the server of ready bytes", ready.findURL)
	servers := []string{site.url, ready.url}
	if nginx := startNginx(b, page); nginx != "" {
		servers = append(servers, "http://"+nginx)
	}
	for _, server := range servers[1:] {
		page.sameAs(b, server, headers)
	}

	const turns = 5
	rates, late := make([][]float64, len(servers)), make([][]float64, len(servers))
	for b.Loop() {
		for range turns {
			for i, server := range servers {
				rates[i] = append(rates[i], ask(b, server+lesson, 8, headers).perSecond)
			}
			for i, server := range servers[:2] {
				late[i] = append(late[i], ask(b, server+lesson, 32, headers).late.Seconds())
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rates[0]), "pages/s")
	b.ReportMetric(median(rates[0])/median(rates[1]), "ratio-to-ready-bytes")
	b.ReportMetric(median(late[0])*1000, "ms-p99-at-32")
	b.ReportMetric(median(late[0])/median(late[1]), "ratio-p99-at-32-to-ready-bytes")
	if len(servers) > 2 {
		b.ReportMetric(median(rates[0])/median(rates[2]), "ratio-to-nginx")
	}
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

// measured is what wrk says of a second of asking.
type measured struct {
	perSecond float64
	late      time.Duration // 99th percentile of the answers' times
}

// What wrk says.
var (
	rateLine = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	lateLine = regexp.MustCompile(`\n\s+99%\s+([\d.]+[mu]?s)\n`)
	bad      = regexp.MustCompile(`Non-2xx|Socket errors`)
)

// ask lets wrk ask for a page for a second, over so many connections.
func ask(b *testing.B, url string, connections int, headers []string) (m measured) {
	b.Helper()
	args := []string{"-t1", "-d1s", "-c" + strconv.Itoa(connections), "--latency"}
	for _, h := range headers {
		args = append(args, "-H", h)
	}
	out, err := exec.Command(os.Getenv("INSIDEBOX_WRK"), append(args, url)...).CombinedOutput()
	rate, late := rateLine.FindSubmatch(out), lateLine.FindSubmatch(out)
	if err != nil || bad.Match(out) || rate == nil || late == nil {
		b.Fatalf("wrk %s: %v\n%s", url, err, out)
	}
	if m.perSecond, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		b.Fatal(err)
	}
	if m.late, err = time.ParseDuration(string(late[1])); err != nil {
		b.Fatal(err)
	}
	return m
}

// A sent is an answer as it came.
type sent struct {
	header http.Header
	body   []byte
	raw    []byte // both, as they were sent
}

// fetched asks for a page.
func fetched(b *testing.B, url string, headers []string) *sent {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	s := &sent{header: res.Header.Clone()}
	if s.body, err = io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d, %v", url, res.StatusCode, err)
	}
	s.header.Del("Date")
	var raw bytes.Buffer
	raw.WriteString("HTTP/1.1 200 OK\r\n")
	_ = s.header.Write(&raw)
	raw.WriteString("\r\n")
	s.raw = append(raw.Bytes(), s.body...)
	return s
}

// sameAs holds that a server sends this answer too.
func (s *sent) sameAs(b *testing.B, server string, headers []string) {
	b.Helper()
	other := fetched(b, server+lesson, headers)
	if !bytes.Equal(other.body, s.body) {
		b.Fatalf("%s sends %d bytes, want the %d of the page", server, len(other.body), len(s.body))
	}
	for name, values := range s.header {
		if name != "Etag" && !slices.Equal(other.header[name], values) {
			b.Fatalf("%s sends %s: %q, want %q", server, name, other.header[name], values)
		}
	}
}

// readyBytes is a program that sends an answer again, headers included, and does
// nothing else: a Gin engine with one route. Its arguments are the file that
// holds the answer, and the path.
func readyBytes() {
	raw, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = serveReady(raw, os.Args[2])
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func serveReady(raw []byte, path string) error {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	header := http.Header{}
	for _, line := range strings.Split(string(head), "\r\n")[1:] {
		name, value, _ := strings.Cut(line, ": ")
		header.Add(name, value)
	}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	kind := header.Get("Content-Type")
	e.GET(path, func(c *gin.Context) {
		h := c.Writer.Header()
		for name, values := range header {
			h[name] = values
		}
		c.Data(http.StatusOK, kind, body)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("insidebox serves ready bytes on http://%s\n", listener.Addr())
	return http.Serve(listener, e)
}

// readCalls are the reads of the store that a server has counted.
var readCalls = regexp.MustCompile(`(?m)^insidebox_store_calls_total\{collection="([^"]*)",op="(Get|GetMany|Find|Count)",.*\} (\d+)$`)

// documentsRead counts what a page reads: a call that reads two documents names
// both collections.
func documentsRead(b *testing.B, site *child, cookie string) float64 {
	b.Helper()
	metrics := metricsAddress.FindStringSubmatch(site.stdout.String())
	if metrics == nil {
		b.Fatal("the server does not say where its metrics are")
	}
	count := func() (n int) {
		for _, call := range readCalls.FindAllStringSubmatch(string(fetched(b, metrics[1], nil).body), -1) {
			times, err := strconv.Atoi(call[3])
			if err != nil {
				b.Fatal(err)
			}
			n += times * (1 + strings.Count(call[1], "+"))
		}
		return n
	}
	before := count()
	fetched(b, site.url+lesson, []string{cookie})
	return float64(count() - before)
}
