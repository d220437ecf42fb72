// Testreport turns the event stream of `go test -json` into what a person
// wants to read, and says at the end what ran.
//
//	go test -json ./... | go run ./.ci/testreport
//
// While the tests run it prints each package's own summary line ("ok …",
// "FAIL …") as it comes, and before the line of a package that failed the
// whole output of each test in it that failed; the output of tests that passed
// is dropped. At the end come the skipped tests, each with its reason, for a
// test that did not run must not look like one that passed, and one line of
// counts. Subtests count as tests.
//
// Lines that are no events (a compiler's complaint on older Go versions) are
// passed on as they are. The exit code is 1 when a test or a build failed,
// when a package started and never finished, or when there was nothing to run.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

// An event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action  string // start, run, output, pass, fail, skip, build-output, …
	Package string
	Test    string // empty: the event is the package's
	Output  string
}

// A testID names a test in the whole module.
type testID struct{ Package, Test string }

// A report is what has been seen so far.
type report struct {
	out     io.Writer
	output  map[testID][]string // of tests and packages that still run
	running map[string]bool     // packages that started and have not ended
	skips   []string            // "package.Test: reason"

	packagesOK, packagesFailed, packagesEmpty int
	passed, failed                            int
}

func main() {
	if !summarise(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// summarise reads events to the end of in and reports on out; it is true when
// everything that was to run ran and passed.
func summarise(in io.Reader, out io.Writer) bool {
	r := &report{out: out, output: map[testID][]string{}, running: map[string]bool{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		r.line(line)
		if err != nil {
			break
		}
	}
	return r.finish()
}

func (r *report) line(line string) {
	var e event
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &e) != nil {
		fmt.Fprint(r.out, line)
		return
	}
	id := testID{e.Package, e.Test}
	switch e.Action {
	case "start":
		r.running[e.Package] = true
	case "output":
		r.output[id] = append(r.output[id], e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(id, e.Action)
		} else {
			r.endTest(id, e.Action)
		}
		delete(r.output, id)
	}
}

func (r *report) endTest(id testID, action string) {
	switch action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		fmt.Fprint(r.out, strings.Join(r.output[id], ""))
	case "skip":
		r.skips = append(r.skips, fmt.Sprintf("%s.%s: %s", id.Package, id.Test, reason(r.output[id])))
	}
}

// endPackage prints the package's last line, which is the runner's summary of
// it. Of a package that failed it prints all that belongs to no single test:
// the output of TestMain, or of a panic outside any test.
func (r *report) endPackage(id testID, action string) {
	delete(r.running, id.Package)
	output := r.output[id]
	switch action {
	case "fail":
		r.packagesFailed++
		r.unfinished(id.Package)
		fmt.Fprint(r.out, strings.Join(output, ""))
	case "skip":
		r.packagesEmpty++
	default:
		r.packagesOK++
		if len(output) > 0 {
			fmt.Fprint(r.out, output[len(output)-1])
		}
	}
}

// unfinished prints the output of tests that were running when their package
// ended: those that a panic or the time limit cut off.
func (r *report) unfinished(pkg string) {
	var cut []testID
	for id := range r.output {
		if id.Package == pkg && id.Test != "" {
			cut = append(cut, id)
		}
	}
	sort.Slice(cut, func(i, j int) bool { return cut[i].Test < cut[j].Test })
	for _, id := range cut {
		fmt.Fprint(r.out, strings.Join(r.output[id], ""))
		delete(r.output, id)
	}
}

// reason picks what a skipped test said for itself out of its output, which
// also holds the runner's "=== RUN" and "--- SKIP" lines.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, " ")
}

func (r *report) finish() bool {
	for pkg := range r.running {
		r.packagesFailed++
		r.unfinished(pkg)
		fmt.Fprintf(r.out, "FAIL\t%s\tstarted and never finished\n", pkg)
	}
	sort.Strings(r.skips)
	for _, s := range r.skips {
		fmt.Fprintf(r.out, "skipped: %s\n", s)
	}
	fmt.Fprintf(r.out, "go test: %d packages ok, %d failed, %d without tests; %d tests passed, %d failed, %d skipped\n",
		r.packagesOK, r.packagesFailed, r.packagesEmpty, r.passed, r.failed, len(r.skips))
	return r.packagesFailed == 0 && r.failed == 0 && r.packagesOK > 0
}
