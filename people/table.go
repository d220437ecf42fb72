package people

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Table is a CSV file that was read, before its cells were looked at.
type Table struct {
	Header  []string // as in the file
	Unknown []string // columns that were not looked at, because nobody knows them
	Rows    []TableRow

	names []string // of the columns, folded; one that is unknown has a name of its own
	comma rune     // what separated the cells
	bom   bool     // the file began with a byte order mark
}

// A TableRow is one line of a table; a quoted cell may run over several.
type TableRow struct {
	Line  int      // where it begins, the header is usually 1
	Cells []string // as in the file; none when the line is broken
	Err   error    // what is wrong with the line as such
}

// ReadTable reads a table: CSV in UTF-8, with or without a byte order mark, with
// commas, semicolons or tabs, bounded like a roster. The header names the known
// columns, in any order and any capitals; "First name" and "first_name" are
// firstname. The error is an [InputError] about the file as a whole; what is
// wrong with one row stands in the row.
func ReadTable(r io.Reader, known []string) (*Table, error) {
	text, bom, err := rosterText(r)
	if err != nil {
		return nil, err
	}
	comma, text, skipped := separator(text)
	t := &Table{bom: bom, comma: comma}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord = t.comma, -1
	if t.Header, err = in.Read(); err != nil {
		return nil, badFile("The file has no header. Its first line names the columns: %s.", strings.Join(known, ","))
	}
	if err := t.checkHeader(known); err != nil {
		return nil, err
	}
	return t, t.readRows(in, skipped)
}

// Cell is what a row says in a column, without spaces around it; "" where the
// table has no such column.
func (t *Table) Cell(row TableRow, column string) string {
	i := slices.Index(t.names, column)
	if i < 0 || i >= len(row.Cells) {
		return ""
	}
	return strings.TrimSpace(row.Cells[i])
}

// Need returns an InputError when the table has no such column.
func (t *Table) Need(column string, known []string) error {
	if slices.Contains(t.names, column) {
		return nil
	}
	return t.lacks(column, known)
}

func (t *Table) lacks(column string, known []string) error {
	return badFile("The header has no column %s. It begins with %q; known columns are %s.",
		column, printable(strings.Join(t.Header, string(t.comma))), strings.Join(known, ","))
}

func badFile(format string, args ...any) error { return uncoded("file", format, args...) }

// checkHeader finds the columns' folded names, or says what is wrong.
func (t *Table) checkHeader(columns []string) error {
	if len(t.Header) > maxColumns {
		return badFile("The header has %d columns, %d is the most.", len(t.Header), maxColumns)
	}
	t.names = make([]string, len(t.Header))
	for i, h := range t.Header {
		name := columnName(h)
		known := slices.ContainsFunc(columns, func(c string) bool { return columnName(c) == name })
		switch {
		case known && slices.Contains(t.names[:i], name):
			return badFile("The header names the column %s twice.", name)
		case !known && name != reasonColumn && strings.TrimSpace(h) != "":
			t.Unknown = append(t.Unknown, printable(h))
		}
		if !known { // a name that no field has, and no other column
			name = fmt.Sprintf("%d:%s", i, name)
		}
		t.names[i] = name
	}
	return nil
}

// columnName folds a header's cell: letters and digits only, small.
func columnName(h string) string { return strings.ReplaceAll(Slug(h), "-", "") }

// readRows reads everything behind the header. A broken line is a row with an
// error, and reading goes on behind it.
func (t *Table) readRows(in *csv.Reader, skipped int) error {
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		row := TableRow{Cells: cells}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			row.Cells, row.Line = nil, broken.StartLine+skipped
			row.Err = brokenLine(broken, skipped)
		} else if err != nil {
			return fmt.Errorf("read a table: %w", err)
		} else if blank(cells) {
			continue
		} else {
			line, _ := in.FieldPos(0)
			row.Line = line + skipped
			_, row.Err = fit(cells, len(t.names))
		}
		if t.Rows = append(t.Rows, row); len(t.Rows) > MaxRosterRows {
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
