package server_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/insidebox/insidebox/quiz/scenario"
)

var (
	choiceLine = regexp.MustCompile(`(?m)^(- \[.*\])\(#([\w-]+)(?: "([^"]*)")?\)$`)
	saidOfIt   = regexp.MustCompile(`(?m)^  > .*$`)
	strength   = regexp.MustCompile(`[+-]\d+`)
	passLine   = regexp.MustCompile(`(?m)^pass: .*$`)
	endsLine   = regexp.MustCompile(`(?m)^ends: .*\n`)
)

// flipScenario is a scenario with the same scenes, choices, meters and
// conditions, but with effects of another strength, other fatal choices, other debriefs,
// ends that are graded by the pass mark alone, and another pass mark.
func flipScenario(text string) string {
	text = saidOfIt.ReplaceAllString(text, "  > Something else is said of it.")
	text = passLine.ReplaceAllStringFunc(text, func(line string) string { return strings.Replace(line, ">= ", "<= ", 1) })
	text = endsLine.ReplaceAllString(text, "")
	first := strings.Contains(text, "\nid: "+firstCall+"\n") // there the first choice of all is fatal
	return choiceLine.ReplaceAllStringFunc(text, func(line string) string {
		m := choiceLine.FindStringSubmatch(line)
		effects := strength.ReplaceAllStringFunc(strings.TrimSuffix(strings.TrimSuffix(m[3], "fatal"), "; "), other)
		if first {
			effects, first = strings.TrimPrefix(effects+"; fatal", "; "), false
		}
		if effects == "" {
			return fmt.Sprintf("%s(#%s)", m[1], m[2])
		}
		return fmt.Sprintf("%s(#%s %q)", m[1], m[2], effects)
	})
}

// other is another strength of an effect: "+2" for "+1", and "+1" for all else.
func other(by string) string {
	if by[1:] == "1" {
		return by[:1] + "2"
	}
	return by[:1] + "1"
}

// TestEffectsStayInside holds that until the first choice of a play, every
// byte that leaves the server is the same whatever the effects, the fatal
// choices, the debriefs, the ends and the pass mark are; in plays that count
// and in practice.
func TestEffectsStayInside(t *testing.T) {
	t.Parallel()
	const base = "http://learn.insidebox.test"
	two := twins{t: t, a: newRig(t, withBase(base)), b: newRig(t, withTree(flipped(t)), withBase(base))}
	two.differentEffects()
	two.as("rep@demo.test")
	both := func(method, path string, form url.Values) *answer {
		t.Helper()
		return two.both(func(c *client) *answer {
			if method == http.MethodGet {
				return c.get(path)
			}
			return c.post(path, form)
		})
	}
	for _, sc := range two.a.Prog.Shelf.Library().Scenarios() {
		both(http.MethodGet, sc.URL, nil).want(http.StatusOK)
		for _, practice := range []url.Values{nil, {"practice": {"yes"}}} {
			page := both(http.MethodPost, sc.URL+"/attempts", practice).want(http.StatusSeeOther).Header.Get("Location")
			both(http.MethodGet, sc.URL, nil).want(http.StatusOK)
			both(http.MethodGet, page, nil).want(http.StatusOK).silent("Something else is said of it.")
			both(http.MethodGet, page+"/result", nil).want(http.StatusSeeOther)
			both(http.MethodPost, page+"/choose", url.Values{"step": {"0"}}).want(http.StatusUnprocessableEntity)
			both(http.MethodPost, page+"/choose", postedChoice{token: "x"}.form()).want(http.StatusConflict)
			both(http.MethodPost, page+"/submit", nil).want(http.StatusNotFound)
			two.ca, two.cb = two.ca.with("X-Requested-With", "fetch"), two.cb.with("X-Requested-With", "fetch")
			both(http.MethodPost, page+"/choose", postedChoice{token: "x"}.form()).want(http.StatusConflict)
			two.as(two.who)
		}
		both(http.MethodGet, "/", nil).want(http.StatusOK)
	}
	id := two.a.beginPlay("rep@demo.test", true)
	first := postedChoice{token: two.a.offers(id)[0].Token}.form()
	a, b := two.ca.post("/attempts/"+id+"/choose", first), two.cb.post("/attempts/"+id+"/choose", first)
	if difference(a, b) == "" {
		t.Error("the first choice is fatal in one of two plays and leads to the same answer: this test sees nothing")
	}
}

// differentEffects proves that the twins' scenarios differ in all that a
// player must not see, and in nothing that she sees.
func (w *twins) differentEffects() {
	w.t.Helper()
	theirs := w.b.Prog.Shelf.Library()
	for _, a := range w.a.Prog.Shelf.Library().Scenarios() {
		b := theirs.Scenario(a.ID)
		differ := a.Rev != b.Rev && a.Pass != b.Pass && len(a.Ends) > 0 && len(b.Ends) == 0
		effects, fatal := 0, 0
		for i, scene := range a.Scenes {
			other := b.Scenes[i]
			differ = differ && scene.HTML == other.HTML && len(scene.Choices) == len(other.Choices)
			for j, c := range scene.Choices {
				o := other.Choices[j]
				differ = differ && c.Text == o.Text && c.Needs == o.Needs && c.Hidden == o.Hidden && c.Debrief != o.Debrief
				if !slices.Equal(c.Effects, o.Effects) {
					effects++
				}
				if c.Fatal != o.Fatal {
					fatal++
				}
			}
		}
		if !differ || effects == 0 || fatal == 0 || a.ID == firstCall && !b.Scenes[0].Choices[0].Fatal {
			w.t.Fatalf("scenario %s is not flipped as it should be: %d effects and %d fatal marks differ", a.ID, effects, fatal)
		}
	}
}

