package people

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// hashing is the work of one hash, as OWASP recommends it for argon2id: 19 MiB,
// two passes, one lane. About 33 ms.
var hashing = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// queuePerCore is how many may wait for each hash that can run: about half a
// second of waiting at the end of the queue.
const queuePerCore = 16

// BusyError is ErrBusy with how long to wait before the next try.
type BusyError struct{ RetryAfter time.Duration }

// Error says it in a sentence.
func (e *BusyError) Error() string { return ErrBusy.Error() }

// Is makes errors.Is(err, ErrBusy) true.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }

// Hasher hashes and checks passwords, a few at a time. Each hash takes 19 MiB
// and 33 ms of a core, so that without a limit two hundred people signing in at
// once would take the machine's memory and wait ten seconds.
type Hasher struct {
	params argon2id.Params
	slots  chan struct{} // hashes that run
	queue  chan struct{} // hashes that run or wait
	dummy  string        // a hash that no password has

	mu   sync.Mutex
	from map[string]int // places in the queue, by the network from which passwords come
}

// NewHasher returns a Hasher that runs cores hashes at once (at least one) with
// the given work; nil is the default.
func NewHasher(cores int, params *argon2id.Params) *Hasher {
	cores = max(cores, 1)
	h := &Hasher{
		params: hashing,
		slots:  make(chan struct{}, cores),
		queue:  make(chan struct{}, cores+cores*queuePerCore),
		from:   map[string]int{},
	}
	if params != nil {
		h.params = *params
	}
	// All zero: finding a password for it means inverting argon2id. What counts
	// is that comparing with it is as much work as with a real one.
	h.dummy = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		h.params.Memory, h.params.Iterations, h.params.Parallelism)
	return h
}

// enter waits for a turn; BusyError when too many wait already. leave ends it. from is
// the network that asks, or "" where none does.
func (h *Hasher) enter(ctx context.Context, from string) (leave func(), err error) {
	if !h.queued(from) {
		return nil, &BusyError{RetryAfter: 2 * time.Second}
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots; h.unqueue(from) }, nil
	case <-ctx.Done():
		h.unqueue(from)
		return nil, ctx.Err()
	}
}

// queued takes a place in the queue, if there is one. The last quarter of them is kept
// for networks that have none yet: whoever sends passwords without end from one address
// would else keep everybody from signing in.
func (h *Hasher) queued(from string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if kept := cap(h.queue) / 4; h.from[from] > 0 && len(h.queue) >= cap(h.queue)-kept {
		return false
	}
	select {
	case h.queue <- struct{}{}:
	default:
		return false
	}
	if from != "" {
		h.from[from]++
	}
	return true
}

func (h *Hasher) unqueue(from string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	<-h.queue
	if h.from[from]--; h.from[from] <= 0 { // nobody's is never counted
		delete(h.from, from)
	}
}

// Hash returns the argon2id hash of a password, with its parameters and a fresh
// salt in it. It doesn't ask whether the password is a good one.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx, "")
	if err != nil {
		return "", err
	}
	defer leave()
	hash, err := argon2id.CreateHash(normal(password), &h.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Check tells whether the hash is the password's. An empty hash is no
// password's, which takes as long to find out. addr is where the password comes from,
// or "" where that is nobody's.
func (h *Hasher) Check(ctx context.Context, password, hash, addr string) (bool, error) {
	leave, err := h.enter(ctx, network(addr))
	if err != nil {
		return false, err
	}
	defer leave()
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	ok, _, err := argon2id.CheckHash(normal(password), hash)
	if err != nil {
		return false, fmt.Errorf("read a password's hash: %w", err)
	}
	return ok && known, nil
}

// stale tells whether a hash was made with other parameters than today's.
func (h *Hasher) stale(hash string) bool {
	params, _, _, err := argon2id.DecodeHash(hash)
	return err != nil || *params != h.params
}

// normal composes a password, so that one typed on another keyboard is the same
// (NIST SP 800-63B asks for it), and cuts off what can't belong to one, so that
// nobody makes the server chew on megabytes.
func normal(password string) string {
	if len(password) > maxPasswordBytes {
		password = password[:maxPasswordBytes]
	}
	return norm.NFKC.String(password)
}

// MinPassword and MaxPassword are how many characters a password has.
const (
	MinPassword      = 10
	MaxPassword      = 200
	maxPasswordBytes = 4096 // what is cut to this is still too long when composed
)

// CheckPassword says what is wrong with a new password, as an [InputError] of
// the field "password"; nil when it will do. All characters are allowed and
// none is required: length is what counts.
func CheckPassword(password string, p *Person) error {
	text := normal(password)
	n := utf8.RuneCountInString(text)
	switch {
	case n < MinPassword:
		return input("password", "password-short", "The password has {Has} characters and needs at least {Least}. A few words in a row make a good one.", "Has", n, "Least", MinPassword)
	case n > MaxPassword:
		return input("password", "password-long", "The password is longer than {Most} characters.", "Most", MaxPassword)
	case guessable(text):
		return input("password", "password-known", "This password is among the first that anybody would try. A few words in a row make a good one.")
	case isAbout(text, p):
		return input("password", "password-name", "The password is made of the name or the e-mail address, which is easy to guess.")
	}
	return nil
}

// Hash hashes a password without asking whether it is a good one: for demo
// people, who share one.
func (s *Service) Hash(ctx context.Context, password string) (string, error) {
	return s.hasher.Hash(ctx, password)
}

// newHash checks and hashes a new password for p.
func (s *Service) newHash(ctx context.Context, password string, p *Person) (string, error) {
	if err := CheckPassword(password, p); err != nil {
		return "", err
	}
	return s.hasher.Hash(ctx, password)
}

// SetPassword gives the person a new password and signs her out everywhere: for
// the command line. In a browser use a one-time link, so that nobody but she
// knows it.
func (s *Service) SetPassword(ctx context.Context, id, password string) (*Person, error) {
	p, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	hash, err := s.newHash(ctx, password, p)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "set the password", id, func(p *Person) error {
		p.Password, p.Sessions, p.Link = hash, nil, Link{}
		return nil
	})
}

// ChangePassword is what a signed-in person does: it asks for the current
// password and ends all sessions but the one whose secret is given. A wrong
// current password is ErrCredentials and counts as a failed sign-in.
func (s *Service) ChangePassword(ctx context.Context, id, current, password, secret, addr string) (*Person, error) {
	p, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.verify(ctx, p, p.Email, current, addr); err != nil {
		return nil, err
	}
	hash, err := s.newHash(ctx, password, p)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "change the password", id, func(now *Person) error {
		if now.Password != p.Password {
			return errors.Join(ErrCredentials, errPasswordMoved)
		}
		now.Password, now.Link = hash, Link{}
		now.keepOnly(secret)
		return nil
	})
}

// errPasswordMoved: the password that was checked isn't the password any more.
var errPasswordMoved = errors.New("the password was changed meanwhile")
