package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/insidebox/insidebox/programme/demo"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// A server whose MongoDB has the wrong certificate is alive and not ready, says
// in one sentence what has to be mended, here or there, and takes the MongoDB
// when that is done. What is secret in the address stands nowhere.
func TestMongoWrongCertificateAtStart(t *testing.T) {
	mongoServer.Need(t)
	const secret = "tr0ub4dor"
	ours, others := mongotest.NewAuthority(t, "Ours"), mongotest.NewAuthority(t, "Others")
	trusted := filepath.Join(t.TempDir(), "trusted.pem")
	write(t, trusted, read(t, others.File))
	right, wrong := ours.Server(t, "127.0.0.1"), ours.Server(t, "db1.example.com")
	var shown atomic.Pointer[tls.Certificate]
	shown.Store(wrong)
	proxy := mongoServer.NewTLSProxy(t, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return shown.Load(), nil },
		ClientAuth:     tls.RequireAndVerifyClientCert, ClientCAs: ours.Pool(), MinVersion: tls.VersionTLS12,
	})
	through := patient(t, proxy.Through(t, mongoServer.Database(t))) + "&tls=true&tlsCAFile=" + trusted +
		"&tlsCertificateKeyFile=" + ours.Locked(t, "box", secret) + "&tlsCertificateKeyFilePassword=" + secret

	const (
		sentence = "its certificate is for db1.example.com, not for 127.0.0.1"
		next     = "its certificate comes from the authority CN=Ours, which is not in the tlsCAFile "
	)
	c := begin(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--store", through}, standalone()...)...)
	eventually(t, "the server's address", func() bool {
		c.mustLive()
		return c.findURL()
	})
	v := newVisitor(t, c)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503} {
		if status, body := v.get(path); status != want || strings.Contains(body, "certificate") {
			t.Errorf("%s: %d, want %d, and no word to visitors of why:\n%s", path, status, want, body)
		}
	}
	for _, message := range []string{"the store is away; pages answer 503 until it is back", "not ready"} {
		if why := logged(t, c, message); !strings.Contains(why, sentence) || strings.Count(why, "not available") != 1 {
			t.Errorf("%q is logged because of %q, want one sentence with %q", message, why, sentence)
		}
	}
	// A command that is not a server does not wait for anybody.
	for _, command := range [][]string{{"people", "list"}, {"backup", filepath.Join(t.TempDir(), "backup")}} {
		got := call(t, nil, "", append(append(command, "--store", through), standalone()...)...)
		if got.code != 1 || !strings.Contains(got.stderr, sentence) || strings.Count(got.stderr, "\n") != 1 || strings.Contains(got.stderr, secret) {
			t.Errorf("%s: exit code %d, and %s", command, got.code, got.stderr)
		}
	}
	shown.Store(right)
	eventually(t, "the next sentence", func() bool { return strings.Contains(c.stderr.String(), next) })
	write(t, trusted, read(t, ours.File))
	eventually(t, "readiness", func() bool {
		c.mustLive()
		status, _ := v.get("/readyz")
		return status == http.StatusOK
	})
	eventually(t, "the first admin's link", func() bool { return strings.Contains(c.stdout.String(), "/setup/") }) // so it has written
	c.stop()
	if all := c.stdout.String() + c.stderr.String(); strings.Contains(all, secret) {
		t.Errorf("the server shows the password of the key:\n%s", all)
	}
}

// A sign-in that the MongoDB refuses ends the start: whoever gave name and
// password has to look.
func TestMongoRefusesSignIn(t *testing.T) {
	mongoServer.Need(t)
	const secret = "tr0ub4dor"
	u, err := url.Parse(mongoServer.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("anna", secret)
	got := call(t, nil, "", append([]string{"serve", "--addr", "127.0.0.1:0", "--store", u.String()}, standalone()...)...)
	if got.code != 1 || !strings.Contains(got.stderr, "it refuses the name and password (or certificate) of the address; mend them there") {
		t.Errorf("exit code %d, and %s", got.code, got.stderr)
	}
	if strings.Contains(got.stdout+got.stderr, secret) || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("want one line without the password: %s", got.stderr)
	}
}

// The whole of it on a MongoDB that wants TLS and a password, or a certificate, as
// companies have them: data come in, a rep works, a backup goes out and comes back.
func TestMongoSignedIn(t *testing.T) {
	mongoServer.Need(t)
	const secret = "tr0ub4dor"
	ours := mongotest.NewAuthority(t, "Ours")
	t.Run("by a password", func(t *testing.T) {
		signing := mongoServer.SigningIn(t, "box", secret)
		proxy := signing.NewTLSProxy(t, &tls.Config{
			Certificates: []tls.Certificate{*ours.Server(t, "127.0.0.1")}, MinVersion: tls.VersionTLS12,
		})
		guarded := func() string {
			return patient(t, proxy.Through(t, signing.Database(t))) + "&tls=true&tlsCAFile=" + ours.File + "&authMechanism=SCRAM-SHA-256"
		}
		worksOn(t, guarded(), guarded(), secret)
		if talk := bytes.Join(proxy.Heard(), nil); !bytes.Contains(talk, []byte("SCRAM-SHA-256")) || bytes.Contains(talk, []byte(secret)) {
			t.Error("nobody signed in, or the password travelled")
		}
	})
	t.Run("by a certificate", func(t *testing.T) {
		proxy := mongoServer.NewCertifiedProxy(t, ours, "CN=box")
		guarded := func() string {
			return patient(t, proxy.Through(t, mongoServer.Database(t))) + "&tls=true&tlsCAFile=" + ours.File + "&authMechanism=MONGODB-X509&authSource=$external" +
				"&tlsCertificateKeyFile=" + ours.Locked(t, "box", secret) + "&tlsCertificateKeyFilePassword=" + secret
		}
		worksOn(t, guarded(), guarded(), secret)
	})
}

// worksOn brings data into a MongoDB, lets a rep work, and has a backup of it come
// back in another one. What is secret in the addresses stands nowhere.
func worksOn(t *testing.T, uri, next, secret string) {
	t.Helper()
	bringDemo(t, uri)
	c := onMongo(t, uri)
	rep := signedIn(t, c, "rep@demo.test", demo.Password)
	attempt := rep.begin()
	form, checked := rep.fill(attempt, 0)
	if a := rep.send(attempt+"/answers", form); a.status != http.StatusSeeOther {
		t.Fatalf("an answer: %d", a.status)
	}

	backup := filepath.Join(t.TempDir(), "backup")
	shown := succeeds(t, append([]string{"backup", backup, "--store", uri}, standalone()...)...)
	shown += succeeds(t, append([]string{"restore", backup, "--store", next}, standalone()...)...)
	other := onMongo(t, next)
	if !signedIn(t, other, "rep@demo.test", demo.Password).shows(attempt, checked) {
		t.Error("the answer is not there after restoring the backup")
	}
	c.stop()
	other.stop()
	for _, all := range []string{shown, c.stdout.String() + c.stderr.String(), other.stdout.String() + other.stderr.String()} {
		if strings.Contains(all, secret) {
			t.Errorf("the password is shown:\n%s", all)
		}
	}
}

// logged is the error that a child's log gives with a message.
func logged(t testing.TB, c *child, message string) (why string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%q in the log", message), func() bool {
		for line := range strings.Lines(c.stderr.String()) {
			var entry struct{ Msg, Error string }
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == message {
				why = entry.Error
				return true
			}
		}
		return false
	})
	return why
}
