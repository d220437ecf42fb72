package people

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"
)

// How long one-time links are good.
const (
	InviteLifetime = 7 * 24 * time.Hour
	SetupLifetime  = 24 * time.Hour
)

// Link is the one-time link of a person that is open: whoever has it may set
// her password, once. A newer one replaces it. The zero Link is none.
type Link struct {
	Hash    []byte    `bson:"hash"` // SHA-256 of the secret
	Expires time.Time `bson:"expires"`
}

// matches tells whether the secret opens the link at that time.
func (l Link) matches(secret string, now time.Time) bool {
	right := subtle.ConstantTimeCompare(digest(secret), l.Hash) == 1
	return right && now.Before(l.Expires)
}

// Invite makes a one-time link with which the person sets her password: the
// first one, or a new one when she forgot it. It returns the link's token and
// until when it is good. Earlier links of hers stop working; her password and
// her sessions stay until she uses it. ErrDisabled for a disabled person.
func (s *Service) Invite(ctx context.Context, id string) (token string, until time.Time, err error) {
	secret, err := s.newSecret()
	if err != nil {
		return "", until, err
	}
	until = s.now().Add(InviteLifetime)
	p, err := s.change(ctx, "make a one-time link", id, func(p *Person) error {
		if p.Disabled {
			return ErrDisabled
		}
		p.Link = Link{Hash: digest(secret), Expires: until}
		return nil
	})
	if err != nil {
		return "", until, err
	}
	return p.ID + "." + secret, p.Link.Expires, nil
}

// Invited returns the person whose link has this token, or ErrLink. It changes
// nothing: programs that look at links in mails before people do, don't use
// them up.
func (s *Service) Invited(ctx context.Context, token string) (*Person, error) {
	id, secret, ok := SplitCookie(token)
	if !ok {
		return nil, ErrLink
	}
	p, err := s.people.Get(ctx, id)
	if err = missing(err, "person", id); err != nil {
		return nil, linkError(err)
	}
	if p.Disabled || !p.Link.matches(secret, s.now()) {
		return nil, ErrLink
	}
	return p, nil
}

// Redeem sets the password of the person whose link has this token, ends her
// other sessions and begins one on the device, all in one write: of several
// calls with one token exactly one succeeds, the others get ErrLink. A password
// that won't do is an [InputError] and leaves the link as it is.
func (s *Service) Redeem(ctx context.Context, token, password, device string) (*Person, string, error) {
	invited, err := s.Invited(ctx, token)
	if err != nil {
		return nil, "", err
	}
	hash, err := s.newHash(ctx, password, invited)
	if err != nil {
		return nil, "", err
	}
	_, secret, _ := SplitCookie(token)
	p, cookie, err := s.open(ctx, invited.ID, device, func(p *Person) error {
		if !p.Link.matches(secret, s.now()) {
			return ErrLink
		}
		p.Password, p.Link, p.Sessions = hash, Link{}, nil
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("set a password by a one-time link: %w", linkError(err))
	}
	return p, cookie, nil
}

// linkError hides why a link doesn't work from whoever holds it.
func linkError(err error) error {
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDisabled) {
		return ErrLink
	}
	return err
}
