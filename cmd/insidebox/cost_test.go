package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart starts the program, as "make build" builds it, on the sample
// library, and waits until it is ready: how long that takes in the middle of
// all runs, how much memory it then holds, and how large the binary is. The
// ratio is to the start of the same binary that only prints its version: what
// the machine takes for any program of this size.
func BenchmarkStart(b *testing.B) {
	binary, data := built(b), b.TempDir()
	var ready, bare time.Duration
	memory := 0.0
	for b.Loop() {
		began := time.Now()
		if err := exec.Command(binary, "version").Run(); err != nil {
			b.Fatal(err)
		}
		bare += time.Since(began)

		began = time.Now()
		c := startToReady(b, binary, data)
		ready += time.Since(began)
		memory = resident(c.cmd.Process.Pid)
		c.stop()
	}
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(ready.Milliseconds())/float64(b.N), "ms-to-ready")
	b.ReportMetric(float64(ready)/float64(bare), "ratio-to-version")
	b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
	if memory > 0 {
		b.ReportMetric(memory, "MB-resident")
	}
	b.ReportMetric(0, "ns/op") // it would count the stop as well
}

// built builds the program as "make build" does.
func built(b *testing.B) (binary string) {
	b.Helper()
	binary = filepath.Join(b.TempDir(), "insidebox")
	build := exec.Command("go", "build", "-tags", "nomsgpack", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", build, err, out)
	}
	return binary
}

// startToReady starts the server and returns as soon as it is ready.
func startToReady(b *testing.B, binary, data string, flags ...string) *child {
	b.Helper()
	c := starts(b, binary, append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, flags...)...)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		c.mustLive()
		found := address.FindStringSubmatch(c.stdout.String())
		if found == nil {
			continue
		}
		c.url = found[1]
		resp, err := http.Get(c.url + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return c
		}
	}
	b.Fatal("the server does not get ready")
	return nil
}

// residentLine is where Linux says how much memory a process holds.
var residentLine = regexp.MustCompile(`VmRSS:\s*(\d+) kB`)

// resident is the memory that a process holds, in MB; 0 where it can't be told.
func resident(pid int) float64 {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	found := residentLine.FindStringSubmatch(string(status))
	if found == nil {
		return 0
	}
	kilo, err := strconv.ParseFloat(strings.TrimSpace(found[1]), 64)
	if err != nil {
		return 0
	}
	return kilo * 1024 / 1e6
}
