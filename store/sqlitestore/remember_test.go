package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/store"
)

func refs(first, second string) []store.Ref {
	return []store.Ref{{Collection: "things", ID: first}, {Collection: "things", ID: second}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fromMemory reads two documents while SQLite can't be asked, as no connection is
// free; it returns false if they are not in memory.
func fromMemory(t *testing.T, d *Driver, first, second string) (docs []store.Doc, ok bool) {
	t.Helper()
	for range d.opts.Readers {
		conn := <-d.readers
		defer func() { d.readers <- conn }()
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	docs, err := d.GetMany(ctx, refs(first, second)...)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	return docs, err == nil
}

// What is held, and what takes it from the memory.
func TestMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d, other := openThings(t, path, Options{}), openThings(t, path, Options{})
	for _, id := range []string{"ann", "ben", "cleo"} {
		must(t, d.Insert(t.Context(), "things", thing(id, "as it was", 1)))
	}
	for _, c := range []struct {
		what string
		do   func() error
		held bool
	}{
		{"nothing", func() error { return nil }, true},
		{"a read of something else", func() error { _, err := d.Get(t.Context(), "things", "cleo"); return err }, true},
		{"a write that is refused", func() error {
			if err := d.Insert(t.Context(), "things", thing("ann", "again", 1)); !errors.Is(err, store.ErrExists) {
				return fmt.Errorf("got %w", err)
			}
			return nil
		}, false}, // as if it had been made
		{"a write of another document", func() error { return d.Replace(t.Context(), "things", thing("cleo", "anew", 2)) }, true},
		{"a write of one of the two", func() error { return d.Replace(t.Context(), "things", thing("ann", "anew", 2)) }, false},
		{"another declaration", func() error { return d.Declare(t.Context(), store.Schema{Name: "more"}) }, false},
		{"a write of another process", func() error { return other.Replace(t.Context(), "things", thing("cleo", "anew", 3)) }, false},
		{"both at once", func() error {
			if err := other.Replace(t.Context(), "things", thing("ben", "anew", 2)); err != nil {
				return err
			}
			return d.Replace(t.Context(), "things", thing("cleo", "anew", 4))
		}, false},
		{"the file's log moved into it", func() error { return checkpoint(path) }, false}, // a new one begins
	} {
		if _, err := d.GetMany(t.Context(), refs("ann", "ben")...); err != nil {
			t.Fatal(err)
		}
		if _, held := fromMemory(t, d, "ann", "ben"); !held {
			t.Errorf("before %s, the two are not held, though they were just read", c.what)
		}
		must(t, c.do())
		if _, held := fromMemory(t, d, "ann", "ben"); held != c.held {
			t.Errorf("after %s, the two are held: %v, want %v", c.what, held, c.held)
		}
	}
}

// checkpoint moves what the log of a file holds into the file, by a connection of its own.
func checkpoint(path string) error {
	other, err := Open(context.Background(), path, Options{})
	if err != nil {
		return err
	}
	_, err = queryInt(other.writer.conn, "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, other.Close())
}

// However two processes read and write one file in turns, each finds what was
// written last.
func TestNeverStale(t *testing.T) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(t.TempDir(), fmt.Sprint(n, ".db"))
		drivers := [2]*Driver{openThings(t, path, Options{}), openThings(t, path, Options{})}
		ids := rapid.SampledFrom([]string{"ann", "ben", "cleo"})
		known := map[string]int64{} // revisions
		who := func(rt *rapid.T) *Driver { return drivers[rapid.IntRange(0, 1).Draw(rt, "process")] }
		read := func(rt *rapid.T) {
			first, second := ids.Draw(rt, "first"), ids.Draw(rt, "second")
			docs, err := who(rt).GetMany(t.Context(), refs(first, second)...)
			if err != nil || docs[0].Rev != known[first] || docs[1].Rev != known[second] {
				rt.Fatalf("%s and %s have revisions %d and %d, %v, want %d and %d", first, second, docs[0].Rev, docs[1].Rev, err, known[first], known[second])
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"read":       read,
			"read again": read, // more reads than writes
			"write": func(rt *rapid.T) {
				id := ids.Draw(rt, "id")
				var err error
				if rev := known[id]; rev == 0 {
					err = who(rt).Insert(t.Context(), "things", thing(id, "new", 1))
				} else {
					err = who(rt).Replace(t.Context(), "things", thing(id, "changed", rev+1))
				}
				must(t, err)
				known[id]++
			},
			"delete": func(rt *rapid.T) {
				id := ids.Draw(rt, "id")
				if known[id] > 0 {
					must(t, who(rt).Delete(t.Context(), "things", id, known[id]))
					delete(known, id)
				}
			},
			"move the log": func(*rapid.T) { must(t, checkpoint(path)) },
			"read by one that just came": func(rt *rapid.T) {
				i := rapid.IntRange(0, 1).Draw(rt, "process")
				must(t, drivers[i].Close())
				drivers[i] = openThings(t, path, Options{})
				read(rt)
			},
		})
		for _, d := range drivers {
			must(t, d.Close())
		}
		must(t, os.Remove(path))
	})
}

