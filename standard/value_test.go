package standard

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	turnaround = Dimension{Name: "turnaround", Kind: NoMoreThan, Unit: "h"}
	setup      = Dimension{Name: "setup", Kind: NoMoreThan, Unit: "bd"}
	volume     = Dimension{Name: "volume", Kind: NoLessThan, Unit: "per month"}
	weekly     = Dimension{Name: "weekly", Kind: NoLessThan, Unit: "per week"}
	price      = Dimension{Name: "price", Kind: NoMoreThan, Unit: "EUR"}
	watched    = Dimension{Name: "watched", Kind: NoLessThan, Unit: "names", Words: Words{Phrases: []string{"Namen"}}}
	stuecke    = Dimension{Name: "stuecke", Kind: NoLessThan, Unit: "stueck"}
	scope      = Dimension{Name: "scope", Kind: AllOf, Values: []string{"in-state", "nationwide", "international"}}
	dimensions = []Dimension{turnaround, setup, volume, weekly, price, watched, scope}
)

func TestParseValue(t *testing.T) {
	for _, c := range []struct {
		dim            Dimension
		text, str, key string
	}{
		{turnaround, "24h", "24 h", "24h"},
		{turnaround, " 24  h ", "24 h", "24h"},
		{turnaround, "24", "24 h", "24h"},
		{turnaround, "24 Hours", "24 h", "24h"},
		{turnaround, "1 d", "1 day", "24h"},
		{turnaround, "2 days", "2 days", "48h"},
		{turnaround, "90 min", "90 min", "3/2h"},
		{turnaround, "1.5h", "1.5 h", "3/2h"},
		{turnaround, "1/3 h", "1/3 h", "1/3h"},
		{turnaround, "3 bd", "3 business days", "3bd"},
		{setup, "5 bd", "5 business days", "5bd"},
		{setup, "5", "5 business days", "5bd"},
		{setup, "1 business day", "1 business day", "1bd"},
		{setup, "0.5 working days", "0.5 business days", "1/2bd"},
		{volume, "5000 per month", "5,000 per month", "5000/month"},
		{volume, "5,000 per month", "5,000 per month", "5000/month"},
		{volume, "5 000 a month", "5,000 per month", "5000/month"},
		{volume, "5000/month", "5,000 per month", "5000/month"},
		{volume, "1,234,567", "1,234,567 per month", "1234567/month"},
		{weekly, "700 per week", "700 per week", "100/day"},
		{weekly, "100 a day", "100 per day", "100/day"},
		{price, "400 EUR", "400 EUR", "400EUR"},
		{price, "EUR 400", "400 EUR", "400EUR"},
		{price, "€ 19.5", "19.50 EUR", "39/2EUR"},
		{price, "400 eur", "400 EUR", "400EUR"},
		{price, "0", "0 EUR", "0EUR"},
		{watched, "20,000 names", "20,000 names", "20000names"},
		{scope, "nationwide, in-state", "in-state, nationwide", "{in-state,nationwide}"},
		{scope, "In State", "in-state", "{in-state}"},
	} {
		v, err := ParseValue(c.dim, c.text)
		if err != nil {
			t.Errorf("%s %q: %v", c.dim.Name, c.text, err)
		} else if v.String() != c.str || v.Key() != c.key {
			t.Errorf("%s %q: reads %q with key %q, want %q with %q", c.dim.Name, c.text, v, v.Key(), c.str, c.key)
		}
	}
}

