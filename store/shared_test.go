package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
)

func look(t *testing.T, c *store.Collection[note], id string) *note {
	t.Helper()
	a, none, err := store.Look2(t.Context(), c, id, c, "none")
	if err != nil || a == nil || none != nil {
		t.Fatalf("look at %q and none: got %v, %v, %v", id, a, none, err)
	}
	return a
}

// TestLookIsShared: who looks at the same bytes shares one value; who looks
// after a change by anybody, another process included, or after the document
// was made anew with the same revision, sees the change.
func TestLookIsShared(t *testing.T) {
	d := openFile(t)
	c, elsewhere := notes(t, d), notes(t, d)
	fresh := func(s state) *note {
		return &note{Meta: store.Meta{ID: "a"}, State: s, Due: time.Unix(0, 0).UTC(), ByPerson: map[string]time.Time{}}
	}
	if err := c.Insert(t.Context(), fresh("one")); err != nil {
		t.Fatal(err)
	}
	first := look(t, c, "a")
	if again := look(t, c, "a"); again != first {
		t.Error("the same bytes were decoded twice")
	}
	if read, err := c.Get(t.Context(), "a"); err != nil || read == first {
		t.Errorf("Get returns what others look at (%v)", err)
	}
	if _, err := elsewhere.Update(t.Context(), "a", func(n *note) error { n.State = "two"; return nil }); err != nil {
		t.Fatal(err)
	}
	if got := look(t, c, "a"); got.State != "two" || got.Rev != 2 || first.State != "one" {
		t.Errorf("after a change elsewhere: got %s, revision %d; who looked before sees %s", got.State, got.Rev, first.State)
	}
	if err := elsewhere.Delete(t.Context(), "a", 2); err != nil {
		t.Fatal(err)
	}
	if gone, _, err := store.Look2(t.Context(), c, "a", c, "none"); err != nil || gone != nil {
		t.Errorf("after a delete elsewhere: got %v, %v", gone, err)
	}
	if err := elsewhere.Insert(t.Context(), fresh("uno")); err != nil {
		t.Fatal(err)
	}
	if got := look(t, c, "a"); got.State != "uno" || got.Rev != 1 {
		t.Errorf("made anew with a revision seen before: got %s, revision %d", got.State, got.Rev)
	}
	if err := c.CheckShared(); err != nil {
		t.Errorf("nobody changed anything: %v", err)
	}
	look(t, c, "a").State = "three"
	if err := c.CheckShared(); err == nil || !strings.Contains(err.Error(), `notes "a" was changed by somebody who looked at it`) {
		t.Errorf("a change of what is shared: %v", err)
	}
}

// TestLookIsBounded: looking at many documents, and at large ones, gives each as
// it is, though not all are remembered.
func TestLookIsBounded(t *testing.T) {
	c := notes(t, openFile(t))
	const many = 4200
	for i := range many {
		n := &note{Meta: store.Meta{ID: fmt.Sprint("n", i)}, State: state(fmt.Sprint(i)), Due: time.Unix(0, 0).UTC()}
		if i%100 == 0 {
			n.ByPerson = map[string]time.Time{strings.Repeat("x", 20<<10): {}}
		}
		if err := c.Insert(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		for i := range many {
			if got := look(t, c, fmt.Sprint("n", i)); string(got.State) != fmt.Sprint(i) {
				t.Fatalf("document %d says %q", i, got.State)
			}
		}
	}
	if large := look(t, c, "n0"); large == look(t, c, "n0") {
		t.Error("a document of 20 KB is remembered")
	}
	if err := c.CheckShared(); err != nil {
		t.Error(err)
	}
}
