package mongostore_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

var server *mongotest.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = mongotest.Start(os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "start the wire server:", err)
		os.Exit(1)
	}
	code := m.Run()
	server.Stop()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "goroutines are left:", err)
		code = 1
	}
	os.Exit(code)
}

// openAt opens a database and closes it at the end of the test.
func openAt(t testing.TB, uri string) *mongostore.Driver {
	t.Helper()
	return openWith(t, uri, mongostore.Options{})
}

func openWith(t testing.TB, uri string, opts mongostore.Options) *mongostore.Driver {
	t.Helper()
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.AllowStandalone = !server.Genuine
	d, err := mongostore.Open(t.Context(), uri, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

func open(t *testing.T) store.Driver { return openAt(t, server.Database(t)) }
