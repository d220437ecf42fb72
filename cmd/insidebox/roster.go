package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/insidebox/insidebox/people"
	"github.com/insidebox/insidebox/store"
)

// An imported is one call of people import, or of accounts import.
type imported struct {
	program  *program
	name     string // of the file
	rejected string // where rejected rows go
}

func (p *program) peopleImport() *cobra.Command {
	var flags storeFlags
	var dry bool
	var rejected string
	cmd := &cobra.Command{
		Use: "import FILE.csv", Short: "Add and change people from a CSV file", Args: one,
		Long: "import reads a CSV file (commas, semicolons or tabs, UTF-8) with any of the columns\n\n" +
			"  username,firstname,lastname,email,idnumber,department,manager,team,roles,\n" +
			"  suspended,deleted\n\n" +
			"Only email is needed. manager is an address or a username, and may come later in\n" +
			"the file; roles are separated by spaces; suspended is 1 or 0. An empty cell leaves\n" +
			"alone what is there, and so are people who are not in the file. It prints one\n" +
			"result a row. Rejected rows are written to a file, with the reason, to be mended\n" +
			"and imported again; it then exits with 1, as a dry run does that finds some.",
		Example: "  insidebox people import people.csv --dry-run     what would change?\n" +
			"  insidebox people import people.csv\n" +
			"  insidebox people invite --waiting > links.csv    and let them in",
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in, file, err := p.openImport("people", args[0], rejected)
		if err != nil {
			return err
		}
		defer file.Close()
		open, do := flags.driver, in.apply
		if dry {
			open, do = flags.onlyLook, in.show
		}
		return p.withPeople(cmd.Context(), open, func(pp *people.Service) error { return do(cmd.Context(), pp, file) })
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show what would change, and change nothing")
	cmd.Flags().StringVar(&rejected, "rejected", "", "`file` for the rejected rows (default FILE.rejected.csv)")
	return cmd
}

// openImport opens a CSV file to be imported. Where the rejected rows go is named
// after it, when no flag says.
func (p *program) openImport(what, name, rejected string) (*imported, *os.File, error) {
	if rejected == "" {
		rejected = strings.TrimSuffix(name, filepath.Ext(name)) + ".rejected.csv"
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("import %s: %w; name the CSV file", what, err)
	}
	return &imported{p, name, rejected}, file, nil
}

// onlyLook opens the store, and when there are no data an empty file that is
// gone afterwards: a dry run makes nothing.
func (f *storeFlags) onlyLook(ctx context.Context) (store.Driver, error) {
	driver, err := f.existing(ctx)
	if !errors.Is(err, errNoData) {
		return driver, err
	}
	folder, err := os.MkdirTemp("", "insidebox-dry-run-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the dry run: %w", err)
	}
	if driver, err = openFile(ctx, filepath.Join(folder, "insidebox.db")); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return &passing{driver, folder}, nil
}

// passing is a driver whose folder goes when it is closed.
type passing struct {
	store.Driver
	folder string
}

// Close closes the driver and removes its folder.
func (d *passing) Close() error { return errors.Join(d.Driver.Close(), os.RemoveAll(d.folder)) }

func (in *imported) show(ctx context.Context, pp *people.Service, file io.Reader) error {
	diff, err := pp.Plan(ctx, file)
	if err != nil {
		return in.failed(err)
	}
	teams, err := teamNames(ctx, pp)
	if err != nil {
		return in.failed(err)
	}
	in.print(diff, diff.Rows, plans, teams)
	fmt.Fprintln(in.program.stdout, "This was a dry run; nothing is changed.")
	rejected := 0
	for _, row := range diff.Rows {
		if row.Action == people.Rejected {
			rejected++
		}
	}
	if rejected > 0 {
		return in.failed(fmt.Errorf("%s would be rejected, for the reasons above; mend them, or import the others all the same", counted(rejected, "row")))
	}
	return nil
}

