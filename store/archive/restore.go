package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/insidebox/insidebox/store"
)

// writers is how many documents are written at once: both backends let writers
// that wait share one confirmation.
const writers = 32

// tries is how often a document is written again when it isn't known whether
// it was.
const tries = 20

// ErrNotEmpty: the store holds something already.
var ErrNotEmpty = errors.New("the store is not empty")

// Restore writes an archive, which Check has found whole, into a store, and
// proves by counts and hashes that it is there. The store must be empty; with
// force everything in it is removed first.
func Restore(ctx context.Context, r io.Reader, to store.Source, force bool, progress Progress) (Summary, error) {
	if err := makeRoom(ctx, to, force); err != nil {
		return Summary{}, err
	}
	in := &restorer{to: to, progress: progress, endings: map[string]ending{}}
	sum, err := walk(r, visitor{
		begin:    func(s store.Schema) error { return in.begin(ctx, s) },
		document: in.document,
		end:      in.end,
	})
	if in.group != nil {
		err = errors.Join(err, in.group.Wait()) // of a collection that was broken off
	}
	if err != nil {
		return sum, err
	}
	// Only now: older documents may lack what is indexed, and Declare fills it.
	if err := to.Declare(ctx, in.schemas...); err != nil {
		return sum, fmt.Errorf("make the indexes: %w", err)
	}
	return sum, verify(ctx, to, in.endings)
}

// Copy writes a snapshot into another store, and proves that it is there.
func Copy(ctx context.Context, from store.Snapshot, to store.Source, force bool, progress Progress) (Summary, error) {
	if err := makeRoom(ctx, to, force); err != nil {
		return Summary{}, err
	}
	out, in := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		_, err := Write(ctx, from, in, func(string, int, bool) {})
		sent <- errors.Join(err, in.CloseWithError(err))
	}()
	sum, err := Restore(ctx, out, to, false, progress)
	_ = out.CloseWithError(errors.Join(err, io.ErrClosedPipe))
	return sum, errors.Join(err, ignore(<-sent, io.ErrClosedPipe))
}

func ignore(err, what error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}

// verify reads the store and compares it with what was written. Collections
// that are there besides must be empty.
func verify(ctx context.Context, to store.Source, written map[string]ending) (err error) {
	s, err := to.Snapshot(ctx)
	if err != nil {
		return fmt.Errorf("look at what was written: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	seen := 0
	for _, schema := range s.Schemas() {
		got, err := sum(ctx, s, schema.Name, func(store.Doc, int) error { return nil })
		if err != nil {
			return fmt.Errorf("look at what was written to %s: %w", schema.Name, err)
		}
		want, ours := written[schema.Name]
		if ours {
			seen++
		}
		if ours && got != want || !ours && got.Documents > 0 {
			return fmt.Errorf("what was written to the collection %s is not what was read: %d documents (%s), want %d (%s); is another program writing into it?",
				schema.Name, got.Documents, got.Hash, want.Documents, want.Hash)
		}
	}
	if seen != len(written) {
		return fmt.Errorf("of %d collections that were written, %d are there", len(written), seen)
	}
	return nil
}

// makeRoom refuses a store that holds something, or empties it.
func makeRoom(ctx context.Context, to store.Source, force bool) (err error) {
	empty, err := to.Empty(ctx)
	if err != nil || empty {
		return err
	}
	if !force {
		return ErrNotEmpty
	}
	s, err := to.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, schema := range s.Schemas() {
		if err := to.Declare(ctx, store.Schema{Name: schema.Name}); err != nil {
			return err
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(writers)
		err := s.Walk(ctx, schema.Name, func(d store.Doc) error {
			group.Go(func() error { return to.Delete(ctx, schema.Name, d.ID, d.Rev) })
			return nil
		})
		if err := errors.Join(err, group.Wait()); err != nil {
			return fmt.Errorf("empty the collection %s: %w", schema.Name, err)
		}
	}
	return nil
}

// restorer writes one collection after the other.
type restorer struct {
	to       store.Source
	progress Progress
	schemas  []store.Schema
	endings  map[string]ending

	ctx   context.Context //nolint:containedctx // of the collection under way
	group *errgroup.Group
	name  string
	n     int
}

func (r *restorer) begin(ctx context.Context, s store.Schema) error {
	r.schemas = append(r.schemas, s)
	if err := r.to.Declare(ctx, store.Schema{Name: s.Name}); err != nil {
		return err
	}
	r.name, r.n = s.Name, 0
	r.group, r.ctx = errgroup.WithContext(ctx)
	r.group.SetLimit(writers)
	return nil
}

func (r *restorer) document(d store.Doc) error {
	name, ctx := r.name, r.ctx
	r.group.Go(func() error { return r.put(ctx, name, d) })
	if r.n++; r.n%1000 == 0 {
		r.progress(r.name, r.n, false)
	}
	return r.ctx.Err()
}

func (r *restorer) end(e ending) error {
	err := r.group.Wait()
	r.group = nil
	r.endings[e.Name] = e
	if err == nil {
		r.progress(r.name, r.n, true)
	}
	return err
}

// put inserts a document. When it isn't known whether that was done, it looks.
func (r *restorer) put(ctx context.Context, coll string, d store.Doc) error {
	for try := 1; ; try++ {
		err := r.to.Insert(ctx, coll, d)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, store.ErrExists):
			there, lost := r.to.Get(ctx, coll, d.ID)
			if lost == nil && bytes.Equal(there.Body, d.Body) {
				return nil // an earlier try had done it
			}
			if lost == nil || try == tries {
				return errors.Join(err, lost)
			}
		case try == tries || ctx.Err() != nil || !errors.Is(err, store.ErrUnknown) && !errors.Is(err, store.ErrUnavailable):
			return err
		}
		if err := pause(ctx, time.Duration(try)*50*time.Millisecond); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
