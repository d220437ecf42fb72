package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/certify"
)

// facts are those from practice that a company's programme must teach, each
// with the clauses of the sample that state it.
var facts = map[string][]string{
	"F1 the rep owns the outcome":              {"ownership"},
	"F2 operations isn't prospecting for you":  {"selling-time"},
	"F3 when to bring operations, and ready":   {"bring-operations", "homework"},
	"F4 look behind the request":               {"real-aim"},
	"F5 what operations must see":              {"requirements"},
	"F6 no first meeting at the training":      {"first-faces"},
	"F7 the handoff":                           {"handoff"},
	"F8 two people on every account":           {"two-people"},
	"F9 sales keeps the gate, and both share":  {"gatekeeper", "shared-learning"},
	"F10 no finger-pointing":                   {"no-blame"},
	"F11 record what failed and why":           {"record"},
	"F12 broad, whole teams, leaders who look": {"sponsor"},
	"F13 signals that the divide is there":     {"signals"},
}

func loadSample(t *testing.T) *Library {
	t.Helper()
	lib, findings := Load(Sample(), Options{Now: testNow})
	if lib == nil {
		t.Fatal(findings)
	}
	return lib
}

// TestSampleCoversTheFacts: each clause of a fact has a lesson, two items and
// a choice in a scenario, and the fact is asked about in both ways: what one
// would say next, and what went wrong.
func TestSampleCoversTheFacts(t *testing.T) {
	lib := loadSample(t)
	rows := map[string]ClauseCoverage{}
	for _, row := range lib.Coverage() {
		rows[row.Clause] = row
	}
	covered := map[string]bool{}
	for fact, clauses := range facts {
		asked := map[string]bool{}
		for _, c := range clauses {
			row, ok := rows["working-together/"+c]
			if !ok {
				t.Errorf("%s: there is no clause %s", fact, c)
			}
			if len(row.Lessons) < 1 || len(row.Items) < 2 || len(row.Choices) < 1 {
				t.Errorf("%s: %s has %d lessons, %d items and %d choices", fact, c, len(row.Lessons), len(row.Items), len(row.Choices))
			}
			for _, it := range row.Items {
				asked[wayOfAsking(lib, it)] = true
			}
			covered[c] = true
		}
		if !asked["say"] || !asked["wrong"] {
			t.Errorf("%s: wants an item on what to say next and one on what went wrong; has %v", fact, slices.Sorted(maps.Keys(asked)))
		}
	}
	covered["request"] = true // the channel itself, which no single fact is about
	for _, p := range lib.Practices {
		for _, c := range p.Clauses {
			if name := strings.TrimPrefix(c.ID, "working-together/"); !covered[name] {
				t.Errorf("no fact is taught by %s", c.ID)
			}
			delete(covered, strings.TrimPrefix(c.ID, "working-together/"))
		}
	}
	if len(covered) > 0 {
		t.Errorf("no practice states %v", covered)
	}
}

var (
	asksWhatToSay = regexp.MustCompile(`do you (say|tell|answer|write back)|does she hear`)
	asksWhatFails = regexp.MustCompile(`What went wrong here\?`)
)

func wayOfAsking(lib *Library, it ItemCoverage) string {
	stem := ""
	for _, item := range lib.Quiz(it.Quiz).Items {
		if item.ID == it.Item {
			stem = anyTag.ReplaceAllString(item.Stem, "")
		}
	}
	switch {
	case asksWhatFails.MatchString(stem):
		return "wrong"
	case asksWhatToSay.MatchString(stem):
		return "say"
	}
	return "other"
}

// TestSampleCoversEveryClause: two items for each, four where one of them is
// critical, so that nobody passes on the one question that a friend told.
func TestSampleCoversEveryClause(t *testing.T) {
	for _, row := range loadSample(t).Coverage() {
		want := 2
		if slices.ContainsFunc(row.Items, func(it ItemCoverage) bool { return it.Critical }) {
			want = 4
		}
		if len(row.Lessons) < 1 || len(row.Items) < want {
			t.Errorf("%s has %d lessons and %d items, of which it wants %d", row.Clause, len(row.Lessons), len(row.Items), want)
		}
	}
}

