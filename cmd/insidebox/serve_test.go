package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/insidebox/insidebox/jobs"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// A day in the life of a server with demo people: it says how to get in, lets
// people be added, changed and taken out beside it, and stops in order.
func TestServeDemo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	c := serve(t, "--demo", "--data", data)
	for _, want := range []string{c.url, demo.Password, "rep@demo.test", "manager@demo.test", "author@demo.test", "admin@demo.test"} {
		if !strings.Contains(c.stdout.String(), want) {
			t.Errorf("the server does not print %s; it prints:\n%s", want, c.stdout)
		}
	}
	if status, body := newVisitor(t, c).get("/healthz"); status != 200 || body != "alive\n" {
		t.Errorf("/healthz: %d %q", status, body)
	}
	if !signedIn(t, c, "rep@demo.test", demo.Password).shows("/", "Hello, Robin") {
		t.Error("the demo rep is not greeted")
	}

	t.Run("a second one on the port", func(t *testing.T) {
		site, err := url.Parse(c.url)
		if err != nil {
			t.Fatal(err)
		}
		addr := "127.0.0.1:" + site.Port()
		got := call(t, nil, "", "serve", "--data", t.TempDir(), "--addr", addr)
		want := "insidebox: listen on " + addr + ": another program listens there already, perhaps another insidebox; " +
			"stop it, or choose another --addr (port 0 picks a free one)\n"
		if got.code != 1 || got.stderr != want || got.stdout != "" {
			t.Errorf("exit code %d, %q, %q; want 1 and %q", got.code, got.stdout, got.stderr, want)
		}
	})
	t.Run("somebody is added", func(t *testing.T) {
		said := succeeds(t, "people", "add", "nora@example.com", "--first", "Nora", "--data", data, "--base-url", c.url)
		nora := newVisitor(t, c)
		link := nora.here(regexp.MustCompile(`http://\S+`).FindString(said))
		if !nora.shows(link, "nora@example.com") {
			t.Error("the link's page does not name her")
		}
		if status, next := nora.post(link, "password", "a long walk by the lake"); status != http.StatusSeeOther {
			t.Errorf("setting a password: %d to %q, want 303", status, next)
		}
		if !nora.shows("/", "Hello, Nora") {
			t.Error("she is not signed in")
		}
		if status, _ := newVisitor(t, c).get(link); status != http.StatusNotFound {
			t.Errorf("the used link: %d, want 404", status)
		}
		got := call(t, nil, "seven grey geese fly\n", "people", "set-password", "nora@example.com", "--data", data)
		if got.code != 0 {
			t.Error(got.stderr)
		}
		if status, _ := nora.get("/"); status != http.StatusSeeOther {
			t.Errorf("after set-password her session is answered %d, want 303 to the sign-in page", status)
		}
		signedIn(t, c, "nora@example.com", "seven grey geese fly")
	})
	t.Run("somebody is taken out", func(t *testing.T) {
		ana := signedIn(t, c, "rep2@demo.test", demo.Password)
		succeeds(t, "people", "disable", "rep2@demo.test", "--data", data)
		if status, _ := ana.get("/"); status != http.StatusSeeOther {
			t.Errorf("after disable her session is answered %d, want 303 to the sign-in page", status)
		}
		if status, _ := newVisitor(t, c).post("/login", "email", "rep2@demo.test", "password", demo.Password); status != http.StatusUnprocessableEntity {
			t.Errorf("after disable signing in is answered %d, want 422", status)
		}
	})
	t.Run("a role is taken away", func(t *testing.T) {
		mara := signedIn(t, c, "manager@demo.test", demo.Password)
		for range 3 { // so that the server remembers who she is
			if status, _ := mara.get("/team"); status != http.StatusOK {
				t.Fatalf("the board, before: %d", status)
			}
		}
		file := filepath.Join(t.TempDir(), "people.csv")
		write(t, file, "username,firstname,lastname,email,roles\nmanager@demo.test,Mara,Kendrick,manager@demo.test,rep\n")
		succeeds(t, "people", "import", file, "--data", data)
		if status, _ := mara.get("/team"); status != http.StatusForbidden {
			t.Errorf("the board, at the next click: %d, want 403", status)
		}
	})
	c.stop()
	if !c.refused() {
		t.Error("somebody still listens")
	}
	again := serve(t, "--demo", "--data", data)
	signedIn(t, again, "nora@example.com", "seven grey geese fly")
	again.stop()
}

