package sqlitestore_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/insidebox/insidebox/store"
)

// TestReadOnlyFile opens as somebody else: root may write everything.
func TestReadOnlyFile(t *testing.T) {
	folder, err := os.MkdirTemp("", "insidebox-read-only") //nolint:usetesting // t.TempDir lies in folders that somebody else may not enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	path := filepath.Join(folder, "insidebox.db")
	openAt(t, path).Close()
	if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		wantRefused(t, path, "can't be written", path)
		return
	}
	// A copy of this program in a place that others can reach.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(folder, "tests")
	if err := os.WriteFile(copied, program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := child(t, "open", path, "")
	cmd.Path, cmd.Dir, cmd.Stderr = copied, folder, nil
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Run(); err == nil || !strings.Contains(out.String(), "can't be written") {
		t.Errorf("opening as another user: %v, said %q, want a refusal with \"can't be written\"", err, out.String())
	}
}

// TestFullDisk fills a small file system.
func TestFullDisk(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a full disk needs a file system of 2 MB, which can't be mounted here (user %d): %v", os.Getuid(), err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	path := filepath.Join(folder, "insidebox.db")
	c := cardsAt(t, path)
	filler := filepath.Join(folder, "filler")
	if err := os.WriteFile(filler, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; ; n++ {
		err := c.Insert(t.Context(), newCard(n))
		if err == nil {
			continue
		}
		if !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) || !strings.Contains(err.Error(), "full") {
			t.Errorf("on a full disk: got %v, want ErrUnavailable and nothing in doubt", err)
		}
		break
	}
	for i := range n {
		if _, err := c.Get(t.Context(), newCard(i).ID); err != nil {
			t.Errorf("card %d of %d, which were acknowledged: %v", i, n, err)
		}
	}
	if _, err := c.Get(t.Context(), newCard(n).ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the refused card: got %v, want ErrNotFound", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), newCard(n)); err != nil {
		t.Errorf("after space was made: %v", err)
	}
}
