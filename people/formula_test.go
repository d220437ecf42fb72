package people

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
)

// TestRejectedRowsAreNoFormulas: whatever stands in a cell that is written
// back, no spreadsheet takes it for a formula.
func TestRejectedRowsAreNoFormulas(t *testing.T) {
	h := newHouse(t)
	cells := 0
	for _, sign := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://evil.example\",\"x\")", "-1", "+49 30 1"} {
		for _, spaces := range []string{"", " ", "    "} {
			text := spaces + sign
			var in, out bytes.Buffer
			w := csv.NewWriter(&in)
			if err := w.WriteAll([][]string{{"email", "lastname", "department", text}, {"not an address", text, text, text}, {text, "B", text, "x"}}); err != nil {
				t.Fatal(err)
			}
			if err := h.plan(t, in.String()).WriteRejected(&out); err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(&out).ReadAll()
			if err != nil || len(rows) != 3 {
				t.Fatalf("%q: %d rows, %v", text, len(rows), err)
			}
			for _, row := range rows {
				for _, cell := range row {
					cells++
					if bare := strings.TrimLeft(cell, " "); bare != "" && strings.ContainsRune("=+-@\t\r\n", rune(bare[0])) {
						t.Errorf("%q is written as the cell %q", text, cell)
					}
				}
			}
		}
	}
	if cells < 500 {
		t.Errorf("%d cells were looked at, want 500 or more", cells)
	}
}
