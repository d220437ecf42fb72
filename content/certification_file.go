package content

import (
	"cmp"
	"slices"
	"strings"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/quiz/scenario"
)

// certificationFront is the front matter of a certification.
type certificationFront struct {
	ID          string             `yaml:"id" validate:"required,id"`
	Title       string             `yaml:"title"`
	Offerings   []string           `yaml:"offerings" validate:"required,min=1,unique"`
	After       []string           `yaml:"after" validate:"unique"`
	Requires    []requirementFront `yaml:"requires" validate:"required,min=1,dive"`
	Covers      []string           `yaml:"covers" validate:"unique"`
	Valid       string             `yaml:"valid"`
	Remind      []string           `yaml:"remind"`
	Grace       string             `yaml:"grace"`
	EnforceFrom string             `yaml:"enforce-from"`
}

// requirementFront is one entry under requires: exactly one key is given.
type requirementFront struct {
	Module   string        `yaml:"module"`
	Quiz     string        `yaml:"quiz"`
	Scenario string        `yaml:"scenario"`
	Signoff  *signoffFront `yaml:"signoff"`
}

type signoffFront struct {
	By       string   `yaml:"by" validate:"omitempty,oneof=manager"`
	Criteria []string `yaml:"criteria" validate:"required,min=1,unique,dive,required"`
}

// certificationFile reads one certification; modules are expanded into their
// lessons, clause patterns into clauses.
func (l *loader) certificationFile(src *source) {
	var front certificationFront
	text := l.render(src, blocks(src.Doc)...)
	if !l.decode(src, &front) {
		return
	}
	c := &certify.Certification{
		ID: front.ID, Title: cmp.Or(front.Title, l.titlesOf(front.Offerings)), Offerings: front.Offerings, After: front.After,
		Text: text, URL: "/certifications/" + front.ID,
	}
	l.offeringsOf(src, c)
	for i, r := range front.Requires {
		l.requirement(src, c, i, r)
	}
	l.covers(src, c, front.Covers)
	l.validity(src, c, front)
	l.addCertification(src, c)
}

// addCertification seals the certification and enters it under its id.
func (l *loader) addCertification(src *source, c *certify.Certification) {
	if src.Draft || l.lib.certifications[c.ID] != nil {
		return // a draft, or an id that has been reported as taken
	}
	l.lib.certifications[c.ID] = c
	l.lib.Certifications = append(l.lib.Certifications, c.Seal())
}

// offeringsOf sees that the offerings exist.
func (l *loader) offeringsOf(src *source, c *certify.Certification) {
	for i, id := range c.Offerings {
		if l.lib.offerings[id] == nil && !l.nameless(standardKind) {
			l.report.errorf(src, l.frontOffset(src, "offerings", itoa(i)), "unknown-offering", "there is no offering with the id %s%s", quoted(id), didYouMean(id, idsOf(l.lib.offerings)))
		}
	}
}

// titlesOf is what a certification for these offerings is called.
func (l *loader) titlesOf(offerings []string) string {
	var titles []string
	for _, id := range offerings {
		if o := l.lib.offerings[id]; o != nil {
			titles = append(titles, o.Title)
		}
	}
	return strings.Join(titles, ", ")
}

// requirement turns one entry under requires into steps.
func (l *loader) requirement(src *source, c *certify.Certification, i int, r requirementFront) {
	at := func(key string) int { return l.frontOffset(src, "requires", itoa(i), key) }
	given := keysOf(child(child(src.yaml.root, "requires"), itoa(i)))
	if len(given) != 1 {
		l.report.errorf(src, l.frontOffset(src, "requires", itoa(i)), "bad-requirement", "requirement %d names %s; each entry names exactly one: begin every requirement with a - of its own", i+1, cmp.Or(andList(given), "nothing"))
		return
	}
	switch given[0] {
	case "module":
		l.moduleSteps(src, at("module"), c, r.Module)
	case "quiz":
		q := l.lib.quizzes[r.Quiz]
		if q == nil && l.declared(quizKind, r.Quiz) {
			return // what is wrong with it has been said there
		}
		if q == nil {
			l.report.errorf(src, at("quiz"), "unknown-quiz", "there is no quiz with the id %s%s", quoted(r.Quiz), didYouMean(r.Quiz, idsOf(l.lib.quizzes)))
			return
		}
		l.addStep(src, at("quiz"), c, certify.Step{Kind: certify.PassQuiz, Ref: q.ID, Title: q.Title, URL: q.URL})
	case "scenario":
		s := l.lib.scenarios[r.Scenario]
		if s == nil && l.declared(scenarioKind, r.Scenario) {
			return // what is wrong with it has been said there
		}
		if s == nil {
			l.report.errorf(src, at("scenario"), "unknown-scenario", "there is no scenario with the id %s%s", quoted(r.Scenario), didYouMean(r.Scenario, idsOf(l.lib.scenarios)))
			return
		}
		l.addStep(src, at("scenario"), c, certify.Step{Kind: certify.PlayScenario, Ref: scenario.Key(s.ID), Title: s.Title, URL: s.URL})
	case "signoff":
		l.addStep(src, at("signoff"), c, certify.Step{Kind: certify.SignOff, Ref: "signoff", Title: "Sign-off by your manager", Criteria: r.Signoff.Criteria})
	}
}

// moduleSteps adds a step for each lesson of a module; each is waived by
// passing one of the module's quizzes.
func (l *loader) moduleSteps(src *source, at int, c *certify.Certification, id string) {
	m := l.lib.modules[id]
	switch {
	case m == nil:
		l.report.errorf(src, at, "unknown-module", "there is no module %s; a module is named by its course and folder without numbers, such as onboarding/the-box%s", quoted(id), didYouMean(id, idsOf(l.lib.modules)))
		return
	case len(m.Lessons) == 0:
		l.report.errorf(src, at, "empty-module", "the module %s has no lessons, so there is nothing to read; require its quiz alone, or write a lesson", quoted(id))
		return
	}
	var waivers []string
	for _, q := range m.Quizzes {
		waivers = append(waivers, q.ID)
	}
	for _, lesson := range m.Lessons {
		l.addStep(src, at, c, certify.Step{Kind: certify.ReadLesson, Ref: lesson.ID, Title: lesson.Title, URL: lesson.URL, Waivers: slices.Clone(waivers)})
	}
}

// addStep adds a step that is not there yet.
func (l *loader) addStep(src *source, at int, c *certify.Certification, step certify.Step) {
	for _, s := range c.Steps {
		if s.Kind == step.Kind && s.Ref == step.Ref {
			l.report.errorf(src, at, "repeated-value", "this is required twice (%s); keep it once", step.Title)
			return
		}
	}
	c.Steps = append(c.Steps, step)
}
