package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A program is what every subcommand gets from outside.
type program struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// errUsage marks an error of the command line: exit 2.
var errUsage = errors.New("used wrongly")

// errSaid marks a failure that was said already: exit 1, no further line.
var errSaid = errors.New("said already")

// run is the whole program; the exit code is what it returns.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{getenv, stdin, stdout, stderr}
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errSaid):
		return 1
	case errors.Is(err, errUsage), strings.HasPrefix(err.Error(), "unknown command"):
		_, _ = fmt.Fprintf(stderr, "insidebox: %s; see insidebox --help\n", oneLine(err))
		return 2
	default:
		_, _ = fmt.Fprintf(stderr, "insidebox: %s\n", oneLine(err))
		return 1
	}
}

func oneLine(err error) string {
	text := strings.TrimSuffix(err.Error(), ": "+errUsage.Error())
	return strings.Join(strings.Fields(text), " ")
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "insidebox",
		Short: "Train and certify a sales team on what fits inside the box",
		Long: "insidebox trains sales reps on the company's standard service model, certifies them\n" +
			"to sell each offering, and shows managers who is cleared to sell what.",
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return p.environment(cmd) },
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return fmt.Errorf("%w: %w", err, errUsage) })
	root.AddCommand(p.serveCommand(), p.checkCommand(), p.peopleCommand(), p.versionCommand())
	wrapUsage(root)
	return root
}

// wrapUsage names each flag's variable in its help, and makes wrong
// arguments an error of use.
func wrapUsage(cmd *cobra.Command) {
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			f.Usage += " [" + variable(f.Name) + "]"
		}
	})
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return fmt.Errorf("%w: %w", err, errUsage)
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		wrapUsage(sub)
	}
}

func variable(flag string) string {
	return "INSIDEBOX_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// environment sets the flags that were not given from their variables.
func (p *program) environment(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value := p.getenv(variable(f.Name))
		if f.Changed || value == "" || f.Name == "help" {
			return
		}
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("read %s: %w: %w", variable(f.Name), err, errUsage))
		}
	})
	return errors.Join(errs...)
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print version, commit and Go version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.stdout, "insidebox %s, commit %s, %s\n", version, commitID(), runtime.Version())
			return err
		},
	}
}

// commitID is the stamped commit, or what the Go tool recorded.
func commitID() string {
	if commit != "" {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