// While two processes write as fast as they can, no read that begins after a write
// was acknowledged finds what was there before it.
func TestNeverStaleInAStorm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	drivers := [2]*Driver{openThings(t, path, Options{}), openThings(t, path, Options{})}
	var acknowledged [2]atomic.Int64 // one document for each writer
	id := func(i int) string { return fmt.Sprint("thing ", i) }
	for i, d := range drivers {
		must(t, d.Insert(t.Context(), "things", thing(id(i), "new", 1)))
		acknowledged[i].Store(1)
	}
	var writers, readers sync.WaitGroup
	over := make(chan struct{})
	for i, d := range drivers {
		writers.Go(func() {
			for rev := int64(2); rev < 150; rev++ {
				if err := d.Replace(t.Context(), "things", thing(id(i), "changed", rev)); err != nil {
					t.Error(err)
					return
				}
				acknowledged[i].Store(rev)
			}
		})
		for range 2 {
			readers.Go(func() {
				for {
					select {
					case <-over:
						return
					default:
					}
					least := [2]int64{acknowledged[0].Load(), acknowledged[1].Load()}
					docs, err := d.GetMany(t.Context(), refs(id(0), id(1))...)
					if err != nil || docs[0].Rev < least[0] || docs[1].Rev < least[1] {
						t.Errorf("revisions %d and %d, %v, want %d or later", docs[0].Rev, docs[1].Rev, err, least)
						return
					}
				}
			})
		}
	}
	writers.Wait()
	close(over)
	readers.Wait()
}

// The memory holds no more than it may, and knows how much that is.
func TestMemoryIsBounded(t *testing.T) {
	d := openThings(t, filepath.Join(t.TempDir(), "x.db"), Options{})
	const size = 10_000
	before, ok := d.memory.reading()
	if !ok {
		t.Fatal("the file is not watched")
	}
	docs := make([]store.Doc, 2)
	for i := range docs {
		docs[i].Body = make([]byte, size)
	}
	for i := range 2 * memoryBytes / size {
		d.memory.put(before, refs(fmt.Sprint(i%1000), fmt.Sprint("other ", i)), docs)
	}
	sum := 0
	for _, doc := range d.memory.docs {
		sum += len(doc.Body)
	}
	if sum != d.memory.bytes || sum > memoryBytes || sum < memoryBytes/2 {
		t.Errorf("it holds %d bytes and counts %d, of %d", sum, d.memory.bytes, memoryBytes)
	}
	docs[0].Body = make([]byte, memoryLongest+1)
	d.memory.put(before, refs("long", "short"), docs)
	if _, ok := d.memory.docs[refs("long", "")[0]]; ok {
		t.Error("it holds a document that is too long")
	}
}
