package main

import (
	"fmt"
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
		Long: "check reads a content folder, or the built-in sample library, and says what is wrong with it,\n" +
			"one line a finding: file:line:column: error|warning: message (rule). It exits 1 on errors.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return p.check(args, asJSON, coverage) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	cmd.Flags().BoolVar(&coverage, "coverage", false, "print, clause by clause, its lessons and items")
	return cmd
}

func (p *program) check(args []string, asJSON, coverage bool) error {
	tree, err := contentTree(args)
	if err != nil {
		return fmt.Errorf("check content: %w", err)
	}
	lib, findings := content.Load(tree, content.Options{Now: time.Now()})
	print := content.PrintFindings
	if asJSON {
		print = content.PrintFindingsJSON
	}
	if coverage && lib != nil {
		err = content.PrintCoverage(p.stdout, lib.Coverage())
	} else {
		err = print(p.stdout, findings)
	}
	if err == nil && lib == nil {
		err = errSaid
	}
	return err
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
	if err != nil {
		return nil, fmt.Errorf("%w; name the folder that holds library.md", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file; name the folder that holds library.md", dir)
	}
	return os.DirFS(dir), nil
}
