package certify

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"slices"
	"time"
)

// A Certificate is the immutable record that a person met a certification.
// It repeats what it refers to, so that it reads the same for ever.
type Certificate struct {
	ID               string
	Person           string // id
	Name             string // as it was on the day
	Certification    string
	CertificationRev string
	Title            string
	Offerings        []Covered
	Cycle            int
	Issued           time.Time
	Until            time.Time // last millisecond; zero is without end
	Release          string    // hash of the content
	Clauses          []Covered // as covered, by clause id
	Steps            []Proof   // in the certification's order
	Text             string    // HTML: what the certificate says
}

// Covered is an offering or a clause as it was on the day.
type Covered struct{ ID, Title, Rev string }

// A Proof is the evidence for one step.
type Proof struct {
	Kind     StepKind
	Ref      string
	Title    string
	At       time.Time
	Waived   bool     // a lesson, by passing Quiz
	Quiz     string   // of Attempt
	Attempt  string   // that passed; empty for a lesson that was read and a sign-off
	Percent  int      // of that attempt
	By       string   // person id of who signed off
	Criteria []string // that were signed
	Note     string   // of the sign-off
}

// Grounds are what a certificate is made from.
type Grounds struct {
	ID            string // CertificateID, or another keyed hash of the cause
	Person, Name  string
	Certification *Certification
	Held          Held      // from Due
	Evidence      *Evidence // from which it was due
	Release       string
	Offerings     []Covered
	Clauses       []Covered
}

// NewCertificate makes the record of a certificate that is due. The same
// grounds give the same record.
func NewCertificate(g Grounds) Certificate {
	c := g.Certification
	record := Certificate{
		ID: g.ID, Person: g.Person, Name: g.Name,
		Certification: c.ID, CertificationRev: c.Rev, Title: c.Title, Text: c.Text,
		Offerings: slices.Clone(g.Offerings), Clauses: slices.Clone(g.Clauses), Release: g.Release,
		Cycle: g.Held.Cycle, Issued: g.Held.Issued, Until: g.Held.Until,
	}
	slices.SortFunc(record.Clauses, func(a, b Covered) int { return cmp.Compare(a.ID, b.ID) })
	for _, s := range ProgressOf(c, g.Evidence).Steps {
		record.Steps = append(record.Steps, Proof{
			Kind: s.Step.Kind, Ref: s.Step.Ref, Title: s.Step.Title, At: s.At,
			Waived: s.Waived, Quiz: s.Quiz, Attempt: s.Attempt, Percent: s.Percent,
			By: s.By, Criteria: slices.Clone(s.Criteria), Note: s.Note,
		})
	}
	return record
}

// Held returns what clearance needs of the certificate.
func (c *Certificate) Held() Held {
	return Held{Certificate: c.ID, Certification: c.Certification, Cycle: c.Cycle, Issued: c.Issued, Until: c.Until}
}

// ids are lower case, as in every address of the site.
var ids = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// CertificateID returns the id of a person's certificate in a cycle: the
// first 26 characters (130 bits), in lower-case base32, of the HMAC-SHA-256
// of "insidebox/certificate/1", the person and the certification, each as its
// length in eight bytes, big endian, and its bytes, then the cycle in eight
// bytes. The same cause has the same id; without the key nobody can tell it.
func CertificateID(key []byte, person, certification string, cycle int) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(encode("insidebox/certificate/1", person, certification))
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(cycle)))
	return ids.EncodeToString(mac.Sum(nil))[:26]
}

// encode writes texts so that no two lists encode alike: each as its length,
// eight bytes, big endian, and its bytes.
func encode(texts ...string) []byte {
	var b []byte
	for _, s := range texts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}
