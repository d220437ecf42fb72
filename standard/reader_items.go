package standard

import (
	"math/big"
	"strings"
)

// An item is what the reader sees in a sentence: a word or a phrase with its
// meaning, or a number.
type item struct {
	meaning
	from, to int // tokens
	brk      breaks
	text     string   // key
	number   *big.Rat // of a numberWord; nil where it reads in two ways
	german   *big.Rat // the same, as a German unit behind it reads it
	read     bool     // part of what was found
	unread   bool     // may mean something, and was not read
	blocked  bool     // refused, one of several, or doubtful: no ask
	shown    bool     // read, and left to be seen all the same
	amount   *amount  // of which it is part
}

// longestPhrase bounds how many words a phrase may have.
const longestPhrase = 8

// A Lexicon knows the words of a catalogue: of its dimensions, and of its offerings.
// It never changes, and any number of callers may read with it.
type Lexicon struct {
	dims      []Dimension
	phrases   map[string]meaning
	offerings []*namedOffering
	titles    map[string]title  // of offerings, by spelling, see reader_offering.go
	heads     map[string]string // ids of offerings by what is counted of them
	longest   int               // how many words a phrase may have
}

// NewLexicon gathers the words of a catalogue.
func NewLexicon(dims []Dimension, offerings []*Offering) *Lexicon {
	lx := &Lexicon{dims: dims, phrases: map[string]meaning{}, titles: map[string]title{}, longest: longestPhrase}
	for i, dim := range dims {
		if dim.Kind != AllOf {
			lx.add(meaning{kind: cueWord, dim: i}, dim.Name, dim.Label)
			lx.add(meaning{kind: cueWord, dim: i}, dim.Words.Phrases...)
			for _, phrase := range dim.Words.Phrases {
				if !strings.Contains(phrase, " ") && len(phrase) > 3 { // alert, alerted, alerting
					lx.add(meaning{kind: cueWord, dim: i}, phrase+"ed", phrase+"ing")
				}
			}
			continue
		}
		lx.add(meaning{kind: cueWord, dim: i}, dim.Name, dim.Label)
		for _, v := range dim.Values {
			lx.add(meaning{kind: valueWord, dim: i, value: v}, v, dim.NameOf(v))
			lx.inflect(meaning{kind: valueWord, dim: i, value: v}, v, dim.NameOf(v))
		}
		for phrase, v := range dim.Words.Values {
			lx.add(meaning{kind: valueWord, dim: i, value: v}, phrase)
			lx.inflect(meaning{kind: valueWord, dim: i, value: v}, phrase)
		}
	}
	lx.nameOfferings(offerings)
	return lx
}

// add takes phrases with their plurals. One that means two things means none.
func (lx *Lexicon) add(m meaning, phrases ...string) {
	for _, phrase := range phrases {
		for _, k := range spellingsOf(phrase) {
			if known, there := lx.phrases[k]; there && known != m {
				lx.phrases[k] = meaning{}
				continue
			}
			lx.phrases[k] = m
		}
	}
}

// inflect takes the endings of longer words: internationally, bundesweite.
func (lx *Lexicon) inflect(m meaning, phrases ...string) {
	for _, phrase := range phrases {
		k := key(tokenize(phrase))
		for _, ending := range []string{"e", "en", "er", "es", "em", "ly"} {
			if _, taken := lx.phrases[k+ending]; !taken && len(k) > 5 {
				lx.phrases[k+ending] = m
			}
		}
	}
}

// spellingsOf are the keys under which a phrase is found.
func spellingsOf(phrase string) []string {
	k := keyOf(strings.ReplaceAll(phrase, "'", ""))
	var b strings.Builder
	for _, t := range tokenize(phrase) {
		b.WriteString(t.text)
	}
	if b.Len() > 0 {
		k = b.String()
	}
	if k == "" {
		return nil
	}
	list := []string{k, k + "s"}
	if one, ok := strings.CutSuffix(k, "s"); ok && len(one) > 2 && !strings.HasSuffix(one, "s") {
		list[1] = one
	}
	if american := strings.ReplaceAll(k, "isation", "ization"); american != k {
		list = append(list, american)
	}
	return list
}

