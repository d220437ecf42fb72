package standard

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxParts is how many parts a need may have.
const MaxParts = 9

// An Asked is one part of a need as it is kept: what was asked for, in the
// order of the dimensions, as text that [ParseValue] reads back, and the offerings
// that it names, by their ids. Those are a field of their own and no line, because
// they are no figure that a limit could hold, and because a library is free in its
// dimensions; what was kept before there were any names none. It stays
// readable when the standard has lost a dimension. It is a struct, so that a need in
// parts is no array of arrays, which not every server that speaks MongoDB's
// protocol keeps.
type Asked struct {
	Lines []AskedLine
	Only  []string // in the catalogue's order; see [Book.Match]
}

// An AskedLine is what is asked for in one dimension.
type AskedLine struct{ Dimension, Value string }

// ReadAsked reads a need from the fields of a query or form, as "can I sell
// this?" writes them: a field is named like a dimension, with "2." before it
// for the second part; several fields of one name are the values of a set. The field
// "only" names offerings. Fields of other names are passed over. Figures are read as
// people of the tongue write them. problems are the errors by field.
func (lx *Lexicon) ReadAsked(fields map[string][]string, t *Tongue) (parts []Asked, problems map[string]error) {
	problems = map[string]error{}
	for part := 1; part <= MaxParts; part++ {
		var one Asked
		for _, dim := range lx.dims {
			name, written := Written(dim.Name, fields, part)
			if written == "" {
				continue
			}
			v, err := t.Parse(dim, written)
			if err == nil {
				err = v.check(dim)
			}
			if err != nil {
				problems[name] = err
				continue
			}
			one.Lines = append(one.Lines, AskedLine{dim.Name, kept(dim, v)})
		}
		name, written := Written(OnlyField, fields, part)
		var err error
		if one.Only, err = lx.Only(written); err != nil {
			problems[name] = err
		}
		if len(one.Lines)+len(one.Only) > 0 {
			parts = append(parts, one)
		}
	}
	return parts, problems
}

// kept is a value as text that [ParseValue] reads back: in English, and for a field
// where what English says reads in two ways, "1.125 days".
func kept(dim Dimension, v Value) string {
	if _, err := ParseValue(dim, v.String()); err != nil {
		return English.Write(v)
	}
	return v.String()
}

// Written returns what stands in the fields of a dimension in a part, counted from
// 1, or in those that name offerings, and how its field is named; empty where nothing is
// asked for.
func Written(name string, fields map[string][]string, part int) (field, text string) {
	field = PartPrefix(part) + name
	values := fields[field]
	if part == 1 && values == nil {
		values = fields["1."+name]
	}
	text = strings.TrimSpace(strings.ToValidUTF8(strings.Join(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.TrimSpace(v) == "" }), ", "), ""))
	if strings.Trim(text, ", ") == "" {
		return field, ""
	}
	return field, text
}

// PartPrefix is what the names of a part's fields begin with.
func PartPrefix(part int) string {
	if part == 1 {
		return ""
	}
	return strconv.Itoa(part) + "."
}

// Equal reports whether both ask for the same, in the same words.
func (a Asked) Equal(b Asked) bool {
	return slices.Equal(a.Lines, b.Lines) && slices.Equal(a.Only, b.Only)
}

// Need reads a kept part back. It is an error when the standard doesn't have
// its dimensions or values any more.
func (a Asked) Need(dims []Dimension) (Need, error) {
	need := Need{}
	for _, line := range a.Lines {
		i := slices.IndexFunc(dims, func(d Dimension) bool { return d.Name == line.Dimension })
		if i < 0 {
			return nil, fmt.Errorf("%q is no dimension of this standard", line.Dimension)
		}
		v, err := ParseValue(dims[i], line.Value)
		if err != nil {
			return nil, err
		}
		need[line.Dimension] = v
	}
	return need, nil
}

// Fields writes parts as the fields that [Lexicon.ReadAsked] reads in every tongue: a
// number has nothing between its thousands, since "20,000 names" is doubtful in German.
func Fields(parts []Asked) map[string][]string {
	fields := map[string][]string{}
	for i, part := range parts {
		for _, line := range part.Lines {
			value := line.Value
			if number, unit := splitNumber(value); englishSigns.grouped.MatchString(number) {
				value = strings.ReplaceAll(number, ",", "") + unit
			}
			fields[PartPrefix(i+1)+line.Dimension] = []string{value}
		}
		if len(part.Only) > 0 {
			fields[PartPrefix(i+1)+OnlyField] = part.Only
		}
	}
	return fields
}

