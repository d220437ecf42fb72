package server

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/insidebox/insidebox/standard"
)

// A need is asked for in the same fields wherever a page asks for one: what may be
// of a set is ticked, all else is typed, and the customer's question is what the
// field is called by.

// A needField is one dimension to fill in.
type needField struct {
	Name, Label, Ask string
	Hint             string // how to write it, in the page's language
	Unit             string // the same, in the content's
	Value, Problem   string
	Choices          []needChoice // of a set
	Own              bool         // the label is in the page's language, not the content's
}

type needChoice struct {
	Value, Name string
	Checked     bool
}

// needField is the field of a dimension with what was written in it. What is no
// choice of a set stays in sight as it was written.
func (r *request) needField(name string, dim standard.Dimension, text, problem string) needField {
	f := needField{Name: name, Label: dim.Label, Ask: dim.Ask, Value: text, Problem: problem}
	v, err := r.tongue().Parse(dim, text)
	switch {
	case dim.Kind != standard.AllOf:
		if f.Hint = r.unitHint(dim); f.Hint == "" && !strings.Contains(strings.ToLower(dim.Label), strings.ToLower(dim.Unit)) {
			f.Unit = dim.Unit
		}
	case strings.TrimSpace(text) != "" && (err != nil || problem != ""):
		f.Unit = r.exampleOf(dim)
	default:
		for _, one := range dim.Values {
			f.Choices = append(f.Choices, needChoice{one, dim.NameOf(one), slices.Contains(v.Set, one)})
		}
	}
	return f
}

// unitHint says what a figure may be counted in; "" when its unit says it.
func (r *request) unitHint(dim standard.Dimension) string {
	switch dim.Unit {
	case "h", "d", "min", "bd":
		return r.t("sell.unit.time")
	case "per day", "per week":
		return r.t("sell.unit.per-day")
	case "per month":
		return r.t("sell.unit.per-month")
	}
	return ""
}

// needName is the field of a dimension in a part, as its need is read.
func needName(part int, dimension string) string {
	if part == 1 {
		return dimension
	}
	return strconv.Itoa(part) + "." + dimension
}

// exampleOf is a value of a dimension as one may write it.
func (r *request) exampleOf(dim standard.Dimension) string {
	if dim.Kind == standard.AllOf {
		return strings.Join(dim.Values, ", ")
	}
	return r.tongue().Write(standard.Value{Number: big.NewRat(24, 1), Unit: dim.Unit})
}
