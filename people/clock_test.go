package people

import (
	"errors"
	"testing"
	"time"
)

// TestClocksApart: sessions and links that were made at a server whose clock
// is ahead hold at another, and end later by no more than the clocks differ;
// those made at the slow one hold at the fast one while it says so.
func TestClocksApart(t *testing.T) {
	slow := newHouse(t)
	anna := slow.add(t, "anna@x.test", good)
	for _, by := range []time.Duration{5 * time.Minute, time.Hour, 365 * day} {
		fast := openHouse(t, slow.path, &clock{now: slow.clock.Now().Add(by)})
		_, cookie, err := fast.SignIn(t.Context(), "anna@x.test", good, "", here)
		if err != nil {
			t.Fatal(err)
		}
		_, session, err := slow.Authenticate(t.Context(), cookie)
		if err != nil {
			t.Fatalf("%v ahead: the session is not good at the other server: %v", by, err)
		}
		if ends := session.Expires().Sub(slow.clock.Now()); ends > IdleLifetime+by {
			t.Errorf("%v ahead: the session ends in %v, want at most %v later than %v", by, ends, by, IdleLifetime)
		}
		token, until, err := fast.Invite(t.Context(), anna.ID)
		if err != nil || until.Sub(slow.clock.Now()) > InviteLifetime+by {
			t.Errorf("%v ahead: the link ends in %v, %v", by, until.Sub(slow.clock.Now()), err)
		}
		if _, _, err := slow.Redeem(t.Context(), token, good, ""); err != nil {
			t.Errorf("%v ahead: the link doesn't open at the other server: %v", by, err)
		}
		token, _, err = slow.Invite(t.Context(), anna.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fast.Invited(t.Context(), token); (err == nil) != (by < InviteLifetime) {
			t.Errorf("%v ahead: the other server's link: %v", by, err)
		}
	}
}

// TestThrottleWhenTheClockIsSetBack: nobody waits longer for it.
func TestThrottleWhenTheClockIsSetBack(t *testing.T) {
	h := newHouse(t)
	h.add(t, "anna@x.test", good)
	fails := func() (wait time.Duration) {
		t.Helper()
		_, _, err := h.SignIn(t.Context(), "anna@x.test", "not the password", "", here)
		var many *TooManyError
		if errors.As(err, &many) {
			return many.RetryAfter
		}
		return 0
	}
	for range pairBurst {
		fails()
	}
	for _, by := range []time.Duration{0, -time.Hour, -365 * day} {
		h.clock.Add(by)
		if wait := fails(); wait <= 0 || wait > pairEvery {
			t.Errorf("the clock was set by %v: wait %v, want up to %v", by, wait, pairEvery)
		}
	}
	h.clock.Add(pairEvery)
	if _, _, err := h.SignIn(t.Context(), "anna@x.test", good, "", here); err != nil {
		t.Errorf("the right password after the wait: %v", err)
	}
}
