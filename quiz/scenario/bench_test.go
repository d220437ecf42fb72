package scenario

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// many writes a scenario of n scenes in groups of ten, each with a hub that
// can be come back to, two meters and four flags.
func many(n int) string {
	var b strings.Builder
	b.WriteString("state: trust 5 of 10, margin 5 of 10, asked no, told no, signed no, warned no\npass: trust >= 5\nends: lost fail\n")
	for i := range n - 2 {
		hub := i - i%10
		on := fmt.Sprintf("s%d", i+1)
		if i == n-3 {
			on = "won"
		}
		fmt.Fprintf(&b, "s%d: %s trust +1; margin -1; needs: margin > 0 | %s trust -1 | lost trust -5 | s%d margin -1; asked = yes; needs: margin > 0; needs hidden: not asked\n", i, on, on, hub)
	}
	b.WriteString("won:\nlost:\n")
	return b.String()
}

// BenchmarkAnalyse analyses five hundred scenes, in one scenario and in
// twenty-five as they are usual.
func BenchmarkAnalyse(b *testing.B) {
	for name, c := range map[string]struct{ scenarios, scenes int }{"one-of-500": {1, 500}, "25-of-20": {25, 20}} {
		b.Run(name, func(b *testing.B) {
			s := write(b, many(c.scenes))
			for b.Loop() {
				for range c.scenarios {
					Analyse(s)
				}
			}
			b.ReportMetric(float64(len(s.ready.worth.sum)*c.scenarios), "states")
		})
	}
}

// BenchmarkChoose is one choice in the middle of a play, with all that a
// request needs: the choice and the page after it.
func BenchmarkChoose(b *testing.B) {
	s := write(b, many(20))
	Analyse(s)
	p := NewPlay(s, false, rand.New(rand.NewPCG(1, 2)))
	for range 8 {
		w, err := s.stand(p)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Choose(p, w.moves, p.token(w.moves, 1), start.Add(time.Minute)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		next := *p
		if moved, err := s.Choose(&next, 8, p.token(8, 1), start); !moved || err != nil {
			b.Fatal(moved, err)
		}
		if _, err := s.Position(&next); err != nil {
			b.Fatal(err)
		}
	}
}
