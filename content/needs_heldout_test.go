package content

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/standard"
)

// A judgement is what operations would say to a need: a verdict for each part, with the
// offerings that hold it or the clauses of which one has to be named.
type judgement struct {
	parts []judgedPart
	open  bool // the program asks where operations would know
}

type judgedPart struct {
	verdict string // inside, outside, ask
	of      string
}

// said is the verdict of all parts together, as good as the worst.
func (j judgement) said() string {
	for _, verdict := range []string{"outside", "ask"} {
		if slices.ContainsFunc(j.parts, func(p judgedPart) bool { return p.verdict == verdict }) {
			return verdict
		}
	}
	return "inside"
}

// readJudgement reads a line of testdata/needs-heldout.txt.
func readJudgement(t *testing.T, line string) (text string, j judgement) {
	t.Helper()
	text, want, ok := strings.Cut(line, " => ")
	want, _, reasoned := strings.Cut(want, " -- ")
	if !ok || !reasoned {
		t.Fatalf("%q says not what is judged of it, or not why", line)
	}
	j.open = strings.HasSuffix(line, " [open]")
	for part := range strings.SplitSeq(want, " | ") {
		verdict, of, _ := strings.Cut(part, " ")
		if verdict != "inside" && verdict != "outside" && verdict != "ask" {
			t.Fatalf("%q is judged %q", text, verdict)
		}
		j.parts = append(j.parts, judgedPart{verdict, of})
	}
	return text, j
}

// TestHeldOutNeeds answers needs that were judged before the program read them. A yes where
// operations would say no or ask is the worst that can happen, and never does; neither does
// a no where they would say yes, nor an answer by another offering or clause.
func TestHeldOutNeeds(t *testing.T) {
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	raw, err := os.ReadFile("testdata/needs-heldout.txt")
	if err != nil {
		t.Fatal(err)
	}
	needs, right, asked := 0, 0, 0
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSuffix(line, "\n"); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		needs++
		text, want := readJudgement(t, line)
		parts := answerAll(t, lib, text)
		got := string(WorstOf(parts))
		if got == string(standard.Combination) {
			got = "inside"
		} else if got == string(standard.Open) {
			got = "ask"
		}
		switch {
		case got == "ask" && want.said() != "ask":
			if asked++; !want.open {
				t.Errorf("%q is open; it is judged %s, and no line says that it is open", text, want.said())
			}
		case got != want.said():
			t.Errorf("%q is answered %s; operations would say %s", text, got, want.said())
		case want.open:
			t.Errorf("%q is answered %s, as it is judged; its line says that it is open", text, got)
		case got == "inside" && !holds(parts, want), got == "outside" && !names(lib, parts, want):
			t.Errorf("%q is answered %s, and not by what it is judged by: %v", text, got, want.parts)
		default:
			right++
		}
	}
	t.Logf("%d needs: %d as they are judged, %d asked where operations would know", needs, right, asked)
	if needs < 400 || asked*6 > needs {
		t.Errorf("of %d needs %d are asked where operations would know; want at least 400, and a sixth of them at most", needs, asked)
	}
}

// answerAll answers a sentence part by part.
func answerAll(t *testing.T, lib *Library, text string) (parts []AnsweredPart) {
	t.Helper()
	for _, r := range lib.Lexicon().ReadParts(text) {
		m, err := lib.Book(lib.Day).MatchReading(r)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		parts = append(parts, AnsweredPart{r, m})
	}
	if len(parts) == 0 { // nothing was said
		parts = []AnsweredPart{{Match: standard.Match{Verdict: standard.Open}}}
	}
	return parts
}

// holds reports whether each part is held by what it is judged to be: where several
// offerings are named in one, all of them are among its answers.
func holds(parts []AnsweredPart, want judgement) bool {
	for i, w := range want.parts {
		p := parts[min(i, len(parts)-1)]
		if !slices.ContainsFunc(p.Fits, func(f standard.Fit) bool { return strings.Join(sellIDs(f.Offerings()), " + ") == w.of }) {
			return false
		}
	}
	return len(parts) == len(want.parts) || len(parts) == 1
}

// names reports whether one of the clauses by which a need is judged is among those that
// the answer shows as failing, or the dimension of it as nowhere in the standard.
func names(lib *Library, parts []AnsweredPart, want judgement) bool {
	var clauses []string
	for _, w := range want.parts {
		if w.verdict == "outside" {
			clauses = append(clauses, strings.Fields(w.of)...)
		}
	}
	for _, p := range parts {
		for _, m := range p.Misses {
			for _, lack := range m.Lacks {
				stated := m.Base.ID + "/" + lack.Dimension
				if c := lib.StatedAt(m.Choice, m.Tier, lack.Dimension); c != nil {
					stated = c.ID
				}
				if slices.Contains(clauses, stated) {
					return true
				}
			}
		}
		for _, b := range p.Match.Beyond {
			if slices.ContainsFunc(clauses, func(id string) bool { return strings.HasSuffix(id, "/"+b.Dimension) }) {
				return true
			}
		}
	}
	return false
}
