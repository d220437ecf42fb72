package people

import (
	"fmt"
	"io"
	"slices"

	"github.com/jszwec/csvutil"
)

// Limits of a roster.
const (
	MaxRosterBytes = 10 << 20
	MaxRosterRows  = 50_000
	maxColumns     = 200
)

// Roster is a file that was read, before anything was looked up.
type Roster struct {
	*Table
	Rows []RosterRow
}

// RosterRow is one line of a roster.
type RosterRow struct {
	TableRow

	fields rosterFields
}

// rosterFields are the columns. Everywhere an empty cell, like a column that
// isn't there, leaves alone what is stored.
type rosterFields struct {
	Username   string `csv:"username"`
	First      string `csv:"firstname"`
	Last       string `csv:"lastname"`
	Email      string `csv:"email"`
	IDNumber   string `csv:"idnumber"`
	Department string `csv:"department"`
	Manager    string `csv:"manager"`
	Team       string `csv:"team"`
	Roles      string `csv:"roles"`
	Suspended  string `csv:"suspended"`
	Deleted    string `csv:"deleted"`
}

// rosterColumns are the known columns, in the order in which they are named.
var rosterColumns = []string{
	"username", "firstname", "lastname", "email", "idnumber", "department",
	"manager", "team", "roles", "suspended", "deleted",
}

// reasonColumn is what WriteRejected adds; a file that comes back with it is
// read as if it weren't there.
const reasonColumn = "reason"

// ReadRoster reads a roster (see [ReadTable]), whose header must have the column
// email, or username. The error is an [InputError] about the file as a whole;
// what is wrong with one row stands in the row.
func ReadRoster(r io.Reader) (*Roster, error) {
	table, err := ReadTable(r, rosterColumns)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(table.names, "email") && !slices.Contains(table.names, "username") {
		return nil, table.lacks("email", rosterColumns)
	}
	ros := &Roster{Table: table}
	var feed one
	dec, err := csvutil.NewDecoder(&feed, table.names...)
	if err != nil {
		return nil, fmt.Errorf("prepare to read a roster: %w", err)
	}
	for _, line := range table.Rows {
		row := RosterRow{TableRow: line}
		if feed.cells = line.Cells[:min(len(line.Cells), len(table.names))]; row.Err == nil { // what is behind is empty
			row.Err = dec.Decode(&row.fields)
		}
		ros.Rows = append(ros.Rows, row)
	}
	return ros, nil
}

// one feeds single rows to the decoder.
type one struct{ cells []string }

func (o *one) Read() ([]string, error) { return o.cells, nil }
