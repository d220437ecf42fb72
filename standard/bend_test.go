package standard

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestParseSum(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"": 0, "40,000": 40_000, "40.000": 40_000, "40 000 USD": 40_000, "USD 40k": 40_000, "1.5m": 1_500_000, "40K usd": 40_000,
		"0.4": 0, "0.5": 1, "19.50": 20, "40,000 EUR": -1, "a lot": -1, "40 a month": -1, "40,00": -1, "-5": -1, "9999999m": -1,
	} {
		got, err := ParseSum(text, "USD")
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q is %d (%v), want %d", text, got, err, want)
		}
	}
	if got := English.Sum(1_234_567, "USD"); got != "1,234,567 USD" {
		t.Errorf("said as %q", got)
	}
}

// TestMoves compares what a move is said to meet with asking every wish anew of an
// offering that makes the moved limit its promise.
func TestMoves(t *testing.T) {
	t.Parallel()
	calendar, err := ParseCalendar("mon-fri", "08:00-18:00", []string{"2026-12-25"})
	if err != nil {
		t.Fatal(err)
	}
	dims := []Dimension{
		{Name: "turnaround", Kind: NoMoreThan, Unit: "h"},
		{Name: "volume", Kind: NoLessThan, Unit: "per month"},
		{Name: "scope", Kind: AllOf, Values: []string{"a", "b", "c"}},
	}
	needs := map[string][]string{
		"turnaround": {"4 h", "12 h", "1 d", "2 business days", "48 h", "soon"},
		"volume":     {"100 per month", "5,000 per month", "50 per week", "7 per day"},
		"scope":      {"a", "b", "a, b", "b, c", "a, b, c", "d"},
	}
	book := NewBook(dims, calendar, nil, Day{2026, 11, 26})
	rapid.Check(t, func(t *rapid.T) {
		dim := dims[rapid.IntRange(0, len(dims)-1).Draw(t, "dimension")]
		wishes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Wish {
			return Wish{rapid.SampledFrom(needs[dim.Name]).Draw(t, "need"), rapid.Int64Range(0, 9).Draw(t, "worth"), rapid.Bool().Draw(t, "alone")}
		}), 0, 12).Draw(t, "wishes")
		moves := book.Moves(dim.Name, wishes)
		seen := map[string]bool{}
		for i, m := range moves {
			want := Move{To: m.To}
			box := NewBook(dims, calendar, []*Offering{{ID: "moved", Tiers: []Tier{{Name: "t", Figures: map[string]Figure{dim.Name: {{Value: m.To}}}}}}}, Day{2026, 11, 26})
			for _, w := range wishes {
				v, err := ParseValue(dim, w.Need)
				if err != nil {
					continue
				}
				match, err := box.Match(Need{dim.Name: v})
				if err != nil {
					t.Fatal(err)
				}
				if match.Verdict == Inside {
					if want.Meets++; w.Alone {
						want.Alone, want.Worth = want.Alone+1, want.Worth+w.Worth
					}
				}
			}
			if fmt.Sprint(m) != fmt.Sprint(want) {
				t.Fatalf("a move to %s meets %+v, want %+v", m.To, m, want)
			}
			if seen[m.To.Key()] || i > 0 && moves[i-1].Meets > m.Meets {
				t.Fatalf("%v: twice, or not the smallest step first", moves)
			}
			seen[m.To.Key()] = true
		}
		for _, w := range wishes {
			if v, err := ParseValue(dim, w.Need); err == nil && !seen[v.Key()] {
				t.Fatalf("no move to %s", w.Need)
			}
		}
	})
	if got := book.Moves("price", []Wish{{Need: "4 EUR"}}); got != nil {
		t.Errorf("moves in a dimension that is not there: %v", got)
	}
}
