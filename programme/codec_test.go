package programme

import (
	"testing"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/storetest"
)

// TestCodecs: what the programme keeps is written and read as package bson does it.
func TestCodecs(t *testing.T) {
	t.Parallel()
	p := New(store.New(nil), nil, nil, Options{})
	for name, test := range map[string]func(*testing.T){
		"attempts":       func(t *testing.T) { storetest.Codec(t, p.attempts) },
		"records":        func(t *testing.T) { storetest.Codec(t, p.records) },
		"certificates":   func(t *testing.T) { storetest.Codec(t, p.certificates) },
		"settings":       func(t *testing.T) { storetest.Codec(t, p.settings) },
		"accounts":       func(t *testing.T) { storetest.Codec(t, p.accounts) },
		"handoffs":       func(t *testing.T) { storetest.Codec(t, p.handoffs) },
		"requests":       func(t *testing.T) { storetest.Codec(t, p.requests) },
		"rulings":        func(t *testing.T) { storetest.Codec(t, p.rulings) },
		"tidings":        func(t *testing.T) { storetest.Codec(t, p.tidings) },
		"items":          func(t *testing.T) { storetest.Codec(t, p.revisions.items) },
		"clauses":        func(t *testing.T) { storetest.Codec(t, p.revisions.clauses) },
		"quizzes":        func(t *testing.T) { storetest.Codec(t, p.revisions.quizzes) },
		"scenarios":      func(t *testing.T) { storetest.Codec(t, p.revisions.scenarios) },
		"certifications": func(t *testing.T) { storetest.Codec(t, p.revisions.certifications) },
		"releases":       func(t *testing.T) { storetest.Codec(t, p.revisions.releases) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}
