package scenario

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var callState = []Variable{
	{Name: "trust", Meter: true, Start: 5, Max: 10}, {Name: "margin", Meter: true, Start: 5, Max: 10},
	{Name: "homework", Max: 1}, {Name: "load-on-operations", Meter: true, Max: 3},
}

func TestExpressions(t *testing.T) {
	values := Values{5, 3, 1, 0} // trust, margin, homework, load
	for text, want := range map[string]bool{
		"trust >= 5": true, "trust > 5": false, "trust <= 5": true, "trust < 5": false, "trust = 5": true, "trust != 5": false,
		"5 <= trust": true, "trust > margin": true, "margin = load-on-operations": false,
		"homework": true, "not homework": false, "homework = yes": true, "homework != no": true, "no = homework": false, "yes": true, "no": false,
		"trust >= 5 and (margin >= 4 or homework)": true,
		"trust >= 6 and margin >= 4 or homework":   true, // and before or
		"trust >= 6 and (margin >= 4 or homework)": false,
		"not trust >= 6 and homework":              true, // not before and
		"not (trust >= 6 and homework)":            true,
		"not not homework":                         true,
		"(trust > 5) = homework":                   false,
		"(trust) >= 5":                             true,
		"load-on-operations=0":                     true,
		"trust>=5 and\n  homework":                 true,
	} {
		e, err := ParseExpression(text, callState)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := e.Holds(values); got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
	if e, err := ParseExpression("  ", callState); e != nil || err != nil || !e.Holds(values) || e.String() != "" || e.Names() != nil {
		t.Errorf("the empty expression: %v, %v", e, err)
	}
}

func TestExpressionErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		says   string
	}{
		{"trust", 0, "trust is a meter, which is neither yes nor no"},
		{"homework and margin", 13, "margin is a meter"},
		{"margin or homework", 0, "margin is a meter"},
		{"not trust", 4, "trust is a meter"},
		{"5", 0, "the number 5 alone asks nothing; compare a meter with it, as in trust >= 5"},
		{"trsut >= 5", 0, `there is no "trsut" in the state`},
		{"homework and Trust > 1", 13, `there is no "Trust" in the state`},
		{"homework = 5", 11, "homework is a flag; compare it with yes or no"},
		{"homework >= yes", 9, "yes and no have no order"},
		{"trust = yes", 8, "trust is a meter; compare it with a number from 0 to 10"},
		{"trust = homework", 0, "homework is a flag"},
		{"no = margin", 0, "margin is a meter"},
		{"(trust > 5) > 4", 14, "can't be compared with a number"},
		{"4 < 5", 0, "both sides are fixed"},
		{"yes = yes", 0, "both sides are fixed"},
		{"3 < trust < 5", 10, "comparisons can't be chained"},
		{"trust >= 5 and", 14, "ends too early"},
		{"trust >=", 8, "ends too early"},
		{"and homework", 0, `"and" does not belong here`},
		{"homework homework", 9, `"homework" does not belong here`},
		{"homework needs", 9, `"needs" does not belong here`},
		{"(homework", 9, "the parenthesis ( is not closed"},
		{"homework)", 8, "this ) closes nothing"},
		{"()", 1, "this ) closes nothing"},
		{"trust == 5", 6, "== is not a sign of expressions; write ="},
		{"trust ≥ 5", 6, "≥ is not a sign of expressions; write >="},
		{"homework && homework", 9, "write and"},
		{"!homework", 0, "write not"},
		{"trust >= -1", 9, `"-" has no meaning`},
		{"trust >< 1", 6, `"><" has no meaning`},
		{"“trust”", 0, `"“" has no meaning`},
		{"trust >= 99999999999999999999", 9, "too large"},
		{strings.Repeat("homework or ", 150) + "homework", 1200, "too long"},
	} {
		_, err := ParseExpression(c.text, callState)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset != c.offset || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want at %d: %s", c.text, err, c.offset, c.says)
			if syntax != nil {
				t.Errorf("    it is at %d", syntax.Offset)
			}
		}
	}
	_, err := ParseExpression("homework or trsut > 1", callState)
	if syntax := (*SyntaxError)(nil); !errors.As(err, &syntax) || syntax.Unknown != "trsut" {
		t.Errorf("an unknown name: %+v", err)
	}
}

func TestExpressionBeyond(t *testing.T) {
	e, err := ParseExpression("trust >= 11 or 4 > load-on-operations or margin <= 10", callState)
	want := []Beyond{{9, "trust", 10, 11}, {15, "load-on-operations", 3, 4}}
	if err != nil || !reflect.DeepEqual(e.Beyond(), want) {
		t.Errorf("beyond is %v, %v; want %v", e.Beyond(), err, want)
	}
}

func TestExpressionCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"((trust>=5))": "trust >= 5", "homework  and(trust<3)": "homework and trust < 3",
		"a or (b or c) or a": "a or b or c or a", "(a and b) or c": "a and b or c", "a and (b or c)": "a and (b or c)",
		"not (a or b)": "not (a or b)", "not (not a)": "not not a", "not (trust = 5)": "not trust = 5",
		"(a or b) = (not c)": "(a or b) = (not c)", "(a = b) != c": "(a = b) != c", "(5) < (trust)": "5 < trust",
	} {
		variables := append([]Variable{{Name: "a", Max: 1}, {Name: "b", Max: 1}, {Name: "c", Max: 1}}, callState...)
		e, err := ParseExpression(text, variables)
		if err != nil || e.String() != want {
			t.Errorf("%q is %q, %v; want %q", text, e, err, want)
		}
	}
}

// A condition is an expression's text with the same thing as a function: the
// two must agree. The text is written by this function, with parentheses at
// random, and read by the parser.
type condition struct {
	text  string
	holds func(Values) bool
	level int // of the sign that binds least: 1 or, 2 and, 3 not, 4 comparison, 5 name
}

// in writes a part where only what binds tighter may stand bare.
func (c condition) in(pick picker, level int) string {
	if c.level < level || pick(5) == 0 {
		return "(" + c.text + ")"
	}
	return c.text
}

// A picker picks a whole number below another.
type picker func(n int) int

func anyCondition(pick picker, variables []Variable, depth int) condition {
	shape := pick(6)
	if depth == 0 {
		shape = min(shape, 2)
	}
	switch shape {
	case 0, 1, 2:
		return anyComparison(pick, variables)
	case 3:
		c := anyCondition(pick, variables, depth-1)
		return condition{"not " + c.in(pick, 3), func(v Values) bool { return !c.holds(v) }, 3}
	}
	x, y := anyCondition(pick, variables, depth-1), anyCondition(pick, variables, depth-1)
	if shape == 4 {
		return condition{x.in(pick, 2) + " and " + y.in(pick, 2), func(v Values) bool { return x.holds(v) && y.holds(v) }, 2}
	}
	return condition{x.in(pick, 1) + " or " + y.in(pick, 1), func(v Values) bool { return x.holds(v) || y.holds(v) }, 1}
}

func anyComparison(pick picker, variables []Variable) condition {
	i := pick(len(variables))
	v := variables[i]
	if !v.Meter {
		switch pick(3) {
		case 0:
			return condition{v.Name, func(x Values) bool { return x[i] == 1 }, 5}
		case 1:
			return condition{v.Name + " = no", func(x Values) bool { return x[i] == 0 }, 4}
		default:
			return condition{"yes != " + v.Name, func(x Values) bool { return x[i] != 1 }, 4}
		}
	}
	n := pick(v.Max + 1)
	sign := []string{">=", "<=", ">", "<", "=", "!="}[pick(6)]
	return condition{v.Name + " " + sign + " " + strconv.Itoa(n), func(x Values) bool {
		return map[string]bool{">=": x[i] >= n, "<=": x[i] <= n, ">": x[i] > n, "<": x[i] < n, "=": x[i] == n, "!=": x[i] != n}[sign]
	}, 4}
}

func TestExpressionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCondition(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }, callState, 4)
		e, err := ParseExpression(c.text, callState)
		if err != nil {
			if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) && strings.Contains(syntax.Message, "too long") {
				return
			}
			t.Fatalf("%q: %v", c.text, err)
		}
		again, err := ParseExpression(e.String(), callState)
		if err != nil || again.String() != e.String() || !sameTree(again.root, e.root) {
			t.Fatalf("%q is written %q, which is read as %q, %v", c.text, e, again, err)
		}
		for range 5 {
			values := anyValues(t, callState)
			if e.Holds(values) != c.holds(values) {
				t.Fatalf("%q is %v for %v", c.text, e.Holds(values), values)
			}
		}
	})
}

// sameTree compares all but the places.
func sameTree(x, y *node) bool {
	if x.kind != y.kind || x.value != y.value || len(x.kids) != len(y.kids) {
		return false
	}
	for i := range x.kids {
		if !sameTree(x.kids[i], y.kids[i]) {
			return false
		}
	}
	return true
}

func anyValues(t *rapid.T, variables []Variable) Values {
	var values Values
	for _, v := range variables {
		values = append(values, rapid.IntRange(0, v.Max).Draw(t, v.Name))
	}
	return values
}

func FuzzExpression(f *testing.F) {
	for _, text := range []string{"trust >= 5 and (margin >= 4 or homework)", "not (a", "5 <= trust", "homework = yes", "≥", "((((", "trust - 1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ParseExpression(text, callState)
		if syntax := (*SyntaxError)(nil); err != nil && (!errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) || syntax.Message == "") {
			t.Fatalf("%q: %#v", text, err)
		}
		if err != nil || e == nil {
			return
		}
		e.Holds(Values{1, 2, 1, 3})
		again, err := ParseExpression(e.String(), callState)
		if err != nil || !sameTree(again.root, e.root) {
			t.Fatalf("%q is written %q, which is read as %q, %v", text, e, again, err)
		}
	})
}
