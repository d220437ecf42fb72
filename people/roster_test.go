package people

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/store"
)

// show writes a plan's rows as lines, for comparing.
func show(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d %s %s", r.Line, r.Action, r.Email)
		for _, c := range r.Changes {
			fmt.Fprintf(&b, " %s:%s→%s", c.Field, c.Old, c.New)
		}
		if r.Reason != "" {
			fmt.Fprintf(&b, " (%s)", r.Reason)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (h *house) plan(t testing.TB, csv string) *Diff {
	t.Helper()
	d, err := h.Plan(t.Context(), strings.NewReader(csv))
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return d
}

func (h *house) apply(t testing.TB, d *Diff) *Report {
	t.Helper()
	rep, err := h.Apply(t.Context(), d, nil)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	return rep
}

const company = `username,firstname,lastname,email,department,manager,roles,suspended,idnumber
rita,Rita,Ray,rita@x.test,Sales,max@x.test,,,1
rolf,Rolf,Roth,rolf@x.test,Sales,MAX,rep,0,2
max,Max,Mann,max@x.test,Sales,dora@x.test,,,3
dora,Dora,Dahl,dora@x.test,Board,,"manager, admin",,4
olaf,Olaf,Ott,olaf@x.test,Operations,,operations author,1,5
`

func TestRosterNewCompany(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.counts()
	d := h.plan(t, company)
	if _, writes := h.counts(); writes != 0 {
		t.Errorf("a plan made %d writes", writes)
	}
	want := `2 add rita@x.test email:→rita@x.test firstname:→Rita lastname:→Ray username:→rita idnumber:→1 department:→Sales team:→team-max-mann roles:→rep
3 add rolf@x.test email:→rolf@x.test firstname:→Rolf lastname:→Roth username:→rolf idnumber:→2 department:→Sales team:→team-max-mann roles:→rep
4 add max@x.test email:→max@x.test firstname:→Max lastname:→Mann username:→max idnumber:→3 department:→Sales team:→team-dora-dahl roles:→manager
5 add dora@x.test email:→dora@x.test firstname:→Dora lastname:→Dahl username:→dora idnumber:→4 department:→Board roles:→manager, admin
6 add olaf@x.test email:→olaf@x.test firstname:→Olaf lastname:→Ott username:→olaf idnumber:→5 department:→Operations roles:→author, operations suspended:no→yes
`
	if diff := cmp.Diff(want, show(d.Rows)); diff != "" {
		t.Fatalf("plan (-want +got):\n%s", diff)
	}
	wantTeams := []TeamChange{
		{ID: "team-dora-dahl", Name: "Team Dora Dahl", New: true, Managers: []string{"Dora Dahl"}},
		{ID: "team-max-mann", Name: "Team Max Mann", New: true, Managers: []string{"Max Mann"}},
	}
	if diff := cmp.Diff(wantTeams, d.Teams); diff != "" {
		t.Errorf("teams (-want +got):\n%s", diff)
	}
	var steps []int
	rep, err := h.Apply(ctx, d, func(done, total int) {
		if total != 5 {
			t.Errorf("total %d, want 5", total)
		}
		steps = append(steps, done)
	})
	if err != nil || rep.Count(Added) != 5 || !slices.Equal(steps, []int{1, 2, 3, 4, 5}) {
		t.Fatalf("apply: %v, progress %v\n%s", err, steps, show(rep.Rows))
	}
	boss, err := h.ByEmail(ctx, "max@x.test")
	if err != nil {
		t.Fatal(err)
	}
	rita, err := h.ByEmail(ctx, "rita@x.test")
	if err != nil || rita.ID != rep.Rows[0].Person {
		t.Fatalf("rita: %v, %v", rita, err)
	}
	if may, err := h.MayManage(ctx, boss, rita); !may || err != nil {
		t.Errorf("max manages rita: %v, %v", may, err)
	}
	if has, _ := h.HasAdmin(ctx); !has {
		t.Error("dora is no admin")
	}
	again := h.plan(t, company)
	if !again.Empty() || again.Count(Unchanged) != 5 {
		t.Errorf("the same file again:\n%s%v", show(again.Rows), again.Teams)
	}
}

func TestRosterChanges(t *testing.T) {
	h := newHouse(t)
	h.apply(t, h.plan(t, company))
	token, _, err := h.Invite(t.Context(), mustEmail(t, h, "rita@x.test").ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Redeem(t.Context(), token, good, ""); err != nil {
		t.Fatal(err)
	}
	file := "\uFEFFE-Mail;First Name;Last_Name;id number;Manager;TEAM;Suspended;Deleted;Shoe size\r\n" +
		"RITA@x.test;;Ray-Ott;;;;;;38\r\n" + // changed, the rest stays
		"rolf.roth@x.test;;;2;;;;;\r\n" + // another address, by the id number
		"olaf@x.test;;;;;;no;;\r\n" + // enabled
		"max@x.test;;;;;;;1;\r\n" + // leaves
		"new@x.test;Nina;Neu;;dora@x.test;South;;;\r\n" +
		"ghost@x.test;;;;;;;1;\r\n" +
		"dora@x.test;;;;;;;;\r\n"
	d := h.plan(t, file)
	want := `2 change RITA@x.test lastname:Ray→Ray-Ott
3 change rolf.roth@x.test email:rolf@x.test→rolf.roth@x.test
4 enable olaf@x.test suspended:yes→no
5 disable max@x.test suspended:no→yes
6 add new@x.test email:→new@x.test firstname:→Nina lastname:→Neu team:→south roles:→rep
7 unchanged ghost@x.test (There is nobody with this address, so there is nothing to delete.)
8 unchanged dora@x.test
`
	if diff := cmp.Diff(want, show(d.Rows)); diff != "" {
		t.Fatalf("plan (-want +got):\n%s", diff)
	}
	if !slices.Equal(d.Unknown, []string{"Shoe size"}) {
		t.Errorf("unknown columns %q", d.Unknown)
	}
	wantTeams := []TeamChange{{ID: "south", Name: "South", New: true, Managers: []string{"Dora Dahl"}}}
	if diff := cmp.Diff(wantTeams, d.Teams); diff != "" {
		t.Errorf("teams (-want +got):\n%s", diff)
	}
	h.apply(t, d)
	if rita := mustEmail(t, h, "rita@x.test"); rita.Last != "Ray-Ott" || rita.Email != "rita@x.test" || rita.Password == "" || rita.Department != "Sales" {
		t.Errorf("rita: %+v", rita)
	}
	if rolf := mustEmail(t, h, "rolf.roth@x.test"); rolf.IDNumber != "2" || rolf.Team != "team-max-mann" {
		t.Errorf("rolf: %+v", rolf)
	}
	if boss := mustEmail(t, h, "max@x.test"); !boss.Disabled || boss.Team != "team-dora-dahl" {
		t.Errorf("max: %+v", boss)
	}
	if again := h.plan(t, file); !again.Empty() {
		t.Errorf("the same file again:\n%s", show(again.Rows))
	}
	h.onePersonPerAddress(t)
}

func mustEmail(t testing.TB, h *house, email string) *Person {
	t.Helper()
	p, err := h.ByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRosterRejects(t *testing.T) {
	h := newHouse(t)
	h.apply(t, h.plan(t, company))
	for name, c := range map[string]struct{ file, want string }{
		"too many cells":     {"email,lastname\na@x.test,A,x\n", "3 cells"},
		"too few cells":      {"email,lastname\na@x.test\n", "1 cells"},
		"bad address":        {"email,lastname\nanna,A\n", "not an e-mail address"},
		"no address":         {"email,lastname\n,A\n", "no e-mail address"},
		"no name":            {"email,lastname\na@x.test,\n", "needs a name"},
		"twice":              {"email,lastname\na@x.test,A\nA@X.test,B\n", "line 2 as well"},
		"id number twice":    {"email,lastname,idnumber\na@x.test,A,9\nb@x.test,B,9\n", "line 2 as well"},
		"one person twice":   {"email,idnumber\nrita@x.test,\nrr@x.test,1\n", "Line 2 is about the same person"},
		"two people in one":  {"email,idnumber\nrita@x.test,2\n", "rolf@x.test"},
		"username of other":  {"email,lastname,username\na@x.test,A,rita\n", "rita@x.test"},
		"unknown role":       {"email,roles\nrita@x.test,boss\n", `no role "boss"`},
		"neither yes nor no": {"email,suspended\nrita@x.test,maybe\n", "1 or 0"},
		"unknown manager":    {"email,manager\nrita@x.test,who@x.test\n", "neither here nor in the file"},
		"own manager":        {"email,manager\nrita@x.test,rita\n", "herself"},
		"manager rejected":   {"email,lastname,manager\na@x.test,A,b@x.test\nb@x.test,,\n", "line 3, is rejected"},
		"manager deleted":    {"email,lastname,manager,deleted\na@x.test,A,b@x.test,\nb@x.test,B,,1\n", "neither here"},
		"team without name":  {"email,team\nrita@x.test,!!!\n", "letter nor a digit"},
		"last admin":         {"email,roles\ndora@x.test,manager\n", "last admin"},
		"last admin leaves":  {"email,deleted\ndora@x.test,1\n", "last admin"},
		"bare quote":         {"email,lastname\na@x.test,A\"B\n", "quotation mark"},
		"quote not closed":   {"email,lastname\na@x.test,\"A\nb@x.test,B\n", "up to line"},
	} {
		d := h.plan(t, c.file)
		i := slices.IndexFunc(d.Rows, func(r Row) bool { return r.Action == Rejected })
		if i < 0 || !strings.Contains(d.Rows[i].Reason, c.want) || d.Count(Rejected) > 2 {
			t.Errorf("%s:\n%swant rejected with %q", name, show(d.Rows), c.want)
		}
	}
	for name, c := range map[string]struct{ file, want string }{
		"empty":        {"", "no header"},
		"no address":   {"lastname,firstname\nA,B\n", "no column email"},
		"column twice": {"email,E-Mail\n", "twice"},
		"UTF-16":       {"\xff\xfee\x00m\x00", "UTF-16"},
		"Latin-1":      {"email,lastname\na@x.test,M\xfcller\n", "line 2"},
		"columns":      {"email" + strings.Repeat(",", 200) + "\n", "201 columns"},
		"too many":     {"email\n" + strings.Repeat("a@x.test\n", MaxRosterRows+1), "more than 50000 rows"},
		"too large":    {"email\n" + strings.Repeat("a", MaxRosterBytes), "larger than 10 MB"},
	} {
		_, err := h.Plan(t.Context(), strings.NewReader(c.file))
		var in *InputError
		if !errors.As(err, &in) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an InputError with %q", name, err, c.want)
		}
	}
}

// An error in one row leaves the others alone, and who hangs on it is told so.
func TestRosterCascade(t *testing.T) {
	h := newHouse(t)
	d := h.plan(t, `email,lastname,manager
a@x.test,A,b@x.test
b@x.test,B,c@x.test
c@x.test,C,nobody@x.test
d@x.test,D,e@x.test
e@x.test,E,
`)
	if d.Count(Rejected) != 3 || d.Count(Added) != 2 || len(d.Teams) != 1 {
		t.Errorf("plan:\n%s%v", show(d.Rows), d.Teams)
	}
}

func TestRosterTeams(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	north, err := h.AddTeam(ctx, "North")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.RenameTeam(ctx, north.ID, "Nordics"); err != nil {
		t.Fatal(err)
	}
	bob := h.add(t, "bob@x.test", "")
	if _, err := h.AddManager(ctx, north.ID, bob.ID); err != nil {
		t.Fatal(err)
	}
	// Bob has one team, so his people go there; the team is found by its name.
	file := "email,lastname,manager,team\n" +
		"a@x.test,A,bob@x.test,\n" +
		"b@x.test,B,,nordics\n"
	d := h.plan(t, file)
	if len(d.Teams) != 0 || d.Rows[0].want.team != "north" || d.Rows[1].want.team != "north" {
		t.Errorf("plan:\n%s%v", show(d.Rows), d.Teams)
	}
	h.apply(t, d)
	// Bob gets a second team: then a row must name one, unless she is in one.
	file = "email,lastname,manager,team\n" +
		"c@x.test,C,bob@x.test,West\n" +
		"a@x.test,A,bob@x.test,\n" +
		"d@x.test,D,bob@x.test,\n"
	d = h.plan(t, file)
	if d.Rows[0].Action != Added || d.Rows[1].Action != Unchanged || d.Rows[2].Action != Rejected ||
		!strings.Contains(d.Rows[2].Reason, "north, west") {
		t.Errorf("plan:\n%s%v", show(d.Rows), d.Teams)
	}
	h.apply(t, d)
	if teams, err := h.Managed(ctx, h.get(t, bob.ID)); err != nil || len(teams) != 2 {
		t.Errorf("bob manages %d teams, %v", len(teams), err)
	}
	// Two managers of one name get a team each.
	file = "email,firstname,lastname,manager\n" +
		"k1@x.test,Kim,Lee,\nk2@x.test,Kim,Lee,\n" +
		"p1@x.test,P,One,k1@x.test\np2@x.test,P,Two,k2@x.test\n"
	h.apply(t, h.plan(t, file))
	if one, two := mustEmail(t, h, "p1@x.test").Team, mustEmail(t, h, "p2@x.test").Team; one == two {
		t.Errorf("both are in %s", one)
	}
	if again := h.plan(t, file); !again.Empty() {
		t.Errorf("again:\n%s%v", show(again.Rows), again.Teams)
	}
}

// The order of admins in the file doesn't matter as long as one stays.
func TestRosterAdmins(t *testing.T) {
	h := newHouse(t)
	h.apply(t, h.plan(t, "email,lastname,roles\na@x.test,A,admin\nb@x.test,B,admin\n"))
	d := h.plan(t, "email,lastname,roles\na@x.test,A,rep\nb@x.test,B,rep\nc@x.test,C,admin\n")
	if d.Count(Changed) != 2 || d.Rows[2].Action != Added {
		t.Fatalf("plan:\n%s", show(d.Rows))
	}
	if rep := h.apply(t, d); rep.Count(Rejected) != 0 {
		t.Errorf("apply:\n%s", show(rep.Rows))
	}
	h.apply(t, h.plan(t, "email,roles\na@x.test,admin\n"))
	d = h.plan(t, "email,roles\na@x.test,rep\nc@x.test,rep\n")
	if d.Rows[0].Action != Changed || d.Rows[1].Action != Rejected {
		t.Errorf("plan, all of them leave:\n%s", show(d.Rows))
	}
	h.apply(t, d)
	// What was right when it was planned is refused when it is not any more.
	h.apply(t, h.plan(t, "email,roles\nb@x.test,admin\n"))
	d = h.plan(t, "email,roles\nb@x.test,rep\n")
	if _, err := h.Disable(t.Context(), mustEmail(t, h, "c@x.test").ID); err != nil {
		t.Fatal(err)
	}
	if rep := h.apply(t, d); rep.Count(Rejected) != 1 || !strings.Contains(rep.Rows[0].Reason, "last admin") {
		t.Errorf("apply:\n%s", show(rep.Rows))
	}
	// Who is suspended leaves, whatever role her row gives her.
	d = h.plan(t, "email,lastname,roles,suspended\nb@x.test,B,admin,1\nd@x.test,D,admin,0\n")
	if rep := h.apply(t, d); d.Count(Rejected) != 0 || rep.Count(Rejected) != 0 {
		t.Errorf("apply:\n%s", show(rep.Rows))
	}
}

// Two imports of overlapping files at once, on two servers: everybody is there
// once, and a third import has nothing left to do.
func TestRosterRace(t *testing.T) {
	a := newHouse(t)
	b := openHouse(t, a.path, a.clock)
	var file strings.Builder
	file.WriteString("email,firstname,lastname,manager,roles\n")
	for i := range 60 {
		fmt.Fprintf(&file, "p%d@x.test,P,Nr%d,m%d@x.test,\n", i, i, i%4)
	}
	for i := range 4 {
		fmt.Fprintf(&file, "m%d@x.test,M,Boss%d,,admin\n", i, i)
	}
	var wg sync.WaitGroup
	for _, h := range []*house{a, b} {
		wg.Go(func() {
			d, err := h.Plan(t.Context(), strings.NewReader(file.String()))
			if err == nil {
				var rep *Report
				if rep, err = h.Apply(t.Context(), d, nil); err == nil && rep.Count(Rejected) > 0 {
					t.Errorf("rejected:\n%s", show(rep.Rows))
				}
			}
			if err != nil {
				t.Errorf("import: %v", err)
			}
		})
	}
	wg.Wait()
	a.onePersonPerAddress(t)
	page, err := a.List(t.Context(), store.Cursor{}, 1000)
	if err != nil || len(page.People) != 64 {
		t.Errorf("%d people, %v; want 64", len(page.People), err)
	}
	if d := a.plan(t, file.String()); !d.Empty() {
		t.Errorf("something is left:\n%s%v", show(d.Rows), d.Teams)
	}
}

// failAfter lets n writes through, then the store is away.
func (h *house) failAfter(n int) {
	var mu sync.Mutex
	h.setHook(func(_ context.Context, c store.Call) error {
		mu.Lock()
		defer mu.Unlock()
		if c.Write {
			n--
		}
		if n < 0 {
			return fmt.Errorf("%w: %w", store.ErrUnavailable, errCrash)
		}
		return nil
	})
}

// An import that dies is finished by doing it again.
func TestRosterCrash(t *testing.T) {
	for _, writes := range []int{0, 1, 2, 3, 5, 8, 13, 17} {
		h := newHouse(t)
		d := h.plan(t, company)
		h.failAfter(writes)
		rep, err := h.Apply(t.Context(), d, nil)
		h.setHook(nil)
		if !errors.Is(err, errCrash) {
			t.Fatalf("apply: %v, want the crash", err)
		}
		if rep == nil || len(rep.Rows) != 5 {
			t.Fatalf("no report: %+v", rep)
		}
		h.apply(t, h.plan(t, company))
		if d := h.plan(t, company); !d.Empty() || d.Count(Rejected) > 0 {
			t.Errorf("something is left:\n%s%v", show(d.Rows), d.Teams)
		}
		h.onePersonPerAddress(t)
	}
}

func TestWriteRejected(t *testing.T) {
	h := newHouse(t)
	d := h.plan(t, "\uFEFFemail;lastname;department\n"+
		"=1+1;A;+49\n"+
		"ok@x.test;B;C\n"+
		"bad; @SUM;\"two\nlines\"\n"+
		"a;b;c;d\n")
	var out bytes.Buffer
	if err := d.WriteRejected(&out); err != nil {
		t.Fatal(err)
	}
	want := "\uFEFFreason;email;lastname;department\n" +
		"\"Line 2: \"\"=1+1\"\" is not an e-mail address. Want something like anna@example.com.\";'=1+1;A;'+49\n" +
		"\"Line 4: \"\"bad\"\" is not an e-mail address. Want something like anna@example.com.\";bad;' @SUM;\"two\nlines\"\n" +
		"Line 6: The row has 4 cells, but the header has 3. A cell with a separator in it needs quotation marks around it.;a;b;c;d\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("rejected rows (-want +got):\n%s", diff)
	}
	// Mended, it can be imported as it is, and rejected again.
	mended := strings.Replace(out.String(), "'=1+1;A", "anna@x.test;A", 1)
	again := h.plan(t, mended)
	if again.Count(Added) != 1 || len(again.Unknown) != 0 || again.Count(Rejected) != 2 {
		t.Errorf("mended:\n%s%q", show(again.Rows), again.Unknown)
	}
	out.Reset()
	if err := again.WriteRejected(&out); err != nil || strings.Count(out.String(), "reason") != 1 {
		t.Errorf("again: %v\n%s", err, out.String())
	}
}

func TestSafeCell(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "plain": "plain", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx",
		"  =1": "'  =1", " x": " x", "a=1": "a=1", "é": "é",
	} {
		if got := SafeCell(cell); got != want {
			t.Errorf("SafeCell(%q) = %q, want %q", cell, got, want)
		}
	}
}

func TestReadRoster(t *testing.T) {
	for name, file := range map[string]string{
		"commas":     "email,lastname\na@x.test,A\n",
		"semicolons": "email;lastname\na@x.test;A\n",
		"tabs":       "email\tlastname\na@x.test\tA\n",
		"sep line":   "sep=;\r\nemail;lastname\r\na@x.test;A\r\n",
		"quoted":     "\"e-mail\",\"Shoe;size;;;\",lastname\n\"a@x.test\",x,\"A\"\n",
		"blank":      "email,lastname\n\n,\na@x.test,A\n , \n",
		"no end":     "email,lastname\na@x.test,A",
		"more cells": "email,lastname\na@x.test,A,,\n",
		"username":   "username,lastname\na@x.test,A\n",
	} {
		ros, err := ReadRoster(strings.NewReader(file))
		if err != nil || len(ros.Rows) != 1 || ros.Rows[0].Err != nil {
			t.Errorf("%s: %+v, %v", name, ros, err)
			continue
		}
		d := newDraft(ros.Rows[0])
		if d.err != nil || d.want.email != "a@x.test" || d.want.last != "A" {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
