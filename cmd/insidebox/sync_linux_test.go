package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/quiz"
)

// failSyncs lets every fsync and fdatasync of a running server fail from now
// on, as a disk does that can't keep what it is given. It skips the test where
// no program may be watched.
func failSyncs(t *testing.T, c *child) {
	t.Helper()
	program, err := exec.LookPath("strace")
	if err != nil {
		t.Skipf("strace is missing, which makes the disk fail: install it from the system's packages (%v)", err)
	}
	const calls = "fsync,fdatasync"
	tracer := &child{
		t: t, stdout: &output{}, stderr: &output{}, ended: make(chan struct{}),
		cmd: exec.Command(program, "-f", "-o", "/dev/null", "-e", "trace="+calls, "-e", "inject="+calls+":error=EIO", "-p", fmt.Sprint(c.cmd.Process.Pid)),
	}
	tracer.cmd.Stdout, tracer.cmd.Stderr = tracer.stdout, tracer.stderr
	tracer.start()
	eventually(t, "the tracer", func() bool {
		select {
		case <-tracer.ended:
			t.Skipf("strace may not watch a program here (user %d): %s", os.Getuid(), tracer.stderr)
		default:
		}
		return strings.Contains(tracer.stderr.String(), "attached")
	})
}

// A disk that does not confirm writes: what it was to keep is not said to be
// kept, nothing more is written, and a new start finds the data whole.
func TestDiskDoesNotConfirm(t *testing.T) {
	data := t.TempDir()
	c := serve(t, "--demo", "--data", data)
	eventually(t, "the lease", c.held)
	rep := signedIn(t, c, "rep@demo.test", demo.Password)
	attempt := rep.begin()
	kept, keptShows := rep.fill(attempt, 0)
	if a := rep.send(attempt+"/answers", kept); a.status != http.StatusSeeOther {
		t.Fatalf("an answer while all is well: %d", a.status)
	}
	doubtful, _ := rep.fill(attempt, 1)
	late, lateShows := rep.fill(attempt, 2)
	p := records(t, storeFlags{data: data}, content.Sample())
	right := rightly(t, p, attempt)
	failSyncs(t, c)

	a := rep.send(attempt+"/answers", doubtful)
	if a.status != http.StatusServiceUnavailable || a.retry == "" || !strings.Contains(a.body, "We are checking") {
		t.Errorf("an answer that the disk does not confirm: %d, Retry-After %q; the page:\n%s", a.status, a.retry, a.body)
	}
	comesBack(t, a, doubtful)
	wantKept(t, "an answer after that", rep.send(attempt+"/answers", late), late)
	wantKept(t, "a submit after that", rep.send(attempt+"/submit", right), right)
	for path, form := range map[string]url.Values{
		"/login":         {"email": {"rep3@demo.test"}, "password": {demo.Password}},
		lesson + "/done": {},
	} {
		if a := rep.send(path, form); a.status != http.StatusServiceUnavailable || a.retry == "" {
			t.Errorf("%s after that: %d, want 503", path, a.status)
		}
	}
	if status, _ := rep.get("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz: %d, want 503, so that somebody looks", status)
	}
	if !rep.shows(attempt, keptShows) {
		t.Error("what is there can't be read any more")
	}
	if !strings.Contains(c.stderr.String(), "the disk did not confirm a write") {
		t.Error("the log does not say that the disk failed")
	}
	c.signal(os.Interrupt)
	if c.end(); strings.Contains(c.stderr.String(), "goroutine ") {
		t.Error("the server panicked")
	}

	again := serve(t, "--demo", "--data", data)
	rep.base = again.url
	if !rep.shows(attempt, keptShows) || rep.shows(attempt, lateShows) {
		t.Error("after a new start what was confirmed is gone, or what was refused is there")
	}
	if a := attemptIn(t, p, attempt); a.State != quiz.Open || a.Answered() != 1 && a.Answered() != 2 {
		t.Errorf("after a new start the attempt is %s with %d answers, want it open with one or two", a.State, a.Answered())
	}
	if a := rep.send(attempt+"/submit", rightly(t, p, attempt)); a.status != http.StatusSeeOther {
		t.Errorf("the submit after a new start: %d, want 303", a.status)
	}
	again.stop()
}

// comesBack holds that a page has a posted form in it, to be posted again.
func comesBack(t *testing.T, a answered, form url.Values) {
	t.Helper()
	for field, values := range form {
		if !slices.Equal(slices.Sorted(slices.Values(a.fields[field])), slices.Sorted(slices.Values(values))) {
			t.Errorf("the field %s comes back as %q, want %q", field, a.fields[field], values)
		}
	}
}