// Without demo people the first start prints a link that makes the admin,
// once; she finds a list of what comes next.
func TestFirstAdmin(t *testing.T) {
	data := t.TempDir()
	c := serve(t, "--data", data)
	setup := regexp.MustCompile(`http://\S+/setup/\S+`)
	v := newVisitor(t, c)
	link := v.here(setup.FindString(c.stdout.String()))
	if strings.Contains(c.stdout.String(), "demo.test") {
		t.Error("demo people are named without --demo")
	}
	if status, _ := v.get(link); status != 200 {
		t.Fatalf("the link's page: %d", status)
	}
	form := []string{"first", "Ada", "last", "Holm", "email", "ada@example.com", "password", "a long walk by the lake"}
	if status, next := v.post(link, form...); status != http.StatusSeeOther || !strings.HasPrefix(next, "/") {
		t.Fatalf("become the admin: %d to %q, want 303", status, next)
	}
	if !v.shows("/", "First steps") || !v.shows("/admin/people", "ada@example.com") {
		t.Error("the admin does not see her first steps, or herself among the people")
	}
	other := newVisitor(t, c)
	if status, _ := other.get(link); status != http.StatusNotFound {
		t.Errorf("the used link: %d, want 404", status)
	}
	form[5] = "eve@example.com"
	if status, _ := other.post(link, form...); status != http.StatusNotFound {
		t.Errorf("the used link, posted to: %d, want 404", status)
	}
	c.stop()

	again := serve(t, "--data", data)
	if strings.Count(again.stdout.String(), "\n") != 1 {
		t.Errorf("there is an admin, and a start prints more than the address:\n%s", again.stdout)
	}
	signedIn(t, again, "ada@example.com", "a long walk by the lake")
	again.stop()
	if got := call(t, nil, "", "serve", "--demo", "--addr", "127.0.0.1:0", "--data", data); got.code != 1 || !strings.Contains(got.stderr, "people who are not demo people") {
		t.Errorf("demo people into real data: exit code %d, %q", got.code, got.stderr)
	}
}

// A request that is under way when the server is told to stop is answered;
// new ones are not taken; event streams don't hold it up.
func TestStopsInOrder(t *testing.T) {
	c := serve(t, "--data", t.TempDir(), "--dev")
	events := follow(t, c)
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := url.Values{"email": {"nobody@example.com"}, "password": {"a long walk by the lake"}}.Encode()
	// "100 Continue" comes when the handler asks for the body: it is under way.
	fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", len(body))
	in := bufio.NewReader(conn)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("the server says %q, %v; want 100 Continue", line, err)
	}
	if _, err := in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}

	c.signal(syscall.SIGTERM)
	eventually(t, "the end of listening", c.refused)
	c.mustLive()
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatalf("the request under way got no answer: %v", err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); resp.StatusCode != http.StatusUnprocessableEntity || err != nil || !strings.Contains(string(text), "</html>") {
		t.Errorf("the request under way: %s, %d bytes, %v; want a whole page with 422", resp.Status, len(text), err)
	}
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	events.ended()
}

// Who can't wait sends a second signal.
func TestSecondSignal(t *testing.T) {
	c := serve(t, "--data", t.TempDir())
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "POST /login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n")
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("the server says %q, %v; want 100 Continue", line, err)
	}
	c.signal(os.Interrupt)
	eventually(t, "the end of listening", c.refused)
	c.signal(os.Interrupt)
	c.end()
	if status, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Errorf("after two interrupts: %s, want it ended by the signal", c.cmd.ProcessState)
	}
}

// Two servers on one data file: one at a time does the work behind the
// requests, for both, and the other takes over when it goes.
func TestTwoServers(t *testing.T) {
	data := t.TempDir()
	first := serve(t, "--demo", "--data", data)
	eventually(t, "the first server's lease", first.held)
	second := serve(t, "--demo", "--data", data)

	// What is pending at the second one is done by the first.
	failQuiz(t, second, "rep@demo.test", "Robin Hale")
	if second.held() {
		t.Error("both servers hold the lease")
	}
	if free(t, data) {
		t.Error("the lease is free, though a server lives")
	}

	// A signed-in person notices nothing of the change.
	manager := signedIn(t, first, "manager@demo.test", demo.Password)
	first.stop()
	eventually(t, "the second server's lease", second.held)
	manager.base = second.url
	if !manager.shows("/team", "Robin Hale") {
		t.Error("the session that began at the first server does not hold at the second")
	}
	failQuiz(t, second, "rep11@demo.test", "June Abara")
	second.stop()
	if !free(t, data) {
		t.Error("the last server has stopped and the lease is not free")
	}
}

// failQuiz hands in an empty sheet, and waits until the board says so: only
// the outbox writes that there.
func failQuiz(t *testing.T, c *child, email, name string) {
	t.Helper()
	rep := signedIn(t, c, email, demo.Password)
	status, attempt := rep.post("/quizzes/the-box-check/attempts")
	if status != http.StatusSeeOther {
		t.Fatalf("start the quiz: %d", status)
	}
	if status, _ := rep.post(attempt + "/submit"); status != http.StatusSeeOther {
		t.Fatalf("hand in the quiz: %d", status)
	}
	for _, email := range []string{"manager@demo.test", "manager2@demo.test"} {
		manager := signedIn(t, c, email, demo.Password)
		row := regexp.MustCompile(`(?s)` + name + `.*?</tr>`)
		if _, board := manager.get("/team"); row.FindString(board) == "" {
			continue // not hers
		}
		eventually(t, "the result on the team board", func() bool {
			_, board := manager.get("/team")
			return strings.Contains(row.FindString(board), "Failed")
		})
		return
	}
	t.Fatalf("%s is on nobody's board", name)
}

