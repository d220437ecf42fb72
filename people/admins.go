package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/insidebox/insidebox/store"
)

// The last admin can't be removed or disabled, even when two admins remove each
// other at the same moment on two servers. That rests on one document, the
// guard: a list of admins of which at least one stays.
//
// Everybody on the list is an admin at any time, because
//   - who stops being an admin leaves the list first (leave), which is refused
//     when nobody else stays; then her document is replaced at the revision
//     that was read before she left;
//   - who has become an admin joins the list last (enrol): the list is read,
//     her document is written unchanged, then the list is replaced at the
//     revision that was read.
//
// So whichever of the two begins while the other is under way makes it start
// over. Not every admin must be on the list: a crash leaves one out. Before
// anybody is refused, those that were left out are enrolled.
type guard struct {
	store.Meta `bson:",inline"`

	People []string `bson:"people"`
}

const adminGuard = "admins"

// HasAdmin tells whether there is an admin who is not disabled.
func (s *Service) HasAdmin(ctx context.Context) (bool, error) {
	n, err := s.people.Count(ctx, store.Query{Index: byAdmin, Eq: []store.Key{store.Bool(true)}}, 1)
	return n > 0, err
}

// enrol puts an admin on the list, unless she is none any more.
func (s *Service) enrol(ctx context.Context, id string) error {
	return retry(ctx, func() error {
		g, err := s.guard(ctx)
		if err != nil || slices.Contains(g.People, id) {
			return err
		}
		p, err := s.people.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !p.Admin {
			return nil
		}
		if err == nil {
			err = s.people.Replace(ctx, p)
		}
		if err != nil {
			return err
		}
		g.People = append(g.People, id)
		return s.guards.Replace(ctx, g)
	})
}

// leave takes an admin off the list, or returns ErrLastAdmin. It writes the
// list in any case, so that an enrol under way starts over.
func (s *Service) leave(ctx context.Context, id string) error {
	healed := false
	return retry(ctx, func() error {
		g, err := s.guard(ctx)
		if err != nil {
			return err
		}
		g.People = slices.DeleteFunc(g.People, func(other string) bool { return other == id })
		if len(g.People) > 0 {
			return s.guards.Replace(ctx, g)
		}
		if healed {
			return ErrLastAdmin
		}
		healed = true
		if err := s.enrolOthers(ctx, id); err != nil {
			return err
		}
		return store.ErrConflict // the list is longer now: read it again
	})
}

// enrolOthers enrols admins whom a crash left out, all but the one with id.
func (s *Service) enrolOthers(ctx context.Context, id string) error {
	admins, _, err := s.people.Find(ctx, store.Query{
		Index: byAdmin, Eq: []store.Key{store.Bool(true)}, Limit: store.MaxLimit,
	})
	if err != nil {
		return err
	}
	for _, p := range admins {
		if p.ID == id {
			continue
		}
		if err := s.enrol(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// guard reads the list, and makes an empty one when there is none.
func (s *Service) guard(ctx context.Context) (*guard, error) {
	g, err := s.guards.Get(ctx, adminGuard)
	if !errors.Is(err, store.ErrNotFound) {
		return g, err
	}
	g = &guard{Meta: store.Meta{ID: adminGuard}}
	return g, s.guards.Insert(ctx, g)
}

// errLeaves ends an Update that would take an admin out.
var errLeaves = errors.New("an admin leaves")

// change changes a person, keeps derived fields true, and keeps an admin in the
// house. fn may be called several times and must not call the store; when it
// returns store.ErrNoChange, nothing is written.
func (s *Service) change(ctx context.Context, what, id string, fn func(*Person) error) (*Person, error) {
	joins := false
	p, err := s.people.Update(ctx, id, func(p *Person) error {
		was := p.Admin
		if err := fn(p); err != nil {
			return err
		}
		p.derive()
		if was && !p.Admin {
			return errLeaves
		}
		joins = p.Admin && !was
		return nil
	})
	switch {
	case errors.Is(err, errLeaves):
		p, err = s.changeAdmin(ctx, id, fn)
	case err == nil && joins:
		err = s.enrol(ctx, id)
	}
	if err != nil {
		return nil, fmt.Errorf("%s of person %.100s: %w", what, id, missing(err, "person", id))
	}
	return p, nil
}

// changeAdmin is change for an admin who stops being one. The order of the
// three steps is what the guard's promise rests on.
func (s *Service) changeAdmin(ctx context.Context, id string, fn func(*Person) error) (p *Person, err error) {
	err = retry(ctx, func() error {
		if p, err = s.people.Get(ctx, id); err != nil {
			return missing(err, "person", id)
		}
		if err := fn(p); errors.Is(err, store.ErrNoChange) {
			return nil
		} else if err != nil {
			return err
		}
		p.derive()
		if err := s.leave(ctx, id); err != nil {
			return err
		}
		return s.people.Replace(ctx, p)
	})
	return p, err
}
