package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/store"
)

func TestObserve(t *testing.T) {
	now := time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)
	var calls []store.Call
	d := store.Observe(openFile(t), func(c store.Call) { calls = append(calls, c) },
		store.WithClock(func() time.Time { now = now.Add(time.Millisecond); return now }))
	c := notes(t, d)
	ctx := t.Context()
	doc := &note{Meta: store.Meta{ID: "a"}, State: "open"}
	_ = c.Insert(ctx, doc)
	_ = c.Insert(ctx, &note{Meta: store.Meta{ID: "a"}})
	_, _ = c.Get(ctx, "a")
	_, _, _ = store.Look2(ctx, c, "a", c, "b")
	_, _ = c.Update(ctx, "a", func(n *note) error { n.Count++; return nil })
	_, _, _ = c.Find(ctx, store.Query{Index: "by_state", Limit: 10})
	_, _ = c.Count(ctx, store.Query{Index: "by_state"}, 10)
	_ = c.Delete(ctx, "a", 2)
	var got []string
	for _, c := range calls {
		if c.Duration != time.Millisecond || c.Collection != "notes" {
			t.Errorf("%+v: want 1 ms on notes", c)
		}
		got = append(got, fmt.Sprintf("%s %s%s docs=%d write=%v err=%v", c.Op, c.ID, c.Index, c.Docs, c.Write, c.Err))
	}
	want := []string{
		"Declare  docs=0 write=true err=<nil>",
		"Insert a docs=1 write=true err=<nil>",
		"Insert a docs=0 write=true err=a document with this id exists already",
		"Get a docs=1 write=false err=<nil>",
		"GetMany  docs=1 write=false err=<nil>",
		"Get a docs=1 write=false err=<nil>",
		"Replace a docs=1 write=true err=<nil>",
		"Find by_state docs=1 write=false err=<nil>",
		"Count by_state docs=1 write=false err=<nil>",
		"Delete a docs=1 write=true err=<nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls:\n%s", diff)
	}
}

// TestFaults stops calls before they happen and loses their answers after.
func TestFaults(t *testing.T) {
	var before, after error
	d := store.Observe(openFile(t), nil,
		store.WithBefore(func(context.Context, store.Call) error { return before }),
		store.WithAfter(func(context.Context, store.Call) error { return after }))
	c := notes(t, d)
	ctx := t.Context()
	before = store.ErrUnavailable
	wantErr(t, "insert, stopped", c.Insert(ctx, &note{Meta: store.Meta{ID: "a"}}), store.ErrUnavailable)
	before, after = nil, store.ErrUnknown
	lost := &note{Meta: store.Meta{ID: "b"}}
	wantErr(t, "insert, answer lost", c.Insert(ctx, lost), store.ErrUnknown)
	if lost.Rev != 0 {
		t.Errorf("after a lost answer the revision is %d, want 0 as before", lost.Rev)
	}
	if got, err := c.Get(ctx, "b"); got != nil || !errors.Is(err, store.ErrUnknown) {
		t.Errorf("get, answer lost: got %v, %v", got, err)
	}
	after = nil
	_, err := c.Get(ctx, "a")
	wantErr(t, "what was stopped", err, store.ErrNotFound)
	if _, err := c.Get(ctx, "b"); err != nil {
		t.Errorf("what was done although its answer was lost: %v", err)
	}
}
