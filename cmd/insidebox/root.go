package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A program is what every subcommand gets from outside.
type program struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// errSaid marks a failure that was said already: exit 1, no further line.
var errSaid = errors.New("said already")

// run is the whole program; the exit code is what it returns.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &sink{to: stdout}
	p := &program{getenv, stdin, out, stderr}
	root := p.root()
	root.SetArgs(args)
	err := stray(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if err == nil && out.err != nil {
		err = fmt.Errorf("write the output: %w; see that there is room for it", out.err)
	}
	var wrong *usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errSaid):
		return 1
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "insidebox: %s; see %s --help\n", strings.TrimSuffix(oneLine(err), "."), wrong.command)
		return 2
	default:
		fmt.Fprintf(stderr, "insidebox: %s\n", oneLine(err))
		return 1
	}
}

// oneLine is the error on one line, whatever its parts hold.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// A sink is standard output that remembers its first failure, so that a full
// disk behind a redirection ends in exit code 1 whichever line met it.
type sink struct {
	to  io.Writer
	err error
}

// Write writes, unless an earlier write failed.
func (s *sink) Write(b []byte) (n int, err error) {
	if s.err == nil {
		n, s.err = s.to.Write(b)
	}
	return n, s.err
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "insidebox",
		Short: "Train and certify a sales team on what fits inside the box",
		Long: "insidebox trains sales reps on the company's standard service model, certifies\n" +
			"them to sell each offering, and shows managers who is cleared to sell what.",
		Example: "  insidebox serve --demo                      the sample company, with people to try\n" +
			"  insidebox serve --content my-library --dev  your own, while you write it\n" +
			"  insidebox check my-library                  is there a mistake in it?",
		SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return p.environment(cmd) },
		Version:           versionLine(),
		Args:              group,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetUsageTemplate(usageTemplate)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return wrongFlag(cmd, err) })
	root.SetHelpCommand(helpCommand())
	root.AddCommand(p.serveCommand(), p.checkCommand(), p.canSellCommand(), p.peopleCommand(), p.accountsCommand(),
		p.backupCommand(), p.restoreCommand(), p.copyCommand(), p.benchDataCommand(), p.versionCommand())
	nameVariables(root)
	return root
}
