package main

import (
	"strings"
	"testing"
)

// The streams below are what the real runner prints, shortened to the fields
// that count.
func TestSummarise(t *testing.T) {
	for _, test := range []struct {
		name, in string
		ok       bool
		want     []string // in this order
		not      []string
	}{
		{
			name: "a package that passes shows its summary line and none of its chatter",
			in: `{"Action":"start","Package":"m/a"}
{"Action":"run","Package":"m/a","Test":"TestX"}
{"Action":"output","Package":"m/a","Test":"TestX","Output":"chatter\n"}
{"Action":"pass","Package":"m/a","Test":"TestX"}
{"Action":"output","Package":"m/a","Output":"PASS\n"}
{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t0.1s\n"}
{"Action":"pass","Package":"m/a"}
`,
			ok:   true,
			want: []string{"ok  \tm/a\t0.1s\n", "go test: 1 packages ok, 0 failed, 0 without tests; 1 tests passed, 0 failed, 0 skipped\n"},
			not:  []string{"chatter", "PASS"},
		},
		{
			name: "a test that fails shows what it said",
			in: `{"Action":"start","Package":"m/a"}
{"Action":"output","Package":"m/a","Test":"TestX","Output":"    a_test.go:7: got 1, want 2\n"}
{"Action":"fail","Package":"m/a","Test":"TestX"}
{"Action":"output","Package":"m/a","Output":"FAIL\tm/a\t0.1s\n"}
{"Action":"fail","Package":"m/a"}
`,
			want: []string{"a_test.go:7: got 1, want 2", "FAIL\tm/a", "0 packages ok, 1 failed", "1 failed, 0 skipped"},
		},
		{
			name: "a skipped test is named with its reason",
			in: `{"Action":"start","Package":"m/a"}
{"Action":"output","Package":"m/a","Test":"TestX","Output":"=== RUN   TestX\n"}
{"Action":"output","Package":"m/a","Test":"TestX","Output":"    a_test.go:7: no browser here\n"}
{"Action":"output","Package":"m/a","Test":"TestX","Output":"--- SKIP: TestX (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestX"}
{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t0.1s\n"}
{"Action":"pass","Package":"m/a"}
`,
			ok:   true,
			want: []string{"skipped: m/a.TestX: a_test.go:7: no browser here\n", "1 skipped"},
		},
		{
			name: "a build that fails shows the compiler's words",
			in: `{"ImportPath":"m/a","Action":"build-output","Output":"a.go:3:1: syntax error\n"}
{"ImportPath":"m/a","Action":"build-fail"}
{"Action":"start","Package":"m/a"}
{"Action":"output","Package":"m/a","Output":"FAIL\tm/a [build failed]\n"}
{"Action":"fail","Package":"m/a","FailedBuild":"m/a"}
`,
			want: []string{"a.go:3:1: syntax error", "FAIL\tm/a [build failed]", "1 failed"},
		},
		{
			name: "a test cut off by a panic shows its output",
			in: `{"Action":"start","Package":"m/a"}
{"Action":"output","Package":"m/a","Test":"TestX","Output":"panic: boom\n"}
{"Action":"output","Package":"m/a","Output":"FAIL\tm/a\t0.1s\n"}
{"Action":"fail","Package":"m/a"}
`,
			want: []string{"panic: boom", "FAIL\tm/a"},
		},
		{
			name: "a package that never ends is a failure",
			in:   `{"Action":"start","Package":"m/a"}` + "\n",
			want: []string{"FAIL\tm/a\tstarted and never finished", "1 failed"},
		},
		{
			name: "nothing to run is a failure, and foreign lines pass through",
			in:   "go: cannot find main module\n",
			want: []string{"go: cannot find main module\n", "0 packages ok"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			if ok := summarise(strings.NewReader(test.in), &out); ok != test.ok {
				t.Errorf("ok is %v, want %v; the report:\n%s", ok, test.ok, &out)
			}
			rest := out.String()
			for _, want := range test.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("%q is missing, or out of order, in:\n%s", want, &out)
				}
				rest = after
			}
			for _, not := range test.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q does not belong in:\n%s", not, &out)
				}
			}
		})
	}
}
