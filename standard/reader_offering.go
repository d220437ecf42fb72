package standard

import (
	"math/big"
	"slices"
	"strings"
)

// The names of offerings, as people write them: capitals, hyphens, accents and the
// endings of a plural don't count. A sentence is in English or German, and a library
// may be in either, so that both languages' endings are tried.

// noDimension is the dim of an offering, of which all are of one sort.
const noDimension = -1

// A namedOffering is what a sentence may name.
type namedOffering struct {
	*Offering
	states  []bool     // by dimension: whether it, or what it extends, says something of it
	slowest []*big.Rat // by dimension: its longest time
}

// A title is what a spelling names: an offering, or "" where it could be two. Of one
// word, the German plural is a verb too ("Abfragen", "abfragen"), and is only taken
// with a capital.
type title struct {
	id      string
	capital bool
}

// nameOfferings takes the names of the offerings: title, id and tiers, the tiers only
// where nothing else is called so.
func (lx *Lexicon) nameOfferings(offerings []*Offering) {
	for _, o := range offerings {
		lx.offerings = append(lx.offerings, lx.named(o, offerings))
		lx.entitle(o.ID, o.Title)
		lx.entitle(o.ID, o.ID)
		for _, phrase := range o.Words {
			lx.entitle(o.ID, phrase)
		}
	}
	lx.heads = lx.headsOf(offerings)
	for k, t := range lx.tierNames(offerings) {
		if _, taken := lx.titles[k]; !taken {
			lx.titles[k] = t
		}
	}
}

func (lx *Lexicon) named(o *Offering, all []*Offering) *namedOffering {
	one := &namedOffering{o, make([]bool, len(lx.dims)), slowestOf(lx.dims, o)}
	for _, other := range all {
		if other != o && !slices.Contains(o.Extends, other.ID) {
			continue
		}
		says := other.Dimensions()
		for i, dim := range lx.dims {
			_, found := slices.BinarySearch(says, dim.Name)
			one.states[i] = one.states[i] || found
		}
	}
	return one
}

// entitle takes a name of an offering, in all its spellings.
func (lx *Lexicon) entitle(id, name string) {
	tokens := tokenize(name)
	if !lx.mayName(tokens) {
		return
	}
	lx.longest = max(lx.longest, len(tokens))
	for k, capital := range titleKeys(tokens) {
		one := title{id, capital}
		if before, there := lx.titles[k]; there {
			one.capital = capital && before.capital
			if before.id != id {
				one.id = ""
			}
		}
		lx.titles[k] = one
	}
}

// mayName reports whether the words can name an offering. What a dimension calls so is
// the dimension's, and what has a meaning in every sentence keeps it; a number alone
// is a figure.
func (lx *Lexicon) mayName(tokens []token) bool {
	if len(tokens) == 0 || slices.ContainsFunc(tokens[1:], func(t token) bool { return t.brk != joined }) {
		return false
	}
	_, size := readNumber(tokens, English)
	_, dims := lx.phrases[key(tokens)]
	_, known := vocabulary()[key(tokens)]
	return size < len(tokens) && !dims && !known
}

// tierNames are the names of tiers that name one offering: which no other one has, be
// it as a part of its title, and which no word of a dimension begins with, or the other
// way round ("national" is no name where "nationally" is a scope).
func (lx *Lexicon) tierNames(offerings []*Offering) map[string]title {
	found := map[string]title{}
	for _, o := range offerings {
		for _, t := range o.Tiers {
			tokens := tokenize(t.Name)
			k := key(tokens)
			if !lx.mayName(tokens) || lx.resembles(k) || slices.ContainsFunc(offerings, func(other *Offering) bool { return other != o && other.uses(k) }) {
				continue
			}
			for k, capital := range titleKeys(tokens) {
				found[k] = title{o.ID, capital}
			}
		}
	}
	return found
}

// headsOf are the last words of titles that stand in no other title, and mean nothing
// else: what is counted by that word is that offering, "500 copies a month" are certified
// copies. To name an offering narrows an answer, and never makes a promise of it. So are
// those of what it is called besides, that stand in nothing that another one is called.
func (lx *Lexicon) headsOf(offerings []*Offering) map[string]string {
	heads := map[string]string{}
	take := func(id, name string, taken func(*Offering, string) bool) {
		tokens := tokenize(name)
		if len(tokens) < 2 || tokens[len(tokens)-1].number {
			return
		}
		k := singular(tokens[len(tokens)-1].text)
		if lx.mayName(tokenize(k)) && !lx.resembles(k) && !slices.ContainsFunc(offerings, func(other *Offering) bool { return other.ID != id && taken(other, k) }) {
			heads[k] = id
		}
	}
	for _, o := range offerings {
		take(o.ID, o.Title, (*Offering).uses)
		for _, phrase := range o.Words {
			take(o.ID, phrase, func(other *Offering, k string) bool { return other.uses(k) || other.isCalled(k) })
		}
	}
	return heads
}

