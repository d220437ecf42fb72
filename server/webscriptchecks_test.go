package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// check compares one thing with what is wanted of it.
func (s *scriptRun) check(l line, a *answer) {
	m := checkLine.FindStringSubmatch(l.text)
	switch {
	case m[1] != "":
		s.compare(l, a, s.subject(m, a), m[4], s.expand(l, m[5]))
	case m[6] != "":
		want, _ := strconv.Atoi(m[7])
		if got := s.number(m[6], a); got != want {
			s.complain(l, "%s: got %d, want %d (%v)\n%s", m[6], got, want, s.cost, a.text())
		}
	case m[8] != "":
		s.same(l, a, m[8])
	case m[9] != "":
		s.named[m[9]] = a
	default:
		s.save(l, a, m)
	}
}

func (s *scriptRun) subject(m []string, a *answer) string {
	switch {
	case m[2] != "":
		return strings.Join(a.Header.Values(m[2]), ", ")
	case m[3] != "":
		return setCookie(a, m[3])
	}
	switch m[1] {
	case "code":
		return strconv.Itoa(a.Code)
	case "body":
		return a.Body
	case "title":
		title, _, _ := strings.Cut(titleOf(a), " · insidebox")
		return title
	default:
		return a.text()
	}
}

func titleOf(a *answer) string {
	for _, n := range a.all("title") {
		return textOf(n)
	}
	return ""
}

func setCookie(a *answer, name string) string {
	for _, c := range a.Cookies {
		if c.Name == name {
			return c.Raw
		}
	}
	return ""
}

func (s *scriptRun) compare(l line, a *answer, got, op, want string) {
	var ok bool
	switch op {
	case "==":
		ok = got == want
	case "!=":
		ok = got != want
	case "contains":
		ok = strings.Contains(got, want)
	case "!contains":
		ok = !strings.Contains(got, want)
	default:
		re, err := regexp.Compile(want)
		if err != nil {
			s.site.Fatalf("%s: %v", l, err)
		}
		ok = re.MatchString(got) == (op == "~")
	}
	if ok {
		return
	}
	page := a.text()
	if got == page {
		got = "the page's text"
	}
	s.complain(l, "%s answered %d:\n got: %s\nwant: %s %s\npage: %s", a.Asked, a.Code, brief(got), op, want, brief(page))
}

// brief keeps a message readable.
func brief(text string) string {
	if len(text) > 3000 {
		return text[:3000] + " …"
	}
	return text
}

func (s *scriptRun) number(what string, a *answer) int {
	switch what {
	case "reads":
		return len(s.cost.reads())
	case "writes":
		return len(s.cost.writes())
	default:
		return len(a.all(strings.TrimPrefix(what, "count ")))
	}
}

func (s *scriptRun) same(l line, a *answer, name string) {
	first := s.named[name]
	if first == nil {
		s.site.Fatalf("%s: no answer was named %s", l, name)
	}
	if d := difference(first, a); d != "" {
		s.complain(l, "%s and %s differ: %s", first.Asked, a.Asked, d)
	}
}

func (s *scriptRun) save(l line, a *answer, m []string) {
	from := a.Body
	if m[12] != "" {
		from = a.Header.Get(m[12])
	}
	found := regexp.MustCompile(m[13]).FindStringSubmatch(from)
	if len(found) < 2 {
		s.site.Fatalf("%s: %s has no match for %s in\n%s", l, a.Asked, m[13], brief(from))
	}
	s.vars[m[10]] = found[1]
}

// difference says where two answers differ; "" when they are the same, apart
// from the time of day in the header Date.
func difference(a, b *answer) string {
	if a.Code != b.Code {
		return fmt.Sprintf("code %d and %d", a.Code, b.Code)
	}
	if a.Body != b.Body {
		at := 0
		for at < min(len(a.Body), len(b.Body)) && a.Body[at] == b.Body[at] {
			at++
		}
		from := max(0, at-80)
		return fmt.Sprintf("from byte %d: %q and %q", at, a.Body[from:min(len(a.Body), at+80)], b.Body[from:min(len(b.Body), at+80)])
	}
	for name := range merged(a.Header, b.Header) {
		if name != "Date" && !slices.Equal(a.Header[name], b.Header[name]) {
			return fmt.Sprintf("header %s is %q and %q", name, a.Header[name], b.Header[name])
		}
	}
	return ""
}

func merged(a, b http.Header) map[string]bool {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	return names
}
