package people

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/insidebox/insidebox/store"
)

// How long a session lives, and how many a person has.
const (
	MaxSessions     = 20
	IdleLifetime    = 30 * 24 * time.Hour // since it was last seen
	SessionLifetime = 90 * 24 * time.Hour // since it was made
	seenEvery       = 24 * time.Hour      // how coarse "last seen" is
	maxDevice       = 200                 // characters of a device's description
)

// Session is one device on which a person is signed in.
type Session struct {
	ID      string    `bson:"id"`     // to name it in a form; opens nothing
	Hash    []byte    `bson:"hash"`   // SHA-256 of the secret in the cookie
	Device  string    `bson:"device"` // for her to recognise: "Firefox on Linux"
	Created time.Time `bson:"created"`
	Seen    time.Time `bson:"seen"` // within a day
}

// Live tells whether the session is still good at that time.
func (s *Session) Live(now time.Time) bool {
	return now.Before(s.Seen.Add(IdleLifetime)) && now.Before(s.Created.Add(SessionLifetime))
}

// Expires returns when the session ends if it isn't used any more.
func (s *Session) Expires() time.Time {
	idle, end := s.Seen.Add(IdleLifetime), s.Created.Add(SessionLifetime)
	if idle.Before(end) {
		return idle
	}
	return end
}

// Cookie and token have one shape: the person's id, a point, and the secret.

// SplitCookie takes a cookie's value (or a link's token) apart. It looks at
// nothing but the shape.
func SplitCookie(value string) (person, secret string, ok bool) {
	person, secret, ok = strings.Cut(value, ".")
	ok = ok && store.CheckID(person) == nil && len(secret) == secretLength && !strings.Contains(secret, ".")
	if !ok {
		return "", "", false
	}
	return person, secret, true
}

// secretLength is that of 32 random bytes in base64.
const secretLength = 43

// newSecret returns 32 random bytes as text.
func (s *Service) newSecret() (string, error) {
	b, err := s.bytes(32)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// digest is what is kept of a secret. Secrets are random, so a plain SHA-256
// can't be turned round.
func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Lookup returns the live session with this secret in a person's document that
// was read already; false when there is none or she is disabled. It reads and
// writes nothing.
func (s *Service) Lookup(p *Person, secret string) (*Session, bool) {
	if p == nil || p.Disabled {
		return nil, false
	}
	if found := p.session(secret); found != nil && found.Live(s.now()) {
		return found, true
	}
	return nil, false
}

// session finds a session by its secret, looking at all of them.
func (p *Person) session(secret string) *Session {
	hash, at := digest(secret), -1
	for i := range p.Sessions {
		if subtle.ConstantTimeCompare(hash, p.Sessions[i].Hash) == 1 {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	return &p.Sessions[at]
}

// keepOnly ends all sessions but the one with this secret.
func (p *Person) keepOnly(secret string) {
	kept := p.session(secret)
	if kept == nil {
		p.Sessions = nil
		return
	}
	p.Sessions = []Session{*kept}
}

// begin adds a session. When there are too many, those that have ended go, then
// the ones that were seen longest ago.
func (p *Person) begin(n Session) {
	p.Sessions = slices.DeleteFunc(p.Sessions, func(s Session) bool { return !s.Live(n.Created) })
	for len(p.Sessions) >= MaxSessions {
		oldest := 0
		for i := range p.Sessions {
			if p.Sessions[i].Seen.Before(p.Sessions[oldest].Seen) {
				oldest = i
			}
		}
		p.Sessions = slices.Delete(p.Sessions, oldest, oldest+1)
	}
	p.Sessions = append(p.Sessions, n)
}

// newSession draws a secret and returns the session and the secret.
func (s *Service) newSession(device string) (Session, string, error) {
	secret, err := s.newSecret()
	if err != nil {
		return Session{}, "", err
	}
	id, err := s.bytes(9)
	if err != nil {
		return Session{}, "", err
	}
	now := s.now()
	return Session{
		ID:   base64.RawURLEncoding.EncodeToString(id),
		Hash: digest(secret), Device: printable(device), Created: now, Seen: now,
	}, secret, nil
}

// printable makes what others wrote, such as a browser about itself, fit to be
// shown: one line, nothing invisible, at most maxDevice characters.
func printable(device string) string {
	device = strings.Join(strings.Fields(strings.ToValidUTF8(device, "")), " ")
	device = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, device)
	if r := []rune(device); len(r) > maxDevice {
		device = string(r[:maxDevice])
	}
	return device
}

// Touch notes that a session is in use. It writes at most once a day for each
// session; at all other times it does nothing.
func (s *Service) Touch(ctx context.Context, p *Person, session *Session) error {
	now := s.now()
	if now.Before(session.Seen.Add(seenEvery)) {
		return nil
	}
	_, err := s.people.Update(ctx, p.ID, func(p *Person) error {
		for i := range p.Sessions {
			if p.Sessions[i].ID == session.ID && p.Sessions[i].Live(now) && p.Sessions[i].Seen.Before(now) {
				p.Sessions[i].Seen = now
				return nil
			}
		}
		return store.ErrNoChange
	})
	return missing(err, "person", p.ID)
}

// SignOut ends the session with this secret. It is no error when there is none.
func (s *Service) SignOut(ctx context.Context, id, secret string) error {
	return s.endSessions(ctx, id, func(one *Session) bool {
		return subtle.ConstantTimeCompare(one.Hash, digest(secret)) == 1
	})
}

// EndSession ends one session of hers by its id: another device, from the list
// on her page.
func (s *Service) EndSession(ctx context.Context, id, session string) error {
	return s.endSessions(ctx, id, func(one *Session) bool { return one.ID == session })
}

// SignOutEverywhere ends all her sessions, but for the one with the secret
// when that isn't empty.
func (s *Service) SignOutEverywhere(ctx context.Context, id, except string) error {
	keep := digest(except)
	return s.endSessions(ctx, id, func(one *Session) bool {
		return except == "" || subtle.ConstantTimeCompare(one.Hash, keep) != 1
	})
}

func (s *Service) endSessions(ctx context.Context, id string, ends func(*Session) bool) error {
	_, err := s.people.Update(ctx, id, func(p *Person) error {
		before := len(p.Sessions)
		p.Sessions = slices.DeleteFunc(p.Sessions, func(one Session) bool { return ends(&one) })
		if len(p.Sessions) == before {
			return store.ErrNoChange
		}
		return nil
	})
	return missing(err, "person", id)
}
