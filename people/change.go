package people

import (
	"context"
	"slices"

	"github.com/insidebox/insidebox/store"
)

// Get returns the person with this id, or ErrNotFound.
func (s *Service) Get(ctx context.Context, id string) (*Person, error) {
	if store.CheckID(id) != nil {
		return nil, missing(store.ErrNotFound, "person", id)
	}
	p, err := s.people.Get(ctx, id)
	if err != nil {
		return nil, missing(err, "person", id)
	}
	return p, nil
}

// A Profile is what people may change of themselves.
type Profile struct {
	First, Last string
	Zone        string // "" is the library's
	Language    string // tag such as "de"; "" is what her browser asks for
}

// SetProfile changes all of a profile, or, with an [InputError], none of it.
func (s *Service) SetProfile(ctx context.Context, id string, f Profile) (*Person, error) {
	first, last, err := cleanName(f.First, f.Last)
	if err == nil {
		err = CheckZone(f.Zone)
	}
	if err == nil && len(f.Language) > 35 { // as long as a tag can sensibly be (RFC 5646, 4.4.1)
		err = input("language", "language-unknown", `There is no language "{Language}".`, "Language", said(f.Language))
	}
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "change the profile", id, func(p *Person) error {
		p.First, p.Last, p.Zone, p.Language = first, last, f.Zone, f.Language
		return nil
	})
}

// cleanName checks a first and a last name, of which one may be empty.
func cleanName(first, last string) (string, string, error) {
	first, err := cleanText("firstname", "first name", first)
	if err != nil {
		return "", "", err
	}
	if last, err = cleanText("lastname", "last name", last); err != nil {
		return "", "", err
	}
	if first == "" && last == "" {
		return "", "", input("firstname", "name-missing", "A name is needed: the first name, the last name, or both.")
	}
	return first, last, nil
}

// SetTeam moves her to another team, or to none with "".
func (s *Service) SetTeam(ctx context.Context, id, team string) (*Person, error) {
	if err := s.checkTeam(ctx, team); err != nil {
		return nil, err
	}
	return s.change(ctx, "change the team", id, func(p *Person) error {
		p.Team = team
		return nil
	})
}

// SetRoles gives her exactly these roles. It holds at her next request.
// ErrLastAdmin when that would leave no admin.
func (s *Service) SetRoles(ctx context.Context, id string, roles []Role) (*Person, error) {
	roles, err := checkRoles(roles)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, "change the roles", id, func(p *Person) error {
		p.Roles = slices.Clone(roles)
		return nil
	})
}

// AddRole gives her one more role.
func (s *Service) AddRole(ctx context.Context, id string, role Role) (*Person, error) {
	if _, err := checkRoles([]Role{role}); err != nil {
		return nil, err
	}
	return s.change(ctx, "add a role", id, func(p *Person) (err error) {
		if slices.Contains(p.Roles, role) {
			return store.ErrNoChange
		}
		p.Roles, err = checkRoles(append(p.Roles, role))
		return err
	})
}

// RemoveRole takes one role from her. ErrLastAdmin when she is the last admin
// and the role is RoleAdmin.
func (s *Service) RemoveRole(ctx context.Context, id string, role Role) (*Person, error) {
	return s.change(ctx, "remove a role", id, func(p *Person) error {
		if !slices.Contains(p.Roles, role) {
			return store.ErrNoChange
		}
		p.Roles = slices.DeleteFunc(p.Roles, func(r Role) bool { return r == role })
		return nil
	})
}

// Disable signs her out everywhere at once and keeps her from signing in; what
// she did stays. ErrLastAdmin when she is the last admin.
func (s *Service) Disable(ctx context.Context, id string) (*Person, error) {
	return s.change(ctx, "disable the account", id, func(p *Person) error {
		if p.Disabled {
			return store.ErrNoChange
		}
		p.Disabled = true
		return nil
	})
}

// Enable lets a disabled person sign in again, with the password that she had.
func (s *Service) Enable(ctx context.Context, id string) (*Person, error) {
	return s.change(ctx, "enable the account", id, func(p *Person) error {
		if !p.Disabled {
			return store.ErrNoChange
		}
		p.Disabled = false
		return nil
	})
}
