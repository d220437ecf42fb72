package standard

import (
	"maps"
	"slices"
	"strings"
)

// maxSentence bounds how much of a text is looked at, in bytes. What is longer
// stays unread as a whole.
const maxSentence = 8000

// A Reading is what a sentence asks for, as far as it could be read.
type Reading struct {
	Need   Need
	Only   []string // ids of the offerings that are named, in the catalogue's order; see [Book.Match]
	Found  []Found  // in the order of the text
	Unread string   // the words left over that may mean something, in order, "…" between them; empty when all was read
	Waived string   // those of them that are no doubt: "no logo", "about"
	Loose  []string // dimensions of figures that are not meant to the letter, see [Reading.Harder]
}

// Found is one thing that was read: a value of a dimension, or an offering.
type Found struct {
	Dimension string
	Value     Value
	Offering  string // its id; then there is no dimension
	Text      string // as it stood in the sentence
	Held      Held   // how a figure was read that is none as it stands
}

// Held says how a figure was read that is none as it stands: always as what asks for most.
type Held string

// How figures are held.
const (
	HeldRange Held = "range" // at the worse end of two
	HeldDays  Held = "days"  // by the day, for a month of 31
	HeldWeeks Held = "weeks" // by the week, for a month into which five fall
	HeldOnce  Held = "once"  // a number of which no rate is said, as that of one month
	HeldMore  Held = "more"  // at one more than the figure
	HeldLoose Held = "loose" // to the letter, though it was not meant so: "about", "at least"
)

// ReadParts reads the parts of a text, as those of a need that is met part by part: what
// ";" sets off, lines of which one says again what another one says, and what one
// sentence says of several offerings or values, each by itself. Of which nothing was read
// is no part: what it leaves unread goes to the part before it, at the beginning to the
// one behind it. There is none when the text says nothing.
func (lx *Lexicon) ReadParts(text string) []Reading {
	var list []Reading
	for part := range strings.SplitSeq(text, ";") {
		first := len(list) // of what stands between two ";"
		divided := false   // the line before was
		for line := range strings.FieldsFuncSeq(part, func(r rune) bool { return r == '\n' || r == '\r' }) {
			pieces := lx.divided(line)
			if last := len(list) - 1; divided && len(pieces) == 1 && lx.apart(list[last], pieces[0]) {
				pieces[0] = Reading{Need: Need{}, Unread: squeeze(line)} // of which part, or of all?
			}
			divided = divided && pieces[0].says() == 0 || len(pieces) > 1
			for i, one := range pieces {
				if last := len(list) - 1; last >= 0 && (one.says() == 0 || list[last].says() == 0 || i == 0 && last >= first && lx.apart(list[last], one)) {
					list[last] = lx.both(list[last], one)
				} else if one.says() > 0 || one.Unread != "" {
					list = append(list, one)
				}
			}
		}
	}
	return list
}

// says counts what was found.
func (one Reading) says() int { return len(one.Found) }

// apart reports whether two lines say different things, so that they are lines of one
// need: no dimension stands in both, and no more than one of them names offerings. Read
// apart, two lines could each be inside the box where no tier holds both.
func (lx *Lexicon) apart(a, b Reading) bool {
	for name := range b.Need {
		if _, twice := a.Need[name]; twice {
			return false
		}
	}
	return len(a.Only) == 0 || len(b.Only) == 0
}

// both joins two readings.
func (lx *Lexicon) both(a, b Reading) Reading {
	a.Need = maps.Clone(a.Need)
	maps.Copy(a.Need, b.Need)
	a.Only = lx.ordered(slices.Concat(a.Only, b.Only))
	a.Found = slices.Concat(a.Found, b.Found)
	a.Unread, a.Waived = andUnread(a.Unread, b.Unread), andUnread(a.Waived, b.Waived)
	a.Loose = slices.Concat(a.Loose, b.Loose)
	return a
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
	places []int     // items at which what was found begins
	of     []*amount // the figure that was found there; nil of a value
	named  []string  // ids of the offerings that may be meant

	inGerman bool // the sentence is German, see speaksGerman
}

func (r *reader) dims() []Dimension { return r.lx.dims }

// Read finds what a sentence asks for. It never guesses: what it could not read
// stays in Unread, and so does what can be read in two ways. See "Sentences" in
// the package comment.
func (lx *Lexicon) Read(text string) Reading {
	r := lx.reader(text)
	if r == nil {
		return Reading{Need: Need{}, Unread: squeeze(text)}
	}
	r.scopes()
	return r.rest()
}

// reader takes a sentence apart, up to its figures; nil when it is empty or too long.
func (lx *Lexicon) reader(text string) *reader {
	if strings.TrimSpace(text) == "" || len(text) > maxSentence {
		return nil
	}
	r := &reader{lx: lx, source: text, tokens: tokenize(text)}
	r.inGerman = speaksGerman(text, r.tokens)
	r.items = negated(lx.items(r.tokens))
	r.figures()
	r.spans()
	return r
}

// scopes blocks what is no ask.
func (r *reader) scopes() {
	r.ranges()
	r.alternatives()
	r.refusals()
	r.otherwise()
}

// rest reads what is left.
func (r *reader) rest() Reading {
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
	reading.Unread, reading.Waived = r.unread(reading.Need, reading.Only)
	return reading
}

// cut is the text of items as it stands in the sentence.
func (r *reader) cut(from, to int) string {
	return r.source[r.tokens[r.items[from].from].from:r.tokens[r.items[to-1].to-1].to]
}

// unread writes the words that were not read. Words that only join go with what
// they join, and so does a comparison with its figure.
func (r *reader) unread(need Need, only []string) (unread, waived string) {
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
	var runs, no []string
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
		for end < len(r.items) && r.tokens[r.items[end].from].gap == "-" && !r.items[end].read {
			end++ // "single sign-on" is one word
		}
		runs = append(runs, squeeze(r.cut(i, end)))
		if r.waived(i, end, need, only) {
			no = append(no, runs[len(runs)-1])
		}
		i = end - 1
	}
	return strings.Join(runs, " … "), strings.Join(no, " … ")
}
