package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/quiz/scenario"
	"github.com/insidebox/insidebox/store"
)

// TestNoJumpInAScenario: a choice counts where the play stands and nowhere
// else, whatever step and token a form has: those of scenes ahead, of another
// play, of somebody else's, of practice.
func TestNoJumpInAScenario(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	c := site.as("rep@demo.test")
	id := site.beginPlay("rep@demo.test", false)
	page := "/attempts/" + id
	path := site.path(id, bestPath)
	others := [][]postedChoice{site.path(site.beginPlay("rep@demo.test", true), bestPath), site.path(site.beginPlay("rep9@demo.test", false), bestPath)}
	refused := func(step int, token string) {
		t.Helper()
		form := url.Values{"step": {strconv.Itoa(step)}, "choice": {token}}
		cost := site.during(func() { c.post(page+"/choose", form).want(http.StatusConflict) })
		if len(cost.writes()) > 0 {
			t.Errorf("step %d with %s wrote %v", step, token, cost.writes())
		}
	}
	for at, choice := range path {
		for ahead := at + 1; ahead < len(path); ahead++ {
			refused(at, path[ahead].token)            // the choice of a scene that is to come, as if here
			refused(path[ahead].step, path[at].token) // this choice, as if there
			refused(path[ahead].step, path[ahead].token)
		}
		for _, other := range others {
			if at < len(other) && other[at].token != choice.token {
				refused(at, other[at].token)
			}
		}
		for _, o := range site.offers(id) {
			if o.Greyed {
				refused(at, o.Token)
			}
		}
		if _, play := site.scenarioOf(id); len(play.Path) != at {
			t.Fatalf("the play has %d moves, want %d", len(play.Path), at)
		}
		c.post(page+"/choose", choice.form()).want(http.StatusSeeOther)
	}
	_, play := site.scenarioOf(id)
	if !play.Over() || play.Result.Outcome != scenario.AtEnd || len(play.Path) != len(path) {
		t.Errorf("the play ended as %+v with %d moves", play.Result, len(play.Path))
	}
	// It is over: nothing that is posted to it changes it any more.
	cost := site.during(func() {
		for _, choice := range path {
			c.post(page+"/choose", choice.form()).leadsTo(page + "/result")
		}
	})
	if len(cost.writes()) > 0 {
		t.Errorf("choices after the end wrote %v", cost.writes())
	}
}

// TestServerClock: when something happened, and whether a waiting time is
// over, is for the server's clock to say, and not for what a request says of it.
func TestServerClock(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	tomorrow := site.Clock.Now().Add(25 * time.Hour)
	claims := url.Values{}
	for _, name := range []string{"at", "now", "time", "started", "submitted", "saved", "date", "timestamp", "free_at"} {
		claims[name] = []string{tomorrow.Format(time.RFC3339), strconv.FormatInt(tomorrow.Unix(), 10)}
	}
	liar := func(email string) *client {
		return site.as(email).with("Date", tomorrow.Format(http.TimeFormat)).with("If-Unmodified-Since", tomorrow.Format(http.TimeFormat)).with("X-Now", tomorrow.Format(time.RFC3339))
	}
	waiting := liar("rep4@demo.test") // failed today
	waiting.post("/quizzes/the-box-check/attempts", claims).want(http.StatusConflict)
	page := "/attempts/" + site.openAttempt("rep9@demo.test")
	form := site.answersTo(page, true)
	for name, values := range claims {
		form[name] = values
	}
	site.Clock.Advance(time.Hour)
	liar("rep9@demo.test").post(page+"/submit", form).leadsTo(page + "/result")
	a, err := site.Prog.Attempt(t.Context(), page[len("/attempts/"):])
	site.must(err)
	if a.State != quiz.Graded || !a.Submitted.Equal(site.Clock.Now()) {
		t.Errorf("the attempt is %s, submitted at %v; want the server's time, %v", a.State, a.Submitted, site.Clock.Now())
	}
	// Answers that come after the submit, as from a tab that was forgotten,
	// change nothing, and the first result stands.
	cost := site.during(func() {
		site.Clock.Advance(time.Minute)
		late := site.as("rep9@demo.test")
		late.post(page+"/answers", form).leadsTo(page + "/result")
		late.post(page+"/submit", form).leadsTo(page + "/result")
	})
	again, err := site.Prog.Attempt(t.Context(), a.ID)
	site.must(err)
	if len(cost.writes()) > 0 || again.Rev != a.Rev || !again.Submitted.Equal(a.Submitted) {
		t.Errorf("after the submit: wrote %v, submitted at %v; want nothing and %v", cost.writes(), again.Submitted, a.Submitted)
	}
	site.Clock.Advance(24 * time.Hour)
	waiting.post("/quizzes/the-box-check/attempts", nil).want(http.StatusSeeOther)
}

// TestPositionsOfOtherLists: a position in one list is none in another, and one that
// somebody made up is none at all: each leads to no page, or to the list.
func TestPositionsOfOtherLists(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	text, yes, now := store.String("a"), store.Bool(true), store.Time(opening)
	made := []store.Cursor{{ID: "x"}}
	for _, keys := range [][]store.Key{{text}, {yes}, {now}, {yes, now}, {text, text}, {text, yes, text}, {store.String("team-south"), store.Bool(false), text}, {text, text, text, text}} {
		made = append(made, store.Cursor{ID: "x", Keys: keys})
	}
	for _, who := range []string{"manager@demo.test", "admin@demo.test"} {
		c := site.as(who)
		for _, list := range []string{"/team?", "/team?team=team-north&", "/offerings/records-search?", "/accounts?", "/accounts?q=f&", "/requests?", "/requests?state=decided&", "/handoffs?", "/briefs?", "/briefs?state=over&", "/admin/people?"} {
			for _, cursor := range made {
				if a := c.get(list + "after=" + cursor.String()); a.Code >= http.StatusInternalServerError {
					t.Errorf("%s: %d for a position of %d keys", a.Asked, a.Code, len(cursor.Keys))
				}
			}
		}
	}
}
