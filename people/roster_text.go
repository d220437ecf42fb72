package people

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// rosterText reads the file, bounded, and makes sure that it is text. Excel
// writes a byte order mark, and other encodings unless told otherwise.
func rosterText(r io.Reader) (text string, bom bool, err error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxRosterBytes+1))
	if err != nil {
		return "", false, fmt.Errorf("read a roster: %w", err)
	}
	if len(data) > MaxRosterBytes {
		return "", false, badFile("The file is larger than %d MB. Cut it into several.", MaxRosterBytes>>20)
	}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return "", false, badFile("The file is in UTF-16. Save it as “CSV UTF-8”.")
	}
	data, bom = bytes.CutPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return "", false, badFile("The file is not in UTF-8, see line %d. Save it as “CSV UTF-8”.", invalidLine(data))
	}
	return string(data), bom, nil
}

// invalidLine returns the number of the first line that is not valid UTF-8.
func invalidLine(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if !utf8.Valid(line) {
			break
		}
	}
	return n
}

// separator finds out what separates the cells: what a first line "sep=;" says,
// or else whichever of ; , and tab stands most often in the header outside of
// quotation marks. It returns the text behind a sep line, and how many lines
// that skips.
func separator(text string) (comma rune, rest string, skipped int) {
	header, rest, _ := strings.Cut(text, "\n")
	if sep, ok := strings.CutPrefix(strings.ToLower(strings.TrimRight(header, "\r")), "sep="); ok {
		if sep == ";" || sep == "," || sep == "\t" {
			return rune(sep[0]), rest, 1
		}
	}
	most := 0
	comma = ','
	for _, c := range ",;\t" {
		if n := outsideQuotes(header, c); n > most {
			comma, most = c, n
		}
	}
	return comma, text, 0
}

func outsideQuotes(text string, c rune) int {
	n, quoted := 0, false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		} else if r == c && !quoted {
			n++
		}
	}
	return n
}

// SafeCell makes a cell fit for a spreadsheet: one that would be taken for a
// formula (it begins with = + - @, tab or carriage return, perhaps behind
// spaces) gets an apostrophe in front. For what goes out, never for what comes
// in: stored is what people wrote.
func SafeCell(cell string) string {
	if text := strings.TrimLeft(cell, " "); text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + cell
	}
	return cell
}

// A Refusal is a row that was rejected, and why.
type Refusal struct {
	Line   int
	Cells  []string // as in the file
	Reason string
}

// WriteRejected writes rejected rows as they were read, with the reason, so that
// they can be mended and read again.
func (t *Table) WriteRejected(w io.Writer, rows []Refusal) error {
	if t.bom {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil {
			return fmt.Errorf("write the rejected rows: %w", err)
		}
	}
	out := csv.NewWriter(w)
	out.Comma = t.comma
	// In front, unless the file has the column already: behind a row that has
	// too many cells it would stand in the wrong column.
	reason := slices.IndexFunc(t.Header, func(h string) bool { return columnName(h) == reasonColumn })
	write := func(cells []string, why string) error {
		line := slices.Clone(cells)
		if reason < 0 {
			line = slices.Insert(line, 0, "")
		}
		line[max(reason, 0)] = why
		for i := range line {
			line[i] = SafeCell(line[i])
		}
		return out.Write(line)
	}
	err := write(t.Header, reasonColumn)
	for _, r := range rows {
		if err == nil {
			err = write(padded(r.Cells, len(t.Header)), fmt.Sprintf("Line %d: %s", r.Line, r.Reason))
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	return nil
}

// padded returns the cells, at least n of them. A line that couldn't be read
// has none.
func padded(cells []string, n int) []string {
	cells = slices.Clone(cells)
	for len(cells) < n {
		cells = append(cells, "")
	}
	return cells
}
