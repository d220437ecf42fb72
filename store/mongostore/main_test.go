package mongostore_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
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

// with adds options to an address.
func with(t testing.TB, uri string, options ...string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for i := 0; i < len(options); i += 2 {
		q.Set(options[i], options[i+1])
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// as gives an address a name and a password, in place of those that it has.
func as(uri, user, password string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	if _, host, ok := strings.Cut(rest, "@"); ok {
		rest = host
	}
	return scheme + "://" + user + ":" + password + "@" + rest
}

const secret = "tr0ub4dor"

// unopened opens an address that can't be used, and returns the error, which
// must not show the password.
func unopened(t testing.TB, uri string) error {
	t.Helper()
	d, err := mongostore.Open(t.Context(), uri, mongostore.Options{Now: time.Now, AllowStandalone: !server.Genuine})
	if err == nil {
		_ = d.Close()
		t.Fatal("it was opened")
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error shows the password: %v", err)
	}
	if strings.Contains(err.Error(), "topology") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is no sentence: %v", err)
	}
	return err
}

// says wants words in an error.
func says(t testing.TB, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not say %q: %v", w, err)
		}
	}
}

// patient makes a start wait so long that the test shows that it doesn't.
func patient(t testing.TB, uri string) string {
	t.Helper()
	return with(t, uri, "serverSelectionTimeoutMS", "3600000", "timeoutMS", "3600000")
}
