package main

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/quiz"
	"github.com/insidebox/insidebox/store"
)

// records looks into the data of running servers, as one more process on them.
func records(t *testing.T, flags storeFlags, tree fs.FS) *programme.Programme {
	t.Helper()
	driver, err := flags.driver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(driver)
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	shelf, findings := programme.NewShelf(func() fs.FS { return tree }, time.Now)
	if shelf.Library() == nil {
		t.Fatalf("the library is broken: %v", findings)
	}
	p := programme.New(st, newPeople(st), shelf, programme.Options{Now: time.Now, Seed: seed, Log: slog.New(slog.DiscardHandler)})
	if err := st.Declare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// attemptIn reads the attempt that is at a path.
func attemptIn(t *testing.T, p *programme.Programme, path string) *programme.Attempt {
	t.Helper()
	a, err := p.Attempt(t.Context(), strings.TrimPrefix(path, "/attempts/"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// rightly is a form that answers all questions of an attempt rightly.
func rightly(t *testing.T, p *programme.Programme, path string) url.Values {
	t.Helper()
	a := attemptIn(t, p, path)
	items, err := p.Items(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for i, q := range a.Questions {
		for shown, option := range q.Order {
			if items[i].Options[option].Right {
				form.Add("q."+q.Item, q.Tokens[shown])
			}
		}
		form.Set("rev."+q.Item, fmt.Sprint(q.Saves))
		form.Set("seen."+q.Item, "1")
	}
	return form
}

// standingOf is what the data know of a person.
func standingOf(t *testing.T, p *programme.Programme, email string) (*people.Person, *programme.Standing) {
	t.Helper()
	who, err := p.People.ByEmail(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	st, err := p.StandingOf(t.Context(), who.ID)
	if err != nil {
		t.Fatal(err)
	}
	return who, st
}

// Of a hundred identical submits at two servers on one data file one takes
// place.
func TestHundredSubmits(t *testing.T) {
	data := t.TempDir()
	one, two := serve(t, "--demo", "--data", data), serve(t, "--demo", "--data", data)
	rep := signedIn(t, one, "rep@demo.test", demo.Password)
	submitsOnce(t, storeFlags{data: data}, rep, rep.begin(), one, two)
	one.stop()
	two.stop()
}

// submitsOnce hands in one sheet a hundred times, at several servers at once,
// for the first of the demo people, who is certified by it: there is one
// graded record and one certificate, and everybody is sent to the same result.
func submitsOnce(t *testing.T, flags storeFlags, rep *visitor, attempt string, servers ...*child) {
	t.Helper()
	p := records(t, flags, content.Sample())
	form := rightly(t, p, attempt)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range 100 {
		v := rep.at(servers[i%len(servers)])
		wg.Go(func() {
			<-start
			a, err := v.try(attempt+"/submit", form)
			if err != nil || a.status != http.StatusSeeOther || a.next != attempt+"/result" {
				t.Errorf("submit %d: %d to %q, %v, want 303 to the result", i, a.status, a.next, err)
			}
		})
	}
	close(start)
	wg.Wait()
	score := regexp.MustCompile(`(?:Passed|Failed|Not passed)[^<]* \d+ %`)
	for _, server := range servers {
		if _, body := rep.at(server).get(attempt + "/result"); score.FindString(body) != "Passed with 100 %" {
			t.Errorf("%s says the result is %q, want it passed with all points", server.url, score.FindString(body))
		}
		if !rep.at(server).shows("/quizzes/the-box-check", "1 of 3 used") {
			t.Errorf("%s does not say that a hundred submits used up one attempt", server.url)
		}
	}
	eventually(t, "the end of what the submit causes", func() bool { return len(attemptIn(t, p, attempt).Pending) == 0 })
	who, st := standingOf(t, p, "rep@demo.test")
	if tries := st.Evidence.Tries["the-box-check"]; len(tries) != 1 || tries[0].State != quiz.Graded || !tries[0].Passed {
		t.Errorf("a hundred submits left the tries %+v, want one that passed", tries)
	}
	if list, err := p.CertificatesOf(t.Context(), who.ID); err != nil || len(list) != 1 || len(st.Evidence.Held) != 1 {
		t.Errorf("a hundred submits left %d certificates, of which the record knows %d, %v; want one", len(list), len(st.Evidence.Held), err)
	}
}
