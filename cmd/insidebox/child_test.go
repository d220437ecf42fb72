package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take before a test gives up. Nothing
// waits that long when all is well.
const patience = 100 * time.Second

// eventually looks again and again whether something has come about.
func eventually(t testing.TB, what string, come func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !come() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s did not come about within %s", what, patience)
		}
	}
}

// An output is what a running program has written so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// A child is a server in a process of its own.
type child struct {
	t              testing.TB
	cmd            *exec.Cmd
	url            string
	stdout, stderr *output
	ended          chan struct{}
}

// address finds where a server says that it listens.
var address = regexp.MustCompile(`(?m)^insidebox serves .* on (http://\S+)$`)

// serve starts a server on a free port, and returns when it is ready. It ends
// with the test.
func serve(t testing.TB, args ...string) *child {
	t.Helper()
	c := begin(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	eventually(t, "the server's address", func() bool {
		c.mustLive()
		return c.findURL()
	})
	eventually(t, "readiness", func() bool {
		c.mustLive()
		status, body := newVisitor(t, c).get("/readyz")
		return status == http.StatusOK && body == "ready\n"
	})
	return c
}

// findURL looks whether the child has said where it serves.
func (c *child) findURL() bool {
	if found := address.FindStringSubmatch(c.stdout.String()); found != nil {
		c.url = found[1]
	}
	return c.url != ""
}

// begin starts the program.
func begin(t testing.TB, args ...string) *child {
	t.Helper()
	return starts(t, "insidebox", args...)
}

// starts starts any program, without the variables that say how to run ours.
func starts(t testing.TB, program string, args ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(program, args...), stdout: &output{}, stderr: &output{}, ended: make(chan struct{})}
	c.cmd.Stdout, c.cmd.Stderr = c.stdout, c.stderr
	c.cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "INSIDEBOX_") })
	c.start()
	return c
}

func (c *child) start() {
	c.t.Helper()
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	go func() {
		_ = c.cmd.Wait() // the exit code is in its state
		close(c.ended)
	}()
	c.t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		<-c.ended
		if c.t.Failed() {
			c.t.Logf("%s said:\n%s%s", c.cmd, c.stdout, c.stderr)
		}
	})
}

// mustLive ends the test when the child has ended.
func (c *child) mustLive() {
	c.t.Helper()
	select {
	case <-c.ended:
		c.t.Fatalf("%s ended with %s", c.cmd, c.cmd.ProcessState)
	default:
	}
}

// signal sends the child a signal.
func (c *child) signal(s os.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// end waits for the child's end and returns its exit code.
func (c *child) end() int {
	c.t.Helper()
	select {
	case <-c.ended:
		return c.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		c.t.Fatalf("%s did not end within %s", c.cmd, patience)
		return 0
	}
}

// stop asks the child to stop, and wants it to do so in order.
func (c *child) stop() {
	c.t.Helper()
	c.signal(syscall.SIGTERM)
	if code := c.end(); code != 0 {
		c.t.Errorf("stopped by SIGTERM, the server ended with exit code %d, want 0", code)
	}
}

// refused tells whether nobody listens at the child's address any more. It
// asks at the number, where the child listened: the name localhost can mean an
// address that this machine has not, which is another error.
func (c *child) refused() bool {
	site, err := url.Parse(c.url)
	if err != nil {
		c.t.Fatal(err)
	}
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", site.Port()))
	if err == nil {
		_ = conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// held tells whether the child's log says, last of all, that it has the lease.
func (c *child) held() bool {
	said := strings.Split(c.stderr.String(), fmt.Sprintf("%q:", "held"))
	return len(said) > 1 && strings.HasPrefix(said[len(said)-1], "true")
}
