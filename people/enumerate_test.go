package people

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// hashesOf counts the hashes that are worked out while do runs. Each of them
// has to be let in and out, one at a time.
func (h *house) hashesOf(do func()) int {
	slots := h.hasher.slots
	defer func() { h.hasher.slots = slots }()
	gate := make(chan struct{}) // without room: who comes waits for us
	h.hasher.slots = gate
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	for n := 0; ; {
		select {
		case <-gate: // one begins
			n++
			gate <- struct{}{} // and has ended
		case <-done:
			return n
		}
	}
}

// TestSignInTakesAsLong: whether an address has an account can't be told by
// the work that a failed sign-in makes: the hashes, the reads, the writes and
// the waiting are the same. (That a hash for nobody is as much work as a real
// one, TestHasher holds.)
func TestSignInTakesAsLong(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add(t, "anna@x.test", good)
	h.add(t, "invited@x.test", "")
	gone := h.add(t, "gone@x.test", good)
	if _, err := h.Disable(ctx, gone.ID); err != nil {
		t.Fatal(err)
	}
	moved := h.add(t, "before@x.test", good)
	if _, err := h.SetEmail(ctx, moved.ID, "after@x.test"); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"anna@x.test", "ANNA@x.test", "nobody@x.test", "invited@x.test", "gone@x.test", "before@x.test", "after@x.test"} {
		h.counts()
		var err error
		hashes := h.hashesOf(func() { _, _, err = h.SignIn(ctx, email, "wrong password", "", here) })
		reads, writes := h.counts()
		if !errors.Is(err, ErrCredentials) || hashes != 1 || reads != 2 || writes != 0 {
			t.Errorf("%s: %v, %d hashes, %d reads, %d writes; want ErrCredentials, 1, 2, 0", email, err, hashes, reads, writes)
		}
	}
	// Many failures slow down whoever tries, account or none.
	h.add(t, "bea@x.test", good)
	var slowed [][]time.Duration
	for _, email := range []string{"bea@x.test", "noone@x.test"} {
		h.waits = nil
		for n := range 3 * accountBurst {
			if _, _, err := h.SignIn(ctx, email, "wrong password", "", fmt.Sprintf("198.51.100.%d", n)); !errors.Is(err, ErrCredentials) {
				t.Fatalf("%s: %v", email, err)
			}
		}
		slowed = append(slowed, h.waits)
	}
	if len(slowed[0]) < accountBurst || !slices.Equal(slowed[0], slowed[1]) {
		t.Errorf("tries were slowed down %v for an account, and %v for none; want the same", slowed[0], slowed[1])
	}
}
