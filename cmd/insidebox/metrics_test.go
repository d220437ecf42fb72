package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// metricsAddress finds where a server says that its metrics are.
var metricsAddress = regexp.MustCompile(`(?m)^metrics on (http://\S+)$`)

// callSample finds how many calls of a kind were counted.
var callSample = regexp.MustCompile(`(?m)^insidebox_store_calls_total\{.*\} \S+$`)

// TestMetrics reads the metrics of a running server: a sign-in shows in them,
// they name nobody, and the address that people use does not have them.
func TestMetrics(t *testing.T) {
	c := serve(t, "--demo", "--data", t.TempDir(), "--metrics", "127.0.0.1:0")
	found := metricsAddress.FindStringSubmatch(c.stdout.String())
	if found == nil {
		t.Fatalf("the server does not say where its metrics are:\n%s", c.stdout)
	}
	before := metricsOf(t, found[1])
	signedIn(t, c, "rep@demo.test", demo.Password).get("/")
	after := metricsOf(t, found[1])
	writes := func(text string) (lines []string) {
		for _, line := range callSample.FindAllString(text, -1) {
			if strings.Contains(line, `result="ok"`) && (strings.Contains(line, `op="Insert"`) || strings.Contains(line, `op="Replace"`)) {
				lines = append(lines, line)
			}
		}
		return lines
	}
	if b, a := writes(before), writes(after); len(b) == 0 || slices.Equal(b, a) {
		t.Errorf("a sign-in writes, and the metrics don't count it:\nbefore %q\nafter  %q", b, a)
	}
	person := strings.SplitN(signedIn(t, c, "rep@demo.test", demo.Password).cookie(), ".", 2)[0]
	newVisitor(t, c).get("/team/" + person + "?q=Hana")
	newVisitor(t, c).get("/no/such/page")
	after = metricsOf(t, found[1])
	for _, want := range []string{
		`insidebox_http_requests_total{method="POST",route="/login",status="303"} 2`,
		`insidebox_http_requests_total{method="GET",route="/",status="200"} 1`,
		`insidebox_http_requests_total{method="GET",route="/team/:person",status="303"} 1`,
		`insidebox_http_requests_total{method="GET",route="none",status="404"} 1`,
		`insidebox_http_request_duration_seconds_count{route="/login"} 2`,
	} {
		if !strings.Contains(after, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(after, person) || strings.Contains(after, "Hana") || strings.Contains(after, "such") {
		t.Error("the metrics say whom or what was asked for")
	}
	for _, want := range []string{"insidebox_store_call_duration_seconds_bucket", "go_goroutines", "process_open_fds"} {
		if !strings.Contains(after, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(after, "demo.test") {
		t.Error("the metrics name a person")
	}
	if status, _ := newVisitor(t, c).get("/metrics"); status != http.StatusNotFound {
		t.Errorf("GET /metrics where people sign in: %d, want 404", status)
	}
	c.stop()
}

func metricsOf(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d, %v", address, answer.StatusCode, err)
	}
	return string(text)
}

// TestStoreMetrics makes calls of every outcome on a real store, by a clock
// that moves on by just the time from which on a call is slow.
func TestStoreMetrics(t *testing.T) {
	ctx := context.Background()
	driver, err := sqlitestore.Open(ctx, filepath.Join(t.TempDir(), "a.db"), sqlitestore.Options{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	m := newMetrics()
	d := m.watch(driver, slog.New(slog.NewJSONHandler(&log, nil)), func() time.Time {
		now = now.Add(slow)
		return now
	})
	doc := func(rev int64) store.Doc {
		body, err := bson.Marshal(bson.D{{Key: "_id", Value: "p-secret"}, {Key: "rev", Value: rev}})
		if err != nil {
			t.Fatal(err)
		}
		return store.Doc{ID: "p-secret", Rev: rev, Body: body}
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	got := []string{
		outcome(d.Declare(ctx, store.Schema{Name: "things"})),
		outcome(second(d.Get(ctx, "things", "p-secret"))),
		outcome(d.Insert(ctx, "things", doc(1))),
		outcome(d.Insert(ctx, "things", doc(1))),
		outcome(second(d.Get(ctx, "things", "p-secret"))),
		outcome(d.Replace(ctx, "things", doc(5))),
		outcome(second(d.Get(ctx, "nothings", "p-secret"))),
		outcome(second(d.Get(over, "things", "p-secret"))),
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	got = append(got, outcome(second(d.Get(ctx, "things", "p-secret"))))
	want := []string{"ok", "not_found", "ok", "exists", "ok", "conflict", "refused", "canceled", "unavailable"}
	if !slices.Equal(got, want) {
		t.Errorf("outcomes %v, want %v", got, want)
	}
	if n := testutil.ToFloat64(m.calls.WithLabelValues("Get", "things", "ok")); n != 1 {
		t.Errorf("%v calls of Get counted that went well, want 1", n)
	}
	// All but Declare took long enough for a line, and no line says of whom.
	var line struct{ Msg, Op, Collection, Result string }
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != len(want)-1 {
		t.Errorf("%d lines in the log, want one for each call but Declare:\n%s", len(lines), &log)
	}
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || line.Op != "Get" || line.Collection != "things" || line.Result != "not_found" {
		t.Errorf("the first line of the log is %s (%v)", lines[0], err)
	}
	if strings.Contains(log.String(), "p-secret") {
		t.Errorf("the log names a document:\n%s", &log)
	}
	page := httptest.NewRecorder()
	m.handler().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if page.Code != http.StatusOK || strings.Contains(page.Body.String(), "p-secret") {
		t.Errorf("GET /metrics: %d, and it may name a document:\n%s", page.Code, page.Body)
	}
}

func second[V any](_ V, err error) error { return err }
