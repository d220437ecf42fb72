package mongostore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

var faults = map[string]mongotest.Fault{
	"cut before": mongotest.CutBefore, "cut after": mongotest.CutAfter, "truncated": mongotest.Truncate,
	"no answer": mongotest.NoAnswer, "late": mongotest.Late,
	"not the primary": mongotest.NotPrimary, "stepped down": mongotest.SteppedDown,
}

// red is a document that the schema takes.
func red(t testing.TB, id string, rev int64, size int) store.Doc {
	return card(t, id, rev, bson.E{Key: "colour", Value: "red"}, bson.E{Key: "size", Value: size})
}

// writes are the kinds of writing, on a document that is there with revision 1 for all
// but inserting.
var writes = map[string]struct {
	command string
	do      func(testing.TB, store.Driver, string) error
	after   int64 // the revision that the document has when it is done
}{
	"insert": {"insert", func(t testing.TB, d store.Driver, id string) error {
		return d.Insert(t.Context(), "cards", red(t, id, 1, 1))
	}, 1},
	"replace": {"update", func(t testing.TB, d store.Driver, id string) error {
		return d.Replace(t.Context(), "cards", red(t, id, 2, 2))
	}, 2},
	"delete": {"delete", func(t testing.TB, d store.Driver, id string) error {
		return d.Delete(t.Context(), "cards", id, 1)
	}, 0},
}

// A write under each fault tells the truth: after nil it is done, after
// ErrUnavailable it is not, and after ErrUnknown reading again shows the old or
// the new document, whole. Nothing else is said.
func TestFaultyWrites(t *testing.T) {
	uri := server.Database(t)
	direct := openAt(t, uri)
	declare(t, direct, indexed)
	for kind, k := range writes {
		for name, fault := range faults {
			t.Run(kind+", "+name, func(t *testing.T) {
				t.Parallel() // they wait most of the time
				proxy := server.NewProxy(t)
				d := openWith(t, proxy.Through(t, uri), mongostore.Options{Deadline: 300 * time.Millisecond})
				declare(t, d, indexed)
				id, before := kind+" "+name, int64(0)
				if kind != "insert" {
					before = 1
					if err := direct.Insert(t.Context(), "cards", red(t, id, 1, 1)); err != nil {
						t.Fatal(err)
					}
				}
				proxy.Always(k.command, fault)
				err := k.do(t, d, id)
				rev := revision(t, direct, id)
				switch {
				case err == nil && rev == k.after:
				case errors.Is(err, store.ErrUnavailable) && rev == before:
				case errors.Is(err, store.ErrUnknown) && (rev == before || rev == k.after):
				default:
					t.Errorf("got %v, and the document has revision %d (before %d, when done %d)", err, rev, before, k.after)
				}
				if fault == mongotest.CutAfter && err != nil && rev != k.after {
					t.Errorf("the fault did not come after: revision %d", rev)
				}
				// When the server is back, doing it again comes to the same end.
				proxy.Mend()
				back(t, d)
				err = k.do(t, d, id)
				if rev := revision(t, direct, id); rev != k.after {
					t.Errorf("after a second try (%v) the document has revision %d, want %d", err, rev, k.after)
				}
			})
		}
	}
}

