package mongostore_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// noted keeps the commands of one name that a proxy sees.
func noted(p *mongotest.Proxy, command string, fault mongotest.Fault) <-chan bson.Raw {
	seen := make(chan bson.Raw, 100)
	p.Judge(func(name string, body bson.Raw) mongotest.Fault {
		if name != command {
			return mongotest.None
		}
		seen <- bytes.Clone(body)
		return fault
	})
	return seen
}

// A server that goes away in the middle of signing in has not refused anybody.
func TestCutWhileSigningIn(t *testing.T) {
	server.Need(t)
	for name, fault := range map[string]mongotest.Fault{"cut": mongotest.CutBefore, "not the primary": mongotest.NotPrimary} {
		proxy := server.NewProxy(t)
		seen := noted(proxy, "saslStart", fault)
		uri := with(t, as(proxy.Through(t, server.Database(t)), "anna", secret), "authMechanism", "SCRAM-SHA-256", "serverSelectionTimeoutMS", "2000")
		err := unopened(t, uri)
		if len(seen) == 0 {
			t.Errorf("%s: it did not sign in", name)
		}
		if !errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want ErrUnavailable", name, err)
		}
	}
}
