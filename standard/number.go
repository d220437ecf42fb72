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
	plain     = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)
	grouped   = regexp.MustCompile(`^\d{1,3}((,\d{3}){1,3}|( \d{3}){1,3})(\.\d{1,6})?$`)
	fraction  = regexp.MustCompile(`^\d{1,12}/0*[1-9]\d{0,8}$`)
	ambiguous = regexp.MustCompile(`^[1-9]\d{0,2}\.\d{3}$`)
	decimal   = regexp.MustCompile(`^\d+,\d+$`)
	leading   = regexp.MustCompile(`^\d([\d.,]| \d|/\d)*`)
)

// splitNumber cuts text after the number with which it begins.
func splitNumber(text string) (number, rest string) {
	number = leading.FindString(text)
	return number, text[len(number):]
}

// parseNumber reads a number exactly.
func parseNumber(text string) (*big.Rat, error) {
	switch {
	case text == "":
		return nil, errors.New("there is no number")
	case ambiguous.MatchString(text):
		whole, part, _ := strings.Cut(text, ".")
		return nil, fmt.Errorf("%q reads as two numbers; write %s,%s for the large one, or %s.%s0 for the small one", text, whole, part, whole, part)
	case plain.MatchString(text), grouped.MatchString(text), fraction.MatchString(text):
		n, ok := new(big.Rat).SetString(strings.NewReplacer(",", "", " ", "").Replace(text))
		if ok {
			return n, nil
		}
	case decimal.MatchString(text):
		return nil, fmt.Errorf("%q is not a number; write the decimals behind a point, %s, and thousands as 5,000", text, strings.Replace(text, ",", ".", 1))
	}
	return nil, fmt.Errorf("%q is not a number; write up to twelve digits as in 24, 5,000 or 1.5", text)
}
