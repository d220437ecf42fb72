package scenario

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/insidebox/insidebox/quiz"
)

func position(t failer, s *Scenario, p *Play) Position {
	t.Helper()
	at, err := s.Position(p)
	if err != nil {
		t.Fatalf("position: %v", err)
	}
	return at
}

func TestPlayByHand(t *testing.T) {
	s := readied(t, firstCall)
	p := NewPlay(s, false, seeded(1))
	if p.Scenario != s.ID || p.Rev != s.Rev || p.Practice || p.Over() || len(p.Path) != 0 {
		t.Fatalf("the play is %+v", p)
	}
	at := position(t, s, p)
	if at.Step != 0 || at.Scene != "call" || at.HTML != "<p>call</p>" || len(at.Offers) != 3 || at.Meters != nil || at.Outcome != "" {
		t.Fatalf("the first position is %+v", at)
	}
	if o := at.Offers[2]; !o.Greyed || o.Needs != "" || o.Text != "<em>express 2</em>" || at.Offers[0].Greyed {
		t.Errorf("offers are %+v; the third needs more trust, which isn't shown", at.Offers)
	}
	take(t, s, p, "why")
	if at = position(t, s, p); at.Step != 1 || at.Scene != "why" || len(at.Offers) != 4 {
		t.Fatalf("then %+v", at)
	}
	take(t, s, p, "express")
	take(t, s, p, "signed")
	if !p.Over() || !p.Path[2].At.Equal(start.Add(time.Minute)) || len(p.Path) != 3 {
		t.Fatalf("the finished play is %+v", p)
	}
	want := &Result{Passed: true, Outcome: AtEnd, End: "signed", Fatal: -1, Values: Values{8, 7, 1}}
	if !reflect.DeepEqual(p.Result, want) {
		t.Errorf("the result is %+v, want %+v", p.Result, want)
	}
	if at = position(t, s, p); at.Outcome != AtEnd || at.Scene != "signed" || at.Offers != nil {
		t.Errorf("the last position is %+v", at)
	}
}

func TestEnds(t *testing.T) {
	s := readied(t, firstCall)
	for _, c := range []struct {
		path    []string
		passed  bool
		outcome Outcome
		fatal   int
		values  Values
	}{
		{[]string{"why", "cheap", "thanks"}, true, AtEnd, -1, Values{8, 2, 1}},    // by the pass condition, through homework
		{[]string{"why", "express", "thanks"}, false, AtEnd, -1, Values{4, 6, 1}}, // trust falls too low
		{[]string{"why", "lost"}, false, AtEnd, -1, Values{2, 5, 1}},              // by name
		{[]string{"promised"}, false, Fatal, 0, Values{6, 5, 0}},
	} {
		p := NewPlay(s, false, seeded(1))
		for _, target := range c.path {
			take(t, s, p, target)
		}
		if r := p.Result; r == nil || r.Passed != c.passed || r.Outcome != c.outcome || r.Fatal != c.fatal || !slices.Equal(r.Values, c.values) {
			t.Errorf("%v: %+v", c.path, r)
		}
	}
}

func TestValuesAreClamped(t *testing.T) {
	s := readied(t, `
		state: trust 9 of 10, margin 1 of 10
		pass: trust >= 5
		call: a trust +5; margin -8 | b trust -10
		a: c trust -1; margin +1 | d trust = 3; margin = 10
		b:
		c:
		d:
	`)
	p := NewPlay(s, false, seeded(1))
	take(t, s, p, "a")
	take(t, s, p, "c")
	all, err := s.Replay(p.Path)
	if want := []Values{{9, 1}, {10, 0}, {9, 1}}; err != nil || !reflect.DeepEqual(all, want) {
		t.Errorf("values go %v, %v; want %v", all, err, want)
	}
}

