package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// TestMain makes the test binary the program itself when it is called by its
// name: scripts and child servers run what users run, in processes of its own.
func TestMain(m *testing.M) {
	testscript.Main(withMongo{m}, map[string]func(){"insidebox": main, "ready-bytes": readyBytes})
}

// mongoServer is the MongoDB of the tests, if there is one.
var mongoServer *mongotest.Server

// withMongo runs the tests with it.
type withMongo struct{ tests *testing.M }

func (w withMongo) Run() int {
	var err error
	if mongoServer, err = mongotest.Start(os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "start the wire server:", err)
		return 1
	}
	defer mongoServer.Stop()
	return w.tests.Run()
}

// TestScripts runs the command lines in testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fails": fails, "exits": exits, "sample": sample, "append": appendLine, "bom": bom,
		},
		Setup: func(env *testscript.Env) error {
			env.Vars = slices.DeleteFunc(env.Vars, func(v string) bool { return strings.HasPrefix(v, "INSIDEBOX_") })
			return nil
		},
	})
}

// exits CODE COMMAND…: runs it and wants that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// fails CODE COMMAND…: exits, with exactly one line on standard error, the
// program's name in front, and nothing on standard output.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	exits(ts, neg, args)
	out, line := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if out != "" {
		ts.Fatalf("standard output is not empty")
	}
	if !strings.HasPrefix(line, "insidebox: ") || strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
		ts.Fatalf("want one line of error that begins with the program's name, got %q", line)
	}
}

// sample DIR: writes the sample library.
func sample(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), content.Sample()))
}

// append FILE LINE: adds a line at the end.
func appendLine(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	text, err := os.ReadFile(file)
	ts.Check(err)
	ts.Check(os.WriteFile(file, append(text, args[1]+"\n"...), 0o600))
}

// bom FILE: puts a byte order mark in front, as Excel does.
func bom(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	text, err := os.ReadFile(file)
	ts.Check(err)
	ts.Check(os.WriteFile(file, append([]byte("\uFEFF"), text...), 0o600))
}

// A result is what a call of the program left.
type result struct {
	code           int
	stdout, stderr string
}

// call runs the program in this process, with these variables and this input.
func call(t testing.TB, vars map[string]string, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, func(name string) string { return vars[name] }, strings.NewReader(stdin), &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// succeeds is call, and ends the test when the program fails.
func succeeds(t testing.TB, args ...string) string {
	t.Helper()
	got := call(t, nil, "", args...)
	if got.code != 0 {
		t.Fatalf("insidebox %s: exit code %d\n%s%s", strings.Join(args, " "), got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

// write writes a file, and its folder when that is missing.
func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
