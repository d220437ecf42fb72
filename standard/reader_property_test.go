package standard

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A failing test, be it of rapid or not.
type failing interface {
	Fatalf(string, ...any)
	Helper()
}

// whole holds what must be true of every reading: it is of the text, every word is
// found, without meaning for a need, or unread, and no figure comes from nowhere.
func whole(t failing, catalogue, text string) Reading {
	t.Helper()
	dims, lx := catalogues[catalogue], lexicons()[catalogue]
	got := lx.Read(text)
	rest := text
	need, only := Need{}, []string(nil)
	for _, f := range got.Found {
		at := strings.Index(rest, f.Text)
		if f.Text == "" || !strings.Contains(text, f.Text) {
			t.Fatalf("%q: %q was found, and does not stand there", text, f.Text)
		}
		if at >= 0 {
			rest = rest[at:]
		}
		if f.Offering != "" {
			only = append(only, f.Offering)
			continue
		}
		i := slices.IndexFunc(dims, func(d Dimension) bool { return d.Name == f.Dimension })
		if i < 0 || f.Value.check(dims[i]) != nil {
			t.Fatalf("%q: %+v is no value of a dimension", text, f)
		}
		if v, twice := need[f.Dimension]; twice && dims[i].Kind != AllOf && !v.Equal(f.Value) {
			t.Fatalf("%q: %s is %s and %s", text, f.Dimension, v, f.Value)
		}
		need[f.Dimension] = f.Value
		if dims[i].Kind == AllOf {
			need[f.Dimension] = dims[i].union(got.Need[f.Dimension], f.Value)
		}
	}
	if !slices.Equal(slices.Sorted(maps.Keys(need)), slices.Sorted(maps.Keys(got.Need))) {
		t.Fatalf("%q: needs %v, and %v was found", text, got.Need, got.Found)
	}
	for name, v := range got.Need {
		if !v.Equal(need[name]) {
			t.Fatalf("%q: needs %s %s, and %s was found", text, name, v, need[name])
		}
	}
	if !slices.Equal(lx.ordered(only), got.Only) {
		t.Fatalf("%q: only %v, and %v was found", text, got.Only, got.Found)
	}
	noWordIsLost(t, lx, text, got)
	return got
}

// noWordIsLost looks every word up where it may be.
func noWordIsLost(t failing, lx *Lexicon, text string, got Reading) {
	t.Helper()
	tokens := tokenize(text)
	left := got.Unread
	for _, it := range lx.items(tokens) {
		for _, one := range tokens[it.from:it.to] {
			word := text[one.from:one.to]
			if at := strings.Index(left, squeeze(word)); at >= 0 && !it.silent() && !it.clings() {
				left = left[at:] // in the order of the text
				continue
			}
			found := slices.ContainsFunc(got.Found, func(f Found) bool { return strings.Contains(f.Text, word) })
			read := false
			if it.kind == cueWord {
				_, read = got.Need[lx.dims[it.dim].Name]
			}
			if !found && !it.silent() && !it.clings() && !read && !strings.Contains(got.Unread, squeeze(word)) {
				t.Fatalf("%q: the word %q is neither read nor unread: %v, unread %q", text, word, got.Found, got.Unread)
			}
		}
	}
}

// inParts holds of a reading in parts what is true of one of the whole: nothing is read
// that does not stand there, and no word is lost.
func inParts(t failing, catalogue, text string, parts []Reading) {
	t.Helper()
	lx, all := lexicons()[catalogue], Reading{Need: Need{}}
	for _, one := range parts {
		for _, f := range one.Found {
			if !strings.Contains(text, f.Text) || f.Offering == "" && one.Need[f.Dimension].IsZero() || f.Offering != "" && !slices.Contains(one.Only, f.Offering) {
				t.Fatalf("%q: %q was found in a part that has none of it", text, f.Text)
			}
		}
		for name, v := range one.Need {
			if !slices.ContainsFunc(one.Found, func(f Found) bool { return f.Dimension == name }) {
				t.Fatalf("%q: a part needs %s %s, and nothing of it was found", text, name, v)
			}
		}
		maps.Copy(all.Need, one.Need)
		all.Found, all.Unread = append(all.Found, one.Found...), andUnread(all.Unread, one.Unread)
	}
	noWordIsLost(t, lx, text, all)
}

