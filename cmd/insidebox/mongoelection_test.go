package main

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// The primary of a replica set changes in the middle of every write of the quiz
// path, before and after the old one has done it, under two servers in turns: the
// rep notices nothing, and it is one attempt with one result.
func TestElectionsWhileLearning(t *testing.T) {
	mongoServer.Need(t)
	uri, set := demoInMongo(t), mongoServer.NewReplicaSet(t)
	through := patient(t, set.Through(t, uri))
	one, two := onMongo(t, through), onMongo(t, through)
	rep := signedIn(t, one, "rep@demo.test", demo.Password)
	elections := atomic.Int64{}
	// during does something while the next write to a collection meets an election.
	during := func(collection string, fault mongotest.Fault, do func()) {
		t.Helper()
		before := elections.Load()
		var once sync.Once
		set.Judge(func(command string, body bson.Raw) (met mongotest.Fault) {
			coll, _ := body.Lookup(command).StringValueOK()
			if coll == collection && (command == "insert" || command == "update") {
				once.Do(func() {
					set.Elect()
					elections.Add(1)
					met = fault
				})
			}
			return met
		})
		do()
		if elections.Load() == before {
			t.Errorf("nothing was written to %s", collection)
		}
	}
	// sends posts a form and wants it done.
	sends := func(v *visitor, path string, pairs ...string) (next string) {
		t.Helper()
		status, next := v.post(path, pairs...)
		if status != http.StatusSeeOther {
			t.Errorf("POST %s with an election meanwhile: %d, want 303", path, status)
		}
		return next
	}
	during("records", mongotest.SteppedDown, func() { sends(rep.at(two), lesson+"/done") })
	var attempt string
	during("attempts", mongotest.SteppedDown, func() { attempt = sends(rep, "/quizzes/the-box-check/attempts") })
	if !strings.HasPrefix(attempt, "/attempts/") {
		t.Fatalf("the quiz leads to %q", attempt)
	}
	for i, fault := range []mongotest.Fault{mongotest.NotPrimary, mongotest.SteppedDown, mongotest.CutBefore, mongotest.CutAfter} {
		v := rep.at([]*child{one, two}[i%2])
		form, checked := v.fill(attempt, i)
		during("attempts", fault, func() {
			if a := v.send(attempt+"/answers", form); a.status != http.StatusSeeOther {
				t.Errorf("save an answer with an election meanwhile: %d", a.status)
			}
		})
		if !rep.at(one).shows(attempt, checked) || !rep.at(two).shows(attempt, checked) {
			t.Errorf("answer %d is not saved at both servers", i)
		}
	}
	during("attempts", mongotest.SteppedDown, func() {
		if next := sends(rep.at(two), attempt+"/submit"); next != attempt+"/result" {
			t.Errorf("the submit leads to %q", next)
		}
	})
	for _, c := range []*child{one, two} {
		if !rep.at(c).shows("/quizzes/the-box-check", "1 of 3 used") {
			t.Errorf("%s does not show one attempt with one result", c.url)
		}
	}
	one.stop()
	two.stop()
}
