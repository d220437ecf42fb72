package mongostore_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/insidebox/insidebox/store"
	"github.com/insidebox/insidebox/store/mongostore/mongotest"
)

// What is wrong with the files that an address names is said before anybody is
// called, and by the name of the option: waiting does not help.
func TestFilesOfAnAddress(t *testing.T) {
	ours := mongotest.NewAuthority(t, "Ours")
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	whole, other := read(ours.Client(t, "box")), read(ours.Client(t, "other"))
	cert, key, _ := strings.Cut(whole, "-----BEGIN PRIVATE KEY")
	_, foreign, _ := strings.Cut(other, "-----BEGIN PRIVATE KEY")
	locked := ours.Locked(t, "box", secret)
	none, nonsense := filepath.Join(folder, "none.pem"), file("nonsense.pem", "not a certificate")
	for name, c := range map[string]struct {
		options []string
		words   string
	}{
		"no CA file":             {[]string{"tlsCAFile", none}, "the file of tlsCAFile can't be read: open " + none + ": no such file"},
		"a folder":               {[]string{"tlsCAFile", folder}, "the file of tlsCAFile can't be read: read " + folder},
		"nonsense as CA":         {[]string{"tlsCAFile", nonsense}, "the file of tlsCAFile, " + nonsense + ", holds no certificate"},
		"no key file":            {[]string{"tlsCertificateKeyFile", none}, "the file of tlsCertificateKeyFile can't be read: open " + none},
		"nonsense as key":        {[]string{"tlsCertificateKeyFile", nonsense}, nonsense + ", can't be used (failed to find CERTIFICATE)"},
		"only a certificate":     {[]string{"tlsCertificateKeyFile", file("cert.pem", cert)}, "can't be used (failed to find PRIVATE KEY)"},
		"only a key":             {[]string{"tlsCertificateKeyFile", file("key.pem", "-----BEGIN PRIVATE KEY"+key)}, "can't be used (failed to find CERTIFICATE)"},
		"the key of another":     {[]string{"tlsCertificateKeyFile", file("both.pem", cert+"-----BEGIN PRIVATE KEY"+foreign)}, "private key does not match"},
		"X.509 without a key":    {[]string{"authMechanism", "MONGODB-X509"}, "name a file with certificate and key as tlsCertificateKeyFile"},
		"encrypted, no password": {[]string{"tlsCertificateKeyFile", locked}, "tlsCertificateKeyFilePassword where the key is encrypted"},
		"encrypted, another password": {
			[]string{"tlsCertificateKeyFile", locked, "tlsCertificateKeyFilePassword", secret + "!"},
			"can't be used (x509: decryption password incorrect)",
		},
	} {
		uri := with(t, "mongodb://db.example.com/", append([]string{"tls", "true"}, c.options...)...)
		if name != "X.509 without a key" {
			uri = as(uri, "anna", secret)
		}
		err := unopened(t, patient(t, uri))
		says(t, err, "read the MongoDB address: ", c.words)
		if errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s: the error says that waiting helps: %v", name, err)
		}
	}
}
