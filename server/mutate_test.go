package server_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mutating is the variable with which .ci/mutate asks for TestGuardsCount.
const mutating = "INSIDEBOX_MUTATE"

// TestGuardsCount takes every guard away in turn and wants a test to fail.
// All of them are in one build, made from copies with go test's -overlay; a
// variable of the process says which is away, so that nothing is built twice
// and the tree is not touched. With INSIDEBOX_MUTATE=policy only guards whose
// name or place has that word in it are tried.
func TestGuardsCount(t *testing.T) {
	asked := os.Getenv(mutating)
	if asked == "" {
		t.Skip("takes minutes: run .ci/mutate")
	}
	files := readRooms(t)
	list := append(routeGuards(t, files), guards...)
	rooms := buildWithout(t, files, list)
	passing := map[string]string{}
	for room, binary := range rooms {
		passing[room] = passedOf(t, room, binary, list)
	}
	survived, tried := 0, 0
	for _, g := range list {
		if asked != "all" && !strings.Contains(g.name+" "+g.where, asked) {
			continue
		}
		tried++
		killer := g.killer(t, rooms, passing)
		if killer == "" {
			survived++
			t.Errorf("%s SURVIVED: %s reads %s without it; make one of %v see that, or add a test", g.name, g.where, g.without, g.tests)
			killer = "SURVIVED"
		}
		fmt.Fprintf(os.Stdout, "%-52s %-38s %s\n", g.name, g.where, killer)
	}
	fmt.Fprintf(os.Stdout, "%d guards, %d killed, %d survived\n", tried, tried-survived, survived)
}

// A place is where a guard stands.
type place struct {
	file     *goFile
	function string
	expr     goExpr
}

// place finds the one expression that the guard means.
func (g guard) place(files []*goFile) (place, error) {
	path, function, _ := strings.Cut(g.where, " ")
	for _, f := range files {
		if f.path != path {
			continue
		}
		found := f.find(function, g.text)
		switch {
		case g.nth == 0 && len(found) != 1, g.nth > len(found):
			return place{}, fmt.Errorf("guard %q: %s has %d times %s; want it once, or nth to say which", g.name, g.where, len(found), g.text)
		}
		at := place{f, function, found[max(0, g.nth-1)]}
		if row, ok := at.expr.node.(*ast.CompositeLit); ok && len(row.Elts) == 4 { // a route's rule
			for _, fn := range f.funcs {
				if i := slices.IndexFunc(fn.exprs, func(e goExpr) bool { return e.node == row.Elts[2] }); i >= 0 {
					at.expr = fn.exprs[i]
				}
			}
		}
		return at, nil
	}
	return place{}, fmt.Errorf("guard %q: there is no %s", g.name, path)
}

// wrapped is the file with all of its guards made so that each can be taken
// away by its name.
func (f *goFile) wrapped(t testing.TB, files []*goFile, list []guard) (text string, any bool) {
	t.Helper()
	type insert struct {
		at, size, nth int
		text          string
		closes        bool
	}
	var inserts []insert
	for n, g := range list {
		at, err := g.place(files)
		if err != nil {
			t.Fatal(err)
		}
		if at.file != f {
			continue
		}
		before, after := "guarded("+fmt.Sprintf("%q", g.name)+", ", ", "+g.without+")"
		switch g.without {
		case "false":
			before, after = "(", fmt.Sprintf(" && !guardOff(%q))", g.name)
		case "true":
			before, after = "(", fmt.Sprintf(" || guardOff(%q))", g.name)
		}
		if g.without == "false" || g.without == "true" {
			before, after = before+"(", ")"+after
		}
		e := at.expr
		inserts = append(inserts, insert{e.from, e.to - e.from, n, before, false}, insert{e.to, e.to - e.from, n, after, true})
	}
	slices.SortStableFunc(inserts, func(a, b insert) int {
		switch {
		case a.at != b.at:
			return a.at - b.at
		case a.closes != b.closes && a.closes:
			return -1
		case a.closes != b.closes:
			return 1
		case a.closes:
			return cmp.Or(a.size-b.size, b.nth-a.nth)
		}
		return cmp.Or(b.size-a.size, a.nth-b.nth)
	})
	text, from := "", 0
	for _, in := range inserts {
		text += f.text[from:in.at] + in.text
		from = in.at
	}
	return text + f.text[from:], len(inserts) > 0
}

