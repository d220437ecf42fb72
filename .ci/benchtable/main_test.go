package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const measured = `goos: linux
cpu: Some Processor
BenchmarkLessonPage/plain-2   	       3	      9453 pages/s	         0.8074 ratio-p99-at-32-to-ready-bytes	         0.3000 ratio-to-nginx	         0.6200 ratio-to-ready-bytes	  12 B/op
BenchmarkLessonPage/gzip-2    	       1	      5085 pages/s	         1.8658 ratio-p99-at-32-to-ready-bytes	         0.2500 ratio-to-nginx	         0.5000 ratio-to-ready-bytes
BenchmarkQuizPath-2           	      10	         0.8 ms-start	0.4 ms-sheet	0.7 ms-save	1.5 ms-submit	3.0 ms-result
BenchmarkStart 	 3	 180 ms-to-ready	 59.9 MB-resident	 42.7 MB-binary
BenchmarkLoadSomething-2 	 3	 99 ratio-goldmark
page weight of /courses/x: first view 84.5 KB (bar 90), second view 5.8 KB (bar 15)
machine: 2 cores, load 1.0
page     performance (98)  accessibility (100)  best practices (95)
login    99                100                  96
board    97 UNDER          100                  100   median of 96, 97, 99
`

// TestTable holds each kind of row: a range, several figures, a bar that is
// just reached, one that must not be reached, one that is missed.
func TestTable(t *testing.T) {
	figures, cpu := read(strings.NewReader(measured))
	var out strings.Builder
	missed := print(&out, figures, false)
	for _, want := range []string{
		"against our handler of ready bytes | at least 0.5 | 0.50 to 0.62 | yes |",
		"the same against nginx | at least 0.22 | 0.25 to 0.30 | yes |",
		"against ready bytes | at most 1.5 × | 0.81 to 1.87 × | **no** |",
		"submit, result | each under 3 ms | 0.80, 0.40, 0.70, 1.50, 3 ms | **no** |",
		"start to ready | under 300 ms | 180 ms | yes |",
		"after a start | under 60 MB | 59.9 MB | yes |",
		"against goldmark | at most 2.5 × | NOT MEASURED | |",
		"compressed | under 90 KB | 84.5 KB | yes |",
		"second view | under 15 KB | 5.80 KB | yes |",
		"performance | at least 98 | 97 to 99 | **no** |",
		"accessibility | 100 | 100 | yes |",
		"best practices | at least 95 | 96 to 100 | yes |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no row with %q in\n%s", want, &out)
		}
	}
	if missed != 3 || cpu != "Some Processor" {
		t.Errorf("%d missed, on %q; want 3, on the processor", missed, cpu)
	}
	var part strings.Builder
	if print(&part, figures, true); strings.Contains(part.String(), "NOT MEASURED") || strings.Count(part.String(), "\n") >= strings.Count(out.String(), "\n") {
		t.Errorf("only what was measured is\n%s", &part)
	}
	if said := machine(cpu); !strings.Contains(said, "Some Processor, ") || !strings.Contains(said, " cores") || !strings.Contains(said, "go1.") {
		t.Errorf("the machine is %q", said)
	}
}

// TestRowsAreMeasured holds that every unit of the table is one that a
// benchmark reports.
func TestRowsAreMeasured(t *testing.T) {
	var code strings.Builder
	for _, room := range []string{"server", "content", "standard", "cmd/insidebox"} {
		files, err := filepath.Glob(filepath.Join("..", "..", room, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no benchmarks in %s: %v", room, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(text)
		}
	}
	for _, r := range rows {
		bench, _, _ := strings.Cut(r.bench, "/")
		if bench == "weight" || bench == "lighthouse" {
			continue
		}
		if !strings.Contains(code.String(), "func Benchmark"+bench+"(") {
			t.Errorf("%q: there is no Benchmark%s", r.what, bench)
		}
		for _, unit := range r.units {
			prefix, _, _ := strings.Cut(unit, "-")
			if !strings.Contains(code.String(), `"`+unit+`"`) && !strings.Contains(code.String(), `"`+prefix+`-`) {
				t.Errorf("%q: no benchmark reports %q", r.what, unit)
			}
		}
	}
}