// free tells whether nobody holds the lease, by taking it, and gives it back.
func free(t *testing.T, data string) bool {
	t.Helper()
	driver, err := sqlitestore.Open(t.Context(), filepath.Join(data, "insidebox.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(driver)
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	leases := jobs.NewLeases(st)
	if err := st.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	until, err := leases.Take(t.Context(), "runner", "the test", time.Now(), time.Second)
	if err == nil && !until.IsZero() {
		err = leases.Release(t.Context(), "runner", "the test", time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	return !until.IsZero()
}

// A data folder that belongs to somebody else.
func TestUnwritableData(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights of folders are another thing there")
	}
	// Not below t.TempDir, which is closed to other users.
	base, err := os.MkdirTemp("", "insidebox-test-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	binary, err := exec.LookPath("insidebox")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(base, "insidebox")
	write(t, program, read(t, binary))
	closed := filepath.Join(base, "closed")
	write(t, filepath.Join(closed, "insidebox.db"), "")
	for path, mode := range map[string]os.FileMode{base: 0o755, program: 0o755, filepath.Join(closed, "insidebox.db"): 0o444, closed: 0o555} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o755) }) // or it can't be removed
	for what, test := range map[string]struct {
		args []string
		want string
	}{
		"a new folder in it": {[]string{"serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(closed, "data")}, "can't be made (mkdir "},
		"a new file in it":   {[]string{"people", "add", "anna@example.com", "--store", filepath.Join(closed, "new.db")}, "belong to the user who runs this program"},
		"its file":           {[]string{"serve", "--addr", "127.0.0.1:0", "--data", closed}, "belong to the user who runs this program"},
	} {
		t.Run(what, func(t *testing.T) {
			c := &child{t: t, cmd: exec.Command(program, test.args...), stdout: &output{}, stderr: &output{}, ended: make(chan struct{})}
			c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = base, c.stdout, c.stderr
			if os.Getuid() == 0 { // whom no rights stop
				c.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			}
			c.start()
			if code := c.end(); code != 1 || strings.Count(c.stderr.String(), "\n") != 1 || !strings.Contains(c.stderr.String(), test.want) {
				t.Errorf("exit code %d, %q; want 1, and one line with %q", code, c.stderr, test.want)
			}
		})
	}
}

// A start that a signal breaks off says so, and can be done again.
func TestStoppedEarly(t *testing.T) {
	data := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs output
	args := []string{"serve", "--demo", "--addr", "127.0.0.1:0", "--data", data}
	code := run(ctx, args, func(string) string { return "" }, strings.NewReader(""), &out, &errs)
	if code != 1 || !strings.Contains(errs.String(), "stopped by a signal before it was ready") {
		t.Errorf("exit code %d, %q", code, &errs)
	}
	c := serve(t, "--demo", "--data", data)
	signedIn(t, c, "rep@demo.test", demo.Password)
	c.stop()
}

// An events is an open stream of /dev/events.
type events struct {
	t     *testing.T
	lines chan string
}

// follow opens the stream, as a page of a server with --dev does.
func follow(t *testing.T, c *child) *events {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/dev/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("/dev/events: %s, %q", resp.Status, kind)
	}
	e := &events{t, make(chan string, 100)}
	opened := make(chan struct{})
	go func() {
		defer resp.Body.Close()
		defer close(e.lines)
		in := bufio.NewScanner(resp.Body)
		for first := true; in.Scan(); first = false {
			if first {
				close(opened)
			}
			e.lines <- in.Text()
		}
		if err := in.Err(); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("read /dev/events: %v", err)
		}
	}()
	select {
	case <-opened:
	case <-time.After(patience):
		t.Fatal("/dev/events sends nothing")
	}
	return e
}

// changed waits for the event that makes a page reload itself.
func (e *events) changed() {
	e.t.Helper()
	late := time.After(patience)
	for {
		select {
		case line, more := <-e.lines:
			if line == "event: change" {
				return
			}
			if !more {
				e.t.Fatal("/dev/events ended without an event")
			}
		case <-late:
			e.t.Fatal("/dev/events sends no event")
		}
	}
}

// ended waits for the end of the stream.
func (e *events) ended() {
	e.t.Helper()
	late := time.After(patience)
	for {
		select {
		case _, more := <-e.lines:
			if !more {
				return
			}
		case <-late:
			e.t.Fatal("/dev/events does not end")
		}
	}
}
