package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
)

const (
	good = "four words in a row"
	here = "192.0.2.7"
)

func contextWithCancel(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, cancel
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", good)
	h.counts()
	p, cookie, err := h.SignIn(ctx, " ANNA@x.test", good, "Firefox on\nLinux\x00 \xff", here)
	if err != nil || p.ID != anna.ID {
		t.Fatalf("sign in: %v, %v", p, err)
	}
	if _, writes := h.counts(); writes != 1 {
		t.Errorf("a sign-in makes %d writes, want 1", writes)
	}
	got, session, err := h.Authenticate(ctx, cookie)
	if err != nil || got.ID != anna.ID || session.Device != "Firefox on Linux" {
		t.Fatalf("authenticate: %+v, %v", session, err)
	}
	if err := h.Touch(ctx, got, session); err != nil {
		t.Fatal(err)
	}
	if reads, writes := h.counts(); reads != 1 || writes != 0 {
		t.Errorf("a page costs %d reads and %d writes, want 1 and 0", reads, writes)
	}
	if strings.Contains(fmt.Sprintf("%s", got.Sessions), strings.Split(cookie, ".")[1]) {
		t.Error("the secret is stored")
	}
	_, second, err := h.SignIn(ctx, "anna@x.test", good, "phone", here)
	if err != nil || second == cookie {
		t.Fatalf("a second sign-in: same secret %v, %v", second == cookie, err)
	}
	for _, bad := range []string{"", ".", cookie + "x", cookie[:len(cookie)-1], anna.ID + ".", "x" + cookie, cookie + ".", strings.Replace(cookie, ".", "", 1)} {
		if _, _, err := h.Authenticate(ctx, bad); !errors.Is(err, ErrNotFound) {
			t.Errorf("cookie %q: %v, want ErrNotFound", bad, err)
		}
	}
}

func TestSignInRefuses(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add(t, "anna@x.test", good)
	h.add(t, "new@x.test", "")
	gone := h.add(t, "gone@x.test", good)
	if _, err := h.Disable(ctx, gone.ID); err != nil {
		t.Fatal(err)
	}
	h.counts()
	for _, c := range []struct {
		email, password string
		want            error
	}{
		{"anna@x.test", "wrong password", ErrCredentials},
		{"anna@x.test", "", ErrCredentials},
		{"nobody@x.test", good, ErrCredentials},
		{"", "", ErrCredentials},
		{"new@x.test", "", ErrCredentials},
		{"new@x.test", good, ErrCredentials},
		{"gone@x.test", "wrong password", ErrCredentials},
		{"gone@x.test", good, ErrDisabled},
	} {
		if _, cookie, err := h.SignIn(ctx, c.email, c.password, "", here); !errors.Is(err, c.want) || cookie != "" {
			t.Errorf("SignIn(%q, %q) = %q, %v; want %v", c.email, c.password, cookie, err, c.want)
		}
	}
	if _, writes := h.counts(); writes != 0 {
		t.Errorf("refused sign-ins made %d writes", writes)
	}
}

func TestRehash(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", good)
	stronger := argon2id.Params{Memory: 128, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	h.hasher = NewHasher(1, &stronger)
	h.counts()
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", here); err != nil {
		t.Fatal(err)
	}
	if _, writes := h.counts(); writes != 1 {
		t.Errorf("%d writes, want 1", writes)
	}
	if now := h.get(t, anna.ID).Password; now == anna.Password || !strings.Contains(now, "m=128,t=2") {
		t.Errorf("password is %s", now)
	}
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", here); err != nil {
		t.Errorf("after it was hashed anew: %v", err)
	}
}

func TestThrottle(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add(t, "anna@x.test", good)
	h.add(t, "bea@x.test", good)
	try := func(email, password, addr string) error {
		_, _, err := h.SignIn(ctx, email, password, "", addr)
		return err
	}
	for i := range 20 {
		if err := try("Anna@X.test", "wrong password", here); !errors.Is(err, ErrCredentials) {
			t.Fatalf("failure %d: %v", i+1, err)
		}
	}
	var many *TooManyError
	if err := try("anna@x.test", good, here+":4711"); !errors.As(err, &many) || !errors.Is(err, ErrTooMany) || many.RetryAfter != pairEvery {
		t.Errorf("after 20 failures: %v (%+v), want ErrTooMany for %v", err, many, pairEvery)
	}
	if err := try("bea@x.test", good, here); err != nil {
		t.Errorf("a colleague in the same office: %v", err)
	}
	if err := try("anna@x.test", good, "198.51.100.1"); err != nil {
		t.Errorf("from another address: %v", err)
	}
	for range 20 { // an account that doesn't exist is treated alike
		_ = try("nobody@x.test", "wrong password", here)
	}
	if err := try("nobody@x.test", "wrong password", here); !errors.Is(err, ErrTooMany) {
		t.Errorf("an unknown account: %v, want ErrTooMany", err)
	}
	h.clock.Add(pairEvery)
	if err := try("anna@x.test", good, here); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for i := range 20 { // the right password gave all tokens back
		if err := try("anna@x.test", "wrong password", here); !errors.Is(err, ErrCredentials) {
			t.Fatalf("failure %d after a success: %v", i+1, err)
		}
	}
}

