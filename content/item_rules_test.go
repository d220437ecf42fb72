package content

import "testing"

// TestChoicesAboutChoices holds which choices speak of the others, in both
// tongues, and which only use the same words.
func TestChoicesAboutChoices(t *testing.T) {
	for choice, want := range map[string]string{
		"All of the above":              "place",
		"None of the following":         "place",
		"Both a and c":                  "place",
		"All of these":                  "all",
		"All of the registers":          "",
		"Both of their managers":        "",
		"Alle oben genannten":           "place",
		"Alle oben genannten Antworten": "place",
		"Keine der oben stehenden.":     "place",
		"Alles oben Genannte":           "place",
		"Keine der folgenden Aussagen":  "place",
		"Sowohl A als auch C":           "place",
		"Weder b noch d":                "place",
		"Alles davon":                   "all",
		"Keine davon!":                  "all",
		"Nichts davon":                  "all",
		"Keine der genannten Antworten": "all",
		"Der Rabatt gilt für alle folgenden Bestellungen": "",
		"Alle oben im Regal liegenden Akten":              "",
		"Keine der Registerstellen":                       "",
		"Alles davon, was der Kunde unterschrieben hat":   "",
		"Beide Seiten unterschreiben":                     "",
	} {
		got := ""
		switch {
		case pointsAtPlace.MatchString(choice):
			got = "place"
		case pointsAtAll.MatchString(choice):
			got = "all"
		}
		if got != want {
			t.Errorf("%q speaks of the other choices: %q, want %q", choice, got, want)
		}
	}
}
