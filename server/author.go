package server

import (
	"cmp"
	"slices"

	"github.com/insidebox/insidebox/content"
)

type authorPage struct {
	Broken    bool
	Loaded    string
	Errors    int
	Warnings  int
	Files     []findingsFile
	Release   string
	Counts    []fact
	Reloading bool
	Fixable   bool // check --fix mends some of it
}

// A findingsFile is one file with what was found in it, in the order of its
// lines.
type findingsFile struct {
	Name             string
	Errors, Warnings int
	Findings         []content.Finding
}

// author shows what the last load of the content had to say.
func (s *Server) author(r *request) error {
	broken, loaded := s.prog.Shelf.Broken()
	page := authorPage{
		Broken: broken, Loaded: momentIn(r.say, loaded, r.zone()), Release: short(r.lib().Hash),
		Reloading: s.cfg.Dev, Counts: r.countsOf(r.lib()),
	}
	page.group(s.prog.Shelf.Findings())
	return r.wide(200, "author", r.t("author.title"), "author", page)
}

// group puts the findings under their files: those with errors first, each
// kind in the order in which check says them.
func (page *authorPage) group(findings []content.Finding) {
	at := map[string]int{}
	for _, f := range findings {
		i, known := at[f.File]
		if !known {
			i = len(page.Files)
			at[f.File] = i
			page.Files = append(page.Files, findingsFile{Name: f.File})
		}
		file := &page.Files[i]
		file.Findings = append(file.Findings, f)
		page.Fixable = page.Fixable || f.Fixable()
		if f.Error {
			file.Errors++
			page.Errors++
		} else {
			file.Warnings++
			page.Warnings++
		}
	}
	slices.SortStableFunc(page.Files, func(a, b findingsFile) int {
		return cmp.Compare(min(b.Errors, 1), min(a.Errors, 1))
	})
}

func (r *request) countsOf(lib *content.Library) []fact {
	items := 0
	for _, q := range lib.Quizzes() {
		items += len(q.Items)
	}
	return []fact{
		{r.t("author.count.offerings"), count(len(lib.Offerings))},
		{r.t("author.count.clauses"), count(len(lib.Clauses()))},
		{r.t("author.count.lessons"), count(len(lib.Lessons()))},
		{r.t("author.count.items"), count(items)},
		{r.t("author.count.scenarios"), count(len(lib.Scenarios()))},
		{r.t("author.count.certifications"), count(len(lib.Certifications))},
	}
}
