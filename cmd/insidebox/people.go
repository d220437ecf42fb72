package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
)

func (p *program) peopleCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "people", Short: "Keep the people: add, list, import, set-password, disable", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(p.peopleAdd(), p.peopleList(), p.peopleImport(), p.peopleSetPassword(), p.peopleDisable(), p.peopleEnable())
	return cmd
}

// withPeople runs f with the people of the store that the flags name.
func (p *program) withPeople(ctx context.Context, flags *storeFlags, f func(context.Context, *people.Service) error) (err error) {
	driver, err := flags.driver(ctx)
	if err != nil {
		return err
	}
	st := store.New(driver)
	defer func() { err = errors.Join(err, st.Close()) }()
	pp := newPeople(st)
	if err := st.Declare(ctx); err != nil {
		return fmt.Errorf("prepare the store: %w", err)
	}
	return f(ctx, pp)
}

func (p *program) peopleAdd() *cobra.Command {
	var flags storeFlags
	var first, last, roles, team, base string
	cmd := &cobra.Command{Use: "add EMAIL", Short: "Add a person and print a link to set the password", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withPeople(cmd.Context(), &flags, func(ctx context.Context, pp *people.Service) error {
			list, err := people.ParseRoles(roles)
			if err != nil {
				return err
			}
			person, err := pp.Add(ctx, people.NewPerson{Email: args[0], First: first, Last: last, Roles: list, Team: team})
			if err != nil {
				return err
			}
			token, until, err := pp.Invite(ctx, person.ID)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "%s is added. This link sets the password, once, until %s:\n%s/welcome/%s\n",
				person.Name(), until.Local().Format("2 January 2006"), strings.TrimSuffix(base, "/"), token)
			return err
		})
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&first, "first", "", "first name")
	cmd.Flags().StringVar(&last, "last", "", "last name")
	cmd.Flags().StringVar(&roles, "roles", "rep", "roles, separated by commas: "+people.JoinRoles(people.AllRoles()))
	cmd.Flags().StringVar(&team, "team", "", "id of the team, such as team-north")
	cmd.Flags().StringVar(&base, "base-url", "http://localhost:8080", "the site's address, for the link")
	return cmd
}

func (p *program) peopleList() *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{Use: "list", Short: "List everybody by name", Args: cobra.NoArgs}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.withPeople(cmd.Context(), &flags, func(ctx context.Context, pp *people.Service) error {
			out := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
			_, _ = fmt.Fprintln(out, "NAME\tEMAIL\tROLES\tTEAM\tACCOUNT")
			var after store.Cursor
			for {
				page, err := pp.List(ctx, after, 500)
				if err != nil {
					return err
				}
				for _, one := range page.People {
					_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", one.Name(), one.Email, people.JoinRoles(one.Roles), one.Team, account(one))
				}
				if after = page.Next; after.IsZero() {
					return out.Flush()
				}
			}
		})
	}
	flags.add(cmd)
	return cmd
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

func (p *program) peopleSetPassword() *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{Use: "set-password EMAIL", Short: "Set a person's password, read from standard input", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		password, err := bufio.NewReader(p.stdin).ReadString('\n')
		password = strings.TrimRight(password, "\r\n")
		if password == "" {
			return fmt.Errorf("set the password of %s: nothing came on standard input; try: echo 'the new password' | insidebox people set-password %s: %w", args[0], args[0], errors.Join(errUsage, err))
		}
		return p.one(cmd.Context(), &flags, args[0], "has a new password and is signed out everywhere", func(ctx context.Context, pp *people.Service, id string) error {
			_, err := pp.SetPassword(ctx, id, password)
			return err
		})
	}
	flags.add(cmd)
	return cmd
}

func (p *program) peopleDisable() *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{Use: "disable EMAIL", Short: "Switch an account off and sign the person out at once", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.one(cmd.Context(), &flags, args[0], "is disabled and signed out; what she did stays", func(ctx context.Context, pp *people.Service, id string) error {
			_, err := pp.Disable(ctx, id)
			return err
		})
	}
	flags.add(cmd)
	return cmd
}

func (p *program) peopleEnable() *cobra.Command {
	var flags storeFlags
	cmd := &cobra.Command{Use: "enable EMAIL", Short: "Switch an account on again", Args: cobra.ExactArgs(1)}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.one(cmd.Context(), &flags, args[0], "can sign in again", func(ctx context.Context, pp *people.Service, id string) error {
			_, err := pp.Enable(ctx, id)
			return err
		})
	}
	flags.add(cmd)
	return cmd
}

// one does something to the person of that address and says so.
func (p *program) one(ctx context.Context, flags *storeFlags, email, said string, do func(context.Context, *people.Service, string) error) error {
	return p.withPeople(ctx, flags, func(ctx context.Context, pp *people.Service) error {
		person, err := pp.ByEmail(ctx, email)
		if err != nil {
			return fmt.Errorf("look up %s: %w", email, err)
		}
		if err := do(ctx, pp, person.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s %s.\n", person.Name(), said)
		return err
	})
}

func (p *program) peopleImport() *cobra.Command {
	var flags storeFlags
	var dry bool
	var rejected string
	cmd := &cobra.Command{Use: "import FILE.csv", Short: "Add and change people from a CSV file", Args: cobra.ExactArgs(1),
		Long: "import reads a CSV file with the columns email, firstname, lastname, username, idnumber, department,\n" +
			"team, manager (an e-mail), roles, suspended, deleted; only email is needed. People who are not in the\n" +
			"file are left alone. It prints one result a row, and writes rejected rows with the reason to a file."}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withPeople(cmd.Context(), &flags, func(ctx context.Context, pp *people.Service) error {
			return p.importFile(ctx, pp, args[0], rejected, dry)
		})
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show what would change, and change nothing")
	cmd.Flags().StringVar(&rejected, "rejected", "", "where rejected rows go (default FILE.rejected.csv)")
	return cmd
}

func (p *program) importFile(ctx context.Context, pp *people.Service, name, rejected string, dry bool) error {
	file, err := os.Open(name) //nolint:gosec // the operator names the file
	if err != nil {
		return fmt.Errorf("import people: %w", err)
	}
	defer func() { _ = file.Close() }()
	diff, err := pp.Plan(ctx, file)
	if err != nil {
		return fmt.Errorf("import %s: %w", name, err)
	}
	if dry {
		p.printRows(diff.Rows)
		_, err := fmt.Fprintln(p.stdout, "This was a dry run; nothing is changed.")
		return err
	}
	report, err := pp.Apply(ctx, diff, p.progress())
	if err != nil {
		return fmt.Errorf("import %s: %w", name, err)
	}
	p.printRows(report.Rows)
	if report.Count(people.Rejected) == 0 {
		return nil
	}
	if rejected == "" {
		rejected = strings.TrimSuffix(name, ".csv") + ".rejected.csv"
	}
	return p.writeRejected(report, rejected)
}

func (p *program) writeRejected(report *people.Report, name string) error {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	if err := errors.Join(report.WriteRejected(out), out.Close()); err != nil {
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	return fmt.Errorf("%d rows were rejected; they are in %s with the reason, to be mended and imported again", report.Count(people.Rejected), name)
}