// Many addresses try one account: its owner is slowed down, not locked out, and
// not at all where she signed in before.
func TestThrottleFromEverywhere(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add(t, "anna@x.test", good)
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", here); err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		_, _, err := h.SignIn(ctx, "anna@x.test", "wrong password", "", fmt.Sprintf("198.51.%d.%d", i/250, i%250))
		if !errors.Is(err, ErrCredentials) {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if len(h.waits) < 400 || slices.Max(h.waits) != slowest {
		t.Errorf("%d tries were slowed down, by %v at most; want most of 500, by %v", len(h.waits), slices.Max(h.waits), slowest)
	}
	h.waits = nil
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", here); err != nil || len(h.waits) != 0 {
		t.Errorf("from where she signed in before: %v, waits %v", err, h.waits)
	}
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", "203.0.113.9"); err != nil || len(h.waits) != 1 || h.waits[0] > slowest {
		t.Errorf("from a new address: %v, waits %v; want one", err, h.waits)
	}
}

func TestThrottleIsBounded(t *testing.T) {
	th := newThrottle()
	th.most = 100
	now := time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)
	for i := range 1000 {
		if _, _, err := th.begin(fmt.Sprint(i), here, now); err != nil {
			t.Fatal(err)
		}
	}
	if len(th.entries) != 100 || th.recent.Len() != 100 {
		t.Errorf("%d entries, %d in the list; want 100", len(th.entries), th.recent.Len())
	}
}

// All tries at once are counted, though none of them has failed yet.
func TestThrottleCountsAtOnce(t *testing.T) {
	h := newHouse(t)
	h.hasher = NewHasher(100, &cheap)
	h.add(t, "anna@x.test", good)
	var wg sync.WaitGroup
	errs := make([]error, 60)
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = h.SignIn(t.Context(), "anna@x.test", "wrong password", "", here) })
	}
	wg.Wait()
	refused := 0
	for _, err := range errs {
		if errors.Is(err, ErrTooMany) {
			refused++
		}
	}
	if refused != 40 {
		t.Errorf("%d of 60 were refused, want 40", refused)
	}
}

// A try that was not looked at, because the machine was busy, is no failure.
func TestBusyIsNoFailure(t *testing.T) {
	h := newHouse(t)
	h.add(t, "anna@x.test", good)
	full := NewHasher(1, &cheap)
	for range cap(full.queue) {
		full.queue <- struct{}{}
	}
	free := h.hasher
	h.hasher = full
	for range 50 {
		if _, _, err := h.SignIn(t.Context(), "anna@x.test", good, "", here); !errors.Is(err, ErrBusy) {
			t.Fatalf("with a full queue: %v, want ErrBusy", err)
		}
	}
	h.hasher = free
	if _, _, err := h.SignIn(t.Context(), "anna@x.test", good, "", here); err != nil {
		t.Errorf("when it is free again: %v", err)
	}
}

// TestOneAddressLeavesRoom: whoever sends passwords without end from one address (or from
// all that are hers) keeps nobody else from signing in.
func TestOneAddressLeavesRoom(t *testing.T) {
	const flood, more, other = "[2001:db8:1:2::9]:443", "2001:db8:1:2::a", "2001:db8:1:3::9"
	h := newHouse(t)
	h.add(t, "anna@x.test", good)
	h.hasher = NewHasher(2, &cheap)
	n := 0
	for h.hasher.queued(network(flood)) {
		n++
	}
	if all := cap(h.hasher.queue); n < all/2 || n == all {
		t.Fatalf("one address gets %d of %d places, want most and not all", n, all)
	}
	for _, addr := range []string{flood, more} {
		if _, _, err := h.SignIn(t.Context(), "anna@x.test", good, "", addr); !errors.Is(err, ErrBusy) {
			t.Errorf("one more from %s: %v, want ErrBusy", addr, err)
		}
	}
	for range 3 {
		if _, _, err := h.SignIn(t.Context(), "anna@x.test", good, "", other); err != nil {
			t.Errorf("meanwhile from elsewhere: %v", err)
		}
	}
	if _, err := h.hasher.Hash(t.Context(), good); err != nil {
		t.Errorf("meanwhile a new password: %v", err)
	}
	for range n {
		h.hasher.unqueue(network(flood))
	}
	if _, _, err := h.SignIn(t.Context(), "anna@x.test", good, "", flood); err != nil || len(h.hasher.from) > 0 {
		t.Errorf("when it is over: %v, with %v still counted", err, h.hasher.from)
	}
}

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7":             "192.0.2.7",
		"192.0.2.7:80":          "192.0.2.7",
		"::ffff:192.0.2.7":      "192.0.2.7",
		"[2001:db8:1:2::9]:443": "2001:db8:1:2::/64",
		"2001:db8:1:2:3:4:5:6":  "2001:db8:1:2::/64",
		"fe80::1%eth0":          "fe80::/64",
		"":                      "",
		"@":                     "@",
	} {
		if got := network(addr); got != want {
			t.Errorf("network(%q) = %q, want %q", addr, got, want)
		}
	}
}

