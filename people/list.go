package people

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/insidebox/insidebox/store"
)

// Page is one page of a list of persons. Next goes to the next page; it is the
// zero Cursor on the last one.
type Page struct {
	People []*Person
	Next   store.Cursor
}

// List returns everybody, the disabled too, by name (last name first), a page
// of up to limit (1 to 1000) behind after.
func (s *Service) List(ctx context.Context, after store.Cursor, limit int) (Page, error) {
	return s.page(ctx, store.Query{Index: byName, After: after, Limit: limit})
}

// Members returns those in a team who are not disabled, by name, a page of up
// to limit (1 to 1000) behind after.
func (s *Service) Members(ctx context.Context, team string, after store.Cursor, limit int) (Page, error) {
	return s.members(ctx, team, false, after, limit)
}

// FormerMembers is Members for those who are disabled.
func (s *Service) FormerMembers(ctx context.Context, team string, after store.Cursor, limit int) (Page, error) {
	return s.members(ctx, team, true, after, limit)
}

func (s *Service) members(ctx context.Context, team string, disabled bool, after store.Cursor, limit int) (Page, error) {
	eq := []store.Key{store.String(team), store.Bool(disabled)}
	return s.page(ctx, store.Query{Index: byTeam, Eq: eq, After: after, Limit: limit})
}

// CountMembers returns how many in the team are not disabled, counting no
// further than most.
func (s *Service) CountMembers(ctx context.Context, team string, most int) (int, error) {
	eq := []store.Key{store.String(team), store.Bool(false)}
	return s.people.Count(ctx, store.Query{Index: byTeam, Eq: eq}, most)
}

// Admins returns the admins who are not disabled, by name.
func (s *Service) Admins(ctx context.Context, after store.Cursor, limit int) (Page, error) {
	return s.page(ctx, store.Query{Index: byAdmin, Eq: []store.Key{store.Bool(true)}, After: after, Limit: limit})
}

func (s *Service) page(ctx context.Context, q store.Query) (Page, error) {
	list, next, err := s.people.Find(ctx, q)
	if err != nil {
		return Page{}, fmt.Errorf("list people: %w", err)
	}
	return Page{People: list, Next: next}, nil
}

// Teams returns the teams by name, up to limit (1 to 1000) behind after.
func (s *Service) Teams(ctx context.Context, after store.Cursor, limit int) ([]*Team, store.Cursor, error) {
	teams, next, err := s.teams.Find(ctx, store.Query{Index: byName, After: after, Limit: limit})
	if err != nil {
		return nil, next, fmt.Errorf("list teams: %w", err)
	}
	return teams, next, nil
}

// TeamsOf returns the teams that these persons are in, by id.
func (s *Service) TeamsOf(ctx context.Context, list []*Person) (map[string]*Team, error) {
	ids, teams := make([]string, 0, len(list)), map[string]*Team{}
	for _, p := range list {
		ids = append(ids, p.Team)
	}
	err := s.readTeams(ctx, ids, nil, func(t *Team) { teams[t.ID] = t })
	return teams, err
}

// MaxFound is how many persons Search finds at most.
const MaxFound = 50

// Search returns up to MaxFound persons, by name, whose name or e-mail address
// begins with the text: "ann", "berg", "anna be", "berg a", "anna@". Capitals
// and accents don't matter. more says that there are others; then a longer text
// helps. An empty text finds nobody.
func (s *Service) Search(ctx context.Context, text string) (found []*Person, more bool, err error) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return nil, false, nil
	}
	name, email := foldName(text), FoldEmail(text)
	for _, try := range []struct{ index, prefix string }{{byName, name}, {byFirst, name}, {byEmail, email}} {
		if try.prefix == "" || len(try.prefix) > store.MaxKey/2 {
			continue
		}
		list, next, err := s.people.Find(ctx, store.Query{
			Index: try.index,
			From:  store.String(try.prefix),
			To:    store.String(try.prefix + "\U0010FFFF"), // behind all that begins with it
			Limit: MaxFound,
		})
		if err != nil {
			return nil, false, fmt.Errorf("search for people: %w", err)
		}
		found = append(found, list...)
		more = more || !next.IsZero()
	}
	slices.SortFunc(found, func(a, b *Person) int {
		return strings.Compare(a.NameKey+"\x00"+a.ID, b.NameKey+"\x00"+b.ID)
	})
	found = slices.CompactFunc(found, func(a, b *Person) bool { return a.ID == b.ID })
	if len(found) > MaxFound {
		found, more = found[:MaxFound], true
	}
	return found, more, nil
}
