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

func (p *program) checkCommand() *cobra.Command {
	var asJSON, coverage bool
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check content: links, figures, quizzes, certifications",
		Long: "check reads a content folder, or without DIR the built-in sample library, and\n" +
			"says what is wrong with it on standard output, one line a finding:\n\n" +
			"  file:line:column: error|warning: message (rule)\n\n" +
			"The files are named as they lie in the folder. How many errors and warnings\n" +
			"there are stands last, on standard error. It exits with 1 when there is an error.",
		Args: atMostOne,
		RunE: func(_ *cobra.Command, args []string) error { return p.check(args, asJSON, coverage) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an array of findings (or of clauses) as JSON")
	cmd.Flags().BoolVar(&coverage, "coverage", false, "print, clause by clause, its lessons and items")
	return cmd
}

func (p *program) check(args []string, asJSON, coverage bool) error {
	tree, err := contentTree(args)
	if err != nil {
		return fmt.Errorf("check content: %w", err)
	}
	lib, findings := content.Load(tree, content.Options{Now: time.Now()})
	switch {
	case coverage && lib != nil:
		printFindings(p.stderr, findings)
		err = printCoverage(p.stdout, lib.Coverage(), asJSON)
	case asJSON:
		err = content.PrintFindingsJSON(p.stdout, findings)
	default:
		printFindings(p.stdout, findings)
	}
	fmt.Fprintln(p.stderr, tally(findings))
	if err == nil && lib == nil {
		err = errSaid
	}
	return err
}

// printFindings prints a line for each.
func printFindings(w io.Writer, findings []content.Finding) {
	for _, f := range findings {
		fmt.Fprintln(w, f)
	}
}

// printCoverage prints where each clause is taught and tested.
func printCoverage(w io.Writer, rows []content.ClauseCoverage, asJSON bool) error {
	if !asJSON {
		return content.PrintCoverage(w, rows)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(rows); err != nil {
		return fmt.Errorf("print the coverage as JSON: %w", err)
	}
	return nil
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

// contentTree opens the folder that was named, or the sample library.
func contentTree(args []string) (fs.FS, error) {
	if len(args) == 0 {
		return content.Sample(), nil
	}
	return contentFolder(args[0])
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
