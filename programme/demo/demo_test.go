package demo_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// today is a Friday in autumn, in the afternoon.
var today = time.Date(2026, time.November, 20, 14, 30, 0, 0, time.UTC)

// A site is a data file with what looks into it.
type site struct {
	t     *testing.T
	path  string
	shelf *programme.Shelf
	seeds atomic.Uint64
}

func newSite(t *testing.T) *site {
	t.Helper()
	shelf, findings := programme.NewShelf(func() fs.FS { return content.Sample() }, func() time.Time { return today })
	if shelf.Library() == nil {
		t.Fatalf("the sample library: %v", findings)
	}
	return &site{t: t, path: filepath.Join(t.TempDir(), "insidebox.db"), shelf: shelf}
}

func (s *site) open(hook func(store.Call) error) (*store.Store, store.Driver, *atomic.Int64) {
	s.t.Helper()
	driver, err := sqlitestore.Open(s.t.Context(), s.path, sqlitestore.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	var writes atomic.Int64
	observed := store.Observe(driver, func(c store.Call) {
		if c.Write && c.Op != "Declare" {
			writes.Add(1)
		}
	}, store.WithBefore(func(_ context.Context, c store.Call) error {
		if hook == nil {
			return nil
		}
		return hook(c)
	}))
	return store.New(observed), observed, &writes
}

// seed seeds the file as of a moment and returns how much it wrote.
func (s *site) seed(now time.Time, hook func(store.Call) error) (int64, error) {
	s.t.Helper()
	st, driver, writes := s.open(hook)
	defer func() {
		if err := st.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	}()
	err := demo.Seed(s.t.Context(), driver, s.shelf, now, func() (seed [32]byte) {
		binary.BigEndian.PutUint64(seed[:], s.seeds.Add(1))
		return seed
	})
	return writes.Load(), err
}

// look says of everybody where they stand, from the record alone and exactly,
// which must be the same.
func (s *site) look() (lines []string) {
	s.t.Helper()
	st, _, writes := s.open(nil)
	defer func() {
		if err := st.Close(); err != nil {
			s.t.Errorf("close: %v", err)
		}
	}()
	clock := func() time.Time { return today }
	pp := people.New(st, people.Options{Now: clock})
	prog := programme.New(st, pp, s.shelf, programme.Options{Now: clock, Log: slog.New(slog.DiscardHandler)})
	ctx := s.t.Context()
	if err := errors.Join(st.Declare(ctx), prog.Open(ctx)); err != nil {
		s.t.Fatal(err)
	}
	page, err := pp.List(ctx, store.Cursor{}, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range page.People {
		teams, err := pp.Managed(ctx, p)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, team := range teams {
			lines = append(lines, fmt.Sprintf("%s manages %s", p.Email, team.ID))
		}
		exact, err := prog.StandingOf(ctx, p.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		record, err := prog.Record(ctx, p.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		line := s.words(prog, p, exact)
		if board := s.words(prog, p, programme.Recorded(p.ID, record)); board != line {
			s.t.Errorf("a board says %q, her own page %q", board, line)
		}
		if len(exact.Evidence.Tries)+len(exact.Evidence.Read) > 0 || p.Team != "" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	if n := writes.Load(); n != 0 {
		s.t.Errorf("looking writes %d documents", n)
	}
	return lines
}

func (s *site) words(prog *programme.Programme, p *people.Person, st *programme.Standing) string {
	lib := s.shelf.Library()
	cl := prog.Clearance(st, lib.Certification("sell-records-search"))
	words := fmt.Sprintf("%s, %s: %s", p.Email, p.Team, cl.State)
	if cl.Certificate != "" {
		words += " until " + cl.Until.In(lib.Location).Format("2 January 2006")
	}
	if cl.State == certify.Failed {
		words += " until " + cl.FreeAt.In(lib.Location).Format("2 January 2006, 15:04")
	}
	tries := st.Evidence.Tries["the-box-check"]
	passed := 0
	for _, t := range tries {
		if t.Passed {
			passed++
		}
	}
	words += fmt.Sprintf("; %d lessons, %d attempts, %d passed", len(st.Evidence.Read), len(tries), passed)
	for _, c := range lib.Certifications {
		cl := prog.Clearance(st, c)
		if c.ID != "sell-records-search" && cl.State != certify.NotStarted && cl.State != certify.Blocked {
			words += fmt.Sprintf("; %s %s", c.ID, cl.State)
		}
	}
	return words
}

// stories is what the cast has come to on that Friday.
var stories = []string{
	"manager2@demo.test manages team-south",
	"manager@demo.test manages team-north",
	"rep10@demo.test, team-south: failed until 25 November 2026, 10:12; 1 lessons, 2 attempts, 0 passed",
	"rep11@demo.test, team-south: not-started; 0 lessons, 0 attempts, 0 passed",
	"rep12@demo.test, team-south: cleared until 21 October 2027; 17 lessons, 2 attempts, 2 passed; sell-alerts-and-portal in-progress; sell-checks cleared; sell-copies in-progress",
	"rep2@demo.test, team-north: cleared until 13 June 2027; 16 lessons, 1 attempts, 1 passed; sell-alerts-and-portal in-progress; sell-checks in-progress; sell-copies cleared",
	"rep3@demo.test, team-north: in-progress; 2 lessons, 0 attempts, 0 passed",
	"rep4@demo.test, team-north: failed until 21 November 2026, 05:42; 3 lessons, 1 attempts, 0 passed",
	"rep5@demo.test, team-north: locked; 3 lessons, 3 attempts, 0 passed",
	"rep6@demo.test, team-north: expiring until 10 December 2026; 17 lessons, 1 attempts, 1 passed; sell-alerts-and-portal cleared; sell-checks waiting; sell-copies in-progress",
	"rep7@demo.test, team-south: expired until 26 October 2026; 12 lessons, 1 attempts, 1 passed; sell-checks in-progress; sell-copies cleared",
	"rep8@demo.test, team-south: cleared until 6 November 2027; 9 lessons, 1 attempts, 1 passed; sell-alerts-and-portal in-progress; sell-checks in-progress; sell-copies failed",
	"rep9@demo.test, team-south: in-progress; 3 lessons, 1 attempts, 0 passed",
	"rep@demo.test, team-north: not-started; 0 lessons, 0 attempts, 0 passed",
}

func checkStories(t *testing.T, s *site) {
	t.Helper()
	if diff := cmp.Diff(stories, s.look()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestSeed holds that everybody is where the stories say, whatever was drawn,
// and that seeding again changes nothing.
func TestSeed(t *testing.T) {
	for first := range uint64(3) {
		s := newSite(t)
		s.seeds.Store(first * 1000)
		if _, err := s.seed(today, nil); err != nil {
			t.Fatalf("seeds from %d: %v", first*1000, err)
		}
		checkStories(t, s)
		if writes, err := s.seed(today.AddDate(0, 1, 0), nil); writes != 0 || err != nil {
			t.Errorf("seeding again: %d writes, %v", writes, err)
		}
	}
}

// TestAnotherLibrary: the demo comes to any library, of which the stories live what
// there is. In this one a certificate also waits for a signature, so that whoever has
// passed may not begin again, and there is no portal that a request could be answered by.
func TestAnotherLibrary(t *testing.T) {
	archive, err := txtar.ParseFile("../../content/testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		text := string(f.Data)
		if f.Name == "library.md" {
			text = strings.Replace(text, "label: Volume}", "label: Volume}\n  customisation: {kind: all-of, values: [own-portal], label: Customisation}\n  setup: {kind: no-more-than, unit: bd, label: Time to set up}", 1)
		}
		tree[f.Name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := newSite(t)
	shelf, findings := programme.NewShelf(func() fs.FS { return tree }, func() time.Time { return today })
	if shelf.Library() == nil {
		t.Fatalf("the library: %v", findings)
	}
	s.shelf = shelf
	if _, err := s.seed(today, nil); err != nil {
		t.Fatal(err)
	}
	if writes, err := s.seed(today, nil); writes != 0 || err != nil {
		t.Errorf("seeding again: %d writes, %v", writes, err)
	}
	lines := strings.Join(s.look(), "\n")
	for _, sign := range demo.Signs() {
		if slices.Contains([]string{"rep@demo.test", "rep2@demo.test", "rep12@demo.test"}, sign.Email) && !strings.Contains(lines, sign.Email+",") {
			t.Errorf("%s is not there:\n%s", sign.Email, lines)
		}
	}
}

// TestSignIns holds that the sign-ins that are shown work.
func TestSignIns(t *testing.T) {
	s := newSite(t)
	if _, err := s.seed(today, nil); err != nil {
		t.Fatal(err)
	}
	st, _, _ := s.open(nil)
	defer func() {
		if err := st.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	pp := people.New(st, people.Options{Now: func() time.Time { return today }})
	if err := st.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, sign := range demo.Signs() {
		p, _, err := pp.SignIn(t.Context(), sign.Email, demo.Password, "a test", "192.0.2.1")
		if err != nil || p.Email != sign.Email {
			t.Errorf("sign in %s: %v", sign.Email, err)
		}
	}
}

// TestInterrupted breaks the seeding off at many writes. The next one, hours
// later, completes it, to the same stories.
func TestInterrupted(t *testing.T) {
	s := newSite(t)
	total, err := s.seed(today, nil)
	if err != nil {
		t.Fatal(err)
	}
	points := []int64{1, 2, 3, 40}
	for at := int64(60); at < total; at += 17 {
		points = append(points, at)
	}
	points = append(points, total-1, total)
	for _, at := range points {
		t.Run(fmt.Sprintf("write %d of %d", at, total), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			var writes atomic.Int64
			_, err := s.seed(today, func(c store.Call) error {
				if c.Write && c.Op != "Declare" && writes.Add(1) >= at {
					return store.ErrUnavailable
				}
				return nil
			})
			if !errors.Is(err, store.ErrUnavailable) {
				t.Fatalf("the first seeding: %v", err)
			}
			resumed := today
			if at > 1 { // else it was as if nothing had been
				resumed = today.Add(5 * time.Hour)
			}
			if _, err := s.seed(resumed, nil); err != nil {
				t.Fatalf("the second seeding: %v", err)
			}
			checkStories(t, s)
		})
	}
}

// TestForeign holds that a store with real people is refused and stays as it is.
func TestForeign(t *testing.T) {
	s := newSite(t)
	st, _, _ := s.open(nil)
	pp := people.New(st, people.Options{Now: func() time.Time { return today }})
	if err := st.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := pp.Add(t.Context(), people.NewPerson{Email: "real@tern.test"}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if writes, err := s.seed(today, nil); writes != 0 || !errors.Is(err, demo.ErrForeign) {
		t.Errorf("seeding a real company: %d writes, %v", writes, err)
	}
}
