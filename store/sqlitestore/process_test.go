package sqlitestore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
	"github.com/insidebox/insidebox/store/storetest"
)

// pair is two drivers on one file that take turns, as two processes would.
type pair struct {
	drivers [2]store.Driver
	turn    atomic.Uint64
}

func (p *pair) next() store.Driver { return p.drivers[p.turn.Add(1)%2] }

func (p *pair) Declare(ctx context.Context, s ...store.Schema) error {
	for _, d := range p.drivers {
		if err := d.Declare(ctx, s...); err != nil {
			return err
		}
	}
	return nil
}

func (p *pair) Get(ctx context.Context, coll, id string) (store.Doc, error) {
	return p.next().Get(ctx, coll, id)
}

func (p *pair) GetMany(ctx context.Context, refs ...store.Ref) ([]store.Doc, error) {
	return p.next().GetMany(ctx, refs...)
}

func (p *pair) Insert(ctx context.Context, coll string, d store.Doc) error {
	return p.next().Insert(ctx, coll, d)
}

func (p *pair) Replace(ctx context.Context, coll string, d store.Doc) error {
	return p.next().Replace(ctx, coll, d)
}

func (p *pair) Delete(ctx context.Context, coll, id string, rev int64) error {
	return p.next().Delete(ctx, coll, id, rev)
}

func (p *pair) Find(ctx context.Context, coll string, q store.Query) ([]store.Doc, error) {
	return p.next().Find(ctx, coll, q)
}

func (p *pair) Count(ctx context.Context, coll string, q store.Query, most int) (int, error) {
	return p.next().Count(ctx, coll, q, most)
}
func (p *pair) Ping(ctx context.Context) error { return p.next().Ping(ctx) }
func (p *pair) Close() error {
	for _, d := range p.drivers {
		if err := d.Close(); err != nil {
			return err
		}
	}
	return nil
}

func openPair(t *testing.T) store.Driver {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	return &pair{drivers: [2]store.Driver{openAt(t, path), openAt(t, path)}}
}

func TestTwoDriversOneFile(t *testing.T) {
	t.Run("promises", func(t *testing.T) { storetest.Run(t, openPair) })
	t.Run("concurrency", func(t *testing.T) { storetest.RunConcurrent(t, openPair) })
}

// insertHot inserts the document that processes write at the same time.
func insertHot(t testing.TB, c *store.Collection[card]) {
	t.Helper()
	hot := newCard(1)
	hot.ID, hot.Answers = "hot", nil
	if err := c.Insert(t.Context(), hot); err != nil {
		t.Fatal(err)
	}
}

// TestTwoProcesses lets a child process and this one update one document.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	c := cardsAt(t, path)
	insertHot(t, c)
	other := child(t, "count", path, "")
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if ready := bufio.NewScanner(out); !ready.Scan() { // so that both write at the same time
		t.Fatal("the other process did not start")
	}
	if err := countUp(t.Context(), c, 40); err != nil {
		t.Errorf("this process: %v", err)
	}
	if err := other.Wait(); err != nil {
		t.Errorf("the other process: %v", err)
	}
	got, err := c.Get(t.Context(), "hot")
	if err != nil || len(got.Answers) != 80 || got.Rev != 81 {
		t.Errorf("after 40 updates by each: %d lines, revision %d, %v, want 80 and 81", len(got.Answers), got.Rev, err)
	}
}

// What another process has written is what the next read finds, however often the
// document was read before, and whoever wrote last.
func TestReadAfterAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	d := openAt(t, path)
	c := cardsIn(t, d)
	insertHot(t, c)
	other := child(t, "told", path, "")
	tell, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	for rev := int64(1); rev <= 60; rev++ {
		for range 3 {
			docs, err := d.GetMany(t.Context(), store.Ref{Collection: cardSchema.Name, ID: "hot"}, store.Ref{Collection: cardSchema.Name, ID: "cold"})
			if err != nil || docs[0].Rev != rev || docs[1].ID != "" {
				t.Fatalf("got revision %d, %v, want %d", docs[0].Rev, err, rev)
			}
		}
		if rev%3 == 0 {
			err = countUp(t.Context(), c, 1)
		} else if _, err = fmt.Fprintln(tell); err == nil && !said.Scan() {
			t.Fatal("the other process says nothing")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(tell.Close(), other.Wait()); err != nil {
		t.Error(err)
	}
}

// TestKill kills a process in the middle of a storm of writes, several times
// on one file, each time after another number of acknowledged writes.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "insidebox.db")
	acknowledged := map[string]int64{}
	for round, after := range []int{1, 17, 100, 333, 801} {
		name := fmt.Sprintf("round%d", round)
		killAfter(t, path, name, after, acknowledged)
		checkSurvivors(t, path, acknowledged)
	}
	if len(acknowledged) < 500 {
		t.Errorf("only %d documents were acknowledged in all rounds", len(acknowledged))
	}
}

// killAfter runs a storm, kills it after so many acknowledgements, and adds
// all that it has given to acknowledged.
func killAfter(t *testing.T, path, name string, after int, acknowledged map[string]int64) {
	t.Helper()
	cmd := child(t, "storm", path, name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		var id string
		var rev int64
		if _, err := fmt.Sscan(lines.Text(), &id, &rev); err != nil {
			continue // the last line, cut off by the kill
		}
		acknowledged[id] = max(rev, acknowledged[id])
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the storm ended by itself: %v", err)
	}
}

// checkSurvivors looks at every document in the file: those acknowledged are
// there, in that revision or a later one, and all are whole.
func checkSurvivors(t *testing.T, path string, acknowledged map[string]int64) {
	t.Helper()
	c := cardsAt(t, path)
	found := map[string]int64{}
	q := store.Query{Index: "by_team_due", Limit: 100}
	for more := true; more; {
		docs, next, err := c.Find(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range docs {
			found[doc.ID] = doc.Rev
			want := stormCard(doc.ID, doc.Rev)
			want.Rev, want.Due = doc.Rev, want.Due.UTC()
			if diff := cmp.Diff(want, doc); diff != "" {
				t.Errorf("%s is not whole:\n%s", doc.ID, diff)
			}
		}
		q.After, more = next, !next.IsZero()
	}
	for id, rev := range acknowledged {
		if found[id] < rev {
			t.Errorf("%s: revision %d was acknowledged, revision %d is there", id, rev, found[id])
		}
	}
	if problems := integrity(t, path); !slices.Equal(problems, []string{"ok"}) {
		t.Errorf("integrity check: %q", problems)
	}
}

// openAt opens a file and closes it at the end of the test.
func openAt(t testing.TB, path string) *sqlitestore.Driver {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// cardsAt opens a file for cards.
func cardsAt(t testing.TB, path string) *store.Collection[card] {
	t.Helper()
	return cardsIn(t, openAt(t, path))
}

func cardsIn(t testing.TB, d store.Driver) *store.Collection[card] {
	t.Helper()
	s := store.New(d)
	c := store.NewCollection[card](s, cardSchema)
	if err := s.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}
