package standard

import (
	"math/big"
	"time"
)

// DimensionKind says when an offering's figure holds a need.
type DimensionKind string

const (
	// NoMoreThan: inside when figure ≤ need, as for a turnaround.
	NoMoreThan DimensionKind = "no-more-than"
	// NoLessThan: inside when figure ≥ need, as for a volume.
	NoLessThan DimensionKind = "no-less-than"
	// AllOf: inside when every value asked for is in the set.
	AllOf DimensionKind = "all-of"
)

// A Dimension is one thing a customer asks for, declared in library.md.
type Dimension struct {
	Name   string // as in tiers: "turnaround"
	Kind   DimensionKind
	Unit   string            // of a figure: "h", "bd", "per month", "EUR"; empty for AllOf
	Values []string          // what an AllOf set may hold, in the declared order
	Names  map[string]string // of values for people: "api" is "API"; may lack some, see NameOf
	Label  string            // for people: "Turnaround"
	Ask    string            // the question to a customer; may be empty
	Words  Words             // by which a sentence names the dimension or its values
}

// Words are the words of a company for a dimension and its values, for reading
// sentences. They change no box and no clause.
type Words struct {
	Phrases []string          // of a number: name the dimension, as "results" the turnaround
	Values  map[string]string // of a set: a phrase and the value that it means, "overseas" international
}

// A Value is one figure of a box: a number with its unit, or a set.
type Value struct {
	Number *big.Rat // nil for a set
	Unit   string
	Set    []string // in the dimension's order; nil for a number
}

// A Day is a calendar day without a time zone, "2027-01-04"; the zero Day
// is before every other.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// A Dated value holds from a day on. The first of a list has the zero Day.
type Dated struct {
	From  Day
	Value Value
}

// A Figure is what a box says in one dimension: a value, and the values
// that follow it on later days, ascending.
type Figure []Dated

// Figures maps dimension names to figures.
type Figures map[string]Figure

// A Tier is one promise that holds as a whole.
type Tier struct {
	Name    string  // unique in its offering
	Figures Figures // without the offering's common figures
}

// An Offering is one thing that can be sold, with its box.
type Offering struct {
	ID      string
	Title   string
	Owner   string   // the function that owns it, usually "operations"
	Extends []string // ids of base offerings; an add-on has at least one
	Words   []string // what people call it besides, for reading sentences alone
	Common  Figures  // in every tier
	Tiers   []Tier
	Widens  Figures           // sets added to every tier of the base (add-on only)
	Adds    Figures           // numbers added to every tier (add-on only)
	States  map[string]string // dimension -> anchor of the clause that states it
}

// Calendar says what a business day is.
type Calendar struct {
	Week     []time.Weekday // working days
	Opens    time.Duration  // since midnight
	Closes   time.Duration
	Holidays []Day
}
