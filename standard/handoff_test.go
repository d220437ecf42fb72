package standard

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	handoffAccount = &Account{Name: "Aster", Sales: "rep", Operations: "ops"}
	seller         = actor("rep", "rep")
	doer           = actor("ops", "operations")
	noon           = time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)
)

func begun(t *testing.T) *Handoff {
	t.Helper()
	h := &Handoff{}
	h.Begin(noon)
	wantErr(t, h.Name("Records search with a portal", Day{2027, 1, 4}, Day{2027, 2, 1}, 1), nil)
	wantErr(t, h.Require([]Asked{{Lines: []AskedLine{{"turnaround", "12h"}}}}, []Sold{{Base: "records-search", Tier: "in-state"}}, 2), nil)
	return h
}

func wantErr(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) || (target == nil) != (err == nil) {
		t.Fatalf("got %v, want %v", err, target)
	}
}

// TestTwoRounds is a handoff that needs a second meeting: something outside the
// box is not decided, a question is open, and the first signature is given
// before the last change.
func TestTwoRounds(t *testing.T) {
	h := begun(t)
	undecided := []Undecided{{0, "turnaround"}}
	sign := func(a Actor, f Function, edition int64, open []Undecided) error {
		return h.Sign(a, handoffAccount, Sign{Function: f, Edition: edition, At: noon}, open)
	}
	wantErr(t, sign(seller, Sales, 3, undecided), ErrUndecided)
	wantErr(t, h.Ask(Question{Owner: Care, Line: Line{Text: "Who answers on Saturdays?"}}, 3), nil)
	wantErr(t, sign(seller, Sales, 4, nil), ErrUnanswered)
	wantErr(t, h.Repeat(actor("x", "manager"), handoffAccount, Again{Why: "Ask", At: noon}, noon, 1), ErrNotHers)
	wantErr(t, h.Repeat(doer, handoffAccount, Again{Why: "Saturdays are open", Questions: h.Unanswered(), At: noon}, noon.AddDate(0, 0, 7), 1), nil)
	wantErr(t, h.Repeat(doer, handoffAccount, Again{Why: "Saturdays are open", At: noon}, noon.AddDate(0, 0, 7), 1), ErrAgain)
	wantErr(t, h.Repeat(doer, handoffAccount, Again{Why: "again", At: noon}, noon, 1), ErrOvertaken)
	if len(h.Rounds) != 2 || h.Rounds[0].Again.Questions[0] != "Who answers on Saturdays?" {
		t.Fatalf("rounds: %+v", h.Rounds)
	}
	wantErr(t, h.Reply(0, Line{Text: "Customer care, until noon"}, 4), nil)
	wantErr(t, h.Reply(0, Line{Text: "Customer care, until noon"}, 4), ErrAgain)
	wantErr(t, h.Reply(0, Line{Text: "Nobody"}, 5), ErrOvertaken)
	wantErr(t, sign(seller, Sales, 5, nil), nil)
	wantErr(t, sign(seller, Sales, 5, nil), ErrAgain)
	wantErr(t, sign(seller, Operations, 5, nil), ErrNotHers)
	wantErr(t, h.AddChange(Line{Text: "They begin a week later"}, 5), nil)
	if h.SignedBy(Sales) != nil || !h.Outdated(Sales) {
		t.Error("a change after the signature leaves it as it is")
	}
	wantErr(t, sign(doer, Operations, 5, nil), ErrOvertaken)
	wantErr(t, sign(doer, Operations, 6, nil), nil)
	wantErr(t, sign(seller, Sales, 6, nil), nil)
	if !h.Done() {
		t.Error("both have signed, and it is not done")
	}
	wantErr(t, h.AddChange(Line{Text: "one thing more"}, 6), ErrDone)
	wantErr(t, h.Repeat(doer, handoffAccount, Again{Why: "?", At: noon}, noon, 2), ErrDone)
	wantErr(t, h.Meet(noon, 2), ErrDone)
}

