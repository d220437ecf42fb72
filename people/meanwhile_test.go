package people

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/insidebox/insidebox/store"
)

// A password that was right when it was looked at, and isn't any more when the
// session would begin, opens nothing.
func TestSignInWhileThePasswordChanges(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", good)
	elsewhere := openHouse(t, h.path, h.clock)
	once := sync.OnceValue(func() error {
		_, err := elsewhere.SetPassword(ctx, anna.ID, "set on the command line")
		return err
	})
	h.setHook(func(_ context.Context, c store.Call) error {
		if c.Write {
			return once()
		}
		return nil
	})
	if _, cookie, err := h.SignIn(ctx, "anna@x.test", good, "", here); !errors.Is(err, ErrCredentials) || cookie != "" {
		t.Errorf("with the password of a moment ago: %q, %v; want ErrCredentials", cookie, err)
	}
	if now := h.get(t, anna.ID); len(now.Sessions) != 0 || now.Password == anna.Password {
		t.Errorf("she has %d sessions, and the new password is undone: %v", len(now.Sessions), now.Password == anna.Password)
	}
}

// A session that ended since it was looked at is not made to live on.
func TestTouchTooLate(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.add(t, "anna@x.test", good)
	_, cookie, err := h.SignIn(ctx, "anna@x.test", good, "", here)
	if err != nil {
		t.Fatal(err)
	}
	p, session, err := h.Authenticate(ctx, cookie)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Add(IdleLifetime)
	h.counts()
	if err := h.Touch(ctx, p, session); err != nil {
		t.Fatal(err)
	}
	if _, writes := h.counts(); writes != 0 {
		t.Errorf("an idle session was noted as seen in %d writes", writes)
	}
	if _, _, err := h.Authenticate(ctx, cookie); !errors.Is(err, ErrNotFound) {
		t.Errorf("it opens again: %v", err)
	}
}
