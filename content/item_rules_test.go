package content

import "testing"

// TestChoicesAboutChoices holds which choices speak of the others, in both
// tongues, and which only use the same words.
func TestChoicesAboutChoices(t *testing.T) {
	for want, choices := range map[string][]string{
		"their place": {
			"All of the above", "None of the following", "Both a and c",
			"Alle oben genannten", "Alle oben genannten Antworten", "Keine der oben stehenden.", "Alles oben Genannte",
			"Keine der folgenden Aussagen", "Sowohl A als auch C", "Weder b noch d",
		},
		"all of them": {"All of these", "Alles davon", "Keine davon!", "Nichts davon", "Keine der genannten Antworten"},
		"nothing": {
			"All of the registers", "Both of their managers",
			"Der Rabatt gilt für alle folgenden Bestellungen", "Alle oben im Regal liegenden Akten", "Keine der Registerstellen",
			"Alles davon, was der Kunde unterschrieben hat", "Beide Seiten unterschreiben",
		},
	} {
		for _, choice := range choices {
			got := "nothing"
			switch {
			case pointsAtPlace.MatchString(choice):
				got = "their place"
			case pointsAtAll.MatchString(choice):
				got = "all of them"
			}
			if got != want {
				t.Errorf("%q speaks of %s, want %s", choice, got, want)
			}
		}
	}
}
