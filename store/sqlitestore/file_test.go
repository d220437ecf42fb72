package sqlitestore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// raw opens a file behind the driver's back.
func raw(t testing.TB, path string) *sqlite.Conn {
	t.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func run(t testing.TB, conn *sqlite.Conn, sql string) {
	t.Helper()
	if err := sqlitex.ExecuteScript(conn, sql, nil); err != nil {
		t.Fatal(err)
	}
}

func integrity(t testing.TB, path string) (lines []string) {
	t.Helper()
	err := sqlitex.ExecuteTransient(raw(t, path), "PRAGMA integrity_check", &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		lines = append(lines, s.ColumnText(0))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// wantRefused checks that a file isn't opened, for a reason that names the
// file and contains some words, and is left as it was.
func wantRefused(t *testing.T, path string, words ...string) {
	t.Helper()
	before, _ := os.ReadFile(path)
	d, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
	if err == nil {
		d.Close()
		t.Fatalf("%s was opened, want it refused", path)
	}
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not contain %q: %v", w, err)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Errorf("%s was changed", path)
	}
}

func TestFileIsPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	path := filepath.Join(folder, "insidebox.db")
	if err := cardsAt(t, path).Insert(t.Context(), newCard(1)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{
		folder: 0o700 | fs.ModeDir, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode(), want)
		}
	}
}

func TestDataStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder with % and ?", "insidebox.db")
	d, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(d)
	c := store.NewCollection[card](s, cardSchema)
	if err := s.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(t.Context(), newCard(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(path + "-*"); len(left) > 0 {
		t.Errorf("after close these are left: %v, want everything in the file itself", left)
	}
	if _, err := cardsAt(t, path).Get(t.Context(), newCard(1).ID); err != nil {
		t.Errorf("after opening again: %v", err)
	}
}

func TestForeignFilesAreRefused(t *testing.T) {
	path := func(name string) string { return filepath.Join(t.TempDir(), name) }
	t.Run("another program's SQLite file", func(t *testing.T) {
		p := path("other.db")
		conn := raw(t, p)
		run(t, conn, "CREATE TABLE theirs (x)")
		conn.Close()
		wantRefused(t, p, "another program", p)
	})
	t.Run("a newer layout", func(t *testing.T) {
		p := path("newer.db")
		openAt(t, p).Close()
		conn := raw(t, p)
		run(t, conn, "PRAGMA user_version=2")
		conn.Close()
		wantRefused(t, p, "newer insidebox", p)
	})
	t.Run("text", func(t *testing.T) {
		p := path("text.db")
		if err := os.WriteFile(p, []byte(strings.Repeat("This is not a database. ", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, p, "not an SQLite file", p)
	})
	t.Run("a folder", func(t *testing.T) {
		wantRefused(t, t.TempDir())
	})
	t.Run("a folder that can't be", func(t *testing.T) {
		p := path("file")
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, filepath.Join(p, "insidebox.db"), "folder")
	})
	t.Run("no path", func(t *testing.T) { wantRefused(t, "") })
	t.Run("memory", func(t *testing.T) { wantRefused(t, ":memory:") })
}

func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	s := store.New(openAt(t, path))
	c := store.NewCollection[card](s, cardSchema)
	if err := s.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		if err := c.Insert(t.Context(), newCard(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 10 * 4096; i < len(data); i++ { // the stamp and the schema stay whole
		data[i] = 0x5a
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	c = cardsAt(t, path)
	_, err = c.Get(t.Context(), newCard(150).ID)
	if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("get: got %v, want ErrUnavailable and what to do about damage", err)
	}
	err = c.Insert(t.Context(), newCard(1000))
	if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("insert: got %v, want ErrUnavailable and what to do about damage", err)
	}
}

func TestMovedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	d := openAt(t, path)
	if err := d.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ping after the file was moved: got %v, want ErrUnavailable", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ping after it was replaced: got %v, want ErrUnavailable", err)
	}
	if err := os.Rename(path+".old", path); err != nil {
		t.Fatal(err)
	}
}

// TestCreatedByMany opens one new file many times at once.
func TestCreatedByMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	errs := make(chan error)
	for i := range 8 {
		go func() {
			d, err := sqlitestore.Open(context.Background(), path, sqlitestore.Options{})
			if err == nil {
				err = errors.Join(d.Declare(context.Background(), cardSchema), d.Close())
			}
			if err != nil {
				err = fmt.Errorf("opening %d: %w", i, err)
			}
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
