package standard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var asker, guest = actor("ann", "rep"), actor("olu", "operations")

// invited is what Ann says on a Monday of a meeting on the Thursday.
func invited() Invitation {
	return Invitation{Goal: "They sign for the second branch.", Why: "They ask whether we can do it.", Homework: "Their page, our notes.", On: Day{2027, 1, 7}}
}

// briefed is a brief as it was sent, on Monday at noon.
func briefed(t interface{ Fatal(...any) }) *Brief {
	b := &Brief{Sender: "ann", Guest: "olu"}
	if err := b.Send(asker, invited(), 0, noon, time.UTC); err != nil {
		t.Fatal(err)
	}
	return b
}

// answered is the brief with what the guest answered.
func answered(t *testing.T, comes, aligned YesNo) *Brief {
	t.Helper()
	b := briefed(t)
	wantErr(t, b.Answer(guest, Response{Goal: "They see our cases.", Comes: comes, Aligned: aligned, Missing: "Who else comes?"}, 1, noon), nil)
	return b
}

// TestWhoMayDoWhatWithABrief is every actor in every state with every act: to
// Answer, to Send anew, to Withdraw, to go aLone, to Judge; a small j is too early.
// Who isn't named may do nothing.
func TestWhoMayDoWhatWithABrief(t *testing.T) {
	early, late := noon.Add(time.Hour), Day{2027, 1, 7}.End(time.UTC)
	ended := func(b *Brief, how How) *Brief {
		wantErr(t, b.Close(asker, how, len(b.Said), early), nil)
		return b
	}
	judged := answered(t, Yes, Yes)
	wantErr(t, judged.Judge(guest, Worth{Was: Yes}, late), nil)
	for name, state := range map[string]struct {
		b                    *Brief
		now                  time.Time
		state                BriefState
		sender, guest, waits string
	}{
		"sent":                    {briefed(t), early, BriefWaits, "SWL", "A", "olu"},
		"something is missing":    {answered(t, No, No), early, BriefBack, "SWL", "A", "ann"},
		"missing, though aligned": {answered(t, No, Yes), early, BriefBack, "SWL", "A", "ann"},
		"not aligned yet":         {answered(t, Yes, No), early, BriefBack, "SWL", "A", "ann"},
		"on":                      {answered(t, Yes, Yes), early, BriefOn, "SWLj", "Aj", ""},
		"a moment before its end": {answered(t, Yes, Yes), late.Add(-1), BriefOn, "SWLj", "Aj", ""},
		"over":                    {answered(t, Yes, Yes), late, BriefOver, "WJ", "J", ""},
		"over, the guest judged":  {judged, late, BriefOver, "J", "", ""},
		"lapsed without answer":   {briefed(t), late, BriefLapsed, "S", "", "olu"},
		"lapsed unaligned":        {answered(t, Yes, No), late, BriefLapsed, "S", "", "ann"},
		"withdrawn":               {ended(briefed(t), Withdrawn), early, BriefWithdrawn, "", "", ""},
		"withdrawn when on, over": {ended(answered(t, Yes, Yes), Withdrawn), late, BriefWithdrawn, "", "", ""},
		"without":                 {ended(answered(t, Yes, No), Without), early, BriefWithout, "", "", ""},
	} {
		if state.b.State(state.now) != state.state || state.b.Asks() != state.waits {
			t.Errorf("%s: it is %q and waits for %q", name, state.b.State(state.now), state.b.Asks())
		}
		for who, a := range map[string]Actor{
			"sender": asker, "guest": guest, "rep": actor("eve", "rep"), "chief": actor("x", "manager", "admin", "sales", "care", "operations", "author"),
			"sender gone": {ID: "ann", Holder: Holder{Known: true, Disabled: true, Roles: []string{"rep"}}}, "guest unknown": {ID: "olu"},
			"guest without her role": actor("olu", "author"),
		} {
			want := map[string]string{"sender": state.sender, "guest": state.guest, "guest without her role": state.guest}[who]
			got := ""
			for letter, err := range map[string]error{
				"A": state.b.MayAnswer(a, state.now), "S": state.b.MaySend(a, state.now), "J": state.b.MayJudge(a, state.now),
				"W": state.b.MayClose(a, Withdrawn, state.now), "L": state.b.MayClose(a, Without, state.now),
			} {
				hers := a.is("ann") && letter != "A" || a.is("olu") && (letter == "A" || letter == "J")
				switch {
				case err == nil:
					got += letter
				case errors.Is(err, ErrTooEarly):
					got += strings.ToLower(letter)
				case hers == errors.Is(err, ErrNotHers):
					t.Errorf("%s: %s is told %v of %s", name, who, err, letter)
				}
			}
			if sorted(got) != sorted(want) {
				t.Errorf("%s: %s may %q, want %q", name, who, sorted(got), want)
			}
		}
	}
}

