package people

import (
	"context"
	"errors"

	"github.com/insidebox/insidebox/store"
)

// SignIn checks an e-mail address and a password and begins a session on the
// device. The cookie is what the browser is to keep; give it to SplitCookie and
// Lookup at each request. addr is the address that the request came from,
// without anything that the client can choose.
//
// ErrCredentials doesn't say whether there is such an account, and takes as
// long in either case. ErrDisabled comes only with the right password. ErrTooMany
// and ErrBusy say for how long. A sign-in costs one write.
func (s *Service) SignIn(ctx context.Context, email, password, device, addr string) (*Person, string, error) {
	p, err := s.ByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, "", err
	}
	if err := s.verify(ctx, p, email, password, addr); err != nil {
		return nil, "", err
	}
	hash, err := s.rehash(ctx, p, password)
	if err != nil {
		return nil, "", err
	}
	return s.open(ctx, p.ID, device, func(now *Person) error {
		if now.Password != p.Password { // changed while we looked at it
			return ErrCredentials
		}
		now.Password = hash
		return nil
	})
}

// verify compares a password with the person's, or with nobody's when p is nil,
// within the limits for failures.
func (s *Service) verify(ctx context.Context, p *Person, email, password, addr string) error {
	delay, done, err := s.throttle.begin(FoldEmail(email), addr, s.now())
	if err != nil {
		return err
	}
	if delay > 0 {
		if err := s.wait(ctx, delay); err != nil {
			done(false)
			return err
		}
	}
	hash := ""
	if p != nil {
		hash = p.Password
	}
	ok, err := s.hasher.Check(ctx, password, hash, addr)
	if err != nil { // not looked at: it was no failure of hers
		done(false)
		return err
	}
	if !ok {
		return ErrCredentials
	}
	done(true)
	if p.Disabled {
		return ErrDisabled
	}
	return nil
}

// rehash returns the password's hash: as it is, or anew when the parameters
// have changed since. When the machine is too busy for it, the old one stays.
func (s *Service) rehash(ctx context.Context, p *Person, password string) (string, error) {
	if !s.hasher.stale(p.Password) {
		return p.Password, nil
	}
	hash, err := s.hasher.Hash(ctx, password)
	if errors.Is(err, ErrBusy) {
		return p.Password, nil
	}
	return hash, err
}

// open begins a session in one write, together with what fn changes.
func (s *Service) open(ctx context.Context, id, device string, fn func(*Person) error) (*Person, string, error) {
	session, secret, err := s.newSession(device)
	if err != nil {
		return nil, "", err
	}
	p, err := s.people.Update(ctx, id, func(p *Person) error {
		if p.Disabled {
			return ErrDisabled
		}
		if err := fn(p); err != nil {
			return err
		}
		p.begin(session)
		return nil
	})
	if err != nil {
		return nil, "", missing(err, "person", id)
	}
	return p, p.ID + "." + secret, nil
}

// OpenSession begins a session without asking for a password, so that tests and
// measurements don't hash: it is a way in, and nothing that answers a request
// from outside may call it.
func (s *Service) OpenSession(ctx context.Context, id, device string) (*Person, string, error) {
	return s.open(ctx, id, device, func(*Person) error { return nil })
}

// Authenticate reads the person that a cookie names and checks its session:
// one read. ErrNotFound when the cookie is good for nothing, or not any more.
func (s *Service) Authenticate(ctx context.Context, cookie string) (*Person, *Session, error) {
	id, secret, ok := SplitCookie(cookie)
	if !ok {
		return nil, nil, missing(store.ErrNotFound, "session of", "")
	}
	p, err := s.Get(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	session, ok := s.Lookup(p, secret)
	if !ok {
		return nil, nil, missing(store.ErrNotFound, "session of", id)
	}
	return p, session, nil
}
