package programme_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/standard"
	"github.com/insidebox/insidebox/store"
)

// TestMentionWaits: a comment that names somebody waits for her until she says that she
// has seen it, or says anything herself; named once more it waits again. What she says
// of a page without the comment says nothing of it.
func TestMentionWaits(t *testing.T) {
	company := newCompany(t)
	c := newChannel(company.start(t))
	q := c.raise("one", "")
	c.allSpeak(q.ID)
	says := func(text string, n int) { c.ok("comment", c.Comment(c.ctx, c.ann, q.ID, text, n)) }
	wait := func(when string, want ...string) {
		t.Helper()
		if got := c.waits(c.sam); !cmp.Equal(got, want) {
			t.Errorf("%s: %v waits, want %v", when, got, want)
		}
	}
	c.ok("comment on herself", c.Comment(c.ctx, c.sam, q.ID, "I am @Sam.", 0))
	wait("named by herself")
	says("Nobody in particular.", 0)
	wait("not named")
	says("What do you say, @Sam?", 1)
	wait("named", "mention")
	c.ok("see an older page", c.See(c.ctx, c.sam, q.ID, 2))
	wait("seen without the comment", "mention")
	writes, _ := c.counted(func() { c.ok("see", c.See(c.ctx, c.sam, q.ID, 3)) })
	if !cmp.Equal(writes, []string{"replace requests", "replace tidings", "replace requests"}) {
		t.Errorf("to see writes %v", writes)
	}
	if writes, _ = c.counted(func() { c.ok("see again", c.See(c.ctx, c.sam, q.ID, 3)) }); len(writes) > 0 {
		t.Errorf("to see again writes %v", writes)
	}
	wait("seen")
	c.is("see what one is not named in", c.See(c.ctx, c.eve, q.ID, 3), programme.ErrForbidden)
	says("And now, @Sam?", 2)
	wait("named once more", "mention")
	c.ok("answer", c.Comment(c.ctx, c.sam, q.ID, "Fine.", 1))
	wait("answered")
	says("@Sam and @Cara, thank you.", 3)
	c.ok("speak", c.Speak(c.ctx, c.sam, q.ID, standard.Voice{Function: standard.Sales, Stand: standard.Support, Changes: "Less."}, 1))
	wait("spoken")
	if got := c.waits(c.cara); !cmp.Equal(got, []string{"mention"}) {
		t.Errorf("for the other who was named %v waits", got)
	}
	_, err := c.People.Disable(c.ctx, c.sam.ID)
	c.ok("disable", err)
	says("Farewell, @Sam.", 4)
	if stored, err := c.Request(c.ctx, q.ID); err != nil || len(stored.Comments[len(stored.Comments)-1].Mentions) > 0 {
		t.Errorf("who has left is named: %+v, %v", stored.Comments, err)
	}
}

// TestMentionTold: the telling fails, and the outbox tells; what was seen meanwhile
// stays so, and a decision at the same time loses nothing.
func TestMentionTold(t *testing.T) {
	company := newCompany(t)
	c := newChannel(company.start(t))
	q := c.raise("one", "")
	c.allSpeak(q.ID)
	c.ok("delegate", c.Delegate(c.ctx, c.olu, q.ID, c.ola, 0))
	c.hooks.set(func(call store.Call) error {
		if call.Collection == "tidings" {
			return store.ErrUnavailable
		}
		return nil
	}, nil)
	c.ok("comment", c.Comment(c.ctx, c.ann, q.ID, "@Cara, @Sam and @Ola, look.", 0))
	company.pass(time.Minute)
	c.ok("see", c.See(c.ctx, c.cara, q.ID, 1))
	c.ok("decide", c.Decide(c.ctx, c.olu, q.ID, standard.Decision{Outcome: standard.Declined, Reason: "r", Instead: "i"}, 3))
	c.hooks.set(nil, nil)
	if got := c.waits(c.sam); got != nil {
		t.Errorf("the telling did not fail: %v", got)
	}
	c.drain()
	if got := [][]string{c.waits(c.sam), c.waits(c.cara), c.waits(c.ola)}; !cmp.Equal(got, [][]string{{"acknowledgement"}, {"acknowledgement"}, {"mention"}}) {
		t.Errorf("it waits for %v", got)
	}
	c.ok("acknowledge", c.Acknowledge(c.ctx, c.sam, q.ID))
	if got := c.waits(c.sam); got != nil {
		t.Errorf("who has acknowledged is named all the same: %v", got)
	}
	stored, err := c.Request(c.ctx, q.ID)
	c.ok("read", err)
	if len(stored.Pending) > 0 || len(stored.Calls()) != 3 {
		t.Errorf("left over: %v, %v", stored.Pending, stored.Calls())
	}
	if err := c.See(c.ctx, c.sam, "nothing", 1); !errors.Is(err, programme.ErrNotFound) {
		t.Errorf("see nothing: %v", err)
	}
}

// TestNamesOfNobody: a comment full of names that nobody has makes the store look a
// bounded number of times, and one that is too long not at all.
func TestNamesOfNobody(t *testing.T) {
	company := newCompany(t)
	c := newChannel(company.start(t))
	q := c.raise("one", "")
	c.allSpeak(q.ID)
	var wrong standard.Invalids
	_, plain := c.counted(func() { c.ok("comment", c.Comment(c.ctx, c.ann, q.ID, "Nobody.", 0)) })
	_, named := c.counted(func() {
		c.ok("comment", c.Comment(c.ctx, c.ann, q.ID, "@Sam, "+strings.Repeat("@q a ", 300), 1))
	})
	if most := 70; named-plain > most {
		t.Errorf("a comment with 300 names of nobody reads %d times more than one without names, want at most %d", named-plain, most)
	}
	_, reads := c.counted(func() {
		if err := c.Comment(c.ctx, c.ann, q.ID, strings.Repeat("@q a ", 500), 2); !errors.As(err, &wrong) || wrong[0].Code != "long" {
			t.Errorf("a comment that is too long: %v", err)
		}
	})
	if reads > plain {
		t.Errorf("a comment that is too long reads %d times, one that is kept %d times", reads, plain)
	}
	if got := c.waits(c.sam); !slices.Contains(got, "mention") {
		t.Errorf("who was named before them: %v waits", got)
	}
}