func TestWhatIsShown(t *testing.T) {
	s := readied(t, `
		state: trust 1 of 10, homework no
		pass: trust >= 5
		show: homework
		call: a trust +5; homework = yes; needs: not homework | b needs: trust > 1 | c needs hidden: homework | b
		a: call | b trust -5
		b:
		c:
	`)
	for _, practice := range []bool{false, true} {
		p := NewPlay(s, practice, seeded(1))
		at := position(t, s, p)
		meters := []Meter{{s.Variables[1], 0}}
		needs := ""
		if practice {
			meters, needs = []Meter{{s.Variables[0], 1}, {s.Variables[1], 0}}, "trust > 1"
		}
		if !reflect.DeepEqual(at.Meters, meters) || len(at.Offers) != 3 || !at.Offers[1].Greyed || at.Offers[1].Needs != needs {
			t.Errorf("practice %v: %+v", practice, at)
		}
		take(t, s, p, "a")
		take(t, s, p, "call")
		if at = position(t, s, p); len(at.Offers) != 4 || !at.Offers[0].Greyed || at.Offers[0].Needs != "not homework" || at.Offers[1].Greyed {
			t.Errorf("practice %v, the second time: %+v", practice, at)
		}
	}
}

func TestChooseAgainAndElsewhere(t *testing.T) {
	s := readied(t, firstCall)
	p := NewPlay(s, false, seeded(1))
	first := position(t, s, p)
	take(t, s, p, "why")
	second := position(t, s, p)
	before := *p
	before.Path = slices.Clone(p.Path)
	later := start.Add(time.Hour)
	for name, c := range map[string]struct {
		step  int
		token string
		err   error
	}{
		"the same again":                    {0, first.Offers[1].Token, nil},
		"another, from an old page":         {0, first.Offers[0].Token, ErrMoved},
		"no choice, from an old page":       {0, "x", ErrMoved},
		"an old page's choice at this step": {1, first.Offers[1].Token, ErrNotOffered},
		"this page's choice at the next":    {2, second.Offers[0].Token, ErrNotOffered},
		"a step before the first":           {-1, first.Offers[0].Token, ErrNotOffered},
		"nothing":                           {1, "", ErrNotOffered},
		"another play's choice":             {1, NewPlay(s, false, seeded(2)).token(1, 0), ErrNotOffered},
		"a choice that the scene hasn't":    {1, p.token(1, 4), ErrNotOffered},
	} {
		moved, err := s.Choose(p, c.step, c.token, later)
		if moved || !errors.Is(err, c.err) || c.err == nil && err != nil {
			t.Errorf("%s: %v, %v; want %v", name, moved, err, c.err)
		}
		if !reflect.DeepEqual(*p, before) {
			t.Fatalf("%s changed the play", name)
		}
	}
}

func TestChooseWhatIsClosed(t *testing.T) {
	s := readied(t, firstCall)
	p := NewPlay(s, false, seeded(1))
	if moved, err := s.Choose(p, 0, position(t, s, p).Offers[2].Token, start); moved || !errors.Is(err, ErrNotOffered) {
		t.Errorf("a greyed choice: %v, %v", moved, err)
	}
	take(t, s, p, "promised")
	for step, token := range map[int]string{0: p.token(0, 1), 1: p.token(1, 0)} {
		if moved, err := s.Choose(p, step, token, start); moved || !errors.Is(err, ErrOver) {
			t.Errorf("after the play: %v, %v", moved, err)
		}
	}
	if moved, err := s.Choose(p, 0, p.token(0, 0), start); moved || err != nil {
		t.Errorf("the last choice again: %v, %v", moved, err)
	}
}

func TestTokens(t *testing.T) {
	s := readied(t, firstCall)
	p := NewPlay(s, false, seeded(1))
	seen := map[string]bool{}
	for step := range 50 {
		for choice := range MaxChoices {
			token := p.token(step, choice)
			if !regexp.MustCompile(`^[a-z2-7]{16}$`).MatchString(token) || seen[token] {
				t.Fatalf("token %q of step %d, choice %d", token, step, choice)
			}
			seen[token] = true
		}
	}
	if other := NewPlay(s, false, seeded(2)); other.Secret == p.Secret || seen[other.token(0, 0)] {
		t.Error("two plays share tokens")
	}
}

