package standard

import (
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The catalogues in which the phrasings are read.
var catalogues = map[string][]Dimension{
	"records": {
		{Name: "turnaround", Kind: NoMoreThan, Unit: "h", Label: "Turnaround", Words: Words{Phrases: []string{"results", "report", "back", "TAT", "Ergebnisse", "Bearbeitungszeit"}}},
		{Name: "scope", Kind: AllOf, Values: []string{"in-state", "nationwide", "listed-countries", "international"}, Names: map[string]string{"listed-countries": "listed countries"}, Label: "Scope", Words: Words{Values: map[string]string{
			"all states": "nationwide", "every state": "nationwide", "out of state": "nationwide", "bundesweit": "nationwide", "nationally": "nationwide", "internationally": "international",
			"abroad": "international", "intl": "international", "overseas": "international", "worldwide": "international", "weltweit": "international",
		}}},
		{Name: "volume", Kind: NoLessThan, Unit: "per month", Label: "Volume", Words: Words{Phrases: []string{"busiest month", "peak"}}},
		{Name: "notice", Kind: NoMoreThan, Unit: "h", Label: "Notice of a change", Words: Words{Phrases: []string{"alert", "notified", "hear of a change", "Meldung"}}},
		{Name: "names", Kind: NoLessThan, Unit: "names", Label: "Names watched", Words: Words{Phrases: []string{"watch", "monitor", "überwachen", "Namen"}}},
		{Name: "customisation", Kind: AllOf, Values: []string{"logo", "report-columns", "api", "own-portal"}, Names: map[string]string{"report-columns": "report columns", "api": "API", "own-portal": "own portal"}, Label: "Customisation", Words: Words{Values: map[string]string{
			"portal": "own-portal", "Schnittstelle": "api", "columns": "report-columns",
		}}},
		{Name: "setup", Kind: NoMoreThan, Unit: "bd", Label: "Time to set up", Words: Words{Phrases: []string{"onboarding", "onboarded", "be live", "go live", "first order", "Einrichtung"}}},
	},
	"freight": {
		{Name: "delivery", Kind: NoMoreThan, Unit: "d", Label: "Delivery time", Words: Words{Phrases: []string{"transit", "door to door"}}},
		{Name: "pallets", Kind: NoLessThan, Unit: "pallets", Label: "Pallets at once"},
		{Name: "pickups", Kind: NoLessThan, Unit: "per week", Label: "Pick-ups"},
		{Name: "price", Kind: NoMoreThan, Unit: "EUR", Label: "Price", Words: Words{Phrases: []string{"budget", "Preis"}}},
		{Name: "handling", Kind: AllOf, Values: []string{"tail-lift", "hazardous-goods", "temperature-controlled"}, Label: "Handling", Words: Words{Values: map[string]string{
			"ADR": "hazardous-goods", "reefer": "temperature-controlled", "chilled": "temperature-controlled",
		}}},
	},
	"auskunft": germanDims,
}

// germanDims are those of a library in German.
var germanDims = []Dimension{
	{Name: "turnaround", Kind: NoMoreThan, Unit: "h", Label: "Bearbeitungszeit"},
	{Name: "scope", Kind: AllOf, Values: []string{"bundesweit", "ausland"}, Names: map[string]string{"ausland": "Ausland"}, Label: "Gebiet"},
	{Name: "volume", Kind: NoLessThan, Unit: "per month", Label: "Menge"},
}

// offered are the offerings of the catalogues: id, title, what they say something of,
// and their tiers.
var offered = map[string][]*Offering{
	"records": {
		called(offering("certified-copies", "Certified copies", "turnaround scope volume customisation setup", "in-state", "nationwide"), "cert copies", "beglaubigte Kopien"),
		offering("employment-checks", "Employment checks", "turnaround scope volume setup", "national", "listed-countries"),
		extending(offering("express-desk", "Express desk", "turnaround scope volume", "express"), "records-search"),
		extending(offering("own-portal", "Own portal", "customisation setup"), "records-search", "employment-checks"),
		offering("records-search", "Records search", "turnaround scope volume customisation setup", "in-state", "nationwide"),
		offering("watch-alerts", "Watch alerts", "notice scope names customisation setup", "watch"),
	},
	"freight": {
		offering("groupage", "Groupage", "delivery pallets pickups price handling", "standard", "express"),
		offering("full-truck", "Full truck", "delivery price handling", "day"),
		offering("full-truck-express", "Full truck express", "delivery price", "one-day"),
		offering("chilled-line", "Chilled line", "delivery pallets", "standard"),
		offering("express-24", "Express 24", "delivery", "now"),
		offering("night-line-a", "Night line", "delivery"),
		offering("night-line-b", "Night line", "delivery"),
		extending(offering("tail-lift", "Tail-lift", "handling"), "groupage"),
	},
	"auskunft": {
		offering("certified-copies", "Beglaubigte Kopien", "turnaround scope"),
		offering("fuehrungszeugnis", "Führungszeugnis", "turnaround"),
		offering("registerauskunft", "Registerauskunft", "turnaround scope volume"),
		offering("register-abroad", "Registerauskunft Ausland", "turnaround"),
		extending(offering("eilauskunft", "Eilauskunft", "turnaround", "eil"), "registerauskunft"),
		offering("abfrage", "Abfrage", "scope"),
		offering("resume", "Résumé-Prüfung", "turnaround"),
	},
}

// offering makes an offering of words; what its figures are is of no matter to a reader.
func offering(id, title, states string, tiers ...string) *Offering {
	o := &Offering{ID: id, Title: title, Common: Figures{}}
	for dim := range strings.FieldsSeq(states) {
		o.Common[dim] = Figure{}
	}
	for _, t := range tiers {
		o.Tiers = append(o.Tiers, Tier{Name: t})
	}
	return o
}

func called(o *Offering, words ...string) *Offering {
	o.Words = words
	return o
}

func extending(o *Offering, bases ...string) *Offering {
	o.Extends = bases
	return o
}

// lexicons are those of the catalogues.
var lexicons = sync.OnceValue(func() map[string]*Lexicon {
	all := map[string]*Lexicon{}
	for name, dims := range catalogues {
		all[name] = NewLexicon(dims, offered[name])
	}
	return all
})

// A phrasing is a line of testdata/phrasings.txt.
type phrasing struct {
	catalogue, text, need, unread string
	line                          int
}

func phrasings(t testing.TB) (list []phrasing) {
	t.Helper()
	raw, err := os.ReadFile("testdata/phrasings.txt")
	if err != nil {
		t.Fatal(err)
	}
	catalogue := ""
	for i, line := range strings.Split(string(raw), "\n") {
		name, heading := strings.CutPrefix(line, "== ")
		switch parts := strings.SplitN(line+" ", " =>", 3); {
		case heading:
			catalogue = name
		case line == "" || strings.HasPrefix(line, "#"):
		case len(parts) != 3 || catalogues[catalogue] == nil:
			t.Fatalf("phrasings.txt:%d: want a phrase, a need and what is unread, with \" => \" between them: %s", i+1, line)
		default:
			list = append(list, phrasing{catalogue, parts[0], strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2]), i + 1})
		}
	}
	return list
}

