package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/store"
)

// maxSetupLinks is how many links to the first admin's account are open at
// once: each server prints its own when it starts.
const maxSetupLinks = 8

const firstAdmin = "first-admin"

// setup is the one document about the first admin.
type setup struct {
	store.Meta `bson:",inline"`

	Links []Link `bson:"links"` // newest last
}

// SetupLink returns a fresh token for the link with which the first admin makes
// her account, and until when it is good; "" when there is an admin. A server
// calls it at each start and prints the link. Only a hash is kept, so the same
// link can't be printed twice; links printed before stay good until they
// expire or one of them is used.
func (s *Service) SetupLink(ctx context.Context) (token string, until time.Time, err error) {
	if has, err := s.HasAdmin(ctx); has || err != nil {
		return "", until, err
	}
	if token, err = s.newSecret(); err != nil {
		return "", until, err
	}
	now := s.now()
	link := Link{Hash: digest(token), Expires: now.Add(SetupLifetime)}
	err = retry(ctx, func() error {
		d, err := s.setup(ctx)
		if err != nil {
			return err
		}
		d.Links = slices.DeleteFunc(d.Links, func(l Link) bool { return !now.Before(l.Expires) })
		d.Links = append(d.Links, link)
		if extra := len(d.Links) - maxSetupLinks; extra > 0 {
			d.Links = slices.Delete(d.Links, 0, extra)
		}
		return s.setups.Replace(ctx, d)
	})
	if err != nil {
		return "", until, fmt.Errorf("make the first admin's link: %w", err)
	}
	return token, link.Expires, nil
}

// setup reads the document, and makes an empty one when there is none.
func (s *Service) setup(ctx context.Context) (*setup, error) {
	d, err := s.setups.Get(ctx, firstAdmin)
	if !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	d = &setup{Meta: store.Meta{ID: firstAdmin}}
	return d, s.setups.Insert(ctx, d)
}

// CheckSetup returns nil when the token opens the first admin's page, ErrLink
// otherwise. It changes nothing.
func (s *Service) CheckSetup(ctx context.Context, token string) error {
	if has, err := s.HasAdmin(ctx); err != nil {
		return err
	} else if has {
		return ErrLink
	}
	d, err := s.setups.Get(ctx, firstAdmin)
	if errors.Is(err, store.ErrNotFound) {
		return ErrLink
	}
	if err != nil {
		return err
	}
	if !d.opens(token, s.now()) {
		return ErrLink
	}
	return nil
}

func (d *setup) opens(token string, now time.Time) bool {
	open := false
	for _, l := range d.Links {
		open = l.matches(token, now) || open
	}
	return open
}

// RedeemSetup makes the first admin's account, with roles added to RoleAdmin,
// and begins a session on the device. When the address belongs to somebody
// already (a roster was imported first), she becomes the admin. Using one link
// uses up all of them: of several calls exactly one gets through, the others
// get ErrLink. Should the server die in the middle there is no admin yet, and
// the next start prints a new link.
func (s *Service) RedeemSetup(ctx context.Context, token string, n NewPerson, password, device string) (*Person, string, error) {
	if err := s.CheckSetup(ctx, token); err != nil {
		return nil, "", err
	}
	n.Roles = append(slices.Clone(n.Roles), RoleAdmin)
	n.Disabled = false
	draft, err := n.person()
	if err == nil {
		err = s.checkTeam(ctx, n.Team)
	}
	if err != nil {
		return nil, "", err
	}
	if n.PasswordHash, err = s.newHash(ctx, password, draft); err != nil {
		return nil, "", err
	}
	if err := s.useSetup(ctx, token); err != nil {
		return nil, "", err
	}
	p, err := s.Add(ctx, n)
	if errors.Is(err, ErrEmailTaken) {
		p, err = s.promote(ctx, n)
	}
	if err != nil {
		return nil, "", fmt.Errorf("make the first admin: %w", err)
	}
	return s.OpenSession(ctx, p.ID, device)
}

// useSetup uses up the links in one write.
func (s *Service) useSetup(ctx context.Context, token string) error {
	_, err := s.setups.Update(ctx, firstAdmin, func(d *setup) error {
		if !d.opens(token, s.now()) {
			return ErrLink
		}
		d.Links = nil
		return nil
	})
	return err
}

// promote makes the person who has the address an admin with a new password.
func (s *Service) promote(ctx context.Context, n NewPerson) (*Person, error) {
	p, err := s.ByEmail(ctx, n.Email)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "make the first admin", p.ID, func(p *Person) (err error) {
		p.Roles, err = checkRoles(append(p.Roles, n.Roles...))
		p.Password, p.Disabled, p.Sessions, p.Link = n.PasswordHash, false, nil, Link{}
		return err
	})
}
