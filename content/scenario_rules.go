package content

import (
	"maps"
	"slices"

	yamlast "github.com/goccy/go-yaml/ast"

	"github.com/insidebox/insidebox/quiz/scenario"
)

// rules holds the front matter against the scenes.
func (p *scenarioParser) rules(front scenarioFront) {
	if _, ok := p.scenes[front.Start]; !ok {
		p.fail(p.l.frontOffset(p.src, "start"), "unknown-scene", "start: there is no scene %s%s", quoted(front.Start), didYouMean(front.Start, p.anchors))
	}
	p.s.Ends = map[string]scenario.EndKind{}
	for _, anchor := range slices.Sorted(maps.Keys(front.Ends)) {
		if _, ok := p.scenes[anchor]; !ok {
			p.fail(p.endOffset(anchor), "unknown-scene", "ends: there is no scene %s%s", quoted(anchor), didYouMean(anchor, p.anchors))
		}
		p.s.Ends[anchor] = scenario.EndKind(front.Ends[anchor])
	}
}

// endOffset is where an end is named in the front matter.
func (p *scenarioParser) endOffset(anchor string) int {
	if group, ok := child(p.src.yaml.root, "ends").(*yamlast.MappingNode); ok {
		for _, kv := range group.Values {
			if keyText(kv) == anchor {
				return p.l.nodeOffset(p.src, kv.Key)
			}
		}
	}
	return p.l.frontOffset(p.src, "ends")
}

// analyse makes the scenario ready, and reports what package scenario finds
// in its graph.
func (p *scenarioParser) analyse() {
	for _, problem := range scenario.Analyse(&p.s.Scenario) {
		report := p.l.report.errorf
		if !problem.IsError() {
			report = p.l.report.warnf
		}
		report(p.src, p.problemOffset(problem), string(problem.Rule), "%s", problem.Message)
	}
}

// problemOffset is the place of a problem: what the choice does, the choice,
// the scene, or the part of the front matter that it is about.
func (p *scenarioParser) problemOffset(problem scenario.Problem) int {
	scene, known := p.scenes[problem.Scene]
	switch {
	case problem.Rule == scenario.RuleEnds:
		return p.endOffset(problem.Scene)
	case known && problem.Choice >= 0:
		return scene.choices[problem.Choice].title
	case known:
		return scene.at
	case problem.Rule == scenario.RuleLarge:
		return p.l.frontOffset(p.src, "state")
	case problem.Rule == scenario.RuleForm:
		return p.src.Body.From
	}
	return p.l.frontOffset(p.src, "pass")
}
