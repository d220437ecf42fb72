package content

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Limits on what authors may write. goldmark's time and output grow faster
// than its input on some texts (an 11 KB table made 39 MB of HTML; 100 KB of
// ">" took ten seconds) and it can't be interrupted, so they hold before it
// sees a byte. They are far above what a page for people needs.
const (
	maxFiles         = 20_000
	maxFileBytes     = 128 << 10
	maxBlockBytes    = 16 << 10 // a run of lines without an empty one between
	maxBlockLines    = 600
	maxContainers    = 12   // quotes and list items that open on one line
	maxIndent        = 48   // columns before the first letter; a tab counts 4
	maxBlockBrackets = 200  // "[" in a block that no "]" follows up
	maxBlockMarks    = 2000 // any of * _ ~ ` < in a block
	maxTableColumns  = 24
	maxTableCells    = 6000 // of all tables in a file
	maxLinks         = 2000 // in a file; a reference used often counts each time
	maxLinkBytes     = 1000
	maxQuotations    = 40 // of clauses, in a file
	maxAssetBytes    = 10 << 20
)

// isText looks at a whole file, front matter included, before anything else is
// said of it. One that is too large or no text has front matter that nobody
// can judge.
func (l *loader) isText(src *source) bool {
	offset, problem := strangeByte(src.Bytes)
	if len(src.Bytes) > maxFileBytes {
		offset, problem = 0, fmt.Sprintf("the file is larger than %d KB; split it", maxFileBytes>>10)
	}
	if problem == "" {
		return true
	}
	l.report.errorf(src, offset, "limit", "%s", problem)
	src.yaml = &frontMatter{} // so that nobody asks for more
	return false
}

// withinLimits scans the body once; it reports the first limit that the file
// is over, at its place.
func (l *loader) withinLimits(src *source) bool {
	offset, problem := overLimit(src)
	if problem == "" {
		return true
	}
	l.report.errorf(src, offset, "limit", "%s", problem)
	return false
}

func overLimit(src *source) (offset int, problem string) {
	scan := blockScan{start: src.Body.From}
	for at := src.Body.From; at < src.Body.To; {
		line := src.Bytes[at:src.Body.To]
		if end := bytes.IndexByte(line, '\n'); end >= 0 {
			line = line[:end+1]
		}
		if i, what := scan.line(at, line); what != "" {
			return i, what
		}
		at += len(line)
	}
	return 0, ""
}

// strangeByte finds what is not text: broken UTF-8 and control characters.
func strangeByte(text []byte) (int, string) {
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			if b < ' ' && b != '\n' && b != '\t' || b == 0x7f {
				return i, fmt.Sprintf("there is a control character (code %d) here; delete it", b)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i, "the file is not UTF-8 text here; save it as UTF-8"
		}
		i += size
	}
	return -1, ""
}

// A blockScan counts through one block after another. It knows nothing of
// code blocks: the limits hold in them, too, so that no trick with a fence
// gets around them.
type blockScan struct {
	start, lines, open, marks int
	columns                   int // of the table in this block, if it holds one
	cells                     int // of all tables so far
}

// line takes the next line in; what is "" as long as all is well.
func (b *blockScan) line(at int, line []byte) (offset int, what string) {
	indent, containers := lineDepth(line)
	switch {
	case indent > maxIndent:
		return at, fmt.Sprintf("the line is indented by more than %d columns; write it flatter", maxIndent)
	case containers > maxContainers:
		return at, fmt.Sprintf("more than %d quotes or list items open on this line; write it flatter", maxContainers)
	case tableColumns(line) > maxTableColumns:
		return at, fmt.Sprintf("the table has more than %d columns; split it", maxTableColumns)
	case blank(line):
		*b = blockScan{start: at + len(line), cells: b.cells}
		return 0, ""
	}
	b.count(line)
	b.lines++
	b.columns = max(b.columns, tableColumns(line))
	b.cells += b.columns
	switch {
	case at+len(line)-b.start > maxBlockBytes:
		return b.start, fmt.Sprintf("the block that begins here is longer than %d KB; put empty lines in", maxBlockBytes>>10)
	case b.lines > maxBlockLines:
		return b.start, fmt.Sprintf("the block that begins here has more than %d lines; put empty lines in", maxBlockLines)
	case b.cells > maxTableCells:
		return at, fmt.Sprintf("the tables of this file have more than %d cells; offer a spreadsheet for download", maxTableCells)
	case b.open > maxBlockBrackets:
		return at, fmt.Sprintf("more than %d brackets [ are open in this block; close them, or write \\[", maxBlockBrackets)
	case b.marks > maxBlockMarks:
		return at, fmt.Sprintf("the block holds more than %d of the signs * _ ~ ` <; put empty lines in", maxBlockMarks)
	}
	return 0, ""
}

func (b *blockScan) count(line []byte) {
	for i, c := range line {
		switch c {
		case '[':
			b.open++
		case ']':
			// "](" may close nothing and be tried again for every "["
			if i+1 == len(line) || line[i+1] != '(' {
				b.open = max(0, b.open-1)
			}
		case '*', '_', '~', '`', '<':
			b.marks++
		}
	}
}

// blank tells whether a line ends a paragraph whatever it stands in: nothing
// but spaces and quote marks.
func blank(line []byte) bool {
	return len(bytes.Trim(line, " \t\n>")) == 0
}

// lineDepth counts the columns before the first letter and the quotes and
// list items that open before it.
func lineDepth(line []byte) (indent, containers int) {
	rest := line
	for len(rest) > 0 {
		switch c := rest[0]; {
		case c == ' ':
			indent++
		case c == '\t':
			indent += 4
		case c == '>', (c == '-' || c == '*' || c == '+') && spaceAt(rest, 1):
			containers++
		case c >= '0' && c <= '9':
			n := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
			if n > 9 || n == len(rest) || rest[n] != '.' && rest[n] != ')' || !spaceAt(rest, n+1) {
				return indent, containers
			}
			containers++
			rest = rest[n:]
		default:
			return indent, containers
		}
		rest = rest[1:]
	}
	return indent, containers
}

func spaceAt(b []byte, i int) bool {
	return i >= len(b) || b[i] == ' ' || b[i] == '\t' || b[i] == '\n'
}

// tableColumns counts the columns that a delimiter row such as |:--|---|
// makes; 0 for any other line.
func tableColumns(line []byte) int {
	row := bytes.TrimLeft(line, " \t>-*+0123456789.)|:\n")
	pipes := bytes.Count(line, []byte("|"))
	if len(row) != 0 || pipes == 0 || !bytes.Contains(line, []byte("-")) {
		return 0
	}
	return pipes + 1
}