// isCalled reports whether the key stands in what else the offering is called.
func (o *Offering) isCalled(k string) bool {
	return slices.ContainsFunc(o.Words, func(phrase string) bool { return strings.Contains(keyOf(phrase), k) })
}

// resembles reports whether a word of a dimension begins with the key, or the key with it.
func (lx *Lexicon) resembles(k string) bool {
	for phrase := range lx.phrases {
		if strings.HasPrefix(phrase, k) || strings.HasPrefix(k, phrase) {
			return true
		}
	}
	return false
}

// uses reports whether the key stands in the offering's title or id, or is one of its
// tiers.
func (o *Offering) uses(k string) bool {
	return strings.Contains(keyOf(o.Title), k) || strings.Contains(keyOf(o.ID), k) ||
		slices.ContainsFunc(o.Tiers, func(t Tier) bool { return keyOf(t.Name) == k })
}

// offering is the offering of an id that the lexicon gave out.
func (lx *Lexicon) offering(id string) *namedOffering {
	return lx.offerings[slices.IndexFunc(lx.offerings, func(o *namedOffering) bool { return o.ID == id })]
}

// ordered puts ids into the catalogue's order, each once.
func (lx *Lexicon) ordered(ids []string) (list []string) {
	for _, o := range lx.offerings {
		if slices.Contains(ids, o.ID) {
			list = append(list, o.ID)
		}
	}
	return list
}

// offeringAt reads the first tokens as an offering's name. A number at its end is a
// figure where a unit follows: "Express 24 hours".
func (lx *Lexicon) offeringAt(tokens []token, long int) (meaning, bool) {
	if long < len(tokens) && tokens[long-1].number && tokens[long].brk == joined {
		switch vocabulary()[tokens[long].text].kind {
		case unitWord, rateWord, moneyWord, timesWord, halfWord:
			return meaning{}, false
		}
	}
	for _, k := range stemmed(tokens[:long]) {
		t, there := lx.titles[k]
		if !there || t.capital && !tokens[0].capital {
			continue
		}
		if t.id == "" {
			return meaning{}, true
		}
		return meaning{kind: titleWord, dim: noDimension, value: t.id}, true
	}
	return meaning{}, false
}

// titleKeys are the keys under which a name is found, with whether what is found there
// must have a capital.
func titleKeys(tokens []token) map[string]bool {
	keys := stemmed(tokens)
	return map[string]bool{keys[1]: len(tokens) == 1, keys[0]: false}
}

// stemmed are the words without the endings of the English plural, and without those of
// the German cases.
func stemmed(tokens []token) [2]string {
	var english, german strings.Builder
	for i, t := range tokens {
		english.WriteString(singular(t.text))
		german.WriteString(stem(t.text, i < len(tokens)-1))
	}
	return [2]string{english.String(), german.String()}
}

// umlauts are left out, because some have no key for them, and because they come with
// the plural: "Auskunft", "Auskünfte".
var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// singular is an English word without the ending of its plural.
func singular(word string) string {
	word = umlauts.Replace(word)
	if one, ok := strings.CutSuffix(word, "ies"); ok && len(one) > 1 {
		return one + "y"
	}
	for _, ending := range []string{"sses", "shes", "ches", "xes"} {
		if strings.HasSuffix(word, ending) {
			return strings.TrimSuffix(word, "es")
		}
	}
	if one, ok := strings.CutSuffix(word, "s"); ok && len(one) > 2 && !strings.ContainsAny(one[len(one)-1:], "sui") {
		return one
	}
	return word
}

// stem is a German word without the ending of its plural and case; of a word that
// stands before another one, without those of an adjective.
func stem(word string, before bool) string {
	word = singular(word)
	for _, ending := range []string{"nissen", "nisse"} {
		if one, ok := strings.CutSuffix(word, ending); ok {
			return one + "nis"
		}
	}
	endings := []string{"en", "e"}
	if before {
		endings = []string{"en", "er", "em", "es", "e"}
	}
	for _, ending := range endings {
		if one, ok := strings.CutSuffix(word, ending); ok && len(one) > 2 {
			return one
		}
	}
	return word
}
