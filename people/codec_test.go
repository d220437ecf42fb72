package people

import (
	"testing"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/storetest"
)

// TestCodecs: what is kept of people is written and read as package bson does it.
func TestCodecs(t *testing.T) {
	t.Parallel()
	s := New(store.New(nil), Options{Cores: 1})
	t.Run("people", func(t *testing.T) { storetest.Codec(t, s.people) })
	t.Run("emails", func(t *testing.T) { storetest.Codec(t, s.claims) })
	t.Run("teams", func(t *testing.T) { storetest.Codec(t, s.teams) })
	t.Run("guards", func(t *testing.T) { storetest.Codec(t, s.guards) })
	t.Run("setup", func(t *testing.T) { storetest.Codec(t, s.setups) })
}
