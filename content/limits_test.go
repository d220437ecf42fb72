package content

import (
	"strings"
	"testing"
)

// TestLimitsComeFirst holds that texts which goldmark takes very long for,
// or makes megabytes of, are refused before it sees them. What is asserted is
// the order, not a time: nothing of such a file has been parsed.
func TestLimitsComeFirst(t *testing.T) {
	wide := "|" + strings.Repeat("a|", 500) + "\n|" + strings.Repeat("-|", 500) + "\n"
	tests := map[string]string{
		"a table of many columns":    wide + strings.Repeat("|\n", 1000),
		"columns without outer bars": strings.Repeat("a|", 40) + "a\n" + strings.Repeat("-|", 40) + "-\n",
		"a table in a quotation":     "> " + strings.Repeat("a|", 40) + "\n> " + strings.Repeat(":-:|", 40) + "\n",
		"many narrow tables":         strings.Repeat("|a|b|c|d|e|f|g|h|i|j|\n|-|-|-|-|-|-|-|-|-|-|\n"+strings.Repeat("|\n", 300)+"\n", 4),
		"quotes in quotes":           strings.Repeat(">", 100_000),
		"quotes with spaces":         strings.Repeat("> ", 20),
		"lists in lists on a line":   strings.Repeat("- ", 2000) + "a",
		"numbers in numbers":         strings.Repeat("1. ", 20) + "a",
		"lists in quotes":            strings.Repeat("> - ", 10) + "a",
		"deep indentation":           "- a\n" + strings.Repeat(" ", 60) + "- b",
		"tabs":                       strings.Repeat("\t", 20) + "a",
		"links that never close":     strings.Repeat("[a](", 8000),
		"images that never close":    strings.Repeat("![a](<b", 4000),
		"brackets that never close":  strings.Repeat("[", 5000),
		"over many lines":            strings.Repeat("[\n", 5000),
		"in a fence":                 "```\n" + strings.Repeat("[", 5000) + "\n```\n",
		"emphasis":                   strings.Repeat("*a **b ", 1000),
		"underscores":                strings.Repeat("_a __b ", 1000),
		"backticks":                  strings.Repeat("` `` ", 1000),
		"angle brackets":             strings.Repeat("<", 5000),
		"declarations":               strings.Repeat("<!A ", 3000),
		"one endless paragraph":      strings.Repeat("word ", 10_000),
		"one endless list":           strings.Repeat("- a\n", 10_000),
		"a large file":               strings.Repeat("A paragraph of some words.\n\n", 10_000),
		"a byte that is no text":     "a\x00b",
		"an escape sequence":         "a\x1b[31mb",
		"a lone carriage return":     "a\rb",
		"broken UTF-8":               "caf\xe9",
	}
	for name, text := range tests {
		l, src := parsed(text)
		if !src.Refused || src.Doc.ChildCount() != 0 {
			t.Errorf("%s: it was parsed, into %d blocks", name, src.Doc.ChildCount())
		}
		if len(l.report.findings) != 1 || l.report.findings[0].Rule != "limit" || !l.report.findings[0].Error {
			t.Errorf("%s: found %v, want one error (limit)", name, l.report.findings)
		}
	}
}

// TestWithinLimits holds that what people write is far from the limits.
func TestWithinLimits(t *testing.T) {
	tests := map[string]string{
		"a table of 20 columns": "|" + strings.Repeat("a|", 20) + "\n|" + strings.Repeat("--|", 20) + "\n|" + strings.Repeat("b|", 20) + "\n",
		"a list of 200":         strings.Repeat("- [link](https://example.com) and *more*\n", 200),
		"four levels":           "- a\n  - b\n    - c\n      - d\n        > e\n",
		"a rule":                "* * * * * *\n\n- - - - -\n\n----------\n",
		"long lines":            strings.Repeat("A sentence of a few words, with `code` and [a link](https://example.com). ", 100) + "\n",
		"a long code block":     "```\n" + strings.Repeat("\tif a[i] < b[i] && !(c*d) {\n\n", 200) + "```\n",
		"other scripts":         "## 標準 — стандарт — معيار\n\nNaïve café\u0301 👍🏽\n",
	}
	for name, text := range tests {
		if l, src := parsed(text); src.Refused {
			t.Errorf("%s: refused: %v", name, l.report.findings)
		}
	}
}

func TestFindingsAreBounded(t *testing.T) {
	l, _ := parsed(strings.Repeat("<b>\n\n", 5000))
	if n := len(l.report.findings); n != maxFindings {
		t.Errorf("%d findings on one file were kept, want %d", n, maxFindings)
	}
}

// parsed runs the first half of a load on one lesson.
func parsed(text string) (*loader, *source) {
	l := newLoader(tree(nil), Options{Now: testNow})
	src := newSource("courses/a/b/c.md", []byte("---\ntitle: A\n---\n"+text))
	src.Kind = lessonKind
	l.parseFile(src)
	return l, src
}
