package content

import (
	"testing"

	"pgregory.net/rapid"
)

// TestAnchors holds anchors that GitHub gives to these headings, in one file.
func TestAnchors(t *testing.T) {
	tests := []struct{ heading, want string }{
		{"Turnaround", "turnaround"},
		{"The clock & the limit", "the-clock--the-limit"},
		{"What can't be combined?", "what-cant-be-combined"},
		{"What can’t be combined?", "what-cant-be-combined-1"},
		{"Turnaround", "turnaround-1"},
		{"Turnaround", "turnaround-2"},
		{"Turnaround 1", "turnaround-1-1"},
		{"snake_case and-dash", "snake_case-and-dash"},
		{"2027-01-04: nationwide takes 36 hours", "2027-01-04-nationwide-takes-36-hours"},
		{"Über Straße", "über-straße"},
		{"標準", "標準"},
		{"a\tb", "ab"},
		{"🎉", ""},
		{"🎉 party", "-party"},
		{"C++ / C#", "c--c"},
		{"½ price", "-price"},
	}
	slugs := slugger{}
	for _, test := range tests {
		if got := slugs.anchor(test.heading); got != test.want {
			t.Errorf("anchor of %q is %q, want %q", test.heading, got, test.want)
		}
	}
}

// TestAnchorsAreUnique holds that no two headings of a file share an anchor.
func TestAnchorsAreUnique(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slugs, seen := slugger{}, map[string]string{}
		for _, heading := range rapid.SliceOf(rapid.StringMatching(`[ab](-[0-2])?( [12])?`)).Draw(t, "headings") {
			anchor := slugs.anchor(heading)
			if before, taken := seen[anchor]; taken {
				t.Fatalf("%q and %q both got %q", before, heading, anchor)
			}
			seen[anchor] = heading
		}
	})
}
