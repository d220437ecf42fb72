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

	"github.com/insidebox/insidebox/store"
)

func TestAddAndFind(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	p, err := h.Add(ctx, NewPerson{Email: " Anna.Berg@Example.COM ", First: " Anna  Maria", Last: "Berg", Zone: "Europe/Berlin"})
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"anna.berg@example.com", "ANNA.BERG@EXAMPLE.COM ", "Anna.Berg@Example.COM"} {
		got, err := h.ByEmail(ctx, email)
		if err != nil || got.ID != p.ID {
			t.Errorf("ByEmail(%q) = %v, %v; want %s", email, got, err, p.ID)
		}
	}
	got := h.get(t, p.ID)
	if got.Name() != "Anna Maria Berg" || got.Email != "Anna.Berg@Example.COM" || !slices.Equal(got.Roles, []Role{RoleRep}) {
		t.Errorf("stored: name %q, email %q, roles %v", got.Name(), got.Email, got.Roles)
	}
	if !got.Created.Equal(h.clock.Now()) {
		t.Errorf("created %v, want %v", got.Created, h.clock.Now())
	}
	for _, email := range []string{"nobody@example.com", "", "\xff", strings.Repeat("a", 300) + "@b.c"} {
		if _, err := h.ByEmail(ctx, email); !errors.Is(err, ErrNotFound) {
			t.Errorf("ByEmail(%.20q): %v, want ErrNotFound", email, err)
		}
	}
	if _, err := h.Get(ctx, "\x00"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get with a zero byte: %v, want ErrNotFound", err)
	}
}

func TestAddRefuses(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		new   NewPerson
		field string
	}{
		"no address":   {NewPerson{}, "email"},
		"a name":       {NewPerson{Email: "Anna <anna@x.test>"}, "email"},
		"two":          {NewPerson{Email: "anna@x.test, bea@x.test"}, "email"},
		"no domain":    {NewPerson{Email: "anna"}, "email"},
		"invisible":    {NewPerson{Email: "an\u200bna@x.test"}, "email"},
		"too long":     {NewPerson{Email: strings.Repeat("a", MaxEmail) + "@x.test"}, "email"},
		"long name":    {NewPerson{Email: "a@x.test", First: strings.Repeat("a", MaxName+1)}, "firstname"},
		"control":      {NewPerson{Email: "a@x.test", Last: "Be\x07rg"}, "lastname"},
		"unknown role": {NewPerson{Email: "a@x.test", Roles: []Role{"boss"}}, "roles"},
		"unknown zone": {NewPerson{Email: "a@x.test", Zone: "Mars/Base"}, "zone"},
		"local zone":   {NewPerson{Email: "a@x.test", Zone: "Local"}, "zone"},
		"no such team": {NewPerson{Email: "a@x.test", Team: "north"}, "team"},
	} {
		_, err := h.Add(t.Context(), c.new)
		var in *InputError
		if !errors.As(err, &in) || in.Field != c.field {
			t.Errorf("%s: %v, want an InputError of %s", name, err, c.field)
		}
	}
	if _, writes := h.counts(); writes != 1 { // Declare
		t.Errorf("refused people made %d writes", writes-1)
	}
}

// One address, added at once through two services on one file: one wins.
func TestAddRace(t *testing.T) {
	a := newHouse(t)
	b := openHouse(t, a.path, a.clock)
	for round := range 20 {
		email := fmt.Sprintf("anna%d@x.test", round)
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			s := a.Service
			if i%2 == 1 {
				s = b.Service
			}
			wg.Go(func() {
				_, errs[i] = s.Add(t.Context(), NewPerson{Email: email, First: fmt.Sprint(i)})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, ErrEmailTaken) {
				t.Errorf("lost with %v, want ErrEmailTaken", err)
			}
		}
		if won != 1 {
			t.Fatalf("%d of %d adds of one address succeeded", won, len(errs))
		}
	}
	page, err := a.List(t.Context(), store.Cursor{}, 100)
	if err != nil || len(page.People) != 20 {
		t.Errorf("%d people, %v; want 20", len(page.People), err)
	}
}

