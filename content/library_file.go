package content

import (
	"cmp"
	"strings"
	"time"
	_ "time/tzdata" // so that a library reads the same on a machine without time zone files

	yamlast "github.com/goccy/go-yaml/ast"

	"github.com/insidebox/insidebox/standard"
)

// libraryFront is the front matter of library.md.
type libraryFront struct {
	Company    string        `yaml:"company" validate:"required"`
	Title      string        `yaml:"title" validate:"required"`
	Note       string        `yaml:"note"`
	Locale     string        `yaml:"locale" validate:"omitempty,bcp47_language_tag"`
	Currency   string        `yaml:"currency" validate:"omitempty,iso4217"`
	TimeZone   string        `yaml:"time-zone" validate:"required"`
	Calendar   calendarFront `yaml:"calendar" validate:"-"`
	Dimensions yamlast.Node  `yaml:"dimensions" validate:"-"` // in the order written, so not a map
	Pages      pagesFront    `yaml:"pages" validate:"-"`
}

// pagesFront names, by pages of the program, the clause that says how the company
// does what one does there.
type pagesFront struct {
	Brief string `yaml:"brief"`
}

type calendarFront struct {
	Week     string   `yaml:"week"`
	Hours    string   `yaml:"hours"`
	Holidays []string `yaml:"holidays"`
}

type dimensionFront struct {
	Kind   string            `yaml:"kind"`
	Unit   string            `yaml:"unit"`
	Values []string          `yaml:"values"`
	Names  map[string]string `yaml:"names"`
	Label  string            `yaml:"label"`
	Ask    string            `yaml:"ask"`
	Words  yamlast.Node      `yaml:"words" validate:"-"` // of a set a group, else a list
}

// reservedDimensions are keys of tiers and figures that no dimension may take.
var reservedDimensions = []string{"name", "is", "from"}

// libraryFile reads library.md: what every other file depends on. It sets the
// library's names, calendar and dimensions, the time zone and, in it, today.
func (l *loader) libraryFile(src *source) {
	var front libraryFront
	l.today = standard.DayOf(l.now, l.location)
	if !l.decode(src, &front) {
		return
	}
	l.lib.Company, l.lib.Title, l.lib.Note = front.Company, front.Title, front.Note
	l.lib.Currency = front.Currency
	if l.lib.Locale = front.Locale; front.Locale == "" {
		l.lib.Locale = "en"
	}
	l.pages = front.Pages
	l.timeZone(src, front.TimeZone)
	l.calendar(src, front.Calendar)
	l.dimensionList(src, front.Dimensions)
}

// pageRules looks up the clauses to which pages of the program lead.
func (l *loader) pageRules() {
	src, id := l.files[libraryFileName], l.pages.Brief
	if id == "" {
		return
	}
	if l.lib.BriefClause = l.lib.Clause(id); l.lib.BriefClause == nil && !l.clauseMayBe(id) {
		l.report.errorf(src, l.frontOffset(src, "pages", "brief"), "unknown-clause", "pages: brief names the clause %s, which does not exist%s", quoted(id), didYouMean(id, idsOf(l.lib.clauses)))
	}
}

// timeZone takes the library's time zone, in which days begin and end.
func (l *loader) timeZone(src *source, name string) {
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		l.report.errorf(src, l.frontOffset(src, "time-zone"), "bad-value", "the time zone %s is not known; write one of the tz database, such as Europe/Berlin or America/Chicago", quoted(name))
		return
	}
	l.location, l.lib.Location = location, location
	l.today = standard.DayOf(l.now, location)
}

// calendar takes what a business day is; each part is checked at its place.
func (l *loader) calendar(src *source, front calendarFront) {
	for _, part := range []struct{ value, key, example string }{
		{front.Week + front.Hours, "", `calendar: {week: mon-fri, hours: "08:00-18:00"}`},
		{front.Week, "week", "week: mon-fri"},
		{front.Hours, "hours", `hours: "08:00-18:00"`},
	} {
		if part.value == "" {
			l.report.errorf(src, l.frontOffset(src, "calendar", part.key), "missing-key", "this does not say what a business day is; add %s", part.example)
			return
		}
	}
	if _, err := standard.ParseWeek(front.Week); err != nil {
		l.report.errorf(src, l.frontOffset(src, "calendar", "week"), "bad-calendar", "calendar: %v, as in week: mon-fri", err)
		return
	}
	if _, _, err := standard.ParseHours(front.Hours); err != nil {
		l.report.errorf(src, l.frontOffset(src, "calendar", "hours"), "bad-calendar", "calendar: %v", err)
		return
	}
	for i, text := range front.Holidays {
		if _, err := standard.ParseDay(text); err != nil {
			l.report.errorf(src, l.frontOffset(src, "calendar", "holidays", itoa(i)), "bad-calendar", "calendar: %v", err)
			return
		}
	}
	calendar, err := standard.ParseCalendar(front.Week, front.Hours, front.Holidays)
	if err != nil {
		l.report.errorf(src, l.frontOffset(src, "calendar"), "bad-calendar", "calendar: %v", err)
		return
	}
	l.lib.Calendar = calendar
}

