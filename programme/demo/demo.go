// Package demo fills an empty store with the people of the sample company,
// in many states of progress, so that whoever looks at insidebox for the
// first time sees a company at work.
//
// Everything goes through the real services with a clock that stands in the
// past, so that what a demo person has is what a real one would have: an
// attempt that was drawn, answered and graded, a certificate that was issued.
// A store that holds people whom this package did not put there is refused.
package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

// Password is every demo person's.
const Password = "inside-the-box"

// ErrForeign: the store holds people that are not demo people.
var ErrForeign = errors.New("this store holds real people")

// A Sign is one demo sign-in, for lists.
type Sign struct{ Email, What string }

// Signs lists all demo sign-ins: reps first, then those who look after them.
func Signs() []Sign {
	var reps, others []Sign
	for _, c := range cast() {
		sign := Sign{c.email, c.what}
		if slices.Contains(c.roles, people.RoleRep) {
			reps = append(reps, sign)
		} else {
			others = append(others, sign)
		}
	}
	return append(reps, others...)
}

// First lists the sign-ins that are worth trying first.
func First() []Sign {
	first := []string{"rep@demo.test", "rep2@demo.test", "manager@demo.test", "author@demo.test", "admin@demo.test"}
	return slices.DeleteFunc(Signs(), func(s Sign) bool { return !slices.Contains(first, s.Email) })
}

// marker says that the store was seeded, and whether to the end.
type marker struct {
	store.Meta `bson:",inline"`
	Done       bool
	At         time.Time // the present, as the stories see it
}

func newMarkers(s *store.Store) *store.Collection[marker] {
	return store.NewCollection[marker](s, store.Schema{Name: "demo"})
}

// Seed fills the store behind the driver, unless that was done before. now is
// the present. A seeding that was interrupted is completed, as of its own
// present: every story goes on where it ended. One process at a time may seed.
func Seed(ctx context.Context, driver store.Driver, shelf *programme.Shelf, now time.Time, seed func() [32]byte) error {
	w := newWorld(driver, shelf, now, seed)
	if err := w.store.Declare(ctx); err != nil {
		return fmt.Errorf("seed the demo: %w", err)
	}
	done, err := w.begin(ctx)
	if err != nil || done {
		return err
	}
	if err := w.prog.Open(ctx); err != nil {
		return fmt.Errorf("seed the demo: %w", err)
	}
	if err := w.fill(ctx); err != nil {
		return fmt.Errorf("seed the demo: %w", err)
	}
	_, err = w.markers.Update(ctx, "demo", func(m *marker) error {
		m.Done = true
		return nil
	})
	return err
}

// Seeded reports whether the store behind the driver was seeded to the end.
func Seeded(ctx context.Context, driver store.Driver) (bool, error) {
	st := store.New(driver)
	markers := newMarkers(st)
	if err := st.Declare(ctx); err != nil {
		return false, fmt.Errorf("look for the demo: %w", err)
	}
	m, err := markers.Get(ctx, "demo")
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && m.Done, err
}

// begin notes that this store is a demo's. It reports whether it is full
// already, and refuses a store with people in it that it did not make.
func (w *world) begin(ctx context.Context) (done bool, err error) {
	m, err := w.markers.Get(ctx, "demo")
	if err == nil {
		w.today = m.At
		return m.Done, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	page, err := w.people.List(ctx, store.Cursor{}, 1)
	if err != nil {
		return false, err
	}
	if len(page.People) > 0 {
		return false, ErrForeign
	}
	err = w.markers.Insert(ctx, &marker{Meta: store.Meta{ID: "demo"}, At: w.today})
	if errors.Is(err, store.ErrExists) {
		return w.begin(ctx) // another process began at the same moment
	}
	return false, err
}

// fill adds teams and people, then lets the reps learn.
func (w *world) fill(ctx context.Context) error {
	hash, err := w.people.Hash(ctx, Password)
	if err != nil {
		return err
	}
	for _, name := range []string{"Team North", "Team South"} {
		if _, err := w.people.AddTeam(ctx, name); err != nil && !errors.Is(err, people.ErrTeamTaken) {
			return err
		}
	}
	for _, one := range cast() {
		if err := w.add(ctx, one, hash); err != nil {
			return fmt.Errorf("%s: %w", one.email, err)
		}
	}
	return w.fillChannel(ctx)
}
