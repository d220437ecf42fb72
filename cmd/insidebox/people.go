package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
)

// opener opens the data that a command of people works on.
type opener func(context.Context) (store.Driver, error)

func (p *program) peopleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "people", Short: "Keep the people: add, invite, list, import, set-password, disable",
		Long: "people adds people and changes their accounts, while a server runs or while none\n" +
			"does. Give it the same --data (or --store) as the server, and run it as the same\n" +
			"user. What it changes holds at the next click of whoever is signed in.",
		Args: group,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.peopleAdd(), p.peopleInvite(), p.peopleList(), p.peopleImport(), p.peopleSetPassword(), p.peopleDisable(), p.peopleEnable())
	return cmd
}

// withPeople runs do with the people in the data that open opens.
func (p *program) withPeople(ctx context.Context, open opener, do func(*people.Service) error) (err error) {
	driver, err := open(ctx)
	if err != nil {
		return err
	}
	st := store.New(driver)
	defer func() { err = errors.Join(err, st.Close()) }()
	pp := newPeople(st)
	if err := st.Declare(ctx); err != nil {
		return fmt.Errorf("prepare the store: %w", err)
	}
	return do(pp)
}

func (p *program) peopleAdd() *cobra.Command {
	var flags storeFlags
	var first, last, roles, team, base string
	cmd := &cobra.Command{Use: "add EMAIL", Short: "Add a person and print a link to set the password", Args: one}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		address, err := readBase(cmd, base)
		if err != nil {
			return err
		}
		list, err := people.ParseRoles(roles)
		if err != nil {
			return wrong(cmd, "read --roles: %w", err)
		}
		who := people.NewPerson{Email: args[0], First: first, Last: last, Roles: list, Team: people.Slug(team)}
		return p.withPeople(cmd.Context(), flags.driver, func(pp *people.Service) error {
			person, err := pp.Add(cmd.Context(), who)
			switch {
			case errors.Is(err, people.ErrEmailTaken):
				return fmt.Errorf("add %s: %w; \"insidebox people list\" shows who", args[0], people.ErrEmailTaken)
			case errors.Is(err, people.ErrNotFound):
				return fmt.Errorf("add %s: there is no team %q; \"insidebox people list\" shows the teams, and \"people import\" makes new ones", args[0], team)
			case err != nil:
				return err
			}
			link, until, err := invite(cmd.Context(), pp, person.ID, address)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%s is added. This link sets the password, once, until %s:\n%s\n", person.Name(), until, link)
			return nil
		})
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&first, "first", "", "first `name`")
	cmd.Flags().StringVar(&last, "last", "", "last `name`")
	cmd.Flags().StringVar(&roles, "roles", "rep", "`list` of roles, separated by commas:\n"+people.JoinRoles(people.AllRoles()))
	cmd.Flags().StringVar(&team, "team", "", "`name` of her team, which must be there")
	addBase(cmd, &base)
	return cmd
}

// addBase adds the flag for the address that links begin with.
func addBase(cmd *cobra.Command, base *string) {
	cmd.Flags().StringVar(base, "base-url", "http://localhost:8080", "the site's `address`, which the link begins with")
}

func (p *program) peopleList() *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{Use: "list", Short: "List everybody by name", Args: none}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withPeople(cmd.Context(), flags.existing, func(pp *people.Service) error {
			out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
			fmt.Fprintln(out, "NAME\tEMAIL\tROLES\tTEAM\tACCOUNT")
			teams, err := teamNames(cmd.Context(), pp)
			if err != nil {
				return err
			}
			err = everybody(cmd.Context(), pp, func(one *people.Person) error {
				fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", one.Name(), one.Email, people.JoinRoles(one.Roles), teams.of(one.Team), account(one))
				return nil
			})
			return errors.Join(err, out.Flush())
		})
	}
	flags.add(cmd)
	return cmd
}

// teamsByID are the names of teams.
type teamsByID map[string]string

// of is a team's name, or its id when the team is not known.
func (t teamsByID) of(id string) string {
	if name := t[id]; name != "" {
		return name
	}
	return id
}

// teamNames reads all teams.
func teamNames(ctx context.Context, pp *people.Service) (teamsByID, error) {
	names := teamsByID{}
	var after store.Cursor
	for {
		teams, next, err := pp.Teams(ctx, after, 500)
		if err != nil {
			return nil, err
		}
		for _, t := range teams {
			names[t.ID] = t.Name
		}
		if after = next; after.IsZero() {
			return names, nil
		}
	}
}

// everybody calls do for each person, by name.
func everybody(ctx context.Context, pp *people.Service, do func(*people.Person) error) error {
	var after store.Cursor
	for {
		page, err := pp.List(ctx, after, 500)
		if err != nil {
			return fmt.Errorf("list the people: %w", err)
		}
		for _, one := range page.People {
			if err := do(one); err != nil {
				return err
			}
		}
		if after = page.Next; after.IsZero() {
			return nil
		}
	}
}

func account(p *people.Person) string {
	switch {
	case p.Disabled:
		return "disabled"
	case p.Password == "":
		return "no password yet"
	default:
		return "active"
	}
}

func (p *program) peopleDisable() *cobra.Command {
	return p.change("disable EMAIL", "Switch an account off and sign the person out at once", "is disabled and signed out; what she did stays",
		func(ctx context.Context, pp *people.Service, id string) error {
			_, err := pp.Disable(ctx, id)
			return err
		})
}

func (p *program) peopleEnable() *cobra.Command {
	return p.change("enable EMAIL", "Switch an account on again", "can sign in again",
		func(ctx context.Context, pp *people.Service, id string) error {
			_, err := pp.Enable(ctx, id)
			return err
		})
}

// change is a command that does something to one person, and says so.
func (p *program) change(use, short, said string, do func(context.Context, *people.Service, string) error) *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{Use: use, Short: short, Args: one}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withPeople(cmd.Context(), flags.existing, func(pp *people.Service) error {
			person, err := find(cmd.Context(), pp, args[0])
			if err != nil {
				return err
			}
			err = do(cmd.Context(), pp, person.ID)
			if errors.Is(err, people.ErrLastAdmin) { // without the id, which says nothing here
				err = people.ErrLastAdmin
			}
			if err != nil {
				return fmt.Errorf("%s %s: %w", cmd.Name(), person.Email, err)
			}
			fmt.Fprintf(p.stdout, "%s %s.\n", person.Name(), said)
			return nil
		})
	}
	flags.add(cmd)
	return cmd
}

// find is the person with that address.
func find(ctx context.Context, pp *people.Service, email string) (*people.Person, error) {
	person, err := pp.ByEmail(ctx, strings.TrimSpace(email))
	if errors.Is(err, people.ErrNotFound) {
		return nil, fmt.Errorf("look up %s: nobody has this address; \"insidebox people list\" shows who is there", email)
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", email, err)
	}
	return person, nil
}
