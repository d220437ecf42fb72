package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Store is a driver with the collections that the program keeps in it. Wire it
// once: New, NewCollection for each collection, Declare, then use.
type Store struct {
	driver Driver
	locks  stripes
	jitter func() float64
	pause  func(context.Context, time.Duration) error

	mu      sync.Mutex
	schemas []Schema
}

// Option changes how a Store works.
type Option func(*Store)

// WithJitter sets where Update's waiting times get their randomness: numbers
// from 0 up to 1, from any goroutine. The default is math/rand/v2.
func WithJitter(random func() float64) Option { return func(s *Store) { s.jitter = random } }

// WithPause sets how Update waits between two tries. It returns early with the
// context's error. The default is a timer.
func WithPause(pause func(context.Context, time.Duration) error) Option {
	return func(s *Store) { s.pause = pause }
}

// New returns a Store on the driver, which it closes in Close.
func New(d Driver, opts ...Option) *Store {
	s := &Store{driver: d, locks: newStripes(), jitter: rand.Float64, pause: wait}
	for _, o := range opts {
		o(s)
	}
	return s
}

// Declare makes ready all collections made with NewCollection. Call it again
// as often as you like.
func (s *Store) Declare(ctx context.Context) error {
	s.mu.Lock()
	schemas := append([]Schema(nil), s.schemas...)
	s.mu.Unlock()
	if err := s.driver.Declare(ctx, schemas...); err != nil {
		return fmt.Errorf("declare the collections: %w", err)
	}
	return nil
}

// Ping returns nil when the store can be used.
func (s *Store) Ping(ctx context.Context) error { return s.driver.Ping(ctx) }

// Close ends what is under way and closes the driver.
func (s *Store) Close() error { return s.driver.Close() }

// add notes a collection for Declare. It panics on a mistake in the schema or
// a second collection of that name: both are mistakes in the wiring.
func (s *Store) add(schema Schema) {
	if err := schema.Check(); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.schemas {
		if other.Name == schema.Name {
			panic(fmt.Sprintf("store: the collection %s is made twice", schema.Name))
		}
	}
	s.schemas = append(s.schemas, schema)
}

// wait sleeps for d, or until the context is over.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
