package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/people"
)

func (p *program) peopleInvite() *cobra.Command {
	var flags storeFlags
	var waiting bool
	var base string
	cmd := &cobra.Command{
		Use: "invite [EMAIL…]", Short: "Print links to set passwords, for new people and forgotten passwords",
		Long: "invite makes a link for each of the people named, or with --waiting for everybody\n" +
			"who has no password yet, and prints them as CSV with the columns email, name and\n" +
			"link. A link sets the password of its person, once, within a week; a newer link\n" +
			"replaces an older one. Until it is used her present password stays.",
		Example: "  insidebox people invite anna@example.com           she forgot her password\n" +
			"  insidebox people invite --waiting > links.csv      for a mail merge",
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if (len(args) > 0) == waiting {
			return wrong(cmd, "%sneeds the address of one or more people, or else --waiting", words(cmd))
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		address, err := readBase(cmd, base)
		if err != nil {
			return err
		}
		return p.withPeople(cmd.Context(), flags.existing, func(pp *people.Service) error {
			list, err := invited(cmd.Context(), pp, args)
			if err != nil {
				return err
			}
			return p.printLinks(cmd.Context(), pp, list, address)
		})
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&waiting, "waiting", false, "for everybody who has no password yet")
	addBase(cmd, &base)
	return cmd
}

// invited are the people with these addresses; without any, those who have no
// password yet. They are looked up before the first link is made, so that a
// slip in an address makes none.
func invited(ctx context.Context, pp *people.Service, emails []string) (list []*people.Person, err error) {
	if len(emails) == 0 {
		err = everybody(ctx, pp, func(one *people.Person) error {
			if one.Password == "" && !one.Disabled {
				list = append(list, one)
			}
			return nil
		})
		return list, err
	}
	for _, email := range emails {
		one, err := find(ctx, pp, email)
		if err != nil {
			return nil, err
		}
		if one.Disabled {
			return nil, fmt.Errorf("invite %s: the account is disabled; \"insidebox people enable %s\" comes first", one.Email, one.Email)
		}
		list = append(list, one)
	}
	return list, nil
}

func (p *program) printLinks(ctx context.Context, pp *people.Service, list []*people.Person, base *url.URL) error {
	out := csv.NewWriter(p.stdout)
	lines := [][]string{{"email", "name", "link"}}
	until := ""
	for _, one := range list {
		link, end, err := invite(ctx, pp, one.ID, base)
		if err != nil {
			// What was made already is printed: those links are open now.
			return errors.Join(fmt.Errorf("invite %s: %w", one.Email, err), out.WriteAll(lines))
		}
		until = end
		lines = append(lines, []string{people.SafeCell(one.Email), people.SafeCell(one.Name()), link})
	}
	if err := out.WriteAll(lines); err != nil {
		return fmt.Errorf("print the links: %w", err)
	}
	if len(list) == 0 {
		fmt.Fprintln(p.stderr, "nobody waits for a link")
		return nil
	}
	fmt.Fprintf(p.stderr, "%s, each good once, until %s\n", counted(len(list), "link"), until)
	return nil
}

// invite makes a one-time link, and says until when it is good.
func invite(ctx context.Context, pp *people.Service, id string, base *url.URL) (link, until string, err error) {
	token, end, err := pp.Invite(ctx, id)
	if err != nil {
		return "", "", err
	}
	return base.JoinPath("welcome", token).String(), end.Local().Format("2 January 2006, 15:04"), nil
}
