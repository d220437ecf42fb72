package mongostore_test

import (
	"testing"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
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
			Why:  "FerretDB 1 has no snapshots, and a command reads one collection (but see TestMoments); with INSIDEBOX_TEST_MONGODB this runs on a MongoDB",
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
			Why:  "FerretDB 1 has no snapshots (but see TestMoments); with INSIDEBOX_TEST_MONGODB this runs on a MongoDB",
		})
	}
	storetest.RunSource(t, func(t *testing.T) store.Source { return openAt(t, server.Database(t)) }, skips...)
}

// What is to see one moment asks for one, and with nothing that a moment refuses: at
// doors that keep moments as MongoDB's manual has them, these promises hold too. A MongoDB
// keeps moments itself, so that there TestConcurrency and TestSource show the same.
func TestMoments(t *testing.T) {
	t.Parallel()
	server.Need(t)
	through := func(t *testing.T) *mongostore.Driver {
		set := server.NewReplicaSet(t).KeepMoments(t, server)
		return openAt(t, set.Through(t, server.Database(t)))
	}
	storetest.RunOneMoment(t, func(t *testing.T) store.Driver { return through(t) })
	storetest.RunSource(t, func(t *testing.T) store.Source { return through(t) })
}
