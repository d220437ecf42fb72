package content

// A Finding is one thing `check` has to say about a file.
type Finding struct {
	File    string // slash path in the content tree
	Line    int    // from 1
	Column  int    // from 1, in characters
	Error   bool   // false: a warning
	Message string // what is wrong and how to mend it
	Rule    string // stable name, such as "broken-link"
	Mend    Mend   // what mends it; the zero Mend where only the author can
}

// Fixable reports whether Mended can mend what was found.
func (f Finding) Fixable() bool { return f.Mend != Mend{} }

// A Mend is the one change to a file that mends a finding.
type Mend struct {
	Old, New string // as people read it

	from, to     int    // offsets into source.Bytes
	before, text string // what stands there in the file, and what shall
}
