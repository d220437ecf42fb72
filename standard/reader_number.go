package standard

import (
	"math/big"
	"slices"
	"strings"
)

// Numbers in words. Of a German compound the parts are known, see germanNumber.
var (
	small = map[string]int64{
		"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
		"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
		"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	}
	german = map[string]int64{
		"null": 0, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
		"elf": 11, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fuenfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
		"zwanzig": 20, "dreissig": 30, "vierzig": 40, "fuenfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
	}
	multiples = map[string]int64{
		"hundred": 100, "thousand": 1000, "k": 1000, "million": 1e6, "dozen": 12, "tsd": 1000, "tausend": 1000, "hundert": 100, "dutzend": 12, "mio": 1e6, "millionen": 1e6,
	}
	germanMultiples = map[string]bool{"tsd": true, "tausend": true, "hundert": true, "dutzend": true, "mio": true, "millionen": true}
	halves          = map[string]bool{"half": true, "halbe": true, "halber": true, "halben": true, "halbes": true}
)

// germanNumber reads a number that is written as one word: "vierundzwanzig",
// "dreitausendfünfhundert".
func germanNumber(word string) (int64, bool) {
	if n, ok := german[word]; ok {
		return n, true
	}
	for _, step := range []struct {
		word string
		size int64
	}{{"tausend", 1000}, {"hundert", 100}} {
		left, right, found := strings.Cut(word, step.word)
		if !found || word == step.word {
			continue
		}
		many, ok := int64(1), true
		if left != "" && left != "ein" {
			many, ok = germanNumber(left)
		}
		rest, okRest := int64(0), true
		if right != "" {
			rest, okRest = germanNumber(strings.TrimPrefix(right, "und"))
		}
		return many*step.size + rest, ok && okRest && many < step.size && rest < step.size
	}
	if left, right, found := strings.Cut(word, "und"); found {
		one, ok := german[left]
		if left == "ein" {
			one, ok = 1, true
		}
		ten, okTen := german[right]
		return one + ten, ok && okTen && one > 0 && one < 10 && ten >= 20
	}
	return 0, false
}

// germanHalf is one and a half in one German word, "anderthalb", "zweieinhalb".
func germanHalf(word string) (*big.Rat, bool) {
	for _, ending := range []string{"einhalb", "einhalbe", "einhalben"} {
		if n, ok := strings.CutSuffix(word, ending); ok {
			whole, known := german[n]
			if n == "ein" {
				whole, known = 1, true
			}
			return big.NewRat(2*whole+1, 2), known
		}
	}
	if n, ok := strings.CutSuffix(word, "tausend"); ok && n != "" {
		if half, known := germanHalf(n); known { // "anderthalbtausend"
			return half.Mul(half, big.NewRat(1000, 1)), true
		}
	}
	if word == "anderthalb" || word == "anderthalbe" || word == "anderthalben" {
		return big.NewRat(3, 2), true
	}
	return nil, false
}

// readNumber reads the number with which tokens begin, in digits as the tongue writes
// it. size is zero where there is none; the number is nil where it can be read in two
// ways, or in none.
func readNumber(tokens []token, t *Tongue) (n *big.Rat, size int) {
	first := tokens[0]
	if first.number {
		return readDigits(tokens, t)
	}
	if n, size := halfOfMany(tokens); size > 0 {
		return n, size
	}
	if n, ok := germanHalf(first.text); ok {
		return n, 1
	}
	c := counter{}
	for size < len(tokens) && (size == 0 || tokens[size].brk == joined) {
		word := tokens[size].text
		if word == "and" && c.large && size+1 < len(tokens) && small[tokens[size+1].text] > 0 && tokens[size+1].brk == joined {
			size++
			continue
		}
		if size == 0 && vocabulary()[word].kind == articleWord && len(tokens) > 1 && tokens[1].brk == joined && multiples[tokens[1].text] > 1 && tokens[1].text != "k" { // a dozen
			c.current, c.begun = 1, true
			size++
			continue
		}
		if !c.take(word) {
			break
		}
		size++
	}
	if size == 0 {
		return nil, 0
	}
	return withHalf(big.NewRat(c.total+c.current, 1), tokens, size)
}

// halfOfMany is "half a dozen", "eine halbe Million".
func halfOfMany(tokens []token) (n *big.Rat, size int) {
	at := 0
	if vocabulary()[tokens[0].text].kind == articleWord {
		at = 1
	}
	if at+1 < len(tokens) && tokens[at].text == "half" && tokens[at+1].text == "a" {
		at++
	} else if at >= len(tokens) || !halves[tokens[at].text] {
		return nil, 0
	}
	if at+1 >= len(tokens) || multiples[tokens[at+1].text] < 12 || tokens[at+1].text == "k" || slices.ContainsFunc(tokens[1:at+2], func(t token) bool { return t.brk != joined }) {
		return nil, 0
	}
	return big.NewRat(multiples[tokens[at+1].text], 2), at + 2
}

// readDigits reads a number in digits, with what makes it larger behind it.
func readDigits(tokens []token, t *Tongue) (n *big.Rat, size int) {
	text := tokens[0].text
	if part := vulgarOf(text); part != "" {
		n, _ = new(big.Rat).SetString(part)
		return n, 1
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, " ", " "), " ", " ")
	if len(tokens) > 1 && tokens[1].brk == joined && germanMultiples[tokens[1].text] {
		t = German // "1,5 Tsd."
	}
	n, err := t.parse(text)
	if err != nil || strings.Contains(text, "/") && !isFraction(text, tokens[1:]) {
		n = nil // 24/7, a date, a time of day
	}
	size = 1
	if size < len(tokens) && tokens[size].number && tokens[size].brk == joined && n != nil && n.IsInt() && !strings.Contains(tokens[size].gap, "-") {
		part := vulgarOf(tokens[size].text)
		if part == "" && strings.Contains(tokens[size].text, "/") {
			part = tokens[size].text
		}
		if more, ok := new(big.Rat).SetString(orZero(part)); ok && more.Sign() > 0 && more.Cmp(unity) < 0 {
			return new(big.Rat).Add(n, more), 2
		}
	}
	for size < len(tokens) && multiples[tokens[size].text] > 0 && tokens[size].brk == joined {
		if tokens[size].text == "k" && tokens[size].gap != "" && tokens[size].gap != " " {
			break
		}
		if n != nil {
			n = new(big.Rat).Mul(n, big.NewRat(multiples[tokens[size].text], 1))
		}
		size++
	}
	if n == nil {
		return nil, size
	}
	return withHalf(n, tokens, size)
}