// expected is the need of a phrasing, written as it is compared.
func (p phrasing) expected(t testing.TB) []string {
	t.Helper()
	need, only := Need{}, []string(nil)
	dims := catalogues[p.catalogue]
	for part := range strings.SplitSeq(p.need, ";") {
		name, value, asked := strings.Cut(strings.TrimSpace(part), "=")
		if !asked {
			continue
		}
		if name == "only" {
			only = strings.Split(value, ", ")
			continue
		}
		i := slices.IndexFunc(dims, func(d Dimension) bool { return d.Name == name })
		if i < 0 {
			t.Fatalf("phrasings.txt:%d: no dimension %q", p.line, name)
		}
		v, err := ParseValue(dims[i], value)
		if err != nil {
			t.Fatalf("phrasings.txt:%d: %v", p.line, err)
		}
		need[name] = v
	}
	return said(need, only...)
}

// said writes a need for comparing: one line for a number, one for each value of
// a set, one for each offering.
func said(need Need, only ...string) (list []string) {
	for _, id := range only {
		list = append(list, "only="+id)
	}
	for _, name := range slices.Sorted(maps.Keys(need)) {
		v := need[name]
		if v.Number != nil {
			list = append(list, name+"="+v.String())
		}
		for _, one := range v.Set {
			list = append(list, name+"="+one)
		}
	}
	return list
}

// TestPhrasings reads what reps type. A value that is read and not asked for is a
// failure by itself; of those that are asked for, some may stay unread, visibly.
func TestPhrasings(t *testing.T) {
	all := phrasings(t)
	right, read, wanted, offerings := 0, 0, 0, 0
	for _, p := range all {
		got, want := lexicons()[p.catalogue].Read(p.text), p.expected(t)
		have := said(got.Need, got.Only...)
		offerings += len(got.Only)
		read, wanted = read+len(have), wanted+len(want)
		var wrong, missing []string
		for _, one := range have {
			if slices.Contains(want, one) {
				right++
			} else {
				wrong = append(wrong, one)
			}
		}
		for _, one := range want {
			if !slices.Contains(have, one) {
				missing = append(missing, one)
			}
		}
		if len(wrong) > 0 {
			t.Errorf("phrasings.txt:%d: %q reads %q, which it does not ask for; unread %q", p.line, p.text, wrong, got.Unread)
		}
		if len(missing) > 0 {
			t.Logf("phrasings.txt:%d: %q: %q is not read; unread %q", p.line, p.text, missing, got.Unread)
		}
		if got.Unread != p.unread {
			t.Errorf("phrasings.txt:%d: %q leaves %q unread, want %q (reads %q)", p.line, p.text, got.Unread, p.unread, have)
		}
	}
	precision, recall := float64(right)/float64(read), float64(right)/float64(wanted)
	t.Logf("%d phrasings, %d values and offerings read of %d asked for, %d of them offerings: precision %.4f, recall %.4f", len(all), right, wanted, offerings, precision, recall)
	if len(all) < 180 || offerings < 50 || precision < 1 || recall < 0.9 {
		t.Errorf("of %d phrasings with %d offerings precision is %.4f and recall %.4f; want at least 180, 50, 1 and 0.9", len(all), offerings, precision, recall)
	}
}