// revision is 0 when there is no such document.
func revision(t testing.TB, d store.Driver, id string) int64 {
	t.Helper()
	doc, err := d.Get(t.Context(), "cards", id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return doc.Rev
}

// back waits until the driver has found its server again; it looks twice a
// second. Each ping waits, so this does not spin.
func back(t testing.TB, d store.Driver) {
	t.Helper()
	var err error
	for range 100 {
		if err = d.Ping(t.Context()); err == nil {
			return
		}
	}
	t.Fatalf("the server is not found again: %v", err)
}

// A read under each fault answers rightly or says that it can't.
func TestFaultyReads(t *testing.T) {
	uri := server.Database(t)
	direct := openAt(t, uri)
	declare(t, direct, indexed)
	for i := range 3 {
		if err := direct.Insert(t.Context(), "cards", red(t, fmt.Sprint(i), 1, i)); err != nil {
			t.Fatal(err)
		}
	}
	q := store.Query{Index: "by_colour", Eq: []store.Key{store.String("red")}, Limit: 5}
	kinds := map[string]struct {
		command string
		do      func(context.Context, store.Driver) (int, error)
		want    int
	}{
		"get": {"find", func(ctx context.Context, d store.Driver) (int, error) {
			doc, err := d.Get(ctx, "cards", "1")
			return int(doc.Rev), err
		}, 1},
		"get many": {"find", func(ctx context.Context, d store.Driver) (int, error) {
			docs, err := d.GetMany(ctx, store.Ref{Collection: "cards", ID: "1"}, store.Ref{Collection: "cards", ID: "2"})
			return len(docs), err
		}, 2},
		"find": {"find", func(ctx context.Context, d store.Driver) (int, error) {
			docs, err := d.Find(ctx, "cards", q)
			return len(docs), err
		}, 3},
		"count": {"aggregate", func(ctx context.Context, d store.Driver) (int, error) { return d.Count(ctx, "cards", q, 9) }, 3},
		"ping":  {"ping", func(ctx context.Context, d store.Driver) (int, error) { return 0, d.Ping(ctx) }, 0},
	}
	for kind, k := range kinds {
		for name, fault := range faults {
			t.Run(kind+", "+name, func(t *testing.T) {
				t.Parallel() // they wait most of the time
				proxy := server.NewProxy(t)
				d := openWith(t, proxy.Through(t, uri), mongostore.Options{Deadline: 300 * time.Millisecond})
				declare(t, d, indexed)
				proxy.Always(k.command, fault)
				if n, err := k.do(t.Context(), d); !(err == nil && n == k.want) && !errors.Is(err, store.ErrUnavailable) {
					t.Errorf("got %d, %v, want %d or ErrUnavailable", n, err, k.want)
				}
				proxy.Mend()
				back(t, d)
				if n, err := k.do(t.Context(), d); err != nil || n != k.want {
					t.Errorf("after it is mended: got %d, %v, want %d", n, err, k.want)
				}
			})
		}
	}
}

// A server that went away and came back is found again, and meanwhile nothing
// happens and everyone is told so.
func TestAwayAndBack(t *testing.T) {
	uri, proxy := server.Database(t), server.NewProxy(t)
	d := openWith(t, proxy.Through(t, uri), mongostore.Options{Deadline: 400 * time.Millisecond})
	declare(t, d, indexed)
	proxy.Cut()
	err := d.Insert(t.Context(), "cards", red(t, "a", 1, 1))
	if !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, store.ErrUnknown) { // the connection may have looked whole
		t.Errorf("insert: got %v", err)
	}
	for range 2 {
		if err := d.Insert(t.Context(), "cards", red(t, "b", 1, 1)); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("insert when it is known to be away: got %v, want ErrUnavailable", err)
		}
	}
	if err := d.Ping(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("ping: got %v", err)
	}
	proxy.Mend()
	back(t, d)
	if err := d.Insert(t.Context(), "cards", red(t, "c", 1, 1)); err != nil {
		t.Errorf("insert when it is back: %v", err)
	}
	if rev := revision(t, d, "b"); rev != 0 {
		t.Error("what was refused was written all the same")
	}
}

// The caller's context ends a call that waits: before anything was sent with
// its own error, after that in doubt.
func TestCallerGivesUp(t *testing.T) {
	uri, proxy := server.Database(t), server.NewProxy(t)
	d := openAt(t, proxy.Through(t, uri))
	declare(t, d, indexed)
	for command, want := range map[string]error{"find": context.Canceled, "insert": store.ErrUnknown} {
		ctx, cancel := context.WithCancel(t.Context())
		came := proxy.Once(command, mongotest.NoAnswer)
		done := make(chan error)
		go func() {
			if command == "find" {
				_, err := d.Get(ctx, "cards", "a")
				done <- err
				return
			}
			done <- d.Insert(ctx, "cards", red(t, "a", 1, 1))
		}()
		<-came
		cancel()
		if err := <-done; !errors.Is(err, want) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v because of the cancelled context", command, err, want)
		}
		proxy.Mend()
	}
	if rev := revision(t, d, "a"); rev != 1 {
		t.Errorf("the insert whose answer nobody waited for: revision %d, want 1", rev)
	}
}

// Close doesn't wait for ever on a server that doesn't answer.
func TestCloseBreaksOff(t *testing.T) {
	uri, proxy := server.Database(t), server.NewProxy(t)
	d := openWith(t, proxy.Through(t, uri), mongostore.Options{Deadline: time.Hour, CloseTimeout: 100 * time.Millisecond})
	declare(t, d, indexed)
	came := proxy.Once("insert", mongotest.NoAnswer)
	done := make(chan error)
	go func() { done <- d.Insert(t.Context(), "cards", red(t, "a", 1, 1)) }()
	<-came
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, store.ErrUnknown) {
		t.Errorf("got %v, want ErrUnknown", err)
	}
}
