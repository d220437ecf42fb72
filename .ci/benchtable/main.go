// Benchtable gathers what `make bench` measured into one table beside the bars:
//
//	cat bench.txt weight.txt lighthouse.txt | go run ./.ci/benchtable
//
// It reads the lines of `go test -bench`, of the page weight and of Lighthouse,
// and leaves out all others. Where several benchmarks or pages stand for one
// row, the worst counts, and both ends are shown. A row that nothing was
// measured for says so; with -some, as when only some benchmarks ran, it is
// left out. The exit code is 1 when a bar is missed.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// A row is one line of the table: figures of one kind, and their bar.
type row struct {
	what    string
	bench   string // of which benchmark, its subbenchmarks included
	units   []string
	least   bool // the bar is what is wanted at least; else at most
	bar     float64
	strict  bool   // reaching the bar is not enough
	barText string // how the bar reads
	unit    string // behind what was measured
}

var rows = []row{
	{what: "lesson page, signed in, 10,000 people, 8 connections, against our handler of ready bytes", bench: "LessonPage", units: []string{"ratio-to-ready-bytes"}, least: true, bar: 0.5, barText: "at least 0.5"},
	{what: "the same against nginx", bench: "LessonPage", units: []string{"ratio-to-nginx"}, least: true, bar: 0.22, barText: "at least 0.22"},
	{what: "its 99th percentile at 32 connections, against ready bytes", bench: "LessonPage", units: []string{"ratio-p99-at-32-to-ready-bytes"}, bar: 1.5, barText: "at most 1.5 ×", unit: " ×"},
	{what: "documents read for a lesson page", bench: "LessonPage", units: []string{"documents-read"}, bar: 2, barText: "at most 2"},
	{what: "quiz path at the median: start, sheet, save, submit, result", bench: "QuizPath", units: []string{"ms-start", "ms-sheet", "ms-save", "ms-submit", "ms-result"}, bar: 3, strict: true, barText: "each under 3 ms", unit: " ms"},
	{what: "writes before the answer: start, save", bench: "QuizPath", units: []string{"writes-start", "writes-save"}, bar: 1, barText: "at most 1"},
	{what: "writes before the answer: submit that certifies", bench: "QuizPath", units: []string{"writes-submit"}, bar: 2, barText: "at most 2"},
	{what: "submits a second, 32 at once, against the store's writes of documents as long", bench: "Submits", units: []string{"ratio-to-writes-as-long"}, least: true, bar: 0.4, barText: "at least 0.4"},
	{what: "team board, 50 reps × 30 offerings, in a company of 100,000 with 2 million attempts, against one of 100", bench: "TeamBoard/board", units: []string{"ratio-100000-to-100"}, bar: 1.5, barText: "at most 1.5 ×", unit: " ×"},
	{what: "load and check of 1,000 lessons with 200 quizzes, against goldmark", bench: "Load/library", units: []string{"ratio-goldmark"}, bar: 2.5, barText: "at most 2.5 ×", unit: " ×"},
	{what: "the same with a scenario of 500 scenes", bench: "Load/with-500-scenes", units: []string{"ratio-goldmark"}, bar: 2.5, barText: "at most 2.5 ×", unit: " ×"},
	{what: "an answer to \"can I sell this?\", 200 offerings with 12 dimensions, nothing fits", bench: "Match", units: []string{"ms-answer"}, bar: 5, strict: true, barText: "under 5 ms", unit: " ms"},
	{what: "start to ready", bench: "Start", units: []string{"ms-to-ready"}, bar: 300, strict: true, barText: "under 300 ms", unit: " ms"},
	{what: "resident memory after a start", bench: "Start", units: []string{"MB-resident"}, bar: 60, strict: true, barText: "under 60 MB", unit: " MB"},
	{what: "binary", bench: "Start", units: []string{"MB-binary"}, bar: 45, strict: true, barText: "under 45 MB", unit: " MB"},
	{what: "first view of a lesson, everything included, compressed", bench: "weight", units: []string{"first"}, bar: 90, strict: true, barText: "under 90 KB", unit: " KB"},
	{what: "second view", bench: "weight", units: []string{"second"}, bar: 15, strict: true, barText: "under 15 KB", unit: " KB"},
	{what: "Lighthouse on five pages: performance", bench: "lighthouse", units: []string{"performance"}, least: true, bar: 98, barText: "at least 98"},
	{what: "accessibility", bench: "lighthouse", units: []string{"accessibility"}, least: true, bar: 100, barText: "100"},
	{what: "best practices", bench: "lighthouse", units: []string{"best practices"}, least: true, bar: 95, barText: "at least 95"},
}

// A figure is one thing that was measured.
type figure struct {
	bench, unit string
	value       float64
}

