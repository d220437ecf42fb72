package main

import (
	"fmt"

	"github.com/insidebox/insidebox/people"
)

// printRows prints one result a row, and a summary.
func (p *program) printRows(diff []people.Row) {
	counts := map[people.Action]int{}
	for _, row := range diff {
		counts[row.Action]++
		if row.Action == people.Unchanged {
			continue
		}
		_, _ = fmt.Fprintf(p.stdout, "line %d: %s %s\n", row.Line, row.Action, row.Email)
		for _, c := range row.Changes {
			_, _ = fmt.Fprintf(p.stdout, "    %s: %q → %q\n", c.Field, c.Old, c.New)
		}
		if row.Reason != "" {
			_, _ = fmt.Fprintf(p.stdout, "    %s\n", row.Reason)
		}
	}
	_, _ = fmt.Fprintf(p.stdout, "%d rows: %d added, %d changed, %d disabled, %d enabled, %d unchanged, %d rejected\n", len(diff),
		counts[people.Added], counts[people.Changed], counts[people.Disabled], counts[people.Enabled], counts[people.Unchanged], counts[people.Rejected])
}

// progress shows how far a long import has come, on standard error.
func (p *program) progress() func(done, total int) {
	return func(done, total int) {
		if total < 100 || done%50 != 0 && done != total {
			return
		}
		_, _ = fmt.Fprintf(p.stderr, "\r%d of %d", done, total)
		if done == total {
			_, _ = fmt.Fprintln(p.stderr)
		}
	}
}