func TestPinned(t *testing.T) {
	s := readied(t, firstCall)
	p := NewPlay(s, false, seeded(1))
	other := write(t, firstCall)
	other.Scenes[0].Choices[1].Effects[0].By++
	other.Seal()
	Analyse(other)
	if _, err := other.Position(p); !errors.Is(err, quiz.ErrPinned) {
		t.Errorf("position in another revision: %v", err)
	}
	if _, err := other.Choose(p, 0, p.token(0, 0), start); !errors.Is(err, quiz.ErrPinned) {
		t.Errorf("choose in another revision: %v", err)
	}
	for _, path := range [][]Move{{{Scene: "why"}}, {{Scene: "call", Choice: 2}}, {{Scene: "call", Choice: -1}}, {{Scene: "call", Choice: 3}}, {{Scene: "call"}, {Scene: "promised"}}} {
		if _, err := s.Replay(path); !errors.Is(err, ErrPath) {
			t.Errorf("replay %v: %v", path, err)
		}
		if _, err := s.Regrade(&Play{Scenario: s.ID, Rev: s.Rev, Path: path}); !errors.Is(err, ErrPath) {
			t.Errorf("regrade %v: %v", path, err)
		}
	}
}

func TestOpenStored(t *testing.T) {
	s := readied(t, firstCall)
	stored := write(t, firstCall) // as it comes from a store: not analysed
	stored.Rev = ""
	if err := Open(stored, s.Rev); err != nil || stored.Rev != s.Rev {
		t.Fatalf("open: %v", err)
	}
	p := NewPlay(stored, false, seeded(1))
	if position(t, s, p).Scene != "call" {
		t.Error("the stored scenario is not playable")
	}
	stored.Title += "!"
	if err := Open(stored, s.Rev); !errors.Is(err, quiz.ErrPinned) {
		t.Errorf("open what was tampered with: %v", err)
	}
	broken := write(t, firstCall)
	broken.Start = "nowhere"
	if err := Open(broken, broken.Revision()); !errors.Is(err, quiz.ErrPinned) {
		t.Errorf("open what can't be played: %v", err)
	}
}

// A play that never comes to an end is over in the end.
func TestTooLong(t *testing.T) {
	s := readied(t, `
		state: trust 5 of 10
		pass: trust >= 5
		call: back trust -1 | won | lost trust = 0
		back: call trust -1 | call
		won:
		lost:
	`)
	p := NewPlay(s, false, seeded(1))
	for i := 0; !p.Over(); i++ {
		take(t, s, p, []string{"back", "call"}[i%2])
	}
	if len(p.Path) != MaxMoves || p.Result.Outcome != TooLong || p.Result.Passed {
		t.Errorf("after %d moves: %+v", len(p.Path), p.Result)
	}
}

// Whatever pages, tabs and strangers post, a play stays in its scenario, its
// values stay in bounds, a refused post changes nothing, and replaying the
// recorded path gives the same state and grading.
func TestPlayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t)
		p := NewPlay(s, rapid.Bool().Draw(t, "practice"), seeded(rapid.Uint64().Draw(t, "seed")))
		if position(t, s, p).Outcome != "" {
			return // every choice of the first scene is closed, which Analyse refuses
		}
		var posted []string // every token that was ever shown
		for range rapid.IntRange(1, 30).Draw(t, "posts") {
			at := position(t, s, p)
			for _, o := range at.Offers {
				posted = append(posted, o.Token)
			}
			posted = append(posted, "", p.token(at.Step+1, 0), p.token(at.Step, 7))
			step := at.Step
			if rapid.IntRange(0, 2).Draw(t, "elsewhere") == 0 {
				step = rapid.IntRange(-1, at.Step+1).Draw(t, "step")
			}
			token := rapid.SampledFrom(posted).Draw(t, "token")
			before := *p
			moved, err := s.Choose(p, step, token, start.Add(time.Minute))
			holdMove(t, s, at, &before, p, moved, err, step, token)
		}
	})
}