// switchboard is the file that each room gets beside its own.
const switchboard = `package %s

import (
	"os"
	"slices"
	"strings"
)

var guardsOff = strings.Split(os.Getenv("INSIDEBOX_WITHOUT"), "\n")

func guardOff(name string) bool { return slices.Contains(guardsOff, name) }

func guarded[T any](name string, with, without T) T {
	if guardOff(name) {
		return without
	}
	return with
}

var _ = guarded[int]
`

// buildWithout builds the rooms' tests with the guards made removable.
func buildWithout(t *testing.T, files []*goFile, list []guard) map[string]string {
	t.Helper()
	dir, root := t.TempDir(), absolute(t, "..")
	replace := map[string]string{}
	put := func(path, text string) {
		to := filepath.Join(dir, strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, path)] = to
	}
	for _, f := range files {
		if text, any := f.wrapped(t, files, list); any {
			put(f.path, text)
		}
	}
	for _, room := range guardedRooms {
		put(room+"/guardsoff.go", fmt.Sprintf(switchboard, room))
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	put("overlay.json", string(overlay))
	binaries := map[string]string{}
	for _, room := range guardedRooms {
		binaries[room] = filepath.Join(dir, room+".test")
		build := exec.Command("go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binaries[room], "./"+room)
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build the tests of %s with removable guards: %v\n%s", room, err, out)
		}
	}
	return binaries
}

func absolute(t testing.TB, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// splitTest is a test's room and name.
func splitTest(name string) (room, test string) {
	if room, test, ok := strings.Cut(name, " "); ok {
		return room, test
	}
	return "server", name
}

// runRoom runs tests of a room without some guards.
func runRoom(t testing.TB, room, binary, run string, without ...string) (out string, failed bool) {
	t.Helper()
	cmd := exec.Command(binary, "-test.v", "-test.failfast", "-test.timeout", "10m", "-test.run", run)
	cmd.Dir = absolute(t, filepath.Join("..", room))
	cmd.Env = append(os.Environ(), mutating+"=", "INSIDEBOX_WITHOUT="+strings.Join(without, "\n"))
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(text), err != nil
}

// passedOf runs all tests that the list names with every guard in its place.
func passedOf(t testing.TB, room, binary string, list []guard) string {
	t.Helper()
	var names []string
	for _, g := range list {
		for _, name := range g.tests {
			if in, test := splitTest(name); in == room {
				top, _, _ := strings.Cut(test, "/")
				names = append(names, top)
			}
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return ""
	}
	out, failed := runRoom(t, room, binary, "^("+strings.Join(slices.Compact(names), "|")+")$")
	if failed {
		t.Fatalf("the tests of %s fail with every guard in its place:\n%s", room, out)
	}
	return out
}

var failedTest = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)

// killer is the first of the guard's tests that fails without it.
func (g guard) killer(t testing.TB, rooms, passing map[string]string) string {
	t.Helper()
	for _, name := range g.tests {
		room, test := splitTest(name)
		if !regexp.MustCompile(`(?m)^ *--- PASS: ` + regexp.QuoteMeta(test) + ` `).MatchString(passing[room]) {
			t.Errorf("%s: there is no test %s in %s", g.name, test, room)
			continue
		}
		parts := strings.Split(test, "/")
		for i, part := range parts {
			parts[i] = "^" + regexp.QuoteMeta(part) + "$"
		}
		out, failed := runRoom(t, room, rooms[room], strings.Join(parts, "/"), append(g.along, g.name)...)
		if !failed {
			continue
		}
		if found := failedTest.FindAllStringSubmatch(out, -1); found != nil {
			return name
		}
		return name + ", by a panic or without end"
	}
	return ""
}
