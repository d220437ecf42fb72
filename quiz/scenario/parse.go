package scenario

import (
	"slices"
	"strconv"
	"strings"
)

// reserved are words that no variable can have for a name.
var reserved = []string{"and", "or", "not", "yes", "no", "needs", "hidden", "fatal"}

// IsName reports whether a variable may have the name: lower-case words
// joined by hyphens, each beginning with a letter, and no word of the format.
func IsName(name string) bool {
	return name != "" && wordLength(name) == len(name) && name == strings.ToLower(name) &&
		!strings.Contains(name, "_") && !slices.Contains(reserved, name)
}

// ParseExpression reads an expression over the variables. A text of blanks is
// the empty expression, nil, which always holds. An error is a *SyntaxError.
func ParseExpression(text string, variables []Variable) (*Expression, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	if tokens[0].kind == endToken {
		return nil, nil
	}
	p := &parser{e: &Expression{variables: variables}, tokens: tokens}
	root, err := p.condition(p.either)
	if err != nil {
		return nil, err
	}
	if t := p.tokens[0]; t.kind != endToken {
		return nil, p.unexpected(t)
	}
	p.e.root = root
	return p.e, nil
}

// A parser reads tokens, one method a line of the grammar.
type parser struct {
	e      *Expression
	tokens []token // those to come; the end stays
}

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != endToken {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token if it reads so.
func (p *parser) accept(text string) bool {
	if p.tokens[0].text != text {
		return false
	}
	p.take()
	return true
}

// condition reads what holds or doesn't.
func (p *parser) condition(read func() (*node, error)) (*node, error) {
	n, err := read()
	if err != nil {
		return nil, err
	}
	switch n.kind {
	case numberKind:
		return nil, wrong(n.at, "the number %d alone asks nothing; compare a meter with it, as in %s >= %d", n.value, p.someMeter(), n.value)
	case meterKind:
		v := p.e.variables[n.value]
		return nil, wrong(n.at, "%s is a meter, which is neither yes nor no; compare it with a number, as in %s >= %d", v.Name, v.Name, v.Max/2)
	}
	return n, nil
}

func (p *parser) someMeter() string {
	if i := slices.IndexFunc(p.e.variables, func(v Variable) bool { return v.Meter }); i >= 0 {
		return p.e.variables[i].Name
	}
	return "trust"
}

func (p *parser) either() (*node, error) { return p.series(orKind, "or", p.both) }

func (p *parser) both() (*node, error) { return p.series(andKind, "and", p.negated) }

// series reads parts joined by a word. A part in parentheses that is such a
// series itself is taken apart, for the meaning is the same.
func (p *parser) series(k kind, word string, part func() (*node, error)) (*node, error) {
	first, err := part()
	if err != nil || p.tokens[0].text != word {
		return first, err
	}
	all := &node{kind: k, at: first.at}
	if first, err = p.condition(func() (*node, error) { return first, nil }); err != nil {
		return nil, err
	}
	for n := first; ; {
		if n.kind == k {
			all.kids = append(all.kids, n.kids...)
		} else {
			all.kids = append(all.kids, n)
		}
		if !p.accept(word) {
			return all, nil
		}
		if n, err = p.condition(part); err != nil {
			return nil, err
		}
	}
}

func (p *parser) negated() (*node, error) {
	at := p.tokens[0].at
	if !p.accept("not") {
		return p.compared()
	}
	n, err := p.condition(p.negated)
	if err != nil {
		return nil, err
	}
	return &node{kind: notKind, kids: []*node{n}, at: at}, nil
}

func (p *parser) compared() (*node, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	sign := p.tokens[0]
	if signs[sign.text] == 0 {
		return left, nil
	}
	p.take()
	right, err := p.operand()
	if err != nil {
		return nil, err
	}
	if t := p.tokens[0]; signs[t.text] != 0 {
		return nil, wrong(t.at, "comparisons can't be chained; join two of them with and")
	}
	if err := p.comparable(left, sign, right); err != nil {
		return nil, err
	}
	p.measure(left, right)
	p.measure(right, left)
	return &node{kind: signs[sign.text], kids: []*node{left, right}, at: left.at}, nil
}

// comparable judges whether two operands go together.
func (p *parser) comparable(left *node, sign token, right *node) error {
	switch {
	case left.constant() && right.constant():
		return wrong(left.at, "both sides are fixed, so nothing is asked; compare a meter or a flag")
	case left.amount() != right.amount():
		return p.mismatch(left, right)
	case !left.amount() && sign.text != "=" && sign.text != "!=":
		return wrong(sign.at, "yes and no have no order, so %s can't compare them; write = or !=", sign.text)
	}
	return nil
}

// mismatch says that a number stands against a condition.
func (p *parser) mismatch(left, right *node) error {
	amount, truth := left, right
	if right.amount() {
		amount, truth = right, left
	}
	switch {
	case truth.kind == flagKind:
		return wrong(amount.at, "%s is a flag; compare it with yes or no, or write it alone", p.e.variables[truth.value].Name)
	case amount.kind == meterKind:
		v := p.e.variables[amount.value]
		return wrong(truth.at, "%s is a meter; compare it with a number from 0 to %d", v.Name, v.Max)
	}
	return wrong(amount.at, "a condition can't be compared with a number")
}

// measure notes a number that its meter never reaches.
func (p *parser) measure(meter, number *node) {
	if meter.kind != meterKind || number.kind != numberKind {
		return
	}
	if v := p.e.variables[meter.value]; number.value > v.Max {
		p.e.beyond = append(p.e.beyond, Beyond{number.at, v.Name, v.Max, number.value})
	}
}

func (p *parser) operand() (*node, error) {
	t := p.take()
	switch {
	case t.text == "(":
		n, err := p.either()
		if err != nil {
			return nil, err
		}
		if !p.accept(")") {
			return nil, wrong(p.tokens[0].at, "the parenthesis ( is not closed; write ) where its part ends")
		}
		return n, nil
	case t.kind == digitsToken:
		n, err := strconv.Atoi(t.text)
		if err != nil || n > 1_000_000 {
			return nil, wrong(t.at, "the number %.20s is too large; no meter goes above %d", t.text, MaxMeter)
		}
		return &node{kind: numberKind, value: n, at: t.at}, nil
	case t.text == "yes" || t.text == "no":
		return &node{kind: truthKind, value: truth(t.text == "yes"), at: t.at}, nil
	case t.kind == wordToken && !slices.Contains(reserved, t.text):
		return p.variable(t)
	}
	return nil, p.unexpected(t)
}

func (p *parser) variable(t token) (*node, error) {
	i := find(p.e.variables, t.text)
	switch {
	case i >= 0 && p.e.variables[i].Meter:
		return &node{kind: meterKind, value: i, at: t.at}, nil
	case i >= 0:
		return &node{kind: flagKind, value: i, at: t.at}, nil
	}
	return nil, unknown(t.at, t.text)
}

func unknown(at int, name string) error {
	err := wrong(at, "there is no %q in the state", name)
	err.Unknown = name
	return err
}

// unexpected says that a token doesn't belong where it stands.
func (p *parser) unexpected(t token) error {
	switch {
	case t.kind == endToken:
		return wrong(t.at, "the expression ends too early; a name, a comparison or a part in parentheses is missing")
	case t.text == ")":
		return wrong(t.at, "this ) closes nothing")
	default:
		return wrong(t.at, "%q does not belong here; parts are joined by the words and, or, in small letters, and each is a flag or a comparison", t.text)
	}
}
