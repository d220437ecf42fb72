package content

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/insidebox/insidebox/quiz"
)

// Choices that speak of other choices. They are shuffled, so "above" means
// nothing; "all of these" gives the key away.
var (
	pointsAtPlace = regexp.MustCompile(`(?i)` + germanPlace + `|\b(all|none|any|both|each|either|neither) of the (above|below|preceding|previous|following)\b|\b(both|neither) [a-d] (and|nor) [a-d]\b`)
	pointsAtAll   = regexp.MustCompile(`(?i)` + germanAll + `|^(all|none|both) of (these|them|those)\b`)
)

// The same in German, where only the whole choice tells: "alle folgenden" begins
// many a sentence that means what it says.
const (
	germanPlace = `\b(alle|alles|keine?[rs]?|jede[rs]?|beide|eine?[rs]?) (der |die |von den )?((oben|unten|vorher|zuvor) (genannte|stehende|aufgeführte)n?|(obig|vorstehend|nachstehend|vorherig|vorangehend|vorangegangen|folgend)en?)` + germanEnd + `|\b(sowohl|weder) [a-d] (als auch|noch) [a-d]\b`
	germanAll   = `^(alle|alles|keine?[rs]?|beides?|nichts) (davon|dieser|(der |die |von den )?genannten?)` + germanEnd
	germanEnd   = `( (antworten|aussagen|möglichkeiten|optionen|punkte))?[.!]?$`
)

// itemRules holds a finished item against the rules that need nothing but it.
func (p *itemParser) itemRules(covering bool) {
	right := len(p.it.Key())
	if right > 1 {
		p.it.Kind = quiz.Multiple
	}
	switch n := len(p.it.Options); {
	case right == 0:
		p.fail(p.at, "item-no-right", "no choice of this item is right; tick the right one: - [x]")
	case n == 1:
		p.fail(p.at, "item-one-choice", "the item has one choice only, so nothing is asked; add wrong ones that people really make")
	case right == n:
		p.l.report.warnf(p.src, p.at, "item-no-wrong", "every choice of this item is right; add a wrong one, or untick what does not hold")
	}
	if p.it.Partial && p.it.Kind == quiz.Single {
		p.fail(p.at, "partial-single", "partial has no meaning with one right choice; take it out, or add the word multiple")
	}
	if covering && len(p.it.Clauses) == 0 {
		p.fail(p.at, "item-no-clause", "the item tests no clause; add what it is about to the id line: · covers [turnaround](…#turnaround)")
	}
	for i := range p.it.Options {
		p.choiceRules(i)
	}
}

// choiceRules looks at one choice beside the others.
func (p *itemParser) choiceRules(i int) {
	option, at, plain := p.it.Options[i], p.placed.choiceAt[i], p.placed.plain[i]
	for j := range i {
		if p.it.Options[j].Text == option.Text || plain != "" && strings.EqualFold(p.placed.plain[j], plain) {
			line, _ := p.src.position(p.placed.choiceAt[j])
			p.fail(at, "same-choice", "this choice says the same as the one in line %d; change or remove one", line)
			break
		}
	}
	if !option.Right && option.Reason == "" {
		p.l.report.warnf(p.src, at, "missing-reason", "this wrong choice has no reason; say under it why it fails: two spaces, then > …")
	}
	switch {
	case pointsAtPlace.MatchString(plain):
		p.fail(at, "all-of-the-above", "choices are shown shuffled, so this one points at nothing; name what it means, or let the learner tick several (multiple)")
	case pointsAtAll.MatchString(plain):
		p.l.report.warnf(p.src, at, "all-of-the-above", "a choice about the other choices gives the answer away; let the learner tick several (multiple) instead")
	}
}

// longestRight warns when the right choice of nearly every single-choice item
// of a quiz is the longest: then length is the key.
func (l *loader) longestRight(src *source) {
	asked, longest, first := 0, 0, 0
	for _, placed := range src.items {
		if placed.item.Kind != quiz.Single {
			continue
		}
		asked++
		if rightIsLongest(placed) {
			if longest++; longest == 1 {
				first = placed.at
			}
		}
	}
	if asked >= 4 && 5*longest >= 4*asked {
		l.report.warnf(src, first, "longest-right", "in %d of %d items the right choice is the longest, which gives it away; shorten it, or give the wrong ones as much to say, from this item on", longest, asked)
	}
}

func rightIsLongest(placed placedItem) bool {
	rightLength, wrongLength := 0, 0
	for i, option := range placed.item.Options {
		n := utf8.RuneCountInString(placed.plain[i])
		if option.Right {
			rightLength = max(rightLength, n)
		} else {
			wrongLength = max(wrongLength, n)
		}
	}
	return rightLength > wrongLength
}
