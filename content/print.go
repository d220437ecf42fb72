package content

import "fmt"

// String is the finding on one line, as compilers write theirs:
// "file:line:column: error: message (rule)".
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s (%s)", f.File, f.Line, f.Column, f.severity(), f.Message, f.Rule)
}

func (f Finding) severity() string {
	if f.Error {
		return "error"
	}
	return "warning"
}

// A JSONFinding is a finding as other programs read it. Fields are added, but
// never taken away or given another meaning.
type JSONFinding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`     // from 1
	Column   int    `json:"column"`   // from 1, in characters
	Severity string `json:"severity"` // error, warning or mended
	Rule     string `json:"rule"`
	Message  string `json:"message"`
	Fixable  bool   `json:"fixable"`       // check --fix mends it
	Old      string `json:"old,omitempty"` // what --fix takes out, and what it writes
	New      string `json:"new,omitempty"`
}

// JSONFindings lists findings for other programs: those that were mended,
// then those that are left. It is never nil.
func JSONFindings(mended, left []Finding) []JSONFinding {
	list := []JSONFinding{}
	add := func(f Finding, severity string) {
		list = append(list, JSONFinding{
			File: f.File, Line: f.Line, Column: f.Column, Severity: severity, Rule: f.Rule, Message: f.Message,
			Fixable: f.Fixable(), Old: f.Mend.Old, New: f.Mend.New,
		})
	}
	for _, f := range mended {
		add(f, "mended")
	}
	for _, f := range left {
		add(f, f.severity())
	}
	return list
}

// MendedString says on one line what was mended: "file:line:column: mended:
// "24 h" -> "36 h" (rule)".
func (f Finding) MendedString() string {
	return fmt.Sprintf("%s:%d:%d: mended: %s -> %s (%s)", f.File, f.Line, f.Column, quoted(f.Mend.Old), quoted(f.Mend.New), f.Rule)
}

// count says how many there are of something: "1 error", "2 errors".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
