package content

import (
	"slices"
	"strings"

	"github.com/insidebox/insidebox/certify"
	"github.com/insidebox/insidebox/standard"
)

// covers expands the clauses that the certification covers: all of its
// offerings unless it says otherwise.
func (l *loader) covers(src *source, c *certify.Certification, patterns []string) {
	var covered []string
	for i, pattern := range patterns {
		clauses := l.clausesLike(pattern)
		if len(clauses) == 0 && !l.clauseMayBe(pattern) {
			l.report.errorf(src, l.frontOffset(src, "covers", itoa(i)), "unknown-clause", "%s names no clause; write one such as records-search/turnaround, or all of an offering or practice, records-search/*%s", quoted(pattern), didYouMean(pattern, l.coverable()))
		}
		covered = append(covered, clauses...)
	}
	if len(patterns) == 0 {
		for _, offering := range c.Offerings {
			covered = append(covered, l.clausesLike(offering+"/*")...)
		}
	}
	slices.Sort(covered)
	c.Covers = slices.Compact(covered)
}

// clausesLike lists the clauses that a pattern names, sorted.
func (l *loader) clausesLike(pattern string) []string {
	if c := l.lib.Clause(pattern); c != nil {
		return []string{c.ID} // an old id leads to the present one
	}
	prefix, all := strings.CutSuffix(pattern, "/*")
	var ids []string
	for _, id := range idsOf(l.lib.clauses) {
		if of, _, _ := strings.Cut(id, "/"); all && of == prefix {
			ids = append(ids, id)
		}
	}
	return ids
}

// coverable lists everything that may stand under covers, for suggestions.
func (l *loader) coverable() []string {
	known := idsOf(l.lib.clauses)
	for _, id := range slices.Concat(idsOf(l.lib.offerings), idsOf(l.lib.practices)) {
		known = append(known, id+"/*")
	}
	return known
}

// validity takes how long a certificate holds, the reminders, the grace after
// a material change, and the day from which clearance is enforced.
func (l *loader) validity(src *source, c *certify.Certification, front certificationFront) {
	wrong := func(key string, err error) {
		l.report.errorf(src, l.frontOffset(src, key), "bad-value", "%s: %v", key, err)
	}
	var err error
	if front.Valid != "" {
		if c.Valid, err = certify.ParsePeriod(front.Valid); err != nil {
			wrong("valid", err)
		}
	}
	if front.Grace != "" {
		if c.Grace, err = certify.ParseDays(front.Grace); err != nil {
			wrong("grace", err)
		}
	}
	if front.EnforceFrom != "" {
		day, err := standard.ParseDay(front.EnforceFrom)
		if err != nil {
			wrong("enforce-from", err)
		}
		c.EnforceFrom = day.In(l.location)
	}
	l.reminders(src, c, front.Remind)
}

// reminders takes the days before the end on which people are reminded.
func (l *loader) reminders(src *source, c *certify.Certification, texts []string) {
	for i, text := range texts {
		at := l.frontOffset(src, "remind", itoa(i))
		days, err := certify.ParseDays(text)
		switch {
		case err != nil:
			l.report.errorf(src, at, "bad-value", "remind: %v", err)
		case len(c.Remind) > 0 && days >= c.Remind[len(c.Remind)-1]:
			l.report.errorf(src, at, "bad-value", "remind: %s does not come after the one before; write the earliest reminder first, each once: [60d, 30d, 7d]", text)
		default:
			c.Remind = append(c.Remind, days)
		}
	}
	if len(texts) > 0 && l.frontText(src, "valid") == "" {
		l.report.warnf(src, l.frontOffset(src, "remind"), "remind-without-end", "the certificate has no end, so nobody is ever reminded; add valid: 1y, or take remind: out")
	}
}
