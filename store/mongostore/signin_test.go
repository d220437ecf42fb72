package mongostore_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
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

// With X.509 the certificate of the connection is who signs in: whose subject is a
// user's is let in and keeps what it writes, whoever else is told to mend the address.
func TestX509(t *testing.T) {
	server.Need(t)
	ours := mongotest.NewAuthority(t, "Ours")
	key := ours.Client(t, "box")
	for _, c := range []struct {
		name, user, as string
		says           []string // none: it is let in
	}{
		{"known", "CN=box", "", nil},
		{"known and named", "CN=box", "CN=box", nil},
		{"unknown", "CN=fox", "", []string{"it refuses the name and password (or certificate) of the address"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			proxy := server.NewCertifiedProxy(t, ours, c.user)
			seen := noted(proxy, "authenticate", mongotest.None)
			_, host, _ := strings.Cut(as(proxy.Through(t, server.Database(t)), "", ""), "@") // nobody else is to sign in
			if c.as != "" {
				host = url.PathEscape(c.as) + "@" + host
			}
			uri := with(t, "mongodb://"+host, "tls", "true", "tlsCAFile", ours.File,
				"tlsCertificateKeyFile", key, "authMechanism", "MONGODB-X509", "authSource", "$external")
			if len(c.says) == 0 {
				useIt(t, openAt(t, uri))
			} else {
				err := unopened(t, uri)
				says(t, err, append(c.says, "sign in to the MongoDB at 127.0.0.1:")...)
				if errors.Is(err, store.ErrUnavailable) {
					t.Errorf("the error says that waiting helps: %v", err)
				}
			}
			select {
			case body := <-seen:
				if m, db := body.Lookup("mechanism").StringValue(), body.Lookup("$db").StringValue(); m != "MONGODB-X509" || db != "$external" {
					t.Errorf("it signed in with %q in %q", m, db)
				}
			default:
				t.Error("it did not sign in")
			}
			for _, s := range proxy.Shook() {
				if len(s.PeerCertificates) != 1 || s.PeerCertificates[0].Subject.CommonName != "box" {
					t.Errorf("it was shown %v", s.PeerCertificates)
				}
			}
		})
	}
}

// A password never travels: SCRAM proves that it is known.
func TestSCRAM(t *testing.T) {
	server.Need(t)
	for name, mechanism := range map[string]string{"the mechanism of the address": "SCRAM-SHA-256", "no mechanism": ""} {
		t.Run(name, func(t *testing.T) {
			proxy := server.NewProxy(t)
			seen := noted(proxy, "saslStart", mongotest.None)
			uri := as(proxy.Through(t, server.Database(t)), "anna", secret)
			if mechanism != "" {
				uri = with(t, uri, "authMechanism", mechanism)
			}
			err := unopened(t, uri)
			says(t, err, "sign in to the MongoDB at 127.0.0.1:", "it refuses the name and password")
			if errors.Is(err, store.ErrUnavailable) {
				t.Errorf("the error says that waiting helps: %v", err)
			}
			all := bytes.Join(proxy.Heard(), nil)
			// The first words of a connection try to sign in at once.
			if !bytes.Contains(all, []byte("speculativeAuthenticate")) || !bytes.Contains(all, []byte("SCRAM-SHA-256")) {
				t.Errorf("it does not begin with SCRAM-SHA-256: %q", all)
			}
			for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
				if bytes.Contains(all, []byte(form)) {
					t.Errorf("the password travels: %q", all)
				}
			}
			select {
			case body := <-seen:
				_, payload := body.Lookup("payload").Binary()
				if m := body.Lookup("mechanism").StringValue(); mechanism != "" && m != mechanism || !bytes.HasPrefix(payload, []byte("n,,n=anna,r=")) {
					t.Errorf("it signs in by %s with %q", m, payload)
				}
			default:
				t.Error("it did not sign in")
			}
		})
	}
}

