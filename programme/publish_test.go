package programme_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/sqlitestore"
)

const boxFile = "courses/onboarding/10-the-box/80-check.quiz.md"

// inserted lists the documents that were inserted, as "items/id", in order.
func inserted(p *process) (ids []string) {
	p.hooks.mu.Lock()
	defer p.hooks.mu.Unlock()
	for _, c := range p.hooks.calls {
		if c.Op == "Insert" && c.Err == nil {
			ids = append(ids, c.Collection+"/"+c.ID)
		}
	}
	return ids
}

// revisionsOf lists the documents that publishing a library needs.
func revisionsOf(lib *content.Library) map[string]bool {
	need := map[string]bool{}
	for _, q := range lib.Quizzes() {
		need["quizzes/"+q.ID+"@"+q.Rev] = true
		for _, it := range q.Items {
			need["items/"+it.Rev] = true
		}
	}
	for _, c := range lib.Clauses() {
		need["clauses/"+c.ID+"@"+c.Rev] = true
	}
	for _, c := range lib.Certifications {
		need["certifications/"+c.ID+"@"+c.Rev] = true
	}
	return need
}

// TestPublish holds that every revision is written once, the release last;
// that publishing again reads one document and writes none; and that an edit
// writes what it changes and nothing else.
func TestPublish(t *testing.T) {
	p := newCompany(t).start(t)
	first := revisionsOf(p.Shelf.Library())
	ids := inserted(p)
	at := slices.Index(ids, "releases/"+p.Shelf.Library().Hash)
	if at != len(ids)-1 {
		t.Errorf("the release was written as number %d of %d, want last", at+1, len(ids))
	}
	written := map[string]bool{}
	for _, id := range ids[:max(at, 0)] {
		if coll, _, _ := strings.Cut(id, "/"); coll != "settings" {
			written[id] = true
		}
	}
	if diff := cmp.Diff(first, written); diff != "" || len(ids) != len(first)+2 {
		t.Errorf("%d inserts for %d revisions, a key and a release; -want, +got:\n%s", len(ids), len(first), diff)
	}
	writes, reads := p.counted(func() { p.ok("publish", p.Publish(p.ctx, p.Shelf.Library())) })
	if len(writes) != 0 || reads != 1 {
		t.Errorf("publish again: %d reads, writes %v, want 1 and none", reads, writes)
	}
	for _, test := range []struct {
		name  string
		tree  fs.FS
		fresh int // revisions
	}{
		{"an item's question", library(t, edit{boxFile, "Until when is", "Up to when is"}), 2},
		{"an item's key", library(t, edit{boxFile, "- [ ] Whatever closes the sale\n  > Operations would have to keep it.", "- [ ] Whatever closes the sale\n  > It can't be kept."}), 2},
		{"the rules of a quiz", library(t, edit{boxFile, "attempts: 3", "attempts: 4"}), 1},
		{"a clause", library(t, edit{"standard/together.md", "both sign", "both sign it"}), 1},
		{"a lesson, which is no revision", library(t, edit{"courses/onboarding/20-together/10-handoff.md", "Both sign", "Both sign it"}), 0},
		{"a certification", library(t, edit{"certifications/sell-rush.md", "valid: 6m", "valid: 7m"}), 1},
		{"back to the beginning", library(t), -1}, // not even a release
	} {
		p.counted(func() { p.reload(test.tree) })
		fresh := inserted(p)
		if len(fresh) != test.fresh+1 || len(fresh) > 0 && !strings.HasPrefix(fresh[len(fresh)-1], "releases/") {
			t.Errorf("%s: inserted %v, want %d revisions and the release", test.name, fresh, test.fresh)
		}
	}
}

// TestPublishInterrupted breaks off the first start at every write: the next
// start completes it, and nothing is served that the store doesn't know.
func TestPublishInterrupted(t *testing.T) {
	need := -1
	for call := 1; need < 0 || call <= need; call++ {
		c := newCompany(t)
		p, err := c.wire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.t = t
		p.ok("declare", p.store.Declare(p.ctx))
		var writes atomic.Int64
		p.hooks.set(func(c store.Call) error {
			if c.Write && writes.Add(1) >= int64(call) {
				return store.ErrUnavailable
			}
			return nil
		}, nil)
		if err := p.Open(p.ctx); err == nil {
			t.Fatalf("write %d fails, and the programme opens", call)
		}
		need = len(revisionsOf(p.Shelf.Library())) + 2
		p.stop()
		next := c.start(t)
		for id := range revisionsOf(next.Shelf.Library()) {
			checkStored(t, next, id)
		}
		checkStored(t, next, "releases/"+next.Shelf.Library().Hash)
	}
}

