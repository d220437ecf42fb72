package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/storetest"
)

func open(t *testing.T) store.Driver {
	return openAt(t, filepath.Join(t.TempDir(), "insidebox.db"))
}

func TestPromises(t *testing.T)    { storetest.Run(t, open) }
func TestConcurrency(t *testing.T) { storetest.RunConcurrent(t, open) }

func TestSource(t *testing.T) {
	storetest.RunSource(t, func(t *testing.T) store.Source { return openAt(t, filepath.Join(t.TempDir(), "insidebox.db")) })
}
