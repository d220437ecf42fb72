package mongostore_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// keeps writes a document and reads it again.
func keeps(t testing.TB, uri string) {
	t.Helper()
	d := openAt(t, uri)
	declare(t, d, indexed)
	want := red(t, "a", 1, 3)
	if err := d.Insert(t.Context(), "cards", want); err != nil {
		t.Fatal(err)
	}
	got, err := d.Get(t.Context(), "cards", "a")
	if err != nil || got.Rev != 1 || !bytes.Equal(got.Body, want.Body) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// All that is said goes through TLS, 1.2 or newer, when the address says so.
func TestTLS(t *testing.T) {
	server.Need(t)
	ours := mongotest.NewAuthority(t, "Ours")
	for name, c := range map[string]struct {
		host   string
		newest uint16
	}{
		"by number": {"127.0.0.1", tls.VersionTLS13},
		"by name":   {"localhost", tls.VersionTLS13},
		"1.2":       {"127.0.0.1", tls.VersionTLS12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := server.NewTLSProxy(t, &tls.Config{
				Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1", "localhost")},
				MinVersion:   tls.VersionTLS10, MaxVersion: c.newest, // the other side must want more
			})
			uri := with(t, proxy.Through(t, server.Database(t)), "tls", "true", "tlsCAFile", ours.File)
			keeps(t, strings.Replace(uri, "127.0.0.1", c.host, 1))
			shook := proxy.Shook()
			if len(shook) == 0 {
				t.Fatal("there was no TLS")
			}
			for _, s := range shook {
				if s.Version != c.newest {
					t.Errorf("it was %s", tls.VersionName(s.Version))
				}
			}
		})
	}
	t.Run("older than 1.2", func(t *testing.T) {
		t.Parallel()
		proxy := server.NewTLSProxy(t, &tls.Config{
			Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")},
			MinVersion:   tls.VersionTLS10, MaxVersion: tls.VersionTLS11, // to be refused
		})
		err := unopened(t, patient(t, with(t, proxy.Through(t, server.Database(t)), "tls", "true", "tlsCAFile", ours.File)))
		says(t, err, "it ended the TLS handshake: tls: protocol version not supported")
		if !errors.Is(err, store.ErrUnavailable) || len(proxy.Heard()) > 0 {
			t.Errorf("got %v, and it was told %q", err, proxy.Heard())
		}
	})
}

// A server whose certificate is not right is told nothing, and what is wrong
// with it is said at once: no patience helps, but it may be mended there.
func TestCertificateOfTheServer(t *testing.T) {
	server.Need(t)
	ours, others := mongotest.NewAuthority(t, "Ours"), mongotest.NewAuthority(t, "Others")
	right := ours.Server(t, "127.0.0.1")
	for name, c := range map[string]struct {
		shown *tls.Certificate
		ca    string
		words []string
	}{
		"no authority":      {right, "", []string{"the authority CN=Ours", "this machine does not trust", "tlsCAFile"}},
		"another authority": {right, others.File, []string{"the authority CN=Ours", "not in the tlsCAFile " + others.File}},
		"another name":      {ours.Server(t, "db1.example.com", "10.1.2.3"), ours.File, []string{"its certificate is for db1.example.com, 10.1.2.3, not for 127.0.0.1"}},
		"its time is over":  {ours.Expired(t, "127.0.0.1"), ours.File, []string{"its certificate holds from 1 January 2020, 00:00 UTC to 1 January 2021, 00:00 UTC", "renew"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := server.NewTLSProxy(t, &tls.Config{Certificates: []tls.Certificate{*c.shown}, MinVersion: tls.VersionTLS12})
			db := server.Database(t)
			uri := with(t, proxy.Through(t, db), "tls", "true")
			if c.ca != "" {
				uri = with(t, uri, "tlsCAFile", c.ca)
			}
			err := unopened(t, as(patient(t, uri), "anna", secret))
			says(t, err, append(c.words, "no primary was found: 127.0.0.1:")...)
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("got %v, want ErrUnavailable", err)
			}
			if heard := proxy.Heard(); len(heard) > 0 {
				t.Errorf("the server was told %q", heard)
			}
			untouched(t, db)
		})
	}
}

// untouched wants a database in which nothing was made.
func untouched(t testing.TB, uri string) {
	t.Helper()
	names, err := server.Client(t).Database(mongotest.Name(t, uri)).ListCollectionNames(t.Context(), bson.D{})
	if err != nil || len(names) > 0 {
		t.Errorf("the database holds %q, %v", names, err)
	}
}