func TestSessionLifetimes(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add(t, "anna@x.test", good)
	_, cookie, err := h.SignIn(ctx, "anna@x.test", good, "", here)
	if err != nil {
		t.Fatal(err)
	}
	// Used every 20 days it lives 90 days, and each day costs one write.
	alive := 0
	for range 10 {
		h.clock.Add(20 * day)
		h.counts()
		p, session, err := h.Authenticate(ctx, cookie)
		if err != nil {
			break
		}
		alive++
		for range 3 {
			if err := h.Touch(ctx, p, session); err != nil {
				t.Fatal(err)
			}
			if p, session, err = h.Authenticate(ctx, cookie); err != nil {
				t.Fatal(err)
			}
		}
		if _, writes := h.counts(); writes != 1 {
			t.Errorf("%d writes in a day, want 1", writes)
		}
	}
	if alive != 4 {
		t.Errorf("alive after %d days, want 80", alive*20)
	}
	_, cookie, err = h.SignIn(ctx, "anna@x.test", good, "", here)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Add(30*day - time.Second)
	p, session, err := h.Authenticate(ctx, cookie)
	if err != nil {
		t.Fatalf("unused for a little less than 30 days: %v", err)
	}
	if want := h.clock.Now().Add(time.Second); !session.Expires().Equal(want) {
		t.Errorf("expires %v, want %v", session.Expires(), want)
	}
	h.clock.Add(time.Second)
	if _, ok := h.Lookup(p, strings.Split(cookie, ".")[1]); ok {
		t.Error("alive after 30 days without use")
	}
}

func TestSignOut(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", good, RoleRep, RoleAdmin)
	h.add(t, "bea@x.test", good, RoleAdmin)
	signIn := func() (cookie, secret string) {
		t.Helper()
		_, cookie, err := h.SignIn(ctx, "anna@x.test", good, "", here)
		if err != nil {
			t.Fatal(err)
		}
		return cookie, strings.Split(cookie, ".")[1]
	}
	alive := func(cookie string) bool {
		_, _, err := h.Authenticate(ctx, cookie)
		return err == nil
	}
	a, secretA := signIn()
	b, secretB := signIn()
	c, _ := signIn()
	if err := h.SignOut(ctx, anna.ID, secretA); err != nil || alive(a) || !alive(b) {
		t.Errorf("SignOut: %v, a %v, b %v", err, alive(a), alive(b))
	}
	if err := h.SignOut(ctx, anna.ID, secretA); err != nil {
		t.Errorf("a second time: %v", err)
	}
	_, session, err := h.Authenticate(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.EndSession(ctx, anna.ID, session.ID); err != nil || alive(c) || !alive(b) {
		t.Errorf("EndSession: %v, c %v, b %v", err, alive(c), alive(b))
	}
	c, _ = signIn()
	if err := h.SignOutEverywhere(ctx, anna.ID, secretB); err != nil || alive(c) || !alive(b) {
		t.Errorf("SignOutEverywhere but here: %v, c %v, b %v", err, alive(c), alive(b))
	}
	c, _ = signIn()
	if _, err := h.ChangePassword(ctx, anna.ID, "wrong password", "another few words", secretB, here); !errors.Is(err, ErrCredentials) {
		t.Errorf("ChangePassword with a wrong one: %v", err)
	}
	if _, err := h.ChangePassword(ctx, anna.ID, good, "another few words", secretB, here); err != nil || alive(c) || !alive(b) {
		t.Errorf("ChangePassword: %v, c %v, b %v", err, alive(c), alive(b))
	}
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", here); !errors.Is(err, ErrCredentials) {
		t.Errorf("the old password: %v", err)
	}
	if _, err := h.Disable(ctx, anna.ID); err != nil || alive(b) {
		t.Errorf("Disable: %v, b %v", err, alive(b))
	}
	if _, err := h.Enable(ctx, anna.ID); err != nil || alive(b) {
		t.Errorf("enabled again, the old session lives: %v, %v", err, alive(b))
	}
	if err := h.SignOutEverywhere(ctx, anna.ID, ""); err != nil {
		t.Error(err)
	}
}

func TestManySessions(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", good)
	var cookies []string
	for range MaxSessions + 5 {
		_, cookie, err := h.OpenSession(ctx, anna.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		cookies = append(cookies, cookie)
		h.clock.Add(time.Minute)
	}
	for i, cookie := range cookies {
		_, _, err := h.Authenticate(ctx, cookie)
		if want := i >= 5; (err == nil) != want {
			t.Errorf("session %d: %v, want alive %v", i, err, want)
		}
	}
	h.clock.Add(IdleLifetime)
	if _, _, err := h.OpenSession(ctx, anna.ID, ""); err != nil || len(h.get(t, anna.ID).Sessions) != 1 {
		t.Errorf("%d sessions, %v; those that ended should be gone", len(h.get(t, anna.ID).Sessions), err)
	}
}
