package people

import (
	"context"
	"fmt"
	"slices"

	"github.com/insidebox/insidebox/store"
)

// directory is what a plan needs to know of the store, read in large batches.
type directory struct {
	byID       map[string]*Person
	byEmail    map[string]*Person
	byUsername map[string][]*Person
	byIDNumber map[string][]*Person
}

// readDirectory reads everybody whom the rows may be about or may name as a
// manager: by e-mail address, username and id number.
func (s *Service) readDirectory(ctx context.Context, drafts []*draft) (*directory, error) {
	var emails, usernames, numbers []string
	for _, d := range drafts {
		if d.err != nil {
			continue
		}
		emails = append(emails, FoldEmail(d.want.email), FoldEmail(d.managerRef))
		usernames = append(usernames, foldID(d.want.username), foldID(d.managerRef))
		numbers = append(numbers, d.want.idnumber)
	}
	dir := &directory{
		byID: map[string]*Person{}, byEmail: map[string]*Person{},
		byUsername: map[string][]*Person{}, byIDNumber: map[string][]*Person{},
	}
	if err := s.readEmails(ctx, dir, distinct(emails)); err != nil {
		return nil, err
	}
	err := s.readIndex(ctx, byUsername, distinct(usernames), func(p *Person) {
		dir.byUsername[p.UsernameKey] = append(dir.byUsername[p.UsernameKey], dir.keep(p))
	})
	if err != nil {
		return nil, err
	}
	err = s.readIndex(ctx, byIDNumber, distinct(numbers), func(p *Person) {
		dir.byIDNumber[p.IDNumber] = append(dir.byIDNumber[p.IDNumber], dir.keep(p))
	})
	return dir, err
}

// keep returns the one copy of a person that the plan works with.
func (dir *directory) keep(p *Person) *Person {
	if dir.byID[p.ID] == nil {
		dir.byID[p.ID] = p
	}
	return dir.byID[p.ID]
}

func (s *Service) readEmails(ctx context.Context, dir *directory, keys []string) error {
	keys = slices.DeleteFunc(keys, func(k string) bool { return store.CheckID(k) != nil })
	for part := range slices.Chunk(keys, store.MaxMany) {
		claims, err := s.claims.GetAll(ctx, part...)
		if err != nil {
			return fmt.Errorf("look up e-mail addresses: %w", err)
		}
		ids := make([]string, 0, len(claims))
		for _, c := range claims {
			ids = append(ids, c.Person)
		}
		persons, err := s.people.GetAll(ctx, distinct(ids)...)
		if err != nil {
			return fmt.Errorf("look up people: %w", err)
		}
		for key, c := range claims {
			if p := persons[c.Person]; p != nil && p.EmailKey == key {
				dir.byEmail[key] = dir.keep(p)
			}
		}
	}
	return nil
}

// readIndex calls see for everybody who has one of the keys in the index.
func (s *Service) readIndex(ctx context.Context, index string, keys []string, see func(*Person)) error {
	for part := range slices.Chunk(keys, store.MaxIn) {
		q := store.Query{Index: index, In: store.Strings(part), Limit: store.MaxLimit}
		for {
			list, next, err := s.people.Find(ctx, q)
			if err != nil {
				return fmt.Errorf("look up people: %w", err)
			}
			for _, p := range list {
				see(p)
			}
			if next.IsZero() {
				break
			}
			q.After = next
		}
	}
	return nil
}

// readTeams calls see for the teams with these ids, and for those with these
// folded names.
func (s *Service) readTeams(ctx context.Context, ids, names []string, see func(*Team)) error {
	ids = slices.DeleteFunc(distinct(ids), func(id string) bool { return store.CheckID(id) != nil })
	for part := range slices.Chunk(ids, store.MaxMany) {
		found, err := s.teams.GetAll(ctx, part...)
		if err != nil {
			return fmt.Errorf("look up teams: %w", err)
		}
		for _, t := range found {
			see(t)
		}
	}
	for part := range slices.Chunk(distinct(names), store.MaxIn) {
		q := store.Query{Index: byName, In: store.Strings(part), Limit: store.MaxLimit}
		for {
			found, next, err := s.teams.Find(ctx, q)
			if err != nil {
				return fmt.Errorf("look up teams: %w", err)
			}
			for _, t := range found {
				see(t)
			}
			if next.IsZero() {
				break
			}
			q.After = next
		}
	}
	return nil
}

// distinct returns the texts sorted, each once, without the empty one.
func distinct(texts []string) []string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(t string) bool { return t == "" })
	slices.Sort(texts)
	return slices.Compact(texts)
}
