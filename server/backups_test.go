package server_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/insidebox/insidebox/store/archive"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// TestOldBackups: a backup that an earlier program made is restored, and everybody's
// pages and forms work on what is in it. The files in testdata/backups stay as they are:
// where what is stored gets another shape, a new one comes beside them.
func TestOldBackups(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/backups/*.insidebox")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no backups: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			site := newRig(t, withFile(restored(t, file)))
			site.drain()
			for _, who := range everyone {
				if who == "" {
					continue
				}
				v := visitAll(site.opens(who))
				if least := 6; len(v.paths) < least {
					t.Errorf("%s comes to %v, want %d pages or more", who, v.paths, least)
				}
				v.again(t, site.opens(who), "restored")
			}
			site.drain()
		})
	}
}

// restored is a new data file with what is in the backup.
func restored(t *testing.T, backup string) string {
	t.Helper()
	data, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "restored.db")
	driver, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = archive.Restore(t.Context(), bytes.NewReader(data), driver, false, func(string, int, bool) {})
	if err != nil {
		t.Fatalf("restore %s: %v", backup, err)
	}
	if err := driver.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// opens is a browser of somebody whose session is made now, in these data.
func (r *rig) opens(email string) *client {
	r.Helper()
	_, cookie, err := r.People.OpenSession(r.Context(), r.person(email).ID, "Firefox/140 Linux")
	r.must(err)
	c := r.as("nobody")
	c.who, c.cookies["insidebox"] = email, cookie
	return c
}
