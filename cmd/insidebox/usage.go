package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A usageError is a mistake in how the program was called: exit 2.
type usageError struct {
	command string // whose help to look at
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// wrong makes a usage error about the command.
func wrong(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{cmd.CommandPath(), fmt.Errorf(format, args...)}
}

// group is the argument rule of a command that only holds others.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Name())
	}
	return wrong(cmd, "there is no command %q%s", words(cmd)+shown(args[0]), perhaps("", nearest(args[0], names)))
}

// stray finds a word where a command is wanted, and is none. Cobra looks at flags
// first, so that a slip in the command would end in its parent's help, with exit 0,
// or in a complaint about flags that the command meant does have.
func stray(root *cobra.Command, args []string) error {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	found, rest, err := root.Find(args)
	if err == nil && found.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") && !strings.HasPrefix(rest[0], "__") {
		err = group(found, rest) // "__" begins what shells ask for
	}
	return err
}

// words are those of the command behind the program's name, each with a space.
func words(cmd *cobra.Command) string {
	_, behind, _ := strings.Cut(cmd.CommandPath()+" ", " ")
	return behind
}

// none is the argument rule of a command that takes flags only.
func none(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return wrong(cmd, "%stakes flags only, and got %q", words(cmd), shown(args[0]))
}

// one is the argument rule of a command that needs exactly one thing, which
// its Use line names.
func one(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	_, what, _ := strings.Cut(cmd.Use, " ")
	if len(args) == 0 {
		return wrong(cmd, "%sneeds one %s, and got none", words(cmd), what)
	}
	return wrong(cmd, "%stakes one %s, and got %d: %s", words(cmd), strings.Trim(what, "[]"), len(args), shown(strings.Join(args, " ")))
}

// atMostOne is the argument rule of a command that takes one thing or none.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return one(cmd, args)
}

// secrets finds what stands before the @ of an address: name and password.
var secrets = regexp.MustCompile(`://\S*@`)

// shown is text from the command line as it may be shown: without passwords.
func shown(text string) string { return secrets.ReplaceAllString(text, "://…@") }

// wrongFlag says what is wrong with the flags, and which one may be meant.
func wrongFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		return wrong(cmd, "%shas no flag --%s%s", words(cmd), name, perhaps("--", nearest(name, names)))
	case errors.As(err, &value):
		return wrong(cmd, "read --%s: %w", value.GetFlag().Name, badValue(value.GetFlag(), value.GetValue(), value.Unwrap()))
	}
	return wrong(cmd, "read the flags: %w", err)
}

// perhaps names what may have been meant, if anything.
func perhaps(dashes, name string) string {
	if name == "" {
		return ""
	}
	return ", perhaps you mean " + dashes + name
}

// badValue says what a flag would take.
func badValue(f *pflag.Flag, value string, err error) error {
	if f.Value.Type() == "bool" {
		return fmt.Errorf("want true or false, got %q", value)
	}
	return fmt.Errorf("got %q: %w", shown(value), err)
}

// nearest is the name that is most like the given word: one that begins with
// it, or else one in which at most a third of the letters differ; "" when there
// is none.
func nearest(word string, names []string) (found string) {
	best := max(1, len(word)/3) + 1
	for _, name := range names {
		d := distance(name, word)
		if len(word) > 1 && strings.HasPrefix(name, word) {
			d = 0
		}
		if d < best {
			best, found = d, name
		}
	}
	return found
}

// distance is Levenshtein's: how many letters must be added, taken away or
// changed to make one word of the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
