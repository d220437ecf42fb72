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