// TestSampleCertifications: together they cover the whole standard and ask for
// every scenario, and each asks for reading and a quiz. Whoever sells checks has also been heard, and
// has answered on the form without which nothing begins.
func TestSampleCertifications(t *testing.T) {
	lib := loadSample(t)
	covered, asked := map[string]bool{}, map[string]bool{}
	for _, c := range lib.Certifications {
		kinds := map[certify.StepKind]int{}
		for _, step := range c.Steps {
			kinds[step.Kind]++
			asked[step.Ref] = true
		}
		if kinds[certify.ReadLesson] == 0 || kinds[certify.PassQuiz] == 0 {
			t.Errorf("%s asks for %v", c.ID, kinds)
		}
		if c.ID == "sell-checks" && (kinds[certify.SignOff] != 1 || !slices.Contains(c.Covers, "employment-checks/consent")) {
			t.Errorf("%s asks for %v and covers %v", c.ID, kinds, c.Covers)
		}
		for _, clause := range c.Covers {
			covered[clause] = true
		}
	}
	for _, e := range lib.Exercises() {
		if !asked[e.Key()] {
			t.Errorf("no certification asks for %s", e.Key())
		}
	}
	for _, row := range lib.Coverage() {
		if !covered[row.Clause] {
			t.Errorf("no certification covers %s", row.Clause)
		}
		critical := slices.ContainsFunc(row.Items, func(it ItemCoverage) bool { return it.Critical })
		if row.Clause == "employment-checks/consent" && !critical {
			t.Errorf("no item on %s is critical", row.Clause)
		}
	}
}

// TestSampleScenariosLiveThroughTheirFacts holds what each scenario is for.
func TestSampleScenariosLiveThroughTheirFacts(t *testing.T) {
	lib := loadSample(t)
	for id, want := range map[string]struct {
		scenes int
		facts  string
	}{
		"first-call":       {14, "F3 F4 F5"},
		"the-annoyed-heir": {14, "F3 F6 F8"},
		"outside-or-is-it": {20, "F4 F10 F11 F12"},
		"angry-at-9-05":    {18, "F1 F2 F9 F10 F13"},
		"handoff":          {18, "F5 F6 F7 F8"},
	} {
		s := lib.Scenario(id)
		if s == nil || len(s.Scenes) != want.scenes {
			t.Errorf("%s is missing or has not %d scenes", id, want.scenes)
			continue
		}
		cited := s.Clauses()
		for _, number := range strings.Fields(want.facts) {
			for fact, clauses := range facts {
				if strings.HasPrefix(fact, number+" ") && !slices.ContainsFunc(clauses, func(c string) bool { return slices.Contains(cited, "working-together/"+c) }) {
					t.Errorf("%s: no choice is about %s", id, fact)
				}
			}
		}
	}
}

// TestSampleLessonsAreShort: what is on a lesson's page, with the clauses that
// it quotes and without its one question, is 300 to 700 words.
func TestSampleLessonsAreShort(t *testing.T) {
	lib := loadSample(t)
	count := map[string]int{}
	for _, l := range lib.Lessons() {
		words := 0
		for _, b := range l.Blocks {
			words += len(strings.Fields(anyTag.ReplaceAllString(b.HTML, " ")))
		}
		if words < 300 || words > 700 || len(l.Checks) != 1 {
			t.Errorf("%s has %d words and %d questions", l.ID, words, len(l.Checks))
		}
		count[strings.SplitN(l.ID, "/", 2)[0]]++
	}
	if got := fmt.Sprint(count); got != "map[for-care-and-operations:3 for-managers:1 onboarding:20]" {
		t.Errorf("lessons by course: %s", got)
	}
}

// TestSampleQuizzes: numbers are looked up, and neither the place nor the
// length of an answer tells which one is right.
func TestSampleQuizzes(t *testing.T) {
	for _, q := range loadSample(t).Quizzes() {
		places, longest, single := map[int]int{}, 0, 0
		for _, it := range q.Items {
			right, most := -1, 0
			for i, o := range it.Options {
				if length := len(anyTag.ReplaceAllString(o.Text, "")); length > len(anyTag.ReplaceAllString(it.Options[most].Text, "")) {
					most = i
				}
				if o.Right && right >= 0 {
					right = len(it.Options) // several are
				} else if o.Right {
					right = i
				}
			}
			if right < len(it.Options) {
				places[right]++
				single++
			}
			if right == most {
				longest++
			}
		}
		if !q.Open || len(q.Items) < 22 {
			t.Errorf("%s: open is %v, and it has %d items", q.ID, q.Open, len(q.Items))
		}
		if longest*4 > single {
			t.Errorf("%s: the right answer is the longest in %d of %d", q.ID, longest, single)
		}
		for place, n := range places {
			if n*10 > single*4 {
				t.Errorf("%s: answer %d is right in %d of %d", q.ID, place+1, n, single)
			}
		}
	}
}
