package people

import (
	"context"
	"errors"
	"fmt"

	"github.com/insidebox/insidebox/store"
)

// NewPerson is what is known of a person when she is added. Only Email is
// required.
type NewPerson struct {
	Email       string
	First, Last string
	Roles       []Role // none is RoleRep
	Team        string // a team's id
	Zone        string
	Disabled    bool

	Username, IDNumber, Department string

	// PasswordHash is what Service.Hash returned: for demo people, who all get
	// one password that is hashed once. Empty: she needs a one-time link.
	PasswordHash string
}

// person checks everything and returns the document, without an id.
func (n NewPerson) person() (*Person, error) {
	p := &Person{Team: n.Team, Disabled: n.Disabled, Password: n.PasswordHash, Zone: n.Zone}
	var errs [8]error
	p.Email, errs[0] = CheckEmail(n.Email)
	p.First, errs[1] = cleanText("firstname", "first name", n.First)
	p.Last, errs[2] = cleanText("lastname", "last name", n.Last)
	p.Username, errs[3] = cleanText("username", "username", n.Username)
	p.IDNumber, errs[4] = cleanText("idnumber", "id number", n.IDNumber)
	p.Department, errs[5] = cleanText("department", "department", n.Department)
	p.Roles, errs[6] = checkRoles(n.Roles)
	errs[7] = CheckZone(n.Zone)
	if len(n.Roles) == 0 {
		p.Roles = []Role{RoleRep}
	}
	p.derive()
	return p, errors.Join(errs[:]...)
}

// Add adds a person. ErrEmailTaken when somebody has the e-mail address,
// ErrNotFound when there is no such team. Of several calls with one address at
// the same time, in whichever processes, exactly one succeeds.
func (s *Service) Add(ctx context.Context, n NewPerson) (*Person, error) {
	p, err := n.person()
	if err == nil {
		err = s.checkTeam(ctx, n.Team)
	}
	if err == nil {
		p.Created = s.now()
		err = retry(ctx, func() error { return s.insert(ctx, p) })
	}
	if err == nil && p.Admin {
		err = s.enrol(ctx, p.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("add %.100s: %w", n.Email, err)
	}
	return p, nil
}

// insert is one try: claim the address, insert the person under the id that the
// claim names, and confirm the claim.
func (s *Service) insert(ctx context.Context, p *Person) (err error) {
	if p.ID, err = s.claimNew(ctx, p.EmailKey); err != nil {
		return err
	}
	if err := s.people.Insert(ctx, p); err != nil {
		return err
	}
	err = s.confirm(ctx, p.EmailKey, p.ID)
	if !errors.Is(err, ErrEmailTaken) {
		return err
	}
	// Before she was there, somebody else moved to this address and found
	// nobody behind the claim.
	if undo := s.people.Delete(ctx, p.ID, p.Rev); undo != nil {
		return errors.Join(err, undo)
	}
	return err
}

// claimNew returns the id under which a new person with this address is to be
// inserted. A claim whose person doesn't exist is joined, not replaced: when
// two add one address, both get the same id, and inserting decides.
func (s *Service) claimNew(ctx context.Context, key string) (string, error) {
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	c, err := s.claims.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return id, s.claims.Insert(ctx, &claim{Meta: store.Meta{ID: key}, Person: id})
	}
	if err != nil {
		return "", err
	}
	_, err = s.people.Get(ctx, c.Person)
	if errors.Is(err, store.ErrNotFound) {
		return c.Person, nil
	}
	if err != nil {
		return "", err
	}
	return id, s.take(ctx, key, id)
}
