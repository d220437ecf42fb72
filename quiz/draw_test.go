package quiz

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func ids(items []*Item) []string {
	var list []string
	for _, it := range items {
		list = append(list, it.ID)
	}
	return list
}

// served counts, of a draw, items on the clause and critical ones among them.
func served(items []*Item, clause string) (all, crit int) {
	for _, it := range items {
		if it.Covers(clause) {
			all++
			if it.Critical {
				crit++
			}
		}
	}
	return all, crit
}

func TestDrawByHand(t *testing.T) {
	// Three clauses, one of them critical with four items: 1 + 1 + 2.
	q := (&Quiz{ID: "q", Draw: 4, Items: []*Item{
		single("a1", 3, "s/a"), single("a2", 3, "s/a"),
		single("b1", 3, "s/b"), single("b2", 3, "s/b"),
		critical(single("c1", 3, "s/c")), critical(single("c2", 3, "s/c")), single("c3", 3, "s/c"), single("c4", 3, "s/c"),
	}}).Seal()
	if got := q.Clauses(); !slices.Equal(got, []string{"s/a", "s/b", "s/c"}) {
		t.Errorf("clauses are %v", got)
	}
	if got := q.NeededDraw(); got != 4 {
		t.Errorf("the draw needs %d items, want 4", got)
	}
	for seed := range uint64(200) {
		got := Draw(q, nil, seeded(seed))
		a, _ := served(got, "s/a")
		b, _ := served(got, "s/b")
		c, crit := served(got, "s/c")
		if len(got) != 4 || a != 1 || b != 1 || c != 2 || crit < 1 {
			t.Fatalf("seed %d draws %v", seed, ids(got))
		}
	}
}

func TestDrawTooSmallKeepsWhatIsCritical(t *testing.T) {
	q := (&Quiz{ID: "q", Draw: 1, Items: []*Item{single("a", 3, "s/a"), single("b", 3, "s/b"), critical(single("c", 3, "s/c")), single("d", 3, "s/c")}}).Seal()
	for seed := range uint64(50) {
		if got := Draw(q, nil, seeded(seed)); len(got) != 1 || got[0].ID != "c" {
			t.Fatalf("seed %d draws %v, want the critical item", seed, ids(got))
		}
	}
}

func TestDrawPrefersWhatWasSeenLeast(t *testing.T) {
	q := (&Quiz{ID: "q", Draw: 2, Items: []*Item{single("a1", 3, "s/a"), single("a2", 3, "s/a"), single("b1", 3, "s/b"), single("b2", 3, "s/b")}}).Seal()
	seen := map[string]int{"a1": 1, "b1": 2, "b2": 3}
	for seed := range uint64(50) {
		got := ids(Draw(q, seen, seeded(seed)))
		if slices.Sort(got); !slices.Equal(got, []string{"a2", "b1"}) {
			t.Fatalf("seed %d draws %v, want a2 and b1", seed, got)
		}
	}
}

// Over as many attempts as there are items on a clause, each item comes up:
// nobody can hope for the same questions again.
func TestDrawGoesRound(t *testing.T) {
	q := (&Quiz{ID: "q", Draw: 1, Items: []*Item{single("a1", 3, "s/a"), single("a2", 3, "s/a"), single("a3", 3, "s/a")}}).Seal()
	seen := map[string]int{}
	for range 3 {
		seen[Draw(q, seen, seeded(7))[0].ID]++
	}
	if len(seen) != 3 {
		t.Errorf("three attempts asked %v", seen)
	}
}

func TestDrawProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuiz(t)
		seen := map[string]int{}
		for _, it := range q.Items {
			seen[it.ID] = rapid.IntRange(0, 3).Draw(t, "seen")
		}
		seed := rapid.Uint64().Draw(t, "seed")
		got := Draw(q, seen, seeded(seed))
		want := q.Draw
		if want == 0 || want > len(q.Items) {
			want = len(q.Items)
		}
		sorted := slices.Sorted(slices.Values(ids(got)))
		if len(got) != want || len(slices.Compact(sorted)) != want {
			t.Fatalf("draw %d of %d items: %v", q.Draw, len(q.Items), ids(got))
		}
		if again := Draw(q, seen, seeded(seed)); !slices.Equal(ids(again), ids(got)) {
			t.Fatalf("the same seed draws %v, then %v", ids(got), ids(again))
		}
		if twin := Draw(flipped(q), seen, seeded(seed)); !slices.Equal(ids(twin), ids(got)) {
			t.Fatalf("with other keys %v is drawn instead of %v", ids(twin), ids(got))
		}
		if want < q.NeededDraw() {
			return
		}
		for _, clause := range q.Clauses() {
			all, crit := served(q.Items, clause)
			gotAll, gotCrit := served(got, clause)
			if gotAll < 1 || crit > 0 && (gotCrit < 1 || gotAll < min(2, all)) {
				t.Fatalf("clause %s with %d items, %d critical, gets %d, %d critical", clause, all, crit, gotAll, gotCrit)
			}
		}
	})
}