func (in *imported) apply(ctx context.Context, pp *people.Service, file io.Reader) error {
	diff, err := pp.Plan(ctx, file)
	if err != nil {
		return in.failed(err)
	}
	progress, wipe := in.program.progress()
	report, err := pp.Apply(ctx, diff, progress)
	wipe()
	if report != nil {
		teams, teamsErr := teamNames(ctx, pp)
		err = errors.Join(err, teamsErr)
		in.print(diff, report.Rows, deeds, teams)
	}
	if err != nil {
		return in.failed(fmt.Errorf("%w; what was done stays, import the file again for the rest", err))
	}
	if n := report.Count(people.Rejected); n > 0 {
		return in.writeRejected(report, n)
	}
	return nil
}

func (in *imported) failed(err error) error { return fmt.Errorf("import %s: %w", in.name, err) }

func (in *imported) writeRejected(report interface{ WriteRejected(io.Writer) error }, n int) error {
	out, err := os.OpenFile(in.rejected, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		err = errors.Join(report.WriteRejected(out), out.Close())
	}
	if err != nil {
		return fmt.Errorf("write the rejected rows: %w; name another file with --rejected", err)
	}
	verb := "rows were"
	if n == 1 {
		verb = "row was"
	}
	return in.failed(fmt.Errorf("%d %s rejected; %s has the reason in its first column, mend it there and import that file", n, verb, in.rejected))
}

// plans and deeds are what stands at a row in a dry run and in an import.
var (
	plans = map[people.Action]string{
		people.Added: "to add", people.Changed: "to change", people.Disabled: "to disable",
		people.Enabled: "to enable", people.Unchanged: "unchanged", people.Rejected: "rejected",
	}
	deeds = map[people.Action]string{
		people.Added: "added", people.Changed: "changed", people.Disabled: "disabled",
		people.Enabled: "enabled", people.Unchanged: "unchanged", people.Rejected: "rejected",
	}
)

// print prints one result a row, then the teams, then the sums.
func (in *imported) print(diff *people.Diff, rows []people.Row, said map[people.Action]string, teams teamsByID) {
	out, counts := in.program.stdout, map[people.Action]int{}
	names := maps.Clone(teams)
	for _, t := range diff.Teams { // new ones are not there yet in a dry run
		names[t.ID] = t.Name
	}
	for _, column := range diff.Unknown {
		fmt.Fprintf(out, "column %q: not known, and not looked at\n", column)
	}
	for _, row := range rows {
		counts[row.Action]++
		fmt.Fprintf(out, "line %d: %s %s\n", row.Line, said[row.Action], row.Email)
		for _, c := range row.Changes {
			if c.Field == "team" {
				c.Old, c.New = names.of(c.Old), names.of(c.New)
			}
			fmt.Fprintf(out, "    %s\n", changeLine(c))
		}
		if row.Reason != "" {
			fmt.Fprintf(out, "    %s\n", row.Reason)
		}
	}
	for _, team := range diff.Teams {
		fmt.Fprintln(out, teamLine(team))
	}
	fmt.Fprintf(out, "%s:", counted(len(rows), "row"))
	for i, action := range []people.Action{people.Added, people.Changed, people.Disabled, people.Enabled, people.Unchanged, people.Rejected} {
		if i > 0 {
			fmt.Fprint(out, ",")
		}
		fmt.Fprintf(out, " %d %s", counts[action], said[action])
	}
	fmt.Fprintln(out)
}

func teamLine(t people.TeamChange) string {
	line := "team " + t.Name
	if t.New {
		line += ", new"
	}
	if len(t.Managers) > 0 {
		line += ": managed by " + strings.Join(t.Managers, ", ")
	}
	return line
}

// progress shows on a terminal how far a long import has come, until it is
// wiped out; elsewhere it shows nothing.
func (p *program) progress() (show func(done, total int), wipe func()) {
	file, ok := p.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil, func() {}
	}
	return func(done, total int) { bar(p.stderr, done, total) }, func() { fmt.Fprint(p.stderr, "\r\x1b[K") }
}

// bar draws a bar of fifty squares over the one before.
func bar(w io.Writer, done, total int) {
	const squares = 50
	full := done * squares / total
	if full != (done-1)*squares/total { // one more square than for the last row
		fmt.Fprintf(w, "\r%s%s %d of %d", strings.Repeat("█", full), strings.Repeat("░", squares-full), done, total)
	}
}
