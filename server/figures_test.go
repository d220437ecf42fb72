package server_test

import (
	"net/http"
	"strings"
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

// TestFiguresAsTheyAreWritten types figures in the ways of both languages into the pages
// of both: what is read is shown as it was understood, and what could be another number
// is refused with how to write it, before anything is answered.
func TestFiguresAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	site := newRig(t)
	english, german := site.as("rep2@demo.test"), site.as("rep3@demo.test").with("Accept-Language", "de-AT,de;q=0.9")
	for _, c := range []struct{ query, english, german string }{
		{"volume=5.000+pro+Monat", "Volume 5,000 per month", "Volume 5.000 pro Monat"},
		{"volume=5,000+per+month", "Volume 5,000 per month", "Volume 5.000 pro Monat"},
		{"volume=1.500", "“1.500” can be read as two numbers. Write 1500 or 1.5.", "Volume 1.500 pro Monat"},
		{"volume=1,500", "Volume 1,500 per month", "„1,500“ lässt sich als zwei Zahlen lesen. Schreib 1500 oder 1,5."},
		{"volume=1,500+pro+Monat", "“1,500” can be read as two numbers", "„1,500“ lässt sich als zwei Zahlen lesen"},
		{"volume=1.500+per+month", "“1.500” can be read as two numbers", "„1.500“ lässt sich als zwei Zahlen lesen"},
		{"turnaround=1,5", "“1,5” is no number here. Write 1.5", "Turnaround 1,5 h"},
		{"turnaround=1,5+Tage", "Turnaround 1.5 days", "Turnaround 1,5 Tage"},
		{"names=20.000+Namen", "“20.000” can be read as two numbers. Write 20000 or 20.", "Names watched 20.000 names"},
		{"volume=1.500+Stück", "Volume: begin with a number", "Volume: fang mit einer Zahl an"},
	} {
		english.get("/can-sell?" + c.query).says(c.english)
		german.get("/can-sell?" + c.query).says(c.german)
		if !strings.Contains(c.english, "“") {
			continue
		}
		english.get("/can-sell?" + c.query).want(http.StatusUnprocessableEntity).silent("nside the box")
		english.get("/requests/new?" + c.query).silent("nside the box")
	}
	if field := german.get("/can-sell?volume=1.500").all("input[name=volume]"); len(field) != 1 || attr(field[0], "value") != "1500 pro Monat" {
		t.Errorf("what the page's language alone says stands in the field as %v, want what all languages read", field)
	}
	english.get("/requests/new?volume=1.500").says("“1.500” can be read as two numbers. Write 1500 or 1.5.")
	if title := german.get("/requests/new?volume=5.000").all("input[name=title]"); len(title) != 1 || attr(title[0], "value") != "Volume 5.000 pro Monat" {
		t.Errorf("the request is called %v, want what was understood", title)
	}
}