// dimensionList takes the dimensions in the order in which they are declared,
// which is the order on every card.
func (l *loader) dimensionList(src *source, n yamlast.Node) {
	group, ok := n.(*yamlast.MappingNode)
	if !ok || len(group.Values) == 0 {
		l.report.errorf(src, l.frontOffset(src, "dimensions"), "missing-key", "library.md declares no dimensions, so no box can be measured; add dimensions: with, for example, turnaround: {kind: no-more-than, unit: h, label: Turnaround}")
		return
	}
	for _, kv := range group.Values {
		name := keyText(kv)
		at := l.nodeOffset(src, kv.Key)
		var front dimensionFront
		if !l.decodeNode(src, kv.Value, &front, "dimensions", name) {
			continue
		}
		dim := standard.Dimension{Name: name, Kind: standard.DimensionKind(front.Kind), Unit: front.Unit, Values: front.Values, Names: front.Names, Label: front.Label, Ask: front.Ask}
		if front.Words != nil && !l.words(src, front.Words, &dim) {
			continue
		}
		l.dimension(src, at, dim)
	}
	l.wordRules(src)
	l.lib.Dimensions = l.dimensions
	l.lib.Currency = cmp.Or(l.lib.Currency, standard.Currency(l.dimensions))
}

// words reads the words by which sentences name the dimension or its values.
func (l *loader) words(src *source, n yamlast.Node, dim *standard.Dimension) bool {
	switch dim.Kind {
	case standard.AllOf:
		return l.readNode(src, n, &dim.Words.Values, "dimensions", dim.Name, "words")
	case standard.NoMoreThan, standard.NoLessThan:
		return l.readNode(src, n, &dim.Words.Phrases, "dimensions", dim.Name, "words")
	}
	return true // the kind is wrong, and that is said
}

// wordRules sees that every phrase means one thing, and can be read.
func (l *loader) wordRules(src *source) {
	for _, p := range standard.CheckWords(l.dimensions) {
		at := l.frontOffset(src, "dimensions", p.Dimension, "words", itoa(p.Index))
		if group, ok := child(child(child(src.yaml.root, "dimensions"), p.Dimension), "words").(*yamlast.MappingNode); ok {
			for _, kv := range group.Values {
				if keyText(kv) == p.Phrase {
					at = l.nodeOffset(src, kv.Key)
				}
			}
		}
		l.report.errorf(src, at, "bad-words", "dimension %s: words: %s", p.Dimension, p.Message)
	}
}

// dimensionDeclared reports whether library.md has the dimension's name,
// however wrong the declaration may be.
func (l *loader) dimensionDeclared(name string) bool {
	src := l.files[libraryFileName]
	return src.yaml != nil && src.yaml.root != nil && child(child(src.yaml.root, "dimensions"), name) != nil
}

func (l *loader) dimension(src *source, at int, dim standard.Dimension) {
	for _, reserved := range reservedDimensions {
		if dim.Name == reserved {
			l.report.errorf(src, at, "bad-dimension", "no dimension may be named %s, because tiers and dated figures use that key; choose another name", quoted(dim.Name))
			return
		}
	}
	if err := dim.Validate(); err != nil {
		hint := ""
		if near := nearest(string(dim.Kind), []string{string(standard.NoMoreThan), string(standard.NoLessThan), string(standard.AllOf)}); near != "" && near != string(dim.Kind) {
			hint = "; did you mean " + quoted(near) + "?"
		}
		l.report.errorf(src, at, "bad-dimension", "%v%s", err, hint)
		return
	}
	if strings.TrimSpace(dim.Label) == "" {
		l.report.errorf(src, at, "missing-key", "dimension %s has no label; add the words that people read, such as label: Turnaround", dim.Name)
		return
	}
	l.dimensions = append(l.dimensions, dim)
}
