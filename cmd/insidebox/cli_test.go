package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commands calls do for every command of ours.
func commands(do func(*cobra.Command)) {
	root := (&program{}).root()
	do(root)
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			continue
		}
		do(cmd)
		for _, sub := range cmd.Commands() {
			do(sub)
		}
	}
}

// Every command's help names each of its flags with its variable and its
// default, fits a terminal, and goes to standard output.
func TestHelpNamesFlagsAndVariables(t *testing.T) {
	commands(func(cmd *cobra.Command) {
		args := strings.Fields(cmd.CommandPath())[1:]
		got := call(t, nil, "", append(args, "--help")...)
		if got.code != 0 || got.stderr != "" {
			t.Errorf("%s --help: exit code %d, %q", cmd.CommandPath(), got.code, got.stderr)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			want := []string{"--" + f.Name}
			if hasVariable(f) {
				want = append(want, "["+variable(f.Name)+"]")
			}
			if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
				want = append(want, f.DefValue)
			}
			for _, part := range want {
				if !strings.Contains(got.stdout, part) {
					t.Errorf("%s --help does not name %s:\n%s", cmd.CommandPath(), part, got.stdout)
				}
			}
		})
		for line := range strings.Lines(got.stdout) {
			if n := len([]rune(line)); n > 90 {
				t.Errorf("%s --help has a line of %d characters: %s", cmd.CommandPath(), n, line)
			}
		}
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s has the short help %q", cmd.CommandPath(), cmd.Short)
		}
	})
}

// The operators' guide and the help agree: each flag of serve is in the table
// with its variable, and the table names no other.
func TestOperatorsGuideHasTheFlags(t *testing.T) {
	guide := read(t, "../../docs/operators.md")
	row := regexp.MustCompile("(?m)^\\| `--([a-z-]+)` \\| `([A-Z_]+)` \\| (.*?) \\|")
	listed := map[string]string{}
	for _, found := range row.FindAllStringSubmatch(guide, -1) {
		if found[2] != variable(found[1]) {
			t.Errorf("the guide gives --%s the variable %s, it is %s", found[1], found[2], variable(found[1]))
		}
		listed[found[1]] = found[3]
	}
	commands(func(cmd *cobra.Command) {
		if cmd.Name() != "serve" {
			return
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			is, ok := listed[f.Name]
			delete(listed, f.Name)
			if !ok && hasVariable(f) {
				t.Errorf("docs/operators.md does not list --%s; add its row", f.Name)
			}
			if ok && f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && is != "`"+f.DefValue+"`" {
				t.Errorf("docs/operators.md gives --%s the default %s, it is %s", f.Name, is, f.DefValue)
			}
		})
	})
	for name := range listed {
		t.Errorf("docs/operators.md lists --%s, which serve does not have", name)
	}
}

// The documents name only commands and flags that there are.
func TestDocumentsNameCommandsThatAreThere(t *testing.T) {
	mentioned := regexp.MustCompile("(?m)(?:^|`|\\./|bin/|&& )insidebox((?: [a-z][a-z-]*)+)[^\n`]*")
	flag := regexp.MustCompile(`--([a-z][a-z-]*)`)
	for _, file := range documents(t) {
		if filepath.Base(file) == "CHANGELOG.md" {
			continue
		}
		for _, found := range mentioned.FindAllStringSubmatch(markdownOutside(read(t, file)), -1) {
			cmd, rest, err := (&program{}).root().Find(strings.Fields(found[1]))
			if err != nil || cmd.HasSubCommands() && len(rest) > 0 {
				t.Errorf("%s mentions %q, which is no command", file, found[0])
				continue
			}
			for _, name := range flag.FindAllStringSubmatch(found[0], -1) {
				if name[1] != "help" && name[1] != "version" && cmd.Flags().Lookup(name[1]) == nil {
					t.Errorf("%s mentions %q, and there is no --%s", file, found[0], name[1])
				}
			}
		}
	}
}

// markdownOutside is the code in a Markdown text: what people copy.
func markdownOutside(text string) string {
	return strings.Join(markdownCode.FindAllString(text, -1), "\n")
}

// A whole company in one file: one result a row, and all of them are there.
func TestImportThousand(t *testing.T) {
	const rows = 1000
	folder := t.TempDir()
	var file bytes.Buffer
	file.WriteString("email,firstname,lastname,manager\n")
	for i := range rows {
		fmt.Fprintf(&file, "p%d@example.com,Pia,Number %d,m%d@example.com\n", i, i, i%20)
	}
	for i := range 20 {
		fmt.Fprintf(&file, "m%d@example.com,Max,Number %d,\n", i, i)
	}
	name := filepath.Join(folder, "company.csv")
	write(t, name, file.String())
	said := succeeds(t, "people", "import", name, "--data", folder)
	for line := range rows + 20 {
		if want := fmt.Sprintf("line %d: added ", line+2); strings.Count(said, want) != 1 {
			t.Fatalf("%q stands there %d times, want once", want, strings.Count(said, want))
		}
	}
	if !strings.Contains(said, "\n1020 rows: 1020 added, 0 changed") || strings.Count(said, "\nteam Team Max Number") != 20 {
		t.Errorf("the sums are not right: %s", said[max(0, len(said)-2000):])
	}
	if list := succeeds(t, "people", "list", "--data", folder); strings.Count(list, "\n") != 1+rows+20 {
		t.Errorf("%d lines in the list, want %d", strings.Count(list, "\n"), 1+rows+20)
	}
}

