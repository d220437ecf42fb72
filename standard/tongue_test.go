package standard

import (
	"errors"
	"math/big"
	"strings"
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

// TestWayOfWriting types figures into fields of both languages' pages: a unit in the
// words of one language says how its number is written, else the page does. What reads
// as two numbers is refused with both; "" is where that is all there is to say.
func TestWayOfWriting(t *testing.T) {
	const two, other = "reads as two numbers", "write the decimals as in"
	for _, c := range []struct {
		dim             Dimension
		text            string
		english, german string // said in English, or what the error says
	}{
		{volume, "5000", "5,000 per month", "5,000 per month"},
		{volume, "5,000", "5,000 per month", two},
		{volume, "5.000", two, "5,000 per month"},
		{volume, "5 000", "5,000 per month", "5,000 per month"},
		{volume, "5'000", "5,000 per month", "5,000 per month"},
		{volume, "5,000 per month", "5,000 per month", "5,000 per month"},
		{volume, "5,000/month", "5,000 per month", "5,000 per month"},
		{volume, "5.000 per month", two, two},
		{volume, "5.000 pro Monat", "5,000 per month", "5,000 per month"},
		{volume, "5.000/Monat", "5,000 per month", "5,000 per month"},
		{volume, "1.500 im Monat", "1,500 per month", "1,500 per month"},
		{volume, "5,000 pro Monat", two, two},
		{volume, "1.500.000", "1,500,000 per month", "1,500,000 per month"},
		{volume, "1,500,000", "1,500,000 per month", "1,500,000 per month"},
		{volume, "1.500,5 pro Monat", "1,500.5 per month", "1,500.5 per month"},
		{volume, "1,500.5 pro Monat", "1,500.5 per month", "1,500.5 per month"},
		{volume, "1.500 Stück", "not a unit", "not a unit"}, // of a month, or of all?
		{turnaround, "1.5", "1.5 h", "1.5 h"},
		{turnaround, "1,5", other, "1.5 h"},
		{turnaround, "1,5 h", other, "1.5 h"},
		{turnaround, "1,5 hours", other, other},
		{turnaround, "1,5 Stunden", "1.5 h", "1.5 h"},
		{turnaround, "1.5 Stunden", "1.5 h", "1.5 h"},
		{turnaround, "1.500 Stunden", "1,500 h", "1,500 h"},
		{turnaround, "1.500 h", two, "1,500 h"},
		{turnaround, "1,500 h", "1,500 h", two},
		{turnaround, "1,500 Stunden", two, two},
		{turnaround, "0,125 h", other, "0.125 h"},
		{turnaround, "0.125 h", "0.125 h", "0.125 h"},
		{setup, "2,5 Arbeitstage", "2.5 business days", "2.5 business days"},
		{setup, "2,5 bd", other, "2.5 business days"},
		{price, "1.234,50 EUR", "1,234.50 EUR", "1,234.50 EUR"},
		{price, "EUR 19,50", other, "19.50 EUR"},
		{price, "19.50 EUR", "19.50 EUR", "19.50 EUR"},
		{watched, "20.000 names", two, "20,000 names"},
		{watched, "20,000 names", "20,000 names", two},
		{watched, "1 name", "1 names", "1 names"},
		{watched, "20.000 Namen", two, "20,000 names"},
		{watched, "20000 Namen", "20,000 names", "20,000 names"},
		{watched, "20.000 Namen im Monat", "not a unit", "not a unit"},
		{stuecke, "1.500 Stück", two, "1,500 stueck"},
		{stuecke, "1500 STÜCK", "1,500 stueck", "1,500 stueck"},
		{volume, "1.50.000", "not a number", "not a number"},
		{volume, "1,5000 pro Monat", "1.5 per month", "1.5 per month"},
	} {
		for tongue, want := range map[*Tongue]string{English: c.english, German: c.german} {
			v, err := tongue.Parse(c.dim, c.text)
			if got := v.String(); err == nil && got != want || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%q in the tongue with %q reads %q, %v; want %q", c.text, tongue.signs.decimal, got, err, want)
			}
		}
	}
	for text, want := range map[string]string{"1.500": "1500 1.5", "1.250": "1250 1.25", "1.234": "1234 1.2340", "1.000": "1000 1"} {
		var number *NumberError
		if _, err := English.Parse(volume, text); !errors.As(err, &number) || strings.Join(number.Write, " ") != want {
			t.Errorf("%q: %v; want it to be written %s", text, err, want)
		}
	}
}

// TestTonguesNeverDiffer holds that no text is one figure in one tongue and another
// one in the other: a colleague who opens an address reads the same, or is asked to
// write it otherwise. What one of them writes or says, it reads back.
func TestTonguesNeverDiffer(t *testing.T) {
	units := []string{"", " h", " hours", " Stunden", " per month", " pro Monat", "/Monat", " names", " EUR", " Tage", " bd"}
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.SampledFrom(dimensions[:6]).Draw(t, "dimension")
		text := rapid.StringMatching(`[0-9]{1,4}([.,][0-9]{1,4}){0,3}`).Draw(t, "number") + rapid.SampledFrom(units).Draw(t, "unit")
		english, err1 := English.Parse(dim, text)
		german, err2 := German.Parse(dim, text)
		if err1 == nil && err2 == nil && !english.Equal(german) {
			t.Fatalf("%q is %s in English and %s in German", text, english, german)
		}
		v := anyNumber(t, dim)
		for _, tongue := range []*Tongue{English, German} {
			back, err := tongue.Parse(dim, tongue.Say(v))
			var number *NumberError
			if err == nil && !back.Equal(v) || err != nil && !errors.As(err, &number) {
				t.Fatalf("%q reads back as %q, %v", tongue.Say(v), back, err)
			}
		}
	})
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
			for _, reader := range []*Tongue{English, German} {
				back, err := reader.Parse(dim, tongue.Write(v))
				if err != nil || !back.Equal(v) {
					t.Fatalf("%q reads back as %q, %v", tongue.Write(v), back, err)
				}
			}
		}
	})
}
