package content

import (
	"slices"
	"sync"

	"github.com/insidebox/insidebox/standard"
)

// maxBooks bounds the days for which a library keeps its book: today, the days
// on which something changes, and what people look up.
const maxBooks = 32

// books are a library's offerings by the day.
type books struct {
	mu    sync.Mutex
	byDay map[standard.Day]*standard.Book
}

// Book is all offerings as they hold on a day, for needs to be matched with.
func (l *Library) Book(day standard.Day) *standard.Book {
	l.books.mu.Lock()
	defer l.books.mu.Unlock()
	if b := l.books.byDay[day]; b != nil {
		return b
	}
	b := standard.NewBook(l.Dimensions, l.Calendar, l.boxes(), day)
	if l.books.byDay == nil || len(l.books.byDay) >= maxBooks {
		l.books.byDay = map[standard.Day]*standard.Book{}
	}
	l.books.byDay[day] = b
	return b
}

// Lexicon is the words by which sentences are read: of the dimensions and of the
// offerings.
func (l *Library) Lexicon() *standard.Lexicon {
	l.lexiconOnce.Do(func() {
		l.lexicon = standard.NewLexicon(l.Dimensions, l.boxes())
	})
	return l.lexicon
}

// boxes are all offerings without their texts.
func (l *Library) boxes() []*standard.Offering {
	all := make([]*standard.Offering, len(l.Offerings))
	for i, o := range l.Offerings {
		all[i] = &o.Offering
	}
	return all
}

// NextChanges are the days after the given one on which any figure of an
// offering changes, ascending.
func (l *Library) NextChanges(day standard.Day) (days []standard.Day) {
	for _, o := range l.Offerings {
		for at := o.NextChange(day); !at.IsZero(); at = o.NextChange(at) {
			days = append(days, at)
		}
	}
	slices.SortFunc(days, standard.Day.Compare)
	return slices.Compact(days)
}

// StatedAt is the clause that states a dimension for a tier of a choice: of the
// add-on that brings the tier, widens or adds to it, else of the base. It is nil
// when no text does. A tier that the base has itself is not an add-on's.
func (l *Library) StatedAt(choice standard.Choice, tier, dimension string) *Clause {
	var list []*standard.Offering
	for _, a := range choice.AddOns {
		own := slices.ContainsFunc(a.Tiers, func(t standard.Tier) bool { return t.Name == tier && t.Figures[dimension] != nil })
		if own || a.Widens[dimension] != nil || a.Adds[dimension] != nil {
			list = append(list, a)
		}
	}
	for _, o := range append(list, choice.Offerings()...) {
		if anchor := o.States[dimension]; anchor != "" {
			return l.Clause(o.ID + "/" + anchor)
		}
	}
	return nil
}
