package standard

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestTongues(t *testing.T) {
	for _, c := range []struct {
		dim                                  Dimension
		text                                 string
		english, german, written, gap, abgap string
	}{
		{turnaround, "24 h", "24 h", "24 h", "24 h", "24 h", "24 h"},
		{turnaround, "96 h", "96 h", "96 h", "96 h", "4 days", "4 Tage"},
		{turnaround, "100 h", "100 h", "100 h", "100 h", "100 h", "100 h"},
		{turnaround, "1 d", "1 day", "1 Tag", "1 Tag", "1 day", "1 Tag"},
		{turnaround, "1.5 d", "1.5 days", "1,5 Tage", "1.5 Tage", "1.5 days", "1,5 Tage"},
		{turnaround, "1/3 h", "1/3 h", "1/3 h", "1/3 h", "1/3 h", "1/3 h"},
		{setup, "1", "1 business day", "1 Arbeitstag", "1 Arbeitstag", "1 business day", "1 Arbeitstag"},
		{setup, "48", "48 business days", "48 Arbeitstage", "48 Arbeitstage", "48 business days", "48 Arbeitstage"},
		{volume, "5,000", "5,000 per month", "5.000 pro Monat", "5000 pro Monat", "5,000 per month", "5.000 pro Monat"},
		{weekly, "1234567", "1,234,567 per week", "1.234.567 pro Woche", "1234567 pro Woche", "1,234,567 per week", "1.234.567 pro Woche"},
		{price, "1234.5", "1,234.50 EUR", "1.234,50 EUR", "1234.5 EUR", "1,234.50 EUR", "1.234,50 EUR"},
		{watched, "20000", "20,000 names", "20.000 names", "20000 names", "20,000 names", "20.000 names"},
		{scope, "in-state, nationwide", "in-state, nationwide", "in-state, nationwide", "in-state, nationwide", "in-state, nationwide", "in-state, nationwide"},
	} {
		v, err := ParseValue(c.dim, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got := []string{v.String(), German.Say(v), German.Write(v), English.Gap(v), German.Gap(v)}
		for i, want := range []string{c.english, c.german, c.written, c.gap, c.abgap} {
			if got[i] != want {
				t.Errorf("%s is said as %q, want %q", c.text, got[i], want)
			}
		}
	}
	if got := German.Sum(1_234_567, "EUR"); got != "1.234.567 EUR" {
		t.Errorf("the sum is said as %q", got)
	}
	for tag, want := range map[string]*Tongue{"de": German, "de-AT": German, "DE-ch": German, "en": English, "den": English, "fr": English, "": English} {
		if TongueOf(tag) != want {
			t.Errorf("%q has another tongue", tag)
		}
	}
}

// TestWrittenReadsBack: what any tongue writes into a field means the same when the
// form comes back, whoever sends it.
func TestWrittenReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.SampledFrom(dimensions[:6]).Draw(t, "dimension")
		v := anyNumber(t, dim)
		if rapid.Bool().Draw(t, "thousandths") {
			v.Number = big.NewRat(rapid.Int64Range(1, 999_999_999).Draw(t, "thousandth"), 1000)
		}
		for _, tongue := range []*Tongue{English, German} {
			back, err := ParseValue(dim, tongue.Write(v))
			if err != nil || !back.Equal(v) {
				t.Fatalf("%q reads back as %q, %v", tongue.Write(v), back, err)
			}
		}
	})
}
