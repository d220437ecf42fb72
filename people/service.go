package people

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/oklog/ulid/v2"

	"github.com/insidebox/insidebox/store"
)

// The errors of this room. What comes back wraps one of these, an
// [*InputError], or an error of package store.
var (
	// ErrNotFound: there is no such person or team.
	ErrNotFound = errors.New("no such person or team")
	// ErrEmailTaken: the e-mail address belongs to somebody else.
	ErrEmailTaken = errors.New("this e-mail address belongs to somebody else")
	// ErrTeamTaken: there is a team with this id.
	ErrTeamTaken = errors.New("there is a team of this name already")
	// ErrLastAdmin: without her there would be no admin left.
	ErrLastAdmin = errors.New("this is the last admin; make somebody else an admin first")
	// ErrCredentials: the e-mail address or the password is wrong; which of
	// them is not said.
	ErrCredentials = errors.New("the e-mail address or the password is not right")
	// ErrDisabled: the password is right, but the account is disabled.
	ErrDisabled = errors.New("this account is disabled; ask your admin")
	// ErrTooMany: too many failures, see TooManyError for how long.
	ErrTooMany = errors.New("too many failed sign-ins")
	// ErrBusy: too many passwords are being checked, see BusyError.
	ErrBusy = errors.New("too many people are signing in at this moment")
	// ErrLink: the one-time link was used, has expired, or never was.
	ErrLink = errors.New("this link was used already, has expired, or was replaced by a newer one; ask your admin for a new one")
)

// Options are what a Service gets from outside. Now is required.
type Options struct {
	// Now tells the time.
	Now func() time.Time
	// Random is where ids, secrets and tokens come from; nil is crypto/rand.
	// (Salts come from crypto/rand in any case: the argon2id module takes no
	// other source.)
	Random io.Reader
	// Wait sleeps, or returns the context's error when that is over first; nil
	// is a timer. It is how a sign-in is slowed down.
	Wait func(context.Context, time.Duration) error
	// Cores is how many passwords are hashed at once; 0 is one.
	Cores int
	// Hashing says how much work a hash is; nil is 19 MiB, two passes, one lane.
	Hashing *argon2id.Params
}

// Service is the door to people and teams. It may be used concurrently, and in
// several processes on one store; throttling and the queue for hashing are per
// process.
type Service struct {
	people *store.Collection[Person]
	claims *store.Collection[claim]
	teams  *store.Collection[Team]
	guards *store.Collection[guard]
	setups *store.Collection[setup]

	now      func() time.Time
	wait     func(context.Context, time.Duration) error
	hasher   *Hasher
	throttle *throttle

	mu     sync.Mutex
	random io.Reader
}

// New makes the collections known to the store; call the store's Declare after
// it and before anything else.
func New(s *store.Store, o Options) *Service {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	return &Service{
		people:   store.NewCollection[Person](s, peopleSchema()),
		claims:   store.NewCollection[claim](s, store.Schema{Name: "emails"}),
		teams:    store.NewCollection[Team](s, teamSchema()),
		guards:   store.NewCollection[guard](s, store.Schema{Name: "guards"}),
		setups:   store.NewCollection[setup](s, store.Schema{Name: "setup"}),
		now:      o.Now,
		wait:     o.Wait,
		hasher:   NewHasher(o.Cores, o.Hashing),
		throttle: newThrottle(),
		random:   o.Random,
	}
}

// People is the collection of persons, for reading one together with another
// document (store.Look2). Write only through the Service: it keeps e-mail
// addresses unique and an admin in the house.
func (s *Service) People() *store.Collection[Person] { return s.people }

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

// bytes returns n random bytes.
func (s *Service) bytes(n int) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return nil, fmt.Errorf("draw %d random bytes: %w", n, err)
	}
	return b, nil
}

// newID returns an id that sorts by time and is not used yet.
func (s *Service) newID() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, err := ulid.New(ulid.Timestamp(s.now()), s.random)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return id.String(), nil
}

// missing turns the store's ErrNotFound into this room's.
func missing(err error, what, id string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%s %.100q: %w", what, id, ErrNotFound)
	}
	return err
}

// raced tells that another writer was faster, so that all must be read again.
func raced(err error) bool {
	return errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrNotFound)
}

// retry calls try until it neither fails nor was overtaken by another writer.
// Each time the store's state moved on because somebody succeeded, so that a
// handful of tries is plenty for anything people do.
func retry(ctx context.Context, try func() error) error {
	var err error
	for n := range 30 {
		if err = try(); !raced(err) {
			return err
		}
		if err := wait(ctx, time.Duration(n)*time.Millisecond); err != nil {
			return err
		}
	}
	return err
}
