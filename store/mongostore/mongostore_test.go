package mongostore_test

import (
	"testing"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/storetest"
)

func TestPromises(t *testing.T) {
	server.Need(t)
	storetest.Run(t, open)
}

func TestConcurrency(t *testing.T) {
	server.Need(t)
	var skips []storetest.Skip
	if !server.Genuine {
		skips = append(skips, storetest.Skip{
			Test: "reads of two collections see one moment",
			Why:  "FerretDB 1 has no snapshots, and a command reads one collection; with INSIDEBOX_TEST_MONGODB this runs on a MongoDB",
		})
	}
	storetest.RunConcurrent(t, open, skips...)
}

func TestSource(t *testing.T) {
	server.Need(t)
	var skips []storetest.Skip
	if !server.Genuine {
		skips = append(skips, storetest.Skip{
			Test: "a snapshot is one moment",
			Why:  "FerretDB 1 has no snapshots; with INSIDEBOX_TEST_MONGODB this runs on a MongoDB",
		})
	}
	storetest.RunSource(t, func(t *testing.T) store.Source { return openAt(t, server.Database(t)) }, skips...)
}