// The bar is drawn once for each square that fills, over the one before, and
// is full at the end.
func TestBar(t *testing.T) {
	for _, total := range []int{1, 7, 49, 50, 51, 1000, 50_000} {
		var out bytes.Buffer
		for done := range total {
			bar(&out, done+1, total)
		}
		drawn := strings.Split(out.String(), "\r")[1:]
		if len(drawn) != min(total, 50) {
			t.Errorf("%d rows: drawn %d times, want %d", total, len(drawn), min(total, 50))
		}
		full := strings.Repeat("█", 50) + fmt.Sprintf(" %d of %d", total, total)
		if last := drawn[len(drawn)-1]; last != full {
			t.Errorf("%d rows: in the end %q, want %q", total, last, full)
		}
	}
	if show, wipe := (&program{stderr: &bytes.Buffer{}}).progress(); show != nil {
		t.Error("a bar is drawn where no terminal is")
	} else {
		wipe()
	}
}

func TestNearest(t *testing.T) {
	names := []string{"addr", "base-url", "content", "demo", "demo-anywhere", "dev", "data", "store"}
	for word, want := range map[string]string{
		"adr": "addr", "address": "", "addrs": "addr", "baseurl": "base-url", "contnet": "content",
		"dem": "demo", "demo-any": "demo-anywhere", "st": "store", "d": "", "xyz": "", "": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestShown(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                     "plain",
		"a@b.example":               "a@b.example",
		"http://host:8080":          "http://host:8080",
		"mongodb://a:b@host/x":      "mongodb://…@host/x",
		"x mongodb://a:p@ss@host/x": "x mongodb://…@host/x",
		"mongodb://a:p/w@host/x":    "mongodb://…@host/x",
		"one://a@h two://b:c@h":     "one://…@h two://…@h",
	} {
		if got := shown(text); got != want {
			t.Errorf("shown(%q) = %q, want %q", text, got, want)
		}
	}
}

// A driver of a dry run leaves nothing in the folder for temporary files.
func TestDryRunLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	name := filepath.Join(t.TempDir(), "people.csv")
	write(t, name, "email,lastname\nanna@example.com,Berg\n")
	data := filepath.Join(t.TempDir(), "data")
	said := succeeds(t, "people", "import", name, "--dry-run", "--data", data)
	if !strings.Contains(said, "1 to add") {
		t.Errorf("it says %q", said)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the data folder: %v, want that it isn't there", err)
	}
}

// Accounts come from a file, while no server has ever run on the data; looking
// first makes nothing, and what is rejected comes back with its reason.
func TestImportAccounts(t *testing.T) {
	folder, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	name := filepath.Join(folder, "accounts.csv")
	write(t, name, "name,crm_id,sales,operations\nFennel Foods,F-1,ann@example.com,\n")
	got := call(t, nil, "", "accounts", "import", name, "--dry-run", "--data", data)
	said, complained := got.stdout, got.stderr
	if got.code != 1 || !strings.Contains(said, `sales: nobody has the address "ann@example.com".`) || !strings.Contains(said, "1 rejected") || !strings.Contains(complained, "1 row would be rejected") {
		t.Errorf("it says %q and complains %q", said, complained)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the data folder: %v, want that it isn't there", err)
	}
	succeeds(t, "people", "add", "ann@example.com", "--data", data)
	said = succeeds(t, "accounts", "import", name, "--dry-run", "--data", data)
	if !strings.Contains(said, "line 2: to add Fennel Foods") || !strings.Contains(said, `sales: "ann@example.com"`) {
		t.Errorf("it says %q", said)
	}
	said = succeeds(t, "accounts", "import", name, "--data", data)
	if !strings.Contains(said, "1 row: 1 added, 0 changed, 0 unchanged, 0 rejected") {
		t.Errorf("it says %q", said)
	}
	write(t, name, "name,crm_id\nFennel Foods,F-2\n\"=HYPERLINK(\"\"x\"\")\",F-1\n")
	got = call(t, nil, "", "accounts", "import", name, "--data", data)
	if said = got.stdout; got.code != 1 || !strings.Contains(said, `crm_id: "F-1" → "F-2"`) || !strings.Contains(said, "1 changed, 0 unchanged, 1 rejected") {
		t.Errorf("it says %q", said)
	}
	rejected, err := os.ReadFile(filepath.Join(folder, "accounts.rejected.csv"))
	if err != nil || !strings.Contains(string(rejected), "'=HYPERLINK") {
		t.Errorf("rejected rows: %q, %v", rejected, err)
	}
}
