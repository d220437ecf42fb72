package people

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
)

func TestPasswordPolicy(t *testing.T) {
	anna := &Person{Email: "anna.berg@example.com", First: "Annegret", Last: "Bergmann"}
	for _, bad := range []string{
		"", "short", "123456789", // nine characters
		strings.Repeat("long ", 41),
		"password12", "Password123!", "p@ssw0rd1234", "PASSWORDPASSWORD", "qwertyuiop", "1234567890",
		"9876543210", "aaaaaaaaaaaa", "abababababab", "abcdefghijkl", "inside-the-box", "letmein-letmein", "Welcome 2027",
		"anna.berg@example.com", "Annegret Bergmann", "bergmann-annegret-1", "BergmannBergmann",
	} {
		var in *InputError
		if err := CheckPassword(bad, anna); !errors.As(err, &in) || in.Field != "password" {
			t.Errorf("CheckPassword(%.30q) = %v, want an InputError", bad, err)
		}
	}
	for _, good := range []string{
		"four words in a row", "correct horse battery staple", "пароль-из-слов", "  spaces around  ",
		"annegret likes cats", "8347201956", "x\x00y\x01z-controls", "箱の中の十文字くらい", strings.Repeat("ab cd ef! ", 20),
		"password for the north office",
	} {
		if err := CheckPassword(good, anna); err != nil {
			t.Errorf("CheckPassword(%.30q) = %v, want nil", good, err)
		}
	}
	if err := CheckPassword("four words in a row", nil); err != nil {
		t.Errorf("without a person: %v", err)
	}
}

func TestHasher(t *testing.T) {
	ctx := t.Context()
	h := NewHasher(1, nil)
	hash, err := h.Hash(ctx, "Käse zum Frühstück") // composed
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(hash, want) {
		t.Errorf("hash %s, want %s…", hash, want)
	}
	again, err := h.Hash(ctx, "Käse zum Frühstück")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password are the same (%v)", err)
	}
	for password, want := range map[string]bool{
		"Käse zum Frühstück":                   true,
		"Ka\u0308se zum Fru\u0308hstu\u0308ck": true, // typed on another system
		"käse zum frühstück":                   false,
		"":                                     false,
	} {
		if ok, err := h.Check(ctx, password, hash, here); ok != want || err != nil {
			t.Errorf("Check(%q) = %v, %v; want %v", password, ok, err, want)
		}
	}
	if ok, err := h.Check(ctx, "", "", here); ok || err != nil {
		t.Errorf("the empty hash opens to the empty password: %v, %v", ok, err)
	}
	if _, err := h.Check(ctx, "x", "plain text", here); err == nil {
		t.Error("a broken hash is no error")
	}
	if h.stale(hash) || !h.stale("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") {
		t.Error("stale doesn't go by the parameters")
	}
	params, _, _, err := argon2id.DecodeHash(h.dummy)
	if err != nil || *params != hashing {
		t.Errorf("the dummy hash costs %+v, %v; want %+v", params, err, hashing)
	}
}

// The queue is short: whoever comes when it is full is told to come again, and
// whoever gives up waiting makes room.
func TestHasherBusy(t *testing.T) {
	h := NewHasher(1, &cheap)
	leave, err := h.enter(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextWithCancel(t)
	waiting := make(chan error, queuePerCore)
	for range queuePerCore {
		go func() {
			_, err := h.Hash(ctx, "waits in the queue")
			waiting <- err
		}()
	}
	for len(h.queue) < cap(h.queue) { // until all of them stand in the queue
		select {
		case err := <-waiting:
			t.Fatalf("one came back: %v", err)
		default:
			runtime.Gosched()
		}
	}
	var busy *BusyError
	if _, err := h.Hash(t.Context(), "one too many"); !errors.As(err, &busy) || !errors.Is(err, ErrBusy) || busy.RetryAfter < time.Second {
		t.Errorf("one too many: %v, want ErrBusy with a time", err)
	}
	cancel()
	for range queuePerCore {
		if err := <-waiting; !errors.Is(err, context.Canceled) && err != nil {
			t.Errorf("who gave up waiting: %v", err)
		}
	}
	leave()
	if _, err := h.Hash(t.Context(), "there is room"); err != nil {
		t.Errorf("after the queue went: %v", err)
	}
}
