package mongostore

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// files reads the files that an address names, to say which of them can't be
// used: the driver says only what is wrong.
func files(parsed *connstring.ConnString) error {
	if !parsed.SSL {
		return nil // the driver reads none of them then
	}
	for _, f := range []struct {
		option, path string
		named        bool
	}{
		{"tlsCAFile", parsed.SSLCaFile, parsed.SSLCaFileSet},
		{"tlsCertificateKeyFile", parsed.SSLClientCertificateKeyFile, parsed.SSLClientCertificateKeyFileSet},
		{"tlsCertificateFile", parsed.SSLCertificateFile, parsed.SSLCertificateFileSet},
		{"tlsPrivateKeyFile", parsed.SSLPrivateKeyFile, parsed.SSLPrivateKeyFileSet},
	} {
		if !f.named {
			continue
		}
		text, err := os.ReadFile(f.path)
		if err != nil {
			return fmt.Errorf("the file of %s can't be read: %w", f.option, err)
		}
		if f.option == "tlsCAFile" && !x509.NewCertPool().AppendCertsFromPEM(text) {
			return fmt.Errorf("the file of tlsCAFile, %s, holds no certificate: want those of the authorities, as PEM", f.path)
		}
	}
	return nil
}

// blame names the file with the certificate of this side in the driver's error
// about it.
func blame(parsed *connstring.ConnString, err error) error {
	file := parsed.SSLClientCertificateKeyFile
	if !parsed.SSL || file == "" {
		return err
	}
	if text, unread := os.ReadFile(file); unread == nil {
		if _, bad := tls.X509KeyPair(text, text); bad == nil {
			return err
		}
	}
	return fmt.Errorf("the file of tlsCertificateKeyFile, %s, can't be used (%w): want a certificate and its key, as PEM, and tlsCertificateKeyFilePassword where the key is encrypted", file, err)
}
