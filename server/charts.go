package server

import (
	"fmt"
	"strings"
)

// Charts are drawn here and not by a script: a picture with a title that says
// what one sees in it, and below it the same figures as a table.

// A chartPoint is one figure with its name. Says is how it reads: "12 %".
type chartPoint struct {
	Name string
	N    int
	Says string
}

// A chart is what all charts have: a title, what the names and the figures
// are called, and the figures.
type chart struct {
	Title, Of, Unit string
	Points          []chartPoint
}

// A sparkline is how one figure went, in 240 by 64.
type sparkline struct {
	chart
	Line, Area  string // paths
	X, Y        int    // of the last point
	First, Last chartPoint
}

// A barChart compares figures, one below the other, 320 wide.
type barChart struct {
	chart
	Bars   []chartBar
	Most   chartPoint
	Height int
}

type chartBar struct {
	chartPoint
	Short           string // the name, as far as there is room
	Width, Y, TextY int
}

// The drawing's own measures.
const (
	sparkLeft, sparkRight = 4, 236
	sparkTop, sparkBase   = 6, 58
	barWidth, barStep     = 320, 38
	barName               = 34 // characters
)

// spark draws how a figure went, from zero up, so that a small change looks
// small. There is nothing to draw without a figure.
func (c chart) spark() *sparkline {
	if len(c.Points) == 0 {
		return nil
	}
	s := &sparkline{chart: c, First: c.Points[0], Last: c.Points[len(c.Points)-1]}
	most := c.most().N
	var line strings.Builder
	for i, p := range c.Points {
		s.X, s.Y = sparkRight, sparkBase-scaled(p.N, most, sparkBase-sparkTop)
		if len(c.Points) > 1 {
			s.X = sparkLeft + (sparkRight-sparkLeft)*i/(len(c.Points)-1)
		}
		if i == 0 {
			fmt.Fprintf(&line, "M%d %d", min(s.X, sparkLeft), s.Y)
		}
		fmt.Fprintf(&line, "L%d %d", s.X, s.Y)
	}
	s.Line = line.String()
	s.Area = fmt.Sprintf("%sV%dH%dz", s.Line, sparkBase, sparkLeft)
	return s
}

// bars draws figures for comparison, in the order in which they come.
func (c chart) bars() *barChart {
	if len(c.Points) == 0 {
		return nil
	}
	b := &barChart{chart: c, Most: c.most(), Height: barStep * len(c.Points)}
	for i, p := range c.Points {
		b.Bars = append(b.Bars, chartBar{
			chartPoint: p, Short: shortened(p.Name, barName), Width: scaled(p.N, b.Most.N, barWidth),
			TextY: barStep*i + 14, Y: barStep*i + 22,
		})
	}
	return b
}

// most is the point with the largest figure, the first of several.
func (c chart) most() chartPoint {
	most := c.Points[0]
	for _, p := range c.Points {
		if p.N > most.N {
			most = p
		}
	}
	return most
}

// scaled is n of most on a line of this length; what is below zero is zero.
func scaled(n, most, length int) int {
	if most <= 0 || n <= 0 {
		return 0
	}
	return length * n / most
}

// shortened cuts a name that has no room.
func shortened(name string, most int) string {
	runes := []rune(name)
	if len(runes) <= most {
		return name
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + "…"
}
