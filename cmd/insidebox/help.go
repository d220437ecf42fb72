package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// usageTemplate is how the help of a command reads below its description.
const usageTemplate = `Usage:
{{- if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND [flags]

Commands:{{range .Commands}}{{if or .IsAvailableCommand (eq .Name "help")}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}
{{- else}}
  {{.UseLine}}
{{- end}}
{{- if .HasExample}}

Examples:
{{.Example}}
{{- end}}
{{- if .HasAvailableLocalFlags}}

Flags{{if not .HasAvailableSubCommands}}; each can be set by the variable under it instead{{end}}:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{- end}}
{{- if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" says more about a command.
{{- end}}
`

// helpCommand is "insidebox help people import", for those who try that first.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about any command",
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err == nil && found.HasSubCommands() {
				err = group(found, rest)
			}
			if err != nil {
				return err
			}
			found.InitDefaultHelpFlag() // cobra adds these when it runs a command
			found.InitDefaultVersionFlag()
			return found.Help()
		},
	}
}

// version and commit are stamped by the Makefile.
var (
	version = ""
	commit  = ""
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print version, commit and Go version", Args: none,
		Run: func(*cobra.Command, []string) { fmt.Fprintln(p.stdout, versionLine()) },
	}
}

// versionLine says what this binary was built from: what was stamped, else
// what the Go tool recorded.
func versionLine() string {
	name, id := version, commit
	if info, ok := debug.ReadBuildInfo(); ok {
		if name == "" {
			name = info.Main.Version // "(devel)" outside of a module cache
		}
		for _, s := range info.Settings {
			if id == "" && s.Key == "vcs.revision" {
				id = s.Value
			}
		}
	}
	return fmt.Sprintf("insidebox %s, commit %s, %s", orElse(name, "(devel)"), orElse(id, "unknown"), runtime.Version())
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
