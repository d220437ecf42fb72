package people

import (
	"context"
	"errors"
	"fmt"

	"github.com/insidebox/insidebox/store"
)

// A claim says whose an e-mail address is; its id is the folded address. A
// person is found by her address only when both agree: the claim names her and
// her document holds the address. So a claim that was left behind, by a crash
// between the two writes or by a change of address, binds nobody and is taken
// over by the next who wants the address.
// (See take, confirm and moveEmail for what happens when several want it.)
type claim struct {
	store.Meta `bson:",inline"`

	Person string `bson:"person"`
}

// nobody is an id that no person has.
const nobody = "nobody"

// ByEmail returns the person with this e-mail address, in whatever capitals,
// or ErrNotFound. An address that nobody has costs the same two reads, so that
// a sign-in doesn't tell by its time who has an account.
func (s *Service) ByEmail(ctx context.Context, email string) (*Person, error) {
	key := FoldEmail(email)
	if store.CheckID(key) != nil {
		return nil, fmt.Errorf("person %.100q: %w", email, ErrNotFound)
	}
	c, err := s.claims.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		c, err = &claim{Person: nobody}, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := s.people.Get(ctx, c.Person)
	if err != nil {
		return nil, missing(err, "person", key)
	}
	if p.EmailKey != key {
		return nil, fmt.Errorf("person %q: %w", key, ErrNotFound)
	}
	return p, nil
}

// take makes the claim of an address name the person, if nobody else has the
// address; ErrEmailTaken otherwise. It always writes the claim, so that whoever
// read it before has to read again. An error of raced means: start over.
func (s *Service) take(ctx context.Context, key, person string) error {
	c, err := s.claims.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return s.claims.Insert(ctx, &claim{Meta: store.Meta{ID: key}, Person: person})
	}
	if err != nil {
		return err
	}
	if c.Person != person {
		if err := s.release(ctx, c); err != nil {
			return err
		}
	}
	c.Person = person
	return s.claims.Replace(ctx, c)
}

// release makes sure that the one whom a claim names doesn't have the address
// and can't be about to get it. If she is stored, her document is written
// unchanged, so that a change of address under way, which replaces the revision
// that it read, starts over. If she isn't, Add may be about to insert her; but
// then it confirms the claim at the end, which the caller is about to rewrite.
func (s *Service) release(ctx context.Context, c *claim) error {
	holder, err := s.people.Get(ctx, c.Person)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if holder.EmailKey == c.ID {
		return fmt.Errorf("%s: %w", c.ID, ErrEmailTaken)
	}
	return s.people.Replace(ctx, holder)
}

// confirm writes the claim unchanged if it still names the person, who is stored
// now. Whoever read it before she was there and wants to take it starts over,
// and finds her. ErrEmailTaken when somebody took it already.
func (s *Service) confirm(ctx context.Context, key, person string) error {
	return retry(ctx, func() error {
		c, err := s.claims.Get(ctx, key)
		if err != nil {
			return err
		}
		if c.Person != person {
			return fmt.Errorf("%s: %w", key, ErrEmailTaken)
		}
		return s.claims.Replace(ctx, c)
	})
}

// SetEmail gives the person another e-mail address, or another way of writing
// the same one. ErrEmailTaken when somebody else has it.
func (s *Service) SetEmail(ctx context.Context, id, email string) (*Person, error) {
	email, err := CheckEmail(email)
	if err != nil {
		return nil, err
	}
	var p *Person
	err = retry(ctx, func() error {
		p, err = s.people.Get(ctx, id)
		if err != nil || p.Email == email {
			return missing(err, "person", id)
		}
		return s.moveEmail(ctx, p, email)
	})
	if err != nil {
		return nil, fmt.Errorf("change the e-mail address of %s: %w", id, err)
	}
	return p, nil
}

// moveEmail is one try: claim the new address, then write the person. The claim
// of the old one stays and binds nobody: claims are never deleted, because one
// that is inserted again would begin at revision 1 and be taken for the old one
// by whoever still holds that.
func (s *Service) moveEmail(ctx context.Context, p *Person, email string) error {
	before := p.EmailKey
	p.Email = email
	p.derive()
	if p.EmailKey != before {
		if err := s.take(ctx, p.EmailKey, p.ID); err != nil {
			return err
		}
	}
	return s.people.Replace(ctx, p)
}
