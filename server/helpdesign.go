package server

import (
	"html/template"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/insidebox/insidebox/templates/words"
)

// The page of components: each rendered in its states, with the text of the
// templates that rendered it.

// An emptyState says what will be here, and what to do now. Art is open,
// done, path or inbox; without one there is an icon.
type emptyState struct {
	Art, Icon       string
	Title, Sentence string
	URL, Button     string
}

// A showing is one component with its examples.
type showing struct {
	ID, Title, Note string
	Examples        []showExample
}

type showExample struct {
	Name   string // of the template
	HTML   template.HTML
	Source string
}

// A shown is a template with what it is executed with.
type shown struct {
	name string
	data any
}

// A component is what the page shows under one heading; its title and its
// note are the words show.ID and show.ID-note.
type component struct {
	id    string
	shown []shown
}

// components are all, in the order in which the page shows them.
func components(say *words.Language) []component {
	states := someStates(say)
	figures := someFigures(say)
	return []component{
		{"tones", []shown{{"show-tones", nil}}},
		{"type", []shown{{"show-type", nil}}},
		{"button", []shown{{"show-button", nil}}},
		{"chip", []shown{{"show-chips", states}, {"show-states", states}}},
		{"card", []shown{{"show-card", nil}}},
		{"box", []shown{{"show-box", nil}}},
		{"progress", []shown{{"show-progress", nil}}},
		{"chart", []shown{{"sparkline", figures.spark()}, {"bars", figures.bars()}}},
		{"table", []shown{{"show-table", nil}}},
		{"matrix", []shown{{"show-matrix", map[string][]state{"Ada Berg": states[:2], "Robin Kerr": states[2:4]}}}},
		{"field", []shown{
			{"show-field", problems{"show-email": say.T("show.sample.email-error")}},
			{"error-summary", problems{"show-email": say.T("show.sample.email-error")}},
		}},
		{"dialog", []shown{{"show-dialog", nil}}},
		{"notice", []shown{{"show-notice", nil}, {"show-toast", nil}}},
		{"empty", []shown{
			{"empty", emptyState{Art: "open", Title: say.T("show.sample.empty"), Sentence: say.T("show.sample.empty-why"), URL: "/offerings", Button: say.T("show.sample.empty-button")}},
			{"empty", emptyState{Art: "done", Title: say.T("show.sample.all-done"), Sentence: say.T("show.sample.all-done-why")}},
		}},
		{"crumbs", []shown{{"crumbs", []crumb{{"/courses", say.T("show.sample.courses")}, {"/courses/onboarding", say.T("show.sample.course")}}}}},
		{"tabs", []shown{{"show-tabs", nil}}},
		{"path", []shown{{"path-steps", []step{
			{Class: "done", Icon: "ok", Title: say.T("show.sample.first"), URL: "#path", Note: say.T("show.sample.read")},
			{Class: "", Icon: "book", Title: say.T("show.sample.second"), URL: "#path", Here: true},
			{Class: "", Icon: "lock", Title: say.T("show.sample.third")},
		}}}},
		{"timeline", []shown{{"show-timeline", nil}}},
		{"art", []shown{
			{"art-box", say.T("help.art")},
			{"art-open", say.T("show.sample.art-open")},
			{"art-done", say.T("show.sample.art-done")},
			{"art-path", say.T("show.sample.art-path")},
			{"art-inbox", say.T("show.sample.art-inbox")},
		}},
		{"print", []shown{{"show-print", nil}}},
	}
}

func someStates(say *words.Language) []state {
	return []state{
		{"inside", "ok", say.T("show.sample.cleared"), say.T("show.sample.cleared-why")},
		{"outside", "clock", say.T("show.sample.expires"), say.T("show.sample.expires-why")},
		{"fatal", "cross", say.T("show.sample.expired"), say.T("show.sample.expired-why")},
		{"owed", "delta", say.T("show.sample.owed"), say.T("show.sample.owed-why")},
		{"none", "dash", say.T("show.sample.not-started"), say.T("show.sample.not-started-why")},
	}
}

func someFigures(say *words.Language) chart {
	months := []time.Month{time.January, time.February, time.March, time.April, time.May, time.June}
	c := chart{Title: say.T("show.sample.figures"), Of: say.T("show.sample.month"), Unit: say.T("show.sample.reps")}
	for i, n := range []int{4, 9, 8, 15, 21, 26} {
		c.Points = append(c.Points, chartPoint{monthIn(say, months[i]), n, count(n)})
	}
	return c
}

// design shows all components.
func (s *Server) design(r *request) error {
	var page []showing
	for _, c := range components(r.say) {
		id := "show." + c.id
		one := showing{ID: c.id, Title: r.t(id), Note: r.t(id + "-note")}
		for _, x := range c.shown {
			out, err := r.pages().fragment(x.name, x.data)
			if err != nil {
				return err
			}
			one.Examples = append(one.Examples, showExample{x.name, out, r.view.sources.of(x.name)})
		}
		page = append(page, one)
	}
	return r.page(http.StatusOK, "help-design", r.t("help.design-title"), "help", page)
}

// sources are the texts of the partials, by the names that they define.
type sources map[string]string

var (
	openers = regexp.MustCompile(`\{\{-?\s*(define|if|range|with|block|end)\b[^}]*\}\}`)
	named   = regexp.MustCompile(`define "([^"]+)"`)
	calls   = regexp.MustCompile(`\{\{-?\s*template "([^"]+)"`)
)

// readSources gathers what the partials define.
func readSources(files []templateFile) sources {
	all := sources{}
	for _, file := range files {
		if path.Dir(file.name) == "partials" {
			all.add(file.text)
		}
	}
	return all
}

// add notes what a file defines: from each define to the end that closes it.
func (s sources) add(text string) {
	depth, from, name := 0, 0, ""
	for _, m := range openers.FindAllStringSubmatchIndex(text, -1) {
		switch word := text[m[2]:m[3]]; {
		case word != "end":
			if depth == 0 {
				from = m[0]
				if found := named.FindStringSubmatch(text[m[0]:m[1]]); found != nil {
					name = found[1]
				}
			}
			depth++
		default:
			if depth--; depth == 0 {
				s[name] = text[from:m[1]]
			}
		}
	}
}

// of is the text of a template, followed by those that it calls. Drawings
// stand by themselves.
func (s sources) of(name string) string {
	var list []string
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		drawing := strings.HasPrefix(name, "art-") && len(list) > 0
		if seen[name] || s[name] == "" || drawing {
			return
		}
		seen[name] = true
		list = append(list, s[name])
		for _, call := range calls.FindAllStringSubmatch(s[name], -1) {
			visit(call[1])
		}
	}
	visit(name)
	return strings.Join(list, "\n\n")
}