// TestOnePersonSignsOnce: who holds both functions signs for one side only.
func TestOnePersonSignsOnce(t *testing.T) {
	h := begun(t)
	both := actor("both", "sales", "operations")
	wantErr(t, h.Sign(both, handoffAccount, Sign{Function: Sales, Edition: 3, At: noon}, nil), nil)
	wantErr(t, h.Sign(both, handoffAccount, Sign{Function: Operations, Edition: 3, At: noon}, nil), ErrBoth)
	wantErr(t, h.Sign(doer, handoffAccount, Sign{Function: Operations, Edition: 3, At: noon}, nil), nil)
}

// TestHandoffProperties walks random handoffs: every change of the sheet is one
// edition, what is refused changes nothing, and a handoff is done just when two
// people have signed the same edition for the two sides, with no question open. From
// wherever the walk ends, it can be finished.
func TestHandoffProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &Handoff{}
		h.Begin(noon)
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			before, edition := fmt.Sprintf("%+v", *h), h.Edition
			known := edition - int64(rapid.SampledFrom([]int{0, 0, 0, 0, 0, 1}).Draw(t, "behind"))
			a := rapid.SampledFrom([]Actor{seller, seller, doer, doer, actor("both", "sales", "operations"), actor("nobody", "author")}).Draw(t, "actor")
			signs := false
			var err error
			switch rapid.IntRange(0, 8).Draw(t, "act") {
			case 0:
				err = h.Require([]Asked{{Lines: []AskedLine{{"turnaround", "12h"}}}}, []Sold{{Base: "b", Tier: "t"}}, known)
			case 1:
				err = h.Ask(Question{Owner: Operations, Line: Line{Text: "?"}}, known)
			case 2:
				err = h.Reply(rapid.IntRange(-1, 3).Draw(t, "question"), Line{Text: "!"}, known)
			case 3:
				err = h.Strike(Questions, rapid.IntRange(-1, 3).Draw(t, "question"), Ack{By: a.ID, At: noon}, known)
			case 4:
				signs, err = true, h.Repeat(a, handoffAccount, Again{Why: "open", At: noon}, noon, len(h.Rounds))
			default:
				f := rapid.SampledFrom(Sides()).Draw(t, "side")
				signs, err = true, h.Sign(a, handoffAccount, Sign{Function: f, Edition: known, At: noon}, nil)
			}
			if err != nil && fmt.Sprintf("%+v", *h) != before {
				t.Fatalf("refused with %v, and changed:\n%s\n%+v", err, before, *h)
			}
			if err == nil && !signs && h.Edition != edition+1 || signs && h.Edition != edition {
				t.Fatalf("the edition went from %d to %d", edition, h.Edition)
			}
			if h.Done() {
				s, o := h.SignedBy(Sales), h.SignedBy(Operations)
				if s.By == o.By || len(h.Unanswered()) > 0 || len(h.Parts) == 0 {
					t.Fatalf("done: %+v", *h)
				}
			}
		}
		finish(t, h)
	})
}

// finish brings a handoff to its end, from wherever it is: nothing that happens on
// the way keeps two people from signing.
func finish(t *rapid.T, h *Handoff) {
	if h.Done() {
		return
	}
	if len(h.Parts) == 0 {
		if err := h.Require([]Asked{{Lines: []AskedLine{{"turnaround", "12h"}}}}, []Sold{{}}, h.Edition); err != nil {
			t.Fatal(err)
		}
	}
	for i, q := range h.Questions {
		if q.Open() {
			if err := h.Reply(i, Line{Text: "!"}, h.Edition); err != nil {
				t.Fatal(err)
			}
		}
	}
	for f, a := range map[Function]Actor{Sales: seller, Operations: doer} {
		if err := h.Sign(a, handoffAccount, Sign{Function: f, Edition: h.Edition, At: noon}, nil); err != nil && !errors.Is(err, ErrAgain) {
			t.Fatalf("%s can't sign: %v\n%+v", f, err, *h)
		}
	}
	if !h.Done() {
		t.Fatalf("not done: %+v", *h)
	}
}

