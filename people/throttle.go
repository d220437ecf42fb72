package people

import (
	"container/list"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How failed sign-ins are held back. Trying a password costs a token, the right
// one gives it back.
const (
	// An account from one address: after pairBurst failures, one try each
	// pairEvery, the others are refused. Another address is not touched, so
	// nobody locks somebody else out from afar; another account from that
	// address neither, so nobody locks out an office.
	pairBurst = 20
	pairEvery = 3 * time.Minute
	// An account from all addresses: after accountBurst failures each try waits
	// up to slowest before it is looked at, unless it comes from an address from
	// which she signed in before. It is never refused.
	accountBurst = 20
	accountEvery = 30 * time.Second
	slowest      = 4 * time.Second

	// maxTracked bounds the memory: about 20 MB when full. Whoever wants to push
	// out an entry of his own has to make that many tries, each a hash.
	maxTracked = 50_000
)

// TooManyError is ErrTooMany with how long to wait before the next try.
type TooManyError struct{ RetryAfter time.Duration }

// Error says it in a sentence.
func (e *TooManyError) Error() string {
	return fmt.Sprintf("%v; try again in %d minutes", ErrTooMany, int(e.RetryAfter/time.Minute)+1)
}

// Is makes errors.Is(err, ErrTooMany) true.
func (e *TooManyError) Is(target error) bool { return target == ErrTooMany }

// throttle counts tries in this process.
type throttle struct {
	mu      sync.Mutex
	entries map[trackKey]*list.Element // of *tracked
	recent  *list.List                 // front: used last
	most    int
}

// trackKey is a hash of the account, or of account and address: so that all
// keys are of one size, and accounts that don't exist are tracked like others.
type trackKey [16]byte

type tracked struct {
	key     trackKey
	limiter *rate.Limiter
	known   bool // a pair from which she signed in
}

func newThrottle() *throttle {
	return &throttle{entries: map[trackKey]*list.Element{}, recent: list.New(), most: maxTracked}
}

// begin takes the tokens of one try before the password is looked at, so that
// many tries at once are counted too. It returns how long to wait first, or a
// TooManyError. done gives the tokens back: call it when the password is right,
// or was not looked at after all; right says which.
func (t *throttle) begin(account, addr string, now time.Time) (delay time.Duration, done func(right bool), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	pair := t.entry(keyOf(account, network(addr)), pairEvery, pairBurst)
	all := t.entry(keyOf(account), accountEvery, accountBurst)

	mine := pair.limiter.ReserveN(now, 1)
	if d := mine.DelayFrom(now); d > 0 {
		mine.CancelAt(now)
		return 0, nil, &TooManyError{RetryAfter: d}
	}
	everyones := all.limiter.ReserveN(now, 1)
	if d := everyones.DelayFrom(now); d > 0 {
		everyones.CancelAt(now) // or the debt would grow without end
		if !pair.known {
			delay = min(d, slowest)
		}
	}
	done = func(right bool) { t.done(pair, mine, everyones, right, now) }
	return delay, done, nil
}

func (t *throttle) done(pair *tracked, mine, everyones *rate.Reservation, right bool, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if right {
		pair.limiter = rate.NewLimiter(rate.Every(pairEvery), pairBurst)
		pair.known = true
		return
	}
	mine.CancelAt(now)
	everyones.CancelAt(now)
}

// entry returns the entry of a key, new ones with a full bucket, and forgets
// the one that was used longest ago when there are too many.
func (t *throttle) entry(key trackKey, every time.Duration, burst int) *tracked {
	if e, ok := t.entries[key]; ok {
		t.recent.MoveToFront(e)
		return e.Value.(*tracked)
	}
	for len(t.entries) >= t.most {
		oldest := t.recent.Back()
		delete(t.entries, oldest.Value.(*tracked).key)
		t.recent.Remove(oldest)
	}
	n := &tracked{key: key, limiter: rate.NewLimiter(rate.Every(every), burst)}
	t.entries[key] = t.recent.PushFront(n)
	return n
}

func keyOf(parts ...string) (key trackKey) {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	copy(key[:], h.Sum(nil))
	return key
}

// network returns what counts as one address: an IPv4 address, or the /64 of an
// IPv6 one, because a single customer gets that whole.
func network(addr string) string {
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		if ap, err := netip.ParseAddrPort(addr); err == nil {
			ip = ap.Addr()
		} else {
			return addr
		}
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return p.String()
}
