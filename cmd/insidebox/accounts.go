package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/content"
	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/programme"
	"github.com/insidebox/insidebox/store"
)

func (p *program) accountsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "accounts", Short: "Keep the accounts: import",
		Long: "accounts adds customers and says who looks after them, while a server runs or while\n" +
			"none does. Give it the same --data (or --store) as the server, and run it as the\n" +
			"same user.",
		Args: group,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.accountsImport())
	return cmd
}

func (p *program) accountsImport() *cobra.Command {
	var flags storeFlags
	var dry bool
	var rejected string
	cmd := &cobra.Command{
		Use: "import FILE.csv", Short: "Add and change accounts from a CSV file", Args: one,
		Long: "import reads a CSV file (commas, semicolons or tabs, UTF-8) with any of the columns\n\n" +
			"  name,crm_id,sales,operations\n\n" +
			"Only name is needed; a row is about the account of that name, which is added when\n" +
			"there is none. sales and operations are the e-mail addresses of the two people who\n" +
			"look after it. An empty cell leaves alone what is there, and so are accounts that\n" +
			"are not in the file. It prints one result a row. Rejected rows are written to a\n" +
			"file, with the reason, to be mended and imported again; it then exits with 1, as a\n" +
			"dry run does that finds some.",
		Example: "  insidebox accounts import accounts.csv --dry-run     what would change?\n" +
			"  insidebox accounts import accounts.csv",
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in, file, err := p.openImport("accounts", args[0], rejected)
		if err != nil {
			return err
		}
		defer file.Close()
		open := flags.driver
		if dry {
			open = flags.onlyLook
		}
		return p.withProgramme(cmd.Context(), open, dry, func(prog *programme.Programme) error {
			return in.accounts(cmd.Context(), prog, file, dry)
		})
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show what would change, and change nothing")
	cmd.Flags().StringVar(&rejected, "rejected", "", "`file` for the rejected rows (default FILE.rejected.csv)")
	return cmd
}

// withProgramme runs do with the programme on the data that open opens. Nothing
// of the content is published; with look nothing at all is written.
func (p *program) withProgramme(ctx context.Context, open opener, look bool, do func(*programme.Programme) error) (err error) {
	driver, err := open(ctx)
	if err != nil {
		return err
	}
	st := store.New(driver)
	defer func() { err = errors.Join(err, st.Close()) }()
	shelf, _ := programme.NewShelf(func() fs.FS { return content.Sample() }, time.Now)
	prog := programme.New(st, newPeople(st), shelf, programme.Options{
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Seed: func() (s [32]byte) { _, _ = rand.Read(s[:]); return s },
	})
	if err := st.Declare(ctx); err != nil {
		return fmt.Errorf("prepare the store: %w", err)
	}
	if err := prog.OpenKey(ctx, look); err != nil {
		return err
	}
	return do(prog)
}

// accounts imports accounts, or shows what would become of them.
func (in *imported) accounts(ctx context.Context, prog *programme.Programme, file io.Reader, dry bool) error {
	plan, err := prog.PlanAccounts(ctx, file)
	if err != nil {
		return in.failed(err)
	}
	if dry {
		in.printAccounts(plan, plans)
		fmt.Fprintln(in.program.stdout, "This was a dry run; nothing is changed.")
		if n := plan.Count(people.Rejected); n > 0 {
			return in.failed(fmt.Errorf("%s would be rejected, for the reasons above; mend them, or import the others all the same", counted(n, "row")))
		}
		return nil
	}
	progress, wipe := in.program.progress()
	err = prog.ApplyAccounts(ctx, plan, progress)
	wipe()
	if err != nil {
		return in.failed(fmt.Errorf("%w; what was done stays, import the file again for the rest", err))
	}
	in.printAccounts(plan, deeds)
	if n := plan.Count(people.Rejected); n > 0 {
		return in.writeRejected(plan, n)
	}
	return nil
}

func (in *imported) printAccounts(plan *programme.AccountImport, said map[people.Action]string) {
	out := in.program.stdout
	for _, column := range plan.Unknown {
		fmt.Fprintf(out, "column %q: not known, and not looked at\n", column)
	}
	for _, row := range plan.Rows {
		fmt.Fprintf(out, "line %d: %s %s\n", row.Line, said[row.Action], row.Name)
		if row.Reason != "" {
			fmt.Fprintf(out, "    %s\n", row.Reason)
			continue
		}
		for _, c := range row.Changes {
			fmt.Fprintf(out, "    %s\n", changeLine(c))
		}
	}
	fmt.Fprintf(out, "%s:", counted(len(plan.Rows), "row"))
	for i, action := range []people.Action{people.Added, people.Changed, people.Unchanged, people.Rejected} {
		if i > 0 {
			fmt.Fprint(out, ",")
		}
		fmt.Fprintf(out, " %d %s", plan.Count(action), said[action])
	}
	fmt.Fprintln(out)
}

// changeLine says a change of a field: from what to what.
func changeLine(c people.FieldChange) string {
	if c.Old == "" {
		return fmt.Sprintf("%s: %q", c.Field, c.New)
	}
	return fmt.Sprintf("%s: %q → %q", c.Field, c.Old, c.New)
}
