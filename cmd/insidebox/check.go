package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/insidebox/insidebox/content"
)

// A checkRun is one call of check.
type checkRun struct {
	*program
	library             checkedLibrary
	asJSON, coverage    bool
	fix                 bool
	since               string           // folder of the library that was published last
	published           *content.Library // nil without
	now                 time.Time
	lib                 *content.Library // nil while there is an error
	findings, elsewhere []content.Finding
	mended              []content.Finding
}

func (p *program) checkCommand() *cobra.Command {
	run := &checkRun{program: p}
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check content: links, figures, quizzes, certifications",
		Long: "check reads a content folder, or without DIR the built-in sample library, and\n" +
			"says what is wrong with it on standard output, one line a finding:\n\n" +
			"  file:line:column: error|warning: message (rule)\n\n" +
			"The files are named as they lie in the folder. How many errors and warnings\n" +
			"there are stands last, on standard error. It exits with 1 when there is an\n" +
			"error.\n\n" +
			"DIR may also be a file or a folder in a library: then the whole library is read,\n" +
			"and only what is wrong there is said, mended and counted.\n\n" +
			"With --since, CHANGES.md is held against what has changed: name a folder with\n" +
			"the library as it was published last, such as another checkout.\n\n" +
			"--fix writes the figure of the box where the text of a link titled \"figure: …\"\n" +
			"says another one, and changes nothing else. It prints each place that it mended\n" +
			"(as it stood before), then the findings that are left:\n\n" +
			"  file:line:column: mended: \"24 h\" -> \"36 h\" (rule)",
		Example: "  insidebox check my-library             everything that is wrong with it\n" +
			"  insidebox check my-library/CHANGES.md  what is wrong with one file\n" +
			"  insidebox check --fix my-library       bring its figures up to date\n" +
			"  insidebox check --coverage my-library  where is each clause taught and tested?",
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error { return run.check(cmd, args) },
	}
	cmd.Flags().BoolVar(&run.asJSON, "json", false, "print findings (or the coverage) as JSON")
	cmd.Flags().BoolVar(&run.coverage, "coverage", false, "print, clause by clause, its lessons, items and choices")
	cmd.Flags().BoolVar(&run.fix, "fix", false, "mend the figures in links, in the files of DIR")
	cmd.Flags().StringVar(&run.since, "since", "", "say, too, what changed since the library in this `DIR`\nwas published, and isn't in CHANGES.md")
	return cmd
}

// check reads the library, mends what it is to mend, and prints what is left.
func (c *checkRun) check(cmd *cobra.Command, args []string) error {
	var err error
	switch c.now = time.Now(); {
	case c.fix && len(args) == 0:
		return wrong(cmd, "mend the built-in library: it is part of the program and can't be changed; name your own folder, insidebox check --fix DIR")
	case len(args) == 0:
		c.library.tree = content.Sample()
		if _, err := os.Stat("library.md"); err == nil { // whoever stands in a library means that one
			c.library.advice = "the folder that you are in holds a library, too; insidebox check . checks that one"
		}
	default:
		if c.library, err = findLibrary(args[0]); err != nil {
			return fmt.Errorf("check content: %w", err)
		}
	}
	if c.coverage && c.library.only != "" {
		return wrong(cmd, "--coverage is about a whole library; name its folder, %s", c.library.dir)
	}
	if err := c.loadPublished(); err != nil {
		return err
	}
	c.load()
	if c.fix {
		if c.mended, err = mendFiles(c.library.dir, c.findings); err != nil {
			err = fmt.Errorf("mend content: %w", err)
		}
		if len(c.mended) > 0 {
			c.load()
		}
	}
	err = errors.Join(err, c.print())
	c.remarks()
	if err == nil && hasErrors(c.findings) {
		err = errSaid
	}
	return err
}

// loadPublished reads the library that was published last, if it was named.
func (c *checkRun) loadPublished() error {
	if c.since == "" {
		return nil
	}
	tree, err := contentFolder(c.since)
	if err != nil {
		return fmt.Errorf("compare content: %w", err)
	}
	lib, findings := content.Load(tree, content.Options{Now: c.now})
	if lib == nil {
		return fmt.Errorf("compare content: %s has %s, so it was never published; name the folder as it was when it was", c.since, tally(findings))
	}
	c.published = lib
	return nil
}

