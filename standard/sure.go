package standard

import (
	"maps"
	"math/big"
	"slices"
)

// Whether the answer to a sentence is one to stand by. A yes is only said of a sentence
// that was read to its end: a word that was not read may be the one that the box doesn't
// hold.

// A fifth is what a box must have to spare for a figure that is not meant to the letter.
var (
	fifthMore = big.NewRat(6, 5)
	fifthLess = big.NewRat(4, 5)
)

// Open reports whether something was left unread that may change the answer.
func (one Reading) Open() bool { return one.Unread != one.Waived }

// Harder is the need with a fifth to spare in what is not meant to the letter; what holds
// it holds "about 3,000" too.
func (one Reading) Harder(dims []Dimension) Need {
	harder := Need{}
	for name, v := range one.Need {
		at := slices.IndexFunc(dims, func(d Dimension) bool { return d.Name == name })
		if at >= 0 && v.Number != nil && slices.Contains(one.Loose, name) {
			by := fifthMore
			if dims[at].Kind == NoMoreThan {
				by = fifthLess
			}
			v.Number = new(big.Rat).Mul(v.Number, by)
		}
		harder[name] = v
	}
	return harder
}

// milder is the need with what was counted by the day or the week at its least: 20
// working days in a month, four weeks. dims are those that were counted so.
func (one Reading) milder() (need Need, dims []string) {
	need = maps.Clone(one.Need)
	for _, f := range one.Found {
		by, counted := leastInMonth[f.Held]
		if v := need[f.Dimension]; counted && v.Number != nil {
			need[f.Dimension] = Value{Number: new(big.Rat).Mul(v.Number, by), Unit: v.Unit}
			dims = append(dims, f.Dimension)
		}
	}
	return need, dims
}

// leastInMonth is by how much less there may be of what was counted for the longest month.
var leastInMonth = map[Held]*big.Rat{HeldDays: big.NewRat(20, 31), HeldWeeks: big.NewRat(4, 5)}

// Why says why an answer is open.
type Why string

// Why an answer is open.
const (
	Unread  Why = "unread"  // something was not read
	Roughly Why = "roughly" // a figure that is not meant to the letter has no room in the box
	Counted Why = "counted" // inside or outside by how often a day or a week is counted in a month
	Mixed   Why = "mixed"   // a base is named with an add-on whose tier doesn't hold all of it
)

// MatchReading answers a sentence, or a part of it, as [Book.Match] answers its need. What
// is inside by what was read is open where something was not, where a figure that is not
// meant to the letter leaves no room, and where it is not said which of it is for the
// add-on that is named; so is a sentence of which nothing was read. What is outside only
// because a day or a week was counted for the longest month is open, too.
func (b *Book) MatchReading(one Reading) (Match, error) {
	m, err := b.Match(one.Need, one.Only...)
	switch {
	case err != nil:
		return m, err
	case len(one.Need)+len(one.Only) == 0:
		if one.Unread != "" {
			m.ask(Unread)
		}
		return m, nil
	case m.Verdict == Outside:
		if milder, dims := one.milder(); len(dims) > 0 && b.inside(milder, one.Only) {
			m.ask(Counted, dims...)
		}
		return m, nil
	case one.Open():
		m.ask(Unread)
		return m, nil
	case b.mixed(one):
		m.ask(Mixed)
		return m, nil
	case len(one.Loose) == 0:
		return m, nil
	}
	if harder := one.Harder(b.dims); b.inside(harder, one.Only) {
		return b.Match(harder, one.Only...)
	}
	m.ask(Roughly, one.Loose...)
	return m, nil
}

// ask leaves an answer open: why, and which dimensions are to be asked about.
func (m *Match) ask(why Why, dims ...string) {
	m.AsRead, m.Verdict, m.Why, m.Tight = m.Verdict, Open, why, dims
}

// Strict is the verdict on what was read, whatever has to be asked about the rest.
func (m *Match) Strict() Verdict {
	if m.Verdict == Open {
		return m.AsRead
	}
	return m.Verdict
}

func (b *Book) inside(need Need, only []string) bool {
	m, err := b.Match(need, only...)
	return err == nil && m.Verdict != Outside
}

// mixed reports whether a base is named together with an add-on of tiers that don't hold
// the need.
func (b *Book) mixed(one Reading) bool {
	var addOns []string
	for _, id := range one.Only {
		if _, o := b.byID(id); o != nil && o.tiersOnly() {
			addOns = append(addOns, id)
		}
	}
	return len(addOns) > 0 && !b.inside(one.Need, addOns)
}
