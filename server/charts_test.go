package server

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func someChart(figures ...int) chart {
	c := chart{Title: "Reps cleared", Of: "Month", Unit: "Reps"}
	for i, n := range figures {
		c.Points = append(c.Points, chartPoint{Name: fmt.Sprintf("Month %d <b>", i+1), N: n, Says: fmt.Sprint(n)})
	}
	return c
}

func TestSparkline(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		figures []int
		line    string
	}{
		{[]int{0, 5, 10}, "M4 58L4 58L120 32L236 6"},
		{[]int{7}, "M4 6L236 6"},            // one figure is a level line
		{[]int{0, 0}, "M4 58L4 58L236 58"},  // nothing ever
		{[]int{-3, 10}, "M4 58L4 58L236 6"}, // nothing is drawn below the base
		{[]int{10, 9}, "M4 6L4 6L236 12"},   // a small change looks small
	} {
		if got := someChart(x.figures...).spark(); got.Line != x.line {
			t.Errorf("%v is drawn as %s, want %s", x.figures, got.Line, x.line)
		}
	}
	if got := someChart().spark(); got != nil {
		t.Errorf("no figures are drawn as %+v", got)
	}
}

func TestBars(t *testing.T) {
	t.Parallel()
	b := someChart(5, 20, 0).bars()
	if got := fmt.Sprint(b.Bars[0].Width, b.Bars[1].Width, b.Bars[2].Width, b.Height, b.Most.Name); got != "80 320 0 114Month 2 <b>" {
		t.Errorf("the bars are %s", got)
	}
	if b.Bars[1].Y <= b.Bars[0].Y+8 {
		t.Error("one bar lies on the other")
	}
	long := chart{Points: []chartPoint{{Name: strings.Repeat("Übersee ", 10)}}}.bars()
	if got := []rune(long.Bars[0].Short); len(got) > barName || got[len(got)-1] != '…' {
		t.Errorf("a long name is %q", string(got))
	}
	if got := someChart().bars(); got != nil {
		t.Errorf("no figures are drawn as %+v", got)
	}
}

// TestChartsSayWhatTheyShow: who can't see the picture hears its title and
// reads every figure in the table.
func TestChartsSayWhatTheyShow(t *testing.T) {
	t.Parallel()
	p := parsedPages(t)
	c := someChart(3, 12, 8)
	for name, data := range map[string]any{"sparkline": c.spark(), "bars": c.bars()} {
		out, err := p.fragment(name, data)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(strings.NewReader(string(out)))
		if err != nil {
			t.Fatal(err)
		}
		var title string
		var cells []string
		for n := range doc.Descendants() {
			switch {
			case n.Data == "title" && n.Parent.Data == "svg":
				title = n.FirstChild.Data
			case n.Data == "th" || n.Data == "td":
				cells = append(cells, n.FirstChild.Data)
			}
		}
		if !strings.Contains(title, c.Title) || !strings.Contains(title, "12") && !strings.Contains(title, "8") {
			t.Errorf("%s: the picture is called %q", name, title)
		}
		if got, want := strings.Join(cells, "|"), "Month|Reps|Month 1 <b>|3|Month 2 <b>|12|Month 3 <b>|8"; got != want {
			t.Errorf("%s: the table reads %q, want %q", name, got, want)
		}
	}
}