// load reads the library, and keeps what is said of the part that was named
// apart from the rest.
func (c *checkRun) load() {
	lib, all := content.Load(c.library.tree, content.Options{Now: c.now, Since: c.published})
	c.lib, c.findings, c.elsewhere = lib, nil, nil
	for _, f := range all {
		if c.library.holds(f.File) {
			c.findings = append(c.findings, f)
		} else {
			c.elsewhere = append(c.elsewhere, f)
		}
	}
}

// print writes what was asked for to standard output; with a coverage, which
// a library with errors has none of, findings are only remarks on it.
func (c *checkRun) print() error {
	switch {
	case c.coverage && c.asJSON:
		return c.printJSON(c.coverageReport())
	case c.asJSON:
		return c.printJSON(content.JSONFindings(c.mended, c.findings))
	case c.coverage && c.lib != nil:
		printMended(c.stderr, c.mended)
		printFindings(c.stderr, c.findings)
		return content.PrintCoverage(c.stdout, c.lib.Coverage())
	}
	printMended(c.stdout, c.mended)
	printFindings(c.stdout, c.findings)
	return nil
}

// A coverageReport is the coverage for other programs; without any clause
// when a finding is an error.
type coverageReport struct {
	Clauses  []content.ClauseCoverage `json:"clauses"`
	Totals   content.CoverageTotals   `json:"totals"`
	Findings []content.JSONFinding    `json:"findings"`
}

func (c *checkRun) coverageReport() coverageReport {
	r := coverageReport{Clauses: []content.ClauseCoverage{}, Findings: content.JSONFindings(c.mended, c.findings)}
	if c.lib != nil {
		r.Clauses = append(r.Clauses, c.lib.Coverage()...)
		r.Totals = content.Totals(r.Clauses)
	}
	return r
}

func (c *checkRun) printJSON(what any) error { return printJSON(c.stdout, what) }

// printJSON prints for other programs.
func printJSON(w io.Writer, what any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(what); err != nil {
		return fmt.Errorf("print as JSON: %w", err)
	}
	return nil
}

// remarks sums up on standard error, and says what to do next.
func (c *checkRun) remarks() {
	if c.fix {
		fmt.Fprintf(c.stderr, "%s mended; ", counted(len(c.mended), "place"))
	}
	sum := tally(c.findings)
	switch {
	case c.library.only != "":
		sum += " in " + c.library.only
	case c.library.dir == "":
		sum += " in the built-in sample library"
	}
	if len(c.elsewhere) > 0 {
		sum += "; " + tally(c.elsewhere) + " in other files of " + c.library.dir
	}
	fmt.Fprintln(c.stderr, sum)
	if n := fixable(c.findings); n > 0 && !c.fix && c.library.dir != "" {
		fmt.Fprintf(c.stderr, "insidebox check --fix %s mends %d of them\n", shown(c.library.named), n)
	}
	if c.coverage && c.lib == nil && !c.asJSON {
		fmt.Fprintln(c.stderr, "there is no coverage while there are errors")
	}
	if c.library.advice != "" {
		fmt.Fprintln(c.stderr, c.library.advice)
	}
}

func fixable(findings []content.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Fixable() {
			n++
		}
	}
	return n
}

func hasErrors(findings []content.Finding) bool {
	for _, f := range findings {
		if f.Error {
			return true
		}
	}
	return false
}

// printFindings prints a line for each.
func printFindings(w io.Writer, findings []content.Finding) {
	for _, f := range findings {
		fmt.Fprintln(w, f)
	}
}

// printMended prints a line for each place that was mended.
func printMended(w io.Writer, mended []content.Finding) {
	for _, f := range mended {
		fmt.Fprintln(w, f.MendedString())
	}
}

// tally counts findings in words.
func tally(findings []content.Finding) string {
	if len(findings) == 0 {
		return "no findings"
	}
	bad := 0
	for _, f := range findings {
		if f.Error {
			bad++
		}
	}
	return counted(bad, "error") + ", " + counted(len(findings)-bad, "warning")
}

// counted says how many there are of something: "1 error", "2 errors".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// contentFolder opens a content folder.
func contentFolder(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no folder %s; name the one that holds library.md", dir)
	case err != nil:
		return nil, fmt.Errorf("%w; name the folder that holds library.md", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is a file; name the folder that holds library.md", dir)
	}
	return os.DirFS(dir), nil
}