// TestComesAlong: somebody for operations or customer care can be brought along.
func TestComesAlong(t *testing.T) {
	for roles, want := range map[string]bool{"operations": true, "care rep": true, "sales manager rep author admin": false, "": false} {
		h := Holder{Known: true, Roles: strings.Fields(roles)}
		gone := h
		gone.Disabled = true
		if h.ComesAlong() != want || gone.ComesAlong() {
			t.Errorf("%q: %v, gone %v", roles, h.ComesAlong(), gone.ComesAlong())
		}
	}
}

// TestBriefInput says of each form which fields can't be right, and that such a form
// leaves the brief as it is.
func TestBriefInput(t *testing.T) {
	v := func(change func(*Invitation)) Invitation {
		one := invited()
		change(&one)
		return one
	}
	send := func(change func(*Invitation)) func(*Brief) error {
		return func(b *Brief) error { return b.Send(asker, v(change), len(b.Said), noon, time.UTC) }
	}
	answer := func(r Response) func(*Brief) error {
		return func(b *Brief) error { return b.Answer(guest, r, len(b.Said), noon) }
	}
	late := Day{2027, 1, 8}.In(time.UTC)
	for want, do := range map[string]func(*Brief) error{
		"goal: missing; why: missing; homework: missing; on: missing": func(b *Brief) error { return b.Send(asker, Invitation{Goal: " "}, 1, noon, time.UTC) },
		"goal: long; decides: long": send(func(v *Invitation) {
			v.Goal, v.Decides = strings.Repeat("ü", MaxGoal+1), strings.Repeat("d", 101)
		}),
		"goal: same":                       send(func(*Invitation) {}),
		"on: past":                         send(func(v *Invitation) { v.On = Day{2027, 1, 3} }),
		"on: far":                          send(func(v *Invitation) { v.On = Day{2029, 1, 4} }),
		"on: far ":                         send(func(v *Invitation) { v.On = Day{9999, 12, 31} }),
		"time: gone":                       send(func(v *Invitation) { v.On, v.Start = Day{2027, 1, 4}, noon.Add(-MeetingTakes) }),
		"<nil>":                            send(func(v *Invitation) { v.On, v.Start = Day{2027, 1, 4}, noon.Add(-MeetingTakes+1) }),
		"<nil> ":                           send(func(v *Invitation) { v.On = Day{2027, 1, 4} }), // today
		"<nil>  ":                          send(func(v *Invitation) { v.Goal = strings.Repeat("ü", MaxGoal) }),
		"comes: missing; aligned: missing": answer(Response{Goal: "g"}),
		"comes: missing; goal: missing":    answer(Response{Comes: "perhaps", Aligned: Yes, Missing: " "}),
		"goal: missing":                    answer(Response{Comes: Yes, Aligned: Yes}),
		"missing: missing":                 answer(Response{Comes: Yes, Aligned: No, Goal: "g"}),
		"goal: missing; missing: missing":  answer(Response{Comes: No, Aligned: Yes}),
		"<nil>   ":                         answer(Response{Comes: No, Aligned: No, Missing: "Why me?"}),
		"how: missing":                     func(b *Brief) error { return b.Close(asker, "lost", 1, noon) },
		"worth: missing; why: long":        func(b *Brief) error { return b.Judge(guest, Worth{Was: "well", Why: strings.Repeat("w", 201)}, late) },
	} {
		b := briefed(t)
		if strings.HasPrefix(want, "worth") {
			b = answered(t, Yes, Yes)
		}
		n, err := len(b.Said), do(b)
		if got := fmt.Sprint(err); got != strings.TrimSpace(want) {
			t.Errorf("got %s, want %s", got, want)
		}
		if grew := len(b.Said) - n; err != nil && grew+len(b.Worth) != 0 || b.Closed != nil {
			t.Errorf("%s: the brief is %+v", want, b)
		}
	}
}

