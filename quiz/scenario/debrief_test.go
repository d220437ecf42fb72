package scenario

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/insidebox/insidebox/quiz"
)

func citing(s *Scenario, scene string, choice int, clauses ...string) {
	s.Scene(scene).Choices[choice].Clauses = clauses
}

// cited is the first call with clauses on its choices.
func cited(t failer) *Scenario {
	s := write(t, firstCall)
	citing(s, "call", 0, "search/turnaround")
	citing(s, "call", 1, "work/real-aim", "work/homework")
	citing(s, "why", 0, "work/real-aim", "desk/express", "desk/express")
	citing(s, "why", 1, "work/gatekeeper")
	citing(s, "express", 1, "work/real-aim")
	Analyse(s.Seal())
	return s
}

func TestDebriefOfTheBest(t *testing.T) {
	s := cited(t)
	p := NewPlay(s, false, seeded(1))
	if _, err := s.Debrief(p); !errors.Is(err, quiz.ErrOpen) {
		t.Errorf("debrief of an open play: %v", err)
	}
	for _, target := range []string{"why", "express", "signed"} {
		take(t, s, p, target)
	}
	d, err := s.Debrief(p)
	if err != nil {
		t.Fatal(err)
	}
	// Round by the call again costs margin, but brings two of trust.
	if want := []Move{{Scene: "call", Choice: 1}, {Scene: "why", Choice: 3}, {Scene: "call", Choice: 1}, {Scene: "why"}, {Scene: "express"}}; !reflect.DeepEqual(s.BestPath(), want) {
		t.Fatalf("the best path is %v, want %v", s.BestPath(), want)
	}
	if d.Parts != 1 || len(d.Best) != 5 || d.End != "signed" || d.BestEnd != "signed" || !d.Result.Passed || !reflect.DeepEqual(d.Variables, s.Variables) {
		t.Errorf("the debrief is %+v", d)
	}
	if want := (Step{
		Scene: "call", Anchor: "call", Choice: "<em>why 1</em>", Debrief: "<p>why why</p>", Clauses: []string{"work/real-aim", "work/homework"},
		Fits: true, Before: Values{5, 5, 0}, After: Values{7, 5, 1},
	}); !reflect.DeepEqual(d.Steps[0], want) {
		t.Errorf("the first step is %+v, want %+v", d.Steps[0], want)
	}
	if second := d.Steps[1]; second.Fits || second.Better != "<em>call 3</em>" {
		t.Errorf("the second step is %+v", second)
	}
	if third := d.Steps[2]; !third.Fits || third.Better != "" {
		t.Errorf("the third step is %+v; nothing better was left", third)
	}
	for _, step := range d.Best {
		if !step.Fits || step.Better != "" {
			t.Errorf("a step of the best path is %+v", step)
		}
	}
}

func TestDebriefOfALostPlay(t *testing.T) {
	s := cited(t)
	p := NewPlay(s, false, seeded(1))
	for _, target := range []string{"why", "express", "thanks"} {
		take(t, s, p, target)
	}
	want := []quiz.ClauseResult{{Clause: "desk/express", Asked: 1}, {Clause: "work/homework", Asked: 1, Right: 1}, {Clause: "work/real-aim", Asked: 3, Right: 1}}
	if !reflect.DeepEqual(p.Result.Clauses, want) {
		t.Errorf("clauses are %+v, want %+v", p.Result.Clauses, want)
	}
	d, err := s.Debrief(p)
	if err != nil || d.Result.Passed || d.Steps[2].Fits || d.Steps[2].Better != "<em>signed 0</em>" {
		t.Errorf("the debrief is %+v, %v", d, err)
	}
	p = NewPlay(s, false, seeded(1))
	take(t, s, p, "promised")
	d, err = s.Debrief(p)
	if err != nil || !d.Steps[0].Fatal || d.Steps[0].Fits || d.Steps[0].Better != "<em>why 1</em>" || d.Parts != 0 || d.End != "promised" {
		t.Errorf("the debrief is %+v, %v", d, err)
	}
}

// Once all is lost, no choice is blamed any more, and none is praised.
func TestNothingBetterOnceAllIsLost(t *testing.T) {
	s := readied(t, `
		state: trust 5 of 10
		pass: trust >= 5
		call: bad trust -5 | won
		bad: worse | bad-too
		worse:
		bad-too:
		won:
	`)
	p := NewPlay(s, false, seeded(1))
	take(t, s, p, "bad")
	take(t, s, p, "worse")
	d, err := s.Debrief(p)
	if err != nil || d.Steps[0].Better != "<em>won 1</em>" || d.Steps[1].Fits || d.Steps[1].Better != "" {
		t.Errorf("the debrief is %+v, %v", d, err)
	}
}

func TestClauses(t *testing.T) {
	want := []string{"desk/express", "search/turnaround", "work/gatekeeper", "work/homework", "work/real-aim"}
	if got := cited(t).Clauses(); !slices.Equal(got, want) {
		t.Errorf("clauses are %v, want %v", got, want)
	}
}
