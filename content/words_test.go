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
		if more := sampleReadsMore[parts[0]]; more != "" {
			parts[1] += "; " + more
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

// sampleReadsMore is what the sample's own words read besides: states, countries, and what
// its people call its offerings.
var sampleReadsMore = map[string]string{
	"The customer wants nationwide searches back within 24 hours.": "only=records-search",
	"They search nationally, 300 per month":                        "only=records-search",
	"a nationwide lender, in-state searches in 8 hours":            "only=records-search",
	"search records in 24h":                                        "only=records-search",
	"volume of 3,000 searches":                                     "only=records-search",
	"3,000 searches":                                               "only=records-search; volume=3,000 per month",
	"bundesweite Suche in 24 Stunden":                              "only=records-search",
	"a state-wide search":                                          "only=records-search; scope=in-state",
	"statewide":                                                    "scope=in-state",
	"Illinois only, 8h":                                            "scope=in-state",
	"Ohio, Texas, 24h":                                             "scope=nationwide",
	"in state of Ohio":                                             "scope=in-state, nationwide",
	"international (Canada and Mexico), 10 days":                   "scope=listed-countries, international",
	"3,000 checks every month":                                     "only=employment-checks",
	"copies in 2 days":                                             "only=certified-copies",
	"certifed copies in 2 days":                                    "only=certified-copies",
	"copies, certified, in 3 days":                                 "only=certified-copies",
	"Hi team, prospect wants certified copies (Illinois) in 3 business days. Thanks": "scope=in-state",
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