// TestBriefFormsSentTwice sends each form a second time, and from a page that is out
// of date: neither changes anything.
func TestBriefFormsSentTwice(t *testing.T) {
	late := Day{2027, 1, 8}.In(time.UTC)
	other := invited()
	other.Why = "Their head of claims asks."
	for name, c := range map[string]struct {
		b     *Brief
		do    func(b *Brief, known int) error
		stale bool // a page that is out of date is told
	}{
		"send": {answered(t, No, No), func(b *Brief, known int) error { return b.Send(asker, other, known, noon, time.UTC) }, true},
		"answer": {briefed(t), func(b *Brief, known int) error {
			return b.Answer(guest, Response{Goal: "g", Comes: Yes, Aligned: Yes}, known, noon)
		}, true},
		"close": {answered(t, Yes, Yes), func(b *Brief, known int) error { return b.Close(asker, Without, known, noon) }, true},
		"judge": {answered(t, Yes, Yes), func(b *Brief, _ int) error { return b.Judge(asker, Worth{Was: No, Why: "They only looked."}, late) }, false},
	} {
		known := len(c.b.Said)
		if c.stale {
			wantErr(t, c.do(c.b, known-1), ErrOvertaken)
		}
		wantErr(t, c.do(c.b, known), nil)
		before := fmt.Sprintf("%+v", *c.b)
		if err := c.do(c.b, known); !errors.Is(err, ErrAgain) || fmt.Sprintf("%+v", *c.b) != before {
			t.Errorf("%s twice: %v", name, err)
		}
	}
	b := answered(t, Yes, Yes)
	wantErr(t, b.Judge(guest, Worth{Was: Yes}, late), nil)
	wantErr(t, b.Judge(guest, Worth{Was: No}, late), ErrOvertaken)
	wantErr(t, b.Close(asker, Withdrawn, 2, late), ErrOvertaken)
	if len(b.Worth) != 1 || b.Outcome() != Yes {
		t.Errorf("what was said of it: %+v", b.Worth)
	}
}

// TestWorth: a meeting was worth it when neither of the two says no.
func TestWorth(t *testing.T) {
	late := Day{2027, 1, 8}.In(time.UTC)
	for said, want := range map[string]YesNo{"": "", "ann yes": Yes, "olu no": No, "ann yes, olu yes": Yes, "ann no, olu yes": No, "olu yes, ann no": No, "ann no, olu no": No} {
		b := answered(t, Yes, Yes)
		owe := []string{"ann", "olu"}
		for _, one := range strings.Split(said, ", ") {
			who, was, found := strings.Cut(one, " ")
			if !found {
				continue
			}
			wantErr(t, b.Judge(Actor{who, Holder{Known: true}}, Worth{Was: YesNo(was)}, late), nil)
			owe = slices.DeleteFunc(owe, func(id string) bool { return id == who })
		}
		if b.Outcome() != want || !slices.Equal(b.Owe(), owe) {
			t.Errorf("%q: counts as %q, want %q; %v owe a word, want %v", said, b.Outcome(), want, b.Owe(), owe)
		}
	}
}

