package standard

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Numbers as people write them in a box. Twelve digits are more than any
// promise holds, and keep hostile input small.
var (
	plain    = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)
	fraction = regexp.MustCompile(`^\d{1,12}/0*[1-9]\d{0,8}$`)
	leading  = regexp.MustCompile(`^\d([\d.,]| \d|/\d|['’]\d)*`)

	englishSigns = signsOf(",", ".")
	germanSigns  = signsOf(".", ",")
)

// numberSigns are how a language writes numbers.
type numberSigns struct {
	thousands, decimal string
	grouped            *regexp.Regexp // 5,000
	spaced             *regexp.Regexp // 5 000
	decimals           *regexp.Regexp // 1.5
	doubtful           *regexp.Regexp // 1.500, which is grouped in the other language
}

func signsOf(thousands, decimal string) *numberSigns {
	t, d := regexp.QuoteMeta(thousands), regexp.QuoteMeta(decimal)
	return &numberSigns{
		thousands: thousands, decimal: decimal,
		grouped:  regexp.MustCompile(`^[1-9]\d{0,2}(` + t + `\d{3}){1,3}(` + d + `\d{1,6})?$`),
		spaced:   regexp.MustCompile(`^[1-9]\d{0,2}([ '’]\d{3}){1,3}(` + d + `\d{1,6})?$`),
		decimals: regexp.MustCompile(`^\d{1,12}` + d + `\d{1,6}$`),
		doubtful: regexp.MustCompile(`^[1-9]\d{0,2}` + d + `\d{3}$`),
	}
}

// rat is a number that is written with the signs.
func (s *numberSigns) rat(text string) (*big.Rat, error) {
	n, ok := new(big.Rat).SetString(strings.NewReplacer(s.thousands, "", " ", "", "'", "", "’", "", s.decimal, ".").Replace(text))
	if !ok {
		return nil, fmt.Errorf("%q is not a number", text)
	}
	return n, nil
}

// A NumberError is a number that is not read, with how to write what may be meant.
type NumberError struct {
	Text  string
	Write []string // one, or two where it reads as two numbers, the large one first
}

func (e *NumberError) Error() string {
	if len(e.Write) == 2 {
		return fmt.Sprintf("%q reads as two numbers; write %s for the large one, or %s for the small one", e.Text, e.Write[0], e.Write[1])
	}
	return fmt.Sprintf("%q is not a number; write the decimals as in %s, and thousands as in 5000", e.Text, e.Write[0])
}

// splitNumber cuts text after the number with which it begins.
func splitNumber(text string) (number, rest string) {
	number = leading.FindString(text)
	return number, text[len(number):]
}

// parse reads a number exactly, as the tongue writes it. What can only be meant in the
// other one is read as well: "1.500,50", and in German "1.5", which fields are filled
// with. Not so what both read, as two numbers; and a comma before English decimals,
// which may be a slip in 5,000.
func (t *Tongue) parse(text string) (*big.Rat, error) {
	mine, theirs := t.signs, englishSigns
	if mine == englishSigns {
		theirs = germanSigns
	}
	switch {
	case text == "":
		return nil, errors.New("there is no number")
	case mine.doubtful.MatchString(text):
		return nil, &NumberError{text, bothWays(text, mine)}
	case mine.grouped.MatchString(text), mine.spaced.MatchString(text):
		return mine.rat(text)
	case plain.MatchString(text), fraction.MatchString(text):
		return englishSigns.rat(text)
	case mine.decimals.MatchString(text):
		return mine.rat(text)
	case theirs.grouped.MatchString(text):
		return theirs.rat(text)
	case theirs.decimals.MatchString(text):
		return nil, &NumberError{text, []string{strings.Replace(text, theirs.decimal, mine.decimal, 1)}}
	}
	return nil, fmt.Errorf("%q is not a number; write up to twelve digits as in 24, 5000 or 1%s5", text, mine.decimal)
}

// bothWays writes a number that reads in two ways so that it reads in one: 1500, or 1.5.
func bothWays(text string, s *numberSigns) []string {
	whole, part, _ := strings.Cut(text, s.decimal)
	small := strings.TrimRight(part, "0")
	if small == part {
		small += "0"
	}
	return []string{whole + part, strings.TrimSuffix(whole+s.decimal+small, s.decimal)}
}