// errCrash is what a call to the store returns after the process "died".
var errCrash = errors.New("crashed here")

// crashAfter lets n writes through and fails everything after.
func (h *house) crashAfter(n int) {
	var mu sync.Mutex
	h.setHook(func(_ context.Context, c store.Call) error {
		mu.Lock()
		defer mu.Unlock()
		if n == 0 {
			return errCrash
		}
		if c.Write {
			n--
		}
		return nil
	})
}

// A crash at any write of Add or SetEmail loses nothing: the address can be
// used afterwards, by exactly one person.
func TestCrashBetweenClaimAndPerson(t *testing.T) {
	for writes := range 6 {
		h := newHouse(t)
		ctx := t.Context()
		old := h.add(t, "old@x.test", "")
		h.crashAfter(writes)
		_, errAdd := h.Add(ctx, NewPerson{Email: "new@x.test", First: "Bea"})
		_, errMove := h.SetEmail(ctx, old.ID, "other@x.test")
		h.setHook(nil)

		for _, email := range []string{"new@x.test", "old@x.test", "other@x.test"} {
			if _, err := h.ByEmail(ctx, email); errors.Is(err, ErrNotFound) {
				if _, err := h.Add(ctx, NewPerson{Email: email, First: "Cleo"}); err != nil {
					t.Errorf("after %d writes (add: %v, move: %v): add %s: %v", writes, errAdd, errMove, email, err)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			p, err := h.ByEmail(ctx, email)
			if err != nil || p.EmailKey != email {
				t.Errorf("after %d writes: %s belongs to %v, %v", writes, email, p, err)
			}
		}
		h.onePersonPerAddress(t)
	}
}

// onePersonPerAddress looks at all people.
func (h *house) onePersonPerAddress(t *testing.T) {
	t.Helper()
	page, err := h.List(t.Context(), store.Cursor{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, p := range page.People {
		if seen[p.EmailKey] != "" {
			t.Errorf("%s is the address of %s and of %s", p.EmailKey, seen[p.EmailKey], p.ID)
		}
		seen[p.EmailKey] = p.ID
		if got, err := h.ByEmail(t.Context(), p.Email); err != nil || got.ID != p.ID {
			t.Errorf("%s is not found by her address %s: %v", p.ID, p.Email, err)
		}
	}
}

func TestSetEmail(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	anna, bea := h.add(t, "anna@x.test", ""), h.add(t, "bea@x.test", "")
	if _, err := h.SetEmail(ctx, anna.ID, "BEA@x.test"); !errors.Is(err, ErrEmailTaken) {
		t.Errorf("taking an address: %v, want ErrEmailTaken", err)
	}
	if p, err := h.SetEmail(ctx, anna.ID, "Anna@X.test"); err != nil || p.Email != "Anna@X.test" {
		t.Errorf("writing it otherwise: %v, %v", p, err)
	}
	if _, err := h.SetEmail(ctx, anna.ID, "berg@x.test"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ByEmail(ctx, "anna@x.test"); !errors.Is(err, ErrNotFound) {
		t.Errorf("the old address: %v, want ErrNotFound", err)
	}
	if _, err := h.SetEmail(ctx, bea.ID, "anna@x.test"); err != nil {
		t.Errorf("taking an address that was left: %v", err)
	}
	if _, err := h.SetEmail(ctx, "nobody", "c@x.test"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of nobody: %v, want ErrNotFound", err)
	}
	h.onePersonPerAddress(t)
}

// Everybody wants the same addresses at once: each address is one person's in
// the end, and everybody is found by hers.
func TestEmailRace(t *testing.T) {
	a := newHouse(t)
	b := openHouse(t, a.path, a.clock)
	ids := make([]string, 6)
	for i := range ids {
		ids[i] = a.add(t, fmt.Sprintf("start%d@x.test", i), "").ID
	}
	var wg sync.WaitGroup
	for i, id := range ids {
		s := a.Service
		if i%2 == 1 {
			s = b.Service
		}
		wg.Go(func() {
			for n := range 12 {
				_, err := s.SetEmail(t.Context(), id, fmt.Sprintf("want%d@x.test", (n*(i+1))%4))
				if err != nil && !errors.Is(err, ErrEmailTaken) && !raced(err) {
					t.Errorf("move: %v", err)
				}
			}
			_, err := s.Add(t.Context(), NewPerson{Email: fmt.Sprintf("want%d@x.test", i%4), First: "New"})
			if err != nil && !errors.Is(err, ErrEmailTaken) && !raced(err) {
				t.Errorf("add: %v", err)
			}
		})
	}
	wg.Wait()
	a.onePersonPerAddress(t)
}

func TestLastAdmin(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	if has, err := h.HasAdmin(ctx); has || err != nil {
		t.Fatalf("HasAdmin in an empty store: %v, %v", has, err)
	}
	anna := h.add(t, "anna@x.test", "", RoleAdmin)
	for what, try := range map[string]func() (*Person, error){
		"disable":     func() (*Person, error) { return h.Disable(ctx, anna.ID) },
		"remove role": func() (*Person, error) { return h.RemoveRole(ctx, anna.ID, RoleAdmin) },
		"set roles":   func() (*Person, error) { return h.SetRoles(ctx, anna.ID, []Role{RoleRep}) },
	} {
		if _, err := try(); !errors.Is(err, ErrLastAdmin) {
			t.Errorf("%s: %v, want ErrLastAdmin", what, err)
		}
	}
	bea := h.add(t, "bea@x.test", "")
	if _, err := h.AddRole(ctx, bea.ID, RoleAdmin); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Disable(ctx, anna.ID); err != nil {
		t.Fatalf("disable one of two: %v", err)
	}
	if _, err := h.RemoveRole(ctx, bea.ID, RoleAdmin); !errors.Is(err, ErrLastAdmin) {
		t.Errorf("remove the last while another is disabled: %v, want ErrLastAdmin", err)
	}
	if _, err := h.Enable(ctx, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.RemoveRole(ctx, bea.ID, RoleAdmin); err != nil {
		t.Errorf("remove one of two: %v", err)
	}
}

// All admins are removed at once, by each other, on two servers: one stays.
func TestLastAdminRace(t *testing.T) {
	a := newHouse(t)
	b := openHouse(t, a.path, a.clock)
	ids := make([]string, 4)
	for i := range ids {
		ids[i] = a.add(t, fmt.Sprintf("admin%d@x.test", i), "", RoleAdmin).ID
	}
	for range 8 {
		var wg sync.WaitGroup
		for i, id := range ids {
			s := a.Service
			if i%2 == 1 {
				s = b.Service
			}
			wg.Go(func() {
				if _, err := s.RemoveRole(t.Context(), id, RoleAdmin); err != nil && !errors.Is(err, ErrLastAdmin) && !raced(err) {
					t.Errorf("remove: %v", err)
				}
			})
			wg.Go(func() {
				other := ids[(i+1)%len(ids)]
				if _, err := s.AddRole(t.Context(), other, RoleAdmin); err != nil && !raced(err) {
					t.Errorf("add: %v", err)
				}
			})
			wg.Go(func() {
				if _, err := s.Disable(t.Context(), id); err != nil && !errors.Is(err, ErrLastAdmin) && !raced(err) {
					t.Errorf("disable: %v", err)
				}
				if _, err := s.Enable(t.Context(), id); err != nil && !raced(err) {
					t.Errorf("enable: %v", err)
				}
			})
		}
		wg.Wait()
		if has, err := a.HasAdmin(t.Context()); !has || err != nil {
			t.Fatalf("no admin is left (%v)", err)
		}
	}
}

// A crash while somebody becomes an admin must neither lock the others in nor
// let the last one go.
func TestAdminCrash(t *testing.T) {
	for writes := range 6 {
		h := newHouse(t)
		ctx := t.Context()
		anna, bea := h.add(t, "anna@x.test", "", RoleAdmin), h.add(t, "bea@x.test", "")
		h.crashAfter(writes)
		_, _ = h.AddRole(ctx, bea.ID, RoleAdmin)
		_, _ = h.RemoveRole(ctx, anna.ID, RoleAdmin)
		h.setHook(nil)
		left := 0
		for _, id := range []string{anna.ID, bea.ID} {
			if h.get(t, id).Admin {
				left++
			}
		}
		_, errA := h.Disable(ctx, anna.ID)
		_, errB := h.Disable(ctx, bea.ID)
		if has, err := h.HasAdmin(ctx); !has || err != nil {
			t.Fatalf("after %d writes no admin is left (%v)", writes, err)
		}
		if left == 2 && (errA != nil) == (errB != nil) {
			t.Errorf("after %d writes, of two admins one may go: %v, %v", writes, errA, errB)
		}
	}
}

func TestTeams(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	north, err := h.AddTeam(ctx, "Équipe  Nord")
	if err != nil || north.ID != "equipe-nord" || north.Name != "Équipe Nord" {
		t.Fatalf("AddTeam: %+v, %v", north, err)
	}
	if _, err := h.AddTeam(ctx, "equipe nord"); !errors.Is(err, ErrTeamTaken) {
		t.Errorf("a second one: %v, want ErrTeamTaken", err)
	}
	boss := h.add(t, "boss@x.test", "")
	rep := h.add(t, "rep@x.test", "")
	if _, err := h.SetTeam(ctx, rep.ID, "nowhere"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown team: %v, want ErrNotFound", err)
	}
	if rep, err = h.SetTeam(ctx, rep.ID, north.ID); err != nil {
		t.Fatal(err)
	}
	if north, err = h.AddManager(ctx, north.ID, boss.ID); err != nil {
		t.Fatal(err)
	}
	boss = h.get(t, boss.ID)
	teams, err := h.Managed(ctx, boss)
	if err != nil || len(teams) != 1 || teams[0].ID != north.ID || !north.ManagedBy(boss) {
		t.Errorf("managed: %v, %v", teams, err)
	}
	if may, err := h.MayManage(ctx, boss, rep); !may || err != nil {
		t.Errorf("MayManage = %v, %v", may, err)
	}
	if may, _ := h.MayManage(ctx, rep, boss); may {
		t.Error("a rep manages her manager")
	}
	// Demoted: at once, though the team still names her.
	if boss, err = h.RemoveRole(ctx, boss.ID, RoleManager); err != nil {
		t.Fatal(err)
	}
	if may, _ := h.MayManage(ctx, boss, rep); may || north.ManagedBy(boss) {
		t.Error("manages without the role")
	}
	if boss, err = h.AddRole(ctx, boss.ID, RoleManager); err != nil || !north.ManagedBy(boss) {
		t.Errorf("role again: %v", err)
	}
	if north, err = h.RemoveManager(ctx, north.ID, boss.ID); err != nil || north.ManagedBy(boss) {
		t.Errorf("after RemoveManager: %v", err)
	}
	if teams, err := h.Managed(ctx, h.get(t, boss.ID)); err != nil || len(teams) != 0 {
		t.Errorf("still manages %v, %v", teams, err)
	}
	if _, err := h.AddManager(ctx, north.ID, "nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody as a manager: %v, want ErrNotFound", err)
	}
}

func TestLists(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	team, err := h.AddTeam(ctx, "North")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"Zoë Ångström", "Ana Berg", "bea Bergmann", "Ćiro Abel", "Dora Öz", "Cleo"} {
		first, last, _ := strings.Cut(name, " ")
		p, err := h.Add(ctx, NewPerson{Email: fmt.Sprintf("p%d@x.test", i), First: first, Last: last, Team: team.ID})
		if err != nil {
			t.Fatal(err)
		}
		if first == "Dora" {
			if _, err := h.Disable(ctx, p.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	var names []string
	for after, pages := (store.Cursor{}), 0; ; pages++ {
		page, err := h.Members(ctx, team.ID, after, 2)
		if err != nil || pages > 5 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, p := range page.People {
			names = append(names, p.Name())
		}
		if after = page.Next; after.IsZero() {
			break
		}
	}
	if got, want := strings.Join(names, ", "), "Ćiro Abel, Zoë Ångström, Ana Berg, bea Bergmann, Cleo"; got != want {
		t.Errorf("members in order: %s\nwant %s", got, want)
	}
	if n, err := h.CountMembers(ctx, team.ID, 100); n != 5 || err != nil {
		t.Errorf("CountMembers = %d, %v; want 5", n, err)
	}
	for text, want := range map[string]string{
		"berg":     "Ana Berg, bea Bergmann",
		"BERG A":   "Ana Berg",
		"ana b":    "Ana Berg",
		"angst":    "Zoë Ångström",
		"Zoe":      "Zoë Ångström",
		"p1@":      "Ana Berg",
		"oz":       "Dora Öz",
		"":         "",
		"nobody":   "",
		"c":        "Ćiro Abel, Cleo",
		"\x00":     "",
		"\xff\xfe": "",
	} {
		found, _, err := h.Search(ctx, text)
		var got []string
		for _, p := range found {
			got = append(got, p.Name())
		}
		if err != nil || strings.Join(got, ", ") != want {
			t.Errorf("Search(%q) = %s, %v; want %s", text, strings.Join(got, ", "), err, want)
		}
	}
}

func TestProfile(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	p := h.add(t, "anna@x.test", "")
	for name, bad := range map[string]Profile{
		"no name":     {First: " ", Zone: "Europe/Berlin"},
		"no zone":     {First: "Änne", Zone: "Middle/Earth"},
		"no language": {First: "Änne", Language: strings.Repeat("x", 36)},
	} {
		var wrong *InputError
		if _, err := h.SetProfile(ctx, p.ID, bad); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want an InputError", name, err)
		}
		if got := h.get(t, p.ID); got.Rev != p.Rev {
			t.Errorf("%s: something was changed: %+v", name, got)
		}
	}
	if _, err := h.SetProfile(ctx, p.ID, Profile{"Änne", "Zorn", "America/New_York", "de"}); err != nil {
		t.Fatal(err)
	}
	if got := h.get(t, p.ID); got.Language != "de" {
		t.Errorf("the language is %q", got.Language)
	}
	if found, _, _ := h.Search(ctx, "anne"); len(found) != 1 {
		t.Errorf("not found by the new name: %v", found)
	}
	loc := h.get(t, p.ID).Location(time.UTC)
	if loc.String() != "America/New_York" || (&Person{}).Location(time.UTC) != time.UTC {
		t.Errorf("location %s", loc)
	}
}

// TestNamesAreSeen: a name has nothing in it that nobody sees: it is not empty to the eye,
// not another one that looks the same, and turns nothing round that stands beside it.
func TestNamesAreSeen(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	p := h.add(t, "anna@x.test", "")
	for _, name := range []string{"\u200b", "\ufeff \u2060", "\u202e", "\u200d", "\u3164", "\u00ad\u200c"} {
		var wrong *InputError
		if _, err := h.SetProfile(ctx, p.ID, Profile{First: name}); !errors.As(err, &wrong) || wrong.Code != "name-missing" {
			t.Errorf("%+q: %v, want that the name is missing", name, err)
		}
	}
	for written, want := range map[string]string{
		"\u202eannA":          "annA",
		"An\u200bna\u2069":    "Anna",
		"\u200eAnna \ufeff":   "Anna",
		"\u200cمی\u200cخواهم": "می\u200cخواهم", // keeps letters apart that would join
		"👩\u200d🔬":            "👩\u200d🔬",
		"Zoë":                 "Zoë",
	} {
		if got, err := h.SetProfile(ctx, p.ID, Profile{First: written}); err != nil || got.First != want {
			t.Errorf("%+q: %+q, %v; want %+q", written, got.First, err, want)
		}
	}
}
