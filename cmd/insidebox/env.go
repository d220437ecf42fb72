package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "INSIDEBOX_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// hasVariable says which flags have one: those that ask for help or for the
// version do something else instead of the work, so they have none.
func hasVariable(f *pflag.Flag) bool { return f.Name != "help" && f.Name != "version" }

// nameVariables writes each flag's variable under its help.
func nameVariables(cmd *cobra.Command) {
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if hasVariable(f) {
			f.Usage += "\n[" + variable(f.Name) + "]"
		}
	})
	for _, sub := range cmd.Commands() {
		nameVariables(sub)
	}
}

// environment sets the flags that were not given from their variables. An
// empty variable is none.
func (p *program) environment(cmd *cobra.Command) (err error) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value := p.getenv(variable(f.Name))
		if err != nil || f.Changed || value == "" || !hasVariable(f) {
			return
		}
		if cause := f.Value.Set(value); cause != nil {
			err = wrong(cmd, "read %s: %w", variable(f.Name), badValue(f, value, cause))
		}
		f.Changed = true
	})
	return err
}
