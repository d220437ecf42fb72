package programme_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// person adds somebody with these roles.
func (p *process) person(name string, roles ...people.Role) *people.Person {
	p.t.Helper()
	one, err := p.People.Add(p.ctx, people.NewPerson{Email: name + "@tern.test", First: name, Roles: roles})
	p.ok("add "+name, err)
	return one
}

// TestAccountsAtOnce adds one account through two servers, again and again at
// once, and lets many write notes: one account, every note that was
// acknowledged, and nobody's over another's.
func TestAccountsAtOnce(t *testing.T) {
	_, servers := pair(t)
	ann := servers[0].person("Ann", people.RoleRep)
	eve := servers[0].person("Eve", people.RoleManager)
	added, errs := together(16, func(i int) (*programme.Account, error) {
		if i%4 == 3 { // another form, for the same name
			return servers[i%2].AddAccount(servers[i%2].ctx, eve, "fennel FOODS", standard.Cover{})
		}
		return servers[i%2].AddAccount(servers[i%2].ctx, ann, "Fennel Foods", standard.Cover{})
	})
	var id string
	accepted := map[string]int{}
	for i, a := range added {
		var taken *programme.Taken
		switch {
		case errs[i] == nil:
			accepted[a.Name]++
			id = a.ID
		case !errors.As(errs[i], &taken):
			t.Errorf("%d: %v", i, errs[i])
		}
	}
	if len(accepted) != 1 {
		t.Errorf("two forms of one name were both accepted: %v", accepted)
	}
	p := servers[0]
	list, _, err := p.Accounts(p.ctx, "FENNEL", store.Cursor{}, 10)
	if p.ok("list", err); len(list) != 1 || list[0].ID != id {
		t.Fatalf("%d accounts, want one", len(list))
	}
	_, errs = together(20, func(i int) (any, error) {
		return nil, servers[i%2].AddNote(servers[i%2].ctx, eve, id, "", "note "+string(rune('a'+i)), 0)
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, programme.ErrStale) {
			t.Errorf("write a note: %v", err)
		}
	}
	a, err := p.Account(p.ctx, id)
	if p.ok("read", err); won != 1 || len(a.Notes) != 1 {
		t.Errorf("%d notes acknowledged, %d kept, want one", won, len(a.Notes))
	}
}

// TestImportAccounts imports a file, looks first, imports it again, and mends
// what was rejected.
func TestImportAccounts(t *testing.T) {
	p := newCompany(t).start(t)
	ann, olu := p.person("Ann", people.RoleRep), p.person("Olu", people.RoleOperations)
	p.person("Eve", people.RoleAuthor)
	file := "name;crm_id;sales;operations;region\n" +
		"Fennel Foods;F-1;ANN@tern.test;olu@tern.test;north\n" +
		"Larch Loans;;;;\n" +
		"fennel foods;F-2;;;\n" +
		"=1+1;F-1;;;\n" +
		";F-3;;;\n" +
		"Oak;;nobody@tern.test;;\n" +
		"Elm;;eve@tern.test;;\n" +
		"Ash;;;ann@tern.test;\n" +
		"a;b\n"
	want := []string{
		"2 add Fennel Foods ", "3 add Larch Loans ",
		"4 rejected fennel foods Line 2 names this account already.",
		"5 rejected =1+1 Line 2 has this CRM id already.",
		"6 rejected  The row has no name.",
		`7 rejected Oak sales: nobody has the address "nobody@tern.test".`,
		"8 rejected Elm sales: Eve can't look after an account for sales: that takes the role rep, manager or sales.",
		"9 rejected Ash operations: Ann can't look after an account for operations: that takes the role operations.",
		"10 rejected  The row has 2 cells, but the header has 5. A cell with a separator in it needs quotation marks around it.",
	}
	plan := func(text string) *programme.AccountImport {
		in, err := p.PlanAccounts(p.ctx, strings.NewReader(text))
		p.ok("plan", err)
		return in
	}
	writes, _ := p.counted(func() { plan(file) })
	if len(writes) > 0 {
		t.Errorf("looking writes: %v", writes)
	}
	in := plan(file)
	p.ok("apply", p.ApplyAccounts(p.ctx, in, nil))
	if diff := cmp.Diff(want, rowsOf(in)); diff != "" || !cmp.Equal(in.Unknown, []string{"region"}) {
		t.Errorf("rows (-want +got):\n%s%v", diff, in.Unknown)
	}
	list, _, err := p.Accounts(p.ctx, "", store.Cursor{}, 10)
	if p.ok("list", err); len(list) != 2 || list[0].Sales != ann.ID || list[0].Operations != olu.ID || list[0].CRM != "F-1" || list[1].Sales != "" {
		t.Fatalf("accounts %+v", list)
	}
	again := plan(file)
	writes, _ = p.counted(func() { p.ok("apply again", p.ApplyAccounts(p.ctx, again, nil)) })
	if len(writes) > 0 || again.Count(people.Unchanged) != 2 || again.Count(people.Rejected) != 7 {
		t.Errorf("the same file again: %q, writes %v", rowsOf(again), writes)
	}
	var out bytes.Buffer
	p.ok("write the rejected rows", in.WriteRejected(&out))
	if text := out.String(); !strings.HasPrefix(text, "reason;name;crm_id;sales;operations;region\n") || !strings.Contains(text, ";'=1+1;F-1;") || strings.Contains(text, ";=1+1") {
		t.Errorf("rejected rows:\n%s", text)
	}
	// An empty cell leaves alone what is there; who is named takes over.
	next := plan("name,sales,operations\nLarch Loans,ann@tern.test,\nFENNEL FOODS,,\n")
	if next.Rows[0].Changes[0] != (people.FieldChange{Field: "sales", New: ann.Email}) || next.Count(people.Unchanged) != 1 {
		t.Errorf("planned %q %+v", rowsOf(next), next.Rows[0].Changes)
	}
	// Somebody is faster than the import: her word stays.
	p.ok("cover", p.CoverAccount(p.ctx, olu, next.Rows[0].Account(), standard.Cover{Operations: olu.ID}, 1))
	p.ok("apply", p.ApplyAccounts(p.ctx, next, nil))
	if a, err := p.Account(p.ctx, next.Rows[0].Account()); err != nil || a.Operations != olu.ID || a.Sales != "" || next.Count(people.Rejected) != 1 {
		t.Errorf("account %+v, %v; rows %q", a, err, rowsOf(next))
	}
	for text, sentence := range map[string]string{
		"":            "The file has no header.",
		"crm_id\n1":   "The header has no column name.",
		"name,Name\n": "The header names the column name twice.",
		"name\n\xff":  "not in UTF-8",
	} {
		if _, err := p.PlanAccounts(p.ctx, strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), sentence) {
			t.Errorf("%q: %v, want %q", text, err, sentence)
		}
	}
}

func rowsOf(in *programme.AccountImport) (lines []string) {
	for _, row := range in.Rows {
		lines = append(lines, fmt.Sprintf("%d %s %s %s", row.Line, row.Action, row.Name, row.Reason))
	}
	return lines
}
