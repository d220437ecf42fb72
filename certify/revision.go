package certify

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Seal sets the revision and returns the certification.
func (c *Certification) Seal() *Certification {
	c.Rev = c.Revision()
	return c
}

// Revision returns the SHA-256, in hex, of the certification's rules and of
// what its certificates say, in a canonical encoding. Addresses are left out:
// where a thing is done is no rule.
func (c *Certification) Revision() string {
	fields := []string{"insidebox/certification/1", c.ID, c.Title}
	list := func(texts []string) { fields = append(append(fields, strconv.Itoa(len(texts))), texts...) }
	list(c.Offerings)
	list(c.After)
	fields = append(fields, strconv.Itoa(len(c.Steps)))
	for _, s := range c.Steps {
		fields = append(fields, string(s.Kind), s.Ref, s.Title)
		list(s.Waivers)
		list(s.Criteria)
	}
	list(c.Covers)
	fields = append(fields, c.Valid.String(), strconv.Itoa(c.Grace), moment(c.EnforceFrom), c.Text)
	var remind []string
	for _, days := range c.Remind {
		remind = append(remind, strconv.Itoa(days))
	}
	fields = append(fields, strings.Join(remind, " "))
	sum := sha256.Sum256(encode(fields...))
	return hex.EncodeToString(sum[:])
}

// moment writes a time the same in every time zone; empty for the zero time.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