// TestFormsSentTwice sends every form of the sheet a second time: it is done
// already, and changes nothing.
func TestFormsSentTwice(t *testing.T) {
	line := func(text string) Line { return Line{Text: text, By: "rep", At: noon} }
	for name, do := range map[string]func(h *Handoff, edition int64) error{
		"name": func(h *Handoff, e int64) error { return h.Name("Other ", Day{2027, 1, 4}, Day{}, e) },
		"require": func(h *Handoff, e int64) error {
			return h.Require([]Asked{{Lines: []AskedLine{{"scope", "in-state"}}}}, []Sold{{}}, e)
		},
		"settle":  func(h *Handoff, e int64) error { return h.Settle(Settling{Dimension: "turnaround", Request: "r"}, e) },
		"contact": func(h *Handoff, e int64) error { return h.AddContact(Contact{Name: " Ida  Lund", Line: line("12")}, e) },
		"training": func(h *Handoff, e int64) error {
			return h.AddTraining(Training{On: Day{2027, 1, 9}, Who: "Olu", Line: line("Orders")}, e)
		},
		"change": func(h *Handoff, e int64) error { return h.AddChange(line("Later"), e) },
		"ask":    func(h *Handoff, e int64) error { return h.Ask(Question{Owner: Sales, Line: line("Who?")}, e) },
		"reply":  func(h *Handoff, e int64) error { return h.Reply(0, line("Ida"), e) },
		"strike": func(h *Handoff, e int64) error { return h.Strike(Questions, 0, Ack{By: "rep", At: noon}, e) },
	} {
		h := begun(t)
		wantErr(t, h.Ask(Question{Owner: Care, Line: line("Until when?")}, 3), nil)
		wantErr(t, do(h, 3), ErrOvertaken)
		wantErr(t, do(h, 4), nil)
		before := fmt.Sprintf("%+v", *h)
		if err := do(h, 4); !errors.Is(err, ErrAgain) || fmt.Sprintf("%+v", *h) != before {
			t.Errorf("%s twice: %v", name, err)
		}
	}
}

// TestSheetRefusals: what can't be right is refused by field, and leaves the sheet.
func TestSheetRefusals(t *testing.T) {
	long := strings.Repeat("x", MaxText+1)
	for want, do := range map[string]func(h *Handoff) error{
		"title missing, signed missing, live": func(h *Handoff) error { return h.Name(" ", Day{}, Day{}, 3) },
		"title missing, signed missing": func(h *Handoff) error { // as empty as the form
			h.Title, h.Signed, h.Live = "", Day{}, Day{}
			return h.Name(" ", Day{}, Day{}, 3)
		},
		"need missing, of an empty sheet": func(h *Handoff) error {
			h.Parts, h.Sold = nil, nil
			return h.Require(nil, nil, 3)
		},
		"live before":             func(h *Handoff) error { return h.Name("x", Day{2027, 1, 4}, Day{2027, 1, 3}, 3) },
		"need missing":            func(h *Handoff) error { return h.Require([]Asked{{}, {}}, []Sold{{}}, 3) },
		"request missing":         func(h *Handoff) error { return h.Settle(Settling{Part: 1, Request: "r"}, 3) },
		"contact missing":         func(h *Handoff) error { return h.AddContact(Contact{Role: "Head of claims"}, 3) },
		"on missing, who missing": func(h *Handoff) error { return h.AddTraining(Training{Line: Line{Text: "Orders"}}, 3) },
		"change long":             func(h *Handoff) error { return h.AddChange(Line{Text: long}, 3) },
		"owner unknown":           func(h *Handoff) error { return h.Ask(Question{Owner: "legal", Line: Line{Text: "?"}}, 3) },
		"answer missing":          func(h *Handoff) error { return h.Reply(0, Line{Text: " "}, 4) },
		"why missing":             func(h *Handoff) error { return h.Repeat(doer, handoffAccount, Again{}, noon, 1) },
		"change full": func(h *Handoff) error {
			h.Changes = make([]Line, maxLines)
			return h.AddChange(Line{Text: "one more"}, 3)
		},
	} {
		h := begun(t)
		if want == "answer missing" {
			wantErr(t, h.Ask(Question{Owner: Care, Line: Line{Text: "?"}}, 3), nil)
		}
		edition, err := h.Edition, do(h)
		var all Invalids
		if !errors.As(err, &all) || h.Edition != edition {
			t.Errorf("%s: got %v, edition %d", want, err, h.Edition)
			continue
		}
		for i, f := range all {
			if parts := strings.Split(want, ", "); f.Field+" "+f.Code != parts[i] {
				t.Errorf("%s: got %s %s", want, f.Field, f.Code)
			}
		}
	}
}

