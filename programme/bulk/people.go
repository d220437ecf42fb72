package bulk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/insidebox/insidebox/people"
)

// atOnce is how many people are made side by side: so many that their writes
// fill the commits of the store.
const atOnce = 128

// A seat is somebody who is there in every company.
type seat struct {
	email, first, last string
	roles              []people.Role
}

var staff = []seat{
	{"admin", "Ada", "Novotny", []people.Role{people.RoleAdmin}},
	{"author", "Ines", "Moreau", []people.Role{people.RoleAuthor, people.RoleOperations}},
	{"sales", "Sam", "Whitlock", []people.Role{people.RoleSales}},
	{"care", "Carla", "Benedetti", []people.Role{people.RoleCare}},
	{"ops", "Olu", "Adeyemi", []people.Role{people.RoleOperations}},
}

// The names of all others, as invented as they are.
var (
	firsts = []string{
		"Ana", "Ben", "Chi", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "June", "Kit", "Lena", "Mika", "Nia", "Owen",
		"Pia", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Vera", "Wim", "Xenia", "Yara", "Zoe", "Émile", "Jürgen", "Søren", "Łucja",
	}
	lasts = []string{
		"Abara", "Brandt", "Castell", "Duarte", "Eriksen", "Fofana", "Grau", "Haddad", "Ilic", "Jansen", "Keller", "Larsen",
		"Marin", "Novak", "Okafor", "Petrov", "Quist", "Ruiz", "Sato", "Tamm", "Ueda", "Varga", "Wolski", "Xu", "Ytterberg",
		"Zeman", "Ångström", "Öztürk", "Ñíguez", "Étienne", "Lindqvist", "Osei", "Kendrick", "Hale", "Lin", "Moreau", "Adeyemi",
	}
)

// Address is the e-mail address of the rep with this number, from 0.
func Address(rep int) string { return fmt.Sprintf("p%06d@company.test", rep) }

// ManagerAddress is that of the manager with this number, who has the teams
// from ten times her number on.
func ManagerAddress(manager int) string { return fmt.Sprintf("m%05d@company.test", manager) }

// AdminAddress is that of the admin.
const AdminAddress = "admin@company.test"

func teamName(team int) string { return fmt.Sprintf("Team %04d", team+1) }

// fill adds everybody, and lets the reps learn.
func (c *company) fill(ctx context.Context) error {
	chance := c.random("staff", 0)
	for _, s := range c.staff() {
		if _, err := c.people.Seat(ctx, people.NewPerson{Email: s.email + "@company.test", First: s.first, Last: s.last, Roles: s.roles}, c.founded(), chance); err != nil {
			return err
		}
	}
	if err := c.addTeams(ctx); err != nil {
		return err
	}
	return c.addReps(ctx)
}

// addTeams adds the teams with their managers.
func (c *company) addTeams(ctx context.Context) error {
	chance := c.random("managers", 0)
	names := rand.New(rand.NewChaCha8(c.seeds("names of managers", 0)())) //nolint:gosec // nothing is secret
	for m := range c.Options.managers() {
		p, err := c.people.Seat(ctx, people.NewPerson{
			Email: ManagerAddress(m), First: one(names, firsts), Last: one(names, lasts), Roles: []people.Role{people.RoleManager},
		}, c.founded(), chance)
		if err != nil {
			return err
		}
		c.managers = append(c.managers, p)
	}
	for t := range c.Teams {
		team, err := c.people.AddTeam(ctx, teamName(t))
		if err == nil {
			_, err = c.people.AddManager(ctx, team.ID, c.managerOf(t).ID)
		}
		if err != nil {
			return err
		}
		c.teams = append(c.teams, team.ID)
	}
	return nil
}

func (c *company) managerOf(team int) *people.Person {
	return c.managers[min(team/teamsOfOne, len(c.managers)-1)]
}

func one(chance *rand.Rand, list []string) string { return list[chance.IntN(len(list))] }

// addReps adds the reps with their histories.
func (c *company) addReps(ctx context.Context) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	plan := c.plan()
	var mu sync.Mutex
	done, total := 0, c.reps()
	for rep, attempts := range c.shares() {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error {
			if err := c.addRep(inner, rep, attempts, plan); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if done++; c.Progress != nil {
				c.Progress(done, total)
			}
			return nil
		})
	}
	return errors.Join(group.Wait(), ctx.Err())
}

func (c *company) addRep(ctx context.Context, rep, attempts int, plan *plan) error {
	chance := rand.New(rand.NewChaCha8(c.seeds("rep", rep)())) //nolint:gosec // nothing is secret
	team := rep * c.Teams / c.reps()
	joined := c.Now.AddDate(0, 0, -shortest-chance.IntN(longest-shortest)).Add(-time.Duration(chance.IntN(8*3600)) * time.Second)
	p, err := c.people.Seat(ctx, people.NewPerson{
		Email: Address(rep), First: one(chance, firsts), Last: one(chance, lasts),
		Roles: []people.Role{people.RoleRep}, Team: c.teams[team],
	}, joined, c.random("id", rep))
	if err != nil {
		return err
	}
	l := &life{ctx: ctx, plan: plan, chance: chance, now: joined.Truncate(time.Second), end: c.Now, left: attempts, boss: c.managerOf(team).ID, passed: map[string]bool{}}
	l.Past = c.prog.Past(p.ID, p.Name(), func() time.Time { return l.now }, c.seeds("attempts", rep))
	if err := l.live(); err != nil {
		return fmt.Errorf("make up what rep %d did: %w", rep, err)
	}
	return l.Write(ctx)
}

// shares says how many attempts each rep makes: two reps share twice the
// average, one of them more than the other; of every twentieth pair one has
// done nothing at all.
func (c *company) shares() []int {
	chance := rand.New(rand.NewChaCha8(c.seeds("shares", 0)())) //nolint:gosec // nothing is secret
	shares := make([]int, c.reps())
	each, more := c.Attempts/len(shares), c.Attempts%len(shares)
	for i := range shares {
		if shares[i] = each; i < more {
			shares[i]++
		}
	}
	for i := 1; i < len(shares); i += 2 {
		move := shares[i]
		if i%40 != 1 || len(shares) < 40 {
			move = chance.IntN(shares[i]/2 + 1)
		}
		shares[i], shares[i-1] = shares[i]-move, shares[i-1]+move
	}
	return shares
}
