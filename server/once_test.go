package server_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"testing"

	"github.com/insidebox/insidebox/quiz"
)

// atOnce sends the same request from many windows at the same moment.
func atOnce(n int, ask func(i int) *answer) []*answer {
	answers := make([]*answer, n)
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range answers {
		wg.Go(func() {
			<-gate
			answers[i] = ask(i)
		})
	}
	close(gate)
	wg.Wait()
	return answers
}

// TestOnce: of many starts, submits and grants at the same moment, over two
// servers on one database, one takes place, and everybody is sent to it.
func TestOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shared.db")
	copyFile(t, theDemo(t).path, file)
	sites := []*rig{newRig(t, withFile(file)), newRig(t, withFile(file))}
	clients := func(email string) (list []*client) {
		for i := range 40 {
			list = append(list, sites[i%2].as(email))
		}
		return list
	}
	rep := clients("rep@demo.test")
	starts := atOnce(len(rep), func(i int) *answer { return rep[i].post("/quizzes/the-box-check/attempts", nil) })
	page := starts[0].want(http.StatusSeeOther).Header.Get("Location")
	for _, a := range starts {
		a.leadsTo(page)
	}
	form := sites[0].answersTo(page, true)
	for _, a := range atOnce(len(rep), func(i int) *answer { return rep[i].post(page+"/submit", form) }) {
		a.leadsTo(page + "/result")
	}
	sites[0].drain()
	sites[1].drain()
	st := sites[0].standing("rep@demo.test")
	if tries := st.Evidence.Tries["the-box-check"]; len(tries) != 1 || tries[0].State != quiz.Graded || len(st.Evidence.Held) != 1 {
		t.Errorf("40 starts and submits left %d tries and %d certificates, want one of each", len(tries), len(st.Evidence.Held))
	}

	manager := clients("manager@demo.test")
	who := sites[0].person("rep5@demo.test").ID
	done := 0
	for _, a := range atOnce(len(manager), func(i int) *answer {
		return manager[i].post("/team/"+who+"/grants", url.Values{"quiz": {"the-box-check"}, "known": {"0"}})
	}) {
		switch a.Code {
		case http.StatusSeeOther:
			done++
		case http.StatusConflict:
		default:
			t.Errorf("a grant is answered %d, want 303 or 409", a.Code)
		}
	}
	if grants := sites[0].standing("rep5@demo.test").Evidence.Grants; done != 1 || len(grants) != 1 {
		t.Errorf("of 40 grants %d were done and %d are there, want one", done, len(grants))
	}
}

// twoSites are two servers on one database, at which a scenario is asked for.
func twoSites(t *testing.T) []*rig {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shared.db")
	copyFile(t, theDemo(t).path, file)
	tree := variants["scenario"](t)
	return []*rig{newRig(t, withFile(file), withTree(tree)), newRig(t, withFile(file), withTree(tree))}
}

// TestLastChoiceOnce: of a hundred last choices of a play at the same moment,
// over two servers, one is made. It brings the certificate once, and everybody
// is sent to the same debrief.
func TestLastChoiceOnce(t *testing.T) {
	t.Parallel()
	sites := twoSites(t)
	clients := []*client{sites[0].as("rep@demo.test"), sites[1].as("rep@demo.test")}
	quizPage := clients[0].post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther).Header.Get("Location")
	clients[0].post(quizPage+"/submit", sites[0].answersTo(quizPage, true)).leadsTo(quizPage + "/result")
	starts := atOnce(40, func(i int) *answer { return clients[i%2].post(callAt+"/attempts", nil) })
	page := starts[0].want(http.StatusSeeOther).Header.Get("Location")
	for _, a := range starts {
		a.leadsTo(page)
	}
	id := page[len("/attempts/"):]
	path := sites[0].path(id, bestPath)
	last := len(path) - 1
	for i, c := range path[:last] {
		clients[i%2].post(page+"/choose", c.form()).leadsTo(page)
	}
	for _, a := range atOnce(100, func(i int) *answer { return clients[i%2].post(page+"/choose", path[last].form()) }) {
		a.leadsTo(page + "/result")
	}
	sites[0].drain()
	sites[1].drain()
	st := sites[0].standing("rep@demo.test")
	tries := st.Evidence.Tries["scenario/"+firstCall]
	if len(tries) != 1 || tries[0].State != quiz.Graded || !tries[0].Passed || len(st.Evidence.Held) != 1 {
		t.Errorf("100 last choices left the tries %+v and %d certificates, want one of each", tries, len(st.Evidence.Held))
	}
	if _, play := sites[1].scenarioOf(id); len(play.Path) != len(path) || !play.Result.Passed {
		t.Errorf("the play has %d moves, want %d and a pass", len(play.Path), len(path))
	}
	clients[1].get(page+"/result").want(http.StatusOK).says("Passed", "See your certificate")
}

// TestOneOfTwoChoices: of two choices that race at one step one is made; whom
// the other was posted by is told so, on either server.
func TestOneOfTwoChoices(t *testing.T) {
	t.Parallel()
	sites := twoSites(t)
	clients := []*client{sites[0].as("rep@demo.test"), sites[1].as("rep@demo.test")}
	id := sites[0].beginPlay("rep@demo.test", false)
	offers := sites[0].offers(id)
	answers := atOnce(40, func(i int) *answer {
		return clients[i%2].post("/attempts/"+id+"/choose", postedChoice{token: offers[i/2%2].Token}.form())
	})
	_, play := sites[0].scenarioOf(id)
	if len(play.Path) != 1 {
		t.Fatalf("two choices that raced left %d moves, want 1", len(play.Path))
	}
	for i, a := range answers {
		if i/2%2 == play.Path[0].Choice {
			a.leadsTo("/attempts/" + id)
		} else {
			a.want(http.StatusConflict).says("The story went on in another window of yours.")
		}
	}
}
