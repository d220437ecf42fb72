// Package bulk fills an empty store with a made-up company of any size, in
// order to measure: a hundred thousand people with two million attempts take
// some minutes.
//
// # What is in it
//
// One admin, and in companies of ten and more an author and three reviewers;
// managers, one for up to ten teams; all others are reps, spread evenly over
// the teams. Nobody has a password. Reps have learned for up to two and a half
// years before the present: lessons read, quizzes and scenarios passed, failed,
// left open, tried again after a cool-down or a grant, practised; sign-offs,
// certificates, renewals. How many attempts a rep made differs from nothing at
// all to twice the average; in all it is exactly what was asked for.
//
// # How
//
// Each rep's history is a [programme.Past]: made up in memory by the rules of
// the services, written once at its end. So every document is one that the
// services write, and the outbox has nothing left to do. The histories are made
// side by side; each has its own chance, which comes from the seed and the
// rep's number, so that the same options make the same documents.
//
// # Half a company
//
// The store says of itself what it is: the collection "bulk" has one document
// with the options, and whether the company is whole. A store that holds
// anything is refused, so one that was broken off has to be removed.
package bulk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// Version is of the documents that the same options make: a store that is kept
// for the next time is no longer the same when this is another number.
const Version = 1

// ErrNotEmpty: something is in the store already.
var ErrNotEmpty = errors.New("the store holds something already")

// Options are the size of a company, and what decides on everything in it.
type Options struct {
	People   int
	Teams    int
	Attempts int       // of all people
	Seed     uint64    // of all chance
	Now      time.Time // the present

	// Progress is told how many people are done; nil is nobody.
	Progress func(done, total int)
}

// Check says what can't be.
func (o Options) Check() error {
	switch {
	case o.People < 3:
		return fmt.Errorf("a company of %d: want at least 3 people, which are an admin, a manager and a rep", o.People)
	case o.Teams < 1 || o.Teams > o.reps():
		return fmt.Errorf("%d teams for %d people, of whom %d are reps: want at least one team, and no more than reps", o.Teams, o.People, o.reps())
	case o.Attempts < 0:
		return fmt.Errorf("%d attempts: want 0 or more", o.Attempts)
	}
	return nil
}

// teamsOfOne is how many teams one manager has.
const teamsOfOne = 10

func (o Options) managers() int {
	return max(1, min((o.Teams+teamsOfOne-1)/teamsOfOne, o.People/3))
}

// staff are all who are neither reps nor managers.
func (o Options) staff() []seat {
	if o.People < 10 {
		return staff[:1]
	}
	return staff
}

func (o Options) reps() int { return o.People - len(o.staff()) - o.managers() }

// marker is the one document that says what the store is.
type marker struct {
	store.Meta `bson:",inline"`
	Version    int
	People     int
	Teams      int
	Attempts   int
	Seed       int64
	Present    time.Time
	Whole      bool // all was written
}

// A company is one that is being made.
type company struct {
	Options
	people   *people.Service
	prog     *programme.Programme
	markers  *store.Collection[marker]
	managers []*people.Person // by their number
	teams    []string         // ids
}

// Fill makes the company. After an error the store holds a part of it, unless
// the error is ErrNotEmpty: then nothing was written.
func Fill(ctx context.Context, to store.Source, shelf *programme.Shelf, o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	if empty, err := to.Empty(ctx); err != nil {
		return fmt.Errorf("look whether the store is empty: %w", err)
	} else if !empty {
		return ErrNotEmpty
	}
	o.Now = o.Now.UTC().Truncate(time.Second)
	st := store.New(to)
	c := &company{Options: o}
	begin := func() time.Time { return o.founded() }
	c.people = people.New(st, people.Options{Now: begin, Random: c.random("people", 0)})
	c.prog = programme.New(st, c.people, shelf, programme.Options{Now: begin, Seed: c.seeds("programme", 0), NewKey: c.key(), Log: slog.New(slog.DiscardHandler)})
	c.markers = store.NewCollection[marker](st, store.Schema{Name: "bulk"})
	if err := st.Declare(ctx); err != nil {
		return err
	}
	m := &marker{
		Meta: store.Meta{ID: "company"}, Version: Version,
		People: o.People, Teams: o.Teams, Attempts: o.Attempts, Seed: int64(o.Seed), Present: o.Now,
	}
	if err := c.markers.Insert(ctx, m); err != nil {
		return err
	}
	if err := c.prog.Open(ctx); err != nil {
		return err
	}
	if err := c.fill(ctx); err != nil {
		return err
	}
	m.Whole = true
	return c.markers.Replace(ctx, m)
}

// founded is when the company begins: everybody who is no rep was there then.
func (o Options) founded() time.Time { return o.Now.AddDate(0, 0, -longest-1) }

// key is the company's secret key, in which nothing is secret.
func (c *company) key() []byte {
	key := c.seeds("key", 0)()
	return key[:]
}

// seeds makes the chance for one purpose: 32 bytes at a time, by hashing what
// for, the seed and a number.
func (c *company) seeds(purpose string, number int) func() [32]byte {
	n := 0
	return func() [32]byte {
		n++
		return sha256.Sum256(fmt.Appendf(nil, "insidebox/bulk/%d/%s/%d/%d/%d", Version, purpose, c.Seed, number, n))
	}
}

// random is the same as bytes.
func (c *company) random(purpose string, number int) io.Reader {
	return rand.NewChaCha8(c.seeds(purpose, number)())
}
