package people

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/insidebox/insidebox/store"
)

// Seat adds a person as Add does, in two writes and without a look at others:
// for a company that is made up as a whole, where nobody else adds people at
// the same time and teams are there. created is when she was added, and random
// decides on her id.
func (s *Service) Seat(ctx context.Context, n NewPerson, created time.Time, random io.Reader) (*Person, error) {
	p, err := n.person()
	if err != nil {
		return nil, fmt.Errorf("add %.100s: %w", n.Email, err)
	}
	id, err := ulid.New(ulid.Timestamp(created), random)
	if err != nil {
		return nil, fmt.Errorf("make an id: %w", err)
	}
	p.ID, p.Created = id.String(), created.UTC()
	err = s.claims.Insert(ctx, &claim{Meta: store.Meta{ID: p.EmailKey}, Person: p.ID})
	if errors.Is(err, store.ErrExists) {
		err = ErrEmailTaken
	}
	if err == nil {
		err = s.people.Insert(ctx, p)
	}
	if err == nil && p.Admin {
		err = s.enrol(ctx, p.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("add %.100s: %w", n.Email, err)
	}
	return p, nil
}
