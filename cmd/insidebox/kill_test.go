package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/quiz"
)

// kills is how often TestKilledUnderLoad kills a server; "make soak" does it
// more often.
var kills = flag.Int("kills", 4, "how many servers are killed under load")

// A rider works at a server that is killed again and again, and remembers what
// it was told is done and what was under way when the server died.
type rider struct {
	*visitor
	email string

	attempt string                      // the open one; empty when none was confirmed
	chosen  map[int]int                 // choices that were confirmed, by question
	doubt   [2]int                      // question and choice of a save that got no answer; -1 when none did
	saves   int                         // saves since the start of the attempt
	graded  []string                    // attempts whose submit was confirmed
	unsure  bool                        // a submit got no answer
	read    bool                        // the lesson, as confirmed
	reading bool                        // a change of that got no answer
	told    func(a answered, err error) // of every request
}

// errDied is what a rider's day ends with.
var errDied = fmt.Errorf("the server died")

// ride does the next thing, one that the draw names; an error is the server's
// death.
func (r *rider) ride(random *rand.Rand) error {
	switch {
	case r.attempt == "":
		return r.start()
	case r.saves >= 4 && random.IntN(3) == 0:
		return r.submit()
	case random.IntN(6) == 0:
		return r.turnPage()
	default:
		return r.save(random)
	}
}

// ask is try, and holds that a living server answers as it should.
func (r *rider) ask(path string, form url.Values, want int) (answered, error) {
	a, err := r.try(path, form)
	r.told(a, err)
	if err != nil {
		return a, errDied
	}
	if a.status != want {
		r.t.Errorf("%s: %s is answered %d, want %d", r.email, path, a.status, want)
		return a, errDied
	}
	return a, nil
}

func (r *rider) start() error {
	a, err := r.ask("/quizzes/the-box-check/attempts", url.Values{}, http.StatusSeeOther)
	if err != nil {
		return err
	}
	r.attempt, r.chosen, r.saves = a.next, map[int]int{}, 0
	return nil
}

func (r *rider) save(random *rand.Rand) error {
	sheet, err := r.ask(r.attempt, nil, http.StatusOK)
	if err != nil {
		return err
	}
	question := random.IntN(len(sheet.radiosInLine))
	choice := random.IntN(len(sheet.radios[sheet.radiosInLine[question]]))
	form, _ := sheet.choose(question, choice)
	r.doubt = [2]int{question, choice}
	if _, err := r.ask(r.attempt+"/answers", form, http.StatusSeeOther); err != nil {
		return err
	}
	r.chosen[question], r.doubt = choice, [2]int{-1, -1}
	r.saves++
	return nil
}

func (r *rider) submit() error {
	r.unsure = true
	if _, err := r.ask(r.attempt+"/submit", url.Values{}, http.StatusSeeOther); err != nil {
		return err
	}
	r.graded = append(r.graded, r.attempt)
	r.unsure, r.attempt = false, ""
	return nil
}

func (r *rider) turnPage() error {
	form := url.Values{}
	if r.read {
		form.Set("undo", "1")
	}
	r.reading = true
	if _, err := r.ask(lesson+"/done", form, http.StatusSeeOther); err != nil {
		return err
	}
	r.reading, r.read = false, !r.read
	return nil
}

// lookBack compares what is there after a restart with what was confirmed, and
// takes over what turned out of the requests that got no answer.
func (r *rider) lookBack() {
	r.t.Helper()
	if r.attempt != "" {
		r.lookAtSheet()
	}
	r.saves = len(r.chosen)
	read := r.shows(lesson, `<input type="hidden" name="undo" value="1">`)
	if read != r.read && !r.reading {
		r.t.Errorf("%s: the lesson is read: %v, confirmed was %v", r.email, read, r.read)
	}
	r.read, r.reading = read, false
}

func (r *rider) lookAtSheet() {
	r.t.Helper()
	a := r.must(r.try(r.attempt, nil))
	if a.status == http.StatusSeeOther && a.next == r.attempt+"/result" && r.unsure {
		r.graded, r.attempt, r.unsure, r.doubt = append(r.graded, r.attempt), "", false, [2]int{-1, -1}
		return
	}
	if a.status != http.StatusOK {
		r.t.Errorf("%s: the attempt %s that was begun: %d to %q", r.email, r.attempt, a.status, a.next)
		return
	}
	for question := range a.radiosInLine {
		confirmed, any := r.chosen[question]
		stands := -1
		for choice := range a.radios[a.radiosInLine[question]] {
			if _, checked := a.choose(question, choice); strings.Contains(a.body, checked) {
				stands = choice
			}
		}
		switch {
		case any && stands == confirmed, !any && stands < 0:
		case r.doubt == [2]int{question, stands}:
			r.chosen[question] = stands
		default:
			r.t.Errorf("%s: question %d stands at choice %d; confirmed was %v %d, in doubt %v", r.email, question, stands, any, confirmed, r.doubt)
		}
	}
	r.unsure, r.doubt = false, [2]int{-1, -1}
}

