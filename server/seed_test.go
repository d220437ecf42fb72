package server_test

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// A seeded database: the demo people, one who has left, and a session for
// each, made once for all tests of a run.
type seeded struct {
	path    string
	cookies map[string]string // by e-mail address
}

// gone is a rep of Team North whose account is switched off.
const gone = "gone@demo.test"

var (
	demoFolder string // made and removed by TestMain
	demoOnce   = sync.OnceValues(seedDemo)
)

// TestMain makes the folder of the database that all tests copy.
func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	// The same walks in each run, unless the command line, which is read after this,
	// says otherwise: -rapid.seed, -rapid.checks and -rapid.steps go further.
	err := flag.Set("rapid.seed", "1")
	if err != nil {
		slog.Error("settle what the walks draw", "error", err)
		return 1
	}
	if demoFolder, err = os.MkdirTemp("", "insidebox-server"); err != nil {
		slog.Error("make a folder for the tests", "error", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(demoFolder) }()
	return m.Run()
}

func theDemo(t testing.TB) *seeded {
	t.Helper()
	s, err := demoOnce()
	if err != nil {
		t.Fatalf("seed the demo: %v", err)
	}
	return s
}

func seedDemo() (*seeded, error) {
	ctx := context.Background()
	s := &seeded{path: filepath.Join(demoFolder, "demo.db"), cookies: map[string]string{}}
	driver, err := sqlitestore.Open(ctx, s.path, sqlitestore.Options{})
	if err != nil {
		return nil, err
	}
	now := func() time.Time { return opening }
	shelf, _ := programme.NewShelf(content.Sample, now)
	if shelf.Library() == nil {
		return nil, errors.Join(driver.Close(), errors.New("the sample library has errors"))
	}
	err = demo.Seed(ctx, driver, shelf, opening, seeds(1_000_000))
	if err == nil {
		err = s.mint(ctx, store.New(driver), now)
	}
	return s, errors.Join(err, driver.Close())
}

// mint adds the one who has left and makes a session for everybody.
func (s *seeded) mint(ctx context.Context, st *store.Store, now func() time.Time) error {
	pp := newPeople(st, now)
	if err := st.Declare(ctx); err != nil {
		return err
	}
	if _, err := pp.Add(ctx, people.NewPerson{Email: gone, First: "Lee", Last: "Gone", Roles: []people.Role{people.RoleRep}, Team: "team-north"}); err != nil {
		return err
	}
	quick, err := pp.Hash(ctx, demo.Password) // the demo's own hash takes its time, as it must
	if err != nil {
		return err
	}
	page, err := pp.List(ctx, store.Cursor{}, 100)
	for _, p := range page.People {
		if err == nil {
			_, err = pp.People().Update(ctx, p.ID, func(p *people.Person) error { p.Password = quick; return nil })
		}
		if err == nil {
			_, s.cookies[p.Email], err = pp.OpenSession(ctx, p.ID, "Firefox/140 Linux")
		}
		if err == nil && p.Email == gone {
			_, err = pp.Disable(ctx, p.ID)
		}
	}
	return err
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