// TestAnotherPartIsNotSettled: a request settles a limit of one need; when the
// need becomes another one, the limit is open again, and those of other parts
// stay.
func TestAnotherPartIsNotSettled(t *testing.T) {
	h := begun(t)
	two := []Asked{{Lines: []AskedLine{{"turnaround", "12h"}}}, {Lines: []AskedLine{{"scope", "in-state"}}}}
	wantErr(t, h.Require(two, []Sold{{}, {}}, 3), nil)
	wantErr(t, h.Settle(Settling{Part: 0, Dimension: "turnaround", Request: "one"}, 4), nil)
	wantErr(t, h.Settle(Settling{Part: 1, Dimension: "scope", Request: "two"}, 5), nil)
	wantErr(t, h.Settle(Settling{Part: 1, Dimension: "scope", Request: "three"}, 6), nil)
	wantErr(t, h.Require([]Asked{{Lines: []AskedLine{{"turnaround", "6h"}}}, two[1]}, []Sold{{Base: "b"}, {}}, 7), nil)
	if h.SettledBy(0, "turnaround") != "" || h.SettledBy(1, "scope") != "three" || len(h.Settled) != 1 {
		t.Errorf("settled: %+v", h.Settled)
	}
}

// TestWhoSigns lists who may sign for which side, and who may write on the sheet.
func TestWhoSigns(t *testing.T) {
	for _, c := range []struct {
		a                       Actor
		sales, operations, edit bool
	}{
		{actor("rep", "rep"), true, false, true}, // looks after the account
		{actor("rep", "author"), false, false, false},
		{actor("other", "rep"), false, false, false},
		{actor("s", "sales"), true, false, true},
		{actor("o", "operations"), false, true, true},
		{actor("c", "care"), false, false, true},
		{actor("m", "manager"), false, false, true},
		{actor("a", "admin"), false, false, true},
		{Actor{ID: "rep", Holder: Holder{Known: true, Disabled: true, Roles: []string{"rep", "sales", "operations", "admin"}}}, false, false, false},
	} {
		got := [3]bool{c.a.MaySign(Sales, handoffAccount), c.a.MaySign(Operations, handoffAccount), c.a.MayEdit(handoffAccount)}
		if got != [3]bool{c.sales, c.operations, c.edit} || c.a.MaySign(Care, handoffAccount) {
			t.Errorf("%+v: got %v", c.a, got)
		}
	}
}

// TestGrants: a request that is granted settles what asks for no more.
func TestGrants(t *testing.T) {
	dims := []Dimension{
		{Name: "turnaround", Kind: NoMoreThan, Unit: "h"},
		{Name: "volume", Kind: NoLessThan, Unit: "per month"},
		{Name: "scope", Kind: AllOf, Values: []string{"in-state", "nationwide", "abroad"}},
	}
	book := NewBook(dims, workingWeek(), nil, Day{2027, 1, 4})
	granted := []Asked{{Lines: []AskedLine{{"turnaround", "12 h"}, {"scope", "nationwide, abroad"}}}, {Lines: []AskedLine{{"turnaround", "24 h"}, {"volume", "7,000 per month"}}}}
	for _, c := range []struct {
		dimension, need string
		want            bool
	}{
		{"turnaround", "12 h", true},
		{"turnaround", "1 d", true},
		{"turnaround", "11 h", false},
		{"volume", "6,000 per month", true},
		{"volume", "7,001 per month", false},
		{"scope", "abroad", true},
		{"scope", "in-state, abroad", false},
		{"scope", "lunar", false},
		{"price", "1 USD", false},
	} {
		need := Asked{Lines: []AskedLine{{c.dimension, c.need}}}
		if got := book.Grants(granted, c.dimension, need); got != c.want {
			t.Errorf("%s %s: got %v", c.dimension, c.need, got)
		}
		if !book.Grants(nil, c.dimension, need) {
			t.Errorf("%s: what was asked in words does not count", c.dimension)
		}
	}
	granted = []Asked{{Lines: []AskedLine{{"turnaround", "12 h"}}, Only: []string{"copies"}}}
	for need, want := range map[string]bool{"copies": true, "copies portal": true, "portal": false, "": false} {
		if book.Grants(granted, "turnaround", Asked{Lines: []AskedLine{{"turnaround", "12 h"}}, Only: strings.Fields(need)}) != want {
			t.Errorf("what was granted for copies holds for %q: want %v", need, want)
		}
	}
	if book.Grants(granted, "volume", Asked{Lines: []AskedLine{{"turnaround", "12 h"}}}) {
		t.Error("a dimension that is not needed is granted")
	}
}

