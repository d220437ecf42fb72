package standard

import "strings"

// maxSentence bounds how much of a text is looked at, in bytes. What is longer
// stays unread as a whole.
const maxSentence = 8000

// A Reading is what a sentence asks for, as far as it could be read.
type Reading struct {
	Need   Need
	Only   []string // ids of the offerings that are named, in the catalogue's order; see [Book.Match]
	Found  []Found  // in the order of the text
	Unread string   // the words left over that may mean something, in order, "…" between them; empty when all was read
}

// Found is one thing that was read: a value of a dimension, or an offering.
type Found struct {
	Dimension string
	Value     Value
	Offering  string // its id; then there is no dimension
	Text      string // as it stood in the sentence
}

// ReadParts reads the parts of a text that are set off by ";" or new lines, as
// those of a need that is met part by part. Of which nothing was read is no part by
// itself: what it leaves unread goes to the part before it, at the beginning to the
// one behind it. There is none when the text says nothing.
func (lx *Lexicon) ReadParts(text string) []Reading {
	var list []Reading
	left := "" // unread, before there is a part
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		one := lx.Read(part)
		switch {
		case len(one.Found) > 0:
			one.Unread = andUnread(left, one.Unread)
			list, left = append(list, one), ""
		case len(list) > 0:
			list[len(list)-1].Unread = andUnread(list[len(list)-1].Unread, one.Unread)
		default:
			left = andUnread(left, one.Unread)
		}
	}
	if left != "" {
		list = append(list, Reading{Need: Need{}, Unread: left})
	}
	return list
}

// andUnread joins what is unread in two places.
func andUnread(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " … " + b
}

// A reader reads one sentence.
type reader struct {
	lx     *Lexicon
	source string
	tokens []token
	items  []item
	found  []*amount
	places []int    // items at which what was found begins
	named  []string // ids of the offerings that may be meant
}

func (r *reader) dims() []Dimension { return r.lx.dims }

// Read finds what a sentence asks for. It never guesses: what it could not read
// stays in Unread, and so does what can be read in two ways. See "Sentences" in
// the package comment.
func (lx *Lexicon) Read(text string) Reading {
	if strings.TrimSpace(text) == "" {
		return Reading{Need: Need{}}
	}
	if len(text) > maxSentence {
		return Reading{Need: Need{}, Unread: squeeze(text)}
	}
	r := &reader{lx: lx, source: text, tokens: tokenize(text)}
	r.items = lx.items(r.tokens)
	r.figures()
	r.ranges()
	r.alternatives()
	r.refusals()
	r.offered()
	r.belong()
	r.judge()
	return r.reading()
}

// reading gathers what was read, and what was not.
func (r *reader) reading() Reading {
	reading := Reading{Need: Need{}}
	r.findFigures(&reading)
	r.findValues(&reading)
	reading.Only = r.lx.ordered(reading.Only)
	reading.Unread = r.unread(reading.Need)
	return reading
}

// cut is the text of items as it stands in the sentence.
func (r *reader) cut(from, to int) string {
	return r.source[r.tokens[r.items[from].from].from:r.tokens[r.items[to-1].to-1].to]
}

// unread writes the words that were not read. Words that only join go with what
// they join, and so does a comparison with its figure.
func (r *reader) unread(need Need) string {
	for i := range r.items {
		it := &r.items[i]
		if it.read || it.silent() || it.clings() {
			continue
		}
		if it.kind == cueWord {
			if _, known := need[r.dims()[it.dim].Name]; known && !it.blocked {
				continue // says of what it is what is read
			}
		}
		it.unread = true
	}
	for i := len(r.items) - 1; i >= 0; i-- {
		it := &r.items[i]
		if it.blocked && !it.read {
			it.unread = true
		}
		if it.clings() && !it.unread && !it.read {
			next := i + 1
			for next < len(r.items) && r.items[next].silent() && r.items[next].brk == joined && !r.items[next].unread {
				next++
			}
			if next < len(r.items) && r.items[next].brk == joined {
				it.unread = r.items[next].unread && it.kind != articleWord
			} else {
				it.unread = i > 0 && it.brk == joined && r.items[i-1].unread
			}
		}
	}
	var runs []string
	for i := 0; i < len(r.items); i++ {
		if !r.items[i].unread {
			continue
		}
		end := i + 1
		for next := end; next < len(r.items); next++ {
			if r.items[next].unread {
				end = next + 1
			} else if r.items[next].brk != joined || r.items[next].read {
				break
			}
		}
		runs = append(runs, squeeze(r.cut(i, end)))
		i = end - 1
	}
	return strings.Join(runs, " … ")
}
