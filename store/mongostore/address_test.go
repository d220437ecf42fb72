package mongostore_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
)

// nowhere is an address where nobody listens.
func nowhere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr().String()
}

func TestRefusedAddresses(t *testing.T) {
	for query, words := range map[string]string{
		"w=1":                      "w=majority",
		"journal=false":            "journal=true",
		"readConcernLevel=local":   "readConcernLevel=majority",
		"readPreference=secondary": "readPreference=primary",
		"retryWrites=false":        "retryWrites=true",
		"authMechanism=PLAIN&authSource=$external": "tls=true",
		"maxPoolSize=few":                          "read the MongoDB address",
		"tls=perhaps":                              "read the MongoDB address",
		"authMechanism=HANDSHAKE":                  "read the MongoDB address",
		"tlsCertificateKeyFile=/a/b":               "read the MongoDB address",
	} {
		uri := "mongodb://anna:tr0ub4dor@db.example.com/?" + query
		_, err := mongostore.Open(t.Context(), uri, mongostore.Options{Now: time.Now})
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: got %v, want an error with %q", query, err, words)
		} else if strings.Contains(err.Error(), "tr0ub4dor") || errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s: the error shows the password, or says that waiting helps: %v", query, err)
		}
	}
}

// What is secret in an address stands in no error, whatever is wrong with it.
func TestSecretsStaySecret(t *testing.T) {
	here := nowhere(t)
	for what, uri := range map[string]string{
		"nobody there":         "mongodb://anna:tr0ub4dor@" + here + "/?serverSelectionTimeoutMS=50",
		"escaped":              "mongodb://anna:tr0ub%34dor@" + here + "/?serverSelectionTimeoutMS=50",
		"not escaped":          "mongodb://anna:tr0ub4dor/@" + here + "/",
		"two signs":            "mongodb://anna:tr0ub4dor@x@" + here + "/",
		"no host":              "mongodb://anna:tr0ub4dor@/",
		"a bad port":           "mongodb://anna:tr0ub4dor@db.example.com:port/",
		"a bad escape":         "mongodb://anna:tr0ub4dor%zz@" + here + "/",
		"a bad option":         "mongodb://anna:tr0ub4dor@" + here + "/?maxPoolSize=tr0ub4dor",
		"password of a key":    "mongodb://" + here + "/?tls=true&tlsCertificateKeyFile=/none&tlsCertificateKeyFilePassword=tr0ub4dor",
		"a session token":      "mongodb://anna:x@" + here + "/?authMechanism=MONGODB-AWS&authMechanismProperties=AWS_SESSION_TOKEN:tr0ub4dor&serverSelectionTimeoutMS=50",
		"a name without hosts": "mongodb+srv://anna:tr0ub4dor@localhost/",
	} {
		_, err := mongostore.Open(t.Context(), uri, mongostore.Options{Now: time.Now, Deadline: 200 * time.Millisecond})
		if err == nil {
			t.Errorf("%s: it was opened", what)
		} else if strings.Contains(err.Error(), "tr0ub4dor") {
			t.Errorf("%s: the error shows what is secret: %v", what, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	uri := "mongodb://" + nowhere(t) + "/?serverSelectionTimeoutMS=50"
	_, err := mongostore.Open(t.Context(), uri, mongostore.Options{Now: time.Now})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := mongostore.Open(over, uri, mongostore.Options{Now: time.Now}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is over: got %v", err)
	}
}

func TestAnotherReplicaSet(t *testing.T) {
	server.Need(t)
	t.Parallel() // it waits most of the time
	err := unopened(t, with(t, server.Database(t), "replicaSet", "rs9", "serverSelectionTimeoutMS", "1000"))
	says(t, err, "no primary was found: none of ", " is a member of the replica set rs9")
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
}

func TestStandaloneIsRefused(t *testing.T) {
	server.Need(t)
	d, err := mongostore.Open(t.Context(), server.Database(t), mongostore.Options{Now: time.Now})
	if server.Genuine {
		if err != nil {
			t.Fatalf("the MongoDB of the tests must be a replica set: %v", err)
		}
		d.Close()
		return
	}
	if !errors.Is(err, mongostore.ErrStandalone) || errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v, want ErrStandalone", err)
	}
	for _, words := range []string{"--replSet rs0", "rs.initiate()", "--allow-standalone"} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("the error does not say %q: %v", words, err)
		}
	}
}
