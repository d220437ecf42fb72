package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/store"
)

// maxManaged is how many teams one person may manage: they are read at once.
const maxManaged = 200

// Team is a sales team. Who is in it stands in the persons, who manages it
// stands here.
type Team struct {
	store.Meta `bson:",inline"` // the id is a slug: "team-north"

	Name     string   `bson:"name"`
	NameKey  string   `bson:"name_key"` // folded: the order of lists
	Managers []string `bson:"managers"` // ids of persons
}

func teamSchema() store.Schema {
	return store.Schema{Name: "teams", Indexes: []store.Index{
		{Name: byName, Fields: []store.Field{{Name: "name_key", Kind: store.KindString}}},
	}}
}

// ManagedBy tells whether the person manages the team: it names her, and she
// holds the manager's role, and she is not disabled. Who may see a team's
// people rests on this and on nothing else.
func (t *Team) ManagedBy(p *Person) bool {
	return p.Has(RoleManager) && slices.Contains(t.Managers, p.ID)
}

// Team returns the team with this id, or ErrNotFound.
func (s *Service) Team(ctx context.Context, id string) (*Team, error) {
	if store.CheckID(id) != nil {
		return nil, missing(store.ErrNotFound, "team", id)
	}
	t, err := s.teams.Get(ctx, id)
	if err != nil {
		return nil, missing(err, "team", id)
	}
	return t, nil
}

// AddTeam adds a team whose id is the name's [Slug]. ErrTeamTaken when a team
// has that id.
func (s *Service) AddTeam(ctx context.Context, name string) (*Team, error) {
	name, err := cleanText("team", "team's name", name)
	if err != nil {
		return nil, err
	}
	return s.addTeam(ctx, Slug(name), name)
}

func (s *Service) addTeam(ctx context.Context, id, name string) (*Team, error) {
	if id == "" {
		return nil, input("team", "team-letter", `A team's name needs a letter or a digit, "{Team}" has none.`, "Team", said(name))
	}
	t := &Team{Meta: store.Meta{ID: id}, Name: name, NameKey: foldName(name)}
	err := s.teams.Insert(ctx, t)
	if errors.Is(err, store.ErrExists) {
		err = ErrTeamTaken
	}
	if err != nil {
		return nil, fmt.Errorf("add the team %s: %w", name, err)
	}
	return t, nil
}

// RenameTeam changes the name that people see; the id stays.
func (s *Service) RenameTeam(ctx context.Context, id, name string) (*Team, error) {
	name, err := cleanText("team", "team's name", name)
	if err == nil && strings.TrimSpace(name) == "" {
		err = input("team", "team-nameless", "A team needs a name.")
	}
	if err != nil {
		return nil, err
	}
	return s.changeTeam(ctx, "rename", id, func(t *Team) error {
		t.Name, t.NameKey = name, foldName(name)
		return nil
	})
}

// AddManager lets a person manage a team, and gives her the manager's role if
// she hasn't got it. The person is written first: a crash in between leaves her
// with a role and without the team, which shows her nothing.
func (s *Service) AddManager(ctx context.Context, team, person string) (*Team, error) {
	if _, err := s.Team(ctx, team); err != nil {
		return nil, err
	}
	_, err := s.change(ctx, "make a manager", person, func(p *Person) (err error) {
		if slices.Contains(p.Manages, team) && slices.Contains(p.Roles, RoleManager) {
			return store.ErrNoChange
		}
		if !slices.Contains(p.Manages, team) {
			if len(p.Manages) >= maxManaged {
				return input("manager", "manager-full", "{Name} manages {Most} teams already, which is the most.", "Name", p.Name(), "Most", maxManaged)
			}
			p.Manages = append(p.Manages, team)
		}
		p.Roles, err = checkRoles(append(p.Roles, RoleManager))
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.changeTeam(ctx, "add a manager to", team, func(t *Team) error {
		if slices.Contains(t.Managers, person) {
			return store.ErrNoChange
		}
		t.Managers = append(t.Managers, person)
		return nil
	})
}

// RemoveManager takes a team from a person. Her role stays. So does the hint in
// her document: it gives nothing by itself, and taking it away would need a
// second write that could cross an AddManager.
func (s *Service) RemoveManager(ctx context.Context, team, person string) (*Team, error) {
	return s.changeTeam(ctx, "remove a manager from", team, func(t *Team) error {
		if !slices.Contains(t.Managers, person) {
			return store.ErrNoChange
		}
		t.Managers = slices.DeleteFunc(t.Managers, func(id string) bool { return id == person })
		return nil
	})
}

func (s *Service) changeTeam(ctx context.Context, what, id string, fn func(*Team) error) (*Team, error) {
	t, err := s.teams.Update(ctx, id, fn)
	if err != nil {
		return nil, fmt.Errorf("%s the team %.100s: %w", what, id, missing(err, "team", id))
	}
	return t, nil
}

// Managed returns the teams that the person manages, by name. It makes one
// read, and none for somebody who manages nothing.
func (s *Service) Managed(ctx context.Context, p *Person) ([]*Team, error) {
	if !p.Has(RoleManager) {
		return nil, nil
	}
	named, err := s.teams.GetAll(ctx, p.Manages...)
	if err != nil {
		return nil, fmt.Errorf("read the teams of %s: %w", p.ID, err)
	}
	var teams []*Team
	for _, t := range named {
		if t.ManagedBy(p) {
			teams = append(teams, t)
		}
	}
	slices.SortFunc(teams, func(a, b *Team) int {
		return strings.Compare(a.NameKey+"\x00"+a.ID, b.NameKey+"\x00"+b.ID)
	})
	return teams, nil
}

// MayManage tells whether p manages the team that the other person is in. It
// makes one read at most.
func (s *Service) MayManage(ctx context.Context, p, other *Person) (bool, error) {
	if other.Team == "" || !p.Has(RoleManager) {
		return false, nil
	}
	t, err := s.Team(ctx, other.Team)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return t.ManagedBy(p), nil
}

// checkTeam returns an InputError when there is no such team; "" is none.
func (s *Service) checkTeam(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	_, err := s.Team(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return errors.Join(input("team", "team-unknown", `There is no team "{Team}".`, "Team", said(id)), ErrNotFound)
	}
	return err
}