// TestNeedsOfSeveralOfferings holds that a list of so many of this and so many of that
// reads as its items do one by one, in any order and with the rate at each or at the end.
func TestNeedsOfSeveralOfferings(t *testing.T) {
	titles := map[string]string{"certified copies": "certified-copies", "records searches": "records-search", "employment checks": "employment-checks"}
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(titles))), 2, 3, rapid.ID[string]).Draw(t, "titles")
		rate := rapid.SampledFrom([]string{" a month", " per month", " monthly", "/month"}).Draw(t, "rate")
		each, limit := rapid.Bool().Draw(t, "each"), rapid.SampledFrom([]string{"", "up to ", "at least "}).Draw(t, "limit")
		var items, want []string
		for i, name := range names {
			count := Value{Number: big.NewRat(rapid.Int64Range(2, 900).Draw(t, "count")*10+int64(i), 1), Unit: "per month"}
			item := limit + count.Number.RatString() + " " + name
			if each || i == len(names)-1 {
				item += rate
			}
			items = append(items, item)
			want = append(want, strings.Join(said(Need{"volume": count}, titles[name]), " "))
		}
		text := strings.Join(items[:len(items)-1], ", ") + rapid.SampledFrom([]string{" and ", ", ", ", plus "}).Draw(t, "joint") + items[len(items)-1]
		readsParts(t, text, want)
	})
}

// readsParts holds that a text reads these parts, and all of it is read.
func readsParts(t *rapid.T, text string, want []string) {
	t.Helper()
	var got []string
	for _, one := range lexicons()["records"].ReadParts(text) {
		got = append(got, strings.Join(said(one.Need, one.Only...), " "))
		if one.Unread != "" {
			t.Fatalf("%q leaves %q unread", text, one.Unread)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%q reads %q, want %q", text, got, want)
	}
}

// TestCountedBesideOfferings holds that what is counted, and is nothing that an offering
// in the list has, is a part of its own, in any order and language.
func TestCountedBesideOfferings(t *testing.T) {
	titles := map[string]string{"certified copies a month": "certified-copies", "records searches/mo": "records-search", "beglaubigte Kopien pro Monat": "certified-copies"}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(titles))), 1, 2, func(name string) string { return titles[name] }).Draw(t, "titles")
		list = slices.Insert(list, rapid.IntRange(0, len(list)).Draw(t, "at"), rapid.SampledFrom([]string{"names", "names watched", "names to watch", "Namen überwachen"}).Draw(t, "counted"))
		var items, want []string
		for _, name := range list {
			count := big.NewRat(rapid.Int64Range(2, 9000).Draw(t, "count"), 1)
			items = append(items, count.RatString()+" "+name)
			if id := titles[name]; id != "" {
				want = append(want, strings.Join(said(Need{"volume": {Number: count, Unit: "per month"}}, id), " "))
			} else {
				want = append(want, strings.Join(said(Need{"names": {Number: count, Unit: "names"}}), " "))
			}
		}
		text := strings.Join(items, rapid.SampledFrom([]string{" and ", ", ", " plus ", " und ", " & "}).Draw(t, "joint"))
		readsParts(t, text, want)
	})
}

// TestRangesAreTheirWorseEnd holds that a range asks for what its worse end alone asks for:
// the lower one of a time, the upper one of what is counted.
func TestRangesAreTheirWorseEnd(t *testing.T) {
	units := map[string]bool{ // whether the lower end is the worse one
		"h": true, " hours": true, " Stunden": true, " business days": true, " Arbeitstage": true, " weeks": true, " bd to set up": true,
		" a month": false, " pro Monat": false, "/mo": false, " names": false, "k names": false, " copies a month": false,
	}
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom(slices.Sorted(maps.Keys(units))).Draw(t, "unit")
		low := rapid.Int64Range(2, 500).Draw(t, "low")
		high := low + rapid.Int64Range(1, 400).Draw(t, "more")
		around := rapid.SampledFrom([][3]string{{"", "-", ""}, {"", " - ", ""}, {"", "–", ""}, {"", " to ", ""}, {"", " bis ", ""}, {"between ", " and ", ""}, {"zwischen ", " und ", ""}, {"nationwide, ", "-", ", with logo"}}).Draw(t, "around")
		ends := []string{big.NewRat(low, 1).RatString(), big.NewRat(high, 1).RatString()}
		worse := ends[1]
		if units[unit] {
			worse = ends[0]
		}
		text := around[0] + ends[0] + around[1] + ends[1] + unit + around[2]
		alone := strings.TrimPrefix(strings.TrimPrefix(around[0], "between "), "zwischen ") + worse + unit + around[2]
		got, want := whole(t, "records", text), whole(t, "records", alone)
		if !slices.Equal(said(got.Need, got.Only...), said(want.Need, want.Only...)) || len(got.Need) == 0 || got.Unread != "" {
			t.Fatalf("%q reads %v, unread %q; %q reads %v", text, got.Need, got.Unread, alone, want.Need)
		}
		turned := ends[1] + "-" + ends[0] + unit
		if got := whole(t, "records", turned); len(got.Need)+len(got.Only) > 0 {
			t.Fatalf("%q reads %v, and is no range", turned, got.Need)
		}
	})
}

