package standard

import (
	"cmp"
	"math/big"
	"slices"
)

// A Bend is a limit of the standard that a need asks to bend, as text to be kept:
// in which dimension, what is asked for, and what the offering says there. Limit
// is empty where the offering says nothing, Offering where none comes near.
type Bend struct{ Offering, Dimension, Need, Limit string }

// Bends are the limits that stand in the way of a need in parts, by what comes
// nearest to each part; none where all of it is held.
func (a Answer) Bends() (list []Bend) {
	for _, part := range a.Parts {
		offering := ""
		if len(part.Offerings) > 0 {
			offering = part.Offerings[0]
		}
		for _, l := range part.Lacks {
			if bend := (Bend{offering, l.Dimension, l.Need, l.Limit}); !slices.Contains(list, bend) {
				list = append(list, bend)
			}
		}
	}
	return list
}

// A Wish is one request to bend a limit: what it needs, what it is worth a year, and
// whether that limit is all that stands in its way.
type Wish struct {
	Need  string
	Worth int64
	Alone bool
}

// A Move is where a limit could be moved to, and what that would have met.
type Move struct {
	To    Value
	Meets int   // requests whose need in this dimension is then held
	Alone int   // of these, those that would then be inside
	Worth int64 // a year, of those that would then be inside
}

// Moves are the places to which a limit could be moved so that one more of the
// wishes is met, the smallest step first; where business days meet hours, by the
// worst case of the calendar. A wish that can't be read in the dimension, since
// the standard has changed, counts for nothing. Of a dimension that the book does
// not have there are none.
func (b *Book) Moves(dimension string, wishes []Wish) []Move {
	at, known := b.index[dimension]
	if !known {
		return nil
	}
	var read []want
	var of []Wish
	for _, w := range wishes {
		if v, err := ParseValue(b.dims[at], w.Need); err == nil {
			read, of = append(read, want{at, v}), append(of, w)
		}
	}
	var moves []Move
	for _, w := range read {
		if slices.ContainsFunc(moves, func(m Move) bool { return m.To.Equal(w.Value) }) {
			continue
		}
		m := Move{To: w.Value}
		for i, other := range read {
			if held, _ := b.holds(other, w.Value); !held {
				continue
			}
			if m.Meets++; of[i].Alone {
				m.Alone, m.Worth = m.Alone+1, m.Worth+of[i].Worth
			}
		}
		moves = append(moves, m)
	}
	slices.SortStableFunc(moves, func(x, y Move) int {
		return cmp.Or(cmp.Compare(x.Meets, y.Meets), cmp.Compare(len(x.To.Set), len(y.To.Set)), compareNumbers(x.To.Number, y.To.Number))
	})
	return moves
}

func compareNumbers(x, y *big.Rat) int {
	if x == nil || y == nil {
		return 0
	}
	return x.Cmp(y)
}