func TestParseValueErrorsTeach(t *testing.T) {
	for _, c := range []struct {
		dim        Dimension
		text, want string
	}{
		{turnaround, "", "does not begin with a number"},
		{turnaround, "soon", `"24 h"`},
		{turnaround, "-4h", "does not begin with a number"},
		{turnaround, "24 huors", `did you mean "hours"?`},
		{turnaround, "2 weeks", "write it in d"},
		{turnaround, "3 m", "min"},
		{turnaround, "400 EUR", "min, h, d or bd"},
		{turnaround, "1,5 h", "1.5"},
		{turnaround, "1.250 h", "write 1250 for the large one, or 1.25"},
		{turnaround, "1.500 h", "write 1500 for the large one, or 1.5"},
		{turnaround, "0,125 h", "0.125"},
		{turnaround, "24h 30min", "not a unit"},
		{turnaround, "1/0 h", "not a number"},
		{turnaround, "1234567890123", "twelve digits"},
		{volume, "5000 per week", "does not convert exactly"},
		{volume, "5000 per year", `"per month"`},
		{volume, "5,00 per month", "5.00"},
		{weekly, "700 per month", "per day or per week"},
		{price, "400 USD", "EUR"},
		{price, "400 $", "EUR"},
		{watched, "20 seats", "names"},
		{scope, "", "in-state, nationwide, international"},
		{scope, "natonwide", `did you mean "nationwide"?`},
		{scope, "moon", "choose from in-state"},
		{scope, "in-state, in-state", "twice"},
		{scope, strings.Repeat("x", 2000), "longer"},
	} {
		v, err := ParseValue(c.dim, c.text)
		if err == nil {
			t.Errorf("%s %q was read as %q", c.dim.Name, c.text, v)
		} else if !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), c.dim.Name) {
			t.Errorf("%s %q: error %q, want one that names the dimension and says %q", c.dim.Name, c.text, err, c.want)
		}
	}
	if _, err := ParseSet(turnaround, []string{"in-state"}); err == nil {
		t.Error("a number's dimension took a list")
	}
}

func TestConversion(t *testing.T) {
	for _, c := range []struct {
		n        int64
		from, to string
		want     string
	}{
		{2, "d", "h", "48 h"}, {36, "h", "d", "1.5 days"}, {90, "min", "h", "1.5 h"}, {700, "per week", "per day", "100 per day"}, {3, "per day", "per week", "21 per week"},
	} {
		v, err := Value{Number: big.NewRat(c.n, 1), Unit: c.from}.In(c.to)
		if err != nil || v.String() != c.want {
			t.Errorf("%d %s in %s is %q, %v; want %q", c.n, c.from, c.to, v, err, c.want)
		}
	}
	for _, pair := range [][2]string{{"bd", "h"}, {"per month", "per week"}, {"EUR", "USD"}, {"h", "per day"}} {
		if _, err := (Value{Number: big.NewRat(1, 1), Unit: pair[0]}).In(pair[1]); !errors.Is(err, ErrInexact) {
			t.Errorf("%s in %s: error %v, want ErrInexact", pair[0], pair[1], err)
		}
	}
}

// numbers are what a box may hold; units are those of one dimension.
func anyNumber(t *rapid.T, dim Dimension) Value {
	units := map[string][]string{"h": {"min", "h", "d", "bd"}, "bd": {"min", "h", "d", "bd"}, "per week": {"per day", "per week"}}[dim.Unit]
	if units == nil {
		units = []string{dim.Unit}
	}
	n := big.NewRat(rapid.Int64Range(0, 999_999_999).Draw(t, "num"), rapid.Int64Range(1, 1000).Draw(t, "den"))
	return Value{Number: n, Unit: rapid.SampledFrom(units).Draw(t, "unit")}
}

func TestKeysReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.SampledFrom(dimensions[:6]).Draw(t, "dimension")
		v := anyNumber(t, dim)
		back, err := ParseValue(dim, v.Key())
		if err != nil || !back.Equal(v) {
			t.Fatalf("key %q reads back as %q, %v", v.Key(), back.Key(), err)
		}
	})
}

func TestConversionLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyNumber(t, turnaround)
		for _, unit := range []string{"min", "h", "d"} {
			w, err := v.In(unit)
			if v.Unit == "bd" {
				if err == nil {
					t.Fatalf("%s became %s without a calendar", v, w)
				}
				continue
			}
			back, err2 := w.In(v.Unit)
			if err != nil || err2 != nil || back.Number.Cmp(v.Number) != 0 || !w.Equal(v) {
				t.Fatalf("%s in %s is %s, and back %s (%v, %v)", v, unit, w, back, err, err2)
			}
		}
	})
}

func FuzzParseValue(f *testing.F) {
	for _, text := range []string{"24h", "5,000 per month", "EUR 19.50", "1/3 d", "in-state, nationwide", "1.250", "٣ h", "9/0", "24 h", "€"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, dim := range dimensions {
			v, err := ParseValue(dim, text)
			if err != nil {
				continue
			}
			key := strings.Trim(v.Key(), "{}")
			if back, err := ParseValue(dim, key); err != nil || !back.Equal(v) {
				t.Errorf("%s %q has key %q, which reads back as %q, %v", dim.Name, text, key, back, err)
			}
			if err := v.check(dim); err != nil || v.String() == "" {
				t.Errorf("%s %q was read as %q, which %v", dim.Name, text, v, err)
			}
		}
	})
}
