package store

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Call is one call of a driver, as Observe shows it.
type Call struct {
	Op         string // the method: "Get", "GetMany", "Insert", …
	Collection string // several, sorted, are joined by +
	Index      string // of Find and Count
	ID         string // of Get, Insert, Replace and Delete
	Write      bool   // it may change documents
	Docs       int    // documents read or written; what Count counted; 0 before the call
	Err        error
	Duration   time.Duration // 0 without WithClock
}

// ObserveOption adds to what Observe does.
type ObserveOption func(*observer)

// WithClock lets Observe measure durations.
func WithClock(now func() time.Time) ObserveOption { return func(o *observer) { o.now = now } }

// WithBefore calls hook before each call. When it returns an error the driver
// is not called and the error comes back in its place.
func WithBefore(hook func(context.Context, Call) error) ObserveOption {
	return func(o *observer) { o.before = hook }
}

// WithAfter calls hook after each call that was made. When it returns an error,
// that takes the place of the call's own; ErrUnknown after a write is how a
// test loses an answer.
func WithAfter(hook func(context.Context, Call) error) ObserveOption {
	return func(o *observer) { o.after = hook }
}

// Observe returns a driver that does what d does and shows every call to see,
// once it has ended: for counting, for metrics, and with the hooks for faults
// and crashes at every single call. see may be nil; it and the hooks are called
// from many goroutines.
func Observe(d Driver, see func(Call), opts ...ObserveOption) Driver {
	o := &observer{Driver: d, see: see}
	for _, opt := range opts {
		opt(o)
	}
	return o
}

// observer has Close and Ping of the driver itself: they touch no documents.
type observer struct {
	Driver
	see           func(Call)
	now           func() time.Time
	before, after func(context.Context, Call) error
}

// do makes one call through the hooks. call returns the number of documents.
func (o *observer) do(ctx context.Context, c Call, call func() (int, error)) error {
	var start time.Time
	if o.now != nil {
		start = o.now()
	}
	if o.before != nil {
		c.Err = o.before(ctx, c)
	}
	if c.Err == nil {
		c.Docs, c.Err = call()
		if o.after != nil {
			if err := o.after(ctx, c); err != nil {
				c.Docs, c.Err = 0, err
			}
		}
	}
	if o.now != nil {
		c.Duration = o.now().Sub(start)
	}
	if o.see != nil {
		o.see(c)
	}
	return c.Err
}

func (o *observer) Declare(ctx context.Context, schemas ...Schema) error {
	var names []string
	for _, s := range schemas {
		names = append(names, s.Name)
	}
	return o.do(ctx, Call{Op: "Declare", Collection: joined(names), Write: true}, func() (int, error) {
		return 0, o.Driver.Declare(ctx, schemas...)
	})
}

func (o *observer) Get(ctx context.Context, coll, id string) (d Doc, err error) {
	err = o.do(ctx, Call{Op: "Get", Collection: coll, ID: id}, func() (n int, err error) {
		d, err = o.Driver.Get(ctx, coll, id)
		return one(err), err
	})
	return only(d, err)
}

func (o *observer) GetMany(ctx context.Context, refs ...Ref) (docs []Doc, err error) {
	var names []string
	for _, r := range refs {
		names = append(names, r.Collection)
	}
	err = o.do(ctx, Call{Op: "GetMany", Collection: joined(names)}, func() (n int, err error) {
		docs, err = o.Driver.GetMany(ctx, refs...)
		for _, d := range docs {
			if d.ID != "" {
				n++
			}
		}
		return n, err
	})
	return only(docs, err)
}

func (o *observer) Insert(ctx context.Context, coll string, d Doc) error {
	return o.do(ctx, Call{Op: "Insert", Collection: coll, ID: d.ID, Write: true}, func() (int, error) {
		err := o.Driver.Insert(ctx, coll, d)
		return one(err), err
	})
}

func (o *observer) Replace(ctx context.Context, coll string, d Doc) error {
	return o.do(ctx, Call{Op: "Replace", Collection: coll, ID: d.ID, Write: true}, func() (int, error) {
		err := o.Driver.Replace(ctx, coll, d)
		return one(err), err
	})
}

func (o *observer) Delete(ctx context.Context, coll, id string, rev int64) error {
	return o.do(ctx, Call{Op: "Delete", Collection: coll, ID: id, Write: true}, func() (int, error) {
		err := o.Driver.Delete(ctx, coll, id, rev)
		return one(err), err
	})
}

func (o *observer) Find(ctx context.Context, coll string, q Query) (docs []Doc, err error) {
	err = o.do(ctx, Call{Op: "Find", Collection: coll, Index: q.Index}, func() (n int, err error) {
		docs, err = o.Driver.Find(ctx, coll, q)
		return len(docs), err
	})
	return only(docs, err)
}

func (o *observer) Count(ctx context.Context, coll string, q Query, max int) (n int, err error) {
	err = o.do(ctx, Call{Op: "Count", Collection: coll, Index: q.Index}, func() (int, error) {
		n, err = o.Driver.Count(ctx, coll, q, max)
		return n, err
	})
	return only(n, err)
}

// only returns the value when there is no error: a hook may have taken the
// place of an answer that was there.
func only[V any](v V, err error) (V, error) {
	if err != nil {
		var none V
		return none, err
	}
	return v, nil
}

// one is how many documents a call on one document touched.
func one(err error) int {
	if err != nil {
		return 0
	}
	return 1
}

func joined(names []string) string {
	if len(names) == 0 {
		return ""
	}
	if len(names) == 1 {
		return names[0]
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "+")
}
