package content

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/standard"
)

// TestSampleReadsSentences reads the list of phrasings of package standard with the
// sample library's own words: whoever takes them away or adds some sees what reps can
// no longer ask for, and nothing may be read that is not asked for.
func TestSampleReadsSentences(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	raw, err := os.ReadFile("../standard/testdata/phrasings.txt")
	if err != nil {
		t.Fatal(err)
	}
	section, _, _ := strings.Cut(string(raw), "\n== freight\n")
	read, missed, named := 0, 0, 0
	for line := range strings.Lines(section) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n")+" ", " =>", 3)
		if len(parts) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		reading := lib.Lexicon().Read(parts[0])
		need, wanted := reading.Need, wantedNeed(t, lib.Dimensions, parts[1])
		for _, id := range reading.Only {
			if named++; !strings.Contains(parts[1], "only=") || !strings.Contains(parts[1], id) {
				t.Errorf("%q names %s, want %q", parts[0], id, parts[1])
			}
		}
		for name, v := range need {
			read++
			if w := wanted[name]; !w.Equal(v) {
				t.Errorf("%q reads %s %s, want %q", parts[0], name, v, w)
			}
		}
		for name := range wanted {
			if _, there := need[name]; !there {
				missed++
				t.Logf("%q does not read %s", parts[0], name)
			}
		}
	}
	if t.Logf("%d read, %d missed, %d offerings", read, missed, named); read < 500 || missed*20 > read || named < 30 {
		t.Errorf("%d values are read, and %d are not: the sample's words are not what reps say", read, missed)
	}
}

// wantedNeed reads "turnaround=12h; scope=in-state, nationwide".
func wantedNeed(t *testing.T, dims []standard.Dimension, text string) standard.Need {
	t.Helper()
	need := standard.Need{}
	for part := range strings.SplitSeq(text, ";") {
		name, value, asked := strings.Cut(strings.TrimSpace(part), "=")
		if !asked || name == standard.OnlyField {
			continue
		}
		i := slices.IndexFunc(dims, func(d standard.Dimension) bool { return d.Name == name })
		if i < 0 {
			t.Fatalf("the sample has no dimension %q", name)
		}
		v, err := standard.ParseValue(dims[i], value)
		if err != nil {
			t.Fatal(err)
		}
		need[name] = v
	}
	return need
}