func holdMove(t *rapid.T, s *Scenario, at Position, before, p *Play, moved bool, err error, step int, token string) {
	offered := slices.ContainsFunc(at.Offers, func(o Offer) bool { return o.Token == token && !o.Greyed })
	if moved != (offered && step == at.Step) {
		t.Fatalf("posting %q at step %d of %+v: moved %v, %v", token, step, at, moved, err)
	}
	if !moved && !reflect.DeepEqual(*before, *p) {
		t.Fatalf("a refused post changed the play")
	}
	if moved && (len(p.Path) != at.Step+1 || err != nil) {
		t.Fatalf("a move gave %d steps after %d, %v", len(p.Path), at.Step, err)
	}
	if !moved && err == nil && (step >= at.Step || token != p.token(step, p.Path[step].Choice)) {
		t.Fatalf("posting %q at step %d is silently dropped", token, step)
	}
	all, err := s.Replay(p.Path)
	if err != nil {
		t.Fatalf("replay: %v", err)
	}
	for _, values := range all {
		for i, v := range s.Variables {
			if values[i] < 0 || values[i] > v.Max {
				t.Fatalf("%s is %d", v.Name, values[i])
			}
		}
	}
	result, err := s.Regrade(p)
	if err != nil || !reflect.DeepEqual(result, p.Result) || (p.Result != nil) != (position(t, s, p).Outcome != "") {
		t.Fatalf("graded again: %+v, %v, instead of %+v", result, err, p.Result)
	}
	if result != nil && !slices.Equal(result.Values, all[len(all)-1]) {
		t.Fatalf("the result has %v, the path leads to %v", result.Values, all[len(all)-1])
	}
}

// Until the first choice nothing that is shown depends on an effect, a
// debrief, a target, or on how the scenario is graded.
func TestNothingShowsBeforeTheFirstChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t)
		twin := *s
		twin.Scenes, twin.Pass, twin.Ends = nil, "no", map[string]EndKind{}
		for i, scene := range s.Scenes {
			other := *scene
			other.Choices = nil
			for _, c := range scene.Choices {
				changed := *c
				changed.Effects, changed.Debrief, changed.Fatal, changed.Clauses = nil, "other", !c.Fatal, []string{"a/b"}
				changed.Target = s.Scenes[(i+1)%len(s.Scenes)].Anchor
				other.Choices = append(other.Choices, &changed)
			}
			twin.Scenes = append(twin.Scenes, &other)
		}
		Analyse(twin.Seal())
		seed := rapid.Uint64().Draw(t, "seed")
		x := position(t, s, NewPlay(s, true, seeded(seed)))
		y := position(t, &twin, NewPlay(&twin, true, seeded(seed)))
		if s.Rev == twin.Rev || !reflect.DeepEqual(x, y) {
			t.Fatalf("with other effects, position %+v is %+v", x, y)
		}
	})
}

func TestAdmission(t *testing.T) {
	s := &Scenario{ID: "first-call", Attempts: 2, Cooldown: []time.Duration{24 * time.Hour}}
	failed := quiz.Try{Attempt: "a1", Cycle: 1, Number: 1, State: quiz.Graded, Started: start, Submitted: start}
	a := s.Rules().Admit([]quiz.Try{failed}, nil, 1, start.Add(time.Hour))
	if a.Reason != quiz.CoolingDown || a.Left != 1 || !a.FreeAt.Equal(start.Add(24*time.Hour)) {
		t.Errorf("after a failed play: %+v", a)
	}
	// A grant for a quiz of the same id is none for the scenario.
	for id, want := range map[string]quiz.Reason{"first-call": quiz.CoolingDown, Key("first-call"): quiz.MayStart} {
		if a := s.Rules().Admit([]quiz.Try{failed}, []quiz.Grant{{Quiz: id, Cycle: 1, At: start.Add(time.Minute)}}, 1, start.Add(time.Hour)); a.Reason != want {
			t.Errorf("with a grant for %s: %s, want %s", id, a.Reason, want)
		}
	}
}