// TestHandoffWaits says what a sheet waits for as it goes through its rounds.
func TestHandoffWaits(t *testing.T) {
	noon := time.Date(2027, 1, 13, 12, 0, 0, 0, time.UTC)
	evening, open := noon.Add(12*time.Hour), []Undecided{{Part: 0, Dimension: "turnaround"}}
	meet := func(in time.Duration) func(*Handoff) { return func(h *Handoff) { h.Round().Meet = noon.Add(in) } }
	signed := func(f Function) func(*Handoff) {
		return func(h *Handoff) {
			h.Round().Signs = append(h.Round().Signs, Sign{Function: f, Edition: h.Edition, By: string(f), At: noon})
		}
	}
	asks := func(f Function) func(*Handoff) {
		return func(h *Handoff) { h.Questions = append(h.Questions, Question{Owner: f, Line: Line{Text: "?"}}) }
	}
	needs := func(h *Handoff) { h.Parts = []Asked{{Lines: []AskedLine{{"turnaround", "12 h"}}}} }
	changed := func(h *Handoff) { h.Edition++ }
	for name, c := range map[string]struct {
		sheet                   []func(*Handoff)
		undecided               []Undecided
		sales, care, operations HandoffWait
	}{
		"an empty sheet":                     {},
		"an empty sheet that meets today":    {sheet: []func(*Handoff){meet(time.Hour)}, sales: ForMeeting, operations: ForMeeting},
		"nothing open, no meeting":           {sheet: []func(*Handoff){needs}, sales: ForSignature, operations: ForSignature},
		"nothing open, meets tomorrow":       {sheet: []func(*Handoff){needs, meet(13 * time.Hour)}},
		"nothing open, met yesterday":        {sheet: []func(*Handoff){needs, meet(-20 * time.Hour)}, sales: ForSignature, operations: ForSignature},
		"not decided":                        {sheet: []func(*Handoff){needs}, undecided: open},
		"not decided, meets today":           {sheet: []func(*Handoff){needs, meet(time.Hour)}, undecided: open, sales: ForMeeting, operations: ForMeeting},
		"a question to care":                 {sheet: []func(*Handoff){needs, asks(Care)}, care: ForReply},
		"a question to sales, meets today":   {sheet: []func(*Handoff){needs, asks(Sales), meet(0)}, sales: ForReply, operations: ForMeeting},
		"sales has signed, meets tomorrow":   {sheet: []func(*Handoff){needs, meet(30 * time.Hour), signed(Sales)}, operations: ForSignature},
		"sales has signed an earlier sheet":  {sheet: []func(*Handoff){needs, meet(-time.Hour), signed(Sales), changed}, sales: ForSignature, operations: ForSignature},
		"both have signed":                   {sheet: []func(*Handoff){needs, signed(Sales), signed(Operations)}},
		"both have signed, and were to meet": {sheet: []func(*Handoff){needs, meet(time.Hour), signed(Sales), signed(Operations)}},
	} {
		h := &Handoff{}
		h.Begin(noon)
		for _, change := range c.sheet {
			change(h)
		}
		for f, want := range map[Function]HandoffWait{Sales: c.sales, Care: c.care, Operations: c.operations} {
			if got := h.WaitsFor(f, evening, c.undecided); got != want {
				t.Errorf("%s: waits for %q of %s, want %q", name, got, f, want)
			}
		}
	}
}
