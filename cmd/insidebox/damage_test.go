package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/programme/demo"
)

// killedWith are the data file and the log of a server that was killed.
func killedWith(t *testing.T, args ...string) (data, log string) {
	t.Helper()
	folder := t.TempDir()
	c := serve(t, append(args, "--data", folder)...)
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.end()
	return read(t, filepath.Join(folder, "insidebox.db")), read(t, filepath.Join(folder, "insidebox.db-wal"))
}

// A data file that is damaged ends the start with one line that says what to
// do; where the damage shows only later, the page is refused and the log says
// it. (What SQLite makes of each page and each byte is tried in sqlitestore.)
func TestServeDamagedFile(t *testing.T) {
	const page = 4096
	data, log := killedWith(t, "--demo")
	_, foreign := killedWith(t)
	rubbish := func(from, to int) string { return data[:from] + strings.Repeat("Z", to-from) + data[to:] }
	for name, test := range map[string]struct{ data, log, want string }{
		"cut in two":                {data[:len(data)/2], log, "go back to the last backup"},
		"cut in two, without a log": {data[:len(data)/2], "", "go back to the last backup"},
		"cut within a page":         {data[:len(data)/2+77], "", "go back to the last backup"},
		"the first page":            {rubbish(0, page), "", "go back to the last backup"},
		"all but the first page":    {rubbish(page, len(data)), "", "go back to the last backup"},
		"another file's log":        {data, foreign, "belongs to another file"},
		"an empty log":              {data, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, filepath.Join(folder, "insidebox.db"), test.data)
			if test.log != "" {
				write(t, filepath.Join(folder, "insidebox.db-wal"), test.log)
			}
			if test.want == "" { // the same way of making files, undamaged
				signedIn(t, serve(t, "--data", folder), "rep@demo.test", demo.Password)
				return
			}
			c := begin(t, "serve", "--addr", "127.0.0.1:0", "--data", folder)
			code := c.end()
			if said := c.stderr.String(); code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, test.want) || c.stdout.String() != "" {
				t.Errorf("exit code %d, %q, %q; want 1 and one line with %q", code, c.stdout, said, test.want)
			}
		})
	}
	for at := page; at < len(data); at += 24 * page {
		t.Run(fmt.Sprint("page ", at/page), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, filepath.Join(folder, "insidebox.db"), rubbish(at, min(at+page, len(data))))
			servesOrSays(t, folder)
		})
	}
}

// servesOrSays starts a server on a file with one page of rubbish: it ends
// with one line, or its pages are whole, or the log says what to do.
func servesOrSays(t *testing.T, folder string) {
	t.Helper()
	c := begin(t, "serve", "--addr", "127.0.0.1:0", "--data", folder)
	ended := false
	eventually(t, "the server's address, or its end", func() bool {
		select {
		case <-c.ended:
			ended = true
		default:
			c.findURL()
		}
		return ended || c.url != ""
	})
	const what = "go back to the last backup"
	if ended {
		if said := c.stderr.String(); c.end() != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, what) {
			t.Errorf("exit code %d, %q; want 1 and one line with what to do", c.end(), said)
		}
		return
	}
	v := newVisitor(t, c)
	a := v.send("/login", map[string][]string{"email": {"rep@demo.test"}, "password": {demo.Password}})
	statuses := []int{a.status}
	for _, path := range []string{"/", "/certificates", "/quizzes/the-box-check", lesson} {
		if a.status == http.StatusSeeOther {
			status, _ := v.get(path)
			statuses = append(statuses, status)
		}
	}
	for _, status := range statuses {
		if status != http.StatusOK && status != http.StatusSeeOther && !strings.Contains(c.stderr.String(), what) {
			t.Errorf("pages are answered %v, and the log does not say what to do", statuses)
		}
	}
	if strings.Contains(c.stderr.String(), "goroutine ") {
		t.Error("the server panicked")
	}
}
