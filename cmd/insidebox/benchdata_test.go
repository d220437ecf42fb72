package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/insidebox/insidebox/store/sqlitestore"
)

// TestBenchDataInterrupted stops bench-data by an interrupt: it says what to
// do, and the store is still one that can be read.
func TestBenchDataInterrupted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "half.db")
	c := begin(t, "bench-data", "--people", "50000", "--teams", "100", "--attempts", "1000000", "--store", file)
	eventually(t, "something in the store", func() bool {
		c.mustLive()
		info, err := os.Stat(file + "-wal")
		return err == nil && info.Size() > 1<<20
	})
	c.signal(syscall.SIGINT)
	if code := c.end(); code != 1 {
		t.Errorf("interrupted, it ended with exit code %d, want 1", code)
	}
	if said := c.stderr.String(); !strings.Contains(said, "stopped by a signal") || !strings.Contains(said, "remove it, and begin again") || strings.Count(said, "\n") != 1 {
		t.Errorf("interrupted, it said %q", said)
	}
	d, err := sqlitestore.Open(t.Context(), file, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if empty, err := d.Empty(t.Context()); empty || err != nil {
		t.Errorf("afterwards the store is empty: %v, %v", empty, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if got := call(t, nil, "", "bench-data", "--store", file); got.code != 1 || !strings.Contains(got.stderr, "if an earlier bench-data was stopped in it") {
		t.Errorf("a second time it says %q", got.stderr)
	}
}
