package people

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestInvite(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", "")
	first, _, err := h.Invite(ctx, anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	token, until, err := h.Invite(ctx, anna.ID)
	if err != nil || !until.Equal(h.clock.Now().Add(7*day)) {
		t.Fatalf("until %v, %v", until, err)
	}
	if _, err := h.Invited(ctx, first); !errors.Is(err, ErrLink) {
		t.Errorf("the replaced link: %v, want ErrLink", err)
	}
	h.counts()
	for range 3 {
		if p, err := h.Invited(ctx, token); err != nil || p.ID != anna.ID {
			t.Fatalf("looking at the link: %v", err)
		}
	}
	if _, writes := h.counts(); writes != 0 {
		t.Errorf("looking at a link made %d writes", writes)
	}
	var in *InputError
	if _, _, err := h.Redeem(ctx, token, "short", ""); !errors.As(err, &in) {
		t.Errorf("a short password: %v, want an InputError", err)
	}
	var wg sync.WaitGroup
	cookies, errs := make([]string, 5), make([]error, 5)
	for i := range errs {
		wg.Go(func() { _, cookies[i], errs[i] = h.Redeem(ctx, token, good, "phone") })
	}
	wg.Wait()
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			if _, _, err := h.Authenticate(ctx, cookies[i]); err != nil {
				t.Errorf("the session of the link: %v", err)
			}
		} else if !errors.Is(err, ErrLink) && !errors.Is(err, ErrBusy) {
			t.Errorf("lost with %v, want ErrLink", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 5 redeemed one link", won)
	}
	if _, _, err := h.SignIn(ctx, "anna@x.test", good, "", here); err != nil {
		t.Errorf("sign in with the new password: %v", err)
	}
	for _, bad := range []string{"", "x", token, anna.ID + "." + strings.Repeat("A", secretLength), "nobody." + strings.Repeat("A", secretLength)} {
		if _, _, err := h.Redeem(ctx, bad, good, ""); !errors.Is(err, ErrLink) {
			t.Errorf("token %q: %v, want ErrLink", bad, err)
		}
	}
}

func TestInviteEnds(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna := h.add(t, "anna@x.test", good)
	_, cookie, err := h.SignIn(ctx, "anna@x.test", good, "", here)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := h.Invite(ctx, anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Authenticate(ctx, cookie); err != nil {
		t.Errorf("an invitation signed her out: %v", err)
	}
	h.clock.Add(InviteLifetime - time.Second)
	if _, err := h.Invited(ctx, token); err != nil {
		t.Errorf("a second before the end: %v", err)
	}
	h.clock.Add(time.Second)
	if _, _, err := h.Redeem(ctx, token, good, ""); !errors.Is(err, ErrLink) {
		t.Errorf("after seven days: %v, want ErrLink", err)
	}
	if token, _, err = h.Invite(ctx, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Disable(ctx, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Redeem(ctx, token, good, ""); !errors.Is(err, ErrLink) {
		t.Errorf("of a disabled person: %v, want ErrLink", err)
	}
	if _, _, err := h.Invite(ctx, anna.ID); !errors.Is(err, ErrDisabled) {
		t.Errorf("invite a disabled person: %v, want ErrDisabled", err)
	}
	if _, err := h.Enable(ctx, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SetPassword(ctx, anna.ID, "set on the command line"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.SignIn(ctx, "anna@x.test", "set on the command line", "", here); err != nil {
		t.Errorf("sign in: %v", err)
	}
}

func TestSetup(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	ada := NewPerson{Email: "ada@x.test", First: "Ada"}
	first, _, err := h.SetupLink(ctx)
	if err != nil || first == "" {
		t.Fatalf("first start: %q, %v", first, err)
	}
	second, until, err := h.SetupLink(ctx)
	if err != nil || second == first || !until.Equal(h.clock.Now().Add(24*time.Hour)) {
		t.Fatalf("second start: %q, %v, %v", second, until, err)
	}
	if err := h.CheckSetup(ctx, first); err != nil {
		t.Errorf("the link of the first start: %v", err)
	}
	if err := h.CheckSetup(ctx, "nonsense"); !errors.Is(err, ErrLink) {
		t.Errorf("nonsense: %v, want ErrLink", err)
	}
	var in *InputError
	if _, _, err := h.RedeemSetup(ctx, first, ada, "short", ""); !errors.As(err, &in) {
		t.Errorf("a short password: %v", err)
	}
	var wg sync.WaitGroup
	cookies, errs := make([]string, 6), make([]error, 6)
	for i := range errs {
		who := ada
		who.Email = string(rune('a'+i)) + "@x.test"
		token := []string{first, second}[i%2]
		wg.Go(func() { _, cookies[i], errs[i] = h.RedeemSetup(ctx, token, who, good, "") })
	}
	wg.Wait()
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			if p, _, err := h.Authenticate(ctx, cookies[i]); err != nil || !p.Has(RoleAdmin) {
				t.Errorf("signed in: %v, %v", p, err)
			}
		} else if !errors.Is(err, ErrLink) {
			t.Errorf("lost with %v, want ErrLink", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 6 became the first admin", won)
	}
	if token, _, err := h.SetupLink(ctx); token != "" || err != nil {
		t.Errorf("with an admin: %q, %v; want no link", token, err)
	}
	if err := h.CheckSetup(ctx, second); !errors.Is(err, ErrLink) {
		t.Errorf("the link, with an admin: %v, want ErrLink", err)
	}
}

func TestSetupExpiresAndRecovers(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	token, _, err := h.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Add(SetupLifetime)
	if err := h.CheckSetup(ctx, token); !errors.Is(err, ErrLink) {
		t.Errorf("after 24 hours: %v, want ErrLink", err)
	}
	for writes := range 5 { // wherever it dies, the next start gives a way in
		if token, _, err = h.SetupLink(ctx); err != nil || token == "" {
			t.Fatalf("start %d: %q, %v", writes, token, err)
		}
		h.crashAfter(writes)
		_, _, err = h.RedeemSetup(ctx, token, NewPerson{Email: "ada@x.test", First: "Ada"}, good, "")
		h.setHook(nil)
		if has, _ := h.HasAdmin(ctx); has {
			break
		}
		if err == nil {
			t.Fatal("no error and no admin")
		}
	}
	p, _, err := h.SignIn(ctx, "ada@x.test", good, "", here)
	if err != nil || !p.Has(RoleAdmin) {
		t.Errorf("sign in as the first admin: %v", err)
	}
}

func TestSetupPromotes(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	imported := h.add(t, "ada@x.test", "", RoleManager)
	token, _, err := h.SetupLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := h.RedeemSetup(ctx, token, NewPerson{Email: "Ada@x.test", First: "Ada"}, good, "")
	if err != nil || p.ID != imported.ID || JoinRoles(p.Roles) != "manager, admin" {
		t.Fatalf("promote: %+v, %v", p, err)
	}
	if _, err := h.Disable(ctx, p.ID); !errors.Is(err, ErrLastAdmin) {
		t.Errorf("disable her: %v, want ErrLastAdmin", err)
	}
}
