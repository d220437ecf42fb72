package content

import (
	"strconv"
	"strings"
	"unicode"
)

// A slugger gives the headings of one file their anchors, by GitHub's rule:
// lower case; letters, marks, decimal digits, "_" and "-" stay; a space
// becomes "-"; everything else goes; a repetition gets "-1", "-2" … It is
// the rule of the github-slugger package, which GitHub's own pages agree
// with.
type slugger map[string]int

func (s slugger) anchor(heading string) string {
	base := slug(heading)
	anchor := base
	for {
		if _, taken := s[anchor]; !taken {
			break
		}
		s[base]++
		anchor = base + "-" + strconv.Itoa(s[base])
	}
	s[anchor] = 0
	return anchor
}

func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd, unicode.Pc):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