// endless is the sample library with a quiz that may be tried without end.
func endless(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "library")
	if err := os.CopyFS(dir, content.Sample()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "courses/onboarding/10-the-box/80-check.quiz.md")
	text := regexp.MustCompile(`(?m)^(attempts|cooldown):.*\n`).ReplaceAllString(read(t, file), "")
	write(t, file, text)
	return dir
}

// riders are people who work at the server, signed in once.
func riders(t *testing.T, c *child, data string, n int) (list []*rider) {
	t.Helper()
	for i := range n {
		email := fmt.Sprintf("rider%d@example.com", i)
		said := succeeds(t, "people", "add", email, "--first", "Rita", "--last", fmt.Sprint("Nr ", i), "--data", data, "--base-url", c.url)
		v := newVisitor(t, c)
		link := v.here(regexp.MustCompile(`http://\S+`).FindString(said))
		if status, _ := v.post(link, "password", "a long walk by the lake"); status != http.StatusSeeOther {
			t.Fatalf("set a password: %d", status)
		}
		list = append(list, &rider{visitor: v, email: email, doubt: [2]int{-1, -1}})
	}
	return list
}

// TestKilledUnderLoad kills whole servers in the middle of people's work, each
// after another number of answers, and starts the next one on the same file:
// nobody is signed out, everything that was answered is there, and what was
// not is there whole or not at all.
func TestKilledUnderLoad(t *testing.T) {
	data, dir := t.TempDir(), endless(t)
	random := rand.New(rand.NewPCG(1, uint64(*kills)))
	args := []string{"--data", data, "--content", dir}
	c := serve(t, args...)
	all := riders(t, c, data, 6)
	answers := 0
	for round := range *kills {
		after := int64(1 + random.IntN(150))
		answers += killUnder(t, c, all, after, random.Uint64())
		c = serve(t, args...)
		for _, r := range all {
			r.base = c.url
			r.lookBack()
		}
		if t.Failed() {
			t.Fatalf("in round %d, killed after %d answers", round, after)
		}
	}
	p, graded := records(t, storeFlags{data: data}, os.DirFS(dir)), 0
	eventually(t, "the end of what is pending", func() bool { more, err := p.Drain(t.Context()); return !more && err == nil })
	for _, r := range all {
		graded += len(r.graded)
		checkRidden(t, p, r)
	}
	c.stop()
	t.Logf("%d kills, %d answers, %d attempts graded", *kills, answers, graded)
}

// killUnder lets the riders work at a server and kills it after so many
// answers; it returns how many came.
func killUnder(t *testing.T, c *child, all []*rider, after int64, seed uint64) int {
	t.Helper()
	var answers atomic.Int64
	var wg sync.WaitGroup
	for i, r := range all {
		r.told = func(_ answered, err error) {
			if err == nil && answers.Add(1) == after {
				_ = c.cmd.Process.Kill()
			}
		}
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		wg.Go(func() {
			for r.ride(random) == nil {
			}
		})
	}
	wg.Wait()
	if _ = c.end(); c.cmd.ProcessState.Exited() {
		t.Errorf("the server ended by itself: %s", c.cmd.ProcessState)
	}
	return int(answers.Load())
}

// checkRidden holds the data against what a rider was told in all rounds.
func checkRidden(t *testing.T, p *programme.Programme, r *rider) {
	t.Helper()
	_, st := standingOf(t, p, r.email)
	tries := st.Evidence.Tries["the-box-check"]
	open := 0
	for _, try := range tries {
		if try.State == quiz.Open {
			open++
		}
	}
	if len(tries)-open != len(r.graded) || open > 1 || r.attempt != "" && open != 1 {
		t.Errorf("%s: %d tries, %d of them open; confirmed were %d and the open one %q", r.email, len(tries), open, len(r.graded), r.attempt)
	}
	for _, path := range r.graded {
		a := attemptIn(t, p, path)
		if again, err := quiz.Regrade(&a.Attempt, p.Lookup(t.Context())); err != nil || a.Result == nil || again.Score != a.Result.Score {
			t.Errorf("%s: graded again, %s gives %+v, %v; stored is %+v", r.email, path, again, err, a.Result)
		}
	}
}