// raw is any document, for looking whether it is there.
type raw struct {
	store.Meta `bson:",inline"`
}

// checkStored holds that there is a document, named "items/id".
func checkStored(t *testing.T, p *process, name string) {
	t.Helper()
	for name, err := range lookUp(t, p, name) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// lookUp reads documents, named "items/id", from the file, past the programme.
func lookUp(t *testing.T, p *process, names ...string) map[string]error {
	t.Helper()
	driver, err := sqlitestore.Open(t.Context(), p.company.path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(driver)
	defer func() { p.ok("close", st.Close()) }()
	docs := map[string]*store.Collection[raw]{}
	for _, name := range names {
		if coll, _, _ := strings.Cut(name, "/"); docs[coll] == nil {
			docs[coll] = store.NewCollection[raw](st, store.Schema{Name: coll})
		}
	}
	p.ok("declare", st.Declare(t.Context()))
	found := map[string]error{}
	for _, name := range names {
		coll, id, _ := strings.Cut(name, "/")
		_, found[name] = docs[coll].Get(t.Context(), id)
	}
	return found
}

// TestReloadKeepsTheLastGood holds that neither a broken edit nor a store that
// can't be written puts anything before learners.
func TestReloadKeepsTheLastGood(t *testing.T) {
	p := newCompany(t).start(t)
	good := p.Shelf.Library()
	p.company.edit(library(t, edit{boxFile, "- [x] Four hours", "- [ ] Four hours"}))
	changed, err := p.Reload(p.ctx)
	if broken, _ := p.Shelf.Broken(); changed || err != nil || !broken || p.Shelf.Library() != good || len(p.Shelf.Findings()) == 0 {
		t.Errorf("a broken edit: changed %v, %v, broken %v, findings %v", changed, err, broken, p.Shelf.Findings())
	}
	p.company.edit(library(t, edit{boxFile, "Four hours", "Within four hours"}))
	p.hooks.set(func(c store.Call) error {
		if c.Write {
			return store.ErrUnavailable
		}
		return nil
	}, nil)
	if changed, err := p.Reload(p.ctx); changed || err == nil || p.Shelf.Library() != good {
		t.Errorf("a store that can't be written: changed %v, %v", changed, err)
	}
	p.hooks.set(nil, nil)
	changed, err = p.Reload(p.ctx)
	if broken, _ := p.Shelf.Broken(); !changed || err != nil || broken || p.Shelf.Library().Hash == good.Hash {
		t.Errorf("a good edit: changed %v, %v, broken %v", changed, err, broken)
	}
}

// TestRunningAttempt holds that an attempt goes on as it began, whatever
// becomes of the content: its items, its rules, its whole quiz.
func TestRunningAttempt(t *testing.T) {
	trees := map[string]fs.FS{}
	for i, tree := range variants(t) {
		trees[fmt.Sprint("variant ", i)] = tree
	}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCompany(t)
			p := c.start(t)
			ann := p.rep("Ann")
			box, hand := p.begin(ann, boxCheck), p.begin(ann, handoffCheck)
			before, err := p.Attempt(p.ctx, box)
			p.ok("read", err)
			right := p.answers(box, 0)
			_, conflicts, err := p.Save(p.ctx, ann, box, right[:2])
			p.ok("save", err)
			p.ok("save", conflict(conflicts))
			p.reload(trees[name])
			other := c.start(t) // with the new content only
			out, err := other.Submit(other.ctx, ann, box, right[2:])
			other.ok("submit", err)
			if r := out.Attempt.Result; !r.Passed || r.Percent != 100 || out.Attempt.QuizRev != before.QuizRev || out.Attempt.Release != before.Release {
				t.Errorf("the result is %+v of %s, want 100%% of the quiz as it was", r, out.Attempt.QuizRev)
			}
			checkRegrade(t, other, out.Attempt)
			if _, err := other.Submit(other.ctx, ann, hand, other.answers(hand, 0)); err != nil {
				t.Errorf("submit the other: %v", err)
			}
			other.drain()
			checkSettled(t, other, ann)
		})
	}
}

