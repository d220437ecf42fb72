package content

import (
	"errors"
	"regexp"
	"slices"
	"strconv"

	yamlast "github.com/goccy/go-yaml/ast"
	"github.com/yuin/goldmark/ast"

	"github.com/insidebox/insidebox/quiz/scenario"
)

// scenarioFront is the front matter of a scenario.
type scenarioFront struct {
	ID       string            `yaml:"id" validate:"required,id"`
	Title    string            `yaml:"title" validate:"required"`
	Start    string            `yaml:"start" validate:"required"`
	State    yamlast.Node      `yaml:"state" validate:"-"` // in the order written, so not a map
	Show     []string          `yaml:"show" validate:"unique"`
	Pass     string            `yaml:"pass"`
	Ends     map[string]string `yaml:"ends" validate:"dive,oneof=pass fail"`
	Attempts *int              `yaml:"attempts" validate:"omitempty,gte=1"`
	Cooldown []string          `yaml:"cooldown"`
}

// A scenarioParser reads one scenario. bad is set when it can't be played.
type scenarioParser struct {
	l       *loader
	src     *source
	s       *Scenario
	bad     bool
	lost    bool                   // the state could not be read, so no effect can be judged
	scenes  map[string]placedScene // by anchor
	anchors []string               // of the scenes, in the file's order
}

// A placedScene knows the places of a scene in its file, for findings.
type placedScene struct {
	at      int
	choices []placedChoice
}

type placedChoice struct {
	at    int // of its text
	title int // of what it does; of its text where it does nothing
}

// scenarioFile reads one scenario of the module, and analyses it. It comes
// back ready to be played, or nil when it can't be.
func (l *loader) scenarioFile(src *source, m *Module) *Scenario {
	p := &scenarioParser{l: l, src: src, s: &Scenario{Module: m, File: src.File}, scenes: map[string]placedScene{}}
	var front scenarioFront
	decoded := l.decode(src, &front)
	if p.lost = !decoded; decoded {
		p.front(front)
	}
	p.body()
	if decoded {
		p.rules(front)
	}
	if p.bad || p.lost {
		return nil
	}
	p.s.Seal()
	p.analyse()
	return p.s
}

func (p *scenarioParser) fail(at int, rule, format string, args ...any) {
	p.bad = true
	p.l.report.errorf(p.src, at, rule, format, args...)
}

// front takes what needs nothing of the body.
func (p *scenarioParser) front(front scenarioFront) {
	s := p.s
	s.ID, s.Title, s.Start, s.URL = front.ID, front.Title, front.Start, "/scenarios/"+front.ID
	p.state(front.State)
	p.lost = p.bad
	for i, name := range front.Show {
		if !p.lost && !slices.Contains(p.names(), name) {
			p.fail(p.l.frontOffset(p.src, "show", itoa(i)), "unknown-variable", "show: there is no %s in the state%s", quoted(name), didYouMean(name, p.names()))
		}
	}
	s.Show = front.Show
	pass, err := scenario.ParseExpression(front.Pass, s.Variables)
	if err != nil && !p.lost {
		p.syntax(p.valueOffset("pass"), "bad-condition", "pass: ", err)
	}
	s.Pass = pass.String()
	if front.Attempts != nil {
		s.Attempts = *front.Attempts
	}
	s.Cooldown = p.l.cooldowns(p.src, front.Cooldown)
}

// valueOffset is where the text of a value begins, behind a quotation mark.
func (p *scenarioParser) valueOffset(key string) int {
	at := p.l.frontOffset(p.src, key)
	if c := p.src.Bytes[min(at, len(p.src.Bytes)-1)]; c == '"' || c == '\'' {
		at++
	}
	return at
}

// syntax reports what is wrong with a condition or an effect, at its place in
// the text that begins at the offset.
func (p *scenarioParser) syntax(at int, rule, what string, err error) {
	hint := ""
	if wrong := (*scenario.SyntaxError)(nil); errors.As(err, &wrong) {
		at += wrong.Offset
		if wrong.Unknown != "" {
			hint = didYouMean(wrong.Unknown, p.names())
		}
	}
	p.fail(at, rule, "%s%v%s", what, err, hint)
}

func (p *scenarioParser) names() []string {
	var names []string
	for _, v := range p.s.Variables {
		names = append(names, v.Name)
	}
	return names
}

var meterValue = regexp.MustCompile(`^(\d{1,6}) of (\d{1,6})$`)

// state takes the variables in the order in which they are declared.
func (p *scenarioParser) state(n yamlast.Node) {
	if n == nil {
		return
	}
	group, ok := n.(*yamlast.MappingNode)
	if !ok {
		p.fail(p.l.frontOffset(p.src, "state"), "value-shape", "state must be a group of meters and flags, such as {trust: 5 of 10, homework: no}, not %s", shapeOf(n))
		return
	}
	for _, kv := range group.Values {
		name := keyText(kv)
		if !scenario.IsName(name) {
			p.fail(p.l.nodeOffset(p.src, kv.Key), "bad-state", "%s can't be the name of a meter or a flag; names are lower-case words joined by hyphens, each beginning with a letter, and not a word of conditions (and, or, not, yes, no, needs, hidden, fatal)", quoted(name))
			continue
		}
		p.variable(name, scalarText(kv.Value), p.l.nodeOffset(p.src, kv.Value))
	}
	if n := len(p.s.Variables); n > scenario.MaxVariables {
		p.fail(p.l.frontOffset(p.src, "state"), "bad-state", "the state has %d meters and flags; at most %d can be kept", n, scenario.MaxVariables)
	}
}

// variable takes one meter ("5 of 10") or flag (yes or no).
func (p *scenarioParser) variable(name, text string, at int) {
	v := scenario.Variable{Name: name, Max: 1}
	form := meterValue.FindStringSubmatch(text)
	switch {
	case form != nil:
		v.Meter = true
		v.Start, _ = strconv.Atoi(form[1]) // up to six digits
		v.Max, _ = strconv.Atoi(form[2])
	case text == "yes":
		v.Start = 1
	case text != "no":
		p.fail(at, "bad-state", "%s is %s; a meter is written as in 5 of 10, a flag yes or no", name, quoted(text))
		return
	}
	if v.Max < 1 || v.Max > scenario.MaxMeter || v.Start > v.Max {
		p.fail(at, "bad-state", "%s is %s; a meter begins between 0 and its maximum, which is from 1 to %d", name, quoted(text), scenario.MaxMeter)
		return
	}
	p.s.Variables = append(p.s.Variables, v)
}

// body reads the introduction and the scenes, for their findings even where
// the front matter could not be read.
func (p *scenarioParser) body() {
	p.l.resolve(p.src)
	sections(p.src, func(anchor string, heading *ast.Heading, nodes []ast.Node) {
		if heading == nil {
			p.noScenes(nodes)
			p.s.Intro = p.l.render(p.src, nodes...)
			return
		}
		p.scene(anchor, heading, nodes)
	})
	if len(p.s.Scenes) == 0 {
		p.fail(p.src.Body.From, "scenario-no-scenes", "the scenario has no scenes; each begins with a heading (## …)")
	}
}
