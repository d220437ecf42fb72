package bulk_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/bulk"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

// today is a Friday in autumn, in the afternoon.
var today = time.Date(2026, time.November, 20, 14, 30, 0, 0, time.UTC)

var size = bulk.Options{People: 200, Teams: 3, Attempts: 4000, Seed: 1, Now: today}

func newShelf(t *testing.T) *programme.Shelf {
	t.Helper()
	shelf, findings := programme.NewShelf(func() fs.FS { return content.Sample() }, func() time.Time { return today })
	if shelf.Library() == nil {
		t.Fatalf("the sample library: %v", findings)
	}
	return shelf
}

func open(t *testing.T, path string) *sqlitestore.Driver {
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

// filled makes a company in a new file.
func filled(t *testing.T, o bulk.Options) *sqlitestore.Driver {
	t.Helper()
	d := open(t, filepath.Join(t.TempDir(), "bulk.db"))
	if err := bulk.Fill(t.Context(), d, newShelf(t), o); err != nil {
		t.Fatal(err)
	}
	return d
}

// walk hands over every document of some collections, or of all.
func walk(t *testing.T, d store.Source, do func(coll string, doc store.Doc), only ...string) {
	t.Helper()
	s, err := d.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, schema := range s.Schemas() {
		if len(only) > 0 && !slices.Contains(only, schema.Name) {
			continue
		}
		if err := s.Walk(t.Context(), schema.Name, func(doc store.Doc) error { do(schema.Name, doc); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

// wired is the services on a store.
func wired(t *testing.T, d store.Driver, shelf *programme.Shelf) (*people.Service, *programme.Programme) {
	t.Helper()
	now := func() time.Time { return today }
	st := store.New(d)
	pp := people.New(st, people.Options{Now: now})
	prog := programme.New(st, pp, shelf, programme.Options{Now: now, Log: slog.New(slog.DiscardHandler)})
	if err := errors.Join(st.Declare(t.Context()), prog.Open(t.Context())); err != nil {
		t.Fatal(err)
	}
	return pp, prog
}

// TestCompany makes a company of 200 and looks at every document: as many as
// were asked for, in all states, graded as their pinned items say, folded into
// the records, and nothing left for the outbox or the sweep.
func TestCompany(t *testing.T) {
	d, shelf := filled(t, size), newShelf(t)
	counts, attempts := map[string]int{}, []string{}
	walk(t, d, func(coll string, doc store.Doc) {
		if counts[coll]++; coll == "attempts" {
			attempts = append(attempts, doc.ID)
		}
	})
	for coll, want := range map[string]int{"people": 200, "emails": 200, "teams": 3, "attempts": 4000, "bulk": 1} {
		if counts[coll] != want {
			t.Errorf("%d %s, want %d", counts[coll], coll, want)
		}
	}
	pp, prog := wired(t, d, shelf)
	kinds := map[string]int{}
	for _, id := range attempts {
		a, err := prog.Attempt(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		kinds[kindOf(a)]++
		checkRegrade(t, prog, a)
	}
	states := map[certify.State]int{}
	for _, id := range everybody(t, pp) {
		exact, err := prog.StandingOf(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		record, err := prog.Record(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		board := programme.Recorded(id, record)
		for _, c := range shelf.Library().Certifications {
			state := prog.Clearance(exact, c).State
			if states[state]++; prog.Clearance(board, c).State != state {
				t.Errorf("%s is %s for %s, and the board says %s", id, state, c.ID, prog.Clearance(board, c).State)
			}
		}
		if record != nil && len(record.Grants) > 0 {
			kinds["grants"]++
		}
		if record != nil && len(record.Renewals) > 0 {
			kinds["renewals"]++
		}
	}
	t.Logf("kinds of attempts: %v; states: %v", kinds, states)
	for _, kind := range []string{"quiz passed", "quiz failed", "quiz open", "play passed", "play failed", "play open", "practice", "grants", "renewals"} {
		if kinds[kind] == 0 {
			t.Errorf("nobody has a %s: %v", kind, kinds)
		}
	}
	for _, state := range []certify.State{certify.Cleared, certify.Expiring, certify.Expired, certify.InProgress, certify.Failed, certify.Locked, certify.Waiting, certify.Blocked, certify.NotStarted} {
		if states[state] == 0 {
			t.Errorf("nobody is %s: %v", state, states)
		}
	}
	writesNothing(t, d, shelf)
}

func kindOf(a *programme.Attempt) string {
	kind, result := "quiz", "open"
	if a.Play != nil {
		kind = "play"
	}
	switch {
	case a.Practice():
		return "practice"
	case a.Passed():
		result = "passed"
	case a.State == quiz.Graded:
		result = "failed"
	}
	return kind + " " + result
}

// checkRegrade holds that grading again, from the revisions that the attempt
// pins, gives what is stored.
func checkRegrade(t *testing.T, prog *programme.Programme, a *programme.Attempt) {
	t.Helper()
	var again any
	var err error
	switch {
	case a.Play == nil && a.Result != nil:
		var r *quiz.Result
		if r, err = quiz.Regrade(&a.Attempt, prog.Lookup(t.Context())); err == nil && r.Score != a.Result.Score || err == nil && r.Passed != a.Result.Passed || err == nil && !slices.Equal(r.Items, a.Result.Items) {
			again = r
		}
	case a.Play != nil && a.Play.Over():
		s, e := prog.Scenario(t.Context(), a)
		if err = e; err == nil {
			r, e := s.Regrade(a.Play)
			if err = e; err == nil && (r.Passed != a.Play.Result.Passed || r.End != a.Play.Result.End || !slices.Equal(r.Values, a.Play.Result.Values)) {
				again = r
			}
		}
	}
	if err != nil || again != nil {
		t.Errorf("attempt %s graded again: %+v, %v", a.ID, again, err)
	}
}

// everybody lists all ids of people.
func everybody(t *testing.T, pp *people.Service) (ids []string) {
	t.Helper()
	for after := (store.Cursor{}); ; {
		page, err := pp.List(t.Context(), after, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.People {
			ids = append(ids, p.ID)
		}
		if after = page.Next; after.IsZero() {
			return ids
		}
	}
}

// writesNothing holds that the work behind the requests finds nothing to do.
func writesNothing(t *testing.T, d store.Driver, shelf *programme.Shelf) {
	t.Helper()
	var writes atomic.Int64
	_, prog := wired(t, store.Observe(d, func(c store.Call) {
		if c.Write && c.Op != "Declare" {
			writes.Add(1)
		}
	}), shelf)
	for what, run := range map[string]func(context.Context) (bool, error){"outbox": prog.Drain, "sweep": prog.Sweep} {
		for more := true; more; {
			var err error
			if more, err = run(t.Context()); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	if n := writes.Load(); n > 0 {
		t.Errorf("%d writes were left to the outbox and the sweep", n)
	}
}

// TestSameSeed holds that the same options make the same documents, and another
// seed others. Maps encode in any order, so lengths stand for bytes there.
func TestSameSeed(t *testing.T) {
	o := size
	o.People, o.Attempts = 40, 400
	prints := func(o bulk.Options) map[string]string {
		found := map[string]string{}
		walk(t, filled(t, o), func(coll string, doc store.Doc) {
			what := fmt.Sprint(len(doc.Body))
			if coll != "records" && coll != "scenarios" { // both hold maps
				what = fmt.Sprintf("%x", sha256.Sum256(doc.Body))
			}
			found[coll+"/"+doc.ID] = what
		})
		return found
	}
	first, again := prints(o), prints(o)
	if len(first) != len(again) {
		t.Errorf("%d documents, then %d", len(first), len(again))
	}
	for id, print := range first {
		if again[id] != print {
			t.Errorf("%s is another document the second time", id)
		}
	}
	o.Seed = 2
	same := 0
	for id := range prints(o) {
		if _, there := first[id]; there {
			same++
		}
	}
	if same > len(first)/2 {
		t.Errorf("with another seed, %d of %d documents have the same id", same, len(first))
	}
}

// TestSizes makes companies of odd sizes, with exactly as many attempts.
func TestSizes(t *testing.T) {
	for _, o := range []bulk.Options{
		{People: 3, Teams: 1, Attempts: 0},
		{People: 3, Teams: 1, Attempts: 90},
		{People: 10, Teams: 4, Attempts: 1},
		{People: 25, Teams: 17, Attempts: 333},
	} {
		t.Run(fmt.Sprintf("%d-%d-%d", o.People, o.Teams, o.Attempts), func(t *testing.T) {
			o.Seed, o.Now = 7, today
			done := 0
			o.Progress = func(n, _ int) { done = n }
			counts := map[string]int{}
			walk(t, filled(t, o), func(coll string, _ store.Doc) { counts[coll]++ }, "people", "teams", "attempts")
			if counts["people"] != o.People || counts["teams"] != o.Teams || counts["attempts"] != o.Attempts || done == 0 {
				t.Errorf("%v, and %d reps are said to be done; want %d people, %d teams, %d attempts", counts, done, o.People, o.Teams, o.Attempts)
			}
		})
	}
	for _, o := range []bulk.Options{{People: 2, Teams: 1}, {People: 20, Teams: 0}, {People: 20, Teams: 20}, {People: 20, Teams: 1, Attempts: -1}} {
		if err := o.Check(); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// TestRefused holds that a store which holds anything stays as it is.
func TestRefused(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "real.db"))
	st := store.New(d)
	pp := people.New(st, people.Options{Now: func() time.Time { return today }})
	if err := st.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := pp.Add(t.Context(), people.NewPerson{Email: "real@tern.test"}); err != nil {
		t.Fatal(err)
	}
	before := 0
	walk(t, d, func(string, store.Doc) { before++ })
	if err := bulk.Fill(t.Context(), d, newShelf(t), size); !errors.Is(err, bulk.ErrNotEmpty) {
		t.Errorf("fill a store with somebody in it: %v", err)
	}
	after := 0
	walk(t, d, func(string, store.Doc) { after++ })
	if before != after {
		t.Errorf("%d documents before, %d after", before, after)
	}
}

// TestBrokenOff breaks it off in the middle: the store says that it is half a
// company, and is refused the next time.
func TestBrokenOff(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "half.db"))
	ctx, stop := context.WithCancel(t.Context())
	o := size
	o.Progress = func(done, _ int) {
		if done == 20 {
			stop()
		}
	}
	if err := bulk.Fill(ctx, d, newShelf(t), o); !errors.Is(err, context.Canceled) {
		t.Fatalf("broken off: %v", err)
	}
	whole := true
	walk(t, d, func(_ string, doc store.Doc) { whole = doc.Body.Lookup("whole").Boolean() }, "bulk")
	if whole {
		t.Error("half a company says that it is whole")
	}
	if err := bulk.Fill(t.Context(), d, newShelf(t), size); !errors.Is(err, bulk.ErrNotEmpty) {
		t.Errorf("fill it again: %v", err)
	}
}