// TestPublishDatedFigure holds that an attempt can be graded when the only
// thing that changed was the day, and with it a figure in an item: the
// sources, and so the release, are the same.
func TestPublishDatedFigure(t *testing.T) {
	c := newCompany(t)
	c.at(time.Date(2027, time.January, 3, 12, 0, 0, 0, time.UTC))
	all := edit{boxFile, "draw: 4", "draw: 6"}
	c.edit(library(t, all))
	p := c.start(t)
	before := p.Shelf.Library()
	c.pass(day)
	p.reload(library(t, all))
	after := p.Shelf.Library()
	if before.Hash != after.Hash || before.Day == after.Day {
		t.Fatalf("the library went from %s on %v to %s on %v", before.Hash, before.Day, after.Hash, after.Day)
	}
	if before.Quiz(boxCheck).Items[0].Rev == after.Quiz(boxCheck).Items[0].Rev {
		t.Fatal("the item does not show the figure, so this test shows nothing")
	}
	ann := p.rep("Ann")
	attempt := p.begin(ann, boxCheck)
	// Another process, with nothing in memory, grades it.
	other := c.start(t)
	c.edit(library(t, all, edit{boxFile, "By noon", "By noon, or not"}))
	if _, err := other.Reload(other.ctx); err != nil {
		t.Fatal(err)
	}
	out, err := other.Submit(other.ctx, ann, attempt, other.answers(attempt, 0))
	if err != nil || !out.Attempt.Result.Passed {
		t.Errorf("submit: %+v, %v, want a pass", out, err)
	}
}

// TestTwoKeys holds that two processes that start on a new file at once agree
// on the key, and so on every id.
func TestTwoKeys(t *testing.T) {
	const person = "annabelle-from-springfield" // nothing that letters drawn at random would spell
	c := newCompany(t)
	servers, errs := together(4, func(int) (*process, error) {
		p, err := c.wire(context.WithoutCancel(t.Context()))
		if err == nil {
			err = p.store.Declare(p.ctx)
		}
		if err == nil {
			err = p.Open(p.ctx)
		}
		return p, err
	})
	var id string
	for i, p := range servers {
		if errs[i] != nil {
			t.Fatalf("start at once: %v", errs[i])
		}
		p.t = t
		if got := p.begin(person, boxCheck); id != "" && got != id {
			t.Errorf("process %d has the attempt %s, want %s", i, got, id)
		} else {
			id = got
		}
		p.stop()
	}
	cause, begins := strings.CutPrefix(id, person+"_")
	if !begins || len(cause) != 26 || strings.Contains(cause, person) {
		t.Errorf("the id %q, want the person, and 26 characters that tell nothing", id)
	}
	if other := newCompany(t).start(t).begin(person, boxCheck); other == id {
		t.Error("another installation has the same ids")
	}
}

// TestLongHeading holds that a clause with a very long heading can be
// published: its id alone is longer than a document's may be.
func TestLongHeading(t *testing.T) {
	heading := "Orders " + strings.Repeat("very ", 60) + "late"
	anchor := strings.ReplaceAll(strings.ToLower(heading), " ", "-")
	c := newCompany(t)
	c.edit(library(t, edit{"standard/together.md", "Half an hour, and both sign.", "Half an hour, and both sign.\n\n## " + heading + "\n\nNever.\n"},
		edit{"courses/onboarding/20-together/10-handoff.md", "[together/handoff]", "[together/handoff, together/" + anchor + "]"},
		edit{boxFile, "`q-noon` · covers", "`q-noon` · covers [late](../../../standard/together.md#" + anchor + "), "}))
	p := c.start(t)
	writes, reads := p.counted(func() { p.ok("publish", p.Publish(p.ctx, p.Shelf.Library())) })
	if p.Shelf.Library().Clause("together/"+anchor) == nil || len(writes) != 0 || reads != 1 {
		t.Errorf("publish again: %d reads, writes %v", reads, writes)
	}
}
