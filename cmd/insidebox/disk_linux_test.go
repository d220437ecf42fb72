package main

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/quiz"
)

// smallDisk mounts a file system of so many megabytes, for the length of the
// test, or skips it.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a full disk needs a file system of %s, which can't be mounted here (user %d): %v", size, os.Getuid(), err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return folder
}

// fill fills the disk to the last byte and returns how to free it again.
func fill(t *testing.T, folder string) (free func()) {
	t.Helper()
	path := filepath.Join(folder, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 64<<10); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// demoData brings the demo people's data into a folder. Their making takes
// more room than they do.
func demoData(t *testing.T, folder string) string {
	t.Helper()
	made, data := t.TempDir(), filepath.Join(folder, "data")
	serve(t, "--demo", "--data", made).stop()
	write(t, filepath.Join(data, "insidebox.db"), read(t, filepath.Join(made, "insidebox.db")))
	return data
}

// wantKept holds that a form that could not be stored comes back whole, on a
// page that says so and nothing else.
func wantKept(t *testing.T, what string, a answered, form url.Values) {
	t.Helper()
	if a.status != http.StatusServiceUnavailable || a.retry == "" || !strings.Contains(a.body, "Your answers are kept on this page.") {
		t.Errorf("%s: %d, Retry-After %q, want 503 and the answers kept; the page:\n%s", what, a.status, a.retry, a.body)
	}
	for _, lie := range []string{"submitted", "Passed", "Failed", "Saved"} {
		if strings.Contains(a.body, lie) {
			t.Errorf("%s: the page says %q", what, lie)
		}
	}
	comesBack(t, a, form)
}

// A disk that becomes full under a running server: nobody is told that
// something was done which was not, reading goes on, and when there is space
// the same forms are taken.
func TestServeOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "4m")
	data := demoData(t, disk)
	c := serve(t, "--demo", "--data", data)
	rep := signedIn(t, c, "rep@demo.test", demo.Password)
	attempt := rep.begin()
	p := records(t, storeFlags{data: data}, content.Sample())
	free := fill(t, disk)

	// What still fits into the log is taken, and then it is full.
	checked, full := "", false
	for question := 0; question < 17 && !full; question++ {
		form, shown := rep.fill(attempt, question)
		if a := rep.send(attempt+"/answers", form); a.status == http.StatusSeeOther {
			checked = shown
		} else {
			wantKept(t, "an answer", a, form)
			full = true
		}
	}
	if !full {
		t.Fatal("a disk without a free byte takes seventeen answers")
	}
	stood := attemptIn(t, p, attempt)
	right := rightly(t, p, attempt)
	submit := rep.send(attempt+"/submit", right)
	wantKept(t, "a submit", submit, right)
	if a := attemptIn(t, p, attempt); a.State != quiz.Open || a.Rev != stood.Rev {
		t.Errorf("the attempt is %s at revision %d, want it open at %d", a.State, a.Rev, stood.Rev)
	}
	if a := newVisitor(t, c).send("/login", url.Values{"email": {"rep3@demo.test"}, "password": {demo.Password}}); a.status != http.StatusServiceUnavailable ||
		!strings.Contains(html.UnescapeString(a.body), "The database can't be reached") || strings.Contains(a.body, `value="`+demo.Password) {
		t.Errorf("signing in: %d, want 503 and why; the page:\n%s", a.status, a.body)
	}
	if !rep.shows(attempt, checked) || !rep.shows(lesson, "Reading a box") {
		t.Error("what is there can't be read while the disk is full")
	}
	if !strings.Contains(c.stderr.String(), "is full; free some space, nothing was changed") {
		t.Error("the log does not say that the disk is full")
	}

	free()
	if a := rep.send(attempt+"/submit", submit.fields); a.status != http.StatusSeeOther || a.next != attempt+"/result" {
		t.Errorf("the form that came back, with space: %d to %q, want 303 to the result", a.status, a.next)
	}
	signedIn(t, c, "rep3@demo.test", demo.Password)
	c.stop()
	again := serve(t, "--demo", "--data", data)
	rep.base = again.url
	if !rep.shows(attempt+"/result", "Passed with 100 %") {
		t.Error("the result is not there after a restart")
	}
	again.stop()
}

// A start on a full disk says so in one line.
func TestStartOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "4m")
	data, fresh := demoData(t, disk), filepath.Join(disk, "fresh")
	if err := os.Mkdir(fresh, 0o700); err != nil {
		t.Fatal(err)
	}
	free := fill(t, disk)
	for what, folder := range map[string]string{"data that are there": data, "a new file": fresh} {
		c := begin(t, "serve", "--addr", "127.0.0.1:0", "--data", folder)
		code := c.end()
		if said := c.stderr.String(); code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "is full") || c.stdout.String() != "" {
			t.Errorf("%s: exit code %d, %q, %q; want 1 and one line that says that the disk is full", what, code, c.stdout, said)
		}
	}
	free()
	c := serve(t, "--demo", "--data", data)
	signedIn(t, c, "rep@demo.test", demo.Password)
	c.stop()
	serve(t, "--data", fresh).stop()
}