// An Answer is what the standard says to a need in parts.
type Answer struct {
	Verdict Verdict    // of the part that is hardest to meet
	Parts   []Answered // as many as the need has
}

// An Answered is what the standard says to one part.
type Answered struct {
	Match
	Offerings []string   // of the smallest choice that holds it, or of the nearest
	Lacks     []LackLine // outside only: what the nearest lacks
	Bends     []string   // outside only: dimensions that some choice lacks which lacks as little
}

// A LackLine is a limit that does not hold, as text to be kept.
type LackLine struct{ Dimension, Need, Limit string } // Limit is empty where nothing is stated

// Answer matches all parts. The error is that of [Book.Match].
func (b *Book) Answer(parts []Asked) (Answer, error) {
	a := Answer{Verdict: Inside}
	for _, part := range parts {
		need, err := part.Need(b.dims)
		if err != nil {
			return Answer{}, err
		}
		m, err := b.Match(need, part.Only...)
		if err != nil {
			return Answer{}, err
		}
		one := Answered{Match: m}
		switch {
		case len(m.Fits) > 0:
			one.Offerings = idsOf(m.Fits[0].Offerings())
		case len(m.Misses) > 0:
			near := closest(m.Misses)
			one.Offerings = idsOf(near[0].Offerings())
			for _, l := range near[0].Lacks {
				one.Lacks = append(one.Lacks, LackLine{l.Dimension, l.Need.String(), l.Limit.String()})
			}
			one.Bends = bends(near)
		default:
			for _, line := range part.Lines {
				one.Lacks = append(one.Lacks, LackLine{line.Dimension, line.Value, ""})
				one.Bends = append(one.Bends, line.Dimension)
			}
		}
		if m.Verdict == Outside || m.Verdict == Combination && a.Verdict == Inside {
			a.Verdict = m.Verdict
		}
		a.Parts = append(a.Parts, one)
	}
	if len(parts) == 0 {
		a.Verdict = Outside
	}
	return a, nil
}

// closest are those misses that lack in as few dimensions as the nearest, and
// of them those that have a limit wherever they lack: an offering that says
// nothing of what is asked for is another kind of thing.
func closest(misses []Miss) []Miss {
	near := slices.DeleteFunc(slices.Clone(misses), func(m Miss) bool { return len(m.Lacks) > len(misses[0].Lacks) })
	stated := slices.DeleteFunc(slices.Clone(near), func(m Miss) bool {
		return slices.ContainsFunc(m.Lacks, func(l Lack) bool { return l.Limit.IsZero() })
	})
	if len(stated) > 0 {
		return stated
	}
	return near
}

// bends are the dimensions in which one of the misses lacks something: "nationwide
// in six hours" bends the turnaround of the one, or else the scope of the other.
func bends(misses []Miss) (list []string) {
	for _, m := range misses {
		for _, l := range m.Lacks {
			if !slices.Contains(list, l.Dimension) {
				list = append(list, l.Dimension)
			}
		}
	}
	return list
}

// Limits are the dimensions that the need asks to bend, in their order, each
// once.
func (a Answer) Limits(dims []Dimension) (list []string) {
	for _, dim := range dims {
		if slices.ContainsFunc(a.Parts, func(p Answered) bool {
			return slices.Contains(p.Bends, dim.Name)
		}) {
			list = append(list, dim.Name)
		}
	}
	return list
}

func idsOf(offerings []*Offering) []string {
	list := make([]string, len(offerings))
	for i, o := range offerings {
		list[i] = o.ID
	}
	return list
}

// Grants reports whether a need that is granted holds another one in a dimension:
// some part of it asks for as much there, or for more. One that names offerings counts
// for a need that names them, too. What was asked in words only,
// without a part, is for people to judge, and counts.
func (b *Book) Grants(granted []Asked, dimension string, need Asked) bool {
	if len(granted) == 0 {
		return true
	}
	i, known := b.index[dimension]
	wanted, ok := need.valueOf(b.dims, dimension)
	return known && ok && slices.ContainsFunc(granted, func(part Asked) bool {
		v, asked := part.valueOf(b.dims, dimension)
		held, _ := b.holds(want{i, wanted}, v)
		return asked && held && len(less(part.Only, need.Only)) == 0
	})
}

// valueOf is what a part asks for in a dimension, if it can be read.
func (a Asked) valueOf(dims []Dimension, dimension string) (Value, bool) {
	need, err := a.Need(dims)
	v, asked := need[dimension]
	return v, err == nil && asked
}
