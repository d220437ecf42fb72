package certify

import (
	"reflect"
	"regexp"
	"testing"
	"time"
)

// The figure was worked out apart from this code, from the encoding as
// CertificateID describes it. Ids are for ever.
func TestCertificateID(t *testing.T) {
	key := []byte("0123456789abcdef")
	id := CertificateID(key, "ada", "sell-records", 1)
	if want := "c7xfg6et6a6lj6fzjfonikj7kj"; id != want || !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(id) {
		t.Errorf("the id is %s, want %s", id, want)
	}
	seen := map[string]bool{id: true}
	for _, other := range []string{
		CertificateID([]byte("another"), "ada", "sell-records", 1),
		CertificateID(key, "bob", "sell-records", 1),
		CertificateID(key, "ada", "sell-copies", 1),
		CertificateID(key, "ada", "sell-records", 2),
		CertificateID(key, "adas", "ell-records", 1),
	} {
		if seen[other] {
			t.Errorf("two causes have the id %s", other)
		}
		seen[other] = true
	}
}

func TestNewCertificate(t *testing.T) {
	c, e := selling(), done()
	delete(e.Read, "l2")
	held, _ := Due(c, e, time.UTC, at(6*hour))
	g := Grounds{
		ID: "id", Person: "ada", Name: "Ada", Certification: c, Held: held, Evidence: e, Release: "release",
		Offerings: []Covered{{"records-search", "Records search", "r1"}},
		Clauses:   []Covered{{"b/2", "B", "r2"}, {"a/1", "A", "r3"}},
	}
	got := NewCertificate(g)
	want := Certificate{
		ID: "id", Person: "ada", Name: "Ada", Certification: "sell-records", CertificationRev: c.Rev, Title: c.Title,
		Offerings: g.Offerings, Cycle: 1, Issued: at(6 * hour), Until: held.Until, Release: "release",
		Clauses: []Covered{{"a/1", "A", "r3"}, {"b/2", "B", "r2"}},
		Steps: []Proof{
			{Kind: ReadLesson, Ref: "l1", Title: "Lesson one", At: at(0)},
			{Kind: ReadLesson, Ref: "l2", Title: "Lesson two", At: at(3 * hour), Waived: true, Quiz: "box", Attempt: "p", Percent: 90},
			{Kind: PassQuiz, Ref: "box", Title: "Inside the box", At: at(3 * hour), Quiz: "box", Attempt: "p", Percent: 90},
			{Kind: PassQuiz, Ref: "consent", Title: "Consent", At: at(4 * hour), Quiz: "consent", Attempt: "p", Percent: 90},
			{Kind: SignOff, Ref: "signoff", Title: "Observed call", At: at(5 * hour), By: "mona", Criteria: []string{"asks for the aim"}, Note: "well done"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the certificate is\n%+v\nwant\n%+v", got, want)
	}
	if g.Clauses[0].ID != "b/2" {
		t.Error("the caller's list was sorted")
	}
	if h := got.Held(); h.Certificate != "id" || h.Cycle != 1 || !h.Until.Equal(held.Until) || h.Certification != "sell-records" || !h.Issued.Equal(held.Issued) {
		t.Errorf("held is %+v", h)
	}
}

func TestCertificationRevision(t *testing.T) {
	rev := selling().Rev
	for name, f := range map[string]func(*Certification){
		"title":     func(c *Certification) { c.Title += "!" },
		"offerings": func(c *Certification) { c.Offerings = nil },
		"after":     func(c *Certification) { c.After = []string{"x"} },
		"a step":    func(c *Certification) { c.Steps = c.Steps[1:] },
		"a waiver":  func(c *Certification) { c.Steps[0].Waivers = nil },
		"criteria":  func(c *Certification) { c.Steps[4].Criteria = []string{"asks"} },
		"covers":    func(c *Certification) { c.Covers = append(c.Covers, "x/y") },
		"valid":     func(c *Certification) { c.Valid = Period{Months: 12} },
		"reminders": func(c *Certification) { c.Remind = c.Remind[1:] },
		"grace":     func(c *Certification) { c.Grace = 1 },
		"enforced":  func(c *Certification) { c.EnforceFrom = at(0) },
		"text":      func(c *Certification) { c.Text = "<p>x</p>" },
	} {
		c := selling()
		f(c)
		if c.Revision() == rev {
			t.Errorf("a change of %s does not change the revision", name)
		}
	}
	moved := selling()
	moved.URL, moved.Steps[0].URL = "/elsewhere", "/elsewhere"
	if moved.Revision() != rev {
		t.Error("an address changes the revision")
	}
	here, there := selling(), selling()
	here.EnforceFrom, there.EnforceFrom = at(0), at(0).In(time.FixedZone("x", 3600))
	if here.Revision() != there.Revision() {
		t.Error("the same moment in another zone changes the revision")
	}
}