// isFraction tells "1/2 day" from "1/2 days", which may be one or two.
func isFraction(text string, behind []token) bool {
	if len(behind) > 0 && (strings.HasSuffix(behind[0].text, "s") || strings.HasSuffix(behind[0].text, "n") || behind[0].text == "tage") {
		return false
	}
	return text == "1/2" || text == "1/4" || text == "3/4"
}

func orZero(text string) string {
	if text == "" {
		return "0"
	}
	return text
}

// vulgarOf writes a fraction of one sign out.
func vulgarOf(text string) string {
	for r, part := range vulgar {
		if text == string(r) {
			return part
		}
	}
	return ""
}

// withHalf adds "and a half".
func withHalf(n *big.Rat, tokens []token, size int) (*big.Rat, int) {
	if len(tokens) >= size+3 && tokens[size].text == "and" && tokens[size+1].text == "a" && tokens[size+2].text == "half" && tokens[size].brk == joined {
		return new(big.Rat).Add(n, big.NewRat(1, 2)), size + 3
	}
	return n, size
}

// A counter adds up the words of a number.
type counter struct {
	total, current int64
	begun, large   bool
	last           int64 // what the word before stood for
}

// take adds a word; false when the number doesn't go on with it.
func (c *counter) take(word string) bool {
	if by, ok := multiples[word]; ok {
		if !c.begun || c.total > 0 && by >= 1000 || c.current >= 1e6 {
			return false
		}
		c.current = max(c.current, 1) * by
		if by >= 1000 {
			c.total, c.current = c.total+c.current, 0
		}
		c.begun, c.large, c.last = true, true, by
		return true
	}
	n, ok := small[word]
	if !ok {
		n, ok = germanNumber(word)
		if !ok || c.begun {
			return false
		}
		c.current, c.begun, c.last = n, true, n
		return true
	}
	tens := c.begun && !isLarge(c.last) && c.last >= 20 && c.last < 100 && c.last%10 == 0 && n > 0 && n < 10
	if c.begun && !tens && !isLarge(c.last) || c.last == 12 && c.large {
		return false
	}
	c.current += n
	c.begun, c.last = true, n
	return true
}

func isLarge(n int64) bool { return n == 100 || n >= 1000 }
