package content

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/standard"
)

// A source is one Markdown file of the tree: its bytes with line ends made
// "\n" and a byte-order mark stripped, and where its parts lie.
type source struct {
	File  string // slash path in the content tree
	Bytes []byte
	Front span  // the YAML between the --- lines; empty when there is none
	Body  span  // the Markdown
	lines []int // offset of each line's first byte

	Kind  fileKind
	Draft bool   // it, or a folder that it lies in, starts with "_": its errors are warnings
	ID    string // of kinds that have one; "" when it is missing or malformed, which decode reports
	URL   string // of the page that shows it

	Doc               ast.Node               // the parsed body; segments in it are offsets into Bytes[Body.From:]
	Refused           bool                   // over the limits: Doc is empty
	Aliases           map[string]string      // old anchor -> the one that it has now (standard files)
	headings          map[string]ast.Node    // by anchor
	clauses           map[string]*Clause     // by anchor (standard files)
	box               *standard.Offering     // of an offering; nil in a practice
	boxUnclear        bool                   // something in it is wrong and has been said; what asks for its figures can't be judged
	bodies            map[*Clause][]ast.Node // what stands under each clause's heading
	resolved          bool                   // links have their targets
	links, quotations int                    // met so far

	inCheck bool      // it is one self-check of a lesson, not a whole file
	checks  []*source // the self-checks of a lesson; Bytes are the lesson's

	yaml  *frontMatter // the parsed front matter; nil before it was looked at
	items []placedItem // of a quiz, in the file's order; of a self-check, its one
}

// A span is a half-open range of offsets into source.Bytes.
type span struct{ From, To int }

func (s *source) front() []byte { return s.Bytes[s.Front.From:s.Front.To] }
func (s *source) body() []byte  { return s.Bytes[s.Body.From:s.Body.To] }

// position turns an offset into Bytes into a line and column, both from 1;
// the column counts characters.
func (s *source) position(offset int) (line, column int) {
	if s.lines == nil {
		s.lines = append(s.lines, 0)
		for i, b := range s.Bytes {
			if b == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	}
	offset = max(0, min(offset, len(s.Bytes)))
	n := sort.SearchInts(s.lines, offset+1)
	return n, utf8.RuneCount(s.Bytes[s.lines[n-1]:offset]) + 1
}

// byteOrderMark is what some editors put before the text of a file.
const byteOrderMark = "\ufeff"

// openMark and closeMark are the lines around front matter. White space at their
// end can't be seen, so it means nothing, here as on code hosts.
var (
	openMark  = regexp.MustCompile(`\A---[ \t]*\n`)
	closeMark = regexp.MustCompile(`(?m)^---[ \t]*(\n|\z)`)
)

// opensFront tells whether the file begins with front matter, closed or not.
func (s *source) opensFront() bool { return openMark.Match(s.Bytes) }

// newSource normalises the bytes and finds the front matter. Mended knows how
// to find their places in the file again.
func newSource(file string, raw []byte) *source {
	raw = bytes.TrimPrefix(raw, []byte(byteOrderMark))
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	s := &source{File: file, Bytes: raw, Body: span{0, len(raw)}}
	from := len(openMark.Find(raw))
	if mark := closeMark.FindIndex(raw[from:]); from > 0 && mark != nil {
		s.Front = span{from, from + mark[0]}
		s.Body.From = from + mark[1]
	}
	return s
}

// report collects findings, from many goroutines.
type report struct {
	mutex    sync.Mutex
	findings []Finding
	perFile  map[fileCount]int // how many there were, kept or not
}

// A fileCount counts errors and warnings apart, so that warnings never keep
// an error out.
type fileCount struct {
	file    string
	isError bool
}

// maxFindings is how many errors, and how many warnings, about one file are
// kept; what follows is mostly more of the same.
const maxFindings = 100

func (r *report) errorf(s *source, offset int, rule, format string, args ...any) {
	r.add(s, offset, Finding{Error: !s.Draft, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

func (r *report) warnf(s *source, offset int, rule, format string, args ...any) {
	r.add(s, offset, Finding{Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// add enters what was found at its place. What can be mended is kept however
// much there is of it, so that one run mends all.
func (r *report) add(s *source, offset int, f Finding) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.perFile == nil {
		r.perFile = map[fileCount]int{}
	}
	key := fileCount{s.File, f.Error}
	if r.perFile[key]++; r.perFile[key] > maxFindings && !f.Fixable() {
		return
	}
	f.File = s.File
	f.Line, f.Column = s.position(offset)
	r.findings = append(r.findings, f)
}

// sorted returns the findings by file, line and column.
func (r *report) sorted() []Finding {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(r.findings)
}
