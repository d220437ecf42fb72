package server

import (
	"slices"
	"testing"
	"time"

	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// walkedBy is a path through scenes, by their anchors; the last one is its end.
func walkedBy(anchors ...string) (steps []scenario.Step, end string) {
	for _, a := range anchors[:len(anchors)-1] {
		steps = append(steps, scenario.Step{Scene: a, Anchor: a, Fits: true})
	}
	return steps, anchors[len(anchors)-1]
}

// drawn are the stops of a map, each with the line that it is on.
func drawn(t *testing.T, mine, best []string) (m *pathMap, stops []string) {
	t.Helper()
	d := scenario.Debrief{Result: &scenario.Result{End: "end-" + mine[len(mine)-1]}}
	d.Steps, d.End = walkedBy(mine...)
	if best != nil {
		d.Best, d.BestEnd = walkedBy(best...)
	}
	m = mapOf(theWords(t).Match("en"), d, make([]debriefStep, len(d.Steps)))
	for _, s := range m.Stops {
		stops = append(stops, s.On+" "+s.Title)
	}
	return m, stops
}

// TestPathMap: a scene of both paths is one stop, in the order of both; every
// other one has its place on its own line.
func TestPathMap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mine, best, want []string }{
		{[]string{"a", "end"}, []string{"a", "end"}, []string{"both a", "both end"}},
		{[]string{"a", "end"}, nil, []string{"mine a", "mine end"}},
		{[]string{"a", "b", "lost"}, []string{"a", "c", "won"}, []string{"both a", "mine b", "mine lost", "best c", "best won"}},
		{[]string{"a", "b", "d", "end"}, []string{"a", "c", "d", "end"}, []string{"both a", "mine b", "best c", "both d", "both end"}},
		// Round in a circle: the best path goes through it once.
		{[]string{"a", "b", "a", "b", "end"}, []string{"a", "b", "end"}, []string{"both a", "mine b", "mine a", "both b", "both end"}},
		// An end of the one is never a scene of the other, whatever its title.
		{[]string{"a", "b"}, []string{"a", "b", "won"}, []string{"both a", "mine b", "best b", "best won"}},
	} {
		m, got := drawn(t, c.mine, c.best)
		slices.Sort(got)
		want := slices.Sorted(slices.Values(c.want))
		if !slices.Equal(got, want) {
			t.Errorf("the map of %v and %v has the stops %q, want %q", c.mine, c.best, got, want)
		}
		for _, line := range []struct {
			on, d  string
			scenes []string
		}{{"mine", m.Mine, c.mine}, {"best", m.Best, c.best}} {
			var through []string
			for _, s := range m.Stops {
				if s.On == line.on || s.On == "both" {
					through = append(through, s.Title)
				}
			}
			if line.scenes == nil {
				through = nil
			}
			if !slices.Equal(through, line.scenes) || (line.d == "") != (line.scenes == nil) {
				t.Errorf("the line %s of %v and %v goes through %q as %q", line.on, c.mine, c.best, through, line.d)
			}
		}
	}
}

// TestPathMapLines: the drawing of two paths that part and meet again.
func TestPathMapLines(t *testing.T) {
	t.Parallel()
	m, _ := drawn(t, []string{"a", "b", "d", "end"}, []string{"a", "c", "d", "end"})
	const mine = "M35 26C35 52 16 52 16 78V78V130C16 156 35 156 35 182V234"
	const best = "M41 26C41 52 60 52 60 78V130V130C60 156 41 156 41 182V234"
	if m.Mine != mine || m.Best != best || m.Tall != "16.25rem" {
		t.Errorf("the lines are %q and %q, %s high, want %q and %q", m.Mine, m.Best, m.Tall, mine, best)
	}
}

// TestScores: a line is drawn of three graded attempts or more, of the last
// twelve at most.
func TestScores(t *testing.T) {
	t.Parallel()
	say := theWords(t).Match("en")
	tries := []quiz.Try{{Number: 1, State: quiz.Graded, Percent: 0}, {Number: 2, State: quiz.Graded, Percent: 50}, {Number: 3, State: quiz.Open, Started: time.Unix(0, 0)}}
	if d := scoresOf(say, tries, 80); d != nil {
		t.Errorf("two graded attempts are drawn as %+v", d)
	}
	tries = append(tries, quiz.Try{Number: 4, State: quiz.Graded, Percent: 100, Passed: true})
	d := scoresOf(say, tries, 80)
	if d == nil || d.Line != "30,90 90,58 150,26 " || d.Pass != 38 || !d.Points[2].Passed || d.Points[1].Score != "50 %" || d.Points[2].Number != "4" {
		t.Fatalf("three graded attempts are drawn as %+v", d)
	}
	for n := range 20 {
		tries = append(tries, quiz.Try{Number: 5 + n, State: quiz.Graded})
	}
	if d := scoresOf(say, tries, 80); len(d.Points) != 12 || d.Points[0].Number != "13" || d.Points[11].X > d.Width {
		t.Errorf("of 23 attempts %d are drawn, from number %s on", len(d.Points), d.Points[0].Number)
	}
}

// TestConditionWords: a condition in words, with what authors call things
// left alone.
func TestConditionWords(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"en": "(trust ≥ 6 or not no show) and hour = yes",
		"de": "(trust ≥ 6 oder nicht no show) und hour = ja",
	} {
		if got := conditionWords(theWords(t).Match(tag), "(trust >= 6 or not no-show) and hour = yes"); got != want {
			t.Errorf("%s: got %q, want %q", tag, got, want)
		}
	}
}

// TestSpoken: paragraphs that begin with a quotation mark are somebody speaking.
func TestSpoken(t *testing.T) {
	t.Parallel()
	got := spoken("<p>She sighs. “No.”</p><p>“Yes,” he says.</p><p><em>„Ja“</em></p><ul><li>“x”</li></ul>")
	const want = `<p>She sighs. “No.”</p><p class="speech">“Yes,” he says.</p><p class="speech"><em>„Ja“</em></p><ul><li>“x”</li></ul>`
	if got != want {
		t.Errorf("got %s", got)
	}
}
