package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/store"
)

// due lists the certifications whose certificate the standing has earned and
// does not hold yet, in the library's order, with what the certificates say.
func (p *Programme) due(st *Standing) []certify.Held {
	return dueIn(p.library(), st, p.now())
}

// dueIn dates each certificate to when it was earned: by what was done at the
// given time, or by a later proof.
func dueIn(lib *content.Library, st *Standing, at time.Time) []certify.Held {
	var list []certify.Held
	for _, c := range lib.Certifications {
		if !certify.Complete(c, &st.Evidence) {
			continue
		}
		if held, ok := certify.Due(c, &st.Evidence, lib.Location, earned(c, &st.Evidence, at)); ok {
			list = append(list, held)
		}
	}
	return list
}

func earned(c *certify.Certification, e *certify.Evidence, at time.Time) time.Time {
	for _, s := range certify.ProgressOf(c, e).Steps {
		if s.At.After(at) {
			at = s.At
		}
	}
	for _, h := range e.Held {
		if slices.Contains(c.After, h.Certification) && h.Issued.After(at) {
			at = h.Issued
		}
	}
	return at
}

// issue inserts every certificate that is due and adds it to the standing;
// one certificate may be what another one waited for, so it asks again until
// nothing is due. A certificate that exists already is not issued again. at is
// the time of the act that is the cause, however late the outbox comes to it:
// so that a server that was down dates nothing by its own return.
func (p *Programme) issue(ctx context.Context, st *Standing, at time.Time) ([]*Certificate, error) {
	lib := p.library() // one for all: another may be served any moment
	return issueAll(lib, st, at, func(held certify.Held) (*Certificate, error) { return p.issueOne(ctx, lib, st, held) })
}

// issueAll has one issue what is due, again and again until nothing is.
func issueAll(lib *content.Library, st *Standing, at time.Time, one func(certify.Held) (*Certificate, error)) ([]*Certificate, error) {
	var issued []*Certificate
	for range len(lib.Certifications) + 1 {
		due := dueIn(lib, st, at)
		if len(due) == 0 {
			break
		}
		for _, held := range due {
			c, err := one(held)
			if err != nil {
				return issued, err
			}
			issued = append(issued, c)
			st.Evidence.Held = addHeld(st.Evidence.Held, c.Held())
		}
	}
	return issued, nil
}

func (p *Programme) issueOne(ctx context.Context, lib *content.Library, st *Standing, held certify.Held) (*Certificate, error) {
	person, err := p.People.Get(ctx, st.Person)
	if err != nil {
		return nil, fmt.Errorf("read whom to certify: %w", err)
	}
	c := p.newCertificate(lib, st, held, person.Name())
	err = p.certificates.Insert(ctx, c)
	if errors.Is(err, store.ErrExists) {
		return p.Certificate(ctx, c.Meta.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("issue certificate %s: %w", c.Meta.ID, err)
	}
	return c, nil
}

// newCertificate is the document of a certificate that is due to a person of
// this name.
func (p *Programme) newCertificate(lib *content.Library, st *Standing, held certify.Held, name string) *Certificate {
	rule := lib.Certification(held.Certification)
	c := &Certificate{Meta: store.Meta{ID: certify.CertificateID(p.key, st.Person, rule.ID, held.Cycle)}}
	c.Certificate = certify.NewCertificate(certify.Grounds{
		ID: c.Meta.ID, Person: st.Person, Name: name, Certification: rule, Held: held,
		Evidence: &st.Evidence, Release: lib.Hash,
		Offerings: offeringTitles(lib, rule), Clauses: clauseRevisions(lib, rule),
	})
	return c
}

func offeringTitles(lib *content.Library, c *certify.Certification) []certify.Covered {
	var list []certify.Covered
	for _, id := range c.Offerings {
		if o := lib.Offering(id); o != nil {
			list = append(list, certify.Covered{ID: id, Title: o.Title, Rev: o.Rev})
		}
	}
	return list
}

func clauseRevisions(lib *content.Library, c *certify.Certification) []certify.Covered {
	var list []certify.Covered
	for _, id := range c.Covers {
		if cl := lib.Clause(id); cl != nil {
			list = append(list, certify.Covered{ID: id, Title: cl.Title, Rev: cl.Rev})
		}
	}
	return list
}

// Certificate reads one; ErrNotFound when there is none.
func (p *Programme) Certificate(ctx context.Context, id string) (*Certificate, error) {
	return read(ctx, p.certificates, id)
}

// CertificatesOf lists a person's certificates, newest first.
func (p *Programme) CertificatesOf(ctx context.Context, person string) ([]*Certificate, error) {
	list, _, err := p.certificates.Find(ctx, store.Query{
		Index: "person",
		Eq:    []store.Key{store.String(person)}, Desc: true, Limit: maxCertificates,
	})
	if err != nil {
		return nil, fmt.Errorf("read the certificates of %s: %w", person, err)
	}
	return list, nil
}
