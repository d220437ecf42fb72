package server_test

import (
	"net/http"
	"testing"
)

// TestFiguresInTheVisitorsLanguage: the same need is answered with the figures that
// one's own language has, what the form holds then asks the same again, and a link
// that a colleague sends is the same need in either language.
func TestFiguresInTheVisitorsLanguage(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	const need = "/can-sell?turnaround=2+days&volume=6500+per+month&scope=nationwide&setup=1+bd"
	english, german := site.as("rep2@demo.test"), site.as("rep3@demo.test").with("Accept-Language", "de-AT,de;q=0.9")
	english.get(need).says("6,500 per month", "5,000 per month", "1 business day", "2 days")
	german.get(need).says("6.500 pro Monat", "5.000 pro Monat", "1 Arbeitstag", "2 Tage").
		silent("6,500", "business day")
	if kept := german.get("/can-sell?volume=6,500+per+month&turnaround=2d").all("input[name=volume]"); len(kept) != 1 || attr(kept[0], "value") != "6500 pro Monat" {
		t.Errorf("what is kept stands in the field as %v, want 6500 pro Monat", kept)
	}
	sentence := german.get("/can-sell?q=6500+records+searches+a+month+within+3+business+days").want(http.StatusOK)
	for name, want := range map[string]string{"volume": "6500 pro Monat", "turnaround": "3 Arbeitstage"} {
		fields := sentence.all("input[name=" + name + "]")
		if len(fields) != 1 || attr(fields[0], "value") != want {
			t.Errorf("the field %s holds %v, want %q", name, fields, want)
		}
	}
	english.get("/can-sell?turnaround=3+Arbeitstage&volume=6500+pro+Monat").says("3 business days", "6,500 per month")
}
