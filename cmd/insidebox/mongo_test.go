package main

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// standalone are the flags that the MongoDB of the tests needs.
func standalone() []string {
	if mongoServer.Genuine {
		return nil
	}
	return []string{"--allow-standalone"}
}

// onMongo starts a server on a MongoDB.
func onMongo(t testing.TB, uri string) *child {
	t.Helper()
	return serve(t, append([]string{"--demo", "--store", uri}, standalone()...)...)
}

// demoInMongo brings the demo people into a new database, by way of a file:
// every start on it is one on data that are there.
func demoInMongo(t testing.TB) string {
	t.Helper()
	uri := mongoServer.Database(t)
	bringDemo(t, uri)
	return uri
}

func bringDemo(t testing.TB, uri string) {
	t.Helper()
	data := t.TempDir()
	serve(t, "--demo", "--data", data).stop()
	succeeds(t, append([]string{"copy", "--from", filepath.Join(data, "insidebox.db"), "--to", uri}, standalone()...)...)
}

// patient gives an address longer limits: a hundred requests at once are many
// for a server that does one command at a time.
func patient(t testing.TB, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("serverSelectionTimeoutMS", "50000")
	q.Set("timeoutMS", "55000")
	u.RawQuery = q.Encode()
	return u.String()
}

// Two servers on one MongoDB behind one client.
func TestTwoServersOnMongo(t *testing.T) {
	mongoServer.Need(t)
	uri := patient(t, demoInMongo(t))
	one, two := onMongo(t, uri), onMongo(t, uri)

	t.Run("the quiz path in turns", func(t *testing.T) {
		rep := signedIn(t, one, "rep@demo.test", demo.Password)
		attempt := rep.begin()
		if again := rep.at(two).begin(); again != attempt {
			t.Errorf("the other server starts another attempt: %s, not %s", again, attempt)
		}
		for i := range 6 {
			servers := [2]*child{one, two}
			here, there := rep.at(servers[i%2]), rep.at(servers[(i+1)%2])
			form, checked := here.fill(attempt, i)
			if a := here.send(attempt+"/answers", form); a.status != http.StatusSeeOther {
				t.Fatalf("answer %d: %d", i, a.status)
			}
			if !there.shows(attempt, checked) || !there.shows(attempt, fmt.Sprintf("%d of 17 answered", i+1)) {
				t.Errorf("answer %d is not there at the other server", i)
			}
		}
		submitsOnce(t, storeFlags{store: uri, standalone: !mongoServer.Genuine}, rep, attempt, one, two)
	})
	t.Run("a lesson read at one is read at the other", func(t *testing.T) {
		rep := signedIn(t, one, "rep@demo.test", demo.Password)
		const done = `<input type="hidden" name="undo" value="1">` // only who has read it can take that back
		if rep.shows(lesson, done) || rep.at(two).shows(lesson, done) {
			t.Fatal("the lesson counts as read before it was")
		}
		if status, _ := rep.post(lesson + "/done"); status != http.StatusSeeOther {
			t.Fatalf("mark it read: %d", status)
		}
		if !rep.at(two).shows(lesson, done) {
			t.Error("it is not read at the other server")
		}
	})
	t.Run("what is pending is done once, by one of them", func(t *testing.T) {
		failQuiz(t, two, "rep11@demo.test", "June Abara")
		// While the wire server was busy with a hundred submits, the lease may have run
		// out and passed to the other one; who had it sees that a moment later.
		eventually(t, "one server that holds the lease, and one that does not", func() bool { return one.held() != two.held() })
	})
	t.Run("a sign-out at one holds at the other", func(t *testing.T) {
		ana := signedIn(t, one, "rep2@demo.test", demo.Password)
		if !ana.at(two).shows("/", "Hello, Ana") {
			t.Error("the session does not hold at the other server")
		}
		cookies := ana.client.Jar
		if status, _ := ana.at(two).post("/logout"); status != http.StatusSeeOther {
			t.Fatalf("sign out: %d", status)
		}
		ana.client.Jar = cookies
		if status, _ := ana.get("/"); status != http.StatusSeeOther {
			t.Errorf("after she signed out at the other server: %d, want 303 to the sign-in page", status)
		}
	})
	t.Run("a role taken away is gone at both", func(t *testing.T) {
		mara := signedIn(t, one, "manager@demo.test", demo.Password)
		if status, _ := mara.at(two).get("/team"); status != http.StatusOK {
			t.Fatalf("the board, before: %d", status)
		}
		file := filepath.Join(t.TempDir(), "people.csv")
		write(t, file, "username,firstname,lastname,email,roles\nmanager@demo.test,Mara,Kendrick,manager@demo.test,rep\n")
		succeeds(t, append([]string{"people", "import", file, "--store", uri}, standalone()...)...)
		for _, c := range []*child{one, two} {
			if status, _ := mara.at(c).get("/team"); status != http.StatusForbidden {
				t.Errorf("the board, after: %d, want 403", status)
			}
		}
	})
	one.stop()
	two.stop()
}