// pieces are what random sentences are made of.
func pieces() []string {
	list := []string{
		"12h", "24 hours", "3,000 a month", "3.000", "12", "a", "the", "in", "within", "by", "or", "and", "not", "no", "without", "to", "-", "–", ",", ".", ";", "?", ":", "(", ")", "\n",
		"international", "nationwide", "in-state", "API", "portal", "logo", "turnaround", "setup", "onboarding", "notice", "names", "volume", "20,000 names", "twelve", "half a day", "two weeks",
		"at least", "more than", "under", "about", "next", "tomorrow", "Friday", "per", "month", "monthly", "a day", "h", "d", "bd", "€400", "EUR", "400", "%", "+", "/", "=", "<", ">=", "½", "1/2", "and a half",
		"zwölf", "Stunden", "kein", "bundesweit", "oder", "don’t", "isn't", "lender", "portal-free", "Zürich", "certified", "copies", "Records search", "express", "watch alerts", "full truck", "Express 24", "night line", "Abfragen", "Registerauskunft", "", "É", "x3", "..", "maybe", "but", "only", "each", "every", "k", "dozen", "a dozen", "hundred", "thousand",
	}
	return list
}

// TestNoWordIsLost reads random sentences.
func TestNoWordIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		catalogue := rapid.SampledFrom([]string{"records", "freight", "auskunft"}).Draw(t, "catalogue")
		words := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces()), rapid.String()), 0, 14).Draw(t, "words")
		text := strings.Join(words, rapid.SampledFrom([]string{" ", " ", "", ", "}).Draw(t, "between"))
		got := whole(t, catalogue, text)
		parts := lexicons()[catalogue].ReadParts(text)
		if !strings.ContainsAny(text, ";\n\r") && len(parts) == 1 && (parts[0].Unread != got.Unread || len(parts[0].Found) != len(got.Found)) {
			t.Fatalf("%q reads otherwise as its only part", text)
		}
		inParts(t, catalogue, text, parts)
	})
}

// TestRefusalsAreNoAsks holds that nothing is read of what is refused, whatever it is,
// nor of two things of which one is asked for.
func TestRefusalsAreNoAsks(t *testing.T) {
	asks := []string{"international", "the API", "logo", "nationwide", "in-state", "report columns", "24 hours", "3,000 a month", "20,000 names", "a turnaround of 8h", "setup in 10 business days", "certified copies", "the express desk"}
	refusals := []string{"no", "not", "without", "don’t need", "they do not want", "never", "except", "kein", "ohne", "nicht", "maybe", "they already have", "instead of", "excluding"}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(asks), 2, 4, rapid.ID[string]).Draw(t, "asks")
		list := strings.Join(some, rapid.SampledFrom([]string{" and ", " or ", " "}).Draw(t, "between"))
		for _, text := range []string{
			rapid.SampledFrom(refusals).Draw(t, "refusal") + " " + list,
			list + rapid.SampledFrom([]string{" is not needed", " aren’t required", ": no", "? No.", " nicht"}).Draw(t, "behind"),
			"either " + some[0] + " or " + some[1],
		} {
			if got := whole(t, "records", text); len(got.Need)+len(got.Only) > 0 {
				t.Fatalf("%q reads %v", text, got.Need)
			}
			for _, one := range lexicons()["records"].ReadParts(text) {
				if len(one.Found) > 0 {
					t.Fatalf("%q reads %v in a part", text, one.Found)
				}
			}
		}
	})
}

// FuzzRead reads anything.
func FuzzRead(f *testing.F) {
	for _, p := range phrasings(f) {
		f.Add(p.text)
	}
	for _, text := range []string{"don’t <A", "A\nhundred"} { // words that were lost once
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name := range catalogues {
			whole(t, name, text)
			inParts(t, name, text, lexicons()[name].ReadParts(text))
		}
	})
}
