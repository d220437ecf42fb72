package server

import (
	"fmt"
	"strings"

	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/templates/words"
)

// A pathMap draws a play as a line through the scenes that it came to, and
// beside it the best path as another. A scene that both come to is one stop of
// both lines. Each stop has a row of its own, so that its title can stand
// beside the drawing as text that wraps.
type pathMap struct {
	Title         string
	Stops         []mapStop
	Mine, Best    string // the lines, as SVG wants them; Best is empty without one
	Width, Height int
	Tall          string // the height in rem
}

type mapStop struct {
	Title   string
	On      string // mine, best, both
	Whose   string // On in words
	Step    int    // of the choices told below; 0 at an end
	End     bool
	Verdict state // of the choice made there, or of the end
	X, Y    int
}

// What the drawing measures; a row is 3.25rem high.
const (
	mapRow   = 52
	mapWidth = 76
	mineX    = 16
	bothX    = 38 // both lines run side by side there
	bestX    = 60
	beside   = 3
)

// mapOf draws both paths of a debrief, or the one there is. Steps tells the
// choices of the player.
func mapOf(say *words.Language, d scenario.Debrief, steps []debriefStep) *pathMap {
	mine, best := stopsOf(d.Steps, d.Result.End, d.End), stopsOf(d.Best, "", d.BestEnd)
	m := &pathMap{Title: say.T("debrief.map.one-line"), Width: 2 * mineX}
	if len(d.Best) > 0 {
		m.Title, m.Width = say.T("debrief.map.two-lines"), mapWidth
	} else {
		best = nil
	}
	i, j := 0, 0
	for _, pair := range append(common(mine, best), [2]int{len(mine), len(best)}) {
		for ; i < pair[0]; i++ {
			m.add(mine[i], "mine")
		}
		for ; j < pair[1]; j++ {
			m.add(best[j], "best")
		}
		if i < len(mine) && j < len(best) {
			m.add(mine[i], "both")
			i, j = i+1, j+1
		}
	}
	m.tell(say, d, steps)
	m.Height = mapRow * len(m.Stops)
	m.Tall = fmt.Sprintf("%.2frem", float64(m.Height)/16)
	m.Mine, m.Best = m.line("mine", -beside), m.line("best", beside)
	if len(d.Best) == 0 {
		m.Best = ""
	}
	return m
}

// A stop is a scene of a path.
type stop struct {
	anchor, title string
	step          int
}

func stopsOf(steps []scenario.Step, endAnchor, end string) []stop {
	var list []stop
	for i, s := range steps {
		list = append(list, stop{s.Anchor, s.Scene, i + 1})
	}
	return append(list, stop{endAnchor, end, 0})
}

// common are the places of the longest row of scenes that both paths come to
// in the same order. The end of the best path has no anchor: ends are told
// apart by their titles.
func common(a, b []stop) (pairs [][2]int) {
	same := func(i, j int) bool {
		if a[i].step == 0 || b[j].step == 0 {
			return a[i].step == b[j].step && a[i].title == b[j].title
		}
		return a[i].anchor == b[j].anchor
	}
	longest := make([][]int, len(a)+1)
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if same(i, j) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case same(i, j):
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

func (m *pathMap) add(s stop, on string) {
	x := map[string]int{"mine": mineX, "best": bestX, "both": bothX}[on]
	m.Stops = append(m.Stops, mapStop{Title: s.title, On: on, Step: s.step, End: s.step == 0, X: x, Y: mapRow*len(m.Stops) + mapRow/2})
}

// tell says of each stop whose it is and what was chosen there.
func (m *pathMap) tell(say *words.Language, d scenario.Debrief, steps []debriefStep) {
	whose := map[string]string{"mine": say.T("debrief.map.mine"), "best": say.T("debrief.map.best"), "both": say.T("debrief.map.both")}
	for i := range m.Stops {
		s := &m.Stops[i]
		if len(d.Best) > 0 {
			s.Whose = whose[s.On]
		}
		switch {
		case s.End && (s.On == "best" || d.Result.Passed):
			s.Verdict = state{Kind: "inside", Icon: "ok", Word: say.T("debrief.map.end-passed")}
		case s.End:
			s.Verdict = state{Kind: "outside", Icon: "cross", Word: say.T("debrief.map.end")}
		case s.On != "best":
			s.Verdict = steps[s.Step-1].Verdict
		}
	}
}

// line is the way through the stops of one path. Where the next stop is on
// another track, the line changes over right after a stop of both, or right
// before one.
func (m *pathMap) line(on string, aside int) string {
	var b strings.Builder
	x, y := 0, 0
	for _, s := range m.Stops {
		if s.On != on && s.On != "both" {
			continue
		}
		to := s.X
		if s.On == "both" {
			to += aside
		}
		switch {
		case b.Len() == 0:
			fmt.Fprintf(&b, "M%d %d", to, s.Y)
		case to == x:
			fmt.Fprintf(&b, "V%d", s.Y)
		case s.On == "both":
			fmt.Fprintf(&b, "V%dC%d %d %d %d %d %d", s.Y-mapRow, x, s.Y-mapRow/2, to, s.Y-mapRow/2, to, s.Y)
		default:
			fmt.Fprintf(&b, "C%d %d %d %d %d %dV%d", x, y+mapRow/2, to, y+mapRow/2, to, y+mapRow, s.Y)
		}
		x, y = to, s.Y
	}
	return b.String()
}
