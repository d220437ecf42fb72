package scenario

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

var (
	effectForm = regexp.MustCompile(`^([\w-]*\w)\s*(?:([+-])\s*(\d+)|=\s*(\w+))$`)
	needsForm  = regexp.MustCompile(`^needs(\s+hidden)?\s*:\s*`)
)

// ParseEffects reads what the title of a choice's link says: effects, needs,
// needs hidden and fatal, between semicolons. What it returns has no other
// fields, and its expressions in canonical writing. An error is a
// *SyntaxError with the offset in the text.
func ParseEffects(text string, variables []Variable) (Choice, error) {
	p := &effectParser{variables: variables}
	if strings.TrimSpace(text) == "" {
		return p.choice, nil
	}
	for at := 0; ; {
		part, rest, more := strings.Cut(text[at:], ";")
		blanks := len(part) - len(strings.TrimLeft(part, " \t\n"))
		if err := p.part(strings.TrimSpace(part), at+blanks); err != nil {
			return Choice{}, err
		}
		if !more {
			return p.choice, nil
		}
		at = len(text) - len(rest)
	}
}

type effectParser struct {
	variables []Variable
	choice    Choice
}

// part reads what stands between two semicolons.
func (p *effectParser) part(text string, at int) error {
	if text == "" {
		return wrong(at, "an effect is missing here; take the ; out, or write one such as %s", p.example())
	}
	if form := needsForm.FindStringSubmatch(text); form != nil {
		return p.needs(text[len(form[0]):], at+len(form[0]), form[1] != "")
	}
	if text == "fatal" {
		if p.choice.Fatal {
			return wrong(at, "fatal stands here a second time")
		}
		p.choice.Fatal = true
		return nil
	}
	form := effectForm.FindStringSubmatch(text)
	if form == nil {
		return p.noEffect(text, at)
	}
	effect, err := p.effect(form, at)
	if err != nil {
		return err
	}
	for _, e := range p.choice.Effects {
		if e.Name == effect.Name {
			return wrong(at, "%s changes here a second time; say in one effect what becomes of it", e.Name)
		}
	}
	p.choice.Effects = append(p.choice.Effects, effect)
	return nil
}

func (p *effectParser) needs(text string, at int, hidden bool) error {
	into, word := &p.choice.Needs, "needs"
	if hidden {
		into, word = &p.choice.Hidden, "needs hidden"
	}
	if *into != "" {
		return wrong(at, "%s: stands here a second time; join the two conditions with and", word)
	}
	e, err := ParseExpression(text, p.variables)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		syntax.Offset += at
	}
	if err != nil {
		return err
	}
	if e == nil {
		return wrong(at, "%s: asks nothing; write a condition after it, as in %s: %s", word, word, p.condition())
	}
	*into = e.String()
	return nil
}

// effect reads name, sign and number from the parts of an effectForm.
func (p *effectParser) effect(form []string, at int) (Effect, error) {
	name, sign, digits, value := form[1], form[2], form[3], form[4]
	valueAt := at + len(form[0]) - len(digits+value)
	i := find(p.variables, name)
	if i < 0 {
		return Effect{}, unknown(at, name)
	}
	v := p.variables[i]
	switch {
	case !v.Meter && sign != "":
		return Effect{}, wrong(at, "%s is a flag, which can't rise or fall; write %s = yes or %s = no", name, name, name)
	case !v.Meter && value != "yes" && value != "no":
		return Effect{}, wrong(valueAt, "%s is a flag; write %s = yes or %s = no", name, name, name)
	case !v.Meter:
		return Effect{Name: name, Set: true, By: truth(value == "yes")}, nil
	}
	n, err := strconv.Atoi(digits + value)
	switch {
	case err != nil || n > v.Max:
		return Effect{}, wrong(valueAt, "%s is a meter from 0 to %d; write a number in between instead of %.20s", name, v.Max, digits+value)
	case sign != "" && n == 0:
		return Effect{}, wrong(valueAt, "%s %s0 changes nothing; take it out", name, sign)
	case sign == "-":
		n = -n
	}
	return Effect{Name: name, Set: sign == "", By: n}, nil
}

// noEffect says what is wrong with a part that can't be read.
func (p *effectParser) noEffect(text string, at int) error {
	n := wordLength(text)
	switch word := text[:n]; {
	case strings.EqualFold(word, "needs"):
		return wrong(at, "what the choice needs is written with a colon, as in needs: %s", p.condition())
	case strings.EqualFold(word, "hidden"):
		return wrong(at, "a choice that is left out is written needs hidden: %s", p.condition())
	case strings.EqualFold(word, "fatal"):
		return wrong(at, "fatal stands alone and in lower case; put a semicolon before and after it")
	case n > 0 && find(p.variables, word) < 0:
		return unknown(at, word)
	}
	return wrong(at, "%q is no effect; write %s, needs: …, needs hidden: … or fatal, with a semicolon between two", text, p.example())
}

// example and condition are written with the scenario's own variables.
func (p *effectParser) example() string {
	var all []string
	for _, v := range p.variables {
		if v.Meter {
			all = append(all, v.Name+" +1")
		} else {
			all = append(all, v.Name+" = yes")
		}
	}
	if len(all) == 0 {
		return "fatal"
	}
	return strings.Join(all[:min(2, len(all))], " or ")
}

func (p *effectParser) condition() string {
	if len(p.variables) == 0 {
		return "yes"
	}
	if v := p.variables[0]; v.Meter {
		return v.Name + " >= " + strconv.Itoa((v.Max+1)/2)
	}
	return p.variables[0].Name
}
