package standard

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a word, a number or a sign of a sentence.
type token struct {
	from, to int    // bytes in the text
	text     string // folded: lower case, without umlauts, apostrophes straight
	number   bool
	capital  bool   // it begins with one
	brk      breaks // what stands before it
	gap      string // as it stands before it
}

// breaks say how much what stands between two tokens separates them.
type breaks int

const (
	joined breaks = iota // nothing, spaces, or a hyphen
	comma                // a comma, parentheses
	colon                // a colon or a dash: a label and what it names
	stop                 // the end of a sentence
)

var (
	// numberText finds digits with all that may stand within a number, a time of
	// day or a date: what of it is a number, [Tongue.parse] says.
	numberText = regexp.MustCompile(`^(\d{4}-\d\d-\d\d|[.,]?\d+(?:[.,:/'’]\d+)*)`)
	// groups are thousands behind spaces.
	groups = regexp.MustCompile(`^\d{1,3}(?:[  ]\d{3})+(?:\.\d+)?`)

	foldLetters = strings.NewReplacer(spelled()...)

	withoutGaps = strings.NewReplacer(" ", "", "-", "")
)

// spelled are letters with what they are written as; accents that are signs of their
// own count as nothing.
func spelled() (pairs []string) {
	for plain, letters := range map[string]string{
		"ae": "ä æ a\u0308", "oe": "ö œ o\u0308", "ue": "ü u\u0308", "ss": "ß", "a": "à á â ã å ā ă ą", "c": "ç ć č", "d": "ď đ", "e": "è é ê ë ē ė ę ě",
		"g": "ğ", "i": "ì í î ï ī ı", "l": "ł ľ", "n": "ñ ń ň", "o": "ò ó ô õ ø ō ő", "r": "ř", "s": "ś š ş ș", "t": "ť ț", "u": "ù ú û ū ů ű", "y": "ý ÿ", "z": "ź ż ž",
		"'": "’ ʼ ‘",
	} {
		for letter := range strings.FieldsSeq(letters) {
			pairs = append(pairs, letter, plain)
		}
	}
	for mark := '\u0300'; mark <= '\u036f'; mark++ {
		pairs = append(pairs, string(mark), "")
	}
	return pairs
}

// vulgar are fractions of one sign.
var vulgar = map[rune]string{'½': "1/2", '¼': "1/4", '¾': "3/4"}

// signs are tokens of their own; what else is no letter and no digit separates.
const signs = "€$£¥%~≈<>≤≥=+&/±"

// fold writes text so that its spellings are one.
func fold(text string) string { return foldLetters.Replace(strings.ToLower(text)) }

// tokenize takes a text apart.
func tokenize(text string) []token {
	var list []token
	end := 0
	for at := 0; at < len(text); {
		size, number := tokenAt(text, at, list, end)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		first, _ := utf8.DecodeRuneInString(text[at:])
		t := token{from: at, to: at + size, number: number, capital: unicode.IsUpper(first), text: fold(text[at : at+size]), gap: text[end:at]}
		if len(list) > 0 {
			t.brk = breakOf(t.gap, list[len(list)-1].text)
		} else {
			t.brk = stop
		}
		list = append(list, t)
		at += size
		end = at
	}
	return list
}

// tokenAt is how long the token is that begins here; zero where none does.
func tokenAt(text string, at int, before []token, end int) (size int, number bool) {
	r, n := utf8.DecodeRuneInString(text[at:])
	switch {
	case r >= '0' && r <= '9',
		(r == '.' || r == ',') && digitAt(text, at+1) && (at == 0 || strings.ContainsRune(" \t(", rune(text[at-1]))): // .5
		found := numberText.FindString(text[at:])
		if long := groups.FindString(text[at:]); len(long) > len(found) && !digitAt(text, at+len(long)) {
			found = long
		}
		return len(found), true
	case vulgar[r] != "":
		return n, true
	case unicode.IsLetter(r):
		return wordLength(text[at:]), false
	case strings.HasPrefix(text[at:], "<=") || strings.HasPrefix(text[at:], ">="):
		return 2, false
	case strings.ContainsRune(signs, r):
		return n, false
	case r == '-' && digitAt(text, at+1) && at == end && len(before) == 0,
		r == '-' && digitAt(text, at+1) && at > end && text[at-1] == ' ':
		return 1, false // below zero
	}
	return 0, false
}

func digitAt(text string, at int) bool { return at < len(text) && text[at] >= '0' && text[at] <= '9' }

// wordLength is the length of the word with which text begins: letters, with
// digits behind them and apostrophes between them.
func wordLength(text string) int {
	size, digit := 0, false
	for size < len(text) {
		r, n := utf8.DecodeRuneInString(text[size:])
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || digit && strings.ContainsRune(".,:/", r) && digitAt(text, size+1) {
			digit = unicode.IsDigit(r)
			size += n
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[size+n:])
		if (r == '\'' || r == '’' || r == 'ʼ' || r == '‘') && unicode.IsLetter(after) {
			size += n
			continue
		}
		break
	}
	return size
}

// breakOf says how much a gap separates. A point belongs to the abbreviation
// before it.
func breakOf(gap, before string) breaks {
	if abbreviations[before] {
		gap = strings.TrimPrefix(gap, ".")
	}
	b := joined
	for _, r := range gap {
		switch r {
		case '.', '!', '?', ';', '\n', '\r', '…':
			return stop
		case ',', '(', ')', '[', ']', '{', '}', '|', '•', '*':
			b = max(b, comma)
		case ':', '–', '—':
			b = colon
		}
	}
	if b == joined && strings.Contains(gap, "-") && strings.TrimSpace(gap) != gap {
		return colon
	}
	return b
}

// key joins tokens to a key of a lexicon: spaces and hyphens don't count.
func key(tokens []token) string {
	if len(tokens) == 1 {
		return tokens[0].text
	}
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
	}
	return b.String()
}

// keyOf is the key of a phrase.
func keyOf(phrase string) string {
	return withoutGaps.Replace(fold(strings.TrimSpace(phrase)))
}

// Words and letters by which a sentence is known to be German, and those by which it
// isn't.
var (
	germanWords  = keysOf("der", "das", "und", "im", "pro", "mit", "ohne", "für", "wir", "sie", "eine", "einen", "nicht", "kein", "keine", "bis zu", "binnen", "innerhalb", "mehr", "wenn", "oder", "können", "brauchen", "braucht", "Kunde", "Monat", "Woche", "Tag", "Stunden", "Std")
	englishWords = keysOf("the", "a", "an", "and", "of", "per", "with", "without", "for", "we", "they", "need", "needs", "month", "week", "day", "hours", "within", "more", "if", "or", "can", "could")
	germanLetter = regexp.MustCompile(`[äöüßÄÖÜ]`)
)

// speaksGerman reports whether a sentence is German through and through, so that a number
// which reads in two ways is written as German writes it: "20.000 Namen überwachen".
func speaksGerman(text string, tokens []token) bool {
	german := germanLetter.MatchString(text)
	for _, t := range tokens {
		if englishWords[t.text] {
			return false
		}
		german = german || germanWords[t.text]
	}
	return german
}