func main() {
	some := flag.Bool("some", false, "leave out rows that nothing was measured for")
	flag.Parse()
	figures, cpu := read(os.Stdin)
	fmt.Println("machine:", machine(cpu))
	if missed := print(os.Stdout, figures, *some); missed > 0 {
		fmt.Printf("%d missed\n", missed)
		os.Exit(1)
	}
}

var (
	// BenchmarkLessonPage/plain-2   3   9453 pages/s   0.33 ratio-to-ready-bytes
	benchLine = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)
	pair      = regexp.MustCompile(`(\S+) (\S+)`)
	// page weight of /…: first view 84.5 KB (bar 90), second view 5.8 KB (bar 15)
	weightLine = regexp.MustCompile(`^page weight of .*: first view ([\d.]+) KB .*second view ([\d.]+) KB`)
	// login    99                100                  96
	lighthouseLine = regexp.MustCompile(`^(?:login|home|lesson|quiz|board)\s+(\d+)(?: UNDER)?\s+(\d+)(?: UNDER)?\s+(\d+)(?: UNDER)?`)
)

// read finds the figures, and what the benchmarks say of the processor.
func read(in io.Reader) (figures []figure, cpu string) {
	lines := bufio.NewScanner(in)
	add := func(bench, unit, text string) {
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			figures = append(figures, figure{bench, unit, value})
		}
	}
	for lines.Scan() {
		line := lines.Text()
		if m := benchLine.FindStringSubmatch(line); m != nil {
			for _, p := range pair.FindAllStringSubmatch(strings.Join(strings.Fields(m[2]), " "), -1) {
				add(m[1], p[2], p[1])
			}
		} else if m := weightLine.FindStringSubmatch(line); m != nil {
			add("weight", "first", m[1])
			add("weight", "second", m[2])
		} else if m := lighthouseLine.FindStringSubmatch(line); m != nil {
			add("lighthouse", "performance", m[1])
			add("lighthouse", "accessibility", m[2])
			add("lighthouse", "best practices", m[3])
		} else if text, ok := strings.CutPrefix(line, "cpu: "); ok {
			cpu = text
		}
	}
	return figures, cpu
}

// print prints the table and returns how many bars were missed.
func print(out io.Writer, figures []figure, some bool) (missed int) {
	fmt.Fprintf(out, "| what | bar | measured | held |\n|---|---|---|---|\n")
	for _, r := range rows {
		values := r.of(figures)
		switch {
		case len(values) > 0 && r.held(values):
			fmt.Fprintf(out, "| %s | %s | %s | yes |\n", r.what, r.barText, r.text(values))
		case len(values) > 0:
			missed++
			fmt.Fprintf(out, "| %s | %s | %s | **no** |\n", r.what, r.barText, r.text(values))
		case !some:
			fmt.Fprintf(out, "| %s | %s | NOT MEASURED | |\n", r.what, r.barText)
		}
	}
	return missed
}

// of picks the row's figures, in the order of its units.
func (r row) of(figures []figure) (values []float64) {
	for _, unit := range r.units {
		for _, f := range figures {
			if f.unit == unit && (f.bench == r.bench || strings.HasPrefix(f.bench, r.bench+"/")) {
				values = append(values, f.value)
			}
		}
	}
	return values
}

func (r row) held(values []float64) bool {
	for _, v := range values {
		if r.least && v < r.bar || !r.least && v > r.bar || r.strict && v == r.bar {
			return false
		}
	}
	return true
}

// text is each figure of a row that has several units, else the range.
func (r row) text(values []float64) string {
	var words []string
	if len(r.units) > 1 && len(values) == len(r.units) {
		for _, v := range values {
			words = append(words, number(v))
		}
		return strings.Join(words, ", ") + r.unit
	}
	least, most := values[0], values[0]
	for _, v := range values {
		least, most = min(least, v), max(most, v)
	}
	if number(least) == number(most) {
		return number(least) + r.unit
	}
	return number(least) + " to " + number(most) + r.unit
}

// number shows two places of what is small, and no more than is of use.
func number(v float64) string {
	switch {
	case v == float64(int64(v)) || v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// machine says on what it was measured: ratios hold elsewhere, figures don't.
func machine(cpu string) string {
	if cpu == "" {
		cpu = runtime.GOARCH
	}
	text := fmt.Sprintf("%s, %d cores", cpu, runtime.NumCPU())
	if memory, err := os.ReadFile("/proc/meminfo"); err == nil {
		if m := regexp.MustCompile(`MemTotal:\s+(\d+) kB`).FindSubmatch(memory); m != nil {
			kilo, _ := strconv.Atoi(string(m[1])) // digits
			text += fmt.Sprintf(", %.0f GB", float64(kilo)*1024/1e9)
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		text += ", load " + strings.Fields(string(load))[0]
	}
	return text + fmt.Sprintf(", %s, %s", runtime.GOOS, runtime.Version())
}