// A server whose certificate becomes wrong while it is used is not available,
// and says why; it is found again when its certificate is right again.
func TestCertificateReplaced(t *testing.T) {
	server.Need(t)
	t.Parallel() // it waits most of the time
	ours := mongotest.NewAuthority(t, "Ours")
	right, wrong := ours.Server(t, "127.0.0.1"), ours.Server(t, "db1.example.com")
	var shown atomic.Pointer[tls.Certificate]
	shown.Store(right)
	proxy := server.NewTLSProxy(t, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return shown.Load(), nil },
		MinVersion:     tls.VersionTLS12,
	})
	d := openWith(t, with(t, proxy.Through(t, server.Database(t)), "tls", "true", "tlsCAFile", ours.File), mongostore.Options{Deadline: 400 * time.Millisecond})
	declare(t, d, indexed)
	shown.Store(wrong)
	proxy.Cut()
	proxy.Mend()
	const sentence = "its certificate is for db1.example.com, not for 127.0.0.1"
	var err error
	for range 100 { // the first ones may come upon what was left of the old connections; each waits
		if err = d.Ping(t.Context()); err == nil || strings.Contains(err.Error(), sentence) {
			break
		}
	}
	if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), sentence) {
		t.Errorf("ping: got %v, want ErrUnavailable and %q", err, sentence)
	}
	if err := d.Insert(t.Context(), "cards", red(t, "a", 1, 1)); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("insert: got %v, want ErrUnavailable", err)
	}
	shown.Store(right)
	back(t, d)
	if rev := revision(t, d, "a"); rev != 0 {
		t.Error("what was refused was written all the same")
	}
}

// One host that may come is a reason to wait for it, whatever the others are.
func TestHopeStays(t *testing.T) {
	server.Need(t)
	t.Parallel() // it waits most of the time
	ours := mongotest.NewAuthority(t, "Ours")
	proxy := server.NewTLSProxy(t, &tls.Config{Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")}, MinVersion: tls.VersionTLS12})
	away := nowhere(t)
	u, err := url.Parse(proxy.Through(t, server.Database(t)))
	if err != nil {
		t.Fatal(err)
	}
	uri := "mongodb://" + u.Host + "," + away + "/?tls=true&serverSelectionTimeoutMS=2000"
	err = unopened(t, uri)
	says(t, err, u.Host+": its certificate comes from the authority CN=Ours", away+": dial tcp "+away, "connection refused")
}

// A server that wants a certificate gets the one of the address, and says so
// when there is none or not the right one.
func TestCertificateOfTheClient(t *testing.T) {
	server.Need(t)
	ours, others := mongotest.NewAuthority(t, "Ours"), mongotest.NewAuthority(t, "Others")
	twin := mongotest.NewAuthority(t, "Ours") // whose certificates are shown, as they have the name that is wanted
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()
			proxy := server.NewTLSProxy(t, &tls.Config{
				Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")},
				ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: ours.Pool(), MinVersion: version, MaxVersion: version,
			})
			db := server.Database(t)
			uri := with(t, proxy.Through(t, db), "tls", "true", "tlsCAFile", ours.File)
			const unaccepted = "it does not accept the certificate of the tlsCertificateKeyFile"
			for refused, words := range map[string]string{
				uri: "it wants a certificate and got none",
				with(t, uri, "tlsCertificateKeyFile", others.Client(t, "box")): unaccepted,
				with(t, uri, "tlsCertificateKeyFile", twin.Client(t, "box")):   unaccepted,
			} {
				err := unopened(t, as(patient(t, refused), "anna", secret))
				says(t, err, words, "tlsCertificateKeyFile")
				if !errors.Is(err, store.ErrUnavailable) {
					t.Errorf("got %v, want ErrUnavailable", err)
				}
			}
			if heard := proxy.Heard(); len(heard) > 0 {
				t.Errorf("the server was told %q", heard)
			}
			untouched(t, db)
			keeps(t, with(t, uri, "tlsCertificateKeyFile", ours.Client(t, "box")))
			locked := server.Database(t)
			keeps(t, with(t, proxy.Through(t, locked), "tls", "true", "tlsCAFile", ours.File,
				"tlsCertificateKeyFile", ours.Locked(t, "box", secret), "tlsCertificateKeyFilePassword", secret))
			for _, s := range proxy.Shook() {
				if len(s.PeerCertificates) != 1 || s.PeerCertificates[0].Subject.CommonName != "box" {
					t.Errorf("it was shown %v", s.PeerCertificates)
				}
			}
		})
	}
}

// An address with TLS and a port without, or the other way round.
func TestOneSideSpeaksTLS(t *testing.T) {
	server.Need(t)
	t.Parallel() // it waits most of the time
	ours := mongotest.NewAuthority(t, "Ours")
	terminated := server.NewTLSProxy(t, &tls.Config{Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")}, MinVersion: tls.VersionTLS12})
	plain, db := server.NewProxy(t), server.Database(t)
	for name, c := range map[string]struct{ uri, words string }{
		"the server":  {terminated.Through(t, db), "it wants TLS; put tls=true into the address"},
		"the address": {with(t, plain.Through(t, db), "tls", "true", "tlsCAFile", ours.File), "it speaks no TLS at this port (take tls=true out of the address)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the host may only be away for a moment, so this waits
			err := unopened(t, as(with(t, c.uri, "serverSelectionTimeoutMS", "2000"), "anna", secret))
			says(t, err, "it cut the connection off", c.words)
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("got %v, want ErrUnavailable", err)
			}
		})
	}
	t.Run("another program", func(t *testing.T) {
		t.Parallel()
		web := httptest.NewServer(http.NotFoundHandler())
		defer web.Close()
		uri := as(patient(t, strings.Replace(web.URL, "http://", "mongodb://", 1)+"/?tls=true"), "anna", secret)
		says(t, unopened(t, uri), "it answers, but not in TLS: take tls=true out of the address")
	})
	t.Cleanup(func() {
		if heard := append(terminated.Heard(), plain.Heard()...); len(heard) > 0 {
			t.Errorf("the server was told %q", heard)
		}
	})
}
