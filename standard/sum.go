package standard

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// MaxSum is the largest sum that a request may be worth.
const MaxSum = 1_000_000_000_000

// Currency is the currency in which a standard states its prices: the unit of the
// first dimension that is money. It is empty where none is.
func Currency(dims []Dimension) string {
	for _, d := range dims {
		if currency.MatchString(d.Unit) {
			return d.Unit
		}
	}
	return ""
}

// ParseSum reads a sum of money in whole units of a currency, as people write it:
// "40,000", "40.000", "40 000 EUR", "EUR 40k", "1.5m". Decimals are rounded to the
// nearest unit, halves up. It is an error when the text holds anything else, such
// as another currency. An empty text is 0.
func ParseSum(text, unit string) (int64, error) {
	if len(text) > maxText {
		return 0, fmt.Errorf("the sum is longer than %d bytes", maxText)
	}
	text = squeeze(text)
	if text == "" {
		return 0, nil
	}
	number, rest := splitNumber(withoutPrefix(text, unit))
	number = strings.TrimRight(number, ".,")
	tongue := English
	if englishSigns.doubtful.MatchString(number) { // nobody writes the thousandths of a unit
		tongue = German
	}
	n, err := tongue.parse(number)
	if err != nil {
		return 0, err
	}
	rest = strings.TrimSpace(rest)
	short, after, _ := strings.Cut(rest, " ")
	switch strings.ToLower(short) {
	case "k":
		n, rest = n.Mul(n, big.NewRat(1000, 1)), after
	case "m":
		n, rest = n.Mul(n, big.NewRat(1_000_000, 1)), after
	}
	if rest != "" && !strings.EqualFold(rest, unit) && (rest != "€" || unit != "EUR") {
		return 0, fmt.Errorf("%q is not a sum in %s; write it as in 40,000", text, unit)
	}
	whole := new(big.Int).Quo(new(big.Int).Add(new(big.Int).Lsh(n.Num(), 1), n.Denom()), new(big.Int).Lsh(n.Denom(), 1))
	if !whole.IsInt64() || whole.Int64() > MaxSum {
		return 0, errors.New("the sum is too large")
	}
	return whole.Int64(), nil
}
