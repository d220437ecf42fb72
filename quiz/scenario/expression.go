package scenario

import (
	"slices"
	"strconv"
	"strings"
)

// An Expression is a condition on values, read from what an author wrote.
type Expression struct {
	root      *node
	variables []Variable
	beyond    []Beyond
}

// Beyond is a comparison of a meter with a number above its maximum, which
// the values can't decide any more.
type Beyond struct {
	Offset int // of the number, in bytes
	Name   string
	Max    int
	Number int
}

// A node is a part of an expression. What it is worth is a whole number: of
// conditions 1 where they hold, else 0.
type node struct {
	kind  kind
	kids  []*node
	value int // the number, or the index of the variable
	at    int // offset in the text
}

type kind int

const (
	orKind kind = iota
	andKind
	notKind
	comparedKind // and the six comparisons after it
	atLeast
	atMost
	above
	below
	equal
	unequal
	numberKind
	truthKind // yes or no
	meterKind
	flagKind
)

// signs are the comparisons as they are written.
var signs = map[string]kind{">=": atLeast, "<=": atMost, ">": above, "<": below, "=": equal, "!=": unequal}

// amount reports whether the node is a number rather than a condition.
func (n *node) amount() bool { return n.kind == numberKind || n.kind == meterKind }

// constant reports whether no value has a part in the node.
func (n *node) constant() bool { return n.kind == numberKind || n.kind == truthKind }

// Holds reports whether the condition holds for the values; of an empty
// expression (nil), always.
func (e *Expression) Holds(values Values) bool {
	return e == nil || e.root.worth(values) != 0
}

// Beyond returns the comparisons with numbers that their meter never reaches.
func (e *Expression) Beyond() []Beyond { return e.beyond }

// Names returns the variables that the expression asks for, sorted.
func (e *Expression) Names() []string {
	if e == nil {
		return nil
	}
	var names []string
	e.root.walk(func(n *node) {
		if n.kind == meterKind || n.kind == flagKind {
			names = append(names, e.variables[n.value].Name)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

func (n *node) walk(do func(*node)) {
	do(n)
	for _, kid := range n.kids {
		kid.walk(do)
	}
}

func (n *node) worth(values Values) int {
	switch n.kind {
	case orKind:
		return truth(slices.ContainsFunc(n.kids, func(kid *node) bool { return kid.worth(values) != 0 }))
	case andKind:
		return truth(!slices.ContainsFunc(n.kids, func(kid *node) bool { return kid.worth(values) == 0 }))
	case notKind:
		return 1 - n.kids[0].worth(values)
	case numberKind, truthKind:
		return n.value
	case meterKind, flagKind:
		return values[n.value]
	}
	return truth(compare(n.kind, n.kids[0].worth(values), n.kids[1].worth(values)))
}

func compare(sign kind, x, y int) bool {
	switch sign {
	case atLeast:
		return x >= y
	case atMost:
		return x <= y
	case above:
		return x > y
	case below:
		return x < y
	case unequal:
		return x != y
	default:
		return x == y
	}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// String writes the expression with single spaces and no parentheses that it
// can do without; "" for nil.
func (e *Expression) String() string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	e.write(&b, e.root)
	return b.String()
}

func (e *Expression) write(b *strings.Builder, n *node) {
	switch n.kind {
	case orKind, andKind:
		for i, kid := range n.kids {
			if i > 0 {
				b.WriteString(map[kind]string{orKind: " or ", andKind: " and "}[n.kind])
			}
			e.within(b, kid, kid.kind <= n.kind)
		}
	case notKind:
		b.WriteString("not ")
		e.within(b, n.kids[0], n.kids[0].kind < notKind)
	case numberKind:
		b.WriteString(strconv.Itoa(n.value))
	case truthKind:
		b.WriteString([]string{"no", "yes"}[n.value])
	case meterKind, flagKind:
		b.WriteString(e.variables[n.value].Name)
	default:
		e.within(b, n.kids[0], n.kids[0].kind < numberKind)
		for sign, k := range signs {
			if k == n.kind {
				b.WriteString(" " + sign + " ")
			}
		}
		e.within(b, n.kids[1], n.kids[1].kind < numberKind)
	}
}

// within writes a part, in parentheses where it would be read otherwise.
func (e *Expression) within(b *strings.Builder, n *node, parentheses bool) {
	if !parentheses {
		e.write(b, n)
		return
	}
	b.WriteByte('(')
	e.write(b, n)
	b.WriteByte(')')
}