// TestVocabularySaysOneThing finds words that stand in two lists.
func TestVocabularySaysOneThing(t *testing.T) {
	seen := map[string]wordKind{}
	for kind := fillWord; kind <= whoWord; kind++ {
		for phrase := range strings.SplitSeq(words[kind], ",") {
			k := keyOf(phrase)
			if before, twice := seen[k]; k != "" && twice && before != kind {
				t.Errorf("%q stands in the lists %d and %d", strings.TrimSpace(phrase), before, kind)
			}
			seen[k] = kind
		}
	}
	for k, kind := range seen {
		if m := vocabulary()[k]; m.kind != kind && k != "" {
			t.Errorf("%q stands in list %d, and is %+v", k, kind, m)
		}
	}
}

// TestReadParts reads a need in parts. What is no part by itself goes to the one
// before it.
func TestReadParts(t *testing.T) {
	for text, want := range map[string]string{
		"in-state in 8h; the rest nationwide in 24h": "scope=in-state turnaround=8 h () | scope=nationwide turnaround=24 h (rest)",
		"Hi Kim,\nwe need 12h\r\n\r\nRegards, Ann":   "turnaround=12 h (Kim … Ann)",
		"12h; by noon":                    "turnaround=12 h (by noon)",
		"by noon; tomorrow":               " (by noon … tomorrow)",
		";;\n ;":                          "",
		"please; thanks":                  "",
		"nationwide;international;no API": "scope=nationwide () | scope=international (no API)",
		"logo":                            "customisation=logo ()",
		"12h nationwide, 500 a month;\n8h in-state, 100/mo": "scope=nationwide turnaround=12 h volume=500 per month () | scope=in-state turnaround=8 h volume=100 per month ()",
	} {
		var parts []string
		for _, r := range NewLexicon(catalogues["records"], nil).ReadParts(text) {
			parts = append(parts, strings.Join(said(r.Need), " ")+" ("+r.Unread+")")
		}
		if got := strings.Join(parts, " | "); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}

// TestFound holds what was found against where it stood.
func TestFound(t *testing.T) {
	for text, want := range map[string]string{
		"We need a turnaround of 12h, set up within 10 business days":                 "turnaround 12 h: turnaround of 12h | setup 10 business days: set up within 10 business days",
		"International;  results back in 12  hours, more than 3,000 searches a month": "scope international: International | turnaround 12 h: results back in 12  hours | volume 3,001 per month: more than 3,000 searches a month",
		"12h, again 12 h, with APIs":                                                  "turnaround 12 h: 12h | turnaround 12 h: 12 h | customisation api: APIs",
		"500 in-state searches a month":                                               "volume 500 per month: 500 in-state searches a month | scope in-state: in-state",
		"10 business days for onboarding, under 24 hours otherwise":                   "setup 10 business days: 10 business days for onboarding",
	} {
		var list []string
		for _, f := range NewLexicon(catalogues["records"], nil).Read(text).Found {
			list = append(list, f.Dimension+" "+f.Value.String()+": "+f.Text)
		}
		if got := strings.Join(list, " | "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
	long := strings.Repeat("12h or ", 2000)
	if got := lexicons()["records"].Read(long); len(got.Need) > 0 || got.Unread != strings.TrimSpace(long) {
		t.Errorf("a text of %d bytes reads %v", len(long), got.Need)
	}
}

// TestCheckWords finds words that mean two things, or can mean none.
func TestCheckWords(t *testing.T) {
	for name, dims := range catalogues {
		for _, p := range CheckWords(dims) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	with := func(d Dimension, w Words) Dimension {
		d.Words = w
		return d
	}
	for _, bad := range []Dimension{with(turnaround, Words{Values: map[string]string{"soon": "h"}}), with(scope, Words{Phrases: []string{"where"}})} {
		if bad.Validate() == nil {
			t.Errorf("%s takes words of another kind", bad.Name)
		}
	}
}
