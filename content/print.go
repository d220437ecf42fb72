package content

import (
	"encoding/json"
	"fmt"
	"io"
)

// String is the finding on one line, as compilers write theirs:
// "file:line:column: error: message (rule)".
func (f Finding) String() string {
	kind := "warning"
	if f.Error {
		kind = "error"
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s (%s)", f.File, f.Line, f.Column, kind, f.Message, f.Rule)
}

// PrintFindings writes findings for people, one a line in the order in which
// Load returns them, and after them a line that counts them.
func PrintFindings(w io.Writer, findings []Finding) error {
	errors := 0
	for _, f := range findings {
		if f.Error {
			errors++
		}
		if _, err := fmt.Fprintln(w, f); err != nil {
			return fmt.Errorf("printing findings: %w", err)
		}
	}
	if len(findings) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "%s, %s\n", count(errors, "error"), count(len(findings)-errors, "warning"))
	if err != nil {
		return fmt.Errorf("printing findings: %w", err)
	}
	return nil
}

// PrintFindingsJSON writes findings as one JSON array; an empty one
// when there are none.
func PrintFindingsJSON(w io.Writer, findings []Finding) error {
	if findings == nil {
		findings = []Finding{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(findings); err != nil {
		return fmt.Errorf("printing findings as JSON: %w", err)
	}
	return nil
}

// count says how many there are of something: "1 error", "2 errors".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