// marked is the sample library with the first call marked: each scene's
// title and anchor, each choice and each debrief has a word of its own.
func marked(t testing.TB) fs.FS {
	t.Helper()
	tree := sampleFiles(t)
	sc := newRig(t).Prog.Shelf.Library().Scenario(firstCall)
	text := string(tree[sc.File].Data)
	n := 0
	next := func(kind string) string { n++; return fmt.Sprintf("qz%s%03d", kind, n) }
	for _, scene := range sc.Scenes {
		mark := next("scene")
		text = strings.Replace(text, "\n## "+scene.Title+"\n", "\n## "+scene.Title+" "+mark+"\n", 1)
		text = regexp.MustCompile(`(\(#|start: |[{,] ?)`+scene.Anchor+`([ :)\n])`).ReplaceAllString(text, "${1}"+scene.Anchor+"-"+mark+"${2}")
	}
	text = choiceLine.ReplaceAllStringFunc(text, func(line string) string { return strings.Replace(line, "](#", " "+next("choice")+"](#", 1) })
	text = saidOfIt.ReplaceAllStringFunc(text, func(line string) string { return line + " " + next("debrief") })
	tree[sc.File] = &fstest.MapFile{Data: []byte(text)}
	return tree
}

var anyMark = regexp.MustCompile(`-?qz(?:scene|choice|debrief)\d+`)

// marksIn are the marks in all bytes of an answer. That of an anchor begins
// with a hyphen.
func marksIn(text string) []string {
	found := anyMark.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestGraphShowsWhereItWasWalked holds that every answer of a play tells of
// the scenes that were reached, of what was offered in them, and of nothing
// else: no scene ahead, no anchor, no debrief.
func TestGraphShowsWhereItWasWalked(t *testing.T) {
	t.Parallel()
	tree := marked(t)
	for name, way := range map[string]func(*scenario.Scenario) []scenario.Move{"best": bestPath, "failed": failedPath, "fatal": fatalPath} {
		for _, practice := range []bool{false, true} {
			t.Run(name+map[bool]string{true: " in practice"}[practice], func(t *testing.T) {
				t.Parallel()
				walkMarked(t, newRig(t, withTree(tree)), way, practice)
			})
		}
	}
}

func walkMarked(t *testing.T, site *rig, way func(*scenario.Scenario) []scenario.Move, practice bool) {
	t.Helper()
	c, script := site.as("rep@demo.test"), site.as("rep@demo.test").with("X-Requested-With", "fetch")
	id := site.beginPlay("rep@demo.test", practice)
	page := "/attempts/" + id
	may := map[string]bool{} // marks that may be seen by now
	tell := func(answers ...*answer) {
		t.Helper()
		for _, a := range answers {
			for _, mark := range marksIn(wholeOf(a)) {
				if !may[mark] {
					t.Errorf("%s (%d) tells %s", a.Asked, a.Code, mark)
				}
			}
		}
	}
	tell(c.get("/"), c.get(callAt), c.get("/courses/onboarding/before-the-promise"))
	path := site.path(id, way)
	for i, choice := range path {
		s, p := site.scenarioOf(id)
		at, err := s.Position(p)
		site.must(err)
		shown := at.Title + at.HTML
		for _, o := range at.Offers {
			shown += o.Text
		}
		for _, mark := range marksIn(shown) {
			may[mark] = true
		}
		here := c.get(page).want(http.StatusOK)
		if got := marksIn(here.Body); !slices.Contains(got, marksIn(at.Title)[0]) || len(got) < 1+len(at.Offers) {
			t.Fatalf("step %d shows the marks %q: this test sees nothing", i, got)
		}
		none, past := postedChoice{step: i, token: "x"}.form(), postedChoice{step: max(0, i-1), token: "x"}.form()
		tell(here, c.get("/"), c.get(callAt), c.get(page+"/result"), c.post(page+"/choose", none), c.post(page+"/choose", past), script.post(page+"/choose", none))
		if i == len(path)-1 {
			break
		}
		a := c.post(page+"/choose", choice.form()).leadsTo(page)
		tell(a)
		again := script.post(page+"/choose", choice.form()).want(http.StatusOK) // what a script gets
		if got := again.all("h2#scene-title"); len(got) != 1 {
			t.Fatalf("step %d: a script gets no scene\n%s", i, again.Body)
		}
	}
	over := c.post(page+"/choose", path[len(path)-1].form()).leadsTo(page + "/result")
	tell(over, script.post(page+"/choose", path[len(path)-1].form()).want(http.StatusNoContent))
	debrief := c.get(page + "/result").want(http.StatusOK)
	if strings.Contains(debrief.Body, "-qzscene") || !strings.Contains(debrief.Body, "qzdebrief") {
		t.Errorf("the debrief has an anchor of a scene, or says nothing of the choices:\n%s", debrief.text())
	}
}

// wholeOf are all bytes of an answer, its headers too.
func wholeOf(a *answer) string {
	var all strings.Builder
	_ = a.Header.Write(&all)
	return all.String() + a.Body
}
