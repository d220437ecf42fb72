package standard

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestGaps(t *testing.T) {
	rep := Holder{Known: true, Roles: []string{"rep"}}
	ops := Holder{Known: true, Roles: []string{"operations"}}
	off := Holder{Known: true, Disabled: true, Roles: []string{"rep", "operations"}}
	for name, x := range map[string]struct {
		sales, operations Holder
		want              []Gap
	}{
		"both":            {rep, ops, nil},
		"nobody":          {Holder{}, Holder{}, []Gap{{Sales, NobodyNamed}, {Operations, NobodyNamed}}},
		"both have left":  {off, off, []Gap{{Sales, SwitchedOff}, {Operations, SwitchedOff}}},
		"the wrong roles": {ops, rep, []Gap{{Sales, LeftTheRole}, {Operations, LeftTheRole}}},
		"a manager":       {Holder{Known: true, Roles: []string{"manager"}}, ops, nil},
		"a sales lead":    {Holder{Known: true, Roles: []string{"sales"}}, ops, nil},
		"an author":       {Holder{Known: true, Roles: []string{"author"}}, ops, []Gap{{Sales, LeftTheRole}}},
	} {
		if got := Gaps(x.sales, x.operations); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}

// TestMayWriteToAnAccount is every role, as one of the account's people and as
// somebody else, with the account on and off.
func TestMayWriteToAnAccount(t *testing.T) {
	a := Account{Sales: "ann", Operations: "olu"}
	always := []string{"manager", "admin", "sales", "care", "operations"}
	for _, role := range []string{"rep", "manager", "author", "sales", "care", "operations", "admin"} {
		for _, id := range []string{"ann", "olu", "eve"} {
			h := Holder{Known: true, Roles: []string{role}}
			want := slices.Contains(always, role) || id == "ann" && role == "rep"
			if got := a.MayWrite(id, h); got != want {
				t.Errorf("%s as %s may write: %v, want %v", id, role, got, want)
			}
			if h.Disabled = true; a.MayWrite(id, h) {
				t.Errorf("%s as %s may write when she is switched off", id, role)
			}
			h.Disabled = false
			may, own := MayAdd(h)
			if wantMay := role != "author"; may != wantMay || may && own != (role == "rep") {
				t.Errorf("%s may add: %v, only her own: %v", role, may, own)
			}
		}
	}
}

func TestAccountInput(t *testing.T) {
	var a Account
	for field, err := range map[string]error{
		"name: missing": second(CheckAccount(" \n\u200b ", "")),
		"name: long":    second(CheckAccount(strings.Repeat("ü", 101), "")),
		"crm_id: long":  second(CheckAccount("A", strings.Repeat("x", 101))),
		"name: control": second(CheckAccount("A\x1b[2J", "")),
		"text: missing": a.AddNote(Note{Text: "  "}),
		"text: long":    a.AddNote(Note{Text: strings.Repeat("a", MaxText+1)}),
		"text: control": a.AddNote(Note{Text: "a\x00b"}),
		"side: unknown": a.AddNote(Note{Text: "a", Side: "finance"}),
		"need: missing": a.Keep(Requirements{}),
		"text: full":    (&Account{Notes: make([]Note, MaxNotes)}).AddNote(Note{Text: "a"}),
		"need: full":    (&Account{Requirements: make([]Requirements, MaxKept)}).Keep(Requirements{Parts: []Asked{{}}}),
	} {
		var invalid *Invalid
		if !errors.As(err, &invalid) || err.Error() != field {
			t.Errorf("got %v, want %s", err, field)
		}
	}
	if len(a.Notes)+len(a.Requirements) > 0 {
		t.Errorf("what was refused is kept: %+v", a)
	}
	if name, crm, err := CheckAccount("\u202eFennel\u200b Foods\ufeff", "F\u20661\u2069"); err != nil || name != "Fennel Foods" || crm != "F1" {
		t.Errorf("with what nobody sees: got %+q, %+q, %v", name, crm, err)
	}
	if name, crm, err := CheckAccount("  Fennel \t Foods ", " F-1 "); err != nil || name != "Fennel Foods" || crm != "F-1" {
		t.Errorf("got %q, %q, %v", name, crm, err)
	}
	n := Note{Text: "a\nb", Side: Care, By: "ann", At: time.Unix(1, 0)}
	if err := a.AddNote(n); err != nil || !slices.Equal(a.Notes, []Note{n}) || !n.Says(Note{Text: "a\nb", Side: Care, By: "ann"}) {
		t.Errorf("notes %+v, %v", a.Notes, err)
	}
	if !a.SetCover(Cover{}) || a.SetCover(Cover{By: "eve"}) || !a.SetCover(Cover{Sales: "ann", By: "eve"}) || len(a.Covered) != 2 || a.Sales != "ann" {
		t.Errorf("covered %+v", a.Covered)
	}
}

func second(_, _ string, err error) error { return err }
