package quiz

import (
	"testing"
	"time"
)

func TestRevisionCoversEveryField(t *testing.T) {
	base := func() *Item {
		return &Item{
			ID: "q-1", Kind: Multiple, Title: "T", Clauses: []string{"a/b", "a/c"}, Stem: "S",
			Options: []Option{{"one", true, ""}, {"two", false, "no"}}, Feedback: "F",
		}
	}
	seen := map[string]string{base().Revision(): "the item itself"}
	for name, change := range map[string]func(*Item){
		"id":              func(it *Item) { it.ID = "q-2" },
		"kind":            func(it *Item) { it.Kind = Single },
		"title":           func(it *Item) { it.Title = "U" },
		"critical":        func(it *Item) { it.Critical = true },
		"partial":         func(it *Item) { it.Partial = true },
		"clauses":         func(it *Item) { it.Clauses = []string{"a/b"} },
		"clauses joined":  func(it *Item) { it.Clauses = []string{"a/ba/c"} },
		"stem":            func(it *Item) { it.Stem = "R" },
		"text into title": func(it *Item) { it.Title, it.Stem = "TS", "" },
		"option":          func(it *Item) { it.Options[0].Text = "won" },
		"key":             func(it *Item) { it.Options[1].Right = true },
		"reason":          func(it *Item) { it.Options[1].Reason = "never" },
		"reason moved":    func(it *Item) { it.Options[0].Reason, it.Options[1].Reason = "no", "" },
		"order":           func(it *Item) { it.Options[0], it.Options[1] = it.Options[1], it.Options[0] },
		"fewer options":   func(it *Item) { it.Options = it.Options[:1] },
		"feedback":        func(it *Item) { it.Feedback = "" },
	} {
		it := base()
		change(it)
		rev := it.Revision()
		if before, ok := seen[rev]; ok {
			t.Errorf("%s has the revision of %s", name, before)
		}
		seen[rev] = name
	}
	it := base().Seal()
	if it.Rev != base().Revision() || it.Revision() != it.Rev {
		t.Error("sealing changes the revision")
	}
}

// The encoding is for ever, since records name revisions. The figure was
// worked out apart from this code, from the encoding as it is described.
func TestRevisionIsStable(t *testing.T) {
	it := &Item{ID: "q-1", Kind: Single, Title: "T", Clauses: []string{"a/b"}, Stem: "S", Options: []Option{{"x", true, ""}, {"y", false, "z"}}}
	const want = "dfd1dd63c2ebde8ddf711c6ad9bf63fe6f4e9b6e418529ea4eaad63bb627c983"
	if got := it.Revision(); got != want {
		t.Errorf("revision is %s, want %s", got, want)
	}
}

func TestQuizRevision(t *testing.T) {
	base := func() *Quiz {
		return &Quiz{ID: "q", Title: "T", Pass: 80, Attempts: 3, Cooldown: []time.Duration{time.Hour}, Feedback: FeedbackHints, Items: []*Item{single("i1", 3, "a/b"), single("i2", 3, "a/c")}}
	}
	rev := base().Seal().Rev
	for name, change := range map[string]func(*Quiz){
		"id": func(q *Quiz) { q.ID = "r" }, "title": func(q *Quiz) { q.Title = "U" }, "intro": func(q *Quiz) { q.Intro = "I" },
		"pass": func(q *Quiz) { q.Pass = 81 }, "draw": func(q *Quiz) { q.Draw = 1 }, "open": func(q *Quiz) { q.Open = true },
		"attempts": func(q *Quiz) { q.Attempts = 0 }, "cool-down": func(q *Quiz) { q.Cooldown[0]++ }, "feedback": func(q *Quiz) { q.Feedback = FeedbackNone },
		"an item's key": func(q *Quiz) { q.Items[1].Options[1].Right = true }, "order": func(q *Quiz) { q.Items[0], q.Items[1] = q.Items[1], q.Items[0] },
	} {
		q := base()
		change(q)
		if q.Seal().Rev == rev {
			t.Errorf("a change of %s does not change the revision", name)
		}
	}
	if base().Seal().Rev != rev {
		t.Error("the same quiz has two revisions")
	}
}
