package mongotest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Authority issues certificates for a test.
type Authority struct {
	File string // its certificate, as tlsCAFile takes it
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewAuthority makes an authority of that name.
func NewAuthority(t testing.TB, name string) *Authority {
	t.Helper()
	key := newKey(t)
	template := about(name)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{File: writePEM(t, "ca.pem", block("CERTIFICATE", der)), cert: cert, key: key}
}

// Pool holds the authority alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// Server issues a certificate for a server at these hosts.
func (a *Authority) Server(t testing.TB, hosts ...string) *tls.Certificate {
	t.Helper()
	return a.issue(t, forServer(hosts))
}

// Expired issues one whose time is over.
func (a *Authority) Expired(t testing.TB, hosts ...string) *tls.Certificate {
	t.Helper()
	template := forServer(hosts)
	template.NotAfter = begin.AddDate(1, 0, 0)
	return a.issue(t, template)
}

// Client issues a certificate for a client, and returns a file with it and its
// key, as tlsCertificateKeyFile takes it.
func (a *Authority) Client(t testing.TB, name string) string {
	t.Helper()
	made := a.client(t, name)
	key, err := x509.MarshalPKCS8PrivateKey(made.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return writePEM(t, "client.pem", block("CERTIFICATE", made.Certificate[0]), block("PRIVATE KEY", key))
}

// Locked is Client, with a key that needs a password.
func (a *Authority) Locked(t testing.TB, name, password string) string {
	t.Helper()
	made := a.client(t, name)
	key, err := x509.MarshalECPrivateKey(made.PrivateKey.(*ecdsa.PrivateKey)) //nolint:forcetypeassert // see issue
	if err != nil {
		t.Fatal(err)
	}
	locked, err := x509.EncryptPEMBlock(rand.Reader, "EC PRIVATE KEY", key, []byte(password), x509.PEMCipherAES256) //nolint:staticcheck // what openssl ec -aes256 writes
	if err != nil {
		t.Fatal(err)
	}
	return writePEM(t, "locked.pem", block("CERTIFICATE", made.Certificate[0]), pem.EncodeToMemory(locked))
}

func (a *Authority) client(t testing.TB, name string) *tls.Certificate {
	t.Helper()
	template := about(name)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return a.issue(t, template)
}

func (a *Authority) issue(t testing.TB, template *x509.Certificate) *tls.Certificate {
	t.Helper()
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func forServer(hosts []string) *x509.Certificate {
	template := about(hosts[0])
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	return template
}

// begin is when certificates begin to hold: before every test.
var begin = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

// about is a certificate of that name, for as long as tests may run.
func about(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: begin,
		NotAfter:  begin.AddDate(200, 0, 0),
		KeyUsage:  x509.KeyUsageDigitalSignature,
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func writePEM(t testing.TB, name string, blocks ...[]byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, slices.Concat(blocks...), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