// A server whose MongoDB is away at the start is alive and not ready, and takes
// it when it comes.
func TestMongoAwayAtStart(t *testing.T) {
	mongoServer.Need(t)
	uri, proxy := demoInMongo(t), mongoServer.NewProxy(t)
	proxy.Cut()
	through := proxy.Through(t, uri) + "&serverSelectionTimeoutMS=200"
	c := begin(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--demo", "--store", through}, standalone()...)...)
	eventually(t, "the server's address", func() bool {
		c.mustLive()
		return c.findURL()
	})
	v := newVisitor(t, c)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/login": 200, "/static/nothing.css": 404} {
		if status, _ := v.get(path); status != want {
			t.Errorf("%s while the store is away: %d, want %d", path, status, want)
		}
	}
	a := v.send("/login", url.Values{"email": {"rep@demo.test"}, "password": {demo.Password}})
	if a.status != http.StatusServiceUnavailable || a.retry == "" || !strings.Contains(a.body, "</html>") {
		t.Errorf("signing in while the store is away: %d, Retry-After %q", a.status, a.retry)
	}
	proxy.Mend()
	eventually(t, "readiness", func() bool {
		c.mustLive()
		status, _ := v.get("/readyz")
		return status == http.StatusOK
	})
	signedIn(t, c, "rep@demo.test", demo.Password)
	c.stop()
}

// What goes wrong between a server and its MongoDB in the middle of a request:
// nobody is told that something was done which was not, nothing is lost, and
// when the database is back the truth is shown.
func TestMongoFailsMidRequest(t *testing.T) {
	mongoServer.Need(t)
	uri, proxy := demoInMongo(t), mongoServer.NewProxy(t)
	through := proxy.Through(t, uri) + "&timeoutMS=1500"
	c, direct := onMongo(t, through), onMongo(t, uri)
	rep := signedIn(t, direct, "rep@demo.test", demo.Password)
	attempt := rep.begin()
	back := func() {
		t.Helper()
		proxy.Mend()
		eventually(t, "readiness", func() bool { status, _ := rep.at(c).get("/readyz"); return status == http.StatusOK })
	}
	question := 0
	for _, command := range []string{"find", "update"} {
		for name, fault := range map[string]mongotest.Fault{
			"cut before": mongotest.CutBefore, "cut after": mongotest.CutAfter, "truncated": mongotest.Truncate,
			"no answer": mongotest.NoAnswer, "not the primary": mongotest.NotPrimary, "stepped down": mongotest.SteppedDown,
		} {
			t.Run("an answer, "+command+" "+name, func(t *testing.T) {
				form, checked := rep.fill(attempt, question)
				question++
				came := make(chan struct{})
				var once sync.Once
				proxy.Judge(func(command2 string, body bson.Raw) mongotest.Fault {
					if coll, _ := body.Lookup(command2).StringValueOK(); command2 != command || coll != "attempts" {
						return mongotest.None
					}
					once.Do(func() { close(came) })
					return fault
				})
				a := rep.at(c).send(attempt+"/answers", form)
				<-came
				saved := rep.shows(attempt, checked)
				switch {
				case a.status == http.StatusSeeOther && saved:
				case a.status == http.StatusServiceUnavailable && a.retry != "":
					for field := range form {
						if a.fields.Get(field) != form.Get(field) {
							t.Errorf("the form does not come back: %s is %q, want %q", field, a.fields.Get(field), form.Get(field))
						}
					}
				default:
					t.Errorf("answered %d (Retry-After %q), and the answer is saved: %v", a.status, a.retry, saved)
				}
				back()
				if again := rep.at(c).send(attempt+"/answers", form); again.status != http.StatusSeeOther || !rep.shows(attempt, checked) {
					t.Errorf("sent again: %d, want it saved", again.status)
				}
			})
		}
	}
	t.Run("pages without the store", func(t *testing.T) {
		proxy.Cut()
		for path, want := range map[string]int{"/healthz": 200, "/login": 200, "/readyz": 503} {
			if status, _ := newVisitor(t, c).get(path); status != want {
				t.Errorf("%s: %d, want %d", path, status, want)
			}
		}
		back()
	})
	// The same attempt is handed in under one fault after the other, the last of
	// which does it and loses the answer.
	for _, fault := range []mongotest.Fault{mongotest.CutBefore, mongotest.NotPrimary, mongotest.CutAfter} {
		var once sync.Once // the first write of an attempt; the jobs' lease is written all the time
		proxy.Judge(func(command string, body bson.Raw) (met mongotest.Fault) {
			if coll, _ := body.Lookup(command).StringValueOK(); command == "update" && coll == "attempts" {
				once.Do(func() { met = fault })
			}
			return met
		})
		a := rep.at(c).send(attempt+"/submit", nil)
		status, _ := rep.get(attempt + "/result")
		done := status == http.StatusOK
		if !(a.status == http.StatusSeeOther && done) && a.status != http.StatusServiceUnavailable {
			t.Errorf("submit under fault %d: %d, and it is handed in: %v", fault, a.status, done)
		}
		if strings.Contains(a.body, "submitted") || fault == mongotest.CutAfter && !done || !mongoServer.Genuine && fault != mongotest.CutAfter && done {
			t.Errorf("submit under fault %d: handed in is %v, and the page says:\n%s", fault, done, a.body)
		}
		back()
	}
	if a := rep.at(c).send(attempt+"/submit", nil); a.status != http.StatusSeeOther || a.next != attempt+"/result" {
		t.Errorf("submit once more: %d to %q, want 303 to the result", a.status, a.next)
	}
	if !rep.shows("/quizzes/the-box-check", "1 of 3 used") {
		t.Error("it is not one attempt with one result")
	}
	c.stop()
	direct.stop()
}
