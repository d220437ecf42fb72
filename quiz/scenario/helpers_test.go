package scenario

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var start = time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// failer is what a test and a property have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

var variable = regexp.MustCompile(`^([a-z-]+) (?:(\d+) of (\d+)|yes|no)$`)

// write makes a scenario from lines:
//
//	state: trust 5 of 10, homework no
//	pass: trust >= 5
//	show: trust
//	ends: won pass, lost fail
//	call: why "trust +2"; promised "fatal"
//	won:
//
// A line of another word is a scene; its title is its anchor and its choices,
// set off by " | ", are "TARGET EFFECTS". The first scene is the start.
func write(t failer, text string) *Scenario {
	t.Helper()
	s := &Scenario{ID: "first-call", Title: "The first call"}
	for line := range strings.Lines(text) {
		word, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		rest = strings.TrimSpace(rest)
		switch {
		case !ok:
			continue
		case word == "state":
			for _, part := range strings.Split(rest, ", ") {
				s.Variables = append(s.Variables, declared(t, part))
			}
		case word == "pass":
			s.Pass = rest
		case word == "show":
			s.Show = strings.Split(rest, ", ")
		case word == "ends":
			s.Ends = map[string]EndKind{}
			for _, part := range strings.Split(rest, ", ") {
				anchor, kind, _ := strings.Cut(part, " ")
				s.Ends[anchor] = EndKind(kind)
			}
		default:
			s.Scenes = append(s.Scenes, &Scene{Anchor: word, Title: word, HTML: "<p>" + word + "</p>", Choices: choices(t, s, rest)})
		}
	}
	s.Start = s.Scenes[0].Anchor
	return s.Seal()
}

func declared(t failer, text string) Variable {
	m := variable.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("variable %q", text)
	}
	if m[3] == "" {
		return Variable{Name: m[1], Start: truth(strings.HasSuffix(text, "yes")), Max: 1}
	}
	from, _ := strconv.Atoi(m[2])
	most, _ := strconv.Atoi(m[3])
	return Variable{Name: m[1], Meter: true, Start: from, Max: most}
}

func choices(t failer, s *Scenario, text string) []*Choice {
	t.Helper()
	var all []*Choice
	for i, part := range strings.Split(text, " | ") {
		target, effects, _ := strings.Cut(strings.TrimSpace(part), " ")
		if target == "" {
			return nil
		}
		c, err := ParseEffects(effects, s.Variables)
		if err != nil {
			t.Fatalf("effects %q: %v", effects, err)
		}
		c.Target, c.Text, c.Debrief = target, fmt.Sprintf("<em>%s %d</em>", target, i), "<p>why "+target+"</p>"
		all = append(all, &c)
	}
	return all
}

// readied is write and Analyse, without errors.
func readied(t failer, text string) *Scenario {
	t.Helper()
	s := write(t, text)
	for _, p := range Analyse(s) {
		if p.IsError() {
			t.Fatalf("%s: %s", p.Rule, p.Message)
		}
	}
	return s
}

// take makes the open choice that leads to a scene.
func take(t failer, s *Scenario, p *Play, target string) {
	t.Helper()
	w, err := s.stand(p)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for j, c := range s.Scenes[w.scene].Choices {
		if c.Target == target {
			if moved, err := s.Choose(p, len(p.Path), p.token(len(p.Path), j), start.Add(time.Minute)); !moved || err != nil {
				t.Fatalf("choose %s: %v, %v", target, moved, err)
			}
			return
		}
	}
	t.Fatalf("no choice leads from %s to %s", s.Scenes[w.scene].Anchor, target)
}

const firstCall = `
	state: trust 5 of 10, margin 5 of 10, homework no
	pass: trust >= 5 and (margin >= 4 or homework)
	ends: signed pass, lost fail
	call: promised trust +1; fatal | why trust +2; homework = yes | express margin +1; needs: trust >= 6
	why: express trust +1; margin +1 | cheap margin -3 | lost trust -5 | call margin -1; needs: margin >= 5
	express: signed margin +1 | thanks trust -4
	cheap: thanks trust +1 | lost
	promised:
	thanks:
	signed:
	lost:
`