// Who signs in as SCRAM wants it is let in, whatever stands between, and keeps
// what it writes; on the way there is no password.
func TestSignedIn(t *testing.T) {
	signing := server.SigningIn(t, "box", secret)
	ours := mongotest.NewAuthority(t, "Ours")
	proxies := map[string]*mongotest.Proxy{
		"in plain": signing.NewProxy(t),
		"over TLS": signing.NewTLSProxy(t, &tls.Config{
			Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")}, MinVersion: tls.VersionTLS12,
		}),
	}
	for way, proxy := range proxies {
		for _, mechanism := range []string{"", "SCRAM-SHA-256", "SCRAM-SHA-1"} {
			t.Run(strings.TrimSpace(way+" "+mechanism), func(t *testing.T) {
				uri := proxy.Through(t, signing.Database(t))
				if mechanism != "" {
					uri = with(t, uri, "authMechanism", mechanism)
				}
				if way == "over TLS" {
					uri = with(t, uri, "tls", "true", "tlsCAFile", ours.File)
				}
				useIt(t, openAt(t, uri))
				all := bytes.Join(proxy.Heard(), nil)
				if !bytes.Contains(all, []byte("SCRAM-SHA-")) {
					t.Errorf("nobody signed in: %q", all)
				}
				for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
					if bytes.Contains(all, []byte(form)) {
						t.Errorf("the password travels: %q", all)
					}
				}
			})
		}
	}
}

// useIt writes something, and reads it.
func useIt(t *testing.T, d *mongostore.Driver) {
	t.Helper()
	declare(t, d, indexed)
	if err := d.Insert(t.Context(), "cards", red(t, "one", 1, 7)); err != nil {
		t.Fatal(err)
	}
	if err := d.Replace(t.Context(), "cards", red(t, "one", 2, 8)); err != nil {
		t.Fatal(err)
	}
	docs, err := d.Find(t.Context(), "cards", store.Query{Index: "by_colour", Eq: []store.Key{store.String("red")}, Limit: 5})
	if err != nil || len(docs) != 1 || docs[0].Body.Lookup("size").AsInt64() != 8 {
		t.Errorf("got %v, %v", docs, err)
	}
}

// A MongoDB answers "hello" to everybody. What is missing behind that is said at
// the start, and no server waits for it.
func TestNotSignedIn(t *testing.T) {
	signing := server.SigningIn(t, "box", secret)
	uri := signing.Database(t)
	cases := map[string]struct {
		uri   string
		words []string
	}{
		"the wrong password": {as(uri, "box", "another"), []string{"sign in to the MongoDB at 127.0.0.1:", "it refuses the name and password"}},
		"an unknown name":    {as(uri, "fox", secret), []string{"sign in to the MongoDB at 127.0.0.1:", "it refuses the name and password"}},
		"the wrong database": {with(t, uri, "authSource", "other"), []string{"sign in to the MongoDB at 127.0.0.1:", "it refuses the name and password"}},
	}
	if !signing.Genuine { // which may let everybody in
		cases["nobody"] = struct {
			uri   string
			words []string
		}{strings.Replace(uri, "box:"+secret+"@", "", 1), []string{"does nothing for who does not sign in: put NAME:PASSWORD@ before the host"}}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := unopened(t, patient(t, c.uri))
			says(t, err, c.words...)
			if errors.Is(err, store.ErrUnavailable) {
				t.Errorf("the error says that waiting helps: %v", err)
			}
		})
	}
}

// Who may sign in but not use the database is told which role is missing. The
// wire server has no roles, so the answer is one that MongoDB gives.
func TestSignedInForNothing(t *testing.T) {
	signing := server.SigningIn(t, "box", secret)
	proxy := signing.NewProxy(t)
	proxy.Judge(func(name string, _ bson.Raw) mongotest.Fault {
		if name == "find" {
			return mongotest.NotAllowed
		}
		return mongotest.None
	})
	uri := proxy.Through(t, signing.Database(t))
	err := unopened(t, patient(t, uri))
	says(t, err, "lets box sign in, but not use the database "+mongotest.Name(t, uri), "give it the role readWrite on "+mongotest.Name(t, uri))
	if errors.Is(err, store.ErrUnavailable) {
		t.Errorf("the error says that waiting helps: %v", err)
	}
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