// items reads the tokens from left to right, at each place the longest that it
// knows; of what is as long, what the dimensions say, and an offering last.
func (lx *Lexicon) items(tokens []token) []item {
	var list []item
	for at := 0; at < len(tokens); {
		it := lx.itemAt(tokens[at:])
		it.from, it.to, it.brk = at+it.from, at+it.to, tokens[at].brk
		if it.text == "min" && it.kind == unitWord && (len(list) == 0 || list[len(list)-1].kind != numberWord || it.brk != joined) {
			it.meaning = meaning{kind: lowerWord}
		}
		if it.text == "w" && (len(list) == 0 || list[len(list)-1].kind != numberWord || it.brk != joined) {
			it.meaning = meaning{kind: fillWord} // "w/ logo"
		}
		if it.kind == askWord && tokens[at].capital && it.brk == joined { // "500 Suchen"
			if noun, ok := lx.offeringAt(tokens[at:], 1); ok && noun.value != "" {
				it.meaning = noun
			}
		}
		if ends := it.to == len(tokens) || tokens[it.to].brk != joined; ends && it.brk == joined && (it.text == "y" || it.text == "n") {
			it.meaning = meaning{kind: map[string]wordKind{"y": fillWord, "n": refuseWord}[it.text]} // "logo y, API n"
		}
		list = append(list, it)
		at = it.to
	}
	return list
}

func (lx *Lexicon) itemAt(tokens []token) item {
	n, size := readNumber(tokens, English)
	most := 1
	for most < min(len(tokens), lx.longest) && tokens[most].brk == joined {
		most++
	}
	for long := most; long > 0 && long >= size; long-- {
		k := key(tokens[:long])
		m, ok := lx.phrases[k]
		if !ok || long == size && m.kind != valueWord {
			m, ok = vocabulary()[k]
			ok = ok && long > size && !(long > 1 && size == 0 && vocabulary()[tokens[0].text].kind == unitWord && m.kind != unitWord) // "8 h is" is not "his"
		}
		if !ok {
			m, ok = vocabulary()[strings.ReplaceAll(k, "'", "")]
			ok = ok && long > size && strings.Contains(k, "'") && m.kind == refuseWord
		}
		if ok && m.kind == orMoreWord && long < len(tokens) && (tokens[long].text == "than" || tokens[long].text == "to") {
			continue // "500 and more than 300", "500 and up to 300"
		}
		if !ok && long > size {
			m, ok = lx.offeringAt(tokens, long)
		}
		if ok {
			return item{meaning: m, to: long, text: k}
		}
	}
	if size > 0 {
		it := item{meaning: meaning{kind: numberWord}, to: size, text: key(tokens[:size]), number: n}
		if german, long := readNumber(tokens, German); long == size {
			it.german = german
		}
		return it
	}
	k := tokens[0].text
	m, known := vocabulary()[k]
	if !known && halves[k] {
		m.kind = halfWord
	}
	return item{meaning: m, to: 1, text: k}
}

// content reports whether the item is something that could be asked for.
func (it *item) content() bool { return it.names() || it.kind == numberWord }

// names reports whether the item is a value or an offering: what is refused, listed
// and asked for in the same ways. The dim of an offering is none of a value.
func (it *item) names() bool { return it.kind == valueWord || it.kind == titleWord }

// clings reports whether the item goes with what follows it: where that is not
// read, neither is this.
func (it *item) clings() bool {
	switch it.kind {
	case upperWord, lowerWord, overWord, underWord, toWord, betweenWord, clockWord, forWord, orderWord, articleWord:
		return true
	}
	return false
}

// silent reports whether the item says nothing that would be missed.
func (it *item) silent() bool {
	switch it.kind {
	case fillWord, askWord, andWord, articleWord, whoWord, butWord:
		return true
	}
	return false
}
