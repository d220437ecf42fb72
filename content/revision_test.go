package content

import (
	"strings"
	"testing"
	"time"
)

const clausePage = `---
id: records-search
title: Records search
owner: operations
common: {volume: 5000 per month}
tiers:
  - {name: in-state, turnaround: 8h, scope: [in-state]}
  - {name: nationwide, turnaround: [24h, {is: 36h, from: 2027-01-04}], scope: [in-state, nationwide]}
clauses: {volume: turnaround}
---
Searches in registers.

## Turnaround

From the *complete* order: [24 h](#turnaround "figure: nationwide.turnaround"). It ends
when the report is [sent](working-together.md#request).

1. the name
2. the date

Say it in the café.

![A clock](clock.svg)

## Scope

Where we search.
`

// TestClauseRevision holds which changes of a file make another revision of
// a clause, and which don't.
func TestClauseRevision(t *testing.T) {
	tests := []struct {
		name, old, new string
		changes        bool
	}{
		{"rewrapped", "ends\nwhen the report", "ends when the\nreport", false},
		{"more spaces", "It ends", "It   ends", false},
		{"emphasis", "*complete*", "complete", false},
		{"renumbered", "2. the date\n", "7. the date\n", false},
		{"another kind of list", "1. the name\n2. the date\n", "- the name\n- the date\n", false},
		{"decomposed letters", "caf\u00e9", "cafe\u0301", false},
		{"another clause", "Where we search.", "Where we look.", false},
		{"moved", "## Scope\n\nWhere we search.\n", "", false},
		{"a new section before it", "## Turnaround", "## Fits\n\nText.\n\n## Turnaround", false},
		{"the written figure alone", "[24 h]", "[1 day]", false},
		{"other units, same figure", "turnaround: 8h", "turnaround: 480 min", false},
		{"quoted front matter", "owner: operations", "owner: \"operations\"", false},
		{"a figure that it does not state", "scope: [in-state]}", "scope: [nationwide]}", false},

		{"a word", "complete", "entire", true},
		{"a title", "## Turnaround", "## turnaround", true},
		{"struck out", "*complete*", "~~complete~~", true},
		{"a figure that it states", "turnaround: 8h", "turnaround: 9h", true},
		{"a later figure", "is: 36h", "is: 48h", true},
		{"a later day", "2027-01-04", "2027-02-01", true},
		{"a figure in common", "5000 per month", "4000 per month", true},
		{"a dimension that moves to it", "clauses: {volume: turnaround}", "clauses: {volume: turnaround, scope: turnaround}", true},
		{"another figure", "figure: nationwide.turnaround", "figure: in-state.turnaround", true},
		{"another clause referred to", "working-together.md#request", "express-desk.md#turnaround", true},
		{"an image", "clock.svg", "other.svg", true},
		{"what an image shows", "A clock", "A watch", true},
		{"a list item", "2. the date\n", "2. the date\n3. the place\n", true},
	}
	before := clauseRev(t, clausePage, testNow)
	for _, test := range tests {
		page := strings.Replace(clausePage, test.old, test.new, 1)
		if page == clausePage && test.old != test.new {
			t.Fatalf("%s: %q is not in the page", test.name, test.old)
		}
		if after := clauseRev(t, page, testNow); (after != before) != test.changes {
			t.Errorf("%s: another revision: %v, want %v", test.name, after != before, test.changes)
		}
	}
	if clauseRev(t, clausePage, testNow.AddDate(1, 0, 0)) != before {
		t.Error("the revision depends on the day")
	}
}

func clauseRev(t *testing.T, page string, at time.Time) string {
	t.Helper()
	_, files := archive(t, "testdata/base.txtar")
	if !strings.Contains(page, "## Scope") {
		page += "\n## Scope\n\nWhere we search.\n"
	}
	files["standard/records-search.md"] = page
	files["standard/clock.svg"] = `<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"/></svg>`
	files["standard/other.svg"] = `<svg xmlns="http://www.w3.org/2000/svg"><rect width="2"/></svg>`
	lib, findings := Load(tree(files), Options{Now: at})
	if lib == nil {
		t.Fatalf("the library does not load: %v", findings)
	}
	return lib.Clause("records-search/turnaround").Rev
}

// TestWordsAreNoPartOfARevision holds that nobody owes anything for a word by which
// sentences are read.
func TestWordsAreNoPartOfARevision(t *testing.T) {
	_, files := archive(t, "testdata/base.txtar")
	before := loadBase(t, nil)
	after := loadBase(t, map[string]string{"library.md": strings.NewReplacer(
		"label: Turnaround,", "label: Turnaround, words: [results, back],",
		"label: Scope}", "label: Scope, words: {all states: nationwide}}",
	).Replace(files["library.md"])})
	wantEqual(t, "words of the turnaround", []string{"results", "back"}, after.Dimensions[0].Words.Phrases)
	wantEqual(t, "words of the scope", map[string]string{"all states": "nationwide"}, after.Dimensions[1].Words.Values)
	for _, o := range before.Offerings {
		wantEqual(t, "the revision of "+o.ID, o.Rev, after.Offering(o.ID).Rev)
	}
	for _, c := range before.Clauses() {
		wantEqual(t, "the revision of "+c.ID, c.Rev, after.Clause(c.ID).Rev)
	}
}
