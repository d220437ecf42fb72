package standard

import (
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	berlin   = mustZone("Europe/Berlin")
	monday   = time.Date(2026, time.December, 7, 10, 0, 0, 0, berlin)
	workWeek = Calendar{
		Week:  []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		Opens: 8 * time.Hour, Closes: 18 * time.Hour, Holidays: []Day{{2026, time.December, 25}, {2027, time.January, 1}},
	}
)

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func TestDueAfter(t *testing.T) {
	for name, x := range map[string]struct {
		calendar Calendar
		from     string
		want     string
	}{
		"a Monday":                {workWeek, "2026-12-07 10:00", "2026-12-09 18:00"},
		"a Friday":                {workWeek, "2026-12-11 17:59", "2026-12-15 18:00"},
		"a Saturday":              {workWeek, "2026-12-12 12:00", "2026-12-15 18:00"},
		"before Christmas":        {workWeek, "2026-12-23 09:00", "2026-12-28 18:00"},
		"after hours":             {workWeek, "2026-12-07 23:59", "2026-12-09 18:00"},
		"the clocks go forward":   {Calendar{Week: []time.Weekday{time.Sunday}, Closes: 18 * time.Hour}, "2027-03-20 10:00", "2027-03-28 18:00"},
		"no business days at all": {Calendar{Closes: 18 * time.Hour}, "2026-12-11 10:00", "2026-12-13 18:00"},
		"no hours":                {Calendar{Week: workWeek.Week}, "2026-12-07 10:00", "2026-12-10 00:00"},
	} {
		from, err := time.ParseInLocation("2006-01-02 15:04", x.from, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.calendar.DueAfter(from.UTC(), VoiceDays, berlin).In(berlin).Format("2006-01-02 15:04"); got != x.want {
			t.Errorf("%s: due %s, want %s", name, got, x.want)
		}
	}
}

// TestDueAtMidnight: business that closes at 24:00 closes when the day is over, also where
// the clocks skip midnight.
func TestDueAtMidnight(t *testing.T) {
	loc, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	daily := Calendar{Week: workWeek.Week, Closes: 24 * time.Hour}
	daily.Week = append(slices.Clone(daily.Week), time.Saturday, time.Sunday)
	from := time.Date(2026, 9, 3, 10, 0, 0, 0, loc) // Sunday 6 September begins at 01:00
	for n := 1; n < 5; n++ {
		if got, want := daily.DueAfter(from, n, loc), DayOf(from, loc).AddDays(n).End(loc); !got.Equal(want) {
			t.Errorf("%d days after %s: due %s, want %s", n, from, got, want)
		}
	}
}

// people of the tables; raiser raised the request.
var actors = map[string]Actor{
	"raiser":     actor("raiser", "rep"),
	"rep":        actor("rep", "rep"),
	"manager":    actor("manager", "manager"),
	"author":     actor("author", "author"),
	"admin":      actor("admin", "admin"),
	"sales":      actor("sales", "sales"),
	"care":       actor("care", "care"),
	"operations": actor("operations", "operations"),
	"chief":      actor("chief", "operations", "manager"),
	"all":        actor("all", "sales", "care", "operations"),
	"deputy":     actor("deputy", "rep"),
	"gone":       {ID: "gone", Holder: Holder{Known: true, Disabled: true, Roles: []string{"sales", "care", "operations"}}},
}

func actor(id string, roles ...string) Actor { return Actor{id, Holder{Known: true, Roles: roles}} }

// asked is a request raised on a Monday morning.
func asked(raiser string) *Request {
	return &Request{Raiser: raiser, Raised: monday, Owner: Operations, Due: workWeek.DueAfter(monday, VoiceDays, berlin), Title: "T", Aim: "A"}
}

func voiced(q *Request, at time.Time, functions ...Function) *Request {
	for _, f := range functions {
		q.Voices = append(q.Voices, Voice{Function: f, Stand: Support, Changes: "c", By: string(f), At: at})
	}
	return q
}

// TestWhoMayDoWhat is every actor in every state with every act: a voice of
// Sales, Care, Operations, to Hand over, to Decide, to Acknowledge. Who isn't
// named may do nothing.
func TestWhoMayDoWhat(t *testing.T) {
	early, late := monday.Add(time.Hour), workWeek.DueAfter(monday, VoiceDays, berlin)
	handed := voiced(asked("raiser"), early, Functions()...)
	handed.Delegations = []Delegation{{To: "deputy", By: "operations"}}
	decided := voiced(asked("raiser"), early, Functions()...)
	decided.Decision, decided.Concerned = &Decision{By: "operations"}, []string{"raiser", "sales", "care", "manager"}
	decided.Acks = []Ack{{By: "care"}}
	byAll := voiced(asked("all"), early, Functions()...)
	waiting := map[string]string{"sales": "S", "care": "C", "operations": "OH", "chief": "OH", "all": "SCOH"}
	ready := map[string]string{"sales": "S", "care": "C", "operations": "OHD", "chief": "OHD", "all": "SCOHD"}
	askedBack := asked("raiser")
	askedBack.Voices = []Voice{{Function: Sales, Stand: AskBack, By: "sales", At: early}}
	voiced(askedBack, early, Care, Operations)
	for name, state := range map[string]struct {
		q    *Request
		now  time.Time
		want map[string]string
	}{
		"new":                      {asked("raiser"), early, waiting},
		"two voices":               {voiced(asked("raiser"), early, Sales, Operations), early, waiting},
		"the third only asks back": {askedBack, early, waiting},
		"a moment before it's due": {asked("raiser"), late.Add(-1), waiting},
		"overdue":                  {asked("raiser"), late, ready},
		"all voices":               {voiced(asked("raiser"), early, Functions()...), early, ready},
		"handed over":              {handed, early, merged(ready, map[string]string{"deputy": "D"})},
		"handed over too early":    {&Request{Raiser: "raiser", Raised: monday, Owner: Operations, Due: late, Delegations: handed.Delegations}, early, waiting},
		"decided":                  {decided, late, map[string]string{"raiser": "A", "sales": "A", "manager": "A"}},
		"raised by a reviewer":     {byAll, late, merged(ready, map[string]string{"all": "H"})},
		"owned by care":            {&Request{Raiser: "raiser", Raised: monday, Owner: Care, Due: late}, late, map[string]string{"sales": "S", "care": "CHD", "operations": "O", "chief": "O", "all": "SCOHD"}},
	} {
		for who, a := range actors {
			got := ""
			for letter, err := range map[string]error{
				"S": state.q.MaySpeak(a, Sales), "C": state.q.MaySpeak(a, Care), "O": state.q.MaySpeak(a, Operations),
				"H": state.q.MayDelegate(a), "D": state.q.MayDecide(a, state.now), "A": state.q.MayAcknowledge(a),
			} {
				if err == nil {
					got += letter
				}
			}
			if sorted(got) != sorted(state.want[who]) {
				t.Errorf("%s: %s may %q, want %q", name, who, sorted(got), state.want[who])
			}
		}
	}
}

func sorted(text string) string {
	letters := strings.Split(text, "")
	slices.Sort(letters)
	return strings.Join(letters, "")
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// TestRequestInput says of each form which fields can't be right.
func TestRequestInput(t *testing.T) {
	q := func() *Request { return voiced(asked("raiser"), monday, Functions()...) }
	speak := func(v Voice) error {
		v.Function = Sales
		return q().Speak(actors["sales"], v, 1)
	}
	today := DayOf(monday, berlin)
	decide := func(d Decision) error {
		d.At = monday.Add(time.Hour)
		return q().Decide(actors["operations"], d, today, 3, nil)
	}
	for want, err := range map[string]error{
		"aim: missing; title: missing":     (&Request{}).CheckRaised(today),
		"title: long; worth: long":         (&Request{Aim: "a", Title: strings.Repeat("t", 141), Value: strings.Repeat("v", 201)}).CheckRaised(today),
		"wanted: past":                     (&Request{Aim: "a", Title: "t", Wanted: today.AddDays(-1)}).CheckRaised(today),
		"links: link":                      (&Request{Aim: "a", Title: "t", Links: []string{"", "javascript:alert(1)"}}).CheckRaised(today),
		"links: full":                      (&Request{Aim: "a", Title: "t", Links: slices.Repeat([]string{"https://a.test/"}, 11)}).CheckRaised(today),
		"stand: missing; changes: missing": speak(Voice{Stand: "maybe"}),
		"changes: missing":                 speak(Voice{Stand: Support}),
		"text: missing":                    speak(Voice{Stand: Object, Changes: "c"}),
		"text: missing ":                   speak(Voice{Stand: AskBack}),
		"offerings: missing":               speak(Voice{Stand: Propose, Changes: "c"}),
		"text: missing  ":                  q().Say(actors["rep"], Comment{Text: " "}, 0),
		"delegate: raiser":                 q().Hand(actors["operations"], Delegation{To: "raiser"}, 0),
		"outcome: missing":                 decide(Decision{}),
		"decided-offerings: missing":       decide(Decision{Outcome: InsideAfterAll}),
		"reason: missing":                  decide(Decision{Outcome: InsideAfterAll, Offerings: []string{"a"}, Lacks: []LackLine{{"scope", "x", "y"}}}),
		"reason: missing; clause: missing; conditions: missing; until: missing": decide(Decision{Outcome: Exception}),
		"until: past":                       decide(Decision{Outcome: Exception, Reason: "r", Clause: "c", Offering: "o", Conditions: "c", Until: today.AddDays(-1)}),
		"reason: missing; instead: missing": decide(Decision{Outcome: Declined}),
		"<nil>":                             decide(Decision{Outcome: InsideAfterAll, Offerings: []string{"a"}}),
		"<nil> ":                            decide(Decision{Outcome: Exception, Reason: "r", Clause: "c", Offering: "o", Conditions: "c", Until: today}),
	} {
		if got := fmt.Sprint(err); got != strings.TrimSpace(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	// What does not belong to an outcome is not kept.
	one := q()
	if err := one.Decide(actors["operations"], Decision{Outcome: Declined, Reason: " r ", Instead: "i", Price: "1", Clause: "c", Until: today, Offerings: []string{"a"}, At: monday.Add(time.Hour)}, today, 3, []string{"raiser", "", "operations", "raiser", "eve"}); err != nil {
		t.Fatal(err)
	}
	if d := one.Decision; d.Reason != "r" || d.Price+d.Clause != "" || !d.Until.IsZero() || d.Offerings != nil || d.By != "operations" || !slices.Equal(one.Concerned, []string{"raiser", "eve"}) {
		t.Errorf("decided %+v, concerned %v", d, one.Concerned)
	}
}

// TestRequestLife walks through many lives of a request. Whatever is tried, by
// whomever and whenever: what was said stays as it was, each act adds one entry
// or nothing, a form that is out of date adds nothing, the same form again adds
// nothing, there is one decision, and it came when it might.
func TestRequestLife(t *testing.T) {
	names := slices.Sorted(maps.Keys(actors))
	rapid.Check(t, func(t *rapid.T) {
		q, now := asked(rapid.SampledFrom([]string{"raiser", "all"}).Draw(t, "raiser")), monday
		acts := map[string]func(*Request, Actor, int) error{
			"speak": func(q *Request, a Actor, off int) error {
				f := rapid.SampledFrom(Functions()).Draw(t, "function")
				v := Voice{Function: f, Stand: rapid.SampledFrom(Stands()).Draw(t, "stand"), Text: "t", Changes: fmt.Sprint("c", len(q.Voices)), Offerings: []string{"o"}, At: now}
				return q.Speak(a, v, q.VoicesOf(f)+off)
			},
			"say": func(q *Request, a Actor, off int) error {
				return q.Say(a, Comment{Text: fmt.Sprint("c", len(q.Comments)), At: now}, q.CommentsOf(a.ID)+off)
			},
			"hand": func(q *Request, a Actor, off int) error {
				return q.Hand(a, Delegation{To: rapid.SampledFrom(names).Draw(t, "to"), At: now}, len(q.Delegations)+off)
			},
			"decide": func(q *Request, a Actor, off int) error {
				d := Decision{Outcome: Declined, Reason: "r" + a.ID, Instead: "i", At: now}
				return q.Decide(a, d, DayOf(now, berlin), len(q.Voices)+off, []string{q.Raiser, "sales", "gone"})
			},
			"acknowledge": func(q *Request, a Actor, _ int) error { return q.Acknowledge(a, now) },
			"escalate": func(q *Request, _ Actor, _ int) error {
				if !q.Escalate(now) {
					return ErrAgain
				}
				return nil
			},
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 12*60).Draw(t, "minutes")) * time.Minute)
			before, name := copied(q), rapid.SampledFrom(slices.Sorted(maps.Keys(acts))).Draw(t, "act")
			off := rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(t, "off")
			a := actors[rapid.SampledFrom(names).Draw(t, "who")]
			err := acts[name](q, a, off)
			grew := entries(q) - entries(before)
			if err != nil && grew != 0 || err == nil && grew != 1 {
				t.Fatalf("%s by %s: %v, and %d entries more", name, a.ID, err, grew)
			}
			if err == nil && off != 0 && name != "acknowledge" && name != "escalate" {
				t.Fatalf("%s by %s with a form that was out of date was taken", name, a.ID)
			}
			holdLife(t, before, q)
		}
	})
}

// holdLife holds what is true of every request, and of one step of its life.
func holdLife(t *rapid.T, before, q *Request) {
	for what, kept := range map[string]bool{
		"a voice":      len(q.Voices) >= len(before.Voices) && fmt.Sprint(q.Voices[:len(before.Voices)]) == fmt.Sprint(before.Voices),
		"a comment":    len(q.Comments) >= len(before.Comments) && fmt.Sprint(q.Comments[:len(before.Comments)]) == fmt.Sprint(before.Comments),
		"a delegate":   len(q.Delegations) >= len(before.Delegations) && slices.Equal(q.Delegations[:len(before.Delegations)], before.Delegations),
		"an ack":       len(q.Acks) >= len(before.Acks) && slices.Equal(q.Acks[:len(before.Acks)], before.Acks),
		"the decision": before.Decision == nil || fmt.Sprint(*q.Decision) == fmt.Sprint(*before.Decision),
	} {
		if !kept {
			t.Fatalf("%s changed: %+v, then %+v", what, before, q)
		}
	}
	for _, v := range q.Voices {
		if v.By == q.Raiser || !actors[v.By].Speaks(v.Function) {
			t.Fatalf("%s spoke for %s on a request of %s", v.By, v.Function, q.Raiser)
		}
	}
	d := q.Decision
	if d == nil {
		if len(q.Acks) > 0 {
			t.Fatal("somebody acknowledged what is not decided")
		}
		return
	}
	in := len(q.Missing()) == 0
	if d.At.Before(q.Due) && !in || d.By == q.Raiser || d.At.Before(q.ReadyAt()) {
		t.Fatalf("decided at %v by %s, due %v, all voices in: %v", d.At, d.By, q.Due, in)
	}
	for _, k := range q.Acks {
		if !slices.Contains(q.Concerned, k.By) {
			t.Fatalf("%s acknowledged and is not concerned", k.By)
		}
	}
	if len(q.Unacknowledged())+len(q.Acks) != len(q.Concerned) {
		t.Fatalf("%v are concerned, %v acknowledged", q.Concerned, q.Acks)
	}
}

func copied(q *Request) *Request {
	c := *q
	c.Voices, c.Comments, c.Delegations, c.Acks = slices.Clone(q.Voices), slices.Clone(q.Comments), slices.Clone(q.Delegations), slices.Clone(q.Acks)
	return &c
}

func entries(q *Request) int {
	n := len(q.Voices) + len(q.Comments) + len(q.Delegations) + len(q.Acks)
	if q.Decision != nil {
		n++
	}
	if q.Escalated != nil {
		n++
	}
	return n
}

// TestAskedReadsBack keeps needs as text and reads them back: they mean the same,
// and the fields of a form say them again.
func TestAskedReadsBack(t *testing.T) {
	dims := []Dimension{
		{Name: "turnaround", Kind: NoMoreThan, Unit: "h"},
		{Name: "setup", Kind: NoMoreThan, Unit: "bd"},
		{Name: "volume", Kind: NoLessThan, Unit: "per month"},
		{Name: "price", Kind: NoMoreThan, Unit: "EUR"},
		{Name: "scope", Kind: AllOf, Values: []string{"in-state", "nationwide", "own-portal"}},
	}
	lx := NewLexicon(dims, offered["records"])
	rapid.Check(t, func(t *rapid.T) {
		fields := map[string][]string{"account": {"x"}}
		want := map[string]Value{}
		named := 0
		for part := 1; part <= 2; part++ {
			if only := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"watch-alerts", "Certified copies", "own-portal"}), rapid.ID[string]).Draw(t, "only"); len(only) > 0 {
				fields[PartPrefix(part)+OnlyField], named = only, named+len(only)
			}
			for _, dim := range dims {
				if !rapid.Bool().Draw(t, "given") {
					continue
				}
				v := Value{Unit: dim.Unit, Number: big.NewRat(int64(rapid.IntRange(0, 9_999_999).Draw(t, "number")), int64(rapid.SampledFrom([]int{1, 2, 4, 10}).Draw(t, "by")))}
				if dim.Kind == AllOf {
					v = Value{Set: dim.Values[:rapid.IntRange(1, 3).Draw(t, "values")]}
				}
				name := dim.Name
				if part == 2 {
					name = "2." + name
				}
				want[name] = v
				if fields[name] = []string{v.String()}; v.Set != nil {
					fields[name] = slices.Clone(v.Set)
				}
			}
		}
		parts, wrong := lx.ReadAsked(fields, English)
		if len(wrong) > 0 {
			t.Fatalf("%v: %v", fields, wrong)
		}
		again, wrong := lx.ReadAsked(Fields(parts), German)
		if len(wrong) > 0 || fmt.Sprint(again) != fmt.Sprint(parts) {
			t.Fatalf("%v comes back as %v, %v", parts, again, wrong)
		}
		n := 0
		for _, part := range parts {
			need, err := part.Need(dims)
			if err != nil {
				t.Fatal(err)
			}
			n, named = n+len(need), named-len(part.Only)
			if !slices.Equal(part.Only, lx.ordered(part.Only)) {
				t.Fatalf("%v are not in the catalogue's order", part.Only)
			}
			for name, v := range need {
				if !v.Equal(want[name]) && !v.Equal(want["2."+name]) {
					t.Fatalf("%s: %s was none of what was asked: %v", name, v, want)
				}
			}
		}
		if n != len(want) || named != 0 {
			t.Fatalf("%d of %d come back, and %d offerings do not", n, len(want), named)
		}
	})
	for field, value := range map[string]string{"turnaround": "soon", "scope": "everywhere", "2.setup": "-3 bd", "only": "certified-cop", "2.only": "moon"} {
		if _, wrong := lx.ReadAsked(map[string][]string{field: {value}}, German); wrong[field] == nil {
			t.Errorf("%s=%s is not refused: %v", field, value, wrong)
		}
	}
	if _, err := (Asked{Lines: []AskedLine{{"gone", "1 h"}}}).Need(dims); err == nil {
		t.Error("a dimension that is gone is matched")
	}
	if !errors.Is(asked("a").MaySpeak(actors["sales"], "finance"), ErrNotHers) || OwnerOf(" Care ") != Care || OwnerOf("") != Operations || OwnerOf("finance") != Operations {
		t.Error("functions are not read as they are written")
	}
}