// TestBriefLife walks through many lives of a brief. Whatever is tried, by whomever
// and whenever: what was said stays as it was, each act adds one entry or nothing, a
// form that is out of date adds nothing, and a meeting is judged only when it was on.
func TestBriefLife(t *testing.T) {
	yesNo := []YesNo{Yes, Yes, No}
	rapid.Check(t, func(t *rapid.T) {
		b, now := briefed(t), noon
		acts := map[string]func(a Actor, off int) error{
			"send": func(a Actor, off int) error {
				v := invited()
				v.Goal, v.On = fmt.Sprint("goal ", len(b.Said)), DayOf(now, time.UTC).AddDays(rapid.IntRange(0, 5).Draw(t, "days"))
				return b.Send(a, v, len(b.Said)+off, now, time.UTC)
			},
			"answer": func(a Actor, off int) error {
				r := Response{Goal: "g", Missing: fmt.Sprint("m", len(b.Said)), Comes: rapid.SampledFrom(yesNo).Draw(t, "comes"), Aligned: rapid.SampledFrom(yesNo).Draw(t, "aligned")}
				return b.Answer(a, r, len(b.Said)+off, now)
			},
			"close": func(a Actor, off int) error {
				return b.Close(a, rapid.SampledFrom([]How{Withdrawn, Without}).Draw(t, "how"), len(b.Said)+off, now)
			},
			"judge": func(a Actor, _ int) error {
				return b.Judge(a, Worth{Was: rapid.SampledFrom(yesNo).Draw(t, "was")}, now)
			},
		}
		names := []string{"send", "answer", "answer", "judge", "judge", "close"}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours")) * time.Hour)
			said, worth, closed, state := slices.Clone(b.Said), slices.Clone(b.Worth), b.Closed, b.State(now)
			name, off := rapid.SampledFrom(names).Draw(t, "act"), rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(t, "off")
			err := acts[name](rapid.SampledFrom([]Actor{asker, guest, asker, guest, actor("x", "operations")}).Draw(t, "who"), off)
			if err == nil && off != 0 && name != "judge" {
				t.Fatalf("%s from a page that was out of date was taken", name)
			}
			grew := len(b.Said) - len(said) + len(b.Worth) - len(worth)
			if b.Closed != closed {
				grew++
			}
			if err == nil && grew != 1 || err != nil && grew != 0 {
				t.Fatalf("%s: %v, and %d entries more", name, err, grew)
			}
			if !slices.Equal(b.Said[:len(said)], said) || !slices.Equal(b.Worth[:len(worth)], worth) || closed != nil && b.Closed != closed {
				t.Fatalf("%s: what was said has changed: %+v, then %+v", name, said, b)
			}
			if len(b.Worth) > len(worth) && state != BriefOver {
				t.Fatalf("judged when it was %s", state)
			}
			holdBrief(t, b, now)
		}
	})
}

// holdBrief holds what is true of every brief at every moment.
func holdBrief(t *rapid.T, b *Brief, now time.Time) {
	state, last := b.State(now), b.Response()
	on := last != nil && last.Comes == Yes && last.Aligned == Yes
	if (state == BriefOn || state == BriefOver) && !on || (state == BriefBack || state == BriefWaits || state == BriefLapsed) && on {
		t.Fatalf("it is %s after %+v", state, last)
	}
	for _, s := range b.Said {
		if (s.Invitation == nil) == (s.Response == nil) {
			t.Fatalf("nobody said, or both said: %+v", s)
		}
	}
	may := map[string]int{}
	for id, a := range map[string]Actor{"ann": asker, "olu": guest} {
		for _, err := range []error{b.MayAnswer(a, now), b.MaySend(a, now)} {
			if err == nil {
				may[id]++
			}
		}
	}
	if asks := b.Asks(); asks != "" && state != BriefLapsed && may[asks] == 0 {
		t.Fatalf("it waits for %s, who may say nothing: %s, %v", asks, state, may)
	}
	if len(b.Worth) > 0 && b.Closed != nil || len(b.Owe())+len(b.Worth) > 2 {
		t.Fatalf("%+v", b)
	}
}
