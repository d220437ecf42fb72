package people

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

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
	Header  []string // as in the file
	Unknown []string // columns that were not looked at, because nobody knows them
	Rows    []RosterRow

	comma rune // what separated the cells
	bom   bool // the file began with a byte order mark
}

// RosterRow is one line of a roster; a quoted cell may run over several.
type RosterRow struct {
	Line  int      // where it begins, the header is usually 1
	Cells []string // as in the file; none when the line is broken
	Err   error    // what is wrong with the line as such

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

// ReadRoster reads a roster: CSV in UTF-8, with or without a byte order mark,
// with commas, semicolons or tabs. The header names the columns, in any order
// and any capitals; "First name" and "first_name" are firstname. The error is
// an [InputError] about the file as a whole; what is wrong with one row stands
// in the row.
func ReadRoster(r io.Reader) (*Roster, error) {
	text, bom, err := rosterText(r)
	if err != nil {
		return nil, err
	}
	comma, text, skipped := separator(text)
	ros := &Roster{bom: bom, comma: comma}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord = ros.comma, -1
	if ros.Header, err = in.Read(); err != nil {
		return nil, badFile("The file has no header. Its first line names the columns: %s.", strings.Join(rosterColumns, ","))
	}
	names, err := ros.checkHeader()
	if err != nil {
		return nil, err
	}
	return ros, ros.readRows(in, names, skipped)
}

func badFile(format string, args ...any) error { return uncoded("file", format, args...) }

// checkHeader returns the columns' folded names, or says what is wrong.
func (ros *Roster) checkHeader() ([]string, error) {
	if len(ros.Header) > maxColumns {
		return nil, badFile("The header has %d columns, %d is the most.", len(ros.Header), maxColumns)
	}
	names := make([]string, len(ros.Header))
	for i, h := range ros.Header {
		name := columnName(h)
		known := slices.Contains(rosterColumns, name)
		switch {
		case known && slices.Contains(names[:i], name):
			return nil, badFile("The header names the column %s twice.", name)
		case !known && name != reasonColumn && strings.TrimSpace(h) != "":
			ros.Unknown = append(ros.Unknown, printable(h))
		}
		if !known { // a name that no field has, and no other column
			name = fmt.Sprintf("%d:%s", i, name)
		}
		names[i] = name
	}
	if !slices.Contains(names, "email") && !slices.Contains(names, "username") {
		return nil, badFile("The header has no column email. It begins with %q; known columns are %s.",
			printable(strings.Join(ros.Header, string(ros.comma))), strings.Join(rosterColumns, ","))
	}
	return names, nil
}

// columnName folds a header's cell: letters and digits only, small.
func columnName(h string) string { return strings.ReplaceAll(Slug(h), "-", "") }

// one feeds single rows to the decoder.
type one struct{ cells []string }

func (o *one) Read() ([]string, error) { return o.cells, nil }

// readRows reads everything behind the header. A broken line is a row with an
// error, and reading goes on behind it.
func (ros *Roster) readRows(in *csv.Reader, names []string, skipped int) error {
	var feed one
	dec, err := csvutil.NewDecoder(&feed, names...)
	if err != nil {
		return fmt.Errorf("prepare to read a roster: %w", err)
	}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		row := RosterRow{Cells: cells}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			row.Cells, row.Line = nil, broken.StartLine+skipped
			row.Err = brokenLine(broken, skipped)
		} else if err != nil {
			return fmt.Errorf("read a roster: %w", err)
		} else if blank(cells) {
			continue
		} else {
			line, _ := in.FieldPos(0)
			row.Line = line + skipped
			feed.cells, row.Err = fit(cells, len(names))
		}
		if row.Err == nil {
			row.Err = dec.Decode(&row.fields)
		}
		if ros.Rows = append(ros.Rows, row); len(ros.Rows) > MaxRosterRows {
			return badFile("The file has more than %d rows. Cut it into several.", MaxRosterRows)
		}
	}
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// fit cuts empty cells off the end of a row that is too long, and refuses a row
// that can't be told apart from one that lost a separator.
func fit(cells []string, want int) ([]string, error) {
	n := len(cells)
	for n > want && strings.TrimSpace(cells[n-1]) == "" {
		n--
	}
	if n != want {
		return nil, badRow("The row has %d cells, but the header has %d. A cell with a separator in it needs quotation marks around it.", n, want)
	}
	return cells[:n], nil
}

func badRow(format string, args ...any) error { return uncoded("row", format, args...) }

func brokenLine(e *csv.ParseError, skipped int) error {
	switch {
	case errors.Is(e.Err, csv.ErrQuote) && e.Line > e.StartLine:
		return badRow("A quotation mark is opened here and not closed properly: everything up to line %d was taken for one cell. Quotation marks inside a cell are written twice.", e.Line+skipped)
	case errors.Is(e.Err, csv.ErrQuote):
		return badRow("A quotation mark is not closed properly. Quotation marks inside a cell are written twice.")
	case errors.Is(e.Err, csv.ErrBareQuote):
		return badRow("There is a quotation mark in a cell that doesn't begin with one. Put marks around the cell, and write those inside it twice.")
	}
	return badRow("The line can't be read: %v.", e.Err)
}
